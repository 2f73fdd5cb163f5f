//! What the files of a coder's state folder were when the project was closed: the way to notice that they were damaged since.
//!
//! While a project is open, and after a crash, there is no seal: then the end of a file may be torn, and that is no damage.

use std::collections::BTreeMap;
use std::fs;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use super::journal::files_before;
use super::layout::StateDir;
use super::states::log_paths;
use super::{Disk, Stamp, StoreError, parallel};
use crate::progress::CancelToken;

/// What was found of a seal.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Sealed {
    /// There is none: the project is open, or was not closed.
    No,
    /// The project was closed when the files held everything up to this record of the journal.
    Through {
        /// The record's sequence.
        through: u64,
        /// Files that are not as they were then, relative to the coder's state folder.
        differing: Vec<String>,
    },
}

/// Writes the seal. Not where a file cannot be read: a seal over what was not seen would call it damaged later.
pub(crate) fn seal(disk: &Disk, state_dir: &StateDir, through: u64) -> Result<(), StoreError> {
    let lines: String = stamps(state_dir)?.into_iter().map(|(name, stamp)| format!("{stamp} {name}\n")).collect();
    let content = format!("through {through}\n{lines}");
    let check = blake3::hash(content.as_bytes()).to_hex();
    disk.replace(&state_dir.seal(), format!("{check}\n{content}").as_bytes())
}

/// Compares the files with the seal.
pub(crate) fn check_seal(state_dir: &StateDir) -> Sealed {
    if state_dir.running().exists() {
        return Sealed::No;
    }
    let own = |through| Sealed::Through { through, differing: vec!["seal".to_owned()] };
    let Ok(bytes) = fs::read(state_dir.seal()) else {
        // Whoever closed a project has sealed it.
        return if state_dir.checksums().exists() || state_dir.journals().exists() { own(0) } else { Sealed::No };
    };
    let Some((through, sealed)) = parse(&bytes) else { return own(0) };
    let Ok(now) = stamps(state_dir) else { return own(through) };
    let names = sealed.keys().chain(now.keys().filter(|name| !sealed.contains_key(*name)));
    let differing = names.filter(|name| sealed.get(*name) != now.get(*name)).cloned().collect();
    Sealed::Through { through, differing }
}

fn parse(bytes: &[u8]) -> Option<(u64, BTreeMap<String, Stamp>)> {
    let (check, content) = std::str::from_utf8(bytes).ok()?.split_once('\n')?;
    if check != blake3::hash(content.as_bytes()).to_hex().as_str() {
        return None;
    }
    let (through, lines) = content.split_once('\n')?;
    let line = |line: &str| line.split_once(' ').and_then(|(stamp, name)| Some((name.to_owned(), stamp.parse().ok()?)));
    Some((through.strip_prefix("through ")?.parse().ok()?, lines.lines().map(line).collect::<Option<_>>()?))
}

/// The files that are sealed. Older journals, which may be long, count with their names and lengths: their records check
/// themselves. The others are long too, where a project is large, and are read on all cores.
fn stamps(state_dir: &StateDir) -> Result<BTreeMap<String, Stamp>, StoreError> {
    let [log, log_copy] = log_paths(&state_dir.states());
    let mut whole = vec![state_dir.checksums(), state_dir.remembered(), state_dir.activity(), log, log_copy];
    let mut journals = files_before(&state_dir.journals(), u64::MAX)?;
    whole.extend(journals.pop());
    let mut stamps = BTreeMap::new();
    for path in journals {
        let len = fs::metadata(&path).map_err(StoreError::io("read", &path))?.len();
        stamps.insert(name_of(state_dir, &path), Stamp::of(&len.to_le_bytes()));
    }
    let mut all = Ok(());
    let take = |(path, stamp): (&PathBuf, Result<Option<Stamp>, StoreError>)| {
        match stamp {
            Ok(stamp) => stamps.extend(stamp.map(|stamp| (name_of(state_dir, path), stamp))),
            Err(error) => all = Err(error),
        }
        if all.is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    };
    parallel::in_order(&whole, &CancelToken::new(), || (), |(), path| (path, Stamp::of_file(path)), take);
    all.map(|()| stamps)
}

fn name_of(state_dir: &StateDir, path: &Path) -> String {
    path.strip_prefix(state_dir.root()).unwrap_or(path).to_string_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::CoderKey;

    fn state_dir() -> (tempfile::TempDir, StateDir) {
        let dir = tempfile::tempdir().unwrap();
        let state_dir = StateDir::new(dir.path(), &CoderKey::from_name("ann"));
        fs::create_dir_all(state_dir.root()).unwrap();
        (dir, state_dir)
    }

    fn through(through: u64, differing: &[&str]) -> Sealed {
        Sealed::Through { through, differing: differing.iter().map(|&name| name.to_owned()).collect() }
    }

    #[test]
    fn what_is_new_gone_or_another_since_the_seal_is_named() {
        let (_dir, state_dir) = state_dir();
        fs::write(state_dir.checksums(), "a").unwrap();
        fs::write(state_dir.remembered(), "b").unwrap();
        seal(&Disk::default(), &state_dir, 7).unwrap();
        assert_eq!(check_seal(&state_dir), through(7, &[]));
        fs::write(state_dir.activity(), "new").unwrap();
        assert_eq!(check_seal(&state_dir), through(7, &["activity.csv"]));
        fs::remove_file(state_dir.remembered()).unwrap();
        fs::write(state_dir.checksums(), "another").unwrap();
        let Sealed::Through { mut differing, .. } = check_seal(&state_dir) else { panic!("there is a seal") };
        differing.sort();
        assert_eq!(differing, ["activity.csv", "checksums", "remembered.ron"]);
    }

    #[test]
    fn a_seal_that_is_gone_is_missed_where_anything_was_written() {
        let (_dir, empty) = state_dir();
        assert_eq!(check_seal(&empty), Sealed::No);
        let (_dir, saved) = state_dir();
        fs::write(saved.checksums(), "a").unwrap();
        assert_eq!(check_seal(&saved), through(0, &["seal"]));
        let (_dir, journalled) = state_dir();
        fs::create_dir(journalled.journals()).unwrap();
        assert_eq!(check_seal(&journalled), through(0, &["seal"]));
        fs::write(journalled.running(), "").unwrap();
        assert_eq!(check_seal(&journalled), Sealed::No, "whoever has it open, or did not close it, has no seal");
    }
}
