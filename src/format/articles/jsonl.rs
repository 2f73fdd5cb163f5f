//! Articles as JSON, one object a line, or one array of objects. Broken records are findings; the rest is read.

use std::fmt;

use serde::de::{Deserializer, SeqAccess, Visitor};
use serde_json::Value;

use crate::format::allowance::Allowance;
use crate::format::article::{DecodedFile, decode_or_ask};
use crate::format::csv_rows::MAX_COLUMNS;
use crate::format::json_size::{has_too_large_member, is_too_large};
use crate::format::record::{Place, Record, to_item};
use crate::format::{FormatError, MAX_BAD_LINES, ReadOptions, Receiver, Source};
use crate::model::{Severity, json_place_and_reason, names_of_json};
use crate::text::decode::Decoding;

/// Reads every file of the source.
pub(super) fn read(source: &dyn Source, options: &mut ReadOptions, to: &mut dyn Receiver) -> Result<(), FormatError> {
    for name in source.names() {
        if let Some(file) = decode_or_ask(source, &name, options, to)? {
            read_content(&name, &file, options, to)?;
        }
    }
    Ok(())
}

fn read_content(name: &str, file: &DecodedFile, options: &mut ReadOptions, to: &mut dyn Receiver) -> Result<(), FormatError> {
    let decoded = &file.decoded;
    let mut reading = Reading { name, decoding: &decoded.decoding, allowance: Allowance::new(decoded.text.len()), bad_lines: 0, options, to };
    if decoded.text.trim_start().starts_with('[') {
        return reading.array(&decoded.text);
    }
    decoded.text.split('\n').zip(1..).try_for_each(|(line, number)| reading.line(line, number))
}

/// One file while it is read.
struct Reading<'r> {
    name: &'r str,
    decoding: &'r Decoding,
    allowance: Allowance,
    bad_lines: usize,
    options: &'r mut ReadOptions,
    to: &'r mut dyn Receiver,
}

impl Reading<'_> {
    fn find(&mut self, place: Place<'_>, rule: &'static str, message: impl AsRef<str>) {
        self.to.finding(place.finding(Severity::Error, rule, message));
    }

    fn line(&mut self, line: &str, number: usize) -> Result<(), FormatError> {
        if line.trim().is_empty() || self.bad_lines >= MAX_BAD_LINES {
            return Ok(());
        }
        let place = Place::of_line(self.name, number);
        // Looking through a value takes no memory; a tree may take a hundred times that of its text.
        match names_of_json(line.as_bytes()).and_then(|_| if is_too_large(line) { Ok(None) } else { serde_json::from_str(line).map(Some) }) {
            Ok(Some(value)) => return self.value(value, place),
            Ok(None) => {
                self.find(place, "json-too-many-values", "this line has far too many values for an article. It was left out; the others were read")
            }
            Err(error) => {
                let message = format!("{}. The line was left out; the others were read", json_place_and_reason(&error));
                self.find(place, "json-bad-line", message);
            }
        }
        self.bad_lines += 1;
        if self.bad_lines == MAX_BAD_LINES {
            self.find(place, "json-bad-lines", format!("{MAX_BAD_LINES} lines of this file could not be used. The rest was not read"));
        }
        Ok(())
    }

    fn array(&mut self, content: &str) -> Result<(), FormatError> {
        // A list that is broken at its end gives nothing; looking through it takes no memory.
        if let Err(error) = names_of_json(content.as_bytes()) {
            let message =
                format!("{}. The file is one list, so nothing of it was read; mend it, or write one record a line", json_place_and_reason(&error));
            self.find(Place::of_line(self.name, error.line()), "json-bad-file", message);
            return Ok(());
        }
        if has_too_large_member(content) {
            let place = Place::of_line(self.name, 1);
            self.find(place, "json-too-many-values", "a record of this list has far too many values for an article. Nothing of the file was read");
            return Ok(());
        }
        let mut result = Ok(());
        // What it gives was looked at above.
        let _ = serde_json::Deserializer::from_str(content).deserialize_seq(Members { reading: self, result: &mut result });
        result
    }

    fn value(&mut self, value: Value, place: Place<'_>) -> Result<(), FormatError> {
        let Value::Object(object) = value else {
            self.bad_lines += 1;
            self.find(place, "json-no-object", "this record is no object with names such as {\"text\": \"…\"}. It was left out");
            return Ok(());
        };
        if place.is_first() {
            self.to.columns(&object.keys().take(MAX_COLUMNS).cloned().collect::<Vec<_>>());
        }
        match Record::from_object(object, self.decoding, &self.options.columns) {
            Ok(_) if !self.allowance.take(self.name, self.to) => {}
            Ok(record) => {
                let item = to_item(record, super::JSONL_FORMAT.name, place, self.options, self.to);
                self.to.item(item);
            }
            Err(why) => {
                self.bad_lines += 1;
                self.find(place, "json-no-text", format!("{why}. The record was left out"));
            }
        }
        self.options.step()
    }
}

/// Takes the members of a list one by one.
struct Members<'m, 'r> {
    reading: &'m mut Reading<'r>,
    result: &'m mut Result<(), FormatError>,
}

impl<'d> Visitor<'d> for Members<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list")
    }

    fn visit_seq<A: SeqAccess<'d>>(self, mut members: A) -> Result<(), A::Error> {
        let mut number = 0;
        while let Some(value) = members.next_element::<Value>()? {
            number += 1;
            if self.result.is_ok() && self.reading.bad_lines < MAX_BAD_LINES {
                let name = self.reading.name;
                *self.result = self.reading.value(value, Place::of_record(name, number));
            }
        }
        Ok(())
    }
}
