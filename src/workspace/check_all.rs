//! Checking every document of a project, on all cores, as it is in the files and, where it is loaded, in memory.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::sync::Arc;

use super::Workspace;
use crate::check::{check_sheet, check_tables};
use crate::model::{CoderKey, Document, DocumentId, Finding, Rows, Severity, Sheet, SheetKey, State};
use crate::progress::{CancelToken, Progress};
use crate::store::{Loader, parallel};
use crate::text::Text;

/// Checks all documents.
#[derive(Clone, Debug)]
pub struct CheckJob {
    // The tables of the project, without texts and sheets.
    tables: State,
    loader: Loader,
    documents: Rows<DocumentId, Arc<Document>>,
    coder: CoderKey,
    // What is newer in memory.
    loaded: BTreeMap<SheetKey, (Text, Arc<Sheet>)>,
}

impl CheckJob {
    /// Checks the tables and the sheets. Returns what was found, in the order of the documents.
    #[must_use]
    pub fn run(&self, progress: &Progress, cancel: &CancelToken) -> Vec<Finding> {
        let present = self.documents.iter().filter(|(_, document)| !document.in_trash);
        let keys: Vec<SheetKey> = present.map(|(id, _)| SheetKey::new(id, &self.coder)).collect();
        progress.set_total(keys.len() as u64);
        let mut found = check_tables(&self.tables);
        let take = |findings| {
            found.extend::<Vec<Finding>>(findings);
            progress.add(1);
            ControlFlow::Continue(())
        };
        parallel::in_order(&keys, cancel, || self.tables.clone(), |state, key| self.check(state, key), take);
        found
    }

    fn check(&self, state: &mut State, key: &SheetKey) -> Vec<Finding> {
        let mut findings = Vec::new();
        match self.loaded.get(key) {
            Some((text, sheet)) => state.insert_loaded(key, text.clone(), sheet.as_ref().clone()),
            None => match self.loader.load(key) {
                Ok(loaded) => {
                    findings.extend(loaded.findings.iter().cloned());
                    state.insert_loaded(key, loaded.text().clone(), loaded.sheet().clone());
                }
                Err(error) => return vec![Finding::new(Severity::Error, "unreadable", error.to_string()).about(&key.document).by(&key.coder)],
            },
        }
        findings.extend(check_sheet(state, key));
        state.unload(&key.document);
        findings
    }
}

impl Workspace {
    /// A check of all documents outside the trash, by this coder.
    #[must_use]
    pub fn check_all(&self) -> CheckJob {
        let (documents, coder) = (self.state.documents.clone(), self.coder().clone());
        CheckJob { tables: self.state.tables(), loader: self.loader(), loaded: self.loaded_with_texts(&coder), documents, coder }
    }
}
