//! Searching the texts of a whole project, on any thread, on both cores; what is found comes as it is found.
//!
//! Texts that were read stay in memory up to a cap, so that a second search runs at the speed of the memory.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::sync_channel;
use std::sync::{Arc, RwLock};

use super::Workspace;
use crate::model::{CoderKey, DocumentId, Finding, LabelKey, Schema, Severity, Sheet, SheetKey};
use crate::progress::{CancelToken, Progress};
use crate::store::{Loader, StoreError};
use crate::suggest::occurrences::open_occurrences;
use crate::text::search::Needles;
use crate::text::{Text, TextHash, TextRange};

/// Texts are kept up to so many bytes.
const MAX_BYTES: usize = 256 << 20;
/// More threads would only wait for the disk, and the window wants to draw.
const THREADS: usize = 2;
/// Documents that a thread takes at once.
const BATCH: usize = 64;
/// Results that may wait for the receiver.
const WAITING: usize = 1024;

/// Texts that were read. A text whose document has another hash meanwhile is read again.
#[derive(Debug, Default)]
pub struct TextCache {
    texts: RwLock<BTreeMap<DocumentId, Text>>,
    bytes: AtomicUsize,
}

impl TextCache {
    fn text(&self, loader: &Loader, document: &DocumentId, hash: &TextHash) -> Result<Text, StoreError> {
        let known = self.texts.read().ok().and_then(|texts| texts.get(document).filter(|text| text.hash() == hash).cloned());
        if let Some(text) = known {
            return Ok(text);
        }
        let text = loader.text(document)?;
        if self.bytes.fetch_add(text.len(), Ordering::Relaxed) + text.len() > MAX_BYTES {
            self.bytes.fetch_sub(text.len(), Ordering::Relaxed);
        } else if let Ok(mut texts) = self.texts.write()
            && let Some(old) = texts.insert(document.clone(), text.clone())
        {
            self.bytes.fetch_sub(old.len(), Ordering::Relaxed);
        }
        Ok(text)
    }
}

/// Only places that could get a label and have not got it, see [`open_occurrences`].
#[derive(Clone, Debug)]
pub struct Only {
    /// The label.
    pub label: LabelKey,
    /// The codebook.
    pub schema: Arc<Schema>,
    /// Whose sheets count.
    pub coder: CoderKey,
    /// Sheets in memory, which are newer than the files.
    pub loaded: BTreeMap<SheetKey, Arc<Sheet>>,
}

/// What was found in one document.
#[derive(Clone, Debug)]
pub struct DocumentHits {
    /// Which.
    pub document: DocumentId,
    /// Its text.
    pub text: Text,
    /// Where, in text order; at least one.
    pub ranges: Vec<TextRange>,
}

/// A search that can run on any thread.
#[derive(Debug)]
pub struct CorpusSearch {
    loader: Loader,
    texts: Arc<TextCache>,
    documents: Vec<(DocumentId, TextHash)>,
    only: Option<Only>,
}

impl CorpusSearch {
    /// A search in these documents.
    #[must_use]
    pub fn new(workspace: &Workspace, documents: Vec<DocumentId>, only: Option<Only>) -> Self {
        let hash = |id: DocumentId| workspace.state().documents.get(&id).map(|document| document.text_hash.clone()).map(|hash| (id, hash));
        let documents = documents.into_iter().filter_map(hash).collect();
        Self { loader: workspace.loader(), texts: workspace.texts.clone(), documents, only }
    }

    /// Searches. `on_hits` gets each document that has some as it is found. Returns what could not be read. Stops soon
    /// after it is cancelled.
    pub fn run(&self, needles: &Needles, (progress, cancel): (&Progress, &CancelToken), on_hits: &mut dyn FnMut(DocumentHits)) -> Vec<Finding> {
        progress.set_total(self.documents.len() as u64);
        let next = AtomicUsize::new(0);
        let mut findings = Vec::new();
        std::thread::scope(|scope| {
            let (sender, received) = sync_channel::<Result<DocumentHits, Finding>>(WAITING);
            for _ in 0..THREADS {
                let (sender, next) = (sender.clone(), &next);
                scope.spawn(move || {
                    while let Some(batch) = self.batch(next.fetch_add(BATCH, Ordering::Relaxed)) {
                        for (document, hash) in batch {
                            if cancel.is_cancelled() {
                                return;
                            }
                            if let Some(found) = self.search(document, hash, needles).transpose()
                                && sender.send(found).is_err()
                            {
                                return;
                            }
                        }
                        progress.add(batch.len() as u64);
                    }
                });
            }
            drop(sender);
            for found in received {
                match found {
                    Ok(hits) => on_hits(hits),
                    Err(finding) => findings.push(finding),
                }
            }
        });
        findings.sort_by(|a, b| a.document.cmp(&b.document));
        findings
    }

    fn batch(&self, from: usize) -> Option<&[(DocumentId, TextHash)]> {
        let end = (from + BATCH).min(self.documents.len());
        self.documents.get(from..end).filter(|batch| !batch.is_empty())
    }

    fn search(&self, document: &DocumentId, hash: &TextHash, needles: &Needles) -> Result<Option<DocumentHits>, Finding> {
        let unreadable = |error: StoreError| Finding::new(Severity::Error, "unreadable", error.to_string()).about(document);
        let text = self.texts.text(&self.loader, document, hash).map_err(unreadable)?;
        let ranges = match &self.only {
            None => needles.find_in(&text),
            // Most documents have no hit at all, so their sheets are not read.
            Some(_) if needles.find(text.as_str()).next().is_none() => return Ok(None),
            Some(only) => {
                let key = SheetKey::new(document, &only.coder);
                match only.loaded.get(&key) {
                    Some(sheet) => open_occurrences(&text, sheet, &only.schema, &only.label, needles),
                    None => {
                        let loaded = self.loader.load_with(&key, text.clone()).map_err(unreadable)?;
                        open_occurrences(&text, loaded.sheet(), &only.schema, &only.label, needles)
                    }
                }
            }
        };
        Ok((!ranges.is_empty()).then(|| DocumentHits { document: document.clone(), text, ranges }))
    }
}
