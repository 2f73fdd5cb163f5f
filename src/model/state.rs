//! A project in memory: its tables, and the sheets and texts that are loaded.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::{Coder, CoderKey, Document, DocumentId, Entity, EntityId, ProjectInfo, Rows, Schema, Sheet, SheetKey};
use crate::text::Text;

/// Everything that is loaded. Only `edit::apply` and the store's loader change it.
///
/// Two states are equal when their data are; revisions do not count.
#[derive(Clone, Debug)]
pub struct State {
    /// Name, id and settings.
    pub project: ProjectInfo,
    /// The codebook.
    pub schema: Arc<Schema>,
    /// Everybody who annotates.
    pub coders: BTreeMap<CoderKey, Coder>,
    /// All entities, losers of merges and tombstones included.
    pub entities: Rows<EntityId, Entity>,
    /// All documents' fields, those in the trash included.
    pub documents: Rows<DocumentId, Arc<Document>>,
    /// Sheets that are loaded and not blank. A sheet's text is loaded with it.
    pub sheets: BTreeMap<SheetKey, Arc<Sheet>>,
    /// Texts that are loaded.
    pub texts: BTreeMap<DocumentId, Text>,
    /// Changes with every change of the schema; caches compare it.
    pub schema_revision: u64,
    /// Changes with every change of documents, coders or the project; caches compare it.
    pub tables_revision: u64,
    /// Changes with every change of an entity; caches compare it.
    pub entities_revision: u64,
    // By sheet: changes with every change of the sheet.
    revisions: Rows<SheetKey, u64>,
    // Counts up with every change, so that a revision never returns.
    clock: u64,
}

impl PartialEq for State {
    fn eq(&self, other: &Self) -> bool {
        self.project == other.project
            && self.schema == other.schema
            && self.coders == other.coders
            && self.entities == other.entities
            && self.documents == other.documents
            && self.sheets == other.sheets
    }
}

static BLANK: std::sync::LazyLock<Arc<Sheet>> = std::sync::LazyLock::new(Arc::default);

impl State {
    /// The same as far as one sheet is concerned: its document, text and the tables that its rows refer to. Cheap, however big
    /// the project is.
    #[must_use]
    pub fn around(&self, key: &SheetKey) -> Self {
        let document = self.documents.get(&key.document).map(|document| (key.document.clone(), document.clone()));
        let text = self.texts.get(&key.document).map(|text| (key.document.clone(), text.clone()));
        let sheet = self.sheets.get(key).map(|sheet| (key.clone(), sheet.clone()));
        Self {
            coders: self.coders.clone(),
            entities: self.entities.clone(),
            documents: document.into_iter().collect(),
            sheets: sheet.into_iter().collect(),
            texts: text.into_iter().collect(),
            schema: self.schema.clone(),
            ..Self::new(self.project.clone(), Schema::default())
        }
    }

    /// A project without coders, documents and entities.
    #[must_use]
    pub fn new(project: ProjectInfo, schema: Schema) -> Self {
        Self {
            project,
            schema: Arc::new(schema),
            coders: BTreeMap::new(),
            entities: Rows::new(),
            documents: Rows::new(),
            sheets: BTreeMap::new(),
            texts: BTreeMap::new(),
            schema_revision: 0,
            tables_revision: 0,
            entities_revision: 0,
            revisions: Rows::new(),
            clock: 0,
        }
    }

    /// A loaded sheet; a blank one when the coder has said nothing.
    #[must_use]
    pub fn sheet(&self, key: &SheetKey) -> &Arc<Sheet> {
        self.sheets.get(key).unwrap_or(&BLANK)
    }

    /// Changes with every change of the sheet; caches compare it.
    #[must_use]
    pub fn sheet_revision(&self, key: &SheetKey) -> u64 {
        self.revisions.get(key).copied().unwrap_or(0)
    }

    /// An entity after following merges. None for ids that do not exist and for circles.
    #[must_use]
    pub fn entity(&self, id: EntityId) -> Option<(EntityId, &Entity)> {
        let mut id = id;
        for _ in 0..64 {
            let entity = self.entities.get(&id)?;
            match entity.merged_into {
                Some(winner) => id = winner,
                None => return Some((id, entity)),
            }
        }
        None
    }

    /// Entities that are neither deleted nor merged into another.
    pub fn living_entities(&self) -> impl Iterator<Item = (EntityId, &Entity)> {
        self.entities.iter().filter(|(_, entity)| entity.is_living()).map(|(id, entity)| (*id, entity))
    }

    /// The entity and all that were merged into it.
    #[must_use]
    pub fn entity_with_losers(&self, winner: EntityId) -> BTreeSet<EntityId> {
        let losers = self.entities.iter().filter(|(_, row)| row.merged_into.is_some());
        let leads_here = losers.filter(|(id, _)| self.entity(**id).is_some_and(|(end, _)| end == winner));
        leads_here.map(|(id, _)| *id).chain([winner]).collect()
    }

    /// A copy of project, codebook and entities, without documents and sheets.
    pub(crate) fn tables(&self) -> Self {
        let mut tables = Self::new(self.project.clone(), Schema::default());
        (tables.schema, tables.coders, tables.entities) = (self.schema.clone(), self.coders.clone(), self.entities.clone());
        tables
    }

    /// A document's fields, also of one in the trash.
    #[must_use]
    pub fn document(&self, id: &DocumentId) -> Option<&Document> {
        self.documents.get(id).map(Arc::as_ref)
    }

    /// Documents outside the trash, in the order of their ids.
    pub fn present_documents(&self) -> impl Iterator<Item = (&DocumentId, &Document)> {
        self.documents.iter().filter(|(_, document)| !document.in_trash).map(|(id, document)| (id, document.as_ref()))
    }

    /// Changes with every change of anything.
    #[must_use]
    pub fn revision(&self) -> u64 {
        self.clock
    }

    /// Marks a sheet as changed.
    pub(crate) fn touch_sheet(&mut self, key: &SheetKey) {
        self.clock += 1;
        self.revisions.insert(key.clone(), self.clock);
    }

    /// Marks the schema as changed.
    pub(crate) fn touch_schema(&mut self) {
        self.clock += 1;
        self.schema_revision = self.clock;
    }

    /// Marks an entity as changed.
    pub(crate) fn touch_entities(&mut self) {
        self.clock += 1;
        self.entities_revision = self.clock;
    }

    /// Marks a table other than the schema and the entities as changed.
    pub(crate) fn touch_tables(&mut self) {
        self.clock += 1;
        self.tables_revision = self.clock;
    }

    /// True where these sheets are what they are in another copy of the data. Quick, and may say false where they are equal.
    #[must_use]
    pub(crate) fn has_sheets_of<'s>(&self, other: &Self, mut sheets: impl Iterator<Item = &'s SheetKey>) -> bool {
        sheets.all(|key| self.sheet(key).has_rows_of(other.sheet(key)) && self.sheet(key).info == other.sheet(key).info)
    }

    /// Becomes what a copy of it, which was `before`, has become by changes of its tables and of these sheets, all of which are loaded.
    /// What else is loaded stays. Returns what was there before.
    pub(crate) fn take_over<'s>(&mut self, before: &Self, mut changed: Self, sheets: impl Iterator<Item = &'s SheetKey>) -> Self {
        if !Arc::ptr_eq(&before.schema, &changed.schema) {
            std::mem::swap(&mut self.schema, &mut changed.schema);
            self.touch_schema();
        }
        if before.entities_revision != changed.entities_revision {
            std::mem::swap(&mut self.entities, &mut changed.entities);
            self.touch_entities();
        }
        if before.tables_revision != changed.tables_revision {
            std::mem::swap(&mut self.project, &mut changed.project);
            std::mem::swap(&mut self.coders, &mut changed.coders);
            std::mem::swap(&mut self.documents, &mut changed.documents);
            self.touch_tables();
        }
        for key in sheets {
            match changed.sheets.remove(key) {
                Some(sheet) => drop(self.sheets.insert(key.clone(), sheet)),
                None => drop(self.sheets.remove(key)),
            }
            self.touch_sheet(key);
        }
        changed
    }

    /// Replaces the text of a document: all that was made from it or from a sheet of it is out of date.
    pub(crate) fn set_text(&mut self, document: &DocumentId, text: Text) {
        self.texts.insert(document.clone(), text);
        let known = self.revisions.keys().chain(self.sheets.keys());
        let keys: BTreeSet<SheetKey> = known.filter(|key| key.document == *document).cloned().collect();
        keys.iter().for_each(|key| self.touch_sheet(key));
        self.touch_tables();
    }

    /// Sheets of a document that are loaded and not blank.
    pub fn sheets_of<'s>(&'s self, document: &'s DocumentId) -> impl Iterator<Item = (&'s SheetKey, &'s Arc<Sheet>)> {
        self.sheets.range(SheetKey::from_first_of(document)).take_while(move |(key, _)| key.document == *document)
    }

    /// Puts in a document's text and one coder's sheet as they were read. Not a change: nothing is journalled.
    pub(crate) fn insert_loaded(&mut self, key: &SheetKey, text: Text, sheet: Sheet) {
        self.texts.insert(key.document.clone(), text);
        if !sheet.is_blank() {
            self.sheets.insert(key.clone(), Arc::new(sheet));
        }
        self.touch_sheet(key);
    }

    /// Forgets a document's text and sheets; they can be read again.
    pub(crate) fn unload(&mut self, document: &DocumentId) {
        self.texts.remove(document);
        let keys: Vec<SheetKey> = self.sheets_of(document).map(|(key, _)| key.clone()).collect();
        keys.iter().for_each(|key| drop(self.sheets.remove(key)));
    }
}
