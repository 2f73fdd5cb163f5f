//! Reading: tables of spans beside their texts.

use ::csv::StringRecord;

use super::TABLE_RULES;
use crate::format::allowance::Allowance;
use crate::format::article::annotations_or_ask;
use crate::format::csv_rows::{Rows, open};
use crate::format::span_table::{SpanTable, read_tables};
use crate::format::{FormatError, ReadOptions, Receiver, Source, extension};
use crate::model::{Finding, Severity};

/// Reads every table of the source; its other files are texts.
pub(super) fn read(source: &dyn Source, options: &mut ReadOptions, to: &mut dyn Receiver) -> Result<(), FormatError> {
    let mut tables = Vec::new();
    for name in source.names().into_iter().filter(|name| extension(name) != "txt") {
        let Some(file) = annotations_or_ask(source, &name, options, to) else { continue };
        let content = file.decoded.text.as_str();
        let Some((header, rows)) = open(&name, content, to)? else { continue };
        let rows = all_rows(&name, header.len(), (rows, content.len()), to);
        tables.push(SpanTable { file: name, header, rows });
    }
    read_tables(&tables, source, &TABLE_RULES, options, to)
}

fn all_rows(name: &str, columns: usize, (mut rows, len): (Rows<'_>, usize), to: &mut dyn Receiver) -> Vec<(usize, StringRecord)> {
    let mut all = Vec::new();
    let mut allowance = Allowance::new(len);
    while let Some(row) = rows.next_whole(name, to) {
        if !allowance.take(name, to) {
            break;
        }
        if row.record.len() != columns {
            let message = format!(
                "this row has {} columns and the header {columns}. It was read; what is missing was taken as empty, and what is too much was left out",
                row.record.len()
            );
            to.finding(Finding::new(Severity::Warning, "csv-ragged-row", message).in_file(name).at_line(row.line));
        }
        all.push((row.line, StringRecord::from_byte_record_lossy(row.record)));
    }
    all
}
