//! Files in a zip archive: read under caps into memory, one at a time, and never extracted.

use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use zip::ZipArchive;

use crate::format::{MAX_FILE_BYTES, is_beside_files};
use crate::model::{Finding, Severity};
use crate::store::open_file;

/// An archive with more files is not read.
const MAX_FILES: usize = 500_000;
/// So many bytes are unpacked of one archive, all its files together: small archives can hold any amount of zeros.
const MAX_UNPACKED_BYTES: u64 = 16 << 30;

/// An open archive.
#[derive(Debug)]
pub(super) struct Archive {
    archive: Mutex<ZipArchive<BufReader<File>>>,
    unpacked: AtomicU64,
}

impl Archive {
    pub(super) fn open(path: &Path) -> io::Result<Self> {
        let archive = ZipArchive::new(BufReader::new(open_file(path)?))?;
        if archive.len() > MAX_FILES {
            return Err(io::Error::other(format!("it holds {} files, and at most {MAX_FILES} are read; split it", archive.len())));
        }
        Ok(Self { archive: Mutex::new(archive), unpacked: AtomicU64::new(0) })
    }

    /// Names of files by their index; folders, hidden files and what macOS adds are left out. `name` is the archive's.
    pub(super) fn files(&self, name: &str, findings: &mut Vec<Finding>) -> Vec<(String, usize)> {
        let mut archive = self.archive.lock().unwrap_or_else(PoisonError::into_inner);
        let mut files = Vec::new();
        for index in 0..archive.len() {
            let entry = archive.by_index_raw(index).and_then(|file| Ok((file.name()?.replace('\\', "/"), file.is_dir(), file.encrypted())));
            match entry {
                Ok((file, is_dir, _)) if is_dir || is_beside_files(&file) => {}
                Ok((file, _, true)) => {
                    let message = "this file is encrypted; it was left out. Unpack the archive and import the folder";
                    findings.push(Finding::new(Severity::Error, "encrypted", message).in_file(format!("{name}/{file}")));
                }
                Ok((file, ..)) => files.push((format!("{name}/{file}"), index)),
                Err(error) => {
                    let message = format!("file {} of this archive cannot be read: {error}. It was left out", index + 1);
                    findings.push(Finding::new(Severity::Error, "unreadable-file", message).in_file(name));
                }
            }
        }
        files
    }

    /// The first `limit` bytes of a file.
    pub(super) fn read(&self, index: usize, limit: u64) -> io::Result<Vec<u8>> {
        let mut archive = self.archive.lock().unwrap_or_else(PoisonError::into_inner);
        let file = archive.by_index(index)?;
        let left = MAX_UNPACKED_BYTES.saturating_sub(self.unpacked.load(Ordering::Relaxed));
        let mut bytes = Vec::new();
        // What the archive says about the size may be wrong, so it is counted.
        file.take(limit.min(MAX_FILE_BYTES + 1).min(left)).read_to_end(&mut bytes)?;
        self.unpacked.fetch_add(bytes.len() as u64, Ordering::Relaxed);
        if bytes.len() as u64 == left {
            let most = MAX_UNPACKED_BYTES >> 30;
            return Err(io::Error::other(format!("more than {most} GB were unpacked of this archive; unpack it yourself and import the folder")));
        }
        Ok(bytes)
    }

    /// Bytes of a file, as the archive says.
    pub(super) fn size(&self, index: usize) -> Option<u64> {
        let mut archive = self.archive.lock().unwrap_or_else(PoisonError::into_inner);
        archive.by_index_raw(index).ok().map(|file| file.size())
    }
}
