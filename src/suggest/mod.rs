//! What could be meant: offers for the coder to take or leave. Nothing here changes data.

pub mod dictionary;
pub mod duplicates;
pub mod entities;
pub mod fillers;
mod fold;
pub mod names;
pub mod occurrences;
pub mod regions;
pub mod relation_ends;
