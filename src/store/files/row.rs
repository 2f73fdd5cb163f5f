//! How a row becomes one line of RON, and small serde helpers.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;

use serde::de::{Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Serialize};

use super::unreadable;
use crate::store::{StoreError, plain_ron};
use crate::text::{Ranges, Text};

/// A range with its quote: `(12, 17, "Kerry")`, bytes of UTF-8.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
pub(crate) struct Place<'a>(pub(crate) u32, pub(crate) u32, #[serde(borrow)] pub(crate) Cow<'a, str>);

/// Ranges with their quotes.
pub(super) fn places<'t>(ranges: &Ranges, text: &'t Text) -> Vec<Place<'t>> {
    let place = |range: crate::text::TextRange| {
        let (start, end) = range.into();
        Place(start, end, Cow::Borrowed(text.slice(range)))
    };
    ranges.iter().map(place).collect()
}

/// A value on one line.
pub(crate) fn to_line<T: Serialize>(file: &str, value: &T) -> Result<String, StoreError> {
    plain_ron::to_line(value).map_err(|error| unreadable(file, error.to_string()))
}

/// Writes a file: fields, then sections of rows.
pub(super) struct FileWriter<'f> {
    file: &'f str,
    content: String,
}

impl<'f> FileWriter<'f> {
    /// Begins with the format version.
    pub(super) fn new(file: &'f str) -> Self {
        Self { file, content: format!("(\n  format: {},\n", super::FORMAT) }
    }

    pub(super) fn field<T: Serialize>(&mut self, name: &str, value: &T) -> Result<(), StoreError> {
        self.content.push_str(&format!("  {name}: "));
        self.push(value)?;
        self.content.push_str(",\n");
        Ok(())
    }

    /// Left out when there is none.
    pub(super) fn present<T: Serialize>(&mut self, name: &str, value: Option<&T>) -> Result<(), StoreError> {
        value.map_or(Ok(()), |value| self.field(name, value))
    }

    /// Left out when it is the default.
    pub(super) fn optional<T: Serialize + Default + PartialEq>(&mut self, name: &str, value: &T) -> Result<(), StoreError> {
        if *value == T::default() { Ok(()) } else { self.field(name, value) }
    }

    /// Left out when there is no row.
    pub(super) fn section<T: Serialize>(&mut self, name: &str, rows: impl Iterator<Item = T>) -> Result<(), StoreError> {
        self.section_by(name, rows, |out, row| plain_ron::push_line(out, row))
    }

    /// Like [`Self::section`], with rows that `push` appends.
    pub(super) fn section_by<T>(
        &mut self,
        name: &str,
        rows: impl Iterator<Item = T>,
        push: impl Fn(&mut String, &T) -> Result<(), ron::Error>,
    ) -> Result<(), StoreError> {
        let mut rows = rows.peekable();
        if rows.peek().is_none() {
            return Ok(());
        }
        self.content.push_str(&format!("  {name}: [\n"));
        for row in rows {
            self.content.push_str("    ");
            push(&mut self.content, &row).map_err(|error| unreadable(self.file, error.to_string()))?;
            self.content.push_str(",\n");
        }
        self.content.push_str("  ],\n");
        Ok(())
    }

    fn push<T: Serialize>(&mut self, value: &T) -> Result<(), StoreError> {
        plain_ron::push_line(&mut self.content, value).map_err(|error| unreadable(self.file, error.to_string()))
    }

    pub(super) fn finish(mut self) -> String {
        self.content.push_str(")\n");
        self.content
    }
}

/// An optional value written without `Some`; absence is absence of the field.
pub(super) mod bare {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    pub(in super::super) fn serialize<T: Serialize, S: Serializer>(value: &Option<T>, serializer: S) -> Result<S::Ok, S::Error> {
        match value {
            Some(value) => value.serialize(serializer),
            None => serializer.serialize_unit(),
        }
    }

    pub(in super::super) fn deserialize<'d, T: Deserialize<'d>, D: Deserializer<'d>>(deserializer: D) -> Result<Option<T>, D::Error> {
        T::deserialize(deserializer).map(Some)
    }
}

/// Lists of more rows are no lists of ours, and would take twenty times the memory of their text.
const MAX_ROWS: usize = 500_000;

/// A list that is not too long.
pub(crate) fn bounded<'d, T: Deserialize<'d>, D: Deserializer<'d>>(deserializer: D) -> Result<Vec<T>, D::Error> {
    deserializer.deserialize_seq(Bounded(PhantomData))
}

struct Bounded<T>(PhantomData<T>);

impl<'d, T: Deserialize<'d>> Visitor<'d> for Bounded<T> {
    type Value = Vec<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list")
    }

    fn visit_seq<A: SeqAccess<'d>>(self, mut rows: A) -> Result<Vec<T>, A::Error> {
        let mut list = Vec::new();
        while let Some(row) = rows.next_element()? {
            if list.len() == MAX_ROWS {
                return Err(A::Error::custom(format!("a list of more than {MAX_ROWS} rows")));
            }
            list.push(row);
        }
        Ok(list)
    }
}

/// A map whose keys must differ: RON itself lets the last one win.
pub(crate) fn unique_map<'d, K, V, D>(deserializer: D) -> Result<BTreeMap<K, V>, D::Error>
where
    K: Deserialize<'d> + Ord + fmt::Display,
    V: Deserialize<'d>,
    D: Deserializer<'d>,
{
    deserializer.deserialize_map(UniqueMap(PhantomData))
}

struct UniqueMap<K, V>(PhantomData<(K, V)>);

impl<'d, K: Deserialize<'d> + Ord + fmt::Display, V: Deserialize<'d>> Visitor<'d> for UniqueMap<K, V> {
    type Value = BTreeMap<K, V>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a map")
    }

    fn visit_map<A: MapAccess<'d>>(self, mut entries: A) -> Result<Self::Value, A::Error> {
        let mut map = BTreeMap::new();
        while let Some(key) = entries.next_key::<K>()? {
            if map.contains_key(&key) {
                return Err(A::Error::custom(format!("`{key}` is there twice")));
            }
            let value = entries.next_value()?;
            map.insert(key, value);
        }
        Ok(map)
    }
}
