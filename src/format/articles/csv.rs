//! Articles in a CSV or TSV file with a header. Broken rows are findings; the rest is read.

use crate::format::allowance::Allowance;
use crate::format::article::{DecodedFile, decode_or_ask};
use crate::format::csv_rows::open;
use crate::format::record::{Header, Place, to_item};
use crate::format::{FormatError, ReadOptions, Receiver, Source};
use crate::model::cut_message;

/// Reads every file of the source.
pub(super) fn read(source: &dyn Source, options: &mut ReadOptions, to: &mut dyn Receiver) -> Result<(), FormatError> {
    for name in source.names() {
        if let Some(file) = decode_or_ask(source, &name, options, to)? {
            read_table(&name, &file, options, to)?;
        }
    }
    Ok(())
}

fn read_table(name: &str, file: &DecodedFile, options: &mut ReadOptions, to: &mut dyn Receiver) -> Result<(), FormatError> {
    let content = file.decoded.text.as_str();
    let Some((names, mut rows)) = open(name, content, to)? else { return Ok(()) };
    let fields = options.columns.find(&names).map_err(|why| FormatError::Columns { file: name.to_owned(), why: cut_message(&why) })?;
    let header = Header { names, fields, encoding: Some(file.decoded.decoding.clone()) };
    let mut allowance = Allowance::new(content.len());
    while let Some(row) = rows.next_whole(name, to) {
        if !allowance.take(name, to) {
            return Ok(());
        }
        let place = Place::of_line(name, row.line);
        let record = header.record(&row.record, place, to);
        let item = to_item(record, super::CSV_FORMAT.name, place, options, to);
        to.item(item);
        options.step()?;
    }
    Ok(())
}
