//! Label a place because the same words were labelled elsewhere, or remember that it is something else.

use std::collections::BTreeSet;

use super::fill_role::living_entity;
use super::{NewId, OpError, add_span};
use crate::edit::{Change, Edit, Transaction};
use crate::model::{EntityId, LabelKey, LabelKind, SheetKey, State};
use crate::text::TextRange;

/// A new span that means the same entity.
///
/// # Errors
/// As [`add_span`], and when the entity was deleted.
pub fn label_occurrence(
    state: &State,
    key: &SheetKey,
    id: NewId,
    range: TextRange,
    label: &LabelKey,
    entity: Option<EntityId>,
) -> Result<Transaction, OpError> {
    let mut transaction = add_span(state, key, id, range.into(), label)?;
    if let (Some(entity), LabelKind::Entity) = (entity, state.schema.kind_of(label)) {
        let entity = living_entity(state, entity)?;
        for edit in &mut transaction.edits {
            if let Edit::Span(_, Change { after: Some(span), .. }) = edit {
                span.entity = Some(entity);
            }
        }
    }
    Ok(transaction)
}

/// Remembers that a place is not what it looks like; `name` is its stable name.
///
/// # Errors
/// None today; the signature is that of all operations.
pub fn reject_occurrence(state: &State, key: &SheetKey, name: &str) -> Result<Transaction, OpError> {
    Ok(change_info(state, key, "turn down a place", |rejected| rejected.insert(name.to_owned())))
}

/// Forgets that a place was turned down.
///
/// # Errors
/// None today; the signature is that of all operations.
pub fn unreject_occurrence(state: &State, key: &SheetKey, name: &str) -> Result<Transaction, OpError> {
    Ok(change_info(state, key, "ask again for a place", |rejected| rejected.remove(name)))
}

/// Empty when the change says that nothing changed.
fn change_info(state: &State, key: &SheetKey, name: &str, change: impl FnOnce(&mut BTreeSet<String>) -> bool) -> Transaction {
    let before = state.sheet(key).info.clone();
    let mut after = before.clone();
    let edits = if change(&mut after.rejected) { vec![Edit::Sheet(key.clone(), Change::replace((), before, after))] } else { Vec::new() };
    Transaction::new(name, edits)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::edit::testing::check;

    #[test]
    fn a_place_gets_label_and_entity() {
        check(
            "[PER=k Kerry] and «Kerry»\n.. @k: \"K\"",
            |case| {
                let label = "PER".parse().unwrap();
                label_occurrence(&case.state, &case.key, case.ids().next_id(), case.selected(), &label, Some(case.entity("k"))).unwrap()
            },
            "[PER=k Kerry] and [PER=k Kerry]\n.. @k: \"K\"",
        );
    }

    #[test]
    fn a_place_is_turned_down_once() {
        check(
            "so",
            |case| reject_occurrence(&case.state, &case.key, "occurrence PER 0 so").unwrap(),
            "so\n.. =sheet: rejected=\"occurrence PER 0 so\"",
        );
        let twice = "so\n.. =sheet: rejected=\"occurrence PER 0 so\"";
        check(twice, |case| reject_occurrence(&case.state, &case.key, "occurrence PER 0 so").unwrap(), twice);
        check(twice, |case| unreject_occurrence(&case.state, &case.key, "occurrence PER 0 so").unwrap(), "so");
    }
}
