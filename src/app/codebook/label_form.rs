//! The form of a label.

use eframe::egui::{ComboBox, Role, Ui, WidgetInfo};

use super::parts::{color_ui, kind_name, shortcut_ui};
use super::{BigChange, CodebookAction, CodebookField, CodebookView};
use crate::app::queue::{Action, Queue};
use crate::app::words::{tr, tr_with};
use crate::model::{CodebookKey, Label, LabelKey, Schema};
use crate::text::with_symbols;

impl CodebookView {
    pub(super) fn label_form_ui(&mut self, ui: &mut Ui, schema: &Schema, key: &LabelKey, queue: &mut Queue) {
        let Some(label) = schema.labels.get(key) else { return };
        let row = CodebookKey::Label(key.clone());
        self.title_ui(ui, schema, &row, label.retired, queue);
        let mut changed = label.clone();
        if let Some(winner) = label.replaced_by.as_ref() {
            let name = schema.labels.get(winner).map_or(winner.as_str(), |label| label.name.as_str());
            ui.colored_label(
                ui.visuals().warn_fg_color,
                tr_with("Merged into {}; rows that still have it are listed by the checks.", with_symbols(name)),
            );
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
            parent_ui(ui, schema, key, &mut changed);
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

/// Which label stands above it: those of its kind that do not stand below it.
fn parent_ui(ui: &mut Ui, schema: &Schema, key: &LabelKey, changed: &mut Label) {
    let name_of = |key: &LabelKey| schema.labels.get(key).map_or_else(|| key.to_string(), |label| with_symbols(&label.name).into_owned());
    let shown = changed.parent.as_ref().map_or_else(|| tr("nothing").into_owned(), name_of);
    ui.weak(tr("Stands below"));
    let combo = ComboBox::from_id_salt("parent").selected_text(&shown).width(130.0);
    let response = combo.show_ui(ui, |ui| {
        ui.selectable_value(&mut changed.parent, None, tr("nothing"));
        for (depth, other) in schema.label_tree() {
            let fits = schema.labels.get(other).is_some_and(|label| label.kind == changed.kind && label.replaced_by.is_none());
            if fits && !schema.with_parents(other).contains(key) {
                let name = format!("{}{}", "   ".repeat(depth.min(8)), name_of(other));
                ui.selectable_value(&mut changed.parent, Some(other.clone()), name);
            }
        }
    });
    response.response.widget_info(|| WidgetInfo::labeled(Role::ComboBox, true, format!("{}: {shown}", tr("Stands below"))));
}

/// Offers the labels that it could be merged into.
fn merge_ui(ui: &mut Ui, schema: &Schema, key: &LabelKey, label: &Label, queue: &mut Queue) {
    if label.replaced_by.is_some() {
        return;
    }
    ui.menu_button(tr("Merge into…"), |ui| {
        for (other, winner) in schema.offered_labels() {
            if other != key && winner.kind == label.kind && ui.button(with_symbols(&winner.name)).clicked() {
                queue.push(Action::Codebook(CodebookAction::Ask(BigChange::Merge { winner: other.clone(), loser: key.clone() })));
                ui.close();
            }
        }
    });
}
