//! Reads one document's text and one coder's sheet, on any thread.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::files::{ReadSheet, decode, not_utf8, read_document, read_late_sheet, unreadable};
use super::layout::{Part, Shelf, document_path, sheet_path};
use super::{Compared, EarlySpans, Folder, Kept, MAX_RON_BYTES, MAX_TEXT_BYTES, Mend, Stamp, StoreError, has_conflict_marks, is_damage, merge};
use crate::model::{Correction, Document, DocumentId, Finding, Sheet, SheetKey};
use crate::progress::{CancelToken, Progress};
use crate::text::Text;

/// Reads texts and sheets. Cheap to clone; send it where the waiting does not hurt.
#[derive(Clone, Debug)]
pub struct Loader {
    folder: Folder,
    kept: Kept,
    // Texts that are in memory and not in their files yet.
    unsaved: Arc<UnsavedTexts>,
    // Of long sheets.
    control: Control,
}

/// What others see of the reading of a long sheet, and do about it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Control {
    pub(crate) progress: Progress,
    pub(crate) cancel: CancelToken,
    pub(crate) early: Option<EarlySpans>,
}

/// Texts that were corrected and are not in their files yet, each with all its corrections.
pub(crate) type UnsavedTexts = BTreeMap<DocumentId, (Text, Vec<Correction>)>;

/// A text and a sheet as read; hand it to `Workspace::insert_loaded`.
#[derive(Clone, Debug)]
pub struct Loaded {
    pub(crate) key: SheetKey,
    pub(crate) text: Text,
    pub(crate) sheet: Sheet,
    pub(crate) findings: Vec<Finding>,
    // What a merge by git has noted in the rows.
    pub(crate) merged: Vec<Finding>,
    // The sheet's file and its content's stamp; none where the coder has no sheet there.
    pub(crate) stamp: Option<(String, Stamp)>,
    // The file as it is, when it had to be read line by line.
    pub(crate) broken: Option<Vec<u8>>,
    // Damaged files whose good copies were read instead.
    pub(crate) mends: Vec<Mend>,
}

/// A text as read, before its sheet.
#[derive(Debug)]
pub struct LoadedText {
    text: Text,
    fields: Option<Fields>,
    mend: Option<Mend>,
}

impl LoadedText {
    /// The text.
    #[must_use]
    pub fn text(&self) -> &Text {
        &self.text
    }
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
    pub(crate) fn new(folder: Folder, kept: Kept) -> Self {
        Self { folder, kept, unsaved: Arc::default(), control: Control::default() }
    }

    /// Shows how far it is with a long sheet, and can be stopped there.
    #[must_use]
    pub fn with_control(self, (progress, cancel): (&Progress, &CancelToken)) -> Self {
        let control = Control { progress: progress.clone(), cancel: cancel.clone(), ..self.control };
        Self { control, ..self }
    }

    /// Hands spans of a long sheet over while it reads on.
    #[must_use]
    pub fn with_early(mut self, early: &EarlySpans) -> Self {
        self.control.early = Some(early.clone());
        self
    }

    /// With texts that count before their files.
    pub(crate) fn with_unsaved(self, unsaved: UnsavedTexts) -> Self {
        Self { unsaved: Arc::new(unsaved), ..self }
    }

    /// Reads a document's text and a coder's sheet, each range checked against its quote.
    ///
    /// # Errors
    /// When the text is missing or not UTF-8, or the sheet's file cannot be understood at all, and there is no good copy.
    pub fn load(&self, key: &SheetKey) -> Result<Loaded, StoreError> {
        self.load_sheet(key, self.load_text(&key.document)?)
    }

    /// The first half of [`Self::load`]: the text, which can be shown while [`Self::load_sheet`] reads the rest.
    ///
    /// # Errors
    /// When the text is missing or not UTF-8, and there is no good copy.
    pub fn load_text(&self, document: &DocumentId) -> Result<LoadedText, StoreError> {
        if let Some((text, _)) = self.unsaved.get(document) {
            return Ok(LoadedText { text: text.clone(), fields: None, mend: None });
        }
        let found = self.find_text(document)?;
        let fields = self.fields(document)?;
        let mended = fields.as_ref().and_then(|fields| self.imported_text(fields, &found));
        let (text, mend) = match mended {
            Some((text, mend)) => (text, Some(mend)),
            None => (found.text.map_err(|unread| unread.error)?, None),
        };
        Ok(LoadedText { text, fields, mend })
    }

    /// The second half of [`Self::load`].
    ///
    /// # Errors
    /// When the sheet's file cannot be understood at all, and there is no good copy.
    pub fn load_sheet(&self, key: &SheetKey, LoadedText { text, fields, mend }: LoadedText) -> Result<Loaded, StoreError> {
        let mut loaded = self.load_on(key, text, fields.as_ref())?;
        if let Some(mend) = mend {
            loaded.findings.insert(0, mend.finding().about(&key.document));
            loaded.mends.push(mend);
        }
        Ok(loaded)
    }

    /// Reads a coder's sheet alone, for counting: what there is to say about it is left out. None where the coder has none;
    /// then nothing is read.
    ///
    /// # Errors
    /// As [`Self::load`].
    pub fn sheet(&self, key: &SheetKey) -> Result<Option<Sheet>, StoreError> {
        let is_there = [Shelf::Live, Shelf::Trash].iter().any(|shelf| self.folder.has(&sheet_path(key, *shelf)));
        if !is_there {
            return Ok(None);
        }
        Ok(Some(self.sheet_on(key, self.text(&key.document)?)?.sheet))
    }

    /// Like [`Self::load`], with a text that is there already.
    pub(crate) fn load_with(&self, key: &SheetKey, text: Text) -> Result<Loaded, StoreError> {
        let fields = self.fields(&key.document)?;
        self.load_on(key, text, fields.as_ref())
    }

    /// A further coder's sheet: the document's own file, which was read with the first one's, is not read again.
    pub(crate) fn load_further(&self, key: &SheetKey, text: Text) -> Result<Loaded, StoreError> {
        self.load_on(key, text, None)
    }

    fn load_on(&self, key: &SheetKey, text: Text, fields: Option<&Fields>) -> Result<Loaded, StoreError> {
        let mut findings = fields.map(|fields| fields.region_findings(&key.document, &text)).unwrap_or_default();
        let mut loaded = self.sheet_on(key, text)?;
        findings.append(&mut loaded.findings);
        loaded.findings = findings;
        loaded.merged = merge::of_sheet(key, &loaded.sheet, &loaded.text);
        Ok(loaded)
    }

    /// Like [`Self::load_with`], but only the sheet is read; the document's regions are not checked.
    pub(crate) fn sheet_on(&self, key: &SheetKey, text: Text) -> Result<Loaded, StoreError> {
        let mut loaded = Loaded {
            key: key.clone(),
            text,
            sheet: Sheet::default(),
            findings: Vec::new(),
            merged: Vec::new(),
            stamp: None,
            broken: None,
            mends: Vec::new(),
        };
        for shelf in [Shelf::Live, Shelf::Trash] {
            let path = sheet_path(key, shelf);
            let Some(bytes) = self.folder.read(&path, MAX_RON_BYTES)? else { continue };
            let read = self.parse(&path, &bytes, key, &loaded.text);
            match self.good_sheet(&path, &bytes, &read, key, &loaded.text) {
                Some((mend, good)) => loaded.take_mended(mend, good, &bytes),
                None => loaded.take(path, &bytes, read?),
            }
            break;
        }
        Ok(loaded)
    }

    /// The sheet as last saved, where the one that is there is damaged: it is not what was saved, and not all of it can be
    /// understood.
    fn good_sheet(&self, path: &str, bytes: &[u8], read: &Result<Parsed, StoreError>, key: &SheetKey, text: &Text) -> Option<(Mend, ReadSheet)> {
        let is_damaged = match read {
            Ok(parsed) => parsed.is_doubtful() && !has_conflict_marks(bytes),
            Err(error) => is_damage(error),
        };
        let mend = if is_damaged { Mend::find(&self.kept, path, Some(bytes)) } else { None }?;
        let good = self.parse(path, &mend.good, key, text).ok().filter(|good| !good.is_doubtful())?;
        Some((mend, good.read))
    }

    /// Reads a document's text, byte for byte.
    ///
    /// # Errors
    /// When it is missing, too large or not UTF-8, and there is no good copy.
    pub fn text(&self, document: &DocumentId) -> Result<Text, StoreError> {
        if let Some((text, _)) = self.unsaved.get(document) {
            return Ok(text.clone());
        }
        let found = self.find_text(document)?;
        let fields = if found.is_suspicious() { self.fields(document)? } else { None };
        match fields.and_then(|fields| self.imported_text(&fields, &found)) {
            Some((text, _)) => Ok(text),
            None => found.text.map_err(|unread| unread.error),
        }
    }

    fn find_text(&self, document: &DocumentId) -> Result<FoundText, StoreError> {
        for shelf in [Shelf::Live, Shelf::Trash] {
            let path = document_path(document, Part::Text, shelf);
            if let Some(bytes) = self.folder.read(&path, MAX_TEXT_BYTES)? {
                let text = utf8(&path, bytes);
                let stamp = text.as_ref().map_or_else(|unread| unread.bytes.as_deref().map(Stamp::of), |text| Some(Stamp::of_text(text)));
                return Ok(FoundText { compared: self.kept.compare(&path, stamp), path, text });
            }
        }
        let path = document_path(document, Part::Text, Shelf::Live);
        let error = StoreError::TextMissing(document.clone(), path.clone());
        Ok(FoundText { path, compared: Compared::Gone, text: Err(Unread { error, bytes: None }) })
    }

    /// The text that the annotations belong to, where the file holds another one and that was not accepted: the one of the
    /// import, by its fingerprint in the document's fields.
    fn imported_text(&self, fields: &Fields, found: &FoundText) -> Option<(Text, Mend)> {
        let hash = &fields.document.text_hash;
        if found.compared == Compared::AsSaved || found.text.as_ref().is_ok_and(|text| text.hash() == hash) {
            return None;
        }
        let good = self.kept.text(hash)?;
        let text = Text::new(std::str::from_utf8(&good).ok()?);
        Some((text, Mend { path: found.path.clone(), broken: found.bytes(), good, is_saved_here: true }))
    }

    fn parse(&self, path: &str, bytes: &[u8], key: &SheetKey, text: &Text) -> Result<Parsed, StoreError> {
        let mut notes = Vec::new();
        let content = decode(path, bytes, &mut notes)?;
        Ok(Parsed { read: read_late_sheet(path, content, key, text, &|| self.corrections(&key.document), &self.control)?, notes })
    }

    /// How the document's text was corrected. None known where the fields cannot be read, which was said.
    fn corrections(&self, id: &DocumentId) -> Vec<Correction> {
        let of_file = || self.fields(id).ok().flatten().map(|fields| fields.document.corrections).unwrap_or_default();
        self.unsaved.get(id).map_or_else(of_file, |(_, corrections)| corrections.clone())
    }

    /// The document's fields; none where they cannot be read, which was said when the project was opened.
    fn fields(&self, id: &DocumentId) -> Result<Option<Fields>, StoreError> {
        for shelf in [Shelf::Live, Shelf::Trash] {
            let path = document_path(id, Part::Fields, shelf);
            let Some(bytes) = self.folder.read(&path, MAX_RON_BYTES)? else { continue };
            let read = |bytes: Vec<u8>| {
                let document = decode(&path, &bytes, &mut Vec::new()).and_then(|content| read_document(&path, content, id, None, &mut Vec::new()));
                document.ok().map(|document| Fields { path: path.clone(), bytes, document })
            };
            return Ok(read(bytes).or_else(|| read(self.kept.last_saved(&path)?)));
        }
        Ok(None)
    }
}

/// A document's file as read.
#[derive(Debug)]
struct Fields {
    path: String,
    bytes: Vec<u8>,
    document: Document,
}

impl Fields {
    /// Regions whose quotes are not there. What else is wrong with the file was said when the project was opened.
    fn region_findings(&self, id: &DocumentId, text: &Text) -> Vec<Finding> {
        if self.document.regions.is_empty() {
            return Vec::new();
        }
        let mut found = Vec::new();
        let content = decode(&self.path, &self.bytes, &mut Vec::new());
        let _ = content.and_then(|content| read_document(&self.path, content, id, Some(text), &mut found));
        found.retain(|finding| finding.rule == "quote-differs");
        found
    }
}

/// A text as found.
struct FoundText {
    path: String,
    compared: Compared,
    text: Result<Text, Unread>,
}

/// A text that cannot be read.
struct Unread {
    error: StoreError,
    // None where there is no file.
    bytes: Option<Vec<u8>>,
}

impl FoundText {
    fn is_suspicious(&self) -> bool {
        self.text.is_err() || self.compared == Compared::Differs
    }

    fn bytes(&self) -> Option<Vec<u8>> {
        match &self.text {
            Ok(text) => Some(text.as_str().as_bytes().to_vec()),
            Err(unread) => unread.bytes.clone(),
        }
    }
}

fn utf8(path: &str, bytes: Vec<u8>) -> Result<Text, Unread> {
    String::from_utf8(bytes).map(Text::new).map_err(|error| {
        let why = not_utf8(error.as_bytes(), error.utf8_error());
        Unread { error: unreadable(path, why), bytes: Some(error.into_bytes()) }
    })
}

/// A sheet as found, and what there was to say about its encoding.
struct Parsed {
    read: ReadSheet,
    notes: Vec<Finding>,
}

impl Parsed {
    /// True when not everything in it could be understood or stands where it says.
    fn is_doubtful(&self) -> bool {
        self.read.is_salvaged || self.read.findings.iter().any(|finding| matches!(finding.rule, "row-put-aside" | "re-anchored"))
    }
}

impl Loaded {
    fn take(&mut self, path: String, bytes: &[u8], parsed: Parsed) {
        let ReadSheet { sheet, findings, is_salvaged } = parsed.read;
        self.sheet = sheet;
        self.findings.extend(parsed.notes);
        self.findings.extend(findings);
        self.stamp = Some((path, Stamp::of(bytes)));
        self.broken = is_salvaged.then(|| bytes.to_vec());
    }

    fn take_mended(&mut self, mend: Mend, good: ReadSheet, bytes: &[u8]) {
        self.findings.push(mend.finding().about(&self.key.document).by(&self.key.coder));
        self.sheet = good.sheet;
        self.findings.extend(good.findings);
        self.stamp = Some((mend.path.clone(), Stamp::of(bytes)));
        self.mends.push(mend);
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::model::{CoderKey, Id};
    use crate::store::Disk;
    use crate::store::files::write_document;
    use crate::store::layout::StateDir;
    use crate::store::states::Objects;

    #[test]
    fn whoever_counts_reads_the_text_of_the_import_where_the_file_holds_another_one() {
        let dir = tempfile::tempdir().unwrap();
        let (folder, state) = (Folder::new(&dir.path().join("project")), dir.path().join("state"));
        let (imported, disk) = (Text::new("Kerry met Lavrov"), Disk::default());
        let id = DocumentId::from_title("t", Id::from_bits(2));
        let [text, fields] = [Part::Text, Part::Fields].map(|part| document_path(&id, part, Shelf::Live));
        let write = |path: &Path, content: &[u8]| disk.replace(path, content).unwrap();
        let document = Document::new("t", imported.hash().clone());
        write(&folder.full(&fields), write_document(&fields, &id, &document, Some(&imported)).unwrap().as_bytes());
        let state_dir = StateDir::new(&state, &CoderKey::from_name("ann"));
        let stamp = Stamp::of_text(&imported);
        Objects::new(state_dir.objects(), disk.clone()).put(stamp, imported.as_str().as_bytes()).unwrap();
        let kept = Kept::read(&state);
        kept.log(&disk, &state_dir.checksums(), &[(text.clone(), Some(stamp))], 1).unwrap();
        let loader = Loader::new(folder.clone(), kept.clone());
        for changed in [b"Kerry met him".as_slice(), b"Kerry met \xff"] {
            write(&folder.full(&text), changed);
            assert_eq!(loader.text(&id).unwrap(), imported);
        }
        let accepted = Text::new("Kerry met him");
        write(&folder.full(&text), accepted.as_str().as_bytes());
        kept.log(&disk, &state_dir.checksums(), &[(text, Some(Stamp::of_text(&accepted)))], 2).unwrap();
        assert_eq!(loader.text(&id).unwrap(), accepted);
    }
}
