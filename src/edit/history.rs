//! Undo and redo without limit: what was done, and what was undone.

use std::sync::Arc;

use super::Transaction;

/// One transaction of the past. Old ones stay in the store's files until they are needed.
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
}

/// The past of one coder on this machine, over all documents.
#[derive(Clone, Debug, Default)]
pub struct History {
    done: Vec<Step>,
    undone: Vec<Step>,
}

impl History {
    /// A new transaction was applied: what was undone can no longer be redone.
    pub fn record(&mut self, step: Step) {
        self.done.push(step);
        self.undone.clear();
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
    }

    /// `next_redo` was applied.
    pub fn redone(&mut self) {
        self.done.extend(self.undone.pop());
    }

    /// Drops the step that undo would take back, because its rows were changed from outside.
    pub fn skip_undo(&mut self) {
        self.done.pop();
    }

    /// Drops the step that redo would bring back.
    pub fn skip_redo(&mut self) {
        self.undone.pop();
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
