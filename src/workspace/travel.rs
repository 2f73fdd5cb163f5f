//! Undo and redo of long steps: worked out on any thread, then applied in a moment.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::{Workspace, WorkspaceError, step_error};
use crate::edit::{self, Side, Step, Table, Transaction};
use crate::model::{SheetKey, State};
use crate::progress::{CancelToken, Progress};
use crate::store::journal::{Kind, read_transaction, record_len};
use crate::store::{Loaded, Loader, StoreError, plain_ron};

/// A step whose records have more bytes than this is long: reading it takes longer than a frame has time.
const LONG: u64 = 256 << 10;
/// About what a row takes in a record.
const ROW_BYTES: u64 = 100;

/// Which way through the history.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Travel {
    /// Takes the last step back.
    Undo,
    /// Brings back what was undone last.
    Redo,
}

/// Works out what a long step changes.
#[derive(Debug)]
pub struct TravelJob {
    travel: Travel,
    step: Step,
    journals: PathBuf,
    state: State,
    revision: u64,
    loaded: BTreeSet<SheetKey>,
    loader: Loader,
}

/// What was worked out, for [`Workspace::travel`].
#[derive(Debug)]
pub struct PreparedTravel {
    travel: Travel,
    // Of the data that it was worked out for.
    revision: u64,
    // None where it can only be worked out by the workspace itself.
    change: Option<(Arc<Transaction>, String)>,
    sheets: Vec<Loaded>,
    outcome: Option<Outcome>,
}

/// What a change makes of the data.
#[derive(Debug)]
pub(super) struct Outcome {
    pub(super) before: State,
    pub(super) after: State,
}

impl Outcome {
    /// None where the change is refused.
    fn of(before: State, change: &Transaction) -> Option<Self> {
        let mut after = before.clone();
        edit::apply(&mut after, change).ok()?;
        Some(Self { before, after })
    }
}

impl Workspace {
    /// Undo or redo as a job, where the step is long. None where [`Self::undo`] or [`Self::redo`] is quick, or there is nothing
    /// to do.
    #[must_use]
    pub fn long_travel(&self, travel: Travel) -> Option<TravelJob> {
        let step = if travel == Travel::Undo { self.history.next_undo() } else { self.history.next_redo() }?;
        let journals = self.state_dir.journals();
        let bytes = |part: &Step| match part {
            Step::Stored { generation, offset } => record_len(&journals, *generation, *offset).unwrap_or(0),
            Step::Loaded(transaction) => transaction.edits.len() as u64 * ROW_BYTES,
            Step::Joined(_) => 0,
        };
        let is_long = step.parts().iter().map(bytes).sum::<u64>() > LONG;
        is_long.then(|| TravelJob {
            travel,
            step: step.clone(),
            journals: journals.clone(),
            state: self.state.clone(),
            revision: self.state.revision(),
            loaded: self.loaded.clone(),
            loader: self.loader(),
        })
    }

    /// Undo or redo with what a [`TravelJob`] has worked out; anew where the data changed meanwhile. Returns what was applied.
    ///
    /// # Errors
    /// As [`Self::undo`].
    pub fn travel(&mut self, prepared: PreparedTravel) -> Result<Option<Arc<Transaction>>, WorkspaceError> {
        let PreparedTravel { travel, revision, change, sheets, outcome } = prepared;
        let is_undo = travel == Travel::Undo;
        let Some((transaction, payload)) = change.filter(|_| revision == self.state.revision()) else {
            return if is_undo { self.undo() } else { self.redo() };
        };
        for loaded in sheets {
            // What there is to say about the sheet is said when it is looked at.
            self.insert_loaded(loaded);
        }
        let kind = if is_undo { Kind::Undo } else { Kind::Redo };
        self.perform_worked_out(kind, &transaction, payload, outcome).map_err(|error| step_error(&transaction.name, error))?;
        if is_undo {
            self.history.undone();
        } else {
            self.history.redone();
        }
        Ok(Some(transaction))
    }
}

impl TravelJob {
    /// Reads the step, and the sheets that it changes.
    ///
    /// # Errors
    /// When it is stopped, or the journal or a sheet cannot be read. Nothing is changed.
    pub fn run(self, (progress, cancel): (&Progress, &CancelToken)) -> Result<PreparedTravel, WorkspaceError> {
        let Self { travel, step, journals, mut state, revision, loaded, loader } = self;
        let done = transaction_of(&journals, &step)?;
        let mut prepared = PreparedTravel { travel, revision, change: None, sheets: Vec::new(), outcome: None };
        if done.text_changes().next().is_some() {
            return Ok(prepared);
        }
        let side = if travel == Travel::Undo { Side::After } else { Side::Before };
        let differs = |error: WorkspaceError| step_error(&done.name, error);
        let carried = edit::carry(&state, &done, side).map_err(|error| differs(error.into()))?;
        let wanted: Vec<SheetKey> =
            done.touches().into_iter().filter_map(|table| if let Table::Sheet(key) = table { Some(key) } else { None }).collect();
        progress.set_total(wanted.len() as u64 + 1);
        for key in wanted {
            if cancel.is_cancelled() {
                return Err(StoreError::Cancelled.into());
            }
            if !loaded.contains(&key) {
                let sheet = loader.load(&key)?;
                state.insert_loaded(&key, sheet.text().clone(), sheet.sheet().clone());
                prepared.sheets.push(sheet);
            }
            progress.add(1);
        }
        let change = match (travel, carried) {
            (Travel::Redo, None) => done,
            (Travel::Redo, Some(carried)) => Arc::new(with_texts(&state, carried)),
            (Travel::Undo, carried) => Arc::new(with_texts(&state, carried.as_ref().unwrap_or(&done).inverse())),
        };
        let payload = plain_ron::to_compact(&change).map_err(|error| WorkspaceError::NotWritable(error.to_string()))?;
        prepared.outcome = Outcome::of(state, &change);
        prepared.change = Some((change, payload));
        Ok(prepared)
    }
}

/// The transaction with the texts that it is made on.
pub(super) fn with_texts(state: &State, mut transaction: Transaction) -> Transaction {
    let keys = transaction.edits.iter().filter_map(edit::Edit::sheet);
    let row = |key: &SheetKey| state.document(&key.document).filter(|row| !row.corrections.is_empty());
    transaction.texts = keys.filter_map(|key| Some((key.document.clone(), row(key)?.text_hash.clone()))).collect();
    transaction
}

/// What a step did, read from the journal where it is not in memory.
pub(super) fn transaction_of(journals: &Path, step: &Step) -> Result<Arc<Transaction>, StoreError> {
    match step {
        Step::Loaded(transaction) => Ok(transaction.clone()),
        Step::Stored { generation, offset } => Ok(Arc::new(read_transaction(journals, *generation, *offset)?)),
        Step::Joined(parts) => {
            let parts = parts.iter().map(|part| transaction_of(journals, part)).collect::<Result<Vec<_>, _>>()?;
            Ok(Arc::new(Transaction::of_parts(parts.iter().map(AsRef::as_ref))))
        }
    }
}
