//! What the journal says that the files do not hold yet, and how it gets into memory again.

use std::fs::OpenOptions;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::{Workspace, WorkspaceError};
use crate::edit::{self, History, Side, Step, Table, Transaction};
use crate::model::{Finding, Severity};
use crate::store::journal::{Entry, Kind, Scan, read_payload, read_transaction, scan};
use crate::store::layout::StateDir;
use crate::store::{Disk, Intents, Sealed, StoreError, aside_name, check_seal};

/// A journal as found at opening.
#[derive(Debug)]
pub(super) struct Past {
    pub(super) scan: Scan,
    /// The files hold everything up to this record.
    through: u64,
    /// A checkpoint that has begun and not ended.
    pub(super) intents: Option<Intents>,
    // The record that says so stands behind a gap, and is cut off with what is there.
    is_begin_cut: bool,
    sealed: Sealed,
}

impl Past {
    /// Reads a coder's journal.
    pub(super) fn read(state_dir: &StateDir) -> Result<Self, StoreError> {
        let dir = state_dir.journals();
        let mut scan = scan(&dir)?;
        let last = |kind: Kind| scan.entries.iter().rev().find(|entry| entry.kind == kind);
        let payload = |entry: &Entry| read_payload(&dir, entry.generation, entry.offset);
        let done = last(Kind::CheckpointDone).map(payload).transpose()?;
        let done = done.and_then(|payload| String::from_utf8(payload).ok()?.parse().ok()).unwrap_or(0);
        let sealed = check_seal(state_dir);
        let through = if let Sealed::Through { through, .. } = &sealed { done.max(*through) } else { done };
        let begun = last(Kind::CheckpointBegin).map(payload).transpose()?;
        let intents = begun.and_then(|payload| Intents::from_payload(&payload)).filter(|intents| intents.through > through);
        let last_begun = last(Kind::CheckpointBegin).map(|entry| entry.sequence);
        scan.cut_behind_gap(intents.as_ref().map_or(through, |intents| intents.through));
        let is_begin_cut = intents.is_some() && last_begun > Some(scan.last_sequence());
        Ok(Self { scan, through, intents, is_begin_cut, sealed })
    }

    /// Two equal marks: nobody has written between.
    pub(super) fn mark(&self) -> (u64, u64, Option<u64>) {
        (self.scan.last_sequence(), self.through, self.intents.as_ref().map(|intents| intents.through))
    }

    /// Records that the files do not hold, once an interrupted checkpoint is finished.
    pub(super) fn pending(&self) -> impl Iterator<Item = &Entry> {
        let through = self.intents.as_ref().map_or(self.through, |intents| intents.through);
        self.scan.entries.iter().filter(move |entry| entry.sequence > through && entry.kind.changes_data())
    }

    /// Undo and redo as they were.
    pub(super) fn history(&self) -> History {
        let mut history = History::default();
        for entry in self.scan.entries.iter().skip(self.scan.whole_from) {
            match entry.kind {
                Kind::Apply => history.record(Step::Stored { generation: entry.generation, offset: entry.offset }),
                Kind::Join => history.join(Step::Stored { generation: entry.generation, offset: entry.offset }),
                Kind::Undo => history.undone(),
                Kind::Redo => history.redone(),
                Kind::UndoPart => history.undone_part(),
                Kind::RedoPart => history.redone_part(),
                Kind::SkipUndo => history.skip_undo(),
                Kind::SkipRedo => history.skip_redo(),
                Kind::Quiet | Kind::CheckpointBegin | Kind::CheckpointDone => {}
            }
        }
        history
    }

    /// True when the journal has lost records that the files hold.
    pub(super) fn has_lost_its_end(&self) -> bool {
        self.through > self.scan.last_sequence() || matches!(&self.sealed, Sealed::Through { differing, .. } if !differing.is_empty())
    }

    fn is_damaged(&self) -> bool {
        self.scan.has_gap || matches!(&self.sealed, Sealed::Through { differing, .. } if differing.iter().any(|name| is_journal(name)))
    }

    /// How far the files are once an interrupted checkpoint is finished: never further than the journal goes, or what comes
    /// next would count as saved.
    pub(super) fn finished_through(&self) -> Option<u64> {
        self.intents.as_ref().map(|intents| intents.through.min(self.scan.last_sequence()))
    }

    fn newest(&self, state_dir: &StateDir) -> (String, PathBuf) {
        let name = format!("{:016}.journal", self.scan.last_generation);
        let path = state_dir.journals().join(&name);
        (name, path)
    }

    /// Keeps a damaged journal aside as it is.
    pub(super) fn keep_damaged(&self, state_dir: &StateDir, disk: &Disk) -> Result<(), StoreError> {
        let (name, path) = self.newest(state_dir);
        if self.is_damaged() && path.exists() {
            let bytes = std::fs::read(&path).map_err(StoreError::io("read", &path))?;
            disk.replace(&state_dir.aside(&aside_name(&bytes), &name), &bytes)?;
        }
        Ok(())
    }

    /// Cuts off what a crash has left behind the last whole record. An interrupted checkpoint must be finished by now: the
    /// record of its beginning may go with the rest, and then the one of its end comes in its place, both at once.
    pub(super) fn cut_torn_tail(&mut self, state_dir: &StateDir, disk: &Disk) -> Result<(), StoreError> {
        if self.scan.torn_len == 0 {
            return Ok(());
        }
        let (_, path) = self.newest(state_dir);
        if let Some(through) = self.finished_through().filter(|_| self.is_begin_cut) {
            let bytes = std::fs::read(&path).map_err(StoreError::io("read", &path))?;
            let kept = usize::try_from(self.scan.valid_len).ok().and_then(|len| bytes.get(..len)).unwrap_or_default();
            if let Some(content) = self.scan.tail_replaced_by(kept, Kind::CheckpointDone, through.to_string().as_bytes()) {
                return disk.replace(&path, &content);
            }
        }
        let file = OpenOptions::new().write(true).open(&path).map_err(StoreError::io("open", &path))?;
        disk.truncate(&file, &path, self.scan.valid_len)?;
        disk.sync(&file, &path)
    }

    /// What a person should know about the state folder itself.
    pub(super) fn findings(&self) -> Vec<Finding> {
        let journal = "the journal on this machine is damaged: some of the undo history is lost";
        let journal = match (&self.sealed, self.is_damaged()) {
            (_, false) => None,
            (Sealed::Through { .. }, true) => Some(format!("{journal}, and nothing else: the files hold everything")),
            (Sealed::No, true) => Some(format!("{journal}, and perhaps the last actions that were not in the files yet, as after a power cut")),
        };
        let journal = journal.map(|message| Finding::new(Severity::Error, "journal-damaged", message));
        journal.into_iter().chain(seal_findings(&self.sealed, |name| !is_journal(name))).collect()
    }
}

/// Files of a coder's state folder that are not as they were when the project was closed.
pub(super) fn seal_findings(sealed: &Sealed, is_wanted: impl Fn(&str) -> bool) -> Vec<Finding> {
    let Sealed::Through { differing, .. } = sealed else { return Vec::new() };
    let finding = |name: &String| {
        let message = format!("{name} in the state folder of this project was damaged or changed since the project was closed");
        Finding::new(Severity::Warning, "state-damaged", message)
    };
    differing.iter().filter(|name| is_wanted(name)).map(finding).collect()
}

fn is_journal(name: &str) -> bool {
    name.starts_with("journal")
}

impl Workspace {
    /// Applies what a journal says beyond the files. Returns how many actions; what does not fit is reported and kept
    /// aside.
    ///
    /// # Errors
    /// When something cannot be read that is there: what comes after it must wait too.
    pub(super) fn replay(&mut self, past: &Past, journals: &Path, findings: &mut Vec<Finding>) -> Result<usize, StoreError> {
        let mut recovered = 0;
        for entry in past.pending() {
            let replayed = read_transaction(journals, entry.generation, entry.offset)
                .map_err(WorkspaceError::from)
                .map(Arc::new)
                .and_then(|transaction| self.replay_one(&transaction, findings).map_err(|error| self.refuse(entry, &transaction, error)));
            match replayed {
                Ok(()) => recovered += 1,
                Err(WorkspaceError::Store(error @ StoreError::Io { .. })) => return Err(error),
                Err(error) => {
                    let message = format!("an action in the journal could not be brought back: {error}");
                    findings.push(Finding::new(Severity::Error, "action-not-recovered", message));
                }
            }
        }
        Ok(recovered)
    }

    fn replay_one(&mut self, transaction: &Arc<Transaction>, findings: &mut Vec<Finding>) -> Result<(), WorkspaceError> {
        for table in transaction.touches() {
            let document = match table {
                Table::Sheet(key) => {
                    findings.extend(self.load(&key)?);
                    key.document
                }
                Table::Text(id) => {
                    findings.extend(self.load_all_of(&id)?);
                    id
                }
                _ => continue,
            };
            if self.changed_texts.contains(&document) {
                return Err(WorkspaceError::NotRecovered(format!("the text of {document} was changed outside since")));
            }
        }
        // Carried over where it was done, and not saved, before somebody else corrected the text.
        let applied = edit::carry(&self.state, transaction, Side::Before).and_then(|carried| {
            let carried = carried.map_or_else(|| transaction.clone(), Arc::new);
            edit::apply(&mut self.state, &carried).map(|()| carried)
        });
        match applied {
            Ok(done) => self.note_change(&done, done.touches()),
            // The files have it already: it came from them, and the crash was before the next save.
            Err(_) if edit::apply(&mut self.state.clone(), &transaction.inverse()).is_ok() => {}
            Err(error) => return Err(error.into()),
        }
        Ok(())
    }

    fn refuse(&self, entry: &Entry, transaction: &Transaction, error: WorkspaceError) -> WorkspaceError {
        if matches!(error, WorkspaceError::Store(StoreError::Io { .. })) {
            return error;
        }
        if let Ok(content) = ron::ser::to_string_pretty(transaction, ron::ser::PrettyConfig::new()) {
            self.keep_aside("not-recovered", &format!("{:016}.ron", entry.sequence), content.as_bytes());
        }
        let name = &transaction.name;
        let kept = self.state_dir.aside("not-recovered", "");
        WorkspaceError::NotRecovered(format!("“{name}”: {error}. It is kept in {}", kept.display()))
    }
}
