//! From the values that a mapping leads to, to the sheet of a document.

use std::collections::BTreeMap;

use serde_json::Value;

use super::RULES;
use super::mapping::{AnnotationMapping, Ends, Fill, JsonMapping, Name, Place, RelationMapping, RoleMapping};
use super::path::{Found, JsonPath, prune};
use super::text::{Assembled, NoBase, joined_text, plain_text};
use crate::format::counting::{Choice, Counted, Tally, View, seen_text};
use crate::format::sheet_builder::{Origin, SheetBuilder};
use crate::format::vocabulary::Vocabulary;
use crate::format::{Item, ReadOptions, Receiver};
use crate::model::{ClaimId, Filler, LabelKey, LabelKind, Node, Sheet};
use crate::text::{Ranges, Text};

const BAD_ANNOTATION: &str = "mapped-json-bad-annotation";

/// Something with a label and a place, as the file has it.
struct Mark {
    label: String,
    kind: LabelKind,
    piece: Option<usize>,
    ranges: Vec<(usize, usize)>,
    quote: Option<String>,
}

/// Everything with a label in a document, before it is known what its offsets count.
pub(super) struct Marks(Vec<Mark>);

impl Marks {
    pub(super) fn of(mapping: &JsonMapping, record: &Value, text: &Assembled) -> Self {
        let mut marks = Vec::new();
        for annotation in &mapping.annotations {
            for found in annotation.at.find(record) {
                let Ok(piece) = text.base(&annotation.base, &found) else { continue };
                let mut add = |value: &Value, (label, kind): (&Name, LabelKind), place: &Place, quote: &Option<JsonPath>| {
                    let ranges = counted(place, value, mapping.ends).unwrap_or_default();
                    let (label, quote) = (name_of(label, value), quote_of(quote, value));
                    marks.extend(label.map(|label| Mark { label, kind, piece, ranges, quote }));
                };
                add(found.value, (&annotation.label, annotation.kind), &annotation.ranges, &annotation.quote);
                for role in &annotation.roles {
                    let Fill::Span { label, kind, ranges, quote } = &role.fill else { continue };
                    role.each.find(found.value).iter().for_each(|filler| add(filler.value, (label, *kind), ranges, quote));
                }
            }
        }
        Self(marks)
    }

    pub(super) fn labels(&self) -> impl Iterator<Item = (&str, LabelKind)> {
        self.0.iter().map(|mark| (mark.label.as_str(), mark.kind))
    }

    /// Looks under which way of counting they fit, piece by piece.
    pub(super) fn tally(&self, text: &Assembled, tally: &mut Tally) {
        let mut by_piece: BTreeMap<Option<usize>, Vec<Counted<'_>>> = BTreeMap::new();
        for mark in self.0.iter().filter(|mark| !mark.ranges.is_empty()) {
            by_piece.entry(mark.piece).or_default().push(Counted { ranges: &mark.ranges, surface: mark.quote.as_deref() });
        }
        for (piece, counted) in by_piece {
            let text = if piece.is_some() { Text::new(text.slice(piece)) } else { text.text.clone() };
            tally.add(&text, &counted);
        }
    }
}

fn name_of(name: &Name, value: &Value) -> Option<String> {
    match name {
        Name::Always(name) => Some(name.clone()),
        Name::At(path) => path.first(value).and_then(plain_text).filter(|name| !name.is_empty()),
    }
}

fn quote_of(path: &Option<JsonPath>, value: &Value) -> Option<String> {
    path.as_ref().and_then(|path| path.first(value)).and_then(plain_text).filter(|quote| !quote.is_empty())
}

/// Half-open ranges, as the file counts; none where something there is no range.
fn counted(place: &Place, value: &Value, ends: Ends) -> Option<Vec<(usize, usize)>> {
    let mut ranges = Vec::new();
    for range in place.at.find(value) {
        match (place.start.first(range.value), place.end.first(range.value)) {
            (None, None) => {}
            (start, end) => ranges.push((offset(start?)?, offset(end?)?.checked_add(usize::from(ends == Ends::Inclusive))?)),
        }
    }
    Some(ranges)
}

/// A whole number, also as text and as `12.0`.
fn offset(value: &Value) -> Option<usize> {
    let whole = |number: f64| (number >= 0.0 && number.fract() == 0.0 && number < 1e15).then_some(number as usize);
    match value {
        Value::Number(number) => number.as_u64().and_then(|number| usize::try_from(number).ok()).or_else(|| number.as_f64().and_then(whole)),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    }
}

/// One document while its sheet is made.
pub(super) struct Building<'b> {
    pub(super) mapping: &'b JsonMapping,
    pub(super) text: &'b Assembled,
    pub(super) choice: &'b Choice,
    pub(super) from: Origin<'b>,
}

/// What is known of the document's offsets and rows.
struct Progress<'p> {
    view: View<'p>,
    // Where each piece begins, as the file counts.
    starts: Vec<usize>,
    // Fillers with the same place and label are one span.
    spans: BTreeMap<(LabelKey, Ranges), Node>,
    // Roles that are filled by annotations which may come later.
    later: Vec<(ClaimId, String, String, String)>,
}

type Out<'o, 'b, 'k> = &'o mut SheetBuilder<'b, 'static, 'k>;

impl Building<'_> {
    pub(super) fn sheet(
        &self,
        record: &Value,
        item: &Item,
        (vocabulary, options): (&mut Vocabulary<'_>, &mut ReadOptions),
        to: &mut dyn Receiver,
    ) -> Sheet {
        let counting = self.choice.counting;
        let (seen, shifts) = seen_text(&item.text, counting);
        let mut out = SheetBuilder::new(&RULES, (&item.id, &item.text), vocabulary, &mut options.ids, to);
        let (spans, later) = (BTreeMap::new(), Vec::new());
        let mut progress = Progress { view: View::new(&seen, shifts, counting), starts: self.starts(), spans, later };
        for annotation in &self.mapping.annotations {
            for found in annotation.at.find(record) {
                self.annotation(annotation, &found, &mut progress, &mut out);
            }
        }
        for (claim, role, target, raw) in progress.later {
            out.fill_role(Origin { raw: &raw, ..self.from }, claim, &role, &target);
        }
        for relation in &self.mapping.relations {
            relation.at.find(record).iter().for_each(|found| self.relation(relation, found.value, &mut out));
        }
        for (name, path) in &self.mapping.attributes {
            let value = path.first(record).and_then(|value| joined_text(value, "|")).filter(|value| !value.is_empty());
            value.iter().for_each(|value| out.set_document_attribute(Origin { raw: value, ..self.from }, name, value));
        }
        out.finish()
    }

    fn starts(&self) -> Vec<usize> {
        let (mut starts, mut at, mut behind) = (Vec::new(), 0, 0);
        for piece in &self.text.pieces {
            at += self.choice.counting.len_of(self.text.text.as_str().get(behind..piece.start).unwrap_or_default());
            behind = piece.start;
            starts.push(at);
        }
        starts
    }

    /// The place of ranges that count from a piece.
    fn place(
        &self,
        from: Origin<'_>,
        piece: Option<usize>,
        (ranges, quote): (&[(usize, usize)], Option<&str>),
        progress: &Progress<'_>,
        out: Out<'_, '_, '_>,
    ) -> Option<Ranges> {
        let start = piece.and_then(|piece| progress.starts.get(piece)).copied().unwrap_or_default();
        let ranges: Vec<(usize, usize)> = ranges.iter().map(|(a, b)| (a.saturating_add(start), b.saturating_add(start))).collect();
        out.place(from, &progress.view, &ranges, quote)
    }

    fn annotation(&self, annotation: &AnnotationMapping, found: &Found<'_>, progress: &mut Progress<'_>, out: Out<'_, '_, '_>) {
        let value = found.value;
        let raw = value.to_string();
        let from = Origin { raw: &raw, ..self.from };
        let Some(ranges) = counted(&annotation.ranges, value, self.mapping.ends) else {
            return out.lose(from, BAD_ANNOTATION, "its offsets are no whole numbers");
        };
        let Some(label) = name_of(&annotation.label, value) else {
            return out.lose(from, BAD_ANNOTATION, "it has no label where the mapping looks for one");
        };
        let piece = match self.text.base(&annotation.base, found) {
            Ok(piece) => piece,
            Err(NoBase) if ranges.is_empty() => None,
            Err(NoBase) => return out.lose(from, BAD_ANNOTATION, "its offsets count from a sentence that the text does not have"),
        };
        let id = annotation.id.as_ref().and_then(|path| path.first(value)).and_then(plain_text);
        if !out.admit(from, id.clone().map(Into::into), 1 + ranges.len()) {
            return;
        }
        let quote = quote_of(&annotation.quote, value);
        let place = match ranges.as_slice() {
            [] => None,
            ranges => match self.place(from, piece, (ranges, quote.as_deref()), progress, out) {
                Some(place) => Some(place),
                None => return,
            },
        };
        let key = out.label(from, &label);
        let node = match (annotation.kind, place) {
            (LabelKind::Claim, place) => out.add_claim(key, place),
            (_, Some(place)) => {
                let node = out.add_span(key.clone(), place.clone());
                progress.spans.entry((key, place)).or_insert(node);
                node
            }
            (_, None) => return out.lose(from, BAD_ANNOTATION, "it has no place in the text"),
        };
        id.into_iter().for_each(|id| out.set_node(id, node));
        self.details(annotation, value, (from, node), out);
        if let Node::Claim(claim) = node {
            for role in &annotation.roles {
                role.each.find(value).iter().for_each(|filler| self.role(role, filler.value, (from, claim, piece), progress, out));
            }
        }
    }

    /// Attributes, remarks, and what nobody has read.
    fn details(&self, annotation: &AnnotationMapping, value: &Value, (from, node): (Origin<'_>, Node), out: Out<'_, '_, '_>) {
        for (name, path) in &annotation.attributes {
            let said = path.first(value).and_then(|value| joined_text(value, "|")).filter(|said| !said.is_empty());
            said.iter().for_each(|said| out.set_attribute(Origin { raw: &format!("{name} = {said}"), ..from }, node, name, said));
        }
        quote_of(&annotation.note, value).iter().for_each(|note| out.add_note(node, note));
        if let (Node::Claim(id), Some(text)) = (node, quote_of(&annotation.normalized, value))
            && let Some(claim) = out.sheet.claims.get_mut(&id)
        {
            claim.normalized = text;
        }
        let mut rest = value.clone();
        annotation.own_paths().iter().for_each(|(_, path)| JsonPath::joined(path).take_out(&mut rest));
        if !prune(&mut rest) {
            out.set_residue(node, rest.to_string());
        }
    }

    fn role(
        &self,
        role: &RoleMapping,
        value: &Value,
        (from, claim, piece): (Origin<'_>, ClaimId, Option<usize>),
        progress: &mut Progress<'_>,
        out: Out<'_, '_, '_>,
    ) {
        let said = || joined_text(value, ", ").filter(|said| !said.is_empty());
        let raw = format!("{} = {value}", role.role);
        let from = Origin { raw: &raw, ..from };
        match &role.fill {
            Fill::Value => said().into_iter().for_each(|said| out.fill(claim, &role.role, Filler::Value(said))),
            Fill::Annotation => progress.later.extend(said().map(|target| (claim, role.role.clone(), target, raw.clone()))),
            Fill::Span { label, ranges, quote, .. } => {
                let quote = quote_of(quote, value);
                match (counted(ranges, value, self.mapping.ends), name_of(label, value)) {
                    // Somebody who is named, but not in the text.
                    (Some(ranges), _) if ranges.is_empty() => quote.into_iter().for_each(|quote| out.fill(claim, &role.role, Filler::Value(quote))),
                    (Some(ranges), Some(label)) if out.admit(from, None, ranges.len()) => {
                        let Some(place) = self.place(from, piece, (&ranges, quote.as_deref()), progress, out) else { return };
                        let key = out.label(from, &label);
                        let node = *progress.spans.entry((key.clone(), place.clone())).or_insert_with(|| out.add_span(key, place));
                        if let Node::Span(span) = node {
                            out.fill(claim, &role.role, Filler::Span(span));
                        }
                    }
                    (Some(_), Some(_)) => {}
                    _ => out.lose(from, BAD_ANNOTATION, "what fills this role has no label, or its offsets are no whole numbers"),
                }
            }
        }
    }

    fn relation(&self, relation: &RelationMapping, value: &Value, out: Out<'_, '_, '_>) {
        let raw = value.to_string();
        let from = Origin { raw: &raw, ..self.from };
        let end = |path: &JsonPath| path.first(value).and_then(plain_text);
        match (end(&relation.from), end(&relation.to), name_of(&relation.label, value)) {
            (Some(source), Some(target), Some(kind)) => {
                if out.admit(from, None, 1) {
                    out.relate(from, &kind, [&source, &target]);
                }
            }
            _ => out.lose(from, BAD_ANNOTATION, "this relation has not both ends and a type"),
        }
    }
}
