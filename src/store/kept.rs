//! What the files of a project held when they were last saved on this machine, and the good copies of them.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use super::layout::StateDir;
use super::stamp::{Known, Saved, merge_known, next_order, read_log};
use super::states::{Objects, Record, files_of, read_states};
use super::{Disk, Stamp, Stamps};
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
        let mut known = Known::new();
        for dir in coder_dirs(project_state) {
            merge_known(&mut known, read_log(&dir.checksums()).0);
        }
        Self(Arc::new(Inner { dir: project_state.to_owned(), known: Mutex::new(known), seen: OnceLock::new() }))
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        // A panic under the lock leaves at worst a stamp that is not the latest.
        self.0.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What a file held when it was last saved; none when it was removed or never saved here.
    pub(crate) fn stamp_of(&self, path: &str) -> Option<Stamp> {
        self.known().get(path)?.stamp
    }

    /// All files that should be there.
    pub(crate) fn files(&self) -> Stamps {
        self.known().iter().filter_map(|(path, saved)| Some((path.clone(), saved.stamp?))).collect()
    }

    /// Compares a file as found.
    pub(crate) fn compare(&self, path: &str, now: Option<Stamp>) -> Compared {
        match (self.stamp_of(path), now) {
            (None, _) => Compared::Unknown,
            (Some(saved), Some(now)) if saved == now => Compared::AsSaved,
            (Some(_), Some(_)) => Compared::Differs,
            (Some(_), None) => Compared::Gone,
        }
    }

    /// A number for the next save: see [`Saved::order`].
    pub(crate) fn next_order(&self, millis: u64) -> u64 {
        next_order(&self.known(), millis)
    }

    /// Takes note of what was saved.
    pub(crate) fn set(&self, written: impl IntoIterator<Item = (String, Option<Stamp>)>, order: u64) {
        self.known().extend(written.into_iter().map(|(path, stamp)| (path, Saved { order, stamp })));
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
        let logs = coder_dirs(&self.0.dir).into_iter().map(|dir| read_states(&dir.states()).records);
        let newest = |mut records: Vec<Record>| {
            let files = files_of(&records);
            records.pop().map(|newest| (newest, files))
        };
        let mut backups: Vec<_> = logs.filter_map(newest).collect();
        backups.sort_by_key(|(newest, _)| newest.time);
        backups
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
