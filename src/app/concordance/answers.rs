//! Answering line by line: yes, no, not now, all, back.
//!
//! Every answer is applied and journalled at once; the first begins a step for undo, the others belong to it.

use std::time::{Duration, Instant};

use super::lines::Answer;
use super::search::sheet_of;
use super::{Quest, Run};
use crate::app::App;
use crate::app::words::{tr, tr_count};
use crate::edit::Transaction;
use crate::edit::ops::{self, OpError};
use crate::model::{LabelKey, MarkId, SpanId, occurrence_name};

/// So long a frame may answer lines by itself.
const BUDGET: Duration = Duration::from_micros(2500);

impl App {
    /// The place in hand gets the label.
    pub(crate) fn answer_yes(&mut self) {
        if self.concordance.label.is_none() {
            return self.say(tr("Choose the label first: press its key"));
        }
        let at = self.concordance.at;
        if self.label_line(at) {
            self.go_on();
        }
    }

    /// A label's key: the places of a search get this label from now on.
    pub(crate) fn answer_with_label(&mut self, label: LabelKey) {
        self.concordance.label = Some(label);
        self.answer_yes();
    }

    /// The place in hand is something else; it is not asked again for this label.
    pub(crate) fn answer_no(&mut self) {
        let at = self.concordance.at;
        let rejected = match &self.concordance.label {
            Some(label) => self.reject_line(at, &label.clone()),
            None => true,
        };
        if rejected {
            self.concordance.lines.set_answer(at, Answer::No);
            self.concordance.answered.push(at);
            self.go_on();
        }
    }

    /// The place in hand is left as it is, for now.
    pub(crate) fn answer_later(&mut self) {
        let at = self.concordance.at;
        self.concordance.lines.set_answer(at, Answer::Skipped);
        self.concordance.answered.push(at);
        self.go_on();
    }

    /// All places that are still open get the label, a few a frame.
    pub(crate) fn answer_all(&mut self) {
        if self.concordance.label.is_none() {
            return self.say(tr("Choose the label first: press its key"));
        }
        self.concordance.is_answering_all = true;
    }

    /// Goes on answering all, for a small part of a frame.
    pub(crate) fn go_on_answering(&mut self) {
        if !self.concordance.is_answering_all {
            return;
        }
        let start = Instant::now();
        while start.elapsed() < BUDGET {
            match self.concordance.lines.next_open(self.concordance.at) {
                Some(at) => {
                    self.concordance.at = at;
                    if !self.label_line(at) {
                        self.concordance.lines.set_answer(at, Answer::Skipped);
                    }
                }
                // More may be on its way.
                None if self.concordance.stream.is_some() => return,
                None => {
                    self.concordance.is_answering_all = false;
                    return self.say_result();
                }
            }
        }
        self.ctx.request_repaint();
    }

    /// Takes the last answer back and asks again.
    pub(crate) fn answer_back(&mut self) {
        self.concordance.is_answering_all = false;
        let Some(at) = self.concordance.answered.pop() else { return self.say(tr("Nothing was answered yet")) };
        let answer = self.concordance.lines.get(at).map(|(line, _)| line.answer);
        let is_back = match answer {
            Some(Answer::Yes(mark)) => self.apply_to_line(at, |state, key, _| ops::delete_mark(state, key, mark)),
            Some(Answer::No) => match self.concordance.label.clone() {
                Some(label) => self.unreject_line(at, &label),
                None => true,
            },
            _ => true,
        };
        if is_back {
            self.concordance.lines.set_answer(at, Answer::Open);
            self.concordance.at = at;
            self.concordance.is_following = true;
        }
    }

    /// The line so many below, answered or not.
    pub(crate) fn step_line(&mut self, step: isize) {
        let last = self.concordance.lines.len().saturating_sub(1);
        self.concordance.at = self.concordance.at.saturating_add_signed(step).min(last);
        self.concordance.is_following = true;
    }

    fn label_line(&mut self, at: usize) -> bool {
        let (Some(label), Some((line, _))) = (self.concordance.label.clone(), self.concordance.lines.get(at)) else { return false };
        if matches!(line.answer, Answer::Yes(_)) {
            return true;
        }
        let (range, entity) = (line.range, self.concordance.entity);
        let mut new = None;
        let done = self.apply_to_line(at, |state, key, id| {
            new = Some(id);
            ops::label_occurrence(state, key, id, range, &label, entity)
        });
        let is_open = self.concordance.lines.get(at).is_some_and(|(line, _)| line.answer == Answer::Open);
        if let (true, true, Some(id)) = (done, is_open, new) {
            self.concordance.lines.set_answer(at, Answer::Yes(MarkId::Span(SpanId(id))));
            self.concordance.answered.push(at);
        }
        done
    }

    fn name_of_line(&self, at: usize, label: &LabelKey) -> Option<String> {
        let (line, source) = self.concordance.lines.get(at)?;
        Some(occurrence_name(label, line.range.start(), source.text.slice(line.range)))
    }

    fn reject_line(&mut self, at: usize, label: &LabelKey) -> bool {
        let Some(name) = self.name_of_line(at, label) else { return false };
        self.apply_to_line(at, |state, key, _| Ok(ops::reject_occurrence(state, key, &name)))
    }

    fn unreject_line(&mut self, at: usize, label: &LabelKey) -> bool {
        let Some(name) = self.name_of_line(at, label) else { return false };
        self.apply_to_line(at, |state, key, _| Ok(ops::unreject_occurrence(state, key, &name)))
    }

    /// Changes the sheet of a line, as a part of the run's step.
    fn apply_to_line(
        &mut self,
        at: usize,
        operation: impl FnOnce(&crate::model::State, &crate::model::SheetKey, ops::NewId) -> Result<Transaction, OpError>,
    ) -> bool {
        let Some(key) = self.concordance.lines.get(at).and_then(|(_, source)| sheet_of(self, source)) else { return false };
        let Some(session) = &mut self.session else { return false };
        if let Err(error) = session.workspace.load(&key) {
            self.say(error.to_string());
            return false;
        }
        let searched = self.concordance.lines.get(at).map(|(_, source)| source.text.hash().clone());
        if session.text_of(&key).is_none_or(|text| Some(text.hash()) != searched.as_ref()) {
            self.say(tr("The text of this article was corrected since; search again"));
            return false;
        }
        let id = session.workspace.next_id();
        let transaction = match operation(session.workspace.state(), &key, id) {
            Ok(transaction) => transaction,
            Err(OpError::AlreadyThere(mark)) => {
                self.concordance.lines.set_answer(at, Answer::Yes(mark));
                return true;
            }
            Err(error) => {
                self.say(error.to_string());
                return false;
            }
        };
        let transaction = Transaction { name: run_name(&self.concordance.quest), ..transaction };
        let is_first = self.concordance.run == Run::NotBegun;
        let applied = if is_first { session.workspace.apply(transaction) } else { session.workspace.apply_joined(transaction) };
        self.autosave.changed(&self.ctx);
        match applied {
            Ok(()) => {
                self.concordance.run = Run::Going;
                true
            }
            Err(error) => {
                self.say(error.to_string());
                false
            }
        }
    }

    /// To the next open line; the article follows where it is shown.
    fn go_on(&mut self) {
        let panel = &mut self.concordance;
        panel.is_following = true;
        match panel.lines.next_open(panel.at) {
            Some(at) => {
                panel.at = at;
                let here = panel.lines.get(at).map(|(line, source)| (source.document.clone(), line.range));
                let is_shown = |document| self.session.as_ref().and_then(|session| session.current()).is_some_and(|key| key.document == document);
                if let Some((_, range)) = here.filter(|(document, _)| is_shown(document.clone())) {
                    self.reveal(range.start());
                }
            }
            None => self.say_result(),
        }
    }

    fn say_result(&mut self) {
        let labelled = self.concordance.lines.labelled();
        self.say(tr_count(
            "{} place was labelled; Undo takes all of them back at once",
            "{} places were labelled; Undo takes all of them back at once",
            labelled,
        ));
    }

    /// Something else was done: the next answer begins a step of its own.
    pub(crate) fn end_run(&mut self) {
        self.concordance.run = Run::NotBegun;
    }

    /// Undo or redo may have taken answers back: what is no longer in its sheet is asked again.
    pub(crate) fn recheck_answers(&mut self) {
        self.end_run();
        self.concordance.is_answering_all = false;
        let answered = std::mem::take(&mut self.concordance.answered);
        let (held, gone): (Vec<usize>, Vec<usize>) = answered.into_iter().partition(|at| self.still_holds(*at));
        self.concordance.answered = held;
        gone.into_iter().for_each(|at| self.concordance.lines.set_answer(at, Answer::Open));
    }

    fn still_holds(&self, at: usize) -> bool {
        let Some((line, source)) = self.concordance.lines.get(at) else { return false };
        let (Some(session), Some(key)) = (&self.session, sheet_of(self, source)) else { return false };
        let sheet = session.sheet_of(&key);
        match line.answer {
            Answer::Yes(MarkId::Span(id)) => sheet.spans.contains_key(&id),
            Answer::No => {
                let name = self.concordance.label.as_ref().and_then(|label| self.name_of_line(at, label));
                name.is_none_or(|name| sheet.info.rejected.contains(&name))
            }
            Answer::Yes(_) | Answer::Open => false,
            Answer::Skipped => true,
        }
    }
}

fn run_name(quest: &Quest) -> String {
    match quest {
        Quest::Occurrences(_) => "label all occurrences".to_owned(),
        Quest::Typed(_) | Quest::Nothing => "label places of a search".to_owned(),
    }
}
