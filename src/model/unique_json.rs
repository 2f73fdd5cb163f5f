//! JSON whose objects name nothing twice: parsers take the last of two values, and the first would be lost in silence.

use std::borrow::Cow;
use std::collections::{BTreeSet, HashSet};
use std::fmt;

use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};

/// So many names of an object are compared one by one.
const FEW: usize = 16;

/// Looks through a value. Returns the names of the outermost object; none where it is something else.
///
/// # Errors
/// When it is no JSON, or an object in it names something twice.
pub fn names_of_json(json: &[u8]) -> Result<BTreeSet<String>, serde_json::Error> {
    let mut names = Vec::new();
    let mut deserializer = serde_json::Deserializer::from_slice(json);
    AnyValue { names: &mut names, depth: 0 }.deserialize(&mut deserializer)?;
    deserializer.end()?;
    Ok(names.into_iter().map(Cow::into_owned).collect())
}

/// A name, without a copy where none is needed.
#[derive(Deserialize)]
#[serde(transparent)]
struct Name<'j>(#[serde(borrow)] Cow<'j, str>);

/// Looks through a value. In `names` stand those of the objects around it, one object behind the other; those of an object in
/// another leave it with that.
struct AnyValue<'n, 'j> {
    names: &'n mut Vec<Cow<'j, str>>,
    depth: usize,
}

impl<'j> AnyValue<'_, 'j> {
    fn inside(&mut self) -> AnyValue<'_, 'j> {
        AnyValue { names: self.names, depth: self.depth + 1 }
    }
}

impl<'j> DeserializeSeed<'j> for AnyValue<'_, 'j> {
    type Value = ();

    fn deserialize<D: Deserializer<'j>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'j> Visitor<'j> for AnyValue<'_, 'j> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_map<A: MapAccess<'j>>(mut self, mut entries: A) -> Result<(), A::Error> {
        let (first, mut many) = (self.names.len(), HashSet::new());
        while let Some(Name(name)) = entries.next_key()? {
            let own = self.names.get(first..).unwrap_or_default();
            if own.len() == FEW {
                many.extend(own.iter().cloned());
            }
            let is_double = if own.len() < FEW { own.contains(&name) } else { !many.insert(name.clone()) };
            if is_double {
                let name: String = name.chars().take(60).collect();
                return Err(A::Error::custom(format!("`{name}` is there twice")));
            }
            self.names.push(name);
            entries.next_value_seed(self.inside())?;
        }
        if self.depth > 0 {
            self.names.truncate(first);
        }
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'j>>(mut self, mut values: A) -> Result<(), A::Error> {
        while values.next_element_seed(self.inside())?.is_some() {}
        Ok(())
    }

    fn visit_str<E>(self, _: &str) -> Result<(), E> {
        Ok(())
    }

    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_i64<E>(self, _: i64) -> Result<(), E> {
        Ok(())
    }

    fn visit_u64<E>(self, _: u64) -> Result<(), E> {
        Ok(())
    }

    fn visit_f64<E>(self, _: f64) -> Result<(), E> {
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
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
        let many: Vec<String> = (0..100).map(|n| format!("\"{n}\": {{\"a\": 1}}")).collect();
        assert_eq!(names_of_json(format!("{{{}}}", many.join(",")).as_bytes()).unwrap().len(), 100);
        check(&format!("{{{}, \"17\": 1}}", many.join(",")), Err("`17` is there twice"));
        check(&format!("{{{}, \"3\": 1}}", many.join(",")), Err("`3` is there twice"));
    }
}
