//! Why the store could not do something: what failed, where, why, and what to do.

use std::io;
use std::path::{Path, PathBuf};

use thiserror::Error;

use crate::model::DocumentId;

/// Why the store could not do something. What was on the disk before is still there.
#[derive(Debug, Error)]
pub enum StoreError {
    /// The operating system refused.
    #[error("could not {action} {}: {source}", path.display())]
    Io {
        /// What was tried: `read`, `write`, `replace` …
        action: &'static str,
        /// On what.
        path: PathBuf,
        /// The system's answer.
        source: io::Error,
    },
    /// No `project.ron` there.
    #[error("{} is not a Manicule project: it has no project.ron", .0.display())]
    NotAProject(PathBuf),
    /// A new project or a copy was asked for where something is already.
    #[error("{} is not empty; choose a new or empty folder", .0.display())]
    NotEmpty(PathBuf),
    /// Written by a newer Manicule.
    #[error(
        "{file} was written by a newer Manicule (format {found}; this version knows up to {known}); it was not touched. Install the newer version to open it"
    )]
    NewerFormat {
        /// The file, relative to the project.
        file: String,
        /// The number in the file.
        found: u32,
        /// The highest number this program knows.
        known: u32,
    },
    /// A file that cannot be understood at all.
    #[error("{file}: {cause}. The file was not touched")]
    Unreadable {
        /// The file, relative to the project.
        file: String,
        /// What is wrong, with line and column where known.
        cause: String,
    },
    /// Larger than this program reads.
    #[error("{file} has {len} bytes; at most {limit} are read. It was not read")]
    TooLarge {
        /// The file, relative to the project.
        file: String,
        /// Its size in bytes.
        len: u64,
        /// The limit in bytes.
        limit: u64,
    },
    /// Files were changed by somebody else since they were read, and this program has changes for them too.
    #[error("changed outside Manicule since they were read, so not replaced: {}. Your work is safe in the journal; keep yours or take theirs", .0.join(", "))]
    Conflict(Vec<String>),
    /// There is no such document.
    #[error("there is no document {0}")]
    NoSuchDocument(DocumentId),
    /// The document's text is gone.
    #[error("the text of {0} is missing; it should be in {1}")]
    TextMissing(DocumentId, String),
    /// A journal record that does not check out.
    #[error("the journal {} is damaged at byte {offset}", path.display())]
    DamagedJournal {
        /// The journal's file.
        path: PathBuf,
        /// Where the record starts.
        offset: u64,
    },
    /// A state that is asked for is not in the list.
    #[error("there is no state {0}; see the list of states")]
    NoSuchState(String),
    /// A file of a state is missing in the state folder, or damaged there.
    #[error("{0} of that state is missing or damaged in the state folder")]
    StateDamaged(String),
    /// What was about to be written could not be read back to the same content.
    #[error("{file} would not read back as written ({cause}); nothing was replaced. Please report this")]
    ReadBack {
        /// The file, relative to the project.
        file: String,
        /// What differs.
        cause: String,
    },
    /// No home folder and no `MANICULE_STATE_DIR`.
    #[error("there is no home folder to keep the journal in; set MANICULE_STATE_DIR to a folder")]
    NoStateFolder,
    /// A checkpoint runs on another thread; its result was not handed over yet.
    #[error("a save is still running")]
    StillSaving,
    /// The user stopped it.
    #[error("stopped")]
    Cancelled,
}

impl StoreError {
    /// For `map_err` on file operations.
    pub(crate) fn io<'a>(action: &'static str, path: &'a Path) -> impl FnOnce(io::Error) -> Self + use<'a> {
        move |source| Self::Io { action, path: path.to_owned(), source }
    }
}
