//! One change over all sheets of a coder: worked out on two threads without touching anything, then applied as one step.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use super::{Workspace, WorkspaceError};
use crate::edit::{Edit, Transaction};
use crate::model::{CodebookKey, CodebookUses, CoderKey, Finding, Sheet, SheetKey, State};
use crate::progress::{CancelToken, Progress};
use crate::store::{Loaded, Loader, StoreError, plain_ron};
use crate::text::Text;

/// More threads would only wait for the disk, and the window wants to draw.
const THREADS: usize = 2;

/// What a change does to one sheet, which is loaded in the state.
pub(crate) type SheetChange<'c> = dyn Fn(&State, &SheetKey) -> Vec<Edit> + Sync + 'c;

/// Works out a change of all sheets of a coder, as they are in the files and, where they are loaded, in memory.
#[derive(Clone, Debug)]
pub struct ChangeAllJob {
    // The tables of the project, without texts and sheets.
    tables: State,
    loader: Loader,
    keys: Vec<SheetKey>,
    // What is newer in memory.
    loaded: BTreeMap<SheetKey, (Text, Arc<Sheet>)>,
}

/// A change that was worked out, ready to be applied by [`Workspace::apply_change`].
#[derive(Debug)]
pub struct ChangeOfAll {
    transaction: Transaction,
    // As it goes into the journal; writing it takes as long as all the rest.
    payload: String,
    sheets: Vec<Loaded>,
    documents: usize,
}

impl ChangeOfAll {
    /// How many documents it changes.
    #[must_use]
    pub fn documents(&self) -> usize {
        self.documents
    }

    /// True when nothing changes.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.transaction.is_empty()
    }
}

/// Why a change of all sheets was not worked out. Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum ChangeAllError {
    /// Somebody stopped it.
    #[error("stopped; nothing was changed")]
    Cancelled,
    /// A sheet cannot be read, so that it would not be all of them.
    #[error("{0}; nothing was changed, because not all documents can be read")]
    Unreadable(#[from] StoreError),
    /// The journal cannot hold it.
    #[error("{0}; nothing was changed")]
    NotWritable(String),
}

/// What one thread found.
type Part = BTreeMap<usize, (Option<Loaded>, Vec<Edit>)>;

impl ChangeAllJob {
    /// Works out `change` for one sheet after the other. `tables` are edits of the codebook and of entities that go first;
    /// the sheets are shown the state before them.
    ///
    /// # Errors
    /// When it is cancelled, or a sheet cannot be read.
    pub fn run(
        &self,
        (name, tables): (String, Vec<Edit>),
        change: &(dyn Fn(&State, &SheetKey) -> Vec<Edit> + Sync),
        (progress, cancel): (&Progress, &CancelToken),
    ) -> Result<ChangeOfAll, ChangeAllError> {
        progress.set_total(self.keys.len() as u64);
        let (next, found): (AtomicUsize, Mutex<Part>) = Default::default();
        let failed: Mutex<Option<StoreError>> = Mutex::default();
        let work = || {
            let mut state = self.tables.clone();
            loop {
                let at = next.fetch_add(1, Ordering::Relaxed);
                let Some(key) = self.keys.get(at).filter(|_| !cancel.is_cancelled()) else { break };
                match self.one(&mut state, key, change) {
                    Ok((_, edits)) if edits.is_empty() => {}
                    Ok(part) => drop(found.lock().unwrap_or_else(PoisonError::into_inner).insert(at, part)),
                    Err(error) => {
                        *failed.lock().unwrap_or_else(PoisonError::into_inner) = Some(error);
                        cancel.cancel();
                    }
                }
                progress.add(1);
            }
        };
        std::thread::scope(|scope| {
            for _ in 0..THREADS {
                scope.spawn(work);
            }
        });
        if let Some(error) = failed.into_inner().unwrap_or_else(PoisonError::into_inner) {
            return Err(error.into());
        }
        if cancel.is_cancelled() {
            return Err(ChangeAllError::Cancelled);
        }
        let found = found.into_inner().unwrap_or_else(PoisonError::into_inner);
        let documents = found.len();
        let (mut sheets, mut edits) = (Vec::new(), tables);
        for (loaded, of_sheet) in found.into_values() {
            sheets.extend(loaded);
            edits.extend(of_sheet);
        }
        let transaction = Transaction::new(name, edits);
        let payload = plain_ron::to_compact(&transaction).map_err(|error| ChangeAllError::NotWritable(error.to_string()))?;
        Ok(ChangeOfAll { transaction, payload, sheets, documents })
    }

    fn one(&self, state: &mut State, key: &SheetKey, change: &SheetChange<'_>) -> Result<(Option<Loaded>, Vec<Edit>), StoreError> {
        let mut edits = Vec::new();
        let loaded = self.with(state, key, |state| edits = change(state, key))?;
        Ok((loaded, edits))
    }

    /// How often something is in the sheets: `count` for each, and how many documents have it.
    ///
    /// # Errors
    /// When it is cancelled, or a sheet cannot be read.
    pub fn count(&self, count: &(dyn Fn(&Sheet) -> usize + Sync), (progress, cancel): (&Progress, &CancelToken)) -> Result<Uses, ChangeAllError> {
        let mut uses = Uses::default();
        self.visit(&mut |sheet| uses.add(count(sheet)), (progress, cancel))?;
        Ok(uses)
    }

    /// Counts how often each row of the codebook is used in them.
    ///
    /// # Errors
    /// When a sheet cannot be read, or the job was stopped.
    pub fn tally(&self, (progress, cancel): (&Progress, &CancelToken)) -> Result<BTreeMap<CodebookKey, Uses>, ChangeAllError> {
        let mut tally: BTreeMap<CodebookKey, Uses> = BTreeMap::new();
        let count = &mut |sheet: &Sheet| {
            let mut uses = CodebookUses::default();
            uses.add_sheet(sheet);
            uses.rows().for_each(|(row, found)| tally.entry(row).or_default().add(found));
        };
        self.visit(count, (progress, cancel))?;
        Ok(tally)
    }

    fn visit(&self, visit: &mut dyn FnMut(&Sheet), (progress, cancel): (&Progress, &CancelToken)) -> Result<(), ChangeAllError> {
        progress.set_total(self.keys.len() as u64);
        for key in &self.keys {
            if cancel.is_cancelled() {
                return Err(ChangeAllError::Cancelled);
            }
            match self.loaded.get(key) {
                Some((_, sheet)) => visit(sheet),
                None => self.loader.sheet(key)?.iter().for_each(&mut *visit),
            }
            progress.add(1);
        }
        Ok(())
    }
}

impl ChangeAllJob {
    /// Like [`Self::count`], with the tables and the text at hand.
    ///
    /// # Errors
    /// As [`Self::count`].
    pub fn uses(&self, count: &dyn Fn(&State, &SheetKey) -> usize, (progress, cancel): (&Progress, &CancelToken)) -> Result<Uses, ChangeAllError> {
        progress.set_total(self.keys.len() as u64);
        let (mut state, mut uses) = (self.tables.clone(), Uses::default());
        for key in &self.keys {
            if cancel.is_cancelled() {
                return Err(ChangeAllError::Cancelled);
            }
            let mut found = 0;
            self.with(&mut state, key, |state| found = count(state, key))?;
            uses.add(found);
            progress.add(1);
        }
        Ok(uses)
    }

    /// Loads a sheet into the state for a moment. What was read comes back.
    fn with(&self, state: &mut State, key: &SheetKey, work: impl FnOnce(&State)) -> Result<Option<Loaded>, StoreError> {
        let loaded = match self.loaded.get(key) {
            Some((text, sheet)) => {
                state.insert_loaded(key, text.clone(), sheet.as_ref().clone());
                None
            }
            None => {
                let loaded = self.loader.load(key)?;
                state.insert_loaded(key, loaded.text().clone(), loaded.sheet().clone());
                Some(loaded)
            }
        };
        work(state);
        state.unload(&key.document);
        Ok(loaded)
    }
}

/// How often something is used.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Uses {
    /// Spans, claims, relations and sheets.
    pub rows: usize,
    /// Documents with at least one of them.
    pub documents: usize,
}

impl Uses {
    /// Adds what was found in one document.
    fn add(&mut self, found: usize) {
        self.rows += found;
        self.documents += usize::from(found > 0);
    }
}

impl Workspace {
    /// A change of all sheets of this coder, also of documents in the trash, which may come back.
    #[must_use]
    pub fn change_all(&self) -> ChangeAllJob {
        self.change_all_of(self.coder())
    }

    /// The same for another coder: for counting only. A sheet is written by its coder alone.
    #[must_use]
    pub fn change_all_of(&self, coder: &CoderKey) -> ChangeAllJob {
        let keys: Vec<SheetKey> = self.state.documents.keys().map(|id| SheetKey::new(id, coder)).collect();
        let in_memory = keys.iter().filter(|key| self.is_loaded(key));
        let loaded = in_memory.filter_map(|key| Some((key.clone(), (self.state.texts.get(&key.document)?.clone(), self.state.sheet(key).clone()))));
        ChangeAllJob { tables: self.state.tables(), loader: self.loader(), loaded: loaded.collect(), keys }
    }

    /// Applies what was worked out, as one step. Returns what there is to say about the sheets that were read for it.
    ///
    /// # Errors
    /// As [`Workspace::apply`]; when the data changed meanwhile, nothing is changed.
    pub fn apply_change(&mut self, change: ChangeOfAll) -> Result<Vec<Finding>, WorkspaceError> {
        let findings = change.sheets.into_iter().flat_map(|loaded| self.insert_loaded(loaded)).collect();
        self.apply_written(change.transaction, change.payload)?;
        Ok(findings)
    }
}
