//! `schema.ron`: rows by key, field by field; the order of each list; no circle among the labels.

use std::collections::BTreeMap;
use std::fmt::Display;

use super::notes::Notes;
use super::versions::{Row, Versions, merge_fields, order};
use super::{Merged, read_three};
use crate::model::{AttributeDef, Choice, Label, RelationType, Residue, RoleDef, Schema, SchemaInfo, TreeRow, circles_of};
use crate::store::StoreError;
use crate::store::project::parse_schema;
use crate::store::schema_file::write_schema;

pub(super) fn merge(file: &str, contents: Versions<'_, str>) -> Result<Merged, StoreError> {
    let read = read_three(file, contents, |_, content| parse_schema(content))?;
    let versions = read.versions();
    let mut notes = Notes::default();
    let mut schema = Schema {
        info: merge_info(&mut notes, versions.field(|schema| &schema.info)),
        labels: merge_list(&mut notes, "label", versions.field(|schema| &schema.labels)),
        attributes: merge_list(&mut notes, "attribute", versions.field(|schema| &schema.attributes)),
        roles: merge_list(&mut notes, "role", versions.field(|schema| &schema.roles)),
        relation_types: merge_list(&mut notes, "relation type", versions.field(|schema| &schema.relation_types)),
    };
    break_circles(&mut notes, "label", &mut schema.labels);
    break_circles(&mut notes, "relation type", &mut schema.relation_types);
    let notes = notes.finish(&mut schema.info.residue);
    Ok(Merged { content: write_schema(&schema), notes })
}

pub(super) fn write_again(content: &str) -> Result<String, StoreError> {
    parse_schema(content).map(|schema| write_schema(&schema))
}

fn merge_info(notes: &mut Notes, versions: Versions<'_, SchemaInfo>) -> SchemaInfo {
    merge_fields!(notes, versions, SchemaInfo { name: required, description: optional, residue: residue })
}

/// A row with a place in its list.
trait Placed: Row {
    fn position(&mut self) -> &mut u32;
}

/// Where both sides have changed a list, its rows are placed anew: a row that only made room for another was not changed.
fn merge_list<K: Clone + Ord + Display, R: Placed>(notes: &mut Notes, kind: &str, versions: Versions<'_, BTreeMap<K, R>>) -> BTreeMap<K, R> {
    if let Some(settled) = versions.settled() {
        return settled.clone();
    }
    let mut rows = notes.rows(kind, versions.map(without_places).versions());
    let keys = versions.map(in_order);
    let order = order(keys.versions().field(Vec::as_slice), |key| rows.contains_key(key));
    for (place, key) in (0..).zip(order) {
        if let Some(row) = rows.get_mut(&key) {
            *row.position() = place;
        }
    }
    rows
}

fn without_places<K: Clone + Ord, R: Placed>(rows: &BTreeMap<K, R>) -> BTreeMap<K, R> {
    let mut rows = rows.clone();
    rows.values_mut().for_each(|row| *row.position() = 0);
    rows
}

fn in_order<K: Clone + Ord, R: Placed>(rows: &BTreeMap<K, R>) -> Vec<K> {
    let mut keys: Vec<(u32, K)> = rows.iter().map(|(key, row)| (*row.clone().position(), key.clone())).collect();
    keys.sort();
    keys.into_iter().map(|(_, key)| key).collect()
}

/// Two sides that each put one row under the other's would make a codebook that cannot be read. In each circle the first
/// row in the alphabet loses its parent.
fn break_circles<K: Ord + Clone + Display, R: TreeRow<K>>(notes: &mut Notes, kind: &str, rows: &mut BTreeMap<K, R>) {
    let mut firsts: Vec<K> = circles_of(rows).into_iter().filter_map(|circle| circle.into_iter().min()).collect();
    firsts.sort_unstable();
    for key in firsts {
        if let Some(parent) = rows.get_mut(&key).and_then(|row| row.parent_mut().take()) {
            notes.push(format!("{kind} {key}: parent: kept nothing, not \"{parent}\", which is below it"));
        }
    }
}

macro_rules! placed {
    ($($row:ident)*) => {$(
        impl Placed for $row {
            fn position(&mut self) -> &mut u32 {
                &mut self.position
            }
        }
    )*};
}

placed!(Label AttributeDef RoleDef RelationType);

impl Row for Label {
    fn merge(notes: &mut Notes, versions: Versions<'_, Self>) -> Self {
        merge_fields!(
            notes,
            versions,
            Label {
                name: required,
                kind: required,
                position: place,
                parent: optional,
                short: optional,
                color: required,
                shortcut: optional,
                description: optional,
                examples: list,
                aliases: list,
                no_crossing: optional,
                no_nesting: optional,
                retired: optional,
                replaced_by: optional,
                residue: residue,
            }
        )
    }

    fn residue(&mut self) -> Option<&mut Residue> {
        Some(&mut self.residue)
    }
}

impl Row for AttributeDef {
    fn merge(notes: &mut Notes, versions: Versions<'_, Self>) -> Self {
        merge_fields!(
            notes,
            versions,
            AttributeDef {
                name: required,
                kind: required,
                position: place,
                applies_to: list,
                labels: limit,
                choices: choices,
                required: optional,
                default: optional,
                shortcut: optional,
                description: optional,
                retired: optional,
            }
        )
    }
}

impl Row for Choice {
    fn merge(notes: &mut Notes, versions: Versions<'_, Self>) -> Self {
        merge_fields!(notes, versions, Choice { key: same, name: required, shortcut: optional, description: optional })
    }
}

impl Row for RoleDef {
    fn merge(notes: &mut Notes, versions: Versions<'_, Self>) -> Self {
        merge_fields!(
            notes,
            versions,
            RoleDef {
                name: required,
                position: place,
                accepts: list,
                values: list,
                labels: limit,
                required: optional,
                max: optional,
                shortcut: optional,
                description: optional,
                retired: optional,
            }
        )
    }
}

impl Row for RelationType {
    fn merge(notes: &mut Notes, versions: Versions<'_, Self>) -> Self {
        merge_fields!(
            notes,
            versions,
            RelationType {
                name: required,
                position: place,
                parent: optional,
                short: optional,
                from: limit,
                to: limit,
                symmetric: optional,
                color: required,
                shortcut: optional,
                description: optional,
                examples: list,
                aliases: list,
                retired: optional,
                replaced_by: optional,
            }
        )
    }
}
