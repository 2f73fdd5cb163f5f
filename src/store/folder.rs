//! Reading a project folder, perhaps with contents laid over it that wait in the journal.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::layout::is_of_project;
use super::{StoreError, disk};

/// Contents that stand for files: none for a file that is to go.
pub(crate) type Overlay = BTreeMap<String, Option<Vec<u8>>>;

/// RON files above this size are refused before they are read.
pub const MAX_RON_BYTES: u64 = 256 << 20;
/// Texts above this size are refused before they are read.
pub const MAX_TEXT_BYTES: u64 = 1 << 30;

/// A project folder as a reader sees it. Cheap to clone.
#[derive(Clone, Debug)]
pub(crate) struct Folder {
    root: Arc<Path>,
    overlay: Arc<Overlay>,
}

impl Folder {
    pub(crate) fn new(root: &Path) -> Self {
        Self { root: root.into(), overlay: Arc::default() }
    }

    pub(crate) fn with_overlay(mut self, overlay: Overlay) -> Self {
        self.overlay = Arc::new(overlay);
        self
    }

    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    pub(crate) fn full(&self, path: &str) -> PathBuf {
        self.root.join(path)
    }

    pub(crate) fn exists(&self, path: &str) -> bool {
        self.overlay.get(path).map_or_else(|| self.full(path).is_file(), Option::is_some)
    }

    /// True when anything lies there, a plain file or not.
    pub(crate) fn has(&self, path: &str) -> bool {
        self.overlay.get(path).map_or_else(|| std::fs::symlink_metadata(self.full(path)).is_ok(), Option::is_some)
    }

    pub(crate) fn read(&self, path: &str, limit: u64) -> Result<Option<Vec<u8>>, StoreError> {
        match self.overlay.get(path) {
            Some(content) => Ok(content.clone()),
            None => disk::read_limited(&self.full(path), path, limit),
        }
    }

    /// All plain files on the disk below the folder, sorted; locks, unfinished files and git's are left out. A link to
    /// a file counts where it is one of a project's; others, and links to folders, may lead anywhere.
    pub(crate) fn files(&self) -> Result<BTreeSet<String>, StoreError> {
        self.files_but(|_| false)
    }

    /// The same without those in some folders.
    pub(crate) fn files_but(&self, leave_out: impl Fn(&str) -> bool) -> Result<BTreeSet<String>, StoreError> {
        let (mut files, mut folders) = (BTreeSet::new(), vec![String::new()]);
        while let Some(dir) = folders.pop() {
            let full = if dir.is_empty() { self.root().to_owned() } else { self.full(&dir) };
            for entry in std::fs::read_dir(&full).map_err(StoreError::io("list", &full))? {
                let entry = entry.map_err(StoreError::io("list", &full))?;
                let kind = entry.file_type().map_err(StoreError::io("list", &full))?;
                let Some(name) = entry.file_name().to_str().filter(|name| is_content(name)).map(str::to_owned) else { continue };
                let path = if dir.is_empty() { name } else { format!("{dir}/{name}") };
                if kind.is_dir() {
                    folders.extend(Some(path).filter(|path| !leave_out(path)));
                } else if kind.is_file() || kind.is_symlink() && is_of_project(&path) && self.full(&path).is_file() {
                    files.insert(path);
                }
            }
        }
        Ok(files)
    }

    /// Names in a folder, sorted; hidden ones are left out. A missing folder is empty.
    pub(crate) fn list(&self, dir: &str) -> Result<Vec<String>, StoreError> {
        let full = self.full(dir);
        let mut names = Vec::new();
        match std::fs::read_dir(&full) {
            Ok(entries) => {
                for entry in entries {
                    let entry = entry.map_err(StoreError::io("list", &full))?;
                    names.extend(entry.file_name().to_str().filter(|name| !name.starts_with('.')).map(str::to_owned));
                }
            }
            Err(error) if matches!(error.kind(), std::io::ErrorKind::NotFound | std::io::ErrorKind::NotADirectory) => {}
            Err(error) => return Err(StoreError::io("list", &full)(error)),
        }
        names.sort_unstable();
        if self.overlay.is_empty() {
            return Ok(names);
        }
        let mut names: BTreeSet<String> = names.into_iter().collect();
        let prefix = format!("{dir}/");
        for (path, content) in self.overlay.iter() {
            let Some(rest) = path.strip_prefix(&prefix) else { continue };
            match (rest.split_once('/'), content) {
                (Some((folder, _)), Some(_)) => drop(names.insert(folder.to_owned())),
                (None, Some(_)) => drop(names.insert(rest.to_owned())),
                (None, None) => drop(names.remove(rest)),
                (Some(_), None) => {}
            }
        }
        Ok(names.into_iter().collect())
    }
}

fn is_content(name: &str) -> bool {
    !matches!(name, ".manicule" | ".git") && !name.ends_with(".manicule-tmp")
}
