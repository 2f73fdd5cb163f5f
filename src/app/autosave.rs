//! When files are written: shortly after the last change, never on the window's thread.
//!
//! Every action is in the journal before its frame ends; files follow when the hands rest.

use std::time::{Duration, Instant};

use eframe::egui::Context;

use super::App;
use super::jobs::Done;
use super::words::tr;
use crate::workspace::{CheckpointDone, SaveState};

/// Files are written when nothing changed for so long.
const REST: Duration = Duration::from_secs(2);
/// A failed attempt is repeated after so long.
const RETRY: Duration = Duration::from_secs(5);

/// The clock of autosaving.
#[derive(Debug, Default)]
pub(crate) struct Autosave {
    due: Option<Instant>,
    is_running: bool,
}

impl Autosave {
    /// Something changed: files are due after a rest.
    pub(crate) fn changed(&mut self, ctx: &Context) {
        self.due = Some(Instant::now() + REST);
        ctx.request_repaint_after(REST);
    }

    /// Files are being written.
    pub(crate) fn is_running(&self) -> bool {
        self.is_running
    }

    fn now(&mut self) {
        self.due = Some(Instant::now());
    }

    fn later(&mut self, ctx: &Context) {
        self.due = Some(Instant::now() + RETRY);
        ctx.request_repaint_after(RETRY);
    }
}

impl App {
    /// Starts writing files when it is time.
    pub(crate) fn autosave(&mut self) {
        let is_due = self.autosave.due.is_some_and(|due| Instant::now() >= due);
        if !is_due || self.autosave.is_running {
            return;
        }
        self.autosave.due = None;
        let Some(session) = &mut self.session else { return };
        if matches!(session.workspace.save_state(), SaveState::Failed { .. }) {
            session.workspace.retry();
        }
        if let Some(job) = session.workspace.begin_checkpoint() {
            self.autosave.is_running = true;
            self.jobs.start(&self.ctx, tr("Writing files"), move |_, _| Done::Checkpoint(Box::new(job.run())));
        }
    }

    /// Writes files now.
    pub(crate) fn save_now(&mut self) {
        self.remember_place();
        self.autosave.now();
        self.autosave();
    }

    pub(crate) fn checkpoint_done(&mut self, done: CheckpointDone) {
        self.autosave.is_running = false;
        let Some(session) = &mut self.session else { return };
        // A failure is shown by the banner as long as it lasts.
        let _ = session.workspace.finish_checkpoint(done);
        if !matches!(session.workspace.save_state(), SaveState::Saved) {
            self.autosave.later(&self.ctx);
        }
        self.go_on_restoring();
    }
}
