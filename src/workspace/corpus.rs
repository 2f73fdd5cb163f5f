//! The texts of a whole project, searched on all cores: for strings, or for places that could get a label.
//!
//! Texts are read once and kept in a [`TextCache`], so that the next search runs at the speed of the memory. Runs on any
//! thread; a [`Corpus`] is a picture of the project as it is when it is made.

use std::collections::{BTreeMap, HashMap};
use std::ops::ControlFlow;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::Workspace;
use crate::model::{CoderKey, Document, DocumentId, Finding, LabelKey, Rows, Schema, Severity, Sheet, SheetKey};
use crate::progress::{CancelToken, Progress};
use crate::store::{Loader, StoreError, parallel};
use crate::suggest::occurrences::open_occurrences;
use crate::text::search::Needles;
use crate::text::{Text, TextHash, TextRange};

/// So many bytes of text are kept unless another limit is given.
const CACHE_BYTES: usize = 256 << 20;
/// So many bytes of text are read before anybody searches.
const READ_AHEAD_BYTES: usize = 64 << 20;
/// So many documents are searched before somebody hears of it: few, so that the first hits come at once.
const BATCH: usize = 32;

/// Texts that were read before. Clones are one cache.
#[derive(Clone, Debug)]
pub struct TextCache(Arc<Mutex<Cached>>);

#[derive(Debug)]
struct Cached {
    // Looked up by id only: nothing depends on the order.
    texts: HashMap<DocumentId, Text>,
    bytes: usize,
    max_bytes: usize,
}

impl Default for TextCache {
    fn default() -> Self {
        Self::with_limit(CACHE_BYTES)
    }
}

impl TextCache {
    /// Keeps so many bytes of text at most. What comes when it is full is not kept: a search goes over all texts in the
    /// same order, and whoever makes room for the newest throws out what is wanted next.
    #[must_use]
    pub fn with_limit(max_bytes: usize) -> Self {
        Self(Arc::new(Mutex::new(Cached { texts: HashMap::new(), bytes: 0, max_bytes })))
    }

    /// Bytes of text that are kept.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.lock().bytes
    }

    fn lock(&self) -> MutexGuard<'_, Cached> {
        // A panic under the lock leaves at worst a text too few or a count that is too high.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The texts that are there and are still the documents' texts.
    fn texts(&self, documents: &[CorpusDocument]) -> Vec<Option<Text>> {
        let cached = self.lock();
        let is_current = |text: &&Text, hash: &TextHash| text.hash() == hash;
        documents.iter().map(|(id, hash)| cached.texts.get(id).filter(|text| is_current(text, hash)).cloned()).collect()
    }

    fn insert(&self, texts: Vec<(DocumentId, Text)>) {
        let mut cached = self.lock();
        for (id, text) in texts {
            cached.bytes -= cached.texts.remove(&id).map_or(0, |old| old.len()).min(cached.bytes);
            if cached.bytes + text.len() <= cached.max_bytes {
                cached.bytes += text.len();
                cached.texts.insert(id, text);
            }
        }
    }
}

/// A document and the fingerprint of its text.
type CorpusDocument = (DocumentId, TextHash);

/// The documents of a project to be searched.
#[derive(Clone, Debug)]
pub struct Corpus {
    // Reads what is not in the cache.
    loader: Loader,
    documents: Rows<DocumentId, Arc<Document>>,
    // Not searched.
    left_out: Option<DocumentId>,
    // The texts that were read before.
    cache: TextCache,
}

/// The hits of one document, at least one.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct DocumentHits {
    /// Which document.
    pub document: DocumentId,
    /// Its text.
    pub text: Text,
    /// Where, in text order.
    pub ranges: Vec<TextRange>,
}

/// What there is to say about a search.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct CorpusReport {
    /// Documents that could not be read.
    pub findings: Vec<Finding>,
    /// How many documents were searched.
    pub searched: usize,
    /// False when it was stopped.
    pub is_complete: bool,
}

/// Whose places are looked for: those that could get a label and have none yet.
#[derive(Clone, Debug)]
pub struct OpenPlaces {
    /// Whose sheets say what is labelled.
    pub coder: CoderKey,
    /// What the places could get.
    pub label: LabelKey,
    /// The codebook.
    pub schema: Arc<Schema>,
    /// Sheets that are in memory, blank ones included: they count before the files. See [`Workspace::loaded_sheets`].
    pub sheets: BTreeMap<SheetKey, Arc<Sheet>>,
}

impl Workspace {
    /// All documents outside the trash, in the order of their ids.
    #[must_use]
    pub fn corpus(&self, cache: &TextCache) -> Corpus {
        Corpus { loader: self.loader(), documents: self.state.documents.clone(), left_out: None, cache: cache.clone() }
    }

    /// One coder's sheets that are in memory, blank ones included, with their texts.
    pub(super) fn loaded_with_texts(&self, coder: &CoderKey) -> BTreeMap<SheetKey, (Text, Arc<Sheet>)> {
        let with_text = |(key, sheet): (SheetKey, _)| self.state.texts.get(&key.document).map(|text| (key, (text.clone(), sheet)));
        self.loaded_sheets(coder).into_iter().filter_map(with_text).collect()
    }

    /// One coder's sheets that are in memory, blank ones included.
    #[must_use]
    pub fn loaded_sheets(&self, coder: &CoderKey) -> BTreeMap<SheetKey, Arc<Sheet>> {
        self.loaded_keys(coder).map(|key| (key.clone(), self.state.sheet(key).clone())).collect()
    }

    /// One coder's sheets that are in memory, blank ones included.
    pub fn loaded_keys<'w>(&'w self, coder: &'w CoderKey) -> impl Iterator<Item = &'w SheetKey> {
        self.loaded.iter().filter(move |key| key.coder == *coder)
    }
}

impl Corpus {
    /// But for one document.
    #[must_use]
    pub fn without(self, document: Option<DocumentId>) -> Self {
        Self { left_out: document, ..self }
    }

    fn documents(&self) -> Vec<CorpusDocument> {
        let wanted = self.documents.iter().filter(|(id, document)| !document.in_trash && Some(*id) != self.left_out.as_ref());
        wanted.map(|(id, document)| (id.clone(), document.text_hash.clone())).collect()
    }

    /// Reads texts into the cache, so that the first search does not wait for the disk; none where they are likely to be more
    /// than [`READ_AHEAD_BYTES`]. What cannot be read is left to the search, which says so.
    pub fn read_ahead(&self, cancel: &CancelToken) {
        let all = self.documents();
        for (number, documents) in all.chunks(BATCH).enumerate() {
            let (read, rest) = (number * BATCH, all.len().saturating_sub(number * BATCH));
            let expected = self.cache.bytes() + self.cache.bytes() / read.max(1) * rest;
            if cancel.is_cancelled() || expected > READ_AHEAD_BYTES {
                return;
            }
            let cached = self.cache.texts(documents);
            let missing = documents.iter().zip(cached).filter(|(_, cached)| cached.is_none()).map(|((id, _), _)| id);
            self.cache.insert(missing.filter_map(|id| Some((id.clone(), self.loader.text(id).ok()?))).collect());
        }
    }

    /// Searches all texts. `on_hits` is called on this thread, in the order of the documents, as hits are found.
    pub fn search(&self, needles: &Needles, control: (&Progress, &CancelToken), on_hits: impl FnMut(DocumentHits)) -> CorpusReport {
        self.run(&|_, text| Ok(needles.find_in(text)), control, on_hits)
    }

    /// Searches all texts for places that could get a label and have none yet. Sheets are read only where there are hits.
    pub fn search_open(
        &self,
        needles: &Needles,
        wanted: &OpenPlaces,
        control: (&Progress, &CancelToken),
        on_hits: impl FnMut(DocumentHits),
    ) -> CorpusReport {
        let find = |id: &DocumentId, text: &Text| {
            if needles.find(text.as_str()).next().is_none() {
                return Ok(Vec::new());
            }
            let sheet = self.sheet(&SheetKey::new(id, &wanted.coder), text, wanted)?;
            Ok(open_occurrences(text, &sheet, &wanted.schema, &wanted.label, needles))
        };
        self.run(&find, control, on_hits)
    }

    fn sheet(&self, key: &SheetKey, text: &Text, wanted: &OpenPlaces) -> Result<Arc<Sheet>, StoreError> {
        match wanted.sheets.get(key) {
            Some(sheet) => Ok(sheet.clone()),
            // What there is to say about its rows is said when it is looked at.
            None => self.loader.sheet_on(key, text.clone()).map(|loaded| Arc::new(loaded.sheet)),
        }
    }

    fn run(&self, find: &Find<'_>, (progress, cancel): (&Progress, &CancelToken), mut on_hits: impl FnMut(DocumentHits)) -> CorpusReport {
        let documents = self.documents();
        progress.set_total(documents.len() as u64);
        let mut report = CorpusReport::default();
        let batches: Vec<&[CorpusDocument]> = documents.chunks(BATCH).collect();
        let take = |batch: Batch| {
            progress.add(batch.searched as u64);
            report.searched += batch.searched;
            report.findings.extend(batch.findings);
            for hits in batch.hits {
                if cancel.is_cancelled() {
                    return ControlFlow::Break(());
                }
                on_hits(hits);
            }
            ControlFlow::Continue(())
        };
        parallel::in_order(&batches, cancel, || (), |(), documents| self.batch(documents, find, cancel), take);
        report.is_complete = report.searched == documents.len();
        report
    }

    fn batch(&self, documents: &[CorpusDocument], find: &Find<'_>, cancel: &CancelToken) -> Batch {
        let mut batch = Batch { searched: 0, hits: Vec::new(), findings: Vec::new() };
        let mut read = Vec::new();
        for ((id, _), cached) in documents.iter().zip(self.cache.texts(documents)) {
            if cancel.is_cancelled() {
                break;
            }
            batch.searched += 1;
            let text = cached.map_or_else(|| self.loader.text(id).inspect(|text| read.push((id.clone(), text.clone()))), Ok);
            match text.and_then(|text| find(id, &text).map(|ranges| (text, ranges))) {
                Ok((_, ranges)) if ranges.is_empty() => {}
                Ok((text, ranges)) => batch.hits.push(DocumentHits { document: id.clone(), text, ranges }),
                Err(error) => {
                    let message = format!("was not searched: {error}");
                    batch.findings.push(Finding::new(Severity::Error, "not-searched", message).about(id));
                }
            }
        }
        if !read.is_empty() {
            self.cache.insert(read);
        }
        batch
    }
}

type Find<'f> = dyn Fn(&DocumentId, &Text) -> Result<Vec<TextRange>, StoreError> + Sync + 'f;

/// What was found in some documents that follow each other.
struct Batch {
    searched: usize,
    hits: Vec<DocumentHits>,
    findings: Vec<Finding>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cache_is_capped_and_knows_old_texts() {
        let cache = TextCache::with_limit(10);
        let id = |n: u64| DocumentId::from_title("a", crate::model::Id::from_bits(n));
        let (old, new, long) = (Text::new("old"), Text::new("newer"), Text::new("long text"));
        cache.insert(vec![(id(1), old.clone()), (id(2), long.clone())]);
        assert_eq!(cache.bytes(), 3, "what does not fit is not kept");
        let get = |n: u64, text: &Text| cache.texts(&[(id(n), text.hash().clone())]).remove(0);
        assert_eq!((get(1, &old), get(1, &new), get(2, &long)), (Some(old.clone()), None, None));
        cache.insert(vec![(id(1), new.clone())]);
        assert_eq!((get(1, &new), cache.bytes()), (Some(new.clone()), 5));
    }
}
