//! Give some uses of an entity to a new one, or all of them to nobody: splitting and deleting.

use std::collections::{BTreeMap, BTreeSet};

use super::edit_entity::living;
use super::{NewId, OpError, add_entity, rows};
use crate::edit::{Change, Edit, Transaction};
use crate::model::{Claim, Entity, EntityId, EntityUse, Filler, SheetKey, State};

/// A new entity of the same type gets these uses, as one step.
///
/// # Errors
/// When the entity is not there, or the name is empty.
pub fn split_entity(state: &State, from: EntityId, uses: &[(SheetKey, EntityUse)], id: NewId, name: &str) -> Result<Transaction, OpError> {
    let old = living(state, from)?;
    let new = Entity { made_by: old.made_by.clone(), ..Entity::new(name, old.label.clone()) };
    let mut transaction = add_entity(state, id, new)?;
    transaction.edits.extend(repoint(state, from, uses, Some(EntityId(id)))?);
    transaction.name = format!("split {}", old.name);
    Ok(transaction)
}

/// Deletes an entity: its id is never used again. In the given sheets nothing points to it any more.
///
/// # Errors
/// When the entity is not there, or was deleted or merged.
pub fn delete_entity(state: &State, id: EntityId, sheets: &[SheetKey]) -> Result<Transaction, OpError> {
    let before = living(state, id)?;
    let uses: Vec<(SheetKey, EntityUse)> =
        sheets.iter().flat_map(|key| state.uses_of_entity(key, id).into_iter().map(|place| (key.clone(), place))).collect();
    let mut edits = repoint(state, id, &uses, None)?;
    edits.push(Edit::Entity(Change::replace(id, before.clone(), Entity { deleted: true, ..before.clone() })));
    Ok(Transaction::new(format!("delete {}", before.name), edits))
}

/// Edits that point uses of an entity to another one, or to none. A claim with several of them changes once.
fn repoint(state: &State, from: EntityId, uses: &[(SheetKey, EntityUse)], to: Option<EntityId>) -> Result<Vec<Edit>, OpError> {
    let alike = state.entity_with_losers(from);
    let mut edits = Vec::new();
    let mut claims: BTreeMap<(&SheetKey, crate::model::ClaimId), Claim> = BTreeMap::new();
    for (key, place) in uses {
        match place {
            EntityUse::Mention(span) => {
                edits.push(rows::change_span(state, key, *span, |mut span| {
                    span.entity = to;
                    span
                })?);
            }
            EntityUse::Role(id, role) => {
                let claim = match claims.entry((key, *id)) {
                    std::collections::btree_map::Entry::Occupied(entry) => entry.into_mut(),
                    std::collections::btree_map::Entry::Vacant(entry) => entry.insert(rows::claim(state, key, *id)?.clone()),
                };
                if let Some(fillers) = claim.roles.get_mut(role) {
                    refill_all(fillers, &alike, to);
                }
                claim.roles.retain(|_, fillers| !fillers.is_empty());
            }
        }
    }
    for ((key, id), after) in claims {
        edits.push(Edit::Claim(key.clone(), Change::replace(id, rows::claim(state, key, id)?.clone(), after)));
    }
    Ok(edits)
}

fn refill_all(fillers: &mut Vec<Filler>, alike: &BTreeSet<EntityId>, to: Option<EntityId>) {
    let new = to.map(Filler::Entity);
    for old in alike {
        rows::refill(fillers, &Filler::Entity(*old), new.as_ref());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::edit::testing::{Case, check};

    const USED: &str = "[PER#a=k Kerry] [PER#b=l He] says [CLAIM#c so]\n.. c: claimer=@k\n.. @k: PER \"Kerry\"\n.. @l: \"JK\" merged_into=@k";

    #[test]
    fn some_uses_go_to_a_new_entity() {
        let split = |case: &Case| {
            let role = EntityUse::Role(case.claim("c"), "claimer".parse().unwrap());
            let uses = [(case.key.clone(), EntityUse::Mention(case.span("b"))), (case.key.clone(), role)];
            split_entity(&case.state, case.entity("k"), &uses, case.ids().next_id(), "Kerrigan").unwrap()
        };
        check(
            USED,
            split,
            "[PER#a=k Kerry] [PER#b=n He] says [CLAIM#c so]\n.. c: claimer=@n\n.. @k: PER \"Kerry\"\n.. @l: \"JK\" merged_into=@k\n.. @n: PER \"Kerrigan\"",
        );
    }

    #[test]
    fn deleting_lets_go_of_every_use_also_by_way_of_a_merge() {
        check(
            USED,
            |case| delete_entity(&case.state, case.entity("k"), std::slice::from_ref(&case.key)).unwrap(),
            "[PER#a Kerry] [PER#b He] says [CLAIM#c so]\n.. @k: PER \"Kerry\" deleted=yes\n.. @l: \"JK\" merged_into=@k",
        );
    }

    #[test]
    fn the_new_entity_is_by_the_maker_of_the_old_one() {
        let mut case = Case::new("so\n.. @k: PER \"Kerry\"");
        let id = case.entity("k");
        let mut row = case.state.entities[&id].clone();
        row.made_by = Some("ann".parse().unwrap());
        case.state.entities.insert(id, row);
        let split = split_entity(&case.state, id, &[], case.ids().next_id(), "Kerrigan").unwrap();
        let made_by = |edit: &Edit| if let Edit::Entity(change) = edit { change.after.as_ref().and_then(|row| row.made_by.clone()) } else { None };
        assert_eq!(split.edits.iter().map(made_by).collect::<Vec<_>>(), [Some("ann".parse().unwrap())]);
    }
}
