//! Attribute values as plain JSON where the codebook says their kind, and with their type where it does not.

use std::collections::BTreeMap;

use serde_json::Value;

use super::rows::Values;
use crate::format::json_size::is_too_large;
use crate::model::{AttributeKey, AttributeKind, AttributeValue, Attributes, ChoiceKey, Finite, Schema};

/// All values. Together with the codebook they can be read again exactly.
pub(super) fn to_values(attributes: &Attributes, schema: &Schema) -> Values {
    // Every value is JSON.
    let raw = |value: Value| serde_json::value::to_raw_value(&value).ok();
    attributes.iter().filter_map(|(key, value)| Some((key.clone(), raw(to_value(value, kind_of(key, schema)))?))).collect()
}

/// All values, and as JSON those that have no meaning for the codebook.
pub(super) fn from_values(values: Values, schema: &Schema) -> (Attributes, BTreeMap<AttributeKey, String>) {
    let mut attributes = Attributes::new();
    let mut rejected = BTreeMap::new();
    for (key, raw) in values {
        let value = if is_too_large(raw.get()) { None } else { serde_json::from_str::<Value>(raw.get()).ok() };
        match value.as_ref().and_then(|value| from_value(value, kind_of(&key, schema))) {
            Some(read) => drop(attributes.insert(key, read)),
            None => drop(rejected.insert(key, value.map_or_else(|| raw.get().to_owned(), |value| value.to_string()))),
        }
    }
    (attributes, rejected)
}

fn kind_of(key: &AttributeKey, schema: &Schema) -> Option<AttributeKind> {
    schema.attributes.get(key).map(|def| def.kind)
}

fn to_value(value: &AttributeValue, kind: Option<AttributeKind>) -> Value {
    if !kind.is_some_and(|kind| kind.takes(value)) {
        return serde_json::to_value(value).unwrap_or_default();
    }
    match value {
        AttributeValue::Bool(value) => Value::from(*value),
        AttributeValue::Int(value) => Value::from(*value),
        AttributeValue::Number(value) => Value::from(value.value()),
        AttributeValue::Choice(key) => Value::from(key.as_str()),
        AttributeValue::Choices(keys) => keys.iter().map(ChoiceKey::as_str).collect(),
        AttributeValue::Text(text) => Value::from(text.as_str()),
        AttributeValue::Date(date) => Value::from(date.as_str()),
    }
}

fn from_value(value: &Value, kind: Option<AttributeKind>) -> Option<AttributeValue> {
    match (kind, value) {
        (_, Value::Object(_)) => serde_json::from_value(value.clone()).ok(),
        (Some(AttributeKind::YesNo), Value::Bool(value)) => Some(AttributeValue::Bool(*value)),
        (Some(AttributeKind::Integer), value) => value.as_i64().map(AttributeValue::Int),
        (Some(AttributeKind::Number), value) => value.as_f64().and_then(Finite::new).map(AttributeValue::Number),
        (Some(AttributeKind::Choice), Value::String(key)) => ChoiceKey::new(key).ok().map(AttributeValue::Choice),
        (Some(AttributeKind::Choices), Value::Array(keys)) => {
            let keys: Option<_> = keys.iter().map(|key| ChoiceKey::new(key.as_str()?).ok()).collect();
            keys.map(AttributeValue::Choices)
        }
        (Some(AttributeKind::Text), Value::String(text)) => Some(AttributeValue::Text(text.clone())),
        (Some(AttributeKind::Date), Value::String(date)) => date.parse().ok().map(AttributeValue::Date),
        (None, Value::Bool(value)) => Some(AttributeValue::Bool(*value)),
        (None, Value::String(text)) if !text.is_empty() => Some(AttributeValue::Text(text.clone())),
        (None, Value::Number(number)) => match number.as_i64() {
            Some(value) => Some(AttributeValue::Int(value)),
            None => number.as_f64().and_then(Finite::new).map(AttributeValue::Number),
        },
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_plain_where_the_kind_is_known() {
        let check = |value: AttributeValue, kind, json: &str| {
            assert_eq!(to_value(&value, kind).to_string(), json);
            assert_eq!(from_value(&serde_json::from_str(json).unwrap(), kind), Some(value));
        };
        let choice = AttributeValue::Choice(ChoiceKey::new("support").unwrap());
        check(choice.clone(), Some(AttributeKind::Choice), "\"support\"");
        check(choice.clone(), Some(AttributeKind::Text), r#"{"Choice":"support"}"#);
        check(choice, None, r#"{"Choice":"support"}"#);
        check(AttributeValue::Number(Finite::new(3.0).unwrap()), Some(AttributeKind::Number), "3.0");
        check(AttributeValue::Number(Finite::new(0.1 + 0.2).unwrap()), Some(AttributeKind::Number), "0.30000000000000004");
        check(AttributeValue::Int(3), Some(AttributeKind::Number), r#"{"Int":3}"#);
        check(AttributeValue::Bool(false), Some(AttributeKind::YesNo), "false");
        check(AttributeValue::Date("2016-05".parse().unwrap()), Some(AttributeKind::Date), "\"2016-05\"");
    }
}
