//! Replaces several files of a project as one: all of them, or after a crash all of them a little later.
//!
//! 1. Every new content is made, read back, and compared with the disk: a file that somebody changed is not touched.
//!    It is kept for the earlier states of the project ([`super::states`]).
//! 2. The contents go to one staging file in the state folder and to temporary files beside their places, synced.
//! 3. The journal says `begin` with every file's old and new stamp, synced. From here on there is only forward.
//! 4. The files are renamed, moved, removed one by one; their folders are synced; the checksums are noted.
//! 5. The journal says `done`, the staging file goes, and the list of states gets a new one.
//!
//! A crash before 3 leaves the old files, a crash after 3 is finished by [`roll_forward`].

mod draft;
mod intents;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use draft::{Draft, drafts};
pub(crate) use draft::{Planned, coders_with_sheet, render};
pub(crate) use intents::{Intents, Step, overlay, roll_forward};

use super::journal::{Journal, Kind};
use super::layout::{Part, Shelf, StateDir, document_path};
use super::states::{Changes, Note, States};
use super::{Disk, Folder, Kept, MAX_TEXT_BYTES, Stamp, Stamps, StoreError};
use crate::model::{Document, DocumentId};

/// Everything that a checkpoint needs, so that it can run on another thread.
#[derive(Debug)]
pub(crate) struct CheckpointPlan {
    pub(crate) folder: Folder,
    pub(crate) state_dir: StateDir,
    pub(crate) disk: Disk,
    pub(crate) journal: Journal,
    /// The last record that the contents include.
    pub(crate) through: u64,
    pub(crate) planned: Vec<Planned>,
    /// What the planned files held when they were read or written last.
    pub(crate) base: Stamps,
    /// An earlier checkpoint that failed after its `begin`; it is finished first.
    pub(crate) interrupted: Option<Intents>,
    /// What was saved is written down here.
    pub(crate) kept: Kept,
    pub(crate) states: States,
    /// The state to note afterwards; what changed is added.
    pub(crate) note: Note,
}

/// What a checkpoint did: stamps of what it wrote, none for what is gone.
pub(crate) type Written = Vec<(String, Option<Stamp>)>;

/// A checkpoint that failed.
#[derive(Debug)]
pub(crate) struct Interrupted {
    pub(crate) error: StoreError,
    /// Set when it failed after its `begin`: it must be finished before the next one.
    pub(crate) intents: Option<Intents>,
    /// What was done all the same.
    pub(crate) written: Written,
}

/// Runs a checkpoint.
pub(crate) fn run_checkpoint(mut plan: CheckpointPlan) -> Result<Written, Interrupted> {
    let mut written = Written::new();
    if let Some(intents) = plan.interrupted.take() {
        match plan.finish(&intents) {
            Ok(done) => {
                plan.base.extend(done.iter().filter_map(|(path, stamp)| stamp.map(|stamp| (path.clone(), stamp))));
                written = done;
            }
            Err(error) => return Err(Interrupted { error, intents: Some(intents), written }),
        }
    }
    let prepared = plan.prepare(&mut written);
    let (intents, contents) = match prepared {
        Ok(prepared) => prepared,
        Err(error) => return Err(Interrupted { error, intents: None, written }),
    };
    if let Err(error) = plan.stage(&intents, &contents) {
        plan.clean_up(&intents);
        return Err(Interrupted { error, intents: None, written });
    }
    match plan.begin(&intents).and_then(|()| plan.replace(&intents, &written)) {
        Ok(()) => {
            written.extend(intents.results());
            plan.note_state(&written);
            Ok(written)
        }
        Err(error) => Err(Interrupted { error, intents: Some(intents), written }),
    }
}

type Contents = Vec<(String, Vec<u8>)>;

impl CheckpointPlan {
    fn finish(&self, intents: &Intents) -> Result<Written, StoreError> {
        // Once more: where it failed to reach the disk, trying the same bytes again would prove nothing.
        self.begin(intents)?;
        let rolled = roll_forward(&self.folder, &self.state_dir, &self.disk, intents)?;
        self.log(&rolled.written)?;
        self.done(intents.through)?;
        let _ = self.disk.remove(&self.state_dir.staged(intents.through));
        Ok(rolled.written)
    }

    /// Makes the contents and compares them with the disk. What is as it should be needs no step.
    fn prepare(&self, written: &mut Written) -> Result<(Intents, Contents), StoreError> {
        let mut intents = Intents { through: self.through, steps: Vec::new() };
        let (mut contents, mut conflicts) = (Contents::new(), Vec::new());
        for planned in &self.planned {
            if let Planned::Document { id, document: Some(document), .. } = planned {
                self.keep_texts(id, document, written)?;
            }
        }
        for draft in drafts(&self.folder, &self.planned)? {
            match draft {
                Draft::Put(path, content) => {
                    let (old, base, new) = (self.current(&path)?, self.base.get(&path).copied(), Stamp::of(&content));
                    // Where it fails, the next backup does it.
                    let _ = self.states.keep(new, &content);
                    if old == Some(new) {
                        written.push((path, Some(new)));
                    } else if old == base || old.is_none() {
                        intents.steps.push(Step::Write { path: path.clone(), old, new });
                        contents.push((path, content));
                    } else {
                        conflicts.push(path);
                    }
                }
                Draft::Gone(path) => match self.current(&path)? {
                    None => written.push((path, None)),
                    Some(old) if self.base.get(&path) == Some(&old) => intents.steps.push(Step::Remove { path, old }),
                    Some(_) => conflicts.push(path),
                },
                Draft::Moved { from, to } => {
                    let stamp = self.stamp_to_move(&from, written);
                    intents.steps.push(Step::Move { from, to, stamp });
                }
                Draft::Text { path, content, known } => {
                    let old = self.current(&path)?;
                    let is_ours = old.is_none_or(|old| self.base.get(&path) == Some(&old) || known.iter().any(|hash| old.is_of(hash)));
                    match (content, old) {
                        _ if !is_ours => conflicts.push(path),
                        (Some(content), old) => {
                            let new = Stamp::of(&content);
                            let _ = self.states.keep(new, &content);
                            if old == Some(new) {
                                written.push((path, Some(new)));
                            } else {
                                intents.steps.push(Step::Write { path: path.clone(), old, new });
                                contents.push((path, content));
                            }
                        }
                        (None, Some(old)) => intents.steps.push(Step::Remove { path, old }),
                        (None, None) => {}
                    }
                }
            }
        }
        if conflicts.is_empty() { Ok((intents, contents)) } else { Err(StoreError::Conflict(conflicts)) }
    }

    fn stamp_to_move(&self, path: &str, written: &Written) -> Option<Stamp> {
        let just_kept = || written.iter().find(|(kept, _)| kept == path).and_then(|(_, stamp)| *stamp);
        self.base.get(path).copied().or_else(|| self.states.stamp_of(path)).or_else(just_kept)
    }

    /// Keeps the text of a document that is new here, and its original: an import has written them.
    fn keep_texts(&self, id: &DocumentId, document: &Document, written: &mut Written) -> Result<(), StoreError> {
        for part in [Part::Text, Part::Original] {
            for path in [Shelf::Live, Shelf::Trash].map(|shelf| document_path(id, part, shelf)) {
                if self.states.stamp_of(&path).is_some() || !self.folder.exists(&path) {
                    continue;
                }
                let Some(bytes) = self.folder.read(&path, MAX_TEXT_BYTES)? else { continue };
                let stamp = Stamp::of(&bytes);
                let was_ours = || document.corrections.iter().any(|correction| stamp.is_of(&correction.old_hash));
                if part == Part::Original || stamp.is_of(&document.text_hash) {
                    let _ = self.states.keep(stamp, &bytes);
                    written.push((path, Some(stamp)));
                } else if was_ours() {
                    // Replaced by the corrected one in a moment.
                    let _ = self.states.keep(stamp, &bytes);
                }
            }
        }
        Ok(())
    }

    fn current(&self, path: &str) -> Result<Option<Stamp>, StoreError> {
        intents::current(&self.folder, path)
    }

    /// Up to the point of no return.
    fn stage(&self, intents: &Intents, contents: &Contents) -> Result<(), StoreError> {
        if intents.steps.is_empty() {
            return Ok(());
        }
        self.disk.replace(&self.state_dir.staged(intents.through), &intents::stage(contents))?;
        for (path, content) in contents {
            let full = self.folder.full(path);
            if let Some(dir) = full.parent() {
                self.disk.create_dir_all(dir)?;
            }
            self.disk.write_temp(&full, content)?;
        }
        Ok(())
    }

    /// The point of no return. Even where this fails the record may be there for whoever opens the project next.
    fn begin(&self, intents: &Intents) -> Result<(), StoreError> {
        if intents.steps.is_empty() {
            return Ok(());
        }
        self.journal.append_now(Kind::CheckpointBegin, &intents.to_payload()?)?;
        self.journal.sync()
    }

    /// Behind the point of no return.
    fn replace(&self, intents: &Intents, written: &Written) -> Result<(), StoreError> {
        for step in &intents.steps {
            match step {
                Step::Write { path, .. } => {
                    let full = self.folder.full(path);
                    self.disk.put(&full)?;
                }
                Step::Remove { path, .. } => self.disk.remove(&self.folder.full(path))?,
                Step::Move { from, to, .. } => intents::move_file(&self.folder, &self.disk, from, to)?,
            }
        }
        sync_folders(&self.folder, &self.disk, intents)?;
        self.log(&[written.clone(), intents.results()].concat())?;
        self.done(intents.through)?;
        // Only space is lost when it stays.
        let _ = self.disk.remove(&self.state_dir.staged(intents.through));
        Ok(())
    }

    fn done(&self, through: u64) -> Result<(), StoreError> {
        self.journal.append_now(Kind::CheckpointDone, through.to_string().as_bytes())?;
        self.journal.sync()?;
        self.journal.forgive_sync_failure();
        Ok(())
    }

    /// After a failure before the point of no return.
    fn clean_up(&self, intents: &Intents) {
        for path in intents.written_paths() {
            let _ = self.disk.remove(&self.disk.temp_path(&self.folder.full(path)));
        }
        let _ = self.disk.remove(&self.state_dir.staged(intents.through));
    }

    fn log(&self, written: &[(String, Option<Stamp>)]) -> Result<(), StoreError> {
        self.kept.log(&self.disk, &self.state_dir.checksums(), written, self.note.time)
    }

    /// The project as it is now becomes a state. What cannot be noted is noted with the next one.
    fn note_state(self, written: &Written) {
        let changes: Changes = written.iter().cloned().collect();
        let _ = self.states.note(Note { changes, ..self.note });
    }
}

/// Forces to the disk what changed in the folders of all files concerned, and in those above them.
fn sync_folders(folder: &Folder, disk: &Disk, intents: &Intents) -> Result<(), StoreError> {
    let full: Vec<PathBuf> = intents.steps.iter().flat_map(Step::paths).map(|path| folder.full(path)).collect();
    let inside = |path: &&Path| path.starts_with(folder.root()) && path.is_dir();
    let folders: BTreeSet<&Path> = full.iter().flat_map(|path| path.ancestors().skip(1)).filter(inside).collect();
    folders.into_iter().try_for_each(|dir| disk.sync_dir(dir))
}
