//! What a collection says of itself. Each of its documents keeps it, and gives it to the collection in which it is written.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::COLLECTION;
use crate::format::Item;
use crate::format::standoff_out::kept_beside;

#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Collection {
    pub(super) source: String,
    pub(super) date: String,
    pub(super) key: String,
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub(super) infons: Map<String, Value>,
}

/// The source of collections of ours.
const OURS: &str = "Manicule";

impl Collection {
    pub(super) fn new([source, date, key]: [&str; 3], infons: Map<String, Value>) -> Self {
        let [source, date, key] = [source, date, key].map(|text| text.trim().to_owned());
        Self { source, date, key, infons }
    }

    /// One of ours, or one that says nothing.
    pub(super) fn is_ours(&self) -> bool {
        [OURS, ""].contains(&self.source.as_str()) && self.date.is_empty() && self.key.is_empty() && self.infons.is_empty()
    }

    /// For the collection in which this document stands first.
    pub(super) fn of_first(item: Option<&Item>, format: &str) -> Self {
        let kept = item.and_then(|item| kept_beside(item, format).remove(COLLECTION));
        kept.and_then(|kept| serde_json::from_value(kept).ok()).unwrap_or_else(|| Self { source: OURS.to_owned(), ..Self::default() })
    }
}

impl From<Collection> for Value {
    fn from(collection: Collection) -> Self {
        serde_json::to_value(collection).unwrap_or_default()
    }
}
