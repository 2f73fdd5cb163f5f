//! Random merges of every kind of file, through the real reader and writer, each compared with what it must be.
//!
//! `MANICULE_MERGES` is how many there are.

mod oracle;

use std::collections::{BTreeMap, BTreeSet};

use proptest::collection::{btree_map, btree_set, vec};
use proptest::option;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use proptest::test_runner::TestRunner;
use serde_json::{Map, Value, json};

use self::oracle::{Oracle, check_notes, clean};
use super::*;
use crate::model::{
    AttributeDef, AttributeKey, AttributeKind, AttributeValue, Attributes, Choice, ChoiceKey, Claim, ClaimId, Coder, CoderKey, Color, Document,
    DocumentId, Entity, EntityId, Filler, FillerKind, Id, Label, LabelKey, LabelKind, Node, NodeKind, ProjectId, ProjectInfo, Region, RegionKind,
    Relation, RelationId, RelationKey, RelationType, Residue, RoleDef, RoleKey, Rows, Schema, SchemaInfo, Settings, Sheet, SheetInfo, SheetKey, Span,
    SpanExtras, SpanId, Status, Target,
};
use crate::store::files::{read_document, read_entities, read_project, read_sheet, write_document, write_entities, write_project, write_sheet};
use crate::store::schema_file::{read_schema, write_schema};
use crate::text::{Ranges, Text};

const TEXT: &str = "Kérry met «Lavrov»\r\nin Wien. 東京 🎉";
/// Kinds of files.
const KINDS: usize = 5;

fn cases() -> u32 {
    let merges = std::env::var("MANICULE_MERGES").ok().and_then(|merges| merges.parse::<usize>().ok()).unwrap_or(1500);
    u32::try_from(merges.div_ceil(KINDS)).unwrap()
}

/// What is merged, as the program holds it.
trait Kind: std::fmt::Debug + Clone {
    const PATH: &'static str;
    fn write(&self) -> String;
    fn read(content: &str) -> Self;
    /// Structs and maps as objects. Places in lists are left out.
    fn json(&self) -> Value;
}

/// Base, one side, the other side. The base may be missing.
type Sides<T> = (bool, T, T, T);

#[track_caller]
fn check_all<K: Kind>(sides: impl Strategy<Value = Sides<K>>) {
    let config = ProptestConfig { cases: cases(), failure_persistence: None, ..ProptestConfig::default() };
    let changed_by_both = std::cell::Cell::new(0);
    let result = TestRunner::new(config).run(&sides, |sides| check_merge(&sides).map(|notes| changed_by_both.set(changed_by_both.get() + notes)));
    if let Err(error) = result {
        panic!("{error}");
    }
    println!("{} merges of {}, {} values changed by both sides", cases(), K::PATH, changed_by_both.get());
    assert!(changed_by_both.get() > cases() / 10, "the sides must meet");
}

fn check_merge<K: Kind>((has_base, base, a, b): &Sides<K>) -> Result<u32, TestCaseError> {
    let (base_file, a_file, b_file) = (base.write(), a.write(), b.write());
    let base_file = has_base.then_some(base_file.as_bytes());
    let run = |base, a: &str, b: &str| merge(K::PATH, base, [a.as_bytes(), b.as_bytes()]).unwrap();
    let merged = run(base_file, &a_file, &b_file);
    prop_assert_eq!(&merged, &run(base_file, &b_file, &a_file), "the order of the sides matters");
    for (ours, theirs) in [(&a_file, &a_file), (&b_file, &b_file)] {
        prop_assert_eq!(&run(base_file, ours, theirs).content, ours);
    }
    if let Some(base_file) = base_file {
        let base_file = str::from_utf8(base_file).unwrap();
        prop_assert_eq!(&run(Some(base_file.as_bytes()), &a_file, base_file).content, &a_file);
        prop_assert_eq!(&run(Some(base_file.as_bytes()), base_file, &b_file).content, &b_file);
    }
    let back = K::read(&merged.content);
    prop_assert_eq!(back.write(), merged.content.clone(), "it is saved with other bytes");
    prop_assert!(!merged.content.contains("<<<<"));
    let base = if *has_base { clean(base.json()) } else { Value::Null };
    let oracle = Oracle { notes: &merged.notes };
    oracle.check(&[], [&base, &clean(a.json()), &clean(b.json())], &clean(back.json()))?;
    check_notes(&merged.notes, &back.json())?;
    Ok(u32::try_from(merged.notes.len()).unwrap())
}

// Small worlds, in which both sides often change the same.

fn id(n: u64) -> Id {
    Id::from_bits(n << 40 | n)
}

fn word() -> impl Strategy<Value = String> + Clone {
    select(&["", "x", "y\nz", "日本"][..]).prop_map(str::to_owned)
}

fn words() -> impl Strategy<Value = BTreeSet<String>> + Clone {
    btree_set(select(&["one", "two", "three"][..]).prop_map(str::to_owned), 0..3)
}

fn list<T: std::fmt::Debug + Clone + Ord + 'static>(items: &'static [T]) -> impl Strategy<Value = Vec<T>> + Clone {
    let shuffled = Just(items.to_vec()).prop_shuffle();
    (shuffled, 0..=items.len()).prop_map(|(mut items, len)| {
        items.truncate(len);
        items
    })
}

fn strings(items: &'static [&'static str]) -> impl Strategy<Value = Vec<String>> + Clone {
    list(items).prop_map(|items| items.into_iter().map(str::to_owned).collect())
}

fn key<K: std::str::FromStr<Err: std::fmt::Debug> + std::fmt::Debug>(keys: &'static [&'static str]) -> impl Strategy<Value = K> + Clone {
    select(keys).prop_map(|key| key.parse().unwrap())
}

const LABELS: [&str; 3] = ["PER", "ORG", "GPE"];

fn label_keys() -> impl Strategy<Value = Vec<LabelKey>> + Clone {
    list(&LABELS).prop_map(|keys| keys.into_iter().map(|key| key.parse().unwrap()).collect())
}

fn attributes() -> impl Strategy<Value = Attributes> + Clone {
    let choice = |name: &str| name.parse::<ChoiceKey>().unwrap();
    let values = vec![AttributeValue::Bool(true), AttributeValue::Choice(choice("s")), AttributeValue::Text("t".into()), AttributeValue::Int(-1)];
    btree_map(key::<AttributeKey>(&["stance", "named"]), select(values), 0..3)
}

fn residue() -> impl Strategy<Value = Residue> + Clone {
    let brat = btree_map(Just("brat".to_owned()), word(), 0..2);
    let earlier = option::weighted(0.2, select(&["note: kept \"u\", not \"v\"", "at: kept 1, not 2\nnote: kept \"w\", not nothing"][..]));
    (brat, earlier).prop_map(|(mut residue, earlier)| {
        residue.extend(earlier.map(|notes| (notes::RESIDUE.to_owned(), notes.to_owned())));
        residue
    })
}

fn places() -> Vec<Ranges> {
    let text = Text::new(TEXT);
    let range = |(start, end)| text.range(start, end).unwrap();
    [&[(0, 6)][..], &[(13, 19)], &[(0, 6), (13, 19)], &[(26, 30)]]
        .map(|ranges| Ranges::new(ranges.iter().copied().map(range).collect()).unwrap())
        .into()
}

fn place() -> impl Strategy<Value = Ranges> + Clone {
    select(places())
}

/// Rows by key: each is there or not, and each side keeps it, deletes it, or has another.
fn tables<K, R>(keys: Vec<K>, row: impl Strategy<Value = R> + Clone) -> impl Strategy<Value = [BTreeMap<K, R>; 3]>
where
    K: Clone + Ord + std::fmt::Debug,
    R: Clone + std::fmt::Debug,
{
    let side = || prop_oneof![4 => Just(None), 1 => Just(Some(None)), 4 => row.clone().prop_map(|row| Some(Some(row)))];
    let versions = (option::weighted(0.7, row.clone()), side(), side());
    vec(versions, keys.len()).prop_map(move |rows| {
        let mut tables: [BTreeMap<K, R>; 3] = Default::default();
        for (key, (base, a, b)) in keys.iter().zip(rows) {
            let (a, b) = (a.unwrap_or_else(|| base.clone()), b.unwrap_or_else(|| base.clone()));
            for (table, row) in tables.iter_mut().zip([base, a, b]) {
                table.extend(row.map(|row| (key.clone(), row)));
            }
        }
        tables
    })
}

/// One thing that each side keeps or has another of.
fn three<T: Clone + std::fmt::Debug>(one: impl Strategy<Value = T> + Clone) -> impl Strategy<Value = [T; 3]> {
    let side = || option::weighted(0.6, one.clone());
    (one.clone(), side(), side()).prop_map(|(base, a, b)| [base.clone(), a.unwrap_or_else(|| base.clone()), b.unwrap_or(base)])
}

fn has_base() -> impl Strategy<Value = bool> {
    prop::bool::weighted(0.9)
}

// Sheets.

#[derive(Clone, Debug)]
struct AnySheet(Sheet);

fn sheet_key() -> SheetKey {
    SheetKey { document: DocumentId::from_title("a", id(1)), coder: CoderKey::from_name("ann") }
}

impl Kind for AnySheet {
    const PATH: &'static str = "annotations/ann/01/a-000000000001.ron";

    fn write(&self) -> String {
        write_sheet(Self::PATH, &sheet_key(), &self.0, &Text::new(TEXT)).unwrap()
    }

    fn read(content: &str) -> Self {
        let read = read_sheet(Self::PATH, content, &sheet_key(), &Text::new(TEXT)).unwrap();
        assert_eq!(read.findings, []);
        Self(read.sheet)
    }

    fn json(&self) -> Value {
        fn rows<K: Ord, R>(rows: &Rows<K, R>) -> BTreeMap<&K, &R> {
            rows.iter().collect()
        }
        let Sheet { info, spans, claims, relations } = &self.0;
        json!({ "info": info, "spans": rows(spans), "claims": rows(claims), "relations": rows(relations) })
    }
}

fn span() -> impl Strategy<Value = Span> + Clone {
    (place(), key(&LABELS), option::of(1u64..3), attributes(), word(), residue()).prop_map(|(ranges, label, entity, attributes, note, residue)| {
        let mut span = Span::new(ranges, label).with_extras(SpanExtras { attributes, note, residue });
        span.entity = entity.map(|n| EntityId(id(n)));
        span
    })
}

fn filler() -> impl Strategy<Value = Filler> + Clone {
    prop_oneof![
        (1u64..3).prop_map(|n| Filler::Span(SpanId(id(n)))),
        Just(Filler::Entity(EntityId(id(1)))),
        Just(Filler::Value("author".to_owned())),
        Just(Filler::Claim(ClaimId(id(1)))),
    ]
}

fn claim() -> impl Strategy<Value = Claim> + Clone {
    let fillers = vec(filler(), 1..4).prop_map(|fillers| {
        let mut seen = BTreeSet::new();
        fillers.into_iter().filter(|filler| seen.insert(filler.clone())).collect()
    });
    let roles = btree_map(key::<RoleKey>(&["claimer", "object"]), fillers, 0..3);
    let places = (option::of(place()), vec(place(), 0..3));
    (key(&["CLAIM", "DEMAND"]), places, roles, attributes(), word(), word(), residue()).prop_map(
        |(label, (content, occurrences), roles, attributes, normalized, note, residue)| {
            let mut claim = Claim { roles, attributes, normalized, note, residue, ..Claim::new(label, None) };
            claim.set_places(content, occurrences);
            claim
        },
    )
}

fn relation() -> impl Strategy<Value = Relation> + Clone {
    let node = prop_oneof![(1u64..3).prop_map(|n| Node::Span(SpanId(id(n)))), Just(Node::Claim(ClaimId(id(1))))];
    (key::<RelationKey>(&["supports", "attacks"]), node.clone(), node, attributes(), word(), residue())
        .prop_map(|(label, from, to, attributes, note, residue)| Relation { attributes, note, residue, ..Relation::new(label, from, to) })
}

fn sheet_info() -> impl Strategy<Value = SheetInfo> + Clone {
    let status = select(vec![Status::New, Status::InProgress, Status::Done]);
    (status, attributes(), word(), words(), words(), residue()).prop_map(|(status, attributes, note, ignored, rejected, residue)| SheetInfo {
        status,
        attributes,
        note,
        ignored,
        rejected,
        text_hash: None,
        residue,
    })
}

#[test]
fn sheets_are_merged() {
    let ids = || (1..4).map(id);
    let spans = tables(ids().map(SpanId).collect(), span());
    let claims = tables(ids().take(2).map(ClaimId).collect(), claim());
    let relations = tables(ids().take(2).map(RelationId).collect(), relation());
    let sides = (has_base(), three(sheet_info()), spans, claims, relations).prop_map(|(has_base, infos, spans, claims, relations)| {
        let mut sheets = infos.into_iter().zip(spans).zip(claims.into_iter().zip(relations));
        let mut next = || {
            sheets
                .next()
                .map(|((info, spans), (claims, relations))| {
                    AnySheet(Sheet { info, spans: spans.into(), claims: claims.into(), relations: relations.into() })
                })
                .unwrap()
        };
        (has_base, next(), next(), next())
    });
    check_all(sides);
}

// Entities.

#[derive(Clone, Debug)]
struct Entities(BTreeMap<EntityId, Entity>);

impl Kind for Entities {
    const PATH: &'static str = "entities/00.ron";

    fn write(&self) -> String {
        let empty = || format!("(\n  format: {},\n)\n", crate::store::FORMAT);
        write_entities(Self::PATH, self.0.iter().map(|(id, entity)| (*id, entity)), &[]).unwrap().unwrap_or_else(empty)
    }

    fn read(content: &str) -> Self {
        let read = read_entities(Self::PATH, content).unwrap();
        assert_eq!(read.findings, []);
        Self(read.entities)
    }

    fn json(&self) -> Value {
        json!({ "rows": self.0 })
    }
}

fn entity() -> impl Strategy<Value = Entity> + Clone {
    let made_by = option::of(key::<CoderKey>(&["ann", "bob"]));
    let fates = (made_by, option::of(1u64..3), any::<bool>());
    (word(), option::of(key(&LABELS)), words(), words(), attributes(), word(), fates, residue()).prop_map(
        |(name, label, aliases, knowledge_base_ids, attributes, note, (made_by, merged_into, deleted), residue)| Entity {
            aliases,
            knowledge_base_ids,
            attributes,
            note,
            made_by,
            merged_into: merged_into.map(|n| EntityId(id(n))),
            deleted,
            residue,
            ..Entity::new(name, label)
        },
    )
}

#[test]
fn entities_are_merged() {
    let tables = tables((1..5).map(id).map(EntityId).collect(), entity());
    check_all((has_base(), tables).prop_map(|(has_base, [base, a, b])| (has_base, Entities(base), Entities(a), Entities(b))));
}

// Codebooks.

impl Kind for Schema {
    const PATH: &'static str = "schema.ron";

    fn write(&self) -> String {
        write_schema(self)
    }

    fn read(content: &str) -> Self {
        read_schema(content).unwrap()
    }

    fn json(&self) -> Value {
        let mut value = json!(self);
        for list in value.as_object_mut().unwrap().values_mut() {
            list.as_object_mut().unwrap().values_mut().filter_map(Value::as_object_mut).for_each(strip_row);
        }
        value
    }
}

/// No position; choices by key.
fn strip_row(row: &mut Map<String, Value>) {
    row.remove("position");
    if let Some(Value::Array(choices)) = row.get("choices").cloned() {
        let by_key = choices.into_iter().map(|choice| (choice["key"].as_str().unwrap().to_owned(), choice)).collect();
        row.insert("choices".to_owned(), Value::Object(by_key));
    }
}

fn shortcut() -> impl Strategy<Value = Option<char>> + Clone {
    option::of(select(vec!['p', '\'']))
}

fn color() -> impl Strategy<Value = Color> + Clone {
    (0usize..3).prop_map(Color::from_palette)
}

fn label() -> impl Strategy<Value = Label> + Clone {
    // All parents are outside the list, so that there is no circle.
    let parent = || option::of(key::<LabelKey>(&["ABOVE", "HIGHER"]));
    let lists = (strings(&["e1", "e2", "e3"]), strings(&["a1", "a2"]), residue());
    (word(), 0u32..4, parent(), parent(), (word(), word()), color(), shortcut(), lists, any::<bool>()).prop_map(
        |(name, position, parent, replaced_by, (short, description), color, shortcut, (examples, aliases, residue), retired)| Label {
            parent,
            short,
            shortcut,
            description,
            examples,
            aliases,
            retired,
            replaced_by,
            residue,
            ..Label::new(name, LabelKind::Entity, color, position)
        },
    )
}

fn choice() -> impl Strategy<Value = Vec<Choice>> + Clone {
    let row = (word(), shortcut(), word());
    (list(&["support", "oppose", "neutral"]), vec(row, 3)).prop_map(|(keys, rows)| {
        let choice = |(key, (name, shortcut, description)): (&str, _)| Choice { key: key.parse().unwrap(), name, shortcut, description };
        keys.into_iter().zip(rows).map(choice).collect()
    })
}

fn attribute() -> impl Strategy<Value = AttributeDef> + Clone {
    let default = option::of(select(vec![AttributeValue::Bool(true), AttributeValue::Int(1)]));
    let targets = list(&[Target::Span, Target::Claim, Target::Document]);
    (word(), 0u32..4, targets, label_keys(), choice(), default, shortcut(), any::<[bool; 2]>()).prop_map(
        |(name, position, applies_to, labels, choices, default, shortcut, [required, retired])| AttributeDef {
            name,
            kind: if required { AttributeKind::Choice } else { AttributeKind::Choices },
            position,
            applies_to,
            labels,
            choices,
            required,
            default,
            shortcut,
            description: String::new(),
            retired,
        },
    )
}

fn role() -> impl Strategy<Value = RoleDef> + Clone {
    let lists = (list(&[FillerKind::Span, FillerKind::Entity, FillerKind::Value]), strings(&["author", "editor"]), label_keys());
    (word(), 0u32..4, lists, 0u32..3, shortcut(), any::<[bool; 2]>()).prop_map(
        |(name, position, (accepts, values, labels), max, shortcut, [required, retired])| RoleDef {
            description: name.clone(),
            name,
            position,
            accepts,
            values,
            labels,
            required,
            max,
            shortcut,
            retired,
        },
    )
}

fn relation_type() -> impl Strategy<Value = RelationType> + Clone {
    let ends = || list(&[NodeKind::Span, NodeKind::Claim]);
    // All parents are outside the list, so that there is no circle.
    let parent = || option::of(key::<RelationKey>(&["near", "against"]));
    let words = (word(), word(), strings(&["so", "as"]));
    (words, 0u32..4, (parent(), parent()), ends(), ends(), color(), shortcut(), any::<[bool; 2]>()).prop_map(
        |((name, short, examples), position, (parent, replaced_by), from, to, color, shortcut, [symmetric, retired])| RelationType {
            name,
            position,
            parent,
            short,
            from,
            to,
            symmetric,
            color,
            shortcut,
            description: String::new(),
            aliases: examples.clone(),
            examples,
            retired,
            replaced_by,
        },
    )
}

#[test]
fn codebooks_are_merged() {
    fn keys<K: std::str::FromStr<Err: std::fmt::Debug>>(keys: &[&str]) -> Vec<K> {
        keys.iter().map(|key| key.parse().unwrap()).collect()
    }
    let info = (word(), word(), residue()).prop_map(|(name, description, residue)| SchemaInfo { name, description, residue });
    let lists = (
        tables(keys::<LabelKey>(&LABELS), label()),
        tables(keys::<AttributeKey>(&["stance", "named"]), attribute()),
        tables(keys::<RoleKey>(&["claimer", "object"]), role()),
        tables(keys::<RelationKey>(&["supports", "attacks"]), relation_type()),
    );
    let sides = (has_base(), three(info), lists).prop_map(|(has_base, infos, (labels, attributes, roles, relation_types))| {
        let mut lists = infos.into_iter().zip(labels).zip(attributes).zip(roles).zip(relation_types);
        let mut next = || {
            let ((((info, labels), attributes), roles), relation_types) = lists.next().unwrap();
            Schema { info, labels, attributes, roles, relation_types }
        };
        (has_base, next(), next(), next())
    });
    check_all(sides);
}

// Projects.

#[derive(Clone, Debug)]
struct Project(ProjectInfo, BTreeMap<CoderKey, Coder>);

impl Kind for Project {
    const PATH: &'static str = "project.ron";

    fn write(&self) -> String {
        write_project(&self.0, &self.1).unwrap()
    }

    fn read(content: &str) -> Self {
        let (info, coders) = read_project(content).unwrap();
        Self(info, coders)
    }

    fn json(&self) -> Value {
        json!({ "info": self.0, "coders": self.1 })
    }
}

#[test]
fn projects_are_merged() {
    let info = (1u64..3, word(), any::<bool>(), residue()).prop_map(|(n, name, own_entities_only, residue)| ProjectInfo {
        id: ProjectId(id(n)),
        name,
        settings: Settings { own_entities_only },
        residue,
    });
    let coder = (word(), word()).prop_map(|(name, note)| Coder { name, note });
    let keys = ["ann", "bob", "gold"].map(|key| CoderKey::new(key).unwrap()).to_vec();
    let sides = (has_base(), three(info), tables(keys, coder))
        .prop_map(|(has_base, [b, i, j], [x, y, z])| (has_base, Project(b, x), Project(i, y), Project(j, z)));
    check_all(sides);
}

// Documents.

impl Kind for Document {
    const PATH: &'static str = "documents/01/a-000000000001.ron";

    fn write(&self) -> String {
        write_document(Self::PATH, &sheet_key().document, self, Some(&Text::new(TEXT))).unwrap()
    }

    fn read(content: &str) -> Self {
        let mut findings = Vec::new();
        let document = read_document(Self::PATH, content, &sheet_key().document, Some(&Text::new(TEXT)), &mut findings).unwrap();
        assert_eq!(findings, []);
        document
    }

    fn json(&self) -> Value {
        json!(self)
    }
}

fn document() -> impl Strategy<Value = Document> + Clone {
    let regions = btree_set((0usize..2, any::<bool>()), 0..3).prop_map(|regions| {
        let kind = |is_title| if is_title { RegionKind::Title } else { RegionKind::Caption };
        let region = |(n, is_title): (usize, bool)| Region { range: places()[n].as_slice()[0], kind: kind(is_title) };
        let mut regions: Vec<Region> = regions.into_iter().map(region).collect();
        regions.sort_unstable();
        regions
    });
    let texts = (word(), word(), word(), word(), word(), word());
    let date = option::of(select(vec!["2016", "2016-05-17"]));
    (texts, date, regions, any::<bool>(), any::<Index>(), residue()).prop_map(
        |((title, source, author, url, language, file_name), date, regions, bom, text, residue)| {
            let hash = Text::new(["a", "b", "c"][text.index(3)]).hash().clone();
            let mut document = Document { source, author, url, language, file_name, regions, residue, ..Document::new(title, hash) };
            document.date = date.map(|date| date.parse().unwrap());
            document.decoding.bom = bom;
            document
        },
    )
}

#[test]
fn documents_are_merged() {
    check_all((has_base(), three(document())).prop_map(|(has_base, [base, a, b])| (has_base, base, a, b)));
}

#[test]
fn only_what_is_long_altogether_is_not_merged() {
    let is_too_large = |base: usize, sides: usize| {
        let (base, side) = (vec![b' '; base], vec![b' '; sides]);
        matches!(merge("project.ron", Some(&base), [&side, &side]), Err(StoreError::TooLarge { .. }))
    };
    let half = MAX_MERGED_BYTES / 2;
    assert_eq!([(0, half), (1, half), (2, half - 1), (5000, 5000)].map(|(base, sides)| is_too_large(base, sides)), [false, true, false, false]);
}
