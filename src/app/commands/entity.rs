//! The Entity menu.

use crate::app::App;
use crate::app::dialogs::UsesPurpose;
use crate::app::inspector::Focus;
use crate::app::offer::Purpose;
use crate::app::queue::Action;
use crate::edit::ops;
use crate::model::{MarkId, SpanId};

fn selected_span(app: &App) -> Option<SpanId> {
    match app.session.as_ref()?.selected? {
        MarkId::Span(id) => Some(id),
        MarkId::Claim(_) => None,
    }
}

/// Offers whom the selected mention could mean.
pub(crate) fn link(app: &mut App) {
    if let Some(span) = selected_span(app) {
        app.act(Action::OpenOffer(Purpose::Link(span)));
    }
}

/// The selected mention means nobody that is known.
pub(crate) fn unlink(app: &mut App) {
    if let Some(span) = selected_span(app) {
        app.change_sheet(|state, key| ops::link_mention(state, key, span, None));
    }
}

/// Goes to the next mention of the entity.
pub(crate) fn next_mention(app: &mut App) {
    app.walk_chain(1);
}

/// Goes to the mention before.
pub(crate) fn previous_mention(app: &mut App) {
    app.walk_chain(-1);
}

/// Shows the entity of the selected mention.
pub(crate) fn show(app: &mut App) {
    if let Some(entity) = app.lit_entity() {
        app.act(Action::SelectEntity(Some(entity)));
    }
}

/// Opens or leaves the table of entities.
pub(crate) fn table(app: &mut App) {
    app.toggle_entity_table();
}

/// Selects the entity above.
pub(crate) fn up(app: &mut App) {
    step(app, -1);
}

/// Selects the entity below.
pub(crate) fn down(app: &mut App) {
    step(app, 1);
}

fn step(app: &mut App, step: isize) {
    let next = app.session.as_ref().and_then(|session| app.panels.entities.step(session, step));
    if next.is_some() {
        app.act(Action::SelectEntity(next));
    }
}

/// Chooses the selected entity and goes on.
pub(crate) fn choose(app: &mut App) {
    let next = app.session.as_ref().and_then(|session| app.panels.entities.choose(session));
    if next.is_some() {
        app.act(Action::SelectEntity(next));
    }
}

/// Puts the keyboard into the name of the selected entity.
pub(crate) fn rename(app: &mut App) {
    if app.session.as_ref().is_some_and(|session| session.selected_entity.is_some()) {
        app.focus_field(Focus::EntityName);
    }
}

/// Puts the keyboard into the filter.
pub(crate) fn find(app: &mut App) {
    app.panels.entities.look_for();
}

/// Merges the chosen entities into the selected one.
pub(crate) fn merge(app: &mut App) {
    app.merge_chosen_entities();
}

/// Asks which uses go to a new entity.
pub(crate) fn split(app: &mut App) {
    app.ask_about_uses(UsesPurpose::Split);
}

/// Shows the uses, and deletes.
pub(crate) fn delete(app: &mut App) {
    app.ask_about_uses(UsesPurpose::Delete);
}

/// Makes an entity.
pub(crate) fn add(app: &mut App) {
    app.add_entity();
}
