//! What views ask for: commands (no payload) and actions (with one). Drained after the frame is drawn.

use std::path::PathBuf;

use eframe::egui::Pos2;

use super::command::Command;
use crate::edit::ops::{AttributeOwner, Edge, Words};
use crate::model::{AttributeKey, AttributeValue, Document, DocumentId, LabelKey, MarkId};
use crate::workspace::Who;

/// Something to do with a payload.
pub(crate) enum Action {
    /// A row of the command table.
    Run(&'static Command),
    /// Show a mark in the inspector, or none.
    SelectMark(Option<MarkId>),
    /// Select a mark and bring it into view.
    GoToMark(MarkId),
    /// Several marks lie under the pointer: offer them there.
    OfferMarks { marks: Vec<MarkId>, at: Pos2 },
    /// The mouse finished selecting: snap, and label at once when a label is locked.
    FinishSelection,
    /// Add the selected text to the selected mark.
    AddSelectionToMark,
    /// Move an edge of a mark to a byte offset.
    MoveEdge { mark: MarkId, edge: Edge, to: usize },
    /// Give a label: to the selected text, to the selected mark, or to the word or sentence at the caret.
    GiveLabel(LabelKey),
    /// Lock a label, so that selecting is enough; again: unlock.
    ToggleLock(LabelKey),
    /// Set an attribute, or unset it.
    SetAttribute { owner: AttributeOwner, key: AttributeKey, value: Option<AttributeValue> },
    /// Replace a note or a normalised text.
    SetWords { words: Words, text: String },
    /// Replace a document's fields.
    SetFields { id: DocumentId, fields: Box<Document> },
    /// Show a document.
    OpenDocument(DocumentId),
    /// Move a document to the trash.
    Trash(DocumentId),
    /// Take a document back from the trash.
    Restore(DocumentId),
    /// Open projects and articles by path.
    OpenPaths(Vec<PathBuf>),
    /// Open a project as one of its coders, or as a new one.
    OpenAs { dir: PathBuf, who: Who },
    /// A text typed or pasted becomes an article.
    AddText { title: String, text: String },
    /// Read files again with a chosen encoding.
    ImportAs { paths: Vec<PathBuf>, encoding: String },
    /// Read the files that waited for the answer about others.
    GoOnImporting(Vec<PathBuf>),
    /// Say who annotates.
    SetCoder(String),
    /// Make a project.
    CreateProject { dir: PathBuf, template: &'static str },
    /// Copy the project.
    SaveAs(PathBuf),
    /// Work out what an export would carry.
    PlanExport(super::dialogs::ExportChoice),
    /// Write an export.
    Export(super::dialogs::ExportChoice),
    /// Search the article.
    Find(String),
    /// Keep what this window has for a file that was changed outside.
    KeepMine,
    /// Take what another program wrote.
    TakeTheirs,
}

/// Filled by views, drained by the window.
#[derive(Default)]
pub(crate) struct Queue(Vec<Action>);

impl Queue {
    pub(crate) fn push(&mut self, action: Action) {
        self.0.push(action);
    }

    /// Asks for a command of the table by its name.
    pub(crate) fn run(&mut self, id: &str) {
        let command = super::command::find(id);
        debug_assert!(command.is_some(), "`{id}` is in the table");
        self.0.extend(command.map(Action::Run));
    }

    pub(crate) fn take(&mut self) -> Vec<Action> {
        std::mem::take(&mut self.0)
    }
}
