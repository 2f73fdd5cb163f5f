//! Files become a part of the project while they are read, so that a large import need not fit into memory.

use std::path::PathBuf;

use super::super::{Workspace, WorkspaceError};
use super::ready::ReadyImport;
use super::{ImportOptions, ImportReport, read_each, tables_of};
use crate::format::{Batch, FormatError, Item, Receiver, Tables, Undecoded};
use crate::model::{Finding, IdSource, LabelKey};
use crate::progress::{CancelToken, Progress};
use crate::store::StoreError;

/// What is read is added when it takes about so many bytes, or is so many documents.
const MAX_WAITING: usize = 24 << 20;
const MAX_DOCUMENTS: usize = 500;
/// So many of very many new labels are named.
const EXAMPLES: usize = 5;

/// Why nothing was imported.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// Files cannot be read, or somebody pressed stop.
    #[error(transparent)]
    Read(#[from] FormatError),
    /// The project does not take it.
    #[error(transparent)]
    Add(#[from] WorkspaceError),
    /// See [`ImportOptions::most_new_labels`].
    #[error("the files bring {count} labels that the codebook does not have, such as {examples}. Nothing was imported")]
    ManyNewLabels {
        /// How many, as far as the files were read.
        count: usize,
        /// Some of them.
        examples: String,
    },
}

impl ImportError {
    /// Why something was not added; where somebody pressed stop, it was not read.
    pub(super) fn of(error: WorkspaceError) -> Self {
        if matches!(error, WorkspaceError::Store(StoreError::Cancelled)) { FormatError::Cancelled.into() } else { Self::Add(error) }
    }
}

/// Reads files and folders and adds what they hold, as one step to undo. `cancel` is also used to stop reading when something
/// cannot be added.
///
/// # Errors
/// When nothing can be read, the project is read-only, or a file cannot be written. Nothing is added then, or what was added
/// is taken back. Partial trouble is findings of the report.
pub fn import_files(
    workspace: &mut Workspace,
    paths: &[PathBuf],
    options: &ImportOptions,
    ids: IdSource,
    (progress, cancel): (&Progress, &CancelToken),
) -> Result<ImportReport, ImportError> {
    let known = tables_of(workspace.state());
    let most_new_labels = options.most_new_labels.unwrap_or(usize::MAX);
    let mut streamed = Streamed { workspace, cancel, most_new_labels, batch: Batch::default(), waiting: 0, ready: None, error: None };
    let read = read_each(paths, &known, options, ids, (progress, cancel), &mut streamed);
    if read.is_ok() {
        streamed.add();
    }
    let Streamed { workspace, batch, ready, error, .. } = streamed;
    if let Some(error) = error.or(read.err().map(ImportError::Read)) {
        ready.map_or(Ok(()), |mut ready| ready.take_back(workspace))?;
        return Err(error);
    }
    let report = ready.map(ReadyImport::finish).unwrap_or_default();
    let findings = batch.findings.into_iter().chain(report.findings).collect();
    Ok(ImportReport { findings, undecoded: batch.undecoded, ..report })
}

/// Collects what is read, and adds it when there is much of it.
struct Streamed<'w> {
    workspace: &'w mut Workspace,
    cancel: &'w CancelToken,
    most_new_labels: usize,
    batch: Batch,
    /// How many bytes `batch` takes, about.
    waiting: usize,
    ready: Option<ReadyImport>,
    /// The first trouble; then the reader is told to stop.
    error: Option<ImportError>,
}

impl Streamed<'_> {
    fn add(&mut self) {
        self.waiting = 0;
        // Findings are counted over the whole import.
        let (tables, items) = (std::mem::take(&mut self.batch.tables), std::mem::take(&mut self.batch.items));
        if let Err(error) = self.add_batch(Batch { tables, items, ..Batch::default() }) {
            self.error = Some(error);
            self.cancel.cancel();
        }
    }

    fn add_batch(&mut self, batch: Batch) -> Result<(), ImportError> {
        self.prepare(batch).map_err(ImportError::of)?;
        let Some(ready) = &mut self.ready else { return Ok(()) };
        let labels = ready.new_labels();
        if labels.len() > self.most_new_labels {
            let examples: Vec<&str> = labels.iter().take(EXAMPLES).map(LabelKey::as_str).collect();
            return Err(ImportError::ManyNewLabels { count: labels.len(), examples: examples.join(", ") });
        }
        ready.add_pieces(self.workspace).map_err(ImportError::of)
    }

    /// Writes the texts of what was read and makes its rows.
    fn prepare(&mut self, batch: Batch) -> Result<(), WorkspaceError> {
        let base = self.workspace.import_base()?;
        match &mut self.ready {
            None => self.ready = Some(base.prepare(batch, self.cancel)?),
            Some(ready) => {
                // The part before leaves memory.
                ready.let_go(self.workspace)?;
                let more = base.going_on_with(ready).prepare(batch, self.cancel)?;
                ready.go_on_with(more);
            }
        }
        Ok(())
    }
}

impl Receiver for Streamed<'_> {
    fn tables(&mut self, tables: Tables) {
        self.batch.tables(tables);
    }

    fn item(&mut self, item: Item) {
        if self.error.is_some() {
            return;
        }
        self.waiting += item.weight();
        self.batch.item(item);
        if self.waiting >= MAX_WAITING || self.batch.items.len() >= MAX_DOCUMENTS {
            self.add();
        }
    }

    fn finding(&mut self, finding: Finding) {
        self.batch.finding(finding);
    }

    fn undecoded(&mut self, undecoded: Undecoded) {
        self.batch.undecoded(undecoded);
    }
}
