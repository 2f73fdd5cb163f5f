//! Claims as wholes: without a place, copied, split, merged, said again, unfinished.

use super::App;
use super::dialogs::Dialog;
use super::inspector::Focus;
use super::words::{tr, tr_count};
use crate::edit::ops::{self, OpError};
use crate::model::{ClaimId, LabelKey, MarkId, SpanId, Status};

impl App {
    /// A claim that the article makes without saying it in one place: the coder's words come next.
    pub(crate) fn add_claim_without_place(&mut self) {
        let Some(session) = &mut self.session else { return };
        let Some(label) = session.workspace.state().schema.claim_label().cloned() else {
            return self.say(tr("The codebook has no label for claims"));
        };
        let id = session.workspace.next_id();
        self.change_sheet(|state, key| ops::add_claim(state, key, id, None, &label));
        self.select_mark(Some(MarkId::Claim(ClaimId(id))));
        self.focus_field(Focus::Normalized);
    }

    pub(crate) fn duplicate_claim(&mut self, claim: ClaimId) {
        let Some(session) = &mut self.session else { return };
        let id = session.workspace.next_id();
        self.change_sheet(|state, key| ops::duplicate_claim(state, key, claim, id));
        self.select_mark(Some(MarkId::Claim(ClaimId(id))));
        self.say(tr("The copy is selected"));
    }

    /// Cuts at the caret, or in the first gap where the caret is elsewhere.
    pub(crate) fn split_claim(&mut self, claim: ClaimId) {
        let Some(session) = &self.session else { return };
        let caret = session.article.as_ref().map_or(0, |article| article.view.caret().head);
        let content = session.current_sheet().and_then(|sheet| sheet.claims.get(&claim)).and_then(|claim| claim.content.as_ref());
        let gap = content.and_then(|content| content.as_slice().get(1)).map(|second| second.start());
        let is_inside = content.is_some_and(|content| content.start() < caret && caret < content.end());
        let at = if is_inside { caret } else { gap.unwrap_or(caret) };
        if self.try_change(|state, key, id| ops::split_claim(state, key, claim, at, id)) {
            self.select_mark(Some(MarkId::Claim(claim)));
        }
    }

    pub(crate) fn merge_claims(&mut self, into: ClaimId, from: ClaimId) {
        if self.try_change(|state, key, _| ops::merge_claims(state, key, into, from)) {
            self.go_to_mark(MarkId::Claim(into));
        }
        self.forget_gone_marks();
    }

    /// The selected text is a further place where the claim under work is made.
    pub(crate) fn add_occurrence(&mut self) {
        self.snap_only();
        let Some(session) = &self.session else { return };
        let (Some(range), Some(claim), Some(key)) = (session.selected_text(), session.claim_at_work, session.current()) else {
            return self.say(tr("Select a claim, then the text that says it again"));
        };
        let Some(range) = session.text_of(key).and_then(|text| text.range(range.start, range.end).ok()) else { return };
        if self.try_change(|state, key, _| ops::add_occurrence(state, key, claim, range.into())) {
            self.select_mark(Some(MarkId::Claim(claim)));
            self.collapse_selection(range);
        }
    }

    pub(crate) fn span_into_content(&mut self, span: SpanId) {
        let Some(claim) = self.session.as_ref().and_then(|session| session.claim_at_work) else {
            return self.say(tr("Select the claim first, then the span"));
        };
        if self.try_change(|state, key, _| ops::span_into_content(state, key, span, claim)) {
            self.select_mark(Some(MarkId::Claim(claim)));
        }
    }

    pub(crate) fn content_into_span(&mut self, claim: ClaimId, label: &LabelKey) {
        let Some(session) = &mut self.session else { return };
        let id = session.workspace.next_id();
        self.change_sheet(|state, key| ops::content_into_span(state, key, claim, label, id));
        self.forget_gone_marks();
        let span = MarkId::Span(SpanId(id));
        if self.session.as_ref().is_some_and(|session| session.has_mark(span)) {
            self.select_mark(Some(span));
        }
    }

    /// Selects the next claim that lacks something, round and round, and offers what it lacks.
    pub(crate) fn go_to_next_unfinished(&mut self) {
        let target = self.with_article(|_, session, article| {
            let sheet = session.sheet_of(&article.key);
            let unfinished = session.workspace.state().schema.unfinished_claims(sheet);
            let start = |id: &ClaimId| sheet.claims.get(id).and_then(|claim| claim.content.as_ref()).map_or(usize::MAX, crate::text::Ranges::start);
            let mut in_order: Vec<(usize, ClaimId)> = unfinished.into_iter().map(|id| (start(&id), id)).collect();
            in_order.sort_unstable();
            let from = session.claim_at_work.map(|id| (start(&id), id));
            let from = from.unwrap_or((article.view.caret().head, ClaimId(crate::model::Id::from_bits(0))));
            in_order.iter().find(|place| **place > from).or(in_order.first()).map(|(_, id)| *id)
        });
        match target {
            Some(claim) => {
                self.go_to_mark(MarkId::Claim(claim));
                self.offer_for(MarkId::Claim(claim));
            }
            None => self.say(tr("Every claim is finished")),
        }
    }

    /// Asks before a document is done while claims are unfinished.
    pub(crate) fn set_status(&mut self, status: Status) {
        let Some(session) = &self.session else { return };
        let Some(key) = session.current() else { return };
        match ops::set_status(session.workspace.state(), key, status) {
            Err(OpError::Unfinished(_)) => self.dialog = Some(Dialog::Unfinished),
            transaction => {
                if self.commit(transaction) && matches!(status, Status::Done | Status::DoneAnyway) {
                    let left = self.session.as_ref().and_then(|session| session.current_sheet()).map_or(0, |sheet| sheet.claims.len());
                    self.say(tr_count("Done, with {} claim", "Done, with {} claims", left));
                }
            }
        }
    }
}
