//! Changes of one row of the codebook. No sheet is touched.

use std::collections::BTreeSet;

use super::super::OpError;
use super::CodebookError;
use super::row::{Branch, Row, check, edits_between, get, number_tree};
use crate::edit::{Change, Edit, Transaction};
use crate::model::{
    AttributeDef, AttributeKey, AttributeKind, AttributeValue, CodebookKey, Label, LabelKey, RelationKey, RelationType, RoleDef, RoleKey, SchemaInfo,
    State, line_above, too_deep,
};

/// Changes a label. Empty when nothing changed.
///
/// # Errors
/// When the name is empty or taken, the label would be above itself, or what it labels would change.
pub fn edit_label(state: &State, key: &LabelKey, change: impl FnOnce(&mut Label)) -> Result<Transaction, OpError> {
    edit_branch::<Label>(state, key, change, |before, after| {
        if before.kind != after.kind {
            return Err(CodebookError::KindChanged(before.name.clone()));
        }
        match after.parent.as_ref().filter(|parent| before.parent.as_ref() != Some(*parent)).and_then(|parent| state.schema.labels.get(parent)) {
            Some(above) if above.kind != after.kind => Err(CodebookError::ParentOfOtherKind { name: after.name.clone(), parent: above.name.clone() }),
            _ => Ok(()),
        }
    })
}

/// Changes a type of relation. Empty when nothing changed.
///
/// # Errors
/// When the name is empty or taken, or the type would be above itself.
pub fn edit_relation_type(state: &State, key: &RelationKey, change: impl FnOnce(&mut RelationType)) -> Result<Transaction, OpError> {
    edit_branch::<RelationType>(state, key, change, |_, _| Ok(()))
}

/// Changes a row of a tree; where it goes elsewhere in the tree, the list goes with it.
fn edit_branch<R: Branch>(
    state: &State,
    key: &R::Key,
    change: impl FnOnce(&mut R),
    check_row: impl FnOnce(&R, &R) -> Result<(), CodebookError>,
) -> Result<Transaction, OpError> {
    let old = get::<R>(state, key)?.parent().cloned();
    let mut moved = None;
    let mut transaction = edit::<R>(state, key, change, |before, after| {
        if let Some(parent) = after.parent().filter(|parent| before.parent() != Some(*parent)) {
            check_parent(state, key, after, parent)?;
        }
        moved = (after.parent() != old.as_ref()).then(|| after.clone());
        check_row(before, after)
    })?;
    if let Some(row) = moved {
        let mut schema = state.schema.as_ref().clone();
        R::table_mut(&mut schema).insert(key.clone(), row);
        number_tree::<R>(&mut schema);
        transaction.edits = edits_between(&state.schema, &schema);
    }
    Ok(transaction)
}

fn check_parent<R: Branch>(state: &State, key: &R::Key, row: &R, parent: &R::Key) -> Result<(), CodebookError> {
    let rows = R::table(&state.schema);
    let above = rows.get(parent).ok_or(CodebookError::Gone)?;
    if line_above(rows, parent).contains(key) {
        return Err(CodebookError::CircularParents { name: row.name().to_owned(), parent: above.name().to_owned() });
    }
    let mut rows = rows.clone();
    rows.insert(key.clone(), row.clone());
    if too_deep(&rows).is_some() { Err(CodebookError::TooDeep) } else { Ok(()) }
}

/// Changes an attribute, but not its type: see [`change_attribute_kind`](super::change_attribute_kind). Empty when nothing changed.
///
/// # Errors
/// When the name is empty or taken, two choices have one key, the default is no value of it, or its type would change.
pub fn edit_attribute(state: &State, key: &AttributeKey, change: impl FnOnce(&mut AttributeDef)) -> Result<Transaction, OpError> {
    edit::<AttributeDef>(state, key, change, |before, after| {
        if before.kind != after.kind {
            return Err(CodebookError::TypeChanged(before.name.clone()));
        }
        check_choices(after)?;
        check_default(after, before)
    })
}

fn check_choices(def: &AttributeDef) -> Result<(), CodebookError> {
    let mut seen = BTreeSet::new();
    match def.choices.iter().find(|choice| !seen.insert(&choice.key)) {
        Some(twice) => Err(CodebookError::ChoiceTwice { attribute: def.name.clone(), choice: twice.key.to_string() }),
        None if def.choices.iter().any(|choice| choice.name.trim().is_empty()) => Err(CodebookError::NoName("a choice")),
        None => Ok(()),
    }
}

fn check_default(def: &AttributeDef, before: &AttributeDef) -> Result<(), CodebookError> {
    let has = |key| def.choices.iter().any(|choice| choice.key == key);
    match &def.default {
        Some(value) if before.default.as_ref() != Some(value) || before.choices != def.choices => {
            let is_choice = match value {
                AttributeValue::Choice(key) => has(key.clone()),
                AttributeValue::Choices(keys) => keys.iter().cloned().all(has),
                _ => true,
            };
            let is_value = def.kind.takes(value) && is_choice;
            if is_value { Ok(()) } else { Err(CodebookError::WrongDefault { attribute: def.name.clone(), value: value.to_string() }) }
        }
        _ => Ok(()),
    }
}

/// True where an attribute of this type has choices.
pub(super) fn has_choices(kind: AttributeKind) -> bool {
    matches!(kind, AttributeKind::Choice | AttributeKind::Choices)
}

/// Changes a role. Empty when nothing changed.
///
/// # Errors
/// When the name is empty or taken, or nothing could fill the role.
pub fn edit_role(state: &State, key: &RoleKey, change: impl FnOnce(&mut RoleDef)) -> Result<Transaction, OpError> {
    let takes_something = |after: &RoleDef| if after.accepts.is_empty() { Err(CodebookError::TakesNothing(after.name.clone())) } else { Ok(()) };
    edit::<RoleDef>(state, key, change, |_, after| takes_something(after))
}

/// Changes the name and description of the codebook. Empty when nothing changed.
///
/// # Errors
/// None; it has the form of all operations.
pub fn edit_schema_info(state: &State, change: impl FnOnce(&mut SchemaInfo)) -> Result<Transaction, OpError> {
    let before = state.schema.info.clone();
    let mut after = before.clone();
    change(&mut after);
    let edits = if before == after { Vec::new() } else { vec![Edit::Schema(Change::replace((), before, after))] };
    Ok(Transaction::new("edit codebook", edits))
}

/// Offers a row no longer, or again. What has it keeps it.
///
/// # Errors
/// When the row is not there, or its name was given to another one meanwhile.
pub fn retire_row(state: &State, row: &CodebookKey, is_retired: bool) -> Result<Transaction, OpError> {
    match row {
        CodebookKey::Label(key) => retire::<Label>(state, key, is_retired),
        CodebookKey::Role(key) => retire::<RoleDef>(state, key, is_retired),
        CodebookKey::Attribute(key) => retire::<AttributeDef>(state, key, is_retired),
        CodebookKey::RelationType(key) => retire::<RelationType>(state, key, is_retired),
    }
}

fn retire<R: Row>(state: &State, key: &R::Key, is_retired: bool) -> Result<Transaction, OpError> {
    let before = get::<R>(state, key)?;
    let mut after = before.clone();
    *after.retired_mut() = is_retired;
    if !is_retired && before.is_retired() {
        // As if it were new: its name may be taken.
        check(state, Some(key), &after, None)?;
    }
    let verb = if is_retired { "retire" } else { "offer again" };
    let edits = if after == *before { Vec::new() } else { vec![R::edit(Change::replace(key.clone(), before.clone(), after))] };
    Ok(Transaction::new(format!("{verb} {}", before.name()), edits))
}

fn edit<R: Row>(
    state: &State,
    key: &R::Key,
    change: impl FnOnce(&mut R),
    also: impl FnOnce(&R, &R) -> Result<(), CodebookError>,
) -> Result<Transaction, OpError> {
    let before = get::<R>(state, key)?;
    let mut after = before.clone();
    change(&mut after);
    if after == *before {
        return Ok(Transaction::new("edit codebook", Vec::new()));
    }
    check(state, Some(key), &after, Some(before))?;
    also(before, &after)?;
    let name = match after.name() == before.name() {
        true => format!("edit {}", before.name()),
        false => format!("rename {}", before.name()),
    };
    Ok(Transaction::new(name, vec![R::edit(Change::replace(key.clone(), before.clone(), after))]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::edit::apply;
    use crate::edit::testing::{Case, there_and_back};
    use crate::model::Color;

    fn label(key: &str) -> LabelKey {
        key.parse().unwrap()
    }

    #[test]
    fn one_row_changes_and_no_sheet() {
        let mut case = Case::new("[PER Kerry] said [CLAIM so]");
        let rename = edit_label(&case.state, &label("PER"), |row| row.name = "Human".into()).unwrap();
        assert_eq!((rename.name.as_str(), rename.edits.len()), ("rename PER", 1));
        assert!(matches!(rename.edits.as_slice(), [Edit::Label(_)]));
        assert!(there_and_back(&mut case.state, &rename));
        let recolour = edit_label(&case.state, &label("PER"), |row| row.color = Color::from_palette(9)).unwrap();
        assert!(there_and_back(&mut case.state, &recolour));
        assert!(edit_label(&case.state, &label("PER"), |_| {}).unwrap().is_empty());
        assert_eq!(edit_label(&case.state, &label("NONE"), |_| {}), Err(CodebookError::Gone.into()));
    }

    #[test]
    fn the_tree_has_no_circles() {
        let mut case = Case::new("so");
        let below = |state: &State, child: &str, parent: &str| edit_label(state, &label(child), |row| row.parent = Some(label(parent)));
        let first = below(&case.state, "ORG", "PER").unwrap();
        apply(&mut case.state, &first).unwrap();
        let error = below(&case.state, "PER", "ORG").unwrap_err();
        assert_eq!(error.to_string(), "“PER” cannot stand below “ORG”, which stands below it; choose another label");
        assert!(below(&case.state, "PER", "PER").is_err());
        let error = below(&case.state, "A", "PER").unwrap_err();
        assert_eq!(error.to_string(), "“A” cannot stand below “PER”, which labels something else");
    }

    #[test]
    fn what_makes_no_sense_is_refused() {
        let case = Case::new("so");
        let stance: AttributeKey = "stance".parse().unwrap();
        let attribute = |change: fn(&mut AttributeDef)| edit_attribute(&case.state, &stance, change).unwrap_err().to_string();
        assert_eq!(attribute(|row| row.choices.push(row.choices[0].clone())), "“stance” has two choices `support`; take one out");
        let wrong = attribute(|row| row.default = Some(AttributeValue::Bool(true)));
        assert_eq!(wrong, "`yes` is no value of “stance”; choose another default or none");
        assert_eq!(attribute(|row| row.kind = AttributeKind::Text), "the type of “stance” is changed together with its values");
        assert_eq!(attribute(|row| row.shortcut = Some('+')), "`+` cannot be a key; take one letter or digit");
        let role = edit_role(&case.state, &"cue".parse().unwrap(), |row| row.accepts.clear()).unwrap_err();
        assert_eq!(role.to_string(), "“cue” must take something: a span, an entity, a claim or a value");
        let kind = edit_label(&case.state, &label("A"), |row| row.kind = crate::model::LabelKind::Claim).unwrap_err();
        assert_eq!(kind.to_string(), "what “A” labels cannot be changed; make another label and merge this one into it");
    }

    #[test]
    fn a_retired_row_comes_back_unless_its_name_was_taken() {
        let mut case = Case::new("so");
        let row = CodebookKey::Label(label("PER"));
        let retire = retire_row(&case.state, &row, true).unwrap();
        apply(&mut case.state, &retire).unwrap();
        let back = retire_row(&case.state, &row, false).unwrap();
        assert!(there_and_back(&mut case.state, &back));
        let (_, again) = super::super::add_label(&case.state, "PER", crate::model::LabelKind::Entity).unwrap();
        apply(&mut case.state, &again).unwrap();
        assert!(matches!(retire_row(&case.state, &row, false), Err(OpError::Codebook(CodebookError::NameTaken { .. }))));
    }

    #[test]
    fn a_label_that_goes_below_another_stands_behind_it() {
        let mut case = Case::new("so");
        let below = edit_label(&case.state, &label("GPE"), |row| row.parent = Some(label("PER"))).unwrap();
        assert!(there_and_back(&mut case.state, &below));
        apply(&mut case.state, &below).unwrap();
        let mut order: Vec<_> = case.state.schema.labels.iter().map(|(key, row)| (row.position, key.as_str())).collect();
        order.sort_unstable();
        assert_eq!(order[..3], [(0, "PER"), (1, "GPE"), (2, "ORG")]);
    }

    #[test]
    fn a_default_is_one_of_the_choices() {
        let mut case = Case::new("so");
        let (stance, topics): (AttributeKey, AttributeKey) = ("stance".parse().unwrap(), "topics".parse().unwrap());
        let choice = |key: &str| AttributeValue::Choice(key.parse().unwrap());
        let choices = |keys: &[&str]| AttributeValue::Choices(keys.iter().map(|key| key.parse().unwrap()).collect());
        let with = |state: &State, key, value| edit_attribute(state, key, |row| row.default = Some(value));
        assert!(with(&case.state, &stance, choice("perhaps")).is_err());
        assert!(with(&case.state, &topics, choices(&["war", "perhaps"])).is_err());
        assert!(with(&case.state, &topics, choices(&["war", "trade"])).is_ok());
        let support = with(&case.state, &stance, choice("support")).unwrap();
        apply(&mut case.state, &support).unwrap();
        let taken_out = edit_attribute(&case.state, &stance, |row| row.choices.retain(|choice| choice.key.as_str() != "support"));
        assert!(matches!(taken_out, Err(OpError::Codebook(CodebookError::WrongDefault { .. }))));
    }

    #[test]
    fn a_default_that_was_wrong_before_is_not_in_the_way() {
        let mut case = Case::new("so");
        let stance: AttributeKey = "stance".parse().unwrap();
        let row = std::sync::Arc::make_mut(&mut case.state.schema).attributes.get_mut(&stance).unwrap();
        row.default = Some(AttributeValue::Bool(true));
        assert!(edit_attribute(&case.state, &stance, |row| row.description = "d".into()).is_ok());
    }

    #[test]
    fn a_choice_needs_a_name() {
        let case = Case::new("so");
        let nameless = edit_attribute(&case.state, &"stance".parse().unwrap(), |row| row.choices[0].name = " ".into());
        assert_eq!(nameless, Err(CodebookError::NoName("a choice").into()));
    }

    #[test]
    fn two_rows_that_had_one_name_before_can_be_edited() {
        let mut case = Case::new("so");
        std::sync::Arc::make_mut(&mut case.state.schema).labels.get_mut(&label("ORG")).unwrap().name = "PER".into();
        assert!(edit_label(&case.state, &label("PER"), |row| row.description = "d".into()).is_ok());
        assert!(retire_row(&case.state, &CodebookKey::Label(label("PER")), false).unwrap().is_empty(), "it is offered as it was");
    }

    #[test]
    fn the_codebook_gets_a_name() {
        let mut case = Case::new("so");
        let rename = edit_schema_info(&case.state, |info| info.name = "New".into()).unwrap();
        assert!(there_and_back(&mut case.state, &rename));
        apply(&mut case.state, &rename).unwrap();
        assert_eq!(case.state.schema.info.name, "New");
        assert!(edit_schema_info(&case.state, |_| {}).unwrap().is_empty());
    }

    #[test]
    fn keys_that_can_be_pressed_are_taken_and_names_of_others_are_not() {
        let mut case = Case::new("so");
        assert!(edit_label(&case.state, &label("PER"), |row| row.shortcut = Some('p')).is_ok());
        let taken = edit_label(&case.state, &label("PER"), |row| row.name = "org".into());
        assert!(matches!(taken, Err(OpError::Codebook(CodebookError::NameTaken { .. }))));
        let retired = retire_row(&case.state, &CodebookKey::Label(label("ORG")), true).unwrap();
        apply(&mut case.state, &retired).unwrap();
        let free = edit_label(&case.state, &label("PER"), |row| row.name = "ORG".into()).unwrap();
        apply(&mut case.state, &free).unwrap();
        assert!(edit_label(&case.state, &label("ORG"), |row| row.description = "d".into()).is_ok(), "a retired one may have the same");
        assert!(retire_row(&case.state, &CodebookKey::Label(label("ORG")), true).unwrap().is_empty());
    }
}
