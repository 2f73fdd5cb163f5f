//! Let a finding of a check be: it is not shown again in this sheet.

use crate::edit::{Change, Edit, Transaction};
use crate::model::{SheetKey, State};

/// Ignores a finding by its name, or no longer.
#[must_use]
pub fn ignore_finding(state: &State, key: &SheetKey, name: &str, is_ignored: bool) -> Transaction {
    let before = state.sheet(key).info.clone();
    let mut after = before.clone();
    if is_ignored {
        after.ignored.insert(name.to_owned());
    } else {
        after.ignored.remove(name);
    }
    Transaction::new(
        if is_ignored { "ignore a problem" } else { "look at a problem again" },
        vec![Edit::Sheet(key.clone(), Change::replace((), before, after))],
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::edit::testing::check;

    #[test]
    fn a_finding_is_ignored_and_looked_at_again() {
        check("so", |case| ignore_finding(&case.state, &case.key, "edge", true), "so\n.. =sheet: ignored=\"edge\"");
        check("so\n.. =sheet: ignored=\"edge\"", |case| ignore_finding(&case.state, &case.key, "edge", false), "so");
    }
}
