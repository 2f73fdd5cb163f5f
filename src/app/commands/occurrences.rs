//! The keys of the concordance: a queue of places to label.

use crate::app::App;
use crate::app::concordance::Scope;

/// Asks for every other place of the selected span's words in the article.
pub(crate) fn in_article(app: &mut App) {
    app.label_occurrences(Scope::Article);
}

/// Asks for every other place of the selected span's words in the project.
pub(crate) fn in_project(app: &mut App) {
    app.label_occurrences(Scope::Project);
}

/// Opens the search over the project.
pub(crate) fn find(app: &mut App) {
    app.open_concordance();
}

/// Labels the place in hand.
pub(crate) fn yes(app: &mut App) {
    app.answer_yes();
}

/// The place in hand is something else.
pub(crate) fn no(app: &mut App) {
    app.answer_no();
}

/// Leaves the place in hand for now.
pub(crate) fn later(app: &mut App) {
    app.answer_later();
}

/// Labels all places that are left.
pub(crate) fn all(app: &mut App) {
    app.answer_all();
}

/// Takes the last answer back.
pub(crate) fn back(app: &mut App) {
    app.answer_back();
}

/// To the place above.
pub(crate) fn up(app: &mut App) {
    app.step_line(-1);
}

/// To the place below.
pub(crate) fn down(app: &mut App) {
    app.step_line(1);
}

/// Shows the place in hand in its article.
pub(crate) fn go(app: &mut App) {
    app.go_to_line();
}
