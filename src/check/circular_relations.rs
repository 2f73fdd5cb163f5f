//! Relations that end at themselves, or at relations that lead back to them: nothing can say what they mean.

use super::SheetCheck;
use crate::model::{Node, RelationId, Sheet};

pub(super) fn check(check: &mut SheetCheck<'_>) {
    let sheet = check.sheet;
    for id in sheet.relations.keys() {
        if leads_back(sheet, *id) {
            check.report(Node::Relation(*id), "leads back to itself, by way of its ends");
        }
    }
}

fn leads_back(sheet: &Sheet, start: RelationId) -> bool {
    let ends = |id: &RelationId| sheet.relations.get(id).map(|relation| [relation.from, relation.to]).into_iter().flatten();
    let below = |id: &RelationId| ends(id).filter_map(|end| if let Node::Relation(id) = end { Some(id) } else { None }).collect::<Vec<_>>();
    let (mut waiting, mut seen) = (below(&start), std::collections::BTreeSet::new());
    while let Some(id) = waiting.pop() {
        if id == start {
            return true;
        }
        if seen.insert(id) {
            waiting.extend(below(&id));
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Id, Relation, RelationKey};

    #[test]
    fn circles_are_seen_and_chains_are_none() {
        let id = |n: u64| RelationId(Id::from_bits(n));
        let mut sheet = Sheet::default();
        for (from, to) in [(1, 1), (2, 3), (3, 2), (4, 5)] {
            let relation = Relation::new(RelationKey::new("knows").unwrap(), Node::Relation(id(9)), Node::Relation(id(to)));
            sheet.relations.insert(id(from), relation);
        }
        assert_eq!([1, 2, 3, 4, 5].map(|n| leads_back(&sheet, id(n))), [true, true, true, false, false]);
    }
}
