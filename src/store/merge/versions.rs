//! Three versions of one thing, and how the fields of each kind become one again. Symmetric: which side is ours plays no
//! part.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Display;

use ron::Options;
use ron::extensions::Extensions;
use ron::ser::PrettyConfig;
use serde::Serialize;

use super::notes::Notes;
use crate::model::{Choice, ChoiceKey, Residue};

/// What both sides started from, and what each made of it. No base where both added it.
#[derive(Debug)]
pub(super) struct Versions<'v, T: ?Sized> {
    pub(super) base: Option<&'v T>,
    pub(super) ours: &'v T,
    pub(super) theirs: &'v T,
}

// Not derived: that would ask the same of `T`.
impl<T: ?Sized> Clone for Versions<'_, T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: ?Sized> Copy for Versions<'_, T> {}

/// Three versions that were made and have to live somewhere.
#[derive(Debug)]
pub(super) struct Three<T> {
    pub(super) base: Option<T>,
    pub(super) ours: T,
    pub(super) theirs: T,
}

impl<T> Three<T> {
    pub(super) fn versions(&self) -> Versions<'_, T> {
        Versions { base: self.base.as_ref(), ours: &self.ours, theirs: &self.theirs }
    }
}

impl<T> Three<Vec<T>> {
    fn slices(&self) -> Versions<'_, [T]> {
        Versions { base: self.base.as_deref(), ours: &self.ours, theirs: &self.theirs }
    }
}

impl<'v, T: ?Sized> Versions<'v, T> {
    /// The same of each version.
    pub(super) fn field<F: ?Sized>(self, field: impl Fn(&'v T) -> &'v F) -> Versions<'v, F> {
        Versions { base: self.base.map(&field), ours: field(self.ours), theirs: field(self.theirs) }
    }

    /// Something made of each version.
    pub(super) fn map<U>(self, make: impl Fn(&'v T) -> U) -> Three<U> {
        Three { base: self.base.map(&make), ours: make(self.ours), theirs: make(self.theirs) }
    }

    /// True when both sides have it, or one added it; what one side removed is gone.
    fn keep(self, has: impl Fn(&T) -> bool) -> bool {
        match (has(self.ours), has(self.theirs)) {
            (true, true) => true,
            (false, false) => false,
            _ => !self.base.is_some_and(has),
        }
    }
}

impl<'v, T: PartialEq> Versions<'v, T> {
    /// The version that counts where not both sides changed it in different ways.
    pub(super) fn settled(self) -> Option<&'v T> {
        if self.ours == self.theirs || self.base == Some(self.theirs) {
            return Some(self.ours);
        }
        (self.base == Some(self.ours)).then_some(self.theirs)
    }
}

/// A row of a list, known by its key.
pub(super) trait Row: Clone + PartialEq {
    /// One row of two that both sides have changed.
    fn merge(notes: &mut Notes, versions: Versions<'_, Self>) -> Self;

    /// Where the row keeps its notes; none where they go to what holds the row.
    fn residue(&mut self) -> Option<&mut Residue> {
        None
    }
}

/// Merges a struct field by field, each in the way that is named. A field that is forgotten does not compile.
macro_rules! merge_fields {
    ($notes:ident, $versions:ident, $row:ident { $($field:ident: $how:ident),* $(,)? }) => {
        $row { $($field: $notes.$how(stringify!($field), $versions.field(|row| &row.$field)),)* }
    };
}
pub(super) use merge_fields;

/// How fields become one again. The name is that of the field.
impl Notes {
    /// A value that is always there.
    pub(super) fn required<T: Clone + PartialEq + Serialize>(&mut self, name: &str, versions: Versions<'_, T>) -> T {
        let Versions { base, ours, theirs } = versions;
        self.choose(name, base, Some(ours), Some(theirs)).unwrap_or_else(|| ours.clone())
    }

    /// A value that is unset when it is blank.
    pub(super) fn optional<T: Clone + PartialEq + Default + Serialize>(&mut self, name: &str, versions: Versions<'_, T>) -> T {
        let Versions { base, ours, theirs } = versions;
        self.choose(name, base.and_then(unless_blank), unless_blank(ours), unless_blank(theirs)).unwrap_or_default()
    }

    /// Yes only where both sides say so: what one side marks as deleted and the other changes stays.
    pub(super) fn agreed(&mut self, name: &str, versions: Versions<'_, bool>) -> bool {
        if versions.ours != versions.theirs && versions.base != Some(&true) {
            self.push(format!("{name}: kept false, not true"));
        }
        *versions.ours && *versions.theirs
    }

    /// What makes the row the one that it is.
    pub(super) fn same<T: Clone>(&mut self, _: &str, versions: Versions<'_, T>) -> T {
        versions.ours.clone()
    }

    /// A place in a list, which is given anew to all its rows.
    pub(super) fn place(&mut self, _: &str, _: Versions<'_, u32>) -> u32 {
        0
    }

    /// A set: what either side adds or removes.
    pub(super) fn set<T: Clone + Ord>(&mut self, _: &str, versions: Versions<'_, BTreeSet<T>>) -> BTreeSet<T> {
        versions.ours.union(versions.theirs).filter(|item| versions.keep(|set| set.contains(*item))).cloned().collect()
    }

    /// A set with an order of its own.
    pub(super) fn list<T: Clone + Ord>(&mut self, _: &str, versions: Versions<'_, Vec<T>>) -> Vec<T> {
        let sets = versions.map(|list| list.iter().collect::<BTreeSet<_>>());
        let merged = || order(versions.field(Vec::as_slice), |item| sets.versions().keep(|set| set.contains(item)));
        versions.settled().cloned().unwrap_or_else(merged)
    }

    /// A list that means everything when it is empty, so that empty is not less but another value.
    pub(super) fn limit<T: Clone + Ord + Serialize>(&mut self, name: &str, versions: Versions<'_, Vec<T>>) -> Vec<T> {
        let merged = self.list(name, versions);
        let is_limit = |list: &Vec<T>| !list.is_empty();
        let Versions { base, ours, theirs } = versions;
        if is_limit(&merged) && is_limit(ours) && is_limit(theirs) && base.is_none_or(is_limit) { merged } else { self.required(name, versions) }
    }

    /// Values by key, each for itself.
    pub(super) fn map<K: Clone + Ord + Display, V: Clone + PartialEq + Serialize>(
        &mut self,
        name: &str,
        versions: Versions<'_, BTreeMap<K, V>>,
    ) -> BTreeMap<K, V> {
        let Versions { base, ours, theirs } = versions;
        let value = |key: &K| {
            let base = base.and_then(|base| base.get(key));
            self.choose(&format!("{name} {key}"), base, ours.get(key), theirs.get(key)).map(|value| (key.clone(), value))
        };
        keys(ours, theirs).into_iter().filter_map(value).collect()
    }

    /// Lists by key, each as a set. There are no empty ones.
    pub(super) fn lists<K: Clone + Ord, T: Clone + Ord>(&mut self, name: &str, versions: Versions<'_, BTreeMap<K, Vec<T>>>) -> BTreeMap<K, Vec<T>> {
        let none = Vec::new();
        let list = |key: &K| (key.clone(), self.list(name, versions.field(|map| map.get(key).unwrap_or(&none))));
        keys(versions.ours, versions.theirs).into_iter().map(list).filter(|(_, list)| !list.is_empty()).collect()
    }

    /// The choices of an attribute: rows in an order.
    pub(super) fn choices(&mut self, _: &str, versions: Versions<'_, Vec<Choice>>) -> Vec<Choice> {
        if let Some(settled) = versions.settled() {
            return settled.clone();
        }
        let by_key = |choices: &Vec<Choice>| choices.iter().map(|choice| (choice.key.clone(), choice.clone())).collect::<BTreeMap<_, _>>();
        let mut rows = self.rows("choice", versions.map(by_key).versions());
        let keys = versions.map(|choices| choices.iter().map(|choice| choice.key.clone()).collect::<Vec<ChoiceKey>>());
        let order = order(keys.slices(), |key| rows.contains_key(key));
        order.iter().filter_map(|key| rows.remove(key)).collect()
    }

    /// Rows by key. What one side deleted and the other changed stays.
    pub(super) fn rows<K: Clone + Ord + Display, R: Row>(&mut self, kind: &str, versions: Versions<'_, BTreeMap<K, R>>) -> BTreeMap<K, R> {
        let Versions { base, ours, theirs } = versions;
        let row = |key: &K| {
            let base = base.and_then(|base| base.get(key));
            self.row((kind, key), base, ours.get(key), theirs.get(key)).map(|row| (key.clone(), row))
        };
        keys(ours, theirs).into_iter().filter_map(row).collect()
    }

    fn row<K: Display, R: Row>(&mut self, (kind, key): (&str, &K), base: Option<&R>, ours: Option<&R>, theirs: Option<&R>) -> Option<R> {
        if ours == theirs || base == theirs {
            return ours.cloned();
        }
        if base == ours {
            return theirs.cloned();
        }
        let mut notes = Self::default();
        let mut row = match (ours, theirs) {
            (Some(ours), Some(theirs)) => R::merge(&mut notes, Versions { base, ours, theirs }),
            (ours, theirs) => {
                notes.push("deleted by one side, changed by the other, and kept".to_owned());
                ours.or(theirs)?.clone()
            }
        };
        self.take_over(&format!("{kind} {key}"), notes, row.residue());
        Some(row)
    }

    /// A value that both sides may have changed, set or cleared. Set beats cleared; of two values the later one in the
    /// alphabet is kept, because that is the same one from either side.
    fn choose<T: Clone + PartialEq + Serialize>(&mut self, name: &str, base: Option<&T>, ours: Option<&T>, theirs: Option<&T>) -> Option<T> {
        if ours == theirs || base == theirs {
            return ours.cloned();
        }
        if base == ours {
            return theirs.cloned();
        }
        let (mut kept, mut other) = ((ours.map(written), ours), (theirs.map(written), theirs));
        if kept.0.cmp(&other.0) == Ordering::Less {
            std::mem::swap(&mut kept, &mut other);
        }
        let shown = |text: Option<String>| text.unwrap_or_else(|| "nothing".to_owned());
        self.push(format!("{name}: kept {}, not {}", shown(kept.0), shown(other.0)));
        kept.1.cloned()
    }
}

fn unless_blank<T: PartialEq + Default>(value: &T) -> Option<&T> {
    (*value != T::default()).then_some(value)
}

/// A value as it stands in a file, on one line.
fn written<T: Serialize>(value: &T) -> String {
    let config = PrettyConfig::new().compact_arrays(true).compact_structs(true).compact_maps(true).separator(" ");
    let written = Options::default().with_default_extension(Extensions::IMPLICIT_SOME).to_string_pretty(value, config);
    debug_assert!(written.is_ok(), "every value can be written: {written:?}");
    written.unwrap_or_default()
}

fn keys<'v, K: Ord, V>(ours: &'v BTreeMap<K, V>, theirs: &'v BTreeMap<K, V>) -> BTreeSet<&'v K> {
    ours.keys().chain(theirs.keys()).collect()
}

/// The items of both sides that are to be kept, once each. The side that has moved something leads; what only the other
/// one has stands behind the item that it stood behind there.
pub(super) fn order<T: Clone + Ord>(versions: Versions<'_, [T]>, is_kept: impl Fn(&T) -> bool) -> Vec<T> {
    let (leader, other) = lead(versions);
    let mut merged = Chain::default();
    for item in leader.iter().filter(|item| is_kept(item)) {
        merged.push_once(item);
    }
    let theirs: BTreeSet<&T> = other.iter().collect();
    let (mut at, mut seen) = (None, BTreeSet::new());
    for item in other.iter().filter(|item| is_kept(item) && seen.insert(*item)) {
        at = merged.place_of(item).or_else(|| {
            // Behind what the leader has added at the same place.
            let behind = merged.last_of_run(at, |there| !theirs.contains(there));
            merged.insert_behind(behind, item)
        });
    }
    merged.items()
}

/// Items in an order, into which others can be put at any place without moving the rest.
struct Chain<'c, T> {
    // Each with the place of the next one.
    links: Vec<(&'c T, Option<usize>)>,
    first: Option<usize>,
    last: Option<usize>,
    places: BTreeMap<&'c T, usize>,
}

impl<T> Default for Chain<'_, T> {
    fn default() -> Self {
        Self { links: Vec::new(), first: None, last: None, places: BTreeMap::new() }
    }
}

impl<'c, T: Clone + Ord> Chain<'c, T> {
    fn push_once(&mut self, item: &'c T) {
        if !self.places.contains_key(item) {
            self.last = self.insert_behind(self.last, item);
        }
    }

    fn place_of(&self, item: &T) -> Option<usize> {
        self.places.get(item).copied()
    }

    /// None for the beginning.
    fn next(&self, place: Option<usize>) -> Option<usize> {
        place.map_or(self.first, |place| self.links.get(place).and_then(|(_, next)| *next))
    }

    /// The last of the items behind a place, one behind the other, that are of some kind; the place itself where there is
    /// none.
    fn last_of_run(&self, mut place: Option<usize>, is_in: impl Fn(&T) -> bool) -> Option<usize> {
        while let Some(next) = self.next(place).filter(|next| self.links.get(*next).is_some_and(|(item, _)| is_in(item))) {
            place = Some(next);
        }
        place
    }

    /// Returns its place.
    fn insert_behind(&mut self, place: Option<usize>, item: &'c T) -> Option<usize> {
        let (new, next) = (self.links.len(), self.next(place));
        self.links.push((item, next));
        self.places.insert(item, new);
        match place.and_then(|place| self.links.get_mut(place)) {
            Some((_, next)) => *next = Some(new),
            None => self.first = Some(new),
        }
        Some(new)
    }

    fn items(&self) -> Vec<T> {
        let mut items = Vec::with_capacity(self.links.len());
        let mut next = self.first;
        while let Some((item, behind)) = next.and_then(|place| self.links.get(place)) {
            items.push((*item).clone());
            next = *behind;
        }
        items
    }
}

fn lead<T: Ord>(Versions { base, ours, theirs }: Versions<'_, [T]>) -> (&[T], &[T]) {
    let base = base.unwrap_or_default();
    let in_base: BTreeSet<&T> = base.iter().collect();
    let has_moved = |side: &[T]| {
        let in_side: BTreeSet<&T> = side.iter().collect();
        !base.iter().filter(|item| in_side.contains(item)).eq(side.iter().filter(|item| in_base.contains(item)))
    };
    match (has_moved(ours), has_moved(theirs)) {
        (true, false) => (ours, theirs),
        (false, true) => (theirs, ours),
        _ if ours <= theirs => (ours, theirs),
        _ => (theirs, ours),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(base: &str, a: &str, b: &str, expected: &str) {
        let letters = |text: &str| text.chars().collect::<Vec<char>>();
        let (base, a, b) = (letters(base), letters(a), letters(b));
        for (ours, theirs) in [(&a, &b), (&b, &a)] {
            let merged = Notes::default().list("", Versions { base: Some(&base), ours, theirs });
            assert_eq!(merged.into_iter().collect::<String>(), expected);
        }
    }

    #[test]
    fn lists_keep_their_order_and_what_either_side_adds_or_removes() {
        check("abc", "abc", "cab", "cab");
        check("abc", "abcx", "abcy", "abcxy");
        check("abc", "xabc", "abcy", "xabcy");
        check("abc", "axbc", "aybc", "axybc");
        check("abc", "ac", "abyc", "ayc");
        check("abc", "cba", "abcx", "cxba");
        check("abc", "ab", "bc", "b");
        check("", "ab", "ba", "ab");
    }
}
