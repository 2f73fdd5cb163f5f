//! Digests of many sheets, read on all cores, for lists that show a whole project.

use std::ops::ControlFlow;

use crate::model::{CoderKey, DocumentId, Finding, Schema, Severity, SheetKey};
use crate::progress::{CancelToken, Progress};
use crate::stats::Digest;
use crate::store::{Loader, StoreError, parallel};

/// Counts one coder's sheets of some documents as they are in the files, on any thread. `on_digest` gets each as it comes,
/// in the order of the documents; a document without a sheet has a blank digest. Returns what could not be read. Stops early when cancelled.
pub fn survey(
    loader: &Loader,
    schema: &Schema,
    coder: &CoderKey,
    documents: &[DocumentId],
    (progress, cancel): (&Progress, &CancelToken),
    on_digest: &mut dyn FnMut(DocumentId, Digest),
) -> Vec<Finding> {
    progress.set_total(documents.len() as u64);
    let mut findings = Vec::new();
    let digest = |(): &mut (), document| {
        let sheet = loader.sheet(&SheetKey::new(document, coder));
        (document, sheet.map(|sheet| sheet.map(|sheet| Digest::of(&sheet, schema)).unwrap_or_default()))
    };
    let take = |(document, digest): (&DocumentId, Result<Digest, StoreError>)| {
        match digest {
            Ok(digest) => on_digest(document.clone(), digest),
            Err(error) => findings.push(Finding::new(Severity::Error, "unreadable", error.to_string()).about(document).by(coder)),
        }
        progress.add(1);
        ControlFlow::Continue(())
    };
    parallel::in_order(documents, cancel, || (), digest, take);
    findings
}
