//! What others change in the project's files is noticed within seconds, and taken in where it does not meet one's own
//! work. The copies of the project in the state folder are kept up to date meanwhile.

use std::time::{Duration, Instant, SystemTime};

use super::App;
use super::jobs::Done;
use super::words::{tr, tr_count};
use crate::model::Finding;
use crate::progress::CancelToken;
use crate::store::StoreError;
use crate::workspace::watch::{Seen, Watched};

/// How long after one look the next begins.
const PAUSE: Duration = Duration::from_secs(5);
/// A look may take so much of the time at most, one part in this many.
const MAX_PART: u32 = 50;
/// How long after one backup the next begins. What this program writes is kept with each checkpoint in any case.
const BETWEEN_BACKUPS: Duration = Duration::from_secs(30 * 60);

/// When to look next.
pub(crate) struct OutsideWatch {
    // None while a look runs.
    seen: Option<Seen>,
    due: Instant,
    backup_due: Instant,
    /// Stops what runs when the project is closed.
    pub(crate) cancel: CancelToken,
}

impl OutsideWatch {
    /// For a project that was opened just now.
    pub(crate) fn new() -> Self {
        let now = Instant::now();
        Self { seen: Some(Seen::since(SystemTime::now())), due: now + PAUSE, backup_due: now, cancel: CancelToken::new() }
    }
}

impl App {
    /// Starts a look, or a backup, when it is time.
    pub(crate) fn watch_outside(&mut self) {
        // Somebody who comes back from another window has perhaps changed something there.
        let came_back = self.ctx.input(|input| input.raw.events.iter().any(|event| matches!(event, eframe::egui::Event::WindowFocused(true))));
        let Some(session) = &mut self.session else { return };
        let now = Instant::now();
        if now >= session.outside.backup_due {
            session.outside.backup_due = now + BETWEEN_BACKUPS;
            if let Some(job) = session.workspace.backup() {
                let cancel = session.outside.cancel.clone();
                self.jobs.start(&self.ctx, tr("Keeping copies"), move |progress, _| Done::BackedUp(job.run(progress, &cancel).map(|_| ())));
            }
        }
        if (came_back || now >= session.outside.due)
            && let Some(seen) = session.outside.seen.take()
        {
            let (job, cancel) = (session.workspace.watch(seen), session.outside.cancel.clone());
            self.jobs.start(&self.ctx, tr("Looking for outside changes"), move |_, _| {
                let start = Instant::now();
                let watched = job.run(&cancel);
                Done::Watched(watched, start.elapsed())
            });
        }
    }

    pub(crate) fn watched(&mut self, watched: Result<Watched, StoreError>, took: Duration) {
        let Some(session) = &mut self.session else { return };
        let pause = PAUSE.max(took * MAX_PART);
        session.outside.due = Instant::now() + pause;
        self.ctx.request_repaint_after(pause);
        let watched = match watched {
            Ok(watched) => watched,
            // The drive is gone, or somebody closes the project: begin anew, and let saving say what is wrong.
            Err(_) => return session.outside.seen = Some(Seen::since(SystemTime::now())),
        };
        let before = session.workspace.state().revision();
        let findings = session.workspace.take_in(&watched);
        let rows = session.workspace.edits_since_ignoring_loads(before).map_or(0, Iterator::count);
        session.outside.seen = Some(watched.seen);
        if rows > 0 {
            session.forget_gone_marks();
            self.autosave.changed(&self.ctx);
            self.say(tr_count("{} row that was changed outside is taken in", "{} rows that were changed outside are taken in", rows));
        }
        self.note_findings(findings);
    }

    pub(crate) fn backed_up(&mut self, result: Result<(), StoreError>) {
        if let Err(error) = result.or_else(|error| if matches!(error, StoreError::Cancelled) { Ok(()) } else { Err(error) }) {
            self.note_findings(vec![Finding::new(
                crate::model::Severity::Warning,
                "no-copies",
                format!("no copies could be kept in the state folder: {error}"),
            )]);
        }
    }
}
