//! The sheets of a workbook as rows of text, read under caps: a small workbook can unpack to any size, and a single cell can say
//! that it stands in the last column of the last row.

use std::io::{self, Cursor, Read};
use std::thread;

use calamine::{DataRef, ExcelDateTime, Reader as _, Xlsx, XlsxError};
use csv::StringRecord;
use zip::ZipArchive;

use crate::format::csv_rows::MAX_COLUMNS;
use crate::format::{FormatError, MAX_FILE_BYTES, Source, read_all};
use crate::progress::CancelToken;

/// A sheet: the names of its columns, and the rows behind them with their numbers.
pub(super) struct SheetRows {
    pub(super) name: String,
    pub(super) header: Vec<String>,
    pub(super) rows: Vec<(usize, StringRecord)>,
    /// Cells beyond the last column that is read.
    pub(super) cells_left_out: usize,
}

/// All sheets of a workbook that have a header.
///
/// # Errors
/// When it is no workbook, or unpacks to more than is read.
pub(super) fn read_sheets(source: &dyn Source, name: &str, cancel: &CancelToken) -> Result<Vec<SheetRows>, FormatError> {
    let bytes = read_all(source, name)?;
    refuse_bombs(name, &bytes)?;
    // On a thread of its own: what the crate does not expect must not end an import of the program.
    let read = thread::scope(|scope| scope.spawn(|| read_book(name, bytes, cancel)).join());
    read.unwrap_or_else(|_| Err(no_workbook(name, "it is damaged")))
}

fn read_book(name: &str, bytes: Vec<u8>, cancel: &CancelToken) -> Result<Vec<SheetRows>, FormatError> {
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(|error| no_workbook(name, &error.to_string()))?;
    let mut sheets = Vec::new();
    for sheet in book.sheet_names() {
        let rows = read_sheet(&mut book, &sheet, cancel).map_err(|error| match error {
            Stop::Cancelled => FormatError::Cancelled,
            Stop::Broken(error) => no_workbook(name, &format!("its sheet “{sheet}” cannot be read: {error}")),
        })?;
        sheets.extend(rows);
    }
    Ok(sheets)
}

fn no_workbook(name: &str, why: &str) -> FormatError {
    FormatError::NotThisFormat { file: name.to_owned(), format: super::FORMAT.title, why: crate::model::cut_message(why) }
}

/// What a workbook says about the sizes of its parts may be wrong, so they are counted.
fn refuse_bombs(name: &str, bytes: &[u8]) -> Result<(), FormatError> {
    let broken = |error: &dyn std::fmt::Display| no_workbook(name, &error.to_string());
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|error| broken(&error))?;
    let mut left = MAX_FILE_BYTES;
    for index in 0..archive.len() {
        let part = archive.by_index(index).map_err(|error| broken(&error))?;
        let unpacked = io::copy(&mut part.take(left), &mut io::sink()).map_err(|error| broken(&error))?;
        left -= unpacked;
        if left == 0 {
            return Err(FormatError::TooLarge { file: name.to_owned(), what: "what it unpacks to" });
        }
    }
    Ok(())
}

enum Stop {
    Cancelled,
    Broken(XlsxError),
}

/// None for an empty sheet.
fn read_sheet<R: Read + io::Seek>(book: &mut Xlsx<R>, name: &str, cancel: &CancelToken) -> Result<Option<SheetRows>, Stop> {
    // Sheets of charts have no cells.
    let Ok(mut cells) = book.worksheet_cells_reader(name) else { return Ok(None) };
    let mut rows: Vec<(usize, Vec<String>)> = Vec::new();
    let mut cells_left_out = 0;
    while let Some(cell) = cells.next_cell().map_err(Stop::Broken)? {
        let (row, column) = cell.get_position();
        let (row, column) = (row as usize + 1, column as usize);
        let text = text_of(cell.get_value());
        if text.is_empty() {
            continue;
        }
        if column >= MAX_COLUMNS {
            cells_left_out += 1;
            continue;
        }
        if rows.last().is_none_or(|(last, _)| *last != row) {
            rows.push((row, Vec::new()));
            if cancel.is_cancelled() {
                return Err(Stop::Cancelled);
            }
        }
        if let Some((_, values)) = rows.last_mut() {
            let width = values.len().max(column + 1);
            values.resize(width, String::new());
            values.splice(column..=column, [text]);
        }
    }
    let mut rows = rows.into_iter();
    let Some((_, header)) = rows.next() else { return Ok(None) };
    // A cell that ends a row early is an empty one.
    let width = header.len();
    let padded = rows.map(|(row, mut values)| {
        values.resize(values.len().max(width), String::new());
        (row, StringRecord::from(values))
    });
    Ok(Some(SheetRows { name: name.to_owned(), rows: padded.collect(), header, cells_left_out }))
}

/// As somebody would type it: whole numbers without a point, dates as ISO 8601.
fn text_of(value: &DataRef<'_>) -> String {
    match value {
        DataRef::Int(number) => number.to_string(),
        DataRef::Float(number) => number.to_string(),
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => text.clone(),
        DataRef::SharedString(text) => (*text).to_owned(),
        DataRef::Bool(yes) => yes.to_string(),
        DataRef::DateTime(time) => time_text(time),
        DataRef::Error(error) => error.to_string(),
        DataRef::Empty => String::new(),
    }
}

fn time_text(time: &ExcelDateTime) -> String {
    if !time.is_datetime() {
        return time.as_f64().to_string();
    }
    let (year, month, day, hour, minute, second, _) = time.to_ymd_hms_milli();
    let date = format!("{year:04}-{month:02}-{day:02}");
    if (hour, minute, second) == (0, 0, 0) { date } else { format!("{date}T{hour:02}:{minute:02}:{second:02}") }
}
