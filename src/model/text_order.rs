//! Things with a place in a text, by where they start; of several, the longest first.
//!
//! Whoever asks often keeps one and changes it thing by thing: that takes microseconds where sorting thousands takes
//! milliseconds.

use std::ops::Range;

use super::{ClaimId, Id, MarkId, Sheet, SpanId};
use crate::text::Ranges;

/// First and last byte in one number, which sorts quickly: by the start, the longest first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Place(u64);

impl Place {
    /// From the first byte of the first range to the last of the last.
    #[must_use]
    pub fn of(ranges: &Ranges) -> Self {
        let (start, end): (u32, u32) = ranges.hull().into();
        Self(u64::from(start) << 32 | u64::from(u32::MAX - end))
    }

    /// The first byte.
    #[must_use]
    pub fn start(self) -> usize {
        (self.0 >> 32) as usize
    }

    /// All bytes, gaps included.
    #[must_use]
    pub fn bytes(self) -> Range<usize> {
        let end = u64::from(u32::MAX) - (self.0 & u64::from(u32::MAX));
        self.start()..end as usize
    }
}

/// What can be kept in the order of the text, in few bytes: there may be a million of it.
pub trait Ordered: Copy {
    /// The form in which it is kept, with the same order.
    type Kept: Copy + Ord + std::fmt::Debug;

    /// Into that form.
    fn to_kept(self) -> Self::Kept;

    /// Out of that form.
    fn of_kept(kept: Self::Kept) -> Self;
}

impl Ordered for MarkId {
    type Kept = u64;

    fn to_kept(self) -> u64 {
        match self {
            Self::Span(id) => id.0.bits(),
            Self::Claim(id) => CLAIM | id.0.bits(),
        }
    }

    fn of_kept(kept: u64) -> Self {
        let id = Id::from_bits(kept);
        if kept & CLAIM == 0 { Self::Span(SpanId(id)) } else { Self::Claim(ClaimId(id)) }
    }
}

/// Above all bits of an id.
const CLAIM: u64 = 1 << 60;

/// Things in the order of the text. One thing may have several places.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TextOrder<T: Ordered = MarkId> {
    // Sorted.
    entries: Vec<(Place, T::Kept)>,
}

impl<T: Ordered> Default for TextOrder<T> {
    fn default() -> Self {
        Self { entries: Vec::new() }
    }
}

impl<T: Ordered> TextOrder<T> {
    /// Sorts.
    #[must_use]
    pub fn new(entries: impl IntoIterator<Item = (Place, T)>) -> Self {
        let mut entries: Vec<(Place, T::Kept)> = entries.into_iter().map(|(place, thing)| (place, thing.to_kept())).collect();
        entries.sort_unstable();
        entries.shrink_to_fit();
        Self { entries }
    }

    /// Puts a thing in its place. Nothing happens when it is there.
    pub fn insert(&mut self, place: Place, thing: T) {
        let entry = (place, thing.to_kept());
        if let Err(at) = self.entries.binary_search(&entry) {
            self.entries.insert(at, entry);
        }
    }

    /// Takes a thing from its place. Nothing happens when it is not there.
    pub fn remove(&mut self, place: Place, thing: T) {
        if let Ok(at) = self.entries.binary_search(&(place, thing.to_kept())) {
            self.entries.remove(at);
        }
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// True when there is nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The thing at an index in text order.
    #[must_use]
    pub fn get(&self, index: usize) -> Option<T> {
        self.entries.get(index).map(|(_, kept)| T::of_kept(*kept))
    }

    /// Where a thing stands in text order.
    #[must_use]
    pub fn position(&self, place: Place, thing: T) -> Option<usize> {
        self.entries.binary_search(&(place, thing.to_kept())).ok()
    }

    /// How many start before a byte.
    #[must_use]
    pub fn count_before(&self, offset: usize) -> usize {
        self.entries.partition_point(|(place, _)| place.start() < offset)
    }

    /// All with their places, in text order.
    pub fn entries(&self) -> impl Iterator<Item = (Place, T)> + '_ {
        self.entries.iter().map(|(place, kept)| (*place, T::of_kept(*kept)))
    }

    /// All, in text order.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = T> + ExactSizeIterator + '_ {
        self.entries.iter().map(|(_, kept)| T::of_kept(*kept))
    }

    /// What starts before a byte, in text order.
    pub fn before(&self, offset: usize) -> impl DoubleEndedIterator<Item = T> + ExactSizeIterator + '_ {
        self.slice(0..self.count_before(offset))
    }

    /// What starts at one of these bytes, in text order.
    pub fn starting_in(&self, bytes: Range<usize>) -> impl DoubleEndedIterator<Item = T> + ExactSizeIterator + '_ {
        self.slice(self.count_before(bytes.start)..self.count_before(bytes.end))
    }

    fn slice(&self, indexes: Range<usize>) -> impl DoubleEndedIterator<Item = T> + ExactSizeIterator + '_ {
        self.entries.get(indexes).unwrap_or_default().iter().map(|(_, kept)| T::of_kept(*kept))
    }
}

impl TextOrder<MarkId> {
    /// The marks of a sheet, each at its first place. Claims without a place are not among them.
    #[must_use]
    pub fn of(sheet: &Sheet) -> Self {
        let spans = sheet.spans.iter().map(|(id, span)| (Place::of(&span.ranges), MarkId::Span(*id)));
        let claims = sheet.claims.iter().filter_map(|(id, claim)| Some((Place::of(claim.places().next()?), MarkId::Claim(*id))));
        Self::new(spans.chain(claims))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::text::TextRange;

    macro_rules! kept_as_they_are {
        ($($kind:ty,)*) => {$(
            impl Ordered for $kind {
                type Kept = Self;

                fn to_kept(self) -> Self {
                    self
                }

                fn of_kept(kept: Self) -> Self {
                    kept
                }
            }
        )*};
    }

    kept_as_they_are! {
        char,
        u8,
    }

    #[test]
    fn marks_are_kept_in_their_order() {
        let ids = [1, 2, 1 << 40, u64::MAX].map(Id::from_bits);
        let marks: Vec<MarkId> = ids.map(|id| MarkId::Span(SpanId(id))).into_iter().chain(ids.map(|id| MarkId::Claim(ClaimId(id)))).collect();
        assert!(marks.is_sorted() && marks.iter().map(|mark| mark.to_kept()).is_sorted());
        assert!(marks.iter().all(|mark| MarkId::of_kept(mark.to_kept()) == *mark));
    }

    fn place(start: u32, end: u32) -> Place {
        Place::of(&TextRange::try_from((start, end)).unwrap().into())
    }

    #[test]
    fn the_longest_of_one_start_comes_first() {
        let order = TextOrder::new([(place(3, 5), 'c'), (place(0, 2), 'b'), (place(0, 9), 'a')]);
        assert_eq!(order.iter().collect::<String>(), "abc");
        assert_eq!(order.before(3).collect::<String>(), "ab");
        assert_eq!(order.starting_in(1..4).collect::<String>(), "c");
        assert_eq!(place(3, 5).bytes(), 3..5);
        assert_eq!((order.position(place(0, 2), 'b'), order.position(place(0, 2), 'x')), (Some(1), None));
    }

    proptest! {
        #[test]
        fn changed_one_by_one_it_is_as_sorted_at_once(steps in prop::collection::vec((0u32..9, 1u32..4, 0u8..4, any::<bool>()), 0..60)) {
            let (mut order, mut model) = (TextOrder::default(), std::collections::BTreeSet::new());
            for (start, len, thing, is_there) in steps {
                let entry = (place(start, start + len), thing);
                if is_there {
                    order.insert(entry.0, entry.1);
                    model.insert(entry);
                } else {
                    order.remove(entry.0, entry.1);
                    model.remove(&entry);
                }
            }
            prop_assert_eq!(order, TextOrder::new(model));
        }
    }
}
