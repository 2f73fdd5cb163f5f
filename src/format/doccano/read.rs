//! Reading all shapes. Every record is read twice: first to find out what its offsets count, then document by document.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde::Deserialize;
use serde_json::value::RawValue;

use super::{CLASSES, FORMAT, JSON_RULES, RULES};
use crate::format::allowance::Allowance;
use crate::format::counting::{Counted, Counting, Tally, View, seen_text};
use crate::format::json_members::Members;
use crate::format::json_records::{KEPT_ASIDE, Records, elements, is_empty, text_or_number, tree, value};
use crate::format::record::{Place, Record, to_item};
use crate::format::sheet_builder::{Origin, SheetBuilder, short};
use crate::format::vocabulary::{Declared, ExportedNames, Survey, Vocabulary};
use crate::format::{Field, FormatError, ReadOptions, Receiver, Source, Tables};
use crate::model::{AttributeKind, DocumentId, Node, Severity, Sheet};
use crate::text::Text;
use crate::text::decode::Decoding;
use crate::text::offsets::OffsetUnit;

/// Names of lists of annotations, and of classes.
const LISTS: [&str; 4] = ["label", "labels", "entities", "cats"];

/// Reads every file of the source.
pub(super) fn read(source: &dyn Source, options: &mut ReadOptions, to: &mut dyn Receiver) -> Result<(), FormatError> {
    let names = source.names();
    let known = options.known.clone();
    let mut survey = Survey::default();
    let mut all = Vec::new();
    for name in &names {
        let Some(records) = Records::open(source, name, &JSON_RULES, options, to)? else { continue };
        let counting = look_through(name, &records, options, &mut survey, to)?;
        all.push((name, records, counting));
    }
    let mut vocabulary = Vocabulary::new(&known, Declared::default(), ExportedNames::default(), survey);
    let mut seen = BTreeSet::new();
    for (name, records, counting) in all {
        let mut allowance = Allowance::new(records.len);
        records.each(|from| {
            if allowance.take(name, to) {
                let decoding = &records.decoding;
                let mut reading = Reading { decoding, counting, options, vocabulary: &mut vocabulary, seen: &mut seen, known: &known };
                reading.document(from, to);
            }
            options.step()
        })?;
    }
    vocabulary.hand_over([&options.coder], to);
    Ok(())
}

/// What the offsets of a file count; classes are noted on the way.
fn look_through(
    name: &str,
    records: &Records<'_>,
    options: &ReadOptions,
    survey: &mut Survey,
    to: &mut dyn Receiver,
) -> Result<Counting, FormatError> {
    let mut tally = Tally::new(OffsetUnit::Utf16, options.unit);
    records.each(|from| {
        if options.cancel.is_cancelled() {
            return Err(FormatError::Cancelled);
        }
        let Some(members) = Members::of(from.raw) else { return Ok(()) };
        let mut ranges = Vec::new();
        for list in LISTS.iter().filter_map(|list| members.get(list)) {
            for element in elements(list).unwrap_or_default() {
                match Annotation::of(element) {
                    Some(Annotation::Span { start, end, .. }) => ranges.push([(start, end)]),
                    Some(Annotation::Class(class)) => survey.value_of_kind(CLASSES, &class, AttributeKind::Choices),
                    None => {}
                }
            }
        }
        if let Some(text) = text_of(&members, options).filter(|_| !ranges.is_empty()) {
            let spans: Vec<Counted<'_>> = ranges.iter().map(|ranges| Counted { ranges, surface: None }).collect();
            tally.add(&Text::new(text), &spans);
        }
        Ok(())
    })?;
    let choice = tally.choose();
    choice.tell("doccano-offsets", name, to);
    Ok(choice.counting)
}

fn text_of(members: &Members<'_>, options: &ReadOptions) -> Option<String> {
    let names: Vec<String> = members.names().map(str::to_owned).collect();
    let fields = options.columns.find(&names).ok()?;
    value(members.get(names.get(*fields.get(&Field::Text)?)?)?)
}

/// One member of a list of annotations.
enum Annotation {
    Span { id: Option<String>, start: usize, end: usize, label: String },
    Class(String),
}

#[derive(Deserialize)]
struct Entity<'e> {
    #[serde(borrow)]
    id: Option<&'e RawValue>,
    start_offset: usize,
    end_offset: usize,
    label: String,
}

#[derive(Deserialize)]
struct RelationRow<'r> {
    #[serde(borrow)]
    from_id: &'r RawValue,
    #[serde(borrow)]
    to_id: &'r RawValue,
    #[serde(rename = "type")]
    kind: String,
}

impl Annotation {
    fn of(json: &RawValue) -> Option<Self> {
        match json.get().as_bytes().first()? {
            b'[' => {
                let (start, end, label) = value(json)?;
                Some(Self::Span { id: None, start, end, label })
            }
            b'{' => {
                let entity: Entity<'_> = serde_json::from_str(json.get()).ok()?;
                let id = entity.id.and_then(text_or_number);
                Some(Self::Span { id, start: entity.start_offset, end: entity.end_offset, label: entity.label })
            }
            _ => value(json).map(Self::Class),
        }
    }
}

/// One file while its documents are read.
struct Reading<'r, 'k> {
    decoding: &'r Decoding,
    counting: Counting,
    options: &'r mut ReadOptions,
    vocabulary: &'r mut Vocabulary<'k>,
    /// Ids of documents that were given.
    seen: &'r mut BTreeSet<DocumentId>,
    known: &'r Tables,
}

impl Reading<'_, '_> {
    fn document(&mut self, from: Origin<'_>, to: &mut dyn Receiver) {
        let Some(mut members) = Members::of(from.raw) else {
            let message = "this record is no object with names such as {\"text\": \"…\"}. It was left out";
            return to.finding(from.finding(Severity::Error, JSON_RULES.bad_record, message));
        };
        let lists: Vec<&RawValue> = LISTS.iter().filter_map(|name| take_list(&mut members, name)).collect();
        let relations = take_list(&mut members, "relations");
        let comments = take_list(&mut members, "Comments").or_else(|| take_list(&mut members, "comments"));
        let aside = take_list(&mut members, KEPT_ASIDE);
        let id = members.get("id").and_then(value::<DocumentId>).filter(|id| !self.seen.contains(id));
        if id.is_some() {
            members.remove("id");
        }
        let record = tree(&members).ok_or_else(|| "it has far too many values for an article".to_owned());
        let record = record.and_then(|object| Record::from_object(object, self.decoding, &self.options.columns));
        let record = match record {
            Ok(record) => record,
            Err(why) => return to.finding(from.finding(Severity::Error, JSON_RULES.no_text, format!("{why}. The record was left out"))),
        };
        let place = Place::of_line(from.file, from.line.unwrap_or_default());
        let mut item = to_item(record, FORMAT.name, place, self.options, to);
        if let Some(id) = id {
            item.id = id;
        }
        self.seen.insert(item.id.clone());
        let sheet = self.sheet(from, (&item.id, &item.text), (&lists, relations, comments, aside), to);
        if !sheet.is_blank() {
            item.sheets.insert(self.options.coder.clone(), Arc::new(sheet));
        }
        to.item(item);
    }

    fn sheet<'j>(
        &mut self,
        from: Origin<'j>,
        (id, text): (&DocumentId, &Text),
        (lists, relations, comments, aside): (&[&'j RawValue], Option<&'j RawValue>, Option<&'j RawValue>, Option<&'j RawValue>),
        to: &mut dyn Receiver,
    ) -> Sheet {
        let (seen, shifts) = seen_text(text, self.counting);
        let view = View::new(&seen, shifts, self.counting);
        let mut out = SheetBuilder::new(&RULES, (id, text), self.vocabulary, &mut self.options.ids, to);
        let mut classes = Vec::new();
        for element in lists.iter().flat_map(|list| elements(list).unwrap_or_default()) {
            let from = Origin { raw: element.get(), ..from };
            match Annotation::of(element) {
                Some(Annotation::Span { id, start, end, label }) => {
                    if !out.admit(from, id.clone().map(Into::into), 1) {
                        continue;
                    }
                    let Some(ranges) = out.place(from, &view, &[(start, end)], None) else { continue };
                    let node = out.add_mark(from, &label, ranges);
                    id.into_iter().for_each(|id| out.set_node(id, node));
                }
                Some(Annotation::Class(class)) => classes.push(class),
                None => out.lose(from, "doccano-bad-annotation", "this is neither [start, end, \"label\"] nor an entity nor a class"),
            }
        }
        add_classes(&mut out, from, &classes, self.known);
        for element in relations.and_then(elements).unwrap_or_default() {
            add_relation(&mut out, Origin { raw: element.get(), ..from }, element, self.known);
        }
        for comment in comments.and_then(elements).unwrap_or_default() {
            match value::<String>(comment) {
                Some(comment) => out.add_document_note(&comment),
                None => out.lose(Origin { raw: comment.get(), ..from }, "doccano-bad-annotation", "this comment is no text"),
            }
        }
        aside.and_then(elements).unwrap_or_default().into_iter().for_each(|json| out.keep_aside(json.get()));
        out.finish()
    }
}

/// A member that is a list, taken out; an empty one is nothing.
fn take_list<'j>(members: &mut Members<'j>, name: &str) -> Option<&'j RawValue> {
    let is_list = members.get(name).is_some_and(|json| json.get().starts_with('[') || is_empty(json));
    if is_list { members.remove(name).filter(|json| !is_empty(json)) } else { None }
}

/// `attribute=choice` where the codebook has the attribute, and all others together as choices of one.
fn add_classes(out: &mut SheetBuilder<'_, '_, '_>, from: Origin<'_>, classes: &[String], known: &Tables) {
    let mut of_attributes: Vec<(&str, Vec<&str>)> = Vec::new();
    for class in classes {
        let named = class.split_once('=').filter(|(name, _)| known.schema.attributes.keys().any(|key| key.as_str() == *name));
        let (name, choice) = named.unwrap_or((CLASSES, class));
        match of_attributes.iter_mut().find(|(known, _)| *known == name) {
            Some((_, choices)) => choices.push(choice),
            None => of_attributes.push((name, vec![choice])),
        }
    }
    for (name, choices) in of_attributes {
        let raw = serde_json::json!(choices).to_string();
        out.set_document_attribute(Origin { raw: &raw, ..from }, name, &choices.join("|"));
    }
}

/// A role of the codebook fills that of the claim it comes from.
fn add_relation(out: &mut SheetBuilder<'_, '_, '_>, from: Origin<'_>, json: &RawValue, known: &Tables) {
    let row = serde_json::from_str::<RelationRow<'_>>(json.get()).ok();
    let row = row.and_then(|row| Some((text_or_number(row.from_id)?, text_or_number(row.to_id)?, row.kind)));
    let Some((source, target, kind)) = row else {
        return out.lose(from, "doccano-bad-annotation", "this relation has not from_id, to_id and type");
    };
    if !out.admit(from, None, 1) {
        return;
    }
    let is_role = known.schema.roles.keys().any(|key| key.as_str() == kind) && !known.schema.relation_types.keys().any(|key| key.as_str() == kind);
    match out.node(&source) {
        Some(Node::Claim(claim)) if is_role => out.fill_role(from, claim, &kind, &target),
        None => out.lose(from, RULES.missing_target, format!("there is no {}", short(&source))),
        Some(_) => drop(out.relate(from, &kind, [&source, &target])),
    }
}
