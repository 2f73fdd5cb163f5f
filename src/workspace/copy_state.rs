//! A state as a project of its own, in a new folder.

use std::fs;
use std::path::{Path, PathBuf};

use super::documents::is_free;
use super::states::{KnownProject, Snapshot, StateId};
use crate::model::{Finding, IdSource, ProjectId, Severity};
use crate::progress::{CancelToken, Progress};
use crate::store::files::{decode, read_project, write_project};
use crate::store::layout::{PROJECT, SCHEMA};
use crate::store::{Disk, Places, StoreError};

/// A copy of a state to make on any thread.
#[derive(Debug)]
pub struct CopyJob {
    snapshot: Snapshot,
    project: String,
    target: PathBuf,
    disk: Disk,
}

/// How a copy went.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Copied {
    /// Files that were written.
    pub files: usize,
    /// Files of the state that could not be had.
    pub findings: Vec<Finding>,
}

impl KnownProject {
    /// Prepares a copy of a state in a new or empty folder. It gets a new id, so that the journal and the states of the
    /// original stay its own, whether it exists or not.
    ///
    /// # Errors
    /// When the folder is not empty, there is no such state, or its `project.ron` cannot be had.
    pub fn copy(&self, id: &StateId, target: &Path, places: &Places, ids: &mut IdSource) -> Result<CopyJob, StoreError> {
        if !is_free(target) {
            return Err(StoreError::NotEmpty(target.to_owned()));
        }
        let snapshot = self.snapshot(id)?;
        let bytes = snapshot.read(PROJECT)?.ok_or_else(|| StoreError::StateDamaged(PROJECT.to_owned()))?;
        let (mut info, coders) = read_project(decode(PROJECT, &bytes, &mut Vec::new())?)?;
        info.id = ProjectId(ids.next_id());
        Ok(CopyJob { snapshot, project: write_project(&info, &coders)?, target: target.to_owned(), disk: places.disk().clone() })
    }
}

impl CopyJob {
    /// Writes the files. A copy that was not finished is removed. What is missing or damaged in the state folder is a
    /// finding.
    ///
    /// # Errors
    /// When something cannot be written, the codebook is missing, or the user stops it.
    pub fn run(self, progress: &Progress, cancel: &CancelToken) -> Result<Copied, StoreError> {
        let existed = self.target.exists();
        let result = self.copy(progress, cancel);
        if result.is_err() && !existed {
            let _ = fs::remove_dir_all(&self.target);
        }
        result
    }

    fn copy(&self, progress: &Progress, cancel: &CancelToken) -> Result<Copied, StoreError> {
        let mut copied = Copied::default();
        progress.set_total(self.snapshot.files.len() as u64);
        for path in self.snapshot.files.keys().filter(|path| *path != PROJECT) {
            if cancel.is_cancelled() {
                return Err(StoreError::Cancelled);
            }
            match self.snapshot.read(path) {
                Ok(content) => {
                    self.disk.replace(&self.target.join(path), &content.unwrap_or_default())?;
                    copied.files += 1;
                }
                Err(error) if path == SCHEMA => return Err(error),
                Err(error) => copied.findings.push(Finding::new(Severity::Error, "state-damaged", error.to_string()).in_file(path)),
            }
            progress.add(1);
        }
        // Last, because it makes the folder a project.
        self.disk.replace(&self.target.join(PROJECT), self.project.as_bytes())?;
        copied.files += 1;
        Ok(copied)
    }
}
