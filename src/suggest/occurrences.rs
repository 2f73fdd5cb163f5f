//! Further places of a name that are not labelled yet, for a queue of yes and no.
//!
//! Looks at one text and one sheet; `workspace/corpus.rs` goes over all texts of a project.

use std::cmp::Reverse;

use crate::model::{LabelKey, Schema, Sheet, occurrence_name};
use crate::text::search::Needles;
use crate::text::segment::is_whole_words;
use crate::text::{Text, TextRange};

/// Places of the needles that could get the label, in text order: whole words that no span of the label's kind covers
/// or crosses, and that the coder has not turned down. Claims and spans of other kinds do not count.
#[must_use]
pub fn open_occurrences(text: &Text, sheet: &Sheet, schema: &Schema, label: &LabelKey, needles: &Needles) -> Vec<TextRange> {
    let hits = needles.find(text.as_str()).filter(|hit| is_whole_words(text.as_str(), hit));
    let mut hits = hits.filter_map(|hit| text.range(hit.start, hit.end).ok()).peekable();
    if hits.peek().is_none() {
        return Vec::new();
    }
    let mut labelled = Labelled::new(sheet, schema, label);
    let rejected = &sheet.info.rejected;
    let is_rejected = |hit: TextRange| !rejected.is_empty() && rejected.contains(&occurrence_name(label, hit.start(), text.slice(hit)));
    hits.filter(|hit| !labelled.blocks(*hit) && !is_rejected(*hit)).collect()
}

/// The ranges of spans of one kind, for hits that come in text order and do not overlap: all of them together look at
/// each range a few times only.
struct Labelled {
    // By start, the longest first.
    by_start: Vec<TextRange>,
    by_end: Vec<TextRange>,
    // Ranges that begin at or before the hit, and how far they reach.
    begun: usize,
    reach: usize,
    // Ranges that end at or before the hit.
    ended: usize,
}

impl Labelled {
    fn new(sheet: &Sheet, schema: &Schema, label: &LabelKey) -> Self {
        let kind = schema.kind_of(label);
        let spans = sheet.spans.values().filter(|span| schema.kind_of(&span.label) == kind);
        let mut by_start: Vec<TextRange> = spans.flat_map(|span| span.ranges.iter()).collect();
        let mut by_end = by_start.clone();
        by_start.sort_unstable_by_key(|range| (range.start(), Reverse(range.end())));
        by_end.sort_unstable_by_key(|range| range.end());
        Self { by_start, by_end, begun: 0, reach: 0, ended: 0 }
    }

    /// True when a range covers or crosses the hit. Each hit must lie behind the one before.
    fn blocks(&mut self, hit: TextRange) -> bool {
        while let Some(range) = self.by_start.get(self.begun).filter(|range| range.start() <= hit.start()) {
            self.reach = self.reach.max(range.end());
            self.begun += 1;
        }
        while self.by_end.get(self.ended).is_some_and(|range| range.end() <= hit.start()) {
            self.ended += 1;
        }
        let begins_inside = self.by_start.get(self.begun..).unwrap_or_default().iter().take_while(|range| range.start() < hit.end());
        let ends_inside = self.by_end.get(self.ended..).unwrap_or_default().iter().take_while(|range| range.end() < hit.end());
        self.reach >= hit.end() || begins_inside.chain(ends_inside).any(|range| range.crosses(hit))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::edit::testing::Case;
    use crate::model::{Id, Span, SpanId};
    use crate::text::search::{Bounds, Case as Letters};

    fn open(source: &str, label: &str, needles: &[&str]) -> Vec<usize> {
        let case = Case::new(source);
        let needles = Needles::new(needles, Letters::Ignored, Bounds::WholeWords);
        let found = open_occurrences(case.text(), case.state.sheet(&case.key), &case.state.schema, &label.parse().unwrap(), &needles);
        found.into_iter().map(TextRange::start).collect()
    }

    #[test]
    fn labelled_places_are_left_out() {
        assert_eq!(open("[PER Kerry] met Kerry, Kerry’s aide and Kerryman", "PER", &["Kerry"]), [10, 17]);
        assert_eq!(open("[ORG Kerry] Kerry", "PER", &["Kerry"]), [6], "another label of the kind counts");
        assert_eq!(open("[PER John Kerry] Kerry", "PER", &["Kerry"]), [11], "around the place");
        assert_eq!(open("[PER#a John [CUE Kerry]#a; x] John Kerry", "PER", &["John Kerry"]), [13], "crossing");
        assert_eq!(open("[PER US] Army", "ORG", &["US Army"]), [0], "nested in the place");
        assert_eq!(open("[CUE Kerry] [CLAIM Kerry]", "PER", &["Kerry"]), [0, 6], "other kinds do not count");
        assert_eq!(open("[PER#k New] Kerry [+#k York]", "PER", &["Kerry"]), [4], "in a gap");
        assert_eq!(open("他在北京市说", "GPE", &["北京"]), [6]);
    }

    #[test]
    fn places_that_were_turned_down_are_left_out() {
        let name = occurrence_name(&"PER".parse().unwrap(), 6, "Kerry");
        assert_eq!(open(&format!("Kerry Kerry\n.. =sheet: rejected=\"{name}\""), "PER", &["Kerry"]), [0]);
        assert_eq!(open(&format!("Kerry Kerry\n.. =sheet: rejected=\"{name}\""), "ORG", &["Kerry"]), [0, 6], "for another label");
    }

    proptest! {
        #[test]
        fn sweeping_finds_what_comparing_all_finds(spans in proptest::collection::vec((0u32..30, 1u32..9), 0..12)) {
            let text = Text::new("ab cd ab cd ab cd ab cd ab cd ab cd ab cd");
            let label: LabelKey = "PER".parse().unwrap();
            let mut sheet = Sheet::default();
            for (i, (start, len)) in spans.iter().enumerate() {
                let range = TextRange::try_from((*start, start + len)).unwrap();
                sheet.spans.insert(SpanId(Id::from_bits(i as u64)), Span::new(range, label.clone()));
            }
            let needles = Needles::new(["ab", "cd", "cd ab"], Letters::Matters, Bounds::WholeWords);
            let is_free = |hit: &TextRange| !sheet.marks().any(|(_, r)| r.iter().any(|r| r.contains_range(*hit) || r.crosses(*hit)));
            let expected: Vec<TextRange> = needles.find_in(&text).into_iter().filter(is_free).collect();
            prop_assert_eq!(open_occurrences(&text, &sheet, &Schema::default(), &label, &needles), expected);
        }
    }
}
