//! Ranges behind the end of the text or inside a character.

use super::SheetCheck;
use crate::model::{MarkId, Node};

pub(super) fn check(check: &mut SheetCheck<'_>) {
    let Some(text) = check.text else { return };
    for (mark, ranges) in check.sheet.places() {
        if let Err(error) = text.check(ranges) {
            check.report(node(mark), &format!("does not fit the text: {error}"));
        }
    }
}

pub(super) fn node(mark: MarkId) -> Node {
    match mark {
        MarkId::Span(id) => Node::Span(id),
        MarkId::Claim(id) => Node::Claim(id),
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, messages};
    use crate::edit::testing::Case;
    use crate::text::Text;

    #[test]
    fn places_must_fit() {
        check("[PER Kerry] said [CLAIM é]", "");
        let mut case = Case::new("[PER Kerry] said [CLAIM#c é]\n.. c: claimer=\"author\"");
        case.state.texts.insert(case.key.document.clone(), Text::new("Kerry said日日"));
        insta::assert_snapshot!(messages(&case), @"range-outside-text: the claim 000000000002 does not fit the text: offset 11 lies inside a character");
    }
}
