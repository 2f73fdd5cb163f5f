//! The last changes, row by row, so that what was derived from the data can follow them instead of being made anew.

use std::collections::VecDeque;
use std::sync::Arc;

use super::Workspace;
use crate::edit::{Edit, Transaction};

/// So many changes are remembered.
const MAX_CHANGES: usize = 256;
/// A change of more rows than this is not followed row by row.
const MAX_EDITS: usize = 1000;

/// The last transactions, each with the revision of the state before and behind it, without a gap between them.
#[derive(Debug, Default)]
pub(super) struct Recent(VecDeque<Recorded>);

#[derive(Debug)]
struct Recorded {
    before: u64,
    after: u64,
    transaction: Arc<Transaction>,
}

impl Recent {
    pub(super) fn record(&mut self, before: u64, after: u64, transaction: &Arc<Transaction>) {
        // Something was loaded in between, which no transaction says.
        if self.0.back().is_some_and(|last| last.after != before) {
            self.0.clear();
        }
        if transaction.edits.len() > MAX_EDITS {
            return self.0.clear();
        }
        self.0.push_back(Recorded { before, after, transaction: transaction.clone() });
        if self.0.len() > MAX_CHANGES {
            self.0.pop_front();
        }
    }

    fn between(&self, before: u64, now: u64) -> Option<impl Iterator<Item = &Edit>> {
        let reaches_now = before == now || self.0.back().is_some_and(|last| last.after == now);
        let first = if before == now { Some(self.0.len()) } else { self.0.iter().rposition(|change| change.before == before) };
        let changes = self.0.iter().skip(first.filter(|_| reaches_now)?);
        Some(changes.flat_map(|change| &change.transaction.edits))
    }
}

impl Workspace {
    /// What was changed since a revision of the state ([`crate::model::State::revision`]), oldest first. None where that
    /// is not known row by row, because it is too long ago or something was loaded since: then look at everything.
    pub fn edits_since(&self, revision: u64) -> Option<impl Iterator<Item = &Edit>> {
        self.recent.between(revision, self.state.revision())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::edit::Change;
    use crate::model::{Coder, CoderKey};

    fn transaction(name: &str, rows: usize) -> Arc<Transaction> {
        let edit = |row| Edit::Coder(Change::insert(CoderKey::from_name(&format!("{name}{row}")), Coder::new(name)));
        Arc::new(Transaction::new(name, (0..rows).map(edit).collect()))
    }

    /// Changes by their revisions and rows; how many rows are known since one revision until another.
    fn check(changes: &[(u64, u64, usize)], since: u64, now: u64, expected: Option<usize>) {
        let mut recent = Recent::default();
        for (before, after, rows) in changes {
            recent.record(*before, *after, &transaction("a", *rows));
        }
        assert_eq!(recent.between(since, now).map(Iterator::count), expected, "{changes:?} since {since} until {now}");
    }

    #[test]
    fn changes_are_known_where_there_is_no_gap() {
        check(&[], 3, 3, Some(0));
        check(&[], 3, 4, None);
        check(&[(3, 4, 1), (4, 6, 2)], 3, 6, Some(3));
        check(&[(3, 4, 1), (4, 6, 2)], 4, 6, Some(2));
        check(&[(3, 4, 1), (4, 6, 2)], 5, 6, None);
        check(&[(3, 4, 1), (4, 6, 2)], 3, 7, None);
        check(&[(3, 4, 1), (5, 6, 2)], 3, 6, None);
        check(&[(3, 4, 1), (5, 6, 2)], 5, 6, Some(2));
        check(&[(3, 4, 1), (4, 5, MAX_EDITS + 1)], 3, 5, None);
    }

    #[test]
    fn only_the_last_changes_are_known() {
        let changes: Vec<_> = (0..300).map(|i| (i, i + 1, 1)).collect();
        check(&changes, 300 - MAX_CHANGES as u64, 300, Some(MAX_CHANGES));
        check(&changes, 300 - MAX_CHANGES as u64 - 1, 300, None);
    }
}
