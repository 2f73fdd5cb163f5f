//! A claim: who says what about whom, with which stance, on what evidence.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Attributes, ClaimId, EntityId, LabelKey, Residue, RoleKey, SpanId};
use crate::text::Ranges;

/// A frame: content, roles, attributes. A claim may have no place in the text at all.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Claim {
    /// Its kind.
    pub label: LabelKey,
    /// What is claimed, in the article's words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub content: Option<Ranges>,
    /// Who fills the slots, in the order in which they were given. No empty lists.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub roles: BTreeMap<RoleKey, Vec<Filler>>,
    /// The values that are set.
    #[serde(default, skip_serializing_if = "Attributes::is_empty")]
    pub attributes: Attributes,
    /// What is claimed, in the coder's words; empty for none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub normalized: String,
    /// The coder's remark; empty for none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
    /// What an import could not place.
    #[serde(default, skip_serializing_if = "Residue::is_empty")]
    pub residue: Residue,
}

impl Claim {
    /// A claim with a label and perhaps a place.
    #[must_use]
    pub fn new(label: LabelKey, content: Option<Ranges>) -> Self {
        Self {
            label,
            content,
            roles: BTreeMap::new(),
            attributes: Attributes::new(),
            normalized: String::new(),
            note: String::new(),
            residue: Residue::new(),
        }
    }

    /// The fillers of a role; empty for an open one.
    #[must_use]
    pub fn fillers(&self, role: &RoleKey) -> &[Filler] {
        self.roles.get(role).map(Vec::as_slice).unwrap_or_default()
    }
}

/// What fills a role.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
pub enum Filler {
    /// A place in the same sheet.
    Span(SpanId),
    /// An entity of the project.
    Entity(EntityId),
    /// Another claim of the same sheet.
    Claim(ClaimId),
    /// A plain value, such as `author`.
    Value(String),
}
