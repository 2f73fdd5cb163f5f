//! The folders outside the projects: state, configuration, and projects made by the program itself.

use std::env;
use std::path::{Path, PathBuf};

use directories::ProjectDirs;

use super::{Clock, Disk, StoreError};
use crate::model::{DocumentId, Id, IdSource, ProjectId};

/// Overrides where the state folder is; configuration and own projects then lie inside it.
pub const STATE_DIR_VARIABLE: &str = "MANICULE_STATE_DIR";

/// Where things are kept that do not belong into a project folder.
#[derive(Clone, Debug)]
pub struct Places {
    state: PathBuf,
    config: PathBuf,
    data: PathBuf,
    disk: Disk,
    clock: Clock,
}

impl Places {
    /// The user's folders, or those under [`STATE_DIR_VARIABLE`].
    ///
    /// # Errors
    /// When the user has no home folder and the variable is not set.
    pub fn from_environment() -> Result<Self, StoreError> {
        if let Some(state) = env::var_os(STATE_DIR_VARIABLE).filter(|value| !value.is_empty()) {
            return Ok(Self::under(Path::new(&state)));
        }
        let dirs = ProjectDirs::from("", "", "manicule").ok_or(StoreError::NoStateFolder)?;
        let state = dirs.state_dir().unwrap_or_else(|| dirs.data_local_dir()).to_owned();
        let (config, data) = (dirs.config_dir().to_owned(), dirs.data_dir().join("projects"));
        Ok(Self { state, config, data, disk: Disk::default(), clock: Clock::default() })
    }

    /// Everything under one folder.
    #[must_use]
    pub fn under(dir: &Path) -> Self {
        let (config, data) = (dir.join("config"), dir.join("projects"));
        Self { state: dir.to_owned(), config, data, disk: Disk::default(), clock: Clock::default() }
    }

    /// With another disk; for fault injection in tests.
    #[must_use]
    pub fn with_disk(mut self, disk: Disk) -> Self {
        self.disk = disk;
        self
    }

    /// With another clock; for tests.
    #[must_use]
    pub fn with_clock(mut self, clock: Clock) -> Self {
        self.clock = clock;
        self
    }

    /// What time it is.
    #[must_use]
    pub fn clock(&self) -> &Clock {
        &self.clock
    }

    /// Journals, undo history, earlier states and checksums of all projects.
    #[must_use]
    pub fn state_dir(&self) -> &Path {
        &self.state
    }

    /// The user's preferences.
    #[must_use]
    pub fn config_dir(&self) -> &Path {
        &self.config
    }

    /// Projects that the program makes by itself, for an article opened alone.
    #[must_use]
    pub fn data_dir(&self) -> &Path {
        &self.data
    }

    /// The door to the disk.
    #[must_use]
    pub fn disk(&self) -> &Disk {
        &self.disk
    }

    /// A folder in the data folder that does not exist yet, named after a title: for opening a single article.
    #[must_use]
    pub fn fresh_project_dir(&self, title: &str) -> PathBuf {
        let slug = DocumentId::from_title(title, Id::from_bits(1)).as_str().trim_end_matches("000000000001").trim_end_matches('-').to_owned();
        let name = if slug.is_empty() { "article".to_owned() } else { slug };
        let numbered = (1u32..).map(|n| if n == 1 { name.clone() } else { format!("{name}-{n}") });
        let mut free = numbered.map(|name| self.data.join(name)).filter(|dir| !dir.exists());
        free.next().unwrap_or_else(|| self.data.join(&name))
    }

    /// The state folders of all projects that were ever opened here, sorted, each with the project's place.
    pub(crate) fn project_states(&self) -> Vec<(PathBuf, PathBuf)> {
        let entries = std::fs::read_dir(&self.state).into_iter().flatten().filter_map(Result::ok).map(|entry| entry.path());
        let mut states: Vec<_> = entries.filter_map(|state| Some((read_place(&state)?, state))).map(|(place, state)| (state, place)).collect();
        states.sort_unstable();
        states
    }

    /// The state folder of a project at a place.
    pub(crate) fn project_state(&self, id: ProjectId, place: &Path) -> PathBuf {
        let hash = blake3::hash(place.as_os_str().as_encoded_bytes()).to_hex();
        self.state.join(format!("{id}-{}", hash.chars().take(12).collect::<String>()))
    }
}

/// Where the project of a state folder lies, or lay.
pub(crate) fn read_place(project_state: &Path) -> Option<PathBuf> {
    std::fs::read_to_string(place_file(project_state)).ok().map(PathBuf::from)
}

/// Says where the project of a state folder lies.
pub(crate) fn place_file(project_state: &Path) -> PathBuf {
    project_state.join("place")
}

/// Ids from the system's entropy.
#[must_use]
pub fn random_ids() -> IdSource {
    // Without entropy the clock is the best there is; two machines would have to start in the same nanosecond.
    let clock = || std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).map_or(1, |now| now.as_nanos() as u64);
    IdSource::seeded(getrandom::u64().unwrap_or_else(|_| clock()))
}
