//! One row of the list of documents.

use eframe::egui::{Align2, Color32, FontId, Modifiers, Rect, RichText, Sense, Stroke, Ui, pos2, vec2};

use super::super::line_ui;
use super::rows::Facts;
use crate::app::queue::{Action, Queue};
use crate::app::session::Session;
use crate::app::words::{tr, tr_count};
use crate::model::{Document, DocumentId, Status};
use crate::text::with_symbols;

/// Height of a row, in points.
pub(super) const ROW: f32 = 44.0;
/// Room for the sign of the status, in points.
const SIGN: f32 = 14.0;

/// Draws a row; the keys that are held when it was clicked.
pub(super) fn row_ui(
    ui: &mut Ui,
    session: &Session,
    (id, facts): (&DocumentId, Option<Facts>),
    (is_current, is_chosen): (bool, bool),
    queue: &mut Queue,
) -> Option<Modifiers> {
    let document = session.workspace.state().document(id)?;
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), ROW), Sense::click());
    let title = if document.title.is_empty() { tr("Untitled").into_owned() } else { with_symbols(&document.title).into_owned() };
    let is_selected = is_current || is_chosen;
    response.widget_info(|| eframe::egui::WidgetInfo::selected(eframe::egui::Role::ListBoxOption, true, is_selected, &title));
    let visuals = ui.visuals();
    if is_selected || response.hovered() {
        let fill = if is_selected { visuals.selection.bg_fill } else { visuals.faint_bg_color };
        ui.painter().rect_filled(rect, 4.0, fill);
    }
    if is_chosen {
        let edge = Rect::from_min_size(rect.min, vec2(3.0, rect.height()));
        ui.painter().rect_filled(edge, 1.0, visuals.selection.stroke.color);
    }
    let inner = rect.shrink2(vec2(8.0, 4.0));
    let (upper, lower) = inner.split_top_bottom_at_fraction(0.55);
    let details = details(document, facts);
    let color = if is_selected { visuals.selection.stroke.color } else { visuals.weak_text_color() };
    line_ui(ui, if details.is_empty() { inner } else { upper }, RichText::new(&title));
    let words = match facts {
        Some(facts) => {
            sign(ui, pos2(lower.left() + SIGN / 2.0 - 2.0, lower.center().y), facts.status, color);
            Rect::from_min_max(pos2(lower.left() + SIGN, lower.top()), lower.max)
        }
        None => lower,
    };
    line_ui(ui, words, RichText::new(details).small().color(color));
    let clicked = response.clicked().then(|| ui.input(|input| input.modifiers));
    response.on_hover_text(&title).context_menu(|ui| {
        if ui.button(tr("Delete document")).clicked() {
            queue.push(Action::Trash(id.clone()));
            ui.close();
        }
    });
    clicked
}

/// Empty for new, half for begun, full for done, a question for doubts.
fn sign(ui: &Ui, center: eframe::egui::Pos2, status: Status, color: Color32) {
    let painter = ui.painter();
    let stroke = Stroke::new(1.2, color);
    match status {
        Status::New => {
            painter.circle_stroke(center, 4.0, stroke);
        }
        Status::InProgress => {
            painter.circle_stroke(center, 4.0, stroke);
            painter.circle_filled(center, 2.0, color);
        }
        Status::Done | Status::DoneAnyway => {
            painter.circle_filled(center, 4.6, color);
        }
        Status::Doubtful => {
            painter.text(center, Align2::CENTER_CENTER, "?", FontId::proportional(13.0), color);
        }
    }
}

/// Status, marks, source and date; the name of the file where nothing else is known.
fn details(document: &Document, facts: Option<Facts>) -> String {
    let mut parts: Vec<String> = Vec::new();
    if let Some(facts) = facts {
        parts.push(tr(status_name(facts.status)).into_owned());
        if facts.marks > 0 {
            parts.push(tr_count("{} mark", "{} marks", facts.marks));
        }
    }
    let date = document.date.as_ref().map(ToString::to_string).unwrap_or_default();
    parts.extend([with_symbols(&document.source).into_owned(), date].into_iter().filter(|part| !part.is_empty()));
    if parts.is_empty() { with_symbols(&document.file_name).into_owned() } else { parts.join(" · ") }
}

fn status_name(status: Status) -> &'static str {
    match status {
        Status::New => "New",
        Status::InProgress => "In progress",
        Status::Done => "Done",
        Status::DoneAnyway => "Done, with open claims",
        Status::Doubtful => "With doubts",
    }
}
