//! Articles of an import come into the project piece by piece, and between the pieces the window draws.

use std::time::{Duration, Instant};

use super::App;
use super::dialogs::{Dialog, MANY_NEW_LABELS, NewLabelsForm};
use super::jobs::{ImportRead, Shown, UndecodedFiles};
use super::words::tr;
use crate::workspace::SaveState;
use crate::workspace::import::ReadyImport;

/// After so long no other piece is added in a frame. One takes about a millisecond.
const IN_A_FRAME: Duration = Duration::from_micros(500);
/// The documents of a larger import leave memory when they are written, as far as there is time for in each frame.
const MANY: usize = 500;
/// While an import comes, files are written each time that so many documents are in memory.
const WRITTEN_TOGETHER: usize = 2000;
const LEAVING_IN_A_FRAME: Duration = Duration::from_micros(500);

/// An import on its way into the project.
pub(crate) struct Adding {
    ready: ReadyImport,
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
        let ready = match read.ready {
            Ok(ready) => ready,
            Err(error) => return self.alarm(error),
        };
        if self.session.is_none() {
            return;
        }
        self.finish_adding();
        let shown = self.jobs.show(tr("Adding articles"));
        shown.progress.set_total(ready.pieces() as u64);
        self.adding = Some(Adding { ready, undecoded: read.undecoded, shown });
        self.go_on_adding();
    }

    /// Adds as much of an import as a frame has time for.
    pub(crate) fn go_on_adding(&mut self) {
        let start = Instant::now();
        self.add_while(|| start.elapsed() < IN_A_FRAME);
        if self.adding.is_some() {
            self.let_go_of_added();
            self.ctx.request_repaint();
        }
    }

    /// What was added is written while more comes, and leaves memory.
    fn let_go_of_added(&mut self) {
        self.count_changes();
        let (Some(adding), Some(session)) = (&mut self.adding, &mut self.session) else { return };
        let start = Instant::now();
        let shown = session.current().map(|key| key.document.clone());
        adding.ready.let_go_while(&mut session.workspace, shown.as_ref(), || start.elapsed() < LEAVING_IN_A_FRAME);
        let can_be_saved = !matches!(session.workspace.save_state(), SaveState::Failed { .. });
        if can_be_saved && adding.ready.in_memory().len() >= WRITTEN_TOGETHER {
            self.save_now();
        }
    }

    /// Adds all that is left of an import.
    pub(crate) fn finish_adding(&mut self) {
        self.add_while(|| true);
    }

    fn add_while(&mut self, has_time: impl Fn() -> bool) {
        let Some(mut adding) = self.adding.take() else { return };
        let Some(session) = &mut self.session else { return };
        let more = loop {
            if adding.shown.cancel.is_cancelled() {
                break Ok(false);
            }
            let more = adding.ready.add_piece(&mut session.workspace);
            adding.shown.progress.add(1);
            if !matches!(more, Ok(true)) || !has_time() {
                break more;
            }
        };
        self.autosave.changed(&self.ctx);
        match more {
            Ok(true) => self.adding = Some(adding),
            Ok(false) => self.added(adding),
            Err(error) => {
                self.added(adding);
                self.alarm(error.to_string());
            }
        }
    }

    /// Documents of a large import that nobody has opened leave memory, once everything is written.
    pub(crate) fn let_go_of_imported(&mut self) {
        let Some(session) = self.session.as_mut().filter(|session| !session.imported.is_empty()) else { return };
        if self.adding.is_some() || !matches!(session.workspace.save_state(), SaveState::Saved) {
            return;
        }
        self.count_changes();
        let Some(session) = &mut self.session else { return };
        let start = Instant::now();
        while start.elapsed() < LEAVING_IN_A_FRAME
            && let Some(id) = session.imported.pop()
        {
            if session.current().is_none_or(|key| key.document != id) {
                session.workspace.unload(&id);
            }
        }
        if !session.imported.is_empty() {
            self.ctx.request_repaint();
        }
    }

    fn added(&mut self, adding: Adding) {
        let is_stopped = adding.shown.cancel.is_cancelled();
        let in_memory = adding.ready.in_memory().to_vec();
        let report = adding.ready.finish();
        self.imported(&report, adding.undecoded);
        if let Some(session) = self.session.as_mut().filter(|_| report.documents.len() > MANY) {
            session.imported.extend(in_memory);
        }
        if is_stopped {
            self.say(tr("Stopped. What was added before stays; Undo takes it back"));
        }
    }
}
