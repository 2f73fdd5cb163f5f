//! The File menu.

use eframe::egui::ViewportCommand;

use crate::app::App;
use crate::app::dialogs::{
    ActivityForm, Dialog, ExportCodebookForm, ExportForm, ImportCodebookForm, NewProjectForm, OpenForm, PasteForm, SaveAsForm,
};
use crate::app::queue::Action;

/// Asks for a folder and a template.
pub(crate) fn new_project(app: &mut App) {
    app.dialog = Some(Dialog::NewProject(NewProjectForm::new(&app.places)));
}

/// Asks for projects and articles.
pub(crate) fn open(app: &mut App) {
    app.dialog = Some(Dialog::Open(OpenForm::default()));
}

/// Takes a text that is typed or pasted.
pub(crate) fn paste_article(app: &mut App) {
    app.dialog = Some(Dialog::Paste(PasteForm::default()));
}

/// Writes all files now.
pub(crate) fn save(app: &mut App) {
    app.save_now();
    app.act(Action::SaveGuidelines);
}

/// Asks for the place of a copy.
pub(crate) fn save_as(app: &mut App) {
    if let Some(session) = &app.session {
        app.dialog = Some(Dialog::SaveAs(SaveAsForm::new(session.workspace.dir())));
    }
}

/// Asks what to export.
pub(crate) fn export(app: &mut App) {
    if let Some(session) = &app.session {
        let chosen = app.panels.documents.chosen();
        let form = ExportForm::new(session, app.panels.documents.shown(session), chosen);
        app.dialog = Some(Dialog::Export(Box::new(form)));
    }
}

/// Asks for another codebook.
pub(crate) fn import_codebook(app: &mut App) {
    app.dialog = Some(Dialog::ImportCodebook(ImportCodebookForm::new()));
}

/// Asks where the codebook goes.
pub(crate) fn export_codebook(app: &mut App) {
    if let Some(session) = &app.session {
        app.dialog = Some(Dialog::ExportCodebook(ExportCodebookForm::new(session.workspace.dir())));
    }
}

/// Shows what the project was before.
pub(crate) fn states(app: &mut App) {
    app.show_states();
}

/// Asks where the log of activity goes.
pub(crate) fn export_activity(app: &mut App) {
    if let Some(session) = &app.session {
        app.dialog = Some(Dialog::Activity(ActivityForm::new(session.workspace.dir())));
    }
}

/// Keeps the log of activity, or keeps it no longer.
pub(crate) fn toggle_activity(app: &mut App) {
    app.toggle_logging();
}

/// Overwrites what another program changed.
pub(crate) fn keep_mine(app: &mut App) {
    app.act(Action::KeepMine);
}

/// Takes what another program changed.
pub(crate) fn take_theirs(app: &mut App) {
    app.act(Action::TakeTheirs);
}

/// Closes the window; nothing needs saving.
pub(crate) fn quit(app: &mut App) {
    app.ctx.send_viewport_cmd(ViewportCommand::Close);
}
