//! One coder's sheet of annotations that a standoff format has read. What finds no place is a finding and residue.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::aspects::IDS;
use super::counting::{Counting, View, is_surface, seen_text};
use super::sheet_builder::{Origin, SheetBuilder, short};
use super::standoff::{ENTITY, ENTITY_NAME, FILLER, FORMS, FROM, IDENTIFIERS, Kind, NORMALIZED, NOTE, OWN, STATUS, TO, said};
use super::standoff_in::{Found, FoundSheet, Input, Standoff};
use super::standoff_out::json_of;
use super::vocabulary::{OWN_BASE, Vocabulary};
use super::{ReadOptions, Receiver};
use crate::model::{AttributeValue, ClaimId, DocumentId, Filler, Node, Region, RegionKind, Schema, Severity, Sheet, SpanId, Status};
use crate::text::{Ranges, Text, TextRange};

/// Bytes that are looked through for quotes; more takes only a file that is made to take long.
const MOST_WORK: usize = 200_000_000;
/// Places of a quote that are compared with its context.
const MOST_PLACES: usize = 1000;
/// So often relations that wait for other relations are looked at.
const MOST_ROUNDS: usize = 64;

/// A sheet, and the parts of the text that came with it.
pub(super) struct Built {
    pub(super) sheet: Sheet,
    pub(super) regions: Vec<Region>,
}

/// Makes the sheet.
pub(super) fn build_sheet(
    (how, input): (&Standoff, &Input<'_>),
    (id, text, counting): (&DocumentId, &Text, Counting),
    found: FoundSheet,
    vocabulary: &mut Vocabulary<'_>,
    options: &mut ReadOptions,
    to: &mut dyn Receiver,
) -> Built {
    let (seen, shifts) = seen_text(text, counting);
    let view = View::new(&seen, shifts, counting);
    let mut out = SheetBuilder::new(how.rules, (id, text), vocabulary, &mut options.ids, to);
    out.set_on_one_line(how.on_one_line);
    let (regions, occurrences) = (Vec::new(), BTreeMap::new());
    let mut builder = Builder { how, input, text, view, schema: &options.known.schema, out, regions, occurrences, work: 0 };
    let FoundSheet { features, rows, aside, .. } = found;
    let mut nodes: Vec<Option<Node>> = rows.iter().map(|row| builder.mark(row)).collect();
    rows.iter().for_each(|row| builder.occurrence(row));
    builder.set_occurrences();
    builder.relations(&rows, &mut nodes);
    for (row, node) in rows.into_iter().zip(nodes) {
        if let Some(node) = node {
            builder.details(row, node);
        }
    }
    let status = builder.info(features);
    aside.iter().for_each(|raw| builder.out.keep_aside(raw));
    let mut sheet = builder.out.finish();
    sheet.info.status = status.unwrap_or(sheet.info.status);
    Built { sheet, regions: builder.regions }
}

struct Builder<'b, 'l, 'k> {
    how: &'b Standoff,
    input: &'b Input<'b>,
    text: &'b Text,
    view: View<'b>,
    schema: &'b Schema,
    out: SheetBuilder<'b, 'l, 'k>,
    regions: Vec<Region>,
    occurrences: BTreeMap<ClaimId, Vec<Ranges>>,
    work: usize,
}

fn origin<'o>(input: &'o Input<'_>, row: &'o Found) -> Origin<'o> {
    Origin { file: input.name, line: row.line, raw: row.raw.get(input.content) }
}

/// Ends of a relation as the file names them.
fn ends(row: &Found) -> Option<[&str; 2]> {
    let end = |wanted: &str| row.links.iter().find(|(name, _)| name == wanted).map(|(_, id)| id.as_str());
    Some([end(FROM)?, end(TO)?])
}

/// A relation, a role, or what may be either.
fn is_link(row: &Found) -> bool {
    matches!(row.kind, Some(Kind::Relation | Kind::Role)) || row.kind.is_none() && ends(row).is_some()
}

impl Builder<'_, '_, '_> {
    /// A span or a claim, and the parts of the text.
    fn mark(&mut self, row: &Found) -> Option<Node> {
        if row.kind == Some(Kind::Region) {
            self.region(row);
        }
        if is_link(row) || !matches!(row.kind, None | Some(Kind::Span | Kind::Claim)) {
            return None;
        }
        let from = origin(self.input, row);
        if !self.out.admit(from, row.id.clone().map(Cow::Owned), 1) {
            return None;
        }
        let is_unplaced = row.ranges.is_empty() && row.surface.is_none();
        if is_unplaced && row.kind != Some(Kind::Claim) {
            self.out.lose(from, self.how.rules.out_of_range, "it has no place in this text");
            return None;
        }
        let place = if is_unplaced { None } else { Some(self.place(row)?) };
        let node = match (row.kind, place) {
            (Some(Kind::Claim), place) => {
                let label = self.out.label(from, &row.label);
                self.out.add_claim(label, place)
            }
            (Some(Kind::Span), Some(place)) => {
                let label = self.out.label(from, &row.label);
                self.out.add_span(label, place)
            }
            (_, Some(place)) => self.out.add_mark(from, &row.label, place),
            (_, None) => return None,
        };
        row.id.iter().for_each(|id| self.out.set_node(id.clone(), node));
        Some(node)
    }

    fn place(&mut self, row: &Found) -> Option<Ranges> {
        let from = origin(self.input, row);
        let Some(surface) = row.surface.as_deref() else {
            return self.out.place(from, &self.view, &row.ranges, None);
        };
        let said = self.view.ranges(self.text, &row.ranges);
        if !said.is_some_and(|ranges| is_surface(self.text, &ranges, surface)) {
            match self.anchor(row, surface) {
                Some(range) => return Some(range.into()),
                None if row.ranges.is_empty() => {
                    let why = format!("“{}” stands nowhere in the text, or at several places, and nothing says at which", short(surface));
                    self.out.lose(from, self.how.rules.out_of_range, why);
                    return None;
                }
                None => {}
            }
        }
        self.out.place(from, &self.view, &row.ranges, Some(surface))
    }

    /// The only place of a quote, or the only one with the words around it.
    fn anchor(&mut self, row: &Found, surface: &str) -> Option<TextRange> {
        self.work += self.text.len();
        if surface.is_empty() || self.work > MOST_WORK {
            return None;
        }
        let text = self.text.as_str();
        let starts: Vec<usize> = text.match_indices(surface).map(|(start, _)| start).take(MOST_PLACES).collect();
        let range = |start: usize| self.text.range(start, start + surface.len()).ok();
        if let (true, [start]) = (row.ranges.is_empty(), starts.as_slice()) {
            return range(*start);
        }
        let (prefix, suffix) = row.context.as_ref().filter(|(prefix, suffix)| !prefix.is_empty() || !suffix.is_empty())?;
        let is_there = |start: usize| {
            let (before, after) = (text.get(..start), text.get(start + surface.len()..));
            before.is_some_and(|before| before.ends_with(prefix.as_str())) && after.is_some_and(|after| after.starts_with(suffix.as_str()))
        };
        let mut with_context = starts.iter().copied().filter(|start| is_there(*start));
        let (Some(start), None) = (with_context.next(), with_context.next()) else { return None };
        if !row.ranges.is_empty() {
            let message = format!("“{}” is not at these offsets. Its only place with the words around it was taken; look at it", short(surface));
            self.out.finding(origin(self.input, row), Severity::Warning, self.how.rules.moved, message);
        }
        range(start)
    }

    fn region(&mut self, row: &Found) {
        let kind = RegionKind::ALL.into_iter().find(|kind| kind.name() == row.label);
        let ranges = self.view.ranges(self.text, &row.ranges).unwrap_or_default();
        match (kind, ranges.as_slice()) {
            (Some(kind), [range]) => self.regions.push(Region { range: *range, kind }),
            _ => self.out.lose(origin(self.input, row), self.how.left_out, "this part of the text has no place or is of no known kind"),
        }
    }

    /// A further place of a claim.
    fn occurrence(&mut self, row: &Found) {
        if row.kind != Some(Kind::Occurrence) {
            return;
        }
        let from = origin(self.input, row);
        let claim = row.links.iter().find(|(name, _)| name == FROM).and_then(|(_, id)| self.out.node(id));
        let Some(Node::Claim(claim)) = claim else {
            return self.out.lose(from, self.how.rules.missing_target, "there is no claim of which this is a further place");
        };
        if self.out.admit(from, None, 1)
            && let Some(place) = self.place(row)
        {
            self.occurrences.entry(claim).or_default().push(place);
        }
    }

    fn set_occurrences(&mut self) {
        for (id, places) in std::mem::take(&mut self.occurrences) {
            if let Some(claim) = self.out.sheet.claims.get_mut(&id) {
                let content = claim.content.take();
                claim.set_places(content, places);
            }
        }
    }

    /// Relations and roles. They may join relations that come later.
    fn relations(&mut self, rows: &[Found], nodes: &mut [Option<Node>]) {
        let mut waiting: Vec<(&Found, &mut Option<Node>)> = rows.iter().zip(nodes).filter(|(row, _)| is_link(row)).collect();
        for _ in 0..MOST_ROUNDS {
            let before = waiting.len();
            waiting.retain_mut(|(row, node)| {
                let is_ready = ends(row).is_some_and(|ends| ends.iter().all(|end| self.out.node(end).is_some()));
                if is_ready {
                    **node = self.link(row);
                }
                !is_ready
            });
            if waiting.len() == before {
                break;
            }
        }
        waiting.into_iter().for_each(|(row, node)| *node = self.link(row));
        for row in rows.iter().filter(|row| row.kind == Some(Kind::Claim)) {
            let Some(Node::Claim(claim)) = row.id.as_deref().and_then(|id| self.out.node(id)) else { continue };
            row.links.iter().for_each(|(role, target)| self.out.fill_role(origin(self.input, row), claim, role, target));
        }
    }

    /// A role of the codebook fills that of the claim it comes from; anything else is a relation.
    fn link(&mut self, row: &Found) -> Option<Node> {
        let from = origin(self.input, row);
        if !self.out.admit(from, row.id.clone().map(Cow::Owned), 1) {
            return None;
        }
        let Some(ends) = ends(row) else {
            self.out.lose(from, self.how.rules.missing_target, "it does not say what it joins");
            return None;
        };
        let is_called = |key: &str| key == row.label;
        let is_role =
            self.schema.roles.keys().any(|key| is_called(key.as_str())) && !self.schema.relation_types.keys().any(|key| is_called(key.as_str()));
        match self.out.node(ends[0]) {
            Some(Node::Claim(claim)) if row.kind == Some(Kind::Role) || row.kind.is_none() && is_role => {
                self.out.fill_role(from, claim, &row.label, ends[1]);
                None
            }
            _ => {
                let node = self.out.relate(from, &row.label, ends)?;
                row.id.iter().for_each(|id| self.out.set_node(id.clone(), node));
                Some(node)
            }
        }
    }

    /// Everything that an annotation has beside its place and its links.
    fn details(&mut self, mut row: Found, node: Node) {
        if let Some(note) = row.take(NOTE).as_ref().and_then(said) {
            self.out.add_note(node, &note);
        }
        if let Node::Claim(id) = node {
            self.claim_details(&mut row, id);
        }
        if let Node::Span(id) = node {
            self.entity(&mut row, id);
        }
        let (mut rest, mut forms, mut misfits) = (std::mem::take(&mut row.rest), Map::new(), Map::new());
        for (name, value) in std::mem::take(&mut row.features) {
            if name.starts_with(OWN) {
                rest.insert(name, value);
                continue;
            }
            match self.attribute(node, &name, &value) {
                Ok(Form::AsWritten) => {}
                Ok(Form::Other) => drop(forms.insert(name, value)),
                Err(why) => {
                    let message = format!("{why}; it was kept aside");
                    self.out.finding(origin(self.input, &row), Severity::Warning, self.how.rules.bad_attribute, message);
                    misfits.insert(name, value);
                }
            }
        }
        match self.how.misfits.filter(|_| !misfits.is_empty()) {
            Some(member) => drop(rest.insert(member.to_owned(), misfits.into())),
            None => rest.extend(misfits),
        }
        if !forms.is_empty() {
            rest.insert(FORMS.to_owned(), forms.into());
        }
        self.keep(&row, node, rest);
    }

    /// Sets an attribute, and says whether an export would write it as it stands here.
    fn attribute(&mut self, node: Node, name: &str, value: &Value) -> Result<Form, String> {
        let said = said(value).ok_or_else(|| format!("`{name}` has {}", if value.is_null() { "no value" } else { "parts of its own" }))?;
        let (key, typed) = self.out.vocabulary.attribute(name, &said)?;
        let is_value = if self.how.has_types { is_written_so(&typed, value) } else { self::said(&json_of(&typed)) == Some(said) };
        let is_name = key.as_str() == name || self.out.vocabulary.attribute_name(&key) == name;
        self.out.set_value(node, key, typed);
        Ok(if is_value && is_name { Form::AsWritten } else { Form::Other })
    }

    /// What has no place stays with the row, and with it the id that the file gives it.
    fn keep(&mut self, row: &Found, node: Node, rest: Map<String, Value>) {
        let id = row.id.as_deref().filter(|id| row.keeps_id && !id.is_empty() && !id.contains(['\n', '\t']));
        let rest = if rest.is_empty() { String::new() } else { Value::Object(rest).to_string() };
        match (id, rest.is_empty()) {
            (None, true) => {}
            (None, false) => self.out.set_residue(node, rest),
            (Some(id), true) => self.out.set_residue(node, format!("{IDS}{id}")),
            (Some(id), false) => self.out.set_residue(node, format!("{IDS}{id}\n{rest}")),
        }
    }

    fn claim_details(&mut self, row: &mut Found, id: ClaimId) {
        let normalized = row.take(NORMALIZED).as_ref().and_then(said);
        if let (Some(claim), Some(normalized)) = (self.out.sheet.claims.get_mut(&id), normalized) {
            claim.normalized = normalized;
        }
        let is_filler = |(name, _): &(String, Value)| name.starts_with(FILLER);
        let fillers: Vec<(String, Value)> = row.features.extract_if(.., |feature| is_filler(feature)).collect();
        for (name, value) in fillers {
            let said = said(&value).unwrap_or_default();
            match filler(&said) {
                Some((role, Other::Value(value))) => self.out.fill(id, role, Filler::Value(value.to_owned())),
                Some((role, Other::Entity(entity, called))) => {
                    let entity = self.out.entity((OWN_BASE, entity, called), None);
                    self.out.fill(id, role, Filler::Entity(entity));
                }
                None => drop(row.rest.insert(name, value)),
            }
        }
    }

    /// The entity that a mention means: by our own id, then by its entries in knowledge bases.
    fn entity(&mut self, row: &mut Found, id: SpanId) {
        let (own, name, entries) = (row.take(ENTITY), row.take(ENTITY_NAME), row.take(IDENTIFIERS));
        let name = name.as_ref().and_then(said).or_else(|| row.surface.clone()).unwrap_or_default();
        let from = origin(self.input, row);
        if let Some(own) = own.as_ref().and_then(said) {
            self.out.refer(from, id, (OWN_BASE, &own, &name));
        }
        let entries = match &entries {
            Some(Value::Array(entries)) => entries.iter().filter_map(Value::as_str).collect(),
            Some(Value::String(entries)) => entries.split('|').collect(),
            _ => Vec::new(),
        };
        for entry in entries.into_iter().filter(|entry| !entry.trim().is_empty()) {
            let (base, entry) = entry.split_once(':').filter(|(base, _)| !base.is_empty()).unwrap_or(("Wikidata", entry));
            let raw = json!({ "entity": entry }).to_string();
            self.out.refer(Origin { raw: &raw, ..from }, id, (base, entry, &name));
        }
    }

    /// What is said about the document. The state of work, where the file has it.
    fn info(&mut self, features: Vec<(String, Value)>) -> Option<Status> {
        let mut status = None;
        for (name, value) in features {
            let raw = json!({ name.as_str(): value }).to_string();
            let from = Origin { file: self.input.name, line: None, raw: &raw };
            let text = said(&value);
            match (name.as_str(), text) {
                (NOTE, Some(note)) => self.out.add_document_note(&note),
                (STATUS, Some(name)) => status = STATES.into_iter().find(|status| status.name() == name),
                (name, Some(text)) => self.out.set_document_attribute(from, name, &text),
                (_, None) => self.out.lose(from, self.how.rules.bad_attribute, format!("`{name}` has parts of its own")),
            }
        }
        status
    }
}

const STATES: [Status; 5] = [Status::New, Status::InProgress, Status::Done, Status::DoneAnyway, Status::Doubtful];

/// How a value stands in a file.
enum Form {
    /// As an export would write it.
    AsWritten,
    Other,
}

/// True where an export writes the attribute as this value. One choice alone may stand without a list.
fn is_written_so(attribute: &AttributeValue, value: &Value) -> bool {
    match (attribute, value) {
        (AttributeValue::Choices(_), Value::String(_)) => true,
        (AttributeValue::Text(text), Value::String(value)) => text == value,
        (AttributeValue::Choice(key), Value::String(value)) => key.as_str() == value,
        (attribute, value) => json_of(attribute) == *value,
    }
}

/// What fills a role and is no annotation.
enum Other<'f> {
    Value(&'f str),
    Entity(&'f str, &'f str),
}

/// `role=value=…`, `role=entity=ID=Name`.
fn filler(said: &str) -> Option<(&str, Other<'_>)> {
    let (role, rest) = said.split_once('=')?;
    let (kind, rest) = rest.split_once('=')?;
    match kind {
        "value" => Some((role, Other::Value(rest))),
        "entity" => rest.split_once('=').map(|(id, name)| (role, Other::Entity(id, name))),
        _ => None,
    }
}
