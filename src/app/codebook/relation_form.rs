//! The form of a type of relation.

use eframe::egui::Ui;

use super::parts::{color_ui, merge_menu_ui, merged_ui, parent_ui, set_ui, shortcut_ui};
use super::{BigChange, CodebookAction, CodebookField, CodebookView};
use crate::app::queue::{Action, Queue};
use crate::app::words::tr;
use crate::model::{CodebookKey, NodeKind, RelationKey, RelationType, Schema};

const NODES: [(NodeKind, &str); 4] =
    [(NodeKind::Span, "spans"), (NodeKind::Claim, "claims"), (NodeKind::Entity, "entities"), (NodeKind::Relation, "relations")];

impl CodebookView {
    pub(super) fn relation_form_ui(&mut self, ui: &mut Ui, schema: &Schema, key: &RelationKey, queue: &mut Queue) {
        let Some(def) = schema.relation_types.get(key) else { return };
        let row = CodebookKey::RelationType(key.clone());
        self.title_ui(ui, schema, &row, def.retired, queue);
        let mut changed = def.clone();
        if let Some(winner) = &def.replaced_by {
            merged_ui(ui, schema.relation_types.get(winner).map_or(winner.as_str(), |def| def.name.as_str()));
        }
        self.text_ui(ui, Some(&row), &CodebookField::Name, "Name", &def.name, queue);
        ui.horizontal(|ui| {
            ui.vertical(|ui| {
                ui.set_max_width(150.0);
                self.text_ui(ui, Some(&row), &CodebookField::Short, "Short name in the text", &def.short, queue);
            });
            if let Some(shortcut) = shortcut_ui(ui, schema, &row, def.shortcut) {
                changed.shortcut = shortcut;
            }
        });
        if let Some(color) = color_ui(ui, def.color) {
            changed.color = color;
        }
        ui.add_space(4.0);
        ui.horizontal_wrapped(|ui| {
            let fits = |other: &RelationType| other.replaced_by.is_none();
            parent_ui(ui, &schema.relation_types, key, &mut changed.parent, fits, |other| &other.name);
            ui.add_space(10.0);
            merge_ui(ui, schema, key, def, queue);
        });
        set_ui(ui, "Leads from (none: anything)", &NODES, &mut changed.from);
        set_ui(ui, "Leads to (none: anything)", &NODES, &mut changed.to);
        ui.checkbox(&mut changed.symmetric, tr("Without direction"));
        self.text_ui(ui, Some(&row), &CodebookField::Description, "When to use it", &def.description, queue);
        self.text_ui(ui, Some(&row), &CodebookField::Examples, "Examples, one a line", &def.examples.join("\n"), queue);
        self.text_ui(ui, Some(&row), &CodebookField::Aliases, "Other names, one a line", &def.aliases.join("\n"), queue);
        if changed != *def {
            queue.push(Action::Codebook(CodebookAction::RelationType(key.clone(), Box::new(changed))));
        }
    }
}

/// Offers the types that it could be merged into.
fn merge_ui(ui: &mut Ui, schema: &Schema, key: &RelationKey, def: &RelationType, queue: &mut Queue) {
    if def.replaced_by.is_some() {
        return;
    }
    let winners = schema.offered_relation_types().into_iter().filter(|(other, _)| *other != key);
    if let Some(winner) = merge_menu_ui(ui, winners.map(|(key, def)| (key, def.name.as_str()))) {
        let change = BigChange::MergeTypes { winner: winner.clone(), loser: key.clone() };
        queue.push(Action::Codebook(CodebookAction::Ask(change)));
    }
}
