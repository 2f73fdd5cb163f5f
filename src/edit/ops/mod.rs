//! One user operation per file, each `&state → Transaction`. Nothing here changes data.

mod add_claim;
mod add_occurrence;
mod add_span;
mod adopt_schema;
mod codebook;
mod correct_text;
mod delete_mark;
mod duplicate_claim;
mod edit_document;
mod edit_documents;
mod edit_entity;
mod fill_role;
mod ignore_finding;
mod label_occurrence;
mod link_mention;
mod merge_claims;
mod merge_entities;
mod move_content;
mod relate;
mod rows;
mod set_attribute;
mod set_label;
mod set_ranges;
mod set_region;
mod set_status;
mod set_words;
mod settle_merge;
mod split_claim;
mod split_entity;
mod trash_document;

pub use add_claim::add_claim;
pub use add_occurrence::{add_occurrence, remove_occurrence};
pub use add_span::{add_span, add_span_among};
pub use adopt_schema::{Adoption, AdoptionLine, Others, RowFate, adopt_schema, plan_adoption};
pub use codebook::{
    CodebookError, Direction, KindChange, LabelMerge, add_attribute, add_label, add_relation_type, add_role, change_attribute_kind, edit_attribute,
    edit_label, edit_relation_type, edit_role, edit_schema_info, merge_labels, merge_relation_types, move_row, remove_row, retire_row,
};
pub use correct_text::{CorrectedMark, Emptied, Fate, TextCorrection, correct_text};
pub use delete_mark::delete_mark;
pub use duplicate_claim::duplicate_claim;
pub use edit_document::edit_document;
pub use edit_documents::{FieldChanges, edit_documents, fields_from_names};
pub use edit_entity::{add_entity, edit_entity};
pub use fill_role::{empty_role, fill_role, fill_role_with_entity, fill_role_with_span};
pub use ignore_finding::ignore_finding;
pub use label_occurrence::{label_occurrence, reject_occurrence, unreject_occurrence};
pub use link_mention::{add_and_link, link_mention};
pub use merge_claims::merge_claims;
pub use merge_entities::{merge_entities, unmerge_entity};
pub use move_content::{content_into_span, span_into_content};
pub use relate::{add_relation, delete_relation, reverse_relation, set_relation_type};
pub use set_attribute::{AttributeOwner, set_attribute};
pub use set_label::set_label;
pub use set_ranges::{Edge, Side, add_range, move_edge, remove_range};
pub use set_region::{clear_region, set_regions, toggle_region};
pub use set_status::set_status;
pub use set_words::{Words, set_words};
pub use settle_merge::settle_merge;
pub use split_claim::split_claim;
pub use split_entity::{delete_entity, split_entity};
use thiserror::Error;
pub use trash_document::{restore_document, trash_document};

use crate::model::{Id, InvalidKnowledgeBaseId, LabelKey, MarkId, RelationId, RelationKey, RoleKey};
use crate::text::RangeError;
use crate::text::replace::ReplaceError;

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
    /// The codebook has no such role for the claim's label.
    #[error("the codebook has no role `{0}` for this claim")]
    UnknownRole(RoleKey),
    /// The codebook does not allow such a filler there.
    #[error("“{role}” does not take {kind}; it takes: {accepted}")]
    RoleRefuses {
        /// The role's name.
        role: String,
        /// What was to fill it.
        kind: &'static str,
        /// What the codebook allows.
        accepted: String,
    },
    /// The role has as many fillers as it takes.
    #[error("“{role}” takes at most {max}; take one out first")]
    RoleIsFull {
        /// The role's name.
        role: String,
        /// How many it takes.
        max: u32,
    },
    /// A claim would hold itself, directly or by way of others.
    #[error("a claim cannot be a part of itself, not even by way of other claims; choose another claim or empty the other role first")]
    ClaimInItself,
    /// The entity was deleted, perhaps by another coder.
    #[error("the entity “{0}” was deleted; choose another or make a new one")]
    EntityDeleted(String),
    /// There is no such entity, or its merge leads nowhere.
    #[error("this entity is no longer there; choose another or make a new one")]
    EntityGone,
    /// The entity was merged, perhaps by another coder.
    #[error("the entity “{name}” was merged into “{winner}”; change that one, or take them apart first")]
    EntityMerged {
        /// Its name.
        name: String,
        /// The name of the other.
        winner: String,
    },
    /// An entity has no name.
    #[error("an entity needs a name")]
    EntityWithoutName,
    /// A label that is not for entities was to be a type.
    #[error("`{0}` is not a type of entities in the codebook")]
    NotAType(LabelKey),
    /// An id of a knowledge base that cannot be one.
    #[error(transparent)]
    KnowledgeBaseId(#[from] InvalidKnowledgeBaseId),
    /// Entities were to be merged that are one already.
    #[error("these are the same entity already; choose another one to merge it with")]
    SameEntity,
    /// An entity was to be taken apart that is whole.
    #[error("this entity was not merged into another")]
    NotMerged,
    /// A span was to mean an entity, but its label is not for mentions.
    #[error("a span with the label “{0}” is not a mention; give it the label of an entity first")]
    NotAMention(String),
    /// A claim cannot be cut there.
    #[error("there is nothing to split here; put the caret inside the claim, between the two parts")]
    NowhereToSplit,
    /// A claim was to be merged with itself.
    #[error("these are the same claim; choose another one to merge it with")]
    SameClaim,
    /// The claim has no place in the text.
    #[error("this claim has no place in the text")]
    NoPlace,
    /// The codebook does not know the type of relation.
    #[error("the codebook has no type of relation `{0}`")]
    UnknownRelationType(RelationKey),
    /// The codebook does not allow such ends.
    #[error("“{name}” does not lead from {from} to {to}")]
    RelationRefuses {
        /// The type's name.
        name: String,
        /// What it was to lead from.
        from: &'static str,
        /// What it was to lead to.
        to: &'static str,
    },
    /// The two are joined in this way already.
    #[error("these two are joined by such a relation already")]
    AlreadyRelated(RelationId),
    /// A relation was to lead to where it comes from.
    #[error("a relation needs two different ends")]
    RelatedToItself,
    /// The codebook cannot be changed so.
    #[error(transparent)]
    Codebook(#[from] CodebookError),
    /// Words cannot be replaced as asked.
    #[error(transparent)]
    Replace(#[from] ReplaceError),
    /// The text is not the one that the document's fields name.
    #[error("the text was changed outside Manicule since it was imported; put it back before it is corrected")]
    TextDiffers,
    /// Marks would lose all their words, and nobody said that they may go.
    #[error("{0} marks would lose all their words; confirm that they may go, or choose other words")]
    WouldEmpty(usize),
    /// Claims of the document are unfinished.
    #[error("{0} claims are unfinished; finish them, or mark the document as done anyway")]
    Unfinished(usize),
}

/// A fresh id for an operation that makes a row.
pub type NewId = Id;
