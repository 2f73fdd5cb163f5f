//! Plain text: validated ranges, offset units, words and sentences, decoding, search.
//!
//! Knows nothing of annotations. A [`Text`] is the verbatim text of one article; every [`TextRange`] counts
//! bytes of UTF-8. Other units exist only in [`offsets`] and carry their unit in their names.

pub mod anchor;
pub mod concordance;
pub mod decode;
mod fold;
pub mod hidden;
pub mod offsets;
mod range;
mod ranges;
pub mod replace;
pub mod search;
pub mod segment;
pub mod snap;
mod symbols;
pub mod word_bounds;

use std::fmt;
use std::sync::Arc;

pub use range::{RangeError, TextRange};
pub use ranges::Ranges;
pub use replace::{Replacement, TextChange};
use serde::{Deserialize, Serialize};
pub use symbols::{one_line, with_symbols};

/// The verbatim text of one article with its hash. Cheap to clone.
#[derive(Clone, PartialEq, Eq)]
pub struct Text {
    content: Arc<str>,
    // The hash of `content`, computed once when the text is made.
    hash: TextHash,
}

impl Text {
    /// Takes the text exactly as it is: nothing is normalised.
    #[must_use]
    pub fn new(content: impl Into<Arc<str>>) -> Self {
        let content = content.into();
        let hash = TextHash::of(&content);
        Self { content, hash }
    }

    /// The whole text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.content
    }

    /// Length in bytes.
    #[must_use]
    pub fn len(&self) -> usize {
        self.content.len()
    }

    /// True when there is not one byte.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.content.is_empty()
    }

    /// The fingerprint of the text.
    #[must_use]
    pub fn hash(&self) -> &TextHash {
        &self.hash
    }

    /// The checked way to a range: in bytes, half-open, not empty, inside the text, on character boundaries.
    ///
    /// # Errors
    /// Says which of these conditions does not hold.
    pub fn range(&self, start: usize, end: usize) -> Result<TextRange, RangeError> {
        TextRange::in_text(&self.content, start, end)
    }

    /// The range of the whole text; none when the text is empty.
    #[must_use]
    pub fn full_range(&self) -> Option<TextRange> {
        self.range(0, self.len()).ok()
    }

    /// True when every range lies inside this text on character boundaries.
    ///
    /// # Errors
    /// The first range that does not fit.
    pub fn check(&self, ranges: &Ranges) -> Result<(), RangeError> {
        ranges.iter().try_for_each(|r| self.range(r.start(), r.end()).map(|_| ()))
    }

    /// The text of a range. A range that does not fit gives an empty string (and fails a debug build).
    #[must_use]
    pub fn slice(&self, range: TextRange) -> &str {
        let slice = self.content.get(range.as_range());
        debug_assert!(slice.is_some(), "{range:?} does not fit a text of {} bytes", self.len());
        slice.unwrap_or_default()
    }

    /// The text of all ranges for people to read, gaps shown as ` … `.
    #[must_use]
    pub fn quote(&self, ranges: &Ranges) -> String {
        let parts: Vec<&str> = ranges.iter().map(|r| self.slice(r)).collect();
        parts.join(" … ")
    }
}

impl fmt::Debug for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Text({} bytes, {})", self.len(), self.hash)
    }
}

/// The first 128 bits of the BLAKE3 hash of a text, as 32 hexadecimal digits.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct TextHash(Arc<str>);

impl TextHash {
    /// The hash of a text's UTF-8 bytes.
    #[must_use]
    pub fn of(content: &str) -> Self {
        let hex = blake3::hash(content.as_bytes()).to_hex();
        Self(hex.chars().take(32).collect::<String>().into())
    }

    /// The digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for TextHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
