//! Ids of entities that are neither of Wikidata nor web addresses.

use super::TableCheck;
use crate::model::parse_knowledge_base_id;

pub(super) fn check(check: &mut TableCheck<'_>) {
    for (id, entity) in check.state.living_entities() {
        for text in &entity.knowledge_base_ids {
            if let Err(error) = parse_knowledge_base_id(text) {
                check.report(id, &format!("has an id that cannot be one: {error}"));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::messages;
    use crate::edit::testing::Case;

    #[test]
    fn malformed_ids_are_named() {
        let found = messages(&Case::new("so\n.. @k: \"K\" kb=\"Q22316\",\"odd\""));
        assert!(found.starts_with("knowledge-base-id: the entity “K” has an id that cannot be one: ") && found.contains("odd"), "{found}");
        assert_eq!(found.lines().count(), 1);
    }
}
