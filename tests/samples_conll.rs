//! Real CoNLL and CoNLL-U files of other programs, where they are there: nothing panics, every range fits its text, and what
//! is read is what the files say.
//!
//! They are looked for in the folder of `MANICULE_SHARED`, or in `../shared` beside the repository.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, clippy::expect_used)]

mod common;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use common::{export, import};
use manicule::format::{Batch, MemoryFiles, Tables};
use manicule::text::offsets::OffsetUnit;

/// A folder of samples; none, said aloud, where there is none.
fn folder(name: &str) -> Option<PathBuf> {
    let shared = std::env::var_os("MANICULE_SHARED").map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared"), PathBuf::from);
    let dir = shared.join(name);
    if !dir.is_dir() {
        eprintln!("\n\nNO REAL SAMPLES OF {name}: {} is not there; set MANICULE_SHARED to the folder that has {name}\n", dir.display());
    }
    dir.is_dir().then_some(dir)
}

fn files(dir: &Path, extension: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for path in fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path()) {
        if path.is_dir() {
            found.extend(files(&path, extension));
        } else if path.extension().is_some_and(|found| found == extension) {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// Reads a file and says what was found: documents, spans, entities.
fn read(format: &str, path: &Path) -> (Batch, [usize; 3]) {
    let name = path.file_name().unwrap().to_string_lossy().into_owned();
    let batch = import(format, &MemoryFiles::new([(name, fs::read(path).unwrap())]), &Tables::default());
    let sheets = || batch.items.iter().flat_map(|item| item.sheets.values().map(move |sheet| (item, sheet)));
    sheets().for_each(|(item, sheet)| sheet.marks().for_each(|(_, ranges)| item.text.check(ranges).unwrap()));
    let counts = [batch.items.len(), sheets().map(|(_, sheet)| sheet.spans.len()).sum(), batch.tables.entities.len()];
    let mut rules: BTreeMap<&str, usize> = BTreeMap::new();
    batch.findings.iter().for_each(|finding| *rules.entry(finding.rule).or_default() += 1);
    eprintln!("{}: {counts:?} documents, spans, entities; {rules:?}", path.display());
    (batch, counts)
}

#[test]
fn every_conll_sample_is_read() {
    let Some(dir) = folder("samples/conll") else { return };
    let mut spans = BTreeMap::new();
    for path in files(&dir, "conll") {
        let (_, counts) = read("conll2003", &path);
        assert!(counts[0] >= 1, "{}", path.display());
        let name = format!("{}/{}", path.parent().unwrap().file_name().unwrap().to_string_lossy(), path.file_name().unwrap().to_string_lossy());
        spans.insert(name, counts[1]);
    }
    let raw = fs::read_to_string(files(&dir, "conll").into_iter().find(|path| path.ends_with("2003/en-orig.conll")).unwrap()).unwrap();
    let starts = raw.lines().zip(std::iter::once("").chain(raw.lines())).filter(|(line, before)| {
        let tag = |line: &str| line.split(' ').nth(3).unwrap_or("O").to_owned();
        let label = |tag: &str| tag.split_once('-').map(|(_, label)| label.to_owned());
        tag(line).starts_with("B-") || tag(line).starts_with("I-") && label(&tag(before)) != label(&tag(line))
    });
    assert_eq!(spans["2003/en-orig.conll"], starts.count());
}

#[test]
fn wnut17_comes_back_tag_by_tag() {
    let Some(dir) = folder("corpora/wnut17") else { return };
    let path = dir.join("emerging.dev.conll");
    let (batch, counts) = read("conll2002", &path);
    let raw = fs::read_to_string(&path).unwrap();
    let begun = raw.lines().filter(|line| line.split('\t').nth(1).is_some_and(|tag| tag.starts_with("B-"))).count();
    assert_eq!(counts[1], begun);
    // Our tokens are others; the words of every span are the same.
    let (files, _) = export("conll2002", &batch.tables, &batch.items, OffsetUnit::CodePoints);
    let again = import("conll2002", &files, &batch.tables);
    let quotes = |batch: &Batch| {
        let sheets = batch.items.iter().flat_map(|item| item.sheets.values().map(move |sheet| (item, sheet)));
        let spans = sheets.flat_map(|(item, sheet)| sheet.spans.values().map(move |span| (item, span)));
        let mut quotes: Vec<String> = spans.map(|(item, span)| item.text.quote(&span.ranges).replace(char::is_whitespace, "")).collect();
        quotes.sort();
        quotes
    };
    let (before, after) = (quotes(&batch), quotes(&again));
    let same = before.iter().filter(|quote| after.binary_search(quote).is_ok()).count();
    eprintln!("{same} of {} spans have the same words after a way out and in", before.len());
    assert!(same * 100 >= before.len() * 97, "{same} of {}", before.len());
}

#[test]
fn every_conllu_sample_is_read() {
    let Some(dir) = folder("samples/conllu") else { return };
    let mut documents = 0;
    for path in files(&dir, "conllu") {
        let (batch, counts) = read("conllu", &path);
        documents += counts[0];
        if path.components().any(|part| part.as_os_str() == "valid") {
            assert!(batch.findings.iter().all(|f| f.rule != "conllu-bad-line"), "{}: {:?}", path.display(), batch.findings);
        }
    }
    assert!(documents > 40);
}

#[test]
fn gum_comes_with_its_text_its_mentions_and_its_entities() {
    let Some(dir) = folder("corpora/gum") else { return };
    let (mut mentions, mut entities) = (0, 0);
    for path in files(&dir, "conllu") {
        let raw = fs::read_to_string(&path).unwrap();
        let (batch, counts) = read("conllu", &path);
        let item = &batch.items[0];
        // The text of every sentence stands in ours.
        let flat = item.text.as_str().split_whitespace().collect::<Vec<_>>().join(" ");
        for text in raw.lines().filter_map(|line| line.strip_prefix("# text = ")) {
            assert!(flat.contains(&text.split_whitespace().collect::<Vec<_>>().join(" ")), "{}: {text}", path.display());
        }
        let opened: usize =
            raw.lines().filter_map(|line| line.split("Entity=").nth(1)).map(|value| value.split('|').next().unwrap().matches('(').count()).sum();
        assert_eq!(counts[1], opened, "{}", path.display());
        assert!(!item.document.url.is_empty() && item.document.date.is_some() && !item.document.title.is_empty());
        mentions += counts[1];
        entities += counts[2];
        // Out and in again: the same text, the same spans.
        let (files, report) = export("conllu", &batch.tables, &batch.items, OffsetUnit::CodePoints);
        let again = import("conllu", &files, &batch.tables);
        assert_eq!(again.items[0].text, item.text);
        let ranges = |batch: &Batch| {
            let mut found: Vec<_> =
                batch.items[0].sheets.values().flat_map(|sheet| sheet.spans.values()).map(|s| (s.ranges.clone(), s.entity)).collect();
            found.sort();
            found
        };
        let moved: usize = report.lines.iter().filter(|line| line.why.contains("moved")).map(|line| line.count).sum();
        let (before, after) = (ranges(&batch), ranges(&again));
        let same = before.iter().filter(|row| after.binary_search(row).is_ok()).count();
        let unlinked: usize = report.lines.iter().filter(|line| line.what.starts_with("links") && !line.why.is_empty()).map(|line| line.count).sum();
        assert_eq!(before.len(), after.len());
        assert!(same + moved + unlinked >= before.len(), "{}: {same} of {}, {moved} moved", path.display(), before.len());
    }
    eprintln!("{mentions} mentions of {entities} entities");
    assert!(mentions > 500 && entities > 100);
}
