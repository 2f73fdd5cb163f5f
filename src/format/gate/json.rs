//! GateNLP's JSON: one document a file, and what its offsets count is said in it.

use serde_json::{Map, Value, json};

use super::JSON_FORMAT;
use super::document::{Annotation, Document};
use super::export::{can, write_all};
use super::import::found;
use crate::format::json_out::write_in_ascii;
use crate::format::standoff_in::{self, Give, Input, Standoff, Unit, each_object, standoff};
use crate::format::{FormatError, Items, Ledger, ReadOptions, Receiver, Sink, Source, Tables, WriteOptions};
use crate::text::offsets::OffsetUnit;

static STANDOFF: Standoff = standoff!("bdocjs", "annotation", OffsetUnit::Utf16, |_| false, parse);

/// Reads every file of the source.
pub(super) fn read(source: &dyn Source, options: &mut ReadOptions, to: &mut dyn Receiver) -> Result<(), FormatError> {
    standoff_in::read(&STANDOFF, source, options, to)
}

fn parse(input: &Input<'_>, to: &mut dyn Receiver, give: &mut Give<'_>) -> Result<(), FormatError> {
    each_object(input, to, &mut |line, mut object, to| {
        let Some(Value::String(text)) = object.remove("text") else {
            input.bad(line, "this document has no text", to);
            return Ok(());
        };
        let unit = match object.remove("offset_type").as_ref().and_then(Value::as_str) {
            Some("p") | None => Unit::Said(OffsetUnit::CodePoints),
            Some("j") => Unit::Said(OffsetUnit::Utf16),
            Some(_) => Unit::Unsaid,
        };
        let features = match object.remove("features") {
            Some(Value::Object(features)) => features.into_iter().collect(),
            _ => Vec::new(),
        };
        let mut document = Document { text, features, sets: Vec::new() };
        if let Some(Value::Object(sets)) = object.remove("annotation_sets") {
            document.sets.extend(sets.into_iter().map(|(name, set)| (name, annotations(input, set, to))));
        }
        let mut found = found(input, document, unit, to);
        object.retain(|name, value| name != "name" && !value.is_null());
        found.record.rest.extend(object.into_iter().map(|(name, value)| (format!("bdocjs.{name}"), value)));
        found.line = line;
        give(found, to)
    })
}

fn annotations(input: &Input<'_>, set: Value, to: &mut dyn Receiver) -> Vec<Annotation> {
    let Value::Object(mut set) = set else { return Vec::new() };
    let Some(Value::Array(rows)) = set.remove("annotations") else { return Vec::new() };
    let mut annotations = Vec::with_capacity(rows.len());
    for row in rows {
        match annotation(&row) {
            Some(annotation) => annotations.push(annotation),
            None => {
                input.bad(None, format!("an annotation has no type, start and end: {}", crate::format::sheet_builder::short(&row.to_string())), to)
            }
        }
    }
    annotations
}

fn annotation(row: &Value) -> Option<Annotation> {
    let number = |name: &str| row.get(name).and_then(Value::as_u64).and_then(|number| usize::try_from(number).ok());
    let features = row.get("features").and_then(Value::as_object).cloned().unwrap_or_default();
    Some(Annotation {
        id: row.get("id").map(Value::to_string).unwrap_or_default(),
        kind: row.get("type")?.as_str()?.to_owned(),
        start: number("start")?,
        end: number("end")?,
        features: features.into_iter().collect(),
        raw: row.to_string(),
        ..Annotation::default()
    })
}

/// Writes documents that count code points.
pub(super) fn write_python(
    tables: &Tables,
    items: &mut Items<'_>,
    options: &WriteOptions,
    sink: &mut dyn Sink,
    ledger: &mut Ledger,
) -> Result<(), FormatError> {
    write(OffsetUnit::CodePoints, (tables, items), (options, sink, ledger))
}

/// Writes documents that count UTF-16 units.
pub(super) fn write_java(
    tables: &Tables,
    items: &mut Items<'_>,
    options: &WriteOptions,
    sink: &mut dyn Sink,
    ledger: &mut Ledger,
) -> Result<(), FormatError> {
    write(OffsetUnit::Utf16, (tables, items), (options, sink, ledger))
}

fn write(unit: OffsetUnit, from: (&Tables, &mut Items<'_>), to: (&WriteOptions, &mut dyn Sink, &mut Ledger)) -> Result<(), FormatError> {
    write_all((can(JSON_FORMAT.name), unit, "bdocjs"), from, to, &mut |item, document, _| {
        let mut page = Vec::new();
        let offset_type = if unit == OffsetUnit::Utf16 { "j" } else { "p" };
        let sets: Map<String, Value> = document.sets.into_iter().map(|(name, rows)| (name.clone(), set(&name, rows))).collect();
        let features: Map<String, Value> = document.features.into_iter().collect();
        let value = json!({
            "text": document.text, "features": features, "offset_type": offset_type, "name": item.id.as_str(), "annotation_sets": sets,
        });
        write_in_ascii(&mut page, &value).map_err(|cause| FormatError::writing(item.id.as_str(), cause))?;
        page.push(b'\n');
        Ok(page)
    })
}

fn set(name: &str, rows: Vec<Annotation>) -> Value {
    let next = rows.iter().filter_map(|row| row.id.parse::<u64>().ok()).max().map_or(0, |last| last + 1);
    let rows: Vec<Value> = rows
        .into_iter()
        .map(|row| {
            let features: Map<String, Value> = row.features.into_iter().collect();
            json!({"type": row.kind, "start": row.start, "end": row.end, "id": row.id.parse::<u64>().unwrap_or_default(), "features": features})
        })
        .collect();
    json!({"name": name, "annotations": rows, "next_annid": next})
}
