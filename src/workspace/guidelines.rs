//! `guidelines.md`, the codebook in prose. It belongs to no coder: before it is replaced it is compared with what was read.

use thiserror::Error;

use super::{Access, Workspace};
use crate::store::layout::GUIDELINES;
use crate::store::{Disk, Folder, Stamp, StoreError};

/// Longer guidelines are a book; they are not shown.
const MAX_BYTES: u64 = 4 << 20;

/// The guidelines of a project, to be read and written on any thread.
#[derive(Clone, Debug)]
pub struct Guidelines {
    folder: Folder,
    disk: Disk,
    // Why nothing may be changed.
    read_only: Option<String>,
}

/// What the file holds.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct ReadGuidelines {
    /// Markdown; empty where there is no file.
    pub text: String,
    // None where there is no file.
    stamp: Option<Stamp>,
}

/// Why guidelines were not read or written.
#[derive(Debug, Error)]
pub enum GuidelinesError {
    /// The file system said no.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// It is not UTF-8.
    #[error("guidelines.md is not text in UTF-8; save it as UTF-8 with another program")]
    NotUtf8,
    /// Somebody else has saved it since it was read.
    #[error("guidelines.md was changed by another program since you began. Nothing was saved; copy what you wrote, read it anew and put it in")]
    Changed,
    /// The project is open for reading only.
    #[error("{0}")]
    ReadOnly(String),
}

impl Workspace {
    /// The project's guidelines.
    #[must_use]
    pub fn guidelines(&self) -> Guidelines {
        let read_only = match &self.access {
            Access::ReadWrite => None,
            Access::ReadOnly { why } => Some(why.clone()),
        };
        Guidelines { folder: self.folder.clone(), disk: self.places.disk().clone(), read_only }
    }
}

impl Guidelines {
    /// Reads the file.
    ///
    /// # Errors
    /// When it cannot be read or is not UTF-8.
    pub fn read(&self) -> Result<ReadGuidelines, GuidelinesError> {
        let Some(bytes) = self.folder.read(GUIDELINES, MAX_BYTES)? else { return Ok(ReadGuidelines::default()) };
        let stamp = Some(Stamp::of(&bytes));
        let text = String::from_utf8(bytes).map_err(|_| GuidelinesError::NotUtf8)?;
        Ok(ReadGuidelines { text, stamp })
    }

    /// Replaces the file, if it still holds what was read.
    ///
    /// # Errors
    /// When the project is read-only, somebody else has changed the file, or it cannot be written. It is as it was then.
    pub fn write(&self, before: &ReadGuidelines, text: &str) -> Result<ReadGuidelines, GuidelinesError> {
        if let Some(why) = &self.read_only {
            return Err(GuidelinesError::ReadOnly(why.clone()));
        }
        let now = self.folder.read(GUIDELINES, MAX_BYTES)?.map(|bytes| Stamp::of(&bytes));
        if now != before.stamp {
            return Err(GuidelinesError::Changed);
        }
        self.disk.replace(&self.folder.full(GUIDELINES), text.as_bytes())?;
        Ok(ReadGuidelines { text: text.to_owned(), stamp: Some(Stamp::of(text.as_bytes())) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{IdSource, Schema};
    use crate::store::Places;
    use crate::workspace::NewProject;

    #[test]
    fn what_somebody_else_saved_is_not_overwritten() {
        let temp = tempfile::tempdir().unwrap();
        let places = Places::under(&temp.path().join("state"));
        let dir = temp.path().join("study");
        let new = NewProject { name: "S".into(), schema: Schema::default(), guidelines: "# One\n".into(), coder: "ann".into() };
        let workspace = Workspace::create(&dir, new, &places, IdSource::seeded(1)).unwrap();
        let guidelines = workspace.guidelines();
        let first = guidelines.read().unwrap();
        assert_eq!(first.text, "# One\n");
        let second = guidelines.write(&first, "# Two\n").unwrap();
        assert_eq!(guidelines.read().unwrap(), second);
        assert!(matches!(guidelines.write(&first, "# Lost\n"), Err(GuidelinesError::Changed)));
        std::fs::remove_file(dir.join(GUIDELINES)).unwrap();
        assert!(matches!(guidelines.write(&second, "# Three\n"), Err(GuidelinesError::Changed)));
        let none = guidelines.read().unwrap();
        assert_eq!(none.text, "");
        guidelines.write(&none, "# Three\n").unwrap();
        std::fs::write(dir.join(GUIDELINES), b"\xff").unwrap();
        assert!(matches!(guidelines.read(), Err(GuidelinesError::NotUtf8)));
    }
}
