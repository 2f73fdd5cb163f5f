//! Why the store could not do something: what failed, where, why, and what to do.

use std::io;
use std::path::{Path, PathBuf};

use thiserror::Error;

use crate::model::{DocumentId, Finding, NameFault, Severity, check_name, system_reason};
use crate::text::hidden::show_hidden;

/// Why the store could not do something. What was on the disk before is still there.
#[derive(Debug, Error)]
pub enum StoreError {
    /// The operating system refused.
    #[error("could not {action} {}: {}", path.display(), system_reason(cause))]
    Io {
        /// What was tried: `read`, `write`, `replace` …
        action: &'static str,
        /// On what.
        path: PathBuf,
        /// The system's answer.
        cause: io::Error,
    },
    /// No `project.ron` there.
    #[error("{} is not a Manicule project: it has no project.ron. Choose the folder that has one", .0.display())]
    NotAProject(PathBuf),
    /// A new project or a copy was asked for where something is already.
    #[error("{} is not empty; choose a new or empty folder", .0.display())]
    NotEmpty(PathBuf),
    /// Written by a newer Manicule.
    #[error(
        "{file}: it was written by a newer Manicule (format {found}; this version knows up to {known}). It was not touched; install the newer version to open it"
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
    #[error("{file}: {cause}. The file was not touched; {}", way_out(file))]
    Unreadable {
        /// The file, relative to the project.
        file: String,
        /// What is wrong, with line and column where known.
        cause: String,
    },
    /// Larger than this program reads.
    #[error("{file}: it has {}, and at most {} are read. It was not read; {}", size(*len), size(*limit), way_out(file))]
    TooLarge {
        /// The file, relative to the project.
        file: String,
        /// Its size in bytes.
        len: u64,
        /// The limit in bytes.
        limit: u64,
    },
    /// Something else lies where a file should be.
    #[error("{file}: {what}. It was not read; put the file back, or take this away")]
    NotAFile {
        /// The file, relative to the project.
        file: String,
        /// What it is.
        what: &'static str,
    },
    /// A name that cannot be told from others, or confuses whoever reads it.
    #[error("{what} “{}” {}. Nothing was changed; choose another name", show_hidden(name), fault)]
    BadName {
        /// Whose name it was to be.
        what: &'static str,
        /// The beginning of the name.
        name: String,
        /// What is wrong with it.
        fault: NameFault,
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
    /// As a finding beside what could be read.
    #[must_use]
    pub fn to_finding(&self, rule: &'static str) -> Finding {
        let message = self.to_string();
        let finding = |message: &str| Finding::new(Severity::Error, rule, message);
        match self {
            Self::Unreadable { file, .. } | Self::NewerFormat { file, .. } | Self::TooLarge { file, .. } | Self::NotAFile { file, .. } => {
                let rest = message.strip_prefix(file.as_str()).map_or(message.as_str(), |rest| rest.trim_start_matches(": "));
                finding(rest).in_file(file)
            }
            _ => finding(&message),
        }
    }

    /// Refuses a new name in which something cannot be seen, or that is too long.
    pub(crate) fn check_name(what: &'static str, name: &str) -> Result<(), Self> {
        let bad = |fault| Self::BadName { what, name: name.chars().take(60).collect(), fault };
        check_name(name).map_err(bad)
    }

    /// For `map_err` on file operations.
    pub(crate) fn io<'a>(action: &'static str, path: &'a Path) -> impl FnOnce(io::Error) -> Self + use<'a> {
        move |cause| Self::Io { action, path: path.to_owned(), cause }
    }
}

/// What helps with a file that cannot be read.
fn way_out(file: &str) -> &'static str {
    if file.ends_with(".txt") || file.ends_with(".orig") {
        "put the text back as it was, from a copy or an earlier state"
    } else {
        "mend it in a text editor, or put an earlier state or a copy in its place"
    }
}

/// A size for people: `3.2 GB`.
pub(crate) fn size(bytes: u64) -> String {
    let (unit, name) = if bytes < 1 << 20 {
        (1 << 10, "kB")
    } else if bytes < 1 << 30 {
        (1 << 20, "MB")
    } else {
        (1 << 30, "GB")
    };
    let tenths = bytes.saturating_mul(10) / unit;
    if bytes < 1 << 10 {
        format!("{bytes} bytes")
    } else if tenths.is_multiple_of(10) {
        format!("{} {name}", tenths / 10)
    } else {
        format!("{}.{} {name}", tenths / 10, tenths % 10)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_size_is_said_in_the_unit_that_fits() {
        let sizes = [0, 1023, 1024, 1536, (1 << 20) - 1, 1 << 20, 5 << 19, (1 << 30) - 1, 1 << 30, 16 << 30];
        let said = ["0 bytes", "1023 bytes", "1 kB", "1.5 kB", "1023.9 kB", "1 MB", "2.5 MB", "1023.9 MB", "1 GB", "16 GB"];
        assert_eq!(sizes.map(size), said);
    }

    #[test]
    fn what_to_do_depends_on_what_the_file_is() {
        let say = |file: &str| StoreError::Unreadable { file: file.into(), cause: "broken".into() }.to_string();
        assert!(["a.txt", "a.orig"].iter().all(|file| say(file).contains("put the text back")));
        assert!(say("a.ron").contains("mend it in a text editor"));
    }

    #[test]
    fn a_name_in_which_something_cannot_be_seen_is_refused() {
        assert!(StoreError::check_name("a label", "Person").is_ok());
        assert!(matches!(StoreError::check_name("a label", "Per\u{200b}son\u{202e}"), Err(StoreError::BadName { .. })));
        assert!(StoreError::check_name("a label", &"x".repeat(100_000)).is_err());
    }
}
