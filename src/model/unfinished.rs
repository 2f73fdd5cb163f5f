//! What a claim lacks by the codebook's rules.
//!
//! A claim is finished when all required roles are filled, all required attributes are set, and it says something:
//! it has a place in the text or words of the coder.

use std::collections::BTreeMap;

use super::{AttributeKey, Claim, ClaimId, LabelKey, RoleKey, Schema, Sheet, Target};

/// One thing that a claim lacks.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Missing {
    /// Neither a place in the text nor a normalized text.
    Words,
    /// A required role is open.
    Role(RoleKey),
    /// A required attribute is unset.
    Attribute(AttributeKey),
}

/// What the codebook requires of claims with one label.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
struct Requirements {
    roles: Vec<RoleKey>,
    attributes: Vec<AttributeKey>,
}

impl Requirements {
    fn of(schema: &Schema, label: &LabelKey) -> Self {
        let roles = schema.roles_of(label).into_iter().filter(|(_, def)| def.required).map(|(key, _)| key.clone());
        let attributes = schema.attributes_of(Target::Claim, Some(label)).into_iter().filter(|(_, def)| def.required).map(|(key, _)| key.clone());
        Self { roles: roles.collect(), attributes: attributes.collect() }
    }

    fn missing<'r>(&'r self, claim: &'r Claim) -> impl Iterator<Item = Missing> + 'r {
        let words = (claim.places().next().is_none() && claim.normalized.trim().is_empty()).then_some(Missing::Words);
        let roles = self.roles.iter().filter(|role| claim.fillers(role).is_empty()).cloned().map(Missing::Role);
        let attributes = self.attributes.iter().filter(|key| !claim.attributes.contains_key(*key)).cloned().map(Missing::Attribute);
        words.into_iter().chain(roles).chain(attributes)
    }
}

impl Schema {
    /// What a claim lacks, in the codebook's order; empty for a finished one.
    #[must_use]
    pub fn missing_of(&self, claim: &Claim) -> Vec<Missing> {
        Requirements::of(self, &claim.label).missing(claim).collect()
    }

    /// The unfinished claims of a sheet. Quick: it is asked after every change.
    #[must_use]
    pub fn unfinished_claims(&self, sheet: &Sheet) -> Vec<ClaimId> {
        let mut known: BTreeMap<&LabelKey, Requirements> = BTreeMap::new();
        let mut is_unfinished = |claim: &'_ Claim, label| {
            let requirements = known.entry(label).or_insert_with(|| Requirements::of(self, label));
            requirements.missing(claim).next().is_some()
        };
        sheet.claims.iter().filter(|(_, claim)| is_unfinished(claim, &claim.label)).map(|(id, _)| *id).collect()
    }

    /// What is missing, as the window and the checks call it: `Claimer`, `Stance`, `the words`.
    #[must_use]
    pub fn name_of_missing(&self, missing: &Missing) -> String {
        match missing {
            Missing::Words => "the words".to_owned(),
            Missing::Role(key) => self.roles.get(key).map_or_else(|| key.to_string(), |def| def.name.clone()),
            Missing::Attribute(key) => self.attributes.get(key).map_or_else(|| key.to_string(), |def| def.name.clone()),
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::model::notation::Notation;
    use crate::model::notation::testing::schema;

    /// The claims of a document that lack something, and what.
    fn check(source: &str, expected: &[&str]) {
        let mut schema = schema();
        schema.attributes.get_mut(&"stance".parse().unwrap()).unwrap().required = true;
        let notation = Notation::parse(source, &schema).unwrap();
        let unfinished = schema.unfinished_claims(&notation.sheet);
        let missing = |id| schema.missing_of(&notation.sheet.claims[id]).iter().map(|m| schema.name_of_missing(m)).collect::<Vec<_>>().join(", ");
        assert_eq!(unfinished.iter().map(missing).collect::<Vec<_>>(), expected, "{source}");
    }

    #[test]
    fn a_claim_lacks_what_the_codebook_requires() {
        check("[CLAIM so]", &["claimer, stance"]);
        check("[PER#k He] says [CLAIM#c so]\n.. c: claimer=k", &["stance"]);
        check("[CLAIM#c so]\n.. c: claimer=\"author\" stance=support", &[]);
    }

    #[test]
    fn a_claim_without_place_and_words_says_nothing() {
        check("so\n.. CLAIM#c: claimer=\"author\" stance=support", &["the words"]);
        check("so\n.. CLAIM#c: claimer=\"author\" stance=support normalized=\"It is so\"", &[]);
    }
}
