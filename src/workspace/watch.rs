//! What somebody else changes while the project is open: noticed, and taken in where nobody here changed the same rows.
//!
//! Files are noticed by their time and length, which costs little, and then compared by content. This is a service and
//! not the safety: before a file is replaced its content is compared in any case (`workspace/save.rs`).

use std::collections::BTreeSet;
use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use super::{Workspace, WorkspaceError};
use crate::edit::{Edit, Transaction};
use crate::model::{Document, DocumentId, Finding, Rows, Severity, SheetKey};
use crate::progress::CancelToken;
use crate::store::journal::Kind;
use crate::store::layout::{FileKind, Part, Shelf, document_path, kind_of, sheet_path};
use crate::store::{Folder, MAX_RON_BYTES, PathHash, PathTable, Stamp, StoreError};

/// Clocks of file systems are coarse.
const TOLERANCE: Duration = Duration::from_secs(2);

/// Time and length of a project's files, as they were looked at last. Nothing before the first time.
#[derive(Clone, Debug)]
pub struct Seen {
    files: PathTable<Look>,
    // Those that are neither a document's nor a sheet.
    of_project: BTreeSet<String>,
    // What is older than this was read when the project was opened.
    since: SystemTime,
}

/// Length and time of a file, as one number.
type Look = u64;

/// Looks at all files, on any thread.
#[derive(Debug)]
pub struct WatchJob {
    folder: Folder,
    stamps: PathTable<Stamp>,
    seen: Seen,
    // Whose files would be missed.
    documents: Rows<DocumentId, Arc<Document>>,
    sheets: BTreeSet<SheetKey>,
}

/// What a look has found.
#[derive(Debug)]
pub struct Watched {
    /// For the next look.
    pub seen: Seen,
    // What is there now; none for what is gone.
    changed: Vec<(String, Option<Vec<u8>>)>,
}

impl Seen {
    /// Nothing was looked at yet.
    #[must_use]
    pub fn since(opened: SystemTime) -> Self {
        Self { files: PathTable::default(), of_project: BTreeSet::new(), since: opened.checked_sub(TOLERANCE).unwrap_or(opened) }
    }
}

impl WatchJob {
    /// Looks.
    ///
    /// # Errors
    /// When it is stopped, or the project cannot be listed.
    pub fn run(self, cancel: &CancelToken) -> Result<Watched, StoreError> {
        let (mut files, mut of_project, mut changed) = (Vec::new(), BTreeSet::new(), Vec::new());
        for path in self.folder.files_but(is_sheets)?.into_iter().chain(self.sheet_paths()).filter(|path| kind_of(path).is_some()) {
            if cancel.is_cancelled() {
                return Err(StoreError::Cancelled);
            }
            let Ok(metadata) = fs::metadata(self.folder.full(&path)) else { continue };
            let now = (metadata.len(), metadata.modified().unwrap_or(SystemTime::UNIX_EPOCH));
            files.push((PathHash::of(&path), look(now)));
            if self.may_have_changed(&path, now)
                && let Some(bytes) = self.folder.read(&path, MAX_RON_BYTES)?
                && self.stamps.get(&path) != Some(Stamp::of(&bytes))
            {
                changed.push((path.clone(), Some(bytes)));
            }
            if is_of_project_itself(&path) {
                of_project.insert(path);
            }
        }
        let files: PathTable<Look> = files.into_iter().collect();
        let is_gone = |path: &String| self.seen.files.get(path).is_some() && files.get(path).is_none() && self.stamps.get(path).is_some();
        changed.extend(self.expected().filter(is_gone).map(|path| (path, None)));
        Ok(Watched { seen: Seen { files, of_project, since: self.seen.since }, changed })
    }

    /// Files that are in memory.
    fn expected(&self) -> impl Iterator<Item = String> {
        let shelves = [Shelf::Live, Shelf::Trash];
        let fields = self.documents.keys().flat_map(move |id| shelves.map(|shelf| document_path(id, Part::Fields, shelf)));
        self.seen.of_project.iter().cloned().chain(fields).chain(self.sheet_paths())
    }

    /// Of sheets those that are in memory; the others are read when they are wanted.
    fn sheet_paths(&self) -> impl Iterator<Item = String> {
        self.sheets.iter().flat_map(|key| [Shelf::Live, Shelf::Trash].map(|shelf| sheet_path(key, shelf)))
    }

    fn may_have_changed(&self, path: &str, now: (u64, SystemTime)) -> bool {
        match self.seen.files.get(path) {
            Some(last) => last != look(now),
            // New since the last look, or not looked at yet.
            None => !self.seen.files.is_empty() || now.1 >= self.seen.since || self.stamps.get(path).is_none(),
        }
    }
}

fn look(now: (u64, SystemTime)) -> Look {
    let mut hasher = DefaultHasher::new();
    now.hash(&mut hasher);
    hasher.finish()
}

fn is_of_project_itself(path: &str) -> bool {
    !["documents/", "annotations/", "trash/"].iter().any(|folder| path.starts_with(folder))
}

fn is_sheets(folder: &str) -> bool {
    matches!(folder, "annotations" | "trash/annotations")
}

impl Workspace {
    /// A look at what others have changed since the last one.
    #[must_use]
    pub fn watch(&self, seen: Seen) -> WatchJob {
        let sheets = self.loaded.clone();
        WatchJob { folder: self.folder.clone(), stamps: self.stamps.clone(), seen, documents: self.state.documents.clone(), sheets }
    }

    /// Takes in the rows that others have changed, in files in which nobody here has changed the same rows. Of the others
    /// the next checkpoint asks. Returns what there is to say.
    pub fn take_in(&mut self, watched: &Watched) -> Vec<Finding> {
        let (mut edits, mut stamps, mut findings) = (Vec::new(), Vec::new(), Vec::new());
        // While files are written here, the next look sees more clearly.
        if self.in_flight.is_none() {
            let texts = self.take_in_texts(watched.changed.iter().map(|(path, _)| path.as_str()));
            findings.extend(texts.err().map(|error| Finding::new(Severity::Error, "changed-outside", error.to_string())));
        }
        for (path, bytes) in &watched.changed {
            match self.look_at(path, bytes.as_deref()) {
                Ok(Some((rows, stamp))) => {
                    edits.extend(rows);
                    stamps.push((path.clone(), stamp));
                }
                Ok(None) => {}
                Err(finding) => findings.push(finding.in_file(path)),
            }
        }
        findings.extend(self.apply_theirs(edits, &stamps).err().map(|error| Finding::new(Severity::Error, "changed-outside", error.to_string())));
        findings
    }

    /// The rows of a file that others have changed. None where there is nothing to take in.
    fn look_at(&self, path: &str, bytes: Option<&[u8]>) -> Result<Option<(Vec<Edit>, Stamp)>, Box<Finding>> {
        let finding = |severity, message: String| Box::new(Finding::new(severity, "changed-outside", message));
        // While files are written here, the next look sees more clearly.
        if self.in_flight.is_some() || !self.is_in_memory(path) {
            return Ok(None);
        }
        let Some(bytes) = bytes else {
            let is_gone = self.stamps.get(path).is_some() && !self.folder.exists(path) && !self.has_moved(path);
            let message = "is gone; what it held is still here, and the next change of it writes it again".to_owned();
            return if is_gone { Err(finding(Severity::Warning, message)) } else { Ok(None) };
        };
        let stamp = Stamp::of(bytes);
        if self.stamps.get(path) == Some(stamp) {
            return Ok(None);
        }
        let unreadable = |error: StoreError| {
            let message = format!("was changed outside and cannot be read any more ({error}); what is here stays, and the file can be restored");
            finding(Severity::Error, message)
        };
        let rows = self.their_rows(path, bytes).map_err(unreadable)?;
        if rows.iter().any(|row| row.is_mine_too) {
            return Err(finding(Severity::Warning, "was changed outside where you changed it too; you are asked when it is saved".to_owned()));
        }
        Ok(Some((rows.into_iter().map(|row| row.edit).collect(), stamp)))
    }

    /// Tables are always in memory, sheets when they are loaded.
    fn is_in_memory(&self, path: &str) -> bool {
        match kind_of(path) {
            Some(FileKind::Sheet(key, _)) => self.is_loaded(&key),
            Some(_) => true,
            None => false,
        }
    }

    /// True for a file of a document that is in the trash now, or was.
    fn has_moved(&self, path: &str) -> bool {
        match kind_of(path) {
            Some(FileKind::Fields(id, shelf)) => {
                let other = if shelf == Shelf::Live { Shelf::Trash } else { Shelf::Live };
                self.folder.exists(&document_path(&id, Part::Fields, other))
            }
            _ => false,
        }
    }

    pub(super) fn apply_theirs(&mut self, edits: Vec<Edit>, stamps: &[(String, Stamp)]) -> Result<(), WorkspaceError> {
        if !edits.is_empty() {
            self.perform(Kind::Quiet, Transaction::new("changes from outside", edits))?;
        }
        stamps.iter().for_each(|(path, stamp)| self.stamps.set(path, Some(*stamp)));
        Ok(())
    }
}
