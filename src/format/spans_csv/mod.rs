//! CSV by RFC 4180 for spreadsheets and statistics: one row a span, one a claim, one a further place of a
//! claim. Line ends are LF. Values are exact, or have a `'` in front where a spreadsheet would take one for a formula
//! (OWASP ASVS 4.0, 5.3.10).

mod read;

use std::io::Write;

use super::aspects::{Aspect, drop_aspects, drop_entity_details};
use super::sheet_builder::{Rules, rules};
use super::span_rows::{self, NO_PLACE, SpanRows, TEXT};
use super::span_table::TableRules;
use super::{
    Columns, Field, Format, FormatError, Item, Items, Layout, Ledger, Offsets, Places, Proof, Sink, Tables, TextPlace, Texts, WriteOptions, extension,
};
use crate::text::offsets::OffsetUnit;

/// The row of the table.
pub(super) const FORMAT: Format = Format {
    name: "csv",
    title: "CSV, exact (one row a span or claim)",
    extensions: &["csv", "tsv"],
    reader: Some(read::read),
    writer: Some(write_exact),
    offsets: Offsets::Choosable(OffsetUnit::CodePoints),
    layout: Layout::File,
    recognises: |name, head| ["csv", "tsv"].contains(&extension(name).as_str()) && is_span_table(head),
    carries: "spans and claims with places, quotes, entities, attributes, roles and notes; further occurrences of \
              claims in rows of their own; several values are joined with `;`, \
              with `\\;` for a `;` inside one; values are exact, also where a spreadsheet would take one for a formula; texts where they are wanted: in a column, in the first row \
              of each document, or in a text file each beside the table. An import takes \
              the texts from a column, from text files beside the table, or from the project, and any columns that are called or said \
              to be a document, a label, a start and an end; an export writes its other columns back, and rows that had no place",
    proof: Proof { reader: Some(read::read), texts: Texts::Absent, places: Places::All },
    proven_by: "pandas 3.1.1, cell by cell",
    loses: "texts, unless a place is chosen for them; document fields other than the title; relations; attributes and notes of documents; states of work; details of entities",
};

/// The same for spreadsheets.
pub(super) const SPREADSHEET_FORMAT: Format = Format {
    name: "csv-spreadsheet",
    title: "CSV, safe in spreadsheets (one row a span or claim)",
    extensions: &["csv"],
    reader: None,
    writer: Some(write_safe),
    recognises: |_, _| false,
    carries: "as csv, but a value that a spreadsheet would take for a formula (beginning with =, +, -, @, a tab, a carriage \
              return or NUL, and not a number) gets a ' in front",
    proof: Proof::NONE,
    proven_by: "pandas 3.1.1, cell by cell",
    ..FORMAT
};

static RULES: Rules = rules!("csv", "row");
static TABLE_RULES: TableRules = TableRules { rules: &RULES, no_text: "csv-no-text", offsets: "csv-offsets", no_place: "csv-no-place" };

/// By the names of its columns: it says where things are, and what.
fn is_span_table(head: &[u8]) -> bool {
    let line = head.split(|byte| matches!(byte, b'\n' | b'\r')).next().unwrap_or_default();
    let line = String::from_utf8_lossy(line);
    let names: Vec<String> = line.trim_start_matches('\u{feff}').split([',', ';', '\t']).map(|name| name.trim_matches('"').to_owned()).collect();
    let fields = Columns::default().find_spans(&names).unwrap_or_default();
    fields.contains_key(&Field::Start) && fields.contains_key(&Field::End)
}

/// How values are written.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Cells {
    Exact,
    Safe,
}

impl Cells {
    fn of(self, row: Vec<String>, ledger: &mut Ledger) -> Vec<String> {
        if self == Self::Exact {
            return row;
        }
        let safe = |cell: String| {
            let is_number = || cell.parse::<f64>().is_ok();
            if !cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\0']) || is_number() {
                return cell;
            }
            ledger.change("values", "a spreadsheet would take them for formulas, so they have a ' in front", &cell);
            format!("'{cell}")
        };
        row.into_iter().map(safe).collect()
    }
}

fn write_exact(tables: &Tables, items: &mut Items<'_>, options: &WriteOptions, sink: &mut dyn Sink, ledger: &mut Ledger) -> Result<(), FormatError> {
    Table { rows: SpanRows::new(tables, options), cells: Cells::Exact, options }.write(tables, items, sink, ledger)
}

fn write_safe(tables: &Tables, items: &mut Items<'_>, options: &WriteOptions, sink: &mut dyn Sink, ledger: &mut Ledger) -> Result<(), FormatError> {
    Table { rows: SpanRows::new(tables, options), cells: Cells::Safe, options }.write(tables, items, sink, ledger)
}

/// What becomes of a document beside its rows.
type OnItem<'f> = dyn FnMut(&Item) -> Result<(), FormatError> + 'f;

/// The table on its way out.
struct Table<'t> {
    rows: SpanRows<'t>,
    cells: Cells,
    options: &'t WriteOptions,
}

impl Table<'_> {
    fn write(&self, tables: &Tables, items: &mut Items<'_>, sink: &mut dyn Sink, ledger: &mut Ledger) -> Result<(), FormatError> {
        let name = self.options.file_name.as_str();
        let create = |sink: &mut dyn Sink, name: &str, content: &[u8]| {
            let written = sink.create(name).and_then(|mut file| file.write_all(content).and_then(|()| file.flush()));
            written.map_err(|cause| FormatError::writing(name, cause))
        };
        if self.options.texts == TextPlace::Beside {
            // A sink has one open file at a time, and the texts come first.
            let mut table = Vec::new();
            let mut write_text = |item: &Item| create(&mut *sink, &format!("{}.txt", item.id), item.text.as_str().as_bytes());
            self.write_rows(&mut table, items, &mut write_text, ledger)?;
            create(sink, name, &table)?;
        } else {
            let file = sink.create(name).map_err(|cause| FormatError::writing(name, cause))?;
            self.write_rows(file, items, &mut |_| Ok(()), ledger)?;
        }
        drop_entity_details(ledger, tables, NO_PLACE);
        Ok(())
    }

    fn write_rows(&self, file: impl Write, items: &mut Items<'_>, on_item: &mut OnItem<'_>, ledger: &mut Ledger) -> Result<(), FormatError> {
        let name = self.options.file_name.as_str();
        let mut out = ::csv::Writer::from_writer(file);
        let io = |error: ::csv::Error| FormatError::writing(name, error.into());
        let mut header = self.rows.header();
        header.extend(self.is_inside().then(|| TEXT.to_owned()));
        out.write_record(self.cells.of(header, ledger)).map_err(io)?;
        for item in items {
            let item = item?;
            ledger.add_document();
            self.count_losses(&item, ledger);
            on_item(&item)?;
            let mut text = self.is_inside().then(|| item.text.as_str().to_owned());
            for mut row in self.rows.rows(&item, ledger)? {
                row.extend(text.as_mut().map(std::mem::take));
                out.write_record(self.cells.of(row, ledger)).map_err(io)?;
            }
            self.options.step()?;
        }
        out.flush().map_err(|cause| FormatError::writing(name, cause))
    }

    fn is_inside(&self) -> bool {
        self.options.texts == TextPlace::Inside
    }

    fn count_losses(&self, item: &Item, ledger: &mut Ledger) {
        span_rows::count_text(item, self.options.texts, ledger);
        let lost = [Aspect::DocumentFields, Aspect::DocumentAttributes, Aspect::DocumentNotes, Aspect::Status];
        drop_aspects(ledger, item, &lost, NO_PLACE);
        span_rows::count_losses(item, ledger);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_a_spreadsheet_would_compute_is_made_safe() {
        let mut ledger = Ledger::default();
        let row = |cells: Cells, ledger: &mut Ledger| {
            let row = ["=cmd|' /C calc'!A0", "-1+1", "@SUM(A1)", "\tx", "-3.5", "a=b", ""].map(str::to_owned).to_vec();
            cells.of(row, ledger)
        };
        assert_eq!(row(Cells::Safe, &mut ledger), ["'=cmd|' /C calc'!A0", "'-1+1", "'@SUM(A1)", "'\tx", "-3.5", "a=b", ""]);
        assert_eq!(row(Cells::Exact, &mut ledger)[0], "=cmd|' /C calc'!A0");
        let report = ledger.into_report("csv-spreadsheet", None);
        assert_eq!(report.count(super::super::Fate::Changed), 4);
    }
}
