//! One change over all sheets of a coder: worked out on all cores without touching anything, then applied as one step.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::sync::Arc;

use super::{Workspace, WorkspaceError};
use crate::edit::{Edit, Transaction};
use crate::model::{CodebookKey, CodebookUses, CoderKey, Document, DocumentId, Finding, Rows, Sheet, SheetKey, State};
use crate::progress::{CancelToken, Progress};
use crate::store::{Loaded, Loader, StoreError, parallel, plain_ron};
use crate::text::Text;

/// What a change does to one sheet, which is loaded in the state.
pub(crate) type SheetChange<'c> = dyn Fn(&State, &SheetKey) -> Vec<Edit> + Sync + 'c;

/// Works out a change of all sheets of a coder, as they are in the files and, where they are loaded, in memory.
#[derive(Clone, Debug)]
pub struct ChangeAllJob {
    // The tables of the project, without texts and sheets.
    tables: State,
    loader: Loader,
    documents: Rows<DocumentId, Arc<Document>>,
    coder: CoderKey,
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
        control: (&Progress, &CancelToken),
    ) -> Result<ChangeOfAll, ChangeAllError> {
        let (mut sheets, mut edits, mut documents) = (Vec::new(), tables, 0);
        let mut take = |(loaded, of_sheet): (Option<Loaded>, Vec<Edit>)| {
            if !of_sheet.is_empty() {
                documents += 1;
                sheets.extend(loaded);
                edits.extend(of_sheet);
            }
        };
        self.gather(|| self.tables.clone(), |state, key| self.one(state, key, change), &mut take, control)?;
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
    pub fn count(&self, count: &(dyn Fn(&Sheet) -> usize + Sync), control: (&Progress, &CancelToken)) -> Result<Uses, ChangeAllError> {
        let mut uses = Uses::default();
        self.visit(count, &mut |found| uses.add(found), control)?;
        Ok(uses)
    }

    /// Counts how often each row of the codebook is used in them.
    ///
    /// # Errors
    /// When a sheet cannot be read, or the job was stopped.
    pub fn tally(&self, control: (&Progress, &CancelToken)) -> Result<BTreeMap<CodebookKey, Uses>, ChangeAllError> {
        let mut tally: BTreeMap<CodebookKey, Uses> = BTreeMap::new();
        let look = |sheet: &Sheet| {
            let mut uses = CodebookUses::default();
            uses.add_sheet(sheet);
            uses
        };
        let mut take = |uses: CodebookUses| uses.rows().for_each(|(row, found)| tally.entry(row).or_default().add(found));
        self.visit(&look, &mut take, control)?;
        Ok(tally)
    }

    /// Looks at every sheet, on all cores, and hands on what was seen, in their order. Nothing is seen of a blank one.
    fn visit<R: Send>(
        &self,
        look: &(dyn Fn(&Sheet) -> R + Sync),
        take: &mut dyn FnMut(R),
        control: (&Progress, &CancelToken),
    ) -> Result<(), ChangeAllError> {
        let look = |(): &mut (), key: &SheetKey| match self.loaded.get(key) {
            Some((_, sheet)) => Ok(Some(look(sheet))),
            None => Ok(self.loader.sheet(key)?.as_ref().map(look)),
        };
        self.gather(|| (), look, &mut |seen| seen.into_iter().for_each(&mut *take), control)
    }

    /// Like [`Self::count`], with the tables and the text at hand.
    ///
    /// # Errors
    /// As [`Self::count`].
    pub fn uses(&self, count: &(dyn Fn(&State, &SheetKey) -> usize + Sync), control: (&Progress, &CancelToken)) -> Result<Uses, ChangeAllError> {
        let mut uses = Uses::default();
        let look = |state: &mut State, key: &SheetKey| {
            let mut found = 0;
            self.with(state, key, |state| found = count(state, key)).map(|_| found)
        };
        self.gather(|| self.tables.clone(), look, &mut |found| uses.add(found), control)?;
        Ok(uses)
    }

    fn gather<W, R: Send>(
        &self,
        worker: impl Fn() -> W + Sync,
        look: impl Fn(&mut W, &SheetKey) -> Result<R, StoreError> + Sync,
        take: &mut dyn FnMut(R),
        (progress, cancel): (&Progress, &CancelToken),
    ) -> Result<(), ChangeAllError> {
        let keys: Vec<SheetKey> = self.documents.keys().map(|id| SheetKey::new(id, &self.coder)).collect();
        progress.set_total(keys.len() as u64);
        let mut failed = None;
        let take = |seen| {
            progress.add(1);
            match seen {
                Ok(seen) => take(seen),
                Err(error) => {
                    failed = Some(error);
                    return ControlFlow::Break(());
                }
            }
            ControlFlow::Continue(())
        };
        parallel::in_order(&keys, cancel, worker, look, take);
        match failed {
            Some(error) => Err(error.into()),
            None if cancel.is_cancelled() => Err(ChangeAllError::Cancelled),
            None => Ok(()),
        }
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
        let (documents, coder) = (self.state.documents.clone(), coder.clone());
        ChangeAllJob { tables: self.state.tables(), loader: self.loader(), loaded: self.loaded_with_texts(&coder), documents, coder }
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
