//! Spans with the same label and the same ranges. Claims may share both: two people can claim the same words.

use std::collections::BTreeMap;

use super::SheetCheck;
use crate::model::{LabelKey, Node, Place, Sheet, Span, SpanId};
use crate::text::Ranges;

pub(super) fn check(check: &mut SheetCheck<'_>) {
    let mut further: Vec<SpanId> = alike(check.sheet).iter().flat_map(|spans| spans.iter().skip(1).map(|(id, _)| *id)).collect();
    further.sort_unstable();
    for id in further {
        check.report(Node::Span(id), "is there twice, with the same label and the same ranges");
    }
}

/// Spans with the same label and the same ranges, at least two together, in the order of their ids.
pub(super) fn alike(sheet: &Sheet) -> Vec<Vec<(SpanId, &Span)>> {
    let mut spans: Vec<(Place, SpanId, &Span)> = sheet.spans.iter().map(|(id, span)| (Place::of(&span.ranges), *id, span)).collect();
    spans.sort_unstable_by_key(|(place, id, _)| (*place, *id));
    let mut found = Vec::new();
    for there in spans.chunk_by(|(one, ..), (other, ..)| one == other).filter(|there| there.len() > 1) {
        let mut alike: BTreeMap<(&Ranges, &LabelKey), Vec<(SpanId, &Span)>> = BTreeMap::new();
        for (_, id, span) in there {
            alike.entry((&span.ranges, &span.label)).or_default().push((*id, *span));
        }
        found.extend(alike.into_values().filter(|alike| alike.len() > 1));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::super::testing::check;

    #[test]
    fn the_second_of_two_equal_spans_is_named() {
        check("[PER [PER Kerry]] [ORG [PER Kerry]]", "duplicate-span: the span PER “Kerry” is there twice, with the same label and the same ranges");
        check("[CLAIM [CLAIM taxes rise]]", "");
    }
}
