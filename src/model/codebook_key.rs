//! A row of the codebook, whatever its table; and whose key on the keyboard is taken twice.

use std::collections::BTreeMap;

use super::{AttributeKey, LabelKey, RelationKey, RoleKey, Schema};

/// A row of the codebook.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum CodebookKey {
    /// A label.
    Label(LabelKey),
    /// A role of claims.
    Role(RoleKey),
    /// An attribute.
    Attribute(AttributeKey),
    /// A type of relation.
    RelationType(RelationKey),
}

impl CodebookKey {
    /// The key as written in files.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::Label(key) => key.as_str(),
            Self::Role(key) => key.as_str(),
            Self::Attribute(key) => key.as_str(),
            Self::RelationType(key) => key.as_str(),
        }
    }
}

impl Schema {
    /// What a row is called. None where there is no such row.
    #[must_use]
    pub fn name_of(&self, row: &CodebookKey) -> Option<&str> {
        match row {
            CodebookKey::Label(key) => self.labels.get(key).map(|label| label.name.as_str()),
            CodebookKey::Role(key) => self.roles.get(key).map(|role| role.name.as_str()),
            CodebookKey::Attribute(key) => self.attributes.get(key).map(|attribute| attribute.name.as_str()),
            CodebookKey::RelationType(key) => self.relation_types.get(key).map(|def| def.name.as_str()),
        }
    }

    /// The key on the keyboard of every row that is offered.
    #[must_use]
    pub fn shortcuts(&self) -> Vec<(CodebookKey, char)> {
        let labels = self.labels.iter().filter(|(_, def)| !def.retired && def.replaced_by.is_none());
        let labels = labels.map(|(key, def)| (CodebookKey::Label(key.clone()), def.shortcut));
        let roles = self.roles.iter().filter(|(_, def)| !def.retired).map(|(key, def)| (CodebookKey::Role(key.clone()), def.shortcut));
        let attributes = self.attributes.iter().filter(|(_, def)| !def.retired);
        let attributes = attributes.map(|(key, def)| (CodebookKey::Attribute(key.clone()), def.shortcut));
        let types = self.relation_types.iter().filter(|(_, def)| !def.retired && def.replaced_by.is_none());
        let types = types.map(|(key, def)| (CodebookKey::RelationType(key.clone()), def.shortcut));
        labels.chain(roles).chain(attributes).chain(types).filter_map(|(row, shortcut)| Some((row, shortcut?))).collect()
    }

    /// Keys on the keyboard that several rows have, each with its rows.
    #[must_use]
    pub fn shortcut_clashes(&self) -> BTreeMap<char, Vec<CodebookKey>> {
        let mut rows: BTreeMap<char, Vec<CodebookKey>> = BTreeMap::new();
        for (row, shortcut) in self.shortcuts() {
            rows.entry(shortcut).or_default().push(row);
        }
        rows.retain(|_, rows| rows.len() > 1);
        rows
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::notation::testing::schema;

    #[test]
    fn rows_that_share_a_key_are_named() {
        let mut schema = schema();
        assert_eq!(schema.shortcut_clashes(), BTreeMap::new());
        schema.labels.get_mut(&"PER".parse().unwrap()).unwrap().shortcut = Some('p');
        schema.roles.get_mut(&"cue".parse().unwrap()).unwrap().shortcut = Some('p');
        schema.labels.get_mut(&"ORG".parse().unwrap()).unwrap().shortcut = Some('P');
        let both = vec![CodebookKey::Label("PER".parse().unwrap()), CodebookKey::Role("cue".parse().unwrap())];
        assert_eq!(schema.shortcut_clashes(), BTreeMap::from([('p', both)]));
        schema.roles.get_mut(&"cue".parse().unwrap()).unwrap().retired = true;
        assert_eq!(schema.shortcut_clashes(), BTreeMap::new());
    }
}
