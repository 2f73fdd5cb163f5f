//! Spans that overlap where the codebook does not allow it: across the edge of another mark, or inside one with the same
//! label.

use std::collections::BTreeSet;

use super::SheetCheck;
use super::ranges::node;
use crate::model::{LabelKey, MarkId};
use crate::text::TextRange;

pub(super) fn check(check: &mut SheetCheck<'_>) {
    let schema = &check.state.schema;
    let keys = |test: fn(&crate::model::Label) -> bool| -> BTreeSet<&LabelKey> {
        schema.labels.iter().filter(|(_, label)| test(label)).map(|(key, _)| key).collect()
    };
    let (no_crossing, no_nesting) = (keys(|label| label.no_crossing), keys(|label| label.no_nesting));
    if no_crossing.is_empty() && no_nesting.is_empty() {
        return;
    }
    let sheet = check.sheet;
    let label = |mark| match mark {
        MarkId::Span(id) => sheet.spans.get(&id).map(|span| &span.label),
        MarkId::Claim(id) => sheet.claims.get(&id).map(|claim| &claim.label),
    };
    let mut places: Vec<(TextRange, MarkId)> = sheet.marks().map(|(mark, ranges)| (ranges.hull(), mark)).collect();
    places.sort_unstable_by_key(|(range, mark)| (range.start(), std::cmp::Reverse(range.end()), *mark));
    // Those that reach beyond the present one's start.
    let mut open: Vec<(TextRange, MarkId)> = Vec::new();
    let mut found: BTreeSet<(MarkId, bool)> = BTreeSet::new();
    for (range, mark) in places {
        open.retain(|(outer, _)| outer.end() > range.start());
        for (outer, other) in &open {
            let crosses = outer.start() < range.start() && outer.end() < range.end();
            let forbids = |mark| label(mark).is_some_and(|label| no_crossing.contains(label));
            if crosses {
                found.extend([mark, *other].into_iter().filter(|mark| forbids(*mark)).map(|mark| (mark, true)));
            } else if label(mark) == label(*other) && label(mark).is_some_and(|label| no_nesting.contains(label)) {
                found.insert((mark, false));
            }
        }
        open.push((range, mark));
    }
    for (mark, crosses) in found {
        check.report(
            node(mark),
            if crosses { "overlaps another mark in part, which its label does not allow" } else { "lies inside another one with its label" },
        );
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::super::testing::messages;
    use crate::edit::testing::Case;

    fn found(source: &str) -> String {
        let mut case = Case::new(source);
        let label = Arc::make_mut(&mut case.state.schema).labels.get_mut(&"A".parse().unwrap()).unwrap();
        (label.no_crossing, label.no_nesting) = (true, true);
        messages(&case)
    }

    #[test]
    fn crossing_and_nested_spans_are_named() {
        assert_eq!(
            found("[A#1 the big [B#2 red]#1; house]"),
            "overlap: the span A “the big red” overlaps another mark in part, which its label does not allow"
        );
        assert_eq!(found("[A the [A red] house]"), "overlap: the span A “red” lies inside another one with its label");
        assert_eq!(found("[A the] [A red [B house]] [B the [A red]]"), "");
    }

    #[test]
    fn nothing_is_forbidden_unless_the_codebook_says_so() {
        assert_eq!(messages(&Case::new("[A#1 the big [B#2 red]#1; house] [A the [A red] house]")), "");
    }
}
