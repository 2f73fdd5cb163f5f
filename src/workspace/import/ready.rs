//! What was read becomes a part of the project: first the texts, which nobody sees yet, then the rows, in one step or in
//! pieces between which the window draws.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use super::super::fit_schema::fit_schema;
use super::super::{DocumentWriter, Leaving, NewDocument, Workspace, WorkspaceError};
use super::ImportReport;
use super::pieces::{ImportPieces, Piece, Pieces, ReadyPiece};
use crate::edit::{Change, Edit};
use crate::format::{Batch, Item, Tables, Undecoded};
use crate::model::{Document, DocumentId, Entity, EntityId, Finding, IdSource, LabelKey, Schema, Severity, SheetKey, State};
use crate::progress::CancelToken;
use crate::store::{Disk, Loader, StoreError, parallel};

/// Where nobody waits, what so many pieces have added is written together.
const WRITTEN_TOGETHER: usize = 16;
/// What a document weighs, compared with a span.
const DOCUMENT_WEIGHT: usize = 10;
/// The project as it is when an import begins, for any thread.
#[derive(Debug)]
pub struct ImportBase {
    state: State,
    loaded: BTreeSet<SheetKey>,
    loader: Loader,
    writer: DocumentWriter,
    // For rows that wait on the disk.
    waits_in: (PathBuf, Disk),
    ids: IdSource,
    // New documents of the same import, which are in the project already.
    before: BTreeSet<DocumentId>,
}

/// An import whose texts are written. Nobody sees them before its pieces are added; what is never added is taken back.
#[derive(Debug)]
pub struct ReadyImport {
    pieces: ImportPieces,
    report: ImportReport,
    // Removes the texts of documents that are not added.
    writer: DocumentWriter,
    unseen: BTreeSet<DocumentId>,
    // New documents that came with pieces.
    added: Vec<DocumentId>,
    // They, and those that were read for it.
    leaving: Leaving,
    // The revision of the project after the last piece.
    revision: Option<u64>,
    // All new documents; see `ImportBase::before`.
    new_ids: BTreeSet<DocumentId>,
}

impl Workspace {
    /// For [`super::read_ready`]. Costs little, however large the project is.
    ///
    /// # Errors
    /// When the project is read-only.
    pub fn import_base(&mut self) -> Result<ImportBase, WorkspaceError> {
        self.refuse_read_only()?;
        let (loader, writer, ids) = (self.loader(), self.document_writer(), self.ids.fork());
        let (state, loaded, waits_in) = (self.state.clone(), self.loaded.clone(), (self.state_dir.waiting(), self.disk().clone()));
        Ok(ImportBase { state, loaded, loader, writer, waits_in, ids, before: BTreeSet::new() })
    }
}

impl ImportBase {
    /// For what goes on with an import of which a part is in the project.
    pub(super) fn going_on_with(self, before: &mut ReadyImport) -> Self {
        Self { before: std::mem::take(&mut before.new_ids), ..self }
    }

    /// Writes the texts of what was read and makes its rows.
    ///
    /// # Errors
    /// When it is stopped, or a file cannot be read or written. Nothing stays then.
    pub(super) fn prepare(mut self, mut batch: Batch, cancel: &CancelToken) -> Result<ReadyImport, WorkspaceError> {
        let items = std::mem::take(&mut batch.items);
        let (count, title) = (items.len(), items.last().map(|item| item.document.title.clone()).unwrap_or_default());
        let mut adding = Adding::default();
        if let Err(error) = adding.add_items(&mut self, items, cancel) {
            adding.take_back(&self);
            return Err(error);
        }
        adding.add_in_front(&self, batch);
        Ok(adding.into_ready(self, count, &title))
    }
}

impl ReadyImport {
    /// How many pieces there are.
    #[must_use]
    pub fn pieces(&self) -> usize {
        self.pieces.len()
    }

    /// Files that wait for the choice of an encoding.
    #[must_use]
    pub fn undecoded(&self) -> &[Undecoded] {
        &self.report.undecoded
    }

    /// Labels that the codebook will get.
    #[must_use]
    pub fn new_labels(&self) -> &[LabelKey] {
        &self.report.new_labels
    }

    /// Goes on with another part of the same import, after all pieces of this one.
    pub(super) fn go_on_with(&mut self, mut more: Self) {
        self.unseen.append(&mut more.unseen);
        self.new_ids.append(&mut more.new_ids);
        let ImportReport { documents, new_labels, findings, undecoded } = std::mem::take(&mut more.report);
        self.report.documents.extend(documents);
        self.report.new_labels.extend(new_labels);
        self.report.findings.extend(findings);
        self.report.undecoded.extend(undecoded);
        // Undo shows the name of the last part.
        self.pieces.append(more.pieces.take(), name_of(self.report.documents.len()));
    }

    /// Adds all pieces. Of large imports, what was added is written and leaves memory between them.
    pub(super) fn add_pieces(&mut self, workspace: &mut Workspace) -> Result<(), WorkspaceError> {
        for added in 1.. {
            if !self.add_piece(workspace)? {
                break;
            }
            if added % WRITTEN_TOGETHER == 0 {
                self.let_go(workspace)?;
            }
        }
        Ok(())
    }

    /// What was added is written, and leaves memory.
    pub(super) fn let_go(&mut self, workspace: &mut Workspace) -> Result<(), WorkspaceError> {
        self.leaving.let_go_now(workspace)?;
        self.revision = Some(workspace.state().revision());
        Ok(())
    }

    /// Documents that were added, or read for it.
    pub fn leaving(&mut self) -> &mut Leaving {
        &mut self.leaving
    }

    /// Takes back the pieces that were added, with their texts.
    pub(super) fn take_back(&mut self, workspace: &mut Workspace) -> Result<(), WorkspaceError> {
        if self.revision.is_some() {
            workspace.undo_by_parts()?;
            self.unseen.extend(self.added.drain(..));
        }
        Ok(())
    }

    /// Its pieces, to be made ready on another thread.
    #[must_use]
    pub fn take_pieces(&mut self) -> ImportPieces {
        self.pieces.take()
    }

    /// Adds the next piece. True when there are more.
    ///
    /// # Errors
    /// As [`Self::add`], and [`ImportPieces::next_piece`].
    pub fn add_piece(&mut self, workspace: &mut Workspace) -> Result<bool, WorkspaceError> {
        let Some(piece) = self.pieces.next_piece() else { return Ok(false) };
        if let Err(error) = piece.and_then(|piece| self.add(workspace, piece)) {
            drop(self.pieces.take());
            return Err(error);
        }
        Ok(!self.pieces.is_empty())
    }

    /// Adds a piece. All pieces are one step to undo, as long as nothing else is done between them.
    ///
    /// # Errors
    /// When the rows do not fit the data. What was added before stays; nothing should be added after it.
    pub fn add(&mut self, workspace: &mut Workspace, piece: ReadyPiece) -> Result<(), WorkspaceError> {
        let mut since = self.revision.and_then(|revision| workspace.edits_since_ignoring_loads(revision));
        let goes_on = since.as_mut().is_some_and(|edits| edits.next().is_none());
        drop(since);
        let documents = piece.documents();
        let ReadyPiece { transaction, payload, sheets } = piece;
        for loaded in sheets {
            if !workspace.is_loaded(loaded.key()) {
                self.leaving.extend([loaded.key().document.clone()]);
            }
            self.report.findings.extend(workspace.insert_loaded(loaded));
        }
        workspace.apply_piece(transaction, payload, goes_on)?;
        documents.iter().for_each(|id| drop(self.unseen.take(id)));
        self.leaving.extend(documents.iter().cloned());
        self.added.extend(documents);
        self.revision = Some(workspace.state().revision());
        Ok(())
    }

    /// What there is to say. What was not added is taken back.
    #[must_use]
    pub fn finish(mut self) -> ImportReport {
        let unseen = std::mem::take(&mut self.unseen);
        if !unseen.is_empty() {
            self.report.documents.retain(|id| !unseen.contains(id));
        }
        self.writer.take_back(&unseen);
        let ids = (std::mem::take(&mut self.new_ids), std::mem::take(&mut self.added), std::mem::take(&mut self.leaving));
        parallel::drop_elsewhere(ids);
        std::mem::take(&mut self.report)
    }
}

impl Drop for ReadyImport {
    fn drop(&mut self) {
        self.writer.take_back(&self.unseen);
    }
}

fn name_of(documents: usize) -> String {
    format!("import {documents} documents")
}

/// How the step is called that brings so many documents, the last with this title.
fn name_of_step(documents: usize, title: &str) -> String {
    if documents == 1 { format!("import “{}”", title.chars().take(60).collect::<String>()) } else { name_of(documents) }
}

/// An import on its way into a project.
#[derive(Default)]
pub(super) struct Adding {
    report: ImportReport,
    pieces: Pieces,
    // The last one.
    piece: Piece,
    // Documents whose texts were written, or begun.
    written: Vec<DocumentId>,
}

impl Adding {
    /// What is read waits on the disk where there is much of it.
    pub(super) fn waiting(base: &ImportBase) -> Self {
        Self { pieces: Pieces::waiting_in(base.waits_in.clone()), ..Self::default() }
    }

    fn add_items(&mut self, base: &mut ImportBase, items: Vec<Item>, cancel: &CancelToken) -> Result<(), WorkspaceError> {
        for item in items {
            if cancel.is_cancelled() {
                return Err(StoreError::Cancelled.into());
            }
            self.add_item(base, item)?;
        }
        self.finish_texts(base)
    }

    /// Puts the texts that were written in their places.
    pub(super) fn finish_texts(&self, base: &ImportBase) -> Result<(), WorkspaceError> {
        Ok(base.writer.finish(&self.written)?)
    }

    /// Takes the texts away that were written.
    pub(super) fn take_back(&self, base: &ImportBase) {
        base.writer.take_back(&self.written);
    }

    /// Everything but the documents: rows that they refer to come before them, and what there is to say before what was said of them.
    pub(super) fn add_in_front(&mut self, base: &ImportBase, batch: Batch) {
        let Batch { tables, findings, undecoded, .. } = batch;
        let report = ImportReport { findings, undecoded, ..ImportReport::default() };
        let mut front = Self { report, ..Self::default() };
        front.add_tables(&base.state, tables);
        self.report.new_labels = front.report.new_labels;
        self.report.undecoded = front.report.undecoded;
        front.report.findings.append(&mut self.report.findings);
        self.report.findings = front.report.findings;
        let first = self.pieces.first().unwrap_or(&mut self.piece);
        front.piece.join(std::mem::take(first));
        *first = front.piece;
    }

    /// What was read of so many documents, the last with this title.
    pub(super) fn into_ready(self, base: ImportBase, documents: usize, title: &str) -> ReadyImport {
        let Self { report, mut pieces, piece, written } = self;
        if !piece.is_empty() {
            pieces.push_last(piece);
        }
        let ImportBase { writer, loader, before: new_ids, .. } = base;
        let pieces = ImportPieces::new(name_of_step(documents, title), pieces, loader);
        let unseen = written.into_iter().collect();
        ReadyImport { pieces, report, writer, unseen, added: Vec::new(), leaving: Leaving::default(), revision: None, new_ids }
    }

    fn put(&mut self, edit: Edit, weight: usize) {
        self.piece.put(edit, weight);
    }

    fn end_piece_if_full(&mut self) -> Result<(), StoreError> {
        if self.piece.is_full() { self.pieces.push(std::mem::take(&mut self.piece)) } else { Ok(()) }
    }

    fn note(&mut self, severity: Severity, rule: &'static str, message: String) {
        self.report.findings.push(Finding::new(severity, rule, message));
    }

    fn add_tables(&mut self, state: &State, tables: Tables) {
        self.add_schema(&state.schema, tables.schema);
        for (key, coder) in tables.coders {
            if !state.coders.contains_key(&key) {
                self.put(Edit::Coder(Change::insert(key, coder)), 1);
            }
        }
        for (id, entity) in tables.entities {
            self.add_entity(state, id, entity);
        }
    }

    fn add_entity(&mut self, state: &State, id: EntityId, entity: Entity) {
        match state.entities.get(&id) {
            None => self.put(Edit::Entity(Change::insert(id, entity)), 1),
            Some(known) if *known == entity => {}
            Some(known) => {
                let message = format!("the entity “{}” ({id}) is in the project with other values; those of the project stay", known.name);
                self.note(Severity::Note, "entity-differs", message);
            }
        }
    }

    fn add_schema(&mut self, known: &Schema, mut schema: Schema) {
        for why in fit_schema(known, &mut schema) {
            self.note(Severity::Warning, "codebook-mended", why);
        }
        let keys: Vec<LabelKey> = schema.labels.keys().filter(|key| !known.labels.contains_key(*key)).cloned().collect();
        self.report.new_labels.extend(keys);
        self.add_rows("label", &known.labels, schema.labels, Edit::Label);
        self.add_rows("attribute", &known.attributes, schema.attributes, Edit::Attribute);
        self.add_rows("role", &known.roles, schema.roles, Edit::Role);
        self.add_rows("relation type", &known.relation_types, schema.relation_types, Edit::RelationType);
    }

    fn add_rows<K, R>(&mut self, what: &str, known: &BTreeMap<K, R>, rows: BTreeMap<K, R>, edit: fn(Change<K, R>) -> Edit)
    where
        K: Ord + std::fmt::Display,
        R: PartialEq,
    {
        for (key, row) in rows {
            match known.get(&key) {
                None => self.put(edit(Change::insert(key, row)), 1),
                Some(same) if *same == row => {}
                Some(_) => self.note(
                    Severity::Note,
                    "codebook-differs",
                    format!("the {what} {key} is in the codebook with other details; those of the codebook stay"),
                ),
            }
        }
    }

    /// A document: its text is written, and its rows wait.
    pub(super) fn add_item(&mut self, base: &mut ImportBase, item: Item) -> Result<(), WorkspaceError> {
        match base.state.document(&item.id) {
            _ if base.before.contains(&item.id) => self.add_renamed(base, item)?,
            None => self.add_document(base, item)?,
            Some(known) if known.text_hash == *item.text.hash() && !known.in_trash => self.add_sheets(base, &item)?,
            Some(_) => self.add_renamed(base, item)?,
        }
        Ok(())
    }

    /// The id is that of another document.
    fn add_renamed(&mut self, base: &mut ImportBase, item: Item) -> Result<(), WorkspaceError> {
        let id = DocumentId::from_title(&item.document.title, base.ids.next_id());
        let message = format!("there is a document {} already, with another text; this one got the id {id}", item.id);
        self.note(Severity::Warning, "document-id-taken", message);
        self.add_document(base, Item { id, ..item })
    }

    fn add_document(&mut self, base: &mut ImportBase, item: Item) -> Result<(), WorkspaceError> {
        let Item { id, document, text, original, sheets } = item;
        let new = NewDocument { id, document, text, original: original.map(|bytes| bytes.to_vec()) };
        self.written.push(new.id.clone());
        base.writer.write(&new)?;
        base.before.insert(new.id.clone());
        self.report.documents.push(new.id.clone());
        let document = Document { text_hash: new.text.hash().clone(), ..new.document };
        self.put(Edit::Document(Change::insert(new.id.clone(), document)), DOCUMENT_WEIGHT);
        for (coder, sheet) in &sheets {
            self.piece.put_sheet(SheetKey::new(&new.id, coder), sheet);
        }
        Ok(self.end_piece_if_full()?)
    }

    /// The document is here already: sheets of coders who have none are added.
    fn add_sheets(&mut self, base: &ImportBase, item: &Item) -> Result<(), WorkspaceError> {
        for (coder, sheet) in &item.sheets {
            let key = SheetKey::new(&item.id, coder);
            let loaded = if base.loaded.contains(&key) { None } else { Some(base.loader.load(&key)?) };
            let known = loaded.as_ref().map_or_else(|| base.state.sheet(&key).as_ref(), |loaded| &loaded.sheet);
            if known.is_blank() {
                if loaded.is_some() {
                    self.piece.needs(key.clone());
                }
                self.piece.put_sheet(key, sheet);
                if self.report.documents.last() != Some(&item.id) {
                    self.report.documents.push(item.id.clone());
                }
            } else if known != sheet.as_ref() {
                let message = format!("{coder} has annotated {} here already; the sheet of the import was left out", item.id);
                self.note(Severity::Warning, "sheet-taken", message);
            }
        }
        Ok(self.end_piece_if_full()?)
    }
}
