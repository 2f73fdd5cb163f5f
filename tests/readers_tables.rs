//! Our tables are read by programs that are not ours: workbooks by openpyxl and pandas, data sets by `datasets` and
//! pyarrow. Needs the virtual environment of `tests/readers/setup.sh`.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, clippy::expect_used)]

mod common;

use std::fs;

use common::readers::{python, write};
use common::{export, export_split, import, project};
use manicule::format::{Fate, Item, MemoryFiles, Tables};
use manicule::model::SpanExtras;
use manicule::text::offsets::OffsetUnit;

const PROJECTS: u64 = 30;

fn count_ranges(items: &[Item]) -> usize {
    let sheets = items.iter().flat_map(|item| item.sheets.values());
    let ranges: usize = sheets.map(|sheet| sheet.places().map(|(_, ranges)| ranges.as_slice().len()).sum::<usize>()).sum();
    ranges + items.iter().map(|item| item.document.regions.len()).sum::<usize>()
}

/// With values that a workbook could take for something else in the notes of all spans.
fn with_traps((tables, mut items): (Tables, Vec<Item>)) -> (Tables, Vec<Item>) {
    let long = "é🎉".repeat(20_000);
    let traps = ["=1+1", "_x0041_", "001", "NA", "2024-01-01", "TRUE", " a ", "'x", "#N/A", "1e5", long.as_str()];
    let mut next = traps.iter().cycle();
    for sheet in items.iter_mut().flat_map(|item| item.sheets.values_mut()) {
        let mut said = (**sheet).clone();
        said.spans = said
            .spans
            .into_iter()
            .map(|(id, span)| {
                let note = (*next.next().unwrap()).to_owned();
                let extras = SpanExtras { note, ..span.extras().clone() };
                (id, span.with_extras(extras))
            })
            .collect();
        *sheet = said.into();
    }
    (tables, items)
}

#[test]
fn openpyxl_and_pandas_read_every_cell_of_a_workbook() {
    let dir = tempfile::tempdir().unwrap();
    let (mut rows, mut cut) = (0, 0);
    for seed in 0..PROJECTS {
        let (tables, items) = with_traps(project(seed));
        let (workbook, report) = export("xlsx", &tables, &items, OffsetUnit::CodePoints);
        let (table, _) = export("csv", &tables, &items, OffsetUnit::CodePoints);
        fs::write(dir.path().join(format!("{seed}.xlsx")), &workbook.0["out.xlsx"]).unwrap();
        fs::write(dir.path().join(format!("{seed}.csv")), &table.0["out.csv"]).unwrap();
        // What fills roles stands in the rows of claims.
        let kept = report.lines.iter().filter(|line| line.fate == Fate::Kept && line.what != "fillers of roles");
        rows += kept.map(|line| line.count).sum::<usize>();
        cut += report.lines.iter().filter(|line| line.why.contains("32,767")).map(|line| line.count).sum::<usize>();
    }
    assert!(rows > 300 && cut > 10, "{rows} {cut}");
    let read = python("read_xlsx.py", &[dir.path().to_owned()]);
    eprintln!("{} rows, {} cells", read[0], read[1]);
    assert_eq!(read[0], rows);
}

#[test]
fn pandas_reads_every_cell_of_both_kinds_of_csv() {
    let dir = tempfile::tempdir().unwrap();
    let mut rows = 0;
    for seed in 0..PROJECTS {
        let (tables, items) = with_traps(project(seed));
        for (format, extension) in [("csv", "csv"), ("csv-spreadsheet", "safe.csv")] {
            let (table, report) = export(format, &tables, &items, OffsetUnit::CodePoints);
            fs::write(dir.path().join(format!("{seed}.{extension}")), &table.0["out.csv"]).unwrap();
            let kept = report.lines.iter().filter(|line| line.fate == Fate::Kept && line.what != "fillers of roles");
            rows += if format == "csv" { kept.map(|line| line.count).sum::<usize>() } else { 0 };
        }
    }
    let [read, cells, made_safe] = python("read_csv.py", &[dir.path().to_owned()])[..] else { panic!("three numbers") };
    eprintln!("{read} rows, {cells} cells, {made_safe} of them made safe");
    assert!(read == rows && made_safe > 10, "{read} of {rows} rows, {made_safe} made safe");
}

/// Some generated documents in one project.
fn documents(seeds: std::ops::Range<u64>) -> (Tables, Vec<Item>) {
    let (tables, _) = (0..).map(project).find(|(tables, _)| !tables.entities.is_empty()).unwrap();
    (tables, seeds.flat_map(|seed| project(seed).1).collect())
}

#[test]
fn datasets_and_pyarrow_read_every_range() {
    for (format, folders) in [("huggingface", 4), ("huggingface-jsonl", 2)] {
        let dir = tempfile::tempdir().unwrap();
        let (mut count, mut ranges, mut claims, mut split) = (0, 0, 0, 0);
        for folder in 0..folders {
            let (tables, mut items) = documents(folder * PROJECTS..(folder + 1) * PROJECTS);
            if format == "huggingface" {
                // Whole days, which readers of JSON take for points in time.
                items.iter_mut().for_each(|item| item.document.date = Some("2016-05-17".parse().unwrap()));
            }
            let is_split = folder % 2 == 1;
            let (files, _) =
                if is_split { export_split(format, &tables, &items, "2/1/1") } else { export(format, &tables, &items, OffsetUnit::CodePoints) };
            write(&files, &dir.path().join(folder.to_string()));
            let (lines, _) = export("jsonl", &tables, &items, OffsetUnit::CodePoints);
            fs::write(dir.path().join(format!("{folder}.jsonl")), &lines.0["out.jsonl"]).unwrap();
            count += items.len();
            ranges += count_ranges(&items);
            claims += items.iter().flat_map(|item| item.sheets.values()).map(|sheet| sheet.claims.len()).sum::<usize>();
            split += usize::from(is_split);
        }
        let read = python("read_huggingface.py", &[dir.path().to_owned()]);
        eprintln!("{format}: {} documents, {} ranges, {} claims, {} split", read[0], read[1], read[2], read[3]);
        assert_eq!(read, [count, ranges, claims, split]);
        assert!(count > 50 && ranges > 500, "{count} {ranges}");
    }
}

#[test]
fn tables_of_spans_that_pandas_writes_are_read() {
    let dir = tempfile::tempdir().unwrap();
    let counts = python("write_spans.py", &[dir.path().to_owned()]);
    let read = |name: &str| fs::read(dir.path().join(name)).unwrap();
    let texts = ["one.txt", "two.txt", "three.txt"].map(|name| (name, read(name)));
    // The second table has the texts itself.
    let tables =
        [("csv", "floats.csv", &texts[..], counts[0]), ("csv", "browser.tsv", &[][..], counts[1]), ("xlsx", "floats.xlsx", &texts[..], counts[0])];
    for (format, name, texts, count) in tables {
        let files = MemoryFiles::new(texts.iter().cloned().chain([(name, read(name))]));
        let batch = import(format, &files, &Tables::default());
        let unexpected: Vec<_> = batch.findings.iter().filter(|finding| !["new-label", "csv-offsets"].contains(&finding.rule)).collect();
        assert!(unexpected.is_empty(), "{name}: {unexpected:?}");
        let spans = batch.items.iter().flat_map(|item| item.sheets.iter().map(move |(coder, sheet)| (item, coder, sheet)));
        let quotes: Vec<String> = spans
            .flat_map(|(item, coder, sheet)| {
                assert_eq!(coder.as_str(), "ann-lee");
                sheet.spans.values().map(|span| item.text.quote(&span.ranges)).collect::<Vec<_>>()
            })
            .collect();
        assert_eq!(quotes.len(), count, "{name}");
        assert!(quotes.iter().all(|quote| ["Zoë", "Smith", "Bob", "東京", "Ann", "مرحبا"].contains(&quote.as_str())), "{name}: {quotes:?}");
    }
}
