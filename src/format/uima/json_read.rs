//! Reading JSON CAS 0.4, its structures in a list or by their numbers.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::{Map, Value as Json};

use super::cas::{Cas, FS_ARRAY, Feature, SOFA, Sofa, Structure, TypeDef, Types, Value};
use super::read::Unreadable;
use crate::format::json_size::has_too_many_values;

/// A whole file.
pub(super) fn read_json(content: &str) -> Result<Cas<'static>, Unreadable> {
    if has_too_many_values(content) {
        return Err(Unreadable::new("it has far too many values for its length"));
    }
    let file: Json = serde_json::from_str(content).map_err(|error| Unreadable::at(error.line(), error.to_string()))?;
    let Json::Object(mut file) = file else { return Err(Unreadable::new("it is no object")) };
    // An empty CAS may leave it out.
    let is_cas = ["%TYPES", "%VIEWS", "%FEATURE_STRUCTURES"].iter().any(|name| file.contains_key(*name));
    let structures = file.remove("%FEATURE_STRUCTURES").unwrap_or_else(|| Json::Array(Vec::new()));
    if !is_cas {
        return Err(Unreadable::new("it has neither %TYPES nor %FEATURE_STRUCTURES"));
    }
    let mut cas = Cas { types: Arc::new(read_types(file.get("%TYPES"))), ..Cas::default() };
    match structures {
        Json::Array(rows) => rows.into_iter().for_each(|row| add(&mut cas, None, row)),
        Json::Object(rows) => rows.into_iter().for_each(|(id, row)| add(&mut cas, id.parse().ok(), row)),
        _ => return Err(Unreadable::new("%FEATURE_STRUCTURES is neither a list nor an object")),
    }
    if let Some(Json::Object(views)) = file.get("%VIEWS") {
        let members = views.values().filter_map(|view| view.get("%MEMBERS")?.as_array()).flatten();
        cas.members = Some(members.filter_map(Json::as_u64).collect());
    }
    cas.keep_written();
    cas.inline_arrays();
    Ok(cas)
}

fn read_types(types: Option<&Json>) -> Types {
    let types = types.and_then(Json::as_object).into_iter().flatten();
    let types = types.filter_map(|(name, def)| Some((name.clone(), read_type(def.as_object()?))));
    Types(types.collect::<BTreeMap<_, _>>())
}

fn read_type(def: &Map<String, Json>) -> TypeDef {
    let word = |def: &Map<String, Json>, name: &str| def.get(name).and_then(Json::as_str).unwrap_or_default().to_owned();
    let features = def.iter().filter(|(name, _)| !name.starts_with('%')).filter_map(|(name, feature)| {
        let feature = feature.as_object()?;
        let element = feature.get("%ELEMENT_TYPE").and_then(Json::as_str);
        let range = word(feature, "%RANGE");
        let found = match range.strip_suffix("[]") {
            Some(element) if !super::cas::is_primitive(element) => Feature::new(FS_ARRAY, Some(element)),
            _ => Feature::new(&range, element),
        };
        let may_be_shared = feature.get("%MULTIPLE_REFERENCES_ALLOWED").and_then(Json::as_bool);
        Some((name.clone(), Feature { may_be_shared, ..found }))
    });
    TypeDef { features: features.collect(), parent: word(def, "%SUPER_TYPE"), ..TypeDef::default() }
}

fn add(cas: &mut Cas<'static>, id: Option<u64>, row: Json) {
    let Json::Object(row) = row else { return };
    let Some(id) = id.or_else(|| row.get("%ID")?.as_u64()) else {
        return cas.notes.push("a feature structure has no number".to_owned());
    };
    let kind = row.get("%TYPE").and_then(Json::as_str).unwrap_or_default().to_owned();
    if kind == SOFA {
        let word = |name: &str| row.get(name).and_then(Json::as_str).map(str::to_owned);
        let (name, mime_type) = (word("sofaID").unwrap_or_default().into(), word("mimeType").map(Into::into));
        return cas.sofas.push(Sofa { id, name, mime_type, text: word("sofaString").map(Into::into) });
    }
    let holds_references = kind == FS_ARRAY || kind.strip_suffix("[]").is_some_and(|element| !super::cas::is_primitive(element));
    let features = row.into_iter().filter_map(|(name, value)| feature(&name, value, holds_references));
    cas.structures.push(Structure { id, kind: kind.into(), features: features.collect() });
}

fn feature(name: &str, value: Json, holds_references: bool) -> Option<(std::borrow::Cow<'static, str>, Value<'static>)> {
    if name == "%ELEMENTS" {
        return Some(("elements".into(), elements(value, holds_references)?));
    }
    if name.starts_with('%') {
        return None;
    }
    if let Some(name) = name.strip_prefix('@') {
        return Some((name.to_owned().into(), Value::Ref(value.as_u64()?)));
    }
    let is_number = name.starts_with('#');
    let name = name.strip_prefix(['#', '^']).unwrap_or(name).to_owned();
    let value = match value {
        // JSON has no word for what is no number, and for numbers without end.
        Json::String(number) if is_number => Value::Number(number.into()),
        Json::String(text) => Value::Text(text.into()),
        Json::Number(number) => match number.as_u64().and_then(|offset| usize::try_from(offset).ok()) {
            Some(offset) if name == "begin" || name == "end" => Value::Offset(offset),
            _ => Value::Number(number.to_string().into()),
        },
        Json::Bool(value) => Value::Bool(value),
        Json::Null | Json::Array(_) | Json::Object(_) => return None,
    };
    Some((name.into(), value))
}

fn elements(value: Json, are_references: bool) -> Option<Value<'static>> {
    match value {
        Json::Array(values) if are_references => Some(Value::Refs(values.iter().filter_map(Json::as_u64).collect())),
        Json::Array(values) => {
            let words = values.into_iter().map(|value| match value {
                Json::String(word) => word.into(),
                other => other.to_string().into(),
            });
            Some(Value::Texts(words.collect()))
        }
        // Bytes are one word.
        Json::String(bytes) => Some(Value::Text(bytes.into())),
        _ => None,
    }
}
