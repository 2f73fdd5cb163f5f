//! One half-open range of bytes, never empty.

use std::fmt;
use std::ops::Range;

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// A half-open, non-empty range of UTF-8 bytes.
///
/// [`crate::text::Text::range`] is the way to make one; it checks the character boundaries. A range read from a
/// file is only known not to be empty until `edit::apply` or the store has checked it against its text.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "(u32, u32)", into = "(u32, u32)")]
pub struct TextRange {
    // `start < end` always.
    start: u32,
    end: u32,
}

/// Why two offsets are not a range of a text. All offsets are bytes.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Error)]
pub enum RangeError {
    /// `start >= end`.
    #[error("the range {start}..{end} is empty or reversed")]
    Empty {
        /// First byte.
        start: usize,
        /// Byte after the last.
        end: usize,
    },
    /// The end lies behind the text.
    #[error("the range {start}..{end} ends behind the text, which has {len} bytes")]
    OutOfText {
        /// First byte.
        start: usize,
        /// Byte after the last.
        end: usize,
        /// Bytes of the text.
        len: usize,
    },
    /// An end splits a character.
    #[error("offset {offset} lies inside a character")]
    InsideCharacter {
        /// The byte offset.
        offset: usize,
    },
}

impl TextRange {
    /// Checks `start` and `end` against `content`; used by [`crate::text::Text::range`].
    pub(super) fn in_text(content: &str, start: usize, end: usize) -> Result<Self, RangeError> {
        if start >= end {
            return Err(RangeError::Empty { start, end });
        }
        let len = content.len();
        let (Ok(start32), Ok(end32), true) = (u32::try_from(start), u32::try_from(end), end <= len) else {
            return Err(RangeError::OutOfText { start, end, len });
        };
        match [start, end].into_iter().find(|offset| !content.is_char_boundary(*offset)) {
            Some(offset) => Err(RangeError::InsideCharacter { offset }),
            None => Ok(Self { start: start32, end: end32 }),
        }
    }

    /// First byte.
    #[must_use]
    pub fn start(self) -> usize {
        self.start as usize
    }

    /// Byte after the last.
    #[must_use]
    pub fn end(self) -> usize {
        self.end as usize
    }

    /// Length in bytes, at least 1.
    #[must_use]
    #[expect(clippy::len_without_is_empty, reason = "a range is never empty")]
    pub fn len(self) -> usize {
        self.end() - self.start()
    }

    /// As a standard range, for slicing.
    #[must_use]
    pub fn as_range(self) -> Range<usize> {
        self.start()..self.end()
    }

    /// True when the byte at `offset` belongs to the range.
    #[must_use]
    pub fn contains(self, offset: usize) -> bool {
        self.as_range().contains(&offset)
    }

    /// True when every byte of `inner` belongs to this range.
    #[must_use]
    pub fn contains_range(self, inner: Self) -> bool {
        self.start <= inner.start && inner.end <= self.end
    }

    /// True when the two share a byte.
    #[must_use]
    pub fn overlaps(self, other: Self) -> bool {
        self.start < other.end && other.start < self.end
    }

    /// True when the two share bytes and neither contains the other.
    #[must_use]
    pub fn crosses(self, other: Self) -> bool {
        self.overlaps(other) && !self.contains_range(other) && !other.contains_range(self)
    }

    /// True when no byte lies between the two (they overlap or touch).
    #[must_use]
    pub fn adjoins(self, other: Self) -> bool {
        self.start <= other.end && other.start <= self.end
    }

    /// The smallest range that contains both.
    #[must_use]
    pub fn hull(self, other: Self) -> Self {
        Self { start: self.start.min(other.start), end: self.end.max(other.end) }
    }

    /// The bytes that both have.
    #[must_use]
    pub fn intersection(self, other: Self) -> Option<Self> {
        self.overlaps(other).then(|| Self { start: self.start.max(other.start), end: self.end.min(other.end) })
    }

    /// What is left of this range without `cut`: nothing, one or two ranges.
    pub fn without(self, cut: Self) -> impl Iterator<Item = Self> {
        let left = Self { start: self.start, end: self.end.min(cut.start) };
        let right = Self { start: self.start.max(cut.end), end: self.end };
        let parts = if self.overlaps(cut) { [left, right] } else { [self, Self { start: 0, end: 0 }] };
        parts.into_iter().filter(|part| part.start < part.end)
    }
}

impl TryFrom<(u32, u32)> for TextRange {
    type Error = RangeError;

    fn try_from((start, end): (u32, u32)) -> Result<Self, RangeError> {
        if start < end { Ok(Self { start, end }) } else { Err(RangeError::Empty { start: start as usize, end: end as usize }) }
    }
}

impl From<TextRange> for (u32, u32) {
    fn from(range: TextRange) -> Self {
        (range.start, range.end)
    }
}

impl fmt::Debug for TextRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}..{}", self.start, self.end)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn r(start: u32, end: u32) -> TextRange {
        (start, end).try_into().unwrap()
    }

    #[test]
    fn ranges_must_fit_their_text() {
        let check = |start, end| TextRange::in_text("aé🎉", start, end);
        assert_eq!(check(0, 3).unwrap(), r(0, 3));
        assert_eq!(check(2, 3), Err(RangeError::InsideCharacter { offset: 2 }));
        assert_eq!(check(3, 3), Err(RangeError::Empty { start: 3, end: 3 }));
        assert_eq!(check(3, 1), Err(RangeError::Empty { start: 3, end: 1 }));
        assert_eq!(check(3, 8), Err(RangeError::OutOfText { start: 3, end: 8, len: 7 }));
    }

    #[test]
    fn crossing_is_neither_nested_nor_apart() {
        assert!(r(0, 5).crosses(r(3, 8)));
        assert!(!r(0, 5).crosses(r(1, 4)));
        assert!(!r(0, 5).crosses(r(5, 8)));
    }

    #[test]
    fn a_cut_leaves_up_to_two_parts() {
        let left = |a: TextRange, b| a.without(b).collect::<Vec<_>>();
        assert_eq!(left(r(0, 9), r(3, 5)), [r(0, 3), r(5, 9)]);
        assert_eq!(left(r(0, 9), r(0, 5)), [r(5, 9)]);
        assert_eq!(left(r(2, 4), r(0, 5)), []);
        assert_eq!(left(r(2, 4), r(4, 5)), [r(2, 4)]);
    }
}
