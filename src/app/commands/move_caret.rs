//! The caret by key. With a picked edge, the same keys move the edge instead.

use crate::app::App;
use crate::app::article::{Caret, Motion, Reveal};
use crate::edit::ops;
use crate::text::segment;

/// Moves the caret, or the picked edge.
pub(crate) fn go(app: &mut App, motion: Motion) {
    if app.session.as_ref().is_some_and(|session| session.picked_edge.is_some()) {
        return move_picked_edge(app, motion);
    }
    let moved = app.with_article(|ctx, session, article| {
        let text = session.text_of(&article.key)?;
        let caret = article.view.caret();
        let is_sideways = matches!(motion, Motion::PreviousGrapheme | Motion::NextGrapheme);
        // Left and right leave a selection at its edge.
        let head = match (is_sideways && !caret.is_empty(), motion) {
            (true, Motion::PreviousGrapheme) => caret.range().start,
            (true, _) => caret.range().end,
            (false, _) => article.view.moved(ctx, &text, caret.head, motion),
        };
        article.view.set_caret(Caret::at(head));
        article.view.reveal(Reveal::IfHidden(head));
        Some(())
    });
    if moved.is_some() {
        app.select_mark(None);
    }
}

/// Moves the caret and keeps the other end of the selection.
pub(crate) fn extend(app: &mut App, motion: Motion) {
    app.with_article(|ctx, session, article| {
        let text = session.text_of(&article.key)?;
        let caret = article.view.caret();
        let head = article.view.moved(ctx, &text, caret.head, motion);
        article.view.set_caret(Caret { anchor: caret.anchor, head });
        article.view.reveal(Reveal::IfHidden(head));
        Some(())
    });
}

fn move_picked_edge(app: &mut App, motion: Motion) {
    let target = app.with_article(|ctx, session, article| {
        let (mark, edge) = (session.selected?, session.picked_edge?);
        let range = *session.sheet_of(&article.key).ranges_of(mark)?.as_slice().get(edge.range)?;
        let from = match edge.side {
            ops::Side::Start => range.start(),
            ops::Side::End => range.end(),
        };
        let text = session.text_of(&article.key)?;
        Some((mark, edge, article.view.moved(ctx, &text, from, motion)))
    });
    if let Some((mark, edge, to)) = target {
        app.move_edge(mark, edge, to);
    }
}

/// One page down.
pub(crate) fn page_down(app: &mut App) {
    scroll_pages(app, 1.0);
}

/// One page up.
pub(crate) fn page_up(app: &mut App) {
    scroll_pages(app, -1.0);
}

fn scroll_pages(app: &mut App, pages: f32) {
    app.with_article(|ctx, session, article| {
        let text = session.text_of(&article.key)?;
        article.view.scroll_pages(ctx, &text, pages);
        Some(())
    });
}

/// Selects the word at the caret.
pub(crate) fn select_word(app: &mut App) {
    select(app, segment::word_at);
}

/// Selects the sentence at the caret.
pub(crate) fn select_sentence(app: &mut App) {
    select(app, segment::sentence_at);
}

/// Selects the paragraph at the caret.
pub(crate) fn select_paragraph(app: &mut App) {
    select(app, segment::paragraph_at);
}

fn select(app: &mut App, around: fn(&str, usize) -> std::ops::Range<usize>) {
    app.with_article(|_, session, article| {
        let text = session.text_of(&article.key)?;
        let range = around(text.as_str(), article.view.caret().head);
        article.view.set_caret(Caret { anchor: range.start, head: range.end });
        Some(())
    });
    app.finish_selection();
}
