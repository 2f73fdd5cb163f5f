//! The Document menu.

use crate::app::App;
use crate::app::dialogs::{Dialog, FieldsForm};
use crate::app::queue::Action;
use crate::app::words::tr;
use crate::model::Status;

/// Shows the next document of the list.
pub(crate) fn next(app: &mut App) {
    step(app, 1);
}

/// Shows the document before.
pub(crate) fn previous(app: &mut App) {
    step(app, -1);
}

fn step(app: &mut App, step: isize) {
    let Some(session) = &app.session else { return };
    let documents = app.panels.documents.in_order(session);
    let current = session.current().and_then(|key| documents.iter().position(|id| *id == key.document));
    let target = match current {
        Some(index) => index.checked_add_signed(step).and_then(|index| documents.get(index)),
        None => documents.first(),
    };
    match target.cloned() {
        Some(id) => app.act(Action::OpenDocument(id)),
        None => app.say(tr("No further document")),
    }
}

/// Opens the fields of the shown document.
pub(crate) fn edit_fields(app: &mut App) {
    let form = app.session.as_ref().and_then(|session| {
        let id = &session.current()?.document;
        Some(FieldsForm::new(id, session.workspace.state().documents.get(id)?))
    });
    app.dialog = form.map(Dialog::Fields).or(app.dialog.take());
}

/// Says that the coder is finished with the document.
pub(crate) fn mark_done(app: &mut App) {
    set_status(app, Status::Done);
}

/// Says that the coder has begun.
pub(crate) fn mark_in_progress(app: &mut App) {
    set_status(app, Status::InProgress);
}

/// Says that somebody should look again.
pub(crate) fn mark_doubtful(app: &mut App) {
    set_status(app, Status::Doubtful);
}

fn set_status(app: &mut App, status: Status) {
    app.act(Action::SetStatus(status));
}

/// Moves the shown document to the trash.
pub(crate) fn trash(app: &mut App) {
    if let Some(key) = app.session.as_ref().and_then(|session| session.current().cloned()) {
        app.act(Action::Trash(key.document));
    }
}

/// Lists what is in the trash.
pub(crate) fn show_trash(app: &mut App) {
    app.dialog = Some(Dialog::Trash);
}

/// Looks for problems in all articles.
pub(crate) fn check_project(app: &mut App) {
    app.check_project();
}
