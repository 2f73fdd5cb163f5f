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

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::{Path, PathBuf};

    use super::*;
    use crate::model::CoderKey;

    /// A project folder and a state folder in which the contents of a checkpoint are staged.
    struct Interrupted {
        _dir: tempfile::TempDir,
        folder: Folder,
        state_dir: StateDir,
        intents: Intents,
    }

    const STAGED: [&[u8]; 2] = [b"new a", b"new b"];

    fn stamp(content: &[u8]) -> Stamp {
        Stamp::of(content)
    }

    /// Writes `a.ron` and `b.ron`, removes `c.ron` and moves `d.ron` to `trash/d.ron`.
    fn interrupted(files: &[(&str, &str)]) -> Interrupted {
        let dir = tempfile::tempdir().unwrap();
        let folder = Folder::new(&dir.path().join("project"));
        let state_dir = StateDir::new(&dir.path().join("state"), &CoderKey::from_name("ann"));
        let write = |path: &Path, content: &[u8]| {
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, content).unwrap();
        };
        files.iter().for_each(|(path, content)| write(&folder.full(path), content.as_bytes()));
        let steps = vec![
            Step::Write { path: "a.ron".into(), old: Some(stamp(b"old a")), new: stamp(STAGED[0]) },
            Step::Write { path: "b.ron".into(), old: None, new: stamp(STAGED[1]) },
            Step::Remove { path: "c.ron".into(), old: stamp(b"old c") },
            Step::Move { from: "d.ron".into(), to: "trash/d.ron".into(), stamp: Some(stamp(b"d")) },
        ];
        let intents = Intents { through: 7, steps };
        write(&state_dir.staged(7), &stage(&STAGED.map(|content| (String::new(), content.to_vec()))));
        Interrupted { _dir: dir, folder, state_dir, intents }
    }

    impl Interrupted {
        fn finish(&self) -> RolledForward {
            roll_forward(&self.folder, &self.state_dir, &Disk::default(), &self.intents).unwrap()
        }

        fn holds(&self, path: &str) -> Option<String> {
            fs::read_to_string(self.folder.full(path)).ok()
        }

        fn seen(&self) -> Overlay {
            let mut seen = Overlay::default();
            overlay(&self.folder, &self.state_dir, &self.intents, &mut seen).unwrap();
            seen
        }

        fn aside(&self, path: &str) -> PathBuf {
            self.state_dir.aside("mine-7", path)
        }
    }

    fn text(content: &str) -> Option<String> {
        Some(content.to_owned())
    }

    #[test]
    fn what_was_begun_is_finished_and_finished_again() {
        let project = interrupted(&[("a.ron", "old a"), ("c.ron", "old c"), ("d.ron", "d")]);
        for _ in 0..2 {
            let rolled = project.finish();
            assert_eq!(rolled.conflicts, [""; 0]);
            let mut written = rolled.written;
            written.sort();
            let mut expected = project.intents.results();
            expected.sort();
            assert_eq!(written, expected);
            assert_eq!(
                ["a.ron", "b.ron", "c.ron", "d.ron", "trash/d.ron"].map(|path| project.holds(path)),
                [text("new a"), text("new b"), None, None, text("d")]
            );
        }
    }

    #[test]
    fn what_somebody_else_has_changed_meanwhile_stays_and_ours_is_kept_aside() {
        let project = interrupted(&[("a.ron", "theirs"), ("b.ron", "theirs"), ("c.ron", "theirs"), ("d.ron", "d"), ("trash/d.ron", "theirs")]);
        let rolled = project.finish();
        assert_eq!(rolled.conflicts, ["a.ron", "b.ron", "c.ron"]);
        for path in ["a.ron", "b.ron", "c.ron", "trash/d.ron"] {
            assert_eq!(project.holds(path), text("theirs"), "{path}");
        }
        assert_eq!(project.holds("d.ron"), text("d"));
        assert_eq!(["a.ron", "b.ron"].map(|path| fs::read(project.aside(path)).unwrap()), STAGED);
    }

    #[test]
    fn a_file_that_is_gone_is_written_and_a_staged_content_that_is_damaged_is_not() {
        let project = interrupted(&[]);
        assert_eq!(project.finish().conflicts, [""; 0]);
        assert_eq!(["a.ron", "b.ron"].map(|path| project.holds(path)), [text("new a"), text("new b")]);

        let damaged = interrupted(&[("a.ron", "old a")]);
        fs::write(damaged.state_dir.staged(7), stage(&[b"new !", b"new b"].map(|content| (String::new(), content.to_vec())))).unwrap();
        assert_eq!(damaged.finish().conflicts, ["a.ron"]);
        assert_eq!(["a.ron", "b.ron"].map(|path| damaged.holds(path)), [text("old a"), text("new b")]);
    }

    #[test]
    fn a_reader_sees_what_finishing_would_give() {
        let gone = |path: &str| (path.to_owned(), None);
        let there = |path: &str, content: &[u8]| (path.to_owned(), Some(content.to_vec()));
        let project = interrupted(&[("a.ron", "old a"), ("c.ron", "old c"), ("d.ron", "d")]);
        let all = [there("a.ron", b"new a"), there("b.ron", b"new b"), gone("c.ron"), gone("d.ron"), there("trash/d.ron", b"d")];
        assert_eq!(project.seen(), Overlay::from(all));
        let changed = interrupted(&[("a.ron", "theirs"), ("c.ron", "theirs"), ("d.ron", "d"), ("trash/d.ron", "theirs")]);
        assert_eq!(changed.seen(), Overlay::from([there("b.ron", b"new b")]));
    }

    #[test]
    fn every_file_of_a_step_is_named() {
        let project = interrupted(&[]);
        let named: Vec<&str> = project.intents.steps.iter().flat_map(Step::paths).collect();
        assert_eq!(named, ["a.ron", "b.ron", "c.ron", "d.ron", "trash/d.ron"]);
        assert_eq!(project.intents.written_paths().collect::<Vec<_>>(), ["a.ron", "b.ron"]);
    }
}
