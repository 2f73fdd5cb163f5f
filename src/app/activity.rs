//! How long the coder is at work in the shown document. Time without a key or a movement of the mouse does not count.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use super::App;
use super::jobs::Done;
use super::words::{tr, tr_with};
use crate::model::{DocumentId, Finding};
use crate::workspace::activity::{Logging, active_seconds, to_csv};

/// Whoever touches nothing for longer is away; reading a screenful takes less.
const IDLE: Duration = Duration::from_secs(60);
/// Time at work is noted in pieces of about this length, so that a crash loses no more.
const PIECE: Duration = Duration::from_secs(60);
/// The preference that switches the log off.
const PREFERENCE: &str = "activity-log";

/// The clock of one document.
#[derive(Default)]
pub(crate) struct ActiveTime {
    document: Option<DocumentId>,
    // Noted in the log, in this session and before.
    noted: Duration,
    // Not noted yet.
    open: Duration,
    last_touch: Option<Instant>,
}

impl ActiveTime {
    /// Time at work in the document.
    pub(crate) fn total(&self) -> Duration {
        self.noted + self.open
    }

    /// Somebody touched something. The time since the last touch counts unless it was too long.
    fn touch(&mut self, now: Instant) {
        let since = self.last_touch.replace(now).map(|last| now.saturating_duration_since(last));
        self.open += since.filter(|since| *since < IDLE).unwrap_or_default();
    }

    /// Whole seconds to note; the rest waits.
    fn take_seconds(&mut self) -> u64 {
        let seconds = Duration::from_secs(self.open.as_secs());
        self.open -= seconds;
        self.noted += seconds;
        seconds.as_secs()
    }
}

impl App {
    /// Counts, and notes a piece when there is one.
    pub(crate) fn count_active_time(&mut self) {
        let shown = self.session.as_ref().and_then(|session| session.current()).map(|key| key.document.clone());
        if shown != self.active_time.document {
            self.note_active_time();
            self.start_active_time(shown);
        }
        if self.active_time.document.is_some() && self.ctx.input(|input| !input.raw.events.is_empty()) {
            self.active_time.touch(Instant::now());
        }
        if self.active_time.open >= PIECE {
            self.note_active_time();
        }
    }

    fn start_active_time(&mut self, document: Option<DocumentId>) {
        let known = self.session.as_ref().zip(document.as_ref()).and_then(|(session, id)| session.active_seconds.get(id.as_str()));
        let noted = Duration::from_secs(known.copied().unwrap_or_default());
        self.active_time = ActiveTime { document, noted, last_touch: Some(Instant::now()), ..ActiveTime::default() };
    }

    /// Notes what is open; also before the project closes.
    pub(crate) fn note_active_time(&mut self) {
        let seconds = self.active_time.take_seconds();
        if let (Some(session), Some(id), true) = (&mut self.session, &self.active_time.document, seconds > 0) {
            session.workspace.note_active(id, seconds);
            *session.active_seconds.entry(id.to_string()).or_default() += seconds;
        }
    }

    /// How long the coder was at work before, read off the window's thread.
    pub(crate) fn read_activity(&mut self) {
        let logging = self.logging();
        let Some(session) = &mut self.session else { return };
        session.workspace.set_logging(logging);
        let logs = session.workspace.activity_logs();
        let coder = session.workspace.coder().clone();
        self.jobs.start(&self.ctx, tr("Reading the log"), move |_, _| {
            // A log may have hundreds of thousands of lines, which go on this thread.
            Done::ActivityRead(active_seconds(&logs.read().unwrap_or_default(), &coder))
        });
    }

    pub(crate) fn activity_read(&mut self, seconds: BTreeMap<String, u64>) {
        let Some(session) = &mut self.session else { return };
        session.active_seconds = seconds;
        if let Some(known) = self.active_time.document.as_ref().and_then(|id| session.active_seconds.get(id.as_str())) {
            self.active_time.noted = Duration::from_secs(*known);
        }
    }

    /// Writes the logs of all coders of this machine as CSV.
    pub(crate) fn export_activity(&mut self, path: PathBuf) {
        self.note_active_time();
        let Some(session) = &self.session else { return };
        let (logs, disk) = (session.workspace.activity_logs(), self.places.disk().clone());
        self.jobs.start(&self.ctx, tr("Writing the log"), move |_, _| {
            let written = logs.read().and_then(|activities| disk.replace(&path, &to_csv(&activities)));
            Done::Written(written.map(|()| (path, Vec::new())).map_err(|error| error.to_string()))
        });
    }

    /// A file was written; what had no place in it is listed.
    pub(crate) fn written(&mut self, result: Result<(PathBuf, Vec<Finding>), String>) {
        match result {
            Ok((path, losses)) => {
                self.say(tr_with("Written to {}", path.display()));
                self.note_findings(losses);
            }
            Err(error) => self.alarm(error),
        }
    }

    pub(crate) fn logging(&self) -> Logging {
        if self.preferences.others.get(PREFERENCE).is_some_and(|value| value == "off") { Logging::Off } else { Logging::On }
    }

    /// Keeps the log of activity, or keeps it no longer.
    pub(crate) fn toggle_logging(&mut self) {
        self.note_active_time();
        let logging = if self.logging() == Logging::On { Logging::Off } else { Logging::On };
        let value = if logging == Logging::On { "on" } else { "off" };
        self.preferences.others.insert(PREFERENCE.to_owned(), value.to_owned());
        self.save_preferences();
        if let Some(session) = &mut self.session {
            session.workspace.set_logging(logging);
        }
        self.say(tr(if logging == Logging::On { "Your activity is logged on this machine" } else { "Your activity is no longer logged" }));
    }
}

/// `1 h 05 min`, for the status bar.
pub(crate) fn duration_text(time: Duration) -> String {
    let minutes = time.as_secs() / 60;
    if minutes < 60 { tr_with("{} min", minutes) } else { tr_with("{} min", format!("{} h {:02}", minutes / 60, minutes % 60)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_time_with_touches_counts() {
        let (mut time, start) = (ActiveTime::default(), Instant::now());
        for second in [0, 10, 50, 300, 310] {
            time.touch(start + Duration::from_secs(second));
        }
        assert_eq!(time.total(), Duration::from_secs(60), "10, 40 and 10; the 250 without a touch are not work");
        assert_eq!(time.take_seconds(), 60);
        assert_eq!((time.take_seconds(), time.total()), (0, Duration::from_secs(60)));
    }

    #[test]
    fn long_times_have_hours() {
        assert_eq!(duration_text(Duration::from_secs(59)), "0 min");
        assert_eq!(duration_text(Duration::from_secs(3900)), "1 h 05 min");
    }
}
