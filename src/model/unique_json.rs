//! JSON whose objects name nothing twice: parsers take the last of two values, and the first would be lost in silence.

use std::collections::BTreeSet;
use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};

/// Looks through a value. Returns the names of the outermost object; none where it is something else.
///
/// # Errors
/// When it is no JSON, or an object in it names something twice.
pub fn names_of_json(json: &[u8]) -> Result<BTreeSet<String>, serde_json::Error> {
    serde_json::from_slice::<Names>(json).map(|names| names.0)
}

/// The names of an object; those of the values in it were looked at and are gone.
struct Names(BTreeSet<String>);

impl<'d> Deserialize<'d> for Names {
    fn deserialize<D: Deserializer<'d>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(AnyValue).map(Self)
    }
}

struct AnyValue;

impl<'d> Visitor<'d> for AnyValue {
    type Value = BTreeSet<String>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_map<A: MapAccess<'d>>(self, mut entries: A) -> Result<Self::Value, A::Error> {
        let mut names = BTreeSet::new();
        while let Some(name) = entries.next_key::<String>()? {
            if names.contains(&name) {
                let name: String = name.chars().take(60).collect();
                return Err(A::Error::custom(format!("`{name}` is there twice")));
            }
            entries.next_value::<Names>()?;
            names.insert(name);
        }
        Ok(names)
    }

    fn visit_seq<A: SeqAccess<'d>>(self, mut values: A) -> Result<Self::Value, A::Error> {
        while values.next_element::<Names>()?.is_some() {}
        Ok(BTreeSet::new())
    }

    fn visit_str<E>(self, _: &str) -> Result<Self::Value, E> {
        Ok(BTreeSet::new())
    }

    fn visit_bool<E>(self, _: bool) -> Result<Self::Value, E> {
        Ok(BTreeSet::new())
    }

    fn visit_i64<E>(self, _: i64) -> Result<Self::Value, E> {
        Ok(BTreeSet::new())
    }

    fn visit_u64<E>(self, _: u64) -> Result<Self::Value, E> {
        Ok(BTreeSet::new())
    }

    fn visit_f64<E>(self, _: f64) -> Result<Self::Value, E> {
        Ok(BTreeSet::new())
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(BTreeSet::new())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_there_twice_is_seen_at_any_depth() {
        let check = |json: &str, expected: Result<&str, &str>| {
            let found = names_of_json(json.as_bytes()).map(|names| names.into_iter().collect::<Vec<_>>().join(" "));
            let found = found.map_err(|error| error.to_string());
            assert_eq!(found.as_deref().map_err(|error| error.split(" at line").next().unwrap()), expected);
        };
        check("{\"a\": [1, -1.5, true, null, \"x\", {\"a\": {}}], \"b\": 2}", Ok("a b"));
        check("[{\"a\": 1}, {\"a\": 2}]", Ok(""));
        check("{\"a\": 1, \"\\u0061\": 2}", Err("`a` is there twice"));
        check("[{\"x\": {\"a\": 1, \"b\": 1, \"a\": 1}}]", Err("`a` is there twice"));
    }
}
