//! Make an entity, and change its name, type, other names, ids, note.

use std::collections::BTreeSet;

use super::{NewId, OpError};
use crate::edit::{Change, Edit, Transaction};
use crate::model::{Entity, EntityId, LabelKind, State, parse_knowledge_base_id};

/// A new entity. Ids of knowledge bases get their usual form.
///
/// # Errors
/// When the name is empty, the type is no label for entities, or an id is neither a Wikidata id nor a web address.
pub fn add_entity(state: &State, id: NewId, entity: Entity) -> Result<Transaction, OpError> {
    let entity = checked(state, entity, &Entity::new("", None))?;
    let name = format!("new entity {}", entity.name);
    Ok(Transaction::new(name, vec![Edit::Entity(Change::insert(EntityId(id), entity))]))
}

/// Changes fields. Empty when nothing changed. An id that was malformed before may stay; a new one may not.
///
/// # Errors
/// As [`add_entity`], and when the entity is not there, was deleted or was merged into another.
pub fn edit_entity(state: &State, id: EntityId, change: impl FnOnce(&mut Entity)) -> Result<Transaction, OpError> {
    let before = living(state, id)?;
    let mut after = before.clone();
    change(&mut after);
    let after = checked(state, after, before)?;
    let what = if after.name != before.name {
        "rename entity"
    } else if after.label != before.label {
        "change type of entity"
    } else {
        "edit entity"
    };
    let edits = if after == *before { Vec::new() } else { vec![Edit::Entity(Change::replace(id, before.clone(), after))] };
    Ok(Transaction::new(what, edits))
}

/// An entity that can be changed.
pub(super) fn living(state: &State, id: EntityId) -> Result<&Entity, OpError> {
    let entity = state.entities.get(&id).ok_or(OpError::EntityGone)?;
    match (entity.deleted, state.entity(id)) {
        (true, _) => Err(OpError::EntityDeleted(entity.name.clone())),
        (false, Some((winner, _))) if winner == id => Ok(entity),
        (false, Some((_, winner))) => Err(OpError::EntityMerged { name: entity.name.clone(), winner: winner.name.clone() }),
        (false, None) => Err(OpError::EntityGone),
    }
}

fn checked(state: &State, mut entity: Entity, before: &Entity) -> Result<Entity, OpError> {
    entity.name = entity.name.trim().to_owned();
    if entity.name.is_empty() {
        return Err(OpError::EntityWithoutName);
    }
    let is_type = |label| state.schema.labels.get(label).is_some_and(|def| def.kind == LabelKind::Entity);
    if let Some(label) = entity.label.as_ref().filter(|label| entity.label != before.label && !is_type(label)) {
        return Err(OpError::NotAType(label.clone()));
    }
    entity.aliases = entity.aliases.iter().map(|alias| alias.trim().to_owned()).filter(|alias| !alias.is_empty() && *alias != entity.name).collect();
    let mut ids = BTreeSet::new();
    for id in &entity.knowledge_base_ids {
        ids.insert(if before.knowledge_base_ids.contains(id) { id.clone() } else { parse_knowledge_base_id(id)? });
    }
    entity.knowledge_base_ids = ids;
    Ok(entity)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::edit::testing::{Case, check};

    fn edit(case: &Case, change: impl FnOnce(&mut Entity)) -> Result<Transaction, OpError> {
        edit_entity(&case.state, case.entity("k"), change)
    }

    #[test]
    fn an_entity_is_made() {
        let add = |case: &Case| {
            let entity = Entity { knowledge_base_ids: ["q22316".to_owned()].into(), ..Entity::new(" John Kerry ", Some("PER".parse().unwrap())) };
            add_entity(&case.state, case.ids().next_id(), entity).unwrap()
        };
        check("so", add, "so\n.. @new: PER \"John Kerry\" kb=\"Q22316\"");
    }

    #[test]
    fn fields_are_changed() {
        check("so\n.. @k: \"Kery\"", |case| edit(case, |row| row.name = "Kerry".into()).unwrap(), "so\n.. @k: \"Kerry\"");
        check("so\n.. @k: \"K\"", |case| edit(case, |row| row.label = Some("ORG".parse().unwrap())).unwrap(), "so\n.. @k: ORG \"K\"");
        let alias = |row: &mut Entity| row.aliases = [" ".into(), "K".into(), "Secretary".into()].into();
        check("so\n.. @k: \"K\"", |case| edit(case, alias).unwrap(), "so\n.. @k: \"K\" aka=\"Secretary\"");
    }

    #[test]
    fn what_cannot_be_is_refused() {
        let case = Case::new("so\n.. @k: \"K\"\n.. @d: \"D\" deleted=yes\n.. @m: \"M\" merged_into=@k");
        assert_eq!(edit(&case, |row| row.name = "  ".into()), Err(OpError::EntityWithoutName));
        assert!(matches!(edit(&case, |row| row.label = Some("CLAIM".parse().unwrap())), Err(OpError::NotAType(_))));
        let malformed = |row: &mut Entity| row.knowledge_base_ids = ["Q0x".to_owned()].into();
        assert!(edit(&case, malformed).unwrap_err().to_string().contains("Q0x"));
        assert_eq!(edit_entity(&case.state, case.entity("d"), |_| {}), Err(OpError::EntityDeleted("D".into())));
        let merged = edit_entity(&case.state, case.entity("m"), |_| {}).unwrap_err().to_string();
        assert!(merged.contains("“M” was merged into “K”"), "{merged}");
    }

    #[test]
    fn a_malformed_id_from_elsewhere_does_not_lock_the_entity() {
        check("so\n.. @k: \"K\" kb=\"odd\"", |case| edit(case, |row| row.name = "Kerry".into()).unwrap(), "so\n.. @k: \"Kerry\" kb=\"odd\"");
    }

    #[test]
    fn the_step_is_called_what_it_does() {
        let case = Case::new("so\n.. @k: \"K\"");
        let name = |change: fn(&mut Entity)| edit(&case, change).unwrap().name;
        assert_eq!(name(|row| row.name = "Kerry".into()), "rename entity");
        assert_eq!(name(|row| row.label = Some("ORG".parse().unwrap())), "change type of entity");
        assert_eq!(name(|row| row.note = "n".into()), "edit entity");
    }
}
