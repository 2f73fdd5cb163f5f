//! The texts of a whole project, searched on all cores: for strings, or for places that could get a label.
//!
//! Texts are read once and kept in a [`TextCache`], so that the next search runs at the speed of the memory. Runs on any
//! thread; a [`Corpus`] is a picture of the project as it is when it is made.

use std::collections::{BTreeMap, HashMap};
use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;

use super::Workspace;
use crate::model::{CoderKey, DocumentId, Finding, LabelKey, Schema, Severity, Sheet, SheetKey};
use crate::progress::{CancelToken, Progress};
use crate::store::{Loader, StoreError};
use crate::suggest::occurrences::open_occurrences;
use crate::text::search::Needles;
use crate::text::{Text, TextHash, TextRange};

/// So many bytes of text are kept unless another limit is given.
const CACHE_BYTES: usize = 256 << 20;
/// So many bytes of text are read before anybody searches.
const READ_AHEAD_BYTES: usize = 64 << 20;
/// So many documents are searched before somebody hears of it: few, so that the first hits come at once.
const BATCH: usize = 32;
/// More threads than this would wait for the disk and for each other.
const MAX_THREADS: usize = 8;
/// So many batches wait for the one who takes the hits.
const MAX_WAITING: usize = 256;

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
pub type CorpusDocument = (DocumentId, TextHash);

/// The documents of a project to be searched.
#[derive(Clone, Debug)]
pub struct Corpus {
    /// Reads what is not in the cache.
    pub loader: Loader,
    /// What is searched, in the order in which hits are wanted.
    pub documents: Vec<CorpusDocument>,
    /// The texts that were read before.
    pub cache: TextCache,
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
        let documents = self.state.present_documents().map(|(id, document)| (id.clone(), document.text_hash.clone())).collect();
        Corpus { loader: self.loader(), documents, cache: cache.clone() }
    }

    /// One coder's sheets that are in memory, blank ones included.
    #[must_use]
    pub fn loaded_sheets(&self, coder: &CoderKey) -> BTreeMap<SheetKey, Arc<Sheet>> {
        self.loaded.iter().filter(|key| key.coder == *coder).map(|key| (key.clone(), self.state.sheet(key).clone())).collect()
    }
}

impl Corpus {
    /// Reads texts into the cache, [`READ_AHEAD_BYTES`] at most, so that the first search does not wait for the disk. What
    /// cannot be read is left to the search, which says so.
    pub fn read_ahead(&self, cancel: &CancelToken) {
        for documents in self.documents.chunks(BATCH) {
            if cancel.is_cancelled() || self.cache.bytes() >= READ_AHEAD_BYTES {
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

    fn run(&self, find: &Find<'_>, (progress, cancel): (&Progress, &CancelToken), on_hits: impl FnMut(DocumentHits)) -> CorpusReport {
        progress.set_total(self.documents.len() as u64);
        let next = AtomicUsize::new(0);
        let threads = thread::available_parallelism().map_or(1, NonZeroUsize::get).min(MAX_THREADS);
        let (sender, receiver) = sync_channel(MAX_WAITING);
        let mut report = thread::scope(|scope| {
            for _ in 0..threads {
                let sender = sender.clone();
                let next = &next;
                scope.spawn(move || self.work(find, next, cancel, &sender));
            }
            drop(sender);
            collect(receiver, (progress, cancel), on_hits)
        });
        report.is_complete = report.searched == self.documents.len();
        report
    }

    /// Takes batch after batch until there is none left or nobody wants more.
    fn work(&self, find: &Find<'_>, next: &AtomicUsize, cancel: &CancelToken, sender: &SyncSender<Batch>) {
        while !cancel.is_cancelled() {
            let number = next.fetch_add(1, Ordering::Relaxed);
            let start = number * BATCH;
            let Some(documents) = self.documents.get(start..(start + BATCH).min(self.documents.len())).filter(|rest| !rest.is_empty()) else {
                return;
            };
            if sender.send(self.batch(number, documents, find, cancel)).is_err() {
                return;
            }
        }
    }

    fn batch(&self, number: usize, documents: &[CorpusDocument], find: &Find<'_>, cancel: &CancelToken) -> Batch {
        let mut batch = Batch { number, searched: 0, hits: Vec::new(), findings: Vec::new() };
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
    number: usize,
    searched: usize,
    hits: Vec<DocumentHits>,
    findings: Vec<Finding>,
}

/// Hands the batches on in their order.
#[expect(clippy::needless_pass_by_value, reason = "once it is dropped, those who send stop")]
fn collect(receiver: Receiver<Batch>, (progress, cancel): (&Progress, &CancelToken), mut on_hits: impl FnMut(DocumentHits)) -> CorpusReport {
    let mut report = CorpusReport::default();
    let mut waiting: BTreeMap<usize, Batch> = BTreeMap::new();
    let mut next = 0;
    for batch in &receiver {
        waiting.insert(batch.number, batch);
        while let Some(batch) = waiting.remove(&next) {
            next += 1;
            progress.add(batch.searched as u64);
            report.searched += batch.searched;
            report.findings.extend(batch.findings);
            for hits in batch.hits {
                if cancel.is_cancelled() {
                    return report;
                }
                on_hits(hits);
            }
        }
    }
    report
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
