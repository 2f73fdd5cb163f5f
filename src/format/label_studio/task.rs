//! One task with its annotations and predictions: a document with a sheet for each.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde_json::value::RawValue;
use serde_json::{Map, Value, json};

use super::config::attribute_name;
use super::controls::{On, name_of};
use super::names::Names;
use super::row::Row;
use super::{CLAIMS, CODER, ENTITY, ENTITY_NAME, FORMAT, JSON_RULES, LABELS, NORMALIZED, NOTE, RULES};
use crate::format::counting::{Counting, View, seen_text};
use crate::format::json_members::Members;
use crate::format::json_records::{elements, is_empty, text_or_number, tree, value};
use crate::format::record::{Place, Record, to_item};
use crate::format::sheet_builder::{Origin, SheetBuilder, short};
use crate::format::vocabulary::{OWN_BASE, Vocabulary};
use crate::format::{Columns, Item, ReadOptions, Receiver, Tables};
use crate::model::{AttributeValue, CoderKey, DocumentId, EntityId, Node, Severity, Sheet, Status};
use crate::text::decode::Decoding;
use crate::text::offsets::OffsetUnit;

/// So many annotations of one task are read; nobody asks more coders.
const MAX_SHEETS: usize = 1000;
/// The member of what is kept aside that holds the names of the project.
pub(super) const NAMES: &str = "names";
/// Lists of annotations of a task, the old name too.
const ANNOTATIONS: [&str; 3] = ["annotations", "completions", "predictions"];

/// What all tasks of a file are read with.
pub(super) struct Reading<'r, 'k> {
    pub(super) decoding: &'r Decoding,
    pub(super) counting: Option<Counting>,
    pub(super) columns: &'r Columns,
    /// Coders by annotator.
    pub(super) coders: &'r BTreeMap<String, CoderKey>,
    /// Ids of documents that were given.
    pub(super) seen: &'r mut BTreeSet<DocumentId>,
    /// Coders who have a sheet.
    pub(super) met: &'r mut BTreeSet<CoderKey>,
    pub(super) vocabulary: &'r mut Vocabulary<'k>,
    pub(super) options: &'r mut ReadOptions,
    pub(super) known: &'r Tables,
}

/// Each annotation or prediction of a task with the rows of its result.
pub(super) fn results<'j>(task: &Members<'j>) -> Vec<(Members<'j>, Vec<&'j RawValue>)> {
    let lists = ANNOTATIONS.iter().filter_map(|name| task.get(name).and_then(elements));
    let annotation = |json: &'j RawValue| {
        let mut annotation = Members::of(json.get())?;
        let rows = annotation.remove("result").and_then(elements).unwrap_or_default();
        Some((annotation, rows))
    };
    lists.flatten().filter_map(annotation).collect()
}

/// Who made it: the coder of an export of ours, a person's address or number, or a model.
pub(super) fn annotator_of(annotation: &Members<'_>) -> Option<String> {
    let text = |json: &RawValue| text_or_number(json).filter(|text| !text.is_empty());
    let named = |name: &str| annotation.get(name).and_then(text);
    let person = || {
        let person = Members::of(annotation.get("completed_by")?.get())?;
        ["email", "username", "id"].iter().find_map(|name| person.get(name).and_then(text))
    };
    named(CODER).or_else(|| named("completed_by")).or_else(person).or_else(|| named("model_version"))
}

impl Reading<'_, '_> {
    /// Reads a task.
    pub(super) fn task(&mut self, from: Origin<'_>, to: &mut dyn Receiver) {
        let say = |to: &mut dyn Receiver, rule, why: &str| {
            to.finding(from.finding(Severity::Error, rule, format!("{why}. The task was left out")));
        };
        let Some(mut task) = Members::of(from.raw) else {
            return say(to, JSON_RULES.bad_record, "this task is no object with names such as {\"data\": {\"text\": \"…\"}}");
        };
        let Some(mut data) = task.remove("data").and_then(|data| Members::of(data.get())) else {
            return say(to, JSON_RULES.no_text, "this task has no data with a text");
        };
        let id = data.get("id").and_then(value::<DocumentId>).filter(|id| !self.seen.contains(id));
        if id.is_some() {
            data.remove("id");
            // The task's number is one of an export of ours, or of an import of that.
            task.remove("id");
        }
        let record = tree(&data).ok_or_else(|| "it has far too many values for an article".to_owned());
        let record = record.and_then(|data| Record::from_object(data, self.decoding, self.columns));
        let mut record = match record {
            Ok(record) => record,
            Err(why) => return say(to, JSON_RULES.no_text, &why),
        };
        let annotations = results(&task);
        task.retain(|name, json| !ANNOTATIONS.contains(&name) && !is_empty(json));
        if let Some(rest) = tree(&task).filter(|rest| !rest.is_empty()) {
            record.rest.entry("task").or_insert(Value::Object(rest));
        }
        let place = Place::of_line(from.file, from.line.unwrap_or_default());
        let mut item = to_item(record, FORMAT.name, place, self.options, to);
        if let Some(id) = id {
            item.id = id;
        }
        self.seen.insert(item.id.clone());
        let mut times = BTreeMap::new();
        for annotation in annotations {
            self.annotation(from, (&mut item, &mut times), annotation, to);
        }
        to.item(item);
    }

    fn annotation(
        &mut self,
        from: Origin<'_>,
        (item, times): (&mut Item, &mut BTreeMap<CoderKey, usize>),
        (annotation, rows): (Members<'_>, Vec<&RawValue>),
        to: &mut dyn Receiver,
    ) {
        if item.sheets.len() >= MAX_SHEETS {
            let message = format!("the task has more than {MAX_SHEETS} annotations; this one was left out");
            return to.finding(from.finding(Severity::Error, RULES.too_many, message));
        }
        let coder = annotator_of(&annotation).and_then(|name| self.coders.get(&name).cloned()).unwrap_or_else(|| self.options.coder.clone());
        let coder = free_coder(item, &coder, times);
        let mut sheet = self.sheet(from, item, (&rows, annotation.contains(CODER)), to);
        let is_cancelled = annotation.get("was_cancelled").is_some_and(|json| json.get() == "true");
        if is_cancelled {
            sheet.info.status = Status::Doubtful;
        }
        keep_rest(&mut sheet, annotation);
        if !sheet.is_blank() {
            self.met.insert(coder.clone());
            item.sheets.insert(coder, Arc::new(sheet));
        }
    }

    fn sheet(&mut self, from: Origin<'_>, item: &Item, (rows, is_ours): (&[&RawValue], bool), to: &mut dyn Receiver) -> Sheet {
        let counting = self.counting.unwrap_or(Counting::plain(OffsetUnit::CodePoints));
        let (seen, shifts) = seen_text(&item.text, counting);
        let view = View::new(&seen, shifts, counting);
        let out = SheetBuilder::new(&RULES, (&item.id, &item.text), self.vocabulary, &mut self.options.ids, to);
        let mut filling = Filling { out, view, text: item.text.as_str(), known: self.known, is_ours, names: Names::default() };
        let rows: Vec<(Origin<'_>, Option<Row<'_>>)> = rows.iter().map(|json| (Origin { raw: json.get(), ..from }, Row::of(json))).collect();
        for (from, row) in &rows {
            match row {
                None => filling.out.lose(*from, "label-studio-bad-result", "this is no object"),
                Some(row) if row.is_region() => filling.region(*from, row),
                Some(_) => {}
            }
        }
        let others = || rows.iter().filter_map(|(from, row)| Some((*from, row.as_ref().filter(|row| !row.is_region())?)));
        others().filter(|(_, row)| row.kind != "relation").for_each(|(from, row)| filling.detail(from, row));
        others().filter(|(_, row)| row.kind == "relation").for_each(|(from, row)| filling.relation(from, row));
        if !filling.names.is_empty() {
            filling.out.keep_aside(&json!({ NAMES: filling.names }).to_string());
        }
        filling.out.finish()
    }
}

/// Somebody who has annotated a task again gets a name with a number.
fn free_coder(item: &Item, coder: &CoderKey, times: &mut BTreeMap<CoderKey, usize>) -> CoderKey {
    let count = times.entry(coder.clone()).or_default();
    loop {
        *count += 1;
        let name = if *count == 1 { coder.clone() } else { CoderKey::from_name(&format!("{coder}-{count}")) };
        // A long name is cut, number and all.
        if !item.sheets.contains_key(&name) || *count > MAX_SHEETS {
            return name;
        }
    }
}

/// When, how long and so on: goes back into an annotation with an export.
fn keep_rest(sheet: &mut Sheet, mut annotation: Members<'_>) {
    annotation.remove(CODER);
    annotation.retain(|_, json| !is_empty(json) && json.get() != "false");
    let is_ours = annotation.is_empty();
    if let Some(rest) = tree(&annotation).filter(|_| !is_ours) {
        let residue = sheet.info.residue.entry(FORMAT.name.to_owned()).or_default();
        if !residue.is_empty() {
            residue.push('\n');
        }
        residue.push_str(&json!({ "annotation": Value::Object(rest) }).to_string());
    }
}

/// A sheet while rows are added.
struct Filling<'f, 'l, 'k> {
    out: SheetBuilder<'f, 'l, 'k>,
    view: View<'f>,
    text: &'f str,
    known: &'f Tables,
    /// An export of ours has written the annotation.
    is_ours: bool,
    names: Names,
}

impl Filling<'_, '_, '_> {
    /// Each label of a region is a mark; what else is said of the region is said of the first.
    fn region(&mut self, from: Origin<'_>, row: &Row<'_>) {
        let labels = row.names();
        let Some(range) = row.range().filter(|_| !labels.is_empty()) else {
            return self.out.lose(from, "label-studio-bad-result", "this region has no labels, or no start and end");
        };
        if !self.out.admit(from, row.id.clone().map(Into::into), labels.len()) {
            return;
        }
        let surface = row.surface(self.text);
        let Some(ranges) = self.out.place(from, &self.view, &[range], surface.as_deref()) else { return };
        let is_named = !self.is_ours || ![LABELS, CLAIMS].contains(&row.control.as_str());
        let mut first = None;
        for (index, label) in labels.iter().enumerate() {
            let node = self.out.add_mark(from, label, ranges.clone());
            if let Some(mark) = node.mark().filter(|_| is_named) {
                self.names.add_region(mark, row.id.as_deref().filter(|_| index == 0), first, (&row.control, &row.text_tag));
            }
            first = first.or(node.mark());
            if index == 0 {
                row.id.iter().for_each(|id| self.out.set_node(id.clone(), node));
                self.beside(from, node, row);
            }
        }
    }

    /// Meta data and the rest of a region.
    fn beside(&mut self, from: Origin<'_>, node: Node, row: &Row<'_>) {
        let (mut meta, mut rest) = (row.meta.clone(), row.rest.clone());
        for line in meta.remove("text").and_then(|json| value::<Vec<String>>(json).or_else(|| Some(vec![value(json)?]))).into_iter().flatten() {
            self.out.add_note(node, &line);
        }
        // A claim means no entity; then it stays with the rest.
        if let Node::Span(span) = node {
            let entity = meta.remove(ENTITY).and_then(value::<EntityId>);
            let name = meta.remove(ENTITY_NAME).and_then(value::<String>).unwrap_or_default();
            if let Some(entity) = entity {
                self.out.refer(from, span, (OWN_BASE, &entity.to_string(), &name));
            }
        }
        let rest_of_meta = tree(&meta).filter(|meta| !meta.is_empty());
        rest.remove("meta");
        let mut rest: Map<String, Value> = tree(&rest).unwrap_or_default();
        rest.extend(rest_of_meta.map(|meta| ("meta".to_owned(), Value::Object(meta))));
        if !rest.is_empty() {
            self.out.set_residue(node, Value::Object(rest).to_string());
        }
    }

    /// Something said of a region, where it names one, or of the document.
    fn detail(&mut self, from: Origin<'_>, row: &Row<'_>) {
        let Some(said) = row.said() else {
            return self.out.lose(from, "label-studio-kind", format!("results of the type {} have no place", short(&row.kind)));
        };
        if !self.out.admit(from, None, 1) {
            return;
        }
        let name = attribute_name(&row.control);
        let node = row.id.as_deref().and_then(|id| self.out.node(id));
        match (node, name) {
            (Some(Node::Claim(claim)), NORMALIZED) => {
                if let Some(claim) = self.out.sheet.claims.get_mut(&claim) {
                    claim.normalized = said;
                }
            }
            (Some(node), NOTE | NORMALIZED) => self.out.add_note(node, &said),
            (Some(node), name) => {
                if self.name_control(On::Region, from, row, &said) {
                    self.out.set_attribute(from, node, name, &said);
                }
            }
            (None, _) if row.range().is_some() => self.out.lose(from, RULES.missing_target, "there is no region with a label for this"),
            (None, NOTE) => self.out.add_document_note(&said),
            (None, name) => {
                if self.name_control(On::Document, from, row, &said) {
                    self.out.set_document_attribute(from, name, &said);
                }
            }
        }
    }

    /// Remembers a control that is not called as ours would be. False where two entries of its taxonomy have one name; then it is kept aside.
    fn name_control(&mut self, on: On, from: Origin<'_>, row: &Row<'_>, said: &str) -> bool {
        let name = attribute_name(&row.control);
        let Some((key, _)) = self.out.vocabulary.attribute(name, said).ok().filter(|_| name == row.control) else { return true };
        for path in if row.kind == "taxonomy" { row.paths() } else { Vec::new() } {
            let choice = path.last().and_then(|entry| self.out.vocabulary.attribute(name, entry).ok());
            let Some((_, AttributeValue::Choices(choices))) = choice else { continue };
            if !choices.iter().all(|choice| self.names.add_path(&row.control, choice.as_str(), &path)) {
                self.out.lose(from, "label-studio-taxonomy", format!("two entries of the taxonomy {} have one name", short(&row.control)));
                return false;
            }
        }
        self.names.add_control(name_of(on, &key), &row.control, &row.kind, &row.text_tag);
        true
    }

    /// A role of the codebook fills that of the claim it comes from.
    fn relation(&mut self, from: Origin<'_>, row: &Row<'_>) {
        let Some((source, target)) = &row.ends else {
            return self.out.lose(from, "label-studio-bad-result", "this relation has not from_id and to_id");
        };
        let (source, target) = if row.direction == "left" { (target, source) } else { (source, target) };
        if row.direction == "bi" {
            let message = "this relation goes both ways; it was read from the first to the second";
            self.out.finding(from, Severity::Note, "label-studio-both-ways", message);
        }
        let unnamed = ["relation".to_owned()];
        let kinds = if row.labels.is_empty() { unnamed.as_slice() } else { &row.labels };
        for kind in kinds {
            if !self.out.admit(from, None, 1) {
                return;
            }
            let schema = &self.known.schema;
            let is_role = schema.roles.keys().any(|key| key.as_str() == kind) && !schema.relation_types.keys().any(|key| key.as_str() == kind);
            match self.out.node(source) {
                Some(Node::Claim(claim)) if is_role => self.out.fill_role(from, claim, kind, target),
                _ => {
                    let relation = self.out.relate(from, kind, [source, target]);
                    if let Some(relation) = relation.filter(|_| row.direction == "bi") {
                        self.out.set_residue(relation, json!({ "direction": "bi" }).to_string());
                    }
                }
            }
        }
    }
}
