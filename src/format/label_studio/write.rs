//! Writing `tasks.json`, one task a document, and `label_config.xml`.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;

use serde_json::{Map, Value, json};

use super::controls::{Controls, On, name_of};
use super::names::{Names, key_of};
use super::task::NAMES;
use super::{CLAIMS, CODER, DOCUMENT, ENTITY, ENTITY_NAME, FORMAT, LABELS, NORMALIZED, NOTE, TEXT};
use crate::format::aspects::{Aspect, drop_aspects, drop_entity_details, drop_foreign_residue};
use crate::format::json_out::write_on_one_line;
use crate::format::json_records::leftovers;
use crate::format::marks::{Mark, document_fields, flat_marks, mark_of};
use crate::format::place::Places;
use crate::format::vocabulary::label_name;
use crate::format::{FormatError, Item, Items, Ledger, Sink, Tables, WriteOptions};
use crate::model::{AttributeKey, AttributeValue, CoderKey, EntityId, MarkId, Sheet, SpanExtras};
use crate::text::offsets::OffsetUnit;

const NO_PLACE: &str = "Label Studio has no place for it";
const TASKS: &str = "tasks.json";
const CONFIG: &str = "label_config.xml";

/// Writes everything.
pub(super) fn write(
    tables: &Tables,
    items: &mut Items<'_>,
    options: &WriteOptions,
    sink: &mut dyn Sink,
    ledger: &mut Ledger,
) -> Result<(), FormatError> {
    let mut controls = Controls::new(&tables.schema);
    write_tasks(tables, items, options, &mut *sink, (&mut controls, ledger))?;
    drop_entity_details(ledger, tables, NO_PLACE);
    let written = sink.create(CONFIG).and_then(|mut file| file.write_all(controls.to_xml().as_bytes()));
    written.map_err(|cause| FormatError::writing(CONFIG, cause))
}

fn write_tasks(
    tables: &Tables,
    items: &mut Items<'_>,
    options: &WriteOptions,
    sink: &mut dyn Sink,
    (controls, ledger): (&mut Controls, &mut Ledger),
) -> Result<(), FormatError> {
    let io = |cause| FormatError::writing(TASKS, cause);
    let mut out = std::io::BufWriter::new(sink.create(TASKS).map_err(io)?);
    let (mut before, mut number) = ("[\n", 0_usize);
    for item in items {
        let item = item?;
        ledger.add_document();
        count_losses(&item, ledger);
        let places = Places::new(&item.id, &item.text, OffsetUnit::CodePoints);
        number += 1;
        let (names, ids) = (Names::default(), BTreeMap::new());
        let task = Writer { tables, item: &item, number, controls, ledger, names, ids }.task(&places)?;
        out.write_all(before.as_bytes()).map_err(io)?;
        write_on_one_line(&mut out, &task).map_err(io)?;
        before = ",\n";
        options.step()?;
    }
    out.write_all(if before == "[\n" { b"[]\n" } else { b"\n]\n" }).and_then(|()| out.flush()).map_err(io)
}

fn count_losses(item: &Item, ledger: &mut Ledger) {
    let lost = [
        Aspect::Regions,
        Aspect::Corrections,
        Aspect::Status,
        Aspect::SetAside,
        Aspect::Occurrences,
        Aspect::RelationAttributes,
        Aspect::RelationNotes,
    ];
    drop_aspects(ledger, item, &lost, NO_PLACE);
    drop_foreign_residue(ledger, item, FORMAT.name);
}

/// One task on its way out.
struct Writer<'w> {
    tables: &'w Tables,
    item: &'w Item,
    /// Of the task, from 1.
    number: usize,
    controls: &'w mut Controls,
    ledger: &'w mut Ledger,
    /// Those of the project that the annotation comes from.
    names: Names,
    /// Ids of regions.
    ids: BTreeMap<MarkId, String>,
}

impl Writer<'_> {
    fn task(&mut self, places: &Places<'_>) -> Result<Map<String, Value>, FormatError> {
        let mut data = Map::new();
        data.insert(TEXT.to_owned(), self.item.text.as_str().into());
        data.extend(document_fields(self.item).map(|(name, value)| (name.to_owned(), value.into())));
        let rest = self.item.document.residue.get(FORMAT.name).and_then(|json| serde_json::from_str::<Map<String, Value>>(json).ok());
        let mut rest = rest.unwrap_or_default();
        let mut task = match rest.remove("task") {
            Some(Value::Object(task)) => task,
            _ => Map::new(),
        };
        for (name, value) in rest {
            data.entry(name).or_insert(value);
        }
        let mut annotations = Vec::new();
        for (coder, sheet) in &self.item.sheets {
            annotations.push(Value::Object(self.annotation(coder, sheet, places)?));
        }
        // The converters of Label Studio ask for one; an import there gives another.
        task.entry("id").or_insert_with(|| self.number.into());
        task.insert("data".to_owned(), Value::Object(data));
        task.insert("annotations".to_owned(), annotations.into());
        Ok(task)
    }

    fn annotation(&mut self, coder: &CoderKey, sheet: &Sheet, places: &Places<'_>) -> Result<Map<String, Value>, FormatError> {
        let (item, mut rows) = (self.item, Vec::new());
        let marks = flat_marks(item, sheet, places, self.ledger)?;
        let (names, others): (Vec<Value>, Vec<Value>) = leftovers(sheet, FORMAT.name).into_iter().partition(|left| left.get(NAMES).is_some());
        let names = names.into_iter().next().and_then(|mut left| left.get_mut(NAMES).map(Value::take));
        self.names = names.and_then(|names| serde_json::from_value(names).ok()).unwrap_or_default();
        self.ids = ids(&marks, &self.names);
        let beside = self.beside(sheet, &marks);
        let is_beside: BTreeSet<usize> = beside.values().flatten().copied().collect();
        for (number, mark) in marks.iter().enumerate().filter(|(number, _)| !is_beside.contains(number)) {
            let further = beside.get(&number).into_iter().flatten().filter_map(|further| marks.get(*further));
            self.mark(sheet, mark, further, &mut rows);
        }
        self.relations(sheet, &mut rows);
        self.document(sheet, &mut rows);
        let mut annotation = Map::new();
        for left in others {
            match left {
                Value::Object(mut left) if left.contains_key("annotation") => {
                    if let Some(Value::Object(rest)) = left.remove("annotation") {
                        annotation.extend(rest);
                    }
                }
                row => rows.push(row),
            }
        }
        annotation.insert(CODER.to_owned(), coder.as_str().into());
        annotation.insert("was_cancelled".to_owned(), false.into());
        annotation.insert("ground_truth".to_owned(), (*coder == CoderKey::gold()).into());
        annotation.insert("result".to_owned(), rows.into());
        Ok(annotation)
    }

    /// Further labels of regions that had several, by the numbers of the first ones: where both still stand at one place, and nothing is
    /// said of the further ones alone.
    fn beside(&self, sheet: &Sheet, marks: &[Mark<'_>]) -> BTreeMap<usize, Vec<usize>> {
        let mut beside: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        let further: Vec<(usize, &Mark<'_>, &str)> =
            marks.iter().enumerate().filter_map(|(number, mark)| Some((number, mark, self.names.first(mark.id)?))).collect();
        if further.is_empty() {
            return beside;
        }
        let by_key: BTreeMap<String, usize> = marks.iter().enumerate().map(|(number, mark)| (key_of(mark.id), number)).collect();
        let ends = sheet.relations.values().flat_map(|relation| [relation.from.mark(), relation.to.mark()]).flatten();
        let fillers = sheet.claims.values().flat_map(|claim| claim.roles.values().flatten()).filter_map(mark_of);
        let joined: BTreeSet<MarkId> = ends.chain(fillers).collect();
        let is_bare = |mark: &Mark<'_>| match mark.id {
            MarkId::Span(id) => sheet.spans.get(&id).is_some_and(|span| span.entity.is_none() && *span.extras() == SpanExtras::default()),
            // Of what fills its roles there would be no place.
            MarkId::Claim(_) => false,
        };
        for (number, mark, first) in further.into_iter().filter(|(_, mark, _)| is_bare(mark) && !joined.contains(&mark.id)) {
            let first = by_key.get(first).filter(|first| marks.get(**first).is_some_and(|first| first.range == mark.range));
            first.iter().for_each(|first| beside.entry(**first).or_default().push(number));
        }
        beside
    }

    /// A region with its labels, and what is said of it.
    fn mark<'m>(&mut self, sheet: &Sheet, mark: &'m Mark<'m>, further: impl Iterator<Item = &'m Mark<'m>>, rows: &mut Vec<Value>) {
        let tables = self.tables;
        let label = label_name(&tables.schema, mark.label);
        let ours = if matches!(mark.id, MarkId::Span(_)) { LABELS } else { CLAIMS };
        let (control, text) = self.names.region(mark.id).unwrap_or((ours, TEXT));
        let labels: Vec<&str> = std::iter::once(label).chain(further.map(|mark| label_name(&tables.schema, mark.label))).collect();
        labels.iter().for_each(|label| self.controls.label(control, label, text));
        let mut region = self.row(mark, (control, text), "labels", json!(labels));
        let (attributes, note, residue) = match mark.id {
            MarkId::Span(id) => match sheet.spans.get(&id) {
                Some(span) => {
                    self.link(span.entity, &mut region);
                    (span.attributes(), span.note(), &span.extras().residue)
                }
                None => return,
            },
            MarkId::Claim(id) => match sheet.claims.get(&id) {
                Some(claim) => (&claim.attributes, claim.note.as_str(), &claim.residue),
                None => return,
            },
        };
        if let Some(Value::Object(rest)) = residue.get(FORMAT.name).and_then(|json| serde_json::from_str(json).ok()) {
            add_missing(&mut region, rest);
        }
        rows.push(Value::Object(region));
        let is_span = matches!(mark.id, MarkId::Span(_));
        let what = if is_span { "attributes of spans" } else { "attributes of claims" };
        for (key, value) in attributes {
            if let Some(ControlValue { control, text, kind, said }) = self.value(On::Region, key, value, what) {
                rows.push(Value::Object(self.row(mark, (&control, &text), &kind, said)));
            }
        }
        if !note.is_empty() {
            self.ledger.keep(if is_span { "notes of spans" } else { "notes of claims" }, 1);
            rows.push(Value::Object(self.row(mark, (NOTE, TEXT), "textarea", json!([note]))));
        }
        let claim = if let MarkId::Claim(id) = mark.id { sheet.claims.get(&id) } else { None };
        if let Some(claim) = claim.filter(|claim| !claim.normalized.is_empty()) {
            self.ledger.keep("normalised texts of claims", 1);
            rows.push(Value::Object(self.row(mark, (NORMALIZED, TEXT), "textarea", json!([claim.normalized]))));
        }
    }

    fn row(&self, mark: &Mark<'_>, control: (&str, &str), kind: &str, said: Value) -> Map<String, Value> {
        let place = mark.place;
        let mut value = Map::new();
        value.insert("start".to_owned(), place.start.into());
        value.insert("end".to_owned(), place.end.into());
        value.insert("text".to_owned(), place.quote.into());
        value.insert(member_of(kind).to_owned(), said);
        let mut row = Map::new();
        row.insert("id".to_owned(), self.ids.get(&mark.id).cloned().into());
        add_control(&mut row, control, kind, value);
        row
    }

    fn link(&mut self, entity: Option<EntityId>, region: &mut Map<String, Value>) {
        let Some(id) = entity else { return };
        match self.tables.entity(id) {
            Some((id, entity)) => {
                self.ledger.keep("links from mentions to entities", 1);
                region.insert("meta".to_owned(), json!({ ENTITY: id.to_string(), ENTITY_NAME: entity.name }));
            }
            None => self.ledger.drop("links from mentions to entities", "the entity does not exist", format!("{}: {id}", self.item.id)),
        }
    }

    /// The control, type and content for a value; none, counted, where its control cannot hold it.
    fn value(&mut self, on: On, key: &AttributeKey, value: &AttributeValue, what: &'static str) -> Option<ControlValue> {
        if !self.controls.takes(on, key, value) {
            self.ledger.drop(what, "the value is not of the attribute's kind", format!("{}: {key} = {value}", self.item.id));
            return None;
        }
        self.ledger.keep(what, 1);
        let (kind, said) = match value {
            AttributeValue::Bool(_) => ("choices", json!([value.to_string()])),
            AttributeValue::Choice(choice) => ("choices", json!([choice.as_str()])),
            AttributeValue::Choices(choices) => ("choices", choices.iter().map(|choice| choice.as_str()).collect()),
            AttributeValue::Int(number) => ("number", json!(number)),
            AttributeValue::Number(number) => ("number", json!(number.value())),
            AttributeValue::Text(_) | AttributeValue::Date(_) => ("textarea", json!([value.to_string()])),
        };
        let ours = name_of(on, key);
        let named = self.names.control(&ours).filter(|named| named.kind == kind || is_like(&named.kind, value));
        Some(match named {
            Some(named) => {
                self.controls.rename(on, key, named);
                let said = match (named.kind.as_str(), value) {
                    ("taxonomy", AttributeValue::Choices(choices)) => {
                        let paths: Vec<_> = choices.iter().map(|choice| self.names.path(&named.control, choice.as_str())).collect();
                        paths.iter().for_each(|path| self.controls.entry(&named.control, path));
                        json!(paths)
                    }
                    ("datetime", value) => json!(value.to_string()),
                    _ => said,
                };
                ControlValue { control: named.control.clone(), text: named.text.clone(), kind: named.kind.clone(), said }
            }
            None => ControlValue { control: ours, text: TEXT.to_owned(), kind: kind.to_owned(), said },
        })
    }

    /// Relations, and roles as relations from the claim to what fills it.
    fn relations(&mut self, sheet: &Sheet, rows: &mut Vec<Value>) {
        let ids = std::mem::take(&mut self.ids);
        let id = |mark: Option<MarkId>| mark.and_then(|mark| ids.get(&mark));
        for (key, relation) in &sheet.relations {
            match (id(relation.from.mark()), id(relation.to.mark())) {
                (Some(from), Some(to)) => {
                    self.ledger.keep("relations", 1);
                    let is_both_ways = relation.residue.get(FORMAT.name).is_some_and(|kept| kept.contains("\"bi\""));
                    rows.push(self.relation(from, to, relation.label.as_str(), if is_both_ways { "bi" } else { "right" }));
                }
                _ => {
                    let example = format!("{}: {} {key}", self.item.id, relation.label);
                    self.ledger.drop("relations", "one end is an entity, a relation or something without a place", example);
                }
            }
        }
        for (key, claim) in &sheet.claims {
            for (role, filler) in claim.roles.iter().flat_map(|(role, fillers)| fillers.iter().map(move |filler| (role, filler))) {
                match (id(Some(MarkId::Claim(*key))), id(mark_of(filler))) {
                    (Some(from), Some(to)) => {
                        self.ledger.change("fillers of roles", "they become relations from the claim", format!("{}: {role}", self.item.id));
                        rows.push(self.relation(from, to, role.as_str(), "right"));
                    }
                    _ => {
                        let example = format!("{}: {role} = {filler:?}", self.item.id);
                        self.ledger.drop("fillers of roles", "the claim or what fills it has no place in the text", example);
                    }
                }
            }
        }
    }

    fn relation(&mut self, from: &str, to: &str, label: &str, direction: &str) -> Value {
        self.controls.relation(label);
        json!({"type": "relation", "from_id": from, "to_id": to, "direction": direction, "labels": [label]})
    }

    /// What is said of the document.
    fn document(&mut self, sheet: &Sheet, rows: &mut Vec<Value>) {
        for (key, value) in &sheet.info.attributes {
            if let Some(ControlValue { control, text, kind, said }) = self.value(On::Document, key, value, "attributes of documents") {
                rows.push(document_row((&control, &text), &kind, said));
            }
        }
        if !sheet.info.note.is_empty() {
            self.ledger.keep("notes on documents", 1);
            rows.push(document_row((&format!("{DOCUMENT}{NOTE}"), TEXT), "textarea", json!([sheet.info.note])));
        }
    }
}

/// What a control says.
struct ControlValue {
    control: String,
    /// The tag that shows the text.
    text: String,
    kind: String,
    said: Value,
}

/// True for controls of others that hold such a value as well as the one of ours.
fn is_like(kind: &str, value: &AttributeValue) -> bool {
    match value {
        AttributeValue::Int(_) => kind == "rating",
        AttributeValue::Choices(_) => kind == "taxonomy",
        AttributeValue::Text(_) | AttributeValue::Date(_) => kind == "datetime",
        _ => false,
    }
}

/// Those that regions had; others, and of two with one id the second, get those of the marks.
fn ids(marks: &[Mark<'_>], names: &Names) -> BTreeMap<MarkId, String> {
    let mut given = BTreeSet::new();
    let mut id = |mark: MarkId| names.id(mark).filter(|id| given.insert(id.to_owned())).map_or_else(|| id_of(mark), str::to_owned);
    marks.iter().map(|mark| (mark.id, id(mark.id))).collect()
}

fn document_row(control: (&str, &str), kind: &str, said: Value) -> Value {
    let mut row = Map::new();
    row.insert("id".to_owned(), control.0.into());
    add_control(&mut row, control, kind, Map::from_iter([(member_of(kind).to_owned(), said)]));
    Value::Object(row)
}

fn add_control(row: &mut Map<String, Value>, (control, text): (&str, &str), kind: &str, value: Map<String, Value>) {
    row.insert("from_name".to_owned(), control.into());
    row.insert("to_name".to_owned(), text.into());
    row.insert("type".to_owned(), kind.into());
    row.insert("value".to_owned(), Value::Object(value));
}

/// Where the content of a result stands.
fn member_of(kind: &str) -> &str {
    if kind == "textarea" { "text" } else { kind }
}

/// Members of a region that an earlier import has kept; inside `meta` too.
fn add_missing(region: &mut Map<String, Value>, rest: Map<String, Value>) {
    for (name, value) in rest {
        match (region.get_mut(&name), value) {
            (Some(Value::Object(meta)), Value::Object(more)) => {
                for (name, value) in more {
                    meta.entry(name).or_insert(value);
                }
            }
            (Some(_), _) => {}
            (None, value) => drop(region.insert(name, value)),
        }
    }
}

fn id_of(mark: MarkId) -> String {
    match mark {
        MarkId::Span(id) => id.to_string(),
        MarkId::Claim(id) => id.to_string(),
    }
}
