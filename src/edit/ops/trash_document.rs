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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::edit::apply;
    use crate::edit::testing::Case;

    #[test]
    fn a_document_goes_to_the_trash_and_comes_back() {
        let mut case = Case::new("so");
        let before = case.state.clone();
        let id = case.key.document.clone();
        let gone = trash_document(&case.state, &id).unwrap();
        apply(&mut case.state, &gone).unwrap();
        assert_eq!(case.state.present_documents().count(), 0);
        let back = restore_document(&case.state, &id).unwrap();
        apply(&mut case.state, &back).unwrap();
        assert!(case.state == before);
        assert_eq!((gone.name.as_str(), back.name.as_str()), ("delete document", "restore document"));
    }
}
