//! GateNLP's JSON: one document a file, and what its offsets count is said in it.

use serde_json::value::RawValue;
use serde_json::{Map, Value};

use super::JSON_FORMAT;
use super::document::{Annotation, Document};
use super::export::{can, write_all};
use super::import::found;
use crate::format::json_members::Members;
use crate::format::json_out::write_in_ascii;
use crate::format::json_records::{elements, value};
use crate::format::json_tree::{Json, Object, on_one_line};
use crate::format::pieces::cut_objects;
use crate::format::sheet_builder::short;
use crate::format::standoff_aside::{marked_object, unmarked_object};
use crate::format::standoff_in::{self, Give, Input, Raw, Standoff, Unit, standoff};
use crate::format::standoff_json::{each_text, read as read_text};
use crate::format::{FormatError, Items, Ledger, ReadOptions, Receiver, Sink, Source, Tables, WriteOptions};
use crate::model::CoderKey;
use crate::text::offsets::OffsetUnit;

const FEATURES: &str = "features";

static STANDOFF: Standoff =
    Standoff { on_one_line, unmarked, cut: Some(cut_objects), ..standoff!("bdocjs", "annotation", OffsetUnit::Utf16, |_, _| false, parse) };

/// Reads every file of the source.
pub(super) fn read(source: &dyn Source, options: &mut ReadOptions, to: &mut dyn Receiver) -> Result<(), FormatError> {
    standoff_in::read(&STANDOFF, source, options, to)
}

fn parse(input: &Input<'_>, to: &mut dyn Receiver, give: &mut Give<'_>) -> Result<(), FormatError> {
    each_text(input, to, &mut |line, text, to| {
        let Some(mut members) = read_text::<Members<'_>>(input, line, text, to) else { return Ok(()) };
        let Some(text) = members.remove("text").and_then(value::<String>) else {
            input.bad(line, "this document has no text", to);
            return Ok(());
        };
        let unit = match members.remove("offset_type").and_then(value::<String>).as_deref() {
            Some("p") | None => Unit::Said(OffsetUnit::CodePoints),
            Some("j") => Unit::Said(OffsetUnit::Utf16),
            Some(_) => Unit::Unsaid,
        };
        let features = members.remove(FEATURES).and_then(value::<Map<String, Value>>).unwrap_or_default();
        let mut document = Document { text, features: features.into_iter().collect(), ..Document::default() };
        for (name, set) in members.remove("annotation_sets").and_then(|sets| Members::of(sets.get())).unwrap_or_default().iter() {
            document.sets.push((name.to_owned(), annotations(input, set, to)));
        }
        let mut found = found(input, document, unit, to);
        members.retain(|name, value| name != "name" && value.get() != "null");
        let rest = members.iter().filter_map(|(name, rest)| Some((format!("bdocjs.{name}"), value::<Value>(rest)?)));
        found.record.rest.extend(rest);
        found.line = line;
        give(found, to)
    })
}

fn annotations(input: &Input<'_>, set: &RawValue, to: &mut dyn Receiver) -> Vec<Annotation> {
    let rows = Members::of(set.get()).and_then(|set| set.get("annotations").and_then(elements)).unwrap_or_default();
    let mut annotations = Vec::with_capacity(rows.len());
    for row in rows {
        match annotation(input, row) {
            Some(annotation) => annotations.push(annotation),
            None => input.bad(None, format!("an annotation has no type, start and end: {}", short(&on_one_line(row.get()))), to),
        }
    }
    annotations
}

fn annotation(input: &Input<'_>, raw: &RawValue) -> Option<Annotation> {
    let row: Json<'_> = value(raw)?;
    let features = row.get(FEATURES).map(Json::members).unwrap_or_default();
    Some(Annotation {
        id: row.get("id").map(|id| id.to_value().to_string()).unwrap_or_default(),
        kind: row.get("type")?.as_str()?.to_owned(),
        start: row.get("start")?.as_index()?,
        end: row.get("end")?.as_index()?,
        features: features.iter().map(|(name, value)| (name.as_ref().to_owned(), value.to_value())).collect(),
        raw: Raw::of(input.content, raw.get()),
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
    write_all((can(JSON_FORMAT.name), unit, "bdocjs", marked), from, to, &mut |item, document, _| {
        let mut page = Vec::new();
        let offset_type = if unit == OffsetUnit::Utf16 { "j" } else { "p" };
        let sets = Object::of(document.sets.into_iter().map(|(name, rows)| (name.clone(), set(name, rows))));
        let value = Json::from(Object::of([
            ("annotation_sets", sets.into()),
            (FEATURES, Object::of_values(document.features).into()),
            ("name", item.id.as_str().into()),
            ("offset_type", offset_type.into()),
            ("text", document.text.into()),
        ]));
        write_in_ascii(&mut page, &value).map_err(|cause| FormatError::writing(item.id.as_str(), cause))?;
        page.push(b'\n');
        Ok(page)
    })
}

fn marked(raw: &str, coder: &CoderKey) -> Option<String> {
    let object: Map<String, Value> = serde_json::from_str(raw).ok().filter(|object: &Map<String, Value>| object.contains_key("type"))?;
    Some(Value::Object(marked_object(object, Some(FEATURES), coder.as_str())).to_string())
}

/// An annotation as it stood before it was kept aside.
fn unmarked(raw: &str) -> String {
    unmarked_object(raw, Some(FEATURES))
}

fn set(name: String, rows: Vec<Annotation>) -> Json<'static> {
    let next = rows.iter().filter_map(|row| row.id.parse::<u64>().ok()).max().map_or(0, |last| last + 1);
    let row = |row: Annotation| {
        if let Some(kept) = row.raw.kept() {
            return kept;
        }
        let id = row.id.parse::<u64>().unwrap_or_default();
        let members = [
            ("end", row.end.into()),
            (FEATURES, Object::of_values(row.features).into()),
            ("id", Json::Number(id.into())),
            ("start", row.start.into()),
            ("type", row.kind.into()),
        ];
        Object::of(members).into()
    };
    let rows: Vec<Json<'_>> = rows.into_iter().map(row).collect();
    Object::of([("annotations", rows.into()), ("name", name.into()), ("next_annid", Json::Number(next.into()))]).into()
}
