//! Records of JSON, one a line or as one list, each as its own text: what is broken in one spoils no other. Shared by the
//! readers of annotations in JSON.

use std::borrow::Cow;
use std::collections::BTreeSet;

use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Map, Number, Value};

use super::article::{DecodedFile, decode_or_ask};
use super::json_members::Members;
use super::json_size::{has_too_many_values, is_too_large};
use super::pieces::{Piece, cut_objects};
use super::sheet_builder::Origin;
use super::{FormatError, MAX_BAD_LINES, ReadOptions, Receiver, Source};
use crate::model::{Severity, Sheet, json_place_and_reason, names_of_json};
use crate::progress::CancelToken;
use crate::text::decode::Decoding;

/// The records of a file that are JSON. A file is looked through once, and then its records can be had several times. Where all of
/// it is as it should be, no more than one record is in memory.
pub(super) struct Records<'r> {
    file: &'r str,
    /// Bytes of the file.
    pub(super) len: usize,
    pub(super) decoding: Decoding,
    kept: Kept<'r>,
}

enum Kept<'r> {
    /// Read anew each time.
    File(&'r dyn Source),
    Text(Cow<'r, str>, Shape),
}

enum Shape {
    /// Numbers of lines that are left out, and of the last line that is read.
    Lines { left_out: BTreeSet<usize>, last: usize },
    /// One list.
    List,
}

impl<'r> Records<'r> {
    /// Looks through a file; what is no JSON is a finding. The rules are named `<format>-bad-record` and so on. None for a file
    /// whose encoding is not certain, which is asked for.
    ///
    /// # Errors
    /// When the file cannot be read, or somebody pressed stop.
    pub(super) fn open(
        source: &'r dyn Source,
        file: &'r str,
        rules: &JsonRules,
        options: &ReadOptions,
        to: &mut dyn Receiver,
    ) -> Result<Option<Self>, FormatError> {
        if options.encoding.is_none()
            && let Some(len) = sound_len(source, file, options)?
        {
            return Ok(Some(Self { file, len, decoding: Decoding::utf8(), kept: Kept::File(source) }));
        }
        let Some(DecodedFile { decoded, .. }) = decode_or_ask(source, file, options, to)? else { return Ok(None) };
        let mut records = Self::of((file, decoded.text.into()), rules, &options.cancel, to)?;
        records.decoding = decoded.decoding;
        Ok(Some(records))
    }

    /// Looks through a text, which is all that a file holds.
    ///
    /// # Errors
    /// When somebody pressed stop.
    pub(super) fn of(
        (file, content): (&'r str, Cow<'r, str>),
        rules: &JsonRules,
        cancel: &CancelToken,
        to: &mut dyn Receiver,
    ) -> Result<Self, FormatError> {
        let shape = if content.trim_start().starts_with('[') && !is_pairs_by_line(&content) {
            if is_list((file, &content), rules, to) { Shape::List } else { Shape::Lines { left_out: BTreeSet::new(), last: 0 } }
        } else {
            lines((file, &content), rules, cancel, to)?
        };
        Ok(Self { file, len: content.len(), decoding: Decoding::utf8(), kept: Kept::Text(content, shape) })
    }

    /// Calls `each` for every record.
    ///
    /// # Errors
    /// What `each` returns, and when the file cannot be read any more.
    pub(super) fn each(&self, mut each: impl FnMut(Origin<'_>) -> Result<(), FormatError>) -> Result<(), FormatError> {
        let file = self.file;
        match &self.kept {
            Kept::File(source) => {
                let mut reader = source.open(file).map_err(|cause| FormatError::reading(file, cause))?;
                let head = cut_objects(&mut reader, &mut |Piece { text, first_line }| each(Origin { file, line: Some(first_line), raw: text }))?;
                head.map(drop).ok_or_else(|| FormatError::changed(file))
            }
            Kept::Text(content, Shape::Lines { left_out, last }) => {
                let lines = (1..).zip(content.split('\n')).take_while(|(number, _)| number <= last);
                let mut records = lines.filter(|(number, line)| !line.trim().is_empty() && !left_out.contains(number));
                records.try_for_each(|(number, line)| each(Origin { file, line: Some(number), raw: line.trim() }))
            }
            Kept::Text(content, Shape::List) => {
                let (mut line, mut seen) = (1, 0);
                let elements: Vec<&RawValue> = serde_json::from_str(content).unwrap_or_default();
                elements.iter().try_for_each(|element| {
                    let raw = element.get();
                    let start = raw.as_ptr().addr() - content.as_ptr().addr();
                    line += memchr::memchr_iter(b'\n', content.as_bytes().get(seen..start).unwrap_or_default()).count();
                    seen = start;
                    each(Origin { file, line: Some(line), raw })
                })
            }
        }
    }
}

/// How many bytes a file has whose records are all as they should be; none for any other, and for one with a byte order mark.
fn sound_len(source: &dyn Source, file: &str, options: &ReadOptions) -> Result<Option<usize>, FormatError> {
    let Ok(mut reader) = source.open(file) else { return Ok(None) };
    if reader.fill_buf().is_ok_and(|start| start.first() == Some(&0xef)) {
        return Ok(None);
    }
    let (mut is_sound, mut len) = (true, 0);
    let head = cut_objects(&mut reader, &mut |Piece { text, .. }| {
        len += text.len();
        is_sound = is_sound && names_of_json(text.as_bytes()).is_ok() && !has_too_many_values(text);
        if options.cancel.is_cancelled() { Err(FormatError::Cancelled) } else { Ok(()) }
    })?;
    Ok(head.filter(|_| is_sound).map(|_| len))
}

fn lines((file, content): (&str, &str), rules: &JsonRules, cancel: &CancelToken, to: &mut dyn Receiver) -> Result<Shape, FormatError> {
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

/// False where a part of a list is no JSON.
fn is_list((file, content): (&str, &str), rules: &JsonRules, to: &mut dyn Receiver) -> bool {
    let mut say = |line, message: String| to.finding(Origin { file, line, raw: "" }.finding(Severity::Error, rules.bad_records, message));
    match names_of_json(content.as_bytes()) {
        Err(error) => {
            let reason = json_place_and_reason(&error);
            say(Some(error.line()), format!("{reason}. The file is one list, so nothing of it was read; mend it, or write one record a line"));
            false
        }
        Ok(_) if has_too_many_values(content) => {
            say(None, "the file has far too many values for its length. Nothing of it was read".to_owned());
            false
        }
        Ok(_) => true,
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::{Batch, MemoryFiles};
    use crate::model::{CoderKey, IdSource};

    #[track_caller]
    fn check(content: &str, is_read_anew: bool, expected: &[(usize, &str)]) {
        let files = MemoryFiles::new([("a", content)]);
        let options = ReadOptions::new(CoderKey::from_name("ann"), IdSource::seeded(1));
        let records = Records::open(&files, "a", &json_rules!("test"), &options, &mut Batch::default()).unwrap().unwrap();
        assert_eq!(matches!(records.kept, Kept::File(_)), is_read_anew);
        for _ in 0..2 {
            let mut found = Vec::new();
            let each = |from: Origin<'_>| {
                found.push((from.line.unwrap(), from.raw.to_owned()));
                Ok(())
            };
            records.each(each).unwrap();
            assert_eq!(found.iter().map(|(line, raw)| (*line, raw.as_str())).collect::<Vec<_>>(), expected);
        }
    }

    #[test]
    fn only_files_with_something_to_say_are_kept_in_memory() {
        check("{\"a\": 1}\n\n{\"b\": \"é\"}\r\n", true, &[(1, "{\"a\": 1}"), (3, "{\"b\": \"é\"}")]);
        check("[{\"a\": 1},\n{\"b\": [2]}]\n", true, &[(1, "{\"a\": 1}"), (2, "{\"b\": [2]}")]);
        check("{\"a\": 1}\noops\n{\"b\": 2}", false, &[(1, "{\"a\": 1}"), (3, "{\"b\": 2}")]);
        check("{\"a\": 1, \"a\": 2}\n{}", false, &[(2, "{}")]);
        check("[{\"a\": 1}, oops]", false, &[]);
        check("\u{feff}{\"a\": 1}\n{}", false, &[(1, "{\"a\": 1}"), (2, "{}")]);
        check("[\"x\", {}]\n[\"y\", {}]", false, &[(1, "[\"x\", {}]"), (2, "[\"y\", {}]")]);
        check("[1, {\"a\": 2}]", false, &[(1, "1"), (1, "{\"a\": 2}")]);
    }
}
