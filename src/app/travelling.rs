//! Undo and redo across documents; long steps come part by part, and between the parts the window draws.

use std::sync::Arc;
use std::time::{Duration, Instant};

use super::App;
use super::article::Reveal;
use super::feed::{Fed, Feed};
use super::jobs::Shown;
use super::words::{tr, tr_with};
use crate::edit::{Edit, Table, Transaction};
use crate::model::{MarkId, SheetKey};
use crate::workspace::{PreparedTravel, Travel, TravelJob, Travelling, WorkspaceError};

/// After so long no other part is applied in a frame. Most take about a millisecond.
const IN_A_FRAME: Duration = Duration::from_micros(500);
/// What is not in the files takes memory: they are written each time that so many rows have changed.
const ROWS_WRITTEN_TOGETHER: usize = 60_000;
/// A document is a file of its own.
const ROWS_OF_DOCUMENT: usize = 50;

/// A long undo or redo on its way.
pub(crate) struct LongTravel {
    travel: Travel,
    parts: Feed<Result<PreparedTravel, WorkspaceError>>,
    travelling: Travelling,
    shown: Shown,
    // The first and the last part that were applied.
    applied: Option<[Arc<Transaction>; 2]>,
    // Rows that have changed since the files were last written.
    rows: usize,
    // The document that was shown has gone.
    has_left: bool,
}

/// How a long step ends.
enum End {
    Done,
    Stopped,
    Failed(WorkspaceError),
}

impl App {
    /// Undo and redo, across documents. Shows what changed only if it is out of sight.
    pub(crate) fn travel(&mut self, travel: Travel) {
        let Some(session) = &mut self.session else { return };
        if self.long_travel.is_some() || self.adding.is_some() {
            return self.say(tr("Something long is still on its way: see the status bar"));
        }
        if let Some((job, travelling)) = session.workspace.long_travel(travel) {
            return self.start_long_travel(travel, job, travelling);
        }
        let applied = match travel {
            Travel::Undo => session.workspace.undo(),
            Travel::Redo => session.workspace.redo(),
        };
        match applied {
            Ok(applied) => {
                if let Some(applied) = &applied {
                    self.count_uses_after([applied, applied]);
                }
                self.travelled(travel, applied.map(|applied| [applied.clone(), applied]));
            }
            Err(error) => self.travel_failed(&error),
        }
    }

    fn start_long_travel(&mut self, travel: Travel, mut job: TravelJob, travelling: Travelling) {
        let shown = self.jobs.show(if travel == Travel::Undo { tr("Undoing") } else { tr("Redoing") });
        shown.progress.set_total(job.parts() as u64);
        let cancel = shown.cancel.clone();
        let parts = self.jobs.feed(&self.ctx, move || job.next_part(&cancel));
        self.recheck_answers();
        self.long_travel = Some(LongTravel { travel, parts, travelling, shown, applied: None, rows: 0, has_left: false });
        self.ctx.request_repaint();
    }

    /// Applies as much of a long step as a frame has time for.
    pub(crate) fn go_on_travelling(&mut self) {
        let Some(mut long) = self.long_travel.take() else { return };
        let (start, done) = (Instant::now(), long.shown.progress.done());
        while long.shown.cancel.is_cancelled() || !self.waits_for_files(long.travelling.leaving().in_memory().len()) {
            match self.apply_part(&mut long) {
                Ok(true) if start.elapsed() < IN_A_FRAME => {}
                Ok(_) => break,
                Err(end) => return self.end_long_travel(long, end),
            }
        }
        if long.shown.progress.done() > done {
            self.autosave.changed(&self.ctx);
            self.forget_gone_marks();
            long.has_left |= self.close_gone_document();
        }
        if self.let_go_of_written(long.travelling.leaving(), long.rows >= ROWS_WRITTEN_TOGETHER) {
            long.rows = 0;
        }
        self.long_travel = Some(long);
        // Documents leave memory, and the bar moves.
        self.ctx.request_repaint();
    }

    /// False while the next part is not there yet.
    fn apply_part(&mut self, long: &mut LongTravel) -> Result<bool, End> {
        let Some(session) = self.session.as_mut().filter(|_| !long.shown.cancel.is_cancelled()) else { return Err(End::Stopped) };
        let prepared = match long.parts.take() {
            Fed::Next(prepared) => prepared.map_err(End::Failed)?,
            Fed::NotYet => return Ok(false),
            Fed::End => return Err(End::Done),
            Fed::Dead => return Err(End::Stopped),
        };
        if let Some(part) = long.travelling.apply(&mut session.workspace, prepared).map_err(End::Failed)? {
            long.rows += part.edits.iter().map(|edit| if matches!(edit, Edit::Document(_)) { ROWS_OF_DOCUMENT } else { 1 }).sum::<usize>();
            let first = long.applied.take().map_or_else(|| part.clone(), |[first, _]| first);
            long.applied = Some([first, part]);
        }
        long.shown.progress.add(1);
        Ok(true)
    }

    fn end_long_travel(&mut self, mut long: LongTravel, end: End) {
        if let Some(session) = &mut self.session {
            session.leaving.extend_from_slice(long.travelling.leaving().in_memory());
        }
        long.has_left |= self.close_gone_document();
        let is_nothing_shown = self.session.as_ref().is_some_and(|session| session.current().is_none() && session.awaited.is_none());
        if long.has_left && is_nothing_shown {
            self.open_last_document(None);
        }
        if let Some([first, last]) = &long.applied {
            self.count_uses_after([first, last]);
        }
        match end {
            End::Done => self.travelled(long.travel, long.applied),
            End::Failed(error) => self.travel_failed(&error),
            End::Stopped => {
                self.travelled(long.travel, None);
                self.say(tr("Stopped. Undo and Redo go on from here"));
            }
        }
    }

    /// A change of the codebook alone does not change how often its rows are used.
    fn count_uses_after(&mut self, parts: [&Transaction; 2]) {
        if parts.iter().any(|part| part.edits.iter().any(|edit| edit.table() != Table::Schema)) {
            self.count_codebook_uses();
        }
    }

    /// A step was taken or brought back; its first and its last part.
    fn travelled(&mut self, travel: Travel, applied: Option<[Arc<Transaction>; 2]>) {
        self.autosave.changed(&self.ctx);
        self.recheck_answers();
        if let Some([first, last]) = applied {
            // A step is called as its last part is.
            let name = if travel == Travel::Undo { &first.name } else { &last.name };
            self.show_change(travel, name, &last);
            if self.close_gone_document() {
                self.open_last_document(None);
            }
        }
        self.forget_gone_marks();
    }

    fn travel_failed(&mut self, error: &WorkspaceError) {
        self.autosave.changed(&self.ctx);
        self.recheck_answers();
        self.forget_gone_marks();
        self.say(error.to_string());
    }

    fn show_change(&mut self, travel: Travel, name: &str, transaction: &Transaction) {
        let said = match travel {
            Travel::Undo => tr_with("Undone: {}", name),
            Travel::Redo => tr_with("Redone: {}", name),
        };
        let corrected = transaction.text_changes().last().and_then(|(id, change)| {
            let key = SheetKey::new(id, self.session.as_ref()?.workspace.coder());
            Some((key, None, change.pieces.first().map(|piece| piece.start)))
        });
        // A change of the codebook is seen in the codebook, however many documents follow it.
        let is_of_codebook = transaction.edits.iter().any(|edit| edit.table() == Table::Schema);
        let place = corrected.or_else(|| transaction.edits.iter().filter(|_| !is_of_codebook).find_map(place_of));
        let place = place.filter(|(key, ..)| self.session.as_ref().is_some_and(|session| session.is_present(&key.document)));
        let Some((key, mark, offset)) = place else { return self.say(said) };
        let is_here = self.session.as_ref().and_then(|session| session.current()) == Some(&key);
        if !is_here {
            self.open_document(&key.document);
        }
        if let (Some(article), Some(offset)) = (self.session.as_mut().and_then(|session| session.article.as_mut()), offset) {
            article.view.reveal(Reveal::IfHidden(offset));
        }
        self.select_mark(mark);
        self.say(if is_here { said } else { format!("{said} {}", tr("(in this other document)")) });
    }
}

/// Where an edit changed something: the sheet, the mark that is there now, and the offset to look at.
fn place_of(edit: &Edit) -> Option<(SheetKey, Option<MarkId>, Option<usize>)> {
    match edit {
        Edit::Span(key, change) => {
            let offset = change.after.as_ref().or(change.before.as_ref()).map(|span| span.ranges.start());
            Some((key.clone(), change.after.is_some().then_some(MarkId::Span(change.key)), offset))
        }
        Edit::Claim(key, change) => {
            let content = change.after.as_ref().or(change.before.as_ref()).and_then(|claim| claim.content.as_ref());
            Some((key.clone(), change.after.is_some().then_some(MarkId::Claim(change.key)), content.map(crate::text::Ranges::start)))
        }
        Edit::Relation(key, _) | Edit::Sheet(key, _) => Some((key.clone(), None, None)),
        _ => None,
    }
}
