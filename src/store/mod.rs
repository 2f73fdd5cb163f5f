//! The project folder on disk and the state folder beside it: RON files, journal, checkpoints, locks, checksums.
//!
//! Knows nothing of windows, and nothing of what an open project is: `workspace` does. Every write goes through
//! [`disk`]. Start at `layout` for what lies where, at `checkpoint` for how files are replaced.

mod checkpoint;
pub mod disk;
mod error;
pub(crate) mod files;
mod folder;
pub mod git;
pub(crate) mod journal;
pub mod layout;
mod loader;
pub(crate) mod lock;
pub mod merge;
mod places;
mod preferences;
pub(crate) mod project;
pub mod schema_file;
mod small;
mod stamp;
pub mod templates;

pub(crate) use checkpoint::{
    CheckpointPlan, Intents, Interrupted, Planned, Written, coders_with_sheet, overlay, render, roll_forward, run_checkpoint,
};
pub use disk::{Disk, DiskOp, Faults, Verdict};
pub use error::StoreError;
pub use files::FORMAT;
pub(crate) use folder::{Folder, Overlay};
pub use folder::{MAX_RON_BYTES, MAX_TEXT_BYTES};
pub use loader::{Loaded, Loader};
pub use places::{Places, STATE_DIR_VARIABLE, random_ids};
pub use preferences::{Preferences, Theme, words};
pub(crate) use small::Remembered;
pub use stamp::Stamp;
pub(crate) use stamp::{Stamps, append_log, compact_log, read_log};
