//! Values of attributes: short where the codebook says the type, with their type where it does not.

use std::collections::BTreeSet;

use super::Problem;
use super::token::{quote, unquote};
use crate::model::{AttributeKey, AttributeKind, AttributeValue, ChoiceKey, Finite, Schema};

const KINDS: [(AttributeKind, &str); 7] = [
    (AttributeKind::YesNo, "Bool"),
    (AttributeKind::Integer, "Int"),
    (AttributeKind::Number, "Number"),
    (AttributeKind::Choice, "Choice"),
    (AttributeKind::Choices, "Choices"),
    (AttributeKind::Text, "Text"),
    (AttributeKind::Date, "Date"),
];

/// `support`, or `Int(3)` where the codebook does not expect a number.
pub(super) fn print_value(schema: &Schema, key: &AttributeKey, value: &AttributeValue) -> String {
    let inner = match value {
        AttributeValue::Choices(keys) => keys.iter().map(ChoiceKey::as_str).collect::<Vec<_>>().join(","),
        AttributeValue::Text(text) => quote(text),
        other => other.to_string(),
    };
    let is_expected = schema.attributes.get(key).is_some_and(|def| def.kind.takes(value));
    let word = KINDS.iter().find(|(kind, _)| kind.takes(value)).map_or("", |(_, word)| word);
    if is_expected && !inner.is_empty() { inner } else { format!("{word}({inner})") }
}

pub(super) fn read_value(schema: &Schema, key: &AttributeKey, value: &str) -> Result<AttributeValue, Problem> {
    let explicit = KINDS.iter().find_map(|(kind, word)| Some((*kind, value.strip_prefix(word)?.strip_prefix('(')?.strip_suffix(')')?)));
    let expected = schema.attributes.get(key).map(|def| (def.kind, value));
    let (kind, inner) = explicit.or(expected).ok_or_else(|| Problem::UntypedAttribute(key.to_string()))?;
    read_kind(kind, inner)?.ok_or_else(|| Problem::BadValue { value: value.to_owned(), expected: format!("`{key}`") })
}

fn read_kind(kind: AttributeKind, inner: &str) -> Result<Option<AttributeValue>, Problem> {
    Ok(match kind {
        AttributeKind::YesNo => yes_no(inner).map(AttributeValue::Bool),
        AttributeKind::Integer => inner.parse().ok().map(AttributeValue::Int),
        AttributeKind::Number => inner.parse().ok().and_then(Finite::new).map(AttributeValue::Number),
        AttributeKind::Choice => Some(AttributeValue::Choice(inner.parse()?)),
        AttributeKind::Choices => Some(AttributeValue::Choices(choices(inner)?)),
        AttributeKind::Text => Some(AttributeValue::Text(unquote(inner)?)),
        AttributeKind::Date => inner.parse().ok().map(AttributeValue::Date),
    })
}

pub(super) fn yes_no(word: &str) -> Option<bool> {
    match word {
        "yes" => Some(true),
        "no" => Some(false),
        _ => None,
    }
}

fn choices(inner: &str) -> Result<BTreeSet<ChoiceKey>, Problem> {
    let keys = inner.split(',').filter(|key| !key.is_empty());
    Ok(keys.map(str::parse).collect::<Result<_, _>>()?)
}
