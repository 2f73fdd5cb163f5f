//! Ranges that go on over the end of a paragraph: mostly a slip of the mouse.

use super::SheetCheck;
use super::ranges::node;

pub(super) fn check(check: &mut SheetCheck<'_>) {
    let Some(text) = check.text else { return };
    for (mark, ranges) in check.sheet.places().filter(|(_, ranges)| text.check(ranges).is_ok()) {
        if ranges.iter().any(|range| text.slice(range).trim().contains('\n')) {
            check.report(node(mark), "goes on over the end of a paragraph");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::check;

    #[test]
    fn ranges_over_two_paragraphs_are_named() {
        check("[CLAIM#c taxes\nrise]", "across-paragraphs: the claim “taxes rise” goes on over the end of a paragraph");
        check("[CLAIM#c taxes]\n[+#c rise]", "");
    }
}
