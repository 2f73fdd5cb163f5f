//! The selected relation: type, ends, attributes, note; and the relations of a mark.

use eframe::egui::{Button, ComboBox, Link, Role, Ui, WidgetInfo};

use super::Inspector;
use crate::app::queue::{Action, Queue};
use crate::app::relating::{node_name, relation_type_name};
use crate::app::session::Session;
use crate::app::words::{tr, tr_with};
use crate::edit::ops::{AttributeOwner, Words};
use crate::model::{Node, Relation, RelationId, SheetKey, Target};
use crate::text::with_symbols;

impl Inspector {
    pub(super) fn relation_ui(&mut self, ui: &mut Ui, session: &Session, key: &SheetKey, id: RelationId, queue: &mut Queue) {
        let Some(relation) = session.sheet_of(key).relations.get(&id) else { return };
        let schema = &session.workspace.state().schema;
        head_ui(ui, session, (id, relation), queue);
        for (name, end) in [("From", relation.from), ("To", relation.to)] {
            ui.horizontal_wrapped(|ui| {
                ui.weak(tr(name));
                let words = node_name(session, key, end);
                let link = ui.add(Link::new(&words));
                link.widget_info(|| WidgetInfo::labeled(Role::Link, true, tr_with("Go to {}", &words)));
                if link.clicked() {
                    queue.push(Action::GoToNode(end));
                }
            });
        }
        let description = schema.relation_types.get(&relation.label).map(|def| with_symbols(&def.description)).unwrap_or_default();
        if !description.is_empty() {
            ui.weak(description);
        }
        let defs = schema.attributes_of(Target::Relation, None);
        self.attributes_ui(ui, &defs, &relation.attributes, AttributeOwner::Relation(id), queue);
        self.words_ui(ui, "Note", Words::RelationNote(id), &relation.note, queue);
        relations_ui(ui, session, key, Node::Relation(id), queue);
    }
}

/// The type, to change, and what can be done with the relation as a whole.
fn head_ui(ui: &mut Ui, session: &Session, (id, relation): (RelationId, &Relation), queue: &mut Queue) {
    let schema = &session.workspace.state().schema;
    let name = relation_type_name(schema, &relation.label);
    ui.horizontal_wrapped(|ui| {
        let combo = ComboBox::from_id_salt("relation type").selected_text(&name).width(150.0);
        let response = combo.show_ui(ui, |ui| {
            let fits = |def: &crate::model::RelationType| def.joins(relation.from.kind(), relation.to.kind());
            for (key, def) in schema.offered_relation_types().into_iter().filter(|(_, def)| fits(def)) {
                if ui.selectable_label(*key == relation.label, with_symbols(&def.name)).clicked() && *key != relation.label {
                    queue.push(Action::SetRelationType(id, key.clone()));
                }
            }
        });
        response.response.widget_info(|| WidgetInfo::labeled(Role::ComboBox, true, format!("{}: {name}", tr("Relation"))));
        let is_symmetric = schema.relation_types.get(&relation.label).is_some_and(|def| def.symmetric);
        if !is_symmetric && ui.button(tr("Turn round")).on_hover_text("Ctrl+Shift+R").clicked() {
            queue.push(Action::ReverseRelation(id));
        }
        if ui.button(tr("Delete")).clicked() {
            queue.push(Action::DeleteRelation(id));
        }
    });
}

/// The relations at a node, and the way to another one.
pub(super) fn relations_ui(ui: &mut Ui, session: &Session, key: &SheetKey, node: Node, queue: &mut Queue) {
    let schema = &session.workspace.state().schema;
    if schema.relation_types.is_empty() {
        return;
    }
    ui.add_space(4.0);
    ui.horizontal(|ui| {
        ui.weak(tr("Relations"));
        let add = ui.add(Button::new("+").small()).on_hover_text(format!("{} (-)", tr("Draw a relation…")));
        add.widget_info(|| WidgetInfo::labeled(Role::Button, true, tr("Draw a relation from here")));
        if add.clicked() {
            queue.push(Action::OpenRelate(None));
        }
    });
    for (id, relation) in session.sheet_of(key).relations_at(node) {
        let is_start = relation.from == node;
        let other = if is_start { relation.to } else { relation.from };
        let is_symmetric = schema.relation_types.get(&relation.label).is_some_and(|def| def.symmetric);
        let arrow = if is_symmetric {
            "–"
        } else if is_start {
            "→"
        } else {
            "←"
        };
        let line = format!("{arrow} {}  {}", relation_type_name(schema, &relation.label), node_name(session, key, other));
        if ui.add(Link::new(line)).clicked() {
            queue.push(Action::SelectRelation(Some(id)));
        }
    }
}
