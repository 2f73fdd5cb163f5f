//! The Document menu.

use crate::app::App;
use crate::app::dialogs::{Dialog, FieldsForm};
use crate::app::queue::Action;
use crate::app::side_panel::SideTab;
use crate::app::words::tr;
use crate::model::{RegionKind, Status};

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

/// Shows what is known of the document, whatever is selected; again: what is selected.
pub(crate) fn show(app: &mut App) {
    show_or_leave(app, SideTab::Document);
}

/// Shows a tab of the right side, or what is selected where it is shown already.
pub(crate) fn show_or_leave(app: &mut App, tab: SideTab) {
    let is_shown = app.panels.show_inspector && app.panels.side == tab;
    app.act(Action::ShowSide(if is_shown { SideTab::Selection } else { tab }));
}

/// The selected words, or the paragraph at the caret, are the title; or no longer.
pub(crate) fn mark_title(app: &mut App) {
    app.act(Action::ToggleRegion(RegionKind::Title));
}

/// They are a caption; or no longer.
pub(crate) fn mark_caption(app: &mut App) {
    app.act(Action::ToggleRegion(RegionKind::Caption));
}

/// They are boilerplate; or no longer.
pub(crate) fn mark_boilerplate(app: &mut App) {
    app.act(Action::ToggleRegion(RegionKind::Boilerplate));
}

/// Takes all parts that are proposed.
pub(crate) fn confirm_regions(app: &mut App) {
    app.confirm_regions();
}
