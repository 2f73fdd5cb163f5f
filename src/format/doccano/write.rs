//! Writing one record a document.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::FORMAT;
use crate::format::aspects::{Aspect, drop_aspects, drop_entity_details, drop_foreign_residue};
use crate::format::coder_files::{WriteDocument, write_by_coder};
use crate::format::json_out::write_in_ascii;
use crate::format::json_records::{KEPT_ASIDE, leftovers};
use crate::format::marks::{Mark, document_fields, drop_claim_details, flat_marks, mark_of};
use crate::format::place::Places;
use crate::format::vocabulary::{label_name, written_name};
use crate::format::{FormatError, Item, Items, Ledger, Sink, Tables, WriteOptions};
use crate::model::{AttributeKey, AttributeValue, ChoiceKey, MarkId, Sheet};

const NO_PLACE: &str = "doccano has no place for it";
/// Names that mean something to doccano or to us; a field of an earlier import must not take them.
const TAKEN: [&str; 6] = ["text", "label", "labels", "entities", "relations", "cats"];

/// Which shape is written.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Shape {
    Spans,
    Relations,
    Classes,
}

pub(super) fn write_spans(
    tables: &Tables,
    items: &mut Items<'_>,
    options: &WriteOptions,
    sink: &mut dyn Sink,
    ledger: &mut Ledger,
) -> Result<(), FormatError> {
    write(Shape::Spans, tables, items, (options, sink, ledger))
}

pub(super) fn write_relations(
    tables: &Tables,
    items: &mut Items<'_>,
    options: &WriteOptions,
    sink: &mut dyn Sink,
    ledger: &mut Ledger,
) -> Result<(), FormatError> {
    write(Shape::Relations, tables, items, (options, sink, ledger))
}

pub(super) fn write_classes(
    tables: &Tables,
    items: &mut Items<'_>,
    options: &WriteOptions,
    sink: &mut dyn Sink,
    ledger: &mut Ledger,
) -> Result<(), FormatError> {
    write(Shape::Classes, tables, items, (options, sink, ledger))
}

fn write(
    shape: Shape,
    tables: &Tables,
    items: &mut Items<'_>,
    (options, sink, ledger): (&WriteOptions, &mut dyn Sink, &mut Ledger),
) -> Result<(), FormatError> {
    drop_entity_details(ledger, tables, NO_PLACE);
    write_by_coder(items, (options, sink, ledger), &mut Writer { shape, tables, options })
}

struct Writer<'w> {
    shape: Shape,
    tables: &'w Tables,
    options: &'w WriteOptions,
}

impl WriteDocument for Writer<'_> {
    /// They are there to be labelled.
    fn takes_blank(&self) -> bool {
        true
    }

    fn count(&mut self, item: &Item, ledger: &mut Ledger) {
        match self.shape {
            Shape::Spans => count_losses_of_spans(item, ledger),
            Shape::Relations => count_losses(item, ledger),
            Shape::Classes => count_losses_of_classes(item, ledger),
        }
    }

    fn write(&mut self, page: &mut Vec<u8>, item: &Item, sheet: Option<&Sheet>, ledger: &mut Ledger) -> Result<(), FormatError> {
        let mut record = fields(item);
        match self.shape {
            Shape::Spans | Shape::Relations => add_marks(&mut record, self, item, sheet, ledger)?,
            Shape::Classes => add_classes(&mut record, self.tables, item, sheet, ledger),
        }
        if let Some(note) = sheet.map(|sheet| sheet.info.note.as_str()).filter(|note| !note.is_empty()) {
            // So many comments as an import has made one note of.
            let lines: Vec<&str> = if note.split('\n').any(str::is_empty) { vec![note] } else { note.split('\n').collect() };
            record.insert("Comments".to_owned(), json!(lines));
            ledger.keep("notes on documents", 1);
        }
        let aside = sheet.map(|sheet| leftovers(sheet, FORMAT.name)).filter(|aside| !aside.is_empty());
        record.extend(aside.map(|aside| (KEPT_ASIDE.to_owned(), aside.into())));
        let written = write_in_ascii(page, &record).map(|()| page.push(b'\n'));
        written.map_err(|cause| FormatError::writing(&self.options.file_name, cause))
    }
}

const LOST: [Aspect; 8] = [
    Aspect::Regions,
    Aspect::Corrections,
    Aspect::Status,
    Aspect::SetAside,
    Aspect::Occurrences,
    Aspect::SpanAttributes,
    Aspect::SpanNotes,
    Aspect::EntityLinks,
];

fn count_losses(item: &Item, ledger: &mut Ledger) {
    count_common_losses(item, ledger);
    drop_aspects(ledger, item, &[Aspect::DocumentAttributes, Aspect::RelationAttributes, Aspect::RelationNotes], NO_PLACE);
    drop_claim_details(item, ledger, NO_PLACE);
}

fn count_losses_of_spans(item: &Item, ledger: &mut Ledger) {
    count_losses(item, ledger);
    drop_aspects(ledger, item, &[Aspect::Relations], "the form for spans has no relations; another form of this format has");
    drop_aspects(ledger, item, &[Aspect::Fillers], "the form for spans has no roles; another form of this format has");
}

/// Other members of a record are written back, and annotations that had no place.
fn count_common_losses(item: &Item, ledger: &mut Ledger) {
    drop_aspects(ledger, item, &LOST, NO_PLACE);
    drop_foreign_residue(ledger, item, FORMAT.name);
}

fn count_losses_of_classes(item: &Item, ledger: &mut Ledger) {
    count_common_losses(item, ledger);
    drop_aspects(ledger, item, &[Aspect::Relations, Aspect::Claims, Aspect::Fillers, Aspect::RelationAttributes, Aspect::RelationNotes], NO_PLACE);
    for span in item.sheets.values().flat_map(|sheet| sheet.spans.values()) {
        ledger.drop("spans", "the form for classes has none", format!("{}: {} “{}”", item.id, span.label, item.text.quote(&span.ranges)));
    }
}

/// The text, the document's fields, and what an earlier import from doccano had beside them.
fn fields(item: &Item) -> Map<String, Value> {
    let mut record = Map::new();
    record.insert("text".to_owned(), item.text.as_str().into());
    record.extend(document_fields(item).map(|(name, value)| (name.to_owned(), value.into())));
    let rest = item.document.residue.get(FORMAT.name).and_then(|json| serde_json::from_str::<Map<String, Value>>(json).ok());
    for (name, value) in rest.into_iter().flatten().filter(|(name, _)| !TAKEN.contains(&name.as_str())) {
        record.entry(name).or_insert(value);
    }
    record
}

fn add_marks(
    record: &mut Map<String, Value>,
    Writer { shape, tables, options }: &Writer<'_>,
    item: &Item,
    sheet: Option<&Sheet>,
    ledger: &mut Ledger,
) -> Result<(), FormatError> {
    let places = Places::new(&item.id, &item.text, options.unit);
    let marks = sheet.map_or(Ok(Vec::new()), |sheet| flat_marks(item, sheet, &places, ledger))?;
    let name = |mark: &Mark<'_>| label_name(&tables.schema, mark.label).to_owned();
    if *shape == Shape::Spans {
        let rows = marks.iter().map(|mark| json!([mark.place.start, mark.place.end, name(mark)]));
        record.insert("label".to_owned(), rows.collect());
        return Ok(());
    }
    let entity = |(number, mark): (usize, &Mark<'_>)| json!({"id": number, "start_offset": mark.place.start, "end_offset": mark.place.end, "label": name(mark)});
    record.insert("entities".to_owned(), marks.iter().enumerate().map(entity).collect());
    let numbers: BTreeMap<MarkId, usize> = marks.iter().enumerate().map(|(number, mark)| (mark.id, number)).collect();
    record.insert("relations".to_owned(), sheet.map(|sheet| relations(item, sheet, &numbers, ledger)).unwrap_or_default().into());
    Ok(())
}

/// Relations, and roles as relations from the claim to what fills it.
fn relations(item: &Item, sheet: &Sheet, numbers: &BTreeMap<MarkId, usize>, ledger: &mut Ledger) -> Vec<Value> {
    let mut rows: Vec<(usize, usize, &str)> = Vec::new();
    let number = |mark: Option<MarkId>| mark.and_then(|mark| numbers.get(&mark).copied());
    for (id, relation) in &sheet.relations {
        match (number(relation.from.mark()), number(relation.to.mark())) {
            (Some(from), Some(to)) => {
                ledger.keep("relations", 1);
                rows.push((from, to, relation.label.as_str()));
            }
            _ => {
                let example = format!("{}: {} {id}", item.id, relation.label);
                ledger.drop("relations", "one end is an entity, a relation or something without a place", example);
            }
        }
    }
    for (id, claim) in &sheet.claims {
        for (role, filler) in claim.roles.iter().flat_map(|(role, fillers)| fillers.iter().map(move |filler| (role, filler))) {
            match (number(Some(MarkId::Claim(*id))), number(mark_of(filler))) {
                (Some(from), Some(to)) => {
                    ledger.change("fillers of roles", "they become relations from the claim", format!("{}: {role}", item.id));
                    rows.push((from, to, role.as_str()));
                }
                _ => {
                    let example = format!("{}: {role} = {filler:?}", item.id);
                    ledger.drop("fillers of roles", "the claim or what fills it has no place in the text", example);
                }
            }
        }
    }
    let row = |(number, (from, to, kind)): (usize, &(usize, usize, &str))| json!({"id": number, "from_id": from, "to_id": to, "type": kind});
    rows.iter().enumerate().map(row).collect()
}

/// Choices of the document as `attribute=choice`.
fn add_classes(record: &mut Map<String, Value>, tables: &Tables, item: &Item, sheet: Option<&Sheet>, ledger: &mut Ledger) {
    let mut classes: Vec<String> = Vec::new();
    for (key, value) in sheet.iter().flat_map(|sheet| &sheet.info.attributes) {
        let named = |choice: &str| if key.as_str() == super::CLASSES { choice.to_owned() } else { format!("{key}={choice}") };
        match value {
            AttributeValue::Choice(choice) => classes.push(named(choice_name(tables, key, choice))),
            AttributeValue::Choices(choices) => classes.extend(choices.iter().map(|choice| named(choice_name(tables, key, choice)))),
            AttributeValue::Bool(_) => classes.push(named(&value.to_string())),
            _ => {
                ledger.drop("attributes of documents", "classes are choices", format!("{}: {key} = {value}", item.id));
                continue;
            }
        }
        ledger.keep("attributes of documents", 1);
    }
    record.insert("label".to_owned(), classes.into());
}

/// The name under which a choice is found again.
fn choice_name<'n>(tables: &'n Tables, key: &AttributeKey, choice: &'n ChoiceKey) -> &'n str {
    let known = tables.attribute(key).and_then(|def| def.choices.iter().find(|known| known.key == *choice));
    known.map_or(choice.as_str(), |known| written_name(choice.as_str(), &known.name))
}
