//! Reading: tables of spans beside their texts.

use ::csv::StringRecord;

use super::TABLE_RULES;
use crate::format::allowance::Allowance;
use crate::format::csv_rows::Table;
use crate::format::pieces::{Holds, TextFile, cut_rows};
use crate::format::span_table::{EachRow, SpanTable, read_tables};
use crate::format::{FormatError, ReadOptions, Receiver, Source, extension};
use crate::model::{Finding, Severity};

/// Reads every table of the source; its other files are texts.
pub(super) fn read(source: &dyn Source, options: &mut ReadOptions, to: &mut dyn Receiver) -> Result<(), FormatError> {
    let names: Vec<String> = source.names().into_iter().filter(|name| extension(name) != "txt").collect();
    let mut files = Vec::new();
    for name in &names {
        files.extend(TextFile::open((source, name), (Holds::Annotations, cut_rows), options, to)?);
    }
    let mut tables = Vec::new();
    for file in &files {
        tables.extend(Table::open(file, to)?.map(|table| SpanFile { file, table }));
    }
    read_tables(&tables, source, &TABLE_RULES, options, to)
}

struct SpanFile<'f> {
    file: &'f TextFile<'f>,
    table: Table<'f>,
}

impl SpanTable for SpanFile<'_> {
    fn file(&self) -> &str {
        self.file.name
    }

    fn header(&self) -> &[String] {
        &self.table.names
    }

    fn first_rows(&self, count: usize) -> Vec<StringRecord> {
        self.table.first_rows(count).map(|row| StringRecord::from_byte_record_lossy(row.record)).collect()
    }

    fn each(&self, to: &mut dyn Receiver, each: &mut EachRow<'_>) -> Result<(), FormatError> {
        let (name, columns) = (self.file.name, self.table.names.len());
        let mut allowance = Allowance::new(self.file.len);
        self.table.each(to, |row, to| {
            if !allowance.take(name, to) {
                return Ok(false);
            }
            if row.record.len() != columns {
                let message = format!(
                    "this row has {} columns and the header {columns}. It was read; what is missing was taken as empty, and what is too much was left out",
                    row.record.len()
                );
                to.finding(Finding::new(Severity::Warning, "csv-ragged-row", message).in_file(name).at_line(row.line));
            }
            each(row.line, StringRecord::from_byte_record_lossy(row.record))?;
            Ok(true)
        })
    }
}
