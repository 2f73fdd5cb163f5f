//! A person, organisation, … of the whole project.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::{Attributes, CoderKey, EntityId, LabelKey, Residue};

/// Whom mentions mean.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Entity {
    /// The canonical name.
    pub name: String,
    /// Its type: an entity label.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<LabelKey>,
    /// Other names.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub aliases: BTreeSet<String>,
    /// Entries of knowledge bases: Wikidata Q-ids or URLs.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub knowledge_base_ids: BTreeSet<String>,
    /// The values that are set.
    #[serde(default, skip_serializing_if = "Attributes::is_empty")]
    pub attributes: Attributes,
    /// A remark; empty for none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
    /// Who made it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub made_by: Option<CoderKey>,
    /// Set on the loser of a merge; look-ups follow it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub merged_into: Option<EntityId>,
    /// A tombstone: ids are never reused.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub deleted: bool,
    /// What an import could not place.
    #[serde(default, skip_serializing_if = "Residue::is_empty")]
    pub residue: Residue,
}

impl Entity {
    /// An entity with nothing but a name and a type.
    #[must_use]
    pub fn new(name: impl Into<String>, label: Option<LabelKey>) -> Self {
        Self {
            name: name.into(),
            label,
            aliases: BTreeSet::new(),
            knowledge_base_ids: BTreeSet::new(),
            attributes: Attributes::new(),
            note: String::new(),
            made_by: None,
            merged_into: None,
            deleted: false,
            residue: Residue::new(),
        }
    }

    /// True for entities that are neither deleted nor merged into another.
    #[must_use]
    pub fn is_living(&self) -> bool {
        !self.deleted && self.merged_into.is_none()
    }
}
