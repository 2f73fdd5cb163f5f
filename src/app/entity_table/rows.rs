//! The rows of the table: which entities, in which order.

use std::cmp::Ordering;

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

/// All rows that the filter lets through, made anew when something changed.
#[derive(Default)]
pub(crate) struct Rows {
    all: Vec<Row>,
    /// Indexes into `all`, in order.
    shown: Vec<usize>,
    made_from: Option<(u64, u64, u64)>,
    shown_for: Option<(Sort, bool, String)>,
}

impl Rows {
    pub(crate) fn refresh(&mut self, state: &State, survey: &Survey, sort: (Sort, bool), filter: &str) {
        let revisions = (state.entities_revision, state.schema_revision, survey.revision);
        let is_stale = self.made_from != Some(revisions);
        if is_stale {
            let totals = survey.totals(state);
            self.all = state.living_entities().map(|(id, entity)| row(state, id, entity, totals.get(&id))).collect();
            self.made_from = Some(revisions);
        }
        let wanted = (sort.0, sort.1, filter.trim().to_lowercase());
        if is_stale || self.shown_for.as_ref() != Some(&wanted) {
            self.order(&wanted);
            self.shown_for = Some(wanted);
        }
    }

    fn order(&mut self, (sort, is_reversed, needle): &(Sort, bool, String)) {
        let all = &self.all;
        let mut shown: Vec<(usize, &Row)> = all.iter().enumerate().filter(|(_, row)| row.key.contains(needle.as_str())).collect();
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
        self.shown = shown.into_iter().map(|(index, _)| index).collect();
    }

    pub(crate) fn len(&self) -> usize {
        self.shown.len()
    }

    pub(crate) fn get(&self, index: usize) -> Option<&Row> {
        self.shown.get(index).and_then(|index| self.all.get(*index))
    }

    /// Where an entity stands among the shown ones.
    pub(crate) fn position(&self, id: EntityId) -> Option<usize> {
        self.shown.iter().position(|index| self.all.get(*index).is_some_and(|row| row.id == id))
    }
}

fn row(state: &State, id: EntityId, entity: &Entity, total: Option<&Total>) -> Row {
    let kind = entity.label.as_ref().map(|label| state.schema.labels.get(label).map_or_else(|| label.to_string(), |def| def.tag().to_owned()));
    let joined = |texts: &std::collections::BTreeSet<String>| texts.iter().map(String::as_str).collect::<Vec<_>>().join(", ");
    let (aliases, ids) = (joined(&entity.aliases), joined(&entity.knowledge_base_ids));
    let key = format!("{}\n{}\n{}", entity.name, aliases, ids).to_lowercase();
    Row { id, name: entity.name.clone(), kind: kind.unwrap_or_default(), aliases, ids, total: total.copied().unwrap_or_default(), key }
}
