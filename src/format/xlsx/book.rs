//! A workbook, made on a thread of its own: the crate wants a writer that can be sent there, and panics where its
//! temporary file cannot be written, which must not end an export of the program.

use std::io::{self, BufWriter, Write};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook, XlsxError};

use crate::format::FormatError;

/// Rows that a sheet of Excel holds.
const MAX_ROWS: u32 = 1 << 20;
/// Columns that a sheet of Excel holds.
const MAX_COLUMNS: usize = 1 << 14;
/// Batches of rows, and of bytes, that may wait.
const WAITING: usize = 16;
/// Bytes of a batch.
const BATCH_BYTES: usize = 1 << 16;

/// How a sheet begins.
pub(super) struct SheetStart {
    /// Its name; where it goes on in another one, that has a number behind it.
    pub(super) name: &'static str,
    /// The first row.
    pub(super) header: Vec<String>,
}

/// Rows of one sheet.
pub(super) struct Rows {
    /// Which of the sheets.
    pub(super) sheet: usize,
    /// The rows, as cells.
    pub(super) rows: Vec<Vec<String>>,
}

/// What the thread is told.
enum Message {
    Rows(Rows),
    Finish,
}

/// Takes the rows of a workbook.
pub(super) struct Book<'b> {
    name: &'b str,
    messages: SyncSender<Message>,
}

impl Book<'_> {
    /// Adds rows.
    ///
    /// # Errors
    /// When the workbook could not be made.
    pub(super) fn send(&self, rows: Rows) -> Result<(), FormatError> {
        self.messages.send(Message::Rows(rows)).map_err(|_| failed(self.name, "the workbook could not be made"))
    }
}

/// Writes a workbook with these sheets, filled by `fill`.
///
/// # Errors
/// When `fill` fails, or the workbook cannot be made or written.
pub(super) fn write_book(
    name: &str,
    out: &mut dyn Write,
    sheets: &[SheetStart],
    fill: impl FnOnce(&Book<'_>) -> Result<(), FormatError>,
) -> Result<(), FormatError> {
    if sheets.iter().any(|sheet| sheet.header.len() > MAX_COLUMNS) {
        let why = format!("the codebook needs more than the {MAX_COLUMNS} columns of a sheet; nothing was exported");
        return Err(FormatError::Columns { file: name.to_owned(), why });
    }
    thread::scope(|scope| {
        let (messages, received) = sync_channel(WAITING);
        let (bytes, written) = sync_channel(WAITING);
        let maker = scope.spawn(move || make(&received, sheets, bytes));
        let book = Book { name, messages };
        let filled = fill(&book).map(|()| book.messages.send(Message::Finish));
        drop(book);
        let copied = written.iter().try_for_each(|batch: Vec<u8>| out.write_all(&batch)).and_then(|()| out.flush());
        drop(written);
        match maker.join() {
            Ok(Ok(())) => {}
            Ok(Err(error)) => return Err(failed(name, &error.to_string())),
            Err(_) => return Err(failed(name, "the workbook could not be made; perhaps the disk for temporary files is full")),
        }
        filled?.map_err(|_| failed(name, "the workbook could not be made"))?;
        copied.map_err(|cause| FormatError::writing(name, cause))
    })
}

fn failed(name: &str, why: &str) -> FormatError {
    FormatError::writing(name, io::Error::other(why))
}

/// A sheet that is being filled.
struct Open<'s> {
    start: &'s SheetStart,
    index: usize,
    number: usize,
    next_row: u32,
}

/// Makes the workbook. Without a last word nothing is written.
fn make(received: &Receiver<Message>, sheets: &[SheetStart], bytes: SyncSender<Vec<u8>>) -> Result<(), XlsxError> {
    let mut workbook = Workbook::new();
    // The same project gives the same bytes.
    let date = ExcelDateTime::from_ymd(2000, 1, 1)?;
    workbook.set_properties(&DocProperties::new().set_creation_datetime(&date));
    let mut count = 0;
    let mut open = Vec::new();
    for start in sheets {
        let mut sheet = Open { start, index: 0, number: 0, next_row: 0 };
        begin_sheet(&mut workbook, &mut sheet, &mut count)?;
        open.push(sheet);
    }
    while let Ok(message) = received.recv() {
        let rows = match message {
            Message::Rows(rows) => rows,
            Message::Finish => return workbook.save_to_writer(BufWriter::with_capacity(BATCH_BYTES, Batches(bytes))),
        };
        let Some(sheet) = open.get_mut(rows.sheet) else { continue };
        for row in &rows.rows {
            if sheet.next_row == MAX_ROWS {
                begin_sheet(&mut workbook, sheet, &mut count)?;
            }
            write_row(&mut workbook, sheet, row)?;
        }
    }
    Ok(())
}

fn begin_sheet(workbook: &mut Workbook, sheet: &mut Open<'_>, count: &mut usize) -> Result<(), XlsxError> {
    sheet.number += 1;
    sheet.index = *count;
    sheet.next_row = 0;
    *count += 1;
    let name = if sheet.number == 1 { sheet.start.name.to_owned() } else { format!("{} {}", sheet.start.name, sheet.number) };
    workbook.add_worksheet_with_constant_memory()?.set_name(name)?.set_freeze_panes(1, 0)?;
    let start = sheet.start;
    write_row(workbook, sheet, &start.header)
}

fn write_row(workbook: &mut Workbook, sheet: &mut Open<'_>, row: &[String]) -> Result<(), XlsxError> {
    let worksheet = workbook.worksheet_from_index(sheet.index)?;
    for (column, cell) in (0..).zip(row) {
        worksheet.write_string(sheet.next_row, column, cell)?;
    }
    sheet.next_row += 1;
    Ok(())
}

/// Sends what is written. Where nobody takes it any more it is dropped: the one who took it knows why.
struct Batches(SyncSender<Vec<u8>>);

impl Write for Batches {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let _ = self.0.send(bytes.to_vec());
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
