//! Make a claim.

use super::{NewId, OpError, rows};
use crate::edit::{Change, Edit, Transaction};
use crate::model::{Claim, ClaimId, LabelKey, MarkId, SheetKey, State, Target};
use crate::text::Ranges;

/// A new claim with a place, or with none.
///
/// # Errors
/// For an unknown label, and [`OpError::AlreadyThere`] where a claim of this label is made at the same place.
pub fn add_claim(state: &State, sheet: &SheetKey, id: NewId, content: Option<Ranges>, label: &LabelKey) -> Result<Transaction, OpError> {
    if !state.schema.labels.contains_key(label) {
        return Err(OpError::UnknownLabel(label.clone()));
    }
    let is_same = |claim: &Claim| claim.label == *label && claim.places().any(|place| Some(place) == content.as_ref());
    if let Some((id, _)) = state.sheet(sheet).claims.iter().find(|(_, claim)| is_same(claim)) {
        return Err(OpError::AlreadyThere(MarkId::Claim(*id)));
    }
    let mut claim = Claim::new(label.clone(), content);
    claim.attributes = rows::default_attributes(state, Target::Claim, label);
    let edit = Edit::Claim(sheet.clone(), Change::insert(ClaimId(id), claim));
    Ok(Transaction::new(format!("label {}", rows::label_name(state, label)), vec![edit]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::edit::testing::{Case, check};

    fn claim(case: &Case) -> Result<Transaction, OpError> {
        let content = case.selection.map(Ranges::from);
        add_claim(&case.state, &case.key, case.ids().next_id(), content, &LabelKey::new("CLAIM").unwrap())
    }

    #[test]
    fn a_claim_is_made_with_and_without_a_place() {
        check("Kerry said «taxes rise»", |case| claim(case).unwrap(), "Kerry said [CLAIM taxes rise]");
        check("Kerry said so", |case| claim(case).unwrap(), "Kerry said so\n.. CLAIM#c:");
    }

    #[test]
    fn the_same_content_is_claimed_once() {
        let case = Case::new("[CLAIM#c «taxes rise»]");
        assert_eq!(claim(&case), Err(OpError::AlreadyThere(case.mark("c"))));
        assert!(claim(&Case::new("[QUESTION#c «taxes rise»]")).is_ok(), "with another label it says something else");
    }

    #[test]
    fn a_new_claim_has_the_values_that_the_codebook_gives() {
        let add = |case: &Case| {
            let mut state = case.state.clone();
            let worthy = std::sync::Arc::make_mut(&mut state.schema).attributes.get_mut(&"check_worthy".parse().unwrap()).unwrap();
            worthy.default = Some(crate::model::AttributeValue::Bool(true));
            add_claim(&state, &case.key, case.ids().next_id(), Some(case.selected().into()), &LabelKey::new("CLAIM").unwrap()).unwrap()
        };
        check("«taxes rise»", add, "[CLAIM#c taxes rise]\n.. c: check_worthy=yes");
    }
}
