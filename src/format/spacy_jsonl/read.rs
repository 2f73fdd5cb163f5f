//! Looks through all records for annotators, attributes and offsets, then reads record by record.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde_json::value::RawValue;
use serde_json::{Value, json};

use super::record::{End, SpanRow, annotator_of, members_of, relation, said, spans_of};
use super::{ACCEPT, FORMAT, JSON_RULES, RULES, tokens};
use crate::format::allowance::Allowance;
use crate::format::counting::{Counted, Counting, Tally, View, seen_text};
use crate::format::in_order::InOrder;
use crate::format::json_members::Members;
use crate::format::json_records::{KEPT_ASIDE, Records, elements, text_or_number, tree, value};
use crate::format::record::{Place, Record, to_item};
use crate::format::sheet_builder::{Origin, SheetBuilder};
use crate::format::vocabulary::{Declared, ExportedNames, Survey, Vocabulary};
use crate::format::{FormatError, Item, ReadOptions, Receiver, Source, Tables};
use crate::model::{AttributeKind, CoderKey, DocumentId, Node, Severity, Sheet, Status};
use crate::text::Text;
use crate::text::decode::Decoding;
use crate::text::offsets::OffsetUnit;

/// Members that are read here; the others are fields of the document or residue.
const OURS: [&str; 12] =
    ["spans", "entities", "relations", "tokens", "label", "accept", "answer", "_view_id", "_annotator_id", "_session_id", tokens::MAKER, KEPT_ASIDE];

/// Reads every file of the source.
pub(super) fn read(source: &dyn Source, options: &mut ReadOptions, to: &mut dyn Receiver) -> Result<(), FormatError> {
    let names = source.names();
    let mut surveyed = Surveyed::default();
    let mut all = Vec::new();
    for name in &names {
        let Some(records) = Records::open(source, name, &JSON_RULES, options, to)? else { continue };
        let looked = surveyed.look_through(name, &records, options, to)?;
        all.push((name, records, looked));
    }
    let known = options.known.clone();
    let coders = surveyed.coders(&options.coder);
    let mut vocabulary = Vocabulary::new(&known, Declared::default(), ExportedNames::default(), surveyed.names);
    let (mut seen, mut met) = (BTreeSet::new(), BTreeSet::new());
    for (name, records, (counting, mut documents)) in all {
        let mut allowance = Allowance::new(records.len);
        let mut hand_over = |item: Item, to: &mut dyn Receiver| {
            met.extend(item.sheets.keys().cloned());
            to.item(item);
        };
        records.each(|from| {
            if allowance.take(name, to) {
                let (coders, vocabulary, seen) = (&coders, &mut vocabulary, &mut seen);
                let mut reading = Reading { decoding: &records.decoding, counting, coders, seen, vocabulary, options, known: &known };
                reading.add(&mut documents, from, to);
            }
            std::iter::from_fn(|| documents.next_complete()).for_each(|item| hand_over(item, to));
            options.step()
        })?;
        documents.into_rest().for_each(|item| hand_over(item, to));
    }
    vocabulary.hand_over(&met, to);
    Ok(())
}

/// What all records together say.
#[derive(Default)]
struct Surveyed {
    names: Survey,
    annotators: BTreeSet<String>,
}

impl Surveyed {
    fn look_through(
        &mut self,
        name: &str,
        records: &Records<'_>,
        options: &ReadOptions,
        to: &mut dyn Receiver,
    ) -> Result<(Counting, Documents), FormatError> {
        let mut documents = Documents::default();
        let mut tally = Tally::new(OffsetUnit::CodePoints, options.unit);
        records.each(|from| {
            if options.cancel.is_cancelled() {
                return Err(FormatError::Cancelled);
            }
            if let Some(record) = members_of(from.raw) {
                self.record(&record, &mut tally, &mut documents);
            }
            Ok(())
        })?;
        let choice = tally.choose();
        choice.tell("spacy-jsonl-offsets", name, to);
        Ok((choice.counting, documents))
    }

    fn record(&mut self, record: &Members<'_>, tally: &mut Tally, documents: &mut Documents) {
        self.annotators.extend(annotator_of(record));
        if let Some(label) = record.get("label").and_then(value::<String>) {
            self.names.value_of_kind(&label, "", AttributeKind::YesNo);
        }
        for option in record.get("accept").and_then(elements).unwrap_or_default() {
            text_or_number(option).iter().for_each(|option| self.names.value_of_kind(ACCEPT, option, AttributeKind::Choices));
        }
        let spans: Vec<SpanRow<'_>> = spans_of(record).into_iter().filter_map(SpanRow::of).collect();
        for (name, json) in spans.iter().flat_map(|span| span.attributes.iter()) {
            let Some(said) = said(json) else { continue };
            match kind_of(json) {
                Some(kind) => said.split('|').for_each(|said| self.names.value_of_kind(name, said, kind)),
                None => self.names.value(name, &said),
            }
        }
        let Some(text) = record.get("text").and_then(value::<String>).map(Text::new) else { return };
        documents.expect(&name_of_document(&text, record));
        let ranges: Vec<[(usize, usize); 1]> = spans.iter().map(|span| [(span.start, span.end)]).collect();
        let counted = ranges.iter().zip(&spans).map(|(ranges, span)| Counted { ranges, surface: span.surface.as_deref() });
        tally.add(&text, &counted.collect::<Vec<_>>());
    }

    /// A key for each annotator. One alone is the coder whose annotations these are said to be.
    fn coders(&self, only: &CoderKey) -> BTreeMap<String, CoderKey> {
        let is_alone = self.annotators.len() == 1;
        let key = |name: &String| CoderKey::new(name).unwrap_or_else(|_| CoderKey::from_name(name));
        self.annotators.iter().map(|name| (name.clone(), if is_alone { only.clone() } else { key(name) })).collect()
    }
}

/// The kind that a value of JSON has by itself; none for text.
fn kind_of(json: &RawValue) -> Option<AttributeKind> {
    match json.get().as_bytes().first()? {
        b't' | b'f' => Some(AttributeKind::YesNo),
        b'[' => Some(AttributeKind::Choices),
        b'"' => None,
        _ if json.get().contains(['.', 'e', 'E']) => Some(AttributeKind::Number),
        _ => Some(AttributeKind::Integer),
    }
}

/// Documents of a file: records of the same text become one, unless they say that they are of different documents of ours.
type Documents = InOrder<Item>;

/// By what a document's records are put together.
fn name_of_document(text: &Text, record: &Members<'_>) -> String {
    let said = record.get("id").and_then(value::<DocumentId>);
    format!("{} {}", text.hash().as_str(), said.as_ref().map(DocumentId::as_str).unwrap_or_default())
}

fn keep(sheet: &mut Sheet, raw: &str) {
    let residue = sheet.info.residue.entry(FORMAT.name.to_owned()).or_default();
    if !residue.is_empty() {
        residue.push('\n');
    }
    residue.push_str(raw);
}

/// One file while its records are read.
struct Reading<'r, 'k> {
    decoding: &'r Decoding,
    counting: Counting,
    coders: &'r BTreeMap<String, CoderKey>,
    /// Ids of documents that were given.
    seen: &'r mut BTreeSet<DocumentId>,
    vocabulary: &'r mut Vocabulary<'k>,
    options: &'r mut ReadOptions,
    known: &'r Tables,
}

impl Reading<'_, '_> {
    /// Adds a record to its document.
    fn add(&mut self, documents: &mut Documents, from: Origin<'_>, to: &mut dyn Receiver) {
        let Some((item, record)) = self.item(from, to) else { return };
        let rest = item.document.residue.get(FORMAT.name).cloned();
        let name = name_of_document(&item.text, &record);
        let mut is_first = false;
        let seen = &mut *self.seen;
        let make = || {
            is_first = true;
            seen.insert(item.id.clone());
            item
        };
        let Some(item) = documents.whole(&name, make) else { return };
        let is_ours = || record.get(tokens::MAKER).and_then(value::<String>).as_deref() == Some(tokens::OURS);
        if let Some(raw) = record.get("tokens").filter(|_| is_first && !is_ours()) {
            self.keep_tokens(from, item, raw, to);
        }
        let annotator = annotator_of(&record).and_then(|name| self.coders.get(&name).cloned());
        let coder = annotator.unwrap_or_else(|| self.options.coder.clone());
        let before = item.sheets.remove(&coder).map(Arc::unwrap_or_clone).unwrap_or_default();
        let mut sheet = self.sheet(from, item, &record, before, to);
        if let Some(rest) = rest.filter(|_| !is_first) {
            keep(&mut sheet, &json!({ "record": serde_json::from_str::<Value>(&rest).unwrap_or_default() }).to_string());
        }
        if !sheet.is_blank() {
            item.sheets.insert(coder, Arc::new(sheet));
        }
    }

    fn keep_tokens(&self, from: Origin<'_>, item: &mut Item, raw: &RawValue, to: &mut dyn Receiver) {
        let (seen, shifts) = seen_text(&item.text, self.counting);
        match tokens::to_keep(raw.get(), &item.text, &View::new(&seen, shifts, self.counting)) {
            Some(kept) => tokens::keep(item, kept),
            None if raw.get().trim() == "[]" => {}
            None => {
                let message = "its tokens are not in order, or not at their places in the text; an export makes them anew";
                to.finding(from.finding(Severity::Note, "spacy-jsonl-tokens", message).about(&item.id));
            }
        }
    }

    fn item<'j>(&mut self, from: Origin<'j>, to: &mut dyn Receiver) -> Option<(Item, Members<'j>)> {
        let Some(record) = members_of(from.raw) else {
            let message = "this record is no object with names such as {\"text\": \"…\"}. It was left out";
            to.finding(from.finding(Severity::Error, JSON_RULES.bad_record, message));
            return None;
        };
        let mut fields = record.clone();
        fields.retain(|name, _| !OURS.contains(&name));
        let id = fields.get("id").and_then(value::<DocumentId>);
        if id.is_some() {
            fields.remove("id");
        }
        let read = tree(&fields).ok_or_else(|| "it has far too many values for an article".to_owned());
        match read.and_then(|object| Record::from_object(object, self.decoding, &self.options.columns)) {
            Ok(read) => {
                let place = Place::of_line(from.file, from.line.unwrap_or_default());
                let mut item = to_item(read, FORMAT.name, place, self.options, to);
                // Of a text that is known already it is not needed; another text with it is another document.
                if let Some(id) = id.filter(|id| !self.seen.contains(id)) {
                    item.id = id;
                }
                Some((item, record))
            }
            Err(why) => {
                to.finding(from.finding(Severity::Error, JSON_RULES.no_text, format!("{why}. The record was left out")));
                None
            }
        }
    }

    /// The sheet with what a record adds to it.
    fn sheet<'j>(&mut self, from: Origin<'j>, item: &Item, record: &Members<'j>, before: Sheet, to: &mut dyn Receiver) -> Sheet {
        let (seen, shifts) = seen_text(&item.text, self.counting);
        let view = View::new(&seen, shifts, self.counting);
        let answer = record.get("answer").and_then(value::<String>).unwrap_or_default();
        let mut out = SheetBuilder::new(&RULES, (&item.id, &item.text), self.vocabulary, &mut self.options.ids, to);
        out.sheet = before;
        let label = record.get("label").and_then(value::<String>);
        let rows = spans_of(record);
        if !matches!(answer.as_str(), "" | "accept") {
            let raws = rows.iter().map(|json| json.get());
            raws.for_each(|raw| out.lose(Origin { raw, ..from }, "spacy-jsonl-not-accepted", format!("the answer is `{answer}`")));
        } else {
            let mut filling = Filling { out, view, known: self.known };
            let nodes: Vec<Node> = rows.into_iter().filter_map(|json| filling.span(from, json)).collect();
            for json in record.get("relations").and_then(elements).unwrap_or_default() {
                filling.relation(Origin { raw: json.get(), ..from }, json);
            }
            filling.accepted(from, record, &nodes);
            out = filling.out;
        }
        let aside = record.get(KEPT_ASIDE).and_then(elements).unwrap_or_default();
        aside.into_iter().for_each(|json| out.keep_aside(json.get()));
        match (label, answer.as_str()) {
            (Some(label), "accept") => out.set_document_attribute(from, &label, "yes"),
            (Some(label), "reject") => out.set_document_attribute(from, &label, "no"),
            (Some(label), _) => out.keep_aside(&json!({ "label": label, "answer": answer }).to_string()),
            (None, "" | "accept") => {}
            (None, answer) => out.keep_aside(&json!({ "answer": answer }).to_string()),
        }
        let mut sheet = out.finish();
        // Both are said of a class by somebody who has looked.
        if answer == "accept" || answer == "reject" && record.contains("label") {
            sheet.info.status = Status::Done;
        }
        sheet
    }
}

/// A sheet while annotations are added.
struct Filling<'f, 'l, 'k> {
    out: SheetBuilder<'f, 'l, 'k>,
    view: View<'f>,
    known: &'f Tables,
}

/// Under which name a relation finds a span.
fn name_of(start: usize, end: usize, label: Option<&str>) -> String {
    label.map_or_else(|| format!("{start}:{end}"), |label| format!("{start}:{end}:{label}"))
}

impl Filling<'_, '_, '_> {
    fn span(&mut self, from: Origin<'_>, json: &RawValue) -> Option<Node> {
        let from = Origin { raw: json.get(), ..from };
        let Some(row) = SpanRow::of(json).filter(|row| !row.label.is_empty()) else {
            self.out.lose(from, "spacy-jsonl-bad-span", "this span has not start, end and label");
            return None;
        };
        if !self.out.admit(from, None, 1) {
            return None;
        }
        let ranges = self.out.place(from, &self.view, &[(row.start, row.end)], row.surface.as_deref())?;
        let node = self.out.add_mark(from, &row.label, ranges);
        let names =
            [Some(name_of(row.start, row.end, Some(&row.label))), Some(name_of(row.start, row.end, None)), row.last_token.map(|t| format!("t{t}"))];
        for name in names.into_iter().flatten() {
            if self.out.node(&name).is_none() {
                self.out.set_node(name, node);
            }
        }
        row.note.iter().for_each(|note| self.out.add_note(node, note));
        for (name, json) in row.attributes.iter() {
            let from = Origin { raw: json.get(), ..from };
            match said(json) {
                Some(said) => self.out.set_attribute(from, node, name, &said),
                None => self.out.lose(from, RULES.bad_attribute, format!("this is no value of the attribute {name}")),
            }
        }
        let mut rest = tree(&row.rest).unwrap_or_default();
        match (node, row.knowledge_base_id) {
            (Node::Span(span), Some(id)) => {
                let (base, entry) = base_and_entry(&id);
                self.out.refer(from, span, (base, entry, row.surface.as_deref().unwrap_or_default()));
            }
            (_, Some(id)) => drop(rest.insert("kb_id".to_owned(), id.into())),
            (_, None) => {}
        }
        if !rest.is_empty() {
            self.out.set_residue(node, Value::Object(rest).to_string());
        }
        Some(node)
    }

    /// A role of the codebook fills that of the claim it comes from.
    fn relation(&mut self, from: Origin<'_>, json: &RawValue) {
        let Some((label, head, child)) = relation(json) else {
            return self.out.lose(from, "spacy-jsonl-bad-relation", "this relation has no label");
        };
        if !self.out.admit(from, None, 1) {
            return;
        }
        let (Some(head), Some(child)) = (self.end(&head), self.end(&child)) else {
            return self.out.lose(from, RULES.missing_target, "one end of this relation is no span");
        };
        let schema = &self.known.schema;
        let is_role = schema.roles.keys().any(|key| key.as_str() == label) && !schema.relation_types.keys().any(|key| key.as_str() == label);
        match self.out.node(&head) {
            Some(Node::Claim(claim)) if is_role => self.out.fill_role(from, claim, &label, &child),
            _ => drop(self.out.relate(from, &label, [&head, &child])),
        }
    }

    fn end(&self, end: &End) -> Option<String> {
        let by_place = end.span.iter().flat_map(|(start, to, label)| [name_of(*start, *to, label.as_deref()), name_of(*start, *to, None)]);
        let by_token = end.token.map(|token| format!("t{token}"));
        by_place.chain(by_token).find(|name| self.out.node(name).is_some())
    }

    /// Options that were accepted: the entity of the only span, or choices for the document.
    fn accepted(&mut self, from: Origin<'_>, record: &Members<'_>, nodes: &[Node]) {
        let accepted = record.get("accept").and_then(elements).unwrap_or_default();
        let accepted: Vec<String> = accepted.into_iter().filter_map(text_or_number).collect();
        match (accepted.as_slice(), nodes) {
            ([], _) => {}
            ([entry], [Node::Span(span)]) if is_wikidata(entry) => {
                let name = spans_of(record).first().and_then(|json| SpanRow::of(json)).and_then(|row| row.surface);
                self.out.refer(from, *span, ("Wikidata", entry, name.as_deref().unwrap_or_default()));
            }
            (accepted, _) => {
                let raw = json!({ "accept": accepted }).to_string();
                self.out.set_document_attribute(Origin { raw: &raw, ..from }, ACCEPT, &accepted.join("|"));
            }
        }
    }
}

fn is_wikidata(entry: &str) -> bool {
    entry.strip_prefix('Q').is_some_and(|digits| !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()))
}

/// `Q42` is Wikidata's; others name their base in front.
fn base_and_entry(id: &str) -> (&str, &str) {
    match id.split_once(':') {
        Some((base, entry)) if !is_wikidata(id) => (base, entry),
        _ => ("Wikidata", id),
    }
}
