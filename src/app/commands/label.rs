//! The Label menu.

use crate::app::App;
use crate::app::inspector::Focus;
use crate::app::queue::Action;
use crate::app::words::tr;
use crate::edit::ops::{self, Edge, Side};
use crate::model::Place;

/// Deletes the selected relation, or the selected mark and what hangs on it.
pub(crate) fn delete(app: &mut App) {
    match app.session.as_ref().and_then(|session| session.selected_relation) {
        Some(relation) => app.act(Action::DeleteRelation(relation)),
        None => app.change_mark(ops::delete_mark),
    }
}

/// Adds the selected text as a further range to the mark that was worked on last.
pub(crate) fn add_range(app: &mut App) {
    app.act(Action::AddSelectionToMark);
}

/// Lets the arrow keys move the first edge.
pub(crate) fn pick_start(app: &mut App) {
    pick(app, Side::Start);
}

/// Lets the arrow keys move the last edge.
pub(crate) fn pick_end(app: &mut App) {
    pick(app, Side::End);
}

/// The same key again picks that side of the next range of a discontinuous mark.
fn pick(app: &mut App, side: Side) {
    let Some(session) = &mut app.session else { return };
    let ranges = session.selected_ranges().map_or(0, |ranges| ranges.as_slice().len());
    if ranges == 0 {
        return;
    }
    let first = if side == Side::Start { 0 } else { ranges - 1 };
    let range = match session.picked_edge {
        Some(edge) if edge.side == side => (edge.range + 1) % ranges,
        _ => first,
    };
    session.picked_edge = Some(Edge { range, side });
}

/// Selects the next mark in text order.
pub(crate) fn next_mark(app: &mut App) {
    step(app, 1);
}

/// Selects the mark before, in text order.
pub(crate) fn previous_mark(app: &mut App) {
    step(app, -1);
}

fn step(app: &mut App, step: isize) {
    let target = app.with_article(|_, session, article| {
        let marks = &article.view.marks().all;
        let sheet = session.sheet_of(&article.key);
        let place_of = |mark| sheet.places_of(mark).next().map(Place::of);
        let index = match session.selected.and_then(|mark| marks.position(place_of(mark)?, mark)) {
            Some(index) => index.checked_add_signed(step)?,
            None => {
                let after = marks.count_before(article.view.caret().head);
                if step > 0 { after } else { after.checked_sub(1)? }
            }
        };
        marks.get(index)
    });
    match target {
        Some(mark) => app.act(Action::GoToMark(mark)),
        None => app.say(tr("No further mark")),
    }
}

/// Selects the next of the marks that lie at the same place.
pub(crate) fn cycle_marks(app: &mut App) {
    let target = app.with_article(|_, session, article| {
        let sheet = session.sheet_of(&article.key);
        let selected = session.selected.and_then(|mark| sheet.ranges_of(mark));
        let caret = article.view.caret().head;
        // Of a selected mark the place is its own: where the caret stands in it, else where it starts.
        let place = selected.map_or(caret, |ranges| if ranges.contains(caret) { caret } else { ranges.start() });
        let marks = sheet.marks_at(place);
        let index = session.selected.and_then(|selected| marks.iter().position(|mark| *mark == selected)).map_or(0, |index| index + 1);
        marks.get(index % marks.len().max(1)).copied()
    });
    match target {
        Some(mark) => app.select_mark(Some(mark)),
        None => app.say(tr("No mark at the caret")),
    }
}

/// Selecting no longer labels.
pub(crate) fn unlock(app: &mut App) {
    if let Some(session) = &mut app.session {
        session.locked = None;
    }
}

/// Switches snapping to words.
pub(crate) fn toggle_snap(app: &mut App) {
    app.preferences.snap_to_words = !app.preferences.snap_to_words;
    app.save_preferences();
}

/// Switches trimming of blanks and final punctuation.
pub(crate) fn toggle_trim(app: &mut App) {
    app.preferences.trim_selection = !app.preferences.trim_selection;
    app.save_preferences();
}

/// Puts the keyboard into the note of the selected mark.
pub(crate) fn edit_note(app: &mut App) {
    app.focus_field(Focus::Note);
}
