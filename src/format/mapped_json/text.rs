//! A document's text from the values of a record, and where each of its sentences begins.

use std::collections::BTreeMap;
use std::ops::Range;

use serde_json::Value;

use super::mapping::{Base, JsonMapping};
use super::path::Found;
use crate::text::Text;

/// A text and the pieces that it was put together from.
pub(super) struct Assembled {
    pub(super) text: Text,
    /// Their bytes; for offsets that count in sentences, each is a sentence.
    pub(super) pieces: Vec<Range<usize>>,
    // As annotations name them, such as `p12`, and by the elements of lists in which they stand.
    by_name: BTreeMap<String, usize>,
    by_indices: BTreeMap<Vec<usize>, usize>,
}

/// Why an annotation's offsets count from nowhere.
pub(super) struct NoBase;

impl Assembled {
    /// The text of a record; none where nothing stands in any of the places.
    pub(super) fn of(mapping: &JsonMapping, record: &Value) -> Option<Self> {
        let (mut content, mut between) = (String::new(), "");
        let (mut pieces, mut by_name, mut by_indices) = (Vec::new(), BTreeMap::new(), BTreeMap::new());
        for part in &mapping.text {
            for (found, number) in part.at.find(record).into_iter().zip(part.first..) {
                let Some(text) = found.value.as_str() else { continue };
                content.push_str(between);
                let start = content.len();
                content.push_str(text);
                by_name.entry(format!("{}{number}", part.name)).or_insert(pieces.len());
                by_indices.entry(found.indices).or_insert(pieces.len());
                pieces.push(start..content.len());
                between = &part.between;
            }
        }
        (!pieces.is_empty()).then(|| Self { text: Text::new(content), pieces, by_name, by_indices })
    }

    /// The piece that an annotation's offsets count from; none for the whole text.
    pub(super) fn base(&self, base: &Base, annotation: &Found<'_>) -> Result<Option<usize>, NoBase> {
        let piece = match base {
            Base::Document => return Ok(None),
            Base::Sentence(path) => path.first(annotation.value).and_then(plain_text).and_then(|name| {
                // A part with one piece needs no number.
                self.by_name.get(&name).or_else(|| self.by_name.get(&format!("{name}0")))
            }),
            Base::Enclosing => (1..=annotation.indices.len()).rev().find_map(|len| self.by_indices.get(annotation.indices.get(..len)?)),
        };
        piece.copied().map(Some).ok_or(NoBase)
    }

    /// The text of a piece, or all of it.
    pub(super) fn slice(&self, piece: Option<usize>) -> &str {
        let bytes = piece.and_then(|piece| self.pieces.get(piece)).cloned();
        bytes.and_then(|bytes| self.text.as_str().get(bytes)).unwrap_or(self.text.as_str())
    }
}

/// A text, a number or a truth as text.
pub(super) fn plain_text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(is) => Some(if *is { "yes" } else { "no" }.to_owned()),
        _ => None,
    }
}

/// Several texts with something between them, or one.
pub(super) fn joined_text(value: &Value, between: &str) -> Option<String> {
    match value {
        Value::Array(elements) => elements.iter().map(plain_text).collect::<Option<Vec<_>>>().map(|texts| texts.join(between)),
        value => plain_text(value),
    }
}
