//! The log of what the coder did and how long it took: see `store/activity.rs`.

use std::collections::BTreeMap;

use super::Workspace;
use crate::edit::{Table, Transaction};
use crate::model::{CoderKey, DocumentId};
use crate::store::activity::ActivityLog;
pub use crate::store::activity::{ACTIVE, Activity};
use crate::store::journal::Kind;
use crate::store::{StoreError, coder_dirs, utc_text};

/// Whether the log is kept.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Logging {
    /// Each action, and the time at work.
    #[default]
    On,
    /// Nothing.
    Off,
}

impl Workspace {
    /// Switches the log on or off. What was written stays.
    pub fn set_logging(&mut self, logging: Logging) {
        self.logging = logging;
    }

    /// Notes that the coder was at work in a document for so many seconds.
    pub fn note_active(&self, document: &DocumentId, seconds: u64) {
        self.note_activity(ACTIVE.to_owned(), document.to_string(), seconds);
    }

    /// The logs of this project on this machine, coder by coder, to be read on any thread.
    #[must_use]
    pub fn activity_logs(&self) -> ActivityLogs {
        let dirs = coder_dirs(self.project_state());
        ActivityLogs(dirs.iter().map(|dir| ActivityLog::new(dir.activity(), self.places.disk().clone())).collect())
    }

    /// Notes what was done, with the first document that it touches.
    pub(super) fn note_action(&self, kind: Kind, transaction: &Transaction) {
        let name = &transaction.name;
        let action = match kind {
            Kind::Apply | Kind::Join => name.clone(),
            Kind::Undo | Kind::UndoPart => format!("undo {name}"),
            Kind::Redo | Kind::RedoPart => format!("redo {name}"),
            // Not the coder's doing.
            _ => return,
        };
        let document = transaction.edits.first().map(|edit| match edit.table() {
            Table::Sheet(key) => key.document.to_string(),
            Table::Document(id) | Table::Text(id) => id.to_string(),
            _ => String::new(),
        });
        self.note_activity(action, document.unwrap_or_default(), 0);
    }

    fn note_activity(&self, action: String, document: String, seconds: u64) {
        if self.logging == Logging::On && self.journal.is_some() {
            // The data do not depend on it: a full disk is noticed by their own journal.
            let (time, coder) = (utc_text(self.places.clock().now()), self.coder.to_string());
            let _ = self.activity.append(&Activity { time, coder, document, action, seconds });
        }
    }
}

/// What all coders of a project did on this machine.
#[derive(Clone, Debug)]
pub struct ActivityLogs(Vec<ActivityLog>);

impl ActivityLogs {
    /// Reads them, coder by coder, the oldest line first.
    ///
    /// # Errors
    /// When one cannot be read.
    pub fn read(&self) -> Result<Vec<Activity>, StoreError> {
        Ok(self.0.iter().map(ActivityLog::read).collect::<Result<Vec<_>, _>>()?.concat())
    }
}

/// How long a coder was at work in each document, in seconds.
#[must_use]
pub fn active_seconds(activities: &[Activity], coder: &CoderKey) -> BTreeMap<String, u64> {
    let mut seconds = BTreeMap::new();
    for activity in activities.iter().filter(|activity| activity.action == ACTIVE && activity.coder == coder.as_str()) {
        *seconds.entry(activity.document.clone()).or_default() += activity.seconds;
    }
    seconds
}

/// A log for other programs: CSV with a header.
#[must_use]
pub fn to_csv(activities: &[Activity]) -> Vec<u8> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    // Writing to memory does not fail.
    activities.iter().for_each(|activity| drop(writer.serialize(activity)));
    writer.into_inner().unwrap_or_default()
}
