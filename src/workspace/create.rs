//! Making projects.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use super::documents::is_free;
use super::{OpenOptions, Who, Workspace};
use crate::model::{Coder, CoderKey, IdSource, ProjectId, ProjectInfo, Residue, Schema, Settings};
use crate::store::files::write_project;
use crate::store::git::{GITATTRIBUTES, GITIGNORE};
use crate::store::layout::{GUIDELINES, PROJECT, SCHEMA, StateDir};
use crate::store::schema_file::write_schema;
use crate::store::{Places, Stamp, StoreError, append_log};

/// What a new project starts with.
#[derive(Clone, Debug)]
pub struct NewProject {
    /// Shown in the window's title.
    pub name: String,
    /// The codebook.
    pub schema: Schema,
    /// The codebook in prose; may be empty.
    pub guidelines: String,
    /// Who makes it.
    pub coder: String,
}

impl Workspace {
    /// Makes a project in a new or empty folder and opens it.
    ///
    /// # Errors
    /// When the folder is not empty or cannot be written.
    pub fn create(dir: &Path, new: NewProject, places: &Places, mut ids: IdSource) -> Result<Self, StoreError> {
        if !is_free(dir) {
            return Err(StoreError::NotEmpty(dir.to_owned()));
        }
        let info = ProjectInfo { id: ProjectId(ids.next_id()), name: new.name, settings: Settings::default(), residue: Residue::new() };
        let key = CoderKey::from_name(&new.coder);
        let coders = BTreeMap::from([(key.clone(), Coder::new(new.coder))]);
        let disk = places.disk();
        disk.create_dir_all(dir)?;
        disk.replace(&dir.join(GUIDELINES), new.guidelines.as_bytes())?;
        for (name, content) in [(".gitattributes", GITATTRIBUTES), (".gitignore", GITIGNORE)] {
            if !dir.join(name).exists() {
                disk.replace(&dir.join(name), content.as_bytes())?;
            }
        }
        disk.replace(&dir.join(SCHEMA), write_schema(&new.schema).as_bytes())?;
        // Last, because it makes the folder a project.
        disk.replace(&dir.join(PROJECT), write_project(&info, &coders)?.as_bytes())?;
        first_backups(dir, info.id, &key, places)?;
        let options = OpenOptions { ids, ..OpenOptions::read_write(Who::Coder(key)) };
        Self::open(dir, options, places).map(|opened| opened.workspace)
    }
}

/// The first good copies of the files without which a project cannot be opened.
fn first_backups(dir: &Path, id: ProjectId, coder: &CoderKey, places: &Places) -> Result<(), StoreError> {
    let dir = fs::canonicalize(dir).map_err(StoreError::io("open", dir))?;
    let state_dir = StateDir::new(&places.project_state(id, &dir), coder);
    for path in [PROJECT, SCHEMA] {
        let content = fs::read(dir.join(path)).map_err(StoreError::io("read", &dir))?;
        places.disk().replace(&state_dir.backup(path), &content)?;
        append_log(places.disk(), &state_dir.checksums(), [(path, Some(Stamp::of(&content)))].into_iter())?;
    }
    Ok(())
}
