//! Real files of GATE, BioC, PubAnnotation, W3C Web Annotation, the propaganda task and AIF, where they are there: what is
//! read of them goes out as it came in, up to what stands here.
//!
//! They are looked for in the folder of `MANICULE_SHARED`, or in `../shared` beside the repository.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, clippy::expect_used)]

mod common;

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use common::said::{json_lines, pubannotation_lines, unsaid, xml_lines};
use common::samples::{files, samples};
use common::{export, try_import};
use manicule::format::{MemoryFiles, Tables};
use manicule::text::offsets::OffsetUnit;
use regex::Regex;
use serde_json::Value;

/// How a file may be written otherwise.
type Normalise = fn(&str) -> Vec<String>;

fn replaced(lines: Vec<String>, pairs: &[(&str, &str)]) -> Vec<String> {
    let pairs: Vec<(Regex, &str)> = pairs.iter().map(|(from, to)| (Regex::new(from).unwrap(), *to)).collect();
    let replace = |line: String| pairs.iter().fold(line, |line, (from, to)| from.replace_all(&line, *to).into_owned());
    lines.into_iter().map(replace).collect()
}

/// Relations stand at the document, whatever they stood in. Offsets count from the beginning of the document, as BioC says, also
/// where a file counts from that of a sentence: the lengths and words of places are compared. The words of a place are those of the
/// text, whatever the file says.
fn of_bioc(xml: &str) -> Vec<String> {
    let is_said = |line: &String| !line.ends_with("/text annotation text");
    replaced(xml_lines(xml), &[(r"^(/collection/document\[\d+\])/.*(/relation\[)", "$1$2"), (r"(/location .*)offset=\d+", "$1")])
        .into_iter()
        .filter(is_said)
        .collect()
}

/// Empty sets of annotations are left out, and “no” may be written as nothing.
fn of_gate(xml: &str) -> Vec<String> {
    let lines = replaced(xml_lines(xml), &[(r"(className=java.lang.Boolean) false$", "$1 "), (r"^/GateDocument .*", "")]);
    let full: BTreeSet<String> = lines.iter().filter_map(|line| Some(line.split_once("/Annotation[")?.0.to_owned())).collect();
    lines
        .into_iter()
        .filter(|line| !line.contains("/AnnotationSet") || line.contains("/Annotation[") || full.contains(line.split(' ').next().unwrap()))
        .collect()
}

/// The number of the next annotation and names that others are for are made anew; what offsets count is that of the export.
fn of_bdocjs(json: &str) -> Vec<String> {
    let is_new = |line: &String| ["/next_annid ", "/name ", "/offset_type "].iter().any(|name| line.contains(name));
    json_lines(json).into_iter().filter(|line| !is_new(line)).collect()
}

/// Edges are told apart by their ends, and are numbered anew where there is a gap.
fn of_aif(json: &str) -> Vec<String> {
    let mut map: Value = serde_json::from_str(json).unwrap();
    let edges = map["edges"].take();
    let edge = |edge: &Value| format!("edge {} {}", edge["fromID"], edge["toID"]);
    let mut lines: Vec<String> = json_lines(&map.to_string()).into_iter().filter(|line| !line.starts_with("/edges")).collect();
    lines.extend(edges.as_array().unwrap().iter().map(edge));
    lines
}

/// Folders of samples, the ends of names, the format, how files may be written otherwise, and the least number of files.
const SAMPLES: [(&str, &[&str], &str, Normalise, usize); 8] = [
    (
        "bioc",
        &[
            "example-with-multiple-documents.xml",
            "example-with-sentences.xml",
            "example-with-sentences-ref.xml",
            "data.xml",
            "example-with-text-in-passage.xml",
        ],
        "bioc-xml",
        of_bioc,
        6,
    ),
    ("crafted", &["a.bioc.xml"], "bioc-xml", of_bioc, 1),
    ("gate", &["beijing-opera.xml", "testdoc1.xml", "testdocument1.xml"], "gate-xml", of_gate, 3),
    ("crafted", &["a.gate.xml"], "gate-xml", of_gate, 1),
    ("gate", &[".bdocjs"], "bdocjs", of_bdocjs, 2),
    ("crafted", &["/a.bdocjs"], "bdocjs", of_bdocjs, 1),
    ("pubannotation", &["annotations.json", "prefix.json", "private.json", "tracks.json"], "pubannotation", pubannotation_lines, 4),
    ("aif", &[".json"], "aif", of_aif, 4),
];

fn pages(files: &MemoryFiles) -> String {
    files.0.values().map(|page| String::from_utf8_lossy(page)).collect()
}

#[test]
fn files_of_annotations_go_out_as_they_came_in() {
    let mut wrong = Vec::new();
    for (folder, ends, format, normalise, least) in SAMPLES {
        let Some(dir) = samples(folder) else { continue };
        let paths: Vec<PathBuf> = files(&dir).into_iter().filter(|path| ends.iter().any(|end| path.to_string_lossy().ends_with(end))).collect();
        assert!(paths.len() >= least, "{folder}: {} files for {format}", paths.len());
        for path in paths {
            let sample = fs::read_to_string(&path).unwrap();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            let batch = try_import(format, &MemoryFiles::new([(name, sample.as_bytes())]), &Tables::default()).unwrap();
            let unit = if format == "gate-xml" { OffsetUnit::Utf16 } else { OffsetUnit::CodePoints };
            let (files, _) = export(format, &batch.tables, &batch.items, unit);
            let again = try_import(format, &files, &batch.tables).unwrap();
            let (second, _) = export(format, &batch.tables, &again.items, unit);
            let (written, second) = (pages(&files), pages(&second));
            let before = normalise(sample.trim_start_matches('\u{feff}'));
            let count = before.len();
            // And the second time as the first.
            let missing = [unsaid(before, normalise(&written)), unsaid(normalise(&written), normalise(&second))].concat();
            eprintln!("{format} {}: {count} lines", path.display());
            wrong.extend(
                (!missing.is_empty()).then(|| format!("{}: {} of {count}: {:#?}", path.display(), missing.len(), &missing[..missing.len().min(6)])),
            );
        }
    }
    assert!(wrong.is_empty(), "{} differ:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn tables_of_techniques_go_out_as_they_came_in() {
    let Some(dir) = samples("ptc") else { return };
    let all = files(&dir);
    let tables: Vec<&PathBuf> = all.iter().filter(|path| path.to_string_lossy().ends_with("article736757214.task-FLC.labels")).collect();
    assert!(!tables.is_empty());
    for path in tables {
        let (table, article) = (fs::read_to_string(path).unwrap(), fs::read_to_string(path.with_file_name("article736757214.txt")).unwrap());
        let source = MemoryFiles::new([("table.labels", table.as_str()), ("article736757214.txt", article.as_str())]);
        let batch = try_import("semeval2020-ptc", &source, &Tables::default()).unwrap();
        let (written, _) = export("semeval2020-ptc", &batch.tables, &batch.items, OffsetUnit::CodePoints);
        // Rows stand in the order of the text.
        let sorted = |table: &str| table.lines().map(str::to_owned).collect::<BTreeSet<String>>();
        assert_eq!(sorted(written.text("labels.tsv")), sorted(&table));
        assert_eq!(written.text("article736757214.txt"), article);
    }
}

/// What an annotation says apart from where it stands: members with their paths, and the words and IRIs of bodies. The context and
/// the source of a target are those of the export; one body alone is a list.
fn of_annotation(annotation: &Value) -> Vec<String> {
    let mut annotation = annotation.clone();
    let members = annotation.as_object_mut().unwrap();
    let body = members.remove("body");
    ["@context", "target", "motivation"].iter().for_each(|name| drop(members.remove(*name)));
    let mut lines = json_lines(&annotation.to_string());
    let of_bodies = json_lines(&body.unwrap_or_default().to_string());
    lines.extend(of_bodies.iter().filter_map(|line| Some(format!("body {}", line.split_once(' ')?.1))).filter(|line| line != "body null"));
    lines
}

#[test]
fn web_annotations_go_out_as_they_came_in() {
    let Some(dir) = samples("w3c-annotation") else { return };
    let is_sample = |path: &PathBuf| path.to_string_lossy().contains("/examples/") && path.to_string_lossy().contains("anno");
    let (mut wrong, mut count) = (Vec::new(), 0);
    for path in files(&dir).into_iter().filter(is_sample) {
        let sample = fs::read_to_string(&path).unwrap();
        let source = MemoryFiles::new([("a.jsonld", sample.as_str()), ("a.txt", "that ingenious hero")]);
        let batch = try_import("w3c", &source, &Tables::default()).unwrap();
        let annotation: Value = serde_json::from_str(&sample).unwrap();
        if batch.items.iter().all(|item| item.sheets.values().all(|sheet| sheet.spans.is_empty() && sheet.info.residue.is_empty())) {
            continue;
        }
        count += 1;
        let (written, _) = export("w3c", &batch.tables, &batch.items, OffsetUnit::CodePoints);
        let page = written.0.iter().find(|(name, _)| name.ends_with(".jsonld")).unwrap().1;
        let page: Value = serde_json::from_slice(page).unwrap();
        let items = page["first"]["items"].as_array().unwrap();
        let again = items.iter().find(|item| item["id"] == annotation["id"]).unwrap_or(&Value::Null);
        let missing =
            if again.is_null() { vec![format!("no {}", annotation["id"])] } else { unsaid(of_annotation(&annotation), of_annotation(again)) };
        wrong.extend((!missing.is_empty()).then(|| format!("{}: {missing:#?}", path.display())));
    }
    eprintln!("{count} web annotations");
    assert!(count >= 15, "{count}");
    assert!(wrong.is_empty(), "{} differ:\n{}", wrong.len(), wrong.join("\n"));
}
