//! Documents as wholes: the fields of many, by hand or from the names of files.

use super::App;
use super::words::tr_count;
use crate::edit::Transaction;
use crate::edit::ops::{self, FieldChanges, OpError};
use crate::model::{DocumentId, NamePattern, Underscores};

impl App {
    /// Gives documents the same values in the fields that were touched.
    pub(crate) fn set_fields_of_many(&mut self, ids: &[DocumentId], changes: &FieldChanges) {
        let Some(session) = &self.session else { return };
        let transaction = ops::edit_documents(session.workspace.state(), ids, changes);
        self.commit_and_count(transaction);
    }

    /// Takes fields from the names of the files of documents.
    pub(crate) fn fields_from_names(&mut self, ids: &[DocumentId], pattern: &NamePattern, underscores: Underscores) {
        let Some(session) = &self.session else { return };
        let transaction = ops::fields_from_names(session.workspace.state(), ids, pattern, underscores);
        self.commit_and_count(transaction);
    }

    fn commit_and_count(&mut self, transaction: Result<Transaction, OpError>) {
        let count = transaction.as_ref().map_or(0, |transaction| transaction.edits.len());
        if self.commit(transaction) {
            self.say(tr_count("{} document was changed; Undo takes it back", "{} documents were changed; Undo takes it back", count));
        }
    }
}
