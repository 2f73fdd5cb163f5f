//! Relations between ends that the codebook does not allow, and relations that join something with itself.

use super::SheetCheck;
use crate::model::Node;

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
        }
    }
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
