//! Real files of W3C Web Annotation, GATE, PubAnnotation, BioC and the propaganda task, where they are there: all are read, nothing
//! panics, and every range fits.
//!
//! They are looked for in the folder of `MANICULE_SHARED`, or in `../shared` beside the repository.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, clippy::expect_used)]

mod common;

use std::fs;
use std::path::PathBuf;

use common::samples::{Counts, files, samples as samples_of};
use common::try_import;
use manicule::format::{MemoryFiles, Tables};

/// The samples' files with one of these ends.
fn samples(name: &str, ends: &[&str]) -> Vec<PathBuf> {
    let all = samples_of(name).map(|dir| files(&dir)).unwrap_or_default();
    all.into_iter().filter(|path| ends.iter().any(|end| path.to_string_lossy().ends_with(end))).collect()
}

fn read(format: &str, paths: &[PathBuf], beside: &[(&str, &str)]) -> Counts {
    let mut counts = Counts::default();
    for path in paths {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let all = std::iter::once((name, fs::read(path).unwrap()));
        let all = all.chain(beside.iter().map(|(name, content)| ((*name).to_owned(), content.as_bytes().to_vec())));
        counts.add(&try_import(format, &MemoryFiles::new(all), &Tables::default()).unwrap());
    }
    eprintln!("{format}: {counts:#?}");
    counts
}

#[test]
fn every_web_annotation_sample_is_read() {
    let paths = samples("w3c-annotation", &[".json"]);
    // They are about pages that are not there: any text will do.
    let counts = read("w3c", &paths, &[("page.txt", "that ingenious hero")]);
    assert!(paths.is_empty() || counts.documents >= 20 && counts.rule("-bad-file") == 0);
}

#[test]
fn every_gate_sample_is_read() {
    let paths = samples("gate", &[".xml"]);
    let counts = read("gate-xml", &paths, &[]);
    assert!(paths.is_empty() || counts.documents >= 4 && counts.spans > 100 && counts.rule("-bad-file") == 0);
    let paths = samples("gate", &[".bdocjs"]);
    let counts = read("bdocjs", &paths, &[]);
    assert!(paths.is_empty() || counts.documents >= 2 && counts.rule("-bad-file") == 0);
}

#[test]
fn every_bioc_sample_is_read() {
    let paths = samples("bioc", &[".xml"]);
    let paths: Vec<PathBuf> = paths.into_iter().filter(|path| !path.ends_with("log4j2-test.xml")).collect();
    let counts = read("bioc-xml", &paths, &[]);
    assert!(paths.is_empty() || counts.documents >= 15 && counts.spans > 10 && counts.rule("-bad-file") == 0);
}

#[test]
fn every_pubannotation_sample_is_read() {
    let paths: Vec<PathBuf> = samples("pubannotation", &["annotations.json", "prefix.json", "private.json", "tracks.json"]);
    let counts = read("pubannotation", &paths, &[]);
    assert!(paths.is_empty() || counts.documents >= 6 && counts.spans > 20 && counts.relations > 5);
}

#[test]
fn the_propaganda_sample_is_read_with_its_article() {
    let paths = samples("ptc", &["article736757214.task-FLC.labels"]);
    let article = paths.first().map(|path| fs::read_to_string(path.with_file_name("article736757214.txt")).unwrap()).unwrap_or_default();
    let counts = read("semeval2020-ptc", &paths, &[("article736757214.txt", &article)]);
    assert!(paths.is_empty() || (counts.documents, counts.spans, counts.rule("-out-of-range")) == (1, 5, 0), "{counts:?}");
}

#[test]
fn files_that_other_programs_took_are_read_as_they_took_them() {
    // Relations between entities of PubTator are kept aside.
    let check = |format: &str, name: &str, marks: usize, relations: usize| {
        let paths = samples("crafted", &[&format!("/{name}")]);
        let counts = read(format, &paths, &[]);
        let found =
            (counts.spans + counts.claims, counts.relations, counts.rule("-out-of-range") - usize::from(format == "pubtator" && !paths.is_empty()));
        assert!(paths.is_empty() || found == (marks, relations, 0), "{name}: {counts:?}");
    };
    check("gate-xml", "a.gate.xml", 1, 0);
    check("bdocjs", "a.bdocjs", 1, 0);
    check("bdocjs", "aj.bdocjs", 1, 0);
    check("bioc-xml", "a.bioc.xml", 2, 1);
    check("bioc-json", "a.bioc.json", 2, 1);
    check("pubannotation", "pa.json", 2, 1);
    check("pubtator", "a.pubtator", 2, 0);
}
