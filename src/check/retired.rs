//! Rows with a label or a type of relation that the codebook offers no longer.

use super::SheetCheck;
use crate::model::{LabelKey, Node, Schema};

pub(super) fn check(check: &mut SheetCheck<'_>) {
    let (schema, sheet) = (check.state.schema.as_ref(), check.sheet);
    for (id, span) in &sheet.spans {
        if let Some(what) = problem_of(schema, &span.label) {
            check.report(Node::Span(*id), &what);
        }
    }
    for (id, claim) in &sheet.claims {
        if let Some(what) = problem_of(schema, &claim.label) {
            check.report(Node::Claim(*id), &what);
        }
    }
    for (id, relation) in &sheet.relations {
        let Some(def) = schema.relation_types.get(&relation.label) else { continue };
        match &def.replaced_by {
            Some(new) => check.report(Node::Relation(*id), &format!("has a type that was replaced by `{new}`")),
            None if def.retired => check.report(Node::Relation(*id), "has a type that is retired"),
            None => {}
        }
    }
}

fn problem_of(schema: &Schema, label: &LabelKey) -> Option<String> {
    let def = schema.labels.get(label)?;
    match &def.replaced_by {
        Some(new) => Some(format!("has a label that was replaced by `{new}`")),
        None => def.retired.then(|| "has a label that is retired".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::super::testing::messages;
    use crate::check::{check_project, fix_all};
    use crate::edit::Edit;
    use crate::edit::testing::Case;

    #[test]
    fn retired_labels_are_named() {
        let mut case = Case::new("[A x] [B y]");
        let schema = Arc::make_mut(&mut case.state.schema);
        schema.labels.get_mut(&"A".parse().unwrap()).unwrap().retired = true;
        schema.labels.get_mut(&"B".parse().unwrap()).unwrap().replaced_by = Some("CUE".parse().unwrap());
        assert_eq!(
            messages(&case),
            "retired-label: the span A “x” has a label that is retired\nretired-label: the span B “y” has a label that was replaced by `CUE`"
        );
    }

    #[test]
    fn retired_types_of_relations_are_named_and_replaced() {
        let mut case = Case::new("[A#a x] [B#b y]\n.. a -works_for-> b");
        let schema = Arc::make_mut(&mut case.state.schema);
        schema.relation_types.get_mut(&"works_for".parse().unwrap()).unwrap().replaced_by = Some("attacks".parse().unwrap());
        assert!(messages(&case).contains("has a type that was replaced by `attacks`"), "{}", messages(&case));
        let (mended, _) = fix_all(&case.state, &check_project(&case.state));
        let new = |edit: &Edit| if let Edit::Relation(_, change) = edit { change.after.as_ref().map(|row| row.label.to_string()) } else { None };
        assert_eq!(mended.edits.iter().map(new).collect::<Vec<_>>(), [Some("attacks".to_owned())]);
    }
}
