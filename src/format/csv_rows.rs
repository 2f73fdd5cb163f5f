//! The rows of a CSV or TSV file, with their lines. A quote that is never closed is a finding, and reading goes on behind its
//! line.

use std::collections::BTreeSet;

use ::csv::{ByteRecord, ReaderBuilder};

use super::pieces::{Piece, TextFile};
use super::record::Place;
use super::{FormatError, Receiver};
use crate::model::{Finding, Severity};

/// So many times reading begins anew behind a quote that is never closed.
const MAX_REPAIRS: usize = 100;
/// So many bytes more than the file has are read for that, for each byte of the file, but for the first few.
const MAX_REREAD: usize = 4;
const FREE_REREAD: usize = 16 << 20;

/// More columns no table has; each name takes dozens of bytes and is compared with all that are known.
pub(super) const MAX_COLUMNS: usize = 10_000;
/// Longer names of columns are not compared.
const MAX_NAME_BYTES: usize = 1000;
/// A file with a line of more cells is no table; each takes eight bytes before it can be counted.
const MAX_CELLS: usize = 1_000_000;

/// A file with a header.
pub(super) struct Table<'t> {
    file: &'t TextFile<'t>,
    /// The names of the columns.
    pub(super) names: Vec<String>,
    delimiter: u8,
}

impl<'t> Table<'t> {
    /// Reads the names of the columns. None, with a finding, for an empty file.
    ///
    /// # Errors
    /// When it has so many columns that it is no table.
    pub(super) fn open(file: &'t TextFile<'t>, to: &mut dyn Receiver) -> Result<Option<Self>, FormatError> {
        let (name, start) = (file.name, file.start());
        let delimiter = delimiter(start);
        if start.lines().next().map_or(0, |header| columns(header, delimiter)) > MAX_COLUMNS {
            return Err(too_wide(name));
        }
        let Some(first) = Rows::new(Piece { text: start, first_line: 1 }, delimiter).next_row() else {
            let message = "this table is empty. Nothing was imported; its first line must name the columns";
            to.finding(Finding::new(Severity::Warning, "csv-empty", message).in_file(name));
            return Ok(None);
        };
        let mut names: Vec<String> = Vec::new();
        let mut seen = BTreeSet::new();
        for field in &first.record {
            let column = String::from_utf8_lossy(field).into_owned();
            if !column.is_empty() && column.len() <= MAX_NAME_BYTES && !seen.insert(column.clone()) {
                let message =
                    format!("the column `{column}` is there twice. The first one counts, and the other was kept aside; give it another name");
                to.finding(Place::of_line(name, first.line).finding(Severity::Warning, "csv-double-column", message));
                let other = format!("{column} ({})", names.len() + 1);
                seen.insert(other.clone());
                names.push(other);
            } else {
                names.push(column);
            }
        }
        to.columns(&names);
        Ok(Some(Self { file, names, delimiter }))
    }

    /// The first rows behind the header, so many at most.
    pub(super) fn first_rows(&self, count: usize) -> impl Iterator<Item = Row> {
        let mut rows = Rows::new(Piece { text: self.file.start(), first_line: 1 }, self.delimiter);
        std::iter::from_fn(move || rows.next_row()).skip(1).take(count)
    }

    /// Calls `each` for every row behind the header that is whole; those that are not are findings. It says whether to go on.
    ///
    /// # Errors
    /// What `each` returns, when a line has so many cells that this is no table, and when the file cannot be read any more.
    pub(super) fn each(
        &self,
        to: &mut dyn Receiver,
        mut each: impl FnMut(Row, &mut dyn Receiver) -> Result<bool, FormatError>,
    ) -> Result<(), FormatError> {
        let (mut is_header, mut is_over) = (true, false);
        self.file.each(&mut |piece| {
            if is_over {
                return Ok(());
            }
            if piece.text.lines().any(|line| line.len() > MAX_CELLS && columns(line, self.delimiter) > MAX_CELLS) {
                return Err(too_wide(self.file.name));
            }
            let mut rows = Rows::new(piece, self.delimiter);
            if std::mem::replace(&mut is_header, false) {
                rows.next_row();
            }
            while let Some(row) = rows.next_whole(self.file.name, to) {
                if !each(row, to)? {
                    is_over = true;
                    break;
                }
            }
            Ok(())
        })
    }
}

fn columns(line: &str, delimiter: u8) -> usize {
    memchr::memchr_iter(delimiter, line.as_bytes()).count() + 1
}

fn too_wide(name: &str) -> FormatError {
    let why = format!("it has lines of far too many columns; at most {MAX_COLUMNS} are read");
    FormatError::Columns { file: name.to_owned(), why }
}

/// The delimiter that the header has most of.
pub(super) fn delimiter(content: &str) -> u8 {
    let header = content.lines().next().unwrap_or_default();
    let count = |delimiter: &&u8| header.bytes().filter(|b| b == *delimiter).count();
    // `max_by_key` takes the last of equal ones: the comma.
    b"\t;,".iter().max_by_key(count).copied().unwrap_or(b',')
}

/// Rows with the lines on which they begin.
struct Rows<'c> {
    content: &'c str,
    delimiter: u8,
    reader: ::csv::Reader<&'c [u8]>,
    // Where the reader has begun.
    base: usize,
    line: usize,
    repairs: usize,
    reread: usize,
}

/// A row.
pub(super) struct Row {
    /// Its cells.
    pub(super) record: ByteRecord,
    /// The line on which it begins.
    pub(super) line: usize,
    start: usize,
    is_unclosed: bool,
}

impl<'c> Rows<'c> {
    fn new(Piece { text: content, first_line }: Piece<'c>, delimiter: u8) -> Self {
        Self { content, delimiter, reader: reader(content, delimiter), base: 0, line: first_line, repairs: 0, reread: 0 }
    }

    fn place(&self) -> usize {
        let read = usize::try_from(self.reader.position().byte()).unwrap_or(usize::MAX);
        self.base.saturating_add(read).min(self.content.len())
    }

    fn next_row(&mut self) -> Option<Row> {
        let start = self.place();
        let mut record = ByteRecord::new();
        if !self.reader.read_byte_record(&mut record).ok()? {
            return None;
        }
        let rest = self.content.get(start..).unwrap_or_default();
        let len = self.place() - start;
        // Blank lines in front of a row belong to no row.
        let blank = rest.len() - rest.trim_start_matches(['\n', '\r']).len();
        let raw = rest.get(blank..len.max(blank)).unwrap_or_default();
        let line = self.line + lines_in(rest.get(..blank).unwrap_or_default());
        let row = Row { record, line, start: start + blank, is_unclosed: is_unclosed(raw, self.delimiter) };
        self.line = line + lines_in(raw);
        Some(row)
    }

    /// The next row that is whole; those that are not are findings.
    fn next_whole(&mut self, name: &str, to: &mut dyn Receiver) -> Option<Row> {
        let most_reread = FREE_REREAD + MAX_REREAD * self.content.len();
        loop {
            let row = self.next_row()?;
            if !row.is_unclosed {
                return Some(row);
            }
            let place = Place::of_line(name, row.line);
            self.repairs += 1;
            self.reread += self.content.len().saturating_sub(row.start);
            to.finding(place.finding(
                Severity::Error,
                "csv-unclosed-quote",
                "a quotation mark is opened here and never closed. The line was left out; the others were read",
            ));
            if self.repairs > MAX_REPAIRS || self.reread > most_reread {
                to.finding(place.finding(
                    Severity::Error,
                    "csv-unclosed-quote",
                    "too many quotation marks are never closed. The rest of the file was not read; mend it, or look whether it is a table at all",
                ));
                return None;
            }
            self.resume_behind_line(&row);
        }
    }

    fn resume_behind_line(&mut self, row: &Row) {
        let rest = self.content.get(row.start..).unwrap_or_default();
        self.base = rest.find('\n').map_or(self.content.len(), |end| row.start + end + 1);
        self.reader = reader(self.content.get(self.base..).unwrap_or_default(), self.delimiter);
        self.line = row.line + 1;
    }
}

fn reader(content: &str, delimiter: u8) -> ::csv::Reader<&[u8]> {
    ReaderBuilder::new().has_headers(false).flexible(true).delimiter(delimiter).from_reader(content.as_bytes())
}

fn lines_in(raw: &str) -> usize {
    raw.bytes().filter(|b| *b == b'\n').count()
}

/// True when the row ends inside quotes.
fn is_unclosed(raw: &str, delimiter: u8) -> bool {
    let mut quotes = Quotes::new(delimiter);
    raw.bytes().for_each(|byte| quotes.step(byte));
    quotes.is_open()
}

/// Whether a place in a table is inside quotes, byte by byte from the beginning of a row on.
#[derive(Clone, Copy, Debug)]
pub(super) struct Quotes {
    delimiter: u8,
    at: At,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum At {
    FieldStart,
    Plain,
    Quoted,
    /// Behind a quote inside quotes: it ends them, or another one follows and both stand for one.
    QuoteInQuotes,
}

impl Quotes {
    /// The beginning of a row.
    pub(super) fn new(delimiter: u8) -> Self {
        Self { delimiter, at: At::FieldStart }
    }

    /// The next byte.
    pub(super) fn step(&mut self, byte: u8) {
        self.at = match (self.at, byte) {
            (At::FieldStart | At::QuoteInQuotes, b'"') => At::Quoted,
            (At::Quoted, b'"') => At::QuoteInQuotes,
            (At::Quoted, _) => At::Quoted,
            (_, b'\n' | b'\r') => At::FieldStart,
            (_, byte) if byte == self.delimiter => At::FieldStart,
            _ => At::Plain,
        };
    }

    /// True inside quotes.
    pub(super) fn is_open(&self) -> bool {
        self.at == At::Quoted
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quote_that_is_never_closed_is_seen() {
        let check = |raw: &str, expected| assert_eq!(is_unclosed(raw, b','), expected, "{raw}");
        check("a,\"b\",c\n", false);
        check("a,\"b\"\"c\",d", false);
        check("a,b\"c,d\n", false);
        check("a,\"b\nc,d\n", true);
        check("\"", true);
    }

    #[test]
    fn delimiters_are_guessed() {
        assert_eq!(["a,b", "a;b;c", "a\tb", "a"].map(delimiter), [b',', b';', b'\t', b',']);
    }
}
