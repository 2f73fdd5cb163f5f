//! Spans that begin or end with a blank, or end with punctuation that does not belong to them.

use super::SheetCheck;
use super::ranges::node;
use crate::model::MarkId;
use crate::text::snap::trim;
use crate::text::{Ranges, Text};

pub(super) fn check(check: &mut SheetCheck<'_>) {
    let Some(text) = check.text else { return };
    for (mark, ranges) in check.sheet.marks().filter(|(_, ranges)| text.check(ranges).is_ok()) {
        if trimmed(text, mark, ranges).is_some_and(|trimmed| trimmed != *ranges) {
            check.report(node(mark), "begins or ends with a blank or with punctuation that does not belong to it");
        }
    }
}

/// The ranges without blanks and final punctuation. Claims keep their punctuation: they are clauses. None where nothing
/// would be left.
pub(super) fn trimmed(text: &Text, mark: MarkId, ranges: &Ranges) -> Option<Ranges> {
    let shorten = |range| match mark {
        MarkId::Span(_) => trim(text, range),
        MarkId::Claim(_) => {
            let quote = text.slice(range);
            let start = range.start() + (quote.len() - quote.trim_start().len());
            text.range(start, start + quote.trim().len()).unwrap_or(range)
        }
    };
    Ranges::new(ranges.iter().map(shorten).collect())
}

#[cfg(test)]
mod tests {
    use super::super::testing::check;

    #[test]
    fn blanks_and_punctuation_at_edges_are_named() {
        check(
            "[PER Kerry ]met [PER Lavrov.]",
            "edge: the span PER “Kerry ” begins or ends with a blank or with punctuation that does not belong to it\nedge: the span PER “Lavrov.” begins or ends with a blank or with punctuation that does not belong to it",
        );
        check("[PER Kerry] in the [GPE U.S.] said [CLAIM it is so.]", "");
        check("said[CLAIM  it is so.]", "edge: the claim “ it is so.” begins or ends with a blank or with punctuation that does not belong to it");
    }
}
