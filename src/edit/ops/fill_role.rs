//! Fill a role of a claim, and empty it again.

use std::collections::BTreeSet;

use super::{NewId, OpError, add_entity, add_span, rows};
use crate::edit::{Edit, Transaction};
use crate::model::{Claim, ClaimId, Entity, EntityId, Filler, FillerKind, LabelKey, RoleDef, RoleKey, Sheet, SheetKey, SpanId, State};
use crate::text::TextRange;

/// Adds a filler. In a role that takes only one it takes the place of the old one. Empty when it is there already.
///
/// An entity that was merged stands for the one that it was merged into.
///
/// # Errors
/// When the codebook does not allow the filler there, the role is full, the filler does not exist (or no longer), or
/// the claim would be a part of itself.
pub fn fill_role(state: &State, key: &SheetKey, id: ClaimId, role: &RoleKey, filler: Filler) -> Result<Transaction, OpError> {
    let def = role_of(state, rows::claim(state, key, id)?, role)?;
    let filler = checked(state, key, id, def, filler)?;
    let edits = put(state, key, (id, role), def, filler)?.into_iter().collect();
    Ok(Transaction::new(format!("fill {}", def.name), edits))
}

/// Labels a place and fills a role with the new span, as one step.
///
/// # Errors
/// As [`fill_role`] and [`add_span`].
pub fn fill_role_with_span(
    state: &State,
    key: &SheetKey,
    (claim, role): (ClaimId, &RoleKey),
    id: NewId,
    range: TextRange,
    label: &LabelKey,
) -> Result<Transaction, OpError> {
    let def = role_of(state, rows::claim(state, key, claim)?, role)?;
    accepts(def, FillerKind::Span)?;
    let mut edits = add_span(state, key, id, range.into(), label)?.edits;
    edits.extend(put(state, key, (claim, role), def, Filler::Span(SpanId(id)))?);
    Ok(Transaction::new(format!("fill {}", def.name), edits))
}

/// Makes an entity and fills a role with it, as one step.
///
/// # Errors
/// As [`fill_role`] and [`add_entity`].
pub fn fill_role_with_entity(
    state: &State,
    key: &SheetKey,
    (claim, role): (ClaimId, &RoleKey),
    id: NewId,
    entity: Entity,
) -> Result<Transaction, OpError> {
    let def = role_of(state, rows::claim(state, key, claim)?, role)?;
    accepts(def, FillerKind::Entity)?;
    let mut edits = add_entity(state, id, entity)?.edits;
    edits.extend(put(state, key, (claim, role), def, Filler::Entity(EntityId(id)))?);
    Ok(Transaction::new(format!("fill {}", def.name), edits))
}

/// The edit that puts a checked filler into a role; none when it is there.
fn put(state: &State, key: &SheetKey, (id, role): (ClaimId, &RoleKey), def: &RoleDef, filler: Filler) -> Result<Option<Edit>, OpError> {
    let fillers = rows::claim(state, key, id)?.fillers(role);
    if fillers.contains(&filler) {
        return Ok(None);
    }
    if def.max > 1 && fillers.len() >= def.max as usize {
        return Err(OpError::RoleIsFull { role: def.name.clone(), max: def.max });
    }
    let edit = rows::change_claim(state, key, id, |claim| {
        let fillers = claim.roles.entry(role.clone()).or_default();
        if def.max == 1 {
            fillers.clear();
        }
        fillers.push(filler);
    });
    edit.map(Some)
}

/// Takes a filler out of a role. Empty when it is not there.
///
/// # Errors
/// When the claim is not there.
pub fn empty_role(state: &State, key: &SheetKey, id: ClaimId, role: &RoleKey, filler: &Filler) -> Result<Transaction, OpError> {
    let name = state.schema.roles.get(role).map_or_else(|| role.to_string(), |def| def.name.clone());
    let name = format!("empty {name}");
    if !rows::claim(state, key, id)?.fillers(role).contains(filler) {
        return Ok(Transaction::new(name, Vec::new()));
    }
    let edit = rows::change_claim(state, key, id, |claim| {
        if let Some(fillers) = claim.roles.get_mut(role) {
            rows::refill(fillers, filler, None);
        }
        claim.roles.retain(|_, fillers| !fillers.is_empty());
    })?;
    Ok(Transaction::new(name, vec![edit]))
}

fn role_of<'s>(state: &'s State, claim: &Claim, role: &RoleKey) -> Result<&'s RoleDef, OpError> {
    let offered = state.schema.roles_of(&claim.label).into_iter().find(|(key, _)| *key == role).map(|(_, def)| def);
    offered.ok_or_else(|| OpError::UnknownRole(role.clone()))
}

/// The filler as it is stored, when the codebook and the sheet allow it.
fn checked(state: &State, key: &SheetKey, claim: ClaimId, def: &RoleDef, filler: Filler) -> Result<Filler, OpError> {
    accepts(def, filler.kind())?;
    let sheet = state.sheet(key);
    match filler {
        Filler::Span(span) if !sheet.spans.contains_key(&span) => Err(OpError::Gone),
        Filler::Claim(other) if !sheet.claims.contains_key(&other) => Err(OpError::Gone),
        Filler::Claim(other) if leads_to(sheet, other, claim) => Err(OpError::ClaimInItself),
        Filler::Entity(entity) => living_entity(state, entity).map(Filler::Entity),
        Filler::Value(value) if value.trim().is_empty() => Err(OpError::WrongValue(def.name.clone())),
        fine => Ok(fine),
    }
}

fn accepts(def: &RoleDef, kind: FillerKind) -> Result<(), OpError> {
    if def.accepts.contains(&kind) {
        return Ok(());
    }
    let accepted: Vec<&str> = def.accepts.iter().copied().map(name_of_kind).collect();
    Err(OpError::RoleRefuses { role: def.name.clone(), kind: name_of_kind(kind), accepted: accepted.join(", ") })
}

/// The entity itself, or the one that it was merged into.
pub(super) fn living_entity(state: &State, id: EntityId) -> Result<EntityId, OpError> {
    match state.entity(id) {
        Some((_, entity)) if entity.deleted => Err(OpError::EntityDeleted(entity.name.clone())),
        Some((winner, _)) => Ok(winner),
        None => Err(OpError::EntityGone),
    }
}

/// True when a claim is `target`, or holds it in its roles, or in the roles of what it holds.
fn leads_to(sheet: &Sheet, from: ClaimId, target: ClaimId) -> bool {
    let (mut seen, mut waiting) = (BTreeSet::new(), vec![from]);
    while let Some(id) = waiting.pop() {
        if id == target {
            return true;
        }
        if seen.insert(id) {
            let fillers = sheet.claims.get(&id).into_iter().flat_map(|claim| claim.roles.values().flatten());
            waiting.extend(fillers.filter_map(|filler| if let Filler::Claim(inner) = filler { Some(*inner) } else { None }));
        }
    }
    false
}

fn name_of_kind(kind: FillerKind) -> &'static str {
    match kind {
        FillerKind::Span => "spans",
        FillerKind::Entity => "entities",
        FillerKind::Claim => "claims",
        FillerKind::Value => "plain values",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::edit::testing::{Case, check};

    fn fill(case: &Case, role: &str, filler: Filler) -> Result<Transaction, OpError> {
        fill_role(&case.state, &case.key, case.claim("c"), &role.parse().unwrap(), filler)
    }

    const SAID: &str = "[PER#k Kerry] [CUE#u said] [PER#l Lavrov] [CLAIM#c lies]";

    #[test]
    fn a_role_takes_spans_entities_claims_and_values() {
        let with = |line: &str| format!("{SAID}\n.. c: {line}");
        check(SAID, |case| fill(case, "claimer", Filler::Span(case.span("k"))).unwrap(), &with("claimer=k"));
        check(SAID, |case| fill(case, "claimer", Filler::Value("author".into())).unwrap(), &with("claimer=\"author\""));
        let two = format!("{SAID}\n.. CLAIM#d: \n.. @k: \"Kerry\"");
        check(
            &two,
            |case| fill(case, "object", Filler::Claim(case.claim("d"))).unwrap(),
            &format!("{SAID}\n.. c: object=d\n.. CLAIM#d:\n.. @k: \"Kerry\""),
        );
        check(
            &two,
            |case| fill(case, "object", Filler::Entity(case.entity("k"))).unwrap(),
            &format!("{SAID}\n.. c: object=@k\n.. CLAIM#d:\n.. @k: \"Kerry\""),
        );
    }

    #[test]
    fn a_role_for_one_changes_its_filler_and_others_add() {
        let with = |line: &str| format!("{SAID}\n.. c: {line}");
        check(&with("claimer=k"), |case| fill(case, "claimer", Filler::Span(case.span("l"))).unwrap(), &with("claimer=l"));
        check(&with("object=k"), |case| fill(case, "object", Filler::Span(case.span("l"))).unwrap(), &with("object=k,l"));
        check(&with("object=k"), |case| fill(case, "object", Filler::Span(case.span("k"))).unwrap(), &with("object=k"));
    }

    #[test]
    fn a_filler_is_taken_out() {
        let with = |line: &str| format!("{SAID}\n.. c: {line}");
        let empty = |case: &Case, filler| empty_role(&case.state, &case.key, case.claim("c"), &"object".parse().unwrap(), &filler).unwrap();
        check(&with("object=k,l"), |case| empty(case, Filler::Span(case.span("k"))), &with("object=l"));
        check(&with("object=k"), |case| empty(case, Filler::Span(case.span("k"))), SAID);
        check(&with("object=k"), |case| empty(case, Filler::Span(case.span("l"))), &with("object=k"));
    }

    #[test]
    fn what_the_codebook_forbids_is_refused_with_a_reason() {
        let strict = |source: &str| {
            let mut case = Case::new(source);
            let cue = std::sync::Arc::make_mut(&mut case.state.schema).roles.get_mut(&"cue".parse().unwrap()).unwrap();
            (cue.accepts, cue.max) = (vec![FillerKind::Span], 2);
            case
        };
        let case = strict(SAID);
        let message = fill(&case, "cue", Filler::Value("said".into())).unwrap_err().to_string();
        assert_eq!(message, "“cue” does not take plain values; it takes: spans");
        assert!(matches!(fill(&case, "nonsense", Filler::Span(case.span("k"))), Err(OpError::UnknownRole(_))));
        let full = strict(&format!("{SAID}\n.. c: cue=u,k"));
        assert_eq!(fill(&full, "cue", Filler::Span(full.span("l"))), Err(OpError::RoleIsFull { role: "cue".into(), max: 2 }));
    }

    #[test]
    fn a_place_is_labelled_and_fills_the_role_in_one_step() {
        let fill = |case: &Case| {
            let (id, role, label) = (case.ids().next_id(), "cue".parse().unwrap(), "CUE".parse().unwrap());
            fill_role_with_span(&case.state, &case.key, (case.claim("c"), &role), id, case.selected(), &label).unwrap()
        };
        check("Kerry «said» [CLAIM#c so]", fill, "Kerry [CUE#u said] [CLAIM#c so]\n.. c: cue=u");
    }

    #[test]
    fn a_claim_is_never_a_part_of_itself() {
        let case = Case::new("[CLAIM#c a] [CLAIM#d b] [CLAIM#e f]\n.. d: object=e\n.. e: evidence=c");
        assert_eq!(fill(&case, "object", Filler::Claim(case.claim("c"))), Err(OpError::ClaimInItself));
        assert_eq!(fill(&case, "object", Filler::Claim(case.claim("d"))), Err(OpError::ClaimInItself));
    }

    #[test]
    fn merged_entities_are_followed_and_deleted_ones_refused() {
        let source = "[CLAIM#c a]\n.. @k: \"Kerry\" merged_into=@j\n.. @j: \"John Kerry\"\n.. @d: \"Doe\" deleted=yes";
        let after = "[CLAIM#c a]\n.. c: object=@j\n.. @k: \"Kerry\" merged_into=@j\n.. @j: \"John Kerry\"\n.. @d: \"Doe\" deleted=yes";
        check(source, |case| fill(case, "object", Filler::Entity(case.entity("k"))).unwrap(), after);
        let case = Case::new(source);
        assert_eq!(fill(&case, "object", Filler::Entity(case.entity("d"))), Err(OpError::EntityDeleted("Doe".into())));
    }

    #[test]
    fn a_filler_that_is_not_there_or_says_nothing_is_refused() {
        let case = Case::new(SAID);
        let gone = case.ids().next_id();
        assert_eq!(fill(&case, "object", Filler::Span(crate::model::SpanId(gone))), Err(OpError::Gone));
        assert_eq!(fill(&case, "object", Filler::Claim(ClaimId(gone))), Err(OpError::Gone));
        assert_eq!(fill(&case, "object", Filler::Entity(EntityId(gone))), Err(OpError::EntityGone));
        assert_eq!(fill(&case, "object", Filler::Value(" ".into())), Err(OpError::WrongValue("object".into())));
    }
}
