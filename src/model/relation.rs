//! A labelled link between two annotations.

use serde::{Deserialize, Serialize};

use super::{Attributes, ClaimId, EntityId, MarkId, NodeKind, RelationId, RelationKey, Residue, SpanId};

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

impl Node {
    /// What it is.
    #[must_use]
    pub fn kind(self) -> NodeKind {
        match self {
            Self::Span(_) => NodeKind::Span,
            Self::Claim(_) => NodeKind::Claim,
            Self::Entity(_) => NodeKind::Entity,
            Self::Relation(_) => NodeKind::Relation,
        }
    }

    /// The mark that it is, for spans and claims.
    #[must_use]
    pub fn mark(self) -> Option<MarkId> {
        match self {
            Self::Span(id) => Some(MarkId::Span(id)),
            Self::Claim(id) => Some(MarkId::Claim(id)),
            Self::Entity(_) | Self::Relation(_) => None,
        }
    }
}

impl From<MarkId> for Node {
    fn from(mark: MarkId) -> Self {
        match mark {
            MarkId::Span(id) => Self::Span(id),
            MarkId::Claim(id) => Self::Claim(id),
        }
    }
}
