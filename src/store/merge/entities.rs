//! `entities/<xx>.ron`: entities by id.

use std::collections::BTreeMap;

use super::notes::Notes;
use super::versions::{Row, Versions, merge_fields};
use super::{Merged, read_three};
use crate::model::{Entity, EntityId, Residue};
use crate::store::StoreError;
use crate::store::files::{FORMAT, read_entities, unreadable, write_entities};

type Entities = (BTreeMap<EntityId, Entity>, Vec<String>);

pub(super) fn merge(file: &str, contents: Versions<'_, str>) -> Result<Merged, StoreError> {
    let read = read_three(file, contents, read_whole)?;
    let versions: Versions<'_, Entities> = read.versions();
    let mut notes = Notes::default();
    let entities = notes.rows("entity", versions.field(|read| &read.0));
    let put_aside = notes.list("put_aside", versions.field(|read| &read.1));
    Ok(Merged { content: write(file, &(entities, put_aside))?, notes: notes.all() })
}

pub(super) fn write_again(file: &str, content: &str) -> Result<String, StoreError> {
    write(file, &read_whole(file, content)?)
}

fn write(file: &str, (entities, put_aside): &Entities) -> Result<String, StoreError> {
    let content = write_entities(file, entities.iter().map(|(id, entity)| (*id, entity)), put_aside)?;
    Ok(content.unwrap_or_else(|| format!("(\n  format: {FORMAT},\n)\n")))
}

fn read_whole(file: &str, content: &str) -> Result<Entities, StoreError> {
    let read = read_entities(file, content)?;
    match read.findings.first().filter(|_| read.is_salvaged) {
        Some(finding) => Err(unreadable(file, finding.to_string())),
        None if read.is_salvaged => Err(unreadable(file, "is broken")),
        None => Ok((read.entities, read.put_aside)),
    }
}

impl Row for Entity {
    fn merge(notes: &mut Notes, versions: Versions<'_, Self>) -> Self {
        merge_fields!(
            notes,
            versions,
            Entity {
                name: required,
                label: optional,
                aliases: set,
                knowledge_base_ids: set,
                attributes: map,
                note: optional,
                made_by: optional,
                merged_into: optional,
                deleted: agreed,
                residue: residue,
            }
        )
    }

    fn residue(&mut self) -> Option<&mut Residue> {
        Some(&mut self.residue)
    }
}
