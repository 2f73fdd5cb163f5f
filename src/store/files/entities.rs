//! `entities/<xx>.ron`: some of the project's entities, one a line, in the order of their ids.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::row::{FileWriter, bare, bounded, unique_map};
use super::{check_format, salvage, salvage_or_refuse};
use crate::model::{Attributes, CoderKey, Entity, EntityId, Finding, FindingCounts, LabelKey, Residue, Severity, ron_reason};
use crate::store::{StoreError, plain_ron};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct EntitiesFile {
    format: u32,
    #[serde(default, deserialize_with = "bounded")]
    entities: Vec<EntityRow>,
    #[serde(default, deserialize_with = "bounded")]
    put_aside: Vec<String>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct EntityRow {
    id: EntityId,
    name: String,
    #[serde(default, skip_serializing_if = "Option::is_none", with = "bare")]
    label: Option<LabelKey>,
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    aliases: BTreeSet<String>,
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    knowledge_base_ids: BTreeSet<String>,
    #[serde(default, skip_serializing_if = "Attributes::is_empty", deserialize_with = "unique_map")]
    attributes: Attributes,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    note: String,
    #[serde(default, skip_serializing_if = "Option::is_none", with = "bare")]
    made_by: Option<CoderKey>,
    #[serde(default, skip_serializing_if = "Option::is_none", with = "bare")]
    merged_into: Option<EntityId>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    deleted: bool,
    #[serde(default, skip_serializing_if = "Residue::is_empty", deserialize_with = "unique_map")]
    residue: Residue,
}

/// What one file says.
#[derive(Debug, Default)]
pub(crate) struct ReadEntities {
    pub(crate) entities: BTreeMap<EntityId, Entity>,
    /// Rows that could not be understood, as they stand; they go back into the file when it is saved.
    pub(crate) put_aside: Vec<String>,
    pub(crate) findings: Vec<Finding>,
    counts: FindingCounts,
    /// True when the file as a whole is broken.
    pub(crate) is_salvaged: bool,
}

/// Reads a file of entities; broken ones line by line.
pub(crate) fn read_entities(file: &str, content: &str) -> Result<ReadEntities, StoreError> {
    let mut read = ReadEntities::default();
    match plain_ron::from_str::<EntitiesFile>(content) {
        Ok(parsed) => {
            check_format(file, parsed.format)?;
            for row in parsed.entities {
                read.insert(file, None, row);
            }
            for raw in parsed.put_aside {
                read.insert_raw(file, None, &raw);
            }
        }
        Err(error) => {
            salvage_or_refuse(file, content, &error)?;
            read.is_salvaged = true;
            for line in salvage::lines(file, content)?.into_iter().filter(|line| !line.is_format()) {
                match ron::from_str::<String>(line.text).ok().filter(|_| line.section == "put_aside") {
                    Some(raw) => read.insert_raw(file, Some(line.number), &raw),
                    None => read.insert_raw(file, Some(line.number), line.text),
                }
            }
        }
    }
    Ok(read)
}

impl ReadEntities {
    fn insert(&mut self, file: &str, line: Option<usize>, row: EntityRow) {
        let id = row.id;
        let raw = super::row::to_line(file, &row).unwrap_or_default();
        let entity = row.into();
        match self.entities.get(&id) {
            Some(there) if *there == entity => {}
            Some(_) => self.put_aside(file, line, raw, &format!("the entity {id} is there twice with different content")),
            None => drop(self.entities.insert(id, entity)),
        }
    }

    fn insert_raw(&mut self, file: &str, line: Option<usize>, raw: &str) {
        match ron::from_str::<EntityRow>(raw) {
            Ok(row) => self.insert(file, line, row),
            Err(error) => {
                // Where it is no row, it is a field of the file.
                let why = if raw.starts_with('(') { ron_reason(&error.code) } else { head_fault(raw) };
                self.put_aside(file, line, raw.to_owned(), &why);
            }
        }
    }

    fn put_aside(&mut self, file: &str, line: Option<usize>, raw: String, why: &str) {
        let message = format!("{why}. The row was put aside, not deleted; mend it in the file: {raw}");
        let mut finding = Finding::new(Severity::Error, "row-put-aside", message).in_file(file);
        finding.line = line;
        self.counts.push(&mut self.findings, finding);
        self.put_aside.push(raw);
    }
}

/// What is wrong with a line that is no row.
fn head_fault(line: &str) -> String {
    let fault = ron::from_str::<EntitiesFile>(&format!("({line})")).err();
    fault.map_or_else(|| "it cannot be understood".to_owned(), |error| ron_reason(&error.code))
}

/// Writes a file of entities. None when there is nothing to write.
pub(crate) fn write_entities<'e>(
    file: &str,
    entities: impl Iterator<Item = (EntityId, &'e Entity)>,
    put_aside: &[String],
) -> Result<Option<String>, StoreError> {
    let mut rows = entities.map(|(id, entity)| EntityRow::new(id, entity)).peekable();
    if rows.peek().is_none() && put_aside.is_empty() {
        return Ok(None);
    }
    let mut writer = FileWriter::new(file);
    writer.section("entities", rows)?;
    writer.section("put_aside", put_aside.iter())?;
    Ok(Some(writer.finish()))
}

impl EntityRow {
    fn new(id: EntityId, entity: &Entity) -> Self {
        let Entity { name, label, aliases, knowledge_base_ids, attributes, note, made_by, merged_into, deleted, residue } = entity.clone();
        Self { id, name, label, aliases, knowledge_base_ids, attributes, note, made_by, merged_into, deleted, residue }
    }
}

impl From<EntityRow> for Entity {
    fn from(row: EntityRow) -> Self {
        let EntityRow { id: _, name, label, aliases, knowledge_base_ids, attributes, note, made_by, merged_into, deleted, residue } = row;
        Self { name, label, aliases, knowledge_base_ids, attributes, note, made_by, merged_into, deleted, residue }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Id;
    use crate::store::FORMAT;

    fn row(name: &str) -> String {
        let id = EntityId(Id::from_bits(1));
        format!("(id: \"{id}\", name: \"{name}\")")
    }

    fn read(entities: &[String], put_aside: &[String]) -> ReadEntities {
        let put_aside: Vec<String> = put_aside.iter().map(|raw| format!("{raw:?}")).collect();
        let content = format!("(format: {FORMAT}, entities: [{}], put_aside: [{}])", entities.join(", "), put_aside.join(", "));
        read_entities("entities/00.ron", &content).unwrap()
    }

    #[test]
    fn a_row_that_is_there_twice_is_one_and_one_with_another_content_is_put_aside() {
        let twice = read(&[row("Kerry"), row("Kerry")], &[]);
        assert_eq!((twice.entities.len(), twice.put_aside.len(), twice.findings.len()), (1, 0, 0));
        let differs = read(&[row("Kerry"), row("Lavrov")], &[]);
        assert_eq!((differs.entities.values().next().unwrap().name.as_str(), differs.put_aside.len(), differs.findings.len()), ("Kerry", 1, 1));
        assert!(differs.put_aside[0].contains("Lavrov"));
        let later = read(&[row("Kerry")], &[row("Kerry"), row("Lavrov"), "nonsense".to_owned()]);
        assert_eq!((later.entities.len(), later.put_aside.len()), (1, 2));
    }
}
