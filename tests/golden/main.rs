//! Projects as they were written: golden files of every shape that ever was. They are opened, compared with what they
//! should say, and saved, and not a byte changes that nobody has changed.
//!
//! `v1/` has a folder `project`, its content as exchange file `expected.jsonl`, and state folders: `closed` as it is when
//! the project was closed, and `crashed` with actions in the journal that are not in the files, whose outcome is
//! `crashed.jsonl`. `v1-first/` is the same project as the very first versions wrote it: claims have one place, and the
//! state folder has no states, a plain list of stamps, and backups instead.
//!
//! Golden files are never changed, only added: whoever changes what is written makes a folder beside these, by
//! `MANICULE_MAKE_GOLDEN=v2 cargo test --no-default-features --test golden`, and commits it.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::string_slice)]

mod folder;
mod make;
#[path = "../support/project.rs"]
mod project;

use std::collections::BTreeSet;
use std::fs;

use folder::{Golden, files, state_of};
use manicule::edit::{Change, Edit, Transaction};
use manicule::model::{Document, SheetKey, SpanExtras};
use manicule::store::StoreError;
use manicule::workspace::states::known_projects;
use manicule::workspace::{OpenOptions, Who, Workspace};
use regex::Regex;

const SHAPES: [&str; 2] = ["v1", "v1-first"];
/// Of all files of each shape.
const SUMS: [&str; 2] = ["f77e36fcf8f34369e494f60511966234", "b81175ff1ef25655f0e461e3d2c38cf8"];

#[test]
fn golden_files_are_what_they_were() {
    for (shape, sum) in SHAPES.into_iter().zip(SUMS) {
        let mut hasher = blake3::Hasher::new();
        for (path, content) in files(&folder::root(shape)) {
            hasher.update(path.as_bytes()).update(&(content.len() as u64).to_le_bytes()).update(&content);
        }
        assert_eq!(&hasher.finalize().to_hex()[..32], sum, "{shape}: golden files are never changed, only added");
    }
}

#[test]
fn golden_projects_say_what_they_said_and_saving_changes_no_byte() {
    for shape in SHAPES {
        let golden = Golden::copy(shape, None);
        let before = files(&golden.dir());
        let mut opened = golden.open();
        let findings = golden.load_all(&mut opened);
        assert!(findings.iter().all(|finding| finding.rule == "row-put-aside"), "{shape}: {findings:?}");
        assert_eq!(findings.len(), 2, "{shape}: one row of entities and one of a sheet");
        golden.compare(&opened.workspace, "expected.jsonl");
        opened.workspace.checkpoint_now().unwrap();
        opened.workspace.close().unwrap();
        assert!(files(&golden.dir()) == before, "{shape}");
    }
}

#[test]
fn a_change_of_a_golden_project_changes_its_own_row_alone() {
    for shape in SHAPES {
        let golden = Golden::copy(shape, None);
        let before = files(&golden.dir());
        let mut opened = golden.open();
        golden.load_all(&mut opened);
        let (edits, expected) = one_of_each(&opened.workspace);
        assert_eq!(expected.len(), 5);
        opened.workspace.apply(Transaction::new("one of each", edits)).unwrap();
        opened.workspace.checkpoint_now().unwrap();
        opened.workspace.close().unwrap();
        let after = files(&golden.dir());
        assert_eq!(before.keys().collect::<Vec<_>>(), after.keys().collect::<Vec<_>>(), "{shape}");
        let changed: BTreeSet<String> = before.keys().filter(|path| before[*path] != after[*path]).cloned().collect();
        assert_eq!(changed, expected, "{shape}");
        for path in &changed {
            let lines = |content: &[u8]| String::from_utf8(content.to_vec()).unwrap().lines().map(str::to_owned).collect::<Vec<_>>();
            let (old, new) = (lines(&before[path]), lines(&after[path]));
            let differing = old.iter().zip(&new).filter(|(a, b)| a != b).count();
            assert_eq!((old.len(), differing), (new.len(), 1), "{shape}: {path}");
        }
    }
}

/// An edit of one row of each kind of file, and the files.
fn one_of_each(workspace: &Workspace) -> (Vec<Edit>, BTreeSet<String>) {
    use manicule::store::layout::{Part, Shelf, document_path, entities_path, entity_shard, sheet_path};
    let state = workspace.state();
    let mut info = state.project.clone();
    info.name.push('!');
    let mut schema = state.schema.info.clone();
    schema.name.push('!');
    let (entity_id, entity) = state.entities.iter().next().unwrap();
    let mut renamed = entity.clone();
    renamed.name.push('!');
    let (id, document) = state.present_documents().next().unwrap();
    let titled = Document { title: format!("{}!", document.title), ..document.clone() };
    let has_spans = |key: &SheetKey| !state.sheet(key).spans.is_empty();
    let key = state.sheets.keys().find(|key| key.coder == *workspace.coder() && has_spans(key)).unwrap().clone();
    let (span_id, span) = state.sheet(&key).spans.iter().next().unwrap();
    let noted = span.clone().with_extras(SpanExtras { note: "a new note".into(), ..span.extras().clone() });
    let edits = vec![
        Edit::Project(Change::replace((), state.project.clone(), info)),
        Edit::Schema(Change::replace((), state.schema.info.clone(), schema)),
        Edit::Entity(Change::replace(*entity_id, entity.clone(), renamed)),
        Edit::Document(Change::replace(id.clone(), document.clone(), titled)),
        Edit::Span(key.clone(), Change::replace(*span_id, span.clone(), noted)),
    ];
    let paths = [
        "project.ron".to_owned(),
        "schema.ron".to_owned(),
        entities_path(&entity_shard(*entity_id)),
        document_path(id, Part::Fields, Shelf::Live),
        sheet_path(&key, Shelf::Live),
    ];
    (edits, paths.into_iter().collect())
}

#[test]
fn actions_in_a_golden_journal_come_back() {
    for shape in SHAPES {
        let golden = Golden::copy(shape, Some("crashed"));
        let mut opened = golden.open();
        assert_eq!(opened.recovered, make::UNSAVED, "{shape}: {:?}", opened.findings);
        let findings = golden.load_all(&mut opened);
        assert!(findings.iter().all(|finding| finding.rule == "row-put-aside"), "{shape}: {findings:?}");
        golden.compare(&opened.workspace, "crashed.jsonl");
        // And can be taken back, one step after the other: of three actions one was taken back already.
        (0..2).for_each(|_| assert!(opened.workspace.undo().unwrap().is_some()));
        golden.compare(&opened.workspace, "expected.jsonl");
        opened.workspace.close().unwrap();
    }
}

#[test]
fn golden_states_are_listed_and_restored() {
    let golden = Golden::copy("v1", Some("closed"));
    let known = known_projects(&golden.places());
    let listed: Vec<String> = known[0].states.iter().map(folder::state_line).collect();
    assert_eq!(listed.join("\n") + "\n", fs::read_to_string(golden.golden("states.txt")).unwrap());
    let good = files(&golden.dir());
    for (at, earlier) in known[0].states.iter().enumerate() {
        let target = golden.path(&format!("restored-{at}"));
        let job = known[0].copy(&earlier.id, &target, &golden.places(), &mut manicule::model::IdSource::seeded(1)).unwrap();
        let copied = job.run(&Default::default(), &Default::default()).unwrap();
        assert_eq!(copied.findings, [], "{}", earlier.id);
        let mut restored = files(&target);
        assert!(restored.remove("project.ron").is_some(), "a copy has an id of its own");
        let differing = restored.iter().filter(|(path, content)| good.get(*path) != Some(content)).count();
        assert_eq!(differing == 0 && restored.len() == good.len() - 1, at == 0, "the newest state is the project, and no other");
        Workspace::open(&target, OpenOptions::read_only(), &golden.places()).unwrap();
    }
    assert_eq!(files(&golden.dir()), good);
    // The project that they belong to opens as the program has left it.
    let opened = golden.open();
    assert!(opened.findings.iter().all(|finding| finding.rule == "row-put-aside"), "{:?}", opened.findings);
    assert_eq!(opened.recovered, 0);
}

#[test]
fn a_newer_format_of_each_file_is_refused_and_not_touched() {
    for shape in SHAPES {
        for path in files(&Golden::copy(shape, None).dir()).into_keys().filter(|path| path.ends_with(".ron") && !path.starts_with("trash/")) {
            let golden = Golden::copy(shape, None);
            let file = golden.dir().join(&path);
            let newer = fs::read_to_string(&file).unwrap().replacen("format: 1", "format: 2, mystery: Whatever(1)", 1);
            fs::write(&file, &newer).unwrap();
            let before = files(&golden.dir());
            let words =
                "it was written by a newer Manicule (format 2; this version knows up to 1). It was not touched; install the newer version to open it";
            match Workspace::open(&golden.dir(), OpenOptions::read_write(Who::Named("ann".into())), &golden.places()) {
                Err(error) => assert_eq!(error.to_string(), format!("{path}: {words}")),
                Ok(mut opened) => {
                    let findings = golden.load_all(&mut opened);
                    assert!(findings.iter().any(|finding| finding.file == path && finding.message == words), "{path}: {findings:?}");
                    opened.workspace.checkpoint_now().unwrap();
                    opened.workspace.close().unwrap();
                }
            }
            assert!(files(&golden.dir()) == before, "{path}");
        }
        let golden = Golden::copy(shape, Some("crashed"));
        let journal = folder::journal(&state_of(&golden.places()));
        fs::write(&journal, b"manicule journal 2\nsomething that only the newer program understands").unwrap();
        let before = (files(&golden.dir()), fs::read(&journal).unwrap());
        let opened = Workspace::open(&golden.dir(), OpenOptions::read_write(Who::Named("ann".into())), &golden.places());
        assert!(matches!(opened, Err(StoreError::NewerFormat { found: 2, .. })), "{opened:?}");
        assert!((files(&golden.dir()), fs::read(&journal).unwrap()) == before);
    }
}

#[test]
fn golden_files_hold_every_field_and_every_kind_of_value() {
    let doc = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/file-format.md")).unwrap();
    let field = Regex::new(r"\b([a-z_]+): ").unwrap();
    let all: String = SHAPES
        .iter()
        .flat_map(|shape| files(&Golden::copy(shape, None).dir()))
        .filter(|(path, _)| path.ends_with(".ron"))
        .map(|(_, content)| String::from_utf8(content).unwrap())
        .collect();
    let examples: String = doc.split("\n```ron").skip(1).map(|block| block.split("\n```").next().unwrap()).collect();
    let missing: BTreeSet<&str> =
        field.captures_iter(&examples).map(|found| found.get(1).unwrap().as_str()).filter(|name| !all.contains(&format!("{name}: "))).collect();
    assert_eq!(missing, BTreeSet::new(), "fields that no golden file has; make golden files for them");
    for value in
        ["Bool(", "Int(", "Number(", "Choice(", "Choices(", "Text(", "Date(", "Span(", "Claim(", "Entity(", "Relation(", "Value(", "put_aside: ["]
    {
        assert!(all.contains(value), "{value}");
    }
}

#[test]
fn new_golden_files_are_made_when_they_are_asked_for() {
    let Some(name) = std::env::var_os("MANICULE_MAKE_GOLDEN") else {
        assert!(SHAPES.iter().all(|shape| folder::root(shape).is_dir()), "the golden files are there");
        return;
    };
    make::make(&folder::root(name.to_str().unwrap()));
}
