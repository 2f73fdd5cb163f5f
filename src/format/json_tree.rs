//! JSON as a tree that borrows its texts and names: for readers that look at every value and keep few, and for writers that make
//! many values and look at none again.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserializer, MapAccess, SeqAccess, Visitor};
use serde::ser::Serializer;
use serde::{Deserialize, Serialize};
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

impl<'j> From<&'j str> for Json<'j> {
    fn from(text: &'j str) -> Self {
        Self::Text(text.into())
    }
}

impl From<String> for Json<'_> {
    fn from(text: String) -> Self {
        Self::Text(text.into())
    }
}

impl From<usize> for Json<'_> {
    fn from(number: usize) -> Self {
        Self::Number(number.into())
    }
}

impl<'j> From<Vec<Self>> for Json<'j> {
    fn from(elements: Vec<Self>) -> Self {
        Self::List(elements)
    }
}

impl<'j> From<Object<'j>> for Json<'j> {
    fn from(object: Object<'j>) -> Self {
        Self::Object(object.0)
    }
}

impl From<Value> for Json<'_> {
    fn from(value: Value) -> Self {
        match value {
            Value::Null => Self::Null,
            Value::Bool(value) => Self::Bool(value),
            Value::Number(number) => Self::Number(number),
            Value::String(text) => Self::Text(text.into()),
            Value::Array(elements) => Self::List(elements.into_iter().map(Self::from).collect()),
            // They are in the order of their names.
            Value::Object(members) => Self::Object(members.into_iter().map(|(name, value)| (name.into(), value.into())).collect()),
        }
    }
}

impl Serialize for Json<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => serializer.serialize_unit(),
            Self::Bool(value) => serializer.serialize_bool(*value),
            Self::Number(number) => number.serialize(serializer),
            Self::Text(text) => serializer.serialize_str(text),
            Self::List(elements) => serializer.collect_seq(elements),
            Self::Object(members) => serializer.collect_map(members.iter().map(|(name, value)| (name, value))),
        }
    }
}

/// An object that is made.
#[derive(Clone, PartialEq, Debug, Default)]
pub(super) struct Object<'j>(Vec<(Cow<'j, str>, Json<'j>)>);

impl<'j> Object<'j> {
    /// With these members; of several with one name the last.
    pub(super) fn of<N: Into<Cow<'j, str>>>(members: impl IntoIterator<Item = (N, Json<'j>)>) -> Self {
        let mut made = Self::default();
        made.extend(members);
        made
    }

    /// With values by name.
    pub(super) fn of_values(values: impl IntoIterator<Item = (String, Value)>) -> Self {
        Self::of(values.into_iter().map(|(name, value)| (name, value.into())))
    }

    fn place(&self, name: &str) -> Result<usize, usize> {
        self.0.binary_search_by(|(known, _)| known.as_ref().cmp(name))
    }

    /// Sets a member, in the place of one with its name.
    pub(super) fn set(&mut self, name: impl Into<Cow<'j, str>>, value: impl Into<Json<'j>>) {
        let (name, value) = (name.into(), value.into());
        match self.place(&name) {
            Ok(at) => {
                if let Some(member) = self.0.get_mut(at) {
                    member.1 = value;
                }
            }
            Err(at) => self.0.insert(at, (name, value)),
        }
    }

    /// Takes a member out.
    pub(super) fn remove(&mut self, name: &str) {
        if let Ok(at) = self.place(name) {
            self.0.remove(at);
        }
    }

    /// Sets a member unless one has its name.
    pub(super) fn set_missing(&mut self, name: impl Into<Cow<'j, str>>, value: impl Into<Json<'j>>) {
        let name = name.into();
        if let Err(at) = self.place(&name) {
            self.0.insert(at, (name, value.into()));
        }
    }
}

impl<'j> IntoIterator for Object<'j> {
    type Item = (Cow<'j, str>, Json<'j>);
    type IntoIter = std::vec::IntoIter<Self::Item>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl<'j, N: Into<Cow<'j, str>>> Extend<(N, Json<'j>)> for Object<'j> {
    fn extend<I: IntoIterator<Item = (N, Json<'j>)>>(&mut self, members: I) {
        members.into_iter().for_each(|(name, value)| self.set(name, value));
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
    fn what_is_made_is_written_as_serde_json_writes_it() {
        let mut object = Object::of([("b", Json::from("é\n")), ("a", 3.into()), ("b", vec![Json::Null, Json::Bool(true)].into())]);
        object.set_missing("a", "not");
        object.set_missing("0", serde_json::json!({"y": [1.5, -2], "x": {}}));
        object.set("c", Object::default());
        let written = serde_json::to_string(&Json::from(object)).unwrap();
        assert_eq!(written, r#"{"0":{"x":{},"y":[1.5,-2]},"a":3,"b":[null,true],"c":{}}"#);
        assert_eq!(serde_json::from_str::<Value>(&written).unwrap().to_string(), written);
    }

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
