//! New rows of the codebook. The key is made of the name and never changes again.

use super::row::{Row, check, in_order};
use super::{super::OpError, CodebookError};
use crate::edit::{Change, Transaction};
use crate::model::{
    AttributeDef, AttributeKey, AttributeKind, Color, FillerKind, Label, LabelKey, LabelKind, RelationKey, RelationType, RoleDef, RoleKey, State,
    Target,
};

/// A new label at the end, with the first colour of the palette that no other one has.
///
/// # Errors
/// When the name is empty or taken.
pub fn add_label(state: &State, name: &str, kind: LabelKind) -> Result<(LabelKey, Transaction), OpError> {
    let is_free = |color: &Color| state.schema.labels.values().all(|label| label.color != *color);
    let color = (0..Color::PALETTE_LEN).map(Color::from_palette).find(is_free).unwrap_or_else(|| Color::from_palette(state.schema.labels.len()));
    add(state, Label::new(name.trim(), kind, color, 0))
}

/// A new attribute at the end: text, on spans and claims, until something else is chosen.
///
/// # Errors
/// When the name is empty or taken.
pub fn add_attribute(state: &State, name: &str, kind: AttributeKind) -> Result<(AttributeKey, Transaction), OpError> {
    let def = AttributeDef {
        name: name.trim().to_owned(),
        kind,
        position: 0,
        applies_to: vec![Target::Span, Target::Claim],
        labels: Vec::new(),
        choices: Vec::new(),
        required: false,
        default: None,
        shortcut: None,
        description: String::new(),
        retired: false,
    };
    add(state, def)
}

/// A new role at the end, for spans and entities, until something else is chosen.
///
/// # Errors
/// When the name is empty or taken.
pub fn add_role(state: &State, name: &str) -> Result<(RoleKey, Transaction), OpError> {
    let def = RoleDef {
        name: name.trim().to_owned(),
        position: 0,
        accepts: vec![FillerKind::Span, FillerKind::Entity],
        values: Vec::new(),
        labels: Vec::new(),
        required: false,
        max: 0,
        shortcut: None,
        description: String::new(),
        retired: false,
    };
    add(state, def)
}

/// A new type of relation at the end, from anything to anything, until something else is chosen.
///
/// # Errors
/// When the name is empty or taken.
pub fn add_relation_type(state: &State, name: &str) -> Result<(RelationKey, Transaction), OpError> {
    add(state, RelationType::new(name.trim(), Color::from_palette(state.schema.relation_types.len()), 0))
}

fn add<R: Row>(state: &State, mut row: R) -> Result<(R::Key, Transaction), OpError> {
    check(state, None, &row, None)?;
    let table = R::table(&state.schema);
    let last = in_order::<R>(&state.schema).last().and_then(|key| table.get(key)).map(Row::position);
    *row.position_mut() = last.map_or(0, |last| last.saturating_add(1));
    let named =
        |n: usize| if n == 1 { R::key_of(row.name()) } else { R::key_of(&format!("{}-{n}", row.name().chars().take(90).collect::<String>())) };
    // Some key is free: there are fewer rows than numbers.
    let key = (1..=table.len() + 1).map(named).find(|key| !table.contains_key(key)).ok_or(CodebookError::Gone)?;
    let name = format!("new {} {}", R::WHAT.split_once(' ').map_or(R::WHAT, |(_, what)| what), row.name());
    Ok((key.clone(), Transaction::new(name, vec![R::edit(Change::insert(key, row))])))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::edit::testing::{Case, there_and_back};
    use crate::edit::{Edit, apply};

    #[test]
    fn a_label_gets_a_key_a_colour_and_the_last_place() {
        let mut case = Case::new("so");
        let (key, transaction) = add_label(&case.state, " Legal person ", LabelKind::Entity).unwrap();
        assert_eq!((key.as_str(), transaction.name.as_str()), ("Legal_person", "new label Legal person"));
        assert!(there_and_back(&mut case.state, &transaction));
        apply(&mut case.state, &transaction).unwrap();
        assert_eq!(case.state.schema.label_tree().last().unwrap().1, &key);
        let colors: Vec<Color> = case.state.schema.labels.values().map(|label| label.color).collect();
        assert!((1..colors.len()).all(|n| !colors[..n].contains(&colors[n])), "{colors:?}");
    }

    #[test]
    fn names_are_not_given_twice_but_keys_find_a_way() {
        let mut case = Case::new("so");
        let error = add_label(&case.state, "per", LabelKind::Span).unwrap_err();
        assert_eq!(error.to_string(), "there is a label called “per” already; choose another name");
        assert_eq!(add_role(&case.state, "  ").unwrap_err().to_string(), "a role needs a name");
        let rename = |state: &State| super::super::edit_label(state, &"PER".parse().unwrap(), |label| label.name = "Human".into()).unwrap();
        let renamed = rename(&case.state);
        apply(&mut case.state, &renamed).unwrap();
        let (key, transaction) = add_label(&case.state, "PER", LabelKind::Entity).unwrap();
        assert_eq!(key.as_str(), "PER-2");
        assert!(matches!(transaction.edits.as_slice(), [Edit::Label(_)]));
    }

    #[test]
    fn a_colour_that_is_free_again_is_taken() {
        let mut case = Case::new("so");
        let labels = &mut std::sync::Arc::make_mut(&mut case.state.schema).labels;
        let free = labels.remove(&"ORG".parse().unwrap()).unwrap().color;
        let (key, transaction) = add_label(&case.state, "New", LabelKind::Entity).unwrap();
        apply(&mut case.state, &transaction).unwrap();
        assert_eq!(case.state.schema.labels[&key].color, free);
    }

    #[test]
    fn the_first_row_of_a_list_is_made_like_any_other() {
        let mut case = Case::new("so");
        *std::sync::Arc::make_mut(&mut case.state.schema) = crate::model::Schema::default();
        for transaction in [add_label(&case.state, "New", LabelKind::Entity).unwrap().1, add_role(&case.state, "claimer").unwrap().1] {
            apply(&mut case.state, &transaction).unwrap();
        }
        assert_eq!((case.state.schema.labels.len(), case.state.schema.roles.len()), (1, 1));
    }
}
