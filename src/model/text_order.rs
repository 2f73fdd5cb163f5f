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
#[derive(Clone, Debug)]
pub struct TextOrder<T: Ordered = MarkId> {
    // Sorted, and so are the entries of each. None is empty, so that a change moves few entries out of a million.
    chunks: Vec<Chunk<T>>,
}

type Chunk<T> = Vec<(Place, <T as Ordered>::Kept)>;

/// So many entries a chunk has that is made at once; with twice as many it is divided.
const CHUNK: usize = 1024;

impl<T: Ordered> Default for TextOrder<T> {
    fn default() -> Self {
        Self { chunks: Vec::new() }
    }
}

impl<T: Ordered> PartialEq for TextOrder<T> {
    fn eq(&self, other: &Self) -> bool {
        self.chunks.iter().flatten().eq(other.chunks.iter().flatten())
    }
}

impl<T: Ordered> Eq for TextOrder<T> {}

impl<T: Ordered> TextOrder<T> {
    /// Sorts.
    #[must_use]
    pub fn new(entries: impl IntoIterator<Item = (Place, T)>) -> Self {
        let mut entries: Chunk<T> = entries.into_iter().map(|(place, thing)| (place, thing.to_kept())).collect();
        entries.sort_unstable();
        Self { chunks: entries.chunks(CHUNK).map(<[_]>::to_vec).collect() }
    }

    /// Puts a thing in its place. Nothing happens when it is there.
    pub fn insert(&mut self, place: Place, thing: T) {
        let entry = (place, thing.to_kept());
        let (index, found) = self.find(&entry);
        let Err(at) = found else { return };
        let Some(chunk) = self.chunks.get_mut(index) else { return self.chunks.push(vec![entry]) };
        chunk.insert(at, entry);
        if chunk.len() >= 2 * CHUNK {
            let behind = chunk.split_off(CHUNK);
            self.chunks.insert(index + 1, behind);
        }
    }

    /// Takes a thing from its place. Nothing happens when it is not there.
    pub fn remove(&mut self, place: Place, thing: T) {
        let (index, found) = self.find(&(place, thing.to_kept()));
        let (Ok(at), Some(chunk)) = (found, self.chunks.get_mut(index)) else { return };
        chunk.remove(at);
        if chunk.is_empty() {
            self.chunks.remove(index);
        }
    }

    /// In which chunk an entry is, or would be, and where there.
    fn find(&self, entry: &(Place, T::Kept)) -> (usize, Result<usize, usize>) {
        let index = self.chunks.partition_point(|chunk| chunk.last() < Some(entry)).min(self.chunks.len().saturating_sub(1));
        (index, self.chunks.get(index).map_or(Err(0), |chunk| chunk.binary_search(entry)))
    }

    /// How many entries stand before a chunk.
    fn len_before(&self, chunk: usize) -> usize {
        self.chunks.iter().take(chunk).map(Vec::len).sum()
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.len_before(self.chunks.len())
    }

    /// True when there is nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.chunks.is_empty()
    }

    /// The thing at an index in text order.
    #[must_use]
    pub fn get(&self, index: usize) -> Option<T> {
        let mut before = index;
        for chunk in &self.chunks {
            if let Some((_, kept)) = chunk.get(before) {
                return Some(T::of_kept(*kept));
            }
            before -= chunk.len();
        }
        None
    }

    /// Where a thing stands in text order.
    #[must_use]
    pub fn position(&self, place: Place, thing: T) -> Option<usize> {
        let (index, found) = self.find(&(place, thing.to_kept()));
        Some(self.len_before(index) + found.ok()?)
    }

    /// How many start before a byte.
    #[must_use]
    pub fn count_before(&self, offset: usize) -> usize {
        let (chunk, at) = self.first_from(offset);
        self.len_before(chunk) + at
    }

    /// The chunk and the entry with which begins what starts at a byte or behind it.
    fn first_from(&self, offset: usize) -> (usize, usize) {
        let starts_before = |(place, _): &(Place, T::Kept)| place.start() < offset;
        let index = self.chunks.partition_point(|chunk| chunk.last().is_some_and(starts_before));
        (index, self.chunks.get(index).map_or(0, |chunk| chunk.partition_point(starts_before)))
    }

    /// All with their places, in text order.
    pub fn entries(&self) -> impl Iterator<Item = (Place, T)> + '_ {
        self.chunks.iter().flatten().map(|(place, kept)| (*place, T::of_kept(*kept)))
    }

    /// All, in text order.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = T> + ExactSizeIterator + '_ {
        self.between((0, 0), (self.chunks.len(), 0))
    }

    /// What starts before a byte, in text order.
    pub fn before(&self, offset: usize) -> impl DoubleEndedIterator<Item = T> + ExactSizeIterator + '_ {
        self.between((0, 0), self.first_from(offset))
    }

    /// What starts at one of these bytes, in text order.
    pub fn starting_in(&self, bytes: Range<usize>) -> impl DoubleEndedIterator<Item = T> + ExactSizeIterator + '_ {
        self.between(self.first_from(bytes.start), self.first_from(bytes.end.max(bytes.start)))
    }

    fn between(&self, front: (usize, usize), back: (usize, usize)) -> Slice<'_, T> {
        let chunks = self.chunks.get(front.0..back.0).unwrap_or_default();
        let len = (chunks.iter().map(Vec::len).sum::<usize>() + back.1).saturating_sub(front.1);
        Slice { order: self, front, back, len }
    }
}

/// Some things that stand one behind the other.
struct Slice<'o, T: Ordered> {
    order: &'o TextOrder<T>,
    // Chunk and entry: of the next one, and behind the last one.
    front: (usize, usize),
    back: (usize, usize),
    len: usize,
}

impl<T: Ordered> Slice<'_, T> {
    fn thing(&self, (chunk, at): (usize, usize)) -> Option<T> {
        self.order.chunks.get(chunk)?.get(at).map(|(_, kept)| T::of_kept(*kept))
    }

    fn len_of(&self, chunk: usize) -> usize {
        self.order.chunks.get(chunk).map_or(0, Vec::len)
    }
}

impl<T: Ordered> Iterator for Slice<'_, T> {
    type Item = T;

    fn next(&mut self) -> Option<T> {
        self.len = self.len.checked_sub(1)?;
        let thing = self.thing(self.front);
        self.front.1 += 1;
        if self.front.1 >= self.len_of(self.front.0) {
            self.front = (self.front.0 + 1, 0);
        }
        thing
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.len, Some(self.len))
    }
}

impl<T: Ordered> DoubleEndedIterator for Slice<'_, T> {
    fn next_back(&mut self) -> Option<T> {
        self.len = self.len.checked_sub(1)?;
        if self.back.1 == 0 {
            self.back.0 = self.back.0.saturating_sub(1);
            self.back.1 = self.len_of(self.back.0);
        }
        self.back.1 = self.back.1.saturating_sub(1);
        self.thing(self.back)
    }
}

impl<T: Ordered> ExactSizeIterator for Slice<'_, T> {}

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

        /// Many, so that there are several chunks.
        #[test]
        fn every_part_is_that_of_a_sorted_list(
            seed in any::<u64>(), count in 0usize..6000, changes in 0usize..3000, from in 0u32..2000, len in 0u32..500, index in 0usize..7000,
        ) {
            let mut rng = fastrand::Rng::with_seed(seed);
            let mut entry = |_| (place(rng.u32(..2000), 2001), rng.u8(..));
            let mut model: std::collections::BTreeSet<(Place, u8)> = (0..count).map(&mut entry).collect();
            let mut order = TextOrder::new(model.iter().copied());
            for number in 0..changes {
                let (place, thing) = entry(number);
                if number % 3 == 0 {
                    let gone = model.iter().nth(number % model.len().max(1)).copied().unwrap_or((place, thing));
                    model.remove(&gone);
                    order.remove(gone.0, gone.1);
                } else {
                    model.insert((place, thing));
                    order.insert(place, thing);
                }
            }
            let sorted: Vec<(Place, u8)> = model.into_iter().collect();
            prop_assert_eq!((order.len(), order.is_empty()), (sorted.len(), sorted.is_empty()));
            prop_assert!(order.entries().eq(sorted.iter().copied()));
            prop_assert!(order.iter().rev().eq(sorted.iter().rev().map(|(_, thing)| *thing)));
            prop_assert_eq!(order.get(index), sorted.get(index).map(|(_, thing)| *thing));
            let (from, to) = (from as usize, (from + len) as usize);
            let expected: Vec<u8> = sorted.iter().filter(|(place, _)| (from..to).contains(&place.start())).map(|(_, thing)| *thing).collect();
            let part = order.starting_in(from..to);
            prop_assert_eq!(part.len(), expected.len());
            prop_assert_eq!(part.collect::<Vec<_>>(), expected.clone());
            // From both ends at once.
            let (mut part, mut met) = (order.starting_in(from..to), (Vec::new(), Vec::new()));
            while let Some(thing) = part.next() {
                met.0.push(thing);
                met.1.extend(part.next_back());
            }
            met.0.extend(met.1.into_iter().rev());
            prop_assert_eq!(met.0, expected);
            prop_assert_eq!(order.before(from).len(), order.count_before(from));
            if let Some((place, thing)) = sorted.get(index) {
                prop_assert_eq!(order.position(*place, *thing), Some(index));
            }
        }
    }
}
