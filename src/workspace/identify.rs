//! Which project lies in a folder, also where the files that say so are damaged.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::model::{Coder, CoderKey, ProjectInfo, Schema};
use crate::store::files::{decode, read_project, unreadable};
use crate::store::layout::{PROJECT, SCHEMA};
use crate::store::project::parse_schema;
use crate::store::{Folder, Kept, MAX_RON_BYTES, Mend, Overlay, Places, StoreError, is_damage};

/// A project as found.
#[derive(Debug)]
pub(super) struct Identity {
    pub(super) info: ProjectInfo,
    pub(super) coders: BTreeMap<CoderKey, Coder>,
    /// Its folder in the state folder.
    pub(super) project_state: PathBuf,
    pub(super) kept: Kept,
    /// Files without which it cannot be opened, to be brought back.
    pub(super) mends: Vec<Mend>,
}

type ReadProject = (ProjectInfo, BTreeMap<CoderKey, Coder>);

/// Reads who it is. A damaged `project.ron` or `schema.ron` is read from its good copy.
///
/// # Errors
/// When it is no project, was written by a newer Manicule, or is damaged and there is no good copy.
pub(super) fn identify(folder: &Folder, places: &Places) -> Result<Identity, StoreError> {
    let bytes = folder.read(PROJECT, MAX_RON_BYTES)?;
    let read = bytes.as_deref().map_or_else(|| Err(StoreError::NotAProject(folder.root().to_owned())), parse_project);
    let own_state = |info: &ProjectInfo| Some(places.project_state(info.id, folder.root())).filter(|state| state.exists());
    let mut identity = match read {
        Ok((info, coders)) if own_state(&info).is_some() => known(folder, places, (info, coders)),
        read => find_good(folder, places, bytes.as_deref(), read)?,
    };
    let schema = folder.read(SCHEMA, MAX_RON_BYTES)?;
    let read = schema.as_deref().map_or_else(|| Err(unreadable(SCHEMA, "it is missing")), |bytes| parse_schema_file(bytes).map(drop));
    if let Err(error) = read {
        let mend = if is_damage(&error) { Mend::find(&identity.kept, SCHEMA, schema.as_deref()) } else { None };
        identity.mends.push(mend.filter(|mend| parse_schema_file(&mend.good).is_ok()).ok_or(error)?);
    }
    Ok(identity)
}

/// The good copies laid over the folder.
pub(super) fn overlay_of(mends: &[Mend]) -> Overlay {
    mends.iter().map(|mend| (mend.path.clone(), Some(mend.good.clone()))).collect()
}

fn known(folder: &Folder, places: &Places, (info, coders): ReadProject) -> Identity {
    let project_state = places.project_state(info.id, folder.root());
    let kept = Kept::read(&project_state);
    Identity { info, coders, project_state, kept, mends: Vec::new() }
}

/// A project that this machine does not know, unless it is a known one whose file is damaged.
fn find_good(folder: &Folder, places: &Places, bytes: Option<&[u8]>, read: Result<ReadProject, StoreError>) -> Result<Identity, StoreError> {
    let good = good_project(places, folder.root());
    match (read, good) {
        (Ok(found), Some((good, mend))) if is_alike(&found, &good) => Ok(mended(folder, places, good, mend, bytes)),
        (Ok(found), _) => Ok(known(folder, places, found)),
        (Err(StoreError::NotAProject(_)), Some((good, mend))) if folder.exists(SCHEMA) => Ok(mended(folder, places, good, mend, bytes)),
        (Err(error), Some((good, mend))) if is_damage(&error) => Ok(mended(folder, places, good, mend, bytes)),
        (Err(error), _) => Err(error),
    }
}

fn mended(folder: &Folder, places: &Places, good: ReadProject, content: Vec<u8>, broken: Option<&[u8]>) -> Identity {
    let mend = Mend { path: PROJECT.to_owned(), broken: broken.map(<[u8]>::to_vec), good: content, is_saved_here: true };
    Identity { mends: vec![mend], ..known(folder, places, good) }
}

/// True when only one character of the id differs: that is damage. A copy has an id of its own, which is another one
/// altogether.
fn is_alike(found: &ReadProject, good: &ReadProject) -> bool {
    let (mut info, coders) = found.clone();
    info.id = good.0.id;
    let (id, good_id) = (found.0.id.to_string(), good.0.id.to_string());
    let differing = id.chars().zip(good_id.chars()).filter(|(a, b)| a != b).count();
    differing == 1 && (info, coders) == *good
}

/// What was last saved at this place, whichever project it was.
fn good_project(places: &Places, dir: &Path) -> Option<(ReadProject, Vec<u8>)> {
    let here = places.project_states().into_iter().filter(|(_, place)| place == dir);
    let mut kept: Vec<Kept> = here.map(|(state, _)| Kept::read(&state)).collect();
    kept.sort_by_key(|kept| std::cmp::Reverse(kept.last_order()));
    kept.iter().find_map(|kept| {
        let content = kept.last_saved(PROJECT)?;
        Some((parse_project(&content).ok()?, content))
    })
}

fn parse_project(bytes: &[u8]) -> Result<ReadProject, StoreError> {
    read_project(decode(PROJECT, bytes, &mut Vec::new())?)
}

fn parse_schema_file(bytes: &[u8]) -> Result<Schema, StoreError> {
    parse_schema(decode(SCHEMA, bytes, &mut Vec::new())?)
}
