//! The Relation menu.

use crate::app::App;
use crate::app::queue::Action;
use crate::app::relating::ShownRelations;

/// Asks where a relation leads to.
pub(crate) fn draw(app: &mut App) {
    app.act(Action::OpenRelate(None));
}

/// Selects the next relation at what is selected, else the next of the article.
pub(crate) fn next(app: &mut App) {
    app.select_next_relation();
}

/// Goes to the other end of the selected relation.
pub(crate) fn other_end(app: &mut App) {
    app.go_to_other_end();
}

/// Lets the selected relation lead the other way.
pub(crate) fn reverse(app: &mut App) {
    if let Some(relation) = app.session.as_ref().and_then(|session| session.selected_relation) {
        app.act(Action::ReverseRelation(relation));
    }
}

/// Draws the relations of what is selected.
pub(crate) fn show_selected(app: &mut App) {
    app.show_relations(ShownRelations::OfSelection);
}

/// Draws all relations.
pub(crate) fn show_all(app: &mut App) {
    app.show_relations(ShownRelations::All);
}

/// Draws no relations.
pub(crate) fn show_none(app: &mut App) {
    app.show_relations(ShownRelations::None);
}
