//! The form of a label.

use eframe::egui::Ui;

use super::parts::{color_ui, kind_name, merge_menu_ui, merged_ui, parent_ui, shortcut_ui};
use super::{BigChange, CodebookAction, CodebookField, CodebookView};
use crate::app::queue::{Action, Queue};
use crate::app::words::{tr, tr_with};
use crate::model::{CodebookKey, Label, LabelKey, Schema};

impl CodebookView {
    pub(super) fn label_form_ui(&mut self, ui: &mut Ui, schema: &Schema, key: &LabelKey, queue: &mut Queue) {
        let Some(label) = schema.labels.get(key) else { return };
        let row = CodebookKey::Label(key.clone());
        self.title_ui(ui, schema, &row, label.retired, queue);
        let mut changed = label.clone();
        if let Some(winner) = label.replaced_by.as_ref() {
            merged_ui(ui, schema.labels.get(winner).map_or(winner.as_str(), |label| label.name.as_str()));
        }
        self.text_ui(ui, Some(&row), &CodebookField::Name, "Name", &label.name, queue);
        ui.horizontal(|ui| {
            ui.vertical(|ui| {
                ui.set_max_width(150.0);
                self.text_ui(ui, Some(&row), &CodebookField::Short, "Short name in the text", &label.short, queue);
            });
            if let Some(shortcut) = shortcut_ui(ui, schema, &row, label.shortcut) {
                changed.shortcut = shortcut;
            }
        });
        if let Some(color) = color_ui(ui, label.color) {
            changed.color = color;
        }
        ui.add_space(4.0);
        ui.horizontal_wrapped(|ui| {
            ui.weak(tr_with("Labels: {}", tr(kind_name(label.kind))));
            ui.add_space(10.0);
            let fits = |other: &Label| other.kind == label.kind && other.replaced_by.is_none();
            parent_ui(ui, &schema.labels, key, &mut changed.parent, fits, |other| &other.name);
            ui.add_space(10.0);
            merge_ui(ui, schema, key, label, queue);
        });
        self.text_ui(ui, Some(&row), &CodebookField::Description, "When to use it", &label.description, queue);
        self.text_ui(ui, Some(&row), &CodebookField::Examples, "Examples, one a line", &label.examples.join("\n"), queue);
        self.text_ui(ui, Some(&row), &CodebookField::Aliases, "Other names, one a line", &label.aliases.join("\n"), queue);
        ui.add_space(4.0);
        ui.weak(tr("Rules"));
        let (mut may_cross, mut may_nest) = (!label.no_crossing, !label.no_nesting);
        if ui.checkbox(&mut may_cross, tr("May overlap another mark in part")).changed() {
            changed.no_crossing = !may_cross;
        }
        if ui.checkbox(&mut may_nest, tr("May lie inside another one with the same label")).changed() {
            changed.no_nesting = !may_nest;
        }
        if changed != *label {
            queue.push(Action::Codebook(CodebookAction::Label(key.clone(), Box::new(changed))));
        }
    }
}

/// Offers the labels that it could be merged into.
fn merge_ui(ui: &mut Ui, schema: &Schema, key: &LabelKey, label: &Label, queue: &mut Queue) {
    if label.replaced_by.is_some() {
        return;
    }
    let winners = schema.offered_labels().into_iter().filter(|(other, winner)| *other != key && winner.kind == label.kind);
    if let Some(winner) = merge_menu_ui(ui, winners.map(|(key, label)| (key, label.name.as_str()))) {
        queue.push(Action::Codebook(CodebookAction::Ask(BigChange::Merge { winner: winner.clone(), loser: key.clone() })));
    }
}
