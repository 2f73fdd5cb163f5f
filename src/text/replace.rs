//! Replacing pieces of a text, and where every place of the old text is in the new one.
//!
//! A range that does not touch what is replaced keeps its words. One that covers a whole piece keeps its edges, and one
//! that ends inside a piece grows to the edge of it: what stands there now cannot be divided in the same way. A range is
//! empty afterwards only when all of it was replaced by nothing.

mod words;

use serde::{Deserialize, Serialize};
use thiserror::Error;
pub use words::word_replacements;

use super::{Ranges, Text, TextHash, TextRange};

/// A replaced piece of text. `start..end` may be empty: an insertion. Offsets are bytes of the old text.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Replacement {
    /// First byte.
    pub start: usize,
    /// Byte after the last.
    pub end: usize,
    /// What stands there now.
    pub with: String,
}

/// Why pieces of a text cannot be replaced.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Error)]
pub enum ReplaceError {
    /// Nothing would change.
    #[error("the new words are the old ones")]
    Nothing,
    /// Nothing would be left of the text.
    #[error("nothing would be left of the text")]
    EmptyText,
    /// Two pieces meet, or they are not in text order.
    #[error("two corrections meet at offset {0}; make them one after the other")]
    Overlap(usize),
    /// A piece does not lie in the text.
    #[error("the piece {start}..{end} does not lie in the text, which has {len} bytes")]
    OutOfText {
        /// First byte.
        start: usize,
        /// Byte after the last.
        end: usize,
        /// Bytes of the text.
        len: usize,
    },
    /// A piece splits a character.
    #[error("offset {0} lies inside a character")]
    InsideCharacter(usize),
    /// Offsets are counted in 32 bits.
    #[error("the text would be longer than 4 GB")]
    TooLong,
}

/// Pieces that are replaced: in text order, apart from each other, each changing something.
#[derive(Clone, Copy, Debug)]
pub struct Replacements<'r>(&'r [Replacement]);

impl<'r> Replacements<'r> {
    /// Checks their order; whether they fit a text is checked by [`Self::apply`].
    ///
    /// # Errors
    /// When there is none, one is reversed or two meet.
    pub fn new(pieces: &'r [Replacement]) -> Result<Self, ReplaceError> {
        let mut end = 0;
        for (number, piece) in pieces.iter().enumerate() {
            if piece.start > piece.end {
                return Err(ReplaceError::OutOfText { start: piece.start, end: piece.end, len: 0 });
            }
            // Two that touch would be one; and which of two insertions comes first, nobody knows.
            if number > 0 && piece.start <= end {
                return Err(ReplaceError::Overlap(piece.start));
            }
            end = piece.end;
        }
        if pieces.is_empty() { Err(ReplaceError::Nothing) } else { Ok(Self(pieces)) }
    }

    /// The new text.
    ///
    /// # Errors
    /// When a piece does not fit the text, nothing changes, or nothing is left.
    pub fn apply(self, text: &Text) -> Result<Text, ReplaceError> {
        let (content, mut new, mut done) = (text.as_str(), String::new(), 0);
        for Replacement { start, end, with } in self.0 {
            let (start, end, len) = (*start, *end, content.len());
            if end > len {
                return Err(ReplaceError::OutOfText { start, end, len });
            }
            let inside = [start, end].into_iter().find(|offset| !content.is_char_boundary(*offset));
            if let Some(offset) = inside {
                return Err(ReplaceError::InsideCharacter(offset));
            }
            new.push_str(content.get(done..start).unwrap_or_default());
            new.push_str(with);
            done = end;
        }
        new.push_str(content.get(done..).unwrap_or_default());
        match new.as_str() {
            "" => Err(ReplaceError::EmptyText),
            same if same == content => Err(ReplaceError::Nothing),
            long if u32::try_from(long.len()).is_err() => Err(ReplaceError::TooLong),
            _ => Ok(Text::new(new)),
        }
    }

    /// Where a range is in the new text. None when all of it was replaced by nothing.
    #[must_use]
    pub fn map_range(self, range: TextRange) -> Option<TextRange> {
        let (start, end) = (self.map_start(range.start()), self.map_end(range.end()));
        TextRange::try_from((u32::try_from(start).ok()?, u32::try_from(end).ok()?)).ok()
    }

    /// Where ranges are in the new text; those of which nothing is left go. None when none is left.
    #[must_use]
    pub fn map(self, ranges: &Ranges) -> Option<Ranges> {
        Ranges::new(ranges.iter().filter_map(|range| self.map_range(range)).collect())
    }

    /// Where a quoted range is in the new text, and what stands there if the quote is right. None when all of it was
    /// replaced by nothing, or the quote has not the length of the range.
    #[must_use]
    pub fn map_quoted(self, start: usize, end: usize, quote: &str) -> Option<(usize, usize, String)> {
        if quote.len() != end.checked_sub(start)? {
            return None;
        }
        let (mut new, mut done) = (String::new(), start);
        for piece in self.0.iter().filter(|piece| touches(piece, start, end)) {
            if piece.start > done {
                new.push_str(quote.get(done - start..piece.start - start)?);
            }
            new.push_str(&piece.with);
            done = piece.end;
        }
        if done < end {
            new.push_str(quote.get(done - start..)?);
        }
        let (start, end) = (self.map_start(start), self.map_end(end));
        (start < end).then_some((start, end, new))
    }

    /// True when all between two offsets is replaced by nothing.
    #[must_use]
    pub fn is_emptied(self, start: usize, end: usize) -> bool {
        self.map_start(start) >= self.map_end(end)
    }

    /// True when a range has the same words in the new text.
    #[must_use]
    pub fn keeps(self, range: TextRange) -> bool {
        !self.0.iter().any(|piece| touches(piece, range.start(), range.end()))
    }

    /// True when an edge of the range lies inside a piece, so that the range grows.
    #[must_use]
    pub fn divides(self, range: TextRange) -> bool {
        let inside = |offset: usize| self.0.iter().any(|piece| piece.start < offset && offset < piece.end);
        inside(range.start()) || inside(range.end())
    }

    /// True where an edge of any of the places lies inside what is replaced: such a place cannot be mapped back.
    #[must_use]
    pub fn divides_any<'p>(self, places: impl IntoIterator<Item = &'p Ranges>) -> bool {
        places.into_iter().flat_map(|place| place.iter()).any(|range| self.divides(range))
    }

    /// An insertion before the first character is not part of a range.
    fn map_start(self, offset: usize) -> usize {
        self.0
            .iter()
            .take_while(|piece| piece.start <= offset)
            .fold(offset, |mapped, piece| if piece.end <= offset { shifted(mapped, piece) } else { mapped - (offset - piece.start) })
    }

    /// An insertion behind the last character is not part of a range.
    fn map_end(self, offset: usize) -> usize {
        self.0.iter().take_while(|piece| piece.start < offset).fold(offset, |mapped, piece| {
            if piece.end <= offset { shifted(mapped, piece) } else { mapped - (offset - piece.start) + piece.with.len() }
        })
    }
}

/// True when a piece changes the words between two offsets. An insertion at one of them does not.
fn touches(piece: &Replacement, start: usize, end: usize) -> bool {
    piece.start < end && piece.end > start
}

fn shifted(offset: usize, piece: &Replacement) -> usize {
    offset + piece.with.len() - (piece.end - piece.start)
}

/// A text that becomes another one; knows what stood there, so that it can be taken back.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct TextChange {
    /// The text that it is made for.
    pub before: TextHash,
    /// The text that comes out.
    pub after: TextHash,
    /// What is replaced, in text order.
    pub pieces: Vec<Piece>,
}

/// A piece of a [`TextChange`].
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Piece {
    /// First byte in the text before.
    pub start: usize,
    /// What stands there.
    pub old: String,
    /// What will stand there.
    pub new: String,
}

impl TextChange {
    /// The change that replacements make.
    ///
    /// # Errors
    /// When they do not fit the text.
    pub fn new(text: &Text, replacements: &[Replacement]) -> Result<Self, ReplaceError> {
        let after = Replacements::new(replacements)?.apply(text)?;
        let old = |piece: &Replacement| text.as_str().get(piece.start..piece.end).unwrap_or_default().to_owned();
        let pieces = replacements.iter().map(|piece| Piece { start: piece.start, old: old(piece), new: piece.with.clone() });
        Ok(Self { before: text.hash().clone(), after: after.hash().clone(), pieces: pieces.collect() })
    }

    /// The change that leads from one text to another, word by word.
    ///
    /// # Errors
    /// When the texts are the same, or the new one is empty.
    pub fn between(old: &Text, new: &Text) -> Result<Self, ReplaceError> {
        Self::new(old, &word_replacements(old.as_str(), new.as_str(), 0))
    }

    /// The new text. None when the text is not the one that the change was made for.
    #[must_use]
    pub fn apply(&self, text: &Text) -> Option<Text> {
        let has_old = |piece: &Piece| text.as_str().get(piece.start..piece.start.checked_add(piece.old.len())?).map(|there| there == piece.old);
        if *text.hash() != self.before || !self.pieces.iter().all(|piece| has_old(piece) == Some(true)) {
            return None;
        }
        let after = Replacements::new(&self.replacements()).ok()?.apply(text).ok()?;
        (*after.hash() == self.after).then_some(after)
    }

    /// What is replaced.
    #[must_use]
    pub fn replacements(&self) -> Vec<Replacement> {
        let replacement = |piece: &Piece| Replacement { start: piece.start, end: piece.start + piece.old.len(), with: piece.new.clone() };
        self.pieces.iter().map(replacement).collect()
    }

    /// The change that takes this one back.
    #[must_use]
    pub fn inverse(self) -> Self {
        let (mut grown, mut shrunk) = (0, 0);
        let turned = self.pieces.into_iter().map(|Piece { start, old, new }| {
            let start = (start + grown).saturating_sub(shrunk);
            grown += new.len();
            shrunk += old.len();
            Piece { start, old: new, new: old }
        });
        let pieces = turned.collect();
        Self { before: self.after, after: self.before, pieces }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn piece(start: usize, end: usize, with: &str) -> Replacement {
        Replacement { start, end, with: with.to_owned() }
    }

    /// `old` with `(…)` around what is looked at becomes `new`.
    #[track_caller]
    fn check(old: &str, pieces: &[Replacement], new: Option<&str>) {
        let (start, end) = (old.find('(').unwrap(), old.find(')').unwrap() - 1);
        let text = Text::new(old.replace(['(', ')'], ""));
        let replacements = Replacements::new(pieces).unwrap();
        let after = replacements.apply(&text).unwrap();
        let range = text.range(start, end).unwrap();
        let mapped = replacements.map_range(range);
        let shown = mapped.map(|range| {
            let (a, b) = (range.start(), range.end());
            format!("{}({}){}", &after.as_str()[..a], &after.as_str()[a..b], &after.as_str()[b..])
        });
        assert_eq!(shown.as_deref(), new);
        let quoted = replacements.map_quoted(start, end, text.slice(range));
        let expected = mapped.map(|range| (range.start(), range.end(), after.slice(range).to_owned()));
        assert_eq!(quoted, expected);
    }

    #[test]
    fn what_is_not_touched_keeps_its_words() {
        check("the (house) burnt", &[piece(10, 15, "fell")], Some("the (house) fell"));
        check("Kery met (Lavrov)", &[piece(0, 4, "Kerry")], Some("Kerry met (Lavrov)"));
        check("the (house)", &[piece(4, 4, "big ")], Some("the big (house)"));
        check("the (house)", &[piece(9, 9, "s")], Some("the (house)s"));
    }

    #[test]
    fn a_range_keeps_its_edges_and_grows_where_they_are_replaced() {
        check("(Kery) met", &[piece(0, 4, "Kerry")], Some("(Kerry) met"));
        check("(old Kery met) him", &[piece(4, 8, "Kerry")], Some("(old Kerry met) him"));
        check("Ke(ry) met", &[piece(0, 4, "Kerry")], Some("(Kerry) met"));
        check("(old Ke)ry met", &[piece(4, 8, "Kerry")], Some("(old Kerry) met"));
        check("(the house)", &[piece(4, 4, "big ")], Some("(the big house)"));
    }

    #[test]
    fn only_what_is_replaced_by_nothing_is_empty() {
        check("the (big) house", &[piece(4, 8, "")], None);
        check("the (big house)", &[piece(4, 8, "")], Some("the (house)"));
        check("the (big) house", &[piece(4, 8, "x")], Some("the (x)house"));
    }

    #[test]
    fn pieces_must_fit() {
        let text = Text::new("aé house");
        let apply = |pieces: &[Replacement]| Replacements::new(pieces).and_then(|pieces| pieces.apply(&text)).unwrap_err();
        assert_eq!(apply(&[]), ReplaceError::Nothing);
        assert_eq!(apply(&[piece(0, 1, "a")]), ReplaceError::Nothing);
        assert_eq!(apply(&[piece(0, 9, "")]), ReplaceError::EmptyText);
        assert_eq!(apply(&[piece(0, 4, "x"), piece(3, 5, "y")]), ReplaceError::Overlap(3));
        assert_eq!(apply(&[piece(4, 5, "x"), piece(0, 1, "y")]), ReplaceError::Overlap(0));
        assert_eq!(apply(&[piece(0, 2, "x")]), ReplaceError::InsideCharacter(2));
        assert_eq!(apply(&[piece(4, 10, "x")]), ReplaceError::OutOfText { start: 4, end: 10, len: 9 });
        assert!(matches!(apply(&[piece(4, 1, "x")]), ReplaceError::OutOfText { .. }));
    }

    #[test]
    fn a_change_for_another_text_is_refused() {
        let text = Text::new("Kery met Lavrov");
        let change = TextChange::new(&text, &[piece(0, 4, "Kerry")]).unwrap();
        let after = change.apply(&text).unwrap();
        assert_eq!(after.as_str(), "Kerry met Lavrov");
        assert_eq!(change.apply(&after), None);
        assert_eq!(change.inverse().apply(&after), Some(text));
    }

    fn text_and_pieces() -> impl Strategy<Value = (Text, Vec<Replacement>)> {
        let word = prop::sample::select(vec!["Kerry", "é", "🎉", " ", " the ", "\r\n", "日本", "a"]);
        let content = prop::collection::vec(word, 1..30).prop_map(|words| words.concat());
        (content, prop::collection::vec((0usize..90, 0usize..6, prop::sample::select(vec!["", "x", "née", " and "])), 1..4)).prop_map(
            |(content, cuts)| {
                let mut pieces: Vec<Replacement> = Vec::new();
                for (start, len, with) in cuts {
                    let start = content.floor_char_boundary(start.min(content.len()));
                    let end = content.ceil_char_boundary((start + len).min(content.len()));
                    pieces.push(piece(start, end, with));
                }
                pieces.sort_by_key(|piece| (piece.start, piece.end));
                let mut apart: Vec<Replacement> = Vec::new();
                for piece in pieces {
                    if apart.last().is_none_or(|last| last.end < piece.start) {
                        apart.push(piece);
                    }
                }
                (Text::new(content), apart)
            },
        )
    }

    proptest! {
        #[test]
        fn quotes_outside_the_pieces_stay_and_the_rest_fits((text, pieces) in text_and_pieces(), start in 0usize..90, len in 1usize..12) {
            let replacements = Replacements::new(&pieces).unwrap();
            let start = text.as_str().floor_char_boundary(start);
            let end = text.as_str().ceil_char_boundary((start + len).min(text.len()));
            let (Ok(after), Ok(range)) = (replacements.apply(&text), text.range(start, end)) else { return Ok(()) };
            let mapped = replacements.map_range(range);
            let quoted = replacements.map_quoted(start, end, text.slice(range));
            prop_assert_eq!(mapped.map(|range| (range.start(), range.end(), after.slice(range).to_owned())), quoted);
            match mapped {
                Some(mapped) => {
                    prop_assert!(after.range(mapped.start(), mapped.end()).is_ok());
                    if replacements.keeps(range) {
                        prop_assert_eq!(after.slice(mapped), text.slice(range));
                    }
                }
                None => prop_assert!(!replacements.keeps(range)),
            }
        }

        #[test]
        fn a_change_and_its_inverse_restore_the_text((text, pieces) in text_and_pieces()) {
            let Ok(change) = TextChange::new(&text, &pieces) else { return Ok(()) };
            let after = change.apply(&text).unwrap();
            prop_assert_eq!(change.clone().inverse().apply(&after), Some(text.clone()));
            prop_assert_eq!(change.clone().inverse().inverse(), change);
            let again = TextChange::between(&text, &after).unwrap();
            prop_assert_eq!(again.apply(&text), Some(after));
        }
    }
}
