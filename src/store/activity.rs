//! What a coder did, when and for how long: a log for those who study how coding is done.
//!
//! The data have a journal of their own and never depend on this one: it is written without waiting for the disk, and a
//! line that cannot be read is left out.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::{Disk, StoreError, disk};

/// Longer logs are not read; a coder writes a hundred megabytes in some hundred years.
const MAX_BYTES: u64 = 512 << 20;

/// One line of the log.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Activity {
    /// When, in UTC: `2026-11-25T14:02:09Z`.
    pub time: String,
    /// Who did it.
    pub coder: String,
    /// In which document; empty for what concerns the project.
    pub document: String,
    /// What was done, as undo calls it, or [`ACTIVE`].
    pub action: String,
    /// For lines [`ACTIVE`]: how long the coder was at work in the document, in seconds. 0 for actions.
    pub seconds: u64,
}

/// The action of lines that only say how long somebody worked.
pub const ACTIVE: &str = "active";

/// The log of one coder in one project.
#[derive(Clone, Debug)]
pub(crate) struct ActivityLog {
    path: PathBuf,
    disk: Disk,
}

impl ActivityLog {
    pub(crate) fn new(path: PathBuf, disk: Disk) -> Self {
        Self { path, disk }
    }

    /// Appends a line.
    pub(crate) fn append(&self, activity: &Activity) -> Result<(), StoreError> {
        let file = self.disk.open_append(&self.path)?;
        let is_new = file.metadata().is_ok_and(|metadata| metadata.len() == 0);
        let mut writer = csv::WriterBuilder::new().has_headers(is_new).from_writer(Vec::new());
        // Neither fails: four plain fields into memory.
        let _ = writer.serialize(activity);
        let bytes = writer.into_inner().unwrap_or_default();
        self.disk.write_all(&file, &self.path, &bytes)
    }

    /// All lines that can be read, the oldest first.
    pub(crate) fn read(&self) -> Result<Vec<Activity>, StoreError> {
        let bytes = disk::read_limited(&self.path, "activity.csv", MAX_BYTES)?.unwrap_or_default();
        Ok(csv::ReaderBuilder::new().flexible(true).from_reader(bytes.as_slice()).deserialize().filter_map(Result::ok).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_and_a_torn_line_hides_only_itself() {
        let folder = tempfile::tempdir().unwrap();
        let log = ActivityLog::new(folder.path().join("activity.csv"), Disk::default());
        assert_eq!(log.read().unwrap(), []);
        let line = |action: &str| Activity {
            time: "2026-11-25T14:02:09Z".into(),
            coder: "a".into(),
            document: "a-1".into(),
            action: action.into(),
            seconds: 0,
        };
        let lines = [line("label “Person, or so”"), line("undo\nlabel")];
        lines.iter().for_each(|line| log.append(line).unwrap());
        assert_eq!(log.read().unwrap(), lines);
        std::fs::OpenOptions::new().append(true).open(&log.path).and_then(|mut file| std::io::Write::write_all(&mut file, b"2026,x\n")).unwrap();
        log.append(&line("later")).unwrap();
        assert_eq!(log.read().unwrap().len(), 3);
    }
}
