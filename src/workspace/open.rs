//! Opening projects: locks, what a crash has left, the tables, the journal.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use super::identify::{Identity, identify, overlay_of};
use super::recover::Past;
use super::{Access, Workspace};
use crate::edit::{Change, Edit, History, Transaction};
use crate::model::{Coder, CoderKey, Finding, IdSource, ProjectId, Severity};
use crate::progress::{CancelToken, Progress};
use crate::store::activity::ActivityLog;
use crate::store::files::{decode, read_project};
use crate::store::journal::{Journal, Kind};
use crate::store::layout::{PROJECT, StateDir};
use crate::store::lock::{self, Lock, Locking};
use crate::store::merge;
use crate::store::project::{Tables, read_tables};
use crate::store::states::States;
use crate::store::{
    Folder, Intents, Kept, MAX_RON_BYTES, Mend, Overlay, PathHash, Places, Remembered, Stamp, StoreError, aside_name, coder_dirs, is_link, is_table,
    overlay, place_file, random_ids, read_place, roll_forward,
};

/// Who opens a project.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Who {
    /// A coder of the project.
    Coder(CoderKey),
    /// A person; made a coder of the project where they are not yet.
    Named(String),
    /// Nobody in particular: for reading.
    Anybody,
}

/// What is wanted of a project.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Mode {
    /// To change it. Becomes read-only when somebody else has it, or the folder cannot be written.
    ReadWrite,
    /// To read it, with what all journals on this machine say. Writes nothing.
    ReadOnly,
}

/// How to open a project.
#[derive(Clone, Debug)]
pub struct OpenOptions {
    /// Who.
    pub who: Who,
    /// What for.
    pub mode: Mode,
    /// Where new ids come from.
    pub ids: IdSource,
    /// Shows how far it is, in documents.
    pub progress: Progress,
    /// Stops it.
    pub cancel: CancelToken,
}

impl OpenOptions {
    /// To change it.
    #[must_use]
    pub fn read_write(who: Who) -> Self {
        Self { who, mode: Mode::ReadWrite, ids: random_ids(), progress: Progress::new(), cancel: CancelToken::new() }
    }

    /// To read it.
    #[must_use]
    pub fn read_only() -> Self {
        Self { mode: Mode::ReadOnly, ..Self::read_write(Who::Anybody) }
    }
}

/// Whether this machine knows the project.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Origin {
    /// At this place.
    Known,
    /// Never seen.
    New,
    /// At another place: it was moved or copied. Treated as copied, with a fresh undo history, unless [`adopt_history`]
    /// is called before opening.
    Elsewhere {
        /// Where it was.
        place: PathBuf,
        /// It is still there, so this one is a copy.
        still_there: bool,
    },
}

/// An open project and what there is to say about it.
#[derive(Debug)]
pub struct Opened {
    /// The project.
    pub workspace: Workspace,
    /// What was found.
    pub findings: Vec<Finding>,
    /// Actions that were only in the journal.
    pub recovered: usize,
    /// Whether this machine knows it.
    pub origin: Origin,
}

impl Workspace {
    /// The coders of a project, without opening it.
    ///
    /// # Errors
    /// When there is no project, or it was written by a newer Manicule.
    pub fn coders(dir: &Path) -> Result<BTreeMap<CoderKey, Coder>, StoreError> {
        let folder = Folder::new(dir);
        let bytes = folder.read(PROJECT, MAX_RON_BYTES)?.ok_or_else(|| StoreError::NotAProject(dir.to_owned()))?;
        Ok(read_project(decode(PROJECT, &bytes, &mut Vec::new())?)?.1)
    }

    /// Opens a project. What a crash has left in the journal is brought back.
    ///
    /// # Errors
    /// When there is no project, its first files cannot be understood, or it was written by a newer Manicule.
    pub fn open(dir: &Path, options: OpenOptions, places: &Places) -> Result<Opened, StoreError> {
        let dir = fs::canonicalize(dir).map_err(StoreError::io("open", dir))?;
        let opening = Opening::new(&dir, options, places)?;
        match opening.options.mode {
            Mode::ReadWrite => opening.read_write(),
            Mode::ReadOnly => opening.read_only("it was opened for reading"),
        }
    }
}

/// Lets a project that was moved keep its journal and undo history: `other` is where it was.
///
/// # Errors
/// When there is no history there, one is here already, or a window has it open.
pub fn adopt_history(dir: &Path, other: &Path, places: &Places) -> Result<(), StoreError> {
    let dir = fs::canonicalize(dir).map_err(StoreError::io("open", dir))?;
    let id = project_id(&Folder::new(&dir))?;
    let (from, to) = (places.project_state(id, other), places.project_state(id, &dir));
    if to.exists() {
        return Err(StoreError::NotEmpty(to));
    }
    places.disk().rename(&from, &to)?;
    places.disk().replace(&place_file(&to), dir.as_os_str().as_encoded_bytes())
}

fn project_id(folder: &Folder) -> Result<ProjectId, StoreError> {
    let bytes = folder.read(PROJECT, MAX_RON_BYTES)?.ok_or_else(|| StoreError::NotAProject(folder.root().to_owned()))?;
    Ok(read_project(decode(PROJECT, &bytes, &mut Vec::new())?)?.0.id)
}

/// What is known while a project is being opened.
#[derive(Clone)]
struct Opening {
    folder: Folder,
    options: OpenOptions,
    places: Places,
    project_state: PathBuf,
    origin: Origin,
    coder: CoderKey,
    kept: Kept,
    findings: Vec<Finding>,
    mends: Vec<Mend>,
}

impl Opening {
    fn new(dir: &Path, options: OpenOptions, places: &Places) -> Result<Self, StoreError> {
        let folder = Folder::new(dir);
        let Identity { info, coders, project_state, kept, mends } = identify(&folder, places)?;
        let coder = match &options.who {
            Who::Coder(key) => key.clone(),
            Who::Named(name) => CoderKey::from_name(name),
            Who::Anybody => coders.keys().next().cloned().unwrap_or_else(|| CoderKey::from_name("")),
        };
        if let Who::Named(name) = &options.who
            && !coders.contains_key(&coder)
        {
            StoreError::check_name("the coder's name", name)?;
        }
        let origin = origin(places, info.id, dir, &project_state);
        let places = places.clone().with_disk(places.disk().owned_by(&coder));
        let findings = mends.iter().map(Mend::finding).collect();
        let folder = folder.with_overlay(overlay_of(&mends));
        Ok(Self { folder, options, places, project_state, origin, coder, kept, findings, mends })
    }

    fn read_write(mut self) -> Result<Opened, StoreError> {
        let state_dir = StateDir::new(&self.project_state, &self.coder);
        let locks = match self.take_locks(&state_dir) {
            Ok(locks) => locks,
            Err(why) => return self.read_only(&why),
        };
        let past = match self.make_ready(&state_dir) {
            Ok(past) => past,
            Err(error) => return self.read_only(&error.to_string()),
        };
        let tables = read_tables(&self.folder, &self.kept, (&self.options.progress, &self.options.cancel))?;
        let journal = Journal::after(&state_dir.journals(), self.places.disk(), &past.scan);
        if let (Some(intents), Some(through)) = (&past.intents, past.finished_through()) {
            // Finished just now; without this line it would be finished again at the next opening, which does no harm.
            let _ = journal.append_now(Kind::CheckpointDone, through.to_string().as_bytes());
            let _ = self.places.disk().remove(&state_dir.staged(intents.through));
        } else if past.has_lost_its_end() {
            // What stands in the journal is in the files; the line that said so is lost.
            let _ = journal.append_now(Kind::CheckpointDone, past.scan.last_sequence().to_string().as_bytes());
        }
        let history = past.history();
        let name = if let Who::Named(name) = &self.options.who { Some(name.clone()) } else { None };
        self.findings.extend(past.findings());
        let again = self.clone();
        let mut opened = self.assemble(tables, state_dir, history, Access::ReadWrite, Some(journal), locks);
        opened.workspace.damaged_before = past.scan.whole_generation;
        let journals = opened.workspace.state_dir.journals();
        opened.recovered = match opened.workspace.replay(&past, &journals, &mut opened.findings) {
            Ok(recovered) => recovered,
            Err(error) => {
                drop(opened);
                return again.read_only(&error.to_string());
            }
        };
        if let Some(name) = name {
            opened.workspace.add_coder(&name);
        }
        Ok(opened)
    }

    /// Locks and a place for the journal; an error says why there are none.
    fn take_locks(&mut self, state_dir: &StateDir) -> Result<Vec<Lock>, String> {
        let user = whoami("USER").or_else(|| whoami("USERNAME")).unwrap_or_else(|| "somebody".into());
        let computer = whoami("HOSTNAME").unwrap_or_else(|| "this computer".into());
        let who = format!("{user} on {computer}, process {}", std::process::id());
        let paths = [state_dir.lock(), self.folder.full(&format!(".manicule/locks/{}", self.coder))];
        let mut locks = Vec::new();
        for path in paths {
            if is_behind_link(&path, &self.folder) {
                return Err(format!("{} is a link, so nothing is written there; take it away", path.display()));
            }
            match lock::take(self.places.disk(), &path, &who) {
                Ok(Locking::Held(lock)) => locks.push(lock),
                Ok(Locking::Busy(who)) => return Err(format!("{} has it open in another window ({who})", self.coder)),
                Err(error) => return Err(error.to_string()),
            }
        }
        Ok(locks)
    }

    /// Finishes a checkpoint that a crash interrupted, cuts off what the crash left.
    fn make_ready(&mut self, state_dir: &StateDir) -> Result<Past, StoreError> {
        self.write_place()?;
        let disk = self.places.disk();
        for mend in &self.mends {
            mend.apply(&self.folder, state_dir, disk)?;
        }
        self.folder = Folder::new(self.folder.root());
        let mut past = Past::read(state_dir)?;
        past.keep_damaged(state_dir, disk)?;
        if let Some(intents) = &past.intents {
            let rolled = roll_forward(&self.folder, state_dir, disk, intents)?;
            self.kept.log(disk, &state_dir.checksums(), &rolled.written, self.places.clock().millis())?;
            for file in rolled.conflicts {
                let message = format!(
                    "was changed outside while a save was interrupted; it was left as it is, and what was to be saved is kept in {}",
                    state_dir.aside("", "").display()
                );
                self.findings.push(Finding::new(Severity::Error, "changed-outside", message).in_file(file));
            }
        }
        past.cut_torn_tail(state_dir, disk)?;
        if state_dir.running().exists() {
            disk.remove_left_temps(self.folder.root());
        }
        // On the disk before anything else changes: from now on there is no seal, and after a power cut none is missed.
        disk.replace(&state_dir.running(), std::process::id().to_string().as_bytes())?;
        disk.remove(&state_dir.seal())?;
        self.kept.compact(disk, &state_dir.checksums())?;
        Ok(past)
    }

    /// Says in the state folder where the project lies.
    fn write_place(&mut self) -> Result<(), StoreError> {
        let place = place_file(&self.project_state);
        let there = read_place(&self.project_state);
        if there.as_deref() == Some(self.folder.root()) {
            return Ok(());
        }
        // A power cut right after the very first locking leaves a folder with nothing in it.
        let was_used = coder_dirs(&self.project_state).iter().any(|dir| dir.checksums().exists() || dir.journals().exists());
        if was_used && !matches!(self.origin, Origin::New | Origin::Elsewhere { .. }) {
            let message = "the state folder did not say where this project lies; it does now";
            self.findings.push(Finding::new(Severity::Warning, "state-damaged", message));
        }
        self.places.disk().replace(&place, self.folder.root().as_os_str().as_encoded_bytes())
    }

    /// With what all journals on this machine say laid over the files. Nothing is written.
    fn read_only(mut self, why: &str) -> Result<Opened, StoreError> {
        for _ in 0..5 {
            let pasts = self.all_pasts()?;
            let mut laid_over: Overlay = overlay_of(&self.mends);
            for (state_dir, past) in &pasts {
                if let Some(intents) = &past.intents {
                    overlay(&self.folder, state_dir, intents, &mut laid_over)?;
                }
            }
            // What the files hold once the checkpoints are finished that others have begun.
            let expected: Vec<_> = pasts.iter().filter_map(|(_, past)| past.intents.as_ref()).flat_map(Intents::results).collect();
            self.kept.expect(expected, self.places.clock().millis());
            let folder = self.folder.clone();
            self.folder = folder.clone().with_overlay(laid_over);
            let tables = read_tables(&self.folder, &self.kept, (&self.options.progress, &self.options.cancel))?;
            let state_dir = StateDir::new(&self.project_state, &self.coder);
            let again = Self { folder, ..self.clone() };
            let marks: Vec<_> = pasts.iter().map(|(_, past)| past.mark()).collect();
            let mut opened = self.assemble(tables, state_dir, History::default(), Access::ReadOnly { why: why.to_owned() }, None, Vec::new());
            for (state_dir, past) in &pasts {
                opened.findings.extend(past.findings());
                let replayed = opened.workspace.replay(past, &state_dir.journals(), &mut opened.findings);
                opened.recovered += replayed.unwrap_or_else(|error| {
                    let message = format!("actions in the journal cannot be brought back now: {error}");
                    opened.findings.push(Finding::new(Severity::Error, "action-not-recovered", message));
                    0
                });
            }
            let now = again.all_pasts()?;
            if now.iter().map(|(_, past)| past.mark()).eq(marks) {
                return Ok(opened);
            }
            // Somebody saved in between: what was read is neither before nor after.
            self = again;
        }
        Err(StoreError::Conflict(vec![self.folder.root().display().to_string()]))
    }

    fn all_pasts(&self) -> Result<Vec<(StateDir, Past)>, StoreError> {
        let state_dirs = coder_dirs(&self.project_state).into_iter();
        state_dirs.map(|state_dir| Past::read(&state_dir).map(|past| (state_dir, past))).collect()
    }

    fn assemble(self, tables: Tables, state_dir: StateDir, history: History, access: Access, journal: Option<Journal>, locks: Vec<Lock>) -> Opened {
        let Tables { state, stamps, findings, put_aside, broken, mends } = tables;
        let mut all_findings = self.findings;
        all_findings.extend(findings);
        let stamps: Vec<(PathHash, Stamp)> = stamps.iter().map(|(path, stamp)| (PathHash::of(path), *stamp)).collect();
        let mut workspace = Workspace {
            activity: ActivityLog::new(state_dir.activity(), self.places.disk().clone()),
            remembered: Remembered::load(state_dir.remembered(), self.places.disk().clone()),
            kept: self.kept,
            states: States::new(state_dir.states(), self.places.disk().clone()),
            folder: self.folder,
            places: self.places,
            state_dir,
            coder: self.coder,
            access,
            ids: self.options.ids,
            state,
            history,
            recent: super::Recent::default(),
            logging: super::activity::Logging::default(),
            journal,
            loaded: BTreeSet::new(),
            dirty: BTreeSet::new(),
            unsaved: Vec::new(),
            unsaved_in_flight: 0,
            in_flight: None,
            stamps: stamps.iter().copied().collect(),
            put_aside,
            changed_texts: BTreeSet::new(),
            interrupted: None,
            damaged_before: 0,
            failure: None,
            conflicts: Vec::new(),
            _locks: locks,
        };
        for (path, bytes) in &broken {
            workspace.keep_aside(&aside_name(bytes), path, bytes);
        }
        workspace.mend(mends);
        all_findings.extend(workspace.find_gone_tables(stamps.into_iter().map(|(path, _)| path).collect()));
        all_findings.extend(merge::of_tables(&workspace.state));
        Opened { workspace, findings: all_findings, recovered: 0, origin: self.origin }
    }
}

impl Workspace {
    /// Files of the tables that were saved here and are not among those that are there.
    fn find_gone_tables(&self, there: Vec<PathHash>) -> Vec<Finding> {
        if self.kept.has_all_tables_among(there) {
            return Vec::new();
        }
        let files = match self.kept.files() {
            Ok(files) => files,
            Err(error) => return vec![error.to_finding("state-damaged")],
        };
        let gone = files.keys().filter(|path| is_table(path) && !self.folder.exists(path));
        gone.filter_map(|path| self.kept.changed_outside(path, None)).collect()
    }

    /// Makes a person a coder. Undo does not take it back.
    fn add_coder(&mut self, name: &str) {
        if self.state.coders.contains_key(&self.coder) {
            return;
        }
        let edit = Edit::Coder(Change::insert(self.coder.clone(), Coder::new(name)));
        // Refused only for reading, where nobody needs to be a coder.
        let _ = self.perform(Kind::Quiet, Transaction::new("add coder", vec![edit]));
    }
}

fn origin(places: &Places, id: ProjectId, dir: &Path, project_state: &Path) -> Origin {
    if project_state.exists() {
        return Origin::Known;
    }
    let prefix = format!("{id}-");
    let is_of_project = |state: &Path| state.file_name().is_some_and(|name| name.to_string_lossy().starts_with(&prefix));
    let mut others = places.project_states().into_iter().filter(|(state, place)| is_of_project(state) && place != dir);
    let Some((_, place)) = others.next() else { return Origin::New };
    let still_there = project_id(&Folder::new(&place)).is_ok_and(|there| there == id);
    Origin::Elsewhere { place, still_there }
}

/// True for a file of the project folder that a link leads elsewhere.
fn is_behind_link(path: &Path, folder: &Folder) -> bool {
    path.ancestors().take_while(|above| *above != folder.root()).any(|above| above.starts_with(folder.root()) && is_link(above))
}

fn whoami(variable: &str) -> Option<String> {
    std::env::var(variable).ok().filter(|value| !value.is_empty())
}
