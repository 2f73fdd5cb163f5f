//! One file a coder, for formats whose records have no place for one.

use std::io::{self, Write};

use super::{FormatError, Item, Items, Ledger, Sink, WriteOptions, extension, stem};
use crate::model::{CoderKey, Sheet};

/// What a document becomes in the file of one coder.
pub(super) type WriteDocument<'w> = dyn FnMut(&mut dyn Write, &Item, Option<(&CoderKey, &Sheet)>, &mut Ledger) -> Result<(), FormatError> + 'w;

/// Writes every document with a coder's sheet. Where several coders have sheets, each gets a file with the documents that
/// have one of theirs; those of one coder or none go straight into one file. `before` counts what a document loses.
pub(super) fn write_by_coder(
    items: &mut Items<'_>,
    (options, sink, ledger): (&WriteOptions, &mut dyn Sink, &mut Ledger),
    before: fn(&Item, &mut Ledger),
    write: &mut WriteDocument<'_>,
) -> Result<(), FormatError> {
    if options.coders.len() > 1 {
        return write_several(items, (options, sink, ledger), before, write);
    }
    let name = options.file_name.as_str();
    let io = |cause| FormatError::writing(name, cause);
    let mut out = io::BufWriter::new(sink.create(name).map_err(io)?);
    for item in items {
        let item = item?;
        ledger.add_document();
        before(&item, ledger);
        let sheet = item.sheets.iter().next().map(|(coder, sheet)| (coder, sheet.as_ref()));
        write(&mut out, &item, sheet, ledger)?;
        options.step()?;
    }
    out.flush().map_err(io)
}

fn write_several(
    items: &mut Items<'_>,
    (options, sink, ledger): (&WriteOptions, &mut dyn Sink, &mut Ledger),
    before: fn(&Item, &mut Ledger),
    write: &mut WriteDocument<'_>,
) -> Result<(), FormatError> {
    // A sink has one file open at a time.
    let mut pages: Vec<(Option<CoderKey>, String, Vec<u8>)> =
        names_by_coder(options).into_iter().map(|(coder, name)| (coder, name, Vec::new())).collect();
    for item in items {
        let item = item?;
        ledger.add_document();
        before(&item, ledger);
        for (coder, _, page) in &mut pages {
            let sheet = coder.as_ref().and_then(|coder| Some((coder, item.sheets.get(coder)?.as_ref())));
            if sheet.is_some() || item.sheets.is_empty() {
                write(page, &item, sheet, ledger)?;
            }
        }
        options.step()?;
    }
    for (_, name, page) in pages {
        sink.create(&name).and_then(|mut file| file.write_all(&page)).map_err(|cause| FormatError::writing(&name, cause))?;
    }
    Ok(())
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
