//! Why a format could not be read or written at all. Partial trouble is findings.

use std::io;

use thiserror::Error;

use crate::model::{DocumentId, Finding, Severity, cut_message, system_reason};

/// Why reading or writing stopped.
#[derive(Debug, Error)]
pub enum FormatError {
    /// A file could not be read or written.
    #[error("{file}: could not be {done}: {}. {}", system_reason(cause), outcome(done))]
    Io {
        /// `read` or `written`.
        done: &'static str,
        /// The file's name as the source or sink knows it.
        file: String,
        /// What the system said.
        cause: io::Error,
    },
    /// Larger than this program reads.
    #[error("{file}: {what} is larger than 1 GB. It was not read; split it")]
    TooLarge {
        /// The file.
        file: String,
        /// What is too large.
        what: &'static str,
    },
    /// Somebody pressed stop.
    #[error("stopped; nothing was changed")]
    Cancelled,
    /// The file is something else.
    #[error("{file}: this is not {format}: {why}")]
    NotThisFormat {
        /// The file.
        file: String,
        /// The format that was expected, by its title.
        format: &'static str,
        /// What does not fit.
        why: String,
    },
    /// A later version of the program wrote it.
    #[error(
        "{file}: line 1: it is of version {found} of the format, and this program reads up to version {known}. Nothing was read; use a newer Manicule"
    )]
    Newer {
        /// The file.
        file: String,
        /// The version in the file.
        found: u64,
        /// The newest known version.
        known: u64,
    },
    /// The exporter's own check failed: an offset does not lead back to its quote.
    #[error("document {document}: the range {start}..{end} (bytes) does not survive the conversion of offsets; nothing was written")]
    Unverified {
        /// The document.
        document: DocumentId,
        /// First byte.
        start: usize,
        /// Byte after the last.
        end: usize,
    },
    /// What was written is not what is read again.
    #[error("document {document}: what was written does not come back: {why}. Nothing was exported; choose another format, and report this")]
    Different {
        /// The document.
        document: DocumentId,
        /// What is expected, and what was found.
        why: String,
    },
    /// A document to be written could not be loaded.
    #[error("{0}")]
    Load(String),
    /// Columns that were named do not exist.
    #[error("{file}: {why}")]
    Columns {
        /// The file.
        file: String,
        /// Which columns, and which there are.
        why: String,
    },
}

/// What became of a file, and what to do.
fn outcome(done: &str) -> &'static str {
    if done == "read" { "It was left out; choose another file" } else { "Nothing was exported; choose another place" }
}

impl FormatError {
    /// A file could not be read.
    #[must_use]
    pub fn reading(file: &str, cause: io::Error) -> Self {
        Self::Io { done: "read", file: file.to_owned(), cause }
    }

    /// A file is not what it was a moment ago.
    #[must_use]
    pub fn changed(file: &str) -> Self {
        Self::reading(file, io::Error::other("it was changed while it was read"))
    }

    /// A file could not be written.
    #[must_use]
    pub fn writing(file: &str, cause: io::Error) -> Self {
        Self::Io { done: "written", file: file.to_owned(), cause }
    }

    /// As a finding beside what could be read.
    #[must_use]
    pub fn to_finding(&self) -> Finding {
        let message = self.to_string();
        let finding = |message: &str| Finding::new(Severity::Error, "unreadable-file", message);
        match self {
            Self::Io { file, .. }
            | Self::TooLarge { file, .. }
            | Self::NotThisFormat { file, .. }
            | Self::Newer { file, .. }
            | Self::Columns { file, .. } => {
                let rest = message.strip_prefix(file.as_str()).map_or(message.as_str(), |rest| rest.trim_start_matches(": "));
                finding(rest).in_file(file)
            }
            _ => finding(&message),
        }
    }

    /// The message, cut and safe to show.
    #[must_use]
    pub fn message(&self) -> String {
        cut_message(&self.to_string())
    }
}
