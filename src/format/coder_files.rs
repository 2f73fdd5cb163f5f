//! One file, or one a coder where several have sheets: for formats in which a text has one set of annotations.

use std::io::{self, BufWriter, Seek, Write};

use tempfile::SpooledTempFile;

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

/// So much of each file is kept in memory.
const KEPT_BYTES: usize = 4 << 20;

/// Writes all documents. One file is written as it comes; several are kept until they are complete, because a sink has one
/// file open at a time: what does not fit into memory lies in a file of the system's folder for such.
pub(super) fn write_by_coder(
    items: &mut Items<'_>,
    (options, sink, ledger): (&WriteOptions, &mut dyn Sink, &mut Ledger),
    writer: &mut dyn WriteDocument,
) -> Result<(), FormatError> {
    if options.coders.len() < 2 {
        return write_one(items, (options, sink, ledger), writer);
    }
    for ((_, name), mut kept) in names_by_coder(options).into_iter().zip(kept_files(items, options, ledger, writer)?) {
        let written = kept.rewind().and_then(|()| io::copy(&mut kept, &mut sink.create(&name)?));
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

/// Writes a document to the end of a page, and counts what becomes of it.
pub(super) type WritePage<'w> = dyn FnMut(&mut Vec<u8>, &Item, &mut Ledger) -> Result<(), FormatError> + 'w;

/// Writes all documents into one file, whoever has annotated them: between a head, what stands between documents, and a tail.
pub(super) fn write_together(
    items: &mut Items<'_>,
    (options, sink, ledger): (&WriteOptions, &mut dyn Sink, &mut Ledger),
    write: &mut WritePage<'_>,
    [head, between, tail]: [&str; 3],
) -> Result<(), FormatError> {
    let error = |cause| FormatError::writing(&options.file_name, cause);
    let mut file = BufWriter::new(sink.create(&options.file_name).map_err(error)?);
    file.write_all(head.as_bytes()).map_err(error)?;
    let (mut page, mut is_first) = (Vec::new(), true);
    for item in items {
        let item = item?;
        ledger.add_document();
        page.clear();
        page.extend_from_slice(if is_first { b"" } else { between.as_bytes() });
        is_first = false;
        write(&mut page, &item, ledger)?;
        file.write_all(&page).map_err(error)?;
        options.step()?;
    }
    file.write_all(tail.as_bytes()).map_err(error)?;
    file.flush().map_err(error)
}

/// A file for each coder.
fn kept_files(
    items: &mut Items<'_>,
    options: &WriteOptions,
    ledger: &mut Ledger,
    writer: &mut dyn WriteDocument,
) -> Result<Vec<SpooledTempFile>, FormatError> {
    let error = |cause| FormatError::writing(&options.file_name, cause);
    let mut files: Vec<SpooledTempFile> = options.coders.iter().map(|_| SpooledTempFile::new(KEPT_BYTES)).collect();
    files.iter_mut().try_for_each(|file| file.write_all(writer.head().as_bytes())).map_err(error)?;
    let mut page = Vec::new();
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
        for (coder, file) in options.coders.iter().zip(&mut files) {
            let sheet = item.sheets.get(coder).map(AsRef::as_ref);
            if sheet.is_some() || is_taken {
                page.clear();
                writer.write(&mut page, &item, sheet, ledger)?;
                file.write_all(&page).map_err(error)?;
            }
        }
        options.step()?;
    }
    Ok(files)
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
