//! A small codebook for tests, and random documents for property tests.

use std::collections::{BTreeMap, BTreeSet};

use super::{Names, Notation};
use crate::model::{
    AttributeDef, AttributeKind, AttributeValue, Attributes, Choice, Claim, ClaimId, Color, Document, Entity, EntityId, Filler, FillerKind, Finite,
    Id, Label, LabelKey, LabelKind, Node, Region, RegionKind, Relation, RelationId, RelationType, Residue, RoleDef, Schema, SchemaInfo, Sheet, Span,
    SpanExtras, SpanId, Status, Target,
};
use crate::text::{Ranges, Text, TextRange};

/// Labels PER, ORG, GPE (entities), CLAIM, QUESTION (claims), A, B, CUE (spans); attributes of every kind; the roles
/// claimer (one at most), cue, object, evidence; the relation types `works_for` (entities) and attacks (claims).
pub(crate) fn schema() -> Schema {
    let kinds = [("PER", LabelKind::Entity), ("ORG", LabelKind::Entity), ("GPE", LabelKind::Entity), ("CLAIM", LabelKind::Claim)];
    let others = [("QUESTION", LabelKind::Claim), ("A", LabelKind::Span), ("B", LabelKind::Span), ("CUE", LabelKind::Span)];
    let labels = kinds.into_iter().chain(others).zip(0..);
    let labels = labels.map(|((key, kind), place)| (key.parse().unwrap(), Label::new(key, kind, Color::from_palette(place as usize), place)));
    let attributes = [
        ("level", AttributeKind::Choice, Target::Span),
        ("stance", AttributeKind::Choice, Target::Claim),
        ("check_worthy", AttributeKind::YesNo, Target::Claim),
        ("score", AttributeKind::Number, Target::Relation),
        ("times", AttributeKind::Integer, Target::Claim),
        ("topics", AttributeKind::Choices, Target::Document),
        ("comment", AttributeKind::Text, Target::Span),
        ("date", AttributeKind::Date, Target::Claim),
    ];
    let roles = ["claimer", "cue", "object", "evidence"].into_iter().zip(0..);
    let relations = ["works_for", "attacks"].into_iter().zip(0..);
    Schema {
        info: SchemaInfo { name: "Test".into(), ..SchemaInfo::default() },
        labels: labels.collect(),
        attributes: attributes.into_iter().zip(0..).map(|((key, kind, on), place)| (key.parse().unwrap(), attribute(key, kind, on, place))).collect(),
        roles: roles.map(|(key, place)| (key.parse().unwrap(), role(key, place))).collect(),
        relation_types: relations.map(|(key, place)| (key.parse().unwrap(), relation_type(key, place))).collect(),
    }
}

fn attribute(key: &str, kind: AttributeKind, applies_to: Target, position: u32) -> AttributeDef {
    let keys: &[&str] = match key {
        "level" => &["name", "nominal", "pronoun"],
        "stance" => &["support", "oppose", "neutral"],
        "topics" => &["war", "trade", "sport"],
        _ => &[],
    };
    let choice = |key: &&str| Choice { key: key.parse().unwrap(), name: (*key).into(), shortcut: None, description: String::new() };
    AttributeDef {
        name: key.into(),
        kind,
        position,
        applies_to: vec![applies_to],
        labels: Vec::new(),
        choices: keys.iter().map(choice).collect(),
        required: false,
        default: None,
        shortcut: None,
        description: String::new(),
        retired: false,
    }
}

fn role(key: &str, position: u32) -> RoleDef {
    RoleDef {
        name: key.into(),
        position,
        accepts: vec![FillerKind::Span, FillerKind::Entity, FillerKind::Claim, FillerKind::Value],
        values: Vec::new(),
        labels: Vec::new(),
        required: key == "claimer",
        max: u32::from(key == "claimer"),
        shortcut: None,
        description: String::new(),
        retired: false,
    }
}

fn relation_type(key: &str, position: u32) -> RelationType {
    RelationType::new(key, Color::from_palette(0), position)
}

/// Makes random documents: crossing and discontinuous spans, unknown keys, values of the wrong type, dangling ends.
pub(crate) struct Chaos {
    rng: fastrand::Rng,
    next_id: u64,
}

const ALPHABET: [char; 20] = ['a', 'b', ' ', 'é', '日', '[', ']', '\\', '#', ';', '\n', '.', '😀', '\u{301}', '«', '»', '‸', '\r', '"', '1'];

impl Chaos {
    pub(crate) fn new(seed: u64) -> Self {
        Self { rng: fastrand::Rng::with_seed(seed), next_id: 0 }
    }

    /// Ids are spread, so that nothing looks like the first, second, third.
    fn id(&mut self) -> Id {
        self.next_id += 1;
        Id::from_bits(self.next_id.wrapping_mul(0x9e37_79b9_7f4a_7c15))
    }

    fn pick<T: Clone>(&mut self, from: &[T]) -> T {
        from[self.rng.usize(..from.len())].clone()
    }

    fn text(&mut self, max: usize) -> String {
        let pieces: Vec<char> = (0..self.rng.usize(..=max)).map(|_| self.pick(&ALPHABET)).collect();
        let text: String = pieces.into_iter().collect();
        if self.rng.u8(..5) == 0 { format!("{text}\n.. {text}") } else { text }
    }

    fn residue(&mut self) -> Residue {
        (0..self.rng.usize(..6) / 5).map(|_| (self.text(3), self.text(3))).collect()
    }

    fn note(&mut self) -> String {
        if self.rng.u8(..4) == 0 { self.text(5) } else { String::new() }
    }

    fn range(&mut self, text: &Text) -> TextRange {
        let stops: Vec<usize> = text.as_str().char_indices().map(|(at, _)| at).chain([text.len()]).collect();
        let start = self.rng.usize(..stops.len() - 1);
        let end = self.rng.usize(start + 1..stops.len());
        text.range(stops[start], stops[end]).unwrap()
    }

    fn ranges(&mut self, text: &Text) -> Ranges {
        let count = self.pick(&[1, 1, 2, 3]);
        Ranges::new((0..count).map(|_| self.range(text)).collect()).unwrap()
    }

    fn label(&mut self) -> LabelKey {
        self.pick(&["PER", "ORG", "CLAIM", "A", "B", "CUE", "+", "new:label", "@x%"]).parse().unwrap()
    }

    fn value(&mut self) -> AttributeValue {
        let choice = |key: &str| key.parse().unwrap();
        match self.rng.u8(..9) {
            0 => AttributeValue::Bool(self.rng.bool()),
            1 => AttributeValue::Int(self.rng.i64(..)),
            2 => AttributeValue::Number(Finite::new(self.rng.f64() * 1e9).unwrap()),
            3 => AttributeValue::Choice(choice("yes")),
            4 => AttributeValue::Choices(BTreeSet::new()),
            5 => AttributeValue::Choices([choice("war"), choice("12")].into()),
            6 => AttributeValue::Text(self.text(6)),
            7 => AttributeValue::Date("2016-05".parse().unwrap()),
            _ => AttributeValue::Choice(choice("support")),
        }
    }

    fn attributes(&mut self) -> Attributes {
        let keys = ["level", "stance", "check_worthy", "score", "times", "topics", "comment", "date", "note", "claimer", "new", "title", "-x->"];
        (0..self.rng.usize(..6).saturating_sub(2)).map(|_| (self.pick(&keys).parse().unwrap(), self.value())).collect()
    }

    /// One document with everything in it.
    pub(crate) fn notation(&mut self) -> Notation {
        let text = Text::new(format!("{}{}", self.text(14), self.pick(&["", "x"])));
        let mut notation = Notation::new(text.clone());
        notation.entities = (0..self.rng.usize(..4)).map(|_| (EntityId(self.id()), self.entity())).collect();
        self.document(&mut notation.document, &text);
        if !text.is_empty() {
            notation.sheet.spans = (0..self.rng.usize(..6)).map(|_| (SpanId(self.id()), self.span(&text, &notation.entities))).collect();
            notation.selection = (self.rng.u8(..3) == 0).then(|| self.range(&text));
            notation.caret = (self.rng.u8(..3) == 0).then(|| self.range(&text).start());
        }
        self.claims(&mut notation, &text);
        self.relations(&mut notation.sheet, &notation.entities);
        self.info(&mut notation.sheet);
        notation.names = Names::exact(&notation.sheet, &notation.entities);
        notation
    }

    fn document(&mut self, document: &mut Document, text: &Text) {
        if self.rng.bool() {
            document.title = self.text(6);
            document.source = self.text(6);
            document.url = self.text(6);
            document.date = Some("2016-05-17".parse().unwrap());
        }
        let kinds = [RegionKind::Title, RegionKind::Caption, RegionKind::Boilerplate];
        let count = if text.is_empty() { 0 } else { self.rng.usize(..3) };
        document.regions = (0..count).map(|_| Region { range: self.range(text), kind: self.pick(&kinds) }).collect();
        document.regions.sort_unstable();
    }

    fn entity(&mut self) -> Entity {
        let label = self.rng.bool().then(|| self.label());
        let mut entity = Entity::new(self.text(6), label);
        entity.aliases = (0..self.rng.usize(..3)).map(|_| self.text(4)).collect();
        entity.knowledge_base_ids = (0..self.rng.usize(..2)).map(|_| "Q22316".to_owned()).collect();
        entity.attributes = self.attributes();
        entity.note = self.note();
        entity.made_by = self.rng.bool().then(|| "ann-2".parse().unwrap());
        entity.merged_into = (self.rng.u8(..4) == 0).then(|| EntityId(self.id()));
        entity.deleted = self.rng.bool();
        entity.residue = self.residue();
        entity
    }

    fn span(&mut self, text: &Text, entities: &BTreeMap<EntityId, Entity>) -> Span {
        let mut span = Span::new(self.ranges(text), self.label());
        let ids: Vec<Option<EntityId>> = entities.keys().copied().map(Some).chain([None, None, Some(EntityId(self.id()))]).collect();
        span.entity = self.pick(&ids);
        span.with_extras(SpanExtras { attributes: self.attributes(), note: self.note(), residue: self.residue() })
    }

    fn claims(&mut self, notation: &mut Notation, text: &Text) {
        let ids: Vec<ClaimId> = (0..self.rng.usize(..4)).map(|_| ClaimId(self.id())).collect();
        for id in &ids {
            let content = (!text.is_empty() && self.rng.u8(..4) > 0).then(|| self.ranges(text));
            let mut claim = Claim::new(self.label(), content);
            if claim.content.is_some() && self.rng.bool() {
                let occurrences = (0..self.rng.usize(1..4)).map(|_| self.ranges(text)).collect();
                let content = claim.content.take();
                claim.set_places(content, occurrences);
            }
            for _ in 0..self.rng.usize(..3) {
                let role = self.pick(&["claimer", "cue", "object", "normalized", "new", "stance"]).parse().unwrap();
                let fillers = (0..self.rng.usize(1..3)).map(|_| self.filler(&notation.sheet, &notation.entities, &ids)).collect();
                claim.roles.insert(role, fillers);
            }
            claim.attributes = self.attributes();
            claim.normalized = self.note();
            claim.note = self.note();
            claim.residue = self.residue();
            notation.sheet.claims.insert(*id, claim);
        }
    }

    fn filler(&mut self, sheet: &Sheet, entities: &BTreeMap<EntityId, Entity>, claims: &[ClaimId]) -> Filler {
        let spans = sheet.spans.keys().map(|id| Filler::Span(*id));
        let entities = entities.keys().map(|id| Filler::Entity(*id));
        let dangling = [Filler::Span(SpanId(self.id())), Filler::Entity(EntityId(self.id())), Filler::Value(self.text(5))];
        let all: Vec<Filler> = spans.chain(entities).chain(claims.iter().map(|id| Filler::Claim(*id))).chain(dangling).collect();
        self.pick(&all)
    }

    fn relations(&mut self, sheet: &mut Sheet, entities: &BTreeMap<EntityId, Entity>) {
        let ids: Vec<RelationId> = (0..self.rng.usize(..3)).map(|_| RelationId(self.id())).collect();
        let spans = sheet.spans.keys().map(|id| Node::Span(*id)).chain(sheet.claims.keys().map(|id| Node::Claim(*id)));
        let others = entities.keys().map(|id| Node::Entity(*id)).chain(ids.iter().map(|id| Node::Relation(*id)));
        let ends: Vec<Node> = spans.chain(others).chain([Node::Relation(RelationId(self.id())), Node::Claim(ClaimId(self.id()))]).collect();
        for id in ids {
            let key = self.pick(&["works_for", "attacks", "a->b", "-"]).parse().unwrap();
            let mut relation = Relation::new(key, self.pick(&ends), self.pick(&ends));
            relation.attributes = self.attributes();
            relation.note = self.note();
            relation.residue = self.residue();
            sheet.relations.insert(id, relation);
        }
    }

    fn info(&mut self, sheet: &mut Sheet) {
        sheet.info.status = self.pick(&[Status::New, Status::New, Status::InProgress, Status::Done, Status::DoneAnyway, Status::Doubtful]);
        sheet.info.attributes = self.attributes();
        sheet.info.note = self.note();
        sheet.info.ignored = (0..self.rng.usize(..3)).map(|_| self.text(4)).collect();
        sheet.info.rejected = (0..self.rng.usize(..2)).map(|_| self.text(4)).collect();
        sheet.info.residue = self.residue();
    }
}
