//! XLSX for spreadsheets and statistics: the table of spans and claims, the documents and the codebook, a sheet each.
//! Every cell is text, so that nothing is taken for a formula, a number or a date. Way in: `read`, cells by `sheets`.

mod book;
mod cell;
mod codebook;
mod documents;
mod read;
mod sheets;

use super::aspects::drop_entity_details;
use super::sheet_builder::{Rules, rules};
use super::span_rows::{self, NO_PLACE, SpanRows};
use super::span_table::TableRules;
use super::{Format, FormatError, Items, Layout, Ledger, Offsets, Proof, Sink, Tables, TextPlace, WriteOptions, extension};
use crate::text::offsets::OffsetUnit;
use book::{Rows, SheetStart, write_book};
use cell::fit;
use documents::DocumentRows;

/// The row of the table.
pub(super) const FORMAT: Format = Format {
    name: "xlsx",
    title: "Excel workbook (one row a span or claim)",
    extensions: &["xlsx"],
    reader: Some(read::read),
    writer: Some(write),
    offsets: Offsets::Choosable(OffsetUnit::CodePoints),
    layout: Layout::File,
    recognises: |name, head| extension(name) == "xlsx" && head.starts_with(b"PK"),
    carries: "a sheet of spans and claims with the columns of csv; a sheet of documents with their fields and, for each coder, the \
              state of work, attributes and the note; a sheet with the codebook; texts in a column, if wanted. Every cell is text. A sheet that is full goes on in \
              another one. An import takes sheets of spans, with their texts as for csv, and sheets of articles, by the names of their columns or \
              as somebody says; an export writes their other columns back, and rows that had no place",
    proof: Proof::NONE,
    proven_by: "openpyxl 3.1.5 and pandas 3.1.1, cell by cell",
    loses: "texts, unless they go inside; relations; regions; details of entities. Characters that XML forbids become �, carriage returns become line \
            feeds, and what is longer than 32,767 characters is cut off; each is counted",
};

// What has no place in one kind of table is written back in the other, too.
static RULES: Rules = Rules { format: span_rows::KEPT, ..rules!("xlsx", "row") };
static TABLE_RULES: TableRules = TableRules { rules: &RULES, no_text: "xlsx-no-text", offsets: "xlsx-offsets", no_place: "xlsx-no-place" };

/// Which sheet a row goes to.
const SPANS: usize = 0;
const DOCUMENTS: usize = 1;
const CODEBOOK: usize = 2;

/// Writes everything.
fn write(tables: &Tables, items: &mut Items<'_>, options: &WriteOptions, sink: &mut dyn Sink, ledger: &mut Ledger) -> Result<(), FormatError> {
    let name = options.file_name.as_str();
    let mut out = sink.create(name).map_err(|cause| FormatError::writing(name, cause))?;
    let (spans, documents) = (SpanRows::new(tables, options), DocumentRows::new(tables));
    let mut sheets = [
        SheetStart { name: "spans and claims", header: spans.header() },
        SheetStart { name: "documents", header: documents.header() },
        SheetStart { name: "codebook", header: codebook::header() },
    ];
    let is_inside = options.texts == TextPlace::Inside;
    let [of_spans, ..] = &mut sheets;
    of_spans.header.extend(is_inside.then(|| span_rows::TEXT.to_owned()));
    sheets.iter_mut().for_each(|sheet| sheet.header = fit(std::mem::take(&mut sheet.header), ledger));
    write_book(name, &mut *out, &sheets, |book| {
        book.send(rows(CODEBOOK, codebook::rows(&tables.schema), ledger))?;
        for item in items {
            let item = item?;
            ledger.add_document();
            span_rows::count_text(&item, options.texts, ledger);
            span_rows::count_losses(&item, ledger);
            let mut text = is_inside.then(|| item.text.as_str().to_owned());
            let mut span_rows = spans.rows(&item, ledger)?;
            span_rows.iter_mut().for_each(|row| row.extend(text.as_mut().map(std::mem::take)));
            book.send(rows(SPANS, span_rows, ledger))?;
            book.send(rows(DOCUMENTS, documents.rows(&item), ledger))?;
            options.step()?;
        }
        Ok(())
    })?;
    drop_entity_details(ledger, tables, NO_PLACE);
    Ok(())
}

fn rows(sheet: usize, rows: Vec<Vec<String>>, ledger: &mut Ledger) -> Rows {
    Rows { sheet, rows: rows.into_iter().map(|row| fit(row, ledger)).collect() }
}
