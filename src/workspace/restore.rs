//! Brings the open project back to an earlier state, as one step that undo takes back.
//!
//! Other coders' sheets are theirs and stay; so do coders. What the state does not have goes to the trash, not away.

use std::collections::BTreeSet;

use super::states::{Snapshot, StateId};
use super::{BackupJob, Workspace, WorkspaceError};
use crate::edit::{Change, Edit, Transaction};
use crate::model::{CoderKey, DocumentId, Sheet};
use crate::progress::{CancelToken, Progress};
use crate::store::layout::{FileKind, Part, Shelf, document_path, entity_shard, kind_of, sheet_path};
use crate::store::states::States;
use crate::store::{Occasion, StoreError};

/// Reads what an earlier state holds, on any thread; the present becomes a state before.
#[derive(Debug)]
pub struct RestoreJob {
    backup: BackupJob,
    states: States,
    snapshot: Snapshot,
    coder: CoderKey,
    id: StateId,
}

/// What a restore will change; hand it to [`Workspace::finish_restore`].
#[derive(Debug)]
pub struct RestorePlan {
    id: StateId,
    // What the state holds; none where it has no such file.
    files: Vec<(String, Option<Vec<u8>>)>,
    others: usize,
}

/// What a restore has changed.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Restored {
    /// Rows that were changed, as one step.
    pub rows: usize,
    /// Files that are no tables and were replaced: texts, guidelines, dictionaries. Undo leaves them; the state that was
    /// noted before has what they held.
    pub files: usize,
    /// Sheets of other coders that differ and were left alone.
    pub others: usize,
}

impl Workspace {
    /// Prepares to bring the project back to a state. Everything is saved before.
    ///
    /// # Errors
    /// When the project is read-only, cannot be saved, or there is no such state.
    pub fn begin_restore(&mut self, id: &StateId) -> Result<RestoreJob, WorkspaceError> {
        self.refuse_read_only()?;
        self.checkpoint_now()?;
        let snapshot = self.known_project().snapshot(id)?;
        let backup = self.backup_for(Occasion::BeforeRestore).ok_or_else(|| WorkspaceError::ReadOnly(String::new()))?;
        Ok(RestoreJob { backup, states: self.states.clone(), snapshot, coder: self.coder.clone(), id: id.clone() })
    }

    /// Brings the project back. All rows change in one step, which undo takes back.
    ///
    /// # Errors
    /// When a file cannot be understood or written. No row is changed then.
    pub fn finish_restore(&mut self, plan: RestorePlan) -> Result<Restored, WorkspaceError> {
        let RestorePlan { id, files, others } = plan;
        let (tables, plain): (Vec<_>, Vec<_>) = files.into_iter().partition(|(path, _)| kind_of(path).is_some());
        let mut restored = Restored { others, ..Restored::default() };
        for (path, content) in plain {
            restored.files += usize::from(self.restore_plain(&path, content)?);
        }
        let restores: BTreeSet<String> = tables.iter().filter(|(_, content)| content.is_some()).map(|(path, _)| path.clone()).collect();
        let mut edits = Vec::new();
        for (path, content) in &tables {
            match content {
                Some(content) => edits.extend(self.edits_back(path, content)?),
                None if has_moved(path, &restores) => {}
                None => edits.extend(self.edits_away(path)?),
            }
        }
        // The state may lack somebody who works here by now.
        edits.retain(|edit| !matches!(edit, Edit::Coder(Change { after: None, .. })));
        restored.rows = edits.len();
        self.apply(Transaction::new(format!("restore the state {id}"), edits))?;
        Ok(restored)
    }

    fn edits_back(&mut self, path: &str, content: &[u8]) -> Result<Vec<Edit>, WorkspaceError> {
        if let Some(FileKind::Sheet(key, _)) = kind_of(path) {
            self.load(&key)?;
        }
        Ok(self.difference(path, content)?)
    }

    /// What makes a file go that the state does not have.
    fn edits_away(&mut self, path: &str) -> Result<Vec<Edit>, WorkspaceError> {
        Ok(match kind_of(path) {
            Some(FileKind::Entities(shard)) => {
                let of_shard = self.state.entities.iter().filter(|(id, _)| entity_shard(**id) == shard);
                of_shard.map(|(id, entity)| Edit::Entity(Change::remove(*id, entity.clone()))).collect()
            }
            Some(FileKind::Fields(id, _)) => self.edit_to_trash(&id).into_iter().collect(),
            Some(FileKind::Sheet(key, _)) => {
                self.load(&key)?;
                self.edits_to_sheet(&key, &Sheet::default())
            }
            Some(FileKind::Project | FileKind::Schema) | None => Vec::new(),
        })
    }

    fn edit_to_trash(&self, id: &DocumentId) -> Option<Edit> {
        let before = self.state.document(id).filter(|document| !document.in_trash)?.clone();
        let mut after = before.clone();
        after.in_trash = true;
        Some(Edit::Document(Change::replace(id.clone(), before, after)))
    }

    /// Restores a file that is no table. False when there is nothing to do: what the state does not have is left alone, and
    /// texts that only lie elsewhere move with their documents.
    fn restore_plain(&mut self, path: &str, content: Option<Vec<u8>>) -> Result<bool, StoreError> {
        let Some(content) = content else { return Ok(false) };
        let document = text_document(path);
        if let Some(id) = &document {
            let paths = [Shelf::Live, Shelf::Trash].map(|shelf| document_path(id, Part::Text, shelf));
            for path in &paths {
                if self.folder.read(path, crate::store::MAX_TEXT_BYTES)?.as_ref() == Some(&content) {
                    return Ok(false);
                }
            }
        }
        self.replace_file(path, content)?;
        if let Some(id) = document {
            self.unload(&id);
            self.changed_texts.remove(&id);
        }
        Ok(true)
    }
}

impl RestoreJob {
    /// Notes the present as a state and reads what differs from it.
    ///
    /// # Errors
    /// When it is stopped, or a file of the state is missing in the state folder. Nothing is changed then.
    pub fn run(self, progress: &Progress, cancel: &CancelToken) -> Result<RestorePlan, StoreError> {
        self.backup.run(progress, cancel)?;
        let now = self.states.head();
        let then = &self.snapshot.files;
        let paths: BTreeSet<&String> = now.keys().chain(then.keys()).filter(|path| now.get(*path) != then.get(*path)).collect();
        let is_others = |path: &&&String| matches!(kind_of(path), Some(FileKind::Sheet(key, _)) if key.coder != self.coder);
        let (others, own): (Vec<&String>, Vec<&String>) = paths.into_iter().partition(|path| is_others(&path));
        let files = own.into_iter().map(|path| Ok((path.clone(), self.snapshot.read(path)?))).collect::<Result<_, StoreError>>()?;
        Ok(RestorePlan { id: self.id, files, others: others.len() })
    }
}

/// True when the state has the file on the other shelf: then it is restored from there.
fn has_moved(path: &str, restores: &BTreeSet<String>) -> bool {
    let other = match kind_of(path) {
        Some(FileKind::Fields(id, shelf)) => document_path(&id, Part::Fields, shelf.other()),
        Some(FileKind::Sheet(key, shelf)) => sheet_path(&key, shelf.other()),
        _ => return false,
    };
    restores.contains(&other)
}

/// The document whose text a file is.
pub(super) fn text_document(path: &str) -> Option<DocumentId> {
    DocumentId::new(path.rsplit('/').next()?.strip_suffix(".txt")?).ok()
}
