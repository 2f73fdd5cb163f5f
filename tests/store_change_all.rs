//! Changes of the codebook that reach into the sheets of all documents: all or nothing, one step, and nothing is lost.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::string_slice)]

#[path = "support/project.rs"]
mod project;

use manicule::edit::ops::{self, LabelMerge};
use manicule::model::{Color, Label, LabelKey, LabelKind, SheetKey, State};
use manicule::progress::{CancelToken, Progress};
use manicule::workspace::{ChangeAllError, ChangeOfAll, Workspace};
use project::{TestProject, add_document, add_span, files};

const DOCUMENTS: usize = 12;

/// Documents with an organization in each, and a person in every second one; nothing is loaded.
fn project() -> (TestProject, Workspace, Vec<SheetKey>) {
    let project = TestProject::new();
    let mut workspace = project.create();
    let mut keys = Vec::new();
    for n in 0..DOCUMENTS {
        let document = add_document(&mut workspace, &format!("Article {n}"), "Kerry met Lavrov in Vienna");
        let key = SheetKey::new(&document, workspace.coder());
        add_span(&mut workspace, &key, 0, 5, "ORG");
        if n % 2 == 0 {
            add_span(&mut workspace, &key, 10, 16, "PER");
        }
        keys.push(key);
    }
    workspace.checkpoint_now().unwrap();
    workspace.close().unwrap();
    let workspace = project.open().workspace;
    assert!(keys.iter().all(|key| !workspace.is_loaded(key)));
    (project, workspace, keys)
}

fn label(key: &str) -> LabelKey {
    key.parse().unwrap()
}

fn merge(state: &State) -> LabelMerge {
    ops::merge_labels(state, &label("PER"), &[label("ORG")]).unwrap()
}

fn work_out(workspace: &Workspace, cancel: &CancelToken) -> Result<ChangeOfAll, ChangeAllError> {
    let merge = merge(workspace.state());
    let change = |state: &State, key: &SheetKey| merge.edits_of(key, state.sheet(key));
    workspace.change_all().run((merge.name.clone(), merge.tables.clone()), &change, (&Progress::new(), cancel))
}

/// How many spans have the label, in all documents.
fn count(workspace: &Workspace, key: &str) -> (usize, usize) {
    let label = label(key);
    let count = |sheet: &manicule::model::Sheet| sheet.spans.values().filter(|span| span.label == label).count();
    let uses = workspace.change_all().count(&count, (&Progress::new(), &CancelToken::new())).unwrap();
    (uses.rows, uses.documents)
}

#[test]
fn a_merge_of_labels_is_one_step_over_all_documents_and_survives_a_restart() {
    let (project, mut workspace, keys) = project();
    let before = files(&project.dir());
    assert_eq!((count(&workspace, "ORG"), count(&workspace, "PER")), ((12, 12), (6, 6)));
    let change = work_out(&workspace, &CancelToken::new()).unwrap();
    assert_eq!(change.documents(), DOCUMENTS);
    assert_eq!(workspace.apply_change(change).unwrap(), []);
    assert_eq!((count(&workspace, "ORG"), count(&workspace, "PER")), ((0, 0), (18, 12)));

    // Nothing was saved yet: the journal brings it back.
    drop(workspace);
    let mut workspace = project.open().workspace;
    assert_eq!(count(&workspace, "PER"), (18, 12));
    assert_eq!(workspace.state().schema.labels[&label("ORG")].replaced_by, Some(label("PER")));
    workspace.undo().unwrap().unwrap();
    assert_eq!((count(&workspace, "ORG"), count(&workspace, "PER")), ((12, 12), (6, 6)));
    workspace.checkpoint_now().unwrap();
    workspace.close().unwrap();
    assert_eq!(files(&project.dir()), before, "undone, every file is as it was, byte for byte");
    let workspace = project.open().workspace;
    assert!(keys.iter().all(|key| workspace.state().documents.contains_key(&key.document)));
}

#[test]
fn what_is_stopped_or_cannot_be_read_changes_nothing() {
    let (project, workspace, keys) = project();
    let cancel = CancelToken::new();
    cancel.cancel();
    assert!(matches!(work_out(&workspace, &cancel), Err(ChangeAllError::Cancelled)));
    let text = files(&project.dir()).into_keys().find(|path| path.contains(keys[3].document.as_str()) && path.ends_with(".txt")).unwrap();
    let state_dir = workspace.state_dir();
    std::fs::remove_file(project.path(&text)).unwrap();
    std::fs::remove_dir_all(state_dir.join("backups")).ok();
    match work_out(&workspace, &CancelToken::new()) {
        Err(ChangeAllError::Unreadable(error)) => assert!(error.to_string().contains(keys[3].document.as_str()), "{error}"),
        // A good copy was read instead.
        Ok(change) => assert_eq!(change.documents(), DOCUMENTS),
        Err(other) => panic!("{other}"),
    }
    assert_eq!(workspace.state().schema.labels[&label("ORG")].replaced_by, None);
}

#[test]
fn what_was_changed_meanwhile_is_not_overwritten() {
    let (_project, mut workspace, keys) = project();
    let change = work_out(&workspace, &CancelToken::new()).unwrap();
    workspace.load(&keys[5]).unwrap();
    let mark = workspace.state().sheet(&keys[5]).spans.keys().next().copied().unwrap();
    let deleted = ops::delete_mark(workspace.state(), &keys[5], manicule::model::MarkId::Span(mark)).unwrap();
    workspace.apply(deleted).unwrap();
    let state = workspace.state().clone();
    assert!(workspace.apply_change(change).is_err());
    assert!(state.schema == workspace.state().schema);
    assert_eq!(count(&workspace, "ORG"), (11, 11));
}

#[test]
fn a_codebook_edited_by_two_at_once_keeps_the_changes_of_both() {
    let (project, mut ann, _) = project();
    let mut bob = project.open_as("Bob").workspace;
    let change = |workspace: &mut Workspace, key: &str, change: &dyn Fn(&mut Label)| {
        let transaction = ops::edit_label(workspace.state(), &label(key), |row| change(row)).unwrap();
        workspace.apply(transaction).unwrap();
    };
    change(&mut ann, "PER", &|row| row.name = "Human".into());
    change(&mut bob, "PER", &|row| row.color = Color::from_palette(9));
    change(&mut bob, "ORG", &|row| row.name = "Body".into());
    let (new, added) = ops::add_label(bob.state(), "Vehicle", LabelKind::Entity).unwrap();
    bob.apply(added).unwrap();
    bob.checkpoint_now().unwrap();
    ann.checkpoint_now().unwrap();
    let check = |workspace: &Workspace| {
        let labels = &workspace.state().schema.labels;
        assert_eq!((labels[&label("PER")].name.as_str(), labels[&label("PER")].color), ("Human", Color::from_palette(9)));
        assert_eq!((labels[&label("ORG")].name.as_str(), labels[&new].name.as_str()), ("Body", "Vehicle"));
    };
    check(&ann);
    drop((ann, bob));
    let opened = project.open();
    assert_eq!(opened.findings, []);
    check(&opened.workspace);
}
