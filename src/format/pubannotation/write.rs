//! Writing a file for each document.

use serde_json::{Map, Value};

use super::{ATTRIBUTE, ATTRIBUTED, DENOTATION, FEATURES, FORMAT, MISFITS, RELATION, TRACK, UNNAMED, as_text};
use crate::format::aspects::drop_entity_details;
use crate::format::json_out::write_on_one_line;
use crate::format::json_tree::{Json, Object};
use crate::format::marks::document_fields;
use crate::format::place::Places;
use crate::format::standoff::{CODERS, FROM, Features, KIND, Kind, TO};
use crate::format::standoff_aside::marked_object;
use crate::format::standoff_ids::RowIds;
use crate::format::standoff_out::{Can, Ends, OutSheet, Row, Unplaced, all_sheets, count_document, count_fields, drop_aside, kept_beside, regions};
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
    for (name, value) in kept_beside(item, FORMAT.name) {
        record.set_missing(name, value);
    }
    let mut track = Track::new();
    parts.into_iter().for_each(|row| track.add(row));
    let is_one = sheets.len() < 2;
    let mut tracks = Vec::new();
    for (coder, mut sheet) in sheets {
        let aside = std::mem::take(&mut sheet.aside);
        track.ids.add(sheet.rows.iter(), &aside);
        track.add_sheet(coder, sheet);
        drop_aside(item, aside.into_iter().filter(|line| !track.add_kept(line, coder)), ledger);
        tracks.push(std::mem::replace(&mut track, Track::new()).into_object());
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
struct Track<'t> {
    ids: RowIds<'t>,
    project: Option<String>,
    features: Features,
    denotations: Vec<Json<'t>>,
    relations: Vec<Json<'t>>,
    attributes: Vec<Json<'t>>,
    /// Of an earlier import.
    others: Map<String, Value>,
}

impl<'t> Track<'t> {
    fn new() -> Self {
        let (denotations, relations, attributes) = (Vec::new(), Vec::new(), Vec::new());
        Self { ids: RowIds::new("T"), project: None, features: Features::new(), denotations, relations, attributes, others: Map::new() }
    }

    fn add_sheet(&mut self, coder: &'t CoderKey, sheet: OutSheet<'t>) {
        self.project = Some(sheet.coder(coder).to_owned());
        let key = sheet.called.map(|_| (CODERS.to_owned(), coder.as_str().into()));
        self.features = sheet.features.into_iter().chain(key).collect();
        sheet.rows.into_iter().for_each(|row| self.add(row));
    }

    /// A line of what was kept aside goes where it came from, if it says where.
    fn add_kept(&mut self, line: &str, coder: &CoderKey) -> bool {
        if let Some(Ok(others)) = line.strip_prefix(TRACK).map(serde_json::from_str::<Map<String, Value>>) {
            self.others.extend(others);
            return true;
        }
        let attribute = line.strip_prefix(ATTRIBUTE);
        let Ok(object) = serde_json::from_str::<Map<String, Value>>(attribute.unwrap_or(line)) else { return false };
        let rows = match attribute {
            Some(_) => &mut self.attributes,
            None if object.contains_key("span") => &mut self.denotations,
            None if object.contains_key("pred") => &mut self.relations,
            None => return false,
        };
        rows.push(Value::Object(marked_object(object, None, coder.as_str())).into());
        true
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
        let mut features = std::mem::take(&mut row.features);
        let mut rest = std::mem::take(&mut row.rest);
        let others = rest.remove(MISFITS).into_iter().filter_map(|others| if let Value::Object(others) = others { Some(others) } else { None });
        let others: Features = others.flatten().collect();
        if row.kind == Kind::Relation {
            let link = |name: &str| row.links.iter().find(|(known, _)| *known == name).map_or(0, |(_, number)| *number);
            let id = row.old_id.map(str::to_owned).filter(|_| self.ids.of(row.number) == row.old_id.unwrap_or_default());
            let id = id.unwrap_or_else(|| self.ids.next_free("R", self.relations.len()));
            let mut relation = self.relation(&id, row.label, [link(FROM), link(TO)], Kind::Relation);
            let attributed = rest.remove(ATTRIBUTED);
            let is_attribute =
                |name: &str| attributed.as_ref().and_then(Value::as_array).is_some_and(|names| names.iter().any(|known| known == name));
            self.attributes(&id, features.extract_if(.., |(name, _)| is_attribute(name)).chain(others).collect());
            if !features.is_empty() {
                relation.set(FEATURES, Object::of_values(features));
            }
            set_name(&mut relation, "pred", (row.label, RELATION), &mut rest);
            add_rest(&mut relation, rest);
            self.relations.push(relation.into());
            return;
        }
        let id = self.ids.of(row.number);
        let piece = |(begin, end): &(usize, usize)| Object::of([("begin", (*begin).into()), ("end", (*end).into())]).into();
        let mut pieces: Vec<Json<'_>> = row.pieces().iter().map(piece).collect();
        let span = if pieces.len() == 1 { pieces.pop().unwrap_or_default() } else { pieces.into() };
        let mut denotation = Object::of([("id", id.clone().into()), ("obj", row.label.into()), ("span", span)]);
        set_name(&mut denotation, "obj", (row.label, DENOTATION), &mut rest);
        add_rest(&mut denotation, rest);
        self.denotations.push(denotation.into());
        if row.kind != Kind::Span {
            self.attribute(KIND.to_owned(), &id, row.kind.name().into());
        }
        self.attributes(&id, features.into_iter().chain(others).collect());
        for (role, number) in &row.links {
            let (kind, label) = if row.kind == Kind::Occurrence { (Kind::Occurrence, "occurrence of") } else { (Kind::Role, *role) };
            let id = self.ids.next_free("R", self.relations.len());
            let relation = self.relation(&id, label, [row.number, *number], kind);
            self.relations.push(relation.into());
        }
    }

    fn relation(&self, id: &str, label: &'t str, ends: [usize; 2], kind: Kind) -> Object<'t> {
        let [from, to] = ends.map(|end| Json::from(self.ids.of(end)));
        Object::of([("id", id.to_owned().into()), (KIND, kind.name().into()), ("obj", to), ("pred", label.into()), ("subj", from)])
    }

    /// Several values of one name are several attributes.
    fn attributes(&mut self, subject: &str, features: Features) {
        for (name, value) in features {
            match value {
                Value::Array(values) => values.into_iter().for_each(|value| self.attribute(name.clone(), subject, value.into())),
                value => self.attribute(name, subject, value.into()),
            }
        }
    }

    fn attribute(&mut self, name: String, subject: &str, value: Json<'t>) {
        let id = self.ids.next_free("A", self.attributes.len());
        let members = [("id", id.into()), ("obj", value), ("pred", name.into()), ("subj", subject.to_owned().into())];
        self.attributes.push(Object::of(members).into());
    }
}

/// What says what a row is stands as it came, as long as it is the same.
fn set_name(row: &mut Object<'_>, member: &'static str, (label, nameless): (&str, &str), rest: &mut Map<String, Value>) {
    let (is_unnamed, kept) = (rest.remove(UNNAMED).is_some(), rest.remove(member));
    if is_unnamed && label == nameless {
        row.remove(member);
    }
    if let Some(kept) = kept.filter(|kept| as_text(kept).as_deref().unwrap_or(nameless) == label) {
        row.set(member, kept);
    }
}

fn add_rest(row: &mut Object<'_>, rest: Map<String, Value>) {
    rest.into_iter().for_each(|(name, value)| row.set_missing(name, value));
}
