//! Operations on the codebook. Names, colours, places and retiring change rows of the codebook alone; what goes into sheets
//! (a merge of labels, another type of an attribute) comes as edits for one sheet at a time, so that a job can read them.

mod add;
mod change_kind;
mod change_row;
mod merge_labels;
mod place;
mod remove;
mod row;

pub use add::{add_attribute, add_label, add_relation_type, add_role};
pub use change_kind::{KindChange, change_attribute_kind};
pub use change_row::{edit_attribute, edit_label, edit_relation_type, edit_role, edit_schema_info, retire_row};
pub use merge_labels::{LabelMerge, merge_labels, merge_relation_types};
pub use place::{Direction, move_row};
pub use remove::remove_row;
pub(super) use row::{Branch, Row, edits_between};
use thiserror::Error;

use crate::model::MAX_LABEL_DEPTH;

/// Why the codebook cannot be changed so.
#[derive(Clone, PartialEq, Eq, Debug, Error)]
pub enum CodebookError {
    /// The row went away, perhaps by an undo.
    #[error("this row of the codebook is no longer there")]
    Gone,
    /// A row has no name.
    #[error("{0} needs a name")]
    NoName(&'static str),
    /// Another row has the name.
    #[error("there is {what} called “{name}” already; choose another name")]
    NameTaken {
        /// `a label`
        what: &'static str,
        /// The name.
        name: String,
    },
    /// A row would be above itself.
    #[error("“{name}” cannot stand below “{parent}”, which stands below it; choose another label")]
    CircularParents {
        /// Its name.
        name: String,
        /// What was to be above it.
        parent: String,
    },
    /// A label would stand below one for something else.
    #[error("“{name}” cannot stand below “{parent}”, which labels something else")]
    ParentOfOtherKind {
        /// The label.
        name: String,
        /// What was to be above it.
        parent: String,
    },
    /// A row has too many above it.
    #[error("at most {MAX_LABEL_DEPTH} can stand above each other")]
    TooDeep,
    /// A key that is none.
    #[error("`{0}` cannot be a key; take one letter or digit")]
    NotAKey(char),
    /// What a label labels was to change.
    #[error("what “{0}” labels cannot be changed; make another label and merge this one into it")]
    KindChanged(String),
    /// A type of attribute was to change without its values.
    #[error("the type of “{0}” is changed together with its values")]
    TypeChanged(String),
    /// Two choices have one key.
    #[error("“{attribute}” has two choices `{choice}`; take one out")]
    ChoiceTwice {
        /// The attribute's name.
        attribute: String,
        /// The choice's key.
        choice: String,
    },
    /// The default is no value of the attribute.
    #[error("`{value}` is no value of “{attribute}”; choose another default or none")]
    WrongDefault {
        /// The attribute's name.
        attribute: String,
        /// The value.
        value: String,
    },
    /// A role that nothing can fill.
    #[error("“{0}” must take something: a span, an entity, a claim or a value")]
    TakesNothing(String),
    /// A row in use was to be deleted.
    #[error("“{name}” is used {uses} times; retire it instead, so that nothing is lost")]
    InUse {
        /// The row's name.
        name: String,
        /// How many rows of sheets use it.
        uses: usize,
    },
    /// A label was to be merged with itself.
    #[error("these are the same label; choose another one")]
    SameLabel,
    /// Labels for different things were to be merged.
    #[error("“{loser}” and “{winner}” label different things and cannot be merged")]
    DifferentKinds {
        /// The label that was to go.
        loser: String,
        /// The label that was to stay.
        winner: String,
    },
    /// A label was to be merged into one that was merged itself.
    #[error("“{0}” was merged into another label itself; choose that one")]
    Merged(String),
}
