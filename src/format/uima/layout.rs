//! What the types of a file mean: which are annotations, where their labels stand, what joins them.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use super::cas::{ANNOTATION, Cas, DOCUMENT_ANNOTATION, Feature, Structure, Types, Value, short_name};
use super::layers::{CLAIM, CLAIM_WITHOUT_PLACE, DOCUMENT, ENTITY, META_DATA, REGION, RELATION, SPAN, in_others, is_own, own_part};
use super::names::{attribute_name, is_fixed};
use crate::model::AttributeKind;

/// Words, sentences, parts of speech and syntax: this program has words of its own, and nobody labels these by hand here.
const LEFT_OUT: [&str; 5] = [
    "de.tudarmstadt.ukp.dkpro.core.api.segmentation.type.",
    "de.tudarmstadt.ukp.dkpro.core.api.lexmorph.type.",
    "de.tudarmstadt.ukp.dkpro.core.api.syntax.type.",
    "de.tudarmstadt.ukp.dkpro.core.api.metadata.type.Tag",
    "de.tudarmstadt.ukp.clarin.webanno.api.type.",
];
/// Features that hold what programs around DKPro call the label, the surest first.
const LABEL_FEATURES: [&str; 7] = ["value", "label", "Label", "category", "referenceType", "DependencyType", "PosValue"];
/// So many features of a type are looked at.
const MAX_FEATURES: usize = 1000;
/// A feature with more values than this is no label: it becomes an attribute.
const MAX_LABELS: usize = 50;

/// The feature of ours that says which label an annotation of another program has now.
static LABEL_IN_OTHERS: LazyLock<String> = LazyLock::new(|| in_others("label"));

/// What the structures of a type are.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Layer {
    /// Of no use here; counted.
    LeftOut,
    /// Reached from others, or nothing by itself.
    Part,
    /// Title, id and language.
    MetaData,
    /// Our own fields of the document.
    OwnDocument,
    /// About the document, without a place.
    Document,
    Region,
    Entity,
    Span,
    /// With the features that hold fillers of roles.
    Claim(Vec<String>),
    Relation,
    /// A member of a chain, which knows the next.
    ChainLink,
}

/// One type.
#[derive(Clone, Debug)]
pub(super) struct TypeLayout {
    pub(super) layer: Layer,
    /// The feature that holds the label.
    pub(super) label: Option<&'static str>,
    pub(super) is_own: bool,
}

/// All types that a file uses.
#[derive(Clone, Debug, Default)]
pub(super) struct Layout(BTreeMap<String, TypeLayout>);

/// What is seen of a type in a file, where the type system does not say it.
#[derive(Default)]
struct Seen<'s> {
    texts: BTreeSet<&'s str>,
    lists: BTreeSet<&'s str>,
    references: BTreeSet<&'s str>,
    has_place: bool,
}

impl Layout {
    /// Looks at the types and at what is there of them.
    pub(super) fn new(cas: &Cas<'_>) -> Self {
        let mut seen: BTreeMap<&str, Seen<'_>> = BTreeMap::new();
        for structure in &cas.structures {
            let seen = seen.entry(&structure.kind).or_default();
            seen.has_place |= structure.get("begin").is_some() && structure.get("end").is_some();
            for (name, value) in structure.features.iter().filter(|(name, _)| own_part(name).is_none()) {
                match value {
                    Value::Ref(_) => drop(seen.references.insert(name)),
                    Value::Refs(_) => drop(seen.lists.insert(name)),
                    Value::Text(_) => drop(seen.texts.insert(name)),
                    _ => {}
                }
            }
        }
        Self(seen.into_iter().map(|(kind, seen)| (kind.to_owned(), type_layout(&cas.types, kind, seen))).collect())
    }

    /// What a structure is.
    pub(super) fn of(&self, structure: &Structure<'_>) -> Option<&TypeLayout> {
        self.0.get(structure.kind.as_ref())
    }
}

fn type_layout<'s>(types: &'s Types, kind: &'s str, mut seen: Seen<'s>) -> TypeLayout {
    for (name, feature) in types.features(kind).filter(|(name, _)| own_part(name).is_none()).take(MAX_FEATURES) {
        match feature {
            feature if feature.range == super::cas::STRING => drop(seen.texts.insert(name)),
            feature if is_list_of_structures(feature) => drop(seen.lists.insert(name)),
            feature if feature.is_reference() => drop(seen.references.insert(name)),
            _ => {}
        }
    }
    // Ours is always the same: an attribute may be called as another one.
    let names = if is_own(kind) { &["label"][..] } else { &LABEL_FEATURES };
    let label = names.iter().copied().find(|name| seen.texts.contains(name));
    TypeLayout { layer: layer(types, kind, &seen), label, is_own: is_own(kind) }
}

fn is_list_of_structures(feature: &Feature) -> bool {
    feature.is_list() && !feature.element.as_deref().is_some_and(super::cas::is_primitive)
}

fn layer(types: &Types, kind: &str, seen: &Seen<'_>) -> Layer {
    match kind {
        SPAN => return Layer::Span,
        CLAIM | CLAIM_WITHOUT_PLACE => return Layer::Claim(vec!["roles".to_owned()]),
        RELATION => return Layer::Relation,
        REGION => return Layer::Region,
        ENTITY => return Layer::Entity,
        DOCUMENT => return Layer::OwnDocument,
        _ if is_own(kind) => return Layer::Part,
        _ => {}
    }
    let has = |name: &str| seen.references.contains(name);
    if kind == META_DATA || types.is_a(kind, DOCUMENT_ANNOTATION) {
        Layer::MetaData
    } else if LEFT_OUT.iter().any(|package| kind.starts_with(package)) {
        Layer::LeftOut
    } else if kind.starts_with("uima.cas.") || kind.ends_with("[]") {
        Layer::Part
    } else if !seen.has_place && !types.is_a(kind, ANNOTATION) {
        let is_document_level = types.is_a(kind, super::cas::ANNOTATION_BASE) && !has("first");
        if is_document_level { Layer::Document } else { Layer::Part }
    } else if has("Governor") && has("Dependent") {
        Layer::Relation
    } else if has("next") {
        Layer::ChainLink
    } else if seen.lists.is_empty() {
        Layer::Span
    } else {
        Layer::Claim(seen.lists.iter().map(|name| (*name).to_owned()).collect())
    }
}

/// How many labels each type has, over all files: a text that somebody wrote is none.
#[derive(Debug, Default)]
pub(super) struct LabelCounts(BTreeMap<String, BTreeSet<String>>);

impl LabelCounts {
    /// A label of a type.
    pub(super) fn add(&mut self, kind: &str, label: &str) {
        if !self.0.contains_key(kind) {
            self.0.insert(kind.to_owned(), BTreeSet::new());
        }
        if let Some(labels) = self.0.get_mut(kind).filter(|labels| labels.len() <= MAX_LABELS && !labels.contains(label)) {
            labels.insert(label.to_owned());
        }
    }

    fn are_labels(&self, kind: &str) -> bool {
        self.0.get(kind).is_none_or(|labels| labels.len() <= MAX_LABELS)
    }
}

impl TypeLayout {
    /// The feature that is the label, where it is one.
    pub(super) fn label_feature(&self, kind: &str, counts: &LabelCounts) -> Option<&'static str> {
        self.label.filter(|_| self.is_own || counts.are_labels(kind))
    }

    /// The label of a structure: that of its feature, else the name of its type.
    pub(super) fn label_of<'s>(&self, structure: &'s Structure<'_>, counts: &LabelCounts) -> Cow<'s, str> {
        let features = [Some(LABEL_IN_OTHERS.as_str()).filter(|_| !self.is_own), self.label_feature(&structure.kind, counts)];
        let value = features.into_iter().flatten().map(|name| structure.text(name)).find(|label| !label.trim().is_empty());
        value.unwrap_or_else(|| Cow::Borrowed(short_name(&structure.kind)))
    }

    /// The attributes of a structure: name, value, and the kind that the value is of.
    pub(super) fn attributes_of<'s>(
        &self,
        structure: &'s Structure<'_>,
        counts: &LabelCounts,
    ) -> Vec<(Cow<'s, str>, Cow<'s, str>, Option<AttributeKind>)> {
        let label = self.label_feature(&structure.kind, counts);
        let mut found = Vec::new();
        for (name, value) in &structure.features {
            let is_other = matches!(name.as_ref(), "sofa" | "begin" | "end") || Some(name.as_ref()) == label;
            let ours = if self.is_own { Some(name.as_ref()) } else { own_part(name) };
            let is_ours = ours.is_some_and(is_fixed);
            if is_other || is_ours || is_entry(&structure.kind, name) {
                continue;
            }
            let kind = match value {
                Value::Bool(_) => Some(AttributeKind::YesNo),
                Value::Number(number) if number.parse::<i64>().is_ok() => Some(AttributeKind::Integer),
                Value::Number(number) if number.parse::<f64>().is_ok_and(f64::is_finite) => Some(AttributeKind::Number),
                Value::Text(_) | Value::Texts(_) | Value::Number(_) => None,
                Value::Offset(_) | Value::Ref(_) | Value::Refs(_) => continue,
            };
            let name = ours.map_or(Cow::Borrowed(name.as_ref()), attribute_name);
            let value = value.to_text();
            if !value.is_empty() {
                found.push((name, value, kind));
            }
        }
        found
    }
}

/// The feature of DKPro's named entities that says whom they mean.
pub(super) fn is_entry(kind: &str, feature: &str) -> bool {
    feature == "identifier" && short_name(kind) == "NamedEntity"
}
