//! Manicule JSONL fits the published schema, for Python's `jsonschema`, and its UTF-16 offsets are those of Node's strings.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, clippy::expect_used)]

mod common;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use common::{export, project};
use manicule::text::offsets::OffsetUnit;
use serde_json::Value;

const PROJECTS: u64 = 60;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn schema_file() -> PathBuf {
    root().join("docs/manicule-jsonl.schema.json")
}

/// Exports of generated projects, one file each.
fn write_all(dir: &Path, unit: OffsetUnit) -> Vec<PathBuf> {
    let write = |seed: u64| {
        let (tables, items) = project(seed);
        let path = dir.join(format!("{seed}.jsonl"));
        fs::write(&path, export("jsonl", &tables, &items, unit).0.text("out.jsonl")).unwrap();
        path
    };
    (0..PROJECTS).map(write).collect()
}

/// Runs a program and returns the numbers that it prints.
#[track_caller]
fn numbers(mut command: Command, missing: &str) -> Vec<usize> {
    let output = command.env("PYTHONUTF8", "1").output().unwrap_or_else(|cause| panic!("\n\n{missing} ({cause})\n"));
    assert!(output.status.success(), "{command:?} failed:\n{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).split_whitespace().map(|word| word.parse().unwrap()).collect()
}

#[test]
fn every_record_fits_the_published_schema() {
    let dir = tempfile::tempdir().unwrap();
    let example = fs::read_to_string(root().join("docs/jsonl.md")).unwrap();
    let example = example.split("```jsonl\n").nth(1).unwrap().split("```").next().unwrap().to_owned();
    let mut files = write_all(dir.path(), OffsetUnit::CodePoints);
    files.push(dir.path().join("example.jsonl"));
    fs::write(files.last().unwrap(), example).unwrap();
    let records: usize = files.iter().map(|file| fs::read_to_string(file).unwrap().lines().count()).sum();
    let mut command = Command::new(root().join(".venv/bin/python"));
    command.arg(root().join("tests/readers/check_jsonl_schema.py")).arg(schema_file()).args(&files);
    let found = numbers(command, "THE PYTHON OF .venv IS MISSING: run tests/readers/setup.sh (./test does it) and try again");
    assert_eq!(found[0], records);
    assert!(found[1] > records, "{found:?}");
}

#[test]
fn node_finds_every_quote_of_jsonl() {
    let dir = tempfile::tempdir().unwrap();
    let files = write_all(dir.path(), OffsetUnit::Utf16);
    let mut command = Command::new("node");
    command.arg(root().join("tests/readers/read_jsonl.mjs")).args(&files);
    let found = numbers(command, "NODE IS MISSING: install Debian's package nodejs (./test does it) and try again");
    assert!(found[0] > 500, "{found:?}");
}

/// Every name of an object by the definition that describes it.
fn names(value: &Value, schema: &Value, definition: &Value, found: &mut BTreeSet<(String, String)>, of: &str) {
    if let Some(name) = definition.get("$ref").and_then(Value::as_str) {
        let name = name.trim_start_matches("#/$defs/");
        return names(value, schema, &schema["$defs"][name], found, name);
    }
    if let Some(choices) = definition.get("oneOf").and_then(Value::as_array) {
        let has = |choice: &&Value| choice.get("required").is_some_and(|names| value.get(names[0].as_str().unwrap_or_default()).is_some());
        choices.iter().filter(has).for_each(|choice| names(value, schema, choice, found, of));
        return;
    }
    for (name, inner) in value.as_object().into_iter().flatten() {
        if let Some(definition) = definition.get("properties").and_then(|properties| properties.get(name)) {
            found.insert((of.to_owned(), name.clone()));
            names(inner, schema, definition, found, &format!("{of}.{name}"));
        } else if let Some(definition) = definition.get("additionalProperties") {
            names(inner, schema, definition, found, of);
        }
    }
    for inner in value.as_array().into_iter().flatten() {
        names(inner, schema, definition.get("items").unwrap_or(&Value::Null), found, of);
    }
}

/// Every name that the schema has in the rows that generated projects fill.
#[test]
fn the_schema_has_no_field_that_is_never_written() {
    let schema: Value = serde_json::from_str(&fs::read_to_string(schema_file()).unwrap()).unwrap();
    let mut found = BTreeSet::new();
    for seed in 0..200 {
        let (tables, items) = project(seed);
        let (files, _) = export("jsonl", &tables, &items, OffsetUnit::Bytes);
        for (number, line) in files.text("out.jsonl").lines().enumerate() {
            let record: Value = serde_json::from_str(line).unwrap();
            let name = if number == 0 { "header" } else { "document" };
            names(&record, &schema, &schema["$defs"][name], &mut found, name);
        }
    }
    // What generated projects do not fill.
    let unfilled = [
        ("entity", "residue"),
        ("entity", "merged_into"),
        ("entity", "deleted"),
        ("document", "decoding"),
        ("sheet", "rejected"),
        ("sheet", "text_hash"),
    ];
    for row in ["entity", "header", "document", "sheet", "span", "claim", "relation", "filler", "node", "range"] {
        let definition = &schema["$defs"][row];
        let properties = definition["properties"].as_object().into_iter().flat_map(|properties| properties.keys());
        let choices = definition["oneOf"].as_array().into_iter().flatten().map(|choice| choice["required"][0].as_str().unwrap().to_owned());
        for name in properties.cloned().chain(choices) {
            let is_known = found.contains(&(row.to_owned(), name.clone())) || name == "residue" || unfilled.contains(&(row, name.as_str()));
            assert!(is_known, "{row}.{name} of the schema is in no export");
        }
    }
}
