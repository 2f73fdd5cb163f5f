//! The inspector: everything about the selected mark, or about the document, to see and to change.

mod attributes;
mod entity;
mod mark;
mod regions;
mod relation;
mod roles;

use eframe::egui::{Grid, Response, RichText, ScrollArea, Ui};

use super::drafts::{self, Drafts};
use super::queue::Queue;
use super::regions::Proposals;
use super::session::Session;
use super::side_panel::SideTab;
use super::words::tr;
use crate::edit::ops::{AttributeOwner, Words};
use crate::model::{AttributeKey, SheetKey, Status, Target};
use crate::text::offsets::Checkpoints;
use crate::text::{TextHash, with_symbols};

/// A field of the inspector.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Focus {
    /// The note on the selected mark.
    Note,
    /// The claim in the coder's words.
    Normalized,
    /// An attribute without choices.
    Attribute(AttributeKey),
    /// The name of the selected entity.
    EntityName,
}

/// Texts that are being typed, and what is costly to say of the selected mark.
#[derive(Default)]
pub(crate) struct Inspector {
    /// The field that gets the keyboard in the next frame.
    pub(crate) focus: Option<Focus>,
    drafts: Drafts,
    proposals: Proposals,
    places: mark::Places,
}

impl Inspector {
    pub(crate) fn ui(&mut self, ui: &mut Ui, session: &Session, side: SideTab, queue: &mut Queue) {
        let Some(key) = session.current() else { return };
        ui.add_space(4.0);
        // The document has the whole side for itself; what is selected shares it with the lists.
        let height = ui.available_height() * if side == SideTab::Document { 1.0 } else { 0.58 };
        ScrollArea::vertical().id_salt("inspector").max_height(height).auto_shrink([false, true]).show(ui, |ui| {
            let selected = (session.selected, session.selected_relation, session.selected_entity);
            ui.add_enabled_ui(session.is_writable(), |ui| match selected {
                _ if side == SideTab::Document => self.document_ui(ui, session, key, queue),
                (Some(mark), _, _) => self.mark_ui(ui, session, key, mark, queue),
                (None, Some(relation), _) => self.relation_ui(ui, session, key, relation, queue),
                (None, None, Some(entity)) => self.entity_ui(ui, session, entity, queue),
                (None, None, None) => self.document_ui(ui, session, key, queue),
            });
        });
        self.drafts.flush_left(queue);
    }

    /// Takes the characters of a text, which were counted beside the window.
    pub(crate) fn take_counted(&mut self, characters: (TextHash, Checkpoints)) {
        self.places.take_counted(characters);
    }

    /// Keeps what is being typed: the window closes.
    pub(crate) fn flush(&mut self, queue: &mut Queue) {
        self.drafts.flush_left(queue);
    }

    fn document_ui(&mut self, ui: &mut Ui, session: &Session, key: &SheetKey, queue: &mut Queue) {
        let state = session.workspace.state();
        let Some(document) = state.document(&key.document) else { return };
        ui.heading(tr("Document"));
        ui.label(RichText::new(with_symbols(&document.title)).strong());
        Grid::new("fields").num_columns(2).spacing([12.0, 4.0]).show(ui, |ui| {
            let date = document.date.as_ref().map(ToString::to_string).unwrap_or_default();
            let fields = [
                ("Source", &document.source),
                ("Author", &document.author),
                ("Date", &date),
                ("URL", &document.url),
                ("Language", &document.language),
                ("File", &document.file_name),
            ];
            for (name, value) in fields.into_iter().filter(|(_, value)| !value.is_empty()) {
                ui.weak(tr(name));
                ui.add(eframe::egui::Label::new(value).truncate());
                ui.end_row();
            }
            ui.weak(tr("Encoding"));
            ui.label(format!("{}{}", document.decoding.encoding, if document.decoding.bom { " (BOM)" } else { "" }));
            ui.end_row();
        });
        // Not in the grid: in a narrow window the choices take two rows.
        ui.horizontal_wrapped(|ui| {
            ui.weak(tr("Status"));
            status_ui(ui, session.sheet_of(key).info.status, queue);
        });
        if ui.button(tr("Edit fields…")).clicked() {
            queue.run("edit-fields");
        }
        ui.add_space(6.0);
        let sheet = session.sheet_of(key);
        let defs = state.schema.attributes_of(Target::Document, None);
        self.attributes_ui(ui, &defs, &sheet.info.attributes, AttributeOwner::Document, queue);
        self.words_ui(ui, "Note on the document", Words::DocumentNote, &sheet.info.note, queue);
        self.regions_ui(ui, session, key, queue);
    }

    /// A field of several lines for the coder's words; kept as they are typed.
    fn words_ui(&mut self, ui: &mut Ui, name: &str, words: Words, value: &str, queue: &mut Queue) {
        ui.add_space(4.0);
        let label = ui.weak(tr(name));
        let draft = drafts::Key::Words(words);
        let field = match words {
            Words::Normalized(_) => self.drafts.sentence_ui(ui, &draft, value, queue),
            Words::Note(_) | Words::RelationNote(_) | Words::DocumentNote => self.drafts.multiline_ui(ui, &draft, value, queue),
        };
        let field = field.labelled_by(label.id);
        match words {
            Words::Note(_) => self.take_focus(&Focus::Note, &field),
            Words::Normalized(_) => self.take_focus(&Focus::Normalized, &field),
            Words::RelationNote(_) => self.take_focus(&Focus::Note, &field),
            Words::DocumentNote => {}
        }
    }

    /// Gives the keyboard to a field that was asked for.
    fn take_focus(&mut self, own: &Focus, field: &Response) {
        if self.focus.as_ref() == Some(own) {
            self.focus = None;
            field.request_focus();
            field.scroll_to_me(None);
        }
    }
}

fn status_ui(ui: &mut Ui, status: Status, queue: &mut Queue) {
    let choices = [
        ("In progress", "mark-in-progress", status == Status::InProgress),
        ("Done", "mark-done", matches!(status, Status::Done | Status::DoneAnyway)),
        ("Doubtful", "mark-doubtful", status == Status::Doubtful),
    ];
    for (name, command, is_on) in choices {
        if ui.selectable_label(is_on, tr(name)).clicked() {
            queue.run(command);
        }
    }
}
