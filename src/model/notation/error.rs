//! What can be wrong with notation.

use thiserror::Error;

use crate::model::InvalidId;
use crate::text::RangeError;

/// A line that is not notation.
#[derive(Clone, PartialEq, Eq, Debug, Error)]
#[error("line {line}: {problem}")]
pub struct NotationError {
    /// From 1.
    pub line: usize,
    /// What is wrong.
    pub problem: Problem,
}

/// What is wrong with a line.
#[derive(Clone, PartialEq, Eq, Debug, Error)]
pub enum Problem {
    /// `[PER Kerry`
    #[error("`[{0}` is never closed")]
    Unclosed(String),
    /// `x]`
    #[error("`]` closes nothing; write `\\]` for the character")]
    NothingToClose,
    /// `]#1` without `;`, or with a name that is not open.
    #[error("`]#{0}` closes nothing of that name; write `]#name;`, or `]\\#` for the characters")]
    BadClose(String),
    /// What stands between `[` and the blank.
    #[error("`[{0}` is not the head of a mark; write `[LABEL text]`, or `\\[` for the character")]
    BadHead(String),
    /// A backslash at the end.
    #[error("nothing comes after the last `\\`")]
    DanglingBackslash,
    /// `«` or `»` without the other, or more than one selection or caret.
    #[error("there can be one selection «…» and one caret ‸; write `\\{0}` for the character")]
    BadMarker(char),
    /// A mark without text, for instance.
    #[error("{0}")]
    Range(#[from] RangeError),
    /// Not a key, a name or an id.
    #[error("{0}")]
    Id(#[from] InvalidId),
    /// A name is not letters, digits and `_`.
    #[error("`{0}` is not a name; use letters, digits and `_`")]
    BadName(String),
    /// A name or key was given before.
    #[error("`{0}` is given twice")]
    Twice(String),
    /// No row has this name.
    #[error("nothing is called `{0}`")]
    NoSuchName(String),
    /// The line has not the form of any line.
    #[error("`{0}` is not a line of notation, such as `.. name: key=value` or `.. from -type-> to`")]
    BadLine(String),
    /// An item is not `key=value`, or the key does not belong here.
    #[error("`{0}` does not belong here")]
    BadItem(String),
    /// A value has not the form that its attribute wants.
    #[error("`{value}` is not a value of {expected}")]
    BadValue {
        /// What was read.
        value: String,
        /// What was expected.
        expected: String,
    },
    /// An attribute that the codebook does not have must say its type.
    #[error("the codebook has no attribute `{0}`; say the type of the value: `{0}=Text(\"…\")`")]
    UntypedAttribute(String),
    /// A quoted text is not closed or has an unknown escape.
    #[error("`{0}` is not a quoted text")]
    BadQuote(String),
}

impl Problem {
    pub(super) fn at(self, line: usize) -> NotationError {
        NotationError { line, problem: self }
    }
}
