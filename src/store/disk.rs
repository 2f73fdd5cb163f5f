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

/// Smaller files are read in one piece.
const SMALL: usize = 64 << 10;

/// A write to the file system, as [`Faults`] sees it before it is done.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum DiskOp<'o> {
    /// A folder is made; the one above it is there.
    CreateDir,
    /// A file is opened to be appended to; an empty one is made where there is none.
    Open,
    /// A file is opened empty.
    Create,
    /// Bytes go to the end of a file.
    Write(&'o [u8]),
    /// A file is cut to a length.
    Truncate(u64),
    /// A file's bytes are forced to the disk.
    Sync,
    /// A file gets its name; the path is the one it had.
    Rename(&'o Path),
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
    /// It is not done, and nobody is told. A file is opened all the same.
    Skip,
    /// It fails.
    Fail(io::Error),
    /// A write stops after so many bytes and fails; other operations just fail.
    Tear(usize),
}

/// Decides, in tests, which operations fail, and sees them all.
pub trait Faults: Send + Sync {
    /// Called before each operation.
    fn before(&self, op: DiskOp<'_>, path: &Path) -> Verdict;
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

    /// Where a file's successor is written: in the same folder, so that the rename is atomic. For a link that is the folder
    /// that it leads to.
    pub(crate) fn temp_path(&self, path: &Path) -> PathBuf {
        let path = &behind_links(path);
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

    /// Makes a folder and those above it. They survive a power cut.
    pub(crate) fn create_dir_all(&self, path: &Path) -> Result<(), StoreError> {
        if path.is_dir() {
            return Ok(());
        }
        let above = folder_of(path);
        // The root has none, and the working folder is there.
        if path.parent().is_some_and(|above| !above.as_os_str().is_empty()) {
            self.create_dir_all(above)?;
        }
        self.perform(DiskOp::CreateDir, path, || create_dir(path)).map_err(StoreError::io("make the folder", path))?;
        // One that cannot be made to last goes again, or the next attempt would take it for one that does.
        self.sync_dir(above).inspect_err(|_| drop(fs::remove_dir(path)))
    }

    /// Opens for reading and appending, makes it where missing.
    pub(crate) fn open_append(&self, path: &Path) -> Result<File, StoreError> {
        let open = || OpenOptions::new().read(true).append(true).create(true).open(path);
        self.open(DiskOp::Open, path, open).map_err(StoreError::io("open", path))
    }

    /// Opens without cutting, for a lock.
    pub(crate) fn open_lock(&self, path: &Path) -> Result<File, StoreError> {
        let open = || OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path);
        self.open(DiskOp::Open, path, open).map_err(StoreError::io("open", path))
    }

    /// Opens a file, empty. A link of that name goes: what it leads to is somebody's.
    pub(crate) fn create(&self, path: &Path) -> Result<File, StoreError> {
        let create = || if is_link(path) { fs::remove_file(path).and_then(|()| File::create(path)) } else { File::create(path) };
        self.open(DiskOp::Create, path, create).map_err(StoreError::io("write", path))
    }

    /// Writes bytes to the end of an open file with one call where the system allows it.
    pub(crate) fn write_all(&self, mut file: &File, path: &Path, bytes: &[u8]) -> Result<(), StoreError> {
        let result = match self.verdict(DiskOp::Write(bytes), path) {
            Verdict::Go => file.write_all(bytes),
            Verdict::Skip => Ok(()),
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
        self.perform(DiskOp::Truncate(len), path, || file.set_len(len)).map_err(StoreError::io("shorten", path))
    }

    /// Forces an open file's bytes to the disk.
    pub(crate) fn sync(&self, file: &File, path: &Path) -> Result<(), StoreError> {
        self.perform(DiskOp::Sync, path, || file.sync_data()).map_err(StoreError::io("sync", path))
    }

    /// Forces the entries of a folder to the disk.
    pub(crate) fn sync_dir(&self, dir: &Path) -> Result<(), StoreError> {
        self.perform(DiskOp::SyncDir, dir, || sync_dir(dir)).map_err(StoreError::io("sync the folder", dir))
    }

    /// Puts the successor of a file in its place. A link stays, and what it leads to is replaced.
    pub(crate) fn put(&self, path: &Path) -> Result<(), StoreError> {
        let target = behind_links(path);
        self.rename(&self.temp_path(path), &target)?;
        if target == path { Ok(()) } else { self.sync_dir(folder_of(&target)) }
    }

    /// Gives a file another name; an existing one is replaced.
    pub(crate) fn rename(&self, from: &Path, to: &Path) -> Result<(), StoreError> {
        self.perform(DiskOp::Rename(from), to, || fs::rename(from, to)).map_err(StoreError::io("replace", to))
    }

    /// Removes a file; a missing one is fine.
    pub(crate) fn remove(&self, path: &Path) -> Result<(), StoreError> {
        let gone = |error: io::Error| if error.kind() == io::ErrorKind::NotFound { Ok(()) } else { Err(error) };
        self.perform(DiskOp::Remove, path, || fs::remove_file(path).or_else(gone)).map_err(StoreError::io("remove", path))
    }

    /// Writes a whole file beside its place, synced; [`Self::rename`] from [`Self::temp_path`] puts it there. Nothing is
    /// left behind on failure.
    pub(crate) fn write_temp(&self, path: &Path, bytes: &[u8]) -> Result<(), StoreError> {
        self.write_beside(path, bytes, |file, temp| self.sync(file, temp))
    }

    /// Like [`Self::write_temp`], but does not wait for the disk: for many files, which [`Self::sync_temp`] follows once all are
    /// written.
    pub(crate) fn write_temp_unsynced(&self, path: &Path, bytes: &[u8]) -> Result<(), StoreError> {
        self.write_beside(path, bytes, |_, _| Ok(()))
    }

    fn write_beside(&self, path: &Path, bytes: &[u8], sync: impl FnOnce(&File, &Path) -> Result<(), StoreError>) -> Result<(), StoreError> {
        let temp = self.temp_path(path);
        let write = || {
            let file = self.create(&temp)?;
            self.write_all(&file, &temp, bytes)?;
            sync(&file, &temp)
        };
        let result = write();
        if result.is_err() {
            let _ = self.remove(&temp);
        }
        result.map_err(|error| match error {
            StoreError::Io { action, cause, .. } => StoreError::Io { action, path: path.to_owned(), cause },
            other => other,
        })
    }

    /// Forces to the disk what [`Self::write_temp_unsynced`] has written.
    pub(crate) fn sync_temp(&self, path: &Path) -> Result<(), StoreError> {
        let temp = self.temp_path(path);
        let sync = || OpenOptions::new().write(true).open(&temp)?.sync_data();
        self.perform(DiskOp::Sync, &temp, sync).map_err(StoreError::io("sync", path))
    }

    /// Replaces a file by a complete, synced successor. Its folder is made where missing.
    pub(crate) fn replace(&self, path: &Path, bytes: &[u8]) -> Result<(), StoreError> {
        self.create_dir_all(folder_of(path))?;
        self.write_temp(path, bytes)?;
        if let Err(error) = self.put(path) {
            let _ = self.remove(&self.temp_path(path));
            return Err(error);
        }
        self.sync_dir(folder_of(path))
    }

    /// Like [`Self::replace`], but does not wait for the disk: after a power cut the file may be old or gone.
    pub(crate) fn replace_unsynced(&self, path: &Path, bytes: &[u8]) -> Result<(), StoreError> {
        self.create_dir_all(folder_of(path))?;
        let temp = self.temp_path(path);
        let file = self.create(&temp)?;
        let result = self.write_all(&file, &temp, bytes).and_then(|()| self.put(path));
        if result.is_err() {
            let _ = self.remove(&temp);
        }
        result
    }

    fn open(&self, op: DiskOp<'_>, path: &Path, open: impl FnOnce() -> io::Result<File>) -> io::Result<File> {
        match self.verdict(op, path) {
            Verdict::Go | Verdict::Skip => open(),
            Verdict::Fail(error) => Err(error),
            Verdict::Tear(_) => Err(io::Error::from(io::ErrorKind::StorageFull)),
        }
    }

    fn perform(&self, op: DiskOp<'_>, path: &Path, action: impl FnOnce() -> io::Result<()>) -> io::Result<()> {
        match self.verdict(op, path) {
            Verdict::Go => action(),
            Verdict::Skip => Ok(()),
            Verdict::Fail(error) => Err(error),
            Verdict::Tear(_) => Err(io::Error::from(io::ErrorKind::StorageFull)),
        }
    }

    fn verdict(&self, op: DiskOp<'_>, path: &Path) -> Verdict {
        self.faults.as_ref().map_or(Verdict::Go, |faults| faults.before(op, path))
    }
}

/// The folder that holds a file or folder.
fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|dir| !dir.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Somebody else may make it at the same time.
fn create_dir(path: &Path) -> io::Result<()> {
    fs::create_dir(path).or_else(|error| if path.is_dir() { Ok(()) } else { Err(error) })
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

/// Reads a file of our own, however long it is. None when it does not exist: one that cannot be read is not missing.
pub(crate) fn read_if_there(path: &Path) -> Result<Option<Vec<u8>>, StoreError> {
    match fs::read(path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(StoreError::io("read", path)(error)),
    }
}

/// True for a file that holds these bytes and no others. It is not read as a whole.
pub(crate) fn holds(path: &Path, content: &[u8]) -> bool {
    let Ok(mut file) = File::open(path) else { return false };
    let (mut part, mut rest) = (vec![0; 64 << 10], content);
    loop {
        match file.read(&mut part) {
            Ok(0) => return rest.is_empty(),
            Ok(count) => match rest.split_at_checked(count) {
                Some((same, behind)) if part.get(..count) == Some(same) => rest = behind,
                _ => return false,
            },
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(_) => return false,
        }
    }
}

/// Why a file was not opened.
#[derive(Debug)]
pub(crate) enum NotOpened {
    /// The system refused.
    Io(io::Error),
    /// It is something else, in words.
    NotAFile(&'static str),
}

impl From<NotOpened> for io::Error {
    fn from(error: NotOpened) -> Self {
        match error {
            NotOpened::Io(error) => error,
            NotOpened::NotAFile(what) => Self::new(io::ErrorKind::InvalidInput, what),
        }
    }
}

/// Opens a plain file to read it. Opening a pipe must not wait for whoever writes to it, and a device has no end.
pub(crate) fn open_file(path: &Path) -> Result<File, NotOpened> {
    open_plain(path).map(|(file, _)| file)
}

/// A plain file and what the system says of it.
fn open_plain(path: &Path) -> Result<(File, fs::Metadata), NotOpened> {
    let mut options = File::options();
    options.read(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::custom_flags(&mut options, libc::O_NONBLOCK | libc::O_NOCTTY);
    let opened = options.open(path).and_then(|file| file.metadata().map(|kind| (file, kind)));
    // What could not be opened is perhaps no file: a folder on Windows, a socket.
    let kind = match &opened {
        Ok((_, kind)) => kind.clone(),
        Err(_) if is_link(path) && !path.exists() => return Err(NotOpened::NotAFile("it is a link that leads nowhere")),
        Err(_) => fs::metadata(path).map_err(NotOpened::Io)?,
    };
    match opened {
        _ if kind.is_dir() => Err(NotOpened::NotAFile("it is a folder, not a file")),
        _ if !kind.is_file() => Err(NotOpened::NotAFile("it is a pipe or a device, not a regular file")),
        opened => opened.map_err(NotOpened::Io),
    }
}

/// True for a link, wherever it leads.
pub(crate) fn is_link(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok_and(|kind| kind.is_symlink())
}

/// Where a file really lies. A link that leads nowhere stands for itself.
pub(crate) fn behind_links(path: &Path) -> PathBuf {
    if is_link(path) { fs::canonicalize(path).unwrap_or_else(|_| path.to_owned()) } else { path.to_owned() }
}

/// Reads a file of at most `limit` bytes. None when it does not exist.
pub(crate) fn read_limited(path: &Path, file: &str, limit: u64) -> Result<Option<Vec<u8>>, StoreError> {
    let Some((mut opened, len)) = open_limited(path, file, limit)? else { return Ok(None) };
    let len = usize::try_from(len.min(limit)).unwrap_or_default();
    let mut bytes = Vec::new();
    if len < SMALL {
        bytes.resize(len + 1, 0);
        let read = opened.read(&mut bytes).or_else(|error| if error.kind() == io::ErrorKind::Interrupted { Ok(0) } else { Err(error) });
        bytes.truncate(read.map_err(StoreError::io("read", path))?);
        if bytes.len() == len {
            // There was room for more, so it has ended: with very many small files, asking again takes a tenth of the time.
            return Ok(Some(bytes));
        }
    }
    bytes.reserve_exact(len.saturating_sub(bytes.len()));
    let left = (limit + 1).saturating_sub(bytes.len() as u64);
    opened.take(left).read_to_end(&mut bytes).map_err(StoreError::io("read", path))?;
    let read = bytes.len() as u64;
    if read > limit { Err(StoreError::TooLarge { file: file.to_owned(), len: read, limit }) } else { Ok(Some(bytes)) }
}

/// Opens a file of at most `limit` bytes, and says how many it has. None when it does not exist.
pub(crate) fn open_limited(path: &Path, file: &str, limit: u64) -> Result<Option<(File, u64)>, StoreError> {
    let (opened, kind) = match open_plain(path) {
        Ok(opened) => opened,
        Err(NotOpened::Io(error)) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => return Ok(None),
        Err(NotOpened::Io(error)) => return Err(StoreError::io("read", path)(error)),
        Err(NotOpened::NotAFile(what)) => return Err(StoreError::NotAFile { file: file.to_owned(), what }),
    };
    let len = kind.len();
    if len > limit { Err(StoreError::TooLarge { file: file.to_owned(), len, limit }) } else { Ok(Some((opened, len))) }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use super::*;

    #[derive(Default)]
    struct Seen(Mutex<Vec<String>>);

    impl Faults for Seen {
        fn before(&self, op: DiskOp<'_>, path: &Path) -> Verdict {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            self.0.lock().unwrap().push(format!("{op:?} {name}"));
            Verdict::Go
        }
    }

    #[test]
    fn each_new_folder_is_synced_into_the_one_above() {
        let dir = tempfile::tempdir().unwrap();
        let root = dir.path().join("root");
        fs::create_dir(&root).unwrap();
        let seen = Arc::new(Seen::default());
        Disk::with_faults(seen.clone()).create_dir_all(&root.join("a/b")).unwrap();
        assert_eq!(*seen.0.lock().unwrap(), ["CreateDir a", "SyncDir root", "CreateDir b", "SyncDir a"]);
    }

    #[test]
    fn what_a_crash_has_left_of_this_coder_goes_and_nothing_else() {
        let dir = tempfile::tempdir().unwrap();
        let (ann, bea) = (CoderKey::from_name("ann"), CoderKey::from_name("bea"));
        let (ours, theirs) = (Disk::default().owned_by(&ann), Disk::default().owned_by(&bea));
        let make = |path: PathBuf| {
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(&path, "").unwrap();
            path
        };
        let left = ["a.ron", "below/here/b.ron"].map(|name| make(ours.temp_path(&dir.path().join(name))));
        let mut others = [".git/c.ron", ".manicule/d.ron"].map(|name| make(ours.temp_path(&dir.path().join(name)))).to_vec();
        others.push(make(theirs.temp_path(&dir.path().join("a.ron"))));
        let named = left[0].file_name().unwrap().to_str().unwrap().to_owned();
        others.extend([dir.path().join(named.trim_start_matches('.')), dir.path().join("a.ron"), dir.path().join(".hidden")].map(make));
        ours.remove_left_temps(dir.path());
        assert!(left.iter().all(|path| !path.exists()));
        assert!(others.iter().all(|path| path.exists()), "{others:?}");
    }

    #[cfg(unix)]
    #[test]
    fn what_a_link_leads_to_is_replaced_and_its_folder_synced() {
        let dir = tempfile::tempdir().unwrap();
        let (here, there) = (dir.path().join("here"), dir.path().join("there"));
        [&here, &there].into_iter().for_each(|dir| fs::create_dir(dir).unwrap());
        fs::write(there.join("a"), "old").unwrap();
        std::os::unix::fs::symlink(there.join("a"), here.join("link")).unwrap();
        let synced = |path: &Path| {
            let seen = Arc::new(Seen::default());
            let disk = Disk::with_faults(seen.clone());
            disk.write_temp(path, b"new").unwrap();
            disk.put(path).unwrap();
            let seen = seen.0.lock().unwrap();
            seen.iter().filter(|op| op.starts_with("SyncDir")).cloned().collect::<Vec<_>>()
        };
        assert_eq!(synced(&here.join("link")), ["SyncDir there"]);
        assert!(is_link(&here.join("link")));
        assert_eq!(fs::read(there.join("a")).unwrap(), b"new");
        assert_eq!(synced(&here.join("plain")), [""; 0], "whoever puts many files syncs their folder once");
    }

    #[test]
    fn what_cannot_be_read_or_synced_is_not_missing() {
        let dir = tempfile::tempdir().unwrap();
        let (missing, long) = (dir.path().join("missing"), dir.path().join("x".repeat(4000)));
        fs::write(dir.path().join("file"), "").unwrap();
        assert!(matches!(read_if_there(&missing), Ok(None)));
        assert!(read_if_there(dir.path()).is_err(), "a folder is not missing");
        assert!(matches!(read_limited(&missing, "f", 9), Ok(None)));
        assert!(matches!(read_limited(&dir.path().join("file/below"), "f", 9), Ok(None)));
        assert!(read_limited(&long, "f", 9).is_err(), "the system does not even look");
        assert!(Disk::default().sync_dir(dir.path()).is_ok());
        assert!(!cfg!(unix) || Disk::default().sync_dir(&missing).is_err());
    }

    #[test]
    fn a_file_is_read_up_to_its_limit() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("five");
        fs::write(&path, "12345").unwrap();
        assert_eq!(read_limited(&path, "f", 5).unwrap().unwrap(), b"12345");
        assert!(matches!(read_limited(&path, "f", 4), Err(StoreError::TooLarge { len: 5, limit: 4, .. })));
        assert_eq!(read_limited(&path, "f", 6).unwrap().unwrap(), b"12345");
    }

    /// Files of the system say that they are empty.
    #[cfg(target_os = "linux")]
    #[test]
    fn a_file_that_is_longer_than_it_says_is_not_cut() {
        let path = Path::new("/proc/self/status");
        let whole = fs::read(path).unwrap().len() as u64;
        assert!(matches!(read_limited(path, "f", 10), Err(StoreError::TooLarge { len: 11, limit: 10, .. })));
        assert!(read_limited(path, "f", whole + 1000).unwrap().is_some_and(|read| read.len() > 10));
    }
}
