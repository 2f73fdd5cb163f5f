//! The entities that the shown document mentions, with how often; a click shows one and lights its mentions up.

use std::collections::BTreeMap;

use eframe::egui::{RichText, Role, ScrollArea, Sense, Ui, WidgetInfo, vec2};

use super::line_ui;
use crate::app::queue::{Action, Queue};
use crate::app::session::Session;
use crate::model::{EntityId, SheetKey};
use crate::text::with_symbols;

/// Height of a row, in points.
const ROW: f32 = 24.0;

/// The rows, made anew when the sheet or the entities change.
#[derive(Default)]
pub(super) struct EntitiesHere {
    rows: Vec<Row>,
    rows_for: Option<(SheetKey, u64, u64)>,
}

struct Row {
    id: EntityId,
    name: String,
    mentions: usize,
}

impl EntitiesHere {
    pub(super) fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    pub(super) fn refresh(&mut self, session: &Session, key: &SheetKey) {
        let state = session.workspace.state();
        let wanted = (key.clone(), state.sheet_revision(key), state.entities_revision);
        if self.rows_for.as_ref() == Some(&wanted) {
            return;
        }
        let mut counts: BTreeMap<EntityId, usize> = BTreeMap::new();
        for id in session.sheet_of(key).spans.values().filter_map(|span| span.entity) {
            *counts.entry(id).or_default() += 1;
        }
        let mut winners: BTreeMap<EntityId, (&str, usize)> = BTreeMap::new();
        for (id, count) in counts {
            if let Some((winner, entity)) = state.entity(id) {
                winners.entry(winner).or_insert((&entity.name, 0)).1 += count;
            }
        }
        let rows = winners.into_iter().map(|(id, (name, mentions))| Row { id, name: name.to_owned(), mentions });
        self.rows = rows.collect();
        self.rows.sort_by(|a, b| b.mentions.cmp(&a.mentions).then_with(|| a.name.cmp(&b.name)));
        self.rows_for = Some(wanted);
    }

    pub(super) fn ui(&self, ui: &mut Ui, session: &Session, queue: &mut Queue) {
        ui.spacing_mut().item_spacing.y = 0.0;
        let lit = session.lit_entity();
        ScrollArea::vertical().id_salt("entities here").auto_shrink([false, false]).show_rows(ui, ROW, self.rows.len(), |ui, shown| {
            for row in self.rows.get(shown).unwrap_or_default() {
                row_ui(ui, row, lit == Some(row.id), queue);
            }
        });
    }
}

fn row_ui(ui: &mut Ui, row: &Row, is_lit: bool, queue: &mut Queue) {
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), ROW), Sense::click());
    response.widget_info(|| WidgetInfo::selected(Role::ListBoxOption, true, is_lit, format!("{} {}", with_symbols(&row.name), row.mentions)));
    if is_lit || response.hovered() {
        let fill = if is_lit { ui.visuals().selection.bg_fill } else { ui.visuals().faint_bg_color };
        ui.painter().rect_filled(rect, 3.0, fill);
    }
    let (name, count) = rect.shrink2(vec2(8.0, 0.0)).split_left_right_at_fraction(0.85);
    line_ui(ui, name, RichText::new(with_symbols(&row.name)));
    line_ui(ui, count, RichText::new(row.mentions.to_string()).small().color(ui.visuals().weak_text_color()));
    if response.clicked() {
        queue.push(Action::SelectEntity(Some(row.id)));
    }
}
