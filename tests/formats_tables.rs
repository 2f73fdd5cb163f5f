//! Tables: workbooks, data sets of Hugging Face, and exports in parts.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, clippy::expect_used)]

mod common;

use std::collections::BTreeSet;

use common::{export, export_split, lines_of, project};
use manicule::format::{Fate, Item, Ledger, MemoryFiles, Tables, WriteOptions, find};
use manicule::text::offsets::OffsetUnit;
use serde_json::Value;

/// Many generated documents in one project.
fn many(seeds: std::ops::Range<u64>) -> (Tables, Vec<Item>) {
    let (tables, _) = (0..).map(project).find(|(tables, _)| !tables.entities.is_empty()).unwrap();
    (tables, seeds.flat_map(|seed| project(seed).1).collect())
}

fn lines(files: &MemoryFiles, name: &str) -> Vec<Value> {
    files.text(name).lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn a_workbook_is_the_same_each_time_and_counts_what_it_changes() {
    let (tables, items) = many(0..10);
    let (files, report) = export("xlsx", &tables, &items, OffsetUnit::Utf16);
    let again = export("xlsx", &tables, &items, OffsetUnit::Utf16);
    assert!(files.0["out.xlsx"].starts_with(b"PK"));
    assert_eq!(again, (files, report.clone()));
    let changed = lines_of(&report, Fate::Changed).join("\n");
    assert!(changed.contains("values: they have characters that XML forbids, which became �"), "{changed}");
    assert!(changed.contains("values: XML has no carriage returns"), "{changed}");
    let dropped = lines_of(&report, Fate::Dropped).join("\n");
    assert!(dropped.contains("relations") && !dropped.contains("states of work") && !dropped.contains("document fields"), "{dropped}");
}

#[test]
fn a_data_set_without_a_split_has_one_part_and_a_card() {
    let (tables, items) = many(0..10);
    let (files, report) = export("huggingface-jsonl", &tables, &items, OffsetUnit::CodePoints);
    assert_eq!(files.0.keys().collect::<Vec<_>>(), ["README.md", "data/train.jsonl", "entities/train.jsonl"]);
    let rows = lines(&files, "data/train.jsonl");
    assert_eq!(rows.len(), items.len());
    let count = |list: &str| rows.iter().map(|row| row[list].as_array().unwrap().len()).sum::<usize>();
    let spans: usize = items.iter().flat_map(|item| item.sheets.values()).map(|sheet| sheet.spans.len()).sum();
    assert_eq!(count("entities") + count("spans"), spans);
    assert!(count("entities") > 10 && count("spans") > 10);
    let card = files.text("README.md");
    assert!(card.starts_with("---\npretty_name: \"Étude 🎉\"\nlanguage:\n- \"en\"\nsize_categories:\n- n<1K\n"), "{card}");
    for part in ["| alice | Alice |", "| PER | PER name |", "| NEW | |", "| relation | works_for |", "path: data/train.jsonl"] {
        assert!(card.contains(part), "{part} in {card}");
    }
    let dropped = lines_of(&report, Fate::Dropped).join("\n");
    assert!(dropped.contains("text corrections") && !dropped.contains("relations"), "{dropped}");
    assert_eq!(report.count(Fate::Changed), 0);
}

/// An export with a licence.
fn licensed(format: &str, tables: &Tables, items: &[Item], license: &str) -> MemoryFiles {
    let mut files = MemoryFiles::default();
    let options = WriteOptions { license: license.to_owned(), ..WriteOptions::new("out") };
    let mut documents = items.iter().cloned().map(Ok);
    find(format).unwrap().writer.unwrap()(tables, &mut documents, &options, &mut files, &mut Ledger::default()).unwrap();
    files
}

#[test]
fn a_card_says_the_licence_and_the_sources() {
    let (tables, mut items) = many(0..10);
    for (item, number) in items.iter_mut().zip(0..) {
        item.document.source = if number % 3 == 0 { "The\n*Post*" } else { "Reuters" }.to_owned();
    }
    let files = licensed("huggingface-jsonl", &tables, &items, "cc-by-4.0");
    let card = files.text("README.md");
    let count = |source: &str| items.iter().filter(|item| item.document.source == source).count();
    let sources = format!("## Sources\n\n- Reuters: {}\n- The *Post*: {}\n", count("Reuters"), count("The\n*Post*"));
    assert!(card.ends_with(&sources), "{card}");
    assert!(card.contains("\nlicense: cc-by-4.0\nsize_categories:") && !card.contains("before you publish"), "{card}");
    assert!(card.contains("## Licence\n\nThe data set may be used under [CC-BY-4.0]("), "{card}");
    let without = licensed("huggingface-jsonl", &tables, &items, "");
    let card = without.text("README.md");
    assert!(!card.contains("\nlicense") && card.contains("before you publish"), "{card}");
    let page: Value = serde_json::from_str(licensed("croissant", &tables, &items, "CC0-1.0").text("croissant.json")).unwrap();
    assert_eq!(page["license"], "https://spdx.org/licenses/CC0-1.0");
    assert!(page["creator"].as_array().unwrap().iter().any(|person| person["name"] == "Alice"), "{}", page["creator"]);
}

#[test]
fn parquet_files_begin_and_end_as_they_should() {
    let (tables, items) = many(0..3);
    let (files, _) = export("huggingface", &tables, &items, OffsetUnit::CodePoints);
    for name in ["data/train.parquet", "entities/train.parquet"] {
        assert!(files.0[name].starts_with(b"PAR1") && files.0[name].ends_with(b"PAR1"), "{name}");
    }
    let (empty, _) = export("huggingface", &Tables::default(), &[], OffsetUnit::CodePoints);
    assert_eq!(empty.0.keys().collect::<Vec<_>>(), ["README.md", "data/train.parquet"]);
}

#[test]
fn parts_have_files_of_their_own_and_every_document_once() {
    let (tables, items) = many(0..40);
    let (files, report) = export_split("huggingface-jsonl", &tables, &items, "80/10/10");
    let names = ["data/train.jsonl", "data/validation.jsonl", "data/test.jsonl"];
    let parts = names.map(|name| lines(&files, name));
    let ids: BTreeSet<String> = parts.iter().flatten().map(|row| row["id"].as_str().unwrap().to_owned()).collect();
    assert_eq!(ids, items.iter().map(|item| item.id.to_string()).collect());
    assert_eq!(parts.iter().map(Vec::len).sum::<usize>(), items.len());
    assert_eq!(report.documents, items.len());
    assert!(parts[1].len().abs_diff(items.len() / 10) <= 2 && parts[2].len().abs_diff(items.len() / 10) <= 2);
    assert!(files.text("README.md").contains("  - split: validation\n    path: data/validation.jsonl\n"));
    assert_eq!(export_split("huggingface-jsonl", &tables, &items, "80/10/10").0, files);
    // A part without documents has no file, because no reader takes one.
    let two = export_split("huggingface-jsonl", &tables, &items, "80/20").0;
    assert!(!two.0.contains_key("data/validation.jsonl"));
}

#[test]
fn a_column_of_days_is_counted_where_its_reader_changes_it() {
    let (tables, mut items) = many(0..10);
    items.iter_mut().for_each(|item| item.document.date = Some("2016-05-17".parse().unwrap()));
    let changed = |format: &str, items: &[Item]| export(format, &tables, items, OffsetUnit::CodePoints).1.count(Fate::Changed);
    assert_eq!((changed("huggingface-jsonl", &items), changed("huggingface", &items)), (items.len(), 0));
    items[0].document.date = Some("2016".parse().unwrap());
    assert_eq!(changed("huggingface-jsonl", &items), 0);
}
