//! What lists need to know of a sheet without keeping it in memory.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{ClaimId, EntityId, Filler, LabelKey, Schema, Sheet, Status};

/// A sheet in numbers; small enough to keep one of every document.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Digest {
    /// How far the coder is.
    pub status: Status,
    /// How many spans.
    pub spans: usize,
    /// How many claims.
    pub claims: usize,
    /// Labels that were given.
    pub labels: BTreeSet<LabelKey>,
    /// Entities that are named in the sheet. The ids are those that are stored: merges are not followed.
    pub entities: BTreeMap<EntityId, EntityCount>,
    /// Claims that lack something by the codebook.
    pub unfinished: Vec<ClaimId>,
}

/// How often a sheet names an entity.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct EntityCount {
    /// Spans that mean it.
    pub mentions: usize,
    /// Fillers of roles that name it itself and not one of its mentions.
    pub roles: usize,
}

impl Digest {
    /// Counts a sheet.
    #[must_use]
    pub fn of(sheet: &Sheet, schema: &Schema) -> Self {
        let mut entities: BTreeMap<EntityId, EntityCount> = BTreeMap::new();
        for entity in sheet.spans.values().filter_map(|span| span.entity) {
            entities.entry(entity).or_default().mentions += 1;
        }
        for filler in sheet.claims.values().flat_map(|claim| claim.roles.values().flatten()) {
            if let Filler::Entity(entity) = filler {
                entities.entry(*entity).or_default().roles += 1;
            }
        }
        let unfinished = schema.unfinished_claims(sheet);
        // Most spans have a label that was there before: nothing is copied for them.
        let mut labels = BTreeSet::new();
        for label in sheet.spans.values().map(|span| &span.label).chain(sheet.claims.values().map(|claim| &claim.label)) {
            if !labels.contains(label) {
                labels.insert(label.clone());
            }
        }
        Self { status: sheet.info.status, spans: sheet.spans.len(), claims: sheet.claims.len(), labels, entities, unfinished }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::edit::testing::Case;
    use crate::model::Node;

    #[test]
    fn mentions_and_roles_of_entities_are_counted_apart() {
        let case = Case::new(
            "[PER#a=k Kerry] met [PER#b=k him]: [CLAIM#c taxes rise]\n.. CLAIM#d: claimer=@l\n.. c: claimer=a,@k,@l\n.. @k: \"Kerry\"\n.. @l: \"Lavrov\"",
        );
        let sheet = case.state.sheet(&case.key);
        let digest = Digest::of(sheet, &case.state.schema);
        assert_eq!((digest.spans, digest.claims, digest.status), (2, 2, sheet.info.status));
        assert_eq!(digest.labels.iter().map(LabelKey::as_str).collect::<Vec<_>>(), ["CLAIM", "PER"]);
        let counts = digest.entities.iter().map(|(id, count)| (case.names.of(Node::Entity(*id)).unwrap_or("?"), count.mentions, count.roles));
        let mut counts: Vec<_> = counts.collect();
        counts.sort_unstable();
        assert_eq!(counts, [("k", 2, 1), ("l", 0, 2)]);
        assert_eq!(digest.unfinished, case.state.schema.unfinished_claims(sheet));
        assert_eq!(Digest::of(&Sheet::default(), &case.state.schema), Digest::default());
    }
}
