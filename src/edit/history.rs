//! Undo and redo without limit: what was done, and what was undone.

use std::sync::Arc;

use super::Transaction;

/// One action of the past. Old ones stay in the store's files until they are needed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Step {
    /// In memory.
    Loaded(Arc<Transaction>),
    /// In the store: file number and byte offset of the record.
    Stored {
        /// The generation of the journal.
        generation: u64,
        /// Where the record starts in it.
        offset: u64,
    },
    /// Several transactions that are taken back together, oldest first: a run of quick answers, say, each of which was
    /// written down at once. At least two; none of them is joined itself.
    Joined(Vec<Step>),
}

impl Step {
    /// Its parts, oldest first; itself when it has none.
    #[must_use]
    pub fn parts(&self) -> &[Self] {
        match self {
            Self::Joined(parts) => parts,
            one => std::slice::from_ref(one),
        }
    }

    fn join(self, other: Self) -> Self {
        let mut parts = if let Self::Joined(parts) = self { parts } else { vec![self] };
        match other {
            Self::Joined(others) => parts.extend(others),
            one => parts.push(one),
        }
        Self::Joined(parts)
    }
}

/// The past of one coder on this machine, over all documents.
#[derive(Clone, Debug, Default)]
pub struct History {
    done: Vec<Step>,
    undone: Vec<Step>,
    // True while the last thing that happened was an action: only such a step can get a further part.
    is_open: bool,
}

impl History {
    /// A new transaction was applied: what was undone can no longer be redone.
    pub fn record(&mut self, step: Step) {
        self.done.push(step);
        self.undone.clear();
        self.is_open = true;
    }

    /// A new transaction was applied that belongs to the step before it. After an undo or redo, and when there is no
    /// step before, it is a step of its own.
    pub fn join(&mut self, step: Step) {
        let joined = match self.done.pop_if(|_| self.is_open) {
            Some(before) => before.join(step),
            None => step,
        };
        self.record(joined);
    }

    /// What undo would take back.
    #[must_use]
    pub fn next_undo(&self) -> Option<&Step> {
        self.done.last()
    }

    /// What redo would bring back.
    #[must_use]
    pub fn next_redo(&self) -> Option<&Step> {
        self.undone.last()
    }

    /// The inverse of `next_undo` was applied.
    pub fn undone(&mut self) {
        self.undone.extend(self.done.pop());
        self.is_open = false;
    }

    /// `next_redo` was applied.
    pub fn redone(&mut self) {
        self.done.extend(self.undone.pop());
        self.is_open = false;
    }

    /// Drops the step that undo would take back, because its rows were changed from outside.
    pub fn skip_undo(&mut self) {
        self.done.pop();
        self.is_open = false;
    }

    /// Drops the step that redo would bring back.
    pub fn skip_redo(&mut self) {
        self.undone.pop();
        self.is_open = false;
    }

    /// How many steps can be taken back.
    #[must_use]
    pub fn undo_len(&self) -> usize {
        self.done.len()
    }

    /// How many steps can be brought back.
    #[must_use]
    pub fn redo_len(&self) -> usize {
        self.undone.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn step(offset: u64) -> Step {
        Step::Stored { generation: 1, offset }
    }

    #[test]
    fn parts_are_one_step() {
        let mut history = History::default();
        history.record(step(1));
        history.join(step(2));
        history.join(step(3));
        assert_eq!((history.undo_len(), history.next_undo().unwrap().parts().len()), (1, 3));
        history.undone();
        assert_eq!((history.undo_len(), history.redo_len()), (0, 1));
        history.redone();
        assert_eq!(history.next_undo().unwrap().parts(), [step(1), step(2), step(3)]);
    }

    #[test]
    fn only_an_action_gets_a_further_part() {
        let mut history = History::default();
        history.join(step(1));
        history.record(step(2));
        history.undone();
        history.join(step(3));
        assert_eq!((history.undo_len(), history.redo_len()), (2, 0), "a step of its own after an undo");
        history.join(step(4));
        assert_eq!(history.next_undo().unwrap().parts(), [step(3), step(4)]);
        history.undone();
        history.redone();
        history.join(step(5));
        assert_eq!(history.next_undo(), Some(&step(5)), "and after a redo");
        history.skip_undo();
        history.join(step(6));
        assert_eq!(history.next_undo(), Some(&step(6)), "and after a step that was skipped");
    }

    #[test]
    fn a_step_that_cannot_be_brought_back_is_skipped() {
        let mut history = History::default();
        [step(1), step(2)].into_iter().for_each(|step| history.record(step));
        history.undone();
        history.undone();
        assert_eq!(history.next_redo(), Some(&step(1)));
        history.skip_redo();
        assert_eq!((history.next_redo(), history.redo_len()), (Some(&step(2)), 1));
        history.join(step(3));
        assert_eq!((history.next_undo(), history.redo_len()), (Some(&step(3)), 0), "a step of its own");
    }
}
