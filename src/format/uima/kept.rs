//! What an import keeps of a file of another program: all its structures as they stood there, and which of them became rows. An export to
//! the same format gives them back, with the rows as they are now.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use serde::{Deserialize, Serialize};

use super::cas::{
    ANNOTATION, ANNOTATION_BASE, Cas, FS_ARRAY, Feature, STRING, STRING_ARRAY, Structure, TOP, TypeDef, Types, Value, is_array, is_primitive,
};
use super::layers::{is_own, own_part};
use super::names::attribute_name;
use crate::format::Item;
use crate::format::packed_lines::{is_packed, pack, unpack};
use crate::model::{AttributeKey, AttributeValue, Attributes, EntityId, Filler, Node, Residue, RoleKey, Sheet};

/// One text of a file.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Kept {
    /// The fingerprint of the text in which the places are.
    pub(super) text: String,
    /// The number and the name of the text.
    pub(super) sofa: u64,
    pub(super) view: String,
    pub(super) mime_type: Option<String>,
    /// The lines of a table that say what its columns are.
    pub(super) header: Vec<String>,
    pub(super) types: Types,
    pub(super) structures: Vec<Structure<'static>>,
    /// None where the file lists nothing.
    pub(super) members: Option<BTreeSet<u64>>,
    /// How each type was read of which something became a row.
    pub(super) uses: BTreeMap<String, TypeUse>,
    /// By the names of features.
    pub(super) attributes: BTreeMap<String, AttributeKey>,
    pub(super) rows: Vec<KeptRow>,
    pub(super) of_document: Vec<KeptDocumentValue>,
}

/// How a type was read.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct TypeUse {
    /// The feature that is the label; none where the name of the type is.
    pub(super) label: Option<String>,
    /// The features that hold fillers of roles.
    pub(super) slots: Vec<String>,
}

/// A feature that became an attribute of the document, and what it said.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct KeptDocumentValue {
    /// The structure's number.
    pub(super) id: u64,
    pub(super) feature: String,
    pub(super) key: AttributeKey,
    pub(super) value: AttributeValue,
}

/// A structure that became a row, and what this said when it was read.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct KeptRow {
    /// The structure's number.
    pub(super) id: u64,
    pub(super) node: Node,
    pub(super) label: String,
    #[serde(default, skip_serializing_if = "Attributes::is_empty")]
    pub(super) attributes: Attributes,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) entity: Option<EntityId>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(super) roles: BTreeMap<RoleKey, Vec<Filler>>,
}

impl KeptRow {
    /// What a row says now, but for what a feature of ours has said in the file: that is written anew each time.
    pub(super) fn of(structure: &Structure<'_>, node: Node, sheet: &Sheet, attributes: &BTreeMap<String, AttributeKey>) -> Option<Self> {
        let mut row = Self { id: structure.id, node, label: String::new(), attributes: Attributes::new(), entity: None, roles: BTreeMap::new() };
        match node {
            Node::Span(id) => {
                let span = sheet.spans.get(&id)?;
                (row.label, row.attributes, row.entity) = (span.label.to_string(), span.attributes().clone(), span.entity);
            }
            Node::Claim(id) => {
                let claim = sheet.claims.get(&id)?;
                (row.label, row.attributes, row.roles) = (claim.label.to_string(), claim.attributes.clone(), claim.roles.clone());
            }
            Node::Relation(id) => {
                let relation = sheet.relations.get(&id)?;
                (row.label, row.attributes) = (relation.label.to_string(), relation.attributes.clone());
            }
            Node::Entity(_) => return None,
        }
        for part in structure.features.iter().filter_map(|(name, _)| own_part(name)) {
            match part {
                "label" => row.label.clear(),
                "entity" => row.entity = None,
                "roles" | "otherRoles" => row.roles.clear(),
                part => drop(attributes.get(attribute_name(part).as_ref()).map(|key| row.attributes.remove(key))),
            }
        }
        Some(row)
    }
}

impl Kept {
    /// The structures of other programs that belong to a text, and the types that these need.
    pub(super) fn new(cas: &Cas<'_>, is_of_text: impl Fn(&Structure<'_>) -> bool) -> Self {
        let structures = cas.written.iter().filter(|structure| !is_own(&structure.kind) && is_of_text(structure));
        let mut structures: Vec<Structure<'static>> = structures.map(without_ours).collect();
        let referred: HashSet<u64> = structures.iter().flat_map(Structure::references).collect();
        let is_listed = |id: &u64| cas.members.as_ref().is_some_and(|members| members.contains(id));
        // Lists of ours are referred to by structures of ours only.
        structures.retain(|structure| !is_array(&structure.kind) || referred.contains(&structure.id) || is_listed(&structure.id));
        let ids: HashSet<u64> = structures.iter().map(|structure| structure.id).collect();
        let members = cas.members.as_ref().map(|members| members.iter().filter(|id| ids.contains(id)).copied().collect());
        Self { types: used_types(&cas.types, &structures), members, structures, header: cas.header.clone(), ..Self::default() }
    }

    /// In a form to be kept.
    pub(super) fn packed(&self) -> String {
        pack(&serde_json::to_string(self).unwrap_or_default())
    }

    /// What was kept for a sheet: its own, else that of the document, else that of another coder, whose rows are none of this one's.
    pub(super) fn of(item: &Item, sheet: Option<&Sheet>, format: &str) -> Option<Self> {
        let others = item.sheets.values().map(|sheet| &sheet.info.residue);
        let mut residues = sheet.map(|sheet| &sheet.info.residue).into_iter().chain([&item.document.residue]).chain(others);
        residues.find_map(|residue| serde_json::from_str(&unpack(packed_line(residue, format)?)?).ok())
    }

    /// The structures by their numbers; of several with one number the first.
    pub(super) fn index(&self) -> HashMap<u64, usize> {
        let mut index = HashMap::with_capacity(self.structures.len());
        for (at, structure) in self.structures.iter().enumerate() {
            index.entry(structure.id).or_insert(at);
        }
        index
    }
}

/// The line of a residue that is a text of a file; the others are single annotations.
fn packed_line<'r>(residue: &'r Residue, format: &str) -> Option<&'r str> {
    residue.get(format)?.lines().find(|line| is_packed(line))
}

/// Without the features that we have added to it.
fn without_ours(structure: &Structure<'_>) -> Structure<'static> {
    let features = structure.features.iter().filter(|(name, _)| own_part(name).is_none());
    let features = features.map(|(name, value)| (name.clone().into_owned().into(), value.to_owned_value()));
    Structure { id: structure.id, kind: structure.kind.clone().into_owned().into(), features: features.collect() }
}

/// The types of these structures, and all that they are made of. What no type system describes is described by what is there.
fn used_types(types: &Types, structures: &[Structure<'_>]) -> Types {
    let mut used = Types::default();
    let mut waiting: Vec<&str> = structures.iter().map(|structure| structure.kind.as_ref()).collect();
    let mut seen = BTreeSet::new();
    while let Some(kind) = waiting.pop() {
        let kind = kind.strip_suffix("[]").unwrap_or(kind);
        if !seen.insert(kind) {
            continue;
        }
        let Some(def) = types.0.get(kind) else { continue };
        waiting.push(&def.parent);
        for feature in def.features.values() {
            waiting.push(&feature.range);
            waiting.extend(feature.element.as_deref());
        }
        used.0.insert(kind.to_owned(), def.clone());
    }
    for structure in structures {
        let kind = structure.kind.as_ref();
        if kind.starts_with("uima.") || kind.ends_with("[]") {
            continue;
        }
        if !types.0.contains_key(kind) {
            let parent = match (structure.place().is_some(), structure.get("sofa").is_some()) {
                (true, _) => ANNOTATION,
                (_, true) => ANNOTATION_BASE,
                _ => TOP,
            };
            used.0.entry(kind.to_owned()).or_insert_with(|| TypeDef { parent: parent.to_owned(), ..TypeDef::default() });
        }
        for (name, value) in &structure.features {
            if !matches!(name.as_ref(), "sofa" | "begin" | "end") && types.feature(kind, name).is_none() {
                used.add_feature(kind, name, || feature_of(value));
            }
        }
    }
    used
}

/// What a value can be, where nothing says it.
pub(super) fn feature_of(value: &Value<'_>) -> Feature {
    match value {
        Value::Text(_) => Feature::new(STRING, None),
        Value::Number(number) if number.parse::<i64>().is_ok() => Feature::new("uima.cas.Long", None),
        Value::Number(_) => Feature::new("uima.cas.Double", None),
        Value::Offset(_) => Feature::new("uima.cas.Integer", None),
        Value::Bool(_) => Feature::new("uima.cas.Boolean", None),
        Value::Ref(_) => Feature::new(TOP, None),
        Value::Refs(_) => Feature::new(FS_ARRAY, Some(TOP)),
        Value::Texts(_) => Feature::new(STRING_ARRAY, None),
    }
}

/// A value for a feature of this range; none where it does not fit.
pub(super) fn as_range<'c>(value: &Value<'c>, range: &str) -> Option<Value<'c>> {
    let text = value.to_text();
    match (value, range.strip_prefix("uima.cas.").unwrap_or(range)) {
        (Value::Text(_), "String") | (Value::Texts(_), "StringArray") => Some(value.clone()),
        (Value::Text(_), "Boolean") => match text.as_ref() {
            "true" | "yes" => Some(Value::Bool(true)),
            "false" | "no" => Some(Value::Bool(false)),
            _ => None,
        },
        (Value::Text(_), "Float" | "Double") => text.parse::<f64>().is_ok().then(|| Value::Number(text.into_owned().into())),
        (Value::Text(_), _) if is_primitive(range) => text.parse::<i64>().is_ok().then(|| Value::Number(text.into_owned().into())),
        _ => None,
    }
}
