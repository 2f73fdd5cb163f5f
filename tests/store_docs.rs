//! The project that the examples of `docs/file-format.md` make up opens without a finding and is saved as it is written.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::string_slice)]

#[path = "support/project.rs"]
mod project;

use std::collections::BTreeMap;
use std::fs;

use manicule::edit::{Change, Edit, Transaction};
use manicule::model::{Document, SheetKey};
use manicule::text::TextHash;
use project::TestProject;

const DOC: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/file-format.md");

/// The code blocks that name a file.
fn examples() -> BTreeMap<String, String> {
    let doc = fs::read_to_string(DOC).unwrap();
    let blocks = doc.split("\n```").skip(1).step_by(2);
    let named = blocks.filter_map(|block| block.split_once('\n').and_then(|(info, code)| Some((info.split_once(' ')?.1, code))));
    named.map(|(path, code)| (path.to_owned(), format!("{code}\n"))).collect()
}

#[test]
fn the_examples_of_the_documentation_are_a_project() {
    let project = TestProject::new();
    let examples = examples();
    assert_eq!(examples.len(), 7, "{:?}", examples.keys());
    let hash = TextHash::of(examples.iter().find(|(path, _)| path.ends_with(".txt")).unwrap().1);
    for (path, content) in &examples {
        fs::create_dir_all(project.path(path).parent().unwrap()).unwrap();
        fs::write(project.path(path), content.replace("TEXT_HASH", hash.as_str())).unwrap();
    }
    let opened = project.open();
    assert_eq!(opened.findings, []);
    let mut workspace = opened.workspace;
    let (dictionary, findings) = workspace.dictionaries().load("people").unwrap();
    assert_eq!((dictionary.to_tsv(), findings), (examples["dictionaries/people.tsv"].clone(), vec![]));
    let id = workspace.state().documents.keys().next().unwrap().clone();
    let key = SheetKey::new(&id, workspace.coder());
    assert_eq!(workspace.load(&key).unwrap(), []);
    assert_eq!(workspace.state().sheet(&key).claims.len(), 2);

    // Each file is touched in memory and compared: saving writes the very bytes of the documentation.
    let mut edits = Vec::new();
    let state = workspace.state();
    let mut info = state.project.clone();
    info.name.push('!');
    edits.push(Edit::Project(Change::replace((), state.project.clone(), info)));
    let mut schema = state.schema.info.clone();
    schema.name.push('!');
    edits.push(Edit::Schema(Change::replace((), state.schema.info.clone(), schema)));
    let (entity_id, entity) = state.entities.iter().next().unwrap();
    edits.push(Edit::Entity(Change::remove(*entity_id, entity.clone())));
    let document = state.document(&id).unwrap().clone();
    edits.push(Edit::Document(Change::replace(id.clone(), document.clone(), Document { title: "x".into(), ..document })));
    let mut sheet = state.sheet(&key).info.clone();
    sheet.note.push('!');
    edits.push(Edit::Sheet(key.clone(), Change::replace((), state.sheet(&key).info.clone(), sheet)));
    workspace.apply(Transaction::new("touch all", edits)).unwrap();
    workspace.checkpoint_now().unwrap();
    for path in examples.keys().filter(|path| path.ends_with(".ron")) {
        assert_ne!(fs::read_to_string(project.path(path)).unwrap(), examples[path].replace("TEXT_HASH", hash.as_str()), "{path}");
    }
    workspace.undo().unwrap();
    workspace.checkpoint_now().unwrap();
    for (path, content) in &examples {
        assert_eq!(fs::read_to_string(project.path(path)).unwrap(), content.replace("TEXT_HASH", hash.as_str()), "{path}");
    }
}
