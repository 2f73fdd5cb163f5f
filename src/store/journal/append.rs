//! Writing the journal: appended at once, forced to the disk by a thread of its own.

use std::collections::VecDeque;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::thread;
use std::time::Duration;

use super::record::{HEADER_LEN, MAGIC, encode, journal_path};
use super::{Kind, Scan};
use crate::store::{Disk, StoreError};

/// A journal is cut into files of about this size.
const MAX_GENERATION_BYTES: u64 = 32 << 20;
/// Syncs are grouped: at most one in this time, so that what is done is on the disk well within a second.
const SYNC_PAUSE: Duration = Duration::from_millis(50);

/// The writing end of one coder's journal. Clones write to the same one.
#[derive(Clone, Debug)]
pub(crate) struct Journal(Arc<Mutex<Inner>>);

#[derive(Debug)]
struct Inner {
    dir: PathBuf,
    disk: Disk,
    generation: u64,
    // Of the last record that is written.
    sequence: u64,
    // None until the first record of this session: a session without changes writes nothing.
    file: Option<File>,
    // Bytes of the file that count.
    len: u64,
    // A failed write may have left bytes behind `len`; they must go before the next record.
    is_torn: bool,
    // What could not be appended yet, in order.
    unwritten: VecDeque<(Kind, Vec<u8>)>,
    // The last sequence that is surely on the disk.
    synced: u64,
    sync_failure: Option<String>,
    wake: Option<Sender<()>>,
}

/// Where a record went.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Appended {
    pub(crate) generation: u64,
    pub(crate) offset: u64,
    pub(crate) sequence: u64,
}

impl Journal {
    /// Continues after what was scanned, in a new generation.
    pub(crate) fn after(dir: &Path, disk: &Disk, scan: &Scan) -> Self {
        let sequence = scan.last_sequence();
        Self(Arc::new(Mutex::new(Inner {
            dir: dir.to_owned(),
            disk: disk.clone(),
            generation: scan.last_generation,
            sequence,
            file: None,
            len: 0,
            is_torn: false,
            unwritten: VecDeque::new(),
            synced: sequence,
            sync_failure: None,
            wake: None,
        })))
    }

    /// Appends after everything that waits. On failure the record waits too: call [`Self::flush`] later.
    pub(crate) fn append(&self, kind: Kind, payload: Vec<u8>) -> Result<Appended, StoreError> {
        let mut inner = self.lock();
        inner.unwritten.push_back((kind, payload));
        let appended = inner.flush()?;
        self.wake_syncer(&mut inner);
        appended.ok_or_else(|| StoreError::DamagedJournal { path: inner.path(), offset: inner.len })
    }

    /// Appends, but leaves nothing waiting on failure.
    pub(crate) fn append_now(&self, kind: Kind, payload: &[u8]) -> Result<Appended, StoreError> {
        let mut inner = self.lock();
        inner.flush()?;
        let appended = inner.write(kind, payload)?;
        self.wake_syncer(&mut inner);
        Ok(appended)
    }

    /// Appends what waits.
    pub(crate) fn flush(&self) -> Result<(), StoreError> {
        let mut inner = self.lock();
        inner.flush()?;
        self.wake_syncer(&mut inner);
        Ok(())
    }

    /// True when everything handed over is written (not yet synced).
    pub(crate) fn is_written(&self) -> bool {
        self.lock().unwritten.is_empty()
    }

    /// True when everything is on the disk.
    pub(crate) fn is_synced(&self) -> bool {
        let inner = self.lock();
        inner.unwritten.is_empty() && inner.synced >= inner.sequence
    }

    /// Why the last sync failed. What it should have secured is not safe from a power cut until the files are saved.
    pub(crate) fn sync_failure(&self) -> Option<String> {
        self.lock().sync_failure.clone()
    }

    /// The files hold everything: an earlier failed sync no longer matters.
    pub(crate) fn forgive_sync_failure(&self) {
        self.lock().sync_failure = None;
    }

    /// The last record written.
    pub(crate) fn last_sequence(&self) -> u64 {
        self.lock().sequence
    }

    /// Forces everything written so far to the disk.
    pub(crate) fn sync(&self) -> Result<(), StoreError> {
        let (file, path, sequence, disk) = {
            let inner = self.lock();
            let Some(file) = &inner.file else { return Ok(()) };
            if inner.synced >= inner.sequence {
                return Ok(());
            }
            let path = inner.path();
            (file.try_clone().map_err(StoreError::io("sync", &path))?, path, inner.sequence, inner.disk.clone())
        };
        let result = disk.sync(&file, &path);
        let mut inner = self.lock();
        match &result {
            Ok(()) => inner.synced = inner.synced.max(sequence),
            Err(error) => inner.sync_failure = Some(error.to_string()),
        }
        result
    }

    /// The next record starts a new file when this one is long.
    pub(crate) fn rotate_if_long(&self) -> Result<(), StoreError> {
        if self.lock().len < MAX_GENERATION_BYTES {
            return Ok(());
        }
        self.sync()?;
        let mut inner = self.lock();
        if inner.synced >= inner.sequence && !inner.is_torn {
            inner.file = None;
        }
        Ok(())
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        // A panic while holding the lock leaves at worst a record that did not finish; `is_torn` is set before it starts.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn wake_syncer(&self, inner: &mut Inner) {
        if inner.wake.as_ref().is_some_and(|wake| wake.send(()).is_ok()) {
            return;
        }
        let (wake, woken) = channel();
        let journal = Arc::downgrade(&self.0);
        let syncer = move || {
            while woken.recv().is_ok() {
                while woken.try_recv().is_ok() {}
                if sync_weak(&journal).is_none() {
                    break;
                }
                thread::sleep(SYNC_PAUSE);
            }
        };
        if thread::Builder::new().name("journal sync".into()).spawn(syncer).is_ok() {
            let _ = wake.send(());
            inner.wake = Some(wake);
        }
    }
}

fn sync_weak(journal: &Weak<Mutex<Inner>>) -> Option<()> {
    // A failure is kept in the journal for everybody to see.
    let _ = Journal(journal.upgrade()?).sync();
    Some(())
}

impl Inner {
    fn path(&self) -> PathBuf {
        journal_path(&self.dir, self.generation)
    }

    fn flush(&mut self) -> Result<Option<Appended>, StoreError> {
        let mut last = None;
        while let Some((kind, payload)) = self.unwritten.pop_front() {
            match self.write(kind, &payload) {
                Ok(appended) => last = Some(appended),
                Err(error) => {
                    self.unwritten.push_front((kind, payload));
                    return Err(error);
                }
            }
        }
        Ok(last)
    }

    fn write(&mut self, kind: Kind, payload: &[u8]) -> Result<Appended, StoreError> {
        if self.file.is_none() {
            self.start_generation()?;
        }
        let path = self.path();
        let Some(file) = &self.file else { return Err(StoreError::DamagedJournal { path, offset: 0 }) };
        if self.is_torn {
            self.disk.truncate(file, &path, self.len)?;
        }
        let sequence = self.sequence + 1;
        let record = encode(self.generation, sequence, kind, payload).ok_or(StoreError::DamagedJournal { path: path.clone(), offset: self.len })?;
        self.is_torn = true;
        self.disk.write_all(file, &path, &record)?;
        self.is_torn = false;
        let offset = self.len;
        self.len += (HEADER_LEN + payload.len()) as u64;
        self.sequence = sequence;
        Ok(Appended { generation: self.generation, offset, sequence })
    }

    fn start_generation(&mut self) -> Result<(), StoreError> {
        self.disk.create_dir_all(&self.dir)?;
        let generation = self.generation + 1;
        let path = journal_path(&self.dir, generation);
        let file = self.disk.open_append(&path)?;
        // An earlier attempt may have left its beginning.
        self.disk.truncate(&file, &path, 0)?;
        self.disk.write_all(&file, &path, MAGIC)?;
        self.disk.sync_dir(&self.dir)?;
        (self.file, self.generation, self.len, self.is_torn) = (Some(file), generation, MAGIC.len() as u64, false);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicBool, Ordering};
    use std::sync::mpsc::Receiver;

    use super::*;
    use crate::store::journal::scan;
    use crate::store::{DiskOp, Faults, Verdict};

    const DONE: Kind = Kind::CheckpointDone;

    /// A disk that cannot sync, or not write, while that is so.
    #[derive(Default)]
    struct Broken {
        sync: AtomicBool,
        write: AtomicBool,
    }

    impl Faults for Broken {
        fn before(&self, op: DiskOp<'_>, _: &Path) -> Verdict {
            let is_broken = match op {
                DiskOp::Sync => self.sync.load(Ordering::SeqCst),
                DiskOp::Write(_) => self.write.load(Ordering::SeqCst),
                _ => false,
            };
            if is_broken { Verdict::Fail(std::io::Error::other("broken")) } else { Verdict::Go }
        }
    }

    /// In the place of the thread that syncs stands whoever holds the receiver.
    fn journal() -> (tempfile::TempDir, Arc<Broken>, Journal, Receiver<()>) {
        let (dir, broken) = (tempfile::tempdir().unwrap(), Arc::new(Broken::default()));
        let journal = Journal::after(dir.path(), &Disk::with_faults(broken.clone()), &Scan::default());
        let (wake, woken) = channel();
        journal.lock().wake = Some(wake);
        (dir, broken, journal, woken)
    }

    #[test]
    fn what_is_not_on_the_disk_is_not_taken_for_safe() {
        let (_dir, broken, journal, woken) = journal();
        assert!(journal.is_synced() && journal.is_written(), "there is nothing yet");
        broken.sync.store(true, Ordering::SeqCst);
        journal.append_now(DONE, b"1").unwrap();
        assert!(woken.try_recv().is_ok(), "somebody is to sync it");
        assert!(journal.sync().is_err());
        assert!(journal.is_written() && !journal.is_synced());
        assert!(journal.sync_failure().is_some_and(|why| why.contains("broken")));
        broken.sync.store(false, Ordering::SeqCst);
        journal.sync().unwrap();
        assert!(journal.is_synced());
        assert!(journal.sync_failure().is_some(), "what it should have secured may be lost all the same");
        journal.forgive_sync_failure();
        assert_eq!(journal.sync_failure(), None);
    }

    #[test]
    fn what_could_not_be_written_waits_and_keeps_its_place() {
        let (dir, broken, journal, _woken) = journal();
        journal.append_now(DONE, b"1").unwrap();
        broken.write.store(true, Ordering::SeqCst);
        assert!(journal.append(DONE, b"2".to_vec()).is_err());
        assert!(journal.append_now(DONE, b"lost").is_err());
        journal.sync().unwrap();
        assert!(!journal.is_written() && !journal.is_synced());
        broken.write.store(false, Ordering::SeqCst);
        assert_eq!(journal.append(DONE, b"3".to_vec()).unwrap().sequence, 3);
        journal.sync().unwrap();
        assert!(journal.is_written() && journal.is_synced());
        let found = scan(dir.path()).unwrap();
        assert_eq!((found.entries.len(), found.has_gap, found.torn_len), (3, false, 0));
    }

    #[test]
    fn a_long_journal_goes_on_in_another_file() {
        let (dir, broken, journal, _woken) = journal();
        let third = vec![0; (MAX_GENERATION_BYTES / 3) as usize];
        let append = || {
            let appended = journal.append_now(DONE, &third).unwrap();
            journal.rotate_if_long().map(|()| appended.generation)
        };
        assert_eq!((append().unwrap(), append().unwrap()), (1, 1));
        broken.sync.store(true, Ordering::SeqCst);
        assert!(append().is_err(), "what is not on the disk is not left behind");
        assert_eq!(journal.append_now(DONE, b"").unwrap().generation, 1);
        broken.sync.store(false, Ordering::SeqCst);
        journal.rotate_if_long().unwrap();
        assert_eq!(journal.append_now(DONE, b"").unwrap().generation, 2);
        let found = scan(dir.path()).unwrap();
        assert_eq!((found.entries.len(), found.last_generation, found.has_gap), (5, 2, false));
    }
}
