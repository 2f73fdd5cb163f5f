//! The entities of the whole project, in the place of the article: counted, filtered, sorted, renamed, merged, split,
//! deleted. The selected one stands in the inspector.

mod duplicates;
mod keys;
mod rows;

use std::collections::BTreeSet;

use duplicates::Duplicates;
use eframe::egui::{Align, Button, Layout, Rect, RichText, Role, ScrollArea, Sense, TextEdit, Ui, WidgetInfo, vec2};
use rows::{Row, Rows, Sort};

use super::queue::{Action, Queue};
use super::session::Session;
use super::survey::Reading;
use super::words::{tr, tr_count, tr_with};
use crate::model::{Entity, EntityId};
use crate::suggest::duplicates::LikelyDuplicate;
use crate::text::with_symbols;

/// Height of a row, in points.
const ROW: f32 = 26.0;
/// Parts of the width for name, type, mentions, documents, other names and ids.
const COLUMNS: [f32; 6] = [0.28, 0.08, 0.10, 0.11, 0.25, 0.18];

/// What the table remembers between frames.
#[derive(Default)]
pub(crate) struct EntityTable {
    is_open: bool,
    filter: String,
    sort: Sort,
    is_reversed: bool,
    rows: Rows,
    /// Chosen with Ctrl, beside the selected one.
    chosen: BTreeSet<EntityId>,
    duplicates: Duplicates,
    // Bring the selected row into view in the next frame.
    is_following: bool,
    wants_filter: bool,
}

impl EntityTable {
    pub(crate) fn is_open(&self) -> bool {
        self.is_open
    }

    pub(crate) fn open(&mut self) {
        (self.is_open, self.wants_filter) = (true, false);
    }

    /// True when there was something to close.
    pub(crate) fn close(&mut self) -> bool {
        std::mem::take(&mut self.is_open)
    }

    /// A job has compared the entities.
    pub(crate) fn take_duplicates(&mut self, revision: u64, pairs: Vec<LikelyDuplicate>) {
        self.duplicates.take(revision, pairs);
    }

    /// Puts the keyboard into the filter.
    pub(crate) fn look_for(&mut self) {
        self.wants_filter = true;
    }

    /// The entities that an action is for: the chosen ones and the selected one, which comes first.
    pub(crate) fn in_hand(&self, session: &Session) -> Vec<EntityId> {
        let selected = session.selected_entity;
        selected.into_iter().chain(self.chosen.iter().copied().filter(|id| Some(*id) != selected)).collect()
    }

    pub(crate) fn ui(&mut self, ui: &mut Ui, session: &Session, queue: &mut Queue) {
        let state = session.workspace.state();
        self.rows.refresh(&session.workspace, &session.survey, (self.sort, self.is_reversed), &self.filter);
        self.chosen.retain(|id| state.entities.get(id).is_some_and(Entity::is_living));
        eframe::egui::Frame::new().inner_margin(12.0).show(ui, |ui| {
            self.head_ui(ui, session, queue);
            self.tools_ui(ui, session, queue);
            ui.add_space(4.0);
            if self.duplicates.is_shown() {
                self.duplicates.ui(ui, session, queue);
            } else {
                self.table_ui(ui, session, queue);
            }
        });
    }

    fn head_ui(&mut self, ui: &mut Ui, session: &Session, queue: &mut Queue) {
        ui.horizontal(|ui| {
            ui.heading(tr("Entities of the project"));
            ui.weak(self.rows.len().to_string());
            if matches!(session.survey.progress, Reading::Wanted | Reading::Running) {
                ui.weak(tr("counting…"));
            }
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                if ui.button(tr("Back to the article")).on_hover_text(tr("Escape")).clicked() {
                    queue.run("entity-table");
                }
            });
        });
        let field = TextEdit::singleline(&mut self.filter).hint_text(tr("Filter by name, other name or id")).desired_width(f32::INFINITY);
        let field = ui.add(field);
        field.widget_info(|| WidgetInfo::labeled(Role::TextInput, true, tr("Filter entities")));
        if std::mem::take(&mut self.wants_filter) {
            field.request_focus();
        }
    }

    fn tools_ui(&mut self, ui: &mut Ui, session: &Session, queue: &mut Queue) {
        let in_hand = self.in_hand(session);
        ui.horizontal_wrapped(|ui| {
            let is_writable = session.is_writable();
            let tool =
                |ui: &mut Ui, name: String, is_on: bool, hint: &str| ui.add_enabled(is_on && is_writable, Button::new(name)).on_hover_text(tr(hint));
            if tool(ui, tr("New entity").into_owned(), true, "Make an entity that nothing mentions yet").clicked() {
                queue.run("add-entity");
            }
            let merge = match session.selected_entity.and_then(|id| session.workspace.state().entities.get(&id)) {
                Some(entity) if in_hand.len() > 1 => tr_with("Merge into {}", with_symbols(&entity.name)),
                _ => tr("Merge").into_owned(),
            };
            if tool(ui, merge, in_hand.len() > 1, "Ctrl+click chooses several; they are merged into the selected one").clicked() {
                queue.run("merge-entities");
            }
            if tool(ui, tr("Split…").into_owned(), in_hand.len() == 1, "Give some of its uses to a new entity").clicked() {
                queue.run("split-entity");
            }
            if tool(ui, tr("Delete…").into_owned(), in_hand.len() == 1, "Shows first where it is used").clicked() {
                queue.run("delete-entity");
            }
            self.duplicates.button_ui(ui, session, queue);
            if in_hand.len() > 1 {
                ui.weak(tr_count("{} chosen", "{} chosen", in_hand.len()));
            }
        });
    }

    fn table_ui(&mut self, ui: &mut Ui, session: &Session, queue: &mut Queue) {
        self.headers_ui(ui);
        if self.rows.len() == 0 {
            ui.add_space(12.0);
            ui.weak(if self.filter.is_empty() {
                tr("No entities yet. Label a mention and press Enter: it asks whom it means.")
            } else {
                tr("Nothing fits the filter.")
            });
            return;
        }
        ui.spacing_mut().item_spacing.y = 0.0;
        let mut area = ScrollArea::vertical().id_salt("entity table").auto_shrink([false, false]);
        if std::mem::take(&mut self.is_following)
            && let Some(index) = session.selected_entity.and_then(|id| self.rows.position(id))
        {
            #[expect(clippy::cast_precision_loss, reason = "a scroll offset")]
            let middle = (index as f32 + 0.5) * ROW;
            area = area.vertical_scroll_offset((middle - ui.available_height() / 2.0).max(0.0));
        }
        let mut clicked = None;
        area.show_rows(ui, ROW, self.rows.len(), |ui, shown| {
            for index in shown {
                let Some(row) = self.rows.get(index) else { continue };
                let mark = RowMark { is_selected: session.selected_entity == Some(row.id), is_chosen: self.chosen.contains(&row.id) };
                if row_ui(ui, row, mark) {
                    clicked = Some(row.id);
                }
            }
        });
        if let Some(id) = clicked {
            self.click(ui, session, id, queue);
        }
    }

    /// A click selects; with Ctrl it chooses one more.
    fn click(&mut self, ui: &Ui, session: &Session, id: EntityId, queue: &mut Queue) {
        if ui.input(|input| input.modifiers.command) && session.selected_entity != Some(id) {
            if !self.chosen.remove(&id) {
                self.chosen.insert(id);
            }
            return;
        }
        self.chosen.clear();
        queue.push(Action::SelectEntity(Some(id)));
    }

    fn headers_ui(&mut self, ui: &mut Ui) {
        let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), ROW), Sense::hover());
        let names = [
            ("Name", Some(Sort::Name)),
            ("Type", Some(Sort::Kind)),
            ("Mentions", Some(Sort::Mentions)),
            ("Documents", Some(Sort::Documents)),
            ("Other names", None),
            ("Ids", None),
        ];
        for (cell, (name, sort)) in cells(rect).into_iter().zip(names) {
            let is_sorted = sort == Some(self.sort);
            let arrow = if !is_sorted {
                ""
            } else if self.is_reversed {
                " ▲"
            } else {
                " ▼"
            };
            let text = RichText::new(format!("{}{arrow}", tr(name))).small().strong();
            let Some(sort) = sort else {
                super::lists::line_ui(ui, cell, text);
                continue;
            };
            let response = ui.interact(cell, ui.scope_id().with(("header", name)), Sense::click());
            response.widget_info(|| WidgetInfo::labeled(Role::Button, true, tr_with("Sort by {}", tr(name))));
            let text = if response.hovered() { text.underline() } else { text };
            super::lists::line_ui(ui, if name == "Name" { cell.with_min_x(cell.left() + 6.0) } else { cell }, text);
            if response.clicked() {
                self.is_reversed = is_sorted && !self.is_reversed;
                self.sort = sort;
            }
        }
        ui.separator();
    }
}

#[derive(Clone, Copy)]
struct RowMark {
    is_selected: bool,
    is_chosen: bool,
}

fn cells(rect: Rect) -> [Rect; 6] {
    let mut left = rect.left();
    COLUMNS.map(|part| {
        let width = rect.width() * part;
        let cell = Rect::from_min_max(eframe::egui::pos2(left, rect.top()), eframe::egui::pos2(left + width - 6.0, rect.bottom()));
        left += width;
        cell
    })
}

/// One entity; true when it was clicked.
fn row_ui(ui: &mut Ui, row: &Row, mark: RowMark) -> bool {
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), ROW), Sense::click());
    response.widget_info(|| WidgetInfo::selected(Role::ListBoxOption, true, mark.is_selected || mark.is_chosen, with_symbols(&row.name)));
    if mark.is_selected || mark.is_chosen || response.hovered() {
        let fill = if mark.is_selected || mark.is_chosen { ui.visuals().selection.bg_fill } else { ui.visuals().faint_bg_color };
        ui.painter().rect_filled(rect, 3.0, if mark.is_selected { fill } else { fill.gamma_multiply(0.7) });
    }
    let weak = ui.visuals().weak_text_color();
    let uses = row.total.mentions + row.total.roles;
    let texts = [
        RichText::new(with_symbols(&row.name)),
        RichText::new(&row.kind).small().color(weak),
        RichText::new(uses.to_string()).color(if uses == 0 { weak } else { ui.visuals().text_color() }),
        RichText::new(row.total.documents.to_string()),
        RichText::new(&row.aliases).color(weak),
        RichText::new(&row.ids).small().color(weak),
    ];
    for (i, (cell, text)) in cells(rect).into_iter().zip(texts).enumerate() {
        let cell = if i == 0 { cell.with_min_x(cell.left() + 6.0) } else { cell };
        super::lists::line_ui(ui, cell, text);
    }
    response.clicked()
}
