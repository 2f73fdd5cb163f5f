//! Earlier states of projects: which there are, what differs, and copies of them. The projects need not exist any more.
//!
//! Start at [`known_projects`] for all projects of this machine, at [`Workspace::known_project`] for the open one, and at
//! `workspace/restore.rs` for bringing the open project back.

use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use super::Workspace;
pub use super::compare::{CompareJob, Fate, FileChange, What};
pub use super::copy_state::{Copied, CopyJob};
use crate::model::{CoderKey, ProjectId};
use crate::store::layout::{PROJECT, StateDir, is_of_project};
use crate::store::states::{Record, files_of, read_states};
use crate::store::{Folder, Kept, MAX_TEXT_BYTES, Places, Stamp, Stamps, StoreError, coder_dirs};
pub use crate::store::{Occasion, RowCounts};

/// Names a state of a project: `ann/12`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct StateId {
    /// Whose session has noted it.
    pub coder: CoderKey,
    /// Goes up; numbers are left out where states were replaced or removed.
    pub sequence: u64,
}

impl fmt::Display for StateId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.coder, self.sequence)
    }
}

impl FromStr for StateId {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (coder, sequence) = text.split_once('/').ok_or("a state is named like ann/12")?;
        let sequence = sequence.parse().map_err(|_| "a state is named like ann/12")?;
        Ok(Self { coder: CoderKey::new(coder).map_err(|error| error.to_string())?, sequence })
    }
}

/// A state of a project.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ProjectState {
    /// Its name.
    pub id: StateId,
    /// When it was noted, by the clock of then.
    pub time: SystemTime,
    /// What for.
    pub occasion: Occasion,
    /// Rows that this coder has changed since the state before.
    pub rows: RowCounts,
    /// Documents concerned; for the oldest state all documents.
    pub documents: usize,
    /// False before the first backup has run: then only the files are in it that this program has written.
    pub is_complete: bool,
}

/// A project that was opened on this machine.
#[derive(Clone, Debug)]
pub struct KnownProject {
    /// Its id.
    pub id: ProjectId,
    /// Its name in the newest state; empty where there is none.
    pub name: String,
    /// Where it lies, or lay.
    pub place: PathBuf,
    /// Its states, coder by coder, the newest first.
    pub states: Vec<ProjectState>,
    // In the state folder.
    dir: PathBuf,
}

/// All projects that were opened on this machine, also those whose folders are gone, sorted by place.
#[must_use]
pub fn known_projects(places: &Places) -> Vec<KnownProject> {
    let states = places.project_states().into_iter();
    let mut projects: Vec<KnownProject> = states.filter_map(|(dir, place)| KnownProject::read(dir, place)).collect();
    projects.sort_by(|a, b| (&a.place, a.id).cmp(&(&b.place, b.id)));
    projects
}

impl Workspace {
    /// This project with its states.
    #[must_use]
    pub fn known_project(&self) -> KnownProject {
        KnownProject::with_id(self.state.project.id, self.project_state().to_owned(), self.dir().to_owned())
    }
}

impl KnownProject {
    fn read(dir: PathBuf, place: PathBuf) -> Option<Self> {
        let id = dir.file_name()?.to_str()?.split_once('-')?.0.parse().ok()?;
        Some(Self::with_id(id, dir, place))
    }

    fn with_id(id: ProjectId, dir: PathBuf, place: PathBuf) -> Self {
        let mut project = Self { id, name: String::new(), place, states: Vec::new(), dir };
        let mut newest = 0;
        for state_dir in coder_dirs(&project.dir) {
            let Some(coder) = state_dir.coder() else { continue };
            for record in read_states(&state_dir.states()).unwrap_or_default().records.into_iter().rev() {
                if record.time >= newest {
                    newest = record.time;
                    project.name.clone_from(&record.project);
                }
                project.states.push(state_of(&coder, &record));
            }
        }
        project
    }

    /// True when the project is still where it was.
    #[must_use]
    pub fn is_there(&self) -> bool {
        self.place.join(PROJECT).is_file()
    }

    /// The state that was noted last, by the clocks of then.
    #[must_use]
    pub fn last_state(&self) -> Option<&ProjectState> {
        // Of equal ones the first, which is the newest.
        self.states.iter().rev().max_by_key(|state| state.time)
    }

    /// Finds a state by its name; the coder may be left out where there is only one.
    ///
    /// # Errors
    /// When there is no such state.
    pub fn find_state(&self, name: &str) -> Result<&ProjectState, StoreError> {
        let is_named = |state: &&ProjectState| state.id.to_string() == name || state.id.sequence.to_string() == name;
        let mut found = self.states.iter().filter(is_named);
        match (found.next(), found.next()) {
            (Some(state), None) => Ok(state),
            _ => Err(StoreError::NoSuchState(name.to_owned())),
        }
    }

    /// What differs between a state and another one, or the files as they are now. Save before: what is only in the
    /// journal does not count.
    ///
    /// # Errors
    /// When there is no such state.
    pub fn compare(&self, from: &StateId, to: Option<&StateId>) -> Result<CompareJob, StoreError> {
        let to = to.map_or_else(|| Snapshot::of_folder(&self.place), |to| self.snapshot(to))?;
        Ok(CompareJob::new(self.snapshot(from)?, to))
    }

    pub(super) fn snapshot(&self, id: &StateId) -> Result<Snapshot, StoreError> {
        let mut records = read_states(&StateDir::new(&self.dir, &id.coder).states())?.records;
        let at = records.iter().position(|record| record.sequence == id.sequence);
        records.truncate(at.map(|at| at + 1).ok_or_else(|| StoreError::NoSuchState(id.to_string()))?);
        Ok(Snapshot { files: files_of(&records), kept: Kept::read(&self.dir), folder: Folder::new(&self.place) })
    }
}

fn state_of(coder: &CoderKey, record: &Record) -> ProjectState {
    ProjectState {
        id: StateId { coder: coder.clone(), sequence: record.sequence },
        time: UNIX_EPOCH + Duration::from_millis(record.time),
        occasion: record.occasion,
        rows: record.rows,
        documents: record.documents.len(),
        is_complete: record.is_whole,
    }
}

/// The files of a project at one time, and where their contents are.
#[derive(Clone, Debug)]
pub(super) struct Snapshot {
    pub(super) files: Stamps,
    kept: Kept,
    folder: Folder,
}

impl Snapshot {
    fn of_folder(dir: &Path) -> Result<Self, StoreError> {
        let folder = Folder::new(dir);
        let mut files = Stamps::new();
        for path in folder.files()?.into_iter().filter(|path| is_of_project(path)) {
            if let Some(bytes) = folder.read(&path, MAX_TEXT_BYTES)? {
                files.insert(path, Stamp::of(&bytes));
            }
        }
        Ok(Self { files, kept: Kept::default(), folder })
    }

    /// The content of a file: from the copies, else from the project where it is still the same. None when the file is
    /// not in the snapshot.
    pub(super) fn read(&self, path: &str) -> Result<Option<Vec<u8>>, StoreError> {
        let Some(stamp) = self.files.get(path).copied() else { return Ok(None) };
        let in_folder = || {
            let bytes = self.folder.read(path, MAX_TEXT_BYTES).ok()??;
            (Stamp::of(&bytes) == stamp).then_some(bytes)
        };
        let content = self.kept.content(stamp).or_else(in_folder);
        content.map(Some).ok_or_else(|| StoreError::StateDamaged(path.to_owned()))
    }
}
