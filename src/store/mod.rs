//! The project folder on disk and the state folder beside it: RON files, journal, checkpoints, locks, checksums.
//!
//! Knows nothing of windows, and nothing of what an open project is: `workspace` does. Every write goes through
//! [`disk`]. Start at `layout` for what lies where, at `checkpoint` for how files are replaced.

pub(crate) mod activity;
mod checkpoint;
mod clock;
pub mod disk;
mod early_spans;
mod error;
pub(crate) mod files;
mod folder;
pub mod git;
pub(crate) mod journal;
mod kept;
pub mod layout;
mod loader;
pub(crate) mod lock;
mod mend;
pub mod merge;
pub(crate) mod parallel;
mod path_table;
mod places;
pub(crate) mod plain_ron;
mod preferences;
pub(crate) mod project;
pub mod schema_file;
mod seal;
mod small;
mod spill;
mod stamp;
pub(crate) mod states;
pub mod templates;

pub(crate) use checkpoint::{
    CheckpointPlan, Intents, Interrupted, Planned, Written, coders_with_sheet, overlay, render, roll_forward, run_checkpoint,
};
pub use clock::{Clock, local_text, utc_text};
pub use disk::{Disk, DiskOp, Faults, Verdict};
pub(crate) use disk::{behind_links, is_link, open_file, read_limited};
pub use early_spans::EarlySpans;
pub use error::StoreError;
pub use files::FORMAT;
pub(crate) use folder::{Folder, Overlay};
pub use folder::{MAX_RON_BYTES, MAX_TEXT_BYTES};
pub(crate) use kept::{Compared, Kept, coder_dirs, is_table};
pub(crate) use loader::Control;
pub use loader::{Loaded, LoadedText, Loader};
pub(crate) use mend::{Mend, aside_name, has_conflict_marks, is_damage};
#[cfg(feature = "gui")]
pub(crate) use merge::RESIDUE as MERGE_RESIDUE;
pub(crate) use path_table::{PathHash, PathTable};
pub use places::{Places, STATE_DIR_VARIABLE, random_ids};
pub(crate) use places::{place_file, read_place};
pub use preferences::{Preferences, Theme, words};
pub(crate) use seal::{Sealed, check_seal, seal};
pub(crate) use small::Remembered;
pub(crate) use spill::Spill;
pub use stamp::Stamp;
pub(crate) use stamp::Stamps;
#[cfg(any(test, fuzzing))]
pub(crate) use stamp::{Saved, append_log, read_log};
pub use states::{Occasion, RowCounts};
