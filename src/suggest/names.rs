//! Which entities have a name that could fit a mention: found by their words and by what abbreviates them.
//!
//! Holds whom to compare, not who fits: `suggest/entities.rs` decides that. Follows the changes of entities, because
//! thousands of names are looked through in a millisecond, but one key is found in a microsecond.

use std::collections::{BTreeMap, BTreeSet};

use super::entities::{initials, letters_of, words};
use crate::edit::Change;
use crate::model::{Entity, EntityId, State};

/// Of names that share only a word with a mention so many are compared: those with the rarest words first.
const MAX_CANDIDATES: usize = 600;

/// Entities by what their names can be found by, losers of merges included.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct NameIndex(BTreeMap<Key, Vec<EntityId>>);

#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Key {
    /// In small letters.
    Word(String),
    /// All of the name, in small letters.
    Whole(String),
    /// What the words begin with: `un` of `United Nations`.
    Initials(String),
    /// The letters of an abbreviation: `un` of `U.N.`.
    Letters(String),
}

impl NameIndex {
    /// All names of a project.
    #[must_use]
    pub fn of(state: &State) -> Self {
        let mut index = Self::default();
        state.entities.iter().for_each(|(id, entity)| index.add(*id, entity));
        index
    }

    /// Follows a change of one entity.
    pub fn follow(&mut self, change: &Change<EntityId, Entity>) {
        change.before.iter().for_each(|entity| self.remove(change.key, entity));
        change.after.iter().for_each(|entity| self.add(change.key, entity));
    }

    fn add(&mut self, id: EntityId, entity: &Entity) {
        for key in keys_of(entity) {
            let ids = self.0.entry(key).or_default();
            if let Err(at) = ids.binary_search(&id) {
                ids.insert(at, id);
            }
        }
    }

    fn remove(&mut self, id: EntityId, entity: &Entity) {
        for key in keys_of(entity) {
            let Some(ids) = self.0.get_mut(&key) else { continue };
            ids.retain(|known| *known != id);
            if ids.is_empty() {
                self.0.remove(&key);
            }
        }
    }

    /// Everybody who could be meant by the words of a mention, and some who could not. Where thousands share a word, not
    /// all of them, but everybody whose whole name it is.
    #[must_use]
    pub fn candidates(&self, surface: &str) -> BTreeSet<EntityId> {
        let surface = surface.trim();
        let abbreviated = letters_of(surface).map(|letters| Key::Initials(letters.iter().collect()));
        let others = [Key::Letters(initials(surface).collect()), Key::Whole(lower(surface))];
        let ids = |key: &Key| self.0.get(key).map(Vec::as_slice).unwrap_or_default();
        let mut found: BTreeSet<EntityId> = abbreviated.iter().chain(&others).flat_map(ids).copied().collect();
        let keys: Vec<Key> = word_keys(surface).collect();
        let mut by_word: Vec<&[EntityId]> = keys.iter().map(ids).collect();
        by_word.sort_by_key(|ids| ids.len());
        found.extend(by_word.into_iter().flatten().take(MAX_CANDIDATES));
        found
    }
}

fn keys_of(entity: &Entity) -> BTreeSet<Key> {
    let names = std::iter::once(&entity.name).chain(&entity.aliases);
    names.flat_map(|name| keys_of_name(name)).collect()
}

fn keys_of_name(name: &str) -> Vec<Key> {
    let letters = letters_of(name).map(|letters| Key::Letters(letters.iter().collect()));
    let initials: String = initials(name).collect();
    let is_abbreviable = initials.chars().nth(1).is_some();
    word_keys(name).chain([Key::Whole(lower(name))]).chain(letters).chain(is_abbreviable.then_some(Key::Initials(initials))).collect()
}

fn word_keys(name: &str) -> impl Iterator<Item = Key> {
    words(name).map(|word| Key::Word(lower(word)))
}

fn lower(text: &str) -> String {
    text.chars().flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::edit::testing::Case;
    use crate::model::Id;

    #[test]
    fn a_word_that_thousands_share_hides_nobody_who_is_called_so() {
        let mut state = Case::new("so").state;
        let id = |n| EntityId(Id::from_bits(n));
        state.entities.extend((1..5000).map(|n| (id(n), Entity::new(format!("Minister {n}"), None))));
        state.entities.insert(id(5000), Entity::new("minister", None));
        let found = NameIndex::of(&state).candidates("Minister");
        assert!(found.contains(&id(5000)) && found.len() == MAX_CANDIDATES + 1);
        assert!(NameIndex::of(&state).candidates("Minister 4711").contains(&id(4711)));
    }

    #[test]
    fn following_changes_is_as_reading_all() {
        let case = Case::new("so\n.. @k: PER \"John Kerry\" aka=\"Secretary Kerry\"\n.. @u: ORG \"United Nations\"\n.. @x: \"!!!\"");
        let mut state = case.state.clone();
        let mut index = NameIndex::of(&state);
        let (k, u) = (case.entity("k"), case.entity("u"));
        let before = state.entities[&k].clone();
        let after = Entity { name: "J. F. Kerry".to_owned(), ..before.clone() };
        index.follow(&Change::replace(k, before, after.clone()));
        index.follow(&Change::remove(u, state.entities[&u].clone()));
        state.entities.insert(k, after);
        state.entities.remove(&u);
        assert_eq!(index, NameIndex::of(&state));
    }
}
