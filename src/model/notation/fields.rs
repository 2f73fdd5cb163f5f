//! `key=value` items: attributes, roles, notes, residue and the words that belong to one kind of row.

use super::Problem;
use super::token::{find, quote, unquote};
use super::value::{print_value, read_value};
use crate::model::{AttributeKey, AttributeValue, Attributes, Residue, RoleKey, Schema};

/// The words of one kind of row. An attribute with such a name is written `attribute(note)`.
pub(super) struct Words {
    pub(super) words: &'static [&'static str],
    pub(super) has_roles: bool,
}

pub(super) const SPAN: Words = Words { words: &["note"], has_roles: false };
pub(super) const CLAIM: Words = Words { words: &["normalized", "note"], has_roles: true };
pub(super) const RELATION: Words = Words { words: &["note"], has_roles: false };
pub(super) const ENTITY: Words = Words { words: &["aka", "kb", "note", "made_by", "merged_into", "deleted"], has_roles: false };
pub(super) const SHEET: Words = Words { words: &["status", "note", "ignored", "rejected"], has_roles: false };
pub(super) const DOCUMENT: Words = Words { words: &["title", "source", "author", "date", "url", "language"], has_roles: false };

/// What many kinds of rows have.
#[derive(Default)]
pub(super) struct Common {
    pub(super) attributes: Attributes,
    pub(super) note: String,
    pub(super) residue: Residue,
}

/// What only some kinds of rows have; the value as it was written.
pub(super) enum Special<'s> {
    Word(&'s str, &'s str),
    Role(RoleKey, &'s str),
}

enum Item<'s> {
    Attribute(AttributeKey, AttributeValue),
    Residue(String, String),
    Special(Special<'s>),
}

impl Common {
    /// Takes what many rows have and gives back the rest.
    pub(super) fn take<'s>(&mut self, schema: &Schema, item: &'s str, words: &Words) -> Result<Option<Special<'s>>, Problem> {
        let twice = || Problem::Twice(item.to_owned());
        match parse_item(schema, item, words)? {
            Item::Attribute(key, value) => self.attributes.insert(key, value).map_or(Ok(None), |_| Err(twice())),
            Item::Residue(format, text) => self.residue.insert(format, text).map_or(Ok(None), |_| Err(twice())),
            Item::Special(Special::Word("note", _)) if !self.note.is_empty() => Err(twice()),
            Item::Special(Special::Word("note", value)) => {
                self.note = unquote(value)?;
                Ok(None)
            }
            Item::Special(special) => Ok(Some(special)),
        }
    }
}

fn parse_item<'s>(schema: &Schema, item: &'s str, words: &Words) -> Result<Item<'s>, Problem> {
    let bad = || Problem::BadItem(item.to_owned());
    let at = find(item, '=').ok_or_else(bad)?;
    let (key, value) = (item.get(..at).unwrap_or_default(), item.get(at + 1..).unwrap_or_default());
    if let Some(format) = inside(key, "residue") {
        return Ok(Item::Residue(unquote(format)?, unquote(value)?));
    }
    if words.words.contains(&key) {
        return Ok(Item::Special(Special::Word(key, value)));
    }
    match (inside(key, "attribute"), inside(key, "role")) {
        (None, Some(_)) if !words.has_roles => Err(bad()),
        (None, Some(role)) => Ok(Item::Special(Special::Role(role.parse()?, value))),
        (None, None) if is_role(schema, key, words) => Ok(Item::Special(Special::Role(key.parse()?, value))),
        (attribute, _) => {
            let key: AttributeKey = attribute.unwrap_or(key).parse()?;
            let value = read_value(schema, &key, value)?;
            Ok(Item::Attribute(key, value))
        }
    }
}

/// `k` of `word(k)`.
fn inside<'s>(key: &'s str, word: &str) -> Option<&'s str> {
    key.strip_prefix(word)?.strip_prefix('(')?.strip_suffix(')')
}

fn is_role(schema: &Schema, key: &str, words: &Words) -> bool {
    words.has_roles && key.parse().is_ok_and(|key: RoleKey| schema.roles.contains_key(&key))
}

/// `stance=support`, for every value that is set.
pub(super) fn print_attributes(schema: &Schema, attributes: &Attributes, words: &Words) -> Vec<String> {
    let is_short = |key: &str| !words.words.contains(&key) && !is_role(schema, key, words);
    let print = |(key, value)| {
        let value = print_value(schema, key, value);
        if is_short(key.as_str()) { format!("{key}={value}") } else { format!("attribute({key})={value}") }
    };
    attributes.iter().map(print).collect()
}

/// `claimer`, or `role(claimer)` where that would be something else.
pub(super) fn print_role(schema: &Schema, role: &RoleKey, words: &Words) -> String {
    let is_short = schema.roles.contains_key(role) && !words.words.contains(&role.as_str());
    if is_short { role.to_string() } else { format!("role({role})") }
}

/// `word="text"`, nothing for an empty text.
pub(super) fn print_text(word: &str, text: &str) -> Option<String> {
    (!text.is_empty()).then(|| format!("{word}={}", quote(text)))
}

pub(super) fn print_residue(residue: &Residue) -> impl Iterator<Item = String> {
    residue.iter().map(|(format, text)| format!("residue({})={}", quote(format), quote(text)))
}
