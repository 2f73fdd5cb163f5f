//! Digests of many sheets, read on two threads, for lists that show a whole project.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{SyncSender, sync_channel};

use crate::model::{CoderKey, DocumentId, Finding, Schema, Severity, SheetKey};
use crate::progress::{CancelToken, Progress};
use crate::stats::Digest;
use crate::store::{Loader, StoreError};

/// More threads would only wait for the disk, and the window wants to draw.
const THREADS: usize = 2;
/// Digests that may wait for the receiver.
const WAITING: usize = 256;

/// Counts one coder's sheets of some documents as they are in the files, on any thread. `on_digest` gets each as it comes, in
/// no certain order; a document without a sheet has a blank digest. Returns what could not be read. Stops early when cancelled.
pub fn survey(
    loader: &Loader,
    schema: &Schema,
    coder: &CoderKey,
    documents: &[DocumentId],
    (progress, cancel): (&Progress, &CancelToken),
    on_digest: &mut dyn FnMut(DocumentId, Digest),
) -> Vec<Finding> {
    progress.set_total(documents.len() as u64);
    let next = AtomicUsize::new(0);
    let mut findings = Vec::new();
    std::thread::scope(|scope| {
        let (to_receiver, received) = sync_channel(WAITING);
        for _ in 0..THREADS {
            let (to_receiver, next) = (to_receiver.clone(), &next);
            scope.spawn(move || work(loader, schema, coder, documents, (next, cancel), &to_receiver));
        }
        drop(to_receiver);
        for (document, digest) in received {
            match digest {
                Ok(digest) => on_digest(document, digest),
                Err(error) => findings.push(Finding::new(Severity::Error, "unreadable", error.to_string()).about(&document).by(coder)),
            }
            progress.add(1);
        }
    });
    findings.sort_by(|a, b| a.document.cmp(&b.document));
    findings
}

type Surveyed = (DocumentId, Result<Digest, StoreError>);

/// Takes document after document until all are taken.
fn work(
    loader: &Loader,
    schema: &Schema,
    coder: &CoderKey,
    documents: &[DocumentId],
    (next, cancel): (&AtomicUsize, &CancelToken),
    to_receiver: &SyncSender<Surveyed>,
) {
    while let Some(document) = documents.get(next.fetch_add(1, Ordering::Relaxed)) {
        if cancel.is_cancelled() {
            return;
        }
        let sheet = loader.sheet(&SheetKey::new(document, coder));
        let digest = sheet.map(|sheet| sheet.map(|sheet| Digest::of(&sheet, schema)).unwrap_or_default());
        if to_receiver.send((document.clone(), digest)).is_err() {
            return;
        }
    }
}
