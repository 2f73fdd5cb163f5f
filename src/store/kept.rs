//! What the files of a project held when they were last saved on this machine, and the good copies of them.

use std::collections::BTreeSet;
use std::fs;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use super::layout::StateDir;
use super::stamp::{Saved, SavedFiles, append_log, compact_log, read_log, visit_log};
use super::states::{Objects, Record, files_of, read_states};
use super::{Disk, PathHash, PathTable, Stamp, Stamps, StoreError, parallel};
use crate::model::{CoderKey, Finding, Severity};
use crate::progress::CancelToken;
use crate::text::TextHash;

/// What was last saved, by all coders on this machine. Clones are one.
#[derive(Clone, Debug, Default)]
pub(crate) struct Kept(Arc<Inner>);

#[derive(Debug, Default)]
struct Inner {
    // The project's folder in the state folder.
    dir: PathBuf,
    known: Mutex<Known>,
    // Files that are in a backup, whoever saved them. Read when something is wrong.
    seen: OnceLock<Stamps>,
}

/// What the logs say. A project has hundreds of thousands of files, so their paths are left in the logs.
#[derive(Debug, Default)]
struct Known {
    // Files that are in memory while the project is open.
    tables: PathTable<Stamp>,
    others: PathTable<Stamp>,
    // What the logs do not say yet, because somebody else is about to write it.
    expected: Vec<(String, Saved)>,
    // Logs with many more lines than files.
    long_logs: BTreeSet<PathBuf>,
    // The highest one.
    order: u64,
    // Of all logs together: they only grow while somebody works.
    bytes: u64,
}

/// A file compared with what was last saved.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Compared {
    /// It was never saved here, or it was removed here and is back.
    Unknown,
    /// It is as it was saved.
    AsSaved,
    /// It holds something else.
    Differs,
    /// It is not there.
    Gone,
}

impl Kept {
    /// Reads what all coders on this machine have saved of a project.
    pub(crate) fn read(project_state: &Path) -> Self {
        let mut known = Known::default();
        known.refresh(project_state);
        Self(Arc::new(Inner { dir: project_state.to_owned(), known: Mutex::new(known), seen: OnceLock::new() }))
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        // A panic under the lock leaves at worst a stamp that is not the latest.
        self.0.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What a file held when it was last saved; none when it was removed or never saved here.
    pub(crate) fn stamp_of(&self, path: &str) -> Option<Stamp> {
        self.known().table_of(path).get(path)
    }

    /// All files that should be there. Reads the logs; of one that cannot be read nobody knows what should be there.
    pub(crate) fn files(&self) -> Result<Stamps, StoreError> {
        let logs = coder_dirs(&self.0.dir).into_iter().map(|dir| Ok(read_log(&dir.checksums())?.0));
        let logs = logs.collect::<Result<Vec<SavedFiles>, StoreError>>()?;
        let mut files = SavedFiles::new();
        for (path, saved) in logs.into_iter().flatten().chain(self.known().expected.clone()) {
            let there = files.entry(path).or_insert(saved);
            if there.order < saved.order {
                *there = saved;
            }
        }
        Ok(files.into_iter().filter_map(|(path, saved)| Some((path, saved.stamp?))).collect())
    }

    /// True when each file of documents' fields and of entities that should be there is among these.
    pub(crate) fn has_all_tables_among(&self, mut there: Vec<PathHash>) -> bool {
        there.sort_unstable();
        self.known().tables.hashes().all(|hash| there.binary_search(&hash).is_ok())
    }

    /// Rewrites a log that has grown much longer than what it says.
    pub(crate) fn compact(&self, disk: &Disk, log: &Path) -> Result<(), StoreError> {
        if self.known().long_logs.remove(log) { compact_log(disk, log) } else { Ok(()) }
    }

    /// Compares a file as found. Somebody may have saved it in another window just now, so what differs is looked up again.
    pub(crate) fn compare(&self, path: &str, now: Option<Stamp>) -> Compared {
        match compared(self.stamp_of(path), now) {
            Compared::Differs | Compared::Gone if self.known().refresh(&self.0.dir) => compared(self.stamp_of(path), now),
            compared => compared,
        }
    }

    /// What is to be said of a file as found.
    pub(crate) fn changed_outside(&self, path: &str, now: Option<Stamp>) -> Option<Finding> {
        let what = match self.compare(path, now) {
            Compared::Unknown | Compared::AsSaved => return None,
            Compared::Differs => "was changed outside Manicule, or damaged, since it was last saved here; it is used as it is now",
            Compared::Gone => "is gone, though it was saved here",
        };
        let can_restore = self.last_saved(path).is_some();
        let hint = if can_restore { "the version that was last saved can be restored" } else { "there is no good copy of what was last saved" };
        Some(Finding::new(Severity::Warning, "changed-outside", format!("{what}; {hint}")).in_file(path))
    }

    /// How late the last save was, compared with those of other projects that lay in the same place.
    pub(crate) fn last_order(&self) -> u64 {
        self.known().order
    }

    /// Writes down what was saved, synced. `millis` is the clock: a later save has a higher order, however the clock is set.
    pub(crate) fn log(&self, disk: &Disk, log: &Path, written: &[(String, Option<Stamp>)], millis: u64) -> Result<(), StoreError> {
        let mut known = self.known();
        let order = known.next_order(millis);
        append_log(disk, log, written.iter().map(|(path, stamp)| (path.as_str(), Saved { order, stamp: *stamp })))?;
        known.set(order, written.iter().cloned());
        Ok(())
    }

    /// What files will hold once somebody else's save is finished. Nothing is written.
    pub(crate) fn expect(&self, results: impl IntoIterator<Item = (String, Option<Stamp>)>, millis: u64) {
        let mut known = self.known();
        let order = known.next_order(millis);
        let results: Vec<(String, Option<Stamp>)> = results.into_iter().collect();
        known.expected.extend(results.iter().map(|(path, stamp)| (path.clone(), Saved { order, stamp: *stamp })));
        known.set(order, results);
    }

    /// The content of a file as it was last saved here or seen by a backup, if there is a good copy.
    pub(crate) fn last_saved(&self, path: &str) -> Option<Vec<u8>> {
        let stamp = self.stamp_of(path).or_else(|| self.seen().get(path).copied())?;
        self.content(stamp)
    }

    /// A content that some coder's backup has.
    pub(crate) fn content(&self, stamp: Stamp) -> Option<Vec<u8>> {
        self.objects().find_map(|objects| objects.read(stamp))
    }

    /// A text that some coder's backup has.
    pub(crate) fn text(&self, hash: &TextHash) -> Option<Vec<u8>> {
        self.objects().find_map(|objects| objects.read_text(hash))
    }

    fn objects(&self) -> impl Iterator<Item = Objects> + use<> {
        coder_dirs(&self.0.dir).into_iter().map(|dir| Objects::new(dir.objects(), Disk::default()))
    }

    fn seen(&self) -> &Stamps {
        self.0.seen.get_or_init(|| self.backups().into_iter().flat_map(|(_, files)| files).collect())
    }

    /// All files of the project as the coders' backups have them, the newest first. None where no backup has run.
    pub(crate) fn backed_up(&self) -> Vec<Stamps> {
        self.backups().into_iter().rev().filter_map(|(newest, files)| newest.is_whole.then_some(files)).collect()
    }

    /// The newest state of each coder, the oldest first.
    fn backups(&self) -> Vec<(Record, Stamps)> {
        let logs = coder_dirs(&self.0.dir).into_iter().map(|dir| read_states(&dir.states()).unwrap_or_default().records);
        let newest = |mut records: Vec<Record>| {
            let files = files_of(&records);
            records.pop().map(|newest| (newest, files))
        };
        let mut backups: Vec<_> = logs.filter_map(newest).collect();
        backups.sort_by_key(|(newest, _)| newest.time);
        backups
    }
}

/// True for files that are in memory while the project is open: documents' fields and entities.
pub(crate) fn is_table(path: &str) -> bool {
    let is_in = |folder: &str| path.starts_with(folder);
    (is_in("documents/") || is_in("trash/documents/") || is_in("entities/")) && !path.ends_with(".txt")
}

/// A line of a log.
struct Line {
    path: PathHash,
    is_table: bool,
    // Which log it is in.
    log: usize,
    saved: Saved,
}

/// A log as read.
struct ReadLog {
    path: PathBuf,
    // In the order of their paths, those of one path as in the log.
    lines: Vec<Line>,
    is_whole: bool,
    is_long: bool,
}

impl ReadLog {
    fn read(path: &Path, number: usize) -> Self {
        let mut lines = Vec::new();
        let count = visit_log(path, |path, saved| Line::new(path, number, saved), |line| lines.push(line));
        lines.sort_by_key(|line| line.path);
        let files = lines.chunk_by(|a, b| a.path == b.path).count();
        let is_long = count.as_ref().is_ok_and(|count| *count >= 2 * files + 1000);
        Self { path: path.to_owned(), lines, is_whole: count.is_ok(), is_long }
    }
}

impl Known {
    fn table_of(&self, path: &str) -> &PathTable<Stamp> {
        if is_table(path) { &self.tables } else { &self.others }
    }

    /// Reads the logs again where they have grown. False when there is nothing new.
    fn refresh(&mut self, project_state: &Path) -> bool {
        let logs: Vec<PathBuf> = coder_dirs(project_state).iter().map(StateDir::checksums).collect();
        let bytes = logs.iter().filter_map(|log| fs::metadata(log).ok()).map(|meta| meta.len()).sum();
        if bytes == self.bytes {
            return false;
        }
        let is_first = self.order == 0;
        let (mut lines, mut is_read) = (Vec::new(), true);
        let take = |log: ReadLog| {
            is_read &= log.is_whole;
            self.long_logs.extend(log.is_long.then_some(log.path));
            lines.extend(log.lines);
            ControlFlow::Continue(())
        };
        let numbered: Vec<(usize, PathBuf)> = logs.into_iter().enumerate().collect();
        parallel::in_order(&numbered, &CancelToken::new(), || (), |(), (number, path)| ReadLog::read(path, *number), take);
        // Once more at the next question.
        self.bytes = if is_read { bytes } else { 0 };
        if is_read || is_first {
            let expected = self.expected.iter().map(|(path, saved)| Line::new(path, usize::MAX, *saved));
            lines.extend(expected);
            self.take(lines);
        }
        true
    }

    /// Of a log the last line of a file counts, of several logs the one with the highest order.
    fn take(&mut self, mut lines: Vec<Line>) {
        self.order = lines.iter().map(|line| line.saved.order).fold(self.order, u64::max);
        // Of several logs that are in order.
        lines.sort_by_key(|line| line.path);
        let mut tables = (Vec::new(), Vec::new());
        for of_file in lines.chunk_by(|a, b| a.path == b.path) {
            let last = of_file.iter().reduce(|last, line| if line.log == last.log || line.saved.order > last.saved.order { line } else { last });
            let Some((line, stamp)) = last.and_then(|line| Some((line, line.saved.stamp?))) else { continue };
            let table = if line.is_table { &mut tables.0 } else { &mut tables.1 };
            table.push((line.path, stamp));
        }
        (self.tables, self.others) = (PathTable::from_ordered(&tables.0), PathTable::from_ordered(&tables.1));
    }

    fn next_order(&self, millis: u64) -> u64 {
        millis.max(self.order + 1)
    }

    /// What is later than all that is known.
    fn set(&mut self, order: u64, files: impl IntoIterator<Item = (String, Option<Stamp>)>) {
        self.order = self.order.max(order);
        for (path, stamp) in files {
            let table = if is_table(&path) { &mut self.tables } else { &mut self.others };
            table.set(&path, stamp);
        }
    }
}

impl Line {
    fn new(path: &str, log: usize, saved: Saved) -> Self {
        Self { path: PathHash::of(path), is_table: is_table(path), log, saved }
    }
}

fn compared(saved: Option<Stamp>, now: Option<Stamp>) -> Compared {
    match (saved, now) {
        (None, _) => Compared::Unknown,
        (Some(saved), Some(now)) if saved == now => Compared::AsSaved,
        (Some(_), Some(_)) => Compared::Differs,
        (Some(_), None) => Compared::Gone,
    }
}

/// The state folders of all coders of a project on this machine.
pub(crate) fn coder_dirs(project_state: &Path) -> Vec<StateDir> {
    if project_state.as_os_str().is_empty() {
        return Vec::new();
    }
    let names = fs::read_dir(project_state.join("coders")).into_iter().flatten().filter_map(Result::ok);
    let mut coders: Vec<CoderKey> = names.filter_map(|entry| CoderKey::new(entry.file_name().to_str()?).ok()).collect();
    coders.sort_unstable();
    coders.iter().map(|coder| StateDir::new(project_state, coder)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_log_is_written_anew_where_it_is_much_longer_than_what_it_says() {
        let lines_after = |lines: u64| {
            let (state, disk) = (tempfile::tempdir().unwrap(), Disk::default());
            let log = StateDir::new(state.path(), &CoderKey::from_name("ann")).checksums();
            let saved = |order: u64| Saved { order, stamp: Some(Stamp::of(&order.to_le_bytes())) };
            append_log(&disk, &log, (1..=lines).map(|order| ("a.ron", saved(order)))).unwrap();
            let kept = Kept::read(state.path());
            kept.compact(&disk, &log).unwrap();
            let (known, left) = read_log(&log).unwrap();
            assert_eq!((known["a.ron"], kept.stamp_of("a.ron")), (saved(lines), saved(lines).stamp));
            left
        };
        assert_eq!([1, 1001, 1002, 1500].map(lines_after), [1, 1001, 1, 1]);
    }

    #[test]
    fn of_a_log_that_cannot_be_read_nothing_is_taken_for_unneeded() {
        let (state, disk) = (tempfile::tempdir().unwrap(), Disk::default());
        let log = StateDir::new(state.path(), &CoderKey::from_name("ann")).checksums();
        let kept = Kept::read(state.path());
        kept.log(&disk, &log, &[("a.ron".to_owned(), Some(Stamp::of(b"a")))], 1).unwrap();
        assert_eq!(kept.files().unwrap().len(), 1);
        // A folder in its place cannot be read as a file.
        std::fs::remove_file(&log).unwrap();
        std::fs::create_dir(&log).unwrap();
        assert!(kept.files().is_err());
    }

    #[test]
    fn the_later_save_counts_however_the_clock_is_set() {
        let dir = tempfile::tempdir().unwrap();
        let log = StateDir::new(dir.path(), &CoderKey::from_name("ann")).checksums();
        let (kept, disk, path) = (Kept::read(dir.path()), Disk::default(), "documents/a.ron");
        for (content, millis) in [(b"a", 100), (b"b", 100), (b"c", 50)] {
            let stamp = Stamp::of(content);
            kept.log(&disk, &log, &[(path.to_owned(), Some(stamp))], millis).unwrap();
            assert_eq!((kept.stamp_of(path), Kept::read(dir.path()).stamp_of(path)), (Some(stamp), Some(stamp)));
            assert_eq!(kept.last_order(), Kept::read(dir.path()).last_order());
        }
        assert_eq!(kept.last_order(), 102);
        kept.expect([(path.to_owned(), None)], 10);
        assert_eq!((kept.stamp_of(path), kept.last_order()), (None, 103));
    }

    #[test]
    fn what_another_window_has_saved_meanwhile_is_no_difference() {
        let dir = tempfile::tempdir().unwrap();
        let log = StateDir::new(dir.path(), &CoderKey::from_name("ann")).checksums();
        let (disk, path, stamp) = (Disk::default(), "documents/a.ron", Stamp::of(b"a"));
        let (here, there) = (Kept::read(dir.path()), Kept::read(dir.path()));
        here.log(&disk, &log, &[(path.to_owned(), Some(stamp))], 100).unwrap();
        let here = Kept::read(dir.path());
        assert_eq!((there.compare(path, Some(stamp)), here.compare(path, Some(stamp))), (Compared::Unknown, Compared::AsSaved));
        there.log(&disk, &log, &[(path.to_owned(), Some(Stamp::of(b"b")))], 200).unwrap();
        assert_eq!(here.compare(path, Some(Stamp::of(b"b"))), Compared::AsSaved, "it is looked up again");
        assert_eq!((here.compare(path, Some(stamp)), here.compare(path, None)), (Compared::Differs, Compared::Gone));
    }
}
