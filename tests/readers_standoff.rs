//! Exports of the standoff family are read by programs that are not ours. Needs the virtual environment of
//! `tests/readers/setup.sh`.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, clippy::expect_used)]

mod common;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use common::readers::{python, python_with_older, write};
use common::samples::{files, samples};
use common::{export, project};
use manicule::format::Fate;
use manicule::text::offsets::OffsetUnit;

const PROJECTS: u64 = 40;

/// Writes each project into a folder of its own, in a format and beside it in ours. How many of each thing were written.
fn write_projects(dir: &Path, projects: u64, format: &str, unit: OffsetUnit) -> BTreeMap<&'static str, usize> {
    let mut written = BTreeMap::new();
    for seed in 0..projects {
        let (tables, items) = project(seed);
        let folder = dir.join(format!("{seed:02}"));
        write(&export("jsonl", &tables, &items, OffsetUnit::CodePoints).0, &folder);
        fs::rename(folder.join("out.jsonl"), folder.join("ours.jsonl")).unwrap();
        let (files, report) = export(format, &tables, &items, unit);
        write(&files, &folder);
        for line in report.lines.iter().filter(|line| line.fate != Fate::Dropped) {
            *written.entry(line.what).or_default() += line.count;
        }
    }
    written
}

fn all(written: &BTreeMap<&'static str, usize>, what: &[&str]) -> usize {
    what.iter().map(|what| written[what]).sum()
}

const PLACES: [&str; 4] = ["spans", "claims", "further occurrences of claims", "regions"];

#[test]
fn pyld_and_rdflib_read_our_web_annotations() {
    let dir = tempfile::tempdir().unwrap();
    let written = write_projects(dir.path(), PROJECTS / 3, "w3c", OffsetUnit::CodePoints);
    let official = samples("w3c-annotation").map(|dir| files(&dir)).unwrap_or_default();
    let find = |name: &str| official.iter().find(|path| path.ends_with(name)).cloned();
    let context = find("anno.jsonld").unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/readers/anno.jsonld"));
    let tests = find("annotations/annotationMusts.test").map(|path| path.parent().unwrap().parent().unwrap().to_owned());
    if tests.is_none() {
        eprintln!("\n\nNO ASSERTIONS OF THE W3C: a copy of its web-annotation-tests is not among the samples of w3c-annotation\n");
    }
    let arguments: Vec<_> = [dir.path().to_owned(), context].into_iter().chain(tests.clone()).collect();
    let [places, links, assertions] = python("read_w3c.py", &arguments)[..] else { panic!("three numbers") };
    eprintln!("w3c: {places} places and {links} links of annotations to annotations, {assertions} assertions of the W3C");
    assert_eq!(assertions > 50, tests.is_some());
    // Claims without content have none; fillers that are entities or values are no links.
    assert!(places > 100 && places <= all(&written, &PLACES) && links >= written["relations"] && links > 40, "{places} {links}");
}

fn read_with(script: &str, format: &str, unit: OffsetUnit, arguments: &[&str]) -> (Vec<usize>, BTreeMap<&'static str, usize>) {
    let dir = tempfile::tempdir().unwrap();
    let written = write_projects(dir.path(), PROJECTS, format, unit);
    let arguments: Vec<_> = std::iter::once(dir.path().to_owned()).chain(arguments.iter().map(Into::into)).collect();
    let read = python(script, &arguments);
    eprintln!("{format} in {unit}: {read:?}");
    (read, written)
}

#[test]
fn gatenlp_reads_our_xml_and_json_in_both_units() {
    for (format, form, unit) in
        [("gate-xml", "gatexml", OffsetUnit::Utf16), ("bdocjs", "json", OffsetUnit::CodePoints), ("bdocjs-java", "json", OffsetUnit::Utf16)]
    {
        let (read, written) = read_with("read_gate.py", format, unit, &[form]);
        assert!(read[0] > 500 && read[0] <= all(&written, &PLACES) && read[1] == written["relations"] && read[1] > 20, "{read:?}");
    }
}

#[test]
fn tei_all_takes_our_tei_and_every_pointer_leads_to_its_words() {
    let (read, written) = read_with("read_tei.py", "tei", OffsetUnit::CodePoints, &[]);
    assert!(read[0] > 500 && read[0] <= all(&written, &PLACES) && read[1] == written["relations"] && read[1] > 20, "{read:?}");
}

#[test]
fn bioc_checks_our_xml_and_json_in_both_units_and_pubtator() {
    for (format, form) in [("bioc-xml", "xml"), ("bioc-json", "json")] {
        for (unit, name) in [(OffsetUnit::CodePoints, "code-points"), (OffsetUnit::Bytes, "bytes")] {
            let (read, written) = read_with("read_bioc.py", format, unit, &[form, name]);
            assert!(read[0] > 500 && read[0] <= all(&written, &PLACES) && read[1] == written["relations"] && read[1] > 20, "{read:?}");
        }
    }
    let (read, written) = read_with("read_bioc.py", "pubtator", OffsetUnit::CodePoints, &["pubtator", "code-points"]);
    // Of texts that are nothing but blanks the library makes no document.
    assert!(read[0] > 300 && read[0] <= all(&written, &["spans", "claims"]), "{read:?}");
}

#[test]
fn bconv_reads_our_bioc_pubtator_and_pubannotation() {
    for (format, form, unit) in [
        ("bioc-xml", "xml", OffsetUnit::CodePoints),
        ("bioc-xml", "xml", OffsetUnit::Bytes),
        ("bioc-json", "json", OffsetUnit::CodePoints),
        ("pubtator", "pubtator", OffsetUnit::CodePoints),
        ("pubannotation", "pubannotation", OffsetUnit::CodePoints),
    ] {
        let dir = tempfile::tempdir().unwrap();
        let written = write_projects(dir.path(), PROJECTS, format, unit);
        let read = python_with_older("read_bconv.py", &[dir.path().to_owned(), form.into(), unit.to_string().into()]);
        eprintln!("{format} in {unit}: {read:?}");
        let places: usize = PLACES.iter().filter_map(|what| written.get(what)).sum();
        assert!(read[0] > 250 && read[0] <= places, "{format}: {read:?} of {places}");
    }
}

#[test]
fn what_pubannotation_checks_holds_for_our_files() {
    let (read, written) = read_with("read_pubannotation.py", "pubannotation", OffsetUnit::CodePoints, &[]);
    assert_eq!(read, [all(&written, &PLACES), written["relations"]]);
}

#[test]
fn tables_of_semeval_tasks_have_the_words_of_their_articles() {
    for (format, task) in [("semeval2020-ptc", "techniques"), ("semeval2025-roles", "roles")] {
        let (read, written) = read_with("read_semeval.py", format, OffsetUnit::CodePoints, &[task]);
        assert_eq!(read, [all(&written, &["spans", "claims"])]);
    }
}
