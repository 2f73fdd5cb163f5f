//! From a document of BioC to what the shared reader takes. The text is put together from its passages and sentences, and places
//! become bytes of it: what offsets count is found out here, on the words of all annotations of a file.

use std::collections::BTreeMap;

use serde_json::Value;

use super::document::{Annotation, Document, Passage, Relation};
use super::{ANNOTATOR, UNIT};
use crate::format::counting::{Counted, Counting, Tally, View, seen_text};
use crate::format::standoff::{FROM, Features, Kind, TO, said};
use crate::format::standoff_in::{Found, FoundDocument, FoundSheet, Give, Input, Unit, Whose, record_of, take_coders};
use crate::format::{Field, FormatError, Receiver};
use crate::model::{CoderKey, DocumentId};
use crate::text::Text;
use crate::text::offsets::OffsetUnit;

/// Between passages that say nothing sensible of the distance.
const GAP: &str = "\n\n";
/// A longer distance is something else.
const MOST_GAP: usize = 4;

/// What a collection says of itself, as infons of one of its documents: its source is a field, and the rest has no place here.
pub(super) fn push_collection(infons: &mut Features, [source, date, key]: [&str; 3], others: Features) {
    let mut push = |name: &str, value: Value| {
        if infons.iter().all(|(known, _)| known != name) {
            infons.push((name.to_owned(), value));
        }
    };
    for (name, text) in [("source", source), ("bioc:date", date), ("bioc:key", key)] {
        if !text.trim().is_empty() && text != "Manicule" {
            push(name, text.trim().into());
        }
    }
    if !others.is_empty() {
        push("bioc:collection", Value::Object(others.into_iter().collect()));
    }
}

/// Gives all documents of a file.
pub(super) fn give_all(input: &Input<'_>, documents: Vec<Document>, to: &mut dyn Receiver, give: &mut Give<'_>) -> Result<(), FormatError> {
    let said = documents.iter().flat_map(|document| &document.infons).find(|(name, _)| name == UNIT);
    let said = said.and_then(|(_, unit)| unit.as_str()?.parse::<OffsetUnit>().ok());
    // What we have written counts what it says.
    let mut tally = Tally::new(said.unwrap_or(input.how.unit), input.options.unit.or(said));
    documents.iter().for_each(|document| count(document, &mut tally));
    let choice = tally.choose();
    if let Some(finding) = choice.finding(input.how.offsets) {
        to.finding(finding.in_file(input.name));
    }
    documents.into_iter().try_for_each(|document| give(found(input, document, choice.counting), to))
}

/// What has a text: passages, or their sentences.
fn pieces(passages: &[Passage]) -> impl Iterator<Item = &Passage> {
    passages.iter().flat_map(|passage| if passage.text.is_some() { std::slice::from_ref(passage) } else { passage.sentences.as_slice() })
}

fn count(document: &Document, tally: &mut Tally) {
    for piece in pieces(&document.passages) {
        let place = |(offset, len): &(usize, usize)| {
            let start = offset.checked_sub(piece.offset).unwrap_or(*offset);
            (start, start.saturating_add(*len))
        };
        let ranges: Vec<Vec<(usize, usize)>> = piece.annotations.iter().map(|row| row.locations.iter().map(place).collect()).collect();
        let rows = ranges.iter().zip(&piece.annotations).filter(|(ranges, _)| !ranges.is_empty());
        let counted: Vec<Counted<'_>> = rows.map(|(ranges, row)| Counted { ranges, surface: surface(row) }).collect();
        if !counted.is_empty() {
            tally.add(&Text::new(piece.text.clone().unwrap_or_default()), &counted);
        }
    }
}

/// Of several locations the text may be anything.
fn surface(row: &Annotation) -> Option<&str> {
    Some(row.text.as_str()).filter(|text| row.locations.len() == 1 && !text.trim().is_empty())
}

/// Where a piece of the text begins: its offset in the file, and the byte in the text that was put together.
struct Piece<'p> {
    offset: usize,
    byte: usize,
    text: Text,
    counting: Counting,
    passage: &'p Passage,
}

impl Piece<'_> {
    fn len(&self) -> usize {
        self.text.len()
    }
}

fn put_together(document: &Document, counting: Counting) -> (String, Vec<Piece<'_>>) {
    let (mut text, mut found): (String, Vec<Piece<'_>>) = (String::new(), Vec::new());
    let mut end = None;
    for passage in pieces(&document.passages) {
        let piece = Text::new(passage.text.clone().unwrap_or_default());
        if let Some(end) = end {
            match passage.offset.checked_sub(end) {
                Some(gap) if gap <= MOST_GAP => text.extend(std::iter::repeat_n('\n', gap)),
                _ => text.push_str(GAP),
            }
        }
        let len = width(&piece, counting);
        end = Some(passage.offset.saturating_add(len));
        let byte = text.len();
        text.push_str(piece.as_str());
        found.push(Piece { offset: passage.offset, byte, text: piece, counting, passage });
    }
    (text, found)
}

fn width(text: &Text, counting: Counting) -> usize {
    let unit = counting.unit();
    text.as_str().chars().map(|c| unit.width(c)).sum()
}

/// The places of all annotations of a document.
struct Placing<'p> {
    pieces: Vec<Piece<'p>>,
}

impl Placing<'_> {
    /// A byte of the whole text. What stands in a passage may count from its beginning.
    fn byte(&self, view: &View<'_>, piece: &Piece<'_>, offset: usize) -> Option<usize> {
        let inside = offset.checked_sub(piece.offset).unwrap_or(offset);
        view.to_byte(inside).filter(|byte| *byte <= piece.len()).map(|byte| piece.byte + byte)
    }

    fn ranges(&self, at: usize, view: &View<'_>, row: &Annotation) -> Vec<(usize, usize)> {
        let Some(piece) = self.pieces.get(at) else { return Vec::new() };
        let range = |(offset, len): &(usize, usize)| Some((self.byte(view, piece, *offset)?, self.byte(view, piece, offset.checked_add(*len)?)?));
        row.locations.iter().map(|location| range(location).unwrap_or((usize::MAX, usize::MAX))).collect()
    }
}

fn found(input: &Input<'_>, mut document: Document, counting: Counting) -> FoundDocument {
    document.infons.retain(|(name, _)| name != UNIT);
    let mut sheets = take_coders(&mut document.infons);
    let is_ours = !sheets.is_empty();
    let mut rows: Vec<(Found, Option<String>)> = Vec::new();
    let (text, placed) = put_together(&document, counting);
    let placing = Placing { pieces: placed };
    for (at, piece) in placing.pieces.iter().enumerate() {
        let (seen, shifts) = seen_text(&piece.text, piece.counting);
        let view = View::new(&seen, shifts, piece.counting);
        rows.extend(piece.passage.annotations.iter().map(|row| annotation(row, placing.ranges(at, &view, row))));
        // Those of a passage with sentences, and of the document, count from its beginning; they stand where their start is.
        for row in outside(&document) {
            let is_here =
                row.locations.first().is_some_and(|(offset, _)| *offset >= piece.offset && placing.next_offset(at).is_none_or(|next| *offset < next));
            if is_here {
                rows.push(annotation(row, placing.ranges(at, &view, row)));
            }
        }
    }
    let without_place = outside(&document)
        .filter(|row| placing.pieces.first().is_none_or(|first| row.locations.first().is_none_or(|(offset, _)| *offset < first.offset)));
    rows.extend(without_place.map(|row| annotation(row, vec![(usize::MAX, usize::MAX)])));
    rows.extend(relations(&document).map(relation));
    link_occurrences(&mut rows);
    add_to_sheets(&mut sheets, rows, is_ours);
    let id = DocumentId::new(&document.id).ok();
    let mut record = record_of(text, passage_types(&document), input.options);
    if id.is_none() && !document.id.is_empty() {
        record.fields.entry(Field::FileName).or_insert_with(|| document.id.clone());
    }
    FoundDocument { line: document.line, id, record, original: None, unit: Unit::Exact(OffsetUnit::Bytes), sheets }
}

impl Placing<'_> {
    fn next_offset(&self, at: usize) -> Option<usize> {
        self.pieces.get(at + 1).map(|piece| piece.offset)
    }
}

/// Annotations that stand in no piece of the text: of passages with sentences, and of the document.
fn outside(document: &Document) -> impl Iterator<Item = &Annotation> {
    let of_passages = document.passages.iter().filter(|passage| passage.text.is_none()).flat_map(|passage| &passage.annotations);
    document.annotations.iter().chain(of_passages)
}

fn relations(document: &Document) -> impl Iterator<Item = &Relation> {
    let of_sentences = document.passages.iter().flat_map(|passage| &passage.sentences).flat_map(|sentence| &sentence.relations);
    document.relations.iter().chain(document.passages.iter().flat_map(|passage| &passage.relations)).chain(of_sentences)
}

/// The document's infons, and what its passages are where they say it.
fn passage_types(document: &Document) -> Features {
    let mut features = document.infons.clone();
    let infons = pieces(&document.passages).map(|piece| piece.infons.iter().map(|(name, value)| (name.clone(), value.clone())).collect());
    let infons: Vec<serde_json::Map<String, Value>> = infons.collect();
    let is_plain = |infons: &serde_json::Map<String, Value>| {
        infons.is_empty() || infons.len() == 1 && infons.get("type").and_then(Value::as_str) == Some("article")
    };
    if !infons.iter().all(is_plain) {
        features.push(("bioc:passages".to_owned(), infons.into_iter().map(Value::Object).collect()));
    }
    features
}

fn take(features: &mut Features, name: &str) -> Option<String> {
    let at = features.iter().position(|(known, _)| known == name)?;
    said(&features.remove(at).1)
}

fn annotation(row: &Annotation, ranges: Vec<(usize, usize)>) -> (Found, Option<String>) {
    let mut features = row.infons.clone();
    let label = take(&mut features, "type").unwrap_or_else(|| "Annotation".to_owned());
    let annotator = take(&mut features, ANNOTATOR);
    let ranges = if ranges.is_empty() { vec![(usize::MAX, usize::MAX)] } else { ranges };
    let surface = surface(row).map(str::to_owned);
    let mut found = Found { line: row.line, raw: row.raw.clone(), id: Some(row.id.clone()), label, ranges, surface, features, ..Found::default() };
    found.take_own();
    (found, annotator)
}

/// Two nodes are a relation; with more, or as a claim of ours, it is a frame with roles.
fn relation(row: &Relation) -> (Found, Option<String>) {
    let mut features = row.infons.clone();
    let label = take(&mut features, "type").unwrap_or_else(|| "relation".to_owned());
    let annotator = take(&mut features, ANNOTATOR);
    let mut found = Found { line: row.line, raw: row.raw.clone(), id: Some(row.id.clone()), label, features, ..Found::default() };
    found.take_own();
    match (found.kind, row.nodes.as_slice()) {
        (Some(Kind::Claim), nodes) => found.links.extend(nodes.iter().map(|(id, role)| (role.clone(), id.clone()))),
        (_, [(from, _), (to, _)]) => found.links.extend([(FROM.to_owned(), from.clone()), (TO.to_owned(), to.clone())]),
        (None, nodes) if nodes.len() > 2 => {
            found.kind = Some(Kind::Claim);
            found.links.extend(nodes.iter().map(|(id, role)| (if role.is_empty() { "argument".to_owned() } else { role.clone() }, id.clone())));
        }
        _ => found.kind = Some(Kind::Relation),
    }
    (found, annotator)
}

/// A further place says of which claim in a relation of ours.
fn link_occurrences(rows: &mut Vec<(Found, Option<String>)>) {
    let of: BTreeMap<String, String> = rows
        .extract_if(.., |(row, _)| row.kind == Some(Kind::Occurrence) && row.ranges.is_empty())
        .filter_map(|(row, _)| match row.links.as_slice() {
            [(_, from), (_, to)] => Some((from.clone(), to.clone())),
            _ => None,
        })
        .collect();
    for (row, _) in rows.iter_mut().filter(|(row, _)| row.kind == Some(Kind::Occurrence)) {
        let claim = row.id.as_ref().and_then(|id| of.get(id));
        row.links = claim.map(|claim| (FROM.to_owned(), claim.clone())).into_iter().collect();
    }
}

/// By annotator. Parts of the text go with anybody's.
fn add_to_sheets(sheets: &mut Vec<FoundSheet>, rows: Vec<(Found, Option<String>)>, is_ours: bool) {
    let mut by_whose: BTreeMap<Whose, usize> = sheets.iter().enumerate().map(|(at, sheet)| (sheet.whose.clone(), at)).collect();
    for (row, annotator) in rows {
        let key = annotator.as_deref().filter(|_| is_ours).and_then(|name| CoderKey::new(name).ok()).map(Whose::Key);
        let whose = key.unwrap_or_else(|| annotator.map_or(Whose::Unsaid, Whose::Name));
        let at = match by_whose.get(&whose) {
            Some(at) => *at,
            None if row.kind == Some(Kind::Region) && !sheets.is_empty() => 0,
            None => {
                by_whose.insert(whose.clone(), sheets.len());
                sheets.push(FoundSheet::new(whose));
                sheets.len() - 1
            }
        };
        if let Some(sheet) = sheets.get_mut(at) {
            sheet.rows.push(row);
        }
    }
}
