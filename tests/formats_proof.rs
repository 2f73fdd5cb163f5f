//! Every format that is read and written: what an export says that it keeps is what an import of it brings, for generated
//! projects of several coders; and an export that says something else is found out.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::string_slice, clippy::panic, clippy::expect_used)]

mod common;

use std::collections::BTreeMap;
use std::sync::Arc;

use common::{difference, difference_in, import, project};
use manicule::format::{
    Batch, FORMATS, Format, FormatError, Item, Items, Ledger, MemoryFiles, Offsets, Places, Sink, Tables, WriteFn, WriteOptions, find,
};
use manicule::model::{
    Claim, ClaimId, Coder, CoderKey, Color, Document, DocumentId, Filler, Id, IdSource, Label, LabelKey, Node, Relation, RelationId, RelationKey,
    RelationType, RoleKey, Sheet, Span, SpanId,
};
use manicule::progress::{CancelToken, Progress};
use manicule::text::Text;
use manicule::text::offsets::OffsetUnit;
use manicule::workspace::export::{ExportError, ExportSource, Writing, plan_export, run_export};
use proptest::prelude::*;

fn proven() -> impl Iterator<Item = &'static Format> {
    FORMATS.iter().filter(|format| format.proof.reader.is_some())
}

fn units(format: &Format) -> Vec<OffsetUnit> {
    match format.offsets {
        Offsets::None => vec![OffsetUnit::CodePoints],
        Offsets::Fixed(unit) => vec![unit],
        Offsets::Choosable(_) => OffsetUnit::ALL.to_vec(),
    }
}

fn of_alice((mut tables, mut items): (Tables, Vec<Item>)) -> (Tables, Vec<Item>) {
    items.iter_mut().for_each(|item| item.sheets.retain(|coder, _| coder.as_str() == "alice"));
    tables.coders.retain(|coder, _| coder.as_str() == "alice");
    (tables, items)
}

/// All documents of one text, so that only their ids tell them apart.
fn of_one_text(seed: u64) -> (Tables, Vec<Item>) {
    let (tables, mut items) = project(seed);
    if let Some(first) = items.first().cloned() {
        for item in &mut items {
            (item.text, item.document.text_hash) = (first.text.clone(), first.document.text_hash.clone());
            item.document.regions.clear();
            item.document.corrections.clear();
            item.sheets.clone_from(&first.sheets);
        }
    }
    (tables, items)
}

/// What does not come back, in any format.
fn differences(tables: &Tables, items: &[Item]) -> Vec<String> {
    let all = proven().flat_map(|format| units(format).into_iter().map(move |unit| (format, unit)));
    let found = all.filter_map(|(format, unit)| Some((format, unit, difference(format.name, tables, (items, items), unit)?)));
    found.map(|(format, unit, difference)| format!("{} in {unit}: {difference}", format.name)).collect()
}

#[track_caller]
fn check(tables: &Tables, items: &[Item]) {
    assert_eq!(differences(tables, items), Vec::<String>::new());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(30))]

    #[test]
    fn what_a_report_keeps_comes_back_in_every_format(seed in any::<u64>()) {
        check_seed(seed);
    }
}

fn check_seed(seed: u64) {
    let (tables, items) = project(seed);
    check(&tables, &items);
    let (tables, items) = of_alice((tables, items));
    check(&tables, &items);
    let (tables, items) = of_one_text(seed);
    check(&tables, &items);
}

#[test]
fn what_did_not_come_back_once_comes_back() {
    // The second has a claim that is nothing but the first half of a line end.
    [12_753_145_074_823_172_048, 4_249_947_658_830_784_873].into_iter().for_each(check_seed);
}

/// Two documents with two spans each, which every format keeps.
fn simple() -> (Tables, Vec<Item>) {
    let (tables, _) = project(1);
    let mut ids = IdSource::seeded(3);
    let items = ["Zoë 🎉 met Ann Smith in York.\r\nBob was there.", "שלום Bob, said Ann to Zoë."].map(|text| {
        let text = Text::new(text);
        let mut sheet = Sheet::default();
        for word in ["Ann", "Bob"] {
            let start = text.as_str().find(word).unwrap();
            let range = text.range(start, start + word.len()).unwrap();
            sheet.spans.insert(SpanId(ids.next_id()), Span::new(range, LabelKey::new("PER").unwrap()));
        }
        let id = DocumentId::from_title("a", ids.next_id());
        let sheets = BTreeMap::from([(tables.coders.keys().next().unwrap().clone(), Arc::new(sheet))]);
        Item { id, document: Document::new("a", text.hash().clone()), text, original: None, sheets }
    });
    (tables, items.into())
}

/// The first document, with something else in it.
fn altered(items: &[Item], alter: impl Fn(&mut Item, &mut Sheet)) -> Vec<Item> {
    let mut items = items.to_vec();
    let (coder, sheet) = items[0].sheets.iter().next().map(|(coder, sheet)| (coder.clone(), sheet.as_ref().clone())).unwrap();
    let mut sheet = sheet;
    alter(&mut items[0], &mut sheet);
    items[0].sheets.insert(coder, Arc::new(sheet));
    items
}

fn first(sheet: &Sheet) -> SpanId {
    *sheet.spans.iter().min_by_key(|(_, span)| span.ranges.start()).unwrap().0
}

fn change_first(sheet: &mut Sheet, change: impl Fn(&mut Span)) {
    let id = first(sheet);
    change(sheet.spans.get_mut(&id).unwrap());
}

/// What all formats say where the writer got something else than it was to write.
#[track_caller]
fn check_lie(tables: &Tables, items: &[Item], lie: &[Item], expected: &str, formats: impl Iterator<Item = &'static Format>) {
    let mut names = Vec::new();
    for format in formats {
        let found = difference(format.name, tables, (items, lie), units(format)[0]).unwrap_or_default();
        assert!(found.contains(expected) && found.contains(items[0].id.as_str()), "{}: {found}", format.name);
        names.push(format.name);
    }
    assert!(!names.is_empty());
}

#[test]
fn a_lie_is_found_out_in_every_format() {
    let (tables, items) = simple();
    check(&tables, &items);
    // Classes of documents have no spans, and maps of arguments neither: see below.
    let with_spans = || proven().filter(|format| format.name != "doccano-classes" && format.name != "aif");
    let with_texts = || proven().filter(|format| format.name != "csv" && format.name != "aif");
    let lie = altered(&items, |_, sheet| change_first(sheet, |span| span.label = LabelKey::new("GPE").unwrap()));
    check_lie(&tables, &items, &lie, "the span PER “Ann” of alice is missing or elsewhere", with_spans());
    let lie = altered(&items, |item, sheet| change_first(sheet, |span| span.ranges = item.text.range(0, 4).unwrap().into()));
    check_lie(&tables, &items, &lie, "the span PER “Ann” of alice is missing or elsewhere", with_spans());
    let lie = altered(&items, |_, sheet| {
        let id = first(sheet);
        sheet.spans.remove(&id);
    });
    check_lie(&tables, &items, &lie, "it has 2 spans and claims, and the report counts 1", with_spans());
    let lie = altered(&items, |item, _| item.text = Text::new(item.text.as_str().replace("York", "Yorc")));
    check_lie(&tables, &items, &lie, "its text came back as another one", with_texts());
    check_lie(&tables, &items, &items[1..], "", with_texts().filter(|format| format.proof.reader.is_some()));
}

/// Keys that mean something to a format, or look as if.
const ODD: [&str; 18] = ["A|B", "50%", "x:y", "_", "O", "*", "-", "a/b", "B-X", "I-X", "{x}", "<y>", "&z", "10", "~", "T1", "name", "größe"];

#[test]
fn labels_and_coders_with_odd_names_come_back() {
    let (mut tables, mut items) = simple();
    let label = tables.schema.labels[&LabelKey::new("PER").unwrap()].clone();
    for (number, key) in ODD.iter().enumerate() {
        let named = Label { name: format!("name {number}"), ..label.clone() };
        tables.schema.labels.insert(LabelKey::new(key).unwrap(), named);
    }
    let text = Text::new(vec!["word"; ODD.len()].join(" and "));
    let mut ids = IdSource::seeded(5);
    let mut sheet = Sheet::default();
    for (number, key) in ODD.iter().enumerate() {
        let range = text.range(number * 9, number * 9 + 4).unwrap();
        sheet.spans.insert(SpanId(ids.next_id()), Span::new(range, LabelKey::new(key).unwrap()));
    }
    (items[0].text, items[0].document) = (text.clone(), Document::new("odd", text.hash().clone()));
    let coders = ["a--b", "annotation", "1", "a-very-long-name-of-somebody-who-has-more-than-forty-letters"];
    for coder in coders.map(|coder| CoderKey::new(coder).unwrap()) {
        items[0].sheets = BTreeMap::from([(coder.clone(), Arc::new(sheet.clone()))]);
        tables.coders.insert(coder, Coder::new("x"));
        check(&tables, &items[..1]);
        check(&tables, &items);
    }
}

#[test]
fn a_relation_that_leads_elsewhere_is_found_out() {
    let (tables, items) = simple();
    let relate = |sheet: &mut Sheet, turned: bool| {
        let mut ends: Vec<SpanId> = sheet.spans.keys().copied().collect();
        if turned {
            ends.reverse();
        }
        let relation = Relation::new(RelationKey::new("works_for").unwrap(), Node::Span(ends[0]), Node::Span(ends[1]));
        sheet.relations.insert(RelationId(Id::from_bits(9)), relation);
    };
    let (right, turned) = (altered(&items, |_, sheet| relate(sheet, false)), altered(&items, |_, sheet| relate(sheet, true)));
    let formats = [
        "jsonl",
        "doccano-relations",
        "label-studio",
        "spacy-jsonl",
        "uima-json",
        "uima-xmi",
        "w3c",
        "gate-xml",
        "tei",
        "bdocjs",
        "bdocjs-java",
        "pubannotation",
        "bioc-xml",
        "bioc-json",
        "refi-qda",
    ];
    let formats = || proven().filter(|format| formats.contains(&format.name));
    check(&tables, &right);
    check_lie(&tables, &right, &turned, "a relation works_for of alice is missing or elsewhere", formats());
}

/// Cuts every file in half.
fn cut(files: &mut MemoryFiles) {
    files.0.values_mut().for_each(|content| content.truncate(content.len() / 2));
}

/// Another letter wherever the name stands.
fn rename(files: &mut MemoryFiles) {
    for content in files.0.values_mut() {
        while let Some(at) = content.windows(4).position(|word| word == b"York") {
            content[at + 3] = b'c';
        }
    }
}

#[test]
fn damage_is_found_out_in_every_format() {
    let (tables, items) = simple();
    let is_found = |format: &Format, damage: fn(&mut MemoryFiles)| {
        let found = difference_in(format.name, &tables, (&items, &items), units(format)[0], damage);
        !matches!(found, Ok(None))
    };
    let with_places = || proven().filter(|format| !matches!(format.proof.places, Places::Words(_)));
    let missed: Vec<&str> = with_places().filter(|format| !is_found(format, cut)).map(|format| format.name).collect();
    assert_eq!(missed, Vec::<&str>::new());
    // Tables of spans have no texts, and archives are packed: a letter of them is nowhere.
    let with_letters = || with_places().filter(|format| !["csv", "refi-qda"].contains(&format.name));
    let missed: Vec<&str> = with_letters().filter(|format| !is_found(format, rename)).map(|format| format.name).collect();
    assert_eq!(missed, Vec::<&str>::new());
}

#[test]
fn a_claim_without_a_place_counts() {
    let (tables, items) = simple();
    let with_claim = altered(&items, |_, sheet| {
        let claim = Claim::new(LabelKey::new("CLAIM").unwrap(), None);
        sheet.claims.insert(ClaimId(Id::from_bits(5)), claim);
    });
    check(&tables, &with_claim);
    check_lie(&tables, &with_claim, &items, "it has 3 spans and claims, and the report counts 2", proven().filter(|format| format.name == "jsonl"));
}

/// An export to a folder where a file lies already.
struct Place(tempfile::TempDir);

impl Place {
    fn new(name: &str) -> Self {
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join(name), "old").unwrap();
        Self(dir)
    }

    fn export(&self, format: &'static Format, name: &str, (progress, cancel): (&Progress, &CancelToken)) -> Result<(), ExportError> {
        let (tables, items) = simple();
        let source = ExportSource::from_batch(Batch { tables, items, ..Batch::default() }).unwrap();
        let plan = plan_export(source, format, Writing::default(), (progress, cancel))?;
        run_export(&plan, &self.0.path().join(name), (progress, cancel)).map(drop)
    }

    fn names(&self) -> Vec<String> {
        let entries = std::fs::read_dir(self.0.path()).unwrap();
        entries.map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()).collect()
    }

    /// As it was before.
    #[track_caller]
    fn check_untouched(&self, name: &str) {
        assert_eq!(std::fs::read_to_string(self.0.path().join(name)).unwrap(), "old");
        assert_eq!(self.names(), [name]);
    }
}

/// A format with another writer.
fn with_writer(name: &str, writer: WriteFn) -> &'static Format {
    Box::leak(Box::new(Format { writer: Some(writer), ..*find(name).unwrap() }))
}

/// Moves the first span and says that it was kept.
fn lying(tables: &Tables, items: &mut Items<'_>, options: &WriteOptions, sink: &mut dyn Sink, ledger: &mut Ledger) -> Result<(), FormatError> {
    let items: Vec<Item> = items.collect::<Result<_, _>>()?;
    let lie = altered(&items, |item, sheet| change_first(sheet, |span| span.ranges = item.text.range(0, 4).unwrap().into()));
    find("doccano").unwrap().writer.unwrap()(tables, &mut lie.into_iter().map(Ok), options, sink, ledger)
}

/// Writes all and presses stop, but for the dry run, whose file has another name.
fn stopping(tables: &Tables, items: &mut Items<'_>, options: &WriteOptions, sink: &mut dyn Sink, ledger: &mut Ledger) -> Result<(), FormatError> {
    find("conll2003").unwrap().writer.unwrap()(tables, items, options, sink, ledger)?;
    if options.file_name != "dry-run" {
        options.cancel.cancel();
    }
    Ok(())
}

#[test]
fn an_export_that_does_not_say_what_was_written_replaces_nothing() {
    let place = Place::new("out.jsonl");
    let error = place.export(with_writer("doccano", lying), "out.jsonl", (&Progress::new(), &CancelToken::new())).unwrap_err().to_string();
    let expected = "what was written does not come back: expected 2 spans and claims, found 2: the span PER “Ann” of alice is missing or elsewhere";
    assert!(error.starts_with("document a-") && error.contains(expected), "{error}");
    place.check_untouched("out.jsonl");
}

#[test]
fn reading_back_can_be_stopped_and_shows_how_far_it_is() {
    let place = Place::new("out.conll");
    let error = place.export(with_writer("conll2003", stopping), "out.conll", (&Progress::new(), &CancelToken::new())).unwrap_err();
    assert!(matches!(error, ExportError::Format(FormatError::Cancelled)), "{error}");
    place.check_untouched("out.conll");
    let progress = Progress::new();
    place.export(find("conll2003").unwrap(), "out.conll", (&progress, &CancelToken::new())).unwrap();
    // Two documents planned, written and read.
    assert_eq!((progress.done(), progress.total()), (6, 6));
    assert!(std::fs::read_to_string(place.0.path().join("out.conll")).unwrap().starts_with("-DOCSTART-"));
}

/// Two documents of claims by alice, the first with links between them: for formats that have the words of claims and no places.
fn argued() -> (Tables, Vec<Item>) {
    let (mut tables, mut items) = simple();
    for name in ["supports", "attack"] {
        let row = RelationType::new(name, Color::from_palette(1), 1);
        tables.schema.relation_types.insert(RelationKey::new(name).unwrap(), row);
    }
    let mut ids = IdSource::seeded(7);
    for item in &mut items {
        let mut sheet = Sheet::default();
        let words = item.text.range(0, item.text.as_str().find(". ").or(item.text.as_str().find(',')).unwrap_or(5)).unwrap();
        let mut claims = vec![Claim::new(LabelKey::new("CLAIM").unwrap(), Some(words.into()))];
        claims.extend(["York is  large", "So is Rome"].map(|own| Claim { normalized: own.to_owned(), ..claims[0].clone() }));
        let nodes: Vec<_> = claims.iter().map(|_| ClaimId(ids.next_id())).collect();
        claims[2].roles.insert(RoleKey::new("object2").unwrap(), vec![Filler::Claim(nodes[1])]);
        sheet.claims = nodes.iter().copied().zip(claims).collect();
        let supports = RelationId(ids.next_id());
        let relate = |name: &str, from, to| Relation::new(RelationKey::new(name).unwrap(), from, to);
        sheet.relations.insert(supports, relate("supports", Node::Claim(nodes[0]), Node::Claim(nodes[1])));
        let attack = relate("attack", Node::Claim(nodes[2]), Node::Relation(supports));
        sheet.relations.insert(RelationId(ids.next_id()), attack);
        let coder = item.sheets.keys().next().unwrap().clone();
        item.sheets.insert(coder, Arc::new(sheet));
    }
    (tables, items)
}

fn change_relations(sheet: &mut Sheet, change: impl Fn(&mut Relation)) {
    let changed = sheet.relations.iter().map(|(id, row)| {
        let mut row = row.clone();
        change(&mut row);
        (*id, row)
    });
    sheet.relations = changed.collect();
}

fn without_places() -> impl Iterator<Item = &'static Format> {
    proven().filter(|format| matches!(format.proof.places, Places::Words(_)))
}

#[test]
fn words_of_claims_and_their_links_come_back_where_there_are_no_places() {
    let (tables, items) = argued();
    check(&tables, &items);
    let claim = |sheet: &Sheet, words: &str| sheet.claims.iter().find(|(_, claim)| claim.normalized == words).map(|(id, _)| *id).unwrap();
    let lie = altered(&items, |_, sheet| {
        let id = claim(sheet, "So is Rome");
        sheet.claims.get_mut(&id).unwrap().normalized = "So is Paris".to_owned();
    });
    check_lie(
        &tables,
        &items,
        &lie,
        "expected 3 spans and claims, found 3: the claim “So is Rome” of alice is missing or elsewhere",
        without_places(),
    );
    let lie = altered(&items, |_, sheet| change_relations(sheet, |row| std::mem::swap(&mut row.from, &mut row.to)));
    check_lie(&tables, &items, &lie, "a relation", without_places());
    let lie = altered(&items, |_, sheet| change_relations(sheet, |row| row.label = RelationKey::new("supports").unwrap()));
    check_lie(&tables, &items, &lie, "a relation attack of alice is missing or elsewhere", without_places());
    let lie = altered(&items, |_, sheet| {
        sheet.claims = sheet.claims.iter().map(|(id, claim)| (*id, Claim { roles: BTreeMap::new(), ..claim.clone() })).collect()
    });
    check_lie(&tables, &items, &lie, "expected 3 relations and fillers of roles, found 2: the claim that fills the role object2", without_places());
    let lie = altered(&items, |_, sheet| {
        let id = claim(sheet, "So is Rome");
        sheet.claims.remove(&id);
    });
    check_lie(&tables, &items, &lie, "it has 3 spans and claims, and the report counts 2", without_places());
    check_lie(&tables, &items, &items[1..], "", without_places());
    for damage in [cut, rename] {
        for format in without_places() {
            let found = difference_in(format.name, &tables, (&items, &items), units(format)[0], damage);
            assert!(!matches!(found, Ok(None)), "{}", format.name);
        }
    }
}

#[test]
fn attributes_may_be_called_as_a_format_calls_its_own() {
    const NAMES: [&str; 30] = [
        "type",
        "annotator",
        "kind",
        "id",
        "note",
        "label",
        "labels",
        "text",
        "name",
        "obj",
        "pred",
        "subj",
        "value",
        "begin",
        "end",
        "start",
        "category",
        "role",
        "roles",
        "target",
        "sofa",
        "meta",
        "spans",
        "relations",
        "entity",
        "identifier",
        "key",
        "offset",
        "length",
        "normalized",
    ];
    let attributes: BTreeMap<&str, String> = NAMES.iter().map(|name| (*name, format!("{name} of it"))).collect();
    let record = serde_json::json!({"text": "Ann saw Bo.", "spans": [
        {"start": 0, "end": 3, "label": "PER", "attributes": attributes},
        {"start": 8, "end": 10, "label": "PER"},
    ]});
    let batch = import("spacy-jsonl", &MemoryFiles::new([("a.jsonl", record.to_string())]), &Tables::default());
    for format in proven() {
        for unit in units(format) {
            let found = difference(format.name, &batch.tables, (&batch.items, &batch.items), unit);
            assert_eq!(found, None, "{} in {unit:?}", format.name);
        }
    }
}
