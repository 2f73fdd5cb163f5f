//! What a relation could lead to, the nearest first.

use crate::model::{MarkId, Node, NodeKind, RelationKey, Schema, SheetKey, State, TextOrder};

/// So many marks are looked at on each side.
const MAX_SEEN: usize = 200;

/// True when something can lead from the one to the other, or the other way round: with one type, or with any that is offered.
#[must_use]
pub fn can_join(schema: &Schema, label: Option<&RelationKey>, from: NodeKind, to: NodeKind) -> bool {
    match label {
        Some(label) => schema.relation_types.get(label).is_some_and(|def| def.joins(from, to)),
        None => schema.offered_relation_types().iter().any(|(_, def)| def.joins(from, to) || def.joins(to, from)),
    }
}

/// Marks near a node that a relation could lead to, then relations of the sheet; at most `limit` of each. What it is
/// joined with already comes last. `order` has the marks of the sheet.
#[must_use]
pub fn likely_ends(state: &State, key: &SheetKey, order: &TextOrder, (from, label): (Node, Option<&RelationKey>), limit: usize) -> Vec<Node> {
    let sheet = state.sheet(key);
    let fits = |node: &Node| *node != from && can_join(&state.schema, label, from.kind(), node.kind());
    let start = from.mark().and_then(|mark| sheet.ranges_of(mark)).map_or(0, |ranges| ranges.start());
    let distance = |mark: &MarkId| sheet.ranges_of(*mark).map_or(usize::MAX, |ranges| ranges.start().abs_diff(start));
    let mut near: Vec<MarkId> = order.before(start).rev().take(MAX_SEEN).chain(order.starting_in(start..usize::MAX).take(MAX_SEEN)).collect();
    near.sort_by_key(distance);
    near.dedup();
    let is_joined = |node: &Node| sheet.relations_at(from).any(|(_, relation)| relation.from == *node || relation.to == *node);
    let (joined, mut ends): (Vec<Node>, Vec<Node>) = near.into_iter().map(Node::from).filter(fits).partition(is_joined);
    ends.extend(joined);
    ends.truncate(limit);
    ends.extend(sheet.relations.keys().map(|id| Node::Relation(*id)).filter(fits).take(limit));
    ends
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::edit::testing::Case;

    #[test]
    fn the_nearest_come_first_and_those_that_are_joined_last() {
        let case = Case::new("[CLAIM#a one] [PER#k Kerry] [CLAIM#b two] [CLAIM#c three]\n.. r: b -attacks-> c");
        let order = TextOrder::of(case.state.sheet(&case.key));
        let mut state = case.state.clone();
        let attacks = RelationKey::new("attacks").unwrap();
        let def = std::sync::Arc::make_mut(&mut state.schema).relation_types.get_mut(&attacks).unwrap();
        (def.from, def.to) = (vec![NodeKind::Claim], vec![NodeKind::Claim, NodeKind::Relation]);
        let ends = likely_ends(&state, &case.key, &order, (case.node("b"), Some(&attacks)), 9);
        assert_eq!(ends, ["a", "c", "r"].map(|name| case.node(name)));
        assert_eq!(likely_ends(&state, &case.key, &order, (case.node("k"), Some(&attacks)), 9), []);
    }
}
