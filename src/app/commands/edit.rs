//! The Edit menu.

use crate::app::App;
use crate::app::article::{Caret, Reveal};
use crate::app::offer::Origin;
use crate::app::words::{tr, tr_with};

/// Takes the last change back, in whatever document it was.
pub(crate) fn undo(app: &mut App) {
    app.travel(crate::workspace::Travel::Undo);
}

/// Brings back what was undone.
pub(crate) fn redo(app: &mut App) {
    app.travel(crate::workspace::Travel::Redo);
}

/// Copies the selected text, else the selected mark's.
pub(crate) fn copy(app: &mut App) {
    let copied = app.with_article(|ctx, session, article| {
        let text = session.text_of(&article.key)?;
        let selected = text.as_str().get(article.view.caret().range()).filter(|selected| !selected.is_empty()).map(str::to_owned);
        let quote = || session.sheet_of(&article.key).ranges_of(session.selected?).map(|ranges| text.quote(ranges));
        ctx.copy_text(selected.or_else(quote)?);
        Some(())
    });
    if copied.is_none() {
        app.say(tr("Nothing is selected"));
    }
}

/// Asks for other words in the place of the selected ones.
pub(crate) fn correct_text(app: &mut App) {
    app.ask_for_correction();
}

/// Opens the search bar.
pub(crate) fn find(app: &mut App) {
    if let Some(session) = &mut app.session {
        session.find.open();
    }
}

/// Goes to the next hit.
pub(crate) fn find_next(app: &mut App) {
    go_to_hit(app, 1);
}

/// Goes to the hit before.
pub(crate) fn find_previous(app: &mut App) {
    go_to_hit(app, -1);
}

fn go_to_hit(app: &mut App, step: isize) {
    let hit = app.session.as_mut().and_then(|session| session.find.step(step));
    match hit {
        Some(range) => app.with_article(|_, _, article| {
            article.view.set_caret(Caret { anchor: range.start(), head: range.end() });
            article.view.reveal(Reveal::IfHidden(range.start()));
            Some(())
        }),
        None => {
            let needle = app.session.as_ref().map(|session| session.find.needle.clone()).unwrap_or_default();
            app.say(tr_with("“{}” is not in this article", needle));
            None
        }
    };
}

/// Closes what is open, from the outside in: offer, search bar, picked edge, selected mark, claim under work, text.
pub(crate) fn leave(app: &mut App) {
    if app.dialog.take().is_some() {
        return;
    }
    if app.panels.uncover() || app.concordance.close() || app.panels.documents.choose_none() {
        return;
    }
    let Some(session) = &mut app.session else { return };
    let was_asked = session.offer.take().is_some_and(|offer| offer.origin == Origin::Asked);
    if was_asked
        || session.find.close()
        || session.picked_edge.take().is_some()
        || session.selected.take().is_some()
        || session.selected_relation.take().is_some()
    {
        return;
    }
    if session.claim_at_work.take().is_some() || session.selected_entity.take().is_some() {
        return;
    }
    if let Some(article) = &mut session.article {
        let head = article.view.caret().head;
        article.view.set_caret(Caret::at(head));
    }
}
