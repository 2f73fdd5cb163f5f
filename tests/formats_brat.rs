//! brat: lines that have no place here come back with the ids that they name, keys of types become shortcuts, and files of
//! several annotators become several coders' sheets.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::string_slice, clippy::panic, clippy::expect_used)]

mod common;

use std::collections::BTreeMap;

use common::{export, import};
use manicule::format::{Batch, MemoryFiles, ReadOptions, Tables, find, read_by_pattern};
use manicule::model::{CoderKey, IdSource};
use manicule::text::offsets::OffsetUnit;

const TEXT: &str = "Zoë 🎉 Smith said taxes fell; Bob denied it in York.";
const ANN: &str = "T4\tPerson 29 32\tBob\nT1\tPerson 0 11\tZoë 🎉 Smith\nT7\tDenial 33 39\tdenied\nT9\tPlace 46 50\tYork\nE3\tDenial:T7 Speaker:T4\n\
    R2\tKnows Arg1:T1 Arg2:T4\n*\tAlias T1 T9 T4\nM1\tNegation E3\nA4\tStance E3 against\n#1\tNormalisation T4\tRobert\nX1\tsomething else\n";

/// The lines of the only `.ann` file, sorted.
fn lines(files: &MemoryFiles) -> Vec<&str> {
    let name = files.0.keys().find(|name| name.ends_with(".ann")).unwrap();
    let mut lines: Vec<&str> = files.text(name).lines().collect();
    lines.sort_unstable();
    lines
}

#[test]
fn lines_come_back_with_their_ids() {
    let batch = import("brat", &MemoryFiles::new([("d.txt", TEXT), ("d.ann", ANN)]), &Tables::default());
    let (files, _) = export("brat", &batch.tables, &batch.items, OffsetUnit::CodePoints);
    let mut expected: Vec<String> = ANN.lines().map(str::to_owned).collect();
    expected.sort_unstable();
    // A bare attribute is one that is true.
    let found: Vec<String> = lines(&files).into_iter().map(|line| line.replace("Negation E3 yes", "Negation E3")).collect();
    assert_eq!(found, expected);
}

#[test]
fn new_rows_get_free_ids_and_a_broken_chain_becomes_relations() {
    let mut batch = import("brat", &MemoryFiles::new([("d.txt", TEXT), ("d.ann", ANN)]), &Tables::default());
    let item = &mut batch.items[0];
    let (coder, sheet) = item.sheets.iter().next().map(|(coder, sheet)| (coder.clone(), (**sheet).clone())).unwrap();
    let mut changed = sheet.clone();
    let first = changed.relations.iter().find(|(_, relation)| relation.label.as_str() == "Alias").map(|(id, _)| *id).unwrap();
    let mut relations = changed.relations.clone();
    relations.remove(&first);
    let mut again = sheet.relations.iter().find(|(id, _)| **id == first).map(|(_, relation)| relation.clone()).unwrap();
    again.note = "sure".into();
    relations.insert(first, again);
    changed.relations = relations;
    item.sheets.insert(coder, changed.into());
    let (files, _) = export("brat", &batch.tables, &batch.items, OffsetUnit::CodePoints);
    let page = lines(&files).join("\n");
    assert!(page.contains("#2\tAnnotatorNotes R1\tsure") && page.contains("R1\tAlias") && page.contains("*\tAlias"), "{page}");
}

#[test]
fn keys_of_types_become_shortcuts() {
    let keys = "# keys\nP Person\nd Denial\nP Place\nk Knows\n";
    let files = MemoryFiles::new([("d.txt", TEXT), ("d.ann", ANN), ("kb_shortcuts.conf", keys), ("annotation.conf", "[entities]\nPerson\n")]);
    let schema = import("brat", &files, &Tables::default()).tables.schema;
    let labels: BTreeMap<&str, Option<char>> = schema.labels.iter().map(|(key, label)| (key.as_str(), label.shortcut)).collect();
    assert_eq!(labels, BTreeMap::from([("Denial", Some('d')), ("Person", Some('p')), ("Place", None)]));
    assert_eq!(schema.relation_types.values().filter_map(|row| row.shortcut).collect::<Vec<_>>(), ['k']);
    let mut known = Tables { schema, ..Tables::default() };
    known.schema.labels.retain(|key, _| key.as_str() == "Denial");
    known.schema.labels.values_mut().for_each(|label| label.shortcut = Some('p'));
    let schema = import("brat", &files, &known).tables.schema;
    assert!(schema.labels.values().all(|label| label.shortcut.is_none()), "a key that is taken is left to its row");
}

fn by_pattern(format: &str, pattern: &str, files: &[(&str, &str)]) -> Batch {
    let mut options = ReadOptions::new(CoderKey::from_name("me"), IdSource::seeded(5));
    options.coder_pattern = Some(pattern.parse().unwrap());
    let mut batch = Batch::default();
    read_by_pattern(find(format).unwrap(), &MemoryFiles::new(files.iter().copied()), &mut options, &mut batch).unwrap();
    batch
}

/// For each document its text and the coders with their spans.
fn coders(batch: &Batch) -> Vec<String> {
    let mut rows: Vec<String> = Vec::new();
    for item in &batch.items {
        let sheets = item.sheets.iter().map(|(coder, sheet)| {
            let quotes: Vec<String> = sheet.spans.values().map(|span| item.text.quote(&span.ranges)).collect();
            format!("{coder} {}", quotes.join(","))
        });
        rows.push(format!("{}: {}", item.text.as_str(), sheets.collect::<Vec<_>>().join("; ")));
    }
    rows.sort();
    rows
}

#[test]
fn files_of_several_annotators_become_several_sheets() {
    let (bob, ran) = ("T1\tP 0 3\tBob\n", "T1\tP 4 7\tran\n");
    let beside = [("a.txt", "Bob ran"), ("a.ann1.ann", bob), ("a.ann2.ann", ran), ("b.txt", "Bob ran"), ("b.ann1.ann", ran), ("c.txt", "None")];
    let batch = by_pattern("brat", "{doc}.{coder}.ann", &beside);
    assert_eq!(coders(&batch), ["Bob ran: ann1 Bob; ann2 ran", "Bob ran: ann1 ran", "None: "]);
    assert_eq!(batch.tables.coders.keys().map(|key| key.as_str()).collect::<Vec<_>>(), ["ann1", "ann2"]);
    assert_eq!(batch.findings.iter().map(|f| f.rule).collect::<Vec<_>>(), ["new-label"]);
    let folders = [("x/a.txt", "Bob ran"), ("x/a.ann", bob), ("y/a.txt", "Bob ran"), ("y/a.ann", ran), ("y/b.txt", "End"), ("y/b.ann", "")];
    assert_eq!(coders(&by_pattern("brat", "{coder}/{doc}.ann", &folders)), ["Bob ran: x Bob; y ran", "End: "]);
    // The texts stand once, apart from the annotations.
    let apart = [("a.txt", "Bob ran"), ("ann/x/a.ann", bob), ("ann/y/a.ann", ran)];
    assert_eq!(coders(&by_pattern("brat", "ann/{coder}/{doc}.ann", &apart)), ["Bob ran: x Bob; y ran"]);
    // Other formats too: what our own export writes.
    let tokens = [("out.x.conll", "Bob B-P\nran O\n"), ("out.y.conll", "Bob O\nran B-P\n"), ("out.conll", "Zoe B-P\n")];
    assert_eq!(coders(&by_pattern("conll2002", "{doc}.{coder}.conll", &tokens)), ["Bob ran: x Bob; y ran", "Zoe: me Zoe"]);
    let unfit = by_pattern("brat", "{coder}/{doc}.ann", &[("a.txt", "Bob ran"), ("a.ann", bob)]);
    assert_eq!(coders(&unfit), ["Bob ran: me Bob"]);
    assert!(unfit.findings.iter().any(|f| f.rule == "coders-from"));
}
