//! What an export proves of itself: it is read again, document by document, and compared with what was written, before it
//! replaces anything.
//!
//! [`Proof`] says of a format what can be asked of it. [`Written`] keeps a few numbers of every document that goes to a
//! writer, and compares them with what the reader finds. What the report counts as kept must come back as it was, and
//! nothing else may. Knows no format and no files: what is read is a [`Source`].

mod compare;
mod digest;
mod page;
mod views;
mod words;

use std::collections::BTreeMap;

use super::{Format, FormatError, Item, KnownTexts, Ledger, MAX_FILE_BYTES, Offsets, ReadFn, ReadOptions, Source, Tables, WriteOptions};
use crate::model::{CoderKey, DocumentId, IdSource};
use crate::text::decode::decode;
use compare::Comparison;
use digest::Digest;
pub(super) use page::Page;
use views::views;

/// What is asked of an export when it is read again.
#[derive(Clone, Copy, Debug)]
pub struct Proof {
    /// Reads it; where nothing of ours does, only the bytes on the disk are compared.
    pub reader: Option<ReadFn>,
    /// What comes back of texts.
    pub texts: Texts,
    /// What comes back of places.
    pub places: Places,
}

impl Proof {
    /// Nothing of ours reads it.
    pub const NONE: Self = Self { reader: None, texts: Texts::Absent, places: Places::Kept };
}

/// What comes back of texts.
#[derive(Clone, Copy, Debug)]
pub enum Texts {
    /// Every letter.
    Exact,
    /// Every letter, in a file of its own. A text that looks like something else in a file is not compared: one that begins
    /// with a byte order mark or is made of control characters.
    OwnFile,
    /// As [`Self::OwnFile`]; a text with nothing said about it is perhaps not read.
    OwnFileOfMarked,
    /// What this makes of each letter: another one, or nothing.
    Letters(fn(char) -> Option<char>),
    /// The same, in a file of its own as in [`Self::OwnFile`].
    LettersOfOwnFile(fn(char) -> Option<char>),
    /// Nothing: the texts are not in the files, and documents without annotations perhaps neither.
    Absent,
}

impl Texts {
    /// What a letter comes back as, where that is not itself.
    fn letter(self) -> Option<fn(char) -> Option<char>> {
        match self {
            Self::Letters(letter) | Self::LettersOfOwnFile(letter) => Some(letter),
            Self::Exact | Self::OwnFile | Self::OwnFileOfMarked | Self::Absent => None,
        }
    }

    /// False for a text that is another one when it is read from a file.
    fn is_comparable(self, text: &str) -> bool {
        let is_itself = |text: &str| decode(text.as_bytes()).is_ok_and(|decoded| decoded.text == text);
        match self {
            Self::OwnFile | Self::OwnFileOfMarked => is_itself(text),
            Self::LettersOfOwnFile(letter) => is_itself(text) && is_itself(&text.chars().filter_map(letter).collect::<String>()),
            Self::Exact | Self::Letters(_) | Self::Absent => true,
        }
    }
}

/// What comes back of the places of spans and claims, where the report does not say that they are dropped.
#[derive(Clone, Copy, Debug)]
pub enum Places {
    /// Every range.
    All,
    /// The first and the last character.
    Hulls,
    /// Every range of those that are kept. Those that are changed lie elsewhere or in several pieces.
    Kept,
    /// None. All claims that have words come back by these, and nothing of spans; all links between such claims come back as
    /// relations that mean what this says of the name of a relation or role.
    Words(fn(&str) -> &'static str),
}

/// What tokens have of a text: everything but blanks and control characters.
pub(super) fn solid(letter: char) -> Option<char> {
    Some(letter).filter(|c| !c.is_whitespace() && !c.is_control())
}

/// What was handed to a writer, as a few numbers for each document.
#[derive(Debug)]
pub struct Written<'t> {
    format: &'static Format,
    tables: &'t Tables,
    documents: Vec<Document>,
    by_id: BTreeMap<DocumentId, usize>,
    parts: Vec<Part>,
}

/// A document that was written.
#[derive(Debug)]
struct Document {
    id: DocumentId,
    digest: Digest,
    coders: Vec<CoderKey>,
    /// False for a text that is another one in a file of its own.
    is_comparable: bool,
    /// What an earlier import had no place for is written back, and may be read as something now.
    has_leftovers: bool,
}

/// Documents that were written together: all, or a part of a split.
#[derive(Debug)]
struct Part {
    /// With a `/` at its end; empty for none.
    folder: String,
    file_name: String,
    /// The first of its documents.
    start: usize,
}

/// What the reader of an export is told.
#[derive(Clone, Debug)]
pub struct ReadBack<'r> {
    /// As the writer was told; the progress counts the documents that came back.
    pub options: &'r WriteOptions,
    /// What the writer has counted.
    pub ledger: &'r Ledger,
    /// The texts, for formats that have none.
    pub texts: KnownTexts,
}

/// An export that does not say what was written.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Difference {
    /// Which of the documents, in the order in which they were written.
    pub index: usize,
    /// Its id.
    pub document: DocumentId,
    problem: compare::Problem,
}

impl<'t> Written<'t> {
    /// For an export of documents that refer to these tables.
    #[must_use]
    pub fn new(format: &'static Format, tables: &'t Tables) -> Self {
        Self { format, tables, documents: Vec::new(), by_id: BTreeMap::new(), parts: Vec::new() }
    }

    /// What follows goes into this folder, or for formats of one file into this file of it.
    pub fn begin_part(&mut self, folder: &str, file_name: &str) {
        let folder = if folder.is_empty() { String::new() } else { format!("{folder}/") };
        self.parts.push(Part { folder, file_name: file_name.to_owned(), start: self.documents.len() });
    }

    /// A document on its way to the writer.
    pub fn add(&mut self, item: &Item) {
        if self.format.proof.reader.is_none() {
            return;
        }
        self.by_id.insert(item.id.clone(), self.documents.len());
        self.documents.push(Document {
            id: item.id.clone(),
            digest: Digest::of(item, &self.format.proof, &self.tables.schema),
            coders: item.sheets.keys().cloned().collect(),
            is_comparable: self.format.proof.texts.is_comparable(item.text.as_str()),
            has_leftovers: item.sheets.values().any(|sheet| !sheet.info.residue.is_empty()),
        });
    }

    /// True where there is something to compare.
    #[must_use]
    pub fn is_provable(&self) -> bool {
        self.format.proof.reader.is_some()
    }

    /// Reads what was written and compares. None where everything came back, or where it is more than our reader takes.
    ///
    /// # Errors
    /// When nothing can be read, or somebody pressed stop.
    pub fn read_back(&self, source: &dyn Source, read_back: &ReadBack<'_>) -> Result<Option<Difference>, FormatError> {
        let Some(reader) = self.format.proof.reader else { return Ok(None) };
        let names = source.names();
        if names.iter().any(|name| source.size(name).is_some_and(|size| size > MAX_FILE_BYTES)) {
            return Ok(None);
        }
        let mut comparison = Comparison::new(self, read_back);
        for (number, part) in self.parts.iter().enumerate() {
            let end = self.parts.get(number + 1).map_or(self.documents.len(), |next| next.start);
            for (coder, view) in views(self, part, &names, source, read_back.options) {
                let coder = coder.or_else(|| self.only_coder(part.start..end));
                let mut options = self.read_options(coder.clone(), read_back);
                comparison.begin(part.start..end, coder);
                reader(&view, &mut options, &mut comparison)?;
            }
        }
        Ok(comparison.finish())
    }

    /// The coder of all sheets of some documents, where there is one.
    fn only_coder(&self, documents: std::ops::Range<usize>) -> Option<CoderKey> {
        let mut coders = self.documents.get(documents).unwrap_or_default().iter().flat_map(|document| &document.coders);
        let first = coders.next()?;
        coders.all(|coder| coder == first).then(|| first.clone())
    }

    fn read_options(&self, coder: Option<CoderKey>, read_back: &ReadBack<'_>) -> ReadOptions {
        let mut options = ReadOptions::new(coder.unwrap_or_else(CoderKey::gold), IdSource::seeded(0));
        options.known = self.tables.clone();
        options.texts = read_back.texts.clone();
        options.cancel = read_back.options.cancel.clone();
        options.unit = match self.format.offsets {
            Offsets::None => None,
            Offsets::Fixed(unit) => Some(unit),
            Offsets::Choosable(_) => Some(read_back.options.unit),
        };
        options
    }

    /// A difference in words: `item` is the document, for its words.
    #[must_use]
    pub fn describe(&self, difference: &Difference, item: Option<&Item>) -> FormatError {
        let why = difference.problem.describe(item, &self.format.proof, &self.tables.schema);
        FormatError::Different { document: difference.document.clone(), why }
    }
}
