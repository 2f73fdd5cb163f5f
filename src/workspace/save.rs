//! From the journal to the files: checkpoints, and what the status bar may truthfully say.

use std::collections::{BTreeMap, BTreeSet};
use std::time::SystemTime;

use super::Workspace;
use crate::edit::{Edit, Table};
use crate::model::{Entity, EntityId, SheetKey, cut_message};
use crate::store::journal::{Journal, files_before};
use crate::store::layout::{Shelf, entities_path, entity_shard, sheet_path};
use crate::store::states::{Changes, Note};
use crate::store::{CheckpointPlan, Interrupted, Occasion, Planned, RowCounts, Stamp, Stamps, StoreError, Written, run_checkpoint, seal};

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
pub struct CheckpointJob(CheckpointPlan);

/// How a checkpoint went; hand it to [`Workspace::finish_checkpoint`].
#[derive(Debug)]
pub struct CheckpointDone(Result<Written, Interrupted>);

impl CheckpointJob {
    /// Writes the files. Takes as long as the disk takes.
    #[must_use]
    pub fn run(self) -> CheckpointDone {
        CheckpointDone(run_checkpoint(self.0))
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
        let tables = std::mem::take(&mut self.dirty);
        let planned = self.plan(&tables);
        let plan = CheckpointPlan {
            folder: self.folder.clone(),
            state_dir: self.state_dir.clone(),
            disk: self.places.disk().clone(),
            through: journal.last_sequence(),
            journal,
            base: self.base_of(&planned),
            planned,
            interrupted: self.interrupted.take(),
            kept: self.kept.clone(),
            states: self.states.clone(),
            note: self.note(occasion, self.unsaved_rows()),
        };
        self.in_flight = Some(tables);
        self.unsaved_in_flight = self.unsaved.len();
        Some(CheckpointJob(plan))
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
                self.unsaved.drain(..self.unsaved_in_flight.min(self.unsaved.len()));
                self.conflicts.clear();
                self.failure = None;
                self.journal.as_ref().map_or(Ok(()), Journal::rotate_if_long)
            }
            Err(Interrupted { error, intents, written }) => {
                self.note_written(written);
                self.dirty.extend(tables);
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
            match stamp {
                Some(stamp) => drop(self.stamps.insert(path, stamp)),
                None => drop(self.stamps.remove(&path)),
            }
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

    /// Rows that differ from the files, each once.
    fn unsaved_rows(&self) -> RowCounts {
        let (mut spans, mut claims, mut relations, mut entities) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
        for edit in self.unsaved.iter().flat_map(|transaction| &transaction.edits) {
            match edit {
                Edit::Span(sheet, change) => drop(spans.insert((sheet, change.key))),
                Edit::Claim(sheet, change) => drop(claims.insert((sheet, change.key))),
                Edit::Relation(sheet, change) => drop(relations.insert((sheet, change.key))),
                Edit::Entity(change) => drop(entities.insert(change.key)),
                _ => {}
            }
        }
        RowCounts { spans: spans.len(), claims: claims.len(), relations: relations.len(), entities: entities.len() }
    }

    fn plan(&self, tables: &BTreeSet<Table>) -> Vec<Planned> {
        let shards: BTreeSet<String> =
            tables.iter().filter_map(|table| if let Table::Entity(id) = table { Some(entity_shard(*id)) } else { None }).collect();
        let others = tables.iter().filter_map(|table| self.plan_table(table));
        others.chain(self.plan_entities(shards)).collect()
    }

    fn plan_table(&self, table: &Table) -> Option<Planned> {
        Some(match table {
            Table::Project => Planned::Project { info: self.state.project.clone(), coders: self.state.coders.clone() },
            Table::Schema => Planned::Schema(self.state.schema.clone()),
            Table::Entity(_) => return None,
            Table::Document(id) => {
                Planned::Document { id: id.clone(), document: self.state.documents.get(id).cloned(), text: self.state.texts.get(id).cloned() }
            }
            Table::Text(id) => {
                let document = self.state.documents.get(id)?;
                let known = document.corrections.iter().flat_map(|correction| [&correction.old_hash, &correction.new_hash]);
                let known = known.chain([&document.text_hash]).cloned().collect();
                Planned::Text { id: id.clone(), text: self.state.texts.get(id)?.clone(), shelf: Shelf::of(document.in_trash), known }
            }
            Table::Sheet(key) => Planned::Sheet {
                key: key.clone(),
                sheet: self.state.sheets.get(key).cloned(),
                text: self.state.texts.get(&key.document).cloned(),
                shelf: Shelf::of(self.state.documents.get(&key.document).is_none_or(|document| document.in_trash)),
            },
        })
    }

    fn plan_entities(&self, shards: BTreeSet<String>) -> Vec<Planned> {
        let mut by_shard: BTreeMap<String, BTreeMap<EntityId, Entity>> = shards.into_iter().map(|shard| (shard, BTreeMap::new())).collect();
        for (id, entity) in &self.state.entities {
            if let Some(rows) = by_shard.get_mut(&entity_shard(*id)) {
                rows.insert(*id, entity.clone());
            }
        }
        let planned = |(shard, entities): (String, BTreeMap<EntityId, Entity>)| {
            let put_aside = self.put_aside.get(&entities_path(&shard)).cloned().unwrap_or_default();
            Planned::Entities { shard, entities, put_aside }
        };
        by_shard.into_iter().map(planned).collect()
    }

    /// What the planned files held last, and the sheets that may move with their documents.
    fn base_of(&self, planned: &[Planned]) -> Stamps {
        let mut base = Stamps::new();
        for planned in planned {
            let paths = planned.paths().into_iter();
            base.extend(paths.filter_map(|path| self.stamps.get(&path).map(|stamp| (path.clone(), *stamp))));
            if let Planned::Text { .. } = planned {
                base.extend(planned.paths().into_iter().filter_map(|path| self.last_stamp(&path).map(|stamp| (path, stamp))));
            }
            if let Planned::Document { id, .. } = planned {
                let sheets = self.state.coders.keys().map(|coder| SheetKey::new(id, coder));
                let paths = sheets.flat_map(|key| [Shelf::Live, Shelf::Trash].map(|shelf| sheet_path(&key, shelf)));
                base.extend(paths.filter_map(|path| self.last_stamp(&path).map(|stamp| (path.clone(), stamp))));
            }
        }
        base
    }

    /// What a file held when it was read in this session, else when it was last saved here.
    fn last_stamp(&self, path: &str) -> Option<Stamp> {
        self.stamps.get(path).copied().or_else(|| self.kept.stamp_of(path))
    }

    /// Everything that the files do not hold.
    pub(super) fn plan_unsaved(&self) -> Vec<Planned> {
        self.plan(&self.dirty.iter().chain(self.in_flight.iter().flatten()).cloned().collect())
    }
}
