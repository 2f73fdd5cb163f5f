//! Texts and sheets come into memory when they are looked at, and may go again.

use super::travel::with_texts;
use super::{Workspace, WorkspaceError};
use crate::edit::{Table, Transaction, follow_text};
use crate::model::{CoderKey, DocumentId, Finding, Severity, SheetKey};
use crate::store::layout::{FileKind, Shelf, kind_of, sheet_path};
use crate::store::{Loaded, Loader, Mend, Stamp, StoreError, aside_name, coders_with_sheet};

impl Workspace {
    /// Reads texts and sheets on any thread; hand the result to [`Self::insert_loaded`].
    #[must_use]
    pub fn loader(&self) -> Loader {
        let text = |id: &DocumentId| {
            let corrections = self.state.document(id)?.corrections.clone();
            Some((id.clone(), (self.state.texts.get(id)?.clone(), corrections)))
        };
        Loader::new(self.folder.clone(), self.kept.clone()).with_unsaved(self.unsaved_texts().filter_map(text).collect())
    }

    /// True when the sheet and its text are in memory.
    #[must_use]
    pub fn is_loaded(&self, key: &SheetKey) -> bool {
        self.loaded.contains(key)
    }

    /// Puts in what was read. What is in memory already stays as it is. Returns what there is to say about it.
    pub fn insert_loaded(&mut self, loaded: Loaded) -> Vec<Finding> {
        let Loaded { key, text, sheet, mut findings, merged, stamp, broken, mends } = loaded;
        if self.is_loaded(&key) {
            return Vec::new();
        }
        let text = self.state.texts.get(&key.document).cloned().unwrap_or(text);
        if let Some(document) = self.state.document(&key.document).filter(|document| document.text_hash != *text.hash()) {
            let message = format!(
                "the text of “{}” was changed outside Manicule since it was imported. Every place was compared with its quote; put the text back, or look at what was put aside",
                document.title
            );
            findings.push(Finding::new(Severity::Error, "text-changed", message).about(&key.document));
            self.changed_texts.insert(key.document.clone());
        }
        // What was mended was said.
        if mends.iter().all(|mend| stamp.as_ref().is_none_or(|(path, _)| *path != mend.path)) {
            findings.extend(self.check_stamp(&key, stamp.as_ref()));
        }
        findings.extend(merged);
        if let (Some(bytes), Some((path, _))) = (broken, &stamp) {
            self.keep_aside(&aside_name(&bytes), path, &bytes);
        }
        if let Some((path, stamp)) = stamp {
            self.stamps.set(&path, Some(stamp));
        }
        self.mend(mends);
        let before = self.state.revision();
        self.state.insert_loaded(&key, text, sheet);
        self.recent.loaded(before, self.state.revision(), &key);
        self.loaded.insert(key);
        findings
    }

    /// Reads a sheet and its text now, unless they are in memory.
    ///
    /// # Errors
    /// As [`Loader::load`].
    pub fn load(&mut self, key: &SheetKey) -> Result<Vec<Finding>, StoreError> {
        if self.is_loaded(key) {
            return Ok(Vec::new());
        }
        let loaded = match self.state.texts.get(&key.document) {
            Some(text) => self.loader().load_with(key, text.clone())?,
            None => self.loader().load(key)?,
        };
        Ok(self.insert_loaded(loaded))
    }

    /// Forgets a document's text and sheets, unless something of them is not in the files yet.
    pub fn unload(&mut self, document: &DocumentId) {
        if self.is_unsaved(document) {
            return;
        }
        self.state.unload(document);
        let of_it = self.loaded.range(SheetKey::from_first_of(document)).take_while(|key| key.document == *document);
        let keys: Vec<SheetKey> = of_it.cloned().collect();
        for key in &keys {
            self.loaded.remove(key);
        }
    }

    /// Coders who have a sheet of a document, in memory or on the disk.
    ///
    /// # Errors
    /// When the project folder cannot be listed.
    pub fn coders_of(&self, document: &DocumentId) -> Result<Vec<CoderKey>, StoreError> {
        let mut coders = coders_with_sheet(&self.folder, document, Shelf::Live)?;
        coders.extend(coders_with_sheet(&self.folder, document, Shelf::Trash)?);
        // What is in memory is newer than the disk: a sheet may have come or gone.
        coders.retain(|coder| !self.is_loaded(&SheetKey::new(document, coder)));
        coders.extend(self.state.sheets.keys().filter(|key| key.document == *document).map(|key| key.coder.clone()));
        coders.sort_unstable();
        coders.dedup();
        Ok(coders)
    }

    pub(super) fn load_touched(&mut self, touched: &[Table]) -> Result<(), StoreError> {
        for table in touched {
            if let Table::Sheet(key) = table {
                // What there is to say about the sheet was said, or is said when it is looked at.
                self.load(key)?;
            }
        }
        Ok(())
    }

    /// Reads a document's text and every coder's sheet of it, unless they are in memory.
    ///
    /// # Errors
    /// As [`Loader::load`].
    pub fn load_all_of(&mut self, document: &DocumentId) -> Result<Vec<Finding>, StoreError> {
        let mut findings = self.load(&SheetKey::new(document, &self.coder.clone()))?;
        for coder in self.coders_of(document)? {
            findings.extend(self.load(&SheetKey::new(document, &coder))?);
        }
        Ok(findings)
    }

    /// What is done now says on which texts, where they were corrected before. A change of a text gets edits for all rows
    /// that have a place in it, of every coder, also those that it was not made for.
    pub(super) fn prepared(&mut self, transaction: Transaction) -> Result<Transaction, WorkspaceError> {
        let documents: Vec<DocumentId> = transaction.text_changes().map(|(id, _)| id.clone()).collect();
        if !documents.is_empty() {
            self.refuse_read_only()?;
        }
        for id in &documents {
            self.load_all_of(id)?;
        }
        Ok(self.with_texts(follow_text(&self.state, &transaction)?.unwrap_or(transaction)))
    }

    /// The transaction with the texts that it is made on.
    pub(super) fn with_texts(&self, transaction: Transaction) -> Transaction {
        with_texts(&self.state, transaction)
    }

    /// Brings damaged files back, but not the sheets of others, which are theirs. Where that fails, the next opening tries
    /// again: what is in memory is good.
    pub(super) fn mend(&mut self, mends: Vec<Mend>) {
        if self.journal.is_none() {
            return;
        }
        let is_others = |path: &str| matches!(kind_of(path), Some(FileKind::Sheet(key, _)) if key.coder != self.coder);
        for mend in mends.into_iter().filter(|mend| !is_others(&mend.path)) {
            if mend.apply(&self.folder, &self.state_dir, self.places.disk()).is_ok() {
                self.stamps.set(&mend.path, Some(Stamp::of(&mend.good)));
            }
        }
    }

    fn check_stamp(&self, key: &SheetKey, stamp: Option<&(String, Stamp)>) -> Option<Finding> {
        let finding = match stamp {
            Some((path, stamp)) => self.kept.changed_outside(path, Some(*stamp)),
            None => [Shelf::Live, Shelf::Trash].into_iter().find_map(|shelf| self.kept.changed_outside(&sheet_path(key, shelf), None)),
        };
        finding.map(|finding| finding.about(&key.document))
    }

    /// Keeps a content that the project will no longer have. Best effort: the journal has the changes themselves.
    pub(super) fn keep_aside(&self, name: &str, path: &str, content: &[u8]) {
        let aside = self.state_dir.aside(name, path);
        if self.journal.is_some() && !aside.exists() {
            let _ = self.places.disk().replace(&aside, content);
        }
    }
}
