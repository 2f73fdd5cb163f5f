//! What all rows of the codebook have in common.

use std::collections::{BTreeMap, BTreeSet};

use super::CodebookError;
use crate::edit::{Change, Edit};
use crate::model::{AttributeDef, AttributeKey, Label, LabelKey, RelationKey, RelationType, RoleDef, RoleKey, Schema, State, TreeRow, tree_of};

/// A row of one of the codebook's tables.
pub(in crate::edit::ops) trait Row: Clone + PartialEq {
    type Key: Clone + Ord;
    /// `a label`, in a sentence.
    const WHAT: &'static str;

    fn table(schema: &Schema) -> &BTreeMap<Self::Key, Self>;
    fn table_mut(schema: &mut Schema) -> &mut BTreeMap<Self::Key, Self>;
    fn edit(change: Change<Self::Key, Self>) -> Edit;
    /// A key made of a name.
    fn key_of(name: &str) -> Self::Key;
    fn name(&self) -> &str;
    fn position(&self) -> u32;
    fn position_mut(&mut self) -> &mut u32;
    fn shortcut(&self) -> Option<char>;
    /// True when it is not offered any more.
    fn is_retired(&self) -> bool;
    fn retired_mut(&mut self) -> &mut bool;
}

macro_rules! rows {
    ($($row:ident: $key:ident in $table:ident, $edit:ident, $what:literal;)*) => {$(
        impl Row for $row {
            type Key = $key;
            const WHAT: &'static str = $what;

            fn table(schema: &Schema) -> &BTreeMap<$key, Self> {
                &schema.$table
            }
            fn table_mut(schema: &mut Schema) -> &mut BTreeMap<$key, Self> {
                &mut schema.$table
            }
            fn edit(change: Change<$key, Self>) -> Edit {
                Edit::$edit(change)
            }
            fn key_of(name: &str) -> $key {
                $key::from_text(name)
            }
            fn name(&self) -> &str {
                &self.name
            }
            fn position(&self) -> u32 {
                self.position
            }
            fn position_mut(&mut self) -> &mut u32 {
                &mut self.position
            }
            fn shortcut(&self) -> Option<char> {
                self.shortcut
            }
            fn is_retired(&self) -> bool {
                self.retired
            }
            fn retired_mut(&mut self) -> &mut bool {
                &mut self.retired
            }
        }
    )*};
}

rows! {
    Label: LabelKey in labels, Label, "a label";
    AttributeDef: AttributeKey in attributes, Attribute, "an attribute";
    RoleDef: RoleKey in roles, Role, "a role";
    RelationType: RelationKey in relation_types, RelationType, "a type of relation";
}

/// A row that can stand below another one of its table and be merged into it: a label, or a type of relation.
pub(in crate::edit::ops) trait Branch: Row + TreeRow<Self::Key> {
    fn replaced_by_mut(&mut self) -> &mut Option<Self::Key>;
    fn aliases_mut(&mut self) -> &mut Vec<String>;
}

macro_rules! branches {
    ($($row:ident)*) => {$(
        impl Branch for $row {
            fn replaced_by_mut(&mut self) -> &mut Option<Self::Key> {
                &mut self.replaced_by
            }
            fn aliases_mut(&mut self) -> &mut Vec<String> {
                &mut self.aliases
            }
        }
    )*};
}

branches!(Label RelationType);

pub(in crate::edit::ops) fn get<'s, R: Row>(state: &'s State, key: &R::Key) -> Result<&'s R, CodebookError> {
    R::table(&state.schema).get(key).ok_or(CodebookError::Gone)
}

/// The keys of a table in the order in which they are shown.
pub(in crate::edit::ops) fn in_order<R: Row>(schema: &Schema) -> Vec<R::Key> {
    let mut keys: Vec<(u32, &R::Key)> = R::table(schema).iter().map(|(key, row)| (row.position(), key)).collect();
    keys.sort();
    keys.into_iter().map(|(_, key)| key.clone()).collect()
}

/// Numbers the rows of a table in this order, without gaps: a codebook file knows no numbers, only the order of its lines.
pub(in crate::edit::ops) fn number<R: Row>(schema: &mut Schema, order: &[R::Key]) {
    for (place, key) in (0..).zip(order) {
        if let Some(row) = R::table_mut(schema).get_mut(key) {
            *row.position_mut() = place;
        }
    }
}

/// Numbers the rows in the order of their tree.
pub(super) fn number_tree<R: Branch>(schema: &mut Schema) {
    let order: Vec<R::Key> = tree_of(R::table(schema)).into_iter().map(|(_, key)| key.clone()).collect();
    number::<R>(schema, &order);
}

/// The edits that lead from one codebook to another, apart from its name and description.
pub(in crate::edit::ops) fn edits_between(before: &Schema, after: &Schema) -> Vec<Edit> {
    let mut edits = rows_between::<Label>(before, after);
    edits.extend(rows_between::<AttributeDef>(before, after));
    edits.extend(rows_between::<RoleDef>(before, after));
    edits.extend(rows_between::<RelationType>(before, after));
    edits
}

fn rows_between<R: Row>(before: &Schema, after: &Schema) -> Vec<Edit> {
    let (old, new) = (R::table(before), R::table(after));
    let keys: BTreeSet<&R::Key> = old.keys().chain(new.keys()).collect();
    let changed = keys.into_iter().filter(|key| old.get(key) != new.get(key));
    changed.map(|key| R::edit(Change { key: key.clone(), before: old.get(key).cloned(), after: new.get(key).cloned() })).collect()
}

/// Checks what every row must have: a name of its own among the rows that are offered, and a key that can be pressed.
/// A fault that was there before may stay.
pub(in crate::edit::ops) fn check<R: Row>(state: &State, key: Option<&R::Key>, row: &R, before: Option<&R>) -> Result<(), CodebookError> {
    let name = row.name().trim();
    if name.is_empty() {
        return Err(CodebookError::NoName(R::WHAT));
    }
    let is_other = |(other, def): &(&R::Key, &R)| Some(*other) != key && !def.is_retired() && same_name(def.name(), name);
    if !row.is_retired() && before.is_none_or(|before| before.name().trim() != name) && R::table(&state.schema).iter().any(|row| is_other(&row)) {
        return Err(CodebookError::NameTaken { what: R::WHAT, name: name.to_owned() });
    }
    match row.shortcut().filter(|shortcut| before.and_then(R::shortcut) != Some(*shortcut)) {
        Some(shortcut) if !shortcut.is_ascii_alphanumeric() => Err(CodebookError::NotAKey(shortcut)),
        _ => Ok(()),
    }
}

fn same_name(one: &str, other: &str) -> bool {
    one.trim().to_lowercase() == other.to_lowercase()
}
