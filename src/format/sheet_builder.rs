//! Makes one coder's sheet of one document from what a reader finds in a file. Shared by all readers of annotations.
//!
//! The reader gives names as the file has them, places and the file's own ids; here are the codebook's keys found, ends of
//! relations and fillers of roles looked up, and what cannot be placed becomes a finding and residue.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::mem::take;

use super::Receiver;
use super::counting::{Choice, View, is_surface};
use super::vocabulary::Vocabulary;
use crate::model::{
    AttributeKey, AttributeValue, Attributes, Claim, ClaimId, DocumentId, EntityId, Filler, Finding, IdSource, LabelKey, LabelKind, Node, Relation,
    RelationId, Residue, Severity, Sheet, Span, SpanExtras, SpanId, Status,
};
use crate::text::anchor::{Anchor, Quotes, show_places};
use crate::text::{Ranges, Text, TextRange};

/// Rows, ranges and arguments of one document; nobody makes so many, and each takes hundreds of bytes.
const MAX_ROWS: usize = 250_000;

/// The names that a format gives its findings.
#[derive(Debug)]
pub(super) struct Rules {
    /// The format's name, under which residue is kept.
    pub(super) format: &'static str,
    /// What one annotation is called in the file: `line`, `annotation`.
    pub(super) item: &'static str,
    pub(super) too_many: &'static str,
    pub(super) double_id: &'static str,
    pub(super) odd_name: &'static str,
    pub(super) moved: &'static str,
    pub(super) text_differs: &'static str,
    pub(super) out_of_range: &'static str,
    pub(super) missing_target: &'static str,
    pub(super) bad_attribute: &'static str,
    pub(super) entity_known: &'static str,
}

/// The rules of a format: `rules!("brat", "line")`.
macro_rules! rules {
    ($format:literal, $item:literal) => {
        $crate::format::sheet_builder::Rules {
            format: $format,
            item: $item,
            too_many: concat!($format, "-too-many"),
            double_id: concat!($format, "-double-id"),
            odd_name: concat!($format, "-odd-name"),
            moved: concat!($format, "-moved"),
            text_differs: concat!($format, "-text-differs"),
            out_of_range: concat!($format, "-out-of-range"),
            missing_target: concat!($format, "-missing-target"),
            bad_attribute: concat!($format, "-bad-attribute"),
            entity_known: concat!($format, "-entity-known"),
        }
    };
}
pub(super) use rules;

/// Where an annotation stands in its file.
#[derive(Clone, Copy, Debug)]
pub(super) struct Origin<'o> {
    /// The file.
    pub(super) file: &'o str,
    /// Its line, counted from 1, where that is known.
    pub(super) line: Option<usize>,
    /// The annotation as it is written there: kept as residue where it finds no place.
    pub(super) raw: &'o str,
}

impl Origin<'_> {
    /// A finding that stands here.
    pub(super) fn finding(self, severity: Severity, rule: &'static str, message: impl AsRef<str>) -> Finding {
        let mut finding = Finding::new(severity, rule, message).in_file(self.file);
        finding.line = self.line;
        finding
    }
}

/// A sheet while it is made.
pub(super) struct SheetBuilder<'b, 'l, 'k> {
    rules: &'static Rules,
    document: &'b DocumentId,
    text: &'b Text,
    pub(super) vocabulary: &'b mut Vocabulary<'k>,
    ids: &'b mut IdSource,
    to: &'b mut dyn Receiver,
    pub(super) sheet: Sheet,
    // Ids of the file that were met, and what they became.
    met: BTreeSet<Cow<'l, str>>,
    nodes: BTreeMap<Cow<'l, str>, Node>,
    rows: usize,
    // What could not be placed, one annotation a line.
    lost: String,
    on_one_line: fn(&str) -> Cow<'_, str>,
    quotes: Quotes<'b>,
}

impl<'b, 'l, 'k> SheetBuilder<'b, 'l, 'k> {
    /// An empty sheet.
    pub(super) fn new(
        rules: &'static Rules,
        (document, text): (&'b DocumentId, &'b Text),
        vocabulary: &'b mut Vocabulary<'k>,
        ids: &'b mut IdSource,
        to: &'b mut dyn Receiver,
    ) -> Self {
        let (sheet, met, nodes, lost, quotes) = (Sheet::default(), BTreeSet::new(), BTreeMap::new(), String::new(), Quotes::new(text));
        Self { rules, document, text, vocabulary, ids, to, sheet, met, nodes, rows: 0, lost, on_one_line: |raw| raw.into(), quotes }
    }

    /// Annotations stand in the file on several lines: this makes one of them.
    pub(super) fn set_on_one_line(&mut self, on_one_line: fn(&str) -> Cow<'_, str>) {
        self.on_one_line = on_one_line;
    }

    /// The document's text.
    pub(super) fn text(&self) -> &'b Text {
        self.text
    }

    /// Says something about an annotation.
    pub(super) fn finding(&mut self, from: Origin<'_>, severity: Severity, rule: &'static str, message: impl AsRef<str>) {
        self.to.finding(from.finding(severity, rule, message).about(self.document));
    }

    /// Passes a finding on, as one about the document.
    pub(super) fn pass(&mut self, finding: Finding) {
        self.to.finding(finding.about(self.document));
    }

    /// What the offsets of a file were found to count.
    pub(super) fn tell(&mut self, choice: &Choice, rule: &'static str, file: &str) {
        choice.evidence().into_iter().for_each(|evidence| self.to.evidence(evidence));
        choice.finding(rule).into_iter().for_each(|finding| self.pass(finding.in_file(file)));
    }

    /// The annotation goes to the residue.
    pub(super) fn lose(&mut self, from: Origin<'_>, rule: &'static str, why: impl std::fmt::Display) {
        self.finding(from, Severity::Warning, rule, format!("{why}; the {} was kept aside", self.rules.item));
        self.keep_aside(&(self.on_one_line)(from.raw));
    }

    /// Text that goes to the residue; somebody else has said so.
    pub(super) fn keep_aside(&mut self, raw: &str) {
        if !self.lost.is_empty() {
            self.lost.push('\n');
        }
        self.lost.push_str(raw);
    }

    /// True where something was kept aside.
    pub(super) fn has_residue(&self) -> bool {
        !self.lost.is_empty()
    }

    /// Takes an annotation in that makes so many rows, under its id in the file, where it has one. False when there are too
    /// many or the id is taken; then it is lost.
    pub(super) fn admit(&mut self, from: Origin<'_>, id: Option<Cow<'l, str>>, rows: usize) -> bool {
        if self.is_full(rows) {
            self.lose(from, self.rules.too_many, format!("there are more than {MAX_ROWS} annotations of this document"));
            return false;
        }
        if id.is_some_and(|id| !self.met.insert(id)) {
            self.lose(from, self.rules.double_id, format!("this id stands in an earlier {} already", self.rules.item));
            return false;
        }
        self.rows += rows;
        true
    }

    /// True when so many rows more are too many.
    pub(super) fn is_full(&self, rows: usize) -> bool {
        self.rows + rows > MAX_ROWS
    }

    /// The place of counted ranges. Where the file's surface text stands elsewhere, its only place is taken; of several none is, and
    /// where it stands nowhere the offsets are.
    pub(super) fn place(&mut self, from: Origin<'_>, view: &View<'_>, counted: &[(usize, usize)], surface: Option<&str>) -> Option<Ranges> {
        let text = self.text;
        let said = view.ranges(text, counted);
        if said.as_ref().is_some_and(|ranges| surface.is_none_or(|surface| is_surface(text, ranges, surface))) {
            return said.and_then(Ranges::new);
        }
        let quote = surface.unwrap_or_default();
        let start = counted.first().and_then(|(start, _)| view.to_byte(*start)).unwrap_or(text.len());
        match self.quotes.find(quote, start) {
            found @ (Anchor::Exact(range) | Anchor::Unique(range)) => {
                let how = if matches!(found, Anchor::Exact(_)) { "It begins there, and its own end" } else { "Its only place in the text" };
                let message = format!("“{}” is not at these offsets. {how} was taken; look at it", short(quote));
                self.finding(from, Severity::Warning, self.rules.moved, message);
                Some(range.into())
            }
            Anchor::Candidates(places) => {
                let places = show_places(text, &places);
                self.lose(from, self.rules.moved, format!("“{}” is not at these offsets, and stands at several places ({places})", short(quote)));
                None
            }
            _ if said.is_some() => {
                self.say_text_differs(from, said.as_deref().unwrap_or_default(), quote);
                said.and_then(Ranges::new)
            }
            _ => {
                self.lose(from, self.rules.out_of_range, "these offsets are empty or lie outside the text");
                None
            }
        }
    }

    fn say_text_differs(&mut self, from: Origin<'_>, said: &[TextRange], quote: &str) {
        let there = Ranges::new(said.to_vec()).map(|ranges| self.text.quote(&ranges)).unwrap_or_default();
        let item = self.rules.item;
        let message =
            format!("the text at these offsets is “{}”, but the {item} says “{}”. The offsets were taken; look at it", short(&there), short(quote));
        self.finding(from, Severity::Warning, self.rules.text_differs, message);
    }

    /// A span, or a claim where the label is one for claims.
    pub(super) fn add_mark(&mut self, from: Origin<'_>, name: &str, ranges: Ranges) -> Node {
        let label = self.label(from, name);
        match self.vocabulary.kind_of(&label) {
            LabelKind::Claim => self.add_claim(label, Some(ranges)),
            _ => self.add_span(label, ranges),
        }
    }

    /// The label of a name; one that cannot be a key is said.
    pub(super) fn label(&mut self, from: Origin<'_>, name: &str) -> LabelKey {
        let label = self.vocabulary.label(name);
        if self.vocabulary.is_newly_odd(name) {
            let message = format!("the label `{}` holds what a key may not. It was read as {label}", short(name));
            self.finding(from, Severity::Note, self.rules.odd_name, message);
        }
        label
    }

    /// A claim.
    pub(super) fn add_claim(&mut self, label: LabelKey, content: Option<Ranges>) -> Node {
        let id = ClaimId(self.ids.next_id());
        self.sheet.claims.insert(id, Claim::new(label, content));
        Node::Claim(id)
    }

    /// A span.
    pub(super) fn add_span(&mut self, label: LabelKey, ranges: Ranges) -> Node {
        let id = SpanId(self.ids.next_id());
        self.sheet.spans.insert(id, Span::new(ranges, label));
        Node::Span(id)
    }

    /// What an id of the file became.
    pub(super) fn set_node(&mut self, id: impl Into<Cow<'l, str>>, node: Node) {
        self.nodes.insert(id.into(), node);
    }

    /// What an id of the file became; none when it names nothing that was placed.
    pub(super) fn node(&self, id: &str) -> Option<Node> {
        self.nodes.get(id).copied()
    }

    /// Fills a role of a claim with what the file names.
    pub(super) fn fill_role(&mut self, from: Origin<'_>, claim: ClaimId, role: &str, target: &str) {
        match self.node(target) {
            Some(Node::Span(id)) => self.fill(claim, role, Filler::Span(id)),
            Some(Node::Claim(id)) => self.fill(claim, role, Filler::Claim(id)),
            _ => self.lose(from, self.rules.missing_target, format!("there is no {} to fill the role {role}", short(target))),
        }
    }

    /// Fills a role of a claim.
    pub(super) fn fill(&mut self, claim: ClaimId, role: &str, filler: Filler) {
        let role = self.vocabulary.role(role);
        if let Some(claim) = self.sheet.claims.get_mut(&claim) {
            claim.roles.entry(role).or_default().push(filler);
        }
    }

    /// A relation between two ids of the file; none when one of them names nothing, which is said.
    pub(super) fn relate(&mut self, from: Origin<'_>, kind: &str, [source, target]: [&str; 2]) -> Option<Node> {
        let (Some(source), Some(target)) = (self.node(source), self.node(target)) else {
            self.lose(from, self.rules.missing_target, "one of the arguments does not exist");
            return None;
        };
        Some(self.add_relation(kind, source, target))
    }

    /// A relation.
    pub(super) fn add_relation(&mut self, kind: &str, source: Node, target: Node) -> Node {
        let id = RelationId(self.ids.next_id());
        self.sheet.relations.insert(id, Relation::new(self.vocabulary.relation(kind), source, target));
        Node::Relation(id)
    }

    /// Sets an attribute of what an id of the file became.
    pub(super) fn set_attribute_of(&mut self, from: Origin<'_>, target: &str, name: &str, value: &str) {
        match self.node(target) {
            Some(node) => self.set_attribute(from, node, name, value),
            None => self.lose(from, self.rules.bad_attribute, format!("there is no {}", short(target))),
        }
    }

    /// Sets an attribute.
    pub(super) fn set_attribute(&mut self, from: Origin<'_>, node: Node, name: &str, value: &str) {
        if let Err(why) = self.try_set_attribute(node, name, value) {
            self.lose(from, self.rules.bad_attribute, why);
        }
    }

    /// Sets an attribute.
    ///
    /// # Errors
    /// When the value does not fit the codebook.
    pub(super) fn try_set_attribute(&mut self, node: Node, name: &str, value: &str) -> Result<(), String> {
        let (key, value) = self.vocabulary.attribute(name, value)?;
        self.set_value(node, key, value);
        Ok(())
    }

    /// Sets an attribute that the codebook was asked about.
    pub(super) fn set_value(&mut self, node: Node, key: AttributeKey, value: AttributeValue) {
        self.change(node, |details| drop(details.attributes.insert(key, value)));
    }

    /// The entity of a reference, made when nobody knows it.
    pub(super) fn entity(&mut self, (base, entry, name): (&str, &str, &str), label: Option<&LabelKey>) -> EntityId {
        self.vocabulary.entity(base, entry, name, label, self.ids)
    }

    /// Sets an attribute of the document.
    pub(super) fn set_document_attribute(&mut self, from: Origin<'_>, name: &str, value: &str) {
        match self.vocabulary.document_attribute(name, value) {
            Ok((key, value)) => drop(self.sheet.info.attributes.insert(key, value)),
            Err(why) => self.lose(from, self.rules.bad_attribute, why),
        }
    }

    /// Adds to a note, on a line of its own.
    pub(super) fn add_note(&mut self, node: Node, text: &str) {
        self.change(node, |details| append(&mut details.note, text));
    }

    /// Keeps what a row has beside everything that has a place.
    pub(super) fn set_residue(&mut self, node: Node, rest: String) {
        let format = self.rules.format;
        self.change(node, |details| drop(details.residue.insert(format.to_owned(), rest)));
    }

    /// Adds to the note on the document, on a line of its own.
    pub(super) fn add_document_note(&mut self, text: &str) {
        append(&mut self.sheet.info.note, text);
    }

    /// A span means an entry of a knowledge base. All references of a span are of one entity.
    pub(super) fn refer(&mut self, from: Origin<'_>, span: SpanId, (base, entry, name): (&str, &str, &str)) {
        let Some(span) = self.sheet.spans.get_mut(&span) else { return };
        match span.entity {
            None => span.entity = Some(self.vocabulary.entity(base, entry, name, Some(&span.label), self.ids)),
            Some(entity) if !self.vocabulary.add_reference(entity, base, entry) => {
                let why = "the project's entity does not have this entry; add it by hand if it is right";
                self.lose(from, self.rules.entity_known, why);
            }
            Some(_) => {}
        }
    }

    /// An entity that is known by its mentions only.
    pub(super) fn new_entity(&mut self, name: &str, label: Option<&LabelKey>) -> EntityId {
        self.vocabulary.new_entity(name, label, self.ids)
    }

    /// Changes attributes and note of a row, whatever it is.
    fn change(&mut self, node: Node, change: impl FnOnce(&mut SpanExtras)) {
        match node {
            Node::Span(id) => {
                if let Some(span) = self.sheet.spans.get_mut(&id) {
                    span.change_extras(change);
                }
            }
            Node::Claim(id) => {
                if let Some(claim) = self.sheet.claims.get_mut(&id) {
                    with_extras((&mut claim.attributes, &mut claim.note, &mut claim.residue), change);
                }
            }
            Node::Relation(id) => {
                if let Some(relation) = self.sheet.relations.get_mut(&id) {
                    with_extras((&mut relation.attributes, &mut relation.note, &mut relation.residue), change);
                }
            }
            Node::Entity(_) => {}
        }
    }

    /// The sheet, begun where it holds anything.
    pub(super) fn finish(mut self) -> Sheet {
        if !self.lost.is_empty() {
            let residue = self.sheet.info.residue.entry(self.rules.format.to_owned()).or_default();
            append(residue, &self.lost);
        }
        if !self.sheet.is_blank() {
            self.sheet.info.status = Status::InProgress;
        }
        self.sheet
    }
}

/// The beginning of a text from a file, for a message.
pub(super) fn short(text: &str) -> String {
    text.chars().take(60).collect()
}

fn with_extras((attributes, note, residue): (&mut Attributes, &mut String, &mut Residue), change: impl FnOnce(&mut SpanExtras)) {
    let mut extras = SpanExtras { attributes: take(attributes), note: take(note), residue: take(residue) };
    change(&mut extras);
    (*attributes, *note, *residue) = (extras.attributes, extras.note, extras.residue);
}

fn append(note: &mut String, text: &str) {
    if !note.is_empty() {
        note.push('\n');
    }
    note.push_str(text);
}
