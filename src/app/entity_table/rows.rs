//! The rows of the table: which entities, in which order.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

use crate::app::follow::{Follower, News};
use crate::app::survey::{Survey, Total};
use crate::edit::Edit;
use crate::model::{Entity, EntityId, State};
use crate::workspace::Workspace;

/// Where more entities changed at once, all rows are made anew.
const MAX_FOLLOWED: usize = 64;

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

/// All rows and, in order, those that the filter lets through. They follow the changes of entities one by one.
#[derive(Default)]
pub(crate) struct Rows {
    all: BTreeMap<EntityId, Row>,
    shown: Vec<EntityId>,
    order: Order,
    // By the revisions of codebook and counts, and of the entities.
    follower: Follower<(u64, u64)>,
}

/// Which rows are shown, and how they are ordered.
#[derive(Clone, PartialEq, Eq, Default)]
struct Order {
    sort: Sort,
    is_reversed: bool,
    // In small letters.
    needle: String,
}

impl Order {
    fn lets_through(&self, row: &Row) -> bool {
        row.key.contains(self.needle.as_str())
    }

    fn compare(&self, a: &Row, b: &Row) -> Ordering {
        let order = match self.sort {
            Sort::Name => Ordering::Equal,
            Sort::Kind => a.kind.cmp(&b.kind),
            Sort::Mentions => b.total.mentions.cmp(&a.total.mentions),
            Sort::Documents => b.total.documents.cmp(&a.total.documents),
        };
        let order = order.then_with(|| a.key.cmp(&b.key)).then(a.id.cmp(&b.id));
        if self.is_reversed { order.reverse() } else { order }
    }
}

impl Rows {
    pub(crate) fn refresh(&mut self, workspace: &Workspace, survey: &Survey, (sort, is_reversed): (Sort, bool), filter: &str) {
        let state = workspace.state();
        let order = Order { sort, is_reversed, needle: filter.trim().to_lowercase() };
        match self.follower.news_of_table(workspace, (state.schema_revision, survey.revision), state.entities_revision) {
            News::Nothing if order == self.order => return,
            News::Nothing => {}
            News::Edits(edits) => {
                let changed = touched_by(state, edits);
                if order == self.order && changed.len() <= MAX_FOLLOWED {
                    return changed.into_iter().for_each(|id| self.renew(state, survey, id));
                }
                self.renew_all(state, survey);
            }
            News::All => self.renew_all(state, survey),
        }
        self.order = order;
        self.sort();
    }

    fn renew_all(&mut self, state: &State, survey: &Survey) {
        let totals = survey.totals(state);
        let total = |id| totals.get(&id).copied().unwrap_or_default();
        self.all = state.living_entities().map(|(id, entity)| (id, row(state, id, entity, total(id)))).collect();
    }

    fn sort(&mut self) {
        let mut shown: Vec<&Row> = self.all.values().filter(|row| self.order.lets_through(row)).collect();
        shown.sort_unstable_by(|a, b| self.order.compare(a, b));
        self.shown = shown.into_iter().map(|row| row.id).collect();
    }

    /// One entity came, changed or went.
    fn renew(&mut self, state: &State, survey: &Survey, id: EntityId) {
        if self.all.remove(&id).is_some()
            && let Some(place) = self.position(id)
        {
            self.shown.remove(place);
        }
        let Some(entity) = state.entities.get(&id).filter(|entity| entity.is_living()) else { return };
        let row = row(state, id, entity, survey.total_of(state, id));
        if self.order.lets_through(&row) {
            let is_before = |other: &EntityId| self.all.get(other).is_some_and(|other| self.order.compare(other, &row).is_lt());
            self.shown.insert(self.shown.partition_point(is_before), id);
        }
        self.all.insert(id, row);
    }

    pub(crate) fn len(&self) -> usize {
        self.shown.len()
    }

    pub(crate) fn get(&self, index: usize) -> Option<&Row> {
        self.shown.get(index).and_then(|id| self.all.get(id))
    }

    /// Where an entity stands among the shown ones.
    pub(crate) fn position(&self, id: EntityId) -> Option<usize> {
        self.shown.iter().position(|shown| *shown == id)
    }
}

/// The entities whose rows these edits change: themselves, and those that they were or are merged into.
fn touched_by<'e>(state: &State, edits: impl Iterator<Item = &'e Edit>) -> BTreeSet<EntityId> {
    let mut touched = BTreeSet::new();
    for edit in edits {
        let Edit::Entity(change) = edit else { continue };
        let into = |row: &Option<Entity>| row.as_ref().and_then(|entity| entity.merged_into);
        for id in [Some(change.key), into(&change.before), into(&change.after)].into_iter().flatten() {
            touched.insert(id);
            touched.extend(state.entity(id).map(|(winner, _)| winner));
        }
    }
    touched
}

fn row(state: &State, id: EntityId, entity: &Entity, total: Total) -> Row {
    let kind = entity.label.as_ref().map(|label| state.schema.labels.get(label).map_or_else(|| label.to_string(), |def| def.tag().to_owned()));
    let joined = |texts: &std::collections::BTreeSet<String>| texts.iter().map(String::as_str).collect::<Vec<_>>().join(", ");
    let (aliases, ids) = (joined(&entity.aliases), joined(&entity.knowledge_base_ids));
    let key = format!("{}\n{}\n{}", entity.name, aliases, ids).to_lowercase();
    Row { id, name: entity.name.clone(), kind: kind.unwrap_or_default(), aliases, ids, total, key }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::edit::Change;
    use crate::edit::testing::Case;
    use crate::stats::Digest;

    const PEOPLE: &str =
        "[PER=a Ada] met [PER=b Bob], [PER=b Bob] and [PER=c Cy]\n.. @a: PER \"Ada\"\n.. @b: PER \"Bob\"\n.. @c: ORG \"Cy\"\n.. @d: \"Dee\"";

    /// One of four entities changes: gets a name, is merged into another or stands alone again, is deleted.
    fn change(state: &mut State, id: EntityId, what: u8, other: EntityId) -> Edit {
        let before = state.entities[&id].clone();
        let mut after = before.clone();
        match what {
            0..3 => after.name = ["Zoe", "bo", "Ada"][usize::from(what)].to_owned(),
            3 if state.entity(other).is_some_and(|(winner, _)| winner != id) => after.merged_into = Some(other),
            4 => after.deleted = !before.deleted,
            _ => after.merged_into = None,
        }
        state.entities.insert(id, after.clone());
        Edit::Entity(Change::replace(id, before, after))
    }

    proptest! {
        #[test]
        fn following_changes_is_as_making_all_anew(steps in prop::collection::vec((0usize..4, 0u8..6, 0usize..4), 1..20), sort in 0usize..4, filter in "|o|b", is_reversed: bool) {
            let case = Case::new(PEOPLE);
            let ids = ["a", "b", "c", "d"].map(|name| case.entity(name));
            let mut state = case.state.clone();
            let survey = Survey::of_digests([(case.key.document.clone(), Digest::of(state.sheet(&case.key), &state.schema))]);
            let sort = [Sort::Name, Sort::Kind, Sort::Mentions, Sort::Documents][sort];
            let order = Order { sort, is_reversed, needle: filter };
            let anew = |state: &State| {
                let mut rows = Rows { order: order.clone(), ..Rows::default() };
                rows.renew_all(state, &survey);
                rows.sort();
                rows
            };
            let mut rows = anew(&state);
            for (id, what, other) in steps {
                let edit = change(&mut state, ids[id], what, ids[other]);
                touched_by(&state, std::iter::once(&edit)).into_iter().for_each(|id| rows.renew(&state, &survey, id));
                let fresh = anew(&state);
                prop_assert_eq!(&rows.shown, &fresh.shown);
                let totals = |rows: &Rows| rows.all.iter().map(|(id, row)| (*id, row.total)).collect::<Vec<_>>();
                prop_assert_eq!(totals(&rows), totals(&fresh));
            }
        }
    }
}
