//! Articles in a CSV or TSV file with a header. Broken rows are findings; the rest is read.

use crate::format::allowance::Allowance;
use crate::format::csv_rows::Table;
use crate::format::pieces::{Holds, TextFile, cut_rows};
use crate::format::record::{Header, Place, to_item};
use crate::format::{FormatError, ReadOptions, Receiver, Source};
use crate::model::cut_message;

/// Reads every file of the source.
pub(super) fn read(source: &dyn Source, options: &mut ReadOptions, to: &mut dyn Receiver) -> Result<(), FormatError> {
    for name in source.names() {
        if let Some(file) = TextFile::open((source, &name), (Holds::Articles, cut_rows), options, to)? {
            read_table(&file, options, to)?;
        }
    }
    Ok(())
}

fn read_table(file: &TextFile<'_>, options: &mut ReadOptions, to: &mut dyn Receiver) -> Result<(), FormatError> {
    let name = file.name;
    let Some(table) = Table::open(file, to)? else { return Ok(()) };
    let fields = options.columns.find(&table.names).map_err(|why| FormatError::Columns { file: name.to_owned(), why: cut_message(&why) })?;
    let header = Header { names: table.names.clone(), fields, encoding: Some(file.decoding.clone()) };
    let mut allowance = Allowance::new(file.len);
    table.each(to, |row, to| {
        if !allowance.take(name, to) {
            return Ok(false);
        }
        let place = Place::of_line(name, row.line);
        let record = header.record(&row.record, place, to);
        let item = to_item(record, super::CSV_FORMAT.name, place, options, to);
        to.item(item);
        options.step()?;
        Ok(true)
    })
}
