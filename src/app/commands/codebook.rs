//! Commands of the codebook.

use crate::app::App;
use crate::app::codebook::{BigChange, CodebookAction};
use crate::edit::ops::Direction;

/// Opens or leaves the codebook.
pub(crate) fn toggle(app: &mut App) {
    app.toggle_codebook();
}

/// Selects the row above.
pub(crate) fn up(app: &mut App) {
    step(app, -1);
}

/// Selects the row below.
pub(crate) fn down(app: &mut App) {
    step(app, 1);
}

fn step(app: &mut App, step: isize) {
    if let Some(session) = &app.session {
        app.panels.codebook.step(&session.workspace.state().schema, step);
    }
}

/// Moves the selected row up.
pub(crate) fn move_up(app: &mut App) {
    app.move_in_codebook(Direction::Up);
}

/// Moves the selected row down.
pub(crate) fn move_down(app: &mut App) {
    app.move_in_codebook(Direction::Down);
}

/// Puts the keyboard into the name of the selected row.
pub(crate) fn rename(app: &mut App) {
    app.panels.codebook.rename();
}

/// Puts the keyboard into the name of a new row.
pub(crate) fn add(app: &mut App) {
    app.panels.codebook.add();
}

/// Shows what uses the selected row, and asks.
pub(crate) fn delete(app: &mut App) {
    app.delete_from_codebook();
}

/// Mends in all documents what is safe to mend.
pub(crate) fn mend_all(app: &mut App) {
    app.act_on_codebook(CodebookAction::Ask(BigChange::MendAll));
}
