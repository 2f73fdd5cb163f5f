//! Reads one document's text and one coder's sheet, on any thread.

use super::files::{ReadSheet, decode, read_document, read_sheet, unreadable};
use super::layout::{Part, Shelf, document_path, sheet_path};
use super::{Folder, MAX_RON_BYTES, MAX_TEXT_BYTES, Stamp, StoreError};
use crate::model::{DocumentId, Finding, Sheet, SheetKey};
use crate::text::Text;

/// Reads texts and sheets. Cheap to clone; send it where the waiting does not hurt.
#[derive(Clone, Debug)]
pub struct Loader {
    folder: Folder,
}

/// A text and a sheet as read; hand it to `Workspace::insert_loaded`.
#[derive(Clone, Debug)]
pub struct Loaded {
    pub(crate) key: SheetKey,
    pub(crate) text: Text,
    pub(crate) sheet: Sheet,
    pub(crate) findings: Vec<Finding>,
    // The sheet's file and its content's stamp; none where the coder has no sheet there.
    pub(crate) stamp: Option<(String, Stamp)>,
    // The file as it is, when it had to be read line by line.
    pub(crate) broken: Option<Vec<u8>>,
}

impl Loaded {
    /// Which sheet it is.
    #[must_use]
    pub fn key(&self) -> &SheetKey {
        &self.key
    }

    /// The document's text.
    #[must_use]
    pub fn text(&self) -> &Text {
        &self.text
    }

    /// The coder's sheet; a blank one where there is none.
    #[must_use]
    pub fn sheet(&self) -> &Sheet {
        &self.sheet
    }
}

impl Loader {
    pub(crate) fn new(folder: Folder) -> Self {
        Self { folder }
    }

    /// Reads a document's text and a coder's sheet, each range checked against its quote.
    ///
    /// # Errors
    /// When the text is missing or not UTF-8, or the sheet's file cannot be understood at all.
    pub fn load(&self, key: &SheetKey) -> Result<Loaded, StoreError> {
        let text = self.text(&key.document)?;
        self.load_with(key, text)
    }

    /// Reads a coder's sheet alone, for counting: what there is to say about it is left out. None where the coder has none;
    /// then nothing is read.
    ///
    /// # Errors
    /// As [`Self::load`].
    pub fn sheet(&self, key: &SheetKey) -> Result<Option<Sheet>, StoreError> {
        for shelf in [Shelf::Live, Shelf::Trash] {
            let path = sheet_path(key, shelf);
            if let Some(bytes) = self.folder.read(&path, MAX_RON_BYTES)? {
                let content = decode(&path, &bytes, &mut Vec::new())?;
                return Ok(Some(read_sheet(&path, content, key, &self.text(&key.document)?)?.sheet));
            }
        }
        Ok(None)
    }

    /// Like [`Self::load`], with a text that is there already.
    pub(crate) fn load_with(&self, key: &SheetKey, text: Text) -> Result<Loaded, StoreError> {
        let mut findings = Vec::new();
        self.check_regions(&key.document, &text, &mut findings)?;
        let mut loaded = self.sheet_on(key, text)?;
        findings.append(&mut loaded.findings);
        loaded.findings = findings;
        Ok(loaded)
    }

    /// Like [`Self::load_with`], but only the sheet is read; the document's regions are not checked.
    pub(crate) fn sheet_on(&self, key: &SheetKey, text: Text) -> Result<Loaded, StoreError> {
        let mut loaded = Loaded { key: key.clone(), text, sheet: Sheet::default(), findings: Vec::new(), stamp: None, broken: None };
        for shelf in [Shelf::Live, Shelf::Trash] {
            let path = sheet_path(key, shelf);
            let Some(bytes) = self.folder.read(&path, MAX_RON_BYTES)? else { continue };
            let content = decode(&path, &bytes, &mut loaded.findings)?;
            let ReadSheet { sheet, findings, is_salvaged } = read_sheet(&path, content, key, &loaded.text)?;
            loaded.sheet = sheet;
            loaded.findings.extend(findings);
            loaded.stamp = Some((path, Stamp::of(&bytes)));
            loaded.broken = is_salvaged.then_some(bytes);
            break;
        }
        Ok(loaded)
    }

    /// Reads a document's text, byte for byte.
    ///
    /// # Errors
    /// When it is missing, too large or not UTF-8.
    pub fn text(&self, document: &DocumentId) -> Result<Text, StoreError> {
        for shelf in [Shelf::Live, Shelf::Trash] {
            let path = document_path(document, Part::Text, shelf);
            if let Some(bytes) = self.folder.read(&path, MAX_TEXT_BYTES)? {
                let text = String::from_utf8(bytes).map_err(|error| {
                    unreadable(&path, format!("is not UTF-8 (byte {}); it was changed outside or damaged", error.utf8_error().valid_up_to()))
                })?;
                return Ok(Text::new(text));
            }
        }
        Err(StoreError::TextMissing(document.clone(), document_path(document, Part::Text, Shelf::Live)))
    }

    fn check_regions(&self, id: &DocumentId, text: &Text, findings: &mut Vec<Finding>) -> Result<(), StoreError> {
        for shelf in [Shelf::Live, Shelf::Trash] {
            let path = document_path(id, Part::Fields, shelf);
            if let Some(bytes) = self.folder.read(&path, MAX_RON_BYTES)? {
                // What else is wrong with the file was said when the project was opened.
                let mut found = Vec::new();
                let _ = decode(&path, &bytes, &mut Vec::new()).and_then(|content| read_document(&path, content, id, Some(text), &mut found));
                findings.extend(found.into_iter().filter(|finding| finding.rule == "quote-differs"));
                break;
            }
        }
        Ok(())
    }
}
