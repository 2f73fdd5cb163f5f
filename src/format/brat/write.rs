//! Writing `.txt` and `.ann` for every document, and the two configuration files at the end.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use super::conf::{AllNames, annotation_conf, visual_conf};
use super::ids::Ids;
use super::is_break;
use crate::format::aspects::{Aspect, drop_aspects, drop_entity_details, drop_foreign_residue};
use crate::format::place::{Place, Places};
use crate::format::vocabulary::OWN_BASE;
use crate::format::{FormatError, Item, Items, Ledger, Sink, Tables, WriteOptions};
use crate::model::{AttributeValue, Attributes, Claim, ClaimId, Filler, Node, Relation, RelationId, Sheet, Span, SpanId};
use crate::text::offsets::OffsetUnit;
use crate::text::{Ranges, Text, TextRange};

const NO_PLACE: &str = "brat has no place for it";
/// Under this name an import keeps lines aside.
const OWN_RESIDUE: &str = "brat";

/// Writes everything. Where several coders have sheets, each gets a folder with a copy of the texts.
pub(super) fn write(
    tables: &Tables,
    items: &mut Items<'_>,
    options: &WriteOptions,
    sink: &mut dyn Sink,
    ledger: &mut Ledger,
) -> Result<(), FormatError> {
    let mut names = AllNames::new(&tables.schema);
    let one_coder = options.coders.len() < 2;
    for item in items {
        let item = item?;
        ledger.add_document();
        count_losses(&item, ledger);
        if item.sheets.is_empty() {
            write_pair(&item, "", "", sink)?;
        }
        for (coder, sheet) in &item.sheets {
            let folder = if one_coder { String::new() } else { format!("{coder}/") };
            let annotations = Writer::new(tables, &item, sheet, &mut names, ledger).write()?;
            write_pair(&item, &folder, &annotations, sink)?;
        }
        options.step()?;
    }
    drop_entity_details(ledger, tables, "brat knows entities only by the name beside a reference");
    write_file(sink, "annotation.conf", &annotation_conf(&tables.schema, &mut names))?;
    write_file(sink, "visual.conf", &visual_conf(&tables.schema, &mut names))
}

fn write_pair(item: &Item, folder: &str, annotations: &str, sink: &mut dyn Sink) -> Result<(), FormatError> {
    write_file(sink, &format!("{folder}{}.txt", item.id), item.text.as_str())?;
    write_file(sink, &format!("{folder}{}.ann", item.id), annotations)
}

fn write_file(sink: &mut dyn Sink, name: &str, content: &str) -> Result<(), FormatError> {
    let written = sink.create(name).and_then(|mut file| {
        file.write_all(content.as_bytes())?;
        file.flush()
    });
    written.map_err(|cause| FormatError::writing(name, cause))
}

fn count_losses(item: &Item, ledger: &mut Ledger) {
    let lost = [
        Aspect::DocumentFields,
        Aspect::Regions,
        Aspect::Corrections,
        Aspect::DocumentAttributes,
        Aspect::DocumentNotes,
        Aspect::Status,
        Aspect::SetAside,
        Aspect::Occurrences,
        Aspect::RelationAttributes,
    ];
    drop_aspects(ledger, item, &lost, NO_PLACE);
    drop_foreign_residue(ledger, item, OWN_RESIDUE);
}

/// One sheet on its way into an `.ann` file.
struct Writer<'w> {
    tables: &'w Tables,
    item: &'w Item,
    sheet: &'w Sheet,
    names: &'w mut AllNames,
    ledger: &'w mut Ledger,
    places: Places<'w>,
    ids: Ids<'w>,
    spans: BTreeMap<SpanId, String>,
    events: BTreeMap<ClaimId, String>,
    lines: Lines,
}

/// The lines by kind, with counters for their ids.
#[derive(Default)]
struct Lines {
    texts: Vec<String>,
    events: Vec<String>,
    relations: Vec<String>,
    attributes: Vec<String>,
    references: Vec<String>,
    notes: Vec<String>,
}

impl<'w> Writer<'w> {
    fn new(tables: &'w Tables, item: &'w Item, sheet: &'w Sheet, names: &'w mut AllNames, ledger: &'w mut Ledger) -> Self {
        let places = Places::new(&item.id, &item.text, OffsetUnit::CodePoints);
        let ids = Ids::new(sheet.info.residue.get(OWN_RESIDUE).map_or("", String::as_str));
        Self { tables, item, sheet, names, ledger, places, ids, spans: BTreeMap::new(), events: BTreeMap::new(), lines: Lines::default() }
    }

    fn write(mut self) -> Result<String, FormatError> {
        let spans = by_place(self.sheet.spans.iter().map(|(id, span)| (Some(&span.ranges), *id, span)));
        let claims = by_place(self.sheet.claims.iter().map(|(id, claim)| (claim.content.as_ref(), *id, claim)));
        for (id, span) in &spans {
            self.write_span(*id, span)?;
        }
        let mut triggers = Vec::new();
        for (id, claim) in &claims {
            if let Some(trigger) = self.write_trigger(*id, claim)? {
                let event = self.ids.id('E', &id.to_string());
                self.events.insert(*id, event);
                triggers.push((*id, *claim, trigger));
            }
        }
        for (id, claim, trigger) in triggers {
            self.write_event(id, claim, &trigger);
        }
        self.write_relations();
        let kept = std::mem::take(&mut self.ids.lines);
        self.ledger.keep("leftovers of earlier imports", kept.len());
        let mut page = self.lines.join();
        for line in kept {
            // At the beginning of a file it would be the mark of an encoding.
            if page.is_empty() && line.starts_with('\u{feff}') {
                page.push('\n');
            }
            page.push_str(line);
            page.push('\n');
        }
        Ok(page)
    }

    fn example(&self, ranges: &Ranges) -> String {
        format!("{}: “{}”", self.item.id, self.item.text.quote(ranges))
    }

    /// The `T` line; none when nothing of the place can be written.
    fn write_text(&mut self, row: &str, kind: &str, ranges: &Ranges, what: &'static str) -> Result<Option<String>, FormatError> {
        let fragments = fragments(&self.item.text, ranges);
        if fragments.is_empty() {
            self.ledger.drop(what, "they hold nothing but line ends and tabs, which brat cannot mark", self.example(ranges));
            return Ok(None);
        }
        if fragments.len() == ranges.as_slice().len() && fragments.iter().copied().eq(ranges.iter()) {
            self.ledger.keep(what, 1);
        } else {
            self.ledger.change(what, "brat cannot mark line ends and tabs; they are split there", self.example(ranges));
        }
        let places: Vec<Place<'_>> = self.places.places(fragments)?;
        let offsets: Vec<String> = places.iter().map(|place| format!("{} {}", place.start, place.end)).collect();
        let quotes: Vec<&str> = places.iter().map(|place| place.quote).collect();
        let id = self.ids.id('T', row);
        self.lines.texts.push(format!("{id}\t{kind} {}\t{}", offsets.join(";"), quotes.join(" ")));
        Ok(Some(id))
    }

    fn write_span(&mut self, id: SpanId, span: &Span) -> Result<(), FormatError> {
        let kind = self.names.labels.of(span.label.as_str());
        if !self.tables.schema.labels.contains_key(&span.label) {
            self.names.span_labels.insert(span.label.clone());
        }
        let Some(text) = self.write_text(&id.to_string(), &kind, &span.ranges, "spans")? else {
            return Ok(());
        };
        self.write_attributes((&text, &id.to_string()), span.attributes(), "attributes of spans");
        self.write_references(&text, span);
        self.write_note("AnnotatorNotes", &text, span.note(), "notes of spans");
        self.spans.insert(id, text);
        Ok(())
    }

    fn write_references(&mut self, target: &str, span: &Span) {
        let Some(id) = span.entity else {
            return;
        };
        let Some((id, entity)) = self.tables.entity(id) else {
            let example = format!("{}: {id}", self.item.id);
            return self.ledger.drop("links from mentions to entities", "the entity does not exist", example);
        };
        let name = flat(&entity.name);
        let others = entity.knowledge_base_ids.iter().filter(|entry| !entry.contains(char::is_whitespace));
        let entries: Vec<String> = others.map(|entry| if entry.contains(':') { entry.clone() } else { format!("Wikidata:{entry}") }).collect();
        for entry in std::iter::once(format!("{OWN_BASE}:{id}")).chain(entries) {
            let id = self.ids.free('N');
            self.lines.references.push(format!("{id}\tReference {target} {entry}\t{name}"));
        }
        self.ledger.keep("links from mentions to entities", 1);
    }

    fn write_trigger(&mut self, id: ClaimId, claim: &Claim) -> Result<Option<String>, FormatError> {
        let kind = self.names.labels.of(claim.label.as_str());
        if !self.tables.schema.labels.contains_key(&claim.label) {
            self.names.claim_labels.insert(claim.label.clone());
        }
        match &claim.content {
            Some(content) => self.write_text(&id.to_string(), &kind, content, "claims"),
            None => {
                let example = format!("{}: {} {}", self.item.id, claim.label, claim.normalized);
                self.ledger.drop("claims", "they have no content in the text, and brat marks text only", example);
                Ok(None)
            }
        }
    }

    fn write_event(&mut self, id: ClaimId, claim: &Claim, trigger: &str) {
        let Some(event) = self.events.get(&id).cloned() else {
            return;
        };
        let kind = self.names.labels.of(claim.label.as_str());
        let mut line = format!("{event}\t{kind}:{trigger}");
        for (role, fillers) in &claim.roles {
            if !self.tables.schema.roles.contains_key(role) {
                self.names.other_roles.insert(role.as_str().to_owned());
            }
            let name = self.names.role(role.as_str());
            let targets: Vec<String> = fillers.iter().filter_map(|filler| self.target(role.as_str(), filler)).collect();
            for (index, target) in targets.iter().enumerate() {
                let counter = if index == 0 { String::new() } else { (index + 1).to_string() };
                let _ = write!(line, " {name}{counter}:{target}");
            }
        }
        self.lines.events.push(line);
        self.write_attributes((&event, &id.to_string()), &claim.attributes, "attributes of claims");
        self.write_note("Normalized", &event, &claim.normalized, "normalised texts of claims");
        self.write_note("AnnotatorNotes", &event, &claim.note, "notes of claims");
    }

    fn target(&mut self, role: &str, filler: &Filler) -> Option<String> {
        let target = match filler {
            Filler::Span(id) => self.spans.get(id).cloned(),
            Filler::Claim(id) => self.events.get(id).cloned(),
            Filler::Entity(_) | Filler::Value(_) => None,
        };
        let why = match filler {
            Filler::Entity(_) => "brat's arguments are places in the text, not entities",
            Filler::Value(_) => "brat's arguments are places in the text, not values",
            Filler::Span(_) | Filler::Claim(_) => "what fills them could not be written",
        };
        match target {
            Some(_) => self.ledger.keep("fillers of roles", 1),
            None => self.ledger.drop("fillers of roles", why, format!("{}: {role} = {filler:?}", self.item.id)),
        }
        target
    }

    fn write_relations(&mut self) {
        let end = |writer: &Self, node| match node {
            Node::Span(id) => writer.spans.get(&id).cloned(),
            Node::Claim(id) => writer.events.get(&id).cloned(),
            Node::Entity(_) | Node::Relation(_) => None,
        };
        // Relations that were one line of equivalents, by its number.
        let mut equivs: BTreeMap<&str, Vec<(RelationId, [String; 2])>> = BTreeMap::new();
        for (id, relation) in &self.sheet.relations {
            let (Some(from), Some(to)) = (end(self, relation.from), end(self, relation.to)) else {
                let example = format!("{}: {} {id}", self.item.id, relation.label);
                self.ledger.drop("relations", "one end is an entity, a relation or something that could not be written", example);
                continue;
            };
            let key = relation.label.as_str();
            if !self.tables.schema.relation_types.contains_key(&relation.label) {
                self.names.other_relations.insert(key.to_owned());
            }
            match self.ids.old('*', &id.to_string()).filter(|_| relation.note.is_empty()) {
                Some(line) => equivs.entry(line).or_default().push((*id, [from, to])),
                None => self.write_relation(*id, relation, [&from, &to]),
            }
        }
        for pairs in equivs.into_values() {
            self.write_equivalents(&pairs);
        }
    }

    fn write_relation(&mut self, id: RelationId, relation: &Relation, [from, to]: [&str; 2]) {
        let name = self.ids.id('R', &id.to_string());
        self.lines.relations.push(format!("{name}\t{} Arg1:{from} Arg2:{to}", self.names.relations.of(relation.label.as_str())));
        self.ledger.keep("relations", 1);
        self.write_note("AnnotatorNotes", &name, &relation.note, "notes of relations");
    }

    /// One line where the relations are still a chain of one kind.
    fn write_equivalents(&mut self, pairs: &[(RelationId, [String; 2])]) {
        let sheet = self.sheet;
        let relations: Vec<(RelationId, &Relation, [&str; 2])> =
            pairs.iter().filter_map(|(id, [from, to])| Some((*id, sheet.relations.get(id)?, [from.as_str(), to.as_str()]))).collect();
        let is_one_kind = relations.windows(2).all(|pair| matches!(pair, [(_, a, _), (_, b, _)] if a.label == b.label));
        let ends: Vec<[&str; 2]> = relations.iter().map(|(.., ends)| *ends).collect();
        match (relations.first(), chain(&ends).filter(|_| is_one_kind)) {
            (Some((_, relation, _)), Some(members)) => {
                self.lines.relations.push(format!("*\t{} {}", self.names.relations.of(relation.label.as_str()), members.join(" ")));
                self.ledger.keep("relations", relations.len());
            }
            _ => relations.into_iter().for_each(|(id, relation, ends)| self.write_relation(id, relation, ends)),
        }
    }

    fn write_attributes(&mut self, (target, row): (&str, &str), attributes: &Attributes, what: &'static str) {
        for (key, value) in attributes {
            let written = value.to_string();
            let safe = flat(&written);
            let example = format!("{}: {key} = {written}", self.item.id);
            if safe.is_empty() {
                self.ledger.drop(what, "brat has no empty values", example);
                continue;
            }
            if safe != written {
                self.ledger.change(what, "line ends, tabs and outer blanks become single spaces", example);
            } else {
                self.ledger.keep(what, 1);
            }
            if matches!(value, AttributeValue::Text(_)) || !self.tables.schema.attributes.contains_key(key) || !is_choice(value) {
                self.names.values.entry(key.as_str().to_owned()).or_default().insert(safe.clone());
            }
            let id = self.ids.id('A', &format!("{row}/{key}"));
            self.lines.attributes.push(format!("{id}\t{} {target} {safe}", self.names.attributes.of(key.as_str())));
        }
    }

    fn write_note(&mut self, kind: &str, target: &str, note: &str, what: &'static str) {
        if note.is_empty() {
            return;
        }
        let line: String = note.chars().map(|c| if is_break(c) { ' ' } else { c }).collect();
        if line.trim().is_empty() {
            return self.ledger.drop(what, "they hold nothing but blanks", self.item.id.to_string());
        }
        match line == note {
            true => self.ledger.keep(what, 1),
            false => self.ledger.change(what, "line ends and tabs become spaces", format!("{}: {note}", self.item.id)),
        }
        let id = self.ids.free('#');
        self.lines.notes.push(format!("{id}\t{kind} {target}\t{line}"));
    }
}

impl Lines {
    fn join(self) -> String {
        let all = [self.texts, self.events, self.relations, self.attributes, self.references, self.notes];
        all.into_iter().flatten().fold(String::new(), |mut page, line| {
            page.push_str(&line);
            page.push('\n');
            page
        })
    }
}

/// The members of a chain in its order; none where the pairs are no chain.
fn chain<'p>(pairs: &[[&'p str; 2]]) -> Option<Vec<&'p str>> {
    let mut next: BTreeMap<&str, &'p str> = pairs.iter().map(|[from, to]| (*from, *to)).collect();
    let targets: BTreeSet<&str> = pairs.iter().map(|[_, to]| *to).collect();
    let mut members = vec![pairs.iter().map(|[from, _]| *from).find(|from| !targets.contains(from))?];
    while let Some(to) = members.last().and_then(|last| next.remove(last)) {
        members.push(to);
    }
    (members.len() == pairs.len() + 1).then_some(members)
}

fn is_choice(value: &AttributeValue) -> bool {
    matches!(value, AttributeValue::Choice(_) | AttributeValue::Bool(_))
}

/// On one line, without blanks at its ends.
fn flat(text: &str) -> String {
    text.chars().map(|c| if is_break(c) { ' ' } else { c }).collect::<String>().trim().to_owned()
}

fn by_place<'r, I: Copy + Ord, R>(rows: impl Iterator<Item = (Option<&'r Ranges>, I, &'r R)>) -> Vec<(I, &'r R)> {
    let mut rows: Vec<_> = rows.map(|(ranges, id, row)| (ranges.map(|r| (r.start(), r.end())), id, row)).collect();
    rows.sort_by_key(|(place, id, _)| (*place, *id));
    rows.into_iter().map(|(_, id, row)| (id, row)).collect()
}

/// The ranges without line ends and tabs.
fn fragments(text: &Text, ranges: &Ranges) -> Vec<TextRange> {
    let mut fragments = Vec::new();
    for range in ranges.iter() {
        let mut start = range.start();
        for part in text.slice(range).split(is_break) {
            fragments.extend(text.range(start, start + part.len()).ok());
            let end = start + part.len();
            start = end + text.as_str().get(end..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8);
        }
    }
    fragments
}
