//! Locks: one window a coder. A courtesy; the stamps are the safety.

use std::fs::{self, File, TryLockError};
use std::io::{Seek, Write};
use std::path::Path;

use super::{Disk, StoreError};

/// Held until it is dropped, or the process ends however it ends.
#[derive(Debug)]
pub(crate) struct Lock {
    // None where the file system cannot lock.
    _file: Option<File>,
}

/// What came of asking for a lock.
#[derive(Debug)]
pub(crate) enum Locking {
    /// Got it.
    Held(Lock),
    /// Somebody has it: who, as they wrote it.
    Busy(String),
}

/// Takes a lock and writes into it who has it.
pub(crate) fn take(disk: &Disk, path: &Path, who: &str) -> Result<Locking, StoreError> {
    if let Some(dir) = path.parent() {
        disk.create_dir_all(dir)?;
    }
    let mut file = disk.open_lock(path)?;
    match file.try_lock() {
        Ok(()) => {
            // Who has it is only for people: a lock without it is a lock too.
            let _ = file.set_len(0).and_then(|()| file.rewind()).and_then(|()| file.write_all(who.as_bytes()));
            Ok(Locking::Held(Lock { _file: Some(file) }))
        }
        Err(TryLockError::WouldBlock) => Ok(Locking::Busy(fs::read_to_string(path).unwrap_or_default().trim().chars().take(200).collect())),
        Err(TryLockError::Error(_)) => Ok(Locking::Held(Lock { _file: None })),
    }
}
