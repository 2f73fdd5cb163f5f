//! The window, driven by mouse and keys through its accessible names, without a display.

#![allow(unreachable_pub, clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::string_slice)]

mod articles;
mod bad_input;
mod claims;
mod codebook;
mod codebook_files;
mod copies;
mod desk;
mod dialogs;
mod documents;
mod editing;
mod entities;
mod exporting;
mod finding;
mod importing;
mod keyboard;
mod keys;
mod labelling;
mod long_article;
mod looks;
mod occurrences;
mod opening;
mod overlaps;
mod problems;
mod random_user;
mod regions;
mod relations;
mod safety;
mod scripts;
mod speed;
