//! An open project: state, history and journal behind the single door [`Workspace::apply`].
//!
//! Knows nothing of windows and command lines. What an action did is in the journal before `apply` returns; the
//! files follow with a checkpoint, which runs on any thread. Start at `workspace/open.rs` for how a project is opened
//! and recovered, at `workspace/save.rs` for checkpoints.

pub mod activity;
mod backup;
mod change_all;
pub mod check_all;
pub mod codebook;
mod compare;
mod copy_state;
pub mod corpus;
mod create;
pub mod dictionaries;
mod documents;
mod example;
pub mod export;
mod files_in;
mod files_out;
pub(crate) mod fit_schema;
pub mod guidelines;
mod identify;
pub mod import;
pub mod leave_out;
mod leaving;
mod load;
mod open;
mod outside;
mod recent;
mod recover;
mod restore;
mod save;
mod save_as;
mod snapshot;
pub mod states;
pub mod survey;
mod travel;
pub mod watch;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use activity::Logging;
pub use backup::{Backup, BackupJob};
pub use change_all::{ChangeAllError, ChangeAllJob, ChangeOfAll, Uses};
pub use create::NewProject;
pub use documents::{DocumentWriter, NewDocument};
pub use files_in::ids_of_content;
pub use leaving::Leaving;
pub use open::{Mode, OpenOptions, Opened, Origin, Who, adopt_history};
pub use outside::{SweepJob, Versions};
use recent::Recent;
pub use restore::{RestoreJob, RestorePlan, Restored};
pub use save::{CheckpointDone, CheckpointJob, SaveState};
pub use save_as::SaveAsJob;
use thiserror::Error;
use travel::Outcome;
pub use travel::{PreparedTravel, Travel, TravelJob, Travelling};

use crate::edit::{self, ApplyError, History, Side, Step, Table, Transaction, follow_text};
use crate::model::{CoderKey, DocumentId, Id, IdSource, SheetKey, State, system_reason};
use crate::store::activity::ActivityLog;
use crate::store::journal::{Appended, Journal, Kind};
use crate::store::layout::StateDir;
use crate::store::lock::Lock;
use crate::store::states::States;
use crate::store::{Disk, Folder, Intents, Kept, PathTable, Places, Remembered, Stamp, StoreError, parallel};

/// Transactions with more edits than this stay on the disk once they are journalled.
const MAX_EDITS_IN_MEMORY: usize = 1000;

/// Why a change was not made.
#[derive(Debug, Error)]
pub enum WorkspaceError {
    /// The project is open for reading only.
    #[error("the project is open for reading only: {0}")]
    ReadOnly(String),
    /// A row is not what it should be, or a range does not fit.
    #[error(transparent)]
    Refused(#[from] ApplyError),
    /// The step cannot be taken back or brought back, because its rows were changed from outside. It can be skipped.
    #[error("“{name}” cannot be undone or redone: {cause}")]
    StepDiffers {
        /// The transaction's name.
        name: String,
        /// The row that differs.
        cause: ApplyError,
    },
    /// A step was being taken back or brought back part by part, and something else was done meanwhile.
    #[error("something else was done meanwhile: the rest stays as it is")]
    OtherStep,
    /// Something could not be read or written.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// An action of the journal that no longer fits.
    #[error("{0}")]
    NotRecovered(String),
    /// Rows that waited on the disk.
    #[error("the rows of the import that waited on the disk cannot be read again: {}", system_reason(.0))]
    NotReadAgain(std::io::Error),
    /// A transaction that cannot be written down.
    #[error("the change cannot be written down: {0}")]
    NotWritable(String),
}

/// Whether changes can be made.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Access {
    /// Yes.
    ReadWrite,
    /// No.
    ReadOnly {
        /// For people: who has it open, or what the file system says.
        why: String,
    },
}

/// An open project.
#[derive(Debug)]
pub struct Workspace {
    folder: Folder,
    places: Places,
    state_dir: StateDir,
    coder: CoderKey,
    access: Access,
    ids: IdSource,
    state: State,
    history: History,
    recent: Recent,
    activity: ActivityLog,
    logging: Logging,
    // None when nothing may be written.
    journal: Option<Journal>,
    // Sheets that are in memory, blank ones included.
    loaded: BTreeSet<SheetKey>,
    // Changed since the last checkpoint began.
    dirty: BTreeSet<Table>,
    // What was done since the files last held everything, oldest first.
    unsaved: Vec<Arc<Transaction>>,
    // How many of them the running checkpoint writes.
    unsaved_in_flight: usize,
    // Being written by a checkpoint that runs.
    in_flight: Option<Arc<BTreeSet<Table>>>,
    // What the files held when they were read or written last.
    stamps: PathTable<Stamp>,
    // What the files held when any coder on this machine wrote them last.
    kept: Kept,
    // Earlier states of the project, as this coder's sessions noted them.
    states: States,
    // Rows of entity files that could not be understood, by file.
    put_aside: BTreeMap<String, Vec<String>>,
    // Documents whose text is not the one that their fields name.
    changed_texts: BTreeSet<DocumentId>,
    // A checkpoint that failed half-way and must be finished before the next.
    interrupted: Option<Intents>,
    // The journal is damaged before this generation; set aside when all is saved.
    damaged_before: u64,
    failure: Option<save::Failure>,
    conflicts: Vec<String>,
    remembered: Remembered,
    // Held as long as the workspace lives.
    _locks: Vec<Lock>,
}

impl Workspace {
    /// The data.
    #[must_use]
    pub fn state(&self) -> &State {
        &self.state
    }

    /// What can be undone and redone.
    #[must_use]
    pub fn history(&self) -> &History {
        &self.history
    }

    /// Who annotates.
    #[must_use]
    pub fn coder(&self) -> &CoderKey {
        &self.coder
    }

    /// The project folder.
    #[must_use]
    pub fn dir(&self) -> &Path {
        self.folder.root()
    }

    /// The state folder of this project and coder: journal, earlier states, what was put aside.
    #[must_use]
    pub fn state_dir(&self) -> PathBuf {
        self.state_dir.root().to_owned()
    }

    /// The state folder of this project: all coders of this machine.
    fn project_state(&self) -> &Path {
        self.state_dir.root().parent().and_then(Path::parent).unwrap_or(self.state_dir.root())
    }

    /// Whether changes can be made.
    #[must_use]
    pub fn access(&self) -> &Access {
        &self.access
    }

    /// A fresh id.
    pub fn next_id(&mut self) -> Id {
        self.ids.next_id()
    }

    /// A fresh id for a document.
    pub fn new_document_id(&mut self, title: &str) -> DocumentId {
        DocumentId::from_title(title, self.ids.next_id())
    }

    /// Applies a transaction and appends it to the journal. Sheets that it touches are loaded first. An empty
    /// transaction does nothing.
    ///
    /// When the journal cannot be written the change is made all the same and waits in memory: see
    /// [`Self::save_state`] and [`Self::retry`].
    ///
    /// # Errors
    /// When the project is read-only, a sheet cannot be loaded, or the transaction does not fit the data. Nothing
    /// is changed then.
    pub fn apply(&mut self, transaction: Transaction) -> Result<(), WorkspaceError> {
        if transaction.is_empty() {
            return Ok(());
        }
        let step = self.perform_step(Kind::Apply, transaction)?;
        self.history.record(step);
        Ok(())
    }

    /// Like [`Self::apply`], but the transaction belongs to the step before it: undo takes both back at once. For a
    /// run of quick answers, each of which is safe at once. Undo shows the name of the last part.
    ///
    /// After an undo or redo, and when there is no step before, it is a step of its own.
    ///
    /// # Errors
    /// As [`Self::apply`].
    pub fn apply_joined(&mut self, transaction: Transaction) -> Result<(), WorkspaceError> {
        if transaction.is_empty() {
            return Ok(());
        }
        let step = self.perform_step(Kind::Join, transaction)?;
        self.history.join(step);
        Ok(())
    }

    /// Takes the last transaction back. Returns what was applied to do so, for the window to show; none when there is
    /// nothing to take back.
    ///
    /// # Errors
    /// [`WorkspaceError::StepDiffers`] when rows were changed from outside: see [`Self::skip_undo`].
    pub fn undo(&mut self) -> Result<Option<Arc<Transaction>>, WorkspaceError> {
        let Some(step) = self.history.next_undo().cloned() else { return Ok(None) };
        let transaction = self.transaction_of(&step)?;
        let differs = |error| step_error(&transaction.name, error);
        let carried = edit::carry(&self.state, &transaction, Side::After).map_err(|error| differs(error.into()))?;
        let inverse = carried.as_ref().unwrap_or(&transaction).inverse();
        let inverse = Arc::new(self.prepared(inverse).map_err(differs)?);
        self.perform_shared(Kind::Undo, &inverse).map_err(differs)?;
        self.history.undone();
        Ok(Some(inverse))
    }

    /// Brings back what was undone last. Returns what was applied; none when there is nothing to bring back.
    ///
    /// # Errors
    /// [`WorkspaceError::StepDiffers`] when rows were changed from outside: see [`Self::skip_redo`].
    pub fn redo(&mut self) -> Result<Option<Arc<Transaction>>, WorkspaceError> {
        let Some(step) = self.history.next_redo().cloned() else { return Ok(None) };
        let transaction = self.transaction_of(&step)?;
        let name = transaction.name.clone();
        let differs = |error| step_error(&name, error);
        let carried = edit::carry(&self.state, &transaction, Side::Before).map_err(|error| differs(error.into()))?;
        let is_simple = carried.is_none() && transaction.text_changes().next().is_none();
        let transaction = match carried {
            None if is_simple => transaction,
            carried => Arc::new(self.prepared(carried.unwrap_or_else(|| transaction.as_ref().clone())).map_err(differs)?),
        };
        self.perform_shared(Kind::Redo, &transaction).map_err(differs)?;
        self.history.redone();
        Ok(Some(transaction))
    }

    /// The transaction that undo would take back; none when there is none.
    ///
    /// # Errors
    /// When the journal cannot be read.
    pub fn next_undo(&self) -> Result<Option<Arc<Transaction>>, WorkspaceError> {
        self.history.next_undo().map(|step| self.transaction_of(step)).transpose()
    }

    /// The transaction that redo would bring back; none when there is none.
    ///
    /// # Errors
    /// When the journal cannot be read.
    pub fn next_redo(&self) -> Result<Option<Arc<Transaction>>, WorkspaceError> {
        self.history.next_redo().map(|step| self.transaction_of(step)).transpose()
    }

    /// What the step is called that undo would take back: as its last part is.
    ///
    /// # Errors
    /// When the journal cannot be read.
    pub fn next_undo_name(&self) -> Result<Option<String>, WorkspaceError> {
        self.name_of(self.history.next_undo())
    }

    /// What the step is called that redo would bring back.
    ///
    /// # Errors
    /// When the journal cannot be read.
    pub fn next_redo_name(&self) -> Result<Option<String>, WorkspaceError> {
        self.name_of(self.history.next_redo())
    }

    fn name_of(&self, step: Option<&Step>) -> Result<Option<String>, WorkspaceError> {
        let last = step.and_then(|step| step.parts().last());
        last.map(|part| Ok(self.transaction_of(part)?.name.clone())).transpose()
    }

    /// Drops the step that undo would take back.
    pub fn skip_undo(&mut self) {
        self.history.skip_undo();
        self.append(Kind::SkipUndo, Vec::new());
    }

    /// Drops the step that redo would bring back.
    pub fn skip_redo(&mut self) {
        self.history.skip_redo();
        self.append(Kind::SkipRedo, Vec::new());
    }

    /// A small text that the window asked to remember.
    #[must_use]
    pub fn remembered(&self, name: &str) -> Option<String> {
        self.remembered.get(name).map(str::to_owned)
    }

    /// Remembers a small text, such as the place in a document, for this coder on this machine.
    pub fn remember(&mut self, name: &str, text: &str) {
        self.remembered.set(name, text);
    }

    /// The door to the file system for whatever is written on behalf of the project.
    pub(crate) fn disk(&self) -> &Disk {
        self.places.disk()
    }

    /// Loads what is touched, changes the data, journals. None when the journal could not be written.
    fn perform(&mut self, kind: Kind, transaction: Transaction) -> Result<(), WorkspaceError> {
        // Only what is in memory: what others changed is in their files already.
        let followed = follow_text(&self.state, &transaction)?;
        let transaction = self.with_texts(followed.unwrap_or(transaction));
        self.perform_shared(kind, &Arc::new(transaction)).map(|_| ())
    }

    fn perform_step(&mut self, kind: Kind, transaction: Transaction) -> Result<Step, WorkspaceError> {
        let transaction = Arc::new(self.prepared(transaction)?);
        let appended = self.perform_shared(kind, &transaction)?;
        Ok(step_of(transaction, appended))
    }

    /// [`Self::apply`] with what goes into the journal written already.
    fn apply_written(&mut self, transaction: Transaction, payload: String) -> Result<(), WorkspaceError> {
        if transaction.is_empty() {
            return Ok(());
        }
        let transaction = Arc::new(transaction);
        let appended = self.perform_written(Kind::Apply, &transaction, payload)?;
        self.history.record(step_of(transaction, appended));
        Ok(())
    }

    /// Adds a piece of an import, as a further part of the step before it where the import goes on.
    fn apply_piece(&mut self, transaction: Transaction, payload: String, goes_on: bool) -> Result<(), WorkspaceError> {
        if transaction.is_empty() {
            return Ok(());
        }
        let transaction = self.with_texts(transaction);
        let payload = if transaction.texts.is_empty() { payload } else { travel::written(&transaction)? };
        let (transaction, kind) = (Arc::new(transaction), if goes_on { Kind::Join } else { Kind::Apply });
        let appended = self.perform_written(kind, &transaction, payload)?;
        // An import has thousands of pieces: none stays in memory.
        let step = appended.map_or_else(|| Step::Loaded(transaction), stored);
        if goes_on {
            self.history.join(step)
        } else {
            self.history.record(step)
        }
        Ok(())
    }

    fn perform_shared(&mut self, kind: Kind, transaction: &Arc<Transaction>) -> Result<Option<Appended>, WorkspaceError> {
        self.perform_written(kind, transaction, travel::written(transaction)?)
    }

    /// `payload` is the transaction as the journal wants it.
    fn perform_written(&mut self, kind: Kind, transaction: &Arc<Transaction>, payload: String) -> Result<Option<Appended>, WorkspaceError> {
        self.perform_worked_out(kind, transaction, payload, None)
    }

    /// `outcome` is what it makes of the data, where somebody knows.
    fn perform_worked_out(
        &mut self,
        kind: Kind,
        transaction: &Arc<Transaction>,
        payload: String,
        outcome: Option<Outcome>,
    ) -> Result<Option<Appended>, WorkspaceError> {
        if let Access::ReadOnly { why } = &self.access {
            return Err(WorkspaceError::ReadOnly(why.clone()));
        }
        let touched = transaction.touches();
        self.load_touched(&touched)?;
        let before = self.state.revision();
        let sheets = || touched.iter().filter_map(|table| if let Table::Sheet(key) = table { Some(key) } else { None });
        match outcome.filter(|outcome| self.state.has_sheets_of(&outcome.before, sheets())) {
            Some(Outcome { before, after }) => {
                let replaced = self.state.take_over(&before, after, sheets());
                parallel::drop_elsewhere((before, replaced));
            }
            None => edit::apply(&mut self.state, transaction)?,
        }
        self.recent.record(before, self.state.revision(), transaction);
        self.note_change(transaction, touched);
        self.note_action(kind, transaction);
        Ok(self.append(kind, payload.into_bytes()))
    }

    fn note_change(&mut self, transaction: &Arc<Transaction>, touched: Vec<Table>) {
        self.dirty.extend(touched);
        // Every sheet says on which text it is, also one that has no place behind what was corrected.
        for (document, _) in transaction.text_changes() {
            self.dirty.extend(self.state.sheets_of(document).map(|(key, _)| Table::Sheet(key.clone())));
        }
        self.unsaved.push(transaction.clone());
    }

    fn append(&mut self, kind: Kind, payload: Vec<u8>) -> Option<Appended> {
        let result = self.journal.as_ref()?.append(kind, payload);
        self.note_failure(result)
    }

    fn transaction_of(&self, step: &Step) -> Result<Arc<Transaction>, WorkspaceError> {
        Ok(travel::transaction_of(&self.state_dir.journals(), step)?)
    }
}

/// A long step is read from the journal again when it is wanted.
fn step_of(transaction: Arc<Transaction>, appended: Option<Appended>) -> Step {
    match appended {
        Some(appended) if transaction.edits.len() > MAX_EDITS_IN_MEMORY => stored(appended),
        _ => Step::Loaded(transaction),
    }
}

fn stored(Appended { generation, offset, .. }: Appended) -> Step {
    Step::Stored { generation, offset }
}

fn step_error(name: &str, error: WorkspaceError) -> WorkspaceError {
    match error {
        WorkspaceError::Refused(cause) => WorkspaceError::StepDiffers { name: name.to_owned(), cause },
        other => other,
    }
}
