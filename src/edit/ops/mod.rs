//! One user operation per file, each `&state → Transaction`. Nothing here changes data.

mod add_claim;
mod add_occurrence;
mod add_span;
mod delete_mark;
mod edit_document;
mod label_occurrence;
mod rows;
mod set_attribute;
mod set_label;
mod set_ranges;
mod set_status;
mod set_words;
mod trash_document;

pub use add_claim::add_claim;
pub use add_occurrence::{add_occurrence, remove_occurrence};
pub use add_span::add_span;
pub use delete_mark::delete_mark;
pub use edit_document::edit_document;
pub use label_occurrence::{label_occurrence, reject_occurrence, unreject_occurrence};
pub use set_attribute::{AttributeOwner, set_attribute};
pub use set_label::set_label;
pub use set_ranges::{Edge, Side, add_range, move_edge, remove_range};
pub use set_status::set_status;
pub use set_words::{Words, set_words};
use thiserror::Error;
pub use trash_document::{restore_document, trash_document};

use crate::model::{EntityId, Id, LabelKey, MarkId};
use crate::text::RangeError;

/// Why an operation cannot be done.
#[derive(Clone, PartialEq, Eq, Debug, Error)]
pub enum OpError {
    /// The row went away, perhaps by an undo.
    #[error("what was to be changed is no longer there")]
    Gone,
    /// The codebook does not know the label.
    #[error("the codebook has no label `{0}`")]
    UnknownLabel(LabelKey),
    /// The same place has the label already.
    #[error("this place has the label already")]
    AlreadyThere(MarkId),
    /// The project has no such entity.
    #[error("the entity is no longer there")]
    NoSuchEntity(EntityId),
    /// Nothing would be left of the span.
    #[error("a span needs at least one character; delete it instead")]
    WouldBeEmpty,
    /// An edge would pass the other edge or another range of the span.
    #[error("the edge cannot go beyond its neighbour")]
    EdgeBlocked,
    /// The place overlaps another place of the claim.
    #[error("this place overlaps another place of the claim")]
    OverlapsItself,
    /// The claim has more than a span can hold.
    #[error("this claim has roles, words of its own or several places, which a span cannot hold; empty them first or delete the claim")]
    ClaimIsFilled,
    /// A place does not fit the text.
    #[error(transparent)]
    Range(#[from] RangeError),
    /// A value does not fit its attribute.
    #[error("the value does not fit the attribute `{0}`")]
    WrongValue(String),
}

/// A fresh id for an operation that makes a row.
pub type NewId = Id;
