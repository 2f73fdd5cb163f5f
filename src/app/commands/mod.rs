//! What the rows of the command table do, a file per menu. Each is a few lines: an operation, and `apply`.

pub(crate) mod document;
pub(crate) mod edit;
pub(crate) mod file;
pub(crate) mod label;
pub(crate) mod move_caret;
pub(crate) mod view;
