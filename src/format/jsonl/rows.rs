//! The records as they stand in the file. Every field is described in `docs/jsonl.md`.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::marker::PhantomData;

use serde::de::{Deserializer, Error, MapAccess, Visitor};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::model::{
    AttributeKey, Attributes, Claim, ClaimId, Coder, CoderKey, Correction, Date, Document, DocumentId, EntityId, Filler, LabelKey, Node, ProjectInfo,
    RegionKind, Relation, RelationId, RelationKey, Replacement, Residue, RoleKey, Schema, SheetInfo, Span, SpanExtras, SpanId, Status,
};
use crate::text::decode::Decoding;
use crate::text::offsets::OffsetUnit;
use crate::text::{Ranges, Text, TextHash};

/// Attribute values: plain where the codebook says their kind, `{"Choice": …}` where it does not. They stay text until that
/// is looked at: as trees they would take a hundred times the memory.
pub(super) type Values = BTreeMap<AttributeKey, Box<RawValue>>;

/// More attributes no codebook has.
const MAX_VALUES: usize = 10_000;

fn values<'d, D: Deserializer<'d>>(deserializer: D) -> Result<Values, D::Error> {
    deserializer.deserialize_map(Unique { max: MAX_VALUES, of: PhantomData })
}

/// A map that names nothing twice.
fn unique<'d, K: Deserialize<'d> + Ord, V: Deserialize<'d>, D: Deserializer<'d>>(deserializer: D) -> Result<BTreeMap<K, V>, D::Error> {
    deserializer.deserialize_map(Unique { max: usize::MAX, of: PhantomData })
}

struct Unique<K, V> {
    max: usize,
    of: PhantomData<(K, V)>,
}

impl<'d, K: Deserialize<'d> + Ord, V: Deserialize<'d>> Visitor<'d> for Unique<K, V> {
    type Value = BTreeMap<K, V>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a map")
    }

    fn visit_map<A: MapAccess<'d>>(self, mut entries: A) -> Result<Self::Value, A::Error> {
        let mut map = BTreeMap::new();
        while let Some((key, value)) = entries.next_entry()? {
            if map.insert(key, value).is_some() {
                return Err(A::Error::custom("a name is there twice"));
            }
            if map.len() > self.max {
                return Err(A::Error::custom(format!("it has more than {} attributes", self.max)));
            }
        }
        Ok(map)
    }
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
    #[serde(default, deserialize_with = "unique", skip_serializing_if = "Residue::is_empty")]
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
    #[serde(default, deserialize_with = "unique", skip_serializing_if = "Residue::is_empty")]
    pub(super) residue: Residue,
    #[serde(default = "Vec::new")]
    pub(super) sheets: Vec<S>,
}

impl<S> DocumentRow<S> {
    /// The document, whose text was taken out, without its regions.
    pub(super) fn into_document(self, text: &Text) -> (DocumentId, Document) {
        let Self { id, title, source, author, date, url, language, file_name, decoding, corrections, residue, .. } = self;
        let (text_hash, corrections) = (text.hash().clone(), corrections.into_iter().map(Into::into).collect());
        let (regions, in_trash) = (Vec::new(), false);
        (id, Document { title, source, author, date, url, language, file_name, text_hash, regions, decoding, corrections, in_trash, residue })
    }
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

impl From<CorrectionRow> for Correction {
    fn from(row: CorrectionRow) -> Self {
        let replacements = row.replacements.into_iter().map(|r| Replacement { start: r.start_byte, end: r.end_byte, with: r.with });
        Self { old_hash: row.old_hash, replacements: replacements.collect(), new_hash: row.new_hash }
    }
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
    #[serde(default, deserialize_with = "unique", skip_serializing_if = "Residue::is_empty")]
    pub(super) residue: Residue,
    #[serde(default = "Vec::new")]
    pub(super) spans: Vec<S>,
    #[serde(default = "Vec::new")]
    pub(super) claims: Vec<C>,
    #[serde(default = "Vec::new")]
    pub(super) relations: Vec<R>,
}

impl<S, C, R> SheetRow<S, C, R> {
    /// What it says of the document as a whole, with its attributes as the codebook has them.
    pub(super) fn into_info(self, attributes: Attributes) -> SheetInfo {
        let Self { status, note, ignored, rejected, text_hash, residue, .. } = self;
        SheetInfo { status, attributes, note, ignored, rejected, text_hash, residue }
    }
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
    #[serde(default, deserialize_with = "unique", skip_serializing_if = "Residue::is_empty")]
    pub(super) residue: Residue,
}

impl SpanRow {
    /// The span, with its attributes as the codebook has them.
    pub(super) fn into_span(self, ranges: Ranges, attributes: Attributes) -> Span {
        let mut span = Span::new(ranges, self.label).with_extras(SpanExtras { attributes, note: self.note, residue: self.residue });
        span.entity = self.entity;
        span
    }
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
    #[serde(default, deserialize_with = "unique")]
    pub(super) roles: BTreeMap<RoleKey, Vec<FillerRow>>,
    #[serde(default, deserialize_with = "values", skip_serializing_if = "Values::is_empty")]
    pub(super) attributes: Values,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(super) normalized: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(super) note: String,
    #[serde(default, deserialize_with = "unique", skip_serializing_if = "Residue::is_empty")]
    pub(super) residue: Residue,
}

impl ClaimRow {
    /// The claim, with its places and its attributes as the codebook has them.
    pub(super) fn into_claim(self, (content, occurrences): (Option<Ranges>, Vec<Ranges>), attributes: Attributes) -> Claim {
        let Self { label, roles, normalized, note, residue, .. } = self;
        let roles = roles.into_iter().filter(|(_, fillers)| !fillers.is_empty());
        let roles = roles.map(|(role, fillers)| (role, fillers.into_iter().map(Into::into).collect())).collect();
        let mut claim = Claim { roles, attributes, normalized, note, residue, ..Claim::new(label, None) };
        claim.set_places(content, occurrences);
        claim
    }
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
    #[serde(default, deserialize_with = "unique", skip_serializing_if = "Residue::is_empty")]
    pub(super) residue: Residue,
}

impl RelationRow {
    /// The relation, with its attributes as the codebook has them.
    pub(super) fn into_relation(self, attributes: Attributes) -> Relation {
        let Self { label, from, to, note, residue, .. } = self;
        Relation { label, from: from.into(), to: to.into(), attributes, note, residue }
    }
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
