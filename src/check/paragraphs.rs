//! Ranges that go on over the end of a paragraph: mostly a slip of the mouse.

use super::SheetCheck;
use super::ranges::node;

pub(super) fn check(check: &mut SheetCheck<'_>) {
    let Some(text) = check.text else { return };
    for (mark, ranges) in check.sheet.places().filter(|(_, ranges)| text.check(ranges).is_ok()) {
        if ranges.iter().any(|range| has_break(text.slice(range).trim())) {
            check.report(node(mark), "goes on over the end of a paragraph");
        }
    }
}

/// A blank line inside. Single line ends are common in texts that were wrapped by a program.
fn has_break(quote: &str) -> bool {
    quote.match_indices('\n').any(|(at, _)| quote.get(at + 1..).is_some_and(|rest| rest.chars().take_while(|c| c.is_whitespace()).any(|c| c == '\n')))
}

#[cfg(test)]
mod tests {
    use super::super::testing::check;

    #[test]
    fn ranges_over_two_paragraphs_are_named() {
        check("[CLAIM#c taxes\n\nrise]", "across-paragraphs: the claim “taxes  rise” goes on over the end of a paragraph");
        check("[CLAIM#c taxes]\n\n[+#c rise] [CLAIM in\r\ntwo lines]", "");
    }
}
