//! The Document menu.

use crate::app::App;
use crate::app::dialogs::{Dialog, FieldsForm, ManyFieldsForm, NamePatternForm};
use crate::app::queue::Action;
use crate::app::side_panel::SideTab;
use crate::app::words::tr;
use crate::model::{DocumentId, RegionKind, SheetKey, Status};

/// So many sheets are read at once to find one that is not done.
const MOST_READ: usize = 300;

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
    let documents = app.panels.documents.shown(session);
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

/// Shows the next document of the list that is not done, from the shown one on and then from the top.
pub(crate) fn next_undone(app: &mut App) {
    let Some(session) = &app.session else { return };
    let documents = app.panels.documents.shown(session).to_vec();
    let after = session.current().and_then(|key| documents.iter().position(|id| *id == key.document)).map_or(0, |at| at + 1);
    let (before, behind) = documents.split_at(after.min(documents.len()));
    let others = behind.iter().chain(before).filter(|id| session.current().is_none_or(|key| key.document != **id));
    // Where nothing is known yet, the files are asked one by one; not more of them than take a moment.
    let mut left_to_read = MOST_READ;
    let mut is_undone = |id: &&DocumentId| {
        let status = app.panels.documents.status(id).or_else(|| {
            left_to_read = left_to_read.checked_sub(1)?;
            let sheet = session.workspace.loader().sheet(&SheetKey::new(id, session.workspace.coder())).ok()?;
            Some(sheet.map_or(Status::New, |sheet| sheet.info.status))
        });
        !matches!(status, Some(Status::Done | Status::DoneAnyway))
    };
    match others.into_iter().find(&mut is_undone).cloned() {
        Some(id) => app.act(Action::OpenDocument(id)),
        None => app.say(tr("No other document of the list is left to do")),
    }
}

/// Chooses all documents of the list, for a change of many.
pub(crate) fn choose_all(app: &mut App) {
    if let Some(session) = &app.session {
        app.panels.show_documents = true;
        app.panels.documents.choose_all(session);
    }
}

/// Opens the fields of the chosen documents, else of the shown one.
pub(crate) fn edit_fields(app: &mut App) {
    let Some(session) = &app.session else { return };
    let rows = &session.workspace.state().documents;
    let chosen = app.panels.documents.chosen();
    let dialog = if chosen.len() > 1 {
        Some(Dialog::ManyFields(Box::new(ManyFieldsForm::new(rows, chosen))))
    } else {
        let id = session.current().map(|key| &key.document);
        id.and_then(|id| Some(Dialog::Fields(FieldsForm::new(id, rows.get(id)?))))
    };
    app.dialog = dialog.or(app.dialog.take());
}

/// Asks for a pattern that says what the names of the files mean: for the chosen documents, else for all.
pub(crate) fn fields_from_names(app: &mut App) {
    let Some(session) = &app.session else { return };
    if !session.is_writable() {
        return app.say(tr("This window is read-only"));
    }
    let chosen = app.panels.documents.chosen();
    let all = || session.workspace.state().present_documents().map(|(id, _)| id.clone()).collect();
    let ids = if chosen.len() > 1 { chosen } else { all() };
    app.dialog = Some(Dialog::NamePattern(Box::new(NamePatternForm::new(ids))));
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
