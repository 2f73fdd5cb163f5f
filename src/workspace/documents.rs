//! New documents: their texts are written first, then one transaction makes them known.

use std::collections::BTreeSet;
use std::panic::resume_unwind;
use std::path::{Path, PathBuf};
use std::thread::ScopedJoinHandle;

use super::{Workspace, WorkspaceError};
use crate::edit::{Change, Edit, Transaction};
use crate::model::{Document, DocumentId};
use crate::store::layout::{Part, Shelf, document_path};
use crate::store::{Disk, Folder, StoreError};
use crate::text::Text;

/// So many files wait for the disk at the same time.
const SYNCED_TOGETHER: usize = 16;

/// A document that is not in the project yet.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NewDocument {
    /// A fresh one, from [`Workspace::new_document_id`].
    pub id: DocumentId,
    /// Its fields. The text hash is set by [`Workspace::add_documents`].
    pub document: Document,
    /// Its text, kept exactly so.
    pub text: Text,
    /// The bytes of the file, where the text is not the file as it was.
    pub original: Option<Vec<u8>>,
}

/// Writes texts on any thread. Cheap to clone.
#[derive(Clone, Debug)]
pub struct DocumentWriter {
    folder: Folder,
    disk: Disk,
}

impl DocumentWriter {
    /// Writes the text, and the original where there is one, beside their places. Until [`Self::finish`] and
    /// [`Workspace::add_written_documents`] nobody sees it.
    ///
    /// # Errors
    /// When the file system refuses.
    pub fn write(&self, new: &NewDocument) -> Result<(), StoreError> {
        self.write_part(&new.id, Part::Text, new.text.as_str().as_bytes())?;
        new.original.as_ref().map_or(Ok(()), |bytes| self.write_part(&new.id, Part::Original, bytes))
    }

    fn write_part(&self, id: &DocumentId, part: Part, bytes: &[u8]) -> Result<(), StoreError> {
        let path = self.folder.full(&document_path(id, part, Shelf::Live));
        if let Some(dir) = path.parent() {
            self.disk.create_dir_all(dir)?;
        }
        self.disk.write_temp_unsynced(&path, bytes)
    }

    /// Puts the files of these documents in their places, and makes sure that they survive a power cut. All are written by
    /// then, so that the disk takes them in one go.
    ///
    /// # Errors
    /// When the file system refuses.
    pub fn finish<'d>(&self, ids: impl IntoIterator<Item = &'d DocumentId>) -> Result<(), StoreError> {
        let mut folders: BTreeSet<_> = BTreeSet::new();
        let mut written = Vec::new();
        for id in ids {
            folders.insert(self.folder.full(&format!("documents/{}", id.shard())));
            for path in self.paths(id) {
                // What cannot be asked for is not taken for missing.
                let temp = self.disk.temp_path(&path);
                if temp.try_exists().map_err(StoreError::io("find", &temp))? {
                    written.push(path);
                }
            }
        }
        if !folders.is_empty() {
            folders.extend([self.folder.full("documents"), self.folder.root().to_owned()]);
        }
        self.sync(&written)?;
        written.iter().try_for_each(|path| self.disk.rename(&self.disk.temp_path(path), path))?;
        folders.iter().try_for_each(|dir| self.disk.sync_dir(dir))
    }

    /// Removes what was written, after an import that was given up.
    pub fn take_back<'d>(&self, ids: impl IntoIterator<Item = &'d DocumentId>) {
        for path in ids.into_iter().flat_map(|id| self.paths(id)) {
            let _ = self.disk.remove(&path);
            let _ = self.disk.remove(&self.disk.temp_path(&path));
        }
    }

    /// Many files are forced to the disk side by side, so that the file system takes them together and not one by one.
    fn sync(&self, paths: &[PathBuf]) -> Result<(), StoreError> {
        let sync = |some: &[PathBuf]| some.iter().try_for_each(|path| self.disk.sync_temp(path));
        if paths.len() <= SYNCED_TOGETHER {
            return sync(paths);
        }
        std::thread::scope(|scope| {
            let some = paths.chunks(paths.len().div_ceil(SYNCED_TOGETHER));
            let threads: Vec<_> = some.map(|some| scope.spawn(move || sync(some))).collect();
            let join = |thread: ScopedJoinHandle<'_, _>| thread.join().unwrap_or_else(|panic| resume_unwind(panic));
            threads.into_iter().map(join).fold(Ok(()), Result::and)
        })
    }

    fn paths(&self, id: &DocumentId) -> [PathBuf; 2] {
        [Part::Text, Part::Original].map(|part| self.folder.full(&document_path(id, part, Shelf::Live)))
    }
}

impl Workspace {
    /// Writes texts on any thread, for large imports; then call [`Self::add_written_documents`].
    #[must_use]
    pub fn document_writer(&self) -> DocumentWriter {
        DocumentWriter { folder: self.folder.clone(), disk: self.places.disk().clone() }
    }

    /// Adds documents with their texts and, in the same step, whatever else an import brings. Undo moves the texts to
    /// the trash.
    ///
    /// # Errors
    /// When a text cannot be written or the edits do not fit. No document is added then.
    pub fn add_documents(&mut self, name: &str, documents: Vec<NewDocument>, further: Vec<Edit>) -> Result<Vec<DocumentId>, WorkspaceError> {
        self.refuse_read_only()?;
        let ids: Vec<DocumentId> = documents.iter().map(|new| new.id.clone()).collect();
        let writer = self.document_writer();
        let result = self.write_and_add(&writer, name, documents, further);
        if result.is_err() {
            writer.take_back(&ids);
        }
        result.map(|()| ids)
    }

    fn write_and_add(&mut self, writer: &DocumentWriter, name: &str, documents: Vec<NewDocument>, further: Vec<Edit>) -> Result<(), WorkspaceError> {
        documents.iter().try_for_each(|new| writer.write(new))?;
        writer.finish(documents.iter().map(|new| &new.id))?;
        let with_hash = |new: NewDocument| (new.id, Document { text_hash: new.text.hash().clone(), ..new.document });
        self.add_written_documents(name, documents.into_iter().map(with_hash).collect(), further)
    }

    /// Adds documents whose texts a [`DocumentWriter`] has written, as one step.
    ///
    /// # Errors
    /// When the edits do not fit. No document is added then.
    pub fn add_written_documents(&mut self, name: &str, documents: Vec<(DocumentId, Document)>, further: Vec<Edit>) -> Result<(), WorkspaceError> {
        let rows = documents.into_iter().map(|(id, document)| Edit::Document(Change::insert(id, document)));
        self.apply(Transaction::new(name, rows.chain(further).collect()))
    }

    /// The bytes of a document's file as imported, where they were kept.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn original(&self, id: &DocumentId) -> Result<Option<Vec<u8>>, StoreError> {
        for shelf in [Shelf::Live, Shelf::Trash] {
            if let Some(bytes) = self.folder.read(&document_path(id, Part::Original, shelf), crate::store::MAX_TEXT_BYTES)? {
                return Ok(Some(bytes));
            }
        }
        Ok(None)
    }

    /// Where a document's text lies.
    #[must_use]
    pub fn text_file(&self, id: &DocumentId) -> std::path::PathBuf {
        let shelf = Shelf::of(self.state.document(id).is_some_and(|document| document.in_trash));
        self.folder.full(&document_path(id, Part::Text, shelf))
    }

    pub(super) fn refuse_read_only(&self) -> Result<(), WorkspaceError> {
        match &self.access {
            super::Access::ReadWrite => Ok(()),
            super::Access::ReadOnly { why } => Err(WorkspaceError::ReadOnly(why.clone())),
        }
    }
}

/// A folder is free for a new project when it does not exist or holds nothing but hidden files.
pub(super) fn is_free(dir: &Path) -> bool {
    let is_hidden = |entry: std::io::Result<std::fs::DirEntry>| entry.is_ok_and(|entry| entry.file_name().to_string_lossy().starts_with('.'));
    !dir.exists() || std::fs::read_dir(dir).is_ok_and(|mut entries| entries.all(is_hidden))
}
