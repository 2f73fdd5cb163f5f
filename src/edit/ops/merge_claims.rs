//! Make one claim of two.

use super::{OpError, rows};
use crate::edit::{Change, Edit, Transaction};
use crate::model::{AttributeValue, Claim, ClaimId, Filler, MarkId, SheetKey, State};
use crate::text::segment::paragraph_at;
use crate::text::{Ranges, Text};

/// Moves everything of one claim into another: places, fillers, values, words, relations. Where both differ and only
/// one can stand, that of `into` stands and the other goes into the note.
///
/// # Errors
/// When one of them is not there, or both are the same.
pub fn merge_claims(state: &State, key: &SheetKey, into: ClaimId, from: ClaimId) -> Result<Transaction, OpError> {
    if into == from {
        return Err(OpError::SameClaim);
    }
    let (kept, gone) = (rows::claim(state, key, into)?, rows::claim(state, key, from)?);
    let mut merged = kept.clone();
    merge_places(state, key, &mut merged, gone);
    let mut left = Vec::new();
    merge_roles(state, (into, from), &mut merged, gone, &mut left);
    merge_attributes(state, &mut merged, gone, &mut left);
    if merged.normalized.is_empty() {
        merged.normalized.clone_from(&gone.normalized);
    } else if !gone.normalized.is_empty() && gone.normalized != merged.normalized {
        left.push(gone.normalized.clone());
    }
    let notes = [kept.note.clone(), gone.note.clone(), left.join("; ")];
    merged.note = notes.into_iter().filter(|note| !note.is_empty()).collect::<Vec<_>>().join("\n");
    merged.residue = gone.residue.iter().chain(&kept.residue).map(|(name, text)| (name.clone(), text.clone())).collect();
    let mut edits = rows::relink(state, key, MarkId::Claim(from), MarkId::Claim(into));
    edits.push(Edit::Claim(key.clone(), Change::replace(into, kept.clone(), merged)));
    edits.push(Edit::Claim(key.clone(), Change::remove(from, gone.clone())));
    Ok(Transaction::new("merge claims", edits))
}

/// Contents in one paragraph are one claim that was broken up; elsewhere the claim is said again.
fn merge_places(state: &State, key: &SheetKey, merged: &mut Claim, gone: &Claim) {
    let text = state.texts.get(&key.document).map(Text::as_str).unwrap_or_default();
    let (content, further) = match (&merged.content, &gone.content) {
        (Some(one), Some(other)) if paragraph_at(text, one.start()) != paragraph_at(text, other.start()) => (Some(one.clone()), Some(other.clone())),
        (one, other) => (Ranges::new(one.iter().chain(other).flat_map(Ranges::iter).collect()), None),
    };
    let mut occurrences: Vec<Ranges> = Vec::new();
    for place in merged.occurrences.iter().chain(&further).chain(&gone.occurrences) {
        let is_free = content.iter().chain(&occurrences).all(|other| !other.overlaps(place));
        occurrences.extend(is_free.then(|| place.clone()));
    }
    merged.set_places(content, occurrences);
}

fn merge_roles(state: &State, (into, from): (ClaimId, ClaimId), merged: &mut Claim, gone: &Claim, left: &mut Vec<String>) {
    for (role, fillers) in &gone.roles {
        let def = state.schema.roles.get(role);
        let max = def.map_or(0, |def| def.max as usize);
        let there = merged.roles.entry(role.clone()).or_default();
        for filler in fillers {
            if there.contains(filler) {
            } else if max > 0 && there.len() >= max {
                left.push(format!("{}: {}", def.map_or(role.as_str(), |def| &def.name), name_of(state, filler)));
            } else {
                there.push(filler.clone());
            }
        }
    }
    // Neither can be a part of the claim that they have become.
    let is_own = |filler: &Filler| [into, from].iter().any(|id| *filler == Filler::Claim(*id));
    merged.roles.values_mut().for_each(|fillers| fillers.retain(|filler| !is_own(filler)));
    merged.roles.retain(|_, fillers| !fillers.is_empty());
}

fn merge_attributes(state: &State, merged: &mut Claim, gone: &Claim, left: &mut Vec<String>) {
    for (key, value) in &gone.attributes {
        match (merged.attributes.get_mut(key), value) {
            (Some(there), value) if there == value => {}
            (Some(AttributeValue::Choices(there)), AttributeValue::Choices(more)) => there.extend(more.iter().cloned()),
            (Some(_), value) => {
                let name = state.schema.attributes.get(key).map_or(key.as_str(), |def| &def.name);
                left.push(format!("{name}: {value}"));
            }
            (None, value) => drop(merged.attributes.insert(key.clone(), value.clone())),
        }
    }
}

fn name_of(state: &State, filler: &Filler) -> String {
    match filler {
        Filler::Value(value) => value.clone(),
        Filler::Entity(id) => state.entity(*id).map_or_else(|| id.to_string(), |(_, entity)| entity.name.clone()),
        Filler::Span(id) => format!("span {id}"),
        Filler::Claim(id) => format!("claim {id}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::edit::testing::{Case, check};

    fn merge(case: &Case) -> Transaction {
        merge_claims(&case.state, &case.key, case.claim("c"), case.claim("d")).unwrap()
    }

    #[test]
    fn places_roles_and_relations_come_together() {
        check(
            "[PER#k He] says [CLAIM#c a] [CLAIM#d b] [CLAIM#e f]\n.. c: stance=support\n.. d: claimer=k object=c\n.. e: evidence=d\n.. d -attacks-> e\n.. c -attacks-> d",
            merge,
            "[PER#k He] says [CLAIM#c a] [+#c b] [CLAIM#e f]\n.. c: claimer=k stance=support\n.. e: evidence=c\n.. c -attacks-> e",
        );
    }

    #[test]
    fn what_cannot_stand_beside_is_noted_and_not_lost() {
        check(
            "[CLAIM#c a] [CLAIM#d b]\n.. c: claimer=\"author\" stance=support normalized=\"A\" note=\"n\"\n.. d: claimer=\"police\" stance=oppose normalized=\"B\" note=\"m\"",
            merge,
            "[CLAIM#c a] [+#c b]\n.. c: claimer=\"author\" stance=support normalized=\"A\" note=\"n\\nm\\nclaimer: police; stance: oppose; B\"",
        );
    }

    #[test]
    fn in_another_paragraph_the_claim_is_said_again() {
        check("[CLAIM#c a]\n\n[CLAIM#d b]", merge, "[CLAIM#c a]\n\n[+#c~1 b]");
    }

    #[test]
    fn a_claim_is_not_merged_with_itself() {
        let case = Case::new("[CLAIM#c a]");
        assert_eq!(merge_claims(&case.state, &case.key, case.claim("c"), case.claim("c")), Err(OpError::SameClaim));
    }

    #[test]
    fn what_both_say_is_not_noted() {
        let both = "stance=support normalized=\"A\" note=\"n\"";
        check(
            &format!("[CLAIM#c a] [CLAIM#d b]\n.. c: {both}\n.. d: stance=support normalized=\"A\""),
            merge,
            &format!("[CLAIM#c a] [+#c b]\n.. c: {both}"),
        );
        check(
            "[CLAIM#c a] [CLAIM#d b]\n.. c: stance=support normalized=\"A\"\n.. d: stance=oppose",
            merge,
            "[CLAIM#c a] [+#c b]\n.. c: stance=support normalized=\"A\" note=\"stance: oppose\"",
        );
    }
}
