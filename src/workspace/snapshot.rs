//! The data as they were when a checkpoint began, from which it makes the files while somebody works on.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::Workspace;
use crate::edit::{Edit, Table, Transaction};
use crate::model::{Entity, EntityId, SheetKey, State};
use crate::store::layout::{Shelf, entities_path, entity_shard, sheet_path};
use crate::store::{Kept, PathTable, Planned, RowCounts, Stamp, Stamps};

/// Shares its rows with the workspace.
#[derive(Debug)]
pub(super) struct Snapshot {
    state: State,
    stamps: PathTable<Stamp>,
    kept: Kept,
    put_aside: BTreeMap<String, Vec<String>>,
}

impl Workspace {
    pub(super) fn snapshot(&self) -> Snapshot {
        Snapshot { state: self.state.clone(), stamps: self.stamps.clone(), kept: self.kept.clone(), put_aside: self.put_aside.clone() }
    }
}

impl Snapshot {
    /// The contents of the files of these tables.
    pub(super) fn plan(&self, tables: &BTreeSet<Table>) -> Vec<Planned> {
        let shards: BTreeSet<String> =
            tables.iter().filter_map(|table| if let Table::Entity(id) = table { Some(entity_shard(*id)) } else { None }).collect();
        let others = tables.iter().filter_map(|table| self.plan_table(table));
        others.chain(self.plan_entities(shards)).collect()
    }

    fn plan_table(&self, table: &Table) -> Option<Planned> {
        Some(match table {
            Table::Project => Planned::Project { info: self.state.project.clone(), coders: self.state.coders.clone() },
            Table::Schema => Planned::Schema(self.state.schema.clone()),
            Table::Entity(_) => return None,
            Table::Document(id) => {
                Planned::Document { id: id.clone(), document: self.state.document(id).cloned(), text: self.state.texts.get(id).cloned() }
            }
            Table::Text(id) => {
                let document = self.state.document(id)?;
                let known = document.corrections.iter().flat_map(|correction| [&correction.old_hash, &correction.new_hash]);
                let known = known.chain([&document.text_hash]).cloned().collect();
                Planned::Text { id: id.clone(), text: self.state.texts.get(id)?.clone(), shelf: Shelf::of(document.in_trash), known }
            }
            Table::Sheet(key) => Planned::Sheet {
                key: key.clone(),
                sheet: self.state.sheets.get(key).cloned(),
                text: self.state.texts.get(&key.document).cloned(),
                shelf: Shelf::of(self.state.document(&key.document).is_none_or(|document| document.in_trash)),
            },
        })
    }

    fn plan_entities(&self, shards: BTreeSet<String>) -> Vec<Planned> {
        let mut by_shard: BTreeMap<String, BTreeMap<EntityId, Entity>> = shards.into_iter().map(|shard| (shard, BTreeMap::new())).collect();
        for (id, entity) in &self.state.entities {
            if let Some(rows) = by_shard.get_mut(&entity_shard(*id)) {
                rows.insert(*id, entity.clone());
            }
        }
        let planned = |(shard, entities): (String, BTreeMap<EntityId, Entity>)| {
            let put_aside = self.put_aside.get(&entities_path(&shard)).cloned().unwrap_or_default();
            Planned::Entities { shard, entities, put_aside }
        };
        by_shard.into_iter().map(planned).collect()
    }

    /// What the planned files held last, and the sheets that may move with their documents.
    pub(super) fn base_of(&self, planned: &[Planned]) -> Stamps {
        let mut base = Stamps::new();
        for planned in planned {
            let paths = planned.paths().into_iter();
            base.extend(paths.filter_map(|path| self.stamps.get(&path).map(|stamp| (path.clone(), stamp))));
            if let Planned::Text { .. } = planned {
                base.extend(planned.paths().into_iter().filter_map(|path| self.last_stamp(&path).map(|stamp| (path, stamp))));
            }
            if let Planned::Document { id, .. } = planned {
                let sheets = self.state.coders.keys().map(|coder| SheetKey::new(id, coder));
                let paths = sheets.flat_map(|key| [Shelf::Live, Shelf::Trash].map(|shelf| sheet_path(&key, shelf)));
                base.extend(paths.filter_map(|path| self.last_stamp(&path).map(|stamp| (path.clone(), stamp))));
            }
        }
        base
    }

    /// What a file held when it was read in this session, else when it was last saved here.
    fn last_stamp(&self, path: &str) -> Option<Stamp> {
        self.stamps.get(path).or_else(|| self.kept.stamp_of(path))
    }
}

/// Rows that differ from the files, each once.
pub(super) fn count_rows(unsaved: &[Arc<Transaction>]) -> RowCounts {
    let (mut spans, mut claims, mut relations, mut entities) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    for edit in unsaved.iter().flat_map(|transaction| &transaction.edits) {
        match edit {
            Edit::Span(sheet, change) => drop(spans.insert((sheet, change.key))),
            Edit::Claim(sheet, change) => drop(claims.insert((sheet, change.key))),
            Edit::Relation(sheet, change) => drop(relations.insert((sheet, change.key))),
            Edit::Entity(change) => drop(entities.insert(change.key)),
            _ => {}
        }
    }
    RowCounts { spans: spans.len(), claims: claims.len(), relations: relations.len(), entities: entities.len() }
}
