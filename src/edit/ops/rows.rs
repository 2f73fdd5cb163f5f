//! What several operations need: reading rows, and edits that change them.

use super::OpError;
use crate::edit::{Change, Edit};
use crate::model::{
    AttributeKey, AttributeValue, Attributes, Claim, ClaimId, Filler, LabelKey, MarkId, Node, Relation, SheetKey, Span, SpanId, State, Target,
};
use crate::text::Ranges;

pub(super) fn span<'s>(state: &'s State, key: &SheetKey, id: SpanId) -> Result<&'s Span, OpError> {
    state.sheet(key).spans.get(&id).ok_or(OpError::Gone)
}

pub(super) fn claim<'s>(state: &'s State, key: &SheetKey, id: ClaimId) -> Result<&'s Claim, OpError> {
    state.sheet(key).claims.get(&id).ok_or(OpError::Gone)
}

/// An edit that changes one span.
pub(super) fn change_span(state: &State, key: &SheetKey, id: SpanId, change: impl FnOnce(Span) -> Span) -> Result<Edit, OpError> {
    let before = span(state, key, id)?.clone();
    let after = change(before.clone());
    Ok(Edit::Span(key.clone(), Change::replace(id, before, after)))
}

/// An edit that changes one claim.
pub(super) fn change_claim(state: &State, key: &SheetKey, id: ClaimId, change: impl FnOnce(&mut Claim)) -> Result<Edit, OpError> {
    let before = claim(state, key, id)?.clone();
    let mut after = before.clone();
    change(&mut after);
    Ok(Edit::Claim(key.clone(), Change::replace(id, before, after)))
}

/// An edit that moves a mark to another place.
pub(super) fn place_mark(state: &State, key: &SheetKey, mark: MarkId, ranges: Ranges) -> Result<Edit, OpError> {
    match mark {
        MarkId::Span(id) => change_span(state, key, id, |mut span| {
            span.ranges = ranges;
            span
        }),
        MarkId::Claim(id) => change_claim(state, key, id, |claim| {
            let occurrences = std::mem::take(&mut claim.occurrences);
            claim.set_places(Some(ranges), occurrences);
        }),
    }
}

/// The place of a mark.
pub(super) fn ranges_of<'s>(state: &'s State, key: &SheetKey, mark: MarkId) -> Result<&'s Ranges, OpError> {
    state.sheet(key).ranges_of(mark).ok_or(OpError::Gone)
}

/// What a mark is called in "Undo …".
pub(super) fn label_name(state: &State, label: &LabelKey) -> String {
    state.schema.labels.get(label).map_or_else(|| label.to_string(), |label| label.name.clone())
}

/// The label of a mark.
pub(super) fn label_of<'s>(state: &'s State, key: &SheetKey, mark: MarkId) -> Result<&'s LabelKey, OpError> {
    match mark {
        MarkId::Span(id) => span(state, key, id).map(|span| &span.label),
        MarkId::Claim(id) => claim(state, key, id).map(|claim| &claim.label),
    }
}

/// The values that the codebook gives to new rows.
pub(super) fn default_attributes(state: &State, target: Target, label: &LabelKey) -> Attributes {
    let defs = state.schema.attributes_of(target, Some(label));
    defs.into_iter().filter_map(|(key, def)| def.default.clone().map(|value| (key.clone(), value))).collect()
}

/// Sets or unsets a value.
pub(super) fn put(attributes: &mut Attributes, key: &AttributeKey, value: Option<AttributeValue>) {
    match value {
        Some(value) => drop(attributes.insert(key.clone(), value)),
        None => drop(attributes.remove(key)),
    }
}

/// A mark as an end of relations and as a filler of roles.
pub(super) fn node_and_filler(mark: MarkId) -> (Node, Filler) {
    match mark {
        MarkId::Span(id) => (Node::Span(id), Filler::Span(id)),
        MarkId::Claim(id) => (Node::Claim(id), Filler::Claim(id)),
    }
}

/// Points relations and roles from one mark to another. A relation that would join the new mark with itself goes, and
/// so does a role of the new mark that would hold itself. The rows of both marks themselves are left to the caller.
pub(super) fn relink(state: &State, key: &SheetKey, from: MarkId, to: MarkId) -> Vec<Edit> {
    let sheet = state.sheet(key);
    let ((old_node, old), (new_node, new)) = (node_and_filler(from), node_and_filler(to));
    let turn = |node: Node| if node == old_node { new_node } else { node };
    let relations = sheet.relations_at(old_node).map(|(id, before)| {
        let after = Relation { from: turn(before.from), to: turn(before.to), ..before.clone() };
        Edit::Relation(
            key.clone(),
            if after.from == after.to { Change::remove(id, before.clone()) } else { Change::replace(id, before.clone(), after) },
        )
    });
    let others = sheet.claims_filled_by(&old).filter(|(id, _)| MarkId::Claim(*id) != from && MarkId::Claim(*id) != to);
    let claims = others.map(|(id, before)| {
        let mut after = before.clone();
        after.roles.values_mut().for_each(|fillers| refill(fillers, &old, Some(&new)));
        Edit::Claim(key.clone(), Change::replace(id, before.clone(), after))
    });
    relations.chain(claims).collect()
}

/// Puts one filler in the place of another, or takes it away; what is there already is not there twice.
pub(super) fn refill(fillers: &mut Vec<Filler>, old: &Filler, new: Option<&Filler>) {
    let has_new = new.is_some_and(|new| fillers.contains(new));
    match new.filter(|_| !has_new) {
        Some(new) => fillers.iter_mut().filter(|filler| *filler == old).for_each(|filler| filler.clone_from(new)),
        None => fillers.retain(|filler| filler != old),
    }
}
