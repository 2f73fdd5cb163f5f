//! The answers to “is this place one, too?”: label it, or turn it down for good.

use std::collections::BTreeSet;

use super::fill_role::living_entity;
use super::{NewId, OpError, rows};
use crate::edit::{Change, Edit, Transaction};
use crate::model::{EntityId, LabelKey, LabelKind, MarkId, SheetKey, Span, SpanExtras, SpanId, State, Target};
use crate::text::TextRange;

/// A new span with a label and perhaps an entity.
///
/// # Errors
/// For an unknown label or entity, and [`OpError::AlreadyThere`] where a span of the label's kind covers the place.
pub fn label_occurrence(
    state: &State,
    key: &SheetKey,
    id: NewId,
    range: TextRange,
    label: &LabelKey,
    entity: Option<EntityId>,
) -> Result<Transaction, OpError> {
    if !state.schema.labels.contains_key(label) {
        return Err(OpError::UnknownLabel(label.clone()));
    }
    let is_mention = state.schema.kind_of(label) == LabelKind::Entity;
    let entity = entity.filter(|_| is_mention).map(|entity| living_entity(state, entity)).transpose()?;
    let kind = state.schema.kind_of(label);
    let covers = |span: &Span| span.ranges.iter().any(|there| there.contains_range(range)) && state.schema.kind_of(&span.label) == kind;
    if let Some((id, _)) = state.sheet(key).spans.iter().find(|(_, span)| covers(span)) {
        return Err(OpError::AlreadyThere(MarkId::Span(*id)));
    }
    let attributes = rows::default_attributes(state, Target::Span, label);
    let mut span = Span::new(range, label.clone()).with_extras(SpanExtras { attributes, ..SpanExtras::default() });
    span.entity = entity;
    let edit = Edit::Span(key.clone(), Change::insert(SpanId(id), span));
    Ok(Transaction::new(format!("label {}", rows::label_name(state, label)), vec![edit]))
}

/// Turns a place down, so that it is not proposed again. `name` is its stable name.
#[must_use]
pub fn reject_occurrence(state: &State, key: &SheetKey, name: &str) -> Transaction {
    Transaction::new("turn down", change_rejected(state, key, |rejected| rejected.insert(name.to_owned())))
}

/// Takes back that a place was turned down.
#[must_use]
pub fn unreject_occurrence(state: &State, key: &SheetKey, name: &str) -> Transaction {
    Transaction::new("no longer turn down", change_rejected(state, key, |rejected| rejected.remove(name)))
}

/// Nothing where nothing changes; `change` says whether it does.
fn change_rejected(state: &State, key: &SheetKey, change: impl FnOnce(&mut BTreeSet<String>) -> bool) -> Vec<Edit> {
    let before = state.sheet(key).info.clone();
    let mut after = before.clone();
    if change(&mut after.rejected) { vec![Edit::Sheet(key.clone(), Change::replace((), before, after))] } else { Vec::new() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::edit::testing::{Case, check};

    fn label(case: &Case, label: &str, entity: Option<EntityId>) -> Result<Transaction, OpError> {
        label_occurrence(&case.state, &case.key, case.ids().next_id(), case.selected(), &LabelKey::new(label).unwrap(), entity)
    }

    #[test]
    fn a_place_gets_label_and_entity() {
        let line = "\n.. @kerry: PER \"John Kerry\"";
        check(
            &format!("«Kerry» said{line}"),
            |case| label(case, "PER", Some(case.entity("kerry"))).unwrap(),
            &format!("[PER=kerry Kerry] said{line}"),
        );
        check("[CLAIM «Kerry» said]", |case| label(case, "PER", None).unwrap(), "[CLAIM [PER Kerry] said]");
    }

    #[test]
    fn what_is_labelled_is_not_labelled_again() {
        let case = Case::new("[ORG#k John «Kerry»]\n.. @gone: \"Kerry\" deleted=yes");
        assert_eq!(label(&case, "PER", None), Err(OpError::AlreadyThere(case.mark("k"))));
        assert_eq!(label(&case, "NOPE", None), Err(OpError::UnknownLabel(LabelKey::new("NOPE").unwrap())));
        assert_eq!(label(&case, "PER", Some(case.entity("gone"))), Err(OpError::EntityDeleted("Kerry".into())));
        assert!(label(&case, "CUE", None).is_ok(), "another kind");
    }

    #[test]
    fn a_place_is_turned_down_and_no_longer() {
        let down = "so\n.. =sheet: rejected=\"occurrence PER 0 so\"";
        check("so", |case| reject_occurrence(&case.state, &case.key, "occurrence PER 0 so"), down);
        check(down, |case| unreject_occurrence(&case.state, &case.key, "occurrence PER 0 so"), "so");
        assert!(reject_occurrence(&Case::new(down).state, &Case::new(down).key, "occurrence PER 0 so").is_empty());
    }

    #[test]
    fn a_labelled_place_has_the_values_that_the_codebook_gives() {
        let add = |case: &Case| {
            let mut state = case.state.clone();
            let level = std::sync::Arc::make_mut(&mut state.schema).attributes.get_mut(&"level".parse().unwrap()).unwrap();
            level.default = Some(crate::model::AttributeValue::Choice("name".parse().unwrap()));
            label_occurrence(&state, &case.key, case.ids().next_id(), case.selected(), &LabelKey::new("PER").unwrap(), None).unwrap()
        };
        check("«Kerry» said", add, "[PER;level=name Kerry] said");
    }
}
