//! `schema.ron`, the codebook as a file for people: lists in order of position, one row a line, defaults left out.
//!
//! A row's place in its list is its position. Templates are such files too. Knows nothing of folders: text in, text out.

mod rows;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::{Display, Write};

use ron::Options;
use ron::extensions::Extensions;
use ron::ser::PrettyConfig;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use self::rows::{AttributeRow, LabelRow, RelationTypeRow, RoleRow, Row};
use crate::model::{MAX_LABEL_DEPTH, Residue, Schema, SchemaInfo, TreeRow, circles_of, ron_reason, too_deep};
use crate::store::files::{bounded, unique_map};

/// The version of the file that this program writes.
pub const FORMAT: u32 = 1;
/// Labels of a circle that a message shows.
const MAX_SHOWN: usize = 10;

/// Why a codebook could not be read. The file itself is never changed by reading it.
#[derive(Clone, PartialEq, Eq, Debug, Error)]
pub enum SchemaFileError {
    /// Written by a later Manicule.
    #[error("the codebook has format {format}, but this Manicule knows only {FORMAT}; open it with a newer Manicule")]
    Newer {
        /// What the file says.
        format: u32,
    },
    /// A format that never was.
    #[error("the codebook has format {format}, which never existed; write `format: {FORMAT}`")]
    Unknown {
        /// What the file says.
        format: u32,
    },
    /// Not RON, or not the fields of a codebook.
    #[error("the codebook cannot be read: line {line}, column {column}: {cause}")]
    Syntax {
        /// From 1.
        line: usize,
        /// In characters, from 1.
        column: usize,
        /// In the words of the RON reader.
        cause: String,
    },
    /// Two rows of one list have the same key.
    #[error("the codebook names the {list} `{key}` twice; give one of them another key or take it out")]
    DuplicateKey {
        /// Which list.
        list: &'static str,
        /// The key; for a choice `attribute: choice`.
        key: String,
    },
    /// A row is above itself.
    #[error("the {list} `{key}` is above itself: {line}; take out one `parent`")]
    CircularParents {
        /// Which list: `label`.
        list: &'static str,
        /// A row of the circle.
        key: String,
        /// The circle, `a < b < a`.
        line: String,
    },
    /// A row has too many above it.
    #[error("the {list} `{key}` has more than {MAX_LABEL_DEPTH} {list}s above it; take out some `parent`")]
    TooDeep {
        /// Which list: `label`.
        list: &'static str,
        /// The row.
        key: String,
    },
}

#[derive(Deserialize)]
#[serde(rename = "codebook", deny_unknown_fields)]
struct SchemaFile {
    format: u32,
    name: String,
    #[serde(default)]
    description: String,
    #[serde(default, deserialize_with = "unique_map")]
    residue: Residue,
    #[serde(default, deserialize_with = "bounded")]
    labels: Vec<LabelRow>,
    #[serde(default, deserialize_with = "bounded")]
    attributes: Vec<AttributeRow>,
    #[serde(default, deserialize_with = "bounded")]
    roles: Vec<RoleRow>,
    #[serde(default, deserialize_with = "bounded")]
    relation_types: Vec<RelationTypeRow>,
}

/// All that is read of a file that may be newer.
#[derive(Deserialize)]
struct Header {
    format: u32,
}

/// Reads a codebook. A byte order mark at the beginning is passed over.
///
/// # Errors
/// When it is not a codebook of a known format, names a key twice or has a circle in its tree of labels.
pub fn read_schema(ron: &str) -> Result<Schema, SchemaFileError> {
    let ron = ron.strip_prefix('\u{feff}').unwrap_or(ron);
    let file: SchemaFile = options().from_str(ron).map_err(|error| newer_or_syntax(ron, &error))?;
    check_format(file.format)?;
    for attribute in &file.attributes {
        attribute.check_choices()?;
    }
    let schema = Schema {
        info: SchemaInfo { name: file.name, description: file.description, residue: file.residue },
        labels: table(file.labels, "label")?,
        attributes: table(file.attributes, "attribute")?,
        roles: table(file.roles, "role")?,
        relation_types: table(file.relation_types, "relation type")?,
    };
    check_parents("label", &schema.labels)?;
    check_parents("relation type", &schema.relation_types)?;
    Ok(schema)
}

/// What a newer version has added is an error here, too: say the one thing that helps.
fn newer_or_syntax(ron: &str, error: &ron::error::SpannedError) -> SchemaFileError {
    match options().from_str::<Header>(ron).map(|header| check_format(header.format)) {
        Ok(Err(wrong_format)) => wrong_format,
        _ => SchemaFileError::Syntax { line: error.span.start.line, column: error.span.start.col, cause: ron_reason(&error.code) },
    }
}

fn check_format(format: u32) -> Result<(), SchemaFileError> {
    match format {
        0 => Err(SchemaFileError::Unknown { format }),
        FORMAT => Ok(()),
        _ => Err(SchemaFileError::Newer { format }),
    }
}

fn table<R: Row>(rows: Vec<R>, list: &'static str) -> Result<BTreeMap<R::Key, R::Def>, SchemaFileError> {
    let mut table = BTreeMap::new();
    for (place, row) in (0..).zip(rows) {
        let (key, def) = row.into_model(place);
        if table.insert(key.clone(), def).is_some() {
            return Err(SchemaFileError::DuplicateKey { list, key: key.to_string() });
        }
    }
    Ok(table)
}

fn check_parents<K: Ord + Clone + Display, R: TreeRow<K>>(list: &'static str, rows: &BTreeMap<K, R>) -> Result<(), SchemaFileError> {
    if let Some((closing, circle)) = circles_of(rows).first().and_then(|circle| circle.split_first().map(|(first, _)| (first, circle))) {
        let mut names: Vec<String> = circle.iter().take(MAX_SHOWN).map(K::to_string).collect();
        if circle.len() > MAX_SHOWN {
            names.push("…".to_owned());
        }
        names.push(closing.to_string());
        return Err(SchemaFileError::CircularParents { list, key: closing.to_string(), line: names.join(" < ") });
    }
    match too_deep(rows) {
        Some(key) => Err(SchemaFileError::TooDeep { list, key: key.to_string() }),
        None => Ok(()),
    }
}

/// Writes a codebook. The same codebook always gives the same bytes, and reading them gives the same codebook.
#[must_use]
pub fn write_schema(schema: &Schema) -> String {
    let mut out = format!("(\n    format: {FORMAT},\n");
    push_field(&mut out, "name", &schema.info.name);
    if !schema.info.description.is_empty() {
        push_field(&mut out, "description", &schema.info.description);
    }
    if !schema.info.residue.is_empty() {
        push_field(&mut out, "residue", &schema.info.residue);
    }
    push_list::<LabelRow>(&mut out, "labels", &schema.labels);
    push_list::<AttributeRow>(&mut out, "attributes", &schema.attributes);
    push_list::<RoleRow>(&mut out, "roles", &schema.roles);
    push_list::<RelationTypeRow>(&mut out, "relation_types", &schema.relation_types);
    out.push_str(")\n");
    out
}

fn push_field(out: &mut String, name: &str, value: &impl Serialize) {
    let written = writeln!(out, "    {name}: {},", one_line(value));
    debug_assert!(written.is_ok(), "a string takes everything");
}

fn push_list<R: Row + Serialize>(out: &mut String, name: &str, table: &BTreeMap<R::Key, R::Def>) {
    let mut rows: Vec<(&R::Key, &R::Def)> = table.iter().collect();
    rows.sort_by_key(|(_, def)| R::position(def));
    if rows.is_empty() {
        return;
    }
    out.push_str(&format!("    {name}: [\n"));
    for (place, (key, def)) in (0..).zip(rows) {
        out.push_str(&format!("        {},\n", one_line(&R::from_model(key, def, place))));
    }
    out.push_str("    ],\n");
}

fn one_line(value: &impl Serialize) -> String {
    let config = PrettyConfig::new().compact_structs(true).compact_arrays(true).compact_maps(true);
    let written = options().to_string_pretty(value, config);
    debug_assert!(written.is_ok(), "every row can be written: {written:?}");
    written.unwrap_or_default()
}

/// `shortcut: 'p'` instead of `shortcut: Some('p')`.
fn options() -> Options {
    Options::default().with_default_extension(Extensions::IMPLICIT_SOME)
}

impl AttributeRow {
    fn check_choices(&self) -> Result<(), SchemaFileError> {
        let mut seen = BTreeSet::new();
        match self.choices.iter().find(|choice| !seen.insert(&choice.key)) {
            Some(choice) => Err(SchemaFileError::DuplicateKey { list: "choice", key: format!("{}: {}", self.key, choice.key) }),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests;
