//! How often rows of the codebook are used.

use super::{CodebookKey, Sheet, State};

impl Sheet {
    /// How many rows of the sheet use a row of the codebook; the values of the document count as one row.
    #[must_use]
    pub fn uses_of(&self, row: &CodebookKey) -> usize {
        match row {
            CodebookKey::Label(label) => {
                self.spans.values().filter(|span| span.label == *label).count() + self.claims.values().filter(|claim| claim.label == *label).count()
            }
            CodebookKey::Role(role) => self.claims.values().filter(|claim| claim.roles.contains_key(role)).count(),
            CodebookKey::RelationType(label) => self.relations.values().filter(|relation| relation.label == *label).count(),
            CodebookKey::Attribute(key) => {
                let spans = self.spans.values().filter(|span| span.attributes().contains_key(key)).count();
                let claims = self.claims.values().filter(|claim| claim.attributes.contains_key(key)).count();
                let relations = self.relations.values().filter(|relation| relation.attributes.contains_key(key)).count();
                spans + claims + relations + usize::from(self.info.attributes.contains_key(key))
            }
        }
    }
}

impl State {
    /// How many entities have a label or an attribute of the codebook.
    #[must_use]
    pub fn entities_with(&self, row: &CodebookKey) -> usize {
        match row {
            CodebookKey::Label(label) => self.entities.values().filter(|entity| entity.label.as_ref() == Some(label)).count(),
            CodebookKey::Attribute(key) => self.entities.values().filter(|entity| entity.attributes.contains_key(key)).count(),
            CodebookKey::Role(_) | CodebookKey::RelationType(_) => 0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::edit::testing::Case;

    #[test]
    fn every_kind_of_row_is_counted() {
        let case = Case::new(
            "[PER#k=k;level=name Kerry] said [CLAIM#c so], [PER#l it]\n.. c: claimer=k stance=support\n.. k -works_for-> l\n.. @k: PER \"K\"",
        );
        let sheet = case.state.sheet(&case.key);
        let check = |row: CodebookKey, expected: usize| assert_eq!(sheet.uses_of(&row), expected, "{row:?}");
        check(CodebookKey::Label("PER".parse().unwrap()), 2);
        check(CodebookKey::Label("CLAIM".parse().unwrap()), 1);
        check(CodebookKey::Role("claimer".parse().unwrap()), 1);
        check(CodebookKey::RelationType("works_for".parse().unwrap()), 1);
        check(CodebookKey::Attribute("level".parse().unwrap()), 1);
        check(CodebookKey::Attribute("stance".parse().unwrap()), 1);
        assert_eq!(case.state.entities_with(&CodebookKey::Label("PER".parse().unwrap())), 1);
    }
}
