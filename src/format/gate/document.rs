//! A document as GATE sees it.

use crate::format::standoff::Features;
use crate::format::standoff_in::Raw;

/// A text, features, and sets of annotations by name.
#[derive(Debug, Default)]
pub(super) struct Document {
    pub(super) text: String,
    pub(super) features: Features,
    pub(super) sets: Vec<(String, Vec<Annotation>)>,
}

/// A stretch of text with a type and features.
#[derive(Debug, Default)]
pub(super) struct Annotation {
    pub(super) id: String,
    pub(super) kind: String,
    pub(super) start: usize,
    pub(super) end: usize,
    /// The same in bytes, on the way out.
    pub(super) bytes: (usize, usize),
    pub(super) features: Features,
    /// As it stands in the file, on the way in, and where.
    pub(super) raw: Raw,
    pub(super) line: Option<usize>,
}
