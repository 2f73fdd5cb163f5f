//! From the lines of a document's `.ann` files to one sheet. What cannot be placed is a finding and residue.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use super::ids::OldIds;
use super::is_break;
use super::line::{Line, parse};
use crate::format::counting::{Counted, Counting, View, choose_for_text, seen_text};
use crate::format::sheet_builder::{Origin, Rules, SheetBuilder, rules};
use crate::format::vocabulary::{OWN_BASE, Vocabulary};
use crate::format::{MAX_BAD_LINES, ReadOptions, Receiver};
use crate::model::{DocumentId, Finding, LabelKind, Node, Severity, Sheet};
use crate::text::offsets::OffsetUnit;
use crate::text::{Ranges, Text, TextRange};

static RULES: Rules = rules!("brat", "line");

/// What a sheet is made of.
pub(super) struct DocumentParts<'p> {
    pub(super) id: &'p DocumentId,
    pub(super) text: &'p Text,
    /// Names and contents of the `.ann` files.
    pub(super) files: &'p [(&'p str, String)],
}

/// A line of text that found its place.
struct Marked<'l> {
    from: Origin<'l>,
    kind: &'l str,
    ranges: Ranges,
}

struct Builder<'b, 'l, 'k> {
    parts: &'b DocumentParts<'l>,
    out: SheetBuilder<'b, 'l, 'k>,
    unit: Option<OffsetUnit>,
    // Relations that stand for a line with `*`, and the number of that line.
    equivs: Vec<(usize, Node)>,
}

/// Makes the sheet.
pub(super) fn build_sheet<'l>(parts: &DocumentParts<'l>, vocabulary: &mut Vocabulary<'_>, options: &mut ReadOptions, to: &mut dyn Receiver) -> Sheet {
    let unit = options.unit;
    let out = SheetBuilder::new(&RULES, (parts.id, parts.text), vocabulary, &mut options.ids, to);
    let mut builder = Builder { parts, out, unit, equivs: Vec::new() };
    let lines = builder.parse_all();
    let marked = builder.place_all(&lines);
    builder.add_events(&lines, &marked);
    builder.add_marks(&marked);
    for (from, line) in &lines {
        builder.add_arguments(*from, line);
    }
    for (from, line) in &lines {
        builder.add_relations(*from, line);
    }
    builder.add_references(&lines);
    for (from, line) in &lines {
        builder.add_details(*from, line);
    }
    builder.keep_ids(&lines);
    builder.out.finish()
}

impl<'l> Builder<'_, 'l, '_> {
    /// Something good to know about the document.
    fn say(&mut self, rule: &'static str, message: impl AsRef<str>) {
        let file = self.parts.files.first().map_or("", |(file, _)| file);
        self.out.pass(Finding::new(Severity::Note, rule, message).in_file(file));
    }

    /// A line and all behind it go to the residue at once.
    fn lose_rest(&mut self, file: &str, content: &str, line: &str, number: usize) {
        let start = line.as_ptr().addr() - content.as_ptr().addr();
        let from = Origin { file, line: Some(number), raw: line };
        let message = format!("{MAX_BAD_LINES} lines before this one could not be used; the rest of the file was kept aside unread");
        self.out.finding(from, Severity::Error, "brat-bad-lines", message);
        self.out.keep_aside(content.get(start..).unwrap_or_default());
    }

    fn parse_all(&mut self) -> Vec<(Origin<'l>, Line<'l>)> {
        let mut lines = Vec::new();
        let mut bad = 0;
        for (file, content) in self.parts.files {
            for (index, line) in content.split('\n').enumerate() {
                if bad == MAX_BAD_LINES {
                    self.lose_rest(file, content, line, index + 1);
                    break;
                }
                let raw = line.strip_suffix('\r').unwrap_or(line);
                let from = Origin { file, line: Some(index + 1), raw };
                if raw.trim().is_empty() {
                    continue;
                }
                match parse(raw) {
                    Ok(line) if self.out.admit(from, id_of(&line), line.rows()) => lines.push((from, line)),
                    Ok(_) => bad += 1,
                    Err(why) => {
                        bad += 1;
                        self.out.lose(from, "brat-bad-line", format!("this line makes no sense: {why}"));
                    }
                }
            }
        }
        lines
    }

    /// All text-bound lines with their ranges in the text.
    fn place_all(&mut self, lines: &[(Origin<'l>, Line<'l>)]) -> BTreeMap<&'l str, Marked<'l>> {
        let text = self.parts.text;
        let counting = self.choose_counting(lines);
        let (seen, shifts) = seen_text(text, counting);
        let view = View::new(&seen, shifts, counting);
        let mut marked = BTreeMap::new();
        let mut rejoined = 0;
        for (from, line) in lines {
            let Line::Text { id, kind, fragments, text: surface } = line else {
                continue;
            };
            if let Some(said) = self.out.place(*from, &view, fragments, *surface) {
                let ranges = join_at_breaks(text, &said);
                rejoined += usize::from(ranges != said);
                marked.insert(*id, Marked { from: *from, kind, ranges });
            }
        }
        if rejoined > 0 {
            self.say("brat-rejoined", format!("{rejoined} spans in pieces with nothing but line ends or tabs between them were made whole"));
        }
        marked
    }

    fn choose_counting(&mut self, lines: &[(Origin<'l>, Line<'l>)]) -> Counting {
        let spans = lines.iter().filter_map(|(_, line)| match line {
            Line::Text { fragments, text: Some(surface), .. } => Some(Counted { ranges: fragments, surface: Some(surface) }),
            _ => None,
        });
        let spans: Vec<_> = spans.collect();
        let choice = choose_for_text(self.parts.text, &spans, OffsetUnit::CodePoints, self.unit);
        self.out.tell(&choice, "brat-offsets", self.parts.files.first().map_or("", |(file, _)| file));
        choice.counting
    }

    /// Events whose label is one for claims become claims. Others become spans; their arguments are kept aside.
    fn add_events(&mut self, lines: &[(Origin<'l>, Line<'l>)], marked: &BTreeMap<&'l str, Marked<'l>>) {
        for (from, line) in lines {
            let Line::Event { id, kind, trigger, arguments } = line else {
                continue;
            };
            let label = self.out.vocabulary.label(kind);
            let content = marked.get(trigger);
            if let Some(differs) = content.filter(|marked| marked.kind != *kind).map(|marked| marked.kind) {
                let message = format!("the trigger's type {differs} differs from the event's, which is taken");
                self.out.finding(*from, Severity::Note, "brat-trigger-type", message);
            }
            match (self.out.vocabulary.kind_of(&label), content) {
                (LabelKind::Claim, content) => {
                    if content.is_none() {
                        let message = format!("there is no {trigger}; the claim has no content");
                        self.out.finding(*from, Severity::Warning, RULES.missing_target, message);
                    }
                    let node = self.out.add_claim(label, content.map(|marked| marked.ranges.clone()));
                    self.out.set_node(*id, node);
                    if self.out.node(trigger).is_none() {
                        self.out.set_node(*trigger, node);
                    }
                }
                (_, Some(content)) => {
                    let node = self.out.node(trigger).unwrap_or_else(|| self.out.add_span(label, content.ranges.clone()));
                    self.out.set_node(*id, node);
                    self.out.set_node(*trigger, node);
                    if !arguments.is_empty() {
                        let why = format!("{kind} is not a label for claims; its span is kept, its arguments are not");
                        self.out.lose(*from, "brat-not-a-claim", why);
                    }
                }
                (_, None) => self.out.lose(*from, RULES.missing_target, format!("there is no {trigger}")),
            }
        }
    }

    fn add_marks(&mut self, marked: &BTreeMap<&'l str, Marked<'l>>) {
        for (id, marked) in marked {
            if self.out.node(id).is_none() {
                let node = self.out.add_mark(marked.from, marked.kind, marked.ranges.clone());
                self.out.set_node(*id, node);
            }
        }
    }

    fn add_arguments(&mut self, from: Origin<'l>, line: &Line<'l>) {
        let Line::Event { id, arguments, .. } = line else {
            return;
        };
        if let Some(Node::Claim(claim)) = self.out.node(id) {
            for (role, target) in arguments {
                self.out.fill_role(from, claim, role, target);
            }
        }
    }

    fn add_relations(&mut self, from: Origin<'l>, line: &Line<'l>) {
        match line {
            Line::Relation { id, kind, arguments } => {
                let [(_, source), (_, target)] = arguments.as_slice() else {
                    return;
                };
                if let Some(node) = self.out.relate(from, kind, [source, target]) {
                    self.out.set_node(*id, node);
                }
            }
            Line::Equiv { kind, members } => {
                let nodes: Vec<Node> = members.iter().filter_map(|member| self.out.node(member)).collect();
                if nodes.len() < members.len() {
                    self.out.lose(from, RULES.missing_target, "one of the members does not exist");
                }
                let number = self.equivs.last().map_or(1, |(number, _)| number + 1);
                for pair in nodes.windows(2) {
                    if let [source, target] = pair {
                        let node = self.out.add_relation(kind, *source, *target);
                        self.equivs.push((number, node));
                    }
                }
            }
            _ => {}
        }
    }

    /// All references of a span are of one entity; our own id among them comes first.
    fn add_references(&mut self, lines: &[(Origin<'l>, Line<'l>)]) {
        let is_own = |line: &Line<'_>| matches!(line, Line::Reference { base, .. } if *base == OWN_BASE);
        let (own, others): (Vec<_>, Vec<_>) = lines.iter().partition(|(_, line)| is_own(line));
        for (from, line) in own.into_iter().chain(others) {
            let Line::Reference { target, base, entry, name, .. } = line else {
                continue;
            };
            match self.out.node(target) {
                Some(Node::Span(span)) => self.out.refer(*from, span, (base, entry, name)),
                _ => self.out.lose(*from, RULES.missing_target, format!("there is no span {target} to refer to an entity")),
            }
        }
    }

    /// Lines that are kept aside name others by their ids, and so may other files: an export gives rows the ids that they had.
    fn keep_ids(&mut self, lines: &[(Origin<'l>, Line<'l>)]) {
        if !self.out.has_residue() && self.equivs.is_empty() && is_as_exported(lines) {
            return;
        }
        let mut ids = OldIds::default();
        for (_, line) in lines {
            match line {
                Line::Text { id, .. } | Line::Event { id, .. } | Line::Relation { id, .. } => {
                    self.out.node(id).into_iter().for_each(|node| ids.push(id, &name_of(node)));
                }
                Line::Attribute { id, kind, target, value } => {
                    let key = self.out.vocabulary.attribute(kind, value).ok().map(|(key, _)| key);
                    if let (Some(node), Some(key)) = (self.out.node(target), key) {
                        ids.push(id, &format!("{}/{key}", name_of(node)));
                    }
                }
                _ => {}
            }
        }
        for (number, node) in &self.equivs {
            ids.push(&format!("*{number}"), &name_of(*node));
        }
        let line = ids.into_line();
        if !line.is_empty() {
            self.out.keep_aside(&line);
        }
    }

    fn add_details(&mut self, from: Origin<'l>, line: &Line<'l>) {
        match line {
            Line::Attribute { kind, target, value, .. } => self.out.set_attribute_of(from, target, kind, value),
            Line::Note { kind, target, text } => match self.out.node(target) {
                Some(Node::Claim(id)) if *kind == "Normalized" => {
                    if let Some(claim) = self.out.sheet.claims.get_mut(&id) {
                        (*text).clone_into(&mut claim.normalized);
                    }
                }
                Some(node) if *kind == "AnnotatorNotes" => self.out.add_note(node, text),
                Some(_) => self.out.lose(from, "brat-comment", format!("comments of the kind {kind} have no place")),
                None => self.out.lose(from, RULES.missing_target, format!("there is no {target}")),
            },
            _ => {}
        }
    }
}

/// The id of a row as text.
fn name_of(node: Node) -> String {
    match node {
        Node::Span(id) => id.to_string(),
        Node::Claim(id) => id.to_string(),
        Node::Relation(id) => id.to_string(),
        Node::Entity(id) => id.to_string(),
    }
}

/// True where an export numbers the lines as they are: from 1, spans in the order of the text, then triggers so.
fn is_as_exported(lines: &[(Origin<'_>, Line<'_>)]) -> bool {
    let triggers: BTreeSet<&str> =
        lines.iter().filter_map(|(_, line)| if let Line::Event { trigger, .. } = line { Some(*trigger) } else { None }).collect();
    // Attributes of spans are written before those of events.
    let has = |is: fn(&Line<'_>) -> bool| lines.iter().any(|(_, line)| is(line));
    if has(|line| matches!(line, Line::Event { .. })) && has(|line| matches!(line, Line::Attribute { .. })) {
        return false;
    }
    let mut numbers: BTreeMap<&str, usize> = BTreeMap::new();
    let mut last = (false, 0);
    lines.iter().all(|(_, line)| {
        let (letter, id) = match line {
            Line::Text { id, .. } => ("T", id),
            Line::Event { id, .. } => ("E", id),
            Line::Relation { id, .. } => ("R", id),
            Line::Attribute { id, .. } => ("A", id),
            Line::Equiv { .. } => return false,
            Line::Reference { .. } | Line::Note { .. } => return true,
        };
        let number = numbers.entry(letter).or_default();
        *number += 1;
        let place = match line {
            Line::Text { id, fragments, .. } => (triggers.contains(id), fragments.first().map_or(0, |(start, _)| *start)),
            _ => last,
        };
        let is_in_order = last <= place;
        last = place;
        is_in_order && id.strip_prefix(letter) == Some(number.to_string().as_str())
    })
}

/// Only what others refer to has an id that must be its own.
fn id_of<'l>(line: &Line<'l>) -> Option<Cow<'l, str>> {
    match line {
        Line::Text { id, .. } | Line::Event { id, .. } | Line::Relation { id, .. } => Some(Cow::Borrowed(id)),
        _ => None,
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
