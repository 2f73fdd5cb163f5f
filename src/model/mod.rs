//! Plain data and queries: what a project is, in the words of ARCHITECTURE.md.
//!
//! Knows nothing of files, clocks, randomness or threads. Data changes only through `edit::apply`; everybody
//! else reads. Rows are small: what few spans have lives behind a pointer.

mod attribute;
mod claim;
mod codebook_key;
mod codebook_uses;
mod color;
mod document;
mod entity;
mod entity_use;
mod finding;
mod id;
mod knowledge_base_id;
mod label_tree;
mod name;
mod name_pattern;
pub mod notation;
mod occurrence;
mod project;
mod reasons;
mod relation;
mod rows;
mod schema;
mod sheet;
mod span;
mod state;
mod text_order;
mod unfinished;
mod unique_json;

pub use attribute::{AttributeValue, Attributes, Date, Finite};
pub use claim::{Claim, Filler};
pub use codebook_key::CodebookKey;
pub use codebook_uses::CodebookUses;
pub use color::Color;
pub use document::{Correction, Document, Region, RegionKind};
pub use entity::Entity;
pub use entity_use::EntityUse;
pub use finding::{Finding, FindingCounts, MAX_MESSAGE_CHARS, MAX_PER_RULE, Severity, cut_message};
pub use id::{
    AttributeKey, ChoiceKey, ClaimId, CoderKey, DocumentId, EntityId, Id, IdSource, InvalidId, LabelKey, ProjectId, RelationId, RelationKey, RoleKey,
    SpanId,
};
pub(crate) use id::{is_device, slug};
pub use knowledge_base_id::{InvalidKnowledgeBaseId, is_wikidata_id, parse_knowledge_base_id};
pub use label_tree::{MAX_LABEL_DEPTH, TreeRow, circles_of, line_above, too_deep, tree_of};
pub use name::{MAX_NAME_CHARS, NameFault, check_name};
pub use name_pattern::{NameField, NameFields, NamePattern, PatternError, Underscores};
pub use occurrence::{corrected_occurrences, occurrence_name};
pub use project::{Coder, ProjectInfo, Settings};
pub use reasons::{json_place_and_reason, json_reason, ron_place_and_reason, ron_reason, system_reason};
pub use relation::{Node, Relation};
pub use rows::Rows;
pub(crate) use rows::{RowTable, full_rows};
pub use schema::{AttributeDef, AttributeKind, Choice, FillerKind, Label, LabelKind, NodeKind, RelationType, RoleDef, Schema, SchemaInfo, Target};
pub use sheet::{Sheet, SheetInfo, SheetKey, Status};
pub use span::{MarkId, Span, SpanExtras};
pub use state::State;
pub use text_order::{Ordered, Place, TextOrder};
pub use unfinished::Missing;
pub use unique_json::names_of_json;

pub use crate::text::Replacement;

use std::collections::BTreeMap;

/// What an import could not place: format name → text. Written back when exporting to the same format.
pub type Residue = BTreeMap<String, String>;
