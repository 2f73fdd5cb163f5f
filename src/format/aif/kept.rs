//! What an import keeps of a map, so that an export to the same format makes it again: the nodes of claims and relations with these,
//! all others and the edges with the document.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::FORMAT;
use crate::format::Item;
use crate::format::standoff_out::kept_beside;
use crate::model::{Claim, Residue};

/// Of a document.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Kept {
    /// Those that stand for nothing here.
    pub(super) nodes: Vec<Value>,
    pub(super) edges: Vec<Value>,
    /// Who has said what and when, in numbers of another database.
    pub(super) locutions: Vec<Value>,
}

/// Of a claim or a relation.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct KeptNodes {
    pub(super) node: Map<String, Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) locution: Option<Map<String, Value>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) act: Option<Map<String, Value>>,
}

/// An id as text; programs write numbers, too.
pub(super) fn id_of(value: Option<&Value>) -> Option<String> {
    match value? {
        Value::String(id) => Some(id.clone()),
        Value::Number(id) => Some(id.to_string()),
        _ => None,
    }
}

impl Kept {
    pub(super) fn of(item: &Item) -> Self {
        serde_json::from_value(kept_beside(item, FORMAT.name).into()).unwrap_or_default()
    }

    /// The ids of all nodes that are named.
    pub(super) fn ids(&self) -> BTreeSet<String> {
        let ends = self.edges.iter().flat_map(|edge| ["fromID", "toID"].map(|name| edge.get(name)));
        self.nodes.iter().map(|node| node.get("nodeID")).chain(ends).filter_map(id_of).collect()
    }
}

impl KeptNodes {
    pub(super) fn of(residue: &Residue) -> Self {
        residue.get(FORMAT.name).and_then(|kept| serde_json::from_str(kept).ok()).unwrap_or_default()
    }

    pub(super) fn of_claim(claim: &Claim) -> Self {
        Self::of(&claim.residue)
    }

    pub(super) fn to_residue(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }
}
