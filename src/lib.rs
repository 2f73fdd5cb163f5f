//! Manicule: label entities and claims in news articles by hand and turn them into datasets.
//!
//! The layers, each using only those before it (a test in `tests/house.rs` reads the `use` lines):
//! `text ← model ← edit ← { check, format, suggest, stats } ← store ← workspace ← { cli, app }`.
//! Start reading at [`model`] for the words, at [`edit`] for how data changes.

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::string_slice))]

// The generator of projects that integration tests use is used by `fuzzing`, too.
#[cfg(any(test, fuzzing))]
extern crate self as manicule;

#[cfg(feature = "gui")]
pub mod app;
pub mod check;
pub mod cli;
pub mod edit;
pub mod format;
#[cfg(any(test, fuzzing))]
pub mod fuzzing;
pub mod model;
pub mod progress;
pub mod stats;
pub mod store;
pub mod suggest;
pub mod text;
pub mod workspace;
