//! What lists need to know of a sheet without keeping it in memory.

use std::collections::{BTreeMap, BTreeSet};

use crate::edit::Edit;
use crate::model::{Claim, ClaimId, EntityId, Filler, LabelKey, Schema, Sheet, Span, Status};

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
        Tally::of(sheet, schema).digest
    }
}

/// The counts of one sheet, which follow its changes row by row.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Tally {
    digest: Digest,
    // How often each label was given.
    labels: BTreeMap<LabelKey, usize>,
}

impl Tally {
    /// Counts a sheet.
    #[must_use]
    pub fn of(sheet: &Sheet, schema: &Schema) -> Self {
        let mut tally = Self::default();
        tally.digest.status = sheet.info.status;
        sheet.spans.values().for_each(|span| tally.count_span(span, Step::In));
        sheet.claims.values().for_each(|claim| tally.count_claim(claim, Step::In));
        tally.digest.unfinished = schema.unfinished_claims(sheet);
        tally
    }

    /// What was counted.
    #[must_use]
    pub fn digest(&self) -> &Digest {
        &self.digest
    }

    /// Follows a change of one row of the sheet.
    pub fn follow(&mut self, edit: &Edit, schema: &Schema) {
        match edit {
            Edit::Sheet(_, change) => self.digest.status = change.after.as_ref().map(|info| info.status).unwrap_or_default(),
            Edit::Span(_, change) => {
                change.before.iter().for_each(|span| self.count_span(span, Step::Out));
                change.after.iter().for_each(|span| self.count_span(span, Step::In));
            }
            Edit::Claim(_, change) => {
                change.before.iter().for_each(|claim| self.count_claim(claim, Step::Out));
                change.after.iter().for_each(|claim| self.count_claim(claim, Step::In));
                let is_unfinished = change.after.as_ref().is_some_and(|claim| !schema.missing_of(claim).is_empty());
                let unfinished = &mut self.digest.unfinished;
                match unfinished.binary_search(&change.key) {
                    Err(place) if is_unfinished => unfinished.insert(place, change.key),
                    Ok(place) if !is_unfinished => drop(unfinished.remove(place)),
                    _ => {}
                }
            }
            _ => {}
        }
    }

    /// Follows a change of the codebook, by which other claims are unfinished.
    pub fn follow_codebook(&mut self, sheet: &Sheet, schema: &Schema) {
        self.digest.unfinished = schema.unfinished_claims(sheet);
    }

    fn count_span(&mut self, span: &Span, step: Step) {
        step.count(&mut self.digest.spans);
        self.count_label(&span.label, step);
        if let Some(entity) = span.entity {
            self.count_entity(entity, step, |count| &mut count.mentions);
        }
    }

    fn count_claim(&mut self, claim: &Claim, step: Step) {
        step.count(&mut self.digest.claims);
        self.count_label(&claim.label, step);
        for filler in claim.roles.values().flatten() {
            if let Filler::Entity(entity) = filler {
                self.count_entity(*entity, step, |count| &mut count.roles);
            }
        }
    }

    fn count_label(&mut self, label: &LabelKey, step: Step) {
        // Most rows have a label that was there before: nothing is copied for them.
        if let Some(count) = self.labels.get_mut(label) {
            step.count(count);
            if *count > 0 {
                return;
            }
            self.labels.remove(label);
            self.digest.labels.remove(label);
        } else if step == Step::In {
            self.labels.insert(label.clone(), 1);
            self.digest.labels.insert(label.clone());
        }
    }

    fn count_entity(&mut self, entity: EntityId, step: Step, part: fn(&mut EntityCount) -> &mut usize) {
        let count = self.digest.entities.entry(entity).or_default();
        step.count(part(count));
        if *count == EntityCount::default() {
            self.digest.entities.remove(&entity);
        }
    }
}

/// A row comes or goes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Step {
    Out,
    In,
}

impl Step {
    fn count(self, count: &mut usize) {
        *count = if self == Self::In { *count + 1 } else { count.saturating_sub(1) };
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::edit::Change;
    use crate::edit::testing::Case;
    use crate::model::{Id, Node, RoleKey, SheetInfo, SpanId};
    use crate::text::{Ranges, TextRange};

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

    proptest! {
        /// Spans and claims come, change and go; the counts that followed are those made at once.
        #[test]
        fn following_changes_is_as_counting_anew(steps in prop::collection::vec((0u64..6, 0u8..4, 0u64..4, 0u8..8), 1..60)) {
            let case = Case::new("[PER#a=k Kerry] said [CLAIM#c taxes rise]\n.. c: claimer=@k\n.. @k: \"Kerry\"");
            let (key, schema) = (case.key.clone(), case.state.schema.clone());
            let mut sheet = case.state.sheet(&key).as_ref().clone();
            let roles: Vec<RoleKey> = schema.roles.keys().cloned().collect();
            let mut tally = Tally::of(&sheet, &schema);
            for (id, label, entity, what) in steps {
                let label = LabelKey::new(["PER", "ORG", "CLAIM", "ODD"][usize::from(label)]).unwrap();
                let ranges = Ranges::from(TextRange::try_from((0u32, 3)).unwrap());
                let entity = (entity > 0).then(|| EntityId(Id::from_bits(entity)));
                let edit = match what {
                    0 => {
                        let info = SheetInfo { status: Status::ALL[usize::try_from(id).unwrap() % 5], ..SheetInfo::default() };
                        let before = std::mem::replace(&mut sheet.info, info.clone());
                        Edit::Sheet(key.clone(), Change { key: (), before: Some(before), after: Some(info) })
                    }
                    1..4 => {
                        let mut span = Span::new(ranges, label);
                        span.entity = entity;
                        let (id, after) = (SpanId(Id::from_bits(id)), (what > 1).then_some(span));
                        let before = sheet.spans.remove(&id);
                        sheet.spans.extend(after.clone().map(|span| (id, span)));
                        Edit::Span(key.clone(), Change { key: id, before, after })
                    }
                    _ => {
                        let mut claim = Claim::new(label, (what > 5).then_some(ranges));
                        let filled = roles.iter().take(usize::from(what)).map(|role| (role.clone(), entity.map(Filler::Entity).into_iter().collect()));
                        claim.roles = filled.collect();
                        let (id, after) = (ClaimId(Id::from_bits(id)), (what > 4).then_some(claim));
                        let before = sheet.claims.remove(&id);
                        sheet.claims.extend(after.clone().map(|claim| (id, claim)));
                        Edit::Claim(key.clone(), Change { key: id, before, after })
                    }
                };
                tally.follow(&edit, &schema);
                prop_assert_eq!(&tally, &Tally::of(&sheet, &schema));
            }
        }
    }
}
