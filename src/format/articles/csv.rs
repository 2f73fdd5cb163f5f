//! Articles in a CSV or TSV file with a header. Broken rows are findings; the rest is read.

use std::collections::BTreeMap;

use ::csv::ByteRecord;

use crate::format::allowance::Allowance;
use crate::format::article::{DecodedFile, decode_or_ask};
use crate::format::csv_rows::{MAX_COLUMNS, open};
use crate::format::record::{Place, Record, to_item};
use crate::format::{Field, FormatError, ReadOptions, Receiver, Source};
use crate::model::{Severity, cut_message};
use crate::text::decode::Decoding;

/// Reads every file of the source.
pub(super) fn read(source: &dyn Source, options: &mut ReadOptions, to: &mut dyn Receiver) -> Result<(), FormatError> {
    for name in source.names() {
        if let Some(file) = decode_or_ask(source, &name, options, to)? {
            read_table(&name, &file, options, to)?;
        }
    }
    Ok(())
}

/// The header's names and what they mean.
struct Header {
    names: Vec<String>,
    fields: BTreeMap<Field, usize>,
    decoding: Decoding,
}

fn read_table(name: &str, file: &DecodedFile, options: &mut ReadOptions, to: &mut dyn Receiver) -> Result<(), FormatError> {
    let content = file.decoded.text.as_str();
    let Some((names, mut rows)) = open(name, content, to)? else { return Ok(()) };
    let fields = options.columns.find(&names).map_err(|why| FormatError::Columns { file: name.to_owned(), why: cut_message(&why) })?;
    let header = Header { names, fields, decoding: file.decoded.decoding.clone() };
    let mut allowance = Allowance::new(content.len());
    while let Some(row) = rows.next_whole(name, to) {
        if !allowance.take(name, to) {
            return Ok(());
        }
        let place = Place::of_line(name, row.line);
        let record = record(&row.record, &header, place, to);
        let item = to_item(record, super::CSV_FORMAT.name, place, options, to);
        to.item(item);
        options.step()?;
    }
    Ok(())
}

fn record(row: &ByteRecord, header: &Header, place: Place<'_>, to: &mut dyn Receiver) -> Record {
    if row.len() != header.names.len() {
        let what = if row.len() < header.names.len() { "what is missing was taken as empty" } else { "what is too much was kept aside" };
        let mut message = format!("this row has {} columns and the header {}. It was read, and {what}; look at it", row.len(), header.names.len());
        if row.len() > MAX_COLUMNS {
            message = format!("this row has {} columns. Only the first {MAX_COLUMNS} were read", row.len());
        }
        to.finding(place.finding(Severity::Warning, "csv-ragged-row", message));
    }
    let mut record = Record { encoding: Some(header.decoding.clone()), ..Record::default() };
    for (index, value) in row.iter().enumerate().take(MAX_COLUMNS) {
        let value = String::from_utf8_lossy(value).into_owned();
        let field = header.fields.iter().find(|(_, at)| **at == index).map(|(field, _)| *field);
        let name = header.names.get(index).filter(|name| !name.is_empty()).cloned().unwrap_or_else(|| format!("column {}", index + 1));
        match field {
            Some(field) => drop(record.fields.insert(field, value)),
            None if value.is_empty() => {}
            None => drop(record.rest.insert(name, value.into())),
        }
    }
    record
}
