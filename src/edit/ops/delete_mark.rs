//! Delete a span or a claim, and what hangs on it.

use std::collections::BTreeSet;

use super::{OpError, rows};
use crate::edit::{Change, Edit, Transaction};
use crate::model::{Claim, Filler, MarkId, Node, RelationId, Sheet, SheetKey, State};

/// Takes a mark away. Roles that it fills become open; relations at it go too, and relations at those.
///
/// # Errors
/// When the mark is not there.
pub fn delete_mark(state: &State, key: &SheetKey, mark: MarkId) -> Result<Transaction, OpError> {
    let name = format!("delete {}", rows::label_name(state, rows::label_of(state, key, mark)?));
    let sheet = state.sheet(key);
    let (node, filler) = rows::node_and_filler(mark);
    let mut edits = remove_relations(sheet, key, node);
    edits.extend(empty_roles(sheet, key, &filler, mark));
    edits.push(match mark {
        MarkId::Span(id) => Edit::Span(key.clone(), Change::remove(id, rows::span(state, key, id)?.clone())),
        MarkId::Claim(id) => Edit::Claim(key.clone(), Change::remove(id, rows::claim(state, key, id)?.clone())),
    });
    Ok(Transaction::new(name, edits))
}

/// Takes the relations at a node away, and those at them.
pub(super) fn remove_relations(sheet: &Sheet, key: &SheetKey, node: Node) -> Vec<Edit> {
    let mut gone: BTreeSet<RelationId> = BTreeSet::new();
    let mut waiting = vec![node];
    while let Some(node) = waiting.pop() {
        for (id, _) in sheet.relations_at(node) {
            if gone.insert(id) {
                waiting.push(Node::Relation(id));
            }
        }
    }
    let removed = gone.into_iter().filter_map(|id| sheet.relations.get(&id).map(|relation| (id, relation.clone())));
    removed.map(|(id, relation)| Edit::Relation(key.clone(), Change::remove(id, relation))).collect()
}

fn empty_roles(sheet: &Sheet, key: &SheetKey, filler: &Filler, mark: MarkId) -> Vec<Edit> {
    let others = sheet.claims_filled_by(filler).filter(|(id, _)| MarkId::Claim(*id) != mark);
    let emptied = others.map(|(id, before)| {
        let mut after = before.clone();
        take_filler_out(&mut after, filler);
        Edit::Claim(key.clone(), Change::replace(id, before.clone(), after))
    });
    emptied.collect()
}

/// Takes a filler out of every role of a claim.
pub(super) fn take_filler_out(claim: &mut Claim, filler: &Filler) {
    claim.roles.values_mut().for_each(|fillers| fillers.retain(|f| f != filler));
    claim.roles.retain(|_, fillers| !fillers.is_empty());
}

#[cfg(test)]
mod tests {
    use crate::edit::testing::check;

    use super::*;

    fn delete(before: &str, after: &str) {
        check(before, |case| delete_mark(&case.state, &case.key, case.mark("k")).unwrap(), after);
    }

    #[test]
    fn a_mark_goes_and_others_stay() {
        delete("[PER#k Kerry] met [PER Lavrov]", "Kerry met [PER Lavrov]");
        delete("[CLAIM#k We are not], said [PER Toner], [+#k looking]", "We are not, said [PER Toner], looking");
        delete("[+#k~1 So], [CLAIM#k so]", "So, so");
    }

    #[test]
    fn roles_that_it_filled_become_open() {
        delete("[PER#k Kerry] said [CLAIM#c taxes rise]\n.. c: claimer=k stance=support", "Kerry said [CLAIM#c taxes rise]\n.. c: stance=support");
    }

    #[test]
    fn relations_at_it_go_too_and_relations_at_those() {
        delete(
            "[PER#k Kerry] works for [ORG#o State] [CLAIM#c so]\n.. r: k -works_for-> o\n.. c -attacks-> r",
            "Kerry works for [ORG#o State] [CLAIM#c so]",
        );
    }
}
