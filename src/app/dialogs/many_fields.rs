//! The fields of several documents: what they have in common, and what is to become the same.

use std::sync::Arc;

use eframe::egui::{Checkbox, TextEdit, Ui};

use super::{Next, Pressed, buttons_ui, title_ui};
use crate::app::queue::{Action, Queue};
use crate::app::words::{tr, tr_count, tr_with};
use crate::edit::ops::FieldChanges;
use crate::model::{Date, Document, DocumentId, Rows};

/// A name, and where the value is.
type FieldRow = (&'static str, fn(&Document) -> String);

const FIELDS: [FieldRow; 6] = [
    ("Title", |document| document.title.clone()),
    ("Source", |document| document.source.clone()),
    ("Author", |document| document.author.clone()),
    ("Date", |document| document.date.as_ref().map(ToString::to_string).unwrap_or_default()),
    ("URL", |document| document.url.clone()),
    ("Language", |document| document.language.clone()),
];

/// The documents, and what stands in the fields.
pub(crate) struct ManyFieldsForm {
    ids: Vec<DocumentId>,
    values: [Value; FIELDS.len()],
}

/// A field of all of them.
#[derive(Default)]
struct Value {
    text: String,
    // The documents have different ones.
    differs: bool,
    is_touched: bool,
}

impl ManyFieldsForm {
    pub(crate) fn new(rows: &Rows<DocumentId, Arc<Document>>, ids: Vec<DocumentId>) -> Self {
        let values = FIELDS.map(|(_, value)| {
            let mut values = ids.iter().filter_map(|id| rows.get(id).map(Arc::as_ref)).map(value);
            let first = values.next().unwrap_or_default();
            let differs = values.any(|other| other != first);
            Value { text: if differs { String::new() } else { first }, differs, is_touched: false }
        });
        Self { ids, values }
    }

    pub(super) fn ui(&mut self, ui: &mut Ui, queue: &mut Queue) -> Next {
        title_ui(ui, &tr_count("Fields of {} document", "Fields of {} documents", self.ids.len()), 520.0);
        ui.weak(tr("Only the fields that are ticked change; they become the same in all of these documents."));
        ui.add_space(4.0);
        for ((name, _), value) in FIELDS.iter().zip(&mut self.values) {
            value_ui(ui, name, value);
        }
        let changes = self.changes();
        if let Err(error) = &changes {
            ui.colored_label(ui.visuals().error_fg_color, error);
        }
        let is_touched = self.values.iter().any(|value| value.is_touched);
        match (buttons_ui(ui, "Change all", is_touched && changes.is_ok()), changes) {
            (Some(Pressed::Done), Ok(changes)) => {
                queue.push(Action::SetFieldsOfMany { ids: std::mem::take(&mut self.ids), changes });
                Next::Close
            }
            (Some(_), _) => Next::Close,
            (None, _) => Next::Stay,
        }
    }

    fn changes(&self) -> Result<FieldChanges, String> {
        let [title, source, author, date, url, language] = &self.values;
        let text = |value: &Value| value.is_touched.then(|| value.text.trim().to_owned());
        let date: Option<Option<Date>> = match text(date) {
            None => None,
            Some(typed) if typed.is_empty() => Some(None),
            Some(typed) => Some(Some(typed.parse()?)),
        };
        Ok(FieldChanges { title: text(title), source: text(source), author: text(author), date, url: text(url), language: text(language) })
    }
}

/// Typing ticks the field.
fn value_ui(ui: &mut Ui, name: &str, value: &mut Value) {
    ui.horizontal(|ui| {
        ui.add(Checkbox::without_text(&mut value.is_touched))
            .on_hover_text(tr("Change it in all of them"))
            .widget_info(|| eframe::egui::WidgetInfo::labeled(eframe::egui::Role::CheckBox, true, tr_with("Change {}", tr(name))));
        let label = ui.label(tr(name));
        ui.add_space((84.0 - label.rect.width()).max(4.0));
        let hint = match (value.differs, value.is_touched) {
            (true, false) => tr("different values"),
            (_, true) => tr("will be empty"),
            (false, false) => tr("empty in all of them"),
        };
        let field = ui.add(TextEdit::singleline(&mut value.text).desired_width(f32::INFINITY).hint_text(hint.into_owned())).labelled_by(label.id);
        value.is_touched |= field.changed();
    });
}
