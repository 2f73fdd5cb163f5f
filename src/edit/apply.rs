//! The one door for changes.

use std::fmt::Debug;
use std::sync::Arc;

use thiserror::Error;

use super::{Change, Edit, Transaction};
use crate::model::{Claim, DocumentId, RowTable, Schema, Sheet, SheetKey, State};
use crate::text::{RangeError, Ranges, Text, TextChange};

/// Why a transaction was refused. Nothing of it was done.
#[derive(Clone, PartialEq, Eq, Debug, Error)]
pub enum ApplyError {
    /// A row is not what the transaction was made for.
    #[error("{row} is not what it was when the change was made; the change was not applied")]
    BeforeDiffers {
        /// The table and the row's key.
        row: String,
    },
    /// The sheet's document or its text is not loaded.
    #[error("the document {0} is not loaded; the change was not applied")]
    NotLoaded(DocumentId),
    /// A place does not fit the text.
    #[error("{row} does not fit its text: {cause}; the change was not applied")]
    BadRange {
        /// The table and the row's key.
        row: String,
        /// What is wrong with it.
        cause: RangeError,
    },
    /// The text was corrected since by somebody else, and what was to be done cannot be carried over.
    #[error("the text of {0} was changed since, and the words that this is about with it; the change was not applied")]
    OtherText(DocumentId),
    /// A text changes, and nothing would be left of the words of a row.
    #[error("nothing would be left of the words of {row}; the change was not applied")]
    WouldBeEmpty {
        /// The table and the row's key.
        row: String,
    },
}

/// Applies a transaction, all or nothing.
///
/// # Errors
/// When a `before` does not match, a sheet is not loaded or a range does not fit its text.
pub fn apply(state: &mut State, transaction: &Transaction) -> Result<(), ApplyError> {
    for (done, edit) in transaction.edits.iter().enumerate() {
        if let Err(error) = apply_edit(state, edit) {
            take_back(state, transaction.edits.get(..done).unwrap_or_default());
            return Err(error);
        }
    }
    // Last, because rows and their text may change together, and in either order.
    check_places(state, &transaction.edits).inspect_err(|_| take_back(state, &transaction.edits))
}

fn take_back(state: &mut State, edits: &[Edit]) {
    for edit in edits.iter().rev() {
        let undone = apply_edit(state, &edit.clone().inverse());
        debug_assert!(undone.is_ok(), "what was just applied can be taken back: {undone:?}");
    }
}

fn apply_edit(state: &mut State, edit: &Edit) -> Result<(), ApplyError> {
    match edit {
        Edit::Project(change) => change_single(&mut state.project, change, "project"),
        Edit::Coder(change) => change_row(&mut state.coders, change, "coder"),
        Edit::Entity(change) => change_row(&mut state.entities, change, "entity"),
        Edit::Document(change) => change_row(&mut state.documents, change, "document"),
        Edit::Schema(change) => change_schema(state, |schema| change_single(&mut schema.info, change, "codebook")),
        Edit::Label(change) => change_schema(state, |schema| change_row(&mut schema.labels, change, "label")),
        Edit::Attribute(change) => change_schema(state, |schema| change_row(&mut schema.attributes, change, "attribute")),
        Edit::Role(change) => change_schema(state, |schema| change_row(&mut schema.roles, change, "role")),
        Edit::RelationType(change) => change_schema(state, |schema| change_row(&mut schema.relation_types, change, "relation type")),
        Edit::Sheet(key, change) => change_sheet(state, key, |sheet| change_single(&mut sheet.info, change, "sheet")),
        Edit::Text(document, change) => change_text(state, document, change),
        Edit::Span(key, change) => change_sheet(state, key, |sheet| change_row(&mut sheet.spans, change, "span")),
        Edit::Claim(key, change) => change_sheet(state, key, |sheet| change_row(&mut sheet.claims, change, "claim")),
        Edit::Relation(key, change) => change_sheet(state, key, |sheet| change_row(&mut sheet.relations, change, "relation")),
    }?;
    match edit {
        Edit::Project(_) | Edit::Coder(_) | Edit::Document(_) => state.touch_tables(),
        Edit::Entity(_) => state.touch_entities(),
        _ => {}
    }
    Ok(())
}

fn change_row<K: Clone + Debug, R: Clone + PartialEq>(table: &mut impl RowTable<K, R>, change: &Change<K, R>, name: &str) -> Result<(), ApplyError> {
    if table.row(&change.key) != change.before.as_ref() {
        return Err(ApplyError::BeforeDiffers { row: format!("{name} {:?}", change.key) });
    }
    table.set_row(change.key.clone(), change.after.clone());
    Ok(())
}

fn change_single<R: Clone + PartialEq>(row: &mut R, change: &Change<(), R>, name: &str) -> Result<(), ApplyError> {
    match (&change.before, &change.after) {
        (Some(before), Some(after)) if row == before => {
            row.clone_from(after);
            Ok(())
        }
        _ => Err(ApplyError::BeforeDiffers { row: format!("the {name}") }),
    }
}

fn change_schema(state: &mut State, change: impl FnOnce(&mut Schema) -> Result<(), ApplyError>) -> Result<(), ApplyError> {
    change(Arc::make_mut(&mut state.schema))?;
    state.touch_schema();
    Ok(())
}

/// A sheet comes into being with its first row and goes with its last.
fn change_sheet(state: &mut State, key: &SheetKey, change: impl FnOnce(&mut Sheet) -> Result<(), ApplyError>) -> Result<(), ApplyError> {
    if !state.texts.contains_key(&key.document) {
        return Err(ApplyError::NotLoaded(key.document.clone()));
    }
    let sheet = Arc::make_mut(state.sheets.entry(key.clone()).or_default());
    let result = change(sheet);
    if sheet.is_blank() {
        state.sheets.remove(key);
    }
    state.touch_sheet(key);
    result
}

fn change_text(state: &mut State, document: &DocumentId, change: &TextChange) -> Result<(), ApplyError> {
    let text = state.texts.get(document).ok_or_else(|| ApplyError::NotLoaded(document.clone()))?;
    let after = change.apply(text).ok_or_else(|| ApplyError::BeforeDiffers { row: format!("the text of {document}") })?;
    state.set_text(document, after);
    Ok(())
}

/// Every place of what was changed fits its text; where a text was changed, every place in it does.
fn check_places(state: &State, edits: &[Edit]) -> Result<(), ApplyError> {
    edits.iter().try_for_each(|edit| match edit {
        Edit::Span(key, change) => {
            let row = state.sheet(key).spans.get(&change.key);
            check_row(state, &key.document, row.map(|span| &span.ranges), || format!("span {:?}", change.key))
        }
        Edit::Claim(key, change) => {
            let row = state.sheet(key).claims.get(&change.key);
            check_row(state, &key.document, row.into_iter().flat_map(Claim::places), || format!("claim {:?}", change.key))
        }
        Edit::Text(document, _) => state.sheets_of(document).try_for_each(|(key, sheet)| {
            sheet.places().try_for_each(|(mark, place)| check_row(state, document, [place], || format!("{mark:?} of {}", key.coder)))
        }),
        _ => Ok(()),
    })
}

fn check_row<'r>(
    state: &State,
    document: &DocumentId,
    places: impl IntoIterator<Item = &'r Ranges>,
    row: impl Fn() -> String,
) -> Result<(), ApplyError> {
    let text: &Text = state.texts.get(document).ok_or_else(|| ApplyError::NotLoaded(document.clone()))?;
    places.into_iter().try_for_each(|ranges| text.check(ranges)).map_err(|cause| ApplyError::BadRange { row: row(), cause })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{ClaimId, Coder, CoderKey, Document, Entity, EntityId, Id, LabelKey, ProjectId, ProjectInfo, Settings, Span, SpanId};

    fn state() -> (State, SheetKey) {
        let info = ProjectInfo { id: ProjectId(Id::from_bits(1)), name: "t".into(), settings: Settings::default(), residue: Default::default() };
        let mut state = State::new(info, Schema::default());
        let text = Text::new("Kerry said é");
        let key = SheetKey::new(&DocumentId::from_title("t", Id::from_bits(2)), &CoderKey::from_name("a"));
        state.documents.insert(key.document.clone(), Arc::new(Document::new("t", text.hash().clone())));
        state.insert_loaded(&key, text, Sheet::default());
        (state, key)
    }

    fn add(key: &SheetKey, id: u64, start: u32, end: u32) -> Edit {
        let range: crate::text::TextRange = (start, end).try_into().unwrap();
        Edit::Span(key.clone(), Change::insert(SpanId(Id::from_bits(id)), Span::new(range, LabelKey::new("PER").unwrap())))
    }

    #[test]
    fn inverse_restores_the_state() {
        let (mut state, key) = state();
        let before = state.clone();
        let coder = Edit::Coder(Change::insert(CoderKey::from_name("b"), Coder::new("B")));
        let transaction = Transaction::new("x", vec![add(&key, 1, 0, 5), coder, add(&key, 2, 6, 10)]);
        apply(&mut state, &transaction).unwrap();
        assert_eq!(state.sheet(&key).spans.len(), 2);
        apply(&mut state, &transaction.inverse()).unwrap();
        assert!(state == before);
    }

    #[test]
    fn a_wrong_before_refuses_the_whole_transaction() {
        let (mut state, key) = state();
        let before = state.clone();
        let twice = Transaction::new("x", vec![add(&key, 1, 0, 5), add(&key, 1, 0, 5)]);
        let error = apply(&mut state, &twice).unwrap_err();
        assert!(matches!(error, ApplyError::BeforeDiffers { .. }), "{error}");
        assert!(state == before);
    }

    #[test]
    fn ranges_must_fit_the_text() {
        let (mut state, key) = state();
        let mut check = |start, end| apply(&mut state, &Transaction::new("x", vec![add(&key, 1, start, end)])).unwrap_err().to_string();
        assert!(check(11, 12).contains("inside a character"));
        assert!(check(0, 99).contains("behind the text"));
        let other = SheetKey::new(&DocumentId::from_title("u", Id::from_bits(3)), &key.coder);
        assert!(matches!(apply(&mut state, &Transaction::new("x", vec![add(&other, 1, 0, 1)])), Err(ApplyError::NotLoaded(_))));
    }

    #[test]
    fn every_change_gets_a_new_revision() {
        let (mut state, key) = state();
        let transaction = Transaction::new("x", vec![add(&key, 1, 0, 5)]);
        let first = state.sheet_revision(&key);
        apply(&mut state, &transaction).unwrap();
        let second = state.sheet_revision(&key);
        apply(&mut state, &transaction.inverse()).unwrap();
        assert!(first < second && second < state.sheet_revision(&key));
    }

    #[test]
    fn every_place_of_a_claim_must_fit_the_text() {
        let (mut state, key) = state();
        let ranges = |start: u32, end: u32| -> Ranges { crate::text::TextRange::try_from((start, end)).unwrap().into() };
        let mut check = |content: Ranges, said_again: Vec<Ranges>| {
            let mut claim = Claim::new(LabelKey::new("CLAIM").unwrap(), None);
            claim.set_places(Some(content), said_again);
            let edit = Edit::Claim(key.clone(), Change::insert(ClaimId(Id::from_bits(1)), claim));
            apply(&mut state, &Transaction::new("x", vec![edit])).unwrap_err()
        };
        assert!(matches!(check(ranges(0, 99), Vec::new()), ApplyError::BadRange { .. }));
        assert!(matches!(check(ranges(0, 5), vec![ranges(11, 12)]), ApplyError::BadRange { .. }));
    }

    #[test]
    fn a_project_that_is_not_what_it_was_is_not_changed() {
        let (mut state, _) = state();
        let before = state.clone();
        let named = |name: &str| ProjectInfo { name: name.into(), ..before.project.clone() };
        let rename = Transaction::new("x", vec![Edit::Project(Change::replace((), named("another"), named("new")))]);
        assert!(matches!(apply(&mut state, &rename), Err(ApplyError::BeforeDiffers { .. })));
        assert!(state == before);
    }

    #[test]
    fn every_change_of_a_table_is_noticed() {
        let (mut state, _) = state();
        let mut change = |edit: Edit, revision: fn(&State) -> u64| {
            let before = revision(&state);
            apply(&mut state, &Transaction::new("x", vec![edit])).unwrap();
            assert!(before < revision(&state));
        };
        change(Edit::Entity(Change::insert(EntityId(Id::from_bits(7)), Entity::new("Kerry", None))), |state| state.entities_revision);
        change(Edit::Coder(Change::insert(CoderKey::from_name("b"), Coder::new("B"))), |state| state.tables_revision);
    }
}
