//! Files without which a project cannot be opened, brought back as they were last saved on this machine.

use std::fs;
use std::path::Path;

use crate::model::CoderKey;
use crate::store::files::unreadable;
use crate::store::layout::StateDir;
use crate::store::{MAX_RON_BYTES, Places, Stamp, StoreError, disk, read_log};

/// The content that was last saved to a file of a project, if a copy of it is on this machine.
///
/// # Errors
/// When the folder does not exist or a copy cannot be read.
pub fn last_good_copy(dir: &Path, path: &str, places: &Places) -> Result<Option<Vec<u8>>, StoreError> {
    let dir = fs::canonicalize(dir).map_err(StoreError::io("open", dir))?;
    for state in folders(places.state_dir()) {
        if fs::read_to_string(state.join("place")).is_ok_and(|place| Path::new(&place) == dir) {
            for coder in folders(&state.join("coders")).filter_map(|coder| CoderKey::new(coder.file_name()?.to_str()?).ok()) {
                let state_dir = StateDir::new(&state, &coder);
                let copy = disk::read_limited(&state_dir.backup(path), path, MAX_RON_BYTES)?;
                let known = read_log(&state_dir.checksums()).0.get(path).copied().flatten();
                if let Some(copy) = copy.filter(|copy| known == Some(Stamp::of(copy))) {
                    return Ok(Some(copy));
                }
            }
        }
    }
    Ok(None)
}

/// Puts the last good copy of a file in its place, before the project is opened. The broken one is kept beside it with
/// `.broken` behind its name.
///
/// # Errors
/// When there is no good copy or a file cannot be written.
pub fn restore_file(dir: &Path, path: &str, places: &Places) -> Result<(), StoreError> {
    let copy = last_good_copy(dir, path, places)?.ok_or_else(|| unreadable(path, "has no good copy on this machine"))?;
    let file = dir.join(path);
    if file.exists() {
        let mut aside = file.clone().into_os_string();
        aside.push(".broken");
        places.disk().rename(&file, Path::new(&aside))?;
    }
    places.disk().replace(&file, &copy)
}

/// Says in the error of a file that a good copy is at hand.
pub(super) fn hint_at_backup(error: StoreError, dir: &Path, places: &Places) -> StoreError {
    match error {
        StoreError::Unreadable { file, cause, .. } => {
            let backup = matches!(last_good_copy(dir, &file, places), Ok(Some(_)));
            StoreError::Unreadable { file, cause, backup }
        }
        other => other,
    }
}

fn folders(dir: &Path) -> impl Iterator<Item = std::path::PathBuf> {
    let entries = fs::read_dir(dir).into_iter().flatten().filter_map(Result::ok);
    entries.filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_dir())).map(|entry| entry.path())
}
