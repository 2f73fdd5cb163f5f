//! Records of JSON, one a line or as one list, each as its own text: what is broken in one spoils no other. Shared by the
//! readers of annotations in JSON.

use std::collections::BTreeSet;

use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Map, Number, Value};

use super::json_members::Members;
use super::json_size::{has_too_many_values, is_too_large};
use super::sheet_builder::Origin;
use super::{FormatError, MAX_BAD_LINES, Receiver};
use crate::model::{Severity, Sheet, json_place_and_reason, names_of_json};
use crate::progress::CancelToken;

/// The records of a file that are JSON. A file is looked through once, and then its records can be had several times.
pub(super) struct Records<'c> {
    file: &'c str,
    content: &'c str,
    shape: Shape<'c>,
}

enum Shape<'c> {
    /// Numbers of lines that are left out, and of the last line that is read.
    Lines { left_out: BTreeSet<usize>, last: usize },
    /// The elements of one list.
    List(Vec<&'c RawValue>),
}

impl<'c> Records<'c> {
    /// Looks through a file; what is no JSON is a finding. The rules are named `<format>-bad-record` and so on.
    ///
    /// # Errors
    /// When somebody pressed stop.
    pub(super) fn of(
        (file, content): (&'c str, &'c str),
        rules: &JsonRules,
        cancel: &CancelToken,
        to: &mut dyn Receiver,
    ) -> Result<Self, FormatError> {
        let shape = if content.trim_start().starts_with('[') && !is_pairs_by_line(content) {
            Shape::List(list((file, content), rules, to))
        } else {
            lines((file, content), rules, cancel, to)?
        };
        Ok(Self { file, content, shape })
    }

    /// Calls `each` for every record.
    ///
    /// # Errors
    /// What `each` returns.
    pub(super) fn each(&self, mut each: impl FnMut(Origin<'c>) -> Result<(), FormatError>) -> Result<(), FormatError> {
        let file = self.file;
        match &self.shape {
            Shape::Lines { left_out, last } => {
                let lines = (1..).zip(self.content.split('\n')).take_while(|(number, _)| number <= last);
                let mut records = lines.filter(|(number, line)| !line.trim().is_empty() && !left_out.contains(number));
                records.try_for_each(|(number, line)| each(Origin { file, line: Some(number), raw: line.trim() }))
            }
            Shape::List(elements) => {
                let (mut line, mut seen) = (1, 0);
                elements.iter().try_for_each(|element| {
                    let raw = element.get();
                    let start = raw.as_ptr().addr() - self.content.as_ptr().addr();
                    line += memchr::memchr_iter(b'\n', self.content.as_bytes().get(seen..start).unwrap_or_default()).count();
                    seen = start;
                    each(Origin { file, line: Some(line), raw })
                })
            }
        }
    }
}

fn lines<'c>((file, content): (&'c str, &'c str), rules: &JsonRules, cancel: &CancelToken, to: &mut dyn Receiver) -> Result<Shape<'c>, FormatError> {
    let mut left_out = BTreeSet::new();
    for (number, line) in (1..).zip(content.split('\n')).filter(|(_, line)| !line.trim().is_empty()) {
        if cancel.is_cancelled() {
            return Err(FormatError::Cancelled);
        }
        let why = match names_of_json(line.as_bytes()) {
            Ok(_) if has_too_many_values(line) => "this line has far too many values for its length".to_owned(),
            Ok(_) => continue,
            Err(error) => json_place_and_reason(&error),
        };
        let from = Origin { file, line: Some(number), raw: line.trim() };
        to.finding(from.finding(Severity::Error, rules.bad_record, format!("{why}. The record was left out; the others were read")));
        left_out.insert(number);
        if left_out.len() >= MAX_BAD_LINES {
            let message = format!("{MAX_BAD_LINES} lines of this file could not be used. The rest was not read");
            to.finding(from.finding(Severity::Error, rules.bad_records, message));
            return Ok(Shape::Lines { left_out, last: number });
        }
    }
    Ok(Shape::Lines { left_out, last: usize::MAX })
}

/// The elements of a list; none where a part of it is no JSON.
fn list<'c>((file, content): (&'c str, &'c str), rules: &JsonRules, to: &mut dyn Receiver) -> Vec<&'c RawValue> {
    let mut say = |line, message: String| {
        let from = Origin { file, line, raw: "" };
        to.finding(from.finding(Severity::Error, rules.bad_records, message));
        Vec::new()
    };
    match names_of_json(content.as_bytes()) {
        Err(error) => {
            let reason = json_place_and_reason(&error);
            let message = format!("{reason}. The file is one list, so nothing of it was read; mend it, or write one record a line");
            say(Some(error.line()), message)
        }
        Ok(_) if has_too_many_values(content) => say(None, "the file has far too many values for its length. Nothing of it was read".to_owned()),
        Ok(_) => serde_json::from_str(content).unwrap_or_default(),
    }
}

/// True where each line is a list of its own, such as `["text", {…}]`.
fn is_pairs_by_line(content: &str) -> bool {
    let first = content.lines().find(|line| !line.trim().is_empty()).unwrap_or_default().trim();
    first.len() > 2 && first.ends_with(']') && content.trim().len() > first.len()
}

/// The names of a format's findings about records.
#[derive(Debug)]
pub(super) struct JsonRules {
    pub(super) bad_record: &'static str,
    pub(super) bad_records: &'static str,
    pub(super) no_text: &'static str,
}

/// `json_rules!("doccano")`.
macro_rules! json_rules {
    ($format:literal) => {
        $crate::format::json_records::JsonRules {
            bad_record: concat!($format, "-bad-record"),
            bad_records: concat!($format, "-bad-records"),
            no_text: concat!($format, "-no-text"),
        }
    };
}
pub(super) use json_rules;

/// The member of a record of ours with what earlier imports of the format had no place for.
pub(super) const KEPT_ASIDE: &str = "manicule_kept_aside";

/// What earlier imports of a format had no place for in a sheet.
pub(super) fn leftovers(sheet: &Sheet, format: &str) -> Vec<Value> {
    let residue = sheet.info.residue.get(format).map(String::as_str).unwrap_or_default();
    serde_json::Deserializer::from_str(residue).into_iter::<Value>().map_while(Result::ok).collect()
}

/// The elements of a list; none where it is something else.
pub(super) fn elements(json: &RawValue) -> Option<Vec<&RawValue>> {
    serde_json::from_str(json.get()).ok()
}

/// A value of a simple type; none where it is something else.
pub(super) fn value<'j, T: Deserialize<'j>>(json: &'j RawValue) -> Option<T> {
    serde_json::from_str(json.get()).ok()
}

/// A text, or a number as text: ids come as either.
pub(super) fn text_or_number(json: &RawValue) -> Option<String> {
    match json.get().as_bytes().first()? {
        b'"' => value(json),
        b'-' | b'0'..=b'9' => value::<Number>(json).map(|number| number.to_string()),
        _ => None,
    }
}

/// True for `null`, and for lists and objects that are empty.
pub(super) fn is_empty(json: &RawValue) -> bool {
    matches!(json.get().trim(), "null" | "[]" | "{}" | "\"\"")
}

/// Members as a tree; none where that would take too much memory.
pub(super) fn tree(members: &Members<'_>) -> Option<Map<String, Value>> {
    let mut tree = Map::new();
    for (name, json) in members.iter() {
        if is_too_large(json.get()) {
            return None;
        }
        tree.insert(name.to_owned(), serde_json::from_str(json.get()).ok()?);
    }
    Some(tree)
}
