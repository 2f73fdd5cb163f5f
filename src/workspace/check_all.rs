//! Checking every document of a project, on two threads, as it is in the files and, where it is loaded, in memory.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use super::Workspace;
use crate::check::{check_sheet, check_tables};
use crate::model::{DocumentId, Finding, Severity, Sheet, SheetKey, State};
use crate::progress::{CancelToken, Progress};
use crate::store::Loader;
use crate::text::Text;

/// More threads would only wait for the disk, and the window wants to draw.
const THREADS: usize = 2;

/// Checks all documents.
#[derive(Clone, Debug)]
pub struct CheckJob {
    // The tables of the project, without texts and sheets.
    tables: State,
    loader: Loader,
    keys: Vec<SheetKey>,
    // What is newer in memory.
    loaded: BTreeMap<SheetKey, (Text, Arc<Sheet>)>,
}

impl CheckJob {
    /// Checks the tables and one sheet after the other. Returns what was found, in the order of the documents.
    #[must_use]
    pub fn run(&self, progress: &Progress, cancel: &CancelToken) -> Vec<Finding> {
        progress.set_total(self.keys.len() as u64);
        let next = AtomicUsize::new(0);
        let found: Mutex<BTreeMap<usize, Vec<Finding>>> = Mutex::default();
        let work = || {
            let mut state = self.tables.clone();
            loop {
                let at = next.fetch_add(1, Ordering::Relaxed);
                let Some(key) = self.keys.get(at).filter(|_| !cancel.is_cancelled()) else { break };
                let findings = self.check(&mut state, key);
                if !findings.is_empty() {
                    found.lock().unwrap_or_else(PoisonError::into_inner).insert(at, findings);
                }
                progress.add(1);
            }
        };
        std::thread::scope(|scope| {
            for _ in 0..THREADS {
                scope.spawn(work);
            }
        });
        let found = found.into_inner().unwrap_or_else(PoisonError::into_inner);
        check_tables(&self.tables).into_iter().chain(found.into_values().flatten()).collect()
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
        let documents: Vec<&DocumentId> = self.state.present_documents().map(|(id, _)| id).collect();
        let keys: Vec<SheetKey> = documents.into_iter().map(|id| SheetKey::new(id, self.coder())).collect();
        let in_memory = keys.iter().filter(|key| self.is_loaded(key));
        let loaded = in_memory.filter_map(|key| Some((key.clone(), (self.state.texts.get(&key.document)?.clone(), self.state.sheet(key).clone()))));
        CheckJob { tables: self.state.tables(), loader: self.loader(), loaded: loaded.collect(), keys }
    }
}
