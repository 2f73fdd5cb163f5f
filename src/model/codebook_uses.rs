//! How often the rows of the codebook are used, so that none that is used goes silently.

use std::collections::BTreeMap;

use super::{AttributeKey, AttributeValue, Attributes, ChoiceKey, CodebookKey, Entity, LabelKey, RelationKey, RoleKey, Sheet};

/// Uses of everything in a codebook, over the sheets and entities that were counted.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct CodebookUses {
    /// Spans, claims and entities with a label.
    pub labels: BTreeMap<LabelKey, usize>,
    /// Rows on which an attribute is set.
    pub attributes: BTreeMap<AttributeKey, usize>,
    /// Rows on which a choice is set.
    pub choices: BTreeMap<(AttributeKey, ChoiceKey), usize>,
    /// Claims in which a role is filled.
    pub roles: BTreeMap<RoleKey, usize>,
    /// Relations of a type.
    pub relation_types: BTreeMap<RelationKey, usize>,
}

impl CodebookUses {
    /// Counts a sheet.
    pub fn add_sheet(&mut self, sheet: &Sheet) {
        self.add_values(&sheet.info.attributes);
        for span in sheet.spans.values() {
            count(&mut self.labels, &span.label);
            self.add_values(span.attributes());
        }
        for claim in sheet.claims.values() {
            count(&mut self.labels, &claim.label);
            self.add_values(&claim.attributes);
            claim.roles.iter().filter(|(_, fillers)| !fillers.is_empty()).for_each(|(role, _)| count(&mut self.roles, role));
        }
        for relation in sheet.relations.values() {
            count(&mut self.relation_types, &relation.label);
            self.add_values(&relation.attributes);
        }
    }

    /// Counts an entity, merged and deleted ones too: they can come back.
    pub fn add_entity(&mut self, entity: &Entity) {
        entity.label.iter().for_each(|label| count(&mut self.labels, label));
        self.add_values(&entity.attributes);
    }

    /// How often a row is used.
    #[must_use]
    pub fn of(&self, row: &CodebookKey) -> usize {
        let count = match row {
            CodebookKey::Label(key) => self.labels.get(key),
            CodebookKey::Role(key) => self.roles.get(key),
            CodebookKey::Attribute(key) => self.attributes.get(key),
            CodebookKey::RelationType(key) => self.relation_types.get(key),
        };
        count.copied().unwrap_or_default()
    }

    /// Every row that is used, and how often.
    pub fn rows(&self) -> impl Iterator<Item = (CodebookKey, usize)> {
        let labels = self.labels.iter().map(|(key, uses)| (CodebookKey::Label(key.clone()), *uses));
        let attributes = self.attributes.iter().map(|(key, uses)| (CodebookKey::Attribute(key.clone()), *uses));
        let roles = self.roles.iter().map(|(key, uses)| (CodebookKey::Role(key.clone()), *uses));
        let types = self.relation_types.iter().map(|(key, uses)| (CodebookKey::RelationType(key.clone()), *uses));
        labels.chain(attributes).chain(roles).chain(types)
    }

    /// Adds what others have counted.
    pub fn add(&mut self, other: Self) {
        join(&mut self.labels, other.labels);
        join(&mut self.attributes, other.attributes);
        join(&mut self.choices, other.choices);
        join(&mut self.roles, other.roles);
        join(&mut self.relation_types, other.relation_types);
    }

    fn add_values(&mut self, attributes: &Attributes) {
        for (key, value) in attributes {
            count(&mut self.attributes, key);
            match value {
                AttributeValue::Choice(choice) => count(&mut self.choices, &(key.clone(), choice.clone())),
                AttributeValue::Choices(choices) => choices.iter().for_each(|choice| count(&mut self.choices, &(key.clone(), choice.clone()))),
                _ => {}
            }
        }
    }
}

fn count<K: Ord + Clone>(counts: &mut BTreeMap<K, usize>, key: &K) {
    match counts.get_mut(key) {
        Some(count) => *count += 1,
        None => drop(counts.insert(key.clone(), 1)),
    }
}

fn join<K: Ord>(counts: &mut BTreeMap<K, usize>, others: BTreeMap<K, usize>) {
    others.into_iter().for_each(|(key, other)| *counts.entry(key).or_default() += other);
}
