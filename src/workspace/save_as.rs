//! "Save as": a copy of the project under a new id, with everything that is not in the files yet.

use std::fs;
use std::path::{Path, PathBuf};

use super::Workspace;
use super::documents::is_free;
use crate::model::{IdSource, ProjectId, ProjectInfo};
use crate::progress::{CancelToken, Progress};
use crate::store::files::write_project;
use crate::store::layout::PROJECT;
use crate::store::{Disk, Folder, Overlay, Planned, StoreError, render};

/// A copy to make on any thread.
#[derive(Debug)]
pub struct SaveAsJob {
    folder: Folder,
    disk: Disk,
    planned: Vec<Planned>,
    project: String,
    target: PathBuf,
}

impl Workspace {
    /// Prepares a copy of the project, under a new id, in a new or empty folder.
    ///
    /// # Errors
    /// When the folder is not empty.
    pub fn save_as(&self, target: &Path, name: &str, ids: &mut IdSource) -> Result<SaveAsJob, StoreError> {
        if !is_free(target) {
            return Err(StoreError::NotEmpty(target.to_owned()));
        }
        StoreError::check_name("the project's name", name)?;
        let info = ProjectInfo { id: ProjectId(ids.next_id()), name: name.to_owned(), ..self.state.project.clone() };
        Ok(SaveAsJob {
            folder: self.folder.clone(),
            disk: self.places.disk().clone(),
            planned: self.plan_unsaved(),
            project: write_project(&info, &self.state.coders)?,
            target: target.to_owned(),
        })
    }
}

impl SaveAsJob {
    /// Makes the copy. A copy that was not finished is removed.
    ///
    /// # Errors
    /// When something cannot be read or written, or the user stops it.
    pub fn run(self, progress: &Progress, cancel: &CancelToken) -> Result<(), StoreError> {
        let existed = self.target.exists();
        let result = self.copy(progress, cancel);
        if result.is_err() {
            if existed { remove_visible(&self.target) } else { drop(fs::remove_dir_all(&self.target)) }
        }
        result
    }

    fn copy(&self, progress: &Progress, cancel: &CancelToken) -> Result<(), StoreError> {
        let mut overlay: Overlay = render(&self.folder, &self.planned)?;
        overlay.insert(PROJECT.to_owned(), None);
        let folder = self.folder.clone();
        let mut files = folder.files()?;
        files.extend(overlay.iter().filter(|(_, content)| content.is_some()).map(|(path, _)| path.clone()));
        files.retain(|path| overlay.get(path).is_none_or(Option::is_some));
        progress.set_total(files.len() as u64);
        for path in &files {
            if cancel.is_cancelled() {
                return Err(StoreError::Cancelled);
            }
            // What is there already, such as a `.gitignore`, is somebody's: only hidden files can be.
            if self.target.join(path).exists() {
                continue;
            }
            let content = match overlay.get(path) {
                Some(content) => content.clone(),
                None => folder.read(path, u64::MAX - 1)?,
            };
            if let Some(content) = content {
                self.disk.replace(&self.target.join(path), &content)?;
            }
            progress.add(1);
        }
        // Last, because it makes the folder a project.
        self.disk.replace(&self.target.join(PROJECT), self.project.as_bytes())
    }
}

/// Empties a folder in which there was nothing but hidden files.
fn remove_visible(dir: &Path) {
    let entries = fs::read_dir(dir).into_iter().flatten().filter_map(Result::ok);
    for entry in entries.filter(|entry| !entry.file_name().to_string_lossy().starts_with('.')) {
        // Whatever stays is in the way of the next attempt, which says so.
        let _ = if entry.path().is_dir() { fs::remove_dir_all(entry.path()) } else { fs::remove_file(entry.path()) };
    }
}
