//! Say how far the coder is with a document.

use super::OpError;
use crate::edit::{Change, Edit, Transaction};
use crate::model::{SheetKey, State, Status};

/// Sets the status. What is left unfinished on purpose is [`Status::DoneAnyway`], so that it can be found again.
///
/// # Errors
/// [`OpError::Unfinished`] for [`Status::Done`] while claims lack what the codebook requires.
pub fn set_status(state: &State, key: &SheetKey, status: Status) -> Result<Transaction, OpError> {
    let unfinished = if status == Status::Done { state.schema.unfinished_claims(state.sheet(key)).len() } else { 0 };
    if unfinished > 0 {
        return Err(OpError::Unfinished(unfinished));
    }
    let before = state.sheet(key).info.clone();
    let after = crate::model::SheetInfo { status, ..before.clone() };
    let edits = if before == after { Vec::new() } else { vec![Edit::Sheet(key.clone(), Change::replace((), before, after))] };
    Ok(Transaction::new("set status", edits))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::edit::testing::{Case, check};

    #[test]
    fn the_status_is_set() {
        check("so", |case| set_status(&case.state, &case.key, Status::Done).unwrap(), "so\n.. =sheet: status=done");
    }

    #[test]
    fn unfinished_claims_are_done_only_on_purpose() {
        let case = Case::new("[CLAIM so]");
        assert_eq!(set_status(&case.state, &case.key, Status::Done), Err(OpError::Unfinished(1)));
        let anyway = |case: &Case| set_status(&case.state, &case.key, Status::DoneAnyway).unwrap();
        check("[CLAIM so]", anyway, "[CLAIM so]\n.. =sheet: status=done_anyway");
    }
}
