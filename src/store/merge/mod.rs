//! Three-way merging of a project's files, for git: by row and field, so that there are never conflict marks.
//!
//! A value that both sides have changed is kept from one of them, always from the same one, and both are noted in the
//! row's residue; [`found`] finds the notes again. Start at `versions` for what happens to a field; each kind of file has
//! its own module. Nothing here knows git.

mod document;
mod entities;
mod found;
mod notes;
mod project;
mod schema;
mod sheet;
mod versions;

use std::path::Path;

pub(crate) use self::found::{of_sheet, of_tables};
#[cfg(feature = "gui")]
pub(crate) use self::notes::RESIDUE;
use self::versions::{Three, Versions};
use super::files::{decode, unreadable};
use super::layout::{FileKind, kind_of};
use super::{Disk, MAX_RON_BYTES, StoreError, disk};

/// What a merge gave.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Merged {
    /// The merged file.
    pub content: String,
    /// What both sides had changed, as it is noted in the file.
    pub notes: Vec<String>,
}

/// Three files on the disk, as git hands them to a merge driver.
#[derive(Clone, Copy, Debug)]
pub struct MergeFiles<'m> {
    /// What both sides started from; an empty file where both added it.
    pub base: &'m Path,
    /// One side; the result replaces it.
    pub ours: &'m Path,
    /// The other side.
    pub theirs: &'m Path,
    /// Where the file lies in the repository, which may hold the project in a folder.
    pub path: &'m str,
}

/// Merges three files and replaces `ours` by the result.
///
/// # Errors
/// When one of them cannot be read or understood, or was written by a newer Manicule. Nothing is changed then.
pub fn merge_files(files: MergeFiles<'_>) -> Result<Vec<String>, StoreError> {
    let read = |path: &Path| {
        let missing = || StoreError::io("read", path)(std::io::ErrorKind::NotFound.into());
        disk::read_limited(path, files.path, MAX_RON_BYTES).and_then(|bytes| bytes.ok_or_else(missing))
    };
    let (base, ours, theirs) = (read(files.base)?, read(files.ours)?, read(files.theirs)?);
    let base = Some(base.as_slice()).filter(|base| !base.trim_ascii().is_empty());
    let merged = merge(files.path, base, [&ours, &theirs])?;
    // A file that git made for this and reads next: nothing is lost with it.
    Disk::default().replace_unsynced(files.ours, merged.content.as_bytes())?;
    Ok(merged.notes)
}

/// Merges the contents of a file that lies at `path` of a repository.
///
/// # Errors
/// As [`merge_files`].
pub fn merge(path: &str, base: Option<&[u8]>, [ours, theirs]: [&[u8]; 2]) -> Result<Merged, StoreError> {
    let len = base.map_or(0, <[u8]>::len) + ours.len() + theirs.len();
    if len > MAX_MERGED_BYTES {
        return Err(StoreError::TooLarge { file: path.to_owned(), len: len as u64, limit: MAX_MERGED_BYTES as u64 });
    }
    let kind = kind_in_repository(path).ok_or_else(|| unreadable(path, "is not a file of a Manicule project that can be merged"))?;
    let text = |side, bytes| decode(path, bytes, &mut Vec::new()).map_err(|error| of_side(error, path, side));
    let base = base.map(|base| text(BASE, base)).transpose()?;
    let contents = Versions { base, ours: text(OURS, ours)?, theirs: text(THEIRS, theirs)? };
    let merged = merge_kind(&kind, path, contents)?;
    // What is handed to git must be what a reader takes, whatever the sides were.
    match write_again(&kind, path, &merged.content) {
        Ok(again) if again == merged.content => Ok(merged),
        Ok(_) => Err(StoreError::ReadBack { file: path.to_owned(), cause: "the content differs".to_owned() }),
        Err(error) => Err(StoreError::ReadBack { file: path.to_owned(), cause: error.to_string() }),
    }
}

/// The three files together; rows of three versions take many times the memory of their text, and real files are a tenth of
/// this.
const MAX_MERGED_BYTES: usize = 16 << 20;

const BASE: &str = "the common base";
const OURS: &str = "ours";
const THEIRS: &str = "theirs";

fn merge_kind(kind: &FileKind, path: &str, contents: Versions<'_, str>) -> Result<Merged, StoreError> {
    match kind {
        FileKind::Project => project::merge(path, contents),
        FileKind::Schema => schema::merge(path, contents),
        FileKind::Entities(_) => entities::merge(path, contents),
        FileKind::Fields(..) => document::merge(path, contents),
        FileKind::Sheet(..) => sheet::merge(path, contents),
    }
}

/// A file as it is written when it was read.
fn write_again(kind: &FileKind, path: &str, content: &str) -> Result<String, StoreError> {
    match kind {
        FileKind::Project => project::write_again(content),
        FileKind::Schema => schema::write_again(content),
        FileKind::Entities(_) => entities::write_again(path, content),
        FileKind::Fields(..) => document::write_again(path, content),
        FileKind::Sheet(..) => sheet::write_again(path, content),
    }
}

/// What a file is, wherever in the repository the project lies.
fn kind_in_repository(path: &str) -> Option<FileKind> {
    let inner = path.match_indices('/').filter_map(|(at, _)| path.get(at + 1..));
    std::iter::once(path).chain(inner).find_map(kind_of)
}

/// Reads each version; an error says which one it is.
fn read_three<'c, T>(file: &str, contents: Versions<'c, str>, read: impl Fn(&str, &'c str) -> Result<T, StoreError>) -> Result<Three<T>, StoreError> {
    let read = |side, content| read(file, content).map_err(|error| of_side(error, file, side));
    let base = contents.base.map(|base| read(BASE, base)).transpose()?;
    Ok(Three { base, ours: read(OURS, contents.ours)?, theirs: read(THEIRS, contents.theirs)? })
}

fn of_side(error: StoreError, path: &str, side: &str) -> StoreError {
    let file = format!("{path} ({side})");
    match error {
        StoreError::Unreadable { cause, .. } => StoreError::Unreadable { file, cause },
        StoreError::NewerFormat { found, known, .. } => StoreError::NewerFormat { file, found, known },
        other => other,
    }
}

#[cfg(test)]
mod tests;
