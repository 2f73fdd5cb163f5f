//! Where else words stand that were labelled once, and are not labelled yet.
//!
//! Left out are parts of words, places that are labelled already or cross something labelled, and places that the coder
//! has turned down. Labels of another kind do not stand in the way: a mention may lie in a claim.

use crate::model::{LabelKey, LabelKind, Schema, Sheet};
use crate::text::search::Needles;
use crate::text::{Text, TextRange};

/// The stable name under which a sheet remembers that a place is not what it looks like.
#[must_use]
pub fn occurrence_name(label: &LabelKey, start: usize, quote: &str) -> String {
    format!("occurrence {label} {start} {quote}")
}

/// Places of `needles` that could get the label, in text order.
#[must_use]
pub fn open_occurrences(text: &Text, sheet: &Sheet, schema: &Schema, label: &LabelKey, needles: &Needles) -> Vec<TextRange> {
    let labelled = Labelled::new(sheet, schema, schema.kind_of(label));
    let is_rejected = |range: &TextRange| {
        !sheet.info.rejected.is_empty() && sheet.info.rejected.contains(&occurrence_name(label, range.start(), text.slice(*range)))
    };
    needles.find_in(text).into_iter().filter(|range| labelled.is_open(*range) && !is_rejected(range)).collect()
}

/// All labelled ranges of one kind, for asking what lies at a place.
struct Labelled {
    // By where they start.
    ranges: Vec<TextRange>,
    // The furthest end of all ranges up to this one.
    reach: Vec<usize>,
}

impl Labelled {
    fn new(sheet: &Sheet, schema: &Schema, kind: LabelKind) -> Self {
        let spans = sheet.spans.values().filter(|span| schema.kind_of(&span.label) == kind);
        let mut ranges: Vec<TextRange> = spans.flat_map(|span| span.ranges.as_slice().iter().copied()).collect();
        ranges.sort_unstable();
        let mut furthest = 0;
        let reach = ranges.iter().map(|range| {
            furthest = furthest.max(range.end());
            furthest
        });
        Self { reach: reach.collect(), ranges }
    }

    /// True where nothing labelled holds or crosses a place. What is labelled inside of it may stay there.
    fn is_open(&self, place: TextRange) -> bool {
        let before = self.ranges.partition_point(|range| range.start() < place.end());
        let mut index = before;
        while let Some(previous) = index.checked_sub(1) {
            // Nothing further left reaches the place.
            if self.reach.get(previous).is_some_and(|reach| *reach <= place.start()) {
                return true;
            }
            if self.ranges.get(previous).is_some_and(|range| range.contains_range(place) || range.crosses(place)) {
                return false;
            }
            index = previous;
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::edit::testing::Case;
    use crate::text::search::{Bounds, Case as LetterCase};

    fn found(case: &Case, words: &[&str]) -> Vec<TextRange> {
        let needles = Needles::new(words, LetterCase::Matters, Bounds::WholeWords);
        open_occurrences(case.text(), case.state.sheet(&case.key), &case.state.schema, &"PER".parse().unwrap(), &needles)
    }

    /// Where the words are found, each with two letters before it.
    fn check(source: &str, words: &[&str], expected: &[&str]) {
        let case = Case::new(source);
        let before =
            |range: TextRange| case.text().as_str()[..range.start()].chars().rev().take(2).collect::<Vec<_>>().into_iter().rev().collect::<String>();
        let places: Vec<String> = found(&case, words).into_iter().map(|range| before(range) + case.text().slice(range)).collect();
        assert_eq!(places, expected, "{source}");
    }

    #[test]
    fn parts_of_words_are_left_out() {
        check("a Kerry, b Kerryman. c Kerry’s", &["Kerry"], &["a Kerry", "c Kerry"]);
    }

    #[test]
    fn labelled_places_and_what_crosses_them_are_left_out() {
        check("[PER Kerry] a Kerry [PER John Kerry] [ORG Kerry Trust]", &["Kerry"], &["a Kerry"]);
        check("[PER John] a John Kerry", &["John Kerry"], &["a John Kerry"]);
        check("[PER the John] Kerry", &["John Kerry"], &[]);
        check("a [PER John] Kerry", &["John Kerry"], &["a John Kerry"]);
    }

    #[test]
    fn claims_and_other_spans_do_not_stand_in_the_way() {
        check("[CLAIM a Kerry] [CUE b Kerry]", &["Kerry"], &["a Kerry", "b Kerry"]);
    }

    #[test]
    fn what_was_turned_down_is_not_asked_again() {
        let mut case = Case::new("a Kerry b Kerry");
        let name = occurrence_name(&"PER".parse().unwrap(), 2, "Kerry");
        let transaction = crate::edit::ops::reject_occurrence(&case.state, &case.key, &name).unwrap();
        crate::edit::apply(&mut case.state, &transaction).unwrap();
        assert_eq!(found(&case, &["Kerry"]).len(), 1);
    }

    proptest! {
        #[test]
        fn the_quick_way_is_the_naive_one(spans in prop::collection::vec((0u32..40, 1u32..9), 0..12), place in (0u32..40, 1u32..9)) {
            let range = |(start, len): (u32, u32)| TextRange::try_from((start, start + len)).unwrap();
            let mut ranges: Vec<TextRange> = spans.into_iter().map(range).collect();
            ranges.sort_unstable();
            let reach = (0..ranges.len()).map(|i| ranges[..=i].iter().map(|r| r.end()).max().unwrap()).collect();
            let place = range(place);
            let naive = !ranges.iter().any(|r| r.contains_range(place) || r.crosses(place));
            prop_assert_eq!(Labelled { ranges, reach }.is_open(place), naive);
        }
    }
}
