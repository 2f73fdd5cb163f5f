//! Random rows for the property test of files.

use std::collections::BTreeMap;

use manicule::model::{
    AttributeKey, AttributeValue, ChoiceKey, Claim, ClaimId, CoderKey, Date, Document, Entity, EntityId, Filler, Finite, Id, LabelKey, Node, Region,
    RegionKind, Relation, RelationId, RelationKey, RoleKey, SheetInfo, Span, SpanExtras, SpanId, Status,
};
use manicule::text::{Ranges, Text, TextRange};
use proptest::prelude::*;

pub(crate) const TEXT: &str = "Kérry met «Lavrov»\r\nin Wien. Kérry \"said\" 東京 🎉\tno\u{a0}more\\";

pub(crate) fn id() -> impl Strategy<Value = Id> {
    any::<u64>().prop_map(Id::from_bits)
}

pub(crate) fn words() -> impl Strategy<Value = String> {
    prop_oneof![Just(String::new()), "[a-z\"\\\\\n\r\t,()\\[\\]{}#é🎉\u{202e}\u{0}]{0,12}", Just("spans: [\n    (id: \"x\"),\n],".to_owned())]
}

pub(crate) fn key<K>(new: fn(&str) -> Result<K, manicule::model::InvalidId>) -> impl Strategy<Value = K>
where
    K: std::fmt::Debug,
{
    prop_oneof!["[A-Za-zé][A-Za-z0-9_:/-]{0,6}", Just("ключ".to_owned()), Just("true".to_owned())].prop_map(move |text| new(&text).unwrap())
}

pub(crate) fn value() -> impl Strategy<Value = AttributeValue> {
    prop_oneof![
        any::<bool>().prop_map(AttributeValue::Bool),
        any::<i64>().prop_map(AttributeValue::Int),
        any::<f64>().prop_filter_map("finite", Finite::new).prop_map(AttributeValue::Number),
        key(ChoiceKey::new).prop_map(AttributeValue::Choice),
        prop::collection::btree_set(key(ChoiceKey::new), 1..4).prop_map(AttributeValue::Choices),
        words().prop_map(AttributeValue::Text),
        Just(AttributeValue::Date("2016-05-17".parse::<Date>().unwrap())),
    ]
}

pub(crate) fn attributes() -> impl Strategy<Value = BTreeMap<AttributeKey, AttributeValue>> {
    prop::collection::btree_map(key(AttributeKey::new), value(), 0..3)
}

pub(crate) fn residue() -> impl Strategy<Value = BTreeMap<String, String>> {
    prop::collection::btree_map("[a-z]{1,5}", words(), 0..2)
}

pub(crate) fn range() -> impl Strategy<Value = TextRange> {
    let text = Text::new(TEXT);
    let places: Vec<usize> = TEXT.char_indices().map(|(i, _)| i).chain([TEXT.len()]).collect();
    (0..places.len() - 1, 1..places.len()).prop_filter_map("a range", move |(a, b)| text.range(places[a], places[b]).ok())
}

pub(crate) fn ranges() -> impl Strategy<Value = Ranges> {
    prop::collection::vec(range(), 1..4).prop_filter_map("ranges", Ranges::new)
}

pub(crate) fn span() -> impl Strategy<Value = Span> {
    (ranges(), key(LabelKey::new), prop::option::of(id()), attributes(), words(), residue()).prop_map(
        |(ranges, label, entity, attributes, note, residue)| {
            let mut span = Span::new(ranges, label).with_extras(SpanExtras { attributes, note, residue });
            span.entity = entity.map(EntityId);
            span
        },
    )
}

pub(crate) fn filler() -> impl Strategy<Value = Filler> {
    prop_oneof![
        id().prop_map(|id| Filler::Span(SpanId(id))),
        id().prop_map(|id| Filler::Entity(EntityId(id))),
        id().prop_map(|id| Filler::Claim(ClaimId(id))),
        words().prop_map(Filler::Value),
    ]
}

pub(crate) fn claim() -> impl Strategy<Value = Claim> {
    let roles = prop::collection::btree_map(key(RoleKey::new), prop::collection::vec(filler(), 1..3), 0..3);
    let places = (prop::option::of(ranges()), prop::collection::vec(ranges(), 0..3));
    (key(LabelKey::new), places, roles, attributes(), words(), words(), residue()).prop_map(
        |(label, (content, occurrences), roles, attributes, normalized, note, residue)| {
            let mut claim = Claim { roles, attributes, normalized, note, residue, ..Claim::new(label, None) };
            claim.set_places(content, occurrences);
            claim
        },
    )
}

pub(crate) fn node() -> impl Strategy<Value = Node> {
    (id(), 0..4).prop_map(|(id, kind)| match kind {
        0 => Node::Span(SpanId(id)),
        1 => Node::Claim(ClaimId(id)),
        2 => Node::Entity(EntityId(id)),
        _ => Node::Relation(RelationId(id)),
    })
}

pub(crate) fn relation() -> impl Strategy<Value = Relation> {
    (key(RelationKey::new), node(), node(), attributes(), words(), residue()).prop_map(|(label, from, to, attributes, note, residue)| Relation {
        attributes,
        note,
        residue,
        ..Relation::new(label, from, to)
    })
}

pub(crate) fn info() -> impl Strategy<Value = SheetInfo> {
    let strings = || prop::collection::btree_set(words(), 0..3);
    (attributes(), words(), strings(), strings(), residue(), any::<bool>()).prop_map(|(attributes, note, ignored, rejected, residue, done)| {
        SheetInfo { status: if done { Status::DoneAnyway } else { Status::New }, attributes, note, ignored, rejected, text_hash: None, residue }
    })
}

pub(crate) fn entity() -> impl Strategy<Value = Entity> {
    let strings = || prop::collection::btree_set(words(), 0..3);
    (words(), prop::option::of(key(LabelKey::new)), strings(), strings(), attributes(), prop::option::of(id()), any::<bool>(), residue()).prop_map(
        |(name, label, aliases, knowledge_base_ids, attributes, merged_into, deleted, residue)| Entity {
            aliases,
            knowledge_base_ids,
            attributes,
            made_by: Some(CoderKey::from_name("ann")),
            merged_into: merged_into.map(EntityId),
            deleted,
            residue,
            ..Entity::new(name, label)
        },
    )
}

pub(crate) fn document() -> impl Strategy<Value = Document> {
    (words(), words(), words(), residue(), prop::collection::btree_set(range(), 0..3), any::<bool>()).prop_map(
        |(title, source, author, residue, regions, in_trash)| {
            let regions = regions.into_iter().map(|range| Region { range, kind: RegionKind::Caption }).collect();
            Document { source, author, residue, regions, in_trash, ..Document::new(title, Text::new(TEXT).hash().clone()) }
        },
    )
}
