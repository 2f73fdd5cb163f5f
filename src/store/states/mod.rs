//! Earlier states of a project, kept in the state folder: they can be brought back even where the project is gone.
//!
//! `objects/` holds contents by their stamps, each once; two equal logs hold the states, each as what changed since the
//! one before. Knows nothing of rows: a state is paths and contents. Start at [`States`].

mod log;
mod objects;
mod prune;
mod record;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

pub(crate) use log::{paths as log_paths, read as read_states};
pub(crate) use objects::Objects;
pub(crate) use record::{Changes, Record};
pub use record::{Occasion, RowCounts};

use super::layout::{FileKind, kind_of};
use super::{Disk, PathHash, PathTable, Stamp, Stamps, StoreError};

/// A state that was noted by saving is replaced by the next one while it is younger than this, in milliseconds: ten states are
/// not ten saves of one minute.
pub(crate) const YOUNG: u64 = 5 * 60 * 1000;
/// A log with so many lines more than states is written anew.
const MANY_LINES: usize = 200;

/// What there is to note.
#[derive(Clone, Debug)]
pub(crate) struct Note {
    pub(crate) occasion: Occasion,
    /// Milliseconds since 1970.
    pub(crate) time: u64,
    /// The project's name.
    pub(crate) project: String,
    pub(crate) rows: RowCounts,
    pub(crate) changes: Changes,
    /// All files of the project were looked at.
    pub(crate) is_whole: bool,
}

/// One coder's states of a project. Clones are the same ones; nothing is read before it is needed.
#[derive(Clone, Debug)]
pub(crate) struct States(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    dir: PathBuf,
    disk: Disk,
    objects: Objects,
    inner: Mutex<Inner>,
}

#[derive(Debug, Default)]
struct Inner {
    is_loaded: bool,
    // What the newest state holds; its paths are in the log.
    head: PathTable<Stamp>,
    last: Option<Last>,
    // What could not be noted yet.
    pending: Changes,
    // Contents that are kept and not noted yet: they must not be collected.
    fresh: BTreeSet<Stamp>,
}

/// The newest state.
#[derive(Clone, Copy, Debug)]
struct Last {
    sequence: u64,
    since: u64,
    occasion: Occasion,
    is_complete: bool,
}

impl States {
    pub(crate) fn new(dir: PathBuf, disk: Disk) -> Self {
        let objects = Objects::new(dir.join("objects"), disk.clone());
        Self(Arc::new(Shared { dir, disk, objects, inner: Mutex::default() }))
    }

    pub(crate) fn objects(&self) -> &Objects {
        &self.0.objects
    }

    /// What the newest state holds of a file.
    pub(crate) fn stamp_of(&self, path: &str) -> Option<Stamp> {
        let inner = self.loaded().ok()?;
        inner.pending.get(path).copied().unwrap_or_else(|| inner.head.get(path))
    }

    /// All files of the newest state. Reads the log.
    pub(crate) fn head(&self) -> Stamps {
        // Nobody notes a state meanwhile.
        let _inner = self.lock();
        log::read(&self.0.dir).map(|log| files_of(&log.records)).unwrap_or_default()
    }

    /// Keeps a content that is going to be noted.
    pub(crate) fn keep(&self, stamp: Stamp, content: &[u8]) -> Result<(), StoreError> {
        self.lock().fresh.insert(stamp);
        self.objects().put(stamp, content)
    }

    /// Keeps what a file holds that is going to be noted, where there is one.
    pub(crate) fn keep_file(&self, content: Option<Vec<u8>>) -> Result<Option<Stamp>, StoreError> {
        let Some(content) = content else { return Ok(None) };
        let stamp = Stamp::of(&content);
        self.keep(stamp, &content).map(|()| Some(stamp))
    }

    /// Keeps a content that is going to be noted, and replaces a damaged copy of it.
    pub(crate) fn keep_checked(&self, stamp: Stamp, content: &[u8]) -> Result<(), StoreError> {
        self.lock().fresh.insert(stamp);
        self.objects().mend(stamp, content)
    }

    /// Like [`Self::note`], for what was read from the disk after the newest state was as in `seen`: what somebody has noted
    /// since then is newer.
    pub(crate) fn note_found(&self, mut note: Note, seen: &Stamps) -> Result<Option<u64>, StoreError> {
        {
            let inner = self.loaded()?;
            note.changes.retain(|path, _| inner.head.get(path) == seen.get(path).copied() && !inner.pending.contains_key(path));
        }
        self.note(note)
    }

    /// Notes a state where something differs from the newest one, and returns its number. What cannot be written is noted
    /// with the next one.
    pub(crate) fn note(&self, note: Note) -> Result<Option<u64>, StoreError> {
        let mut inner = match self.loaded() {
            Ok(inner) => inner,
            Err(error) => {
                self.lock().pending.extend(note.changes);
                return Err(error);
            }
        };
        let mut changes = std::mem::take(&mut inner.pending);
        changes.extend(note.changes);
        changes.retain(|path, stamp| inner.head.get(path) != *stamp);
        let Some(record) = inner.record(Note { changes, ..note }) else { return Ok(None) };
        if let Err(error) = log::append(&self.0.disk, &self.0.dir, &record) {
            inner.pending = record.changes;
            return Err(error);
        }
        let sequence = record.sequence;
        inner.take(record);
        Ok(Some(sequence))
    }

    /// Removes states that are old enough, and contents that neither the rest nor `needed` names. Damaged logs are
    /// written anew.
    pub(crate) fn tidy(&self, needed: impl FnOnce() -> Result<Stamps, StoreError>) -> Result<(), StoreError> {
        let inner = self.loaded()?;
        let log = log::read(&self.0.dir)?;
        let (count, is_long, is_damaged) = (log.records.len(), log.lines > log.records.len() + MANY_LINES, log.damaged > 0 || !log.is_alike);
        let (records, is_pruned) = prune::pruned(log.records);
        if count > 0 && (is_pruned || is_long || is_damaged) {
            log::rewrite(&self.0.disk, &self.0.dir, &records)?;
        }
        if !is_pruned {
            return Ok(());
        }
        let mut used: BTreeSet<Stamp> = records.iter().flat_map(|record| record.changes.values().copied().flatten()).collect();
        used.extend(needed()?.into_values());
        used.extend(&inner.fresh);
        used.extend(inner.pending.values().copied().flatten());
        self.objects().remove_left_temps();
        // The lock is held, so that nobody counts on a content that goes.
        self.objects().all().into_iter().filter(|stamp| !used.contains(stamp)).try_for_each(|stamp| self.objects().remove(stamp))
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        // A panic under the lock leaves at worst a head that lacks a change; the next backup finds it.
        self.0.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn loaded(&self) -> Result<MutexGuard<'_, Inner>, StoreError> {
        let mut inner = self.lock();
        if !inner.is_loaded {
            inner.load(&self.0.dir)?;
        }
        Ok(inner)
    }
}

impl Inner {
    fn load(&mut self, dir: &Path) -> Result<(), StoreError> {
        let records = log::read(dir)?.records;
        self.is_loaded = true;
        self.last = records.last().map(|record| Last::of(record, record.is_whole));
        self.head = files_of(&records).iter().map(|(path, stamp)| (PathHash::of(path), *stamp)).collect();
        Ok(())
    }

    /// None when there is nothing to note.
    fn record(&self, note: Note) -> Option<Record> {
        let Note { occasion, time, project, rows, changes, is_whole } = note;
        let is_young = |last: &Last| last.occasion == Occasion::Saved && time.abs_diff(last.since) < YOUNG;
        let is_before = matches!(occasion, Occasion::BeforeRestore | Occasion::BeforeTakeTheirs | Occasion::BeforeKeepMine);
        // What was saved just now is the present that something risky is about to change: it stays in the list.
        let replaces_young = matches!(occasion, Occasion::Saved | Occasion::Closed) || (is_before && changes.is_empty());
        let replaced = self.last.as_ref().filter(|last| is_young(last) && replaces_young);
        let makes_whole = is_whole && self.last.as_ref().is_none_or(|last| !last.is_complete);
        let seals = occasion != Occasion::Saved && replaced.is_some();
        if changes.is_empty() && !makes_whole && !seals {
            return None;
        }
        let previous = self.last.as_ref().map_or(0, |last| last.sequence);
        let since = replaced.map_or(time, |last| last.since);
        let documents = changes.keys().filter_map(|path| document_of(path)).collect();
        let replaces = replaced.is_some();
        Some(Record { sequence: previous + 1, previous, time, since, occasion, replaces, project, rows, documents, is_whole, changes })
    }

    fn take(&mut self, record: Record) {
        let was_complete = self.last.is_some_and(|last| last.is_complete);
        self.last = Some(Last::of(&record, was_complete || record.is_whole));
        for stamp in record.changes.values().flatten() {
            self.fresh.remove(stamp);
        }
        record.changes.into_iter().for_each(|(path, stamp)| self.head.set(&path, stamp));
    }
}

impl Last {
    fn of(record: &Record, is_complete: bool) -> Self {
        Self { sequence: record.sequence, since: record.since, occasion: record.occasion, is_complete }
    }
}

fn document_of(path: &str) -> Option<String> {
    match kind_of(path)? {
        FileKind::Fields(id, _) => Some(id.to_string()),
        FileKind::Sheet(key, _) => Some(key.document.to_string()),
        FileKind::Project | FileKind::Schema | FileKind::Entities(_) => None,
    }
}

fn apply(files: &mut Stamps, changes: Changes) {
    for (path, stamp) in changes {
        match stamp {
            Some(stamp) => drop(files.insert(path, stamp)),
            None => drop(files.remove(&path)),
        }
    }
}

/// What the last of these states holds.
pub(crate) fn files_of(records: &[Record]) -> Stamps {
    let mut files = Stamps::new();
    records.iter().for_each(|record| apply(&mut files, record.changes.clone()));
    files
}

#[cfg(test)]
mod tests {
    use super::*;

    fn note(time: u64, content: &[u8]) -> Note {
        let changes = Changes::from([("project.ron".to_owned(), Some(Stamp::of(content)))]);
        Note { occasion: Occasion::Saved, time, project: "p".into(), rows: RowCounts::default(), changes, is_whole: false }
    }

    fn opened(dir: &Path) -> States {
        States::new(dir.to_owned(), Disk::default())
    }

    #[test]
    fn a_damaged_log_is_written_anew_and_no_content_goes() {
        let dir = tempfile::tempdir().unwrap();
        let states = opened(dir.path());
        for content in [b"noted", b"fresh"] {
            states.keep(Stamp::of(content), content).unwrap();
        }
        states.note(note(1, b"noted")).unwrap();
        let [first, second] = log_paths(dir.path());
        let whole = log::read(dir.path()).unwrap().records;
        for damage in [|path: &Path| std::fs::write(path, "damaged\n").unwrap(), |path: &Path| std::fs::remove_file(path).unwrap()] {
            for path in [&first, &second] {
                damage(path);
                opened(dir.path()).tidy(|| Ok(Stamps::new())).unwrap();
                let log = log::read(dir.path()).unwrap();
                assert_eq!((log.is_alike, log.damaged, &log.records), (true, 0, &whole));
            }
        }
        let kept = [b"noted", b"fresh"].map(|content| states.objects().read(Stamp::of(content)));
        assert_eq!(kept, [Some(b"noted".to_vec()), Some(b"fresh".to_vec())], "no state went, so nothing is looked through");
    }

    #[test]
    fn a_log_of_which_nothing_can_be_read_is_left_alone() {
        let dir = tempfile::tempdir().unwrap();
        let paths = log_paths(dir.path());
        paths.iter().for_each(|path| std::fs::write(path, "damaged\n").unwrap());
        opened(dir.path()).tidy(|| Ok(Stamps::new())).unwrap();
        assert!(paths.iter().all(|path| std::fs::read(path).unwrap() == b"damaged\n"));
    }

    #[test]
    fn a_log_of_many_saves_of_a_few_minutes_is_written_anew() {
        let lines_after = |saves: u64| {
            let dir = tempfile::tempdir().unwrap();
            let states = opened(dir.path());
            for save in 0..saves {
                states.note(note(save, &save.to_le_bytes())).unwrap();
            }
            states.tidy(|| Ok(Stamps::new())).unwrap();
            let log = log::read(dir.path()).unwrap();
            assert_eq!(files_of(&log.records), Stamps::from([("project.ron".to_owned(), Stamp::of(&(saves - 1).to_le_bytes()))]));
            (log.records.len(), log.lines)
        };
        let few = MANY_LINES as u64 + 1;
        assert_eq!((lines_after(few), lines_after(few + 1)), ((1, few as usize), (1, 1)));
    }
}
