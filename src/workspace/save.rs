//! From the journal to the files: checkpoints, and what the status bar may truthfully say.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::SystemTime;

use super::Workspace;
use super::snapshot::{Snapshot, count_rows};
use crate::edit::{Table, Transaction};
use crate::model::{DocumentId, SheetKey, cut_message};
use crate::store::journal::{Journal, files_before};
use crate::store::states::{Changes, Note};
use crate::store::{CheckpointPlan, Interrupted, Occasion, Planned, RowCounts, Stamp, Stamps, StoreError, Written, parallel, run_checkpoint, seal};

/// What a save of more tables leaves behind is let go on another thread.
const MANY_TABLES: usize = 500;

fn texts_among(tables: &BTreeSet<Table>) -> impl Iterator<Item = &DocumentId> {
    tables.range(Table::Text(DocumentId::least())..).map_while(|table| if let Table::Text(id) = table { Some(id) } else { None })
}

/// What is saved, truthfully.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum SaveState {
    /// The files hold everything.
    Saved,
    /// The journal holds everything, surely on the disk; the files follow.
    Journalled,
    /// On the way to the disk.
    Saving,
    /// Something could not be written. The work is in memory, and in the journal as far as that could be written.
    Failed {
        /// What, where, why.
        why: String,
        /// Since when.
        since: SystemTime,
    },
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Failure {
    why: String,
    since: SystemTime,
}

/// A checkpoint to run on any thread.
#[derive(Debug)]
pub struct CheckpointJob {
    snapshot: Snapshot,
    // What is written, and what was done since it was written last.
    tables: Arc<BTreeSet<Table>>,
    unsaved: Vec<Arc<Transaction>>,
    // Without the contents.
    plan: CheckpointPlan,
}

/// How a checkpoint went; hand it to [`Workspace::finish_checkpoint`].
#[derive(Debug)]
pub struct CheckpointDone(Result<Written, Interrupted>);

impl CheckpointJob {
    /// Writes the files. Takes as long as the disk takes.
    #[must_use]
    pub fn run(self) -> CheckpointDone {
        let Self { snapshot, tables, unsaved, mut plan } = self;
        plan.planned = snapshot.plan(&tables);
        plan.base = snapshot.base_of(&plan.planned);
        plan.note.rows = count_rows(&unsaved);
        // From here on the next change of a sheet needs no copy.
        drop(snapshot);
        CheckpointDone(run_checkpoint(plan))
    }
}

impl Workspace {
    /// What is saved.
    #[must_use]
    pub fn save_state(&self) -> SaveState {
        let Some(journal) = &self.journal else { return SaveState::Saved };
        let failed = |failure: &Failure| SaveState::Failed { why: failure.why.clone(), since: failure.since };
        if let Some(failure) = &self.failure {
            return failed(failure);
        }
        if let Some(why) = journal.sync_failure() {
            return SaveState::Failed { why, since: SystemTime::now() };
        }
        if self.in_flight.is_some() || !journal.is_written() {
            return SaveState::Saving;
        }
        match (self.dirty.is_empty(), journal.is_synced()) {
            (true, _) => SaveState::Saved,
            (false, true) => SaveState::Journalled,
            (false, false) => SaveState::Saving,
        }
    }

    /// Files that somebody changed while this program has changes for them too: [`Self::keep_mine`] or
    /// [`Self::take_theirs`].
    #[must_use]
    pub fn conflicts(&self) -> &[String] {
        &self.conflicts
    }

    /// A checkpoint of all that has changed. None when the files hold everything, one runs already, or the journal
    /// cannot be written (then [`Self::save_state`] says so).
    pub fn begin_checkpoint(&mut self) -> Option<CheckpointJob> {
        self.begin_checkpoint_for(Occasion::Saved)
    }

    fn begin_checkpoint_for(&mut self, occasion: Occasion) -> Option<CheckpointJob> {
        let journal = self.journal.clone()?;
        if self.in_flight.is_some() || (self.dirty.is_empty() && self.interrupted.is_none()) {
            return None;
        }
        // The files may hold only what the journal holds, or a replay would not fit.
        let flushed = journal.flush();
        self.note_failure(flushed)?;
        let tables = Arc::new(std::mem::take(&mut self.dirty));
        let plan = CheckpointPlan {
            folder: self.folder.clone(),
            state_dir: self.state_dir.clone(),
            disk: self.places.disk().clone(),
            through: journal.last_sequence(),
            journal,
            base: Stamps::new(),
            planned: Vec::new(),
            interrupted: self.interrupted.take(),
            kept: self.kept.clone(),
            states: self.states.clone(),
            note: self.note(occasion, RowCounts::default()),
        };
        self.in_flight = Some(tables.clone());
        self.unsaved_in_flight = self.unsaved.len();
        Some(CheckpointJob { snapshot: self.snapshot(), tables, unsaved: self.unsaved.clone(), plan })
    }

    /// Takes note of how a checkpoint went.
    ///
    /// # Errors
    /// Why it failed. The work is still in the journal, and the next checkpoint tries again.
    pub fn finish_checkpoint(&mut self, done: CheckpointDone) -> Result<(), StoreError> {
        let tables = self.in_flight.take().unwrap_or_default();
        match done.0 {
            Ok(written) => {
                self.note_written(written);
                let saved: Vec<Arc<Transaction>> = self.unsaved.drain(..self.unsaved_in_flight.min(self.unsaved.len())).collect();
                if tables.len() > MANY_TABLES {
                    parallel::drop_elsewhere((saved, tables));
                }
                self.conflicts.clear();
                self.failure = None;
                self.journal.as_ref().map_or(Ok(()), Journal::rotate_if_long)
            }
            Err(Interrupted { error, intents, written }) => {
                self.note_written(written);
                self.dirty.extend(tables.iter().cloned());
                self.interrupted = intents;
                self.conflicts = if let StoreError::Conflict(files) = &error { files.clone() } else { Vec::new() };
                // What others did to other rows is no reason to ask: the next checkpoint holds both.
                if !self.conflicts.is_empty() && matches!(self.merge_outside(), Ok(true)) {
                    return Ok(());
                }
                let error = if self.conflicts.is_empty() { error } else { StoreError::Conflict(self.conflicts.clone()) };
                self.fail(&error);
                Err(error)
            }
        }
    }

    /// Writes all files now and waits for it. Hand over the result of a [`CheckpointJob`] that runs first.
    ///
    /// # Errors
    /// Why it failed. The work is still in the journal.
    pub fn checkpoint_now(&mut self) -> Result<(), StoreError> {
        self.checkpoint_for(Occasion::Saved)
    }

    fn checkpoint_for(&mut self, occasion: Occasion) -> Result<(), StoreError> {
        if self.in_flight.is_some() {
            return Err(StoreError::StillSaving);
        }
        if let Some(journal) = &self.journal {
            let flushed = journal.flush();
            if let Err(error) = flushed {
                self.fail(&error);
                return Err(error);
            }
        }
        // Again where changes from outside were merged in, and once more where somebody was quicker.
        for _ in 0..3 {
            match self.begin_checkpoint_for(occasion) {
                Some(job) => self.finish_checkpoint(job.run())?,
                None => break,
            }
        }
        Ok(())
    }

    /// Tries again what could not be written.
    pub fn retry(&mut self) {
        let Some(journal) = self.journal.clone() else { return };
        let result = journal.flush().and_then(|()| journal.sync());
        if self.note_failure(result).is_some() {
            self.failure = None;
        }
    }

    /// Writes all files and lets go of the project. What could not be written is in the journal for the next opening.
    ///
    /// # Errors
    /// Why the files could not be written.
    pub fn close(mut self) -> Result<(), StoreError> {
        self.checkpoint_for(Occasion::Closed)?;
        let Some(journal) = &self.journal else { return Ok(()) };
        journal.sync()?;
        // A state that cannot be noted is no reason to stay open: the files hold everything.
        let _ = self.states.note(self.note(Occasion::Closed, RowCounts::default()));
        self.set_damaged_journals_aside()?;
        // Without a seal it stays as after a crash: the next opening notices less, and nothing else.
        let disk = self.places.disk();
        if seal(disk, &self.state_dir, journal.last_sequence()).is_ok() { disk.remove(&self.state_dir.running()) } else { Ok(()) }
    }

    /// A damaged journal is reported once: what stands before the damage cannot be undone any more.
    fn set_damaged_journals_aside(&self) -> Result<(), StoreError> {
        for file in files_before(&self.state_dir.journals(), self.damaged_before)? {
            let name = file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            let aside = self.state_dir.aside(&format!("damaged-before-{:016}", self.damaged_before), &name);
            if let Some(dir) = aside.parent() {
                self.places.disk().create_dir_all(dir)?;
            }
            self.places.disk().rename(&file, &aside)?;
        }
        Ok(())
    }

    pub(super) fn note_failure<T>(&mut self, result: Result<T, StoreError>) -> Option<T> {
        match result {
            Ok(value) => Some(value),
            Err(error) => {
                self.fail(&error);
                None
            }
        }
    }

    fn fail(&mut self, error: &StoreError) {
        let since = self.failure.as_ref().map_or_else(SystemTime::now, |failure| failure.since);
        self.failure = Some(Failure { why: cut_message(&error.to_string()), since });
    }

    pub(super) fn note_written(&mut self, written: Written) {
        for (path, stamp) in written {
            self.stamps.set(&path, stamp);
        }
    }

    /// Writes down what files hold that count as saved here.
    pub(super) fn log_saved(&self, written: &[(String, Option<Stamp>)]) -> Result<(), StoreError> {
        self.kept.log(self.places.disk(), &self.state_dir.checksums(), written, self.places.clock().millis())
    }

    /// A state to note; which files changed is added by whoever writes them.
    pub(super) fn note(&self, occasion: Occasion, rows: RowCounts) -> Note {
        let (time, project) = (self.places.clock().millis(), self.state.project.name.clone());
        Note { occasion, time, project, rows, changes: Changes::new(), is_whole: false }
    }

    /// Tables that the files do not hold, or not yet.
    pub(super) fn unsaved_tables(&self) -> impl Iterator<Item = &Table> {
        self.dirty.iter().chain(self.in_flight.iter().flat_map(|tables| tables.iter()))
    }

    /// True where the files do not hold everything that belongs to a document. Quick, however much is not saved.
    pub(super) fn is_unsaved(&self, document: &DocumentId) -> bool {
        let sheets = SheetKey::from_first_of(document).start;
        let is_of = |table: &Table| matches!(table, Table::Sheet(key) if key.document == *document);
        [Some(&self.dirty), self.in_flight.as_deref()].into_iter().flatten().any(|tables| {
            [Table::Document(document.clone()), Table::Text(document.clone())].iter().any(|table| tables.contains(table))
                || tables.range(Table::Sheet(sheets.clone())..).next().is_some_and(is_of)
        })
    }

    /// Documents whose texts are not in their files as they are now. Quick, however many rows are not saved.
    pub(super) fn unsaved_texts(&self) -> impl Iterator<Item = &DocumentId> {
        [Some(&self.dirty), self.in_flight.as_deref()].into_iter().flatten().flat_map(texts_among)
    }

    /// Everything that the files do not hold.
    pub(super) fn plan_unsaved(&self) -> Vec<Planned> {
        self.snapshot().plan(&self.unsaved_tables().cloned().collect())
    }
}
