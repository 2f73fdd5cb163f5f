//! The documents of the project.

use eframe::egui::{Align, Layout, RichText, ScrollArea, Sense, TextEdit, Ui, vec2};

use super::line_ui;
use crate::app::queue::{Action, Queue};
use crate::app::session::Session;
use crate::app::words::{tr, tr_count};
use crate::model::{DocumentId, SheetKey, Status};
use crate::text::with_symbols;

/// Height of a row, in points.
const ROW: f32 = 44.0;

/// The list's filter, and what it shows, made anew when the documents change.
#[derive(Default)]
pub(crate) struct DocumentList {
    filter: String,
    shown: Vec<DocumentId>,
    shown_for: Option<(u64, String)>,
    // The document that was brought into view last.
    followed: Option<DocumentId>,
}

impl DocumentList {
    /// All documents outside the trash, by title.
    pub(crate) fn in_order(&self, session: &Session) -> Vec<DocumentId> {
        let mut documents: Vec<(String, DocumentId)> =
            session.workspace.state().present_documents().map(|(id, document)| (document.title.to_lowercase(), id.clone())).collect();
        documents.sort();
        documents.into_iter().map(|(_, id)| id).collect()
    }

    pub(crate) fn ui(&mut self, ui: &mut Ui, session: &Session, queue: &mut Queue) {
        self.refresh(session);
        ui.add_space(4.0);
        ui.horizontal(|ui| {
            ui.heading(tr("Documents"));
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                if ui.button("+").on_hover_text(tr("Add articles: open files or paste text")).clicked() {
                    queue.run("open");
                }
                ui.weak(self.shown.len().to_string());
            });
        });
        let field = TextEdit::singleline(&mut self.filter).hint_text(tr("Filter by title or source")).desired_width(f32::INFINITY);
        let field = ui.add(field);
        field.widget_info(|| eframe::egui::WidgetInfo::labeled(eframe::egui::Role::TextInput, true, tr("Filter documents")));
        ui.add_space(2.0);
        if self.shown.is_empty() {
            ui.add_space(12.0);
            ui.weak(if self.filter.is_empty() {
                tr("No documents yet. Open text files, or paste an article.")
            } else {
                tr("Nothing fits the filter.")
            });
            return;
        }
        self.rows_ui(ui, session, queue);
    }

    fn refresh(&mut self, session: &Session) {
        let state = session.workspace.state();
        let key = (state.tables_revision, self.filter.clone());
        if self.shown_for.as_ref() == Some(&key) {
            return;
        }
        let needle = self.filter.trim().to_lowercase();
        let fits = |id: &DocumentId| {
            state.documents.get(id).is_some_and(|document| {
                [&document.title, &document.source, &document.author, &document.file_name].iter().any(|field| field.to_lowercase().contains(&needle))
            })
        };
        self.shown = self.in_order(session).into_iter().filter(fits).collect();
        self.shown_for = Some(key);
    }

    fn rows_ui(&mut self, ui: &mut Ui, session: &Session, queue: &mut Queue) {
        let current = session.current().map(|key| &key.document).or(session.awaited.as_ref());
        let mut area = ScrollArea::vertical().auto_shrink([false, false]);
        if current != self.followed.as_ref() {
            self.followed = current.cloned();
            area = self.scrolled_to(area, current, ui.available_height());
        }
        ui.spacing_mut().item_spacing.y = 2.0;
        area.show_rows(ui, ROW, self.shown.len(), |ui, rows| {
            for id in self.shown.get(rows).unwrap_or_default() {
                row_ui(ui, session, id, current == Some(id), queue);
            }
        });
    }

    #[expect(clippy::cast_precision_loss, reason = "a scroll offset")]
    fn scrolled_to(&self, area: ScrollArea, current: Option<&DocumentId>, height: f32) -> ScrollArea {
        match self.shown.iter().position(|id| Some(id) == current) {
            Some(index) => area.vertical_scroll_offset(((index as f32 + 0.5) * (ROW + 2.0) - height / 2.0).max(0.0)),
            None => area,
        }
    }
}

fn row_ui(ui: &mut Ui, session: &Session, id: &DocumentId, is_current: bool, queue: &mut Queue) {
    let Some(document) = session.workspace.state().documents.get(id) else { return };
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), ROW), Sense::click());
    let title = if document.title.is_empty() { tr("Untitled").into_owned() } else { with_symbols(&document.title).into_owned() };
    response.widget_info(|| eframe::egui::WidgetInfo::selected(eframe::egui::Role::ListBoxOption, true, is_current, &title));
    let visuals = ui.visuals();
    if is_current || response.hovered() {
        let fill = if is_current { visuals.selection.bg_fill } else { visuals.faint_bg_color };
        ui.painter().rect_filled(rect, 4.0, fill);
    }
    let inner = rect.shrink2(vec2(8.0, 4.0));
    let (upper, lower) = inner.split_top_bottom_at_fraction(0.55);
    let details = details(session, id);
    line_ui(ui, if details.is_empty() { inner } else { upper }, RichText::new(&title));
    line_ui(ui, lower, RichText::new(details).small().color(ui.visuals().weak_text_color()));
    if response.clicked() {
        queue.push(Action::OpenDocument(id.clone()));
    }
    response.on_hover_text(&title).context_menu(|ui| {
        if ui.button(tr("Delete document")).clicked() {
            queue.push(Action::Trash(id.clone()));
            ui.close();
        }
    });
}

/// Status, source and date, and what is known of the coder's work.
fn details(session: &Session, id: &DocumentId) -> String {
    let state = session.workspace.state();
    let Some(document) = state.documents.get(id) else { return String::new() };
    let key = SheetKey::new(id, session.workspace.coder());
    let mut parts: Vec<String> = Vec::new();
    if let Some(sheet) = state.sheets.get(&key) {
        if let Some(status) = status_name(sheet.info.status) {
            parts.push(tr(status).into_owned());
        }
        parts.push(tr_count("{} mark", "{} marks", sheet.spans.len() + sheet.claims.len()));
    }
    parts.extend(
        [document.source.clone(), document.date.as_ref().map(ToString::to_string).unwrap_or_default()].into_iter().filter(|part| !part.is_empty()),
    );
    if parts.is_empty() { document.file_name.clone() } else { parts.join(" · ") }
}

fn status_name(status: Status) -> Option<&'static str> {
    match status {
        Status::New => None,
        Status::InProgress => Some("In progress"),
        Status::Done => Some("Done"),
        Status::DoneAnyway => Some("Done, with open claims"),
        Status::Doubtful => Some("Doubtful"),
    }
}
