//! Our CoNLL, CoNLL-U and CoNLL-U Plus are read by programs that are not ours, and by us as they read them. Needs the virtual
//! environment of `tests/readers/setup.sh`.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, clippy::expect_used)]

mod common;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use common::{export, import, project};
use manicule::format::{Item, Tables};
use manicule::model::LabelKind;
use manicule::text::offsets::OffsetUnit;
use serde::de::DeserializeOwned;

const PROJECTS: u64 = 60;

/// Runs a script and returns what it prints.
#[track_caller]
fn python<T: DeserializeOwned>(script: &str, words: &[&str], paths: &[PathBuf]) -> T {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let python = root.join(".venv/bin/python");
    assert!(python.exists(), "\n\n{} IS MISSING: run tests/readers/setup.sh (./test does it) and try again\n", python.display());
    let mut command = Command::new(python);
    let output = command.arg(root.join("tests/readers").join(script)).args(words).args(paths).env("PYTHONUTF8", "1").output().unwrap();
    assert!(output.status.success(), "{script} failed:\n{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

/// One coder's project.
fn of_alice(seed: u64) -> (Tables, Vec<Item>) {
    let (mut tables, mut items) = project(seed);
    items.iter_mut().for_each(|item| item.sheets.retain(|coder, _| coder.as_str() == "alice"));
    tables.coders.retain(|coder, _| coder.as_str() == "alice");
    (tables, items)
}

fn bare(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace() && !c.is_control()).collect()
}

/// Writes the projects, and says what we read in each file: label and text of the spans in their order.
fn write_all(format: &str, dir: &Path, extension: &str) -> (Vec<PathBuf>, Vec<Vec<(String, String)>>) {
    let (mut paths, mut expected) = (Vec::new(), Vec::new());
    for seed in 0..PROJECTS {
        let (tables, items) = of_alice(seed);
        let (files, _) = export(format, &tables, &items, OffsetUnit::CodePoints);
        let (_, content) = files.0.iter().next().unwrap();
        paths.push(dir.join(format!("{seed:03}.{extension}")));
        fs::write(paths.last().unwrap(), content).unwrap();
        let batch = import(format, &files, &tables);
        expected.push(batch.items.iter().flat_map(spans).map(|(label, words, _)| (label, words)).collect());
    }
    (paths, expected)
}

/// Label, words and entity of each span, in the order of the text.
fn spans(item: &Item) -> Vec<(String, String, String)> {
    let mut spans: Vec<_> = item.sheets.values().flat_map(|sheet| sheet.spans.values()).collect();
    spans.sort_by_key(|span| span.ranges.start());
    let entity = |span: &manicule::model::Span| span.entity.map(|entity| entity.to_string()).unwrap_or_default();
    spans.into_iter().map(|span| (span.label.to_string(), bare(&item.text.quote(&span.ranges).replace(" … ", "")), entity(span))).collect()
}

#[test]
fn seqeval_reads_every_scheme() {
    for (format, scheme, column) in [
        ("conll2003", "IOB2", "3"),
        ("conll2003-iob1", "IOB1", "3"),
        ("conll2003-bioes", "IOBES", "3"),
        ("conll2002", "IOB2", "1"),
        ("conll2002-iob1", "IOB1", "1"),
        ("conll2002-bioes", "IOBES", "1"),
    ] {
        let dir = tempfile::tempdir().unwrap();
        let (paths, expected) = write_all(format, dir.path(), "conll");
        let read: Vec<Vec<(String, String)>> = python("read_conll.py", &["seqeval", scheme, column], &paths);
        assert_eq!(read, expected, "{format}");
        assert!(read.iter().map(Vec::len).sum::<usize>() > 50);
    }
}

#[test]
fn spacy_converts_conll() {
    for format in ["conll2003", "conll2002"] {
        let temporary = tempfile::tempdir().unwrap();
        // It does not look into folders whose name begins with a full stop.
        let dir = temporary.path().join("conll");
        fs::create_dir(&dir).unwrap();
        let (paths, expected) = write_all(format, &dir, "ner");
        // It makes nothing of a file without a token.
        let expected: Vec<_> = paths.iter().zip(expected).filter(|(path, _)| !is_without_token(path)).map(|(_, spans)| spans).collect();
        paths.iter().filter(|path| is_without_token(path)).for_each(|path| fs::remove_file(path).unwrap());
        let read: Vec<Vec<(String, String)>> = python("read_conll.py", &["spacy"], &[dir]);
        assert_eq!(read, expected, "{format}");
    }
}

fn is_without_token(path: &Path) -> bool {
    fs::read_to_string(path).unwrap().lines().all(|line| line.is_empty() || line.starts_with("-DOCSTART-"))
}

/// A document as the script reads it.
type Plain = (String, Vec<(String, String, String)>);

#[test]
fn conllu_and_udapi_read_texts_and_entities() {
    let dir = tempfile::tempdir().unwrap();
    let (paths, _) = write_all("conllu", dir.path(), "conllu");
    let read: Vec<Vec<Plain>> = python("read_conllu.py", &["plain"], &paths);
    let (mut texts, mut mentions) = (0, 0);
    for (seed, documents) in (0..).zip(read) {
        let (tables, items) = of_alice(seed);
        let (files, _) = export("conllu", &tables, &items, OffsetUnit::CodePoints);
        let batch = import("conllu", &files, &tables);
        assert_eq!(documents.len(), batch.items.len());
        for (item, (text, read)) in batch.items.iter().zip(documents) {
            assert_eq!(item.text.as_str(), text);
            texts += 1;
            let is_mention = |label: &str| tables.schema.labels.iter().all(|(key, row)| key.as_str() != label || row.kind == LabelKind::Entity);
            let unescaped = |label: &str| label.replace("%2D", "-");
            // udapi gives all mentions of an entity the type of the first: that of a mention alone is its own.
            let plain = |label: String, entity: &str| if entity.len() == 12 { (String::new(), entity.to_owned()) } else { (label, String::new()) };
            let expected = spans(item).into_iter().filter(|(label, ..)| is_mention(label));
            let mut expected: Vec<_> = expected.map(|(label, words, entity)| (plain(label, &entity), words)).collect();
            let mut read: Vec<_> = read.iter().map(|(label, entity, words)| (plain(unescaped(label), entity), words.clone())).collect();
            expected.sort();
            read.sort();
            assert_eq!(read, expected, "{seed} {}", item.text.as_str());
            mentions += read.len();
        }
    }
    assert!(texts > 50 && mentions > 50, "{texts} {mentions}");
}

#[test]
fn conllu_reads_the_columns_of_plus() {
    let dir = tempfile::tempdir().unwrap();
    let (paths, expected) = write_all("conllu-plus", dir.path(), "conllup");
    type Sentence = (String, Vec<(String, String)>);
    let read: Vec<Vec<Sentence>> = python("read_conllu.py", &["plus"], &paths);
    for (documents, mut expected) in read.into_iter().zip(expected) {
        let mut read: Vec<_> = documents.into_iter().flat_map(|(_, spans)| spans).collect();
        read.sort();
        expected.sort();
        assert_eq!(read, expected);
    }
}
