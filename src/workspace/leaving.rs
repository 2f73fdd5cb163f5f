//! Documents that came into memory for a long change, and leave it again when they are written.

use super::Workspace;
use crate::model::DocumentId;

/// Documents on their way out of memory, the first ones first.
#[derive(Debug, Default)]
pub struct Leaving {
    documents: Vec<DocumentId>,
    // So many of them have left.
    let_go: usize,
}

impl Leaving {
    /// These came into memory.
    pub fn extend(&mut self, documents: impl IntoIterator<Item = DocumentId>) {
        self.documents.extend(documents);
    }

    /// All that came, those included that have left.
    #[must_use]
    pub fn documents(&self) -> &[DocumentId] {
        &self.documents
    }

    /// Those that are still in memory.
    #[must_use]
    pub fn in_memory(&self) -> &[DocumentId] {
        self.documents.get(self.let_go..).unwrap_or_default()
    }

    /// Those that are written leave memory, as long as there is time; but for one that somebody looks at.
    pub fn let_go_while(&mut self, workspace: &mut Workspace, shown: Option<&DocumentId>, has_time: impl Fn() -> bool) {
        while has_time()
            && let Some(id) = self.documents.get(self.let_go).filter(|id| !workspace.is_unsaved(id))
        {
            if shown != Some(id) {
                workspace.unload(id);
            }
            self.let_go += 1;
        }
    }

    /// Everything is written, and all of them leave memory.
    ///
    /// # Errors
    /// When files cannot be written.
    pub(super) fn let_go_now(&mut self, workspace: &mut Workspace) -> Result<(), crate::store::StoreError> {
        workspace.checkpoint_now()?;
        self.let_go_while(workspace, None, || true);
        Ok(())
    }
}
