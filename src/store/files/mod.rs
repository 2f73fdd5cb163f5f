//! The RON files of a project: one row a line, stable order, read leniently, written strictly.
//!
//! A file that some hand or git has broken is read line by line: what cannot be understood is put aside, never lost.
//! The rows here are the format; the model may change without them. `docs/file-format.md` describes every field.

#[cfg(test)]
mod cost;
mod document;
mod entities;
mod project;
mod row;
mod salvage;
mod sheet;

pub(crate) use document::{DocumentFile, RegionRow, read_document, write_document};
pub(crate) use entities::{ReadEntities, read_entities, write_entities};
pub(crate) use project::{read_project, write_project};
pub(crate) use row::{Place, bounded, to_line, unique_map};
pub(crate) use sheet::{ClaimRow, PUT_ASIDE, ReadSheet, RelationRow, SheetFile, SpanRow, read_late_sheet, read_sheet, write_sheet};

use self::salvage::Format;
use crate::model::{Finding, Severity, cut_message, ron_place_and_reason};
use crate::store::{StoreError, plain_ron};

/// The version of all files of a project.
pub const FORMAT: u32 = 1;
/// Characters that are shown of why a file cannot be read.
const MAX_CAUSE_CHARS: usize = 300;

/// Text of a file as read: UTF-8 without a byte order mark, which editors add.
pub(crate) fn decode<'b>(file: &str, bytes: &'b [u8], findings: &mut Vec<Finding>) -> Result<&'b str, StoreError> {
    let text = std::str::from_utf8(bytes).map_err(|error| unreadable(file, not_utf8(bytes, error)))?;
    match text.strip_prefix('\u{feff}') {
        Some(text) => {
            findings.push(Finding::new(Severity::Note, "byte-order-mark", "it begins with a byte order mark, which was ignored").in_file(file));
            Ok(text)
        }
        None => Ok(text),
    }
}

/// What bytes are that are not UTF-8.
pub(crate) fn not_utf8(bytes: &[u8], error: std::str::Utf8Error) -> String {
    let utf16 = [b"\xFF\xFE", b"\xFE\xFF"].iter().any(|mark| bytes.starts_with(*mark));
    let what = if utf16 { "UTF-16, not UTF-8" } else { "not UTF-8" };
    format!("it is {what} (byte {}); it was changed outside or damaged", error.valid_up_to())
}

pub(crate) fn unreadable(file: &str, cause: impl AsRef<str>) -> StoreError {
    // What helps comes behind the cause, and must be read too.
    let cause: String = cause.as_ref().chars().take(MAX_CAUSE_CHARS).collect();
    StoreError::Unreadable { file: file.to_owned(), cause: cut_message(&cause) }
}

fn check_format(file: &str, found: u32) -> Result<(), StoreError> {
    match found {
        FORMAT => Ok(()),
        0 => Err(unreadable(file, NO_FORMAT)),
        _ => Err(StoreError::NewerFormat { file: file.to_owned(), found, known: FORMAT }),
    }
}

/// Parses a whole file. An error says line and column, and a newer format is recognised whatever else it holds.
fn parse<'d, T: serde::Deserialize<'d>>(file: &str, content: &'d str, format: impl Fn(&T) -> u32) -> Result<T, StoreError> {
    match plain_ron::from_str::<T>(content) {
        Ok(parsed) => check_format(file, format(&parsed)).map(|()| parsed),
        Err(error) => {
            broken_format(file, content)?;
            Err(unreadable(file, ron_place_and_reason(&error)))
        }
    }
}

/// Refuses what is no file of this version, or no such file at all. Other broken files are read line by line.
fn salvage_or_refuse(file: &str, content: &str, error: &ron::error::SpannedError) -> Result<(), StoreError> {
    broken_format(file, content)?;
    if salvage::format_of(content) == Format::Missing { Err(unreadable(file, ron_place_and_reason(error))) } else { Ok(()) }
}

const NO_FORMAT: &str = "it has no valid format number, so it is no file of a Manicule project";

/// What makes a file that RON refuses no file of this version at all; such a file is not looked at line by line.
pub(crate) fn broken_format(file: &str, content: &str) -> Result<(), StoreError> {
    match salvage::format_of(content) {
        _ if content.is_empty() => Err(unreadable(file, "it is empty (0 bytes)")),
        _ if content.trim().is_empty() => Err(unreadable(file, "it holds nothing but blanks")),
        _ if content.bytes().all(|byte| byte == 0) => Err(unreadable(file, format!("it holds nothing but zeros ({} bytes)", content.len()))),
        Format::Number(number) => check_format(file, number),
        Format::Fault(fault) => Err(unreadable(file, format!("`{fault}` is no valid format number, so it is no file of a Manicule project"))),
        // Not even the beginning of such a file, so RON says best what is wrong.
        Format::Missing if !content.trim_start().starts_with('(') => Ok(()),
        Format::Missing => Err(unreadable(file, NO_FORMAT)),
    }
}
