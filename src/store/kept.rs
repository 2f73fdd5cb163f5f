//! What the files of a project held when they were last saved on this machine, and the good copies of them.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use super::layout::StateDir;
use super::stamp::{Saved, SavedFiles, append_log, read_log};
use super::states::{Objects, Record, files_of, read_states};
use super::{Disk, Stamp, Stamps, StoreError};
use crate::model::CoderKey;
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

/// What the logs say.
#[derive(Debug, Default)]
struct Known {
    files: SavedFiles,
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
        self.known().files.get(path)?.stamp
    }

    /// All files that should be there.
    pub(crate) fn files(&self) -> Stamps {
        self.known().files.iter().filter_map(|(path, saved)| Some((path.clone(), saved.stamp?))).collect()
    }

    /// Compares a file as found. Somebody may have saved it in another window just now, so what differs is looked up again.
    pub(crate) fn compare(&self, path: &str, now: Option<Stamp>) -> Compared {
        match compared(self.stamp_of(path), now) {
            Compared::Differs | Compared::Gone if self.known().refresh(&self.0.dir) => compared(self.stamp_of(path), now),
            compared => compared,
        }
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
        known.merge(written.iter().map(|(path, stamp)| (path.clone(), Saved { order, stamp: *stamp })));
        Ok(())
    }

    /// What files will hold once somebody else's save is finished. Nothing is written.
    pub(crate) fn expect(&self, results: impl IntoIterator<Item = (String, Option<Stamp>)>, millis: u64) {
        let mut known = self.known();
        let order = known.next_order(millis);
        known.merge(results.into_iter().map(|(path, stamp)| (path, Saved { order, stamp })));
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

impl Known {
    /// Reads the logs again where they have grown. False when there is nothing new.
    fn refresh(&mut self, project_state: &Path) -> bool {
        let logs: Vec<PathBuf> = coder_dirs(project_state).iter().map(StateDir::checksums).collect();
        let bytes = logs.iter().filter_map(|log| fs::metadata(log).ok()).map(|meta| meta.len()).sum();
        if bytes == self.bytes {
            return false;
        }
        self.bytes = bytes;
        for log in &logs {
            match read_log(log) {
                Ok((files, _)) => self.merge(files),
                // Once more at the next question.
                Err(_) => self.bytes = 0,
            }
        }
        true
    }

    fn next_order(&self, millis: u64) -> u64 {
        millis.max(self.order + 1)
    }

    /// The later one counts.
    fn merge(&mut self, files: impl IntoIterator<Item = (String, Saved)>) {
        for (path, saved) in files {
            self.order = self.order.max(saved.order);
            let there = self.files.entry(path).or_insert(saved);
            if there.order < saved.order {
                *there = saved;
            }
        }
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
