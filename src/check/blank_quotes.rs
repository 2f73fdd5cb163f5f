//! Ranges that cover nothing but blanks and line ends.

use super::SheetCheck;
use super::ranges::node;

pub(super) fn check(check: &mut SheetCheck<'_>) {
    let Some(text) = check.text else { return };
    for (mark, ranges) in check.sheet.places().filter(|(_, ranges)| text.check(ranges).is_ok()) {
        if ranges.iter().any(|range| text.slice(range).chars().all(char::is_whitespace)) {
            check.report(node(mark), "covers nothing but blanks in one of its ranges");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::check;

    #[test]
    fn blanks_alone_are_named() {
        check("[PER a ] [CLAIM#c x] and[+#c  \u{a0}]", "blank-quote: the claim “x …  \u{a0}” covers nothing but blanks in one of its ranges");
        check("[CLAIM#c x] and[+#c~1  ]", "blank-quote: the claim “x” covers nothing but blanks in one of its ranges");
    }
}
