//! How passages and sentences lie in the text of a document: kept beside what was read, and made again where it is written.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::document::Passage;
use crate::format::Item;
use crate::format::standoff::Features;
use crate::text::offsets::{OffsetMap, OffsetUnit};

/// More line ends between two pieces than the reader puts there are something else.
pub(super) const MOST_GAP: usize = 4;

#[derive(Serialize, Deserialize)]
pub(super) struct Layout {
    /// What the offsets of the file count.
    unit: OffsetUnit,
    passages: Vec<Part>,
}

/// A passage or a sentence.
#[derive(Serialize, Deserialize)]
struct Part {
    offset: usize,
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    infons: Map<String, Value>,
    /// Where its text is in that of the document, in bytes; none for passages that have sentences, or nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    place: Option<(usize, usize)>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    sentences: Vec<Part>,
}

/// A piece of the text on its way out: where it is in bytes, and the offset that the file gives it.
pub(super) struct Piece {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) offset: usize,
}

impl Layout {
    /// Of passages whose texts were not put together yet; none where an export makes the only one as it is here.
    pub(super) fn of(passages: &[Passage], unit: OffsetUnit) -> Option<Self> {
        let is_usual = |passage: &Passage| {
            let infons = passage.infons.iter().all(|(name, value)| name == "type" && value == "article");
            passage.offset == 0 && passage.text.is_some() && passage.sentences.is_empty() && infons
        };
        let has_text = passages.iter().any(|passage| passage.text.is_some() || !passage.sentences.is_empty());
        let layout = || Self { unit, passages: passages.iter().map(Part::of_passage).collect() };
        (has_text && !matches!(passages, [only] if is_usual(only))).then(layout)
    }

    /// The texts stand here, in their order.
    pub(super) fn set_places(&mut self, places: impl IntoIterator<Item = (usize, usize)>) {
        let pieces = self.passages.iter_mut().flat_map(Part::pieces_mut);
        pieces.zip(places).for_each(|(piece, place)| piece.place = Some(place));
    }

    /// The passages with their texts, and their pieces in order; none where they do not make up the text any more.
    pub(super) fn passages(self, item: &Item, unit: OffsetUnit) -> Option<(Vec<Passage>, Vec<Piece>)> {
        let map = OffsetMap::new(item.text.as_str(), unit);
        let (same, mut pieces) = (self.unit == unit, Vec::new());
        let mut passages = Vec::new();
        for part in self.passages {
            passages.push(part.into_passage(item, (&map, same), &mut pieces)?);
        }
        let (first, last) = (pieces.first()?, pieces.last()?);
        let text = item.text.as_str();
        let is_gap = |pair: &[Piece]| match pair {
            [one, next] => text.get(one.end..next.start).is_some_and(|gap| gap.len() <= MOST_GAP && gap.bytes().all(|byte| byte == b'\n')),
            _ => true,
        };
        (first.start == 0 && last.end == text.len() && pieces.windows(2).all(is_gap)).then_some((passages, pieces))
    }
}

impl Part {
    fn of_passage(passage: &Passage) -> Self {
        match passage.text {
            Some(_) => Self::of_piece(passage),
            None => Self { place: None, sentences: passage.sentences.iter().map(Self::of_piece).collect(), ..Self::of_piece(passage) },
        }
    }

    fn of_piece(piece: &Passage) -> Self {
        Self { offset: piece.offset, infons: piece.infons.iter().cloned().collect(), place: Some((0, 0)), sentences: Vec::new() }
    }

    /// What has a text.
    fn pieces_mut(&mut self) -> &mut [Self] {
        if self.place.is_some() { std::slice::from_mut(self) } else { &mut self.sentences }
    }

    fn into_passage(self, item: &Item, (map, same): (&OffsetMap<'_>, bool), pieces: &mut Vec<Piece>) -> Option<Passage> {
        let infons: Features = self.infons.into_iter().collect();
        let mut passage = Passage { offset: self.offset, infons, ..Passage::default() };
        if let Some((start, end)) = self.place {
            passage.text = Some(item.text.as_str().get(start..end)?.to_owned());
            passage.offset = if same { self.offset } else { map.to_unit(start) };
            pieces.push(Piece { start, end, offset: passage.offset });
            return Some(passage);
        }
        for sentence in self.sentences {
            passage.sentences.push(sentence.into_passage(item, (map, same), pieces)?);
        }
        if let (false, Some(first)) = (same, passage.sentences.first()) {
            passage.offset = first.offset;
        }
        Some(passage)
    }
}
