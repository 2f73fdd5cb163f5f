//! Say how far the coder is with a document.

use super::OpError;
use crate::edit::{Change, Edit, Transaction};
use crate::model::{SheetKey, State, Status};

/// Sets the status.
///
/// # Errors
/// None today; the signature is that of all operations.
pub fn set_status(state: &State, key: &SheetKey, status: Status) -> Result<Transaction, OpError> {
    let before = state.sheet(key).info.clone();
    let after = crate::model::SheetInfo { status, ..before.clone() };
    let edits = if before == after { Vec::new() } else { vec![Edit::Sheet(key.clone(), Change::replace((), before, after))] };
    Ok(Transaction::new("set status", edits))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::edit::testing::check;

    #[test]
    fn the_status_is_set() {
        check("so", |case| set_status(&case.state, &case.key, Status::Done).unwrap(), "so\n.. =sheet: status=done");
    }
}
