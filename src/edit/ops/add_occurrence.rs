//! Say that a claim is made at a further place too, or take such a place back.

use super::{OpError, rows};
use crate::edit::Transaction;
use crate::model::{ClaimId, MarkId, SheetKey, State};
use crate::text::Ranges;

/// Adds a place where the same claim is made. A claim without a content gets it as content.
///
/// # Errors
/// [`OpError::AlreadyThere`] when it is one of the claim's places, [`OpError::OverlapsItself`] when it overlaps one.
pub fn add_occurrence(state: &State, key: &SheetKey, id: ClaimId, ranges: Ranges) -> Result<Transaction, OpError> {
    let claim = rows::claim(state, key, id)?;
    if claim.places().any(|place| *place == ranges) {
        return Err(OpError::AlreadyThere(MarkId::Claim(id)));
    }
    if claim.places().any(|place| place.overlaps(&ranges)) {
        return Err(OpError::OverlapsItself);
    }
    let edit = rows::change_claim(state, key, id, |claim| {
        let occurrences = claim.occurrences.iter().cloned().chain([ranges]).collect();
        let content = claim.content.take();
        claim.set_places(content, occurrences);
    })?;
    Ok(Transaction::new(format!("add occurrence of {}", rows::label_name(state, &claim.label)), vec![edit]))
}

/// Takes the occurrence with this number away, counted from 0 in text order without the content.
///
/// # Errors
/// When it is not there.
pub fn remove_occurrence(state: &State, key: &SheetKey, id: ClaimId, index: usize) -> Result<Transaction, OpError> {
    let claim = rows::claim(state, key, id)?;
    let gone = claim.occurrences.get(index).ok_or(OpError::Gone)?;
    let edit = rows::change_claim(state, key, id, |after| after.occurrences.retain(|place| place != gone))?;
    Ok(Transaction::new(format!("remove occurrence of {}", rows::label_name(state, &claim.label)), vec![edit]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::edit::testing::{Case, check};

    fn add(case: &Case) -> Result<Transaction, OpError> {
        add_occurrence(&case.state, &case.key, case.claim("c"), case.selected().into())
    }

    fn remove(case: &Case, index: usize) -> Result<Transaction, OpError> {
        remove_occurrence(&case.state, &case.key, case.claim("c"), index)
    }

    #[test]
    fn a_claim_is_made_at_several_places() {
        check("[CLAIM#c Taxes rise]. So «they rise»", |case| add(case).unwrap(), "[CLAIM#c Taxes rise]. So [+#c~1 they rise]");
        check("«Up». [CLAIM#c Up]. [+#c~1 Up]", |case| add(case).unwrap(), "[+#c~1 Up]. [CLAIM#c Up]. [+#c~2 Up]");
        check("«Up»\n.. CLAIM#c: stance=support", |case| add(case).unwrap(), "[CLAIM#c Up]\n.. c: stance=support");
    }

    #[test]
    fn a_place_is_not_added_twice() {
        let error = |source| add(&Case::new(source)).unwrap_err();
        assert!(matches!(error("[CLAIM#c «up»]"), OpError::AlreadyThere(_)));
        assert!(matches!(error("[CLAIM#c up] [+#c~1 «up»]"), OpError::AlreadyThere(_)));
        assert_eq!(error("[CLAIM#c up] [+#c~1 «u»p]"), OpError::OverlapsItself);
    }

    #[test]
    fn a_place_is_taken_back() {
        let before = "[+#c~1 Up]. [CLAIM#c Up]. [+#c~2 All] [+#c~2 up]";
        check(before, |case| remove(case, 0).unwrap(), "Up. [CLAIM#c Up]. [+#c~1 All] [+#c~1 up]");
        check(before, |case| remove(case, 1).unwrap(), "[+#c~1 Up]. [CLAIM#c Up]. All up");
        assert_eq!(remove(&Case::new(before), 2), Err(OpError::Gone));
    }
}
