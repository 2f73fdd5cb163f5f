//! Documents that came into memory for a long change, and leave it again when they are written.

use super::Workspace;
use crate::model::DocumentId;

/// Documents on their way out of memory, the first ones first.
#[derive(Debug, Default)]
pub struct Leaving {
    documents: Vec<DocumentId>,
    // So many of them are gone.
    gone: usize,
}

impl Leaving {
    /// These come into memory. What is named several times in a row comes once.
    pub fn extend(&mut self, documents: impl IntoIterator<Item = DocumentId>) {
        for document in documents {
            if self.documents.last() != Some(&document) {
                self.documents.push(document);
            }
        }
    }

    /// Those that are still in memory.
    #[must_use]
    pub fn in_memory(&self) -> &[DocumentId] {
        self.documents.get(self.gone..).unwrap_or_default()
    }

    /// True where so many are in memory, and the first of them waits for being written.
    #[must_use]
    pub fn waits_for_files(&self, workspace: &Workspace, count: usize) -> bool {
        self.in_memory().len() >= count && self.in_memory().first().is_some_and(|id| workspace.is_unsaved(id))
    }

    /// Those that are written leave memory, as long as there is time; but for those that somebody looks at.
    pub fn let_go_while(&mut self, workspace: &mut Workspace, is_wanted: impl Fn(&DocumentId) -> bool, has_time: impl Fn() -> bool) {
        while has_time()
            && let Some(id) = self.documents.get(self.gone).filter(|id| !workspace.is_unsaved(id))
        {
            if !is_wanted(id) {
                workspace.unload(id);
            }
            self.gone += 1;
        }
    }

    /// Everything is written, and all of them leave memory.
    ///
    /// # Errors
    /// When files cannot be written.
    pub(super) fn let_go_now(&mut self, workspace: &mut Workspace) -> Result<(), crate::store::StoreError> {
        workspace.checkpoint_now()?;
        self.let_go_while(workspace, |_| false, || true);
        Ok(())
    }
}
