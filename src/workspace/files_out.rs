//! A sink on the disk: everything is written under temporary names, read back, and only then renamed. Until then it is a source
//! of what was written.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, BufWriter, Read, Write};
use std::path::{Path, PathBuf};

use crate::format::Source;
use crate::store::{Disk, StoreError, behind_links, open_file};

/// What unfinished files end in.
const TEMPORARY: &str = ".manicule-tmp";

/// Files of one export in one folder.
#[derive(Debug)]
pub(super) struct FileSink {
    root: PathBuf,
    disk: Disk,
    written: Vec<WrittenFile>,
    by_name: BTreeMap<String, usize>,
}

#[derive(Debug)]
struct WrittenFile {
    path: PathBuf,
    temporary: PathBuf,
    // Of what was handed over, or why it could not be written.
    hash: io::Result<blake3::Hash>,
    /// True when it was found to be on the disk as it was written.
    is_checked: bool,
}

impl FileSink {
    /// Into a folder, which is made where there is none.
    ///
    /// # Errors
    /// When it cannot be made.
    pub(super) fn new(root: &Path, disk: Disk) -> io::Result<Self> {
        disk.create_dir_all(root).map_err(cause)?;
        Ok(Self { root: root.to_owned(), disk, written: Vec::new(), by_name: BTreeMap::new() })
    }

    fn find(&self, name: &str) -> Option<&WrittenFile> {
        self.written.get(*self.by_name.get(name)?)
    }

    /// Reads the bytes back.
    ///
    /// # Errors
    /// When a file is not on the disk as it was written.
    pub(super) fn check(&mut self) -> io::Result<()> {
        for file in self.written.iter_mut().filter(|file| !file.is_checked) {
            let hash = std::mem::replace(&mut file.hash, Ok(blake3::hash(&[])))?;
            self.disk.sync(&File::open(&file.temporary)?, &file.temporary).map_err(cause)?;
            if hash_of(&file.temporary)? != hash {
                let message = format!("{} could not be read back as it was written; nothing was exported", file.path.display());
                return Err(io::Error::new(io::ErrorKind::InvalidData, message));
            }
            file.is_checked = true;
        }
        Ok(())
    }

    /// Reads back what was not yet, then puts everything in place. Returns the files.
    ///
    /// # Errors
    /// When a file is not on the disk as it was written. Nothing is put in place then.
    pub(super) fn finish(mut self) -> io::Result<Vec<PathBuf>> {
        self.check()?;
        for file in &self.written {
            self.disk.rename(&file.temporary, &behind_links(&file.path)).map_err(cause)?;
        }
        let done: Vec<PathBuf> = std::mem::take(&mut self.written).into_iter().map(|file| file.path).collect();
        let folders: BTreeSet<&Path> = done.iter().filter_map(|path| path.parent()).collect();
        folders.into_iter().try_for_each(|dir| self.disk.sync_dir(dir)).map_err(cause)?;
        Ok(done)
    }
}

impl Drop for FileSink {
    /// An export that was given up leaves nothing behind.
    fn drop(&mut self) {
        for file in &self.written {
            let _ = self.disk.remove(&file.temporary);
        }
    }
}

/// A folder in another sink.
pub(super) struct InFolder<'s> {
    /// Its name.
    pub(super) name: &'static str,
    /// Where it is.
    pub(super) sink: &'s mut dyn crate::format::Sink,
}

impl crate::format::Sink for InFolder<'_> {
    fn create<'s>(&'s mut self, name: &str) -> io::Result<Box<dyn Write + 's>> {
        self.sink.create(&format!("{}/{name}", self.name))
    }
}

impl crate::format::Sink for FileSink {
    fn create<'s>(&'s mut self, name: &str) -> io::Result<Box<dyn Write + 's>> {
        let path = self.root.join(name);
        // What is no plain file, such as a device, is not replaced by one.
        if fs::symlink_metadata(&path).is_ok() {
            open_file(&path)?;
        }
        // Where a link leads to, so that renaming is possible and the link stays.
        let mut temporary = behind_links(&path).into_os_string();
        temporary.push(TEMPORARY);
        let temporary = PathBuf::from(temporary);
        if let Some(dir) = path.parent() {
            self.disk.create_dir_all(dir).map_err(cause)?;
        }
        let file = self.disk.create(&temporary).map_err(cause)?;
        let writer = BufWriter::new(DiskFile { file, path: temporary.clone(), disk: self.disk.clone() });
        self.by_name.insert(name.to_owned(), self.written.len());
        self.written.push(WrittenFile { path, temporary, hash: Ok(blake3::hash(&[])), is_checked: false });
        let hash = self.written.last_mut().map(|file| &mut file.hash);
        Ok(Box::new(HashedFile { file: writer, hasher: blake3::Hasher::new(), hash }))
    }
}

/// What was written, as long as it is not in place.
impl Source for FileSink {
    fn names(&self) -> Vec<String> {
        self.by_name.keys().cloned().collect()
    }

    fn open<'s>(&'s self, name: &str) -> io::Result<Box<dyn BufRead + 's>> {
        let file = self.find(name).ok_or_else(|| io::Error::from(io::ErrorKind::NotFound))?;
        Ok(Box::new(BufReader::new(File::open(&file.temporary)?)))
    }

    fn size(&self, name: &str) -> Option<u64> {
        fs::metadata(&self.find(name)?.temporary).ok().map(|file| file.len())
    }
}

/// What the system said, without the place: whoever exports knows it.
fn cause(error: StoreError) -> io::Error {
    match error {
        StoreError::Io { cause, .. } => cause,
        other => io::Error::other(other),
    }
}

/// A file behind the door to the disk.
struct DiskFile {
    file: File,
    path: PathBuf,
    disk: Disk,
}

impl Write for DiskFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.disk.write_all(&self.file, &self.path, bytes).map_err(cause)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A file that knows what should be in it.
struct HashedFile<'f> {
    file: BufWriter<DiskFile>,
    hasher: blake3::Hasher,
    hash: Option<&'f mut io::Result<blake3::Hash>>,
}

impl Write for HashedFile<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.file.write(bytes)?;
        self.hasher.update(bytes.get(..written).unwrap_or(bytes));
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

impl Drop for HashedFile<'_> {
    fn drop(&mut self) {
        let flushed = self.file.flush();
        if let Some(hash) = self.hash.as_deref_mut() {
            *hash = flushed.map(|()| self.hasher.finalize());
        }
    }
}

fn hash_of(path: &Path) -> io::Result<blake3::Hash> {
    let mut file = File::open(path)?;
    let mut hasher = blake3::Hasher::new();
    let mut buffer = vec![0; 64 * 1024];
    loop {
        let read = file.read(&mut buffer)?;
        if read == 0 {
            return Ok(hasher.finalize());
        }
        hasher.update(buffer.get(..read).unwrap_or_default());
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::format::Sink;

    fn names(dir: &Path) -> Vec<String> {
        let mut names: Vec<String> = fs::read_dir(dir).unwrap().map(|e| e.unwrap().file_name().to_string_lossy().into_owned()).collect();
        names.sort();
        names
    }

    #[test]
    fn files_appear_only_when_all_are_right() {
        let dir = tempfile::tempdir().unwrap();
        let out = dir.path().join("out");
        let mut sink = FileSink::new(&out, Disk::default()).unwrap();
        sink.create("a.txt").unwrap().write_all(b"one").unwrap();
        sink.create("b/c.txt").unwrap().write_all(b"two").unwrap();
        assert_eq!(names(&out), ["a.txt.manicule-tmp", "b"]);
        sink.finish().unwrap();
        assert_eq!(names(&out), ["a.txt", "b"]);
        assert_eq!(fs::read(out.join("b/c.txt")).unwrap(), b"two");
    }

    #[test]
    fn a_file_that_does_not_read_back_stops_the_export() {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join("a.txt"), "old").unwrap();
        let mut sink = FileSink::new(dir.path(), Disk::default()).unwrap();
        sink.create("a.txt").unwrap().write_all(b"one").unwrap();
        fs::write(dir.path().join("a.txt.manicule-tmp"), "damaged").unwrap();
        assert!(sink.finish().unwrap_err().to_string().contains("read back"));
        assert_eq!(names(dir.path()), ["a.txt"]);
        assert_eq!(fs::read(dir.path().join("a.txt")).unwrap(), b"old");
    }

    struct Full;

    impl crate::store::Faults for Full {
        fn before(&self, op: crate::store::DiskOp<'_>, _: &Path) -> crate::store::Verdict {
            let writes = matches!(op, crate::store::DiskOp::Write(_));
            if writes { crate::store::Verdict::Fail(io::ErrorKind::StorageFull.into()) } else { crate::store::Verdict::Go }
        }
    }

    #[test]
    fn a_full_disk_is_named() {
        let dir = tempfile::tempdir().unwrap();
        let mut sink = FileSink::new(dir.path(), Disk::with_faults(std::sync::Arc::new(Full))).unwrap();
        // So little that it waits in memory until the file is closed.
        sink.create("a.txt").unwrap().write_all(b"one").unwrap();
        assert_eq!(sink.finish().unwrap_err().kind(), io::ErrorKind::StorageFull);
        assert!(names(dir.path()).is_empty());
    }

    #[test]
    fn a_given_up_export_leaves_nothing() {
        let dir = tempfile::tempdir().unwrap();
        let mut sink = FileSink::new(dir.path(), Disk::default()).unwrap();
        sink.create("a.txt").unwrap().write_all(b"one").unwrap();
        drop(sink);
        assert!(names(dir.path()).is_empty());
    }
}
