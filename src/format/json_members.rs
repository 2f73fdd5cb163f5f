//! The members of a JSON object, each as its text: without a copy of it, and in one list.

use std::borrow::Cow;
use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

/// Members by name. Of two with the same name the last counts.
#[derive(Clone, Debug, Default)]
pub(super) struct Members<'j>(
    // In the order of their names, each of which is there once.
    Vec<(Cow<'j, str>, &'j RawValue)>,
);

impl<'j> Members<'j> {
    /// Those of an object; none where the text is something else.
    pub(super) fn of(json: &'j str) -> Option<Self> {
        serde_json::from_str(json).ok()
    }

    fn position(&self, name: &str) -> Result<usize, usize> {
        self.0.binary_search_by(|(known, _)| known.as_ref().cmp(name))
    }

    /// A member.
    pub(super) fn get(&self, name: &str) -> Option<&'j RawValue> {
        self.0.get(self.position(name).ok()?).map(|(_, json)| *json)
    }

    /// True where there is a member of this name.
    pub(super) fn contains(&self, name: &str) -> bool {
        self.position(name).is_ok()
    }

    /// A member, which is not here any more then.
    pub(super) fn remove(&mut self, name: &str) -> Option<&'j RawValue> {
        self.position(name).ok().map(|at| self.0.remove(at).1)
    }

    /// Puts a member in, in the place of one with the same name.
    pub(super) fn insert(&mut self, name: &'j str, json: &'j RawValue) {
        match self.position(name) {
            Ok(at) => self.0.get_mut(at).into_iter().for_each(|member| member.1 = json),
            Err(at) => self.0.insert(at, (name.into(), json)),
        }
    }

    /// Only the members for which this is true.
    pub(super) fn retain(&mut self, mut is_kept: impl FnMut(&str, &'j RawValue) -> bool) {
        self.0.retain(|(name, json)| is_kept(name, json));
    }

    /// All of them, in the order of their names.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&str, &'j RawValue)> {
        self.0.iter().map(|(name, json)| (name.as_ref(), *json))
    }

    /// All names.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|(name, _)| name.as_ref())
    }

    /// True where there is none.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// A name, without a copy where none is needed.
#[derive(Deserialize)]
#[serde(transparent)]
struct Name<'j>(#[serde(borrow)] Cow<'j, str>);

impl<'de: 'j, 'j> Deserialize<'de> for Members<'j> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(List).map(|Members(mut list)| {
            // The sort keeps the order of equal names, of which the last stays.
            list.sort_by(|(one, _), (other, _)| one.cmp(other));
            list.dedup_by(|later, earlier| {
                let is_same = later.0 == earlier.0;
                if is_same {
                    earlier.1 = later.1;
                }
                is_same
            });
            Self(list)
        })
    }
}

/// Gathers members as they stand there.
struct List;

impl<'j> Visitor<'j> for List {
    type Value = Members<'j>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'j>>(self, mut entries: A) -> Result<Members<'j>, A::Error> {
        let mut list = Vec::with_capacity(8);
        while let Some((Name(name), json)) = entries.next_entry()? {
            list.push((name, json));
        }
        Ok(Members(list))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_are_found_by_name_and_the_last_of_a_name_counts() {
        let mut members = Members::of(r#"{"b": [1], "a\u0041": "x", "b": {"c": 2}, "": null}"#).unwrap();
        assert_eq!(members.names().collect::<Vec<_>>(), ["", "aA", "b"]);
        assert_eq!(members.get("b").unwrap().get(), r#"{"c": 2}"#);
        assert_eq!(members.remove("aA").unwrap().get(), "\"x\"");
        assert!(!members.contains("aA") && members.get("c").is_none());
        assert!(Members::of("[1]").is_none() && Members::of("{\"a\": }").is_none());
    }
}
