//! Labels, attributes, choices, roles and relation types that the codebook does not have.

use super::{SheetCheck, TableCheck};
use crate::model::{AttributeKey, AttributeKind, AttributeValue, Attributes, ChoiceKey, Node, Schema};

pub(super) fn check_sheet(check: &mut SheetCheck<'_>) {
    let (sheet, schema) = (check.sheet, check.state.schema.as_ref());
    let labels = sheet.spans.iter().map(|(id, span)| (Node::Span(*id), &span.label));
    let labels = labels.chain(sheet.claims.iter().map(|(id, claim)| (Node::Claim(*id), &claim.label)));
    for (node, label) in labels.filter(|(_, label)| !schema.labels.contains_key(label)) {
        check.report(node, &format!("has the label `{label}`, which is not in the codebook"));
    }
    for (id, claim) in &sheet.claims {
        for role in claim.roles.keys().filter(|role| !schema.roles.contains_key(role)) {
            check.report(Node::Claim(*id), &format!("has the role `{role}`, which is not in the codebook"));
        }
    }
    for (id, relation) in sheet.relations.iter().filter(|(_, relation)| !schema.relation_types.contains_key(&relation.label)) {
        check.report(Node::Relation(*id), &format!("has the type `{}`, which is not in the codebook", relation.label));
    }
    for (node, attributes) in check.attributes() {
        unknown_attributes(schema, attributes).iter().for_each(|problem| check.report(node, problem));
    }
    unknown_attributes(schema, &sheet.info.attributes).iter().for_each(|problem| check.report_sheet(problem));
}

pub(super) fn check_tables(check: &mut TableCheck<'_>) {
    let (state, schema) = (check.state, check.state.schema.as_ref());
    for (id, entity) in &state.entities {
        if let Some(label) = entity.label.as_ref().filter(|label| !schema.labels.contains_key(label)) {
            check.report(*id, &format!("has the type `{label}`, which is not in the codebook"));
        }
        unknown_attributes(schema, &entity.attributes).iter().for_each(|problem| check.report(*id, problem));
    }
}

fn unknown_attributes(schema: &Schema, attributes: &Attributes) -> Vec<String> {
    attributes.iter().flat_map(|(key, value)| unknown_parts(schema, key, value)).collect()
}

fn unknown_parts(schema: &Schema, key: &AttributeKey, value: &AttributeValue) -> Vec<String> {
    let Some(def) = schema.attributes.get(key) else {
        return vec![format!("has the attribute `{key}`, which is not in the codebook")];
    };
    let choices: Vec<&ChoiceKey> = match value {
        AttributeValue::Choice(choice) => vec![choice],
        AttributeValue::Choices(choices) => choices.iter().collect(),
        _ => Vec::new(),
    };
    let has_choices = matches!(def.kind, AttributeKind::Choice | AttributeKind::Choices);
    let unknown = choices.into_iter().filter(|choice| has_choices && !def.choices.iter().any(|known| known.key == **choice));
    unknown.map(|choice| format!("has `{key}` = `{choice}`, which is not a choice in the codebook")).collect()
}

#[cfg(test)]
mod tests {
    use super::super::testing::check;

    #[test]
    fn every_kind_of_key_is_looked_up() {
        check(
            "[NEW;level=other x] [CLAIM#c y]\n.. =sheet: topics=war,weather\n.. @e: TOWN \"E\" new=Bool(yes)\n.. c: role(about)=@e\n.. c -denies-> c new=Int(1)",
            "
            unknown-key-of-entity: the entity “E” has the type `TOWN`, which is not in the codebook
            unknown-key-of-entity: the entity “E” has the attribute `new`, which is not in the codebook
            unknown-key: the span NEW “x” has the label `NEW`, which is not in the codebook
            unknown-key: the claim “y” has the role `about`, which is not in the codebook
            unknown-key: the relation denies 000000000003 has the type `denies`, which is not in the codebook
            unknown-key: the span NEW “x” has `level` = `other`, which is not a choice in the codebook
            unknown-key: the relation denies 000000000003 has the attribute `new`, which is not in the codebook
            unknown-key: the document has `topics` = `weather`, which is not a choice in the codebook
            ",
        );
    }
}
