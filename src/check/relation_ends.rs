//! Relations between ends that the codebook does not allow, and relations that lead to themselves.

use std::collections::BTreeSet;

use super::SheetCheck;
use crate::model::{Node, RelationId, Sheet};

pub(super) fn check(check: &mut SheetCheck<'_>) {
    let (schema, sheet) = (&check.state.schema, check.sheet);
    for (id, relation) in &sheet.relations {
        let (from, to) = (relation.from, relation.to);
        if let Some(def) = schema.relation_types.get(&relation.label).filter(|def| !def.joins(from.kind(), to.kind())) {
            let message = format!("leads from {} to {}, which the codebook does not allow for {}", from.kind().name(), to.kind().name(), def.name);
            check.report(Node::Relation(*id), &message);
        }
        if from == to {
            check.report(Node::Relation(*id), "joins something with itself");
        } else if is_part_of_itself(sheet, *id) {
            check.report(Node::Relation(*id), "leads to itself, by way of other relations");
        }
    }
}

fn inner(sheet: &Sheet, id: RelationId) -> impl Iterator<Item = RelationId> {
    let ends = sheet.relations.get(&id).map(|relation| [relation.from, relation.to]);
    ends.into_iter().flatten().filter_map(|end| if let Node::Relation(id) = end { Some(id) } else { None })
}

fn is_part_of_itself(sheet: &Sheet, id: RelationId) -> bool {
    let mut waiting: Vec<RelationId> = inner(sheet, id).collect();
    let mut seen = BTreeSet::new();
    while let Some(next) = waiting.pop() {
        if next == id {
            return true;
        }
        if seen.insert(next) {
            waiting.extend(inner(sheet, next));
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, messages};
    use crate::edit::testing::Case;
    use crate::model::{NodeKind, RelationKey};

    #[test]
    fn ends_that_the_codebook_does_not_allow_are_found() {
        let mut case = Case::new("[PER#k Kerry] works for [ORG#o State]\n.. k -works_for-> o");
        assert_eq!(messages(&case), "");
        std::sync::Arc::make_mut(&mut case.state.schema).relation_types.get_mut(&RelationKey::new("works_for").unwrap()).unwrap().from =
            vec![NodeKind::Claim];
        assert!(messages(&case).contains("leads from a span to a span"), "{}", messages(&case));
    }

    #[test]
    fn a_relation_to_itself_is_found() {
        check("[CLAIM#a one]\n.. a -attacks-> a", "relation-end: the relation attacks 000000000002 joins something with itself");
    }
}
