//! Articles as JSON, one object a line, or one array of objects. Broken records are findings; the rest is read.

use serde_json::{Map, Value};

use super::record::{Place, Record, to_item};
use crate::format::article::{DecodedFile, decode_or_ask};
use crate::format::{FormatError, ReadOptions, Receiver, Source};
use crate::model::Severity;
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
    if decoded.text.trim_start().starts_with('[') {
        return read_array(name, &decoded.text, &decoded.decoding, options, to);
    }
    for (index, line) in decoded.text.split('\n').enumerate() {
        let place = Place { file: name, line: index + 1 };
        match serde_json::from_str::<Value>(line) {
            _ if line.trim().is_empty() => {}
            Ok(value) => read_value(value, &decoded.decoding, place, options, to)?,
            Err(error) => {
                let message = format!("this line is not JSON: {error}; it was left out");
                to.finding(place.finding(Severity::Error, "json-bad-line", message));
            }
        }
    }
    Ok(())
}

fn read_array(name: &str, content: &str, decoding: &Decoding, options: &mut ReadOptions, to: &mut dyn Receiver) -> Result<(), FormatError> {
    match serde_json::from_str::<Vec<Value>>(content) {
        Ok(values) => {
            let mut values = values.into_iter().enumerate();
            values.try_for_each(|(index, value)| read_value(value, decoding, Place { file: name, line: index + 1 }, options, to))
        }
        Err(error) => {
            let place = Place { file: name, line: error.line() };
            to.finding(place.finding(Severity::Error, "json-bad-file", format!("this file is not a JSON array: {error}; it was left out")));
            Ok(())
        }
    }
}

fn read_value(value: Value, decoding: &Decoding, place: Place<'_>, options: &mut ReadOptions, to: &mut dyn Receiver) -> Result<(), FormatError> {
    let Value::Object(object) = value else {
        to.finding(place.finding(Severity::Error, "json-no-object", "this record is not an object with names; it was left out"));
        return Ok(());
    };
    match record(object, decoding, options) {
        Ok(record) => {
            let item = to_item(record, super::JSONL_FORMAT.name, place, options, to);
            to.item(item);
        }
        Err(why) => to.finding(place.finding(Severity::Error, "json-no-text", format!("{why}; the record was left out"))),
    }
    options.step()
}

fn record(object: Map<String, Value>, decoding: &Decoding, options: &ReadOptions) -> Result<Record, String> {
    let names: Vec<String> = object.keys().cloned().collect();
    let fields = options.columns.find(&names)?;
    let mut record = Record { encoding: Some(decoding.clone()), ..Record::default() };
    for (index, (name, value)) in object.into_iter().enumerate() {
        let field = fields.iter().find(|(_, at)| **at == index).map(|(field, _)| *field);
        match (field, as_text(&value)) {
            (Some(field), Some(text)) => drop(record.fields.insert(field, text)),
            (_, _) if value.is_null() => {}
            _ => drop(record.rest.insert(name, value)),
        }
    }
    Ok(record)
}

/// Text, a number, or several of them: `["A. Smith", "B. Jones"]` are two authors.
fn as_text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Array(values) => values.iter().map(as_text).collect::<Option<Vec<_>>>().map(|parts| parts.join(", ")),
        _ => None,
    }
}
