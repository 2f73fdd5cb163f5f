//! Real files of UIMA and WebAnno, where they are there: all are read, nothing panics, every range fits, and WebAnno TSV
//! gives the same spans as the XMI beside it.
//!
//! They are looked for in the folder of `MANICULE_SHARED`, or in `../shared` beside the repository.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, clippy::expect_used)]

mod common;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use common::cas::{json_cas_lines, tsv_lines, xmi_lines};
use common::said::unsaid;
use common::samples::{Counts, files, samples};
use common::{export, try_import};
use manicule::format::{Batch, MemoryFiles, Tables};
use manicule::text::offsets::OffsetUnit;

fn read(format: &str, path: &Path, beside: &[(&str, Vec<u8>)]) -> Batch {
    let name = path.file_name().unwrap().to_string_lossy().into_owned();
    let all = std::iter::once((name, fs::read(path).unwrap())).chain(beside.iter().map(|(name, content)| ((*name).to_owned(), content.clone())));
    try_import(format, &MemoryFiles::new(all), &Tables::default()).unwrap()
}

#[test]
fn every_uima_sample_is_read_and_fits_its_text() {
    let mut json = Counts::default();
    for path in samples("uima-json").iter().flat_map(|dir| files(dir)).filter(|path| path.extension().is_some_and(|ext| ext == "json")) {
        json.add(&read("uima-json", &path, &[]));
    }
    let mut xmi = Counts::default();
    let dirs = [samples("uima-xmi"), samples("uima-json"), samples("webanno-tsv")];
    for path in dirs.iter().flatten().flat_map(|dir| files(dir)).filter(|path| path.extension().is_some_and(|ext| ext == "xmi")) {
        let types = ["debug-typesystem.xml", "typesystem.xml"].iter().map(|name| path.with_file_name(name)).find(|path| path.exists());
        let types: Vec<_> = types.iter().map(|path| ("types.xml", fs::read(path).unwrap())).collect();
        xmi.add(&read("uima-xmi", &path, &types));
    }
    let mut tsv = Counts::default();
    for path in dirs.iter().flatten().flat_map(|dir| files(dir)).filter(|path| path.extension().is_some_and(|ext| ext == "tsv")) {
        tsv.add(&read("webanno-tsv", &path, &[]));
    }
    eprintln!("{json:#?}\n{xmi:#?}\n{tsv:#?}");
    if dirs[0].is_some() {
        assert!(json.documents >= 14 && xmi.documents >= 60 && tsv.documents >= 70);
        assert_eq!([json, xmi, tsv].map(|counts| counts.rule("-bad-file")), [0, 0, 0]);
    }
}

/// Spans and claims as their labels and solid quotes, and how many relations there are.
fn said(batch: &Batch) -> (Vec<String>, usize) {
    let (mut marks, mut relations) = (Vec::new(), 0);
    for item in &batch.items {
        for sheet in item.sheets.values() {
            let spans = sheet.spans.values().map(|span| (&span.label, &span.ranges));
            let claims = sheet.claims.values().filter_map(|claim| Some((&claim.label, claim.content.as_ref()?)));
            for (label, ranges) in spans.chain(claims) {
                let quote: String = item.text.quote(ranges).split_whitespace().collect();
                // The suite writes named entities with XMI where its TSV has a layer of its own.
                let label = if ["NamedEntity", "Span"].contains(&label.as_str()) { "Span" } else { label.as_str() };
                marks.push(format!("{label} {quote}"));
            }
            relations += sheet.relations.len();
        }
    }
    marks.sort();
    (marks, relations)
}

#[test]
fn tsv_says_the_same_as_the_xmi_beside_it() {
    let Some(dir) = samples("webanno-tsv") else { return };
    let types: Vec<(&str, Vec<u8>)> = samples("uima-xmi")
        .iter()
        .flat_map(|dir| files(dir))
        .filter(|path| path.ends_with("inception_typesystem.xml"))
        .map(|path| ("types.xml", fs::read(path).unwrap()))
        .collect();
    let (mut compared, mut differ, mut marks, mut relations) = (0, Vec::new(), 0, 0);
    for tsv in files(&dir).into_iter().filter(|path| path.file_name().is_some_and(|name| name == "reference.tsv")) {
        let xmi = tsv.with_file_name("reference.xmi");
        if !xmi.exists() {
            continue;
        }
        let (from_tsv, from_xmi) = (said(&read("webanno-tsv", &tsv, &[])), said(&read("uima-xmi", &xmi, &types)));
        compared += 1;
        marks += from_tsv.0.len();
        relations += from_tsv.1;
        if from_tsv != from_xmi {
            differ.push(format!("{}: {from_tsv:?} and {from_xmi:?}", tsv.parent().unwrap().file_name().unwrap().display()));
        }
    }
    eprintln!("{compared} pairs compared, {marks} marks and {relations} relations; {} differ:\n{}", differ.len(), differ.join("\n"));
    assert!(compared >= 40 && differ.is_empty());
}

fn types_beside(path: &Path) -> Vec<(&'static str, Vec<u8>)> {
    let all = samples("uima-xmi").into_iter().flat_map(|dir| files(&dir)).filter(|path| path.ends_with("inception_typesystem.xml"));
    let beside = ["debug-typesystem.xml", "typesystem.xml"].iter().map(|name| path.with_file_name(name)).chain(all);
    beside.into_iter().find(|path| path.exists()).iter().map(|path| ("types.xml", fs::read(path).unwrap())).collect()
}

/// Files whose words are not at their places in the text, and one that marks a word and a part of it as one annotation.
const BROKEN: [&str; 3] = ["test_input_multi_sentence_span.tsv", "test_input_quotes.tsv", "test_input_v3.3.tsv"];

/// Everything that was written of one format.
fn written(format: &str, batch: &Batch, lines: fn(&str) -> Vec<String>) -> (Vec<String>, MemoryFiles) {
    let (written, _) = export(format, &batch.tables, &batch.items, OffsetUnit::Utf16);
    let pages = written.0.iter().filter(|(name, _)| !name.ends_with(".xml"));
    (pages.flat_map(|(_, page)| lines(std::str::from_utf8(page).unwrap())).collect(), written)
}

#[test]
fn files_of_uima_go_out_as_they_came_in() {
    let dirs: Vec<PathBuf> = ["uima-json", "uima-xmi", "webanno-tsv", "coref"].iter().filter_map(|name| samples(name)).collect();
    let (mut wrong, mut counts) = (Vec::new(), BTreeMap::<&str, usize>::new());
    for path in dirs.iter().flat_map(|dir| files(dir)) {
        let extension = path.extension().map(|extension| extension.to_string_lossy().into_owned()).unwrap_or_default();
        let (format, lines): (_, fn(&str) -> Vec<String>) = match extension.as_str() {
            "json" if path.components().any(|part| part.as_os_str() == "uima-json") => ("uima-json", json_cas_lines),
            "xmi" => ("uima-xmi", xmi_lines),
            "tsv" => ("webanno-tsv", tsv_lines),
            _ => continue,
        };
        let beside = if format == "uima-xmi" { types_beside(&path) } else { Vec::new() };
        let batch = read(format, &path, &beside);
        if batch.items.is_empty() || BROKEN.iter().any(|name| path.ends_with(name)) {
            continue;
        }
        let before = lines(fs::read_to_string(&path).unwrap().trim_start_matches('\u{feff}'));
        let count = before.len();
        let (once, files) = written(format, &batch, lines);
        let again = try_import(format, &files, &batch.tables).unwrap();
        let (twice, _) = written(format, &again, lines);
        *counts.entry(format).or_default() += 1;
        for (round, missing) in [("once", unsaid(before, once.clone())), ("twice", unsaid(once, twice))] {
            let shown = missing.iter().take(4).collect::<Vec<_>>();
            wrong.extend((!missing.is_empty()).then(|| format!("{} {round}: {} of {count}: {shown:#?}", path.display(), missing.len())));
        }
    }
    eprintln!("{counts:?} files");
    assert!(wrong.is_empty(), "{} differ:\n{}", wrong.len(), wrong.join("\n"));
    assert!(dirs.is_empty() || counts["uima-json"] >= 12 && counts["uima-xmi"] >= 45 && counts["webanno-tsv"] >= 55, "{counts:?}");
}
