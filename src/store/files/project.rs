//! `project.ron`: name, id, settings, coders.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::row::{FileWriter, unique_map};
use super::{parse, unreadable};
use crate::model::{Coder, CoderKey, ProjectId, ProjectInfo, Residue, Settings};
use crate::store::StoreError;
use crate::store::layout::PROJECT;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ProjectFile {
    format: u32,
    id: ProjectId,
    name: String,
    #[serde(default)]
    settings: Settings,
    #[serde(default, deserialize_with = "unique_map")]
    residue: Residue,
    #[serde(default)]
    coders: Vec<CoderRow>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct CoderRow {
    key: CoderKey,
    name: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    note: String,
}

/// Reads `project.ron`.
pub(crate) fn read_project(content: &str) -> Result<(ProjectInfo, BTreeMap<CoderKey, Coder>), StoreError> {
    let file: ProjectFile = parse(PROJECT, content, |file: &ProjectFile| file.format)?;
    let mut coders = BTreeMap::new();
    for CoderRow { key, name, note } in file.coders {
        if coders.insert(key.clone(), Coder { name, note }).is_some() {
            return Err(unreadable(PROJECT, format!("the coder `{key}` is there twice; remove one of the two lines")));
        }
    }
    Ok((ProjectInfo { id: file.id, name: file.name, settings: file.settings, residue: file.residue }, coders))
}

/// Writes `project.ron`.
pub(crate) fn write_project(info: &ProjectInfo, coders: &BTreeMap<CoderKey, Coder>) -> Result<String, StoreError> {
    let mut file = FileWriter::new(PROJECT);
    file.field("id", &info.id)?;
    file.field("name", &info.name)?;
    file.optional("settings", &info.settings)?;
    file.optional("residue", &info.residue)?;
    file.section("coders", coders.iter().map(|(key, coder)| CoderRow { key: key.clone(), name: coder.name.clone(), note: coder.note.clone() }))?;
    Ok(file.finish())
}
