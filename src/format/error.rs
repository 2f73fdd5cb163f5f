//! Why a format could not be read or written at all. Partial trouble is findings.

use std::io;

use thiserror::Error;

use crate::model::{DocumentId, cut_message};

/// Why reading or writing stopped.
#[derive(Debug, Error)]
pub enum FormatError {
    /// A file could not be read or written.
    #[error("could not read or write {file}: {cause}")]
    Io {
        /// The file's name as the source or sink knows it.
        file: String,
        /// What the system said.
        cause: io::Error,
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
    #[error("{file}: written in version {found} of the format; this program reads up to version {known}; use a newer Manicule")]
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

impl FormatError {
    /// An error of the system about a file.
    #[must_use]
    pub fn io(file: &str, cause: io::Error) -> Self {
        Self::Io { file: file.to_owned(), cause }
    }

    /// The message, cut and safe to show.
    #[must_use]
    pub fn message(&self) -> String {
        cut_message(&self.to_string())
    }
}
