//! The form of a role of claims.

use eframe::egui::{DragValue, Role, Ui, WidgetInfo};

use super::parts::{labels_ui, set_ui, shortcut_ui};
use super::{CodebookAction, CodebookField, CodebookView};
use crate::app::queue::{Action, Queue};
use crate::app::words::tr;
use crate::model::{CodebookKey, FillerKind, LabelKind, RoleKey, Schema};

const FILLERS: [(FillerKind, &str); 4] =
    [(FillerKind::Span, "spans"), (FillerKind::Entity, "entities"), (FillerKind::Claim, "claims"), (FillerKind::Value, "values")];

impl CodebookView {
    pub(super) fn role_form_ui(&mut self, ui: &mut Ui, schema: &Schema, key: &RoleKey, queue: &mut Queue) {
        let Some(def) = schema.roles.get(key) else { return };
        let row = CodebookKey::Role(key.clone());
        self.title_ui(ui, schema, &row, def.retired, queue);
        let mut changed = def.clone();
        self.text_ui(ui, Some(&row), &CodebookField::Name, "Name", &def.name, queue);
        if let Some(shortcut) = shortcut_ui(ui, schema, &row, def.shortcut) {
            changed.shortcut = shortcut;
        }
        set_ui(ui, "Can be filled by", &FILLERS, &mut changed.accepts);
        if def.accepts.contains(&FillerKind::Value) {
            self.text_ui(ui, Some(&row), &CodebookField::Values, "Values that are offered, one a line", &def.values.join("\n"), queue);
        }
        ui.horizontal(|ui| {
            let label = ui.weak(tr("At most"));
            let field = ui.add(DragValue::new(&mut changed.max).range(0..=1000).custom_formatter(|value, _| match value {
                value if value < 1.0 => tr("any number").into_owned(),
                value => format!("{value:.0}"),
            }));
            field.widget_info(|| WidgetInfo::labeled(Role::SpinButton, true, tr("At most")));
            field.labelled_by(label.id);
        });
        ui.checkbox(&mut changed.required, tr("Required: a claim without it is unfinished"));
        labels_ui(ui, schema, "Only for claims with these labels", |kind| kind == LabelKind::Claim, &mut changed.labels);
        self.text_ui(ui, Some(&row), &CodebookField::Description, "Who or what belongs here", &def.description, queue);
        if changed != *def {
            queue.push(Action::Codebook(CodebookAction::Role(key.clone(), Box::new(changed))));
        }
    }
}
