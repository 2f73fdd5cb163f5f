//! Real files of other programs, where they are there: every sample is read, nothing panics, every range fits.
//!
//! They are looked for in the folder of `MANICULE_SHARED`, or in `../shared` beside the repository.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, clippy::expect_used)]

mod common;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use common::samples::samples;
use common::{export, import};
use manicule::format::{Batch, Item, MemoryFiles, Tables};
use manicule::text::offsets::OffsetUnit;

/// The files of each folder with `.ann` files.
fn folders(dir: &Path) -> BTreeMap<PathBuf, MemoryFiles> {
    let mut found: BTreeMap<PathBuf, MemoryFiles> = BTreeMap::new();
    let mut waiting = vec![dir.to_owned()];
    while let Some(dir) = waiting.pop() {
        for entry in fs::read_dir(&dir).unwrap().map(Result::unwrap) {
            let (path, name) = (entry.path(), entry.file_name().to_string_lossy().into_owned());
            if path.is_dir() {
                waiting.push(path);
            } else if ["ann", "txt", "a1", "a2", "conf"].iter().any(|ext| name.ends_with(&format!(".{ext}"))) {
                found.entry(dir.clone()).or_default().0.insert(name, fs::read(path).unwrap());
            }
        }
    }
    found.retain(|_, files| files.0.keys().any(|name| name.ends_with(".ann") || name.ends_with(".a1")));
    found
}

/// The surface texts of an `.ann` file without blanks: some programs join fragments with a space, some without.
fn surfaces(ann: &str) -> Vec<String> {
    let lines = ann.lines().filter(|line| line.starts_with('T')).filter_map(|line| line.splitn(3, '\t').nth(2));
    lines.map(|surface| surface.split_whitespace().collect()).collect()
}

fn check_quotes(batch: &Batch, files: &MemoryFiles) -> (usize, usize) {
    let (mut marks, mut matching) = (0, 0);
    for item in &batch.items {
        let stem = item.document.file_name.trim_end_matches(".txt").to_owned();
        let ann = surfaces(files.text(&format!("{stem}.ann")));
        for (_, ranges) in item.sheets.values().flat_map(|sheet| sheet.marks()) {
            item.text.check(ranges).unwrap();
            let quote: String = ranges.iter().flat_map(|range| item.text.slice(range).split_whitespace()).collect();
            marks += 1;
            matching += usize::from(ann.contains(&quote));
        }
    }
    (marks, matching)
}

#[test]
fn every_brat_sample_is_read_and_fits_its_text() {
    let Some(dir) = samples("brat") else { return };
    let (mut documents, mut marks, mut matching, mut residues) = (0, 0, 0, 0);
    for (folder, files) in folders(&dir) {
        let batch = import("brat", &files, &Tables::default());
        let (all, right) = check_quotes(&batch, &files);
        documents += batch.items.len();
        marks += all;
        matching += right;
        let sheets = || batch.items.iter().flat_map(|item| item.sheets.values());
        residues += sheets().filter(|sheet| !sheet.info.residue.is_empty()).count();
        let findings: Vec<String> = batch.findings.iter().filter(|f| f.rule != "new-label").take(3).map(ToString::to_string).collect();
        eprintln!("{}: {} documents, {all} marks, {right} with their text; {findings:?}", folder.display(), batch.items.len());
    }
    eprintln!("{documents} documents, {marks} marks, {matching} with their text, {residues} sheets with leftovers");
    assert!(documents >= 20 && marks > 500);
    assert_eq!(marks, matching);
}

/// Lines as an export may write them otherwise: their order, the numbers of references and notes, our own references,
/// blanks at the ends, attributes that are true, the order of arguments and a `_` behind a digit of a role. Triggers that several
/// events share are written for each.
fn normalised(ann: &str) -> Vec<String> {
    let numberless =
        |line: &str| if line.starts_with(['N', '#']) { line.trim_start_matches(|c: char| c != '\t').to_owned() } else { line.to_owned() };
    let lines = ann.lines().map(str::trim_end).filter(|line| !line.is_empty() && !line.contains(" Manicule:"));
    let lines = lines.map(|line| if line.starts_with(['A', 'M']) { line.strip_suffix(" yes").unwrap_or(line) } else { line });
    let arguments = |line: String| {
        if !line.starts_with('E') {
            return line;
        }
        let mut words: Vec<String> = line.replace("_:", ":").split(' ').map(str::to_owned).collect();
        words[1..].sort();
        words.join(" ")
    };
    let mut lines: Vec<String> = lines.map(numberless).map(arguments).collect();
    lines.sort();
    lines
}

#[test]
fn brat_samples_go_out_as_they_came_in() {
    let Some(dir) = samples("brat") else { return };
    let (mut same, mut all, mut other) = (0, 0, Vec::new());
    for (folder, files) in folders(&dir) {
        let batch = import("brat", &files, &Tables::default());
        let (written, _) = export("brat", &batch.tables, &batch.items, OffsetUnit::CodePoints);
        for item in &batch.items {
            let stem = item.document.file_name.trim_end_matches(".txt");
            let before: String = ["ann", "a1", "a2"].iter().map(|ext| files.text(&format!("{stem}.{ext}"))).collect();
            let (before, after) = (normalised(&before), normalised(written.text(&format!("{}.ann", item.id))));
            all += 1;
            same += usize::from(before == after);
            if before != after {
                let lost: Vec<&String> = before.iter().filter(|line| !after.contains(line)).take(2).collect();
                let new: Vec<&String> = after.iter().filter(|line| !before.contains(line)).take(2).collect();
                other.push(format!("{}/{stem}: was {lost:?}, is {new:?}", folder.display()));
            }
        }
    }
    eprintln!("{same} of {all} brat samples come back line by line; others:\n{}", other.join("\n"));
    assert!(same * 10 >= all * 8, "{same} of {all}");
}

#[test]
fn every_mark_of_the_brat_samples_survives_a_table_of_spans() {
    let Some(dir) = samples("brat") else { return };
    let (mut marks, mut documents) = (0, 0);
    for files in folders(&dir).values() {
        let batch = import("brat", files, &Tables::default());
        let (table, _) = common::export("csv", &batch.tables, &batch.items, OffsetUnit::CodePoints);
        let back = common::import_beside("csv", &table, &batch.tables, &batch.items);
        for item in &back.items {
            let before = batch.items.iter().find(|before| before.id == item.id).unwrap();
            let places = |item: &Item| {
                let mut places: Vec<_> = item.sheets.values().flat_map(|sheet| sheet.places()).map(|(_, ranges)| ranges.clone()).collect();
                places.sort();
                places
            };
            assert_eq!(places(item), places(before), "{}", item.document.title);
            marks += places(item).len();
            documents += 1;
        }
    }
    eprintln!("{documents} documents, {marks} places");
    assert!(documents >= 20 && marks > 500);
}

#[test]
fn crafted_traps_are_understood() {
    let Some(dir) = samples("crafted/brat") else { return };
    let files = folders(&dir);
    let batch = import("brat", &files[&dir], &Tables::default());
    let quote = |name: &str| {
        let item = batch.items.iter().find(|item| item.document.file_name == format!("{name}.txt")).unwrap();
        let ranges: Vec<_> = item.sheets.values().flat_map(|sheet| sheet.marks().map(|(_, r)| r.clone())).collect();
        ranges.iter().map(|ranges| item.text.quote(ranges)).collect::<Vec<_>>()
    };
    assert_eq!(quote("bytes"), ["Smith"]);
    assert_eq!(quote("utf16"), ["Smith"]);
    assert_eq!(quote("crlf"), ["Ann"]);
    assert_eq!(quote("bom"), ["Bob"]);
    assert_eq!(quote("nl"), ["taxes\nfell"]);
    assert_eq!(quote("ls"), ["a b\u{2028}c"]);
    assert_eq!(quote("tab"), ["Bob\tran"]);
    assert_eq!(quote("empty").len(), 0);
    assert_eq!(quote("types").len(), 2);
}

/// Files below a folder with one of these extensions, each as a source of its own.
fn files(dir: &Path, extensions: &[&str]) -> Vec<(String, MemoryFiles)> {
    let (mut found, mut waiting) = (Vec::new(), vec![dir.to_owned()]);
    while let Some(dir) = waiting.pop() {
        for entry in fs::read_dir(&dir).unwrap().map(Result::unwrap) {
            let (path, name) = (entry.path(), entry.file_name().to_string_lossy().into_owned());
            if path.is_dir() {
                waiting.push(path);
            } else if extensions.iter().any(|extension| name.ends_with(&format!(".{extension}"))) {
                found.push((path.display().to_string(), MemoryFiles::new([(name, fs::read(&path).unwrap())])));
            }
        }
    }
    found.sort_by(|a, b| a.0.cmp(&b.0));
    found
}

/// Reads each file for itself; how many documents and marks there are in all. Says what was found.
fn read_each(format: &str, sources: Vec<(String, MemoryFiles)>) -> (usize, usize) {
    let (mut documents, mut marks) = (0, 0);
    for (path, files) in sources {
        let batch = import(format, &files, &Tables::default());
        let sheets = || batch.items.iter().flat_map(|item| item.sheets.values().map(move |sheet| (item, sheet)));
        sheets().for_each(|(item, sheet)| sheet.marks().for_each(|(_, ranges)| item.text.check(ranges).unwrap()));
        let here = sheets().map(|(_, sheet)| sheet.marks().count()).sum::<usize>();
        let mut rules: BTreeMap<&str, usize> = BTreeMap::new();
        batch.findings.iter().for_each(|finding| *rules.entry(finding.rule).or_default() += 1);
        eprintln!("{path}: {} documents, {here} marks; {rules:?}", batch.items.len());
        documents += batch.items.len();
        marks += here;
    }
    eprintln!("{format}: {documents} documents, {marks} marks");
    (documents, marks)
}

#[test]
fn every_doccano_sample_is_read() {
    let Some(dir) = samples("doccano") else { return };
    let (documents, marks) = read_each("doccano", files(&dir, &["jsonl", "json"]));
    assert!(documents >= 10 && marks >= 10);
}

#[test]
fn every_label_studio_sample_is_read() {
    let Some(dir) = samples("label-studio") else { return };
    // They are of pictures: nothing in them has a place in a text.
    assert_eq!(read_each("label-studio", files(&dir, &["json", "xml"])).1, 0);
}

#[test]
fn every_prodigy_and_spacy_sample_is_read() {
    let Some(dir) = samples("prodigy") else { return };
    let (documents, marks) = read_each("spacy-jsonl", files(&dir, &["jsonl"]));
    assert!(documents > 100 && marks > 100);
    let Some(dir) = samples("spacy") else { return };
    let (documents, marks) = read_each("spacy-jsonl", files(&dir, &["jsonl"]));
    assert!(documents > 10 && marks > 10);
}
