//! A full copy of the project in the state folder, of which the next one copies only what has changed.

use super::{Access, Workspace};
use crate::progress::{CancelToken, Progress};
use crate::store::layout::is_of_project;
use crate::store::states::{Changes, Note, States};
use crate::store::{Folder, Kept, MAX_TEXT_BYTES, Occasion, RowCounts, Stamp, StoreError};

/// Reads all files of the project, those of other coders included, and keeps what the states do not have yet; on any
/// thread. To be run after a project is opened, and now and then while it is.
///
/// Checkpoints keep what they write without it. Until it has run once, states lack what this program did not write.
#[derive(Clone, Debug)]
pub struct BackupJob {
    folder: Folder,
    kept: Kept,
    states: States,
    note: Note,
}

/// What a backup has done.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Backup {
    /// Files that were looked at.
    pub files: usize,
    /// Files that differ from the newest state before.
    pub changed: usize,
}

impl Workspace {
    /// A backup. None when the project is open for reading only: whoever has it open keeps the copies.
    #[must_use]
    pub fn backup(&self) -> Option<BackupJob> {
        self.backup_for(Occasion::Found)
    }

    pub(super) fn backup_for(&self, occasion: Occasion) -> Option<BackupJob> {
        let note = self.note(occasion, RowCounts::default());
        let job = || BackupJob { folder: self.folder.clone(), kept: self.kept.clone(), states: self.states.clone(), note };
        (self.access == Access::ReadWrite).then(job)
    }
}

impl BackupJob {
    /// Makes the copies, mends damaged ones, and removes states that are old enough. When it is stopped, what it has
    /// copied stays, and the next one goes on from there.
    ///
    /// # Errors
    /// When it is stopped, or something cannot be read or written.
    pub fn run(self, progress: &Progress, cancel: &CancelToken) -> Result<Backup, StoreError> {
        let head = self.states.head();
        let files: Vec<String> = self.folder.files()?.into_iter().filter(|path| is_of_project(path)).collect();
        progress.set_total(files.len() as u64);
        let mut changes = Changes::new();
        let mut done = Ok(());
        for path in &files {
            if cancel.is_cancelled() {
                done = Err(StoreError::Cancelled);
                break;
            }
            if let Some(bytes) = self.folder.read(path, MAX_TEXT_BYTES)? {
                let stamp = Stamp::of(&bytes);
                if head.get(path) == Some(&stamp) {
                    self.states.objects().mend(stamp, &bytes)?;
                } else {
                    self.states.keep_checked(stamp, &bytes)?;
                    changes.insert(path.clone(), Some(stamp));
                }
            }
            progress.add(1);
        }
        let is_whole = done.is_ok();
        if is_whole {
            changes.extend(head.keys().filter(|path| !self.folder.exists(path)).map(|path| (path.clone(), None)));
        }
        let backup = Backup { files: files.len(), changed: changes.len() };
        self.states.note_found(Note { changes, is_whole, ..self.note }, &head)?;
        done?;
        self.states.tidy(|| self.kept.files())?;
        Ok(backup)
    }
}
