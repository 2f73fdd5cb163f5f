//! An article from typed or pasted text.

use eframe::egui::{ScrollArea, TextEdit, Ui};

use super::{Next, Pressed, buttons_ui, field_ui, title_ui};
use crate::app::queue::{Action, Queue};
use crate::app::words::{tr, tr_with};
use crate::model::Document;

/// The text and its title.
#[derive(Default)]
pub(crate) struct PasteForm {
    title: String,
    text: String,
    has_focus: bool,
}

impl PasteForm {
    pub(super) fn ui(&mut self, ui: &mut Ui, queue: &mut Queue) -> Next {
        title_ui(ui, "New article from text", 640.0);
        let label = ui.label(tr("Text"));
        ScrollArea::vertical().max_height(320.0).show(ui, |ui| {
            let field = TextEdit::multiline(&mut self.text).desired_rows(12).desired_width(f32::INFINITY).hint_text(tr("Paste the article here"));
            let field = ui.add(field).labelled_by(label.id);
            if !std::mem::replace(&mut self.has_focus, true) {
                field.request_focus();
            }
        });
        let first_line = Document::title_of(&self.text);
        field_ui(ui, "Title", &mut self.title, &first_line);
        ui.weak(format!("{} · {}", tr_with("{} characters", self.text.chars().count()), tr("kept exactly as it is")));
        match buttons_ui(ui, "Add article", !self.text.trim().is_empty()) {
            Some(Pressed::Cancel) => Next::Close,
            Some(Pressed::Done) => {
                let title = if self.title.trim().is_empty() { first_line } else { self.title.trim().to_owned() };
                queue.push(Action::AddText { title, text: std::mem::take(&mut self.text) });
                Next::Close
            }
            None => Next::Stay,
        }
    }
}
