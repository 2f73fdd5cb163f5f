//! The rows of a table: colour, name and key; set in below what stands above.

use eframe::egui::{Align2, ComboBox, FontId, Rect, RichText, Role, ScrollArea, Sense, Stroke, StrokeKind, TextEdit, Ui, WidgetInfo, pos2, vec2};

use super::parts::{color_of, kind_name};
use super::{CodebookAction, CodebookView, NewKind, Table};
use crate::app::lists::line_ui;
use crate::app::queue::{Action, Queue};
use crate::app::words::{tr, tr_with};
use crate::model::{CodebookKey, Color, LabelKind, Schema};
use crate::text::with_symbols;

/// Height of a row, in points.
const ROW: f32 = 26.0;
/// How far a row is set in for each row above it, in points.
const STEP: f32 = 14.0;

impl CodebookView {
    /// A field for the name of a new row; Enter makes it.
    pub(super) fn add_ui(&mut self, ui: &mut Ui, queue: &mut Queue) {
        let (hint, name) = match self.table {
            Table::Labels => ("New label", "Name of the new label"),
            Table::Attributes => ("New attribute", "Name of the new attribute"),
            Table::Roles => ("New role", "Name of the new role"),
            Table::RelationTypes | Table::About => ("New relation", "Name of the new relation"),
        };
        ui.horizontal(|ui| {
            let extra = if self.table == Table::Labels { 150.0 } else { 54.0 };
            let width = (ui.available_width() - extra).max(60.0);
            let field = ui.add(TextEdit::singleline(&mut self.new_name).hint_text(tr(hint).into_owned()).desired_width(width));
            field.widget_info(|| WidgetInfo::labeled(Role::TextInput, true, tr(name)));
            if std::mem::take(&mut self.wants_new) {
                field.request_focus();
            }
            if self.table == Table::Labels {
                let combo = ComboBox::from_id_salt("kind of the new label").selected_text(tr(kind_name(self.new_kind.0))).width(84.0);
                let now = self.new_kind.0;
                let combo = combo.show_ui(ui, |ui| {
                    for kind in [LabelKind::Entity, LabelKind::Claim, LabelKind::Span] {
                        ui.selectable_value(&mut self.new_kind, NewKind(kind), tr(kind_name(kind)));
                    }
                });
                combo.response.widget_info(|| WidgetInfo::labeled(Role::ComboBox, true, tr_with("The new label labels: {}", tr(kind_name(now)))));
            }
            let is_entered = field.lost_focus() && ui.input(|input| input.key_pressed(eframe::egui::Key::Enter));
            let is_named = !self.new_name.trim().is_empty();
            let button = ui.add_enabled(is_named, eframe::egui::Button::new("+")).on_hover_text(tr(hint));
            button.widget_info(|| WidgetInfo::labeled(Role::Button, is_named, tr_with("Add: {}", tr(hint))));
            if is_named && (is_entered || button.clicked()) {
                queue.push(Action::Codebook(CodebookAction::Add {
                    table: self.table,
                    name: std::mem::take(&mut self.new_name),
                    kind: self.new_kind.0,
                }));
            }
        });
        ui.add_space(4.0);
    }

    pub(super) fn list_ui(&mut self, ui: &mut Ui, schema: &Schema, queue: &mut Queue) {
        let rows = self.table.rows(schema);
        let clashes = schema.shortcut_clashes();
        ui.spacing_mut().item_spacing.y = 0.0;
        let mut area = ScrollArea::vertical().id_salt(("codebook rows", self.table as u8)).auto_shrink([false, false]);
        if std::mem::take(&mut self.is_following)
            && let Some(index) = rows.iter().position(|(_, row)| Some(row) == self.selected.as_ref())
        {
            let visible = ui.available_height();
            #[expect(clippy::cast_precision_loss, reason = "a scroll offset")]
            let middle = (index as f32 + 0.5) * ROW;
            if middle > visible {
                area = area.vertical_scroll_offset(middle - visible / 2.0);
            }
        }
        area.show_rows(ui, ROW, rows.len(), |ui, shown| {
            for (depth, row) in rows.get(shown).unwrap_or_default() {
                let look = Look::of(schema, row);
                let is_clashing = look.shortcut.is_some_and(|shortcut| clashes.get(&shortcut).is_some_and(|rows| rows.contains(row)));
                if row_ui(ui, &look, *depth, self.selected.as_ref() == Some(row), is_clashing) {
                    queue.push(Action::Codebook(CodebookAction::Select(row.clone())));
                }
            }
        });
    }
}

/// What a row of the list shows.
struct Look {
    name: String,
    detail: &'static str,
    color: Option<Color>,
    shortcut: Option<char>,
    is_retired: bool,
}

impl Look {
    fn of(schema: &Schema, row: &CodebookKey) -> Self {
        let (color, shortcut, is_retired, detail) = match row {
            CodebookKey::Label(key) => schema.labels.get(key).map_or((None, None, false, ""), |label| {
                let detail = if label.replaced_by.is_some() { "merged" } else { kind_name(label.kind) };
                (Some(label.color), label.shortcut, label.retired || label.replaced_by.is_some(), detail)
            }),
            CodebookKey::Attribute(key) => {
                schema.attributes.get(key).map_or((None, None, false, ""), |def| (None, def.shortcut, def.retired, super::parts::type_name(def.kind)))
            }
            CodebookKey::Role(key) => schema
                .roles
                .get(key)
                .map_or((None, None, false, ""), |def| (None, def.shortcut, def.retired, if def.required { "required" } else { "" })),
            CodebookKey::RelationType(key) => schema.relation_types.get(key).map_or((None, None, false, ""), |def| {
                let detail = match (def.replaced_by.is_some(), def.symmetric) {
                    (true, _) => "merged",
                    (false, true) => "both ways",
                    (false, false) => "",
                };
                (Some(def.color), def.shortcut, def.retired || def.replaced_by.is_some(), detail)
            }),
        };
        Self { name: with_symbols(schema.name_of(row).unwrap_or_default()).into_owned(), detail, color, shortcut, is_retired }
    }
}

/// One row; true when it was clicked.
fn row_ui(ui: &mut Ui, look: &Look, depth: usize, is_selected: bool, is_clashing: bool) -> bool {
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), ROW), Sense::click());
    response.widget_info(|| WidgetInfo::selected(Role::ListBoxOption, true, is_selected, &look.name));
    let visuals = ui.visuals();
    if is_selected || response.hovered() {
        ui.painter().rect_filled(rect, 3.0, if is_selected { visuals.selection.bg_fill } else { visuals.faint_bg_color });
    }
    #[expect(clippy::cast_precision_loss, reason = "a depth")]
    let mut left = rect.left() + 6.0 + depth.min(8) as f32 * STEP;
    if let Some(color) = look.color {
        let swatch = Rect::from_center_size(pos2(left + 6.0, rect.center().y), vec2(12.0, 12.0));
        let color = if look.is_retired { color_of(color).gamma_multiply(0.4) } else { color_of(color) };
        ui.painter().rect(swatch, 3.0, color, Stroke::new(1.0, visuals.weak_text_color()), StrokeKind::Inside);
        left += 20.0;
    }
    let mut right = rect.right() - 8.0;
    if let Some(shortcut) = look.shortcut.filter(|_| !look.is_retired) {
        let color = if is_clashing { visuals.error_fg_color } else { visuals.weak_text_color() };
        let text = if is_clashing { format!("{shortcut} !") } else { shortcut.to_string() };
        let drawn = ui.painter().text(pos2(right, rect.center().y), Align2::RIGHT_CENTER, text, FontId::monospace(13.0), color);
        right = drawn.left() - 8.0;
    }
    if !look.detail.is_empty() && rect.width() > 200.0 {
        let detail = tr(look.detail);
        let drawn =
            ui.painter().text(pos2(right, rect.center().y), Align2::RIGHT_CENTER, detail, FontId::proportional(11.5), visuals.weak_text_color());
        right = drawn.left() - 8.0;
    }
    let name = RichText::new(&look.name);
    let name = if look.is_retired { name.strikethrough().color(visuals.weak_text_color()) } else { name };
    line_ui(ui, Rect::from_min_max(pos2(left, rect.top()), pos2(right.max(left), rect.bottom())), name);
    response.clicked()
}
