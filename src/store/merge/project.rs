//! `project.ron`: name and settings field by field, coders by key.

use std::collections::BTreeMap;

use super::notes::Notes;
use super::versions::{Row, Versions, merge_fields};
use super::{Merged, read_three};
use crate::model::{Coder, CoderKey, ProjectInfo, Settings};
use crate::store::StoreError;
use crate::store::files::{read_project, write_project};

type Project = (ProjectInfo, BTreeMap<CoderKey, Coder>);

pub(super) fn merge(file: &str, contents: Versions<'_, str>) -> Result<Merged, StoreError> {
    let read = read_three(file, contents, |_, content| read_project(content))?;
    let versions: Versions<'_, Project> = read.versions();
    let mut notes = Notes::default();
    let mut info = merge_info(&mut notes, versions.field(|project| &project.0));
    let coders = notes.rows("coder", versions.field(|project| &project.1));
    let notes = notes.finish(&mut info.residue);
    Ok(Merged { content: write_project(&info, &coders)?, notes })
}

pub(super) fn write_again(content: &str) -> Result<String, StoreError> {
    let (info, coders) = read_project(content)?;
    write_project(&info, &coders)
}

fn merge_info(notes: &mut Notes, versions: Versions<'_, ProjectInfo>) -> ProjectInfo {
    merge_fields!(notes, versions, ProjectInfo { id: required, name: required, settings: settings, residue: residue })
}

impl Notes {
    fn settings(&mut self, _: &str, versions: Versions<'_, Settings>) -> Settings {
        merge_fields!(self, versions, Settings { own_entities_only: optional })
    }
}

impl Row for Coder {
    fn merge(notes: &mut Notes, versions: Versions<'_, Self>) -> Self {
        merge_fields!(notes, versions, Coder { name: required, note: optional })
    }
}
