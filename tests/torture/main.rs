//! The crash campaign of the store: crashes, power cuts and failing calls at every place, and what must be there after.
//!
//! One file a campaign; each says what it proves, its variable and how long the long run takes. The table is in
//! `docs/safety.md`. Every case has a number, which a failure prints: `MANICULE_CASE=17` with the name of the test runs
//! that case alone.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::string_slice)]

#[path = "../common/mod.rs"]
mod common;
#[path = "../support/project.rs"]
mod project;

mod actions;
mod campaign;
mod crash_disk;
mod failing_calls;
mod failing_reads;
mod kill_checkpoint;
mod kill_everywhere;
mod kill_process;
mod kill_program;
mod power_cut;
mod random_sessions;
mod seeded_bugs;
mod session;
mod simulated_disk;
mod two_coders;
mod world;
