//! Parts that the forms share.

use std::collections::BTreeMap;

use eframe::egui::{Button, Color32, ComboBox, RichText, Role, ScrollArea, Sense, Stroke, StrokeKind, TextEdit, Ui, WidgetInfo, vec2};

use super::{CodebookAction, CodebookField, CodebookView, Key, RowUses};
use crate::app::queue::{Action, Queue};
use crate::app::words::{tr, tr_with};
use crate::edit::ops::Direction;
use crate::model::{AttributeKind, CodebookKey, Color, LabelKey, LabelKind, Schema, TreeRow, line_above, tree_of};
use crate::text::with_symbols;

pub(super) fn color_of(color: Color) -> Color32 {
    Color32::from_rgb(color.red, color.green, color.blue)
}

pub(super) fn kind_name(kind: LabelKind) -> &'static str {
    match kind {
        LabelKind::Entity => "entity",
        LabelKind::Claim => "claim",
        LabelKind::Span => "span",
    }
}

/// The types of attributes as the forms name them.
pub(super) const TYPES: [(AttributeKind, &str); 7] = [
    (AttributeKind::YesNo, "yes or no"),
    (AttributeKind::Choice, "one choice"),
    (AttributeKind::Choices, "several choices"),
    (AttributeKind::Text, "text"),
    (AttributeKind::Integer, "whole number"),
    (AttributeKind::Number, "number"),
    (AttributeKind::Date, "date"),
];

pub(super) fn type_name(kind: AttributeKind) -> &'static str {
    TYPES.iter().find(|(of, _)| *of == kind).map_or("", |(_, name)| name)
}

impl CodebookView {
    /// A named text field that is kept while it is typed, and what was wrong with it.
    pub(super) fn text_ui(&mut self, ui: &mut Ui, row: Option<&CodebookKey>, field: &CodebookField, name: &str, value: &str, queue: &mut Queue) {
        let label = ui.weak(tr(name));
        let key = Key::Codebook(row.cloned(), field.clone());
        let is_long = matches!(
            field,
            CodebookField::Description
                | CodebookField::Examples
                | CodebookField::Aliases
                | CodebookField::Values
                | CodebookField::ChoiceDescription(_)
        );
        let response = if is_long { self.drafts.multiline_ui(ui, &key, value, queue) } else { self.drafts.singleline_ui(ui, &key, value, "", queue) };
        let response = response.labelled_by(label.id);
        if *field == CodebookField::Name && row.is_some() && std::mem::take(&mut self.wants_name) {
            response.request_focus();
        }
        if let Some((of, faulty, why)) = &self.fault
            && (of.as_ref(), faulty) == (row, field)
        {
            ui.colored_label(ui.visuals().error_fg_color, why);
        }
    }

    /// Name, and what every row has at its head: retired or merged, places, delete.
    pub(super) fn title_ui(&mut self, ui: &mut Ui, schema: &Schema, row: &CodebookKey, is_retired: bool, queue: &mut Queue) {
        ui.horizontal_wrapped(|ui| {
            ui.heading(with_symbols(schema.name_of(row).unwrap_or_default()));
            ui.weak(RichText::new(row.as_str()).monospace()).on_hover_text(tr("The key in files and exports. It never changes."));
            if is_retired {
                ui.colored_label(ui.visuals().warn_fg_color, tr("retired"));
            }
        });
        RowUses::ui(self.uses.as_ref(), ui, row);
        ui.horizontal_wrapped(|ui| {
            for (name, hint, direction) in [("⬆", "Up (Alt+Up)", Direction::Up), ("⬇", "Down (Alt+Down)", Direction::Down)] {
                let button = ui.button(name).on_hover_text(tr(hint));
                button.widget_info(|| WidgetInfo::labeled(Role::Button, true, tr(hint)));
                if button.clicked() {
                    queue.push(Action::Codebook(CodebookAction::Move(row.clone(), direction)));
                }
            }
            let (name, hint) = match is_retired {
                true => ("Offer again", "It can be given again"),
                false => ("Retire", "It is not offered any more; what has it keeps it"),
            };
            if ui.button(tr(name)).on_hover_text(tr(hint)).clicked() {
                queue.push(Action::Codebook(CodebookAction::Retire(row.clone(), !is_retired)));
            }
            if ui.button(tr("Delete…")).on_hover_text(tr("Shows first where it is used")).clicked() {
                queue.push(Action::Codebook(CodebookAction::Ask(super::BigChange::Delete(row.clone()))));
            }
        });
        ui.add_space(6.0);
    }
}

/// The key on the keyboard, and who has it too. Some(key) when it was changed.
pub(super) fn shortcut_ui(ui: &mut Ui, schema: &Schema, row: &CodebookKey, shortcut: Option<char>) -> Option<Option<char>> {
    let mut text = shortcut.map(String::from).unwrap_or_default();
    let mut changed = None;
    ui.vertical(|ui| {
        let label = ui.weak(tr("Key"));
        ui.horizontal(|ui| {
            let field = ui.add(TextEdit::singleline(&mut text).desired_width(28.0)).labelled_by(label.id);
            if field.changed() {
                // The letter that was typed last.
                let typed = text.chars().rfind(|c| Some(*c) != shortcut);
                changed = Some(typed.or_else(|| text.chars().next_back()));
            }
            field.on_hover_text(tr("One letter or digit; a capital letter is pressed with Shift"));
            let others: Vec<&str> = schema
                .shortcuts()
                .iter()
                .filter(|(other, of_other)| Some(*of_other) == shortcut && other != row)
                .filter_map(|(other, _)| schema.name_of(other))
                .collect();
            if !others.is_empty() {
                ui.colored_label(ui.visuals().error_fg_color, tr_with("also the key of {}", with_symbols(&others.join(", "))));
            }
        });
    });
    changed
}

/// The colours that are proposed, and any other. Some(colour) when it was changed.
pub(super) fn color_ui(ui: &mut Ui, color: Color) -> Option<Color> {
    let mut chosen = None;
    ui.weak(tr("Colour"));
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing.x = 5.0;
        for n in 0..Color::PALETTE_LEN {
            let proposed = Color::from_palette(n);
            let (rect, response) = ui.allocate_exact_size(vec2(22.0, 22.0), Sense::click());
            let name = proposed.to_string();
            response.widget_info(|| WidgetInfo::selected(Role::RadioButton, true, proposed == color, tr_with("Colour {}", &name)));
            ui.painter().rect_filled(rect.shrink(2.0), 4.0, color_of(proposed));
            if proposed == color {
                ui.painter().rect_stroke(rect, 5.0, Stroke::new(2.0, ui.visuals().text_color()), StrokeKind::Inside);
            }
            if response.on_hover_text(name).clicked() {
                chosen = Some(proposed);
            }
        }
        let mut rgb = [color.red, color.green, color.blue];
        let other = ui.color_edit_button_srgb(&mut rgb);
        other.widget_info(|| WidgetInfo::labeled(Role::Button, true, tr("Another colour")));
        let own = Color { red: rgb[0], green: rgb[1], blue: rgb[2] };
        if other.on_hover_text(tr("Another colour")).changed() && own != color {
            chosen = Some(own);
        }
    });
    chosen
}

/// Which row stands above it: those that fit and do not stand below it.
pub(super) fn parent_ui<K: Ord + Clone, R: TreeRow<K>>(
    ui: &mut Ui,
    rows: &BTreeMap<K, R>,
    key: &K,
    parent: &mut Option<K>,
    fits: impl Fn(&R) -> bool,
    name_of: impl Fn(&R) -> &String,
) {
    let shown = parent.as_ref().and_then(|parent| rows.get(parent));
    let shown = shown.map_or_else(|| tr("nothing").into_owned(), |row| with_symbols(name_of(row)).into_owned());
    ui.weak(tr("Stands below"));
    let combo = ComboBox::from_id_salt("parent").selected_text(&shown).width(130.0);
    let response = combo.show_ui(ui, |ui| {
        ui.selectable_value(parent, None, tr("nothing"));
        for (depth, other) in tree_of(rows) {
            let Some(row) = rows.get(other).filter(|row| fits(row)) else { continue };
            if !line_above(rows, other).contains(key) {
                let name = format!("{}{}", "   ".repeat(depth.min(8)), with_symbols(name_of(row)));
                ui.selectable_value(parent, Some(other.clone()), name);
            }
        }
    });
    response.response.widget_info(|| WidgetInfo::labeled(Role::ComboBox, true, format!("{}: {shown}", tr("Stands below"))));
}

/// A menu of what the row could be merged into.
pub(super) fn merge_menu_ui<'s, K>(ui: &mut Ui, winners: impl Iterator<Item = (&'s K, &'s str)>) -> Option<&'s K> {
    let mut chosen = None;
    ui.menu_button(tr("Merge into…"), |ui| {
        ScrollArea::vertical().max_height(320.0).show(ui, |ui| {
            for (key, name) in winners {
                if ui.button(with_symbols(name)).clicked() {
                    chosen = Some(key);
                    ui.close();
                }
            }
        });
    });
    chosen
}

/// Says that a row was merged.
pub(super) fn merged_ui(ui: &mut Ui, winner: &str) {
    let text = tr_with("Merged into {}; rows that still have it are listed by the checks.", with_symbols(winner));
    ui.colored_label(ui.visuals().warn_fg_color, text);
}

/// Labels of which some are chosen; none stands for all. True when the choice was changed.
pub(super) fn labels_ui(ui: &mut Ui, schema: &Schema, name: &str, fits: impl Fn(LabelKind) -> bool, chosen: &mut Vec<LabelKey>) -> bool {
    let mut is_changed = false;
    ui.weak(tr(name));
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing = vec2(4.0, 4.0);
        let is_all = chosen.is_empty();
        if ui.selectable_label(is_all, tr("all")).clicked() && !is_all {
            chosen.clear();
            is_changed = true;
        }
        for (_, key) in schema.label_tree() {
            let Some(label) = schema.labels.get(key) else { continue };
            let is_chosen = chosen.contains(key);
            if !is_chosen && (label.retired || label.replaced_by.is_some() || !fits(label.kind)) {
                continue;
            }
            if ui.selectable_label(is_chosen, with_symbols(&label.name)).clicked() {
                if is_chosen {
                    chosen.retain(|other| other != key);
                } else {
                    chosen.push(key.clone());
                }
                is_changed = true;
            }
        }
    });
    is_changed
}

/// Choices of which any number can be on. True when it was changed.
pub(super) fn set_ui<T: Copy + PartialEq>(ui: &mut Ui, name: &str, all: &[(T, &str)], chosen: &mut Vec<T>) -> bool {
    let mut is_changed = false;
    ui.weak(tr(name));
    ui.horizontal_wrapped(|ui| {
        for (value, name) in all {
            let mut is_on = chosen.contains(value);
            if ui.checkbox(&mut is_on, tr(name)).changed() {
                // In the order in which they are shown, so that equal choices are equal rows.
                let kept: Vec<T> =
                    all.iter().map(|(other, _)| *other).filter(|other| if other == value { is_on } else { chosen.contains(other) }).collect();
                *chosen = kept;
                is_changed = true;
            }
        }
    });
    is_changed
}

/// A small button beside a heading.
pub(super) fn small_button(ui: &mut Ui, name: &str, hint: &str) -> bool {
    let button = ui.add(Button::new(tr(name)).small());
    button.widget_info(|| WidgetInfo::labeled(Role::Button, true, tr(hint)));
    button.on_hover_text(tr(hint)).clicked()
}
