//! Say whom a mention means.

use super::fill_role::living_entity;
use super::{NewId, OpError, add_entity, rows};
use crate::edit::{Edit, Transaction};
use crate::model::{Entity, EntityId, LabelKind, SheetKey, SpanId, State};

/// Points a mention to an entity, or to none. A merged entity stands for the one that it was merged into.
///
/// # Errors
/// When the span is not there or is no mention, or the entity is not there or was deleted.
pub fn link_mention(state: &State, key: &SheetKey, span: SpanId, entity: Option<EntityId>) -> Result<Transaction, OpError> {
    let entity = entity.map(|id| living_entity(state, id)).transpose()?;
    let name = match entity.and_then(|id| state.entities.get(&id)) {
        Some(entity) => format!("link to {}", entity.name),
        None => "unlink".to_owned(),
    };
    let edits = if rows::span(state, key, span)?.entity == entity { Vec::new() } else { vec![point(state, key, span, entity)?] };
    Ok(Transaction::new(name, edits))
}

/// Makes an entity and points a mention to it, as one step.
///
/// # Errors
/// As [`link_mention`] and [`add_entity`].
pub fn add_and_link(state: &State, key: &SheetKey, span: SpanId, id: NewId, entity: Entity) -> Result<Transaction, OpError> {
    let mut transaction = add_entity(state, id, entity)?;
    transaction.edits.push(point(state, key, span, Some(EntityId(id)))?);
    Ok(transaction)
}

fn point(state: &State, key: &SheetKey, id: SpanId, entity: Option<EntityId>) -> Result<Edit, OpError> {
    let span = rows::span(state, key, id)?;
    if entity.is_some() && state.schema.kind_of(&span.label) != LabelKind::Entity {
        return Err(OpError::NotAMention(rows::label_name(state, &span.label)));
    }
    rows::change_span(state, key, id, |mut span| {
        span.entity = entity;
        span
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::edit::testing::{Case, check};

    const MERGED: &str = "[PER#m Kerry]\n.. @k: \"John Kerry\"\n.. @l: \"Kerry\" merged_into=@k\n.. @d: \"Doe\" deleted=yes";

    fn link(case: &Case, name: &str) -> Result<Transaction, OpError> {
        link_mention(&case.state, &case.key, case.span("m"), Some(case.entity(name)))
    }

    #[test]
    fn a_mention_points_to_an_entity_and_to_none() {
        check("[PER#m Kerry]\n.. @k: \"K\"", |case| link(case, "k").unwrap(), "[PER#m=k Kerry]\n.. @k: \"K\"");
        let unlink = |case: &Case| link_mention(&case.state, &case.key, case.span("m"), None).unwrap();
        check("[PER#m=k Kerry]\n.. @k: \"K\"", unlink, "[PER#m Kerry]\n.. @k: \"K\"");
    }

    #[test]
    fn a_merge_is_followed_and_a_deleted_entity_refused() {
        check(MERGED, |case| link(case, "l").unwrap(), &MERGED.replace("#m ", "#m=k "));
        let message = link(&Case::new(MERGED), "d").unwrap_err().to_string();
        assert_eq!(message, "the entity “Doe” was deleted; choose another or make a new one");
    }

    #[test]
    fn an_entity_is_made_and_linked_in_one_step() {
        let add = |case: &Case| add_and_link(&case.state, &case.key, case.span("m"), case.ids().next_id(), Entity::new("Kerry", None)).unwrap();
        check("[PER#m Kerry]", add, "[PER#m=k Kerry]\n.. @k: \"Kerry\"");
    }

    #[test]
    fn only_mentions_mean_somebody() {
        let case = Case::new("[CUE#m said]\n.. @k: \"K\"");
        assert!(matches!(link(&case, "k"), Err(OpError::NotAMention(_))));
    }
}
