//! Change the fields of a document.

use super::OpError;
use crate::edit::{Change, Edit, Transaction};
use crate::model::{Document, DocumentId, State};

/// Changes fields; the text stays as it is. Empty when nothing changed.
///
/// # Errors
/// When the document is not there.
pub fn edit_document(state: &State, id: &DocumentId, change: impl FnOnce(&mut Document)) -> Result<Transaction, OpError> {
    let before = state.document(id).ok_or(OpError::Gone)?.clone();
    let mut after = before.clone();
    change(&mut after);
    debug_assert_eq!(before.text_hash, after.text_hash, "the text is corrected by an operation of its own");
    let edits = if before == after { Vec::new() } else { vec![Edit::Document(Change::replace(id.clone(), before, after))] };
    Ok(Transaction::new("edit fields", edits))
}
