//! What goes in and out of the real binary when something is in the way: earlier exports, very many labels, files that cannot be read,
//! Ctrl+C.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, clippy::expect_used)]

#[path = "support/place.rs"]
mod place;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, SystemTime};

use place::Place;
use serde_json::Value;

const TEXT: &str = "Zoë 🎉 Smith said taxes\nfell; Bob denied it.";
const ANN: &str = "T1\tPER 0 11\tZoë 🎉 Smith\nT2\tPER 29 32\tBob\n";

/// A project with ten articles.
fn with_articles() -> Place {
    let place = Place::with_project();
    for number in 0..10 {
        place.write(&format!("in/{number}.txt"), format!("Article {number}\n{TEXT}"));
    }
    place.run("import study in").is(0);
    place
}

/// Names without folders of all files with this extension.
fn files(dir: &Path, extension: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut folders = vec![dir.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            if entry.is_dir() {
                folders.push(entry);
            } else if entry.extension().is_some_and(|found| found == extension) {
                found.push(entry.file_name().unwrap().to_string_lossy().into_owned());
            }
        }
    }
    found.sort();
    found
}

#[test]
fn another_split_leaves_no_document_in_two_parts() {
    let place = with_articles();
    for seed in 1..4 {
        place.run(&format!("export study --to brat --out out --split 60/20/20 --seed {seed}")).is(0);
        let there = files(&place.path("out"), "txt");
        assert_eq!((there.len(), there.iter().collect::<BTreeSet<_>>().len()), (10, 10), "{there:?}");
    }
    let report: Value = serde_json::from_str(&place.read("out/export-report.json")).unwrap();
    assert_eq!((report["chosen"]["split"]["seed"].as_u64(), report["chosen"]["split"]["shares"].as_str()), (Some(3), Some("60/20/20")));
    assert_eq!(report["chosen"]["split"]["parts"]["train"].as_array().unwrap().len(), 6);
    // Without parts again: their folders are gone, too.
    let run = place.run("export study --to brat --out out").is(0);
    assert!(run.out.contains("files of an earlier export here, which are not part of this one, were removed"), "{run:?}");
    assert!(!place.path("out/train").exists() && files(&place.path("out"), "txt").len() == 10);
}

#[test]
fn what_somebody_has_put_or_changed_beside_an_export_stays() {
    let place = with_articles();
    place.run("export study --to brat --out out --split 50/50 --seed 1").is(0);
    place.write("out/train/mine.txt", "mine");
    let names = files(&place.path("out/train"), "ann");
    let changed = place.path("out/train").join(&names[0]);
    let later = SystemTime::now() + Duration::from_secs(100);
    fs::File::options().append(true).open(&changed).unwrap().set_modified(later).unwrap();
    let run = place.run("export study --to brat --out out").is(0);
    assert!(run.out.contains("these were changed since, so they stay") && run.out.contains(&names[0]), "{run:?}");
    assert!(changed.exists() && place.path("out/train/mine.txt").exists());
    assert_eq!(files(&place.path("out/train"), "txt"), ["mine.txt"]);
    // An export in another format is another one.
    place.run("export study --to conll2003 --out out/all.conll").is(0);
    assert_eq!(files(&place.path("out"), "txt").len(), 11);
}

#[test]
fn very_many_new_labels_are_asked_about() {
    let place = Place::with_project();
    let labels: Vec<String> = (0..60).map(|number| format!(r#"{{"text":"Bob said {number}.","label":[[0,3,"L{number}"]]}}"#)).collect();
    place.write("many.jsonl", labels.join("\n"));
    let run = place.run("import study many.jsonl --format doccano").is(1);
    assert!(run.err.contains("60 labels that the codebook does not have, such as L0, ") && run.err.contains("--many-labels"), "{run:?}");
    assert_eq!(place.run("info study --json").json()["documents"], 0);
    assert_eq!(files(&place.path("study/documents"), "txt"), Vec::<String>::new());
    place.run("import study many.jsonl --format doccano --many-labels").is(0);
    assert_eq!(place.run("info study --json").json()["documents"], 60);
}

#[test]
fn a_conversion_gives_the_same_bytes_each_time() {
    let place = Place::new();
    place.write("in/d.txt", TEXT);
    place.write("in/d.ann", ANN);
    for out in ["one.jsonl", "two.jsonl"] {
        place.run(&format!("convert in --to jsonl --out {out}")).is(0);
    }
    assert_eq!(place.read("one.jsonl"), place.read("two.jsonl"));
    place.write("in/d.txt", TEXT.replace("taxes", "prices"));
    place.write("in/d.ann", ANN.replace("29 32", "30 33"));
    place.run("convert in --to jsonl --out two.jsonl").is(0);
    let ids = |name: &str| place.read(name).lines().nth(1).map(|line| serde_json::from_str::<Value>(line).unwrap()["id"].clone());
    assert_ne!(ids("one.jsonl"), ids("two.jsonl"));
}

#[test]
fn what_is_made_of_files_has_their_names() {
    let place = Place::new();
    place.write("in/First One.txt", TEXT);
    place.write("in/second.txt", format!("{TEXT} Again."));
    place.run("convert in --to brat --out out").is(0);
    let names = files(&place.path("out"), "txt");
    let begins = |start: &str| names.iter().any(|name| name.rsplit('/').next().unwrap().starts_with(start));
    assert!(names.len() == 2 && begins("first-one-") && begins("second-"), "{names:?}");
}

#[test]
fn a_conversion_that_read_nothing_replaces_nothing() {
    let place = Place::new();
    place.write("keep.jsonl", "precious");
    place.write("empty.jsonl", "");
    place.write("bad.jsonl", [0, 159, 146, 150]);
    place.write("in/d.txt", TEXT);
    for line in ["convert bad.jsonl --from doccano", "convert empty.jsonl", "convert in --from jsonl"] {
        place.run(&format!("{line} --to jsonl --out keep.jsonl")).is(1);
        assert_eq!(place.read("keep.jsonl"), "precious", "{line}");
    }
}

#[test]
fn a_damaged_archive_keeps_only_itself_out_of_a_folder() {
    let place = Place::with_project();
    for name in ["a.txt", "sub/s.txt", "z.txt"] {
        place.write(&format!("in/{name}"), format!("{name} {TEXT}"));
    }
    place.write("in/m.zip", b"PK\x03\x04 and no more");
    let run = place.run("import study in").is(1);
    assert!(run.out.contains("in/m.zip: ") && run.out.contains("3 documents imported"), "{run:?}");
}

#[test]
fn a_workbook_with_its_texts_is_read_alone() {
    let place = Place::with_project();
    place.write("in/d.txt", TEXT);
    place.write("in/d.ann", ANN);
    place.run("import study in").is(0);
    let bare = place.run("export study --to xlsx --out bare.xlsx").is(0);
    assert!(bare.out.contains("dropped: 1 texts of documents"), "{bare:?}");
    let whole = place.run("export study --to xlsx --texts inside --out whole.xlsx").is(0);
    assert!(whole.out.contains("kept: 1 texts of documents"), "{whole:?}");
    place.run("convert whole.xlsx --to jsonl --out back.jsonl").is(0);
    let back = place.read("back.jsonl");
    assert!(back.contains("fell; Bob denied it.") && back.contains(r#""quote":"Zoë 🎉 Smith""#), "{back}");
    place.run("export study --to xlsx --texts beside --out x.xlsx").is(1);
}

#[test]
fn a_preview_says_what_offsets_count_and_how_sure_that_is() {
    let place = Place::with_project();
    place.write("in/d.txt", TEXT);
    // UTF-16, and brat counts code points.
    place.write("in/d.ann", "T1\tPER 7 12\tSmith\nT2\tPER 30 33\tBob\nT3\tPER 0 3\tZoë\n");
    let run = place.run("import study in --dry-run");
    assert!(run.out.contains("offsets count utf16: 3 of 3 annotations have their words; 1 as code-points"), "{run:?}");
}

#[cfg(unix)]
#[test]
fn ctrl_c_takes_an_import_back() {
    let place = Place::with_project();
    // Far more than is read before it is interrupted.
    let record = |number: usize| format!("{{\"text\":\"Article {number}. {TEXT}\"}}\n").replace("taxes\n", "taxes\\n");
    place.write("big.jsonl", (0..60_000).map(record).collect::<String>());
    let mut command = place.command("import study big.jsonl --format articles-jsonl");
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    let has_begun = || !files(&place.path("study"), "txt").is_empty();
    while !has_begun() && child.try_wait().unwrap().is_none() {
        std::thread::sleep(Duration::from_millis(5));
    }
    std::process::Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    let output = child.wait_with_output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.code() == Some(1) && said.contains("stopped"), "{:?}: {said}", output.status);
    assert_eq!(place.run("info study --json").json()["documents"], 0);
    assert_eq!(files(&place.path("study"), "txt"), Vec::<String>::new());
}
