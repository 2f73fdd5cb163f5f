//! The window, driven by mouse and keys through its accessible names, without a display.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::string_slice)]

mod desk;
mod dialogs;
mod editing;
mod keyboard;
mod labelling;
mod opening;
