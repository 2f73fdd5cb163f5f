//! Places of rows in their list. The order of labels and of types of relations is that of
//! their tree: what stands below one moves with it.

use super::super::OpError;
use super::CodebookError;
use super::row::{Branch, Row, edits_between, get, in_order, number, number_tree};
use crate::edit::{Edit, Transaction};
use crate::model::{AttributeDef, CodebookKey, Label, RelationType, RoleDef, State, tree_of};

/// Which way a row moves.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Direction {
    /// Before its neighbour.
    Up,
    /// Behind its neighbour.
    Down,
}

/// Moves a row past its neighbour, in a tree past its sister. Empty where there is none.
///
/// # Errors
/// When the row is not there.
pub fn move_row(state: &State, row: &CodebookKey, direction: Direction) -> Result<Transaction, OpError> {
    let edits = match row {
        CodebookKey::Label(key) => move_in_tree::<Label>(state, key, direction)?,
        CodebookKey::Role(key) => move_in_list::<RoleDef>(state, key, direction)?,
        CodebookKey::Attribute(key) => move_in_list::<AttributeDef>(state, key, direction)?,
        CodebookKey::RelationType(key) => move_in_tree::<RelationType>(state, key, direction)?,
    };
    let name = state.schema.name_of(row).unwrap_or_default();
    Ok(Transaction::new(format!("move {name}"), edits))
}

fn move_in_list<R: Row>(state: &State, key: &R::Key, direction: Direction) -> Result<Vec<Edit>, CodebookError> {
    get::<R>(state, key)?;
    let mut order = in_order::<R>(&state.schema);
    swap(&mut order, key, direction);
    let mut schema = state.schema.as_ref().clone();
    number::<R>(&mut schema, &order);
    Ok(edits_between(&state.schema, &schema))
}

fn move_in_tree<R: Branch>(state: &State, key: &R::Key, direction: Direction) -> Result<Vec<Edit>, CodebookError> {
    let parent = get::<R>(state, key)?.parent();
    let mut schema = state.schema.as_ref().clone();
    let rows = R::table(&state.schema);
    let is_sister = |other: &&R::Key| rows.get(*other).is_some_and(|row| row.parent() == parent);
    let mut sisters: Vec<R::Key> = tree_of(rows).into_iter().map(|(_, key)| key).filter(is_sister).cloned().collect();
    swap(&mut sisters, key, direction);
    // Numbers among the sisters alone are enough to sort the tree by.
    number::<R>(&mut schema, &sisters);
    number_tree::<R>(&mut schema);
    Ok(edits_between(&state.schema, &schema))
}

fn swap<K: PartialEq>(order: &mut [K], key: &K, direction: Direction) {
    let Some(at) = order.iter().position(|other| other == key) else { return };
    match direction {
        Direction::Up if at > 0 => order.swap(at, at - 1),
        Direction::Down if at + 1 < order.len() => order.swap(at, at + 1),
        Direction::Up | Direction::Down => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::edit::apply;
    use crate::edit::testing::{Case, there_and_back};

    fn order(state: &State) -> String {
        state.schema.label_tree().iter().map(|(_, key)| key.as_str()).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn labels_move_among_their_sisters_with_all_below() {
        let mut case = Case::new("so");
        let mut act = |operation: &dyn Fn(&State) -> Transaction| {
            let transaction = operation(&case.state);
            assert!(there_and_back(&mut case.state, &transaction));
            apply(&mut case.state, &transaction).unwrap();
            order(&case.state)
        };
        let label = |key: &str| CodebookKey::Label(key.parse().unwrap());
        let below =
            |state: &State| super::super::edit_label(state, &"GPE".parse().unwrap(), |row| row.parent = Some("PER".parse().unwrap())).unwrap();
        assert_eq!(act(&below), "PER GPE ORG CLAIM QUESTION A B CUE");
        assert_eq!(act(&|state| move_row(state, &label("PER"), Direction::Down).unwrap()), "ORG PER GPE CLAIM QUESTION A B CUE");
        assert_eq!(act(&|state| move_row(state, &label("ORG"), Direction::Up).unwrap()), "ORG PER GPE CLAIM QUESTION A B CUE");
        assert_eq!(act(&|state| move_row(state, &label("GPE"), Direction::Down).unwrap()), "ORG PER GPE CLAIM QUESTION A B CUE");
        assert_eq!(act(&|state| move_row(state, &label("CUE"), Direction::Up).unwrap()), "ORG PER GPE CLAIM QUESTION A CUE B");
    }

    #[test]
    fn roles_move_in_their_list() {
        let mut case = Case::new("so");
        let row = CodebookKey::Role("cue".parse().unwrap());
        let up = move_row(&case.state, &row, Direction::Up).unwrap();
        assert_eq!(up.edits.len(), 2);
        apply(&mut case.state, &up).unwrap();
        assert_eq!(in_order::<RoleDef>(&case.state.schema).first().unwrap().as_str(), "cue");
        assert!(move_row(&case.state, &row, Direction::Up).unwrap().is_empty());
    }
}
