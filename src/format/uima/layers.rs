//! Our own types. INCEpTION takes layers of its users from the package `webanno.custom`, and shows their features.
//!
//! The label is a feature and not a type: in INCEpTION a relation or a slot belongs to one layer, so that spans with
//! different labels can only be joined when they are of one layer; and a codebook may have hundreds of labels.
//!
//! Attributes are strings, also yes/no and numbers: UIMA's own booleans and numbers cannot be unset, and every program
//! in Java writes `false` and `0` for them where nobody has said anything.

use std::collections::{BTreeMap, BTreeSet};

use super::cas::{ANNOTATION, ANNOTATION_BASE, DOCUMENT_ANNOTATION, FS_ARRAY, Feature, INTEGER, STRING, STRING_ARRAY, TOP, TypeDef, Types};
use super::names::feature_name;
use crate::model::{AttributeKind, Schema};

/// A span.
pub(super) const SPAN: &str = "webanno.custom.ManiculeSpan";
/// A claim with content.
pub(super) const CLAIM: &str = "webanno.custom.ManiculeClaim";
/// A claim without content.
pub(super) const CLAIM_WITHOUT_PLACE: &str = "webanno.custom.ManiculeClaimWithoutPlace";
/// A role that is filled by an annotation.
pub(super) const ROLE: &str = "webanno.custom.ManiculeClaimRolesLink";
/// A role that is filled by something without a place.
pub(super) const OTHER_ROLE: &str = "webanno.custom.ManiculeOtherRole";
/// A further range of a discontinuous place.
pub(super) const FRAGMENT: &str = "webanno.custom.ManiculeFragment";
/// A further place of a claim.
pub(super) const OCCURRENCE: &str = "webanno.custom.ManiculeOccurrence";
/// A relation.
pub(super) const RELATION: &str = "webanno.custom.ManiculeRelation";
/// A title, a caption, boilerplate.
pub(super) const REGION: &str = "webanno.custom.ManiculeRegion";
/// Whom mentions mean.
pub(super) const ENTITY: &str = "webanno.custom.ManiculeEntity";
/// What a coder says about the document, and fields that UIMA has no place for.
pub(super) const DOCUMENT: &str = "webanno.custom.ManiculeDocument";
/// Title, id and address of a document, as all programs around DKPro have it.
pub(super) const META_DATA: &str = "de.tudarmstadt.ukp.dkpro.core.api.metadata.type.DocumentMetaData";

/// Each type, the one above it and its features: name and range.
type Row = (&'static str, &'static str, &'static [(&'static str, &'static str)]);

const ROWS: [Row; 12] = [
    (SPAN, ANNOTATION, &[("label", STRING), ("note", STRING), ("entity", STRING), ("entityName", STRING), ("fragments", FRAGMENT)]),
    (
        CLAIM,
        ANNOTATION,
        &[
            ("label", STRING),
            ("normalized", STRING),
            ("note", STRING),
            ("roles", ROLE),
            ("otherRoles", OTHER_ROLE),
            ("occurrences", OCCURRENCE),
            ("fragments", FRAGMENT),
        ],
    ),
    (
        CLAIM_WITHOUT_PLACE,
        ANNOTATION_BASE,
        &[("label", STRING), ("normalized", STRING), ("note", STRING), ("roles", ROLE), ("otherRoles", OTHER_ROLE)],
    ),
    (ROLE, TOP, &[("role", STRING), ("target", ANNOTATION)]),
    (OTHER_ROLE, TOP, &[("role", STRING), ("position", INTEGER), ("value", STRING), ("entity", STRING), ("entityName", STRING), ("claim", TOP)]),
    (FRAGMENT, ANNOTATION, &[]),
    (OCCURRENCE, ANNOTATION, &[("fragments", FRAGMENT)]),
    (RELATION, ANNOTATION, &[("label", STRING), ("note", STRING), ("Governor", ANNOTATION), ("Dependent", ANNOTATION)]),
    (REGION, ANNOTATION, &[("kind", STRING)]),
    (ENTITY, TOP, &[("id", STRING), ("name", STRING), ("label", STRING), ("identifiers", STRING_ARRAY)]),
    (
        DOCUMENT,
        ANNOTATION_BASE,
        &[
            ("coder", STRING),
            ("documentId", STRING),
            ("documentTitle", STRING),
            ("documentUri", STRING),
            ("documentLanguage", STRING),
            ("source", STRING),
            ("author", STRING),
            ("date", STRING),
            ("fileName", STRING),
            ("status", STRING),
            ("note", STRING),
            ("keptAside", STRING),
        ],
    ),
    (
        META_DATA,
        DOCUMENT_ANNOTATION,
        &[
            ("documentTitle", STRING),
            ("documentId", STRING),
            ("documentUri", STRING),
            ("collectionId", STRING),
            ("documentBaseUri", STRING),
            ("isLastSegment", "uima.cas.Boolean"),
        ],
    ),
];

/// What begins the names of our features in types of other programs: a note, an entity, an attribute that those have no place for.
const OF_OTHERS: &str = "manicule_";

/// The name of a feature of ours in a type of another program.
pub(super) fn in_others(feature: &str) -> String {
    format!("{OF_OTHERS}{feature}")
}

/// The feature of ours that a type of another program has under this name.
pub(super) fn own_part(feature: &str) -> Option<&str> {
    feature.strip_prefix(OF_OTHERS)
}

/// What a feature of ours holds, in whatever type it stands.
pub(super) fn own_feature(name: &str) -> Feature {
    let range = ROWS.iter().flat_map(|(_, _, features)| *features).find(|(feature, _)| *feature == name).map_or(STRING, |(_, range)| range);
    feature(range, name)
}

/// Types whose rows have attributes.
const WITH_ATTRIBUTES: [&str; 5] = [SPAN, CLAIM, CLAIM_WITHOUT_PLACE, RELATION, DOCUMENT];

/// True for a type of ours.
pub(super) fn is_own(kind: &str) -> bool {
    ROWS.iter().any(|(name, ..)| *name == kind) && kind != META_DATA
}

/// Our types with a feature for each attribute of the codebook, and for others that were met.
pub(super) fn own_types(schema: &Schema, met: &BTreeSet<String>) -> Types {
    let mut attributes = BTreeMap::new();
    for (key, def) in &schema.attributes {
        let range = if def.kind == AttributeKind::Choices { STRING_ARRAY } else { STRING };
        attributes.insert(feature_name(key.as_str()).into_owned(), Feature::new(range, None));
    }
    for key in met {
        attributes.entry(feature_name(key).into_owned()).or_insert_with(|| Feature::new(STRING, None));
    }
    let types = ROWS.iter().map(|(name, parent, features)| {
        let mut features: BTreeMap<String, Feature> = features.iter().map(|(name, range)| ((*name).to_owned(), feature(range, name))).collect();
        if WITH_ATTRIBUTES.contains(name) {
            features.extend(attributes.iter().map(|(name, feature)| (name.clone(), feature.clone())));
        }
        ((*name).to_owned(), TypeDef { parent: (*parent).to_owned(), features, ..TypeDef::default() })
    });
    Types(types.collect())
}

/// Several of these types stand in a list; the others are references.
fn feature(range: &str, name: &str) -> Feature {
    match name {
        "fragments" | "roles" | "otherRoles" | "occurrences" => Feature::new(FS_ARRAY, Some(range)),
        _ => Feature::new(range, None),
    }
}
