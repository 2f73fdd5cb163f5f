//! The ranges of one span: one or more, sorted, apart from each other.

use serde::{Deserialize, Serialize};

use super::TextRange;

/// One or more ranges in text order with at least one byte between neighbours.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(try_from = "Vec<TextRange>", into = "Vec<TextRange>")]
pub struct Ranges(Repr);

// Nearly all spans have one range: it is held without an allocation (16 bytes either way).
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
enum Repr {
    One(TextRange),
    // At least two, sorted, with gaps.
    Many(Box<[TextRange]>),
}

impl Ranges {
    /// Sorts, and joins what overlaps or touches. None when there is no range.
    #[must_use]
    pub fn new(mut ranges: Vec<TextRange>) -> Option<Self> {
        ranges.sort_unstable();
        let mut joined: Vec<TextRange> = Vec::with_capacity(ranges.len());
        for range in ranges {
            match joined.last_mut() {
                Some(last) if last.adjoins(range) => *last = last.hull(range),
                _ => joined.push(range),
            }
        }
        match joined.as_slice() {
            [] => None,
            [one] => Some(Self(Repr::One(*one))),
            _ => Some(Self(Repr::Many(joined.into_boxed_slice()))),
        }
    }

    /// In text order.
    #[must_use]
    pub fn as_slice(&self) -> &[TextRange] {
        match &self.0 {
            Repr::One(range) => std::slice::from_ref(range),
            Repr::Many(ranges) => ranges,
        }
    }

    /// In text order.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = TextRange> + ExactSizeIterator + '_ {
        self.as_slice().iter().copied()
    }

    /// First byte of the first range.
    #[must_use]
    pub fn start(&self) -> usize {
        self.hull().start()
    }

    /// Byte after the last range.
    #[must_use]
    pub fn end(&self) -> usize {
        self.hull().end()
    }

    /// From the first to the last byte, gaps included.
    #[must_use]
    pub fn hull(&self) -> TextRange {
        match &self.0 {
            Repr::One(range) => *range,
            Repr::Many(ranges) => match (ranges.first(), ranges.last()) {
                (Some(first), Some(last)) => first.hull(*last),
                _ => unreachable!("at least two ranges"),
            },
        }
    }

    /// True for more than one range.
    #[must_use]
    pub fn is_discontinuous(&self) -> bool {
        self.as_slice().len() > 1
    }

    /// True when the byte at `offset` belongs to one of the ranges.
    #[must_use]
    pub fn contains(&self, offset: usize) -> bool {
        self.iter().any(|range| range.contains(offset))
    }

    /// True when a byte is shared.
    #[must_use]
    pub fn overlaps(&self, other: &Self) -> bool {
        self.iter().any(|a| other.iter().any(|b| a.overlaps(b)))
    }

    /// Bytes in all ranges, without the gaps.
    #[must_use]
    pub fn covered_len(&self) -> usize {
        self.iter().map(TextRange::len).sum()
    }

    /// With one more range; what touches is joined.
    #[must_use]
    pub fn with(&self, range: TextRange) -> Self {
        let mut ranges = self.as_slice().to_vec();
        ranges.push(range);
        Self::new(ranges).unwrap_or_else(|| range.into())
    }

    /// Without the bytes of `cut`. None when nothing is left.
    #[must_use]
    pub fn without(&self, cut: TextRange) -> Option<Self> {
        Self::new(self.iter().flat_map(|range| range.without(cut)).collect())
    }
}

impl From<TextRange> for Ranges {
    fn from(range: TextRange) -> Self {
        Self(Repr::One(range))
    }
}

impl TryFrom<Vec<TextRange>> for Ranges {
    type Error = &'static str;

    fn try_from(ranges: Vec<TextRange>) -> Result<Self, Self::Error> {
        Self::new(ranges).ok_or("a span needs at least one range")
    }
}

impl From<Ranges> for Vec<TextRange> {
    fn from(ranges: Ranges) -> Self {
        ranges.as_slice().to_vec()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn r(start: u32, end: u32) -> TextRange {
        (start, end).try_into().unwrap()
    }

    fn check(input: &[(u32, u32)], expected: &[(u32, u32)]) {
        let ranges = Ranges::new(input.iter().map(|(a, b)| r(*a, *b)).collect()).unwrap();
        let expected: Vec<TextRange> = expected.iter().map(|(a, b)| r(*a, *b)).collect();
        assert_eq!(ranges.as_slice(), expected);
    }

    #[test]
    fn ranges_are_sorted_and_joined() {
        check(&[(4, 6), (0, 2)], &[(0, 2), (4, 6)]);
        check(&[(0, 2), (2, 4)], &[(0, 4)]);
        check(&[(0, 5), (1, 3), (4, 8), (9, 10)], &[(0, 8), (9, 10)]);
    }

    #[test]
    fn a_span_is_small() {
        assert_eq!(size_of::<Ranges>(), 16);
    }

    #[test]
    fn cutting_can_split_and_empty() {
        let ranges = Ranges::from(r(0, 9));
        assert_eq!(ranges.without(r(3, 5)).unwrap().as_slice(), [r(0, 3), r(5, 9)]);
        assert_eq!(ranges.without(r(0, 9)), None);
    }
}
