//! JSON as a tree that borrows its texts and names from the content: for readers that look at every value and keep few.

use std::borrow::Cow;
use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

/// A value.
#[derive(Clone, PartialEq, Debug, Default)]
pub(super) enum Json<'j> {
    #[default]
    Null,
    Bool(bool),
    Number(Number),
    Text(Cow<'j, str>),
    List(Vec<Json<'j>>),
    /// In the order of their names, each of which is there once: of several the last.
    Object(Vec<(Cow<'j, str>, Json<'j>)>),
}

impl<'j> Json<'j> {
    /// A member of an object.
    pub(super) fn get(&self, name: &str) -> Option<&Self> {
        let Self::Object(members) = self else { return None };
        members.iter().find(|(known, _)| known == name).map(|(_, value)| value)
    }

    /// The members of an object; none of anything else.
    pub(super) fn members(&self) -> &[(Cow<'j, str>, Self)] {
        if let Self::Object(members) = self { members } else { &[] }
    }

    /// A text.
    pub(super) fn as_str(&self) -> Option<&str> {
        if let Self::Text(text) = self { Some(text) } else { None }
    }

    /// The elements of a list.
    pub(super) fn as_list(&self) -> Option<&[Self]> {
        if let Self::List(elements) = self { Some(elements) } else { None }
    }

    /// A whole number that can be a place.
    pub(super) fn as_index(&self) -> Option<usize> {
        if let Self::Number(number) = self { number.as_u64().and_then(|number| usize::try_from(number).ok()) } else { None }
    }

    /// The same as a tree of its own.
    pub(super) fn to_value(&self) -> Value {
        match self {
            Self::Null => Value::Null,
            Self::Bool(value) => Value::Bool(*value),
            Self::Number(number) => Value::Number(number.clone()),
            Self::Text(text) => Value::String(text.as_ref().to_owned()),
            Self::List(elements) => elements.iter().map(Self::to_value).collect(),
            Self::Object(members) => Value::Object(to_map(members)),
        }
    }
}

/// Members as a tree of their own.
pub(super) fn to_map(members: &[(Cow<'_, str>, Json<'_>)]) -> Map<String, Value> {
    members.iter().map(|(name, value)| (name.as_ref().to_owned(), value.to_value())).collect()
}

/// JSON on one line, for what is kept aside; what is none as it is.
pub(super) fn on_one_line(raw: &str) -> Cow<'_, str> {
    serde_json::from_str::<Value>(raw).map_or(Cow::Borrowed(raw), |value| value.to_string().into())
}

impl<'de: 'j, 'j> Deserialize<'de> for Json<'j> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(AnyValue)
    }
}

/// A name, without a copy where none is needed.
#[derive(Deserialize)]
#[serde(transparent)]
struct Name<'j>(#[serde(borrow)] Cow<'j, str>);

struct AnyValue;

impl<'j> Visitor<'j> for AnyValue {
    type Value = Json<'j>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any valid JSON value")
    }

    fn visit_unit<E>(self) -> Result<Json<'j>, E> {
        Ok(Json::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Json<'j>, E> {
        Ok(Json::Bool(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Json<'j>, E> {
        Ok(Json::Number(value.into()))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Json<'j>, E> {
        Ok(Json::Number(value.into()))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Json<'j>, E> {
        Ok(Number::from_f64(value).map_or(Json::Null, Json::Number))
    }

    fn visit_borrowed_str<E>(self, text: &'j str) -> Result<Json<'j>, E> {
        Ok(Json::Text(text.into()))
    }

    fn visit_str<E>(self, text: &str) -> Result<Json<'j>, E> {
        Ok(Json::Text(text.to_owned().into()))
    }

    fn visit_seq<A: SeqAccess<'j>>(self, mut elements: A) -> Result<Json<'j>, A::Error> {
        let mut list = Vec::new();
        while let Some(element) = elements.next_element()? {
            list.push(element);
        }
        Ok(Json::List(list))
    }

    fn visit_map<A: MapAccess<'j>>(self, mut entries: A) -> Result<Json<'j>, A::Error> {
        let mut members: Vec<(Cow<'j, str>, Json<'j>)> = Vec::new();
        while let Some((Name(name), value)) = entries.next_entry()? {
            members.push((name, value));
        }
        if !members.is_sorted_by(|(one, _), (other, _)| one < other) {
            // The sort keeps the order of equal names.
            members.sort_by(|(one, _), (other, _)| one.cmp(other));
            members.dedup_by(|later, earlier| {
                let is_same = later.0 == earlier.0;
                if is_same {
                    earlier.1 = std::mem::take(&mut later.1);
                }
                is_same
            });
        }
        Ok(Json::Object(members))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tree_is_that_of_serde_json_and_borrows() {
        let content = r#"{"b": [1, -2, 2.5, 1e3, true, null], "a": "x", "c": {"é\n": "\u00e9", "d": []}, "a": "y", "": {}}"#;
        let tree: Json<'_> = serde_json::from_str(content).unwrap();
        assert_eq!(tree.to_value(), serde_json::from_str::<Value>(content).unwrap());
        assert_eq!(tree.to_value().to_string(), on_one_line(content));
        assert_eq!((tree.get("a").and_then(Json::as_str), tree.members().len()), (Some("y"), 4));
        assert!(matches!(tree.get("a"), Some(Json::Text(Cow::Borrowed(_)))));
        let list = tree.get("b").and_then(Json::as_list).unwrap();
        assert_eq!(list.iter().map(Json::as_index).collect::<Vec<_>>(), [Some(1), None, None, None, None, None]);
        for bad in ["{", "[1,]", "\"\\ud800\"", "1 2", "1e999"] {
            assert!(serde_json::from_str::<Json<'_>>(bad).is_err() && serde_json::from_str::<Value>(bad).is_err(), "{bad}");
            assert_eq!(on_one_line(bad), bad);
        }
    }
}
