//! Copy a claim, for a second one that differs in little.

use super::{NewId, OpError, rows};
use crate::edit::{Change, Edit, Transaction};
use crate::model::{ClaimId, SheetKey, State};

/// A claim with the same place, roles, attributes and words. Relations stay with the first.
///
/// # Errors
/// When the claim is not there.
pub fn duplicate_claim(state: &State, key: &SheetKey, claim: ClaimId, id: NewId) -> Result<Transaction, OpError> {
    let copy = rows::claim(state, key, claim)?.clone();
    Ok(Transaction::new("duplicate claim", vec![Edit::Claim(key.clone(), Change::insert(ClaimId(id), copy))]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::edit::testing::check;

    #[test]
    fn everything_but_relations_is_copied() {
        check(
            "[PER#k He] says [CLAIM#c so] [CLAIM#d no]\n.. c: claimer=k stance=support note=\"n\"\n.. c -attacks-> d",
            |case| duplicate_claim(&case.state, &case.key, case.claim("c"), case.ids().next_id()).unwrap(),
            "[PER#k He] says [CLAIM#c [CLAIM#e so]] [CLAIM#d no]\n.. c: claimer=k stance=support note=\"n\"\n.. e: claimer=k stance=support note=\"n\"\n.. c -attacks-> d",
        );
    }
}
