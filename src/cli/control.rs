//! Verbs that take long say on a terminal how far they are, and stop at Ctrl+C.

use std::io::{IsTerminal as _, Write as _};
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use signal_hook::consts::SIGINT;
use signal_hook::flag;

use crate::progress::{CancelToken, Progress};

/// What a shell says of a program that Ctrl+C has ended.
const ENDED_BY_CTRL_C: i32 = 130;
/// Between two looks at how far it is.
const PAUSE: Duration = Duration::from_millis(200);

/// Ctrl+C stops the work of a verb where it can be stopped whole; a second time it ends the program.
pub(super) struct Control {
    cancel: CancelToken,
}

impl Control {
    /// From now on until the program ends.
    pub(super) fn new() -> Self {
        let cancel = CancelToken::new();
        // Where the system does not let us, Ctrl+C ends the program at once, as without this.
        let _ = flag::register_conditional_shutdown(SIGINT, ENDED_BY_CTRL_C, cancel.flag().clone());
        let _ = flag::register(SIGINT, cancel.flag().clone());
        Self { cancel }
    }

    /// A part of the work, as it is called on the terminal.
    pub(super) fn part(&self, what: &'static str) -> Part<'_> {
        let progress = Progress::new();
        let line = std::io::stderr().is_terminal().then(|| Line::show(what, progress.clone()));
        Part { progress, cancel: &self.cancel, _line: line }
    }
}

/// A part of the work of a verb while it is done.
pub(super) struct Part<'c> {
    progress: Progress,
    cancel: &'c CancelToken,
    _line: Option<Line>,
}

impl Part<'_> {
    /// For who does the work.
    pub(super) fn control(&self) -> (&Progress, &CancelToken) {
        (&self.progress, self.cancel)
    }
}

/// A line on the terminal that is written again and again, and taken away in the end.
struct Line {
    // None when it is being taken away.
    end: Option<Sender<()>>,
    writer: Option<JoinHandle<()>>,
}

impl Line {
    fn show(what: &'static str, progress: Progress) -> Self {
        let (end, ended) = channel();
        let write = move || {
            let mut width = 0;
            while ended.recv_timeout(PAUSE) == Err(RecvTimeoutError::Timeout) {
                let said = said(what, &progress);
                eprint!("\r{said}");
                let _ = std::io::stderr().flush();
                width = said.chars().count();
            }
            eprint!("\r{:width$}\r", "");
        };
        Self { end: Some(end), writer: thread::Builder::new().spawn(write).ok() }
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        drop(self.end.take());
        let _ = self.writer.take().map(JoinHandle::join);
    }
}

fn said(what: &str, progress: &Progress) -> String {
    match progress.fraction() {
        Some(fraction) => format!("{what}: {:3.0} % (Ctrl+C stops)", fraction * 100.0),
        None => format!("{what} … (Ctrl+C stops)"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_says_how_far_it_is() {
        let progress = Progress::new();
        assert_eq!(said("Reading", &progress), "Reading … (Ctrl+C stops)");
        progress.set_total(8);
        progress.add(1);
        assert_eq!(said("Reading", &progress), "Reading:  12 % (Ctrl+C stops)");
    }
}
