//! What a checkpoint is about to do, as written into the journal, and how it is finished after a crash.

use serde::{Deserialize, Serialize};

use super::{Written, sync_folders};
use crate::store::layout::StateDir;
use crate::store::{Disk, Folder, MAX_RON_BYTES, MAX_TEXT_BYTES, Overlay, Stamp, StoreError, disk};

/// What a checkpoint is about to do.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub(crate) struct Intents {
    /// The last journal record that the new contents include.
    pub(crate) through: u64,
    pub(crate) steps: Vec<Step>,
}

/// One file.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub(crate) enum Step {
    /// Gets a new content.
    Write { path: String, old: Option<Stamp>, new: Stamp },
    /// Goes: its content was moved into others, or it would say nothing.
    Remove { path: String, old: Stamp },
    /// Goes elsewhere as it is. The stamp is what it held when it was read, if it was.
    Move { from: String, to: String, stamp: Option<Stamp> },
}

impl Step {
    pub(super) fn paths(&self) -> impl Iterator<Item = &str> {
        let (first, second) = match self {
            Self::Write { path, .. } | Self::Remove { path, .. } => (path, None),
            Self::Move { from, to, .. } => (from, Some(to)),
        };
        std::iter::once(first.as_str()).chain(second.map(String::as_str))
    }
}

impl Intents {
    pub(crate) fn to_payload(&self) -> Result<Vec<u8>, StoreError> {
        let failed = |error: ron::Error| StoreError::ReadBack { file: "the journal".into(), cause: error.to_string() };
        ron::to_string(self).map(String::into_bytes).map_err(failed)
    }

    pub(crate) fn from_payload(payload: &[u8]) -> Option<Self> {
        ron::de::from_bytes(payload).ok()
    }

    /// What holds when all is done.
    pub(crate) fn results(&self) -> Written {
        let result = |step: &Step| match step {
            Step::Write { path, new, .. } => vec![(path.clone(), Some(*new))],
            Step::Remove { path, .. } => vec![(path.clone(), None)],
            Step::Move { from, to, stamp } => moved(from, to, *stamp),
        };
        self.steps.iter().flat_map(result).collect()
    }

    pub(super) fn written_paths(&self) -> impl Iterator<Item = &str> {
        self.steps.iter().filter_map(|step| if let Step::Write { path, .. } = step { Some(path.as_str()) } else { None })
    }
}

fn moved(from: &str, to: &str, stamp: Option<Stamp>) -> Written {
    let gone = (from.to_owned(), None);
    stamp.map_or_else(|| vec![gone.clone()], |stamp| vec![gone.clone(), (to.to_owned(), Some(stamp))])
}

/// The staging file: each content with its length in front.
pub(super) fn stage(contents: &[(String, Vec<u8>)]) -> Vec<u8> {
    contents.iter().flat_map(|(_, content)| (content.len() as u64).to_le_bytes().into_iter().chain(content.iter().copied())).collect()
}

/// The contents for the writing steps, in order; those that are damaged are left out.
fn unstage(state_dir: &StateDir, intents: &Intents) -> Result<Vec<Option<Vec<u8>>>, StoreError> {
    let bytes = disk::read_if_there(&state_dir.staged(intents.through))?.unwrap_or_default();
    let mut rest = bytes.as_slice();
    let mut next = || {
        let (len, after) = rest.split_first_chunk::<8>()?;
        let (content, after) = after.split_at_checked(usize::try_from(u64::from_le_bytes(*len)).ok()?)?;
        rest = after;
        Some(content.to_vec())
    };
    let news = intents.steps.iter().filter_map(|step| if let Step::Write { new, .. } = step { Some(*new) } else { None });
    Ok(news.map(|new| next().filter(|content| Stamp::of(content) == new)).collect())
}

/// How finishing went.
#[derive(Debug, Default)]
pub(crate) struct RolledForward {
    pub(crate) written: Written,
    /// Files that were changed outside in between. They were left alone; our contents are kept aside.
    pub(crate) conflicts: Vec<String>,
}

/// Finishes a checkpoint that was interrupted behind its `begin`. Can itself be interrupted and begun again.
pub(crate) fn roll_forward(folder: &Folder, state_dir: &StateDir, disk: &Disk, intents: &Intents) -> Result<RolledForward, StoreError> {
    let mut rolled = RolledForward::default();
    let mut contents = unstage(state_dir, intents)?.into_iter();
    for step in &intents.steps {
        match step {
            Step::Write { path, old, new } => {
                let content = contents.next().flatten();
                let full = folder.full(path);
                let now = current(folder, path)?;
                match content {
                    _ if now == Some(*new) => rolled.written.push((path.clone(), now)),
                    Some(content) if now == *old || now.is_none() => {
                        disk.replace(&full, &content)?;
                        rolled.written.push((path.clone(), Some(*new)));
                    }
                    content => {
                        if let Some(content) = content {
                            disk.replace(&state_dir.aside(&format!("mine-{}", intents.through), path), &content)?;
                        }
                        rolled.conflicts.push(path.clone());
                    }
                }
                disk.remove(&disk.temp_path(&full))?;
            }
            Step::Remove { path, old } => match current(folder, path)? {
                Some(now) if now != *old => rolled.conflicts.push(path.clone()),
                _ => {
                    disk.remove(&folder.full(path))?;
                    rolled.written.push((path.clone(), None));
                }
            },
            Step::Move { from, to, stamp } => {
                move_file(folder, disk, from, to)?;
                rolled.written.extend(moved(from, to, *stamp));
            }
        }
    }
    sync_folders(folder, disk, intents)?;
    Ok(rolled)
}

/// Moves a file unless it was moved already. One that stands at the target is never replaced.
pub(super) fn move_file(folder: &Folder, disk: &Disk, from: &str, to: &str) -> Result<(), StoreError> {
    let (source, target) = (folder.full(from), folder.full(to));
    if !source.exists() || target.exists() {
        return Ok(());
    }
    if let Some(dir) = target.parent() {
        disk.create_dir_all(dir)?;
    }
    disk.rename(&source, &target)
}

/// What a file holds now.
pub(super) fn current(folder: &Folder, path: &str) -> Result<Option<Stamp>, StoreError> {
    let limit = if path.ends_with(".txt") { MAX_TEXT_BYTES } else { MAX_RON_BYTES };
    Ok(disk::read_limited(&folder.full(path), path, limit)?.map(|bytes| Stamp::of(&bytes)))
}

/// What the project would hold if the checkpoint were finished, for readers who may not write.
pub(crate) fn overlay(folder: &Folder, state_dir: &StateDir, intents: &Intents, overlay: &mut Overlay) -> Result<(), StoreError> {
    let mut contents = unstage(state_dir, intents)?.into_iter();
    for step in &intents.steps {
        match step {
            Step::Write { path, old, .. } => {
                if let Some(content) = contents.next().flatten()
                    && current(folder, path)? == *old
                {
                    overlay.insert(path.clone(), Some(content));
                }
            }
            Step::Remove { path, old } => {
                if current(folder, path)? == Some(*old) {
                    overlay.insert(path.clone(), None);
                }
            }
            Step::Move { from, to, .. } => {
                if let Some(bytes) = disk::read_limited(&folder.full(from), from, MAX_TEXT_BYTES)?.filter(|_| !folder.full(to).exists()) {
                    overlay.insert(from.clone(), None);
                    overlay.insert(to.clone(), Some(bytes));
                }
            }
        }
    }
    Ok(())
}
