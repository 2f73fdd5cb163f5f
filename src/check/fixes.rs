//! Mends for findings, where one is safe: nothing that a coder has said is lost.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use super::edges::trimmed;
use super::{Rule, duplicate_spans, rule};
use crate::edit::{Change, Edit, Transaction, ops};
use crate::model::{Filler, Finding, MarkId, Node, Relation, RelationId, Sheet, SheetKey, SpanId, State};

/// What mends a finding; none where nobody but a person can.
pub(super) type Fix = fn(&Mending<'_>, &SheetKey, Node) -> Option<Vec<Edit>>;

/// The state, and what many mends of one sheet want to look up.
pub(super) struct Mending<'s> {
    state: &'s State,
    neighbours: RefCell<BTreeMap<SheetKey, Rc<Neighbours>>>,
}

/// What stands in the way of deleting a span.
struct Neighbours {
    /// Spans with an equal one, by label and first byte.
    equal: BTreeSet<SpanId>,
    /// Spans that a role or a relation points to.
    pointed_to: BTreeSet<SpanId>,
}

impl<'s> Mending<'s> {
    fn new(state: &'s State) -> Self {
        Self { state, neighbours: RefCell::default() }
    }

    /// Found in one walk over the sheet, when it is asked for first.
    fn neighbours(&self, key: &SheetKey) -> Rc<Neighbours> {
        let mut known = self.neighbours.borrow_mut();
        known.entry(key.clone()).or_insert_with(|| Rc::new(Neighbours::of(self.state.sheet(key)))).clone()
    }
}

impl Neighbours {
    fn of(sheet: &Sheet) -> Self {
        let mut equal = BTreeSet::new();
        for alike in duplicate_spans::alike(sheet) {
            for (at, (id, span)) in alike.iter().enumerate() {
                if let Some((twin, _)) = alike.iter().take(at).find(|(_, other)| other == span) {
                    equal.extend([*id, *twin]);
                }
            }
        }
        let ends = sheet.relations.values().flat_map(|relation| [relation.from, relation.to]);
        let ends = ends.filter_map(|node| if let Node::Span(id) = node { Some(id) } else { None });
        let fillers = sheet.claims.values().flat_map(|claim| claim.roles.values().flatten());
        let fillers = fillers.filter_map(|filler| if let Filler::Span(id) = filler { Some(*id) } else { None });
        Self { equal, pointed_to: ends.chain(fillers).collect() }
    }
}

/// The edits that mend a finding of a sheet.
fn edits_for(mending: &Mending<'_>, finding: &Finding) -> Option<Vec<Edit>> {
    let fix = rule(finding.rule).and_then(Rule::fix)?;
    let key = SheetKey { document: finding.document.clone()?, coder: finding.coder.clone()? };
    fix(mending, &key, finding.node?)
}

/// For each finding whether [`fix_all`] would mend it alone.
#[must_use]
pub fn are_fixable(state: &State, findings: &[Finding]) -> Vec<bool> {
    let mending = Mending::new(state);
    findings.iter().map(|finding| edits_for(&mending, finding).is_some()).collect()
}

/// Mends what can be mended, as one step, and says how many. Where two mends would change one row, the second is left for
/// the next time.
#[must_use]
pub fn fix_all<'f>(state: &State, findings: impl IntoIterator<Item = &'f Finding>) -> (Transaction, usize) {
    let mending = Mending::new(state);
    let (mut edits, mut count) = (Vec::new(), 0);
    let mut touched: BTreeSet<(SheetKey, Node)> = BTreeSet::new();
    for finding in findings {
        let Some(new) = edits_for(&mending, finding) else { continue };
        let rows: Vec<_> = new.iter().filter_map(row_of).collect();
        if rows.iter().any(|row| touched.contains(row)) {
            continue;
        }
        touched.extend(rows);
        edits.extend(new);
        count += 1;
    }
    (Transaction::new(if count == 1 { "mend a problem".to_owned() } else { format!("mend {count} problems") }, edits), count)
}

fn row_of(edit: &Edit) -> Option<(SheetKey, Node)> {
    match edit {
        Edit::Span(key, change) => Some((key.clone(), Node::Span(change.key))),
        Edit::Claim(key, change) => Some((key.clone(), Node::Claim(change.key))),
        Edit::Relation(key, change) => Some((key.clone(), Node::Relation(change.key))),
        _ => None,
    }
}

/// Moves the edges inwards.
pub(super) fn trim_edges(mending: &Mending<'_>, key: &SheetKey, node: Node) -> Option<Vec<Edit>> {
    let state = mending.state;
    let (mark, text, sheet) = (node.mark()?, state.texts.get(&key.document)?, state.sheet(key));
    let ranges = trimmed(text, mark, sheet.ranges_of(mark)?)?;
    match mark {
        MarkId::Span(id) => {
            let before = sheet.spans.get(&id)?.clone();
            let mut after = before.clone();
            after.ranges = ranges;
            Some(vec![Edit::Span(key.clone(), Change::replace(id, before, after))])
        }
        MarkId::Claim(id) => {
            let before = sheet.claims.get(&id)?.clone();
            let mut after = before.clone();
            let occurrences = std::mem::take(&mut after.occurrences);
            after.set_places(Some(ranges), occurrences);
            Some(vec![Edit::Claim(key.clone(), Change::replace(id, before, after))])
        }
    }
}

/// Deletes the second of two equal spans, if it says nothing that the first does not say and nothing points to it.
pub(super) fn drop_duplicate(mending: &Mending<'_>, key: &SheetKey, node: Node) -> Option<Vec<Edit>> {
    let Node::Span(id) = node else { return None };
    let span = mending.state.sheet(key).spans.get(&id)?;
    let neighbours = mending.neighbours(key);
    let is_spare = neighbours.equal.contains(&id) && !neighbours.pointed_to.contains(&id);
    is_spare.then(|| vec![Edit::Span(key.clone(), Change::remove(id, span.clone()))])
}

/// Gives the label that has replaced the retired one.
pub(super) fn replace_label(mending: &Mending<'_>, key: &SheetKey, node: Node) -> Option<Vec<Edit>> {
    let state = mending.state;
    if let Node::Relation(id) = node {
        return replace_type(state, key, id);
    }
    let (mark, sheet) = (node.mark()?, state.sheet(key));
    let old = match mark {
        MarkId::Span(id) => &sheet.spans.get(&id)?.label,
        MarkId::Claim(id) => &sheet.claims.get(&id)?.label,
    };
    let new = state.schema.labels.get(old)?.replaced_by.clone()?;
    if state.schema.labels.get(&new)?.kind != state.schema.labels.get(old)?.kind {
        return None;
    }
    // A change of label within one kind makes no row, so the id is not used.
    let id = match mark {
        MarkId::Span(id) => id.0,
        MarkId::Claim(id) => id.0,
    };
    ops::set_label(state, key, mark, &new, id).ok().map(|transaction| transaction.edits)
}

fn replace_type(state: &State, key: &SheetKey, id: RelationId) -> Option<Vec<Edit>> {
    let before = state.sheet(key).relations.get(&id)?.clone();
    let label = state.schema.relation_types.get(&before.label)?.replaced_by.clone()?;
    state.schema.relation_types.get(&label)?;
    let after = Relation { label, ..before.clone() };
    Some(vec![Edit::Relation(key.clone(), Change::replace(id, before, after))])
}

/// Takes away what points to nothing: fillers, the entity of a mention, relations.
pub(super) fn clear_dangling(mending: &Mending<'_>, key: &SheetKey, node: Node) -> Option<Vec<Edit>> {
    let state = mending.state;
    let sheet = state.sheet(key);
    match node {
        Node::Span(id) => {
            let before = sheet.spans.get(&id)?.clone();
            let mut after = before.clone();
            after.entity = None;
            Some(vec![Edit::Span(key.clone(), Change::replace(id, before, after))])
        }
        Node::Claim(id) => {
            let before = sheet.claims.get(&id)?.clone();
            let mut after = before.clone();
            after.roles.values_mut().for_each(|fillers| fillers.retain(|filler| is_there(state, sheet, filler)));
            after.roles.retain(|_, fillers| !fillers.is_empty());
            (after != before).then(|| vec![Edit::Claim(key.clone(), Change::replace(id, before, after))])
        }
        Node::Relation(id) => ops::delete_relation(state, key, id).ok().map(|transaction| transaction.edits),
        Node::Entity(_) => None,
    }
}

fn is_there(state: &State, sheet: &Sheet, filler: &Filler) -> bool {
    match filler {
        Filler::Span(id) => sheet.spans.contains_key(id),
        Filler::Claim(id) => sheet.claims.contains_key(id),
        Filler::Entity(id) => state.entity(*id).is_some_and(|(_, entity)| !entity.deleted),
        Filler::Value(_) => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::check_project;
    use crate::edit::testing::{Case, check};

    fn mended(case: &Case) -> Transaction {
        fix_all(&case.state, &check_project(&case.state)).0
    }

    #[test]
    fn what_is_safe_is_mended_in_one_step() {
        check("[PER Kerry ]met [PER Lavrov.] [PER [PER He]]", mended, "[PER Kerry] met [PER Lavrov]. [PER He]");
        check(
            "[CLAIM#c so]\n.. c: claimer=span%00000000000y,\"author\"\n.. c -attacks-> claim%00000000000x",
            mended,
            "[CLAIM#c so]\n.. c: claimer=\"author\"",
        );
    }

    #[test]
    fn what_says_something_of_its_own_stays() {
        for source in ["[PER [PER;level=name He]]", "[PER [PER#k He]] [CLAIM#c so]\n.. c: claimer=k"] {
            let case = Case::new(source);
            let duplicates: Vec<Finding> = check_project(&case.state).into_iter().filter(|f| f.rule == "duplicate-span").collect();
            assert!(
                duplicates.iter().all(|finding| finding.node != Some(Node::Span(case.state.sheet(&case.key).spans.keys().next().copied().unwrap())))
            );
            let (transaction, _) = fix_all(&case.state, &duplicates);
            let is_plain =
                |edit: &Edit| matches!(edit, Edit::Span(_, change) if change.before.as_ref().is_some_and(|span| span.attributes().is_empty()));
            assert!(transaction.edits.iter().all(is_plain), "{source}: {transaction:?}");
        }
    }
}
