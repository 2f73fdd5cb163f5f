//! Required attributes that are unset: of spans and relations, and of documents that are done. Those of claims belong to
//! unfinished claims.

use std::collections::BTreeMap;

use super::SheetCheck;
use crate::model::{AttributeKey, Attributes, LabelKey, Node, Schema, Status, Target};

pub(super) fn check(check: &mut SheetCheck<'_>) {
    let (schema, sheet) = (&check.state.schema, check.sheet);
    let mut of_labels: BTreeMap<&LabelKey, Vec<(AttributeKey, String)>> = BTreeMap::new();
    for (id, span) in &sheet.spans {
        let required = of_labels.entry(&span.label).or_insert_with(|| required(schema, Target::Span, Some(&span.label)));
        report(check, Some(Node::Span(*id)), required, span.attributes());
    }
    let of_relations = required(schema, Target::Relation, None);
    for (id, relation) in &sheet.relations {
        report(check, Some(Node::Relation(*id)), &of_relations, &relation.attributes);
    }
    if matches!(sheet.info.status, Status::Done | Status::DoneAnyway) {
        report(check, None, &required(schema, Target::Document, None), &sheet.info.attributes);
    }
}

fn required(schema: &Schema, target: Target, label: Option<&LabelKey>) -> Vec<(AttributeKey, String)> {
    let defs = schema.attributes_of(target, label).into_iter().filter(|(_, def)| def.required);
    defs.map(|(key, def)| (key.clone(), def.name.clone())).collect()
}

fn report(check: &mut SheetCheck<'_>, node: Option<Node>, required: &[(AttributeKey, String)], attributes: &Attributes) {
    let missing: Vec<&str> = required.iter().filter(|(key, _)| !attributes.contains_key(key)).map(|(_, name)| name.as_str()).collect();
    if missing.is_empty() {
        return;
    }
    let what = format!("lacks {}", missing.join(", "));
    match node {
        Some(node) => check.report(node, &what),
        None => check.report_sheet(&what),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::super::testing::messages;
    use crate::edit::testing::Case;

    #[test]
    fn unset_attributes_that_are_required_are_named() {
        let mut case = Case::new("[PER Kerry] [PER;level=name Lavrov]\n.. =sheet: status=done");
        let schema = Arc::make_mut(&mut case.state.schema);
        for key in ["level", "topics"] {
            schema.attributes.get_mut(&key.parse().unwrap()).unwrap().required = true;
        }
        assert_eq!(messages(&case), "required-attribute: the span PER “Kerry” lacks level\nrequired-attribute: the document lacks topics");
    }
}
