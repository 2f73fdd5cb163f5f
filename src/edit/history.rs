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
        let mut parts = self.into_parts();
        parts.extend(other.into_parts());
        Self::Joined(parts)
    }

    fn into_parts(self) -> Vec<Self> {
        match self {
            Self::Joined(parts) => parts,
            one => vec![one],
        }
    }

    /// None of no parts.
    fn of_parts(mut parts: Vec<Self>) -> Option<Self> {
        if parts.len() > 1 { Some(Self::Joined(parts)) } else { parts.pop() }
    }
}

/// The past of one coder on this machine, over all documents.
#[derive(Clone, Debug, Default)]
pub struct History {
    done: Vec<Step>,
    undone: Vec<Step>,
    // True while the last thing that happened was an action: only such a step can get a further part.
    is_open: bool,
    // The last step of each are the two halves of one, which is being taken or brought back part by part.
    is_split: bool,
}

impl History {
    /// A new transaction was applied: what was undone can no longer be redone.
    pub fn record(&mut self, step: Step) {
        self.done.push(step);
        self.undone.clear();
        self.is_open = true;
        self.is_split = false;
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
        if let Some(step) = self.done.pop() {
            self.put_before_undone(step);
        }
        (self.is_open, self.is_split) = (false, false);
    }

    /// `next_redo` was applied.
    pub fn redone(&mut self) {
        if let Some(step) = self.undone.pop() {
            self.put_behind_done(step);
        }
        (self.is_open, self.is_split) = (false, false);
    }

    /// The inverse of the last part of `next_undo` was applied. The other parts are what undo takes back next.
    pub fn undone_part(&mut self) {
        let Some(mut parts) = self.done.pop().map(Step::into_parts) else { return };
        if let Some(last) = parts.pop() {
            self.put_before_undone(last);
        }
        let rest = Step::of_parts(parts);
        (self.is_open, self.is_split) = (false, rest.is_some());
        self.done.extend(rest);
    }

    /// The first part of `next_redo` was applied. The other parts are what redo brings back next.
    pub fn redone_part(&mut self) {
        let Some(mut parts) = self.undone.pop().map(Step::into_parts) else { return };
        let rest = Step::of_parts(parts.split_off(1));
        if let Some(first) = parts.pop() {
            self.put_behind_done(first);
        }
        (self.is_open, self.is_split) = (false, rest.is_some());
        self.undone.extend(rest);
    }

    fn put_before_undone(&mut self, step: Step) {
        let step = match self.undone.pop_if(|_| self.is_split) {
            Some(later) => step.join(later),
            None => step,
        };
        self.undone.push(step);
    }

    fn put_behind_done(&mut self, step: Step) {
        let step = match self.done.pop_if(|_| self.is_split) {
            Some(earlier) => earlier.join(step),
            None => step,
        };
        self.done.push(step);
    }

    /// Drops the step that undo would take back, because its rows were changed from outside.
    pub fn skip_undo(&mut self) {
        self.done.pop();
        (self.is_open, self.is_split) = (false, false);
    }

    /// Drops the step that redo would bring back.
    pub fn skip_redo(&mut self) {
        self.undone.pop();
        (self.is_open, self.is_split) = (false, false);
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

    fn of_four_parts() -> History {
        let mut history = History::default();
        history.record(step(0));
        history.record(step(1));
        (2..5).for_each(|offset| history.join(step(offset)));
        history
    }

    fn offsets(step: Option<&Step>) -> Vec<u64> {
        let offset = |part: &Step| if let Step::Stored { offset, .. } = part { Some(*offset) } else { None };
        step.into_iter().flat_map(Step::parts).filter_map(offset).collect()
    }

    fn halves(history: &History) -> [Vec<u64>; 2] {
        [offsets(history.next_undo()), offsets(history.next_redo())]
    }

    #[test]
    fn a_step_is_taken_back_and_brought_back_part_by_part() {
        let mut history = of_four_parts();
        let mut seen = |change: fn(&mut History)| {
            change(&mut history);
            (halves(&history), history.undo_len(), history.redo_len())
        };
        assert_eq!(seen(History::undone_part), ([vec![1, 2, 3], vec![4]], 2, 1));
        assert_eq!(seen(History::undone_part), ([vec![1, 2], vec![3, 4]], 2, 1));
        assert_eq!(seen(History::redone_part), ([vec![1, 2, 3], vec![4]], 2, 1));
        assert_eq!(seen(History::redone_part), ([vec![1, 2, 3, 4], vec![]], 2, 0), "it is one step again");
        assert_eq!(seen(History::undone_part), ([vec![1, 2, 3], vec![4]], 2, 1));
        assert_eq!(seen(History::undone), ([vec![0], vec![1, 2, 3, 4]], 1, 1), "and so where the rest is taken back at once");
        assert_eq!(seen(History::undone), ([vec![], vec![0]], 0, 2), "the step before is another");
        assert_eq!(seen(History::redone), ([vec![0], vec![1, 2, 3, 4]], 1, 1));
        assert_eq!(seen(History::redone_part), ([vec![1], vec![2, 3, 4]], 2, 1));
        assert_eq!(seen(History::redone), ([vec![1, 2, 3, 4], vec![]], 2, 0));
        (0..4).for_each(|_| drop(seen(History::undone_part)));
        assert_eq!(seen(|_| {}), ([vec![0], vec![1, 2, 3, 4]], 1, 1), "the last part ends it");
        assert_eq!(seen(History::undone_part), ([vec![], vec![0]], 0, 2), "a step without parts is its own part");
    }

    #[test]
    fn what_is_done_amid_the_parts_ends_the_step_there() {
        let mut history = of_four_parts();
        history.undone_part();
        history.record(step(9));
        history.undone();
        assert_eq!((halves(&history), history.redo_len()), ([vec![1, 2, 3], vec![9]], 1));
        history.undone_part();
        history.skip_undo();
        history.redone();
        assert_eq!((halves(&history), history.redo_len()), ([vec![3], vec![9]], 1), "what is dropped leaves the other half");
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
