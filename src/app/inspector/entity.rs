//! The selected entity: name, type, other names, knowledge-base ids, note.

use eframe::egui::{ComboBox, RichText, Ui};

use super::{Focus, Inspector, drafts};
use crate::app::label_hint::with_label_hint;
use crate::app::queue::{Action, EntityField, Queue};
use crate::app::session::Session;
use crate::app::words::{tr, tr_with};
use crate::edit::ops::AttributeOwner;
use crate::model::{Entity, EntityId, LabelKind, Target};
use crate::text::with_symbols;

impl Inspector {
    pub(crate) fn entity_ui(&mut self, ui: &mut Ui, session: &Session, id: EntityId, queue: &mut Queue) {
        let state = session.workspace.state();
        let Some((winner, entity)) = state.entity(id) else {
            ui.weak(tr("This entity is no longer there."));
            return;
        };
        ui.horizontal(|ui| {
            ui.heading(tr("Entity"));
            if entity.deleted {
                ui.colored_label(ui.visuals().warn_fg_color, tr("(deleted)"));
            }
        });
        if winner != id {
            ui.weak(tr("The entity that you looked for was merged into this one."));
        }
        self.entity_field_ui(ui, "Name", (winner, EntityField::Name), &entity.name, queue);
        type_ui(ui, session, (winner, entity), queue);
        let aliases = entity.aliases.iter().cloned().collect::<Vec<_>>().join("\n");
        self.entity_field_ui(ui, "Other names, one a line", (winner, EntityField::Aliases), &aliases, queue);
        let ids = entity.knowledge_base_ids.iter().cloned().collect::<Vec<_>>().join("\n");
        self.entity_field_ui(ui, "Ids, one a line: Wikidata (Q42) or https://…", (winner, EntityField::KnowledgeBaseIds), &ids, queue);
        let defs = state.schema.attributes_of(Target::Entity, entity.label.as_ref());
        self.attributes_ui(ui, &defs, &entity.attributes, AttributeOwner::Entity(winner), queue);
        self.entity_field_ui(ui, "Note on the entity", (winner, EntityField::Note), &entity.note, queue);
        merged_ui(ui, session, winner, queue);
    }

    fn entity_field_ui(&mut self, ui: &mut Ui, name: &str, (id, field): (EntityId, EntityField), value: &str, queue: &mut Queue) {
        ui.add_space(3.0);
        let label = ui.weak(tr(name));
        let key = drafts::Key::Entity(id, field);
        let response = match field {
            EntityField::Name => self.drafts.singleline_ui(ui, &key, value, "", queue),
            _ => self.drafts.multiline_ui(ui, &key, value, queue),
        };
        let response = response.labelled_by(label.id);
        if field == EntityField::Name {
            self.take_focus(&Focus::EntityName, &response);
        }
    }
}

/// What was merged into it, to take out again.
fn merged_ui(ui: &mut Ui, session: &Session, winner: EntityId, queue: &mut Queue) {
    let merged = session.workspace.state().entities.iter().filter(|(_, row)| row.merged_into == Some(winner));
    for (id, row) in merged {
        ui.horizontal_wrapped(|ui| {
            ui.weak(tr("Merged:"));
            ui.label(with_symbols(&row.name));
            if ui.small_button(tr_with("Take out {}", with_symbols(&row.name))).clicked() {
                queue.push(Action::UnmergeEntity(*id));
            }
        });
    }
}

fn type_ui(ui: &mut Ui, session: &Session, (id, entity): (EntityId, &Entity), queue: &mut Queue) {
    let schema = &session.workspace.state().schema;
    let name = match &entity.label {
        Some(label) => schema.labels.get(label).map_or_else(|| label.to_string(), |def| with_symbols(&def.name).into_owned()),
        None => tr("unset").into_owned(),
    };
    ui.horizontal(|ui| {
        ui.weak(tr("Type"));
        let combo = ComboBox::from_id_salt("entity type")
            .selected_text(RichText::new(&name))
            .width((ui.available_width() - 20.0).clamp(50.0, 170.0))
            .truncate();
        let response = combo.show_ui(ui, |ui| {
            if ui.selectable_label(entity.label.is_none(), tr("unset")).clicked() {
                queue.push(Action::RetypeEntity(id, None));
            }
            for (key, def) in schema.offered_labels().into_iter().filter(|(_, def)| def.kind == LabelKind::Entity) {
                let item = ui.selectable_label(entity.label.as_ref() == Some(key), with_symbols(&def.name));
                if with_label_hint(item, def).clicked() {
                    queue.push(Action::RetypeEntity(id, Some(key.clone())));
                }
            }
        });
        response.response.widget_info(|| eframe::egui::WidgetInfo::labeled(eframe::egui::Role::ComboBox, true, format!("{}: {name}", tr("Type"))));
    });
}
