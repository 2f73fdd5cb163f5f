//! The View and Help menus.

use eframe::egui::ThemePreference;

use crate::app::App;
use crate::app::dialogs::{Dialog, KeysForm, PaletteForm};

/// Sizes of the article's letters, in points.
const TEXT_SIZES: std::ops::RangeInclusive<f32> = 11.0..=32.0;
/// Distances of its rows; closer ones have no room for labels.
const ROW_DISTANCES: std::ops::RangeInclusive<f32> = 0.8..=1.6;
/// Widths of its column, in sizes of the letters.
const COLUMNS: std::ops::RangeInclusive<f32> = 22.0..=90.0;

/// Lists every command.
pub(crate) fn palette(app: &mut App) {
    app.dialog = Some(Dialog::Palette(PaletteForm::default()));
}

/// Everything larger.
pub(crate) fn zoom_in(app: &mut App) {
    app.set_zoom(app.preferences.zoom + 0.1);
}

/// Everything smaller.
pub(crate) fn zoom_out(app: &mut App) {
    app.set_zoom(app.preferences.zoom - 0.1);
}

/// The standard size.
pub(crate) fn zoom_reset(app: &mut App) {
    app.set_zoom(1.0);
}

/// Larger letters in the article only.
pub(crate) fn larger_text(app: &mut App) {
    set_text_size(app, 1.0);
}

/// Smaller letters in the article only.
pub(crate) fn smaller_text(app: &mut App) {
    set_text_size(app, -1.0);
}

fn set_text_size(app: &mut App, change: f32) {
    app.preferences.text_size = (app.preferences.text_size + change).clamp(*TEXT_SIZES.start(), *TEXT_SIZES.end());
    app.save_preferences();
}

/// Rows further apart.
pub(crate) fn looser_rows(app: &mut App) {
    set_row_distance(app, 0.1);
}

/// Rows closer together.
pub(crate) fn tighter_rows(app: &mut App) {
    set_row_distance(app, -0.1);
}

fn set_row_distance(app: &mut App, change: f32) {
    let tenths = ((app.preferences.row_distance + change) * 10.0).round() / 10.0;
    app.preferences.row_distance = tenths.clamp(*ROW_DISTANCES.start(), *ROW_DISTANCES.end());
    app.save_preferences();
}

/// A wider column of text.
pub(crate) fn wider_column(app: &mut App) {
    set_column(app, 4.0);
}

/// A narrower column of text.
pub(crate) fn narrower_column(app: &mut App) {
    set_column(app, -4.0);
}

fn set_column(app: &mut App, change: f32) {
    app.preferences.column_ems = (app.preferences.column_ems + change).clamp(*COLUMNS.start(), *COLUMNS.end());
    app.save_preferences();
}

/// Articles in letters with serifs, or without.
pub(crate) fn serif(app: &mut App) {
    app.preferences.serif = !app.preferences.serif;
    app.serif.look_again();
    app.save_preferences();
}

/// The light theme.
pub(crate) fn light(app: &mut App) {
    app.set_theme(ThemePreference::Light);
}

/// The dark theme.
pub(crate) fn dark(app: &mut App) {
    app.set_theme(ThemePreference::Dark);
}

/// Whatever the system says.
pub(crate) fn system_theme(app: &mut App) {
    app.set_theme(ThemePreference::System);
}

/// Shows or hides the list of documents.
pub(crate) fn toggle_documents(app: &mut App) {
    app.panels.show_documents = !app.panels.show_documents;
}

/// Shows or hides the inspector.
pub(crate) fn toggle_inspector(app: &mut App) {
    app.panels.show_inspector = !app.panels.show_inspector;
}

/// Shows all keys.
pub(crate) fn cheat_sheet(app: &mut App) {
    app.dialog = Some(Dialog::CheatSheet);
}

/// Lists all keys, to change them.
pub(crate) fn change_keys(app: &mut App) {
    app.dialog = Some(Dialog::Keys(KeysForm::default()));
}

/// Shows what the last opening, import or export had to say.
pub(crate) fn findings(app: &mut App) {
    app.dialog = Some(Dialog::Findings);
}

/// Says what this program is.
pub(crate) fn about(app: &mut App) {
    app.dialog = Some(Dialog::About);
}

/// Shows the guidelines beside the text; again: what is selected.
pub(crate) fn guidelines(app: &mut App) {
    super::document::show_or_leave(app, crate::app::side_panel::SideTab::Guidelines);
}

/// How long frames take, in a corner of the window.
pub(crate) fn frame_times(app: &mut App) {
    app.frame_times.toggle();
}
