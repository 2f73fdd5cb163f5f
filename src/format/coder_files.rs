//! One file, or one a coder where several have sheets: for formats in which a text has one set of annotations.

use std::io::{BufWriter, Write};

use super::{FormatError, Item, Items, Ledger, Sink, WriteOptions, extension, stem};
use crate::model::{CoderKey, Sheet};

/// Writes documents.
pub(super) trait WriteDocument {
    /// What stands first in each file.
    fn head(&self) -> &str {
        ""
    }

    /// True where documents that nobody has annotated stand in the files of several coders, too.
    fn takes_blank(&self) -> bool {
        false
    }

    /// Counts what becomes of a document, apart from its sheets.
    fn count(&mut self, item: &Item, ledger: &mut Ledger);

    /// Writes a document as one coder sees it to the end of a page, and counts what becomes of the sheet.
    ///
    /// # Errors
    /// When the document has no form in the format.
    fn write(&mut self, page: &mut Vec<u8>, item: &Item, sheet: Option<&Sheet>, ledger: &mut Ledger) -> Result<(), FormatError>;
}

/// Writes all documents. One file is written as it comes; several are kept until they are complete, because a sink has one
/// file open at a time.
pub(super) fn write_by_coder(
    items: &mut Items<'_>,
    (options, sink, ledger): (&WriteOptions, &mut dyn Sink, &mut Ledger),
    writer: &mut dyn WriteDocument,
) -> Result<(), FormatError> {
    if options.coders.len() < 2 {
        return write_one(items, (options, sink, ledger), writer);
    }
    for ((_, name), page) in names_by_coder(options).into_iter().zip(pages_of(items, options, ledger, writer)?) {
        let written = sink.create(&name).and_then(|mut file| file.write_all(&page));
        written.map_err(|cause| FormatError::writing(&name, cause))?;
    }
    Ok(())
}

fn write_one(
    items: &mut Items<'_>,
    (options, sink, ledger): (&WriteOptions, &mut dyn Sink, &mut Ledger),
    writer: &mut dyn WriteDocument,
) -> Result<(), FormatError> {
    let error = |cause| FormatError::writing(&options.file_name, cause);
    let mut file = BufWriter::new(sink.create(&options.file_name).map_err(error)?);
    file.write_all(writer.head().as_bytes()).map_err(error)?;
    let mut page = Vec::new();
    for item in items {
        let item = item?;
        let sheet = item.sheets.values().next();
        page.clear();
        ledger.add_document();
        writer.count(&item, ledger);
        writer.write(&mut page, &item, sheet.map(AsRef::as_ref), ledger)?;
        file.write_all(&page).map_err(error)?;
        options.step()?;
    }
    file.flush().map_err(error)
}

/// A page for each coder.
fn pages_of(items: &mut Items<'_>, options: &WriteOptions, ledger: &mut Ledger, writer: &mut dyn WriteDocument) -> Result<Vec<Vec<u8>>, FormatError> {
    let mut pages = vec![writer.head().as_bytes().to_vec(); options.coders.len()];
    for item in items {
        let item = item?;
        ledger.add_document();
        let is_taken = item.sheets.is_empty() && writer.takes_blank();
        if item.sheets.is_empty() && !is_taken {
            ledger.drop("documents", "nobody has annotated them, and each file has what one coder has annotated", item.id.as_str());
            options.step()?;
            continue;
        }
        writer.count(&item, ledger);
        for (coder, page) in options.coders.iter().zip(&mut pages) {
            let sheet = item.sheets.get(coder).map(AsRef::as_ref);
            if sheet.is_some() || is_taken {
                writer.write(page, &item, sheet, ledger)?;
            }
        }
        options.step()?;
    }
    Ok(pages)
}

/// The file of each coder; one of the plain name where there is one coder or none.
pub(super) fn names_by_coder(options: &WriteOptions) -> Vec<(Option<CoderKey>, String)> {
    let name = options.file_name.as_str();
    match options.coders.as_slice() {
        [] => vec![(None, name.to_owned())],
        [coder] => vec![(Some(coder.clone()), name.to_owned())],
        coders => coders.iter().map(|coder| (Some(coder.clone()), format!("{}.{coder}.{}", stem(name), extension(name)))).collect(),
    }
}
