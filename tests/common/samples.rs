//! Real files in the folder of `MANICULE_SHARED`, or in `../shared` beside the repository, and counting what is read of them.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use manicule::format::Batch;

/// The samples' folder; none, said aloud, where there is none.
pub(crate) fn samples(name: &str) -> Option<PathBuf> {
    let shared = std::env::var_os("MANICULE_SHARED").map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared"), PathBuf::from);
    let dir = shared.join("samples").join(name);
    if !dir.is_dir() {
        eprintln!("\n\nNO REAL SAMPLES OF {name}: {} is not there; set MANICULE_SHARED to the folder that has samples/{name}\n", dir.display());
    }
    dir.is_dir().then_some(dir)
}

/// All files below a folder.
pub(crate) fn files(dir: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut waiting = vec![dir.to_owned()];
    while let Some(dir) = waiting.pop() {
        for path in fs::read_dir(&dir).unwrap().map(|entry| entry.unwrap().path()) {
            if path.is_dir() { waiting.push(path) } else { found.push(path) }
        }
    }
    found.sort();
    found
}

/// How much was read of some files.
#[derive(Debug, Default)]
pub(crate) struct Counts {
    pub(crate) files: usize,
    pub(crate) documents: usize,
    pub(crate) spans: usize,
    pub(crate) claims: usize,
    pub(crate) relations: usize,
    rules: BTreeMap<String, usize>,
}

impl Counts {
    /// What was read of one file; its ranges must fit.
    pub(crate) fn add(&mut self, batch: &Batch) {
        self.files += 1;
        self.documents += batch.items.len();
        for item in &batch.items {
            for sheet in item.sheets.values() {
                sheet.places().for_each(|(_, ranges)| item.text.check(ranges).unwrap());
                self.spans += sheet.spans.len();
                self.claims += sheet.claims.len();
                self.relations += sheet.relations.len();
            }
        }
        for finding in &batch.findings {
            *self.rules.entry(finding.rule.to_owned()).or_default() += 1;
            if finding.rule.ends_with("-bad-file") {
                eprintln!("{finding}");
            }
        }
    }

    /// Findings whose rule ends so.
    pub(crate) fn rule(&self, name: &str) -> usize {
        self.rules.iter().filter(|(rule, _)| rule.ends_with(name)).map(|(_, count)| count).sum()
    }
}
