//! The fields of a document.

use eframe::egui::Ui;

use super::{Next, Pressed, buttons_ui, field_ui, title_ui};
use crate::app::queue::{Action, Queue};
use crate::app::words::tr;
use crate::model::{Date, Document, DocumentId};

/// Fields as typed.
pub(crate) struct FieldsForm {
    id: DocumentId,
    fields: Document,
    date: String,
}

impl FieldsForm {
    pub(crate) fn new(id: &DocumentId, document: &Document) -> Self {
        let date = document.date.as_ref().map(ToString::to_string).unwrap_or_default();
        Self { id: id.clone(), fields: document.clone(), date }
    }

    pub(super) fn ui(&mut self, ui: &mut Ui, queue: &mut Queue) -> Next {
        title_ui(ui, "Fields of the document", 520.0);
        let fields = &mut self.fields;
        let rows = [
            ("Title", &mut fields.title, ""),
            ("Source", &mut fields.source, "Newspaper, agency or site"),
            ("Author", &mut fields.author, ""),
            ("Date", &mut self.date, "2016-05-17, 2016-05 or 2016"),
            ("URL", &mut fields.url, "https://…"),
            ("Language", &mut fields.language, "en, de, ar …"),
        ];
        for (name, value, hint) in rows {
            field_ui(ui, name, value, hint);
        }
        let date: Result<Option<Date>, String> = if self.date.trim().is_empty() { Ok(None) } else { self.date.trim().parse().map(Some) };
        if let Err(error) = &date {
            ui.colored_label(ui.visuals().warn_fg_color, error);
        }
        ui.weak(tr("The text itself stays as it is; Edit › Correct text… changes it."));
        match (buttons_ui(ui, "Keep", date.is_ok()), date) {
            (Some(Pressed::Done), Ok(date)) => {
                self.fields.date = date;
                queue.push(Action::SetFields { id: self.id.clone(), fields: Box::new(self.fields.clone()) });
                Next::Close
            }
            (Some(_), _) => Next::Close,
            (None, _) => Next::Stay,
        }
    }
}
