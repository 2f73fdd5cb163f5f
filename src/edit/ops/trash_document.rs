//! Delete a document to the trash and take it back.

use super::{OpError, edit_document};
use crate::edit::Transaction;
use crate::model::{DocumentId, State};

/// Moves a document to the trash, with everything that anybody said about it.
///
/// # Errors
/// When the document is not there.
pub fn trash_document(state: &State, id: &DocumentId) -> Result<Transaction, OpError> {
    let transaction = edit_document(state, id, |document| document.in_trash = true)?;
    Ok(Transaction { name: "delete document".into(), ..transaction })
}

/// Takes a document back from the trash.
///
/// # Errors
/// When the document is not there.
pub fn restore_document(state: &State, id: &DocumentId) -> Result<Transaction, OpError> {
    let transaction = edit_document(state, id, |document| document.in_trash = false)?;
    Ok(Transaction { name: "restore document".into(), ..transaction })
}
