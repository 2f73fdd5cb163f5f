//! The last changes, row by row, so that what was derived from the data can follow them instead of being made anew.

use std::collections::VecDeque;
use std::sync::Arc;

use super::Workspace;
use crate::edit::{Edit, Transaction};
use crate::model::SheetKey;

/// Changes of so many rows are remembered; a sheet that was loaded counts as one.
const MAX_ROWS: usize = 8000;
/// And so many changes.
const MAX_CHANGES: usize = 2048;
/// A change of more rows than this is not followed row by row.
const MAX_EDITS: usize = 3000;

/// What happened last, each with the revision of the state before and behind it, without a gap between them.
#[derive(Debug, Default)]
pub(super) struct Recent {
    events: VecDeque<Recorded>,
    rows: usize,
}

#[derive(Debug)]
struct Recorded {
    before: u64,
    after: u64,
    event: Event,
}

#[derive(Debug)]
enum Event {
    Changed(Arc<Transaction>),
    Loaded(SheetKey),
}

impl Event {
    fn rows(&self) -> usize {
        match self {
            Self::Changed(transaction) => transaction.edits.len(),
            Self::Loaded(_) => 1,
        }
    }

    fn edits(&self) -> &[Edit] {
        match self {
            Self::Changed(transaction) => &transaction.edits,
            Self::Loaded(_) => &[],
        }
    }

    fn loaded(&self) -> Option<&SheetKey> {
        match self {
            Self::Changed(_) => None,
            Self::Loaded(key) => Some(key),
        }
    }
}

impl Recent {
    pub(super) fn record(&mut self, before: u64, after: u64, transaction: &Arc<Transaction>) {
        self.push(Recorded { before, after, event: Event::Changed(transaction.clone()) });
    }

    pub(super) fn loaded(&mut self, before: u64, after: u64, key: &SheetKey) {
        self.push(Recorded { before, after, event: Event::Loaded(key.clone()) });
    }

    fn push(&mut self, recorded: Recorded) {
        let rows = recorded.event.rows();
        // Something happened in between that nobody has told.
        let has_gap = self.events.back().is_some_and(|last| last.after != recorded.before);
        if has_gap || rows > MAX_EDITS {
            *self = Self::default();
        }
        if rows > MAX_EDITS {
            return;
        }
        self.events.push_back(recorded);
        self.rows += rows;
        while self.rows > MAX_ROWS || self.events.len() > MAX_CHANGES {
            let Some(first) = self.events.pop_front() else { return };
            self.rows -= first.event.rows();
        }
    }

    fn between(&self, before: u64, now: u64) -> Option<impl Iterator<Item = &Event> + Clone> {
        let reaches_now = before == now || self.events.back().is_some_and(|last| last.after == now);
        let first = if before == now { Some(self.events.len()) } else { self.events.iter().rposition(|event| event.before == before) };
        Some(self.events.iter().skip(first.filter(|_| reaches_now)?).map(|recorded| &recorded.event))
    }
}

impl Workspace {
    /// What was changed since a revision of the state ([`crate::model::State::revision`]), oldest first. None where that
    /// is not known row by row, because it is too long ago or a sheet was loaded since: then look at everything.
    pub fn edits_since(&self, revision: u64) -> Option<impl Iterator<Item = &Edit>> {
        let events = self.recent.between(revision, self.state.revision())?;
        let has_loaded = events.clone().any(|event| event.loaded().is_some());
        (!has_loaded).then(|| events.flat_map(Event::edits))
    }

    /// The same whatever was loaded since: for who follows tables, which no load changes.
    pub fn edits_since_ignoring_loads(&self, revision: u64) -> Option<impl Iterator<Item = &Edit>> {
        Some(self.recent.between(revision, self.state.revision())?.flat_map(Event::edits))
    }

    /// Sheets that were changed or loaded since a revision of the state, some of them more than once. None where that is not known.
    pub fn sheets_since(&self, revision: u64) -> Option<impl Iterator<Item = &SheetKey>> {
        let events = self.recent.between(revision, self.state.revision())?;
        Some(events.flat_map(|event| event.edits().iter().filter_map(Edit::sheet).chain(event.loaded())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::edit::Change;
    use crate::model::{Coder, CoderKey, DocumentId, Id};

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
        assert_eq!(recent.between(since, now).map(|events| events.flat_map(Event::edits).count()), expected, "{changes:?} since {since} until {now}");
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
        let last = MAX_CHANGES as u64 + 50;
        let changes: Vec<_> = (0..last).map(|i| (i, i + 1, 1)).collect();
        check(&changes, 50, last, Some(MAX_CHANGES));
        check(&changes, 49, last, None);
        let large: Vec<_> = (0..6).map(|i| (i, i + 1, MAX_ROWS / 4)).collect();
        check(&large, 2, 6, Some(MAX_ROWS));
        check(&large, 1, 6, None);
    }

    #[test]
    fn what_was_loaded_is_known_among_the_changes() {
        let key = SheetKey::new(&DocumentId::from_title("t", Id::from_bits(2)), &CoderKey::from_name("a"));
        let mut recent = Recent::default();
        recent.record(3, 4, &transaction("a", 2));
        recent.loaded(4, 5, &key);
        recent.record(5, 6, &transaction("b", 1));
        let since = |revision| {
            let events = recent.between(revision, 6)?;
            Some((events.clone().flat_map(Event::edits).count(), events.filter_map(Event::loaded).count()))
        };
        assert_eq!([since(3), since(4), since(5), since(2)], [Some((3, 1)), Some((1, 1)), Some((1, 0)), None]);
    }
}
