//! Relations: draw one, change its type, turn it round, take it away.

use super::delete_mark::remove_relations;
use super::{NewId, OpError};
use crate::edit::{Change, Edit, Transaction};
use crate::model::{Node, Relation, RelationId, RelationKey, SheetKey, State};

/// Joins two nodes. An entity that was merged stands for the one that it was merged into.
///
/// # Errors
/// When the codebook does not allow such a relation there, an end does not exist (or no longer), both ends are one, or
/// they are joined so already.
pub fn add_relation(state: &State, key: &SheetKey, id: NewId, label: &RelationKey, from: Node, to: Node) -> Result<Transaction, OpError> {
    let relation = Relation::new(label.clone(), living(state, key, from)?, living(state, key, to)?);
    let name = checked(state, key, None, &relation)?;
    Ok(Transaction::new(format!("relate: {name}"), vec![Edit::Relation(key.clone(), Change::insert(RelationId(id), relation))]))
}

/// Gives a relation another type. Values of attributes stay.
///
/// # Errors
/// As [`add_relation`].
pub fn set_relation_type(state: &State, key: &SheetKey, id: RelationId, label: &RelationKey) -> Result<Transaction, OpError> {
    change(state, key, id, |relation| Relation { label: label.clone(), ..relation })
}

/// Lets a relation lead the other way.
///
/// # Errors
/// As [`add_relation`].
pub fn reverse_relation(state: &State, key: &SheetKey, id: RelationId) -> Result<Transaction, OpError> {
    change(state, key, id, |relation| Relation { from: relation.to, to: relation.from, ..relation })
}

/// Takes a relation away, and relations at it.
///
/// # Errors
/// When it is not there.
pub fn delete_relation(state: &State, key: &SheetKey, id: RelationId) -> Result<Transaction, OpError> {
    let sheet = state.sheet(key);
    let relation = sheet.relations.get(&id).ok_or(OpError::Gone)?;
    let name = state.schema.relation_types.get(&relation.label).map_or_else(|| relation.label.to_string(), |def| def.name.clone());
    let mut edits = remove_relations(sheet, key, Node::Relation(id));
    edits.push(Edit::Relation(key.clone(), Change::remove(id, relation.clone())));
    Ok(Transaction::new(format!("delete {name}"), edits))
}

fn change(state: &State, key: &SheetKey, id: RelationId, change: impl FnOnce(Relation) -> Relation) -> Result<Transaction, OpError> {
    let before = state.sheet(key).relations.get(&id).ok_or(OpError::Gone)?.clone();
    let after = change(before.clone());
    let name = checked(state, key, Some(id), &after)?;
    Ok(Transaction::new(format!("relate: {name}"), vec![Edit::Relation(key.clone(), Change::replace(id, before, after))]))
}

/// The end as it counts now.
fn living(state: &State, key: &SheetKey, node: Node) -> Result<Node, OpError> {
    let sheet = state.sheet(key);
    let is_there = match node {
        Node::Span(id) => sheet.spans.contains_key(&id),
        Node::Claim(id) => sheet.claims.contains_key(&id),
        Node::Relation(id) => sheet.relations.contains_key(&id),
        Node::Entity(id) => {
            let (id, entity) = state.entity(id).ok_or(OpError::EntityGone)?;
            return if entity.deleted { Err(OpError::EntityDeleted(entity.name.clone())) } else { Ok(Node::Entity(id)) };
        }
    };
    if is_there { Ok(node) } else { Err(OpError::Gone) }
}

/// The name of the type of a relation that may be.
fn checked(state: &State, key: &SheetKey, id: Option<RelationId>, relation: &Relation) -> Result<String, OpError> {
    let def = state.schema.relation_types.get(&relation.label).ok_or_else(|| OpError::UnknownRelationType(relation.label.clone()))?;
    let own = id.map(Node::Relation);
    if relation.from == relation.to || own == Some(relation.from) || own == Some(relation.to) {
        return Err(OpError::RelatedToItself);
    }
    if !def.joins(relation.from.kind(), relation.to.kind()) {
        let refusal = OpError::RelationRefuses { name: def.name.clone(), from: relation.from.kind().name(), to: relation.to.kind().name() };
        return Err(refusal);
    }
    let is_same = |other: &Relation| {
        let (ends, theirs) = ((relation.from, relation.to), (other.from, other.to));
        other.label == relation.label && (ends == theirs || (def.symmetric && ends == (theirs.1, theirs.0)))
    };
    match state.sheet(key).relations_at(relation.from).find(|(other, row)| Some(*other) != id && is_same(row)) {
        Some((other, _)) => Err(OpError::AlreadyRelated(other)),
        None => Ok(def.name.clone()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::edit::testing::{Case, check};
    use crate::model::NodeKind;

    fn key(text: &str) -> RelationKey {
        RelationKey::new(text).unwrap()
    }

    fn relate(case: &Case, label: &str, from: &str, to: &str) -> Result<Transaction, OpError> {
        add_relation(&case.state, &case.key, case.ids().next_id(), &key(label), case.node(from), case.node(to))
    }

    #[test]
    fn two_marks_are_joined() {
        let before = "[PER#k Kerry] works for [ORG#o State]";
        check(before, |case| relate(case, "works_for", "k", "o").unwrap(), "[PER#k Kerry] works for [ORG#o State]\n.. k -works_for-> o");
    }

    #[test]
    fn a_relation_can_be_an_end() {
        let before = "[PER#k Kerry] works for [ORG#o State] [CLAIM#c so]\n.. r: k -works_for-> o";
        check(before, |case| relate(case, "attacks", "c", "r").unwrap(), &format!("{before}\n.. c -attacks-> r"));
    }

    #[test]
    fn what_the_codebook_does_not_allow_is_refused() {
        let mut case = Case::new("[PER#k Kerry] works for [ORG#o State] [CLAIM#c so]\n.. k -works_for-> o");
        let def = std::sync::Arc::make_mut(&mut case.state.schema).relation_types.get_mut(&key("works_for")).unwrap();
        (def.from, def.to) = (vec![NodeKind::Span, NodeKind::Entity], vec![NodeKind::Span]);
        assert_eq!(relate(&case, "no_such", "k", "o"), Err(OpError::UnknownRelationType(key("no_such"))));
        assert_eq!(relate(&case, "works_for", "k", "k"), Err(OpError::RelatedToItself));
        assert!(matches!(relate(&case, "works_for", "c", "o"), Err(OpError::RelationRefuses { from: "a claim", to: "a span", .. })));
        assert!(matches!(relate(&case, "works_for", "k", "o"), Err(OpError::AlreadyRelated(_))));
        assert!(relate(&case, "works_for", "o", "k").is_ok(), "the other way it says something else");
    }

    #[test]
    fn a_relation_is_turned_and_gets_another_type() {
        let before = "[CLAIM#a one] [CLAIM#b two]\n.. r: a -attacks-> b";
        check(
            before,
            |case| reverse_relation(&case.state, &case.key, case.relation("r")).unwrap(),
            "[CLAIM#a one] [CLAIM#b two]\n.. r: b -attacks-> a",
        );
        let retype = |case: &Case| set_relation_type(&case.state, &case.key, case.relation("r"), &key("works_for")).unwrap();
        check(before, retype, "[CLAIM#a one] [CLAIM#b two]\n.. r: a -works_for-> b");
    }

    #[test]
    fn a_relation_goes_with_relations_at_it() {
        let before = "[CLAIM#a one] [CLAIM#b two] [CLAIM#c three]\n.. r: a -attacks-> b\n.. c -attacks-> r";
        check(before, |case| delete_relation(&case.state, &case.key, case.relation("r")).unwrap(), "[CLAIM#a one] [CLAIM#b two] [CLAIM#c three]");
    }

    #[test]
    fn where_direction_does_not_matter_the_other_way_says_the_same() {
        let mut case = Case::new("[PER#k Kerry] met [PER#l Lavrov] [PER#m Zarif]\n.. k -works_for-> l");
        std::sync::Arc::make_mut(&mut case.state.schema).relation_types.get_mut(&key("works_for")).unwrap().symmetric = true;
        assert!(matches!(relate(&case, "works_for", "l", "k"), Err(OpError::AlreadyRelated(_))));
        assert!(relate(&case, "works_for", "l", "m").is_ok());
        assert!(relate(&case, "works_for", "m", "k").is_ok());
    }
}
