//! Records of JSON, one a line or as one list, each as its own text: what is broken in one spoils no other. Shared by the
//! readers of annotations in JSON.

use std::collections::BTreeMap;

use serde::de::DeserializeOwned;
use serde_json::value::RawValue;
use serde_json::{Map, Number, Value};

use super::json_size::{has_too_many_values, is_too_large};
use super::sheet_builder::Origin;
use super::{FormatError, MAX_BAD_LINES, Receiver};
use crate::model::{Severity, json_place_and_reason, names_of_json};

/// The members of an object by name, each as its text.
pub(super) type Members<'j> = BTreeMap<String, &'j RawValue>;

/// Calls `each` for every record of a file; what is no JSON is a finding. The rules are named `<format>-bad-record` and so on.
///
/// # Errors
/// What `each` returns.
pub(super) fn for_each_record<'c>(
    (file, content): (&'c str, &'c str),
    rules: &JsonRules,
    to: &mut dyn Receiver,
    mut each: impl FnMut(Origin<'c>, &mut dyn Receiver) -> Result<(), FormatError>,
) -> Result<(), FormatError> {
    if content.trim_start().starts_with('[') && !is_pairs_by_line(content) {
        return for_each_member((file, content), rules, to, each);
    }
    let mut bad = 0;
    for (line, number) in content.split('\n').zip(1..) {
        if line.trim().is_empty() {
            continue;
        }
        let from = Origin { file, line: Some(number), raw: line.trim() };
        match names_of_json(line.as_bytes()) {
            Ok(_) if has_too_many_values(line) => bad += say(from, to, rules.bad_record, "this line has far too many values for its length"),
            Ok(_) => each(from, to)?,
            Err(error) => bad += say(from, to, rules.bad_record, &json_place_and_reason(&error)),
        }
        if bad >= MAX_BAD_LINES {
            let message = format!("{MAX_BAD_LINES} lines of this file could not be used. The rest was not read");
            to.finding(from.finding(Severity::Error, rules.bad_records, message));
            break;
        }
    }
    Ok(())
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

fn say(from: Origin<'_>, to: &mut dyn Receiver, rule: &'static str, why: &str) -> usize {
    to.finding(from.finding(Severity::Error, rule, format!("{why}. The record was left out; the others were read")));
    1
}

/// True where each line is a list of its own, such as `["text", {…}]`.
fn is_pairs_by_line(content: &str) -> bool {
    let first = content.lines().find(|line| !line.trim().is_empty()).unwrap_or_default().trim();
    first.len() > 2 && first.ends_with(']') && content.trim().len() > first.len()
}

fn for_each_member<'c>(
    (file, content): (&'c str, &'c str),
    rules: &JsonRules,
    to: &mut dyn Receiver,
    mut each: impl FnMut(Origin<'c>, &mut dyn Receiver) -> Result<(), FormatError>,
) -> Result<(), FormatError> {
    let whole = |line| Origin { file, line, raw: "" };
    if let Err(error) = names_of_json(content.as_bytes()) {
        let reason = json_place_and_reason(&error);
        let message = format!("{reason}. The file is one list, so nothing of it was read; mend it, or write one record a line");
        to.finding(whole(Some(error.line())).finding(Severity::Error, rules.bad_records, message));
        return Ok(());
    }
    let members: Result<Vec<&RawValue>, _> = if has_too_many_values(content) { Ok(Vec::new()) } else { serde_json::from_str(content) };
    let members = members.unwrap_or_default();
    if members.is_empty() && has_too_many_values(content) {
        let message = "the file has far too many values for its length. Nothing of it was read";
        to.finding(whole(None).finding(Severity::Error, rules.bad_records, message));
    }
    let (mut line, mut seen) = (1, 0);
    for member in members {
        let raw = member.get();
        let start = raw.as_ptr().addr() - content.as_ptr().addr();
        line += content.get(seen..start).unwrap_or_default().matches('\n').count();
        seen = start;
        each(Origin { file, line: Some(line), raw }, to)?;
    }
    Ok(())
}

/// The members of an object; none where it is something else.
pub(super) fn members(json: &str) -> Option<Members<'_>> {
    serde_json::from_str(json).ok()
}

/// The elements of a list; none where it is something else.
pub(super) fn elements(json: &RawValue) -> Option<Vec<&RawValue>> {
    serde_json::from_str(json.get()).ok()
}

/// A value of a simple type; none where it is something else.
pub(super) fn value<T: DeserializeOwned>(json: &RawValue) -> Option<T> {
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
pub(super) fn tree(members: Members<'_>) -> Option<Map<String, Value>> {
    let mut tree = Map::new();
    for (name, json) in members {
        if is_too_large(json.get()) {
            return None;
        }
        tree.insert(name, serde_json::from_str(json.get()).ok()?);
    }
    Some(tree)
}
