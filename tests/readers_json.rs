//! Our JSON formats and DocBins are read by Label Studio's SDK, by spaCy and as doccano reads; what those write, we read.
//!
//! Needs the virtual environment of `tests/readers/setup.sh`. With `MANICULE_READERS=all` doccano itself imports our files, too: that
//! takes a virtual environment of its own, made by `tests/readers/setup_all.sh`.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, clippy::expect_used)]

mod common;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::Arc;

use common::readers::{doccano, python, read, write};
use common::{export, import, project};
use manicule::format::{Fate, Item, Tables};
use manicule::model::{
    AttributeKey, AttributeValue, ChoiceKey, Coder, CoderKey, Color, Document, DocumentId, IdSource, Label, LabelKey, LabelKind, Node, Relation,
    RelationId, RelationKey, Sheet, Span, SpanId, Status,
};
use manicule::text::Text;
use manicule::text::offsets::OffsetUnit;

const PROJECTS: u64 = 60;

/// Writes each project into a folder of its own, in a format and beside it in ours.
fn write_projects(dir: &Path, formats: &[&str]) -> BTreeMap<&'static str, usize> {
    let mut kept = BTreeMap::new();
    for seed in 0..PROJECTS {
        let (tables, items) = project(seed);
        let folder = dir.join(format!("{seed:02}"));
        write(&export("jsonl", &tables, &items, OffsetUnit::CodePoints).0, &folder);
        fs::rename(folder.join("out.jsonl"), folder.join("ours.jsonl")).unwrap();
        for format in formats {
            let (files, report) = export(format, &tables, &items, OffsetUnit::CodePoints);
            write(&files, &folder);
            for line in report.lines.iter().filter(|line| line.fate != Fate::Dropped) {
                *kept.entry(line.what).or_default() += line.count;
            }
        }
    }
    kept
}

#[test]
fn doccano_places_are_those_of_the_text_in_both_units() {
    let dir = tempfile::tempdir().unwrap();
    let mut expected = [0, 0];
    for seed in 0..PROJECTS {
        let (tables, items) = project(seed);
        let folder = dir.path().join(format!("{seed:02}"));
        write(&export("jsonl", &tables, &items, OffsetUnit::CodePoints).0, &folder);
        fs::rename(folder.join("out.jsonl"), folder.join("ours.jsonl")).unwrap();
        for (format, form) in [("doccano", "spans"), ("doccano-relations", "relations")] {
            for unit in [OffsetUnit::Utf16, OffsetUnit::CodePoints] {
                let (files, report) = export(format, &tables, &items, unit);
                for (name, content) in &files.0 {
                    fs::write(folder.join(name.replacen("out", &format!("{form}.{unit}"), 1)), content).unwrap();
                }
                let of = |what: &str| report.lines.iter().filter(|l| l.what == what && l.fate != Fate::Dropped).map(|l| l.count).sum::<usize>();
                expected[0] += of("spans") + of("claims");
                expected[1] += if form == "relations" { of("relations") + of("fillers of roles") } else { 0 };
            }
        }
    }
    assert!(expected.iter().all(|count| *count > 100), "{expected:?}");
    assert_eq!(python("read_doccano.py", &[dir.path().to_owned()]), expected);
}

#[test]
fn label_studio_accepts_our_annotations() {
    let dir = tempfile::tempdir().unwrap();
    let kept = write_projects(dir.path(), &["label-studio"]);
    let read = python("read_label_studio.py", &[dir.path().to_owned()]);
    assert!(read[0] > 50, "{read:?}");
    assert_eq!(read[1..], [kept["spans"] + kept["claims"], kept["relations"] + kept["fillers of roles"]]);
}

/// One document with two mentions and a claim that do not overlap.
fn plain_project() -> (Tables, Vec<Item>) {
    let mut ids = IdSource::seeded(5);
    let (coder, mut tables) = (CoderKey::from_name("ann"), Tables::default());
    tables.coders.insert(coder.clone(), Coder::new("Ann"));
    for (position, (key, kind)) in [("PER", LabelKind::Entity), ("GPE", LabelKind::Entity)].into_iter().enumerate() {
        let label = Label::new(key, kind, Color::from_palette(position), position.try_into().unwrap());
        tables.schema.labels.insert(LabelKey::new(key).unwrap(), label);
    }
    let items = (0..120).map(|number| {
        let text = Text::new(format!("Zoë 🎉 Smith said taxes\nfell again in Bonn on day {number} of it."));
        let mut sheet = Sheet::default();
        sheet.info.status = Status::Done;
        for (quote, key) in [("Smith", "PER"), ("taxes\nfell", "GPE"), ("Bonn", "GPE")] {
            let start = text.as_str().find(quote).unwrap();
            let range = text.range(start, start + quote.len()).unwrap();
            sheet.spans.insert(SpanId(ids.next_id()), Span::new(range, LabelKey::new(key).unwrap()));
        }
        let title = format!("Plain {number}");
        let document = Document::new(&title, text.hash().clone());
        let sheets = BTreeMap::from([(coder.clone(), Arc::new(sheet))]);
        Item { id: DocumentId::from_title(&title, ids.next_id()), document, text, original: None, sheets }
    });
    let items = items.collect();
    (tables, items)
}

/// The first span is joined with the last, and the document is of a class.
fn add_relation_and_class(item: &mut Item) {
    let sheet = Arc::make_mut(item.sheets.values_mut().next().unwrap());
    let (first, last) = (*sheet.spans.keys().next().unwrap(), *sheet.spans.keys().next_back().unwrap());
    let relation = Relation::new(RelationKey::new("about").unwrap(), Node::Span(first), Node::Span(last));
    sheet.relations.insert(RelationId(first.0), relation);
    sheet.info.attributes.insert(AttributeKey::new("genre").unwrap(), AttributeValue::Choice(ChoiceKey::new("news").unwrap()));
}

/// Quotes and labels of the first document.
fn marks(items: &[Item]) -> Vec<(String, String)> {
    let spans = items[0].sheets.values().flat_map(|sheet| sheet.spans.values());
    let mut marks: Vec<_> = spans.map(|span| (items[0].text.quote(&span.ranges), span.label.to_string())).collect();
    marks.sort();
    marks
}

#[test]
fn label_studio_converts_our_tasks_and_we_read_what_its_sdk_makes() {
    let dir = tempfile::tempdir().unwrap();
    let (tables, items) = plain_project();
    let (files, _) = export("label-studio", &tables, &items, OffsetUnit::CodePoints);
    write(&files, dir.path());
    // Three spans of one, two and one word.
    assert_eq!(python("convert_label_studio.py", &[dir.path().to_owned()]), [4 * items.len()]);
    let mut made = read(dir.path());
    made.0.retain(|name, _| name == "made.json");
    let batch = import("label-studio", &made, &tables);
    let model = &batch.items[0].sheets[&CoderKey::from_name("alice")];
    assert_eq!((model.spans.len(), marks(&batch.items)), (1, vec![("Smith".to_owned(), "PER".to_owned())]));
}

#[test]
fn spacy_reads_our_docbins_and_jsonl() {
    let dir = tempfile::tempdir().unwrap();
    let kept = write_projects(dir.path(), &["docbin", "spacy-jsonl"]);
    let read = python("read_spacy.py", &[dir.path().to_owned()]);
    // Both formats have kept all of them.
    let marks = (kept["spans"] + kept["claims"]) / 2;
    assert_eq!(read[2..], [marks, marks]);
    assert!(read[0] > 50 && read[1] > 100, "{read:?}");
}

#[test]
fn spacy_trains_on_our_docbin_and_we_read_what_it_makes() {
    let dir = tempfile::tempdir().unwrap();
    let (tables, items) = plain_project();
    let (files, _) = export("docbin", &tables, &items, OffsetUnit::CodePoints);
    fs::write(dir.path().join("train.spacy"), &files.0["out.spacy"]).unwrap();
    assert_eq!(python("train_spacy.py", &[dir.path().to_owned()]), [3 * items.len()]);
    let mut made = read(dir.path());
    made.0.retain(|name, _| name == "made.jsonl");
    let batch = import("spacy-jsonl", &made, &tables);
    assert_eq!((batch.items.len(), marks(&batch.items)), (items.len(), marks(&items)));
}

#[test]
fn doccano_itself_imports_our_files() {
    let is_wanted = std::env::var("MANICULE_READERS").is_ok_and(|which| which == "all");
    if !is_wanted {
        eprintln!("\n\nNOT TESTED: doccano itself. Run tests/readers/setup_all.sh and the tests with MANICULE_READERS=all\n");
        return;
    }
    let dir = tempfile::tempdir().unwrap();
    let (tables, mut items) = plain_project();
    items.iter_mut().for_each(add_relation_and_class);
    let (count, spans) = (items.len(), 3 * items.len());
    for (format, form, expected) in [
        ("doccano", "spans", [count, spans, 0, 0]),
        ("doccano-relations", "relations", [count, spans, count, 0]),
        ("doccano-classes", "classes", [count, 0, 0, count]),
    ] {
        let (files, _) = export(format, &tables, &items, OffsetUnit::CodePoints);
        let path = dir.path().join(format!("{form}.jsonl"));
        fs::write(&path, files.text("out.jsonl")).unwrap();
        assert_eq!(doccano(&[path, form.into()]), expected, "{form}");
    }
}
