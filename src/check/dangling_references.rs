//! Roles, relations and mentions that point to rows which do not exist, and mentions of deleted entities.

use super::SheetCheck;
use crate::model::{EntityId, Filler, Node};

pub(super) fn check(check: &mut SheetCheck<'_>) {
    let sheet = check.sheet;
    for (id, span) in &sheet.spans {
        if let Some(problem) = span.entity.and_then(|entity| problem_of_entity(check, entity)) {
            check.report(Node::Span(*id), &format!("mentions {problem}"));
        }
    }
    for (id, claim) in &sheet.claims {
        for (role, filler) in claim.roles.iter().flat_map(|(role, fillers)| fillers.iter().map(move |filler| (role, filler))) {
            if let Some(problem) = node_of(filler).and_then(|node| problem_of(check, node)) {
                check.report(Node::Claim(*id), &format!("has as {role} {problem}"));
            }
        }
    }
    for (id, relation) in &sheet.relations {
        for (side, end) in [("starts at", relation.from), ("ends at", relation.to)] {
            if let Some(problem) = problem_of(check, end) {
                check.report(Node::Relation(*id), &format!("{side} {problem}"));
            }
        }
    }
}

fn node_of(filler: &Filler) -> Option<Node> {
    match filler {
        Filler::Span(id) => Some(Node::Span(*id)),
        Filler::Claim(id) => Some(Node::Claim(*id)),
        Filler::Entity(id) => Some(Node::Entity(*id)),
        Filler::Value(_) => None,
    }
}

fn problem_of(check: &SheetCheck<'_>, node: Node) -> Option<String> {
    match node {
        Node::Entity(id) => problem_of_entity(check, id),
        node if check.exists(node) => None,
        node => Some(format!("{}, which does not exist", check.describe(node))),
    }
}

fn problem_of_entity(check: &SheetCheck<'_>, id: EntityId) -> Option<String> {
    if !check.exists(Node::Entity(id)) {
        return Some(format!("{}, which does not exist", check.describe(Node::Entity(id))));
    }
    match check.state.entity(id) {
        None => Some(format!("{}, whose merge leads nowhere", check.describe(Node::Entity(id)))),
        Some((winner, entity)) if entity.deleted => Some(format!("{}, which is deleted", check.describe(Node::Entity(winner)))),
        Some(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::check;

    #[test]
    fn what_exists_is_fine() {
        let rows = "[PER#k=kerry K] [CLAIM#c x]\n.. @kerry: \"John Kerry\" merged_into=@2\n.. @2: \"Kerry\"\n";
        check(&format!("{rows}.. c: claimer=k,@kerry,\"author\" evidence=c\n.. r: c -attacks-> c\n.. @2 -works_for-> r"), "");
    }

    #[test]
    fn what_does_not_exist_is_named() {
        let rows = "[PER=%00000000000z K] [CLAIM#c x]\n.. c: claimer=span%00000000000y evidence=claim%00000000000x\n";
        check(
            &format!("{rows}.. c -attacks-> relation%00000000000w\n.. entity%00000000000v -works_for-> c"),
            "
            dangling-reference: the span PER “K” mentions the entity 00000000000z, which does not exist
            dangling-reference: the claim “x” has as claimer the span 00000000000y, which does not exist
            dangling-reference: the claim “x” has as evidence the claim 00000000000x, which does not exist
            dangling-reference: the relation attacks 000000000003 ends at the relation 00000000000w, which does not exist
            dangling-reference: the relation works_for 000000000004 starts at the entity 00000000000v, which does not exist
            ",
        );
    }

    #[test]
    fn deleted_entities_and_lost_merges_are_named() {
        check(
            "[PER=a K] [PER=b K]\n.. @a: \"A\" deleted=yes\n.. @b: \"B\" merged_into=entity%00000000000v",
            "
            entity-merge: the entity “B” was merged into the entity 00000000000v, which does not exist
            dangling-reference: the span PER “K” mentions the entity “A”, which is deleted
            dangling-reference: the span PER “K” mentions the entity “B”, whose merge leads nowhere
            ",
        );
    }
}
