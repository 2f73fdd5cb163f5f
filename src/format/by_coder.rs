//! One file, or one a coder where several have sheets: for formats in which a text has one set of annotations.

use std::io::{BufWriter, Write};

use super::{FormatError, Item, Items, Ledger, Sink, WriteOptions, extension, stem};
use crate::model::{CoderKey, Sheet};

/// Writes documents.
pub(super) trait PageWriter {
    /// What stands first in each file.
    fn head(&self) -> &str;

    /// Counts what becomes of a document, apart from its sheets.
    fn count(&mut self, item: &Item, ledger: &mut Ledger);

    /// Writes a document as one coder sees it to the end of a page, and counts what becomes of the sheet.
    fn write(&mut self, page: &mut String, item: &Item, sheet: Option<&Sheet>, ledger: &mut Ledger);
}

/// Writes all documents. One file is written as it comes; several are kept until they are complete.
pub(super) fn write_by_coder(
    items: &mut Items<'_>,
    options: &WriteOptions,
    sink: &mut dyn Sink,
    ledger: &mut Ledger,
    writer: &mut dyn PageWriter,
) -> Result<(), FormatError> {
    match options.coders.as_slice() {
        [] | [_] => write_one(items, options, sink, ledger, writer),
        coders => {
            for (coder, page) in coders.iter().zip(pages_of(items, options, ledger, writer)?) {
                let name = format!("{}.{coder}.{}", stem(&options.file_name), extension(&options.file_name));
                let written = sink.create(&name).and_then(|mut file| file.write_all(page.as_bytes()));
                written.map_err(|cause| FormatError::writing(&name, cause))?;
            }
            Ok(())
        }
    }
}

fn write_one(
    items: &mut Items<'_>,
    options: &WriteOptions,
    sink: &mut dyn Sink,
    ledger: &mut Ledger,
    writer: &mut dyn PageWriter,
) -> Result<(), FormatError> {
    let error = |cause| FormatError::writing(&options.file_name, cause);
    let mut file = BufWriter::new(sink.create(&options.file_name).map_err(error)?);
    file.write_all(writer.head().as_bytes()).map_err(error)?;
    let mut page = String::new();
    for item in items {
        let item = item?;
        let coder: Option<&CoderKey> = options.coders.first();
        let sheet = coder.and_then(|coder| item.sheets.get(coder));
        page.clear();
        ledger.add_document();
        writer.count(&item, ledger);
        writer.write(&mut page, &item, sheet.map(AsRef::as_ref), ledger);
        file.write_all(page.as_bytes()).map_err(error)?;
        options.step()?;
    }
    file.flush().map_err(error)
}

/// A page for each coder.
fn pages_of(items: &mut Items<'_>, options: &WriteOptions, ledger: &mut Ledger, writer: &mut dyn PageWriter) -> Result<Vec<String>, FormatError> {
    let mut pages: Vec<String> = vec![writer.head().to_owned(); options.coders.len()];
    for item in items {
        let item = item?;
        ledger.add_document();
        writer.count(&item, ledger);
        for (coder, page) in options.coders.iter().zip(&mut pages) {
            if let Some(sheet) = item.sheets.get(coder) {
                writer.write(page, &item, Some(sheet), ledger);
            }
        }
        options.step()?;
    }
    Ok(pages)
}
