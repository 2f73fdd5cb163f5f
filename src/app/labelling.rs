//! Labelling with the hands: what a key or click means for the selection at that moment.

use std::ops::Range;

use super::App;
use super::article::{Caret, Reveal};
use super::codebook::CodebookField;
use super::queue::EntityField;
use super::words::tr;
use crate::edit::Transaction;
use crate::edit::ops::{self, Edge, OpError, Words};
use crate::model::{ClaimId, CodebookKey, EntityId, LabelKey, LabelKind, MarkId, SheetKey, SpanId, State};
use crate::text::snap::Snapping;
use crate::text::{TextRange, segment};
use crate::workspace::{Workspace, WorkspaceError};

/// A field into which somebody types.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Typed {
    Words(SheetKey, Words),
    Entity(EntityId, EntityField),
    Codebook(Option<CodebookKey>, CodebookField),
}

impl App {
    /// Applies a transaction, or says why not. True when it was applied.
    pub(crate) fn commit(&mut self, transaction: Result<Transaction, OpError>) -> bool {
        self.commit_with(transaction, Workspace::apply)
    }

    /// Applies what was typed into a field. What is typed after it into the same field, with nothing done between, is one
    /// step to undo with it, though each piece is safe at once.
    pub(crate) fn commit_typed(&mut self, field: Typed, transaction: Result<Transaction, OpError>) {
        let steps = |app: &Self| app.session.as_ref().map_or(0, |session| session.workspace.history().undo_len());
        let goes_on = self.typed.as_ref() == Some(&(field.clone(), steps(self)));
        let is_done = self.commit_with(transaction, if goes_on { Workspace::apply_joined } else { Workspace::apply });
        self.typed = is_done.then(|| (field, steps(self)));
    }

    fn commit_with(
        &mut self,
        transaction: Result<Transaction, OpError>,
        apply: impl FnOnce(&mut Workspace, Transaction) -> Result<(), WorkspaceError>,
    ) -> bool {
        let result = match (transaction, &mut self.session) {
            (Err(OpError::AlreadyThere(mark)), _) => {
                self.select_mark(Some(mark));
                return false;
            }
            (Err(error), _) => Err(error.to_string()),
            (Ok(transaction), _) if transaction.is_empty() => return true,
            (Ok(transaction), Some(session)) => apply(&mut session.workspace, transaction).map_err(|error| error.to_string()),
            (Ok(_), None) => return false,
        };
        if let Err(error) = &result {
            self.say(error.clone());
        }
        self.autosave.changed(&self.ctx);
        self.end_run();
        result.is_ok()
    }

    /// Keeps the words of a note or a claim as far as they are typed.
    pub(crate) fn set_words(&mut self, words: Words, text: &str) {
        let Some((session, key)) = self.session.as_ref().and_then(|session| Some((session, session.current()?.clone()))) else { return };
        let transaction = ops::set_words(session.workspace.state(), &key, words, text);
        self.commit_typed(Typed::Words(key, words), transaction);
    }

    /// Changes the project.
    pub(crate) fn change(&mut self, operation: impl FnOnce(&State) -> Result<Transaction, OpError>) {
        if let Some(session) = &self.session {
            let transaction = operation(session.workspace.state());
            self.commit(transaction);
        }
    }

    /// Changes the shown sheet.
    pub(crate) fn change_sheet(&mut self, operation: impl FnOnce(&State, &SheetKey) -> Result<Transaction, OpError>) {
        if let Some((session, key)) = self.session.as_ref().and_then(|session| Some((session, session.current()?))) {
            let transaction = operation(session.workspace.state(), key);
            self.commit(transaction);
        }
    }

    /// Changes the selected mark.
    pub(crate) fn change_mark(&mut self, operation: impl FnOnce(&State, &SheetKey, MarkId) -> Result<Transaction, OpError>) {
        if let Some(mark) = self.session.as_ref().and_then(|session| session.selected) {
            self.change_sheet(|state, key| operation(state, key, mark));
            self.forget_gone_marks();
        }
    }

    pub(crate) fn forget_gone_marks(&mut self) {
        if let Some(session) = &mut self.session {
            session.forget_gone_marks();
        }
    }

    pub(crate) fn select_mark(&mut self, mark: Option<MarkId>) {
        if let Some(session) = &mut self.session {
            session.picked_edge = session.picked_edge.filter(|_| session.selected == mark);
            session.selected = mark;
            (session.fresh_mark, session.selected_relation) = (None, None);
            session.last_mark = mark.or(session.last_mark);
            session.offer = session.offer.take().filter(|offer| offer.subject() == mark);
            match mark {
                Some(MarkId::Claim(claim)) => session.claim_at_work = Some(claim),
                Some(MarkId::Span(_)) => session.selected_entity = None,
                None => {}
            }
        }
    }

    /// Selects a mark, puts the caret there and shows it if it is out of sight.
    pub(crate) fn go_to_mark(&mut self, mark: MarkId) {
        self.select_mark(Some(mark));
        self.with_article(|_, session, article| {
            let start = session.sheet_of(&article.key).ranges_of(mark)?.start();
            article.view.set_caret(Caret::at(start));
            article.view.reveal(Reveal::IfHidden(start));
            Some(())
        });
    }

    fn snapping(&self) -> Snapping {
        Snapping { words: self.preferences.snap_to_words, trim: self.preferences.trim_selection }
    }

    /// Snaps the selection, and labels it at once when a label is locked.
    pub(crate) fn finish_selection(&mut self) {
        let snapping = self.snapping();
        self.with_article(|_, session, article| {
            let text = session.text_of(&article.key)?;
            let Range { start, end } = article.view.caret().range();
            let range = snapping.apply(&text, text.range(start, end).ok()?);
            article.view.set_caret(Caret { anchor: range.start(), head: range.end() });
            Some(())
        });
        let locked = self.session.as_ref().filter(|session| session.selected_text().is_some()).and_then(|session| session.locked.clone());
        if let Some(label) = locked {
            self.give_label(&label);
        }
    }

    /// The label goes to the selected text, else to the selected mark, else to the sentence (claims) or word at the caret.
    pub(crate) fn give_label(&mut self, label: &LabelKey) {
        let Some(session) = &self.session else { return };
        if !session.is_writable() {
            return self.say(tr("This window is read-only"));
        }
        let kind = session.workspace.state().schema.kind_of(label);
        if self.concordance.is_asking() && session.selected_text().is_none() && kind != LabelKind::Claim {
            return self.answer_with_label(label.clone());
        }
        match (session.selected_text(), session.selected) {
            (Some(range), _) => self.label_range(range, label, kind),
            (None, Some(mark)) => self.relabel(mark, label),
            (None, None) => self.label_at_caret(label, kind),
        }
    }

    fn label_at_caret(&mut self, label: &LabelKey, kind: LabelKind) {
        let snapping = self.snapping();
        let range = self.with_article(|_, session, article| {
            let text = session.text_of(&article.key)?;
            let offset = article.view.caret().head;
            let around = match kind {
                LabelKind::Claim => segment::sentence_at(text.as_str(), offset),
                LabelKind::Entity | LabelKind::Span => segment::word_at(text.as_str(), offset),
            };
            let range = text.range(around.start, around.end).ok()?;
            let is_blank = text.slice(range).trim().is_empty();
            (!is_blank).then(|| Snapping { words: false, ..snapping }.apply(&text, range).as_range())
        });
        match range {
            Some(range) => self.label_range(range, label, kind),
            None => self.say(tr("Nothing to label at the caret")),
        }
    }

    fn label_range(&mut self, range: Range<usize>, label: &LabelKey, kind: LabelKind) {
        let Some(session) = &mut self.session else { return };
        let Some(key) = session.current().cloned() else { return };
        let Some(range) = session.text_of(&key).and_then(|text| text.range(range.start, range.end).ok()) else { return };
        let id = session.workspace.next_id();
        let beginning_there = session.spans_beginning_at(range.start());
        let state = session.workspace.state();
        let (mark, transaction) = match kind {
            LabelKind::Claim => (MarkId::Claim(ClaimId(id)), ops::add_claim(state, &key, id, Some(range.into()), label)),
            LabelKind::Entity | LabelKind::Span => {
                (MarkId::Span(SpanId(id)), ops::add_span_among(state, &key, beginning_there, id, range.into(), label))
            }
        };
        let is_new = self.commit(transaction);
        if is_new {
            self.select_mark(Some(mark));
            if let Some(session) = &mut self.session {
                session.fresh_mark = Some(mark);
            }
        }
        self.collapse_selection(range);
        if let Some(mark) = self.session.as_ref().and_then(|session| session.selected) {
            self.offer_for(mark);
        }
    }

    pub(crate) fn collapse_selection(&mut self, range: TextRange) {
        if let Some(article) = self.session.as_mut().and_then(|session| session.article.as_mut()) {
            article.view.set_caret(Caret::at(range.end()));
        }
    }

    fn relabel(&mut self, mark: MarkId, label: &LabelKey) {
        let Some(session) = &mut self.session else { return };
        let id = session.workspace.next_id();
        let Some(key) = session.current().cloned() else { return };
        let transaction = ops::set_label(session.workspace.state(), &key, mark, label, id);
        if self.commit(transaction) {
            let Some(session) = &self.session else { return };
            // A span that became a claim, or back, has a new id.
            let turned = [MarkId::Claim(ClaimId(id)), MarkId::Span(SpanId(id))].into_iter().find(|new| session.has_mark(*new));
            self.select_mark(Some(turned.unwrap_or(mark)));
        }
    }

    /// Adds the selected text to the mark that was worked on last.
    pub(crate) fn add_selection_to_mark(&mut self) {
        self.snap_only();
        let Some(session) = &self.session else { return };
        let (Some(range), Some(mark), Some(key)) = (session.selected_text(), session.selected.or(session.last_mark), session.current()) else {
            return self.say(tr("Select a mark, then the text to add to it"));
        };
        let Some(range) = session.text_of(key).and_then(|text| text.range(range.start, range.end).ok()) else { return };
        let transaction = ops::add_range(session.workspace.state(), key, mark, range);
        if self.commit(transaction) {
            self.select_mark(Some(mark));
            self.collapse_selection(range);
        }
    }

    pub(crate) fn snap_only(&mut self) {
        let locked = self.session.as_mut().and_then(|session| session.locked.take());
        self.finish_selection();
        if let Some(session) = &mut self.session {
            session.locked = locked;
        }
    }

    pub(crate) fn move_edge(&mut self, mark: MarkId, edge: Edge, to: usize) {
        self.change_sheet(|state, key| ops::move_edge(state, key, mark, edge, to));
        self.with_article(|_, session, article| {
            let range = *session.sheet_of(&article.key).ranges_of(mark)?.as_slice().get(edge.range)?;
            let place = if edge.side == ops::Side::Start { range.start() } else { range.end() };
            article.view.set_caret(Caret::at(place));
            article.view.reveal(Reveal::IfHidden(place));
            Some(())
        });
    }

    pub(crate) fn toggle_lock(&mut self, label: LabelKey) {
        let Some(session) = &mut self.session else { return };
        session.locked = if session.locked.as_ref() == Some(&label) { None } else { Some(label) };
        let is_waiting = session.locked.is_some() && session.selected_text().is_some();
        if is_waiting {
            self.finish_selection();
        }
    }

    /// Brings a place of the shown article into view, where it is not.
    pub(crate) fn reveal(&mut self, offset: usize) {
        if let Some(article) = self.session.as_mut().and_then(|session| session.article.as_mut()) {
            article.view.reveal(Reveal::IfHidden(offset));
        }
    }

    pub(crate) fn search(&mut self, needle: &str) {
        let Some(session) = &mut self.session else { return };
        let Some((text, from)) =
            session.article.as_ref().and_then(|article| Some((session.text_of(&article.key)?, article.view.caret().range().start)))
        else {
            return;
        };
        let hit = session.find.search(&text, needle, from);
        if let (Some(hit), Some(article)) = (hit, &mut session.article) {
            article.view.reveal(Reveal::IfHidden(hit.start()));
        }
    }
}
