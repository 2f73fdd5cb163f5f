//! A labelled link between two annotations.

use serde::{Deserialize, Serialize};

use super::{Attributes, ClaimId, EntityId, RelationId, RelationKey, Residue, SpanId};

/// A link from one node to another.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Relation {
    /// Its type.
    pub label: RelationKey,
    /// Where it starts.
    pub from: Node,
    /// Where it ends.
    pub to: Node,
    /// The values that are set.
    #[serde(default, skip_serializing_if = "Attributes::is_empty")]
    pub attributes: Attributes,
    /// The coder's remark; empty for none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
    /// What an import could not place.
    #[serde(default, skip_serializing_if = "Residue::is_empty")]
    pub residue: Residue,
}

impl Relation {
    /// A link with nothing but its ends.
    #[must_use]
    pub fn new(label: RelationKey, from: Node, to: Node) -> Self {
        Self { label, from, to, attributes: Attributes::new(), note: String::new(), residue: Residue::new() }
    }
}

/// An end of a relation.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub enum Node {
    /// A span of the same sheet.
    Span(SpanId),
    /// A claim of the same sheet.
    Claim(ClaimId),
    /// An entity of the project.
    Entity(EntityId),
    /// A relation of the same sheet (an undercutter attacks an inference).
    Relation(RelationId),
}
