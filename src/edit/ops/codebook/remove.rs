//! Take a row out of the codebook that nothing uses. What names it in other rows of the codebook forgets it.

use super::super::OpError;
use super::CodebookError;
use super::row::{Branch, Row, edits_between, in_order, number, number_tree};
use crate::edit::Transaction;
use crate::model::{AttributeDef, CodebookKey, Label, LabelKey, RelationType, RoleDef, Schema, State};

/// Deletes a row that is used `uses` times, which must be never: by rows of any coder, as somebody has counted.
///
/// # Errors
/// When it is in use, or not there.
pub fn remove_row(state: &State, row: &CodebookKey, uses: usize) -> Result<Transaction, OpError> {
    let name = state.schema.name_of(row).ok_or(CodebookError::Gone)?.to_owned();
    if uses > 0 {
        return Err(CodebookError::InUse { name, uses }.into());
    }
    let mut schema = state.schema.as_ref().clone();
    match row {
        CodebookKey::Label(key) => remove_label(&mut schema, key),
        CodebookKey::Role(key) => remove::<RoleDef>(&mut schema, key),
        CodebookKey::Attribute(key) => remove::<AttributeDef>(&mut schema, key),
        CodebookKey::RelationType(key) => remove_branch::<RelationType>(&mut schema, key),
    }
    Ok(Transaction::new(format!("delete {name}"), edits_between(&state.schema, &schema)))
}

fn remove<R: Row>(schema: &mut Schema, key: &R::Key) {
    R::table_mut(schema).remove(key);
    let order = in_order::<R>(schema);
    number::<R>(schema, &order);
}

/// What stood below it goes up one step.
fn remove_branch<R: Branch>(schema: &mut Schema, key: &R::Key) {
    let parent = R::table_mut(schema).remove(key).and_then(|row| row.parent().cloned());
    for row in R::table_mut(schema).values_mut() {
        if row.parent() == Some(key) {
            row.parent_mut().clone_from(&parent);
        }
        if row.replaced_by_mut().as_ref() == Some(key) {
            *row.replaced_by_mut() = None;
            *row.retired_mut() = true;
        }
    }
    number_tree::<R>(schema);
}

/// An attribute or a role that was for this label alone is for none after that, which would mean for all: it is retired
/// instead.
fn remove_label(schema: &mut Schema, key: &LabelKey) {
    remove_branch::<Label>(schema, key);
    for def in schema.attributes.values_mut().filter(|def| def.labels.contains(key)) {
        def.retired |= forget(&mut def.labels, key);
    }
    for def in schema.roles.values_mut().filter(|def| def.labels.contains(key)) {
        def.retired |= forget(&mut def.labels, key);
    }
}

/// True when it was the only one.
fn forget(labels: &mut Vec<LabelKey>, key: &LabelKey) -> bool {
    labels.retain(|label| label != key);
    labels.is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::edit::apply;
    use crate::edit::testing::{Case, there_and_back};

    #[test]
    fn what_is_used_stays() {
        let case = Case::new("[PER Kerry]");
        let error = remove_row(&case.state, &CodebookKey::Label("PER".parse().unwrap()), 3).unwrap_err();
        assert_eq!(error.to_string(), "“PER” is used 3 times; retire it instead, so that nothing is lost");
    }

    #[test]
    fn other_rows_forget_a_label() {
        let mut case = Case::new("so");
        let label = |key: &str| -> LabelKey { key.parse().unwrap() };
        let schema = std::sync::Arc::make_mut(&mut case.state.schema);
        schema.labels.get_mut(&label("ORG")).unwrap().parent = Some(label("PER"));
        schema.labels.get_mut(&label("GPE")).unwrap().parent = Some(label("ORG"));
        schema.attributes.get_mut(&"level".parse().unwrap()).unwrap().labels = vec![label("ORG"), label("PER")];
        schema.roles.get_mut(&"cue".parse().unwrap()).unwrap().labels = vec![label("ORG")];
        let gone = remove_row(&case.state, &CodebookKey::Label(label("ORG")), 0).unwrap();
        assert!(there_and_back(&mut case.state, &gone));
        apply(&mut case.state, &gone).unwrap();
        let schema = &case.state.schema;
        let mut places: Vec<u32> = schema.labels.values().map(|label| label.position).collect();
        places.sort_unstable();
        assert_eq!(places, (0..7).collect::<Vec<_>>(), "a file would number them so");
        assert_eq!(schema.labels[&label("GPE")].parent, Some(label("PER")));
        assert_eq!(schema.attributes[&"level".parse().unwrap()].labels, [label("PER")]);
        assert!(schema.roles[&"cue".parse().unwrap()].retired && !schema.attributes[&"level".parse().unwrap()].retired);
    }

    #[test]
    fn a_label_that_was_merged_into_one_that_goes_is_retired() {
        let mut case = Case::new("so");
        let label = |key: &str| -> LabelKey { key.parse().unwrap() };
        let schema = std::sync::Arc::make_mut(&mut case.state.schema);
        schema.labels.get_mut(&label("GPE")).unwrap().replaced_by = Some(label("ORG"));
        schema.labels.get_mut(&label("A")).unwrap().replaced_by = Some(label("B"));
        schema.attributes.get_mut(&"level".parse().unwrap()).unwrap().labels = vec![label("ORG")];
        let gone = remove_row(&case.state, &CodebookKey::Label(label("ORG")), 0).unwrap();
        apply(&mut case.state, &gone).unwrap();
        let labels = &case.state.schema.labels;
        assert_eq!((&labels[&label("GPE")].replaced_by, labels[&label("GPE")].retired), (&None, true));
        assert_eq!((&labels[&label("A")].replaced_by, labels[&label("PER")].retired), (&Some(label("B")), false));
        assert!(case.state.schema.attributes[&"level".parse().unwrap()].retired, "it was for this one alone");
    }

    #[test]
    fn roles_and_attributes_that_nobody_uses_go() {
        let mut case = Case::new("so");
        for row in [CodebookKey::Role("cue".parse().unwrap()), CodebookKey::Attribute("level".parse().unwrap())] {
            let gone = remove_row(&case.state, &row, 0).unwrap();
            assert!(there_and_back(&mut case.state, &gone));
            apply(&mut case.state, &gone).unwrap();
            assert_eq!(case.state.schema.name_of(&row), None);
        }
        let mut places: Vec<u32> = case.state.schema.roles.values().map(|role| role.position).collect();
        places.sort_unstable();
        assert_eq!(places, [0, 1, 2]);
    }
}
