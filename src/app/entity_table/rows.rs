//! The rows of the table: which entities, in which order.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use crate::app::survey::{Survey, Total};
use crate::model::{Entity, EntityId, State};

/// One entity.
pub(crate) struct Row {
    pub(crate) id: EntityId,
    pub(crate) name: String,
    pub(crate) kind: String,
    pub(crate) aliases: String,
    pub(crate) ids: String,
    pub(crate) total: Total,
    // What the row was made from.
    source: Entity,
    // What the filter looks at, and the order by name: everything in small letters.
    key: String,
}

/// What the rows are ordered by.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) enum Sort {
    #[default]
    Name,
    Kind,
    Mentions,
    Documents,
}

/// What of the last rows can stay.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Reuse {
    /// The codebook changed, and with it the names of types.
    Nothing,
    /// Rows of entities that are as they were.
    Unchanged,
}

/// All rows that the filter lets through, made anew when something changed.
#[derive(Default)]
pub(crate) struct Rows {
    all: Vec<Row>,
    /// Indexes into `all`, in order.
    shown: Vec<usize>,
    // Where each stood among the shown ones.
    places: BTreeMap<EntityId, usize>,
    made_from: Option<(u64, u64, u64)>,
    shown_for: Option<(Sort, bool, String)>,
}

impl Rows {
    pub(crate) fn refresh(&mut self, state: &State, survey: &Survey, sort: (Sort, bool), filter: &str) {
        let revisions = (state.entities_revision, state.schema_revision, survey.revision);
        let is_stale = self.made_from != Some(revisions);
        if is_stale {
            let has_same_codebook = self.made_from.is_some_and(|(_, schema, _)| schema == state.schema_revision);
            self.renew(state, survey, if has_same_codebook { Reuse::Unchanged } else { Reuse::Nothing });
            self.made_from = Some(revisions);
        }
        let wanted = (sort.0, sort.1, filter.trim().to_lowercase());
        if is_stale || self.shown_for.as_ref() != Some(&wanted) {
            self.order(&wanted);
            self.shown_for = Some(wanted);
        }
    }

    /// Most rows are those of last time, in nearly the same order, which sorting notices.
    fn renew(&mut self, state: &State, survey: &Survey, reuse: Reuse) {
        let totals = survey.totals(state);
        let mut old: BTreeMap<EntityId, Row> = std::mem::take(&mut self.all).into_iter().map(|row| (row.id, row)).collect();
        let rows = state.living_entities().map(|(id, entity)| {
            let total = totals.get(&id).copied().unwrap_or_default();
            match old.remove(&id).filter(|row| reuse == Reuse::Unchanged && row.source == *entity) {
                Some(row) => Row { total, ..row },
                None => row(state, id, entity, total),
            }
        });
        self.all = rows.collect();
    }

    fn order(&mut self, (sort, is_reversed, needle): &(Sort, bool, String)) {
        let all = &self.all;
        let mut shown: Vec<(usize, &Row)> = all.iter().enumerate().filter(|(_, row)| row.key.contains(needle.as_str())).collect();
        // Begun in the order of last time, the sorting has little to do.
        shown.sort_by_cached_key(|(_, row)| self.places.get(&row.id).copied().unwrap_or(usize::MAX));
        let by_name = |a: &Row, b: &Row| a.key.cmp(&b.key).then(a.id.cmp(&b.id));
        shown.sort_by(|(_, a), (_, b)| {
            let order = match sort {
                Sort::Name => Ordering::Equal,
                Sort::Kind => a.kind.cmp(&b.kind),
                Sort::Mentions => b.total.mentions.cmp(&a.total.mentions),
                Sort::Documents => b.total.documents.cmp(&a.total.documents),
            };
            let order = order.then_with(|| by_name(a, b));
            if *is_reversed { order.reverse() } else { order }
        });
        let places = shown.iter().zip(0..).map(|((_, row), place)| (row.id, place)).collect();
        self.shown = shown.into_iter().map(|(index, _)| index).collect();
        self.places = places;
    }

    pub(crate) fn len(&self) -> usize {
        self.shown.len()
    }

    pub(crate) fn get(&self, index: usize) -> Option<&Row> {
        self.shown.get(index).and_then(|index| self.all.get(*index))
    }

    /// Where an entity stands among the shown ones.
    pub(crate) fn position(&self, id: EntityId) -> Option<usize> {
        self.places.get(&id).copied()
    }
}

fn row(state: &State, id: EntityId, entity: &Entity, total: Total) -> Row {
    let kind = entity.label.as_ref().map(|label| state.schema.labels.get(label).map_or_else(|| label.to_string(), |def| def.tag().to_owned()));
    let joined = |texts: &std::collections::BTreeSet<String>| texts.iter().map(String::as_str).collect::<Vec<_>>().join(", ");
    let (aliases, ids) = (joined(&entity.aliases), joined(&entity.knowledge_base_ids));
    let key = format!("{}\n{}\n{}", entity.name, aliases, ids).to_lowercase();
    Row { id, name: entity.name.clone(), kind: kind.unwrap_or_default(), aliases, ids, total, source: entity.clone(), key }
}
