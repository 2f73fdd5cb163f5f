//! Writing a file for each document.

use serde_json::{Map, Value, json};

use super::{FEATURES, FORMAT, TRACK};
use crate::format::aspects::drop_entity_details;
use crate::format::json_out::write_on_one_line;
use crate::format::marks::document_fields;
use crate::format::place::Places;
use crate::format::standoff::{FROM, KIND, Kind, TO};
use crate::format::standoff_out::{Can, Ends, OutSheet, Row, Unplaced, all_sheets, count_document, count_fields, drop_aside, regions};
use crate::format::{FormatError, Item, Items, Ledger, Sink, Tables, WriteOptions};
use crate::model::CoderKey;
use crate::text::offsets::OffsetUnit;

const CAN: Can = Can { format: FORMAT.name, gaps: None, unplaced: Unplaced::Dropped, ends: Ends::Marks };

/// Writes everything.
pub(super) fn write(
    tables: &Tables,
    items: &mut Items<'_>,
    options: &WriteOptions,
    sink: &mut dyn Sink,
    ledger: &mut Ledger,
) -> Result<(), FormatError> {
    for item in items {
        let item = item?;
        ledger.add_document();
        let record = record(tables, &item, ledger)?;
        let name = format!("{}.json", item.id);
        let mut page = Vec::new();
        let written = write_on_one_line(&mut page, &record).and_then(|()| sink.create(&name)?.write_all(&[&page, &b"\n"[..]].concat()));
        written.map_err(|cause| FormatError::writing(&name, cause))?;
        options.step()?;
    }
    drop_entity_details(ledger, tables, "entities are written with their names and knowledge base ids only");
    Ok(())
}

fn record(tables: &Tables, item: &Item, ledger: &mut Ledger) -> Result<Map<String, Value>, FormatError> {
    count_document(item, &CAN, ledger);
    count_fields(item, ledger);
    let places = Places::new(&item.id, &item.text, OffsetUnit::CodePoints);
    let mut next = 0;
    let parts = regions(item, &places, &mut next, ledger)?;
    let sheets = all_sheets((tables, item), &places, &CAN, &mut next, ledger)?;
    let mut record = Map::new();
    record.insert("text".to_owned(), item.text.as_str().into());
    record.extend(document_fields(item).map(|(name, value)| (name.to_owned(), value.into())));
    let rest = item.document.residue.get(FORMAT.name).and_then(|rest| serde_json::from_str::<Map<String, Value>>(rest).ok());
    for (name, value) in rest.into_iter().flatten() {
        record.entry(name).or_insert(value);
    }
    let mut track = Track::default();
    parts.into_iter().for_each(|row| track.add(row));
    let is_one = sheets.len() < 2;
    let mut tracks = Vec::new();
    for (coder, mut sheet) in sheets {
        let others: Vec<&str> = sheet.aside.extract_if(.., |line| line.starts_with(TRACK)).collect();
        drop_aside(item, &sheet, ledger);
        track.add_sheet(coder, sheet);
        track
            .others
            .extend(others.into_iter().filter_map(|line| serde_json::from_str::<Map<String, Value>>(line.strip_prefix(TRACK)?).ok()).flatten());
        tracks.push(std::mem::take(&mut track).into_members());
    }
    match tracks.pop() {
        None => record.extend(track.into_members()),
        Some(only) if is_one => add_members(&mut record, only),
        Some(last) => {
            tracks.push(last);
            record.insert("tracks".to_owned(), tracks.into_iter().map(Value::Object).collect());
        }
    }
    Ok(record)
}

/// What one coder says.
#[derive(Default)]
struct Track {
    project: Option<String>,
    features: Map<String, Value>,
    denotations: Vec<Value>,
    relations: Vec<Value>,
    attributes: Vec<Value>,
    /// Of an earlier import.
    others: Map<String, Value>,
}

impl Track {
    fn add_sheet(&mut self, coder: &CoderKey, sheet: OutSheet<'_>) {
        self.project = Some(coder.to_string());
        self.features = sheet.features.into_iter().collect();
        sheet.rows.into_iter().for_each(|row| self.add(row));
    }

    fn into_members(self) -> Map<String, Value> {
        let mut members = Map::new();
        members.extend(self.project.map(|project| ("project".to_owned(), project.into())));
        members.insert(FEATURES.to_owned(), self.features.into());
        members.insert("denotations".to_owned(), self.denotations.into());
        members.insert("relations".to_owned(), self.relations.into());
        members.insert("attributes".to_owned(), self.attributes.into());
        for (name, value) in self.others {
            members.entry(name).or_insert(value);
        }
        members
    }

    fn add(&mut self, mut row: Row<'_>) {
        let features = std::mem::take(&mut row.features);
        let mut rest = std::mem::take(&mut row.rest);
        let others = rest.remove("attributes");
        if row.kind == Kind::Relation {
            let link = |name: &str| row.links.iter().find(|(known, _)| *known == name).map_or(0, |(_, number)| *number);
            let mut relation = self.relation(row.label, link(FROM), link(TO), Kind::Relation);
            if let (false, Some(relation)) = (features.is_empty(), relation.as_object_mut()) {
                relation.insert(FEATURES.to_owned(), Value::Object(features.into_iter().collect()));
            }
            add_rest(&mut relation, rest);
            self.relations.push(relation);
            return;
        }
        let id = format!("T{}", row.number);
        let pieces: Vec<Value> = row.pieces().iter().map(|(begin, end)| json!({"begin": begin, "end": end})).collect();
        let span = if let [piece] = pieces.as_slice() { piece.clone() } else { pieces.into() };
        let mut denotation = json!({"id": id, "span": span, "obj": row.label});
        add_rest(&mut denotation, rest);
        self.denotations.push(denotation);
        if row.kind != Kind::Span {
            self.attribute(KIND, &id, &row.kind.name().into());
        }
        for (name, value) in features {
            match value {
                Value::Array(values) => values.iter().for_each(|value| self.attribute(&name, &id, value)),
                value => self.attribute(&name, &id, &value),
            }
        }
        if let Some(Value::Object(others)) = others {
            others.iter().for_each(|(name, value)| self.attribute(name, &id, value));
        }
        for (role, number) in &row.links {
            let (kind, label) = if row.kind == Kind::Occurrence { (Kind::Occurrence, "occurrence of") } else { (Kind::Role, *role) };
            let relation = self.relation(label, row.number, *number, kind);
            self.relations.push(relation);
        }
    }

    fn relation(&self, label: &str, from: usize, to: usize, kind: Kind) -> Value {
        let id = format!("R{}", self.relations.len() + 1);
        json!({"id": id, "pred": label, "subj": format!("T{from}"), "obj": format!("T{to}"), KIND: kind.name()})
    }

    fn attribute(&mut self, name: &str, subject: &str, value: &Value) {
        let id = format!("A{}", self.attributes.len() + 1);
        self.attributes.push(json!({"id": id, "pred": name, "subj": subject, "obj": value}));
    }
}

/// What the document says itself counts more than what a track has beside its annotations.
fn add_members(record: &mut Map<String, Value>, track: Map<String, Value>) {
    for (name, value) in track {
        record.entry(name).or_insert(value);
    }
}

fn add_rest(row: &mut Value, rest: Map<String, Value>) {
    for (name, value) in rest {
        if let Some(row) = row.as_object_mut() {
            row.entry(name).or_insert(value);
        }
    }
}
