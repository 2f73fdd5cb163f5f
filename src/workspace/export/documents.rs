//! The documents of an export, one after the other: texts and sheets that are not in memory are read ahead on all cores while
//! others are written.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::Arc;

use super::held::Held;
use crate::format::{FormatError, Item};
use crate::model::{Coder, CoderKey, Document, DocumentId, Finding, Sheet, SheetKey};
use crate::store::{Loader, parallel};
use crate::text::Text;

/// Where documents come from.
#[derive(Clone, Debug)]
pub(super) enum Documents {
    /// A project: its rows, and the sheets and texts that are in memory.
    Project {
        rows: Arc<Vec<(DocumentId, Document)>>,
        loader: Loader,
        sheets: Arc<BTreeMap<SheetKey, Option<Arc<Sheet>>>>,
        texts: Arc<BTreeMap<DocumentId, Text>>,
    },
    /// Files that were read.
    Files(Arc<Held>),
}

impl Documents {
    /// How many there are.
    pub(super) fn len(&self) -> usize {
        match self {
            Self::Project { rows, .. } => rows.len(),
            Self::Files(held) => held.len(),
        }
    }

    /// Their ids, in their order.
    pub(super) fn ids(&self) -> Box<dyn Iterator<Item = &DocumentId> + '_> {
        match self {
            Self::Files(held) => Box::new(held.ids()),
            Self::Project { rows, .. } => Box::new(rows.iter().map(|(id, _)| id)),
        }
    }

    /// Those that are wanted, with the sheets of these coders. `findings` gets what there is to say about files that are read.
    pub(super) fn items<'s>(
        &'s self,
        coders: &BTreeMap<CoderKey, Coder>,
        findings: &'s RefCell<Vec<Finding>>,
        is_wanted: impl Fn(&DocumentId) -> bool,
    ) -> impl Iterator<Item = Result<Item, FormatError>> + 's {
        let wanted: Vec<usize> = self.ids().enumerate().filter(|(_, id)| is_wanted(id)).map(|(index, _)| index).collect();
        let read: Box<ReadItem> = match self {
            Self::Files(held) => {
                let held = held.clone();
                Box::new(move |index| (held.item(index), Vec::new()))
            }
            Self::Project { rows, loader, sheets, texts } => {
                let coders = coders.keys().cloned().collect();
                let reading = Reading { rows: rows.clone(), coders, loader: loader.clone(), sheets: sheets.clone(), texts: texts.clone() };
                Box::new(move |index| reading.item(index))
            }
        };
        let ahead = parallel::Ahead::new(wanted, move |index| {
            let read = read(*index);
            let weight = read.0.as_ref().map_or(0, Item::weight);
            (read, weight)
        });
        ahead.map(|(item, mut found)| {
            findings.borrow_mut().append(&mut found);
            item
        })
    }
}

/// Gives a document by its number, and what there is to say about its files.
type ReadItem = dyn Fn(usize) -> (Result<Item, FormatError>, Vec<Finding>) + Send + Sync;

/// What it takes to read a document of a project.
struct Reading {
    rows: Arc<Vec<(DocumentId, Document)>>,
    coders: Vec<CoderKey>,
    loader: Loader,
    sheets: Arc<BTreeMap<SheetKey, Option<Arc<Sheet>>>>,
    texts: Arc<BTreeMap<DocumentId, Text>>,
}

impl Reading {
    /// A document, and what there is to say about its files.
    fn item(&self, index: usize) -> (Result<Item, FormatError>, Vec<Finding>) {
        let mut findings = Vec::new();
        (self.read(index, &mut findings), findings)
    }

    fn read(&self, index: usize, findings: &mut Vec<Finding>) -> Result<Item, FormatError> {
        let missing = || FormatError::Load("a document is not there any more".to_owned());
        let (id, document) = self.rows.get(index).ok_or_else(missing)?;
        let load = |error: crate::store::StoreError| FormatError::Load(error.to_string());
        let text = self.texts.get(id).cloned().map_or_else(|| self.loader.text(id), Ok).map_err(load)?;
        let (mut sheets, mut are_fields_read) = (BTreeMap::new(), false);
        for coder in &self.coders {
            let key = SheetKey::new(id, coder);
            let sheet = match self.sheets.get(&key) {
                Some(sheet) => sheet.clone(),
                None => {
                    // What there is to say about the document itself is said with the first sheet.
                    let read = if are_fields_read { self.loader.load_further(&key, text.clone()) } else { self.loader.load_with(&key, text.clone()) };
                    let loaded = read.map_err(load)?;
                    are_fields_read = true;
                    findings.extend(loaded.findings.iter().cloned());
                    Some(loaded.sheet().clone()).filter(|sheet| !sheet.is_blank()).map(Arc::new)
                }
            };
            sheets.extend(sheet.map(|sheet| (coder.clone(), sheet)));
        }
        Ok(Item { id: id.clone(), document: document.clone(), text, original: None, sheets })
    }
}
