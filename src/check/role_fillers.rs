//! Fillers that the codebook does not allow in their role, roles with too many, and claims that are part of themselves.

use std::collections::BTreeSet;

use super::SheetCheck;
use crate::model::{Claim, ClaimId, Filler, Node, Sheet};

pub(super) fn check(check: &mut SheetCheck<'_>) {
    let (schema, sheet) = (&check.state.schema, check.sheet);
    for (id, claim) in &sheet.claims {
        for (role, fillers) in &claim.roles {
            let Some(def) = schema.roles.get(role) else { continue };
            if fillers.iter().any(|filler| !def.accepts.contains(&filler.kind())) {
                check.report(Node::Claim(*id), &format!("has something as {} that the codebook does not allow there", def.name));
            }
            if def.max > 0 && fillers.len() > def.max as usize {
                check.report(Node::Claim(*id), &format!("has {} fillers as {}, which takes at most {}", fillers.len(), def.name, def.max));
            }
        }
        if is_part_of_itself(sheet, *id) {
            check.report(Node::Claim(*id), "is a part of itself, by way of its roles");
        }
    }
}

fn inner(claim: &Claim) -> impl Iterator<Item = ClaimId> {
    claim.roles.values().flatten().filter_map(|filler| if let Filler::Claim(id) = filler { Some(*id) } else { None })
}

fn is_part_of_itself(sheet: &Sheet, id: ClaimId) -> bool {
    let mut waiting: Vec<ClaimId> = sheet.claims.get(&id).into_iter().flat_map(inner).collect();
    let mut seen = BTreeSet::new();
    while let Some(next) = waiting.pop() {
        if next == id {
            return true;
        }
        if seen.insert(next) {
            waiting.extend(sheet.claims.get(&next).into_iter().flat_map(inner));
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::super::testing::check;

    #[test]
    fn circles_and_too_many_fillers_are_named() {
        check(
            "[CLAIM#c a] [CLAIM#d b]\n.. c: claimer=\"x\",\"y\" object=d\n.. d: claimer=\"x\" evidence=c",
            "
            role-filler: the claim “a” has 2 fillers as claimer, which takes at most 1
            role-filler: the claim “a” is a part of itself, by way of its roles
            role-filler: the claim “b” is a part of itself, by way of its roles
            ",
        );
    }
}
