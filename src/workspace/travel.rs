//! Undo and redo of long steps: worked out part by part on any thread, each then applied in a moment.
//!
//! After each part the history is whole: what is left of a step is what undo takes back next.

use std::collections::{BTreeSet, VecDeque};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::{Leaving, Workspace, WorkspaceError, step_error};
use crate::edit::{self, Edit, Side, Step, Table, Transaction};
use crate::model::{DocumentId, SheetKey, State};
use crate::progress::CancelToken;
use crate::store::journal::{Kind, read_transaction, record_len};
use crate::store::{Loaded, Loader, StoreError, plain_ron};

/// A step whose records have more bytes than this is long: reading it takes longer than a frame has time.
const LONG: u64 = 256 << 10;
/// Parts that are shorter than this on average are taken together: quick answers by the thousand.
const SHORT_PART: u64 = 16 << 10;
/// About what a row takes in a record.
const ROW_BYTES: u64 = 100;

/// A part with no more edits than this is applied within a frame.
const QUICK_EDITS: usize = 3000;
/// So many documents are in memory before they are written, where nobody waits.
const MAX_IN_MEMORY: usize = 2000;

/// Which way through the history.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Travel {
    /// Takes the last step back.
    Undo,
    /// Brings back what was undone last.
    Redo,
}

/// Works out what a long step changes, part by part: [`Self::next_part`].
#[derive(Debug)]
pub struct TravelJob {
    travel: Travel,
    // In the order in which they are applied.
    parts: VecDeque<Step>,
    journals: PathBuf,
    // What the data are once the parts before are applied, as far as they are needed; see `is_known`.
    state: State,
    // False when it is no longer known what the sheets of the next part hold.
    is_known: bool,
    // Sheets that were loaded when it began, or were read since.
    known: BTreeSet<SheetKey>,
    // Of these, documents that are no longer in `state`.
    left: BTreeSet<DocumentId>,
    loader: Loader,
}

/// A long step on its way: applies the parts that a [`TravelJob`] has worked out.
#[derive(Debug)]
pub struct Travelling {
    travel: Travel,
    // Revisions of the tables when the job began, or after the last part.
    tables: [u64; 3],
    // False when somebody else has changed a table since.
    is_current: bool,
    leaving: Leaving,
}

/// What was worked out of a part, for [`Travelling::apply`].
#[derive(Debug)]
pub struct PreparedTravel {
    part: Step,
    // None where this and all that is left can only be worked out by the workspace itself.
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

impl Workspace {
    /// Undo or redo as a job, where the step is long. None where [`Self::undo`] or [`Self::redo`] is quick, or there is nothing
    /// to do.
    #[must_use]
    pub fn long_travel(&self, travel: Travel) -> Option<(TravelJob, Travelling)> {
        let journals = self.state_dir.journals();
        let bytes = |part: &Step| match part {
            Step::Stored { generation, offset } => record_len(&journals, *generation, *offset).unwrap_or(0),
            Step::Loaded(transaction) => transaction.edits.len() as u64 * ROW_BYTES,
            Step::Joined(_) => 0,
        };
        let step = self.next_step(travel)?;
        let (len, parts) = (step.parts().iter().map(bytes).sum::<u64>(), step.parts().len() as u64);
        let job = |parts| self.travel_of(travel, parts);
        (len > LONG).then(|| job(if len / parts.max(1) < SHORT_PART { vec![step.clone()] } else { step.parts().to_vec() }))
    }

    fn travel_of(&self, travel: Travel, mut parts: Vec<Step>) -> (TravelJob, Travelling) {
        if travel == Travel::Undo {
            parts.reverse();
        }
        let (state, loaded, loader) = (self.state.clone(), self.loaded.clone(), self.loader());
        let travelling = Travelling { travel, tables: tables_of(&state), is_current: true, leaving: Leaving::default() };
        let journals = self.state_dir.journals();
        let job = TravelJob { travel, parts: parts.into(), journals, state, is_known: true, known: loaded, left: BTreeSet::new(), loader };
        (job, travelling)
    }

    /// Undo, with no more than a part of the step in memory.
    ///
    /// # Errors
    /// As [`Self::undo`], or when a file cannot be written. What was taken back before stays so.
    pub(super) fn undo_by_parts(&mut self) -> Result<(), WorkspaceError> {
        let Some(step) = self.next_step(Travel::Undo) else { return Ok(()) };
        let (mut job, mut travelling) = self.travel_of(Travel::Undo, step.parts().to_vec());
        while let Some(prepared) = job.next_part(&CancelToken::new()) {
            travelling.apply(self, prepared?)?;
            if travelling.leaving.in_memory().len() >= MAX_IN_MEMORY {
                travelling.leaving.let_go_now(self)?;
            }
        }
        Ok(())
    }

    fn next_step(&self, travel: Travel) -> Option<&Step> {
        if travel == Travel::Undo { self.history.next_undo() } else { self.history.next_redo() }
    }

    /// True where other parts of the step come after this one, which comes next. None where something else comes next.
    fn has_more_behind(&self, travel: Travel, part: &Step) -> Option<bool> {
        let step = self.next_step(travel)?;
        if step == part {
            return Some(false);
        }
        let next = if travel == Travel::Undo { step.parts().last() } else { step.parts().first() };
        (next == Some(part)).then_some(true)
    }
}

fn tables_of(state: &State) -> [u64; 3] {
    [state.tables_revision, state.entities_revision, state.schema_revision]
}

impl Travelling {
    /// Undo or redo of a part. Returns what was applied.
    ///
    /// # Errors
    /// As [`Workspace::undo`], and when the part is not what comes next, because something else was done meanwhile. Nothing is
    /// changed then.
    pub fn apply(&mut self, workspace: &mut Workspace, prepared: PreparedTravel) -> Result<Option<Arc<Transaction>>, WorkspaceError> {
        let PreparedTravel { part, change, sheets, outcome } = prepared;
        let is_undo = self.travel == Travel::Undo;
        let has_more = workspace.has_more_behind(self.travel, &part).ok_or(WorkspaceError::OtherStep)?;
        let Some((mut change, mut payload)) = change else {
            return if is_undo { workspace.undo() } else { workspace.redo() };
        };
        let mut last = None;
        let sheets_in_turn = change.edits.iter().filter_map(Edit::sheet).filter(|key| last.replace(*key) != Some(*key));
        self.leaving.extend(sheets_in_turn.filter(|key| !workspace.is_loaded(key)).map(|key| key.document.clone()));
        for loaded in sheets {
            // What there is to say about the sheet is said when it is looked at.
            workspace.insert_loaded(loaded);
        }
        let differs = |error| step_error(&change.name, error);
        self.is_current &= self.tables == tables_of(&workspace.state);
        if !self.is_current {
            let carried = edit::carry(&workspace.state, &change, Side::Before).map_err(|error| differs(error.into()))?;
            if let Some(carried) = carried {
                payload = written(&carried).map_err(differs)?;
                change = Arc::new(carried);
            }
        }
        let kind = match (self.travel, has_more) {
            (Travel::Undo, false) => Kind::Undo,
            (Travel::Undo, true) => Kind::UndoPart,
            (Travel::Redo, false) => Kind::Redo,
            (Travel::Redo, true) => Kind::RedoPart,
        };
        let outcome = outcome.filter(|_| self.is_current);
        workspace.perform_worked_out(kind, &change, payload, outcome).map_err(|error| step_error(&change.name, error))?;
        match kind {
            Kind::Undo => workspace.history.undone(),
            Kind::UndoPart => workspace.history.undone_part(),
            Kind::Redo => workspace.history.redone(),
            _ => workspace.history.redone_part(),
        }
        self.tables = tables_of(&workspace.state);
        Ok(Some(change))
    }

    /// Documents that were read for it.
    pub fn leaving(&mut self) -> &mut Leaving {
        &mut self.leaving
    }
}

impl TravelJob {
    /// How many parts are left.
    #[must_use]
    pub fn parts(&self) -> usize {
        self.parts.len()
    }

    /// Reads the next part and the sheets that it changes. None behind the last one.
    ///
    /// # Errors
    /// When it is stopped, or the journal or a sheet cannot be read. Nothing is changed.
    pub fn next_part(&mut self, cancel: &CancelToken) -> Option<Result<PreparedTravel, WorkspaceError>> {
        let part = self.parts.pop_front()?;
        let prepared = self.prepare(part, cancel);
        if prepared.as_ref().map_or(true, |prepared| prepared.change.is_none()) {
            self.parts.clear();
        }
        Some(prepared)
    }

    fn prepare(&mut self, part: Step, cancel: &CancelToken) -> Result<PreparedTravel, WorkspaceError> {
        let done = transaction_of(&self.journals, &part)?;
        let mut prepared = PreparedTravel { part, change: None, sheets: Vec::new(), outcome: None };
        if done.text_changes().next().is_some() {
            return Ok(prepared);
        }
        let side = if self.travel == Travel::Undo { Side::After } else { Side::Before };
        let carried = edit::carry(&self.state, &done, side).map_err(|error| step_error(&done.name, error.into()))?;
        let change = match (self.travel, carried) {
            (Travel::Redo, None) => done,
            (Travel::Redo, Some(carried)) => Arc::new(with_texts(&self.state, carried)),
            (Travel::Undo, carried) => {
                let done = carried.unwrap_or_else(|| Arc::unwrap_or_clone(done));
                Arc::new(with_texts(&self.state, done.into_inverse()))
            }
        };
        let wanted = change.touches().into_iter().filter_map(|table| if let Table::Sheet(key) = table { Some(key) } else { None });
        for key in wanted {
            if cancel.is_cancelled() {
                return Err(StoreError::Cancelled.into());
            }
            self.is_known &= !self.left.contains(&key.document);
            if self.known.insert(key.clone()) {
                let sheet = self.loader.load(&key)?;
                self.state.insert_loaded(&key, sheet.text().clone(), sheet.sheet().clone());
                prepared.sheets.push(sheet);
            }
        }
        prepared.outcome = self.outcome(&change);
        for sheet in &prepared.sheets {
            self.state.unload(&sheet.key().document);
            self.left.insert(sheet.key().document.clone());
        }
        prepared.change = Some((change.clone(), written(&change)?));
        Ok(prepared)
    }

    /// Applies a part to what is known. None where it is soon done, or refused.
    fn outcome(&mut self, change: &Transaction) -> Option<Outcome> {
        let before = Some(self.state.clone()).filter(|_| change.edits.len() > QUICK_EDITS);
        self.is_known = self.is_known && edit::apply(&mut self.state, change).is_ok();
        before.filter(|_| self.is_known).map(|before| Outcome { before, after: self.state.clone() })
    }
}

/// A transaction as the journal wants it.
pub(super) fn written(transaction: &Transaction) -> Result<String, WorkspaceError> {
    plain_ron::to_compact(transaction).map_err(|error| WorkspaceError::NotWritable(error.to_string()))
}

/// The transaction with the texts that it is made on.
pub(super) fn with_texts(state: &State, mut transaction: Transaction) -> Transaction {
    let keys = transaction.edits.iter().filter_map(Edit::sheet);
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
