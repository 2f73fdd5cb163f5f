//! Spans with a label for claims, and claims with a label for spans.

use super::SheetCheck;
use crate::model::{LabelKey, LabelKind, Node};

pub(super) fn check(check: &mut SheetCheck<'_>) {
    let (sheet, schema) = (check.sheet, check.state.schema.as_ref());
    let is_for_claims = |label: &LabelKey| schema.labels.get(label).map(|label| label.kind == LabelKind::Claim);
    for (id, span) in sheet.spans.iter().filter(|(_, span)| is_for_claims(&span.label) == Some(true)) {
        check.report(Node::Span(*id), &format!("has the label `{}`, which is for claims", span.label));
    }
    for (id, claim) in sheet.claims.iter().filter(|(_, claim)| is_for_claims(&claim.label) == Some(false)) {
        check.report(Node::Claim(*id), &format!("has the label `{}`, which is for spans", claim.label));
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::check;

    #[test]
    fn labels_have_their_kind() {
        check(
            "[CLAIM(span) x] [PER(claim) y] [CLAIM z]",
            "
            label-kind: the span CLAIM “x” has the label `CLAIM`, which is for claims
            label-kind: the claim “y” has the label `PER`, which is for spans
            ",
        );
    }
}
