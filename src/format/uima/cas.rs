//! A CAS as all its serialisations see it: types, feature structures with numbers, texts (sofas), members of views.

use std::borrow::Cow;
use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::layers::{META_DATA, is_own};

/// What every annotation of a text is.
pub(super) const ANNOTATION: &str = "uima.tcas.Annotation";
/// What belongs to a text without a place in it.
pub(super) const ANNOTATION_BASE: &str = "uima.cas.AnnotationBase";
/// What everything is.
pub(super) const TOP: &str = "uima.cas.TOP";
/// The annotation of a whole text.
pub(super) const DOCUMENT_ANNOTATION: &str = "uima.tcas.DocumentAnnotation";
/// A text.
pub(super) const SOFA: &str = "uima.cas.Sofa";
/// Strings one after the other.
pub(super) const STRING_ARRAY: &str = "uima.cas.StringArray";
/// References one after the other.
pub(super) const FS_ARRAY: &str = "uima.cas.FSArray";
/// A text value.
pub(super) const STRING: &str = "uima.cas.String";
/// A whole number.
pub(super) const INTEGER: &str = "uima.cas.Integer";
/// The name of the view that every CAS has.
pub(super) const INITIAL_VIEW: &str = "_InitialView";

/// Types of types: nobody goes deeper.
const MAX_DEPTH: usize = 64;

/// One type.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct TypeDef {
    pub(super) parent: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(super) description: String,
    pub(super) features: BTreeMap<String, Feature>,
}

/// One feature of a type.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Feature {
    pub(super) range: String,
    /// Of what a list holds several, where that is said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) element: Option<String>,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(super) description: String,
    /// Whether others may refer to the list, too, where that is said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) may_be_shared: Option<bool>,
}

impl Feature {
    /// Of a range, and of elements for a list.
    pub(super) fn new(range: &str, element: Option<&str>) -> Self {
        Self { range: range.to_owned(), element: element.map(str::to_owned), ..Self::default() }
    }

    /// True for a list of references.
    pub(super) fn is_list(&self) -> bool {
        self.range.ends_with("FSArray") || self.range.ends_with("FSList") || self.range.ends_with("[]")
    }

    /// True where the value is the number of another structure.
    pub(super) fn is_reference(&self) -> bool {
        !is_primitive(&self.range)
    }
}

/// True for values that stand for themselves.
pub(super) fn is_primitive(range: &str) -> bool {
    let short = range.strip_prefix("uima.cas.").unwrap_or_default();
    matches!(short, "String" | "Integer" | "Float" | "Boolean" | "Byte" | "Short" | "Long" | "Double")
}

/// All types by name.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub(super) struct Types(pub(super) BTreeMap<String, TypeDef>);

impl Types {
    /// The type above.
    fn parent(&self, kind: &str) -> Option<&str> {
        match kind {
            TOP => None,
            ANNOTATION => Some(ANNOTATION_BASE),
            DOCUMENT_ANNOTATION => Some(ANNOTATION),
            ANNOTATION_BASE => Some(TOP),
            _ => self.0.get(kind).map(|def| def.parent.as_str()),
        }
    }

    /// The type and those above it.
    fn line<'k>(&'k self, kind: &'k str) -> impl Iterator<Item = &'k str> {
        std::iter::successors(Some(kind), |kind| self.parent(kind)).take(MAX_DEPTH)
    }

    /// True for a type below another, and for that itself.
    pub(super) fn is_a(&self, kind: &str, ancestor: &str) -> bool {
        self.line(kind).any(|kind| kind == ancestor)
    }

    /// A feature of a type or of one above it.
    pub(super) fn feature(&self, kind: &str, name: &str) -> Option<&Feature> {
        self.feature_and_name(kind, name).map(|(_, feature)| feature)
    }

    /// The same with its name, which lives as long.
    pub(super) fn feature_and_name<'t>(&'t self, kind: &str, name: &str) -> Option<(&'t str, &'t Feature)> {
        let own = |kind: &str| self.0.get(kind)?.features.get_key_value(name).map(|(name, feature)| (name.as_str(), feature));
        self.line(kind).find_map(own)
    }

    /// Names of all features of a type.
    pub(super) fn features<'t>(&'t self, kind: &'t str) -> impl Iterator<Item = (&'t String, &'t Feature)> {
        self.line(kind).filter_map(|kind| self.0.get(kind)).flat_map(|def| &def.features)
    }

    /// A feature of a type that is described here, where it has none of this name.
    pub(super) fn add_feature(&mut self, kind: &str, name: &str, feature: impl FnOnce() -> Feature) {
        if let Some(def) = self.0.get_mut(kind).filter(|def| !def.features.contains_key(name)) {
            def.features.insert(name.to_owned(), feature());
        }
    }

    /// Takes over what is not here yet.
    pub(super) fn add_missing(&mut self, other: &Self) {
        for (name, def) in &other.0 {
            let known = self.0.entry(name.clone()).or_insert_with(|| TypeDef {
                parent: def.parent.clone(),
                description: def.description.clone(),
                features: BTreeMap::new(),
            });
            for (feature, range) in &def.features {
                known.features.entry(feature.clone()).or_insert_with(|| range.clone());
            }
        }
    }
}

/// The value of a feature.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub(super) enum Value<'c> {
    Text(Cow<'c, str>),
    /// As it is written.
    Number(Cow<'c, str>),
    Offset(usize),
    Bool(bool),
    Ref(u64),
    Refs(Vec<u64>),
    Texts(Vec<Cow<'c, str>>),
}

impl Value<'_> {
    /// The same, for as long as anybody likes.
    pub(super) fn to_owned_value(&self) -> Value<'static> {
        match self {
            Self::Text(text) => Value::Text(text.clone().into_owned().into()),
            Self::Number(number) => Value::Number(number.clone().into_owned().into()),
            Self::Offset(offset) => Value::Offset(*offset),
            Self::Bool(value) => Value::Bool(*value),
            Self::Ref(id) => Value::Ref(*id),
            Self::Refs(ids) => Value::Refs(ids.clone()),
            Self::Texts(texts) => Value::Texts(texts.iter().map(|text| text.clone().into_owned().into()).collect()),
        }
    }

    /// The structures that it refers to.
    pub(super) fn references(&self) -> &[u64] {
        match self {
            Self::Ref(id) => std::slice::from_ref(id),
            Self::Refs(ids) => ids,
            _ => &[],
        }
    }

    /// As a word; several stand with `|` between them, references with a space.
    pub(super) fn to_text(&self) -> Cow<'_, str> {
        match self {
            Self::Text(text) | Self::Number(text) => Cow::Borrowed(text),
            Self::Offset(number) => Cow::Owned(number.to_string()),
            Self::Bool(value) => Cow::Borrowed(if *value { "true" } else { "false" }),
            Self::Ref(id) => Cow::Owned(id.to_string()),
            Self::Refs(ids) => Cow::Owned(ids.iter().map(u64::to_string).collect::<Vec<_>>().join(" ")),
            Self::Texts(texts) => Cow::Owned(texts.join("|")),
        }
    }

    fn is_reference(&self) -> bool {
        matches!(self, Self::Ref(_) | Self::Refs(_))
    }
}

/// One feature structure.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub(super) struct Structure<'c> {
    pub(super) id: u64,
    pub(super) kind: Cow<'c, str>,
    pub(super) features: Vec<(Cow<'c, str>, Value<'c>)>,
}

impl<'c> Structure<'c> {
    /// The value of a feature.
    pub(super) fn get(&self, name: &str) -> Option<&Value<'c>> {
        self.features.iter().find(|(feature, _)| feature == name).map(|(_, value)| value)
    }

    /// The value of a feature as a word; empty for none.
    pub(super) fn text(&self, name: &str) -> Cow<'_, str> {
        self.get(name).map(Value::to_text).unwrap_or_default()
    }

    /// Gives a feature another value, at the end where it had none.
    pub(super) fn set(&mut self, name: &str, value: Value<'c>) {
        match self.features.iter_mut().find(|(feature, _)| feature == name) {
            Some((_, old)) => *old = value,
            None => self.features.push((name.to_owned().into(), value)),
        }
    }

    /// Takes a feature away.
    pub(super) fn remove(&mut self, name: &str) {
        self.features.retain(|(feature, _)| feature != name);
    }

    /// The structure that a feature refers to.
    pub(super) fn reference(&self, name: &str) -> Option<u64> {
        match self.get(name)? {
            Value::Ref(id) => Some(*id),
            _ => None,
        }
    }

    /// The numbers of all structures that it refers to.
    pub(super) fn references(&self) -> impl Iterator<Item = u64> + '_ {
        self.features.iter().flat_map(|(_, value)| value.references()).copied()
    }

    /// Begin and end, where it has both.
    pub(super) fn place(&self) -> Option<(usize, usize)> {
        let offset = |name| match self.get(name)? {
            Value::Offset(offset) => Some(*offset),
            value => value.to_text().parse().ok(),
        };
        Some((offset("begin")?, offset("end")?))
    }

    /// The name of its type without the package.
    pub(super) fn short_kind(&self) -> &str {
        short_name(&self.kind)
    }

    /// On one line, for people and for what is kept aside.
    pub(super) fn to_line(&self) -> String {
        let mut line = serde_json::Map::new();
        line.insert("%TYPE".to_owned(), self.kind.as_ref().into());
        for (name, value) in &self.features {
            let name = if value.is_reference() { format!("@{name}") } else { name.to_string() };
            line.insert(name, value.to_text().as_ref().into());
        }
        serde_json::Value::Object(line).to_string()
    }
}

/// A name without its package.
pub(super) fn short_name(kind: &str) -> &str {
    kind.rsplit('.').next().unwrap_or(kind)
}

/// One text.
#[derive(Clone, Debug, Default)]
pub(super) struct Sofa<'c> {
    pub(super) id: u64,
    /// The view's name.
    pub(super) name: Cow<'c, str>,
    /// What it is, where that is said.
    pub(super) mime_type: Option<Cow<'c, str>>,
    /// None for data that is no text or lies elsewhere.
    pub(super) text: Option<Cow<'c, str>>,
}

/// Everything in one file.
#[derive(Clone, Debug, Default)]
pub(super) struct Cas<'c> {
    pub(super) types: Arc<Types>,
    pub(super) sofas: Vec<Sofa<'c>>,
    pub(super) structures: Vec<Structure<'c>>,
    /// What the views list; none where a file has no views.
    pub(super) members: Option<BTreeSet<u64>>,
    /// All structures as they are written, arrays among them; none where nothing is of other programs.
    pub(super) written: Vec<Structure<'c>>,
    /// The lines of a table that say what its columns are.
    pub(super) header: Vec<String>,
    /// The reader has made the offsets itself.
    pub(super) offsets_are_sure: bool,
    /// What was strange while reading, for people.
    pub(super) notes: Vec<String>,
}

/// True for a list of values that stands for itself.
pub(super) fn is_array(kind: &str) -> bool {
    kind.ends_with("Array") && kind.starts_with("uima.cas.") || kind.ends_with("[]")
}

/// What we write of a document beside its text; everything else is of other programs.
const OF_META_DATA: [&str; 7] = ["sofa", "begin", "end", "language", "documentTitle", "documentId", "documentUri"];

fn is_of_others(structure: &Structure<'_>) -> bool {
    let has_more = || structure.features.iter().any(|(name, _)| !OF_META_DATA.contains(&name.as_ref()));
    if structure.kind == META_DATA { has_more() } else { !is_own(&structure.kind) && !is_array(&structure.kind) }
}

impl<'c> Cas<'c> {
    /// Keeps all structures as they stand now, where some are of other programs or the file is none of ours.
    pub(super) fn keep_written(&mut self) {
        let is_ours = self.structures.iter().any(|structure| structure.kind == super::layers::DOCUMENT);
        if !is_ours || self.structures.iter().any(is_of_others) {
            self.written.clone_from(&self.structures);
        }
    }

    /// Arrays take the place of the references to them.
    pub(super) fn inline_arrays(&mut self) {
        let structures = std::mem::take(&mut self.structures);
        let (arrays, others): (Vec<_>, Vec<_>) = structures.into_iter().partition(|structure| is_array(&structure.kind));
        self.structures = others;
        let elements = |array: Structure<'c>| {
            let elements = array.features.into_iter().find(|(name, _)| name == "elements");
            (array.id, elements.map_or(Value::Refs(Vec::new()), |(_, value)| value))
        };
        let arrays: HashMap<u64, Value<'c>> = arrays.into_iter().map(elements).collect();
        let mut copied = 0;
        for (_, value) in self.structures.iter_mut().flat_map(|structure| &mut structure.features) {
            // A list that others may refer to, too, stands for itself also where XMI would have its elements.
            let &[id] = value.references() else { continue };
            // An array that everybody refers to would be copied far too often.
            if let Some(array) = arrays.get(&id).filter(|_| copied < MAX_COPIED) {
                copied += match array {
                    Value::Refs(ids) => ids.len(),
                    Value::Texts(texts) => texts.iter().map(|text| 1 + text.len() / 8).sum(),
                    _ => 1,
                };
                *value = array.clone();
            }
        }
    }
}

/// So many elements of arrays are copied in a file.
const MAX_COPIED: usize = 10_000_000;
/// So many elements of lists are followed in a file.
const MAX_ELEMENTS: usize = 1_000_000;

/// Structures by their numbers.
#[derive(Debug)]
pub(super) struct Index<'s, 'c> {
    by_id: HashMap<u64, &'s Structure<'c>>,
    // A long list to which everybody refers is not followed each time.
    opened: Cell<usize>,
}

impl<'s, 'c> Index<'s, 'c> {
    /// Of a CAS; of several structures with the same number the first.
    pub(super) fn new(cas: &'s Cas<'c>) -> Self {
        let mut index = HashMap::with_capacity(cas.structures.len());
        for structure in &cas.structures {
            index.entry(structure.id).or_insert(structure);
        }
        Self { by_id: index, opened: Cell::new(0) }
    }

    /// The structure of a number.
    pub(super) fn get(&self, id: u64) -> Option<&'s Structure<'c>> {
        self.by_id.get(&id).copied()
    }

    /// What a value refers to: arrays and lists are opened.
    pub(super) fn list(&self, value: &Value<'c>) -> Vec<u64> {
        match value {
            Value::Refs(ids) => ids.iter().flat_map(|id| self.open(*id)).collect(),
            Value::Ref(id) => self.open(*id),
            _ => Vec::new(),
        }
    }

    fn open(&self, id: u64) -> Vec<u64> {
        let Some(structure) = self.get(id) else { return vec![id] };
        match structure.short_kind() {
            "EmptyFSList" => Vec::new(),
            "NonEmptyFSList" => {
                let tail = |structure: &&Structure<'c>| structure.reference("tail").and_then(|id| self.get(id));
                let parts = std::iter::successors(Some(structure), tail).take(MAX_ELEMENTS.saturating_sub(self.opened.get()));
                let counted = parts.inspect(|_| self.opened.set(self.opened.get() + 1));
                counted.filter_map(|part| part.reference("head")).collect()
            }
            _ => vec![id],
        }
    }
}
