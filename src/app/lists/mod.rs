//! The lists: documents on the left; mentions and claims of the shown document on the right. Rows are drawn only
//! where they are visible.

mod claim_groups;
mod documents;
mod entities;
mod marks;
mod problems;
mod relations;
mod unfinished;

use eframe::egui::{FontSelection, Rect, RichText, TextWrapMode, Ui, WidgetText};

pub(crate) use documents::DocumentList;
pub(crate) use marks::{MarkLists, claim_menu_ui, label_of, mark_name, missing_of, quote_of};

/// Paints one line of a row, cut off at its width. Rows are one widget each, so that a screen reader reads them once.
pub(crate) fn line_ui(ui: &Ui, rect: Rect, text: RichText) {
    let galley = WidgetText::from(text).into_galley(ui, Some(TextWrapMode::Truncate), rect.width(), FontSelection::Default);
    let top = rect.center().y - galley.size().y / 2.0;
    ui.painter().galley(eframe::egui::pos2(rect.left(), top), galley, ui.visuals().text_color());
}
