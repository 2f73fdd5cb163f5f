//! Reading: each sheet of a workbook is a table of spans, a table of articles, or left out, by the names of its columns.

use ::csv::StringRecord;

use super::TABLE_RULES;
use super::sheets::{SheetRows, read_sheets};
use crate::format::record::{Header, Place, to_item};
use crate::format::span_table::{EachRow, SpanTable, read_tables};
use crate::format::{Field, FormatError, ReadOptions, Receiver, Source, extension};
use crate::model::{Finding, Severity, cut_message};

/// Reads every workbook of the source; its other files are texts of spans.
pub(super) fn read(source: &dyn Source, options: &mut ReadOptions, to: &mut dyn Receiver) -> Result<(), FormatError> {
    let mut tables = Vec::new();
    for name in source.names().into_iter().filter(|name| extension(name) != "txt") {
        let mut others = Vec::new();
        let mut is_read = false;
        for sheet in read_sheets(source, &name, &options.cancel)? {
            to.columns(&sheet.header);
            if sheet.cells_left_out > 0 {
                let message = format!("the sheet “{}” has far too many columns; {} cells were left out", sheet.name, sheet.cells_left_out);
                to.finding(Finding::new(Severity::Warning, "xlsx-columns", message).in_file(&name));
            }
            let spans = options.columns.find_spans(&sheet.header);
            match spans.is_ok_and(|fields| fields.contains_key(&Field::Start) && fields.contains_key(&Field::End)) {
                true => tables.push(SpanSheet { file: name.clone(), sheet }),
                false if options.columns.find(&sheet.header).is_ok() => articles(&name, sheet, options, to)?,
                false => {
                    others.push(sheet);
                    continue;
                }
            }
            is_read = true;
        }
        say_others(&name, &others, is_read, options, to)?;
    }
    read_tables(&tables, source, &TABLE_RULES, options, to)
}

struct SpanSheet {
    file: String,
    sheet: SheetRows,
}

impl SpanTable for SpanSheet {
    fn file(&self) -> &str {
        &self.file
    }

    fn header(&self) -> &[String] {
        &self.sheet.header
    }

    fn first_rows(&self, count: usize) -> Vec<StringRecord> {
        self.sheet.rows.iter().take(count).map(|(_, cells)| cells.clone()).collect()
    }

    fn each(&self, _to: &mut dyn Receiver, each: &mut EachRow<'_>) -> Result<(), FormatError> {
        self.sheet.rows.iter().try_for_each(|(line, cells)| each(*line, cells.clone()))
    }
}

fn articles(name: &str, sheet: SheetRows, options: &mut ReadOptions, to: &mut dyn Receiver) -> Result<(), FormatError> {
    let error = |why: String| FormatError::Columns { file: name.to_owned(), why: cut_message(&why) };
    let fields = options.columns.find(&sheet.header).map_err(error)?;
    let header = Header { names: sheet.header, fields, encoding: None };
    for (line, row) in sheet.rows {
        let place = Place::of_line(name, line);
        let record = header.record(&row.into_byte_record(), place, to);
        let item = to_item(record, super::FORMAT.name, place, options, to);
        to.item(item);
        options.step()?;
    }
    Ok(())
}

/// Sheets that are no such tables. Where there are no others, somebody must say which column is which.
fn say_others(name: &str, others: &[SheetRows], is_read: bool, options: &ReadOptions, to: &mut dyn Receiver) -> Result<(), FormatError> {
    if let (false, Some(first)) = (is_read, others.first()) {
        let why = options.columns.find(&first.header).err().unwrap_or_default();
        return Err(FormatError::Columns { file: name.to_owned(), why: cut_message(&why) });
    }
    for sheet in others {
        let message = format!("the sheet “{}” has no columns of articles or spans; it was left out", sheet.name);
        to.finding(Finding::new(Severity::Note, "xlsx-other-sheet", message).in_file(name));
    }
    Ok(())
}
