//! Articles as JSON, one object a line, or one array of objects. Broken records are findings; the rest is read.

use serde_json::{Map, Value};

use super::record::{Place, Record, to_item};
use crate::format::article::{DecodedFile, decode_or_ask};
use crate::format::{FormatError, ReadOptions, Receiver, Source};
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
    if decoded.text.trim_start().starts_with('[') {
        return read_array(name, &decoded.text, &decoded.decoding, options, to);
    }
    for (index, line) in decoded.text.split('\n').enumerate() {
        let place = Place::of_line(name, index + 1);
        match unique(line) {
            _ if line.trim().is_empty() => {}
            Ok(value) => read_value(value, &decoded.decoding, place, options, to)?,
            Err(error) => {
                let message = format!("{}. The line was left out; the others were read", json_place_and_reason(&error));
                to.finding(place.finding(Severity::Error, "json-bad-line", message));
            }
        }
    }
    Ok(())
}

fn read_array(name: &str, content: &str, decoding: &Decoding, options: &mut ReadOptions, to: &mut dyn Receiver) -> Result<(), FormatError> {
    match unique(content) {
        Ok(mut values) => {
            let mut values = values.as_array_mut().map(std::mem::take).unwrap_or_default().into_iter().enumerate();
            values.try_for_each(|(index, value)| read_value(value, decoding, Place::of_record(name, index + 1), options, to))
        }
        Err(error) => {
            let place = Place::of_line(name, error.line());
            let message =
                format!("{}. The file is one list, so nothing of it was read; mend it, or write one record a line", json_place_and_reason(&error));
            to.finding(place.finding(Severity::Error, "json-bad-file", message));
            Ok(())
        }
    }
}

/// A value whose objects name nothing twice.
fn unique(json: &str) -> Result<Value, serde_json::Error> {
    names_of_json(json.as_bytes())?;
    serde_json::from_str(json)
}

fn read_value(value: Value, decoding: &Decoding, place: Place<'_>, options: &mut ReadOptions, to: &mut dyn Receiver) -> Result<(), FormatError> {
    let Value::Object(object) = value else {
        to.finding(place.finding(
            Severity::Error,
            "json-no-object",
            "this record is no object with names such as {\"text\": \"…\"}. It was left out",
        ));
        return Ok(());
    };
    match record(object, decoding, options) {
        Ok(record) => {
            let item = to_item(record, super::JSONL_FORMAT.name, place, options, to);
            to.item(item);
        }
        Err(why) => to.finding(place.finding(Severity::Error, "json-no-text", format!("{why}. The record was left out"))),
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
