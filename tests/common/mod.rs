//! Generated projects: texts with everything that breaks offsets, sheets with everything that the model holds.

#![allow(dead_code, reason = "each test file uses a part")]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::string_slice, clippy::panic, clippy::expect_used)]

pub(crate) mod cas;
pub(crate) mod readers;
pub(crate) mod said;
pub(crate) mod samples;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use fastrand::Rng;
use manicule::format::{
    Batch, ExportReport, Fate, Format, FormatError, Item, KnownTexts, Ledger, MemoryFiles, ReadBack, ReadOptions, SplitOptions, Tables, WriteOptions,
    Written, add_kept_columns, find,
};
use manicule::model::{
    AttributeDef, AttributeKey, AttributeKind, AttributeValue, Attributes, Choice, ChoiceKey, Claim, ClaimId, Coder, CoderKey, Color, Correction,
    Document, DocumentId, Entity, EntityId, Filler, FillerKind, Finite, Id, IdSource, Label, LabelKey, LabelKind, Node, ProjectId, ProjectInfo,
    Region, RegionKind, Relation, RelationId, RelationKey, RelationType, Replacement, Residue, RoleDef, RoleKey, Schema, Settings, Sheet, Span,
    SpanExtras, SpanId, Status, Target,
};
use manicule::text::offsets::OffsetUnit;
use manicule::text::{Ranges, Text, TextRange};

/// Pieces of text that break offsets or lines somewhere.
const PIECES: [&str; 30] = [
    "Kerry",
    " ",
    "said",
    "taxes",
    "\n",
    "\r\n",
    "\r",
    "\t",
    "\u{a0}",
    "🎉",
    "👩‍👩‍👧",
    "é",
    "e\u{301}",
    "東京",
    "مرحبا",
    ". ",
    "“",
    "”",
    "\u{2028}",
    "\u{85}",
    "\u{b}",
    "\u{c}",
    "\u{feff}",
    "\u{200f}",
    "\0",
    ";",
    "\"",
    "\\",
    "|",
    "日本語 text",
];

pub(crate) fn text(rng: &mut Rng, max_pieces: usize) -> Text {
    let pieces: String = (0..rng.usize(0..=max_pieces)).map(|_| PIECES[rng.usize(0..PIECES.len())]).collect();
    Text::new(pieces)
}

fn words(rng: &mut Rng) -> String {
    (0..rng.usize(0..4)).map(|_| PIECES[rng.usize(0..PIECES.len())]).collect()
}

fn boundary(rng: &mut Rng, text: &Text) -> usize {
    let mut offset = rng.usize(0..=text.len());
    while !text.as_str().is_char_boundary(offset) {
        offset -= 1;
    }
    offset
}

pub(crate) fn range(rng: &mut Rng, text: &Text) -> Option<TextRange> {
    let (a, b) = (boundary(rng, text), boundary(rng, text));
    text.range(a.min(b), a.max(b)).ok()
}

pub(crate) fn ranges(rng: &mut Rng, text: &Text) -> Option<Ranges> {
    let n = if rng.u8(0..3) == 0 { rng.usize(2..4) } else { 1 };
    Ranges::new((0..n).filter_map(|_| range(rng, text)).collect())
}

fn key<K>(new: fn(&str) -> Result<K, manicule::model::InvalidId>, text: &str) -> K {
    new(text).unwrap()
}

const CHOICES: [&str; 3] = ["support", "Ablehnung", "größer"];
const KINDS: [(&str, AttributeKind); 7] = [
    ("checked", AttributeKind::YesNo),
    ("count", AttributeKind::Integer),
    ("score", AttributeKind::Number),
    ("stance", AttributeKind::Choice),
    ("topics", AttributeKind::Choices),
    ("comment", AttributeKind::Text),
    ("when", AttributeKind::Date),
];

pub(crate) fn schema() -> Schema {
    let mut schema = Schema::default();
    schema.info.name = "Test codebook".into();
    let labels = [
        ("PER", LabelKind::Entity),
        ("État-Major", LabelKind::Entity),
        ("GPE", LabelKind::Entity),
        ("CLAIM", LabelKind::Claim),
        ("主張", LabelKind::Claim),
        ("CUE", LabelKind::Span),
    ];
    for (i, (name, kind)) in labels.into_iter().enumerate() {
        let mut label = Label::new(format!("{name} name"), kind, Color::from_palette(i), u32::try_from(i).unwrap());
        label.parent = (name == "GPE").then(|| key(LabelKey::new, "PER"));
        schema.labels.insert(key(LabelKey::new, name), label);
    }
    for (i, (name, kind)) in KINDS.into_iter().enumerate() {
        let choices = if matches!(kind, AttributeKind::Choice | AttributeKind::Choices) { CHOICES.to_vec() } else { vec![] };
        let choice = |c: &str| Choice { key: key(ChoiceKey::new, c), name: c.to_uppercase(), shortcut: None, description: String::new() };
        let def = AttributeDef {
            name: name.to_uppercase(),
            kind,
            position: u32::try_from(i).unwrap(),
            applies_to: vec![Target::Span, Target::Claim, Target::Relation, Target::Entity, Target::Document],
            labels: vec![],
            choices: choices.into_iter().map(choice).collect(),
            required: false,
            default: (kind == AttributeKind::YesNo).then_some(AttributeValue::Bool(true)),
            shortcut: None,
            description: String::new(),
            retired: false,
        };
        schema.attributes.insert(key(AttributeKey::new, name), def);
    }
    for (i, name) in ["claimer", "cue", "object2"].into_iter().enumerate() {
        let def = RoleDef {
            name: name.to_uppercase(),
            position: u32::try_from(i).unwrap(),
            accepts: vec![FillerKind::Span, FillerKind::Entity],
            values: vec!["author".into()],
            labels: vec![],
            required: false,
            max: 0,
            shortcut: None,
            description: String::new(),
            retired: false,
        };
        schema.roles.insert(key(RoleKey::new, name), def);
    }
    let relation = RelationType::new("works for", Color::from_palette(3), 0);
    schema.relation_types.insert(key(RelationKey::new, "works_for"), relation);
    schema
}

fn value(rng: &mut Rng, kind: AttributeKind) -> AttributeValue {
    let choice = |rng: &mut Rng| key(ChoiceKey::new, CHOICES[rng.usize(0..3)]);
    match kind {
        AttributeKind::YesNo => AttributeValue::Bool(rng.bool()),
        AttributeKind::Integer => AttributeValue::Int(rng.i64(..)),
        AttributeKind::Number => AttributeValue::Number(Finite::new(f64::from_bits(rng.u64(..))).unwrap_or(Finite::new(0.5).unwrap())),
        AttributeKind::Choice => AttributeValue::Choice(choice(rng)),
        AttributeKind::Choices => AttributeValue::Choices(BTreeSet::from([choice(rng), choice(rng)])),
        AttributeKind::Text => AttributeValue::Text(format!("x{}", words(rng))),
        AttributeKind::Date => AttributeValue::Date("2016-05-17".parse().unwrap()),
    }
}

/// Mostly values of the kind that the codebook says, some of another, some of attributes that it does not know.
pub(crate) fn attributes(rng: &mut Rng) -> Attributes {
    let mut attributes = Attributes::new();
    for _ in 0..rng.usize(0..3) {
        let (name, kind) = KINDS[rng.usize(0..KINDS.len())];
        let kind = if rng.u8(0..5) == 0 { KINDS[rng.usize(0..KINDS.len())].1 } else { kind };
        let name = if rng.u8(0..8) == 0 { "unknown" } else { name };
        attributes.insert(key(AttributeKey::new, name), value(rng, kind));
    }
    attributes
}

fn residue(rng: &mut Rng) -> Residue {
    if rng.u8(0..6) == 0 { Residue::from([("brat".to_owned(), words(rng))]) } else { Residue::new() }
}

pub(crate) fn tables(rng: &mut Rng, ids: &mut IdSource) -> Tables {
    let info = ProjectInfo { id: ProjectId(Id::from_bits(7)), name: "Étude 🎉".into(), settings: Settings::default(), residue: residue(rng) };
    let coders = [("alice", "Alice"), ("bob", "Bob"), ("gold", "Gold")];
    let coders = coders.into_iter().map(|(k, name)| (key(CoderKey::new, k), Coder::new(name))).collect();
    let mut entities = BTreeMap::new();
    for i in 0..rng.usize(0..4) {
        let mut entity = Entity::new(format!("Entity {i} {}", words(rng)), Some(key(LabelKey::new, "PER")));
        entity.aliases = BTreeSet::from([words(rng)]);
        entity.knowledge_base_ids = BTreeSet::from([format!("Q{i}"), "Wikipedia:64488".to_owned()]);
        entity.attributes = attributes(rng);
        entity.note = words(rng);
        entity.made_by = Some(key(CoderKey::new, "bob"));
        entities.insert(EntityId(ids.next_id()), entity);
    }
    Tables { project: Some(info), schema: schema(), coders, entities }
}

fn claim_label(rng: &mut Rng) -> LabelKey {
    key(LabelKey::new, ["CLAIM", "主張", "CLAIM_NEW"][rng.usize(0..3)])
}

fn span_label(rng: &mut Rng) -> LabelKey {
    key(LabelKey::new, ["PER", "État-Major", "GPE", "CUE", "NEW"][rng.usize(0..5)])
}

pub(crate) fn sheet(rng: &mut Rng, ids: &mut IdSource, text: &Text, tables: &Tables) -> Sheet {
    let mut sheet = Sheet::default();
    sheet.info.status = [Status::New, Status::InProgress, Status::Done, Status::DoneAnyway, Status::Doubtful][rng.usize(0..5)];
    sheet.info.note = words(rng);
    sheet.info.attributes = attributes(rng);
    sheet.info.ignored = BTreeSet::from([words(rng)]);
    sheet.info.residue = residue(rng);
    let entities: Vec<EntityId> = tables.entities.keys().copied().collect();
    let entity = |rng: &mut Rng| (!entities.is_empty() && rng.bool()).then(|| entities[rng.usize(0..entities.len())]);
    for _ in 0..rng.usize(0..12) {
        let Some(ranges) = ranges(rng, text) else { continue };
        let extras = SpanExtras { attributes: attributes(rng), note: words(rng), residue: residue(rng) };
        let mut span = Span::new(ranges, span_label(rng)).with_extras(extras);
        span.entity = entity(rng);
        sheet.spans.insert(SpanId(ids.next_id()), span);
    }
    let spans: Vec<SpanId> = sheet.spans.keys().copied().collect();
    let claims: Vec<ClaimId> = (0..rng.usize(0..5)).map(|_| ClaimId(ids.next_id())).collect();
    for id in &claims {
        let content = if rng.u8(0..4) == 0 { None } else { ranges(rng, text) };
        let mut claim = Claim::new(claim_label(rng), content);
        if claim.content.is_some() && rng.bool() {
            let occurrences = (0..rng.usize(0..3)).filter_map(|_| ranges(rng, text)).collect();
            let content = claim.content.take();
            claim.set_places(content, occurrences);
        }
        for role in ["claimer", "cue", "object2", "other"] {
            let mut fillers = vec![Filler::Value(words(rng))];
            fillers.extend(entity(rng).map(Filler::Entity));
            fillers.extend(spans.get(rng.usize(0..20)).map(|id| Filler::Span(*id)));
            fillers.extend(claims.get(rng.usize(0..9)).map(|id| Filler::Claim(*id)));
            rng.shuffle(&mut fillers);
            if rng.bool() {
                claim.roles.insert(key(RoleKey::new, role), fillers);
            }
        }
        claim.attributes = attributes(rng);
        claim.normalized = words(rng);
        claim.note = words(rng);
        claim.residue = residue(rng);
        sheet.claims.insert(*id, claim);
    }
    let mut nodes: Vec<Node> = spans.into_iter().map(Node::Span).chain(claims.into_iter().map(Node::Claim)).collect();
    nodes.extend(entities.iter().copied().map(Node::Entity));
    for _ in 0..rng.usize(0..4) {
        if nodes.is_empty() {
            break;
        }
        let (from, to) = (nodes[rng.usize(0..nodes.len())], nodes[rng.usize(0..nodes.len())]);
        let mut relation = Relation::new(key(RelationKey::new, ["works_for", "new rel"][0]), from, to);
        relation.attributes = attributes(rng);
        relation.note = words(rng);
        let id = RelationId(ids.next_id());
        sheet.relations.insert(id, relation);
        nodes.push(Node::Relation(id));
    }
    sheet
}

pub(crate) fn item(rng: &mut Rng, ids: &mut IdSource, tables: &Tables) -> Item {
    let text = text(rng, 60);
    let title = format!("Title {}", words(rng));
    let mut document = Document::new(&title, text.hash().clone());
    document.source = words(rng);
    document.author = words(rng);
    document.url = words(rng);
    document.language = "en".into();
    document.file_name = words(rng);
    document.date = rng.bool().then(|| "2016-05".parse().unwrap());
    document.residue = residue(rng);
    document.regions = range(rng, &text).map(|range| Region { range, kind: RegionKind::Caption }).into_iter().collect();
    if rng.u8(0..4) == 0 {
        let old = Text::new("old");
        let replacements = vec![Replacement { start: 1, end: 1, with: "🎉".into() }];
        document.corrections = vec![Correction { old_hash: old.hash().clone(), replacements, new_hash: text.hash().clone() }];
    }
    let mut sheets = BTreeMap::new();
    for coder in tables.coders.keys() {
        let sheet = sheet(rng, ids, &text, tables);
        if rng.bool() {
            sheets.insert(coder.clone(), Arc::new(sheet));
        }
    }
    Item { id: DocumentId::from_title(&title, ids.next_id()), document, text, original: None, sheets }
}

/// A whole project.
pub(crate) fn project(seed: u64) -> (Tables, Vec<Item>) {
    let mut rng = Rng::with_seed(seed);
    let mut ids = IdSource::seeded(seed);
    let tables = tables(&mut rng, &mut ids);
    let items = (0..rng.usize(0..4)).map(|_| item(&mut rng, &mut ids, &tables)).collect();
    (tables, items)
}

/// Writes a project in memory.
pub(crate) fn export(format: &str, tables: &Tables, items: &[Item], unit: OffsetUnit) -> (MemoryFiles, ExportReport) {
    let mut options = WriteOptions::new(format!("out.{}", find(format).unwrap().extensions[0]));
    options.unit = unit;
    export_with(format, tables, items, options)
}

/// Writes a project in parts, in memory: for formats that have a place for parts.
pub(crate) fn export_split(format: &str, tables: &Tables, items: &[Item], shares: &str) -> (MemoryFiles, ExportReport) {
    let split = SplitOptions::new(shares.parse().unwrap());
    let splits = split.split(items.iter().map(|item| split.row_of(item)).collect());
    let mut items = items.to_vec();
    items.sort_by_key(|item| splits.part(&item.id));
    let mut options = WriteOptions::new("out");
    options.splits = Some(splits);
    export_with(format, tables, &items, options)
}

fn export_with(format: &str, tables: &Tables, items: &[Item], mut options: WriteOptions) -> (MemoryFiles, ExportReport) {
    let format: &Format = find(format).unwrap();
    let unit = options.unit;
    let coders: BTreeSet<CoderKey> = items.iter().flat_map(|item| item.sheets.keys().cloned()).collect();
    options.coders = coders.into_iter().collect();
    options.kept_columns = kept_columns(items);
    let (mut files, mut ledger) = (MemoryFiles::default(), Ledger::default());
    let mut items = items.iter().cloned().map(Ok);
    format.writer.unwrap()(tables, &mut items, &options, &mut files, &mut ledger).unwrap();
    (files, ledger.into_report(format.name, format.offsets.choose(None).unwrap().map(|_| unit)))
}

/// Hands other items to a writer than it is to write, reads back what it has written, and says what is not there.
pub(crate) fn difference(format: &str, tables: &Tables, items: (&[Item], &[Item]), unit: OffsetUnit) -> Option<String> {
    difference_in(format, tables, items, unit, |_| {}).unwrap()
}

/// The same of files that something happens to before they are read.
pub(crate) fn difference_in(
    format: &str,
    tables: &Tables,
    (items, handed): (&[Item], &[Item]),
    unit: OffsetUnit,
    happens: impl FnOnce(&mut MemoryFiles),
) -> Result<Option<String>, FormatError> {
    let format: &Format = find(format).unwrap();
    let mut options = WriteOptions::new(format!("out.{}", format.extensions[0]));
    options.unit = unit;
    options.coders = items.iter().flat_map(|item| item.sheets.keys().cloned()).collect::<BTreeSet<_>>().into_iter().collect();
    options.kept_columns = kept_columns(items);
    let mut written = Written::new(format, tables);
    written.begin_part("", &options.file_name);
    items.iter().for_each(|item| written.add(item));
    let (mut files, mut ledger) = (MemoryFiles::default(), Ledger::default());
    format.writer.unwrap()(tables, &mut handed.iter().cloned().map(Ok), &options, &mut files, &mut ledger).unwrap();
    let texts: BTreeMap<_, _> = items.iter().map(|item| (item.id.clone(), item.text.clone())).collect();
    let read_back = ReadBack { options: &options, ledger: &ledger, texts: KnownTexts::new(move |id| texts.get(id).cloned()) };
    happens(&mut files);
    let found = written.read_back(&files, &read_back)?;
    Ok(found.map(|found| written.describe(&found, items.get(found.index)).to_string()))
}

fn kept_columns(items: &[Item]) -> Vec<String> {
    let mut names = BTreeSet::new();
    items.iter().for_each(|item| add_kept_columns(item, &mut names));
    names.into_iter().collect()
}

/// Reads files in memory.
pub(crate) fn try_import(format: &str, files: &MemoryFiles, known: &Tables) -> Result<Batch, FormatError> {
    let mut options = ReadOptions::new(key(CoderKey::new, "alice"), IdSource::seeded(99));
    options.known = known.clone();
    let mut batch = Batch::default();
    find(format).unwrap().reader.unwrap()(files, &mut options, &mut batch)?;
    Ok(batch)
}

pub(crate) fn import(format: &str, files: &MemoryFiles, known: &Tables) -> Batch {
    try_import(format, files, known).unwrap()
}

/// Reads a table of spans into a project that has these documents.
pub(crate) fn import_beside(format: &str, files: &MemoryFiles, known: &Tables, items: &[Item]) -> Batch {
    let texts: BTreeMap<_, _> = items.iter().map(|item| (item.id.clone(), item.text.clone())).collect();
    let mut options = ReadOptions::new(key(CoderKey::new, "alice"), IdSource::seeded(99));
    options.known = known.clone();
    options.texts = KnownTexts::new(move |id| texts.get(id).cloned());
    let mut batch = Batch::default();
    find(format).unwrap().reader.unwrap()(files, &mut options, &mut batch).unwrap();
    batch
}

pub(crate) fn lines_of(report: &ExportReport, fate: Fate) -> Vec<String> {
    report.lines.iter().filter(|line| line.fate == fate).map(|line| format!("{} {}: {}", line.count, line.what, line.why)).collect()
}
