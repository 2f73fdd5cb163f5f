//! Every write to the file system goes through here, so that tests can inject faults and crashes.
//!
//! Knows nothing of projects. A file is replaced only by a complete, synced successor: temporary file, fsync,
//! rename, fsync of the folder.

use std::fmt;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::StoreError;
use crate::model::CoderKey;

/// A write to the file system, named for fault injection.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum DiskOp {
    /// A folder is made.
    CreateDir,
    /// A file is opened for writing.
    Open,
    /// Bytes go into a file.
    Write,
    /// A file is cut to a length.
    Truncate,
    /// A file's bytes are forced to the disk.
    Sync,
    /// A file gets its name.
    Rename,
    /// A file goes.
    Remove,
    /// A folder's entries are forced to the disk.
    SyncDir,
}

/// What a fault does to an operation.
#[derive(Debug)]
pub enum Verdict {
    /// Nothing.
    Go,
    /// It fails.
    Fail(io::Error),
    /// A write stops after so many bytes and fails; other operations just fail.
    Tear(usize),
}

/// Decides, in tests, which operations fail.
pub trait Faults: Send + Sync {
    /// Called before each operation.
    fn before(&self, op: DiskOp, path: &Path) -> Verdict;
}

/// The door to the file system for writing. Cheap to clone.
#[derive(Clone, Default)]
pub struct Disk {
    faults: Option<Arc<dyn Faults>>,
    // In the names of temporary files, so that two coders in one folder never write to the same one.
    owner: Arc<str>,
}

impl fmt::Debug for Disk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.faults.is_some() { "Disk(with faults)" } else { "Disk" })
    }
}

impl Disk {
    /// The real disk with injected faults.
    #[must_use]
    pub fn with_faults(faults: Arc<dyn Faults>) -> Self {
        Self { faults: Some(faults), owner: Arc::default() }
    }

    /// The same disk, used by a coder.
    pub(crate) fn owned_by(&self, coder: &CoderKey) -> Self {
        Self { faults: self.faults.clone(), owner: coder.as_str().into() }
    }

    /// Where a file's successor is written: in the same folder, so that the rename is atomic.
    pub(crate) fn temp_path(&self, path: &Path) -> PathBuf {
        let name = path.file_name().map(|name| name.to_string_lossy()).unwrap_or_default();
        path.with_file_name(format!(".{name}{}", self.temp_suffix()))
    }

    fn temp_suffix(&self) -> String {
        format!(".{}.manicule-tmp", self.owner)
    }

    /// Removes temporary files of this owner that a crash has left in a project folder.
    pub(crate) fn remove_left_temps(&self, dir: &Path) {
        for entry in fs::read_dir(dir).into_iter().flatten().filter_map(Result::ok) {
            let (name, path) = (entry.file_name(), entry.path());
            let name = name.to_string_lossy();
            if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
                if name != ".git" && name != ".manicule" {
                    self.remove_left_temps(&path);
                }
            } else if name.starts_with('.') && name.ends_with(&self.temp_suffix()) {
                // What stays costs space and nothing else.
                let _ = self.remove(&path);
            }
        }
    }

    /// Makes a folder and those above it.
    pub(crate) fn create_dir_all(&self, path: &Path) -> Result<(), StoreError> {
        if path.is_dir() {
            return Ok(());
        }
        self.check(DiskOp::CreateDir, path).and_then(|()| fs::create_dir_all(path)).map_err(StoreError::io("make the folder", path))
    }

    /// Opens for reading and appending, makes it where missing.
    pub(crate) fn open_append(&self, path: &Path) -> Result<File, StoreError> {
        let open = || OpenOptions::new().read(true).append(true).create(true).open(path);
        self.check(DiskOp::Open, path).and_then(|()| open()).map_err(StoreError::io("open", path))
    }

    /// Opens without cutting, for a lock.
    pub(crate) fn open_lock(&self, path: &Path) -> Result<File, StoreError> {
        let open = || OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path);
        self.check(DiskOp::Open, path).and_then(|()| open()).map_err(StoreError::io("open", path))
    }

    /// Writes bytes to an open file with one call where the system allows it.
    pub(crate) fn write_all(&self, mut file: &File, path: &Path, bytes: &[u8]) -> Result<(), StoreError> {
        let result = match self.verdict(DiskOp::Write, path) {
            Verdict::Go => file.write_all(bytes),
            Verdict::Fail(error) => Err(error),
            Verdict::Tear(at) => {
                let torn = file.write_all(bytes.get(..at.min(bytes.len())).unwrap_or_default());
                torn.and(Err(io::Error::from(io::ErrorKind::StorageFull)))
            }
        };
        result.map_err(StoreError::io("write", path))
    }

    /// Cuts an open file.
    pub(crate) fn truncate(&self, file: &File, path: &Path, len: u64) -> Result<(), StoreError> {
        self.check(DiskOp::Truncate, path).and_then(|()| file.set_len(len)).map_err(StoreError::io("shorten", path))
    }

    /// Forces an open file's bytes to the disk.
    pub(crate) fn sync(&self, file: &File, path: &Path) -> Result<(), StoreError> {
        self.check(DiskOp::Sync, path).and_then(|()| file.sync_data()).map_err(StoreError::io("sync", path))
    }

    /// Forces the entries of a folder to the disk.
    pub(crate) fn sync_dir(&self, dir: &Path) -> Result<(), StoreError> {
        self.check(DiskOp::SyncDir, dir).and_then(|()| sync_dir(dir)).map_err(StoreError::io("sync the folder", dir))
    }

    /// Gives a file another name; an existing one is replaced.
    pub(crate) fn rename(&self, from: &Path, to: &Path) -> Result<(), StoreError> {
        self.check(DiskOp::Rename, to).and_then(|()| fs::rename(from, to)).map_err(StoreError::io("replace", to))
    }

    /// Removes a file; a missing one is fine.
    pub(crate) fn remove(&self, path: &Path) -> Result<(), StoreError> {
        let gone = |error: io::Error| if error.kind() == io::ErrorKind::NotFound { Ok(()) } else { Err(error) };
        self.check(DiskOp::Remove, path).and_then(|()| fs::remove_file(path).or_else(gone)).map_err(StoreError::io("remove", path))
    }

    /// Writes a whole file beside its place, synced; [`Self::rename`] from [`Self::temp_path`] puts it there. Nothing is
    /// left behind on failure.
    pub(crate) fn write_temp(&self, path: &Path, bytes: &[u8]) -> Result<(), StoreError> {
        let temp = self.temp_path(path);
        let result = self.write_file(&temp, bytes);
        if result.is_err() {
            let _ = self.remove(&temp);
        }
        result.map_err(|error| match error {
            StoreError::Io { action, source, .. } => StoreError::Io { action, path: path.to_owned(), source },
            other => other,
        })
    }

    fn write_file(&self, path: &Path, bytes: &[u8]) -> Result<(), StoreError> {
        let open = || File::create(path);
        let file = self.check(DiskOp::Open, path).and_then(|()| open()).map_err(StoreError::io("write", path))?;
        self.write_all(&file, path, bytes)?;
        self.check(DiskOp::Sync, path).and_then(|()| file.sync_all()).map_err(StoreError::io("sync", path))
    }

    /// Replaces a file by a complete, synced successor. Its folder is made where missing.
    pub(crate) fn replace(&self, path: &Path, bytes: &[u8]) -> Result<(), StoreError> {
        if let Some(dir) = path.parent() {
            self.create_dir_all(dir)?;
        }
        self.write_temp(path, bytes)?;
        if let Err(error) = self.rename(&self.temp_path(path), path) {
            let _ = self.remove(&self.temp_path(path));
            return Err(error);
        }
        path.parent().map_or(Ok(()), |dir| self.sync_dir(dir))
    }

    /// Like [`Self::replace`], but does not wait for the disk: after a power cut the file may be old or gone.
    pub(crate) fn replace_unsynced(&self, path: &Path, bytes: &[u8]) -> Result<(), StoreError> {
        if let Some(dir) = path.parent() {
            self.create_dir_all(dir)?;
        }
        let temp = self.temp_path(path);
        let file = self.check(DiskOp::Open, &temp).and_then(|()| File::create(&temp)).map_err(StoreError::io("write", path))?;
        let result = self.write_all(&file, &temp, bytes).and_then(|()| self.rename(&temp, path));
        if result.is_err() {
            let _ = self.remove(&temp);
        }
        result
    }

    fn check(&self, op: DiskOp, path: &Path) -> io::Result<()> {
        match self.verdict(op, path) {
            Verdict::Go => Ok(()),
            Verdict::Fail(error) => Err(error),
            Verdict::Tear(_) => Err(io::Error::from(io::ErrorKind::StorageFull)),
        }
    }

    fn verdict(&self, op: DiskOp, path: &Path) -> Verdict {
        self.faults.as_ref().map_or(Verdict::Go, |faults| faults.before(op, path))
    }
}

#[cfg(unix)]
fn sync_dir(dir: &Path) -> io::Result<()> {
    File::open(dir)?.sync_all()
}

// Other systems cannot open a folder to sync it.
#[cfg(not(unix))]
fn sync_dir(_: &Path) -> io::Result<()> {
    Ok(())
}

/// Reads a file of at most `limit` bytes. None when it does not exist.
pub(crate) fn read_limited(path: &Path, file: &str, limit: u64) -> Result<Option<Vec<u8>>, StoreError> {
    let opened = match File::open(path) {
        Ok(opened) => opened,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(StoreError::io("read", path)(error)),
    };
    let len = opened.metadata().map_err(StoreError::io("read", path))?.len();
    let mut bytes = Vec::with_capacity(usize::try_from(len.min(limit)).unwrap_or_default());
    let read = opened.take(limit + 1).read_to_end(&mut bytes).map_err(StoreError::io("read", path))?;
    if read as u64 > limit { Err(StoreError::TooLarge { file: file.to_owned(), len: len.max(limit + 1), limit }) } else { Ok(Some(bytes)) }
}
