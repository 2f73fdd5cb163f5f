//! `annotations/<coder>/<xx>/<doc>.ron`: rows by id, each with its quotes. The text is not needed.

use std::collections::BTreeMap;
use std::fmt::Display;

use serde::Serialize;

use super::notes::Notes;
use super::versions::{Row, Versions, merge_fields};
use super::{Merged, read_three};
use crate::model::{ClaimId, RelationId, Residue, SpanId};
use crate::store::StoreError;
use crate::store::files::{ClaimRow, Place, RelationRow, SheetFile, SpanRow, to_line};

/// A sheet's file with its rows by id. Their lists in `head` are empty.
struct Rows<'s> {
    head: SheetFile<'s>,
    spans: BTreeMap<SpanId, SpanRow<'s>>,
    claims: BTreeMap<ClaimId, ClaimRow<'s>>,
    relations: BTreeMap<RelationId, RelationRow>,
}

pub(super) fn merge(file: &str, contents: Versions<'_, str>) -> Result<Merged, StoreError> {
    let read = read_three(file, contents, read_rows)?;
    let versions = read.versions();
    let mut notes = Notes::default();
    let mut head = merge_head(&mut notes, versions.field(|rows| &rows.head));
    head.spans = notes.rows("span", versions.field(|rows| &rows.spans)).into_values().collect();
    head.claims = notes.rows("claim", versions.field(|rows| &rows.claims)).into_values().collect();
    head.relations = notes.rows("relation", versions.field(|rows| &rows.relations)).into_values().collect();
    let notes = notes.finish(&mut head.residue);
    Ok(Merged { content: head.write(file)?, notes })
}

pub(super) fn write_again(file: &str, content: &str) -> Result<String, StoreError> {
    let Rows { mut head, spans, claims, relations } = read_rows(file, content)?;
    head.spans = spans.into_values().collect();
    head.claims = claims.into_values().collect();
    head.relations = relations.into_values().collect();
    head.write(file)
}

fn read_rows<'s>(file: &str, content: &'s str) -> Result<Rows<'s>, StoreError> {
    let mut head = SheetFile::read(file, content)?;
    let (spans, claims, relations) = (std::mem::take(&mut head.spans), std::mem::take(&mut head.claims), std::mem::take(&mut head.relations));
    let aside = &mut head.put_aside;
    let spans = by_id(("spans", file), spans, |row| row.id, aside)?;
    let claims = by_id(("claims", file), claims, |row| row.id, aside)?;
    let relations = by_id(("relations", file), relations, |row| row.id, aside)?;
    Ok(Rows { head, spans, claims, relations })
}

/// Rows by id. A second one with the same id is put aside, as a reader does.
fn by_id<K: Ord + Display, R: PartialEq + Serialize>(
    (list, file): (&str, &str),
    rows: Vec<R>,
    id: impl Fn(&R) -> K,
    aside: &mut Vec<String>,
) -> Result<BTreeMap<K, R>, StoreError> {
    let mut by_id = BTreeMap::new();
    for row in rows {
        match by_id.get(&id(&row)) {
            None => drop(by_id.insert(id(&row), row)),
            Some(there) if *there == row => {}
            Some(_) => aside.push(format!("{list} {}", to_line(file, &row)?)),
        }
    }
    Ok(by_id)
}

fn merge_head<'s>(notes: &mut Notes, versions: Versions<'_, SheetFile<'s>>) -> SheetFile<'s> {
    merge_fields!(
        notes,
        versions,
        SheetFile {
            format: same,
            document: optional,
            coder: optional,
            text: optional,
            status: optional,
            attributes: map,
            note: optional,
            ignored: set,
            rejected: set,
            residue: residue,
            spans: same,
            claims: same,
            relations: same,
            put_aside: list,
        }
    )
}

impl Row for SpanRow<'_> {
    fn merge(notes: &mut Notes, versions: Versions<'_, Self>) -> Self {
        merge_fields!(
            notes,
            versions,
            SpanRow { id: same, label: required, at: required, entity: optional, attributes: map, note: optional, residue: residue }
        )
    }

    fn residue(&mut self) -> Option<&mut Residue> {
        Some(&mut self.residue)
    }
}

impl Row for ClaimRow<'_> {
    fn merge(notes: &mut Notes, versions: Versions<'_, Self>) -> Self {
        let mut merged = merge_fields!(
            notes,
            versions,
            ClaimRow {
                id: same,
                label: required,
                at: optional,
                occurrences: list,
                roles: lists,
                attributes: map,
                normalized: optional,
                note: optional,
                residue: residue,
            }
        );
        set_places(&mut merged.at, &mut merged.occurrences);
        merged
    }

    fn residue(&mut self) -> Option<&mut Residue> {
        Some(&mut self.residue)
    }
}

/// As [`crate::model::Claim::set_places`]: in text order, none of them the content, and the first is it where there is none.
fn set_places<'s>(content: &mut Vec<Place<'s>>, occurrences: &mut Vec<Vec<Place<'s>>>) {
    occurrences.sort();
    occurrences.dedup();
    if content.is_empty() {
        *content = occurrences.first().cloned().unwrap_or_default();
    }
    occurrences.retain(|place| place != content);
}

impl Row for RelationRow {
    fn merge(notes: &mut Notes, versions: Versions<'_, Self>) -> Self {
        merge_fields!(
            notes,
            versions,
            RelationRow { id: same, label: required, from: required, to: required, attributes: map, note: optional, residue: residue }
        )
    }

    fn residue(&mut self) -> Option<&mut Residue> {
        Some(&mut self.residue)
    }
}
