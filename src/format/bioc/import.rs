//! From a document of BioC to what the shared reader takes. The text is put together from its passages and sentences, and places
//! become bytes of it: what offsets count is found out here, on the words of all annotations of a file. That is done at the first look
//! at a file, document by document, so that the second needs to hold no more than one.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::collection::Collection;
use super::document::{Annotation, Document, Passage, Relation};
use super::layout::{Layout, MOST_GAP};
use super::{ANNOTATOR, COLLECTION, LAYOUT, LISTS, OLD_ID, OWN_ID, ROLES, TYPE, UNIT};
use crate::format::counting::{Counted, Counting, Tally, View, seen_part};
use crate::format::standoff::{ASIDE, FROM, Features, Kind, OWN, TO, said};
use crate::format::standoff_in::{Found, FoundDocument, FoundSheet, Give, Input, Look, Raw, Unit, Whose, record_of, take_coders};
use crate::format::{Field, FormatError, Receiver};
use crate::model::{CoderKey, DocumentId};
use crate::text::Text;
use crate::text::offsets::OffsetUnit;

/// Between passages that say nothing sensible of the distance.
const GAP: &str = "\n\n";
/// Outside any text.
const NOWHERE: (usize, usize) = (usize::MAX, usize::MAX);

/// What a collection says of itself, as infons of one of its documents: its source is a field, and all of it is kept. A document of
/// ours may say it of another collection, and has its source by itself.
pub(super) fn push_collection(infons: &mut Features, about: Collection) {
    let is_ours = infons.iter().any(|(name, _)| name == UNIT);
    let own = infons.iter_mut().find(|(name, _)| name == COLLECTION).map(|(_, value)| value);
    if let Some(Value::String(text)) = own {
        let value = serde_json::from_str(text).unwrap_or_else(|_| text.as_str().into());
        infons.retain(|(name, _)| name != COLLECTION);
        infons.push((COLLECTION.to_owned(), value));
    } else if !about.is_ours() {
        if !is_ours && !about.source.is_empty() && infons.iter().all(|(name, _)| name != "source") {
            infons.push(("source".to_owned(), about.source.as_str().into()));
        }
        infons.push((COLLECTION.to_owned(), about.into()));
    }
}

/// Gives a document of a file.
pub(super) fn give_document(input: &Input<'_>, document: Document, to: &mut dyn Receiver, give: &mut Give<'_>) -> Result<(), FormatError> {
    let counting = match input.look {
        Look::Second(counting) => Some(counting),
        Look::First(..) | Look::Only(_) => {
            // What we have written counts what it says.
            let said = document.infons.iter().find(|(name, _)| name == UNIT).and_then(|(_, unit)| unit.as_str()?.parse::<OffsetUnit>().ok());
            let tally = input.tally(said.unwrap_or(input.how.unit), input.options.unit.or(said)).map(|mut tally| {
                count(&document, &mut tally);
                tally
            });
            tally.filter(|_| matches!(input.look, Look::Only(_))).map(|tally| tally.choose().counting)
        }
    };
    give(found(input, document, counting), to)
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
            tally.add(&Text::new(piece.text.as_deref().unwrap_or_default()), &counted);
        }
    }
}

/// Of several locations the text may be anything.
fn surface(row: &Annotation) -> Option<&str> {
    Some(row.text.as_str()).filter(|text| row.locations.len() == 1 && !text.trim().is_empty())
}

/// Where a piece of the text begins: its offset in the file, and the bytes in the text that was put together.
struct Piece {
    offset: usize,
    start: usize,
    end: usize,
}

fn put_together(passages: &mut [Passage], counting: Counting) -> (String, Vec<Piece>) {
    let (mut text, mut found): (String, Vec<Piece>) = (String::new(), Vec::new());
    let mut end = None;
    for passage in passages {
        if let Some(end) = end {
            match passage.offset.checked_sub(end) {
                Some(gap) if gap <= MOST_GAP => text.extend(std::iter::repeat_n('\n', gap)),
                _ => text.push_str(GAP),
            }
        }
        let own = passage.text.take().unwrap_or_default();
        end = Some(passage.offset.saturating_add(counting.unit().len_of(&own)));
        let start = text.len();
        if text.is_empty() {
            text = own;
        } else {
            text.push_str(&own);
        }
        found.push(Piece { offset: passage.offset, start, end: text.len() });
    }
    (text, found)
}

/// The places of all annotations of a piece.
struct Placing<'p> {
    piece: &'p Piece,
    view: View<'p>,
}

impl Placing<'_> {
    /// A byte of the whole text. What stands in a passage may count from its beginning.
    fn byte(&self, offset: usize) -> Option<usize> {
        let inside = offset.checked_sub(self.piece.offset).unwrap_or(offset);
        let byte = self.piece.start + self.view.to_byte(inside)?;
        (byte <= self.piece.end).then_some(byte)
    }

    fn ranges(&self, row: &Annotation) -> Vec<(usize, usize)> {
        let range = |(offset, len): &(usize, usize)| Some((self.byte(*offset)?, self.byte(offset.checked_add(*len)?)?));
        row.locations.iter().map(|location| range(location).unwrap_or(NOWHERE)).collect()
    }
}

/// Without a way of counting, nothing is placed.
fn found(input: &Input<'_>, mut document: Document, counting: Option<Counting>) -> FoundDocument {
    let had_unit = document.infons.len();
    document.infons.retain(|(name, _)| name != UNIT);
    let is_ours = document.infons.len() < had_unit;
    let own_id = take(&mut document.infons, OWN_ID).and_then(|id| DocumentId::new(&id).ok());
    let mut sheets = take_coders(&mut document.infons);
    let aside = take_aside(input, &mut document);
    let unit = counting.map_or(OffsetUnit::Bytes, Counting::unit);
    let mut layout = Layout::of(&document.passages, unit);
    let Parts { mut pieces, mut outside, relations } = Parts::of(document.passages, document.annotations, document.relations);
    let (text, places) = put_together(&mut pieces, counting.unwrap_or(Counting::plain(OffsetUnit::Bytes)));
    layout.iter_mut().for_each(|layout| layout.set_places(places.iter().map(|place| (place.start, place.end))));
    let mut rows: Vec<(Found, Option<String>)> = Vec::new();
    for (at, (piece, place)) in pieces.into_iter().zip(&places).enumerate() {
        let Some(counting) = counting else {
            rows.extend(piece.annotations.into_iter().map(|row| annotation(row, Vec::new())));
            continue;
        };
        let (seen, shifts) = seen_part(text.get(place.start..place.end).unwrap_or_default(), counting);
        let placing = Placing { piece: place, view: View::new(&seen, shifts, counting) };
        let mut add = |row: Annotation| {
            let ranges = placing.ranges(&row);
            rows.push(annotation(row, ranges));
        };
        piece.annotations.into_iter().for_each(&mut add);
        // Those of a passage with sentences, and of the document, count from its beginning; they stand where their start is.
        let next = places.get(at + 1).map(|next| next.offset);
        let is_here =
            |row: &mut Annotation| row.locations.first().is_some_and(|(offset, _)| *offset >= place.offset && next.is_none_or(|next| *offset < next));
        outside.extract_if(.., is_here).for_each(&mut add);
    }
    rows.extend(outside.into_iter().map(|row| annotation(row, vec![NOWHERE])));
    rows.extend(relations.into_iter().map(relation));
    link_occurrences(&mut rows);
    if !is_ours {
        rows.iter_mut().for_each(|(row, _)| row.keeps_id = true);
    }
    add_to_sheets(&mut sheets, rows, is_ours);
    for (coder, raw) in aside {
        let whose = CoderKey::new(&coder).map_or(Whose::Unsaid, Whose::Key);
        match sheets.iter_mut().find(|sheet| sheet.whose == whose) {
            Some(sheet) => sheet.aside.push(raw),
            None => sheets.push(FoundSheet { aside: vec![raw], ..FoundSheet::new(whose) }),
        }
    }
    let id = own_id.or_else(|| DocumentId::new(&document.id).ok());
    let mut record = record_of(text, document.infons, input.options);
    if id.as_ref().is_none_or(|id| id.as_str() != document.id) && !document.id.is_empty() {
        record.fields.entry(Field::FileName).or_insert_with(|| document.id.clone());
        record.rest.insert(OLD_ID.to_owned(), document.id.into());
    }
    if let Some(layout) = layout.and_then(|layout| serde_json::to_value(layout).ok()) {
        record.rest.insert(LAYOUT.to_owned(), layout);
    }
    FoundDocument { line: document.line, id, record, original: None, unit: Unit::Exact(OffsetUnit::Bytes), sheets }
}

/// A document taken apart.
struct Parts {
    /// What has a text.
    pieces: Vec<Passage>,
    /// Annotations that stand in no piece of the text: of passages with sentences, and of the document.
    outside: Vec<Annotation>,
    relations: Vec<Relation>,
}

impl Parts {
    fn of(passages: Vec<Passage>, outside: Vec<Annotation>, relations: Vec<Relation>) -> Self {
        let (mut parts, mut of_sentences) = (Self { pieces: Vec::new(), outside, relations }, Vec::new());
        for mut passage in passages {
            parts.relations.append(&mut passage.relations);
            passage.sentences.iter_mut().for_each(|sentence| of_sentences.append(&mut sentence.relations));
            if passage.text.is_some() {
                passage.sentences.iter_mut().for_each(|sentence| passage.annotations.append(&mut sentence.annotations));
                parts.pieces.push(passage);
            } else {
                parts.outside.append(&mut passage.annotations);
                parts.pieces.append(&mut passage.sentences);
            }
        }
        parts.relations.append(&mut of_sentences);
        parts
    }
}

fn take(features: &mut Features, name: &str) -> Option<String> {
    let at = features.iter().position(|(known, _)| known == name)?;
    match features.remove(at).1 {
        Value::String(text) => Some(text),
        value => said(&value),
    }
}

/// Which infons are lists: an attribute with several choices would be written as one.
fn lists(infons: &Features) -> Map<String, Value> {
    let lists: Map<String, Value> = infons.iter().filter(|(name, value)| value.is_array() && !name.starts_with(OWN)).cloned().collect();
    if lists.is_empty() { Map::new() } else { Map::from_iter([(LISTS.to_owned(), lists.into())]) }
}

fn annotation(row: Annotation, ranges: Vec<(usize, usize)>) -> (Found, Option<String>) {
    let surface = surface(&row).is_some();
    let Annotation { id, infons: mut features, text, raw, line, .. } = row;
    let label = take(&mut features, TYPE).unwrap_or_else(|| "Annotation".to_owned());
    let annotator = take(&mut features, ANNOTATOR);
    let ranges = if ranges.is_empty() { vec![NOWHERE] } else { ranges };
    let rest = lists(&features);
    let mut found = Found { line, raw, id: Some(id), label, ranges, surface: surface.then_some(text), features, rest, ..Found::default() };
    found.take_own();
    (found, annotator)
}

/// Two nodes are a relation; with more, or as a claim of ours, it is a frame with roles.
fn relation(row: Relation) -> (Found, Option<String>) {
    let Relation { id, infons: mut features, mut nodes, raw, line } = row;
    let label = take(&mut features, TYPE).unwrap_or_else(|| "relation".to_owned());
    let annotator = take(&mut features, ANNOTATOR);
    let rest = lists(&features);
    let mut found = Found { line, raw, id: Some(id), label, features, rest, ..Found::default() };
    found.take_own();
    if let (None | Some(Kind::Relation), [(_, from), (_, to)]) = (found.kind, nodes.as_slice())
        && [from, to] != [FROM, TO]
    {
        found.rest.insert(ROLES.to_owned(), vec![from.as_str(), to.as_str()].into());
    }
    match (found.kind, nodes.as_mut_slice()) {
        (Some(Kind::Claim), _) => found.links.extend(nodes.into_iter().map(|(id, role)| (role, id))),
        (_, [(from, _), (to, _)]) => {
            found.links.extend([(FROM, from), (TO, to)].map(|(name, id)| (name.to_owned(), std::mem::take(id))));
        }
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

/// What an import before had kept aside, with the coders of the sheets.
fn take_aside(input: &Input<'_>, document: &mut Document) -> Vec<(String, String)> {
    let mut aside = Vec::new();
    let mut keep = |infons: &Features, raw: &Raw| {
        let coder = infons.iter().find(|(name, _)| name == ASIDE).and_then(|(_, coder)| coder.as_str());
        aside.extend(coder.map(|coder| (coder.to_owned(), (input.how.unmarked)(raw.get(input.content)))));
        coder.is_none()
    };
    document.each_list(&mut |annotations, relations| {
        annotations.retain(|row| keep(&row.infons, &row.raw));
        relations.retain(|row| keep(&row.infons, &row.raw));
    });
    aside
}

/// By annotator. Parts of the text go with anybody's.
fn add_to_sheets(sheets: &mut Vec<FoundSheet>, rows: Vec<(Found, Option<String>)>, is_ours: bool) {
    let mut by_whose: BTreeMap<Whose, usize> = sheets.iter().enumerate().map(|(at, sheet)| (sheet.whose.clone(), at)).collect();
    let called = sheets.iter().filter_map(|sheet| Some((sheet.called()?.to_owned(), sheet.whose.clone())));
    let called: BTreeMap<String, Whose> = called.collect();
    for (row, annotator) in rows {
        let name = annotator.as_deref().filter(|_| is_ours);
        let key = name.and_then(|name| called.get(name).cloned().or_else(|| CoderKey::new(name).ok().map(Whose::Key)));
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
