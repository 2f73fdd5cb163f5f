//! The RON files of a project: one row a line, stable order, read leniently, written strictly.
//!
//! A file that some hand or git has broken is read line by line: what cannot be understood is put aside, never lost.
//! The rows here are the format; the model may change without them. `docs/file-format.md` describes every field.

mod document;
mod entities;
mod project;
mod row;
mod salvage;
mod sheet;

pub(crate) use document::{DocumentFile, RegionRow, read_document, write_document};
pub(crate) use entities::{ReadEntities, read_entities, write_entities};
pub(crate) use project::{read_project, write_project};
pub(crate) use row::{Place, bounded, to_line};
pub(crate) use sheet::{ClaimRow, PUT_ASIDE, ReadSheet, RelationRow, SheetFile, SpanRow, read_sheet, write_sheet};

use crate::model::{Finding, Severity, cut_message};
use crate::store::StoreError;

/// The version of all files of a project.
pub const FORMAT: u32 = 1;

/// Text of a file as read: UTF-8 without a byte order mark, which editors add.
pub(crate) fn decode<'b>(file: &str, bytes: &'b [u8], findings: &mut Vec<Finding>) -> Result<&'b str, StoreError> {
    let text = std::str::from_utf8(bytes).map_err(|error| unreadable(file, format!("is not UTF-8 (byte {})", error.valid_up_to())))?;
    match text.strip_prefix('\u{feff}') {
        Some(text) => {
            findings.push(Finding::new(Severity::Note, "byte-order-mark", "begins with a byte order mark, which was ignored").in_file(file));
            Ok(text)
        }
        None => Ok(text),
    }
}

pub(crate) fn unreadable(file: &str, cause: impl AsRef<str>) -> StoreError {
    StoreError::Unreadable { file: file.to_owned(), cause: cut_message(cause.as_ref()) }
}

fn check_format(file: &str, found: u32) -> Result<(), StoreError> {
    match found {
        FORMAT => Ok(()),
        0 => Err(unreadable(file, "has no valid format number; it is not a file of a Manicule project")),
        _ => Err(StoreError::NewerFormat { file: file.to_owned(), found, known: FORMAT }),
    }
}

/// Parses a whole file. An error says line and column, and a newer format is recognised whatever else it holds.
fn parse<'d, T: serde::Deserialize<'d>>(file: &str, content: &'d str, format: impl Fn(&T) -> u32) -> Result<T, StoreError> {
    match ron::from_str::<T>(content) {
        Ok(parsed) => check_format(file, format(&parsed)).map(|()| parsed),
        Err(error) => {
            let cause = format!("line {}, column {}: {}", error.span.start.line, error.span.start.col, error.code);
            check_format(file, salvage::format_of(content).unwrap_or(FORMAT))?;
            Err(unreadable(file, if content.trim().is_empty() { "is empty".to_owned() } else { cause }))
        }
    }
}
