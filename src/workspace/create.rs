//! Making projects.

use std::collections::BTreeMap;
use std::path::Path;

use super::documents::is_free;
use super::{OpenOptions, Who, Workspace};
use crate::model::{Coder, CoderKey, IdSource, ProjectId, ProjectInfo, Residue, Schema, Settings};
use crate::progress::{CancelToken, Progress};
use crate::store::files::write_project;
use crate::store::git::{GITATTRIBUTES, GITIGNORE};
use crate::store::layout::{GUIDELINES, PROJECT, SCHEMA};
use crate::store::schema_file::write_schema;
use crate::store::{Places, StoreError};

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
        StoreError::check_name("the project's name", &new.name)?;
        StoreError::check_name("the coder's name", &new.coder)?;
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
        let options = OpenOptions { ids, ..OpenOptions::read_write(Who::Coder(key)) };
        let workspace = Self::open(dir, options, places)?.workspace;
        workspace.note_first()?;
        Ok(workspace)
    }

    /// The first good copies: until there are some, a damaged file is lost.
    fn note_first(&self) -> Result<(), StoreError> {
        if let Some(backup) = self.backup() {
            backup.run(&Progress::new(), &CancelToken::new())?;
        }
        self.log_saved(&[PROJECT, SCHEMA].map(|path| (path.to_owned(), self.stamps.get(path))))
    }
}
