//! Writing a file for each document.

use serde_json::{Map, Value};

use super::{FEATURES, FORMAT, TRACK};
use crate::format::aspects::drop_entity_details;
use crate::format::json_out::write_on_one_line;
use crate::format::json_tree::{Json, Object};
use crate::format::marks::document_fields;
use crate::format::place::Places;
use crate::format::standoff::{FROM, Features, KIND, Kind, TO};
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

fn record<'r>(tables: &'r Tables, item: &'r Item, ledger: &mut Ledger) -> Result<Json<'r>, FormatError> {
    count_document(item, &CAN, ledger);
    count_fields(item, ledger);
    let places = Places::new(&item.id, &item.text, OffsetUnit::CodePoints);
    let mut next = 0;
    let parts = regions(item, &places, &mut next, ledger)?;
    let sheets = all_sheets((tables, item), &places, &CAN, &mut next, ledger)?;
    let mut record = Object::of([("text", item.text.as_str().into())]);
    record.extend(document_fields(item).map(|(name, value)| (name, value.into())));
    let rest = item.document.residue.get(FORMAT.name).and_then(|rest| serde_json::from_str::<Map<String, Value>>(rest).ok());
    for (name, value) in rest.into_iter().flatten() {
        record.set_missing(name, value);
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
        tracks.push(std::mem::take(&mut track).into_object());
    }
    match tracks.pop() {
        None => record.extend(track.into_object()),
        // What the document says itself counts more than what a track has beside its annotations.
        Some(only) if is_one => only.into_iter().for_each(|(name, value)| record.set_missing(name, value)),
        Some(last) => {
            tracks.push(last);
            record.set("tracks", tracks.into_iter().map(Json::from).collect::<Vec<_>>());
        }
    }
    Ok(record.into())
}

/// What one coder says.
#[derive(Default)]
struct Track<'t> {
    project: Option<String>,
    features: Features,
    denotations: Vec<Json<'t>>,
    relations: Vec<Json<'t>>,
    attributes: Vec<Json<'t>>,
    /// Of an earlier import.
    others: Map<String, Value>,
}

impl<'t> Track<'t> {
    fn add_sheet(&mut self, coder: &CoderKey, sheet: OutSheet<'t>) {
        self.project = Some(coder.to_string());
        self.features = sheet.features;
        sheet.rows.into_iter().for_each(|row| self.add(row));
    }

    fn into_object(self) -> Object<'t> {
        let mut object = Object::of([
            ("attributes", self.attributes.into()),
            ("denotations", self.denotations.into()),
            (FEATURES, Object::of_values(self.features).into()),
            ("relations", self.relations.into()),
        ]);
        object.extend(self.project.map(|project| ("project", project.into())));
        for (name, value) in self.others {
            object.set_missing(name, value);
        }
        object
    }

    fn add(&mut self, mut row: Row<'t>) {
        let features = std::mem::take(&mut row.features);
        let mut rest = std::mem::take(&mut row.rest);
        let others = rest.remove("attributes");
        if row.kind == Kind::Relation {
            let link = |name: &str| row.links.iter().find(|(known, _)| *known == name).map_or(0, |(_, number)| *number);
            let mut relation = self.relation(row.label, link(FROM), link(TO), Kind::Relation);
            if !features.is_empty() {
                relation.set(FEATURES, Object::of_values(features));
            }
            add_rest(&mut relation, rest);
            self.relations.push(relation.into());
            return;
        }
        let id = format!("T{}", row.number);
        let piece = |(begin, end): &(usize, usize)| Object::of([("begin", (*begin).into()), ("end", (*end).into())]).into();
        let mut pieces: Vec<Json<'_>> = row.pieces().iter().map(piece).collect();
        let span = if pieces.len() == 1 { pieces.pop().unwrap_or_default() } else { pieces.into() };
        let mut denotation = Object::of([("id", id.clone().into()), ("obj", row.label.into()), ("span", span)]);
        add_rest(&mut denotation, rest);
        self.denotations.push(denotation.into());
        if row.kind != Kind::Span {
            self.attribute(KIND.to_owned(), &id, row.kind.name().into());
        }
        for (name, value) in features {
            match value {
                Value::Array(values) => values.into_iter().for_each(|value| self.attribute(name.clone(), &id, value.into())),
                value => self.attribute(name, &id, value.into()),
            }
        }
        if let Some(Value::Object(others)) = others {
            others.into_iter().for_each(|(name, value)| self.attribute(name, &id, value.into()));
        }
        for (role, number) in &row.links {
            let (kind, label) = if row.kind == Kind::Occurrence { (Kind::Occurrence, "occurrence of") } else { (Kind::Role, *role) };
            let relation = self.relation(label, row.number, *number, kind);
            self.relations.push(relation.into());
        }
    }

    fn relation(&self, label: &'t str, from: usize, to: usize, kind: Kind) -> Object<'t> {
        let id = format!("R{}", self.relations.len() + 1);
        let ends = [format!("T{from}"), format!("T{to}")].map(Json::from);
        let [from, to] = ends;
        Object::of([("id", id.into()), (KIND, kind.name().into()), ("obj", to), ("pred", label.into()), ("subj", from)])
    }

    fn attribute(&mut self, name: String, subject: &str, value: Json<'t>) {
        let id = format!("A{}", self.attributes.len() + 1);
        let members = [("id", id.into()), ("obj", value), ("pred", name.into()), ("subj", subject.to_owned().into())];
        self.attributes.push(Object::of(members).into());
    }
}

fn add_rest(row: &mut Object<'_>, rest: Map<String, Value>) {
    rest.into_iter().for_each(|(name, value)| row.set_missing(name, value));
}
