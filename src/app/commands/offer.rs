//! The keys of an open offer.

use crate::app::App;
use crate::app::offer::Offer;
use crate::app::queue::Action;
use crate::app::words::tr;

/// Takes the first choice that is not taken yet.
pub(crate) fn take_best(app: &mut App) {
    take(app, Offer::best);
}

/// Takes the choice that makes a new entity.
pub(crate) fn take_new_entity(app: &mut App) {
    take(app, Offer::new_entity);
}

fn take(app: &mut App, choice: fn(&Offer) -> Option<usize>) {
    match app.session.as_ref().and_then(|session| session.offer.as_ref()).and_then(choice) {
        Some(index) => app.act(Action::TakeChoice(index)),
        None => app.say(tr("There is no such choice; / searches, Escape leaves")),
    }
}

/// Puts the keyboard into the field that searches for others.
pub(crate) fn search(app: &mut App) {
    let offer = app.session.as_ref().and_then(|session| session.offer.as_ref());
    if offer.is_some_and(Offer::is_searchable) {
        app.act(Action::SearchOffer(String::new()));
    }
}
