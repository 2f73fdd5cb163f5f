//! How many documents a file may hold: an article of one letter takes hundreds of bytes in memory.

use super::Receiver;
use crate::model::{Finding, Severity};

/// So many documents any file may hold.
const FREE: usize = 150_000;
/// A larger one for each so many bytes one more.
const BYTES: usize = 160;

/// Counts down while a file is read.
#[derive(Debug)]
pub(super) struct Allowance {
    len: usize,
    taken: usize,
}

impl Allowance {
    /// For a file of this length in bytes.
    pub(super) fn new(len: usize) -> Self {
        Self { len, taken: 0 }
    }

    /// The file is longer than was known.
    pub(super) fn add(&mut self, len: usize) {
        self.len += len;
    }

    /// So many documents were taken before.
    pub(super) fn add_taken(&mut self, documents: usize) {
        self.taken += documents;
    }

    /// One document more. False when it is too much, which is said the first time.
    pub(super) fn take(&mut self, file: &str, to: &mut dyn Receiver) -> bool {
        let all = FREE + self.len / BYTES;
        self.taken += 1;
        if self.taken == all + 1 {
            let message = format!("the file has more than {all} documents, nearly all of them tiny. The rest was not read; split the file");
            to.finding(Finding::new(Severity::Error, "too-many-documents", message).in_file(file));
        }
        self.taken <= all
    }
}
