//! The relations of the shown document; a click selects one.

use eframe::egui::{Color32, Rect, RichText, Role, ScrollArea, Sense, Stroke, Ui, WidgetInfo, pos2, vec2};

use super::line_ui;
use crate::app::queue::{Action, Queue};
use crate::app::relating::{node_name, relation_type_name};
use crate::app::session::Session;
use crate::app::theme;
use crate::model::{Relation, RelationId, SheetKey};

/// Height of a row, in points.
const ROW: f32 = 40.0;

pub(super) fn relations_ui(ui: &mut Ui, session: &Session, key: &SheetKey, queue: &mut Queue) {
    let relations = &session.sheet_of(key).relations;
    ui.spacing_mut().item_spacing.y = 0.0;
    ScrollArea::vertical().id_salt("relations").auto_shrink([false, false]).show_rows(ui, ROW, relations.len(), |ui, shown| {
        for (id, relation) in relations.iter().skip(shown.start).take(shown.len()) {
            row_ui(ui, session, key, (*id, relation), queue);
        }
    });
}

/// The type, and under it what is joined.
fn row_ui(ui: &mut Ui, session: &Session, key: &SheetKey, (id, relation): (RelationId, &Relation), queue: &mut Queue) {
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), ROW), Sense::click());
    let schema = &session.workspace.state().schema;
    let def = schema.relation_types.get(&relation.label);
    let name = relation_type_name(schema, &relation.label);
    let arrow = if def.is_some_and(|def| def.symmetric) { "–" } else { "→" };
    let ends = format!("{} {arrow} {}", node_name(session, key, relation.from), node_name(session, key, relation.to));
    let is_selected = session.selected_relation == Some(id);
    response.widget_info(|| WidgetInfo::selected(Role::ListBoxOption, true, is_selected, format!("{name}: {ends}")));
    if is_selected || response.hovered() {
        let fill = if is_selected { ui.visuals().selection.bg_fill } else { ui.visuals().faint_bg_color };
        ui.painter().rect_filled(rect, 3.0, fill);
    }
    let color = def.map_or(Color32::GRAY, |def| Color32::from_rgb(def.color.red, def.color.green, def.color.blue));
    let line = theme::readable(ui.visuals(), color);
    ui.painter().vline(rect.left() + 3.0, rect.shrink(4.0).y_range(), Stroke::new(3.0, line));
    let (left, middle) = (rect.left() + 11.0, rect.center().y);
    line_ui(ui, Rect::from_min_max(pos2(left, rect.top() + 2.0), pos2(rect.right() - 4.0, middle)), RichText::new(name).small().color(line));
    line_ui(ui, Rect::from_min_max(pos2(left, middle - 1.0), pos2(rect.right() - 4.0, rect.bottom() - 3.0)), RichText::new(ends));
    if response.clicked() {
        queue.push(Action::GoToRelation(id));
    }
}
