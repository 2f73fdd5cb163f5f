//! Spans with the same label and the same ranges. Claims may share both: two people can claim the same words.

use std::collections::BTreeMap;

use super::SheetCheck;
use crate::model::Node;

pub(super) fn check(check: &mut SheetCheck<'_>) {
    let mut seen = BTreeMap::new();
    for (id, span) in &check.sheet.spans {
        if seen.insert((&span.ranges, &span.label), *id).is_some() {
            check.report(Node::Span(*id), "is there twice, with the same label and the same ranges");
        }
    }
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
