//! The dictionaries of a project: files in a folder of it, shared by all coders, in the one form of [`Dictionary::to_tsv`].
//!
//! Reading a large one takes a second; [`Dictionaries`] goes to any thread.

use std::path::Path;

use thiserror::Error;

use super::{Access, Workspace};
use crate::model::{Finding, Severity, is_device, slug};
use crate::progress::{CancelToken, Progress};
use crate::store::layout::{Shelf, dictionaries_dir, dictionary_path};
use crate::store::{Disk, Folder, MAX_TEXT_BYTES, Places, StoreError, read_limited};
use crate::suggest::dictionary::Dictionary;
use crate::text::decode::{DecodeError, decode};

/// Why a dictionary was not added, removed or read.
#[derive(Debug, Error)]
pub enum DictionaryError {
    /// The project is open for reading only.
    #[error("the project is open for reading only: {0}")]
    ReadOnly(String),
    /// The name is in use.
    #[error("there is a dictionary “{0}” already; give another name, or remove that one first")]
    Taken(String),
    /// There is none of this name.
    #[error("there is no dictionary “{0}”")]
    Missing(String),
    /// The file is not text, or not surely.
    #[error("could not read {file}: {cause}; save it as UTF-8")]
    NotText {
        /// The file's name.
        file: String,
        /// What it looks like.
        cause: DecodeError,
    },
    /// A file without a single entry.
    #[error("{file} has no names{}; one line a name is needed, with columns “name” and “id”, or JSON Lines with these keys", first_fault(.first))]
    NoNames {
        /// The file's name.
        file: String,
        /// What the first finding says.
        first: Option<String>,
    },
    /// Something could not be read or written.
    #[error(transparent)]
    Store(#[from] StoreError),
}

fn first_fault(first: &Option<String>) -> String {
    first.as_ref().map(|fault| format!(" ({fault})")).unwrap_or_default()
}

/// A dictionary that was added.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Added {
    /// Its name in the project.
    pub name: String,
    /// How many entries it has.
    pub entries: usize,
    /// What there is to say about the file's lines.
    pub findings: Vec<Finding>,
}

/// The dictionaries of a project. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Dictionaries {
    folder: Folder,
    disk: Disk,
    // Why nothing may be changed.
    read_only: Option<String>,
}

impl Workspace {
    /// The project's dictionaries, to be used on any thread.
    #[must_use]
    pub fn dictionaries(&self) -> Dictionaries {
        let read_only = match &self.access {
            Access::ReadWrite => None,
            Access::ReadOnly { why } => Some(why.clone()),
        };
        Dictionaries { folder: self.folder.clone(), disk: self.places.disk().clone(), read_only }
    }
}

impl Dictionaries {
    /// Those of a project that is not open. They belong to no coder, so no lock is needed.
    ///
    /// # Errors
    /// When there is no project, or one of a newer version.
    pub fn of_project(dir: &Path, places: &Places) -> Result<Self, StoreError> {
        Workspace::coders(dir)?;
        Ok(Self { folder: Folder::new(dir), disk: places.disk().clone(), read_only: None })
    }

    /// Adds a dictionary from a file's bytes, under a name made of `name`, else of the file's.
    ///
    /// # Errors
    /// When the name is in use, the file has no names, or it cannot be written. Nothing is added then.
    pub fn add(&self, file_name: &str, bytes: &[u8], name: Option<&str>) -> Result<Added, DictionaryError> {
        self.refuse_read_only()?;
        let stem = file_name.rsplit_once('.').map_or(file_name, |(stem, _)| stem);
        let name = safe_name(name.unwrap_or(stem));
        let path = dictionary_path(&name, Shelf::Live);
        if self.folder.exists(&path) {
            return Err(DictionaryError::Taken(name));
        }
        let text = decode(bytes).map_err(|cause| DictionaryError::NotText { file: file_name.to_owned(), cause })?.text;
        let (dictionary, findings) = Dictionary::parse(file_name, &text);
        if dictionary.is_empty() {
            let first = findings.first().map(|finding| finding.message.clone());
            return Err(DictionaryError::NoNames { file: file_name.to_owned(), first });
        }
        self.disk.replace(&self.folder.full(&path), dictionary.to_tsv().as_bytes())?;
        Ok(Added { name, entries: dictionary.len(), findings })
    }

    /// Their names, in alphabetical order.
    ///
    /// # Errors
    /// When the folder cannot be listed.
    pub fn list(&self) -> Result<Vec<String>, DictionaryError> {
        let files = self.folder.list(&dictionaries_dir(Shelf::Live))?;
        Ok(files.iter().filter_map(|file| file.strip_suffix(".tsv")).map(str::to_owned).collect())
    }

    /// Moves a dictionary to the project's trash.
    ///
    /// # Errors
    /// When there is none of this name, or the file cannot be moved.
    pub fn remove(&self, name: &str) -> Result<(), DictionaryError> {
        self.refuse_read_only()?;
        if !self.list()?.iter().any(|known| known == name) {
            return Err(DictionaryError::Missing(name.to_owned()));
        }
        let mut numbered = (1u32..).map(|n| if n == 1 { name.to_owned() } else { format!("{name}-{n}") });
        let free = numbered.find(|name| !self.folder.exists(&dictionary_path(name, Shelf::Trash))).unwrap_or_default();
        let dirs = [Shelf::Live, Shelf::Trash].map(|shelf| self.folder.full(&dictionaries_dir(shelf)));
        self.disk.create_dir_all(&self.folder.full(&dictionaries_dir(Shelf::Trash)))?;
        let (from, to) = (dictionary_path(name, Shelf::Live), dictionary_path(&free, Shelf::Trash));
        self.disk.rename(&self.folder.full(&from), &self.folder.full(&to))?;
        dirs.iter().try_for_each(|dir| self.disk.sync_dir(dir))?;
        Ok(())
    }

    /// Reads one.
    ///
    /// # Errors
    /// When there is none of this name, or its file cannot be read or is not text.
    pub fn load(&self, name: &str) -> Result<(Dictionary, Vec<Finding>), DictionaryError> {
        let path = dictionary_path(name, Shelf::Live);
        let bytes = self.folder.read(&path, MAX_TEXT_BYTES)?.ok_or_else(|| DictionaryError::Missing(name.to_owned()))?;
        let text = decode(&bytes).map_err(|cause| DictionaryError::NotText { file: path.clone(), cause })?.text;
        Ok(Dictionary::parse(&path, &text))
    }

    /// Reads all of them, merged into one. What cannot be read is a finding beside the rest.
    ///
    /// # Errors
    /// When the folder cannot be listed, or the user stops it.
    pub fn load_all(&self, (progress, cancel): (&Progress, &CancelToken)) -> Result<(Dictionary, Vec<Finding>), DictionaryError> {
        let names = self.list()?;
        progress.set_total(names.len() as u64);
        let (mut dictionaries, mut findings) = (Vec::new(), Vec::new());
        for name in names {
            if cancel.is_cancelled() {
                return Err(StoreError::Cancelled.into());
            }
            match self.load(&name) {
                Ok((dictionary, found)) => {
                    dictionaries.push(dictionary);
                    findings.extend(found);
                }
                Err(error) => {
                    let path = dictionary_path(&name, Shelf::Live);
                    findings.push(Finding::new(Severity::Error, "unreadable", error.to_string()).in_file(path));
                }
            }
            progress.add(1);
        }
        Ok((Dictionary::merged(dictionaries), findings))
    }

    fn refuse_read_only(&self) -> Result<(), DictionaryError> {
        self.read_only.as_ref().map_or(Ok(()), |why| Err(DictionaryError::ReadOnly(why.clone())))
    }
}

/// The bytes of a file that is to become a dictionary.
///
/// # Errors
/// When there is none, it is no plain file, or it is too large.
pub fn read_file(path: &Path) -> Result<Vec<u8>, StoreError> {
    read_file_of(path, MAX_TEXT_BYTES)
}

/// The bytes of a file that has so many at most.
pub(super) fn read_file_of(path: &Path, limit: u64) -> Result<Vec<u8>, StoreError> {
    let missing = || StoreError::io("read", path)(std::io::ErrorKind::NotFound.into());
    match read_limited(path, &path.display().to_string(), limit) {
        Ok(bytes) => bytes.ok_or_else(missing),
        // That something should be put back there is said of a project's files.
        Err(StoreError::NotAFile { what, .. }) => Err(StoreError::io("read", path)(std::io::Error::new(std::io::ErrorKind::InvalidInput, what))),
        Err(error) => Err(error),
    }
}

/// A name that is a file's on every system.
fn safe_name(name: &str) -> String {
    let slug = slug(name, 60);
    match slug.as_str() {
        "" => "dictionary".to_owned(),
        device if is_device(device) => format!("{device}-names"),
        _ => slug,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_safe_as_files() {
        let check = |name: &str, expected: &str| assert_eq!(safe_name(name), expected);
        check("World Leaders (2026)", "world-leaders-2026");
        check("../../etc/passwd", "etc-passwd");
        check("東京", "dictionary");
        check("CON", "con-names");
    }
}
