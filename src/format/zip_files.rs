//! The files of a zip archive that is a file itself: read one by one into memory under caps, never extracted.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::io::{self, BufRead, Cursor, Read};

use zip::ZipArchive;

use super::{MAX_FILE_BYTES, Source};

/// An archive with more files is not read.
const MAX_FILES: usize = 500_000;
/// So many bytes are unpacked of one archive: small ones can hold any amount of zeros.
const MAX_UNPACKED_BYTES: u64 = 8 << 30;

/// An archive as a source.
pub(super) struct ZipFiles {
    archive: RefCell<ZipArchive<Cursor<Vec<u8>>>>,
    // By name, with `/`; of several with one name the first.
    names: BTreeMap<String, usize>,
    unpacked: Cell<u64>,
}

impl ZipFiles {
    /// # Errors
    /// When it is no archive, or has too many files.
    pub(super) fn open(bytes: Vec<u8>) -> io::Result<Self> {
        let mut archive = ZipArchive::new(Cursor::new(bytes))?;
        if archive.len() > MAX_FILES {
            return Err(io::Error::other(format!("it holds {} files, and at most {MAX_FILES} are read", archive.len())));
        }
        let mut names = BTreeMap::new();
        for index in 0..archive.len() {
            let file = archive.by_index_raw(index)?;
            let name = file.name()?.replace('\\', "/");
            if !file.is_dir() && !is_beside_files(&name) {
                names.entry(name).or_insert(index);
            }
        }
        Ok(Self { archive: RefCell::new(archive), names, unpacked: Cell::new(0) })
    }

    fn read(&self, index: usize) -> io::Result<Vec<u8>> {
        let mut archive = self.archive.borrow_mut();
        let file = archive.by_index(index)?;
        let left = MAX_UNPACKED_BYTES.saturating_sub(self.unpacked.get());
        let mut bytes = Vec::new();
        // What the archive says about the size may be wrong, so it is counted.
        file.take(left.min(MAX_FILE_BYTES + 1)).read_to_end(&mut bytes)?;
        self.unpacked.set(self.unpacked.get() + bytes.len() as u64);
        if bytes.len() as u64 == left {
            return Err(io::Error::other(format!("more than {} GB were unpacked of this archive", MAX_UNPACKED_BYTES >> 30)));
        }
        Ok(bytes)
    }
}

/// True for what systems put into archives beside the files: `__MACOSX/._project.qde`, `.DS_Store`.
#[must_use]
pub fn is_beside_files(name: &str) -> bool {
    name.split('/').any(|part| part == "__MACOSX" || part.len() > 1 && part.starts_with('.'))
}

impl Source for ZipFiles {
    fn names(&self) -> Vec<String> {
        self.names.keys().cloned().collect()
    }

    fn open<'s>(&'s self, name: &str) -> io::Result<Box<dyn BufRead + 's>> {
        let index = self.names.get(name).ok_or_else(|| io::Error::from(io::ErrorKind::NotFound))?;
        Ok(Box::new(Cursor::new(self.read(*index)?)))
    }
}
