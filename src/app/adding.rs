//! Articles of an import come into the project piece by piece, and between the pieces the window draws.

use std::time::{Duration, Instant};

use super::App;
use super::dialogs::{Dialog, NewLabelsForm};
use super::feed::{Fed, Feed};
use super::jobs::{ImportRead, Shown, UndecodedFiles};
use super::words::tr;
use crate::model::DocumentId;
use crate::workspace::import::{MANY_NEW_LABELS, ReadyImport, ReadyPiece};
use crate::workspace::{Leaving, SaveState, WorkspaceError};

/// After so long no other piece is added in a frame. One takes about a millisecond.
const IN_A_FRAME: Duration = Duration::from_micros(500);
/// The documents of a larger import leave memory when they are written, as far as there is time for in each frame.
const MANY: usize = 500;
/// While an import comes, files are written each time that so many documents are in memory.
const WRITTEN_TOGETHER: usize = 1000;
const LEAVING_IN_A_FRAME: Duration = Duration::from_micros(500);

/// An import on its way into the project.
pub(crate) struct Adding {
    ready: ReadyImport,
    pieces: Feed<Result<ReadyPiece, WorkspaceError>>,
    undecoded: Option<UndecodedFiles>,
    shown: Shown,
}

impl App {
    /// An import was read, and its texts are written. Very many new labels are asked about.
    pub(crate) fn import_read(&mut self, read: ImportRead) {
        if read.ready.as_ref().is_ok_and(|ready| ready.new_labels().len() > MANY_NEW_LABELS) {
            self.dialog = Some(Dialog::NewLabels(NewLabelsForm::new(read)));
        } else {
            self.add_import(read);
        }
    }

    /// Begins to add what was read.
    pub(crate) fn add_import(&mut self, read: ImportRead) {
        let mut ready = match read.ready {
            Ok(ready) => ready,
            Err(error) => return self.alarm(error),
        };
        if self.session.is_none() {
            return;
        }
        if self.long_travel.is_some() {
            // What is added amid a long undo would end it there.
            self.waiting_imports.push(ImportRead { ready: Ok(ready), ..read });
            return;
        }
        self.finish_adding();
        let shown = self.jobs.show(tr("Adding articles"));
        let mut pieces = ready.take_pieces();
        shown.progress.set_total(pieces.len() as u64);
        let pieces = self.jobs.feed(&self.ctx, move || pieces.next_piece());
        self.adding = Some(Adding { ready, pieces, undecoded: read.undecoded, shown });
        self.go_on_adding();
    }

    /// Adds as much of an import as a frame has time for.
    pub(crate) fn go_on_adding(&mut self) {
        if self.long_travel.is_none() && self.adding.is_none() && !self.waiting_imports.is_empty() {
            let read = self.waiting_imports.remove(0);
            self.add_import(read);
        }
        let start = Instant::now();
        let Some(adding) = &mut self.adding else { return };
        let (in_memory, is_stopped) = (adding.ready.leaving().in_memory().len(), adding.shown.cancel.is_cancelled());
        if is_stopped || !self.waits_for_files(in_memory) {
            self.add_while(|pieces| if start.elapsed() < IN_A_FRAME { pieces.take() } else { Fed::NotYet });
        }
        if let Some(mut adding) = self.adding.take() {
            self.let_go_of_written(adding.ready.leaving(), false);
            self.adding = Some(adding);
            self.ctx.request_repaint();
        }
    }

    /// True where so many documents are in memory that more would come faster than they are written.
    pub(super) fn waits_for_files(&self, in_memory: usize) -> bool {
        in_memory >= 2 * WRITTEN_TOGETHER && self.autosave.is_running()
    }

    /// Documents that came into memory are written while more comes, and leave it. Files are written when these are many, or when
    /// somebody knows that it is time. True when they are written.
    pub(super) fn let_go_of_written(&mut self, leaving: &mut Leaving, is_time: bool) -> bool {
        self.count_changes();
        let Some(session) = &mut self.session else { return false };
        let start = Instant::now();
        let wanted = [session.current().map(|key| key.document.clone()), session.awaited.clone()];
        let is_wanted = |id: &DocumentId| wanted.iter().flatten().any(|wanted| wanted == id);
        leaving.let_go_while(&mut session.workspace, is_wanted, || start.elapsed() < LEAVING_IN_A_FRAME);
        let can_be_saved = !self.autosave.is_running() && !matches!(session.workspace.save_state(), SaveState::Failed { .. });
        let is_written = can_be_saved && (is_time || leaving.waits_for_files(&session.workspace, WRITTEN_TOGETHER));
        if is_written {
            self.save_now();
        }
        is_written
    }

    /// Adds all that is left of an import.
    pub(crate) fn finish_adding(&mut self) {
        self.add_while(Feed::wait);
    }

    fn add_while(&mut self, mut next: impl FnMut(&mut Feed<Result<ReadyPiece, WorkspaceError>>) -> Fed<Result<ReadyPiece, WorkspaceError>>) {
        let Some(mut adding) = self.adding.take() else { return };
        let Some(session) = &mut self.session else { return };
        let end = loop {
            if adding.shown.cancel.is_cancelled() {
                break Ok(());
            }
            let piece = match next(&mut adding.pieces) {
                Fed::Next(piece) => piece,
                Fed::End => break Ok(()),
                Fed::Dead => {
                    adding.shown.cancel.cancel();
                    break Ok(());
                }
                Fed::NotYet => {
                    self.autosave.changed(&self.ctx);
                    self.adding = Some(adding);
                    return;
                }
            };
            if let Err(error) = piece.and_then(|piece| adding.ready.add(&mut session.workspace, piece)) {
                break Err(error);
            }
            adding.shown.progress.add(1);
        };
        self.autosave.changed(&self.ctx);
        self.added(adding);
        if let Err(error) = end {
            self.alarm(error.to_string());
        }
    }

    /// Documents that came in large numbers, and that nobody has opened, leave memory once everything is written.
    pub(crate) fn let_go_of_many(&mut self) {
        let Some(session) = self.session.as_mut().filter(|session| !session.leaving.is_empty()) else { return };
        if self.adding.is_some() || self.long_travel.is_some() || !matches!(session.workspace.save_state(), SaveState::Saved) {
            return;
        }
        self.count_changes();
        let Some(session) = &mut self.session else { return };
        let start = Instant::now();
        while start.elapsed() < LEAVING_IN_A_FRAME
            && let Some(id) = session.leaving.pop()
        {
            if session.awaited.as_ref() != Some(&id) && session.current().is_none_or(|key| key.document != id) {
                session.workspace.unload(&id);
            }
        }
        if !session.leaving.is_empty() {
            self.ctx.request_repaint();
        }
    }

    fn added(&mut self, mut adding: Adding) {
        let is_stopped = adding.shown.cancel.is_cancelled();
        let in_memory = adding.ready.leaving().in_memory().to_vec();
        let report = adding.ready.finish();
        self.imported(&report, adding.undecoded);
        if let Some(session) = self.session.as_mut().filter(|_| report.documents.len() > MANY) {
            session.leaving.extend(in_memory);
        }
        if is_stopped {
            self.say(tr("Stopped. What was added before stays; Undo takes it back"));
        }
    }
}
