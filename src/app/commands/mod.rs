//! What the rows of the command table do, a file per menu. Each is a few lines: an operation, and `apply`.

pub(crate) mod claim;
pub(crate) mod codebook;
pub(crate) mod document;
pub(crate) mod edit;
pub(crate) mod entity;
pub(crate) mod file;
pub(crate) mod label;
pub(crate) mod move_caret;
pub(crate) mod occurrences;
pub(crate) mod offer;
pub(crate) mod relation;
pub(crate) mod view;
