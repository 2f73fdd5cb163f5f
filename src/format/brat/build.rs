//! From the lines of a document's `.ann` files to one sheet. What cannot be placed is a finding and residue.

use std::collections::{BTreeMap, BTreeSet};

use super::line::{Line, parse};
use super::view::{Counting, View, best_counting, is_surface, seen_text};
use super::vocabulary::{OWN_BASE, Vocabulary};
use super::{FORMAT, is_break};
use crate::format::{MAX_BAD_LINES, Receiver};
use crate::model::{
    Claim, ClaimId, DocumentId, Filler, Finding, IdSource, LabelKey, LabelKind, Node, Relation, RelationId, Severity, Sheet, Span, SpanId, Status,
};
use crate::text::anchor::{Anchor, Quotes};
use crate::text::{Ranges, Text, TextRange};

/// Rows, ranges and arguments of one document; nobody makes so many, and each takes hundreds of bytes.
const MAX_ROWS: usize = 250_000;

/// What a sheet is made of.
pub(super) struct DocumentParts<'p> {
    pub(super) id: &'p DocumentId,
    pub(super) text: &'p Text,
    /// Names and contents of the `.ann` files.
    pub(super) files: &'p [(&'p str, String)],
}

/// A line and where it stands.
#[derive(Clone, Copy)]
struct Place<'l> {
    file: &'l str,
    number: usize,
    raw: &'l str,
}

/// A line of text that found its place.
struct Marked<'l> {
    place: Place<'l>,
    kind: &'l str,
    ranges: Ranges,
}

struct Builder<'b, 'l> {
    parts: &'b DocumentParts<'l>,
    ids: &'b mut IdSource,
    to: &'b mut dyn Receiver,
    sheet: Sheet,
    /// What ids of the file became.
    nodes: BTreeMap<&'l str, Node>,
    /// Lines that could not be placed.
    lost: String,
    quotes: Quotes<'b>,
    /// Types that were said to be odd.
    odd: BTreeSet<&'l str>,
}

/// Makes the sheet.
pub(super) fn build_sheet<'l>(parts: &DocumentParts<'l>, vocabulary: &mut Vocabulary<'_>, ids: &mut IdSource, to: &mut dyn Receiver) -> Sheet {
    let (nodes, odd, quotes) = (BTreeMap::new(), BTreeSet::new(), Quotes::new(parts.text));
    let mut builder = Builder { parts, ids, to, sheet: Sheet::default(), nodes, lost: String::new(), quotes, odd };
    let lines = builder.parse_all();
    let marked = builder.place_all(&lines);
    builder.add_events(&lines, &marked, vocabulary);
    builder.add_spans(&marked, vocabulary);
    for (place, line) in &lines {
        builder.add_arguments(*place, line, vocabulary);
    }
    for (place, line) in &lines {
        builder.add_relations(*place, line, vocabulary);
    }
    builder.add_references(&lines, vocabulary);
    for (place, line) in &lines {
        builder.add_details(*place, line, vocabulary);
    }
    builder.finish()
}

impl<'l> Builder<'_, 'l> {
    fn finding(&mut self, place: Place<'_>, severity: Severity, rule: &'static str, message: impl AsRef<str>) {
        self.to.finding(Finding::new(severity, rule, message).in_file(place.file).at_line(place.number).about(self.parts.id));
    }

    /// Something good to know about the document.
    fn say(&mut self, rule: &'static str, message: impl AsRef<str>) {
        let file = self.parts.files.first().map_or("", |(file, _)| file);
        self.to.finding(Finding::new(Severity::Note, rule, message).in_file(file).about(self.parts.id));
    }

    /// The line goes to the residue.
    fn lose(&mut self, place: Place<'l>, rule: &'static str, why: impl std::fmt::Display) {
        self.finding(place, Severity::Warning, rule, format!("{why}; the line was kept aside"));
        if !self.lost.is_empty() {
            self.lost.push('\n');
        }
        self.lost.push_str(place.raw);
    }

    /// A line and all behind it go to the residue at once.
    fn lose_rest(&mut self, file: &str, content: &str, line: &str, number: usize) {
        let start = line.as_ptr().addr() - content.as_ptr().addr();
        let place = Place { file, number, raw: line };
        let message = format!("{MAX_BAD_LINES} lines before this one could not be used; the rest of the file was kept aside unread");
        self.finding(place, Severity::Error, "brat-bad-lines", message);
        self.lost.push('\n');
        self.lost.push_str(content.get(start..).unwrap_or_default());
    }

    fn parse_all(&mut self) -> Vec<(Place<'l>, Line<'l>)> {
        let mut lines = Vec::new();
        let (mut seen, mut rows, mut bad) = (BTreeSet::new(), 0, 0);
        for (file, content) in self.parts.files {
            for (index, line) in content.split('\n').enumerate() {
                if bad == MAX_BAD_LINES {
                    self.lose_rest(file, content, line, index + 1);
                    break;
                }
                let raw = line.strip_suffix('\r').unwrap_or(line);
                let place = Place { file, number: index + 1, raw };
                if raw.trim().is_empty() {
                    continue;
                }
                match parse(raw) {
                    Ok(line) if rows + line.rows() > MAX_ROWS => {
                        bad += 1;
                        self.lose(place, "brat-too-many", format!("there are more than {MAX_ROWS} annotations of this document"));
                    }
                    Ok(line) if is_double(&line, &mut seen) => {
                        bad += 1;
                        self.lose(place, "brat-double-id", "this id stands in an earlier line already");
                    }
                    Ok(line) => {
                        rows += line.rows();
                        lines.push((place, line));
                    }
                    Err(why) => {
                        bad += 1;
                        self.lose(place, "brat-bad-line", format!("this line makes no sense: {why}"));
                    }
                }
            }
        }
        lines
    }

    /// All text-bound lines with their ranges in the text.
    fn place_all(&mut self, lines: &[(Place<'l>, Line<'l>)]) -> BTreeMap<&'l str, Marked<'l>> {
        let text = self.parts.text;
        let counting = self.choose_counting(lines);
        let (seen, shifts) = seen_text(text, counting);
        let view = View::new(&seen, shifts, counting);
        let mut marked = BTreeMap::new();
        let mut rejoined = 0;
        for (place, line) in lines {
            let Line::Text { id, kind, fragments, text: surface } = line else {
                continue;
            };
            let said: Option<Vec<TextRange>> = fragments.iter().map(|fragment| view.range(text, *fragment)).collect();
            let start = fragments.first().and_then(|(start, _)| view.to_byte(*start)).unwrap_or(text.len());
            if let Some(said) = self.place_one(*place, said, *surface, start) {
                let ranges = join_at_breaks(text, &said);
                rejoined += usize::from(ranges != said);
                marked.insert(*id, Marked { place: *place, kind, ranges });
            }
        }
        if rejoined > 0 {
            self.say("brat-rejoined", format!("{rejoined} spans in pieces with nothing but line ends or tabs between them were made whole"));
        }
        marked
    }

    fn choose_counting(&mut self, lines: &[(Place<'l>, Line<'l>)]) -> Counting {
        let spans = lines.iter().filter_map(|(_, line)| match line {
            Line::Text { fragments, text: Some(surface), .. } => Some((fragments.clone(), (*surface).to_owned())),
            _ => None,
        });
        let spans: Vec<_> = spans.collect();
        let (counting, fits) = best_counting(self.parts.text, &spans);
        if counting != Counting::BRAT {
            let message = format!("the offsets count {} ({fits} of {} spans fit their text then)", counting.describe(), spans.len());
            self.say("brat-offsets", message);
        }
        counting
    }

    fn place_one(&mut self, place: Place<'l>, said: Option<Vec<TextRange>>, surface: Option<&str>, start: usize) -> Option<Ranges> {
        let text = self.parts.text;
        let fits = said.as_ref().is_some_and(|ranges| surface.is_none_or(|surface| is_surface(text, ranges, surface)));
        if fits {
            return said.and_then(Ranges::new);
        }
        let quote = surface.unwrap_or_default();
        let short = |text: &str| text.chars().take(60).collect::<String>();
        match self.quotes.find(quote, start) {
            Anchor::Exact(range) | Anchor::Unique(range) => {
                let message = format!("“{}” is not at these offsets. Its only place in the text was taken; look at it", short(quote));
                self.finding(place, Severity::Warning, "brat-moved", message);
                Some(range.into())
            }
            _ if said.is_some() => {
                let there = said.clone().and_then(Ranges::new).map(|ranges| text.quote(&ranges)).unwrap_or_default();
                let message = format!(
                    "the text at these offsets is “{}”, but the line says “{}”. The offsets were taken; look at it",
                    short(&there),
                    short(quote)
                );
                self.finding(place, Severity::Warning, "brat-text-differs", message);
                said.and_then(Ranges::new)
            }
            _ => {
                self.lose(place, "brat-out-of-range", "these offsets are empty or lie outside the text");
                None
            }
        }
    }

    /// Events whose label is one for claims become claims. Others become spans; their arguments are kept aside.
    fn add_events(&mut self, lines: &[(Place<'l>, Line<'l>)], marked: &BTreeMap<&'l str, Marked<'l>>, vocabulary: &mut Vocabulary<'_>) {
        for (place, line) in lines {
            let Line::Event { id, kind, trigger, arguments } = line else {
                continue;
            };
            let label = vocabulary.label(kind);
            let content = marked.get(trigger);
            if let Some(differs) = content.filter(|marked| marked.kind != *kind).map(|marked| marked.kind) {
                self.finding(
                    *place,
                    Severity::Note,
                    "brat-trigger-type",
                    format!("the trigger's type {differs} differs from the event's, which is taken"),
                );
            }
            match (vocabulary.kind_of(&label), content) {
                (LabelKind::Claim, content) => {
                    if content.is_none() {
                        self.finding(*place, Severity::Warning, "brat-missing-target", format!("there is no {trigger}; the claim has no content"));
                    }
                    let node = self.add_claim(label, content.map(|marked| marked.ranges.clone()));
                    self.nodes.insert(id, node);
                    self.nodes.entry(trigger).or_insert(node);
                }
                (_, Some(content)) => {
                    let node = self.nodes.get(trigger).copied();
                    let node = node.unwrap_or_else(|| self.add_span(label, content.ranges.clone()));
                    self.nodes.insert(id, node);
                    self.nodes.insert(trigger, node);
                    if !arguments.is_empty() {
                        self.lose(*place, "brat-not-a-claim", format!("{kind} is not a label for claims; its span is kept, its arguments are not"));
                    }
                }
                (_, None) => self.lose(*place, "brat-missing-target", format!("there is no {trigger}")),
            }
        }
    }

    fn add_spans(&mut self, marked: &BTreeMap<&'l str, Marked<'l>>, vocabulary: &mut Vocabulary<'_>) {
        for (id, marked) in marked {
            if self.nodes.contains_key(id) {
                continue;
            }
            let label = vocabulary.label(marked.kind);
            if LabelKey::new(marked.kind).is_err() && self.odd.insert(marked.kind) {
                let message = format!("the type `{}` holds what a key may not. It was read as {label}", marked.kind);
                self.finding(marked.place, Severity::Note, "brat-odd-type", message);
            }
            let node = match vocabulary.kind_of(&label) {
                LabelKind::Claim => self.add_claim(label, Some(marked.ranges.clone())),
                _ => self.add_span(label, marked.ranges.clone()),
            };
            self.nodes.insert(id, node);
        }
    }

    fn add_claim(&mut self, label: LabelKey, content: Option<Ranges>) -> Node {
        let id = ClaimId(self.ids.next_id());
        self.sheet.claims.insert(id, Claim::new(label, content));
        Node::Claim(id)
    }

    fn add_span(&mut self, label: LabelKey, ranges: Ranges) -> Node {
        let id = SpanId(self.ids.next_id());
        self.sheet.spans.insert(id, Span::new(ranges, label));
        Node::Span(id)
    }

    fn add_arguments(&mut self, place: Place<'l>, line: &Line<'l>, vocabulary: &mut Vocabulary<'_>) {
        let Line::Event { id, arguments, .. } = line else {
            return;
        };
        let Some(Node::Claim(claim)) = self.nodes.get(id).copied() else {
            return;
        };
        for (role, target) in arguments {
            let filler = match self.nodes.get(target) {
                Some(Node::Span(id)) => Filler::Span(*id),
                Some(Node::Claim(id)) => Filler::Claim(*id),
                _ => {
                    self.lose(place, "brat-missing-target", format!("there is no {target} to fill the role {role}"));
                    continue;
                }
            };
            let role = vocabulary.role(role);
            if let Some(claim) = self.sheet.claims.get_mut(&claim) {
                claim.roles.entry(role).or_default().push(filler);
            }
        }
    }

    fn add_relations(&mut self, place: Place<'l>, line: &Line<'l>, vocabulary: &mut Vocabulary<'_>) {
        match line {
            Line::Relation { id, kind, arguments } => {
                let ends: Vec<Node> = arguments.iter().filter_map(|(_, target)| self.nodes.get(target).copied()).collect();
                let [from, to] = ends.as_slice() else {
                    return self.lose(place, "brat-missing-target", "one of the arguments does not exist");
                };
                let node = self.add_relation(vocabulary, kind, *from, *to);
                self.nodes.insert(id, node);
            }
            Line::Equiv { kind, members } => {
                let nodes: Vec<Node> = members.iter().filter_map(|member| self.nodes.get(member).copied()).collect();
                if nodes.len() < members.len() {
                    self.lose(place, "brat-missing-target", "one of the members does not exist");
                }
                for pair in nodes.windows(2) {
                    if let [from, to] = pair {
                        self.add_relation(vocabulary, kind, *from, *to);
                    }
                }
            }
            _ => {}
        }
    }

    fn add_relation(&mut self, vocabulary: &mut Vocabulary<'_>, kind: &str, from: Node, to: Node) -> Node {
        let id = RelationId(self.ids.next_id());
        self.sheet.relations.insert(id, Relation::new(vocabulary.relation(kind), from, to));
        Node::Relation(id)
    }

    /// All references of a span are of one entity; our own id among them comes first.
    fn add_references(&mut self, lines: &[(Place<'l>, Line<'l>)], vocabulary: &mut Vocabulary<'_>) {
        let is_own = |line: &Line<'_>| matches!(line, Line::Reference { base, .. } if *base == OWN_BASE);
        let (own, others): (Vec<_>, Vec<_>) = lines.iter().partition(|(_, line)| is_own(line));
        for (place, line) in own.into_iter().chain(others) {
            let Line::Reference { target, base, entry, name, .. } = line else {
                continue;
            };
            let span = match self.nodes.get(target) {
                Some(Node::Span(id)) => self.sheet.spans.get_mut(id),
                _ => None,
            };
            let Some(span) = span else {
                self.lose(*place, "brat-missing-target", format!("there is no span {target} to refer to an entity"));
                continue;
            };
            match span.entity {
                None => span.entity = Some(vocabulary.entity(base, entry, name, Some(&span.label), self.ids)),
                Some(entity) if !vocabulary.add_reference(entity, base, entry) => {
                    self.lose(*place, "brat-entity-known", "the project's entity does not have this entry; add it by hand if it is right");
                }
                Some(_) => {}
            }
        }
    }

    fn add_details(&mut self, place: Place<'l>, line: &Line<'l>, vocabulary: &mut Vocabulary<'_>) {
        match line {
            Line::Attribute { kind, target, value, .. } => {
                let result = match self.nodes.get(target) {
                    Some(node) => vocabulary.attribute(kind, value).map(|(key, value)| (*node, key, value)),
                    None => Err(format!("there is no {target}")),
                };
                match result {
                    Ok((node, key, value)) => self.change(node, |details| drop(details.attributes.insert(key, value))),
                    Err(why) => self.lose(place, "brat-bad-attribute", why),
                }
            }
            Line::Note { kind, target, text } => match self.nodes.get(target).copied() {
                Some(Node::Claim(id)) if *kind == "Normalized" => {
                    if let Some(claim) = self.sheet.claims.get_mut(&id) {
                        (*text).clone_into(&mut claim.normalized);
                    }
                }
                Some(node) if *kind == "AnnotatorNotes" => self.change(node, |details| append(&mut details.note, text)),
                Some(_) => self.lose(place, "brat-comment", format!("comments of the kind {kind} have no place")),
                None => self.lose(place, "brat-missing-target", format!("there is no {target}")),
            },
            _ => {}
        }
    }

    fn change(&mut self, node: Node, change: impl FnOnce(&mut crate::model::SpanExtras)) {
        match node {
            Node::Span(id) => {
                if let Some(span) = self.sheet.spans.get_mut(&id) {
                    span.change_extras(change);
                }
            }
            Node::Claim(id) => {
                if let Some(claim) = self.sheet.claims.get_mut(&id) {
                    with_extras(&mut claim.attributes, &mut claim.note, change);
                }
            }
            Node::Relation(id) => {
                if let Some(relation) = self.sheet.relations.get_mut(&id) {
                    with_extras(&mut relation.attributes, &mut relation.note, change);
                }
            }
            Node::Entity(_) => {}
        }
    }

    fn finish(mut self) -> Sheet {
        if !self.lost.is_empty() {
            self.sheet.info.residue.insert(FORMAT.name.to_owned(), self.lost);
        }
        if !self.sheet.is_blank() {
            self.sheet.info.status = Status::InProgress;
        }
        self.sheet
    }
}

fn with_extras(attributes: &mut crate::model::Attributes, note: &mut String, change: impl FnOnce(&mut crate::model::SpanExtras)) {
    let mut extras = crate::model::SpanExtras { attributes: std::mem::take(attributes), note: std::mem::take(note), ..Default::default() };
    change(&mut extras);
    (*attributes, *note) = (extras.attributes, extras.note);
}

fn append(note: &mut String, text: &str) {
    if !note.is_empty() {
        note.push('\n');
    }
    note.push_str(text);
}

fn is_double<'l>(line: &Line<'l>, seen: &mut BTreeSet<&'l str>) -> bool {
    match line {
        Line::Text { id, .. } | Line::Event { id, .. } | Line::Relation { id, .. } => !seen.insert(id),
        _ => false,
    }
}

/// Fragments with nothing but line ends or tabs between them were one span: brat cannot hold such a span whole.
fn join_at_breaks(text: &Text, ranges: &Ranges) -> Ranges {
    let mut joined: Vec<TextRange> = Vec::new();
    for range in ranges.iter() {
        let gap = joined.last().and_then(|last| text.as_str().get(last.end()..range.start()));
        match joined.last_mut() {
            Some(last) if gap.is_some_and(|gap| gap.chars().all(is_break)) => *last = last.hull(range),
            _ => joined.push(range),
        }
    }
    Ranges::new(joined).unwrap_or_else(|| ranges.clone())
}
