//! Files are made ready to be added while they are read: each text is written and leaves memory, and only rows wait.

use std::path::PathBuf;

use super::super::WorkspaceError;
use super::ready::{Adding, ImportBase, ReadyImport};
use super::{ImportError, ImportOptions, read_each};
use crate::format::{Batch, Item, Receiver, Tables, Undecoded};
use crate::model::{Finding, IdSource};
use crate::progress::{CancelToken, Progress};

/// Reads files and folders, writes the texts that are in them, and makes their rows. `known` are the tables of the project. `cancel` is
/// also used to stop reading when a text cannot be written.
///
/// # Errors
/// When nothing can be read, somebody pressed stop, or a file cannot be written. Nothing stays then. Partial trouble is findings of the
/// report.
pub fn read_ready(
    paths: &[PathBuf],
    base: ImportBase,
    known: &Tables,
    options: &ImportOptions,
    ids: IdSource,
    (progress, cancel): (&Progress, &CancelToken),
) -> Result<ReadyImport, ImportError> {
    let adding = Adding::waiting(&base);
    let mut reading = Reading { base, adding, others: Batch::default(), items: 0, title: String::new(), cancel, error: None };
    let read = read_each(paths, known, options, ids, (progress, cancel), &mut reading);
    let Reading { base, mut adding, others, items, title, error, .. } = reading;
    let done = error.map_or(Ok(()), Err).map_err(ImportError::of).and(read.map_err(ImportError::Read));
    let done = done.and_then(|()| adding.finish_texts(&base).map_err(ImportError::of));
    if let Err(error) = done {
        adding.take_back(&base);
        return Err(error);
    }
    adding.add_in_front(&base, others);
    Ok(adding.into_ready(base, items, &title))
}

struct Reading<'c> {
    base: ImportBase,
    adding: Adding,
    /// All but the documents.
    others: Batch,
    items: usize,
    /// That of the last one.
    title: String,
    cancel: &'c CancelToken,
    /// The first trouble; then the reader is told to stop.
    error: Option<WorkspaceError>,
}

impl Receiver for Reading<'_> {
    fn tables(&mut self, tables: Tables) {
        self.others.tables(tables);
    }

    fn item(&mut self, item: Item) {
        if self.error.is_some() {
            return;
        }
        self.items += 1;
        self.title.clone_from(&item.document.title);
        if let Err(error) = self.adding.add_item(&mut self.base, item) {
            self.error = Some(error);
            self.cancel.cancel();
        }
    }

    fn finding(&mut self, finding: Finding) {
        self.others.finding(finding);
    }

    fn undecoded(&mut self, undecoded: Undecoded) {
        self.others.undecoded(undecoded);
    }
}
