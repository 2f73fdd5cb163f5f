//! The Claim menu. Everything goes to the claim under work: the one that was selected last.

use crate::app::App;
use crate::app::inspector::Focus;
use crate::app::offer::Purpose;
use crate::app::queue::Action;
use crate::app::words::tr;
use crate::model::{ClaimId, MarkId};

fn at_work(app: &App) -> Option<ClaimId> {
    app.session.as_ref().and_then(|session| session.claim_at_work)
}

/// A claim that stands nowhere in the text.
pub(crate) fn add_without_place(app: &mut App) {
    app.add_claim_without_place();
}

/// Puts the keyboard into the normalized text, with the content as a start.
pub(crate) fn edit_normalized(app: &mut App) {
    if let Some(claim) = at_work(app) {
        app.select_mark(Some(MarkId::Claim(claim)));
        app.focus_field(Focus::Normalized);
    }
}

/// Selects the next claim that lacks something.
pub(crate) fn next_unfinished(app: &mut App) {
    app.go_to_next_unfinished();
}

/// Copies the claim.
pub(crate) fn duplicate(app: &mut App) {
    if let Some(claim) = at_work(app) {
        app.act(Action::DuplicateClaim(claim));
    }
}

/// Makes two claims of one.
pub(crate) fn split(app: &mut App) {
    if let Some(claim) = at_work(app) {
        app.act(Action::SplitClaim(claim));
    }
}

/// Asks with which claim to merge.
pub(crate) fn merge(app: &mut App) {
    if let Some(claim) = at_work(app) {
        app.select_mark(Some(MarkId::Claim(claim)));
        app.act(Action::OpenOffer(Purpose::Merge(claim)));
    }
}

/// The selected text says the same claim once more.
pub(crate) fn add_occurrence(app: &mut App) {
    app.add_occurrence();
}

/// The selected span becomes content of the claim.
pub(crate) fn take_span_in(app: &mut App) {
    if let Some(MarkId::Span(span)) = app.session.as_ref().and_then(|session| session.selected) {
        app.act(Action::SpanIntoContent(span));
    }
}

/// The claim's content becomes a span with the first label for spans.
pub(crate) fn turn_into_span(app: &mut App) {
    let label = app.session.as_ref().and_then(|session| {
        let labels = session.workspace.state().schema.offered_labels();
        labels.into_iter().find(|(_, label)| label.kind == crate::model::LabelKind::Span).map(|(key, _)| key.clone())
    });
    match (at_work(app), label) {
        (Some(claim), Some(label)) => app.act(Action::ContentIntoSpan { claim, label }),
        _ => app.say(tr("The codebook has no label for spans that are neither entities nor claims")),
    }
}

/// Keys of roles and attributes no longer go to the claim.
pub(crate) fn leave(app: &mut App) {
    if let Some(session) = &mut app.session {
        session.claim_at_work = None;
        session.selected = session.selected.filter(|mark| matches!(mark, MarkId::Span(_)));
        session.offer = None;
    }
}

/// Counts all documents, for the unfinished claims of the project.
pub(crate) fn survey(app: &mut App) {
    app.start_survey();
}
