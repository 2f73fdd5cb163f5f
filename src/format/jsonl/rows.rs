//! The records as they stand in the file. Every field is described in `docs/jsonl.md`.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde::de::{Deserializer, Error, MapAccess, Visitor};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::model::{
    AttributeKey, ClaimId, Coder, CoderKey, Date, DocumentId, EntityId, Filler, LabelKey, Node, ProjectInfo, RegionKind, RelationId, RelationKey,
    Residue, RoleKey, Schema, SpanId, Status,
};
use crate::text::TextHash;
use crate::text::decode::Decoding;
use crate::text::offsets::OffsetUnit;

/// Attribute values: plain where the codebook says their kind, `{"Choice": …}` where it does not. They stay text until that
/// is looked at: as trees they would take a hundred times the memory.
pub(super) type Values = BTreeMap<AttributeKey, Box<RawValue>>;

/// More attributes no codebook has.
const MAX_VALUES: usize = 10_000;

fn values<'d, D: Deserializer<'d>>(deserializer: D) -> Result<Values, D::Error> {
    struct Bounded;

    impl<'d> Visitor<'d> for Bounded {
        type Value = Values;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a map")
        }

        fn visit_map<A: MapAccess<'d>>(self, mut entries: A) -> Result<Values, A::Error> {
            let mut values = Values::new();
            while let Some((key, value)) = entries.next_entry()? {
                values.insert(key, value);
                if values.len() > MAX_VALUES {
                    return Err(A::Error::custom(format!("it has more than {MAX_VALUES} attributes")));
                }
            }
            Ok(values)
        }
    }

    deserializer.deserialize_map(Bounded)
}

/// What stands in the first record before everything else is known.
#[derive(Deserialize)]
pub(super) struct Version {
    pub(super) format: String,
    pub(super) version: u64,
}

/// The first record.
#[derive(Serialize, Deserialize)]
pub(super) struct Header {
    pub(super) format: String,
    pub(super) version: u64,
    pub(super) offset_unit: OffsetUnit,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) project: Option<ProjectInfo>,
    #[serde(default)]
    pub(super) coders: BTreeMap<CoderKey, Coder>,
    #[serde(default)]
    pub(super) schema: Schema,
    #[serde(default)]
    pub(super) entities: Vec<EntityRow>,
}

/// An entity.
#[derive(Serialize, Deserialize)]
pub(super) struct EntityRow {
    pub(super) id: EntityId,
    pub(super) name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) label: Option<LabelKey>,
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub(super) aliases: BTreeSet<String>,
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub(super) knowledge_base_ids: BTreeSet<String>,
    #[serde(default, deserialize_with = "values", skip_serializing_if = "Values::is_empty")]
    pub(super) attributes: Values,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(super) note: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) made_by: Option<CoderKey>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) merged_into: Option<EntityId>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(super) deleted: bool,
    #[serde(default, skip_serializing_if = "Residue::is_empty")]
    pub(super) residue: Residue,
}

/// A document. `S` is [`SheetRow`] when written, the text of any value when read, so that one bad row spoils nothing else.
#[derive(Serialize, Deserialize)]
pub(super) struct DocumentRow<S> {
    pub(super) id: DocumentId,
    #[serde(default)]
    pub(super) title: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(super) source: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(super) author: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) date: Option<Date>,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(super) url: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(super) language: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(super) file_name: String,
    pub(super) text: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) text_hash: Option<TextHash>,
    #[serde(default = "Decoding::utf8", skip_serializing_if = "Decoding::is_verbatim")]
    pub(super) decoding: Decoding,
    #[serde(default = "Vec::new", skip_serializing_if = "Vec::is_empty")]
    pub(super) regions: Vec<RegionRow>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) corrections: Vec<CorrectionRow>,
    #[serde(default, skip_serializing_if = "Residue::is_empty")]
    pub(super) residue: Residue,
    #[serde(default = "Vec::new")]
    pub(super) sheets: Vec<S>,
}

/// A part of the text.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct RangeRow {
    pub(super) start: usize,
    pub(super) end: usize,
    #[serde(default)]
    pub(super) quote: Option<String>,
}

/// A part of the text with a part to play.
#[derive(Serialize, Deserialize)]
pub(super) struct RegionRow {
    pub(super) kind: RegionKind,
    pub(super) start: usize,
    pub(super) end: usize,
    #[serde(default)]
    pub(super) quote: Option<String>,
}

/// A correction of the text. Offsets are bytes of the old text, which is not here to count in another unit.
#[derive(Serialize, Deserialize)]
pub(super) struct CorrectionRow {
    pub(super) old_hash: TextHash,
    pub(super) replacements: Vec<ReplacementRow>,
    pub(super) new_hash: TextHash,
}

/// A replaced piece of text.
#[derive(Serialize, Deserialize)]
pub(super) struct ReplacementRow {
    pub(super) start_byte: usize,
    pub(super) end_byte: usize,
    pub(super) with: String,
}

/// What one coder has said about a document.
#[derive(Serialize, Deserialize)]
pub(super) struct SheetRow<S, C, R> {
    pub(super) coder: CoderKey,
    #[serde(default)]
    pub(super) status: Status,
    #[serde(default, deserialize_with = "values", skip_serializing_if = "Values::is_empty")]
    pub(super) attributes: Values,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(super) note: String,
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub(super) ignored: BTreeSet<String>,
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub(super) rejected: BTreeSet<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) text_hash: Option<TextHash>,
    #[serde(default, skip_serializing_if = "Residue::is_empty")]
    pub(super) residue: Residue,
    #[serde(default = "Vec::new")]
    pub(super) spans: Vec<S>,
    #[serde(default = "Vec::new")]
    pub(super) claims: Vec<C>,
    #[serde(default = "Vec::new")]
    pub(super) relations: Vec<R>,
}

/// A span.
#[derive(Serialize, Deserialize)]
pub(super) struct SpanRow {
    pub(super) id: SpanId,
    pub(super) label: LabelKey,
    pub(super) ranges: Vec<RangeRow>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) entity: Option<EntityId>,
    #[serde(default, deserialize_with = "values", skip_serializing_if = "Values::is_empty")]
    pub(super) attributes: Values,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(super) note: String,
    #[serde(default, skip_serializing_if = "Residue::is_empty")]
    pub(super) residue: Residue,
}

/// A claim.
#[derive(Serialize, Deserialize)]
pub(super) struct ClaimRow {
    pub(super) id: ClaimId,
    pub(super) label: LabelKey,
    #[serde(default)]
    pub(super) ranges: Vec<RangeRow>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) occurrences: Vec<Vec<RangeRow>>,
    #[serde(default)]
    pub(super) roles: BTreeMap<RoleKey, Vec<FillerRow>>,
    #[serde(default, deserialize_with = "values", skip_serializing_if = "Values::is_empty")]
    pub(super) attributes: Values,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(super) normalized: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(super) note: String,
    #[serde(default, skip_serializing_if = "Residue::is_empty")]
    pub(super) residue: Residue,
}

/// A relation.
#[derive(Serialize, Deserialize)]
pub(super) struct RelationRow {
    pub(super) id: RelationId,
    pub(super) label: RelationKey,
    pub(super) from: NodeRow,
    pub(super) to: NodeRow,
    #[serde(default, deserialize_with = "values", skip_serializing_if = "Values::is_empty")]
    pub(super) attributes: Values,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(super) note: String,
    #[serde(default, skip_serializing_if = "Residue::is_empty")]
    pub(super) residue: Residue,
}

/// What fills a role: `{"span": "…"}`, `{"value": "author"}` …
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum FillerRow {
    Span(SpanId),
    Entity(EntityId),
    Claim(ClaimId),
    Value(String),
}

impl From<&Filler> for FillerRow {
    fn from(filler: &Filler) -> Self {
        match filler {
            Filler::Span(id) => Self::Span(*id),
            Filler::Entity(id) => Self::Entity(*id),
            Filler::Claim(id) => Self::Claim(*id),
            Filler::Value(value) => Self::Value(value.clone()),
        }
    }
}

impl From<FillerRow> for Filler {
    fn from(row: FillerRow) -> Self {
        match row {
            FillerRow::Span(id) => Self::Span(id),
            FillerRow::Entity(id) => Self::Entity(id),
            FillerRow::Claim(id) => Self::Claim(id),
            FillerRow::Value(value) => Self::Value(value),
        }
    }
}

/// An end of a relation: `{"claim": "…"}`.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum NodeRow {
    Span(SpanId),
    Claim(ClaimId),
    Entity(EntityId),
    Relation(RelationId),
}

impl From<Node> for NodeRow {
    fn from(node: Node) -> Self {
        match node {
            Node::Span(id) => Self::Span(id),
            Node::Claim(id) => Self::Claim(id),
            Node::Entity(id) => Self::Entity(id),
            Node::Relation(id) => Self::Relation(id),
        }
    }
}

impl From<NodeRow> for Node {
    fn from(row: NodeRow) -> Self {
        match row {
            NodeRow::Span(id) => Self::Span(id),
            NodeRow::Claim(id) => Self::Claim(id),
            NodeRow::Entity(id) => Self::Entity(id),
            NodeRow::Relation(id) => Self::Relation(id),
        }
    }
}
