//! The project itself and the people who work on it.

use serde::{Deserialize, Serialize};

use super::{ProjectId, Residue};

/// What `project.ron` says beside the coders.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ProjectInfo {
    /// Names the project whatever its place.
    pub id: ProjectId,
    /// Shown in the window's title.
    pub name: String,
    /// Rules of the house.
    #[serde(default)]
    pub settings: Settings,
    /// What an import could not place.
    #[serde(default, skip_serializing_if = "Residue::is_empty")]
    pub residue: Residue,
}

/// Rules that hold for all coders.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// Coders see and use only the entities that they made themselves, until adjudication.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub own_entities_only: bool,
}

/// A person who annotates.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Coder {
    /// Shown in the window.
    pub name: String,
    /// A remark; empty for none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
}

impl Coder {
    /// A coder with nothing but a name.
    #[must_use]
    pub fn new(name: impl Into<String>) -> Self {
        Self { name: name.into(), note: String::new() }
    }
}
