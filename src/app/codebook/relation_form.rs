//! The form of a type of relation.

use eframe::egui::Ui;

use super::parts::{color_ui, set_ui, shortcut_ui};
use super::{CodebookAction, CodebookField, CodebookView};
use crate::app::queue::{Action, Queue};
use crate::app::words::tr;
use crate::model::{CodebookKey, NodeKind, RelationKey, Schema};

const NODES: [(NodeKind, &str); 4] =
    [(NodeKind::Span, "spans"), (NodeKind::Claim, "claims"), (NodeKind::Entity, "entities"), (NodeKind::Relation, "relations")];

impl CodebookView {
    pub(super) fn relation_form_ui(&mut self, ui: &mut Ui, schema: &Schema, key: &RelationKey, queue: &mut Queue) {
        let Some(def) = schema.relation_types.get(key) else { return };
        let row = CodebookKey::RelationType(key.clone());
        self.title_ui(ui, schema, &row, def.retired, queue);
        let mut changed = def.clone();
        self.text_ui(ui, Some(&row), &CodebookField::Name, "Name", &def.name, queue);
        if let Some(shortcut) = shortcut_ui(ui, schema, &row, def.shortcut) {
            changed.shortcut = shortcut;
        }
        if let Some(color) = color_ui(ui, def.color) {
            changed.color = color;
        }
        set_ui(ui, "Leads from (none: anything)", &NODES, &mut changed.from);
        set_ui(ui, "Leads to (none: anything)", &NODES, &mut changed.to);
        ui.checkbox(&mut changed.symmetric, tr("Without direction"));
        self.text_ui(ui, Some(&row), &CodebookField::Description, "When to use it", &def.description, queue);
        if changed != *def {
            queue.push(Action::Codebook(CodebookAction::RelationType(key.clone(), Box::new(changed))));
        }
    }
}
