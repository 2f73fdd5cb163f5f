//! Locks: one window a coder. A courtesy; the stamps are the safety.

use std::fs::{self, File, TryLockError};
use std::io::{Seek, Write};
use std::path::Path;
use std::time::Duration;

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

/// So often a lock is asked for, and so long between: a program that was just started holds for a moment what its parent held.
const TRIES: u32 = 4;
const PAUSE: Duration = Duration::from_millis(10);

fn try_lock(file: &File) -> Result<(), TryLockError> {
    for _ in 1..TRIES {
        match file.try_lock() {
            Err(TryLockError::WouldBlock) => std::thread::sleep(PAUSE),
            result => return result,
        }
    }
    file.try_lock()
}

/// Takes a lock and writes into it who has it.
pub(crate) fn take(disk: &Disk, path: &Path, who: &str) -> Result<Locking, StoreError> {
    if let Some(dir) = path.parent() {
        disk.create_dir_all(dir)?;
    }
    let mut file = disk.open_lock(path)?;
    match try_lock(&file) {
        Ok(()) => {
            // Who has it is only for people: a lock without it is a lock too.
            let _ = file.set_len(0).and_then(|()| file.rewind()).and_then(|()| file.write_all(who.as_bytes()));
            Ok(Locking::Held(Lock { _file: Some(file) }))
        }
        Err(TryLockError::WouldBlock) => Ok(Locking::Busy(fs::read_to_string(path).unwrap_or_default().trim().chars().take(200).collect())),
        Err(TryLockError::Error(_)) => Ok(Locking::Held(Lock { _file: None })),
    }
}
