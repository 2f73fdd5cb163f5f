//! The tags of a web page: kept beside a document as they stood, and written back as long as its text is the one that was imported.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::document::Annotation;
use crate::format::Item;
use crate::text::offsets::{OffsetMap, OffsetUnit};

#[derive(Serialize, Deserialize)]
pub(super) struct Markups {
    /// What starts and ends count.
    unit: OffsetUnit,
    tags: Vec<Tag>,
}

#[derive(Serialize, Deserialize)]
struct Tag {
    id: String,
    #[serde(rename = "type")]
    kind: String,
    start: usize,
    end: usize,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    features: BTreeMap<String, Value>,
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    types: Map<String, Value>,
}

impl Markups {
    pub(super) fn of(annotations: Vec<Annotation>, unit: OffsetUnit) -> Self {
        let tag = |row: Annotation| {
            let Annotation { id, kind, start, end, features, types, .. } = row;
            Tag { id, kind, start, end, features: features.into_iter().collect(), types }
        };
        Self { unit, tags: annotations.into_iter().map(tag).collect() }
    }

    /// The annotations in another unit; none where the text is another one now.
    pub(super) fn annotations(self, item: &Item, unit: OffsetUnit) -> Option<Vec<Annotation>> {
        if !item.document.corrections.is_empty() {
            return None;
        }
        let (from, to) = (OffsetMap::new(item.text.as_str(), self.unit), OffsetMap::new(item.text.as_str(), unit));
        let annotation = |tag: Tag| {
            let Tag { id, kind, start, end, features, types } = tag;
            let bytes = (from.to_byte(start)?, from.to_byte(end)?);
            let (start, end) = (to.to_unit(bytes.0), to.to_unit(bytes.1));
            Some(Annotation { id, kind, start, end, bytes, features: features.into_iter().collect(), types, ..Annotation::default() })
        };
        self.tags.into_iter().map(annotation).collect()
    }
}

impl From<Markups> for Value {
    fn from(markups: Markups) -> Self {
        serde_json::to_value(markups).unwrap_or_default()
    }
}
