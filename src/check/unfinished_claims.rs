//! Claims that lack what the codebook requires: a role, an attribute, or any words at all.

use super::SheetCheck;
use crate::model::Node;

pub(super) fn check(check: &mut SheetCheck<'_>) {
    let schema = &check.state.schema;
    for id in schema.unfinished_claims(check.sheet) {
        let Some(claim) = check.sheet.claims.get(&id) else { continue };
        let missing: Vec<String> = schema.missing_of(claim).iter().map(|missing| schema.name_of_missing(missing)).collect();
        check.report(Node::Claim(id), &format!("is unfinished; it lacks {}", missing.join(", ")));
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::check;

    #[test]
    fn what_a_claim_lacks_is_named() {
        check(
            "[CLAIM so]\n.. CLAIM#d: claimer=\"author\"",
            "unfinished-claim: the claim “so” is unfinished; it lacks claimer\nunfinished-claim: the claim 000000000002 is unfinished; it lacks the words",
        );
    }
}
