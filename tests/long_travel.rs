//! Undo and redo of long steps, worked out beside the window's thread: what they do is what undo and redo do.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::string_slice)]

#[path = "support/project.rs"]
mod project;

use manicule::edit::Transaction;
use manicule::model::SheetKey;
use manicule::progress::{CancelToken, Progress};
use manicule::workspace::{PreparedTravel, Travel, Workspace};
use project::{TestProject, add_document, add_span, span_edit};

const SPANS: u32 = 4000;

/// Two documents with a step of many spans over both.
fn labelled(project: &TestProject) -> (Workspace, [SheetKey; 2]) {
    let mut workspace = project.create();
    let text = "Kerry met Lavrov in Vienna. ".repeat(SPANS as usize / 2);
    let keys = ["one", "two"].map(|title| {
        let id = add_document(&mut workspace, title, &text);
        SheetKey::new(&id, workspace.coder())
    });
    keys.iter().for_each(|key| drop(workspace.load(key).unwrap()));
    let edits = (0..SPANS).map(|number| span_edit(&mut workspace, &keys[(number % 2) as usize], number / 2 * 28, number / 2 * 28 + 5, "PER"));
    let edits = edits.collect();
    workspace.apply(Transaction::new("many", edits)).unwrap();
    (workspace, keys)
}

fn prepare(workspace: &Workspace, travel: Travel) -> PreparedTravel {
    workspace.long_travel(travel).expect("it is long").run((&Progress::new(), &CancelToken::new())).unwrap()
}

fn spans(workspace: &Workspace, keys: &[SheetKey; 2]) -> usize {
    keys.iter().map(|key| workspace.state().sheet(key).spans.len()).sum()
}

#[test]
fn a_long_step_is_taken_back_and_brought_back_also_when_its_sheets_are_not_in_memory() {
    let project = TestProject::new();
    let (workspace, keys) = labelled(&project);
    workspace.close().unwrap();
    let mut workspace = project.open().workspace;
    let before = workspace.state().clone();
    let undo = prepare(&workspace, Travel::Undo);
    assert_eq!(*workspace.state(), before, "nothing is changed yet");
    assert_eq!(workspace.travel(undo).unwrap().unwrap().edits.len(), SPANS as usize);
    assert_eq!((spans(&workspace, &keys), workspace.history().redo_len()), (0, 1));
    let redo = prepare(&workspace, Travel::Redo);
    workspace.travel(redo).unwrap();
    assert_eq!((spans(&workspace, &keys), workspace.history().redo_len()), (SPANS as usize, 0));
    let undo = prepare(&workspace, Travel::Undo);
    workspace.travel(undo).unwrap();
    drop(workspace);
    let mut workspace = project.open().workspace;
    keys.iter().for_each(|key| drop(workspace.load(key).unwrap()));
    assert_eq!(spans(&workspace, &keys), 0, "it is in the journal");
}

/// What is loaded or let go while a step is worked out stays as it is, and what others changed meanwhile is not written over.
#[test]
fn only_what_the_step_changed_is_taken_over() {
    let project = TestProject::new();
    let (mut workspace, keys) = labelled(&project);
    let other = SheetKey::new(&add_document(&mut workspace, "three", "Kerry again."), workspace.coder());
    drop(workspace.load(&other).unwrap());
    let before = workspace.state().clone();
    let edits = (0..SPANS).map(|number| span_edit(&mut workspace, &keys[0], number * 14, number * 14 + 3, "ORG")).collect();
    workspace.apply(Transaction::new("more", edits)).unwrap();
    workspace.checkpoint_now().unwrap();
    let undo = prepare(&workspace, Travel::Undo);
    let revision = workspace.state().sheet_revision(&keys[0]);
    workspace.unload(&other.document);
    workspace.travel(undo).unwrap();
    assert!(!workspace.is_loaded(&other) && !workspace.state().texts.contains_key(&other.document));
    assert_eq!(*workspace.state(), before);
    assert!(workspace.state().sheet_revision(&keys[0]) > revision, "it is seen");
    let redo = prepare(&workspace, Travel::Redo);
    // The sheet was let go and read again since: it may have been changed by others.
    workspace.checkpoint_now().unwrap();
    workspace.unload(&keys[0].document);
    workspace.travel(redo).unwrap();
    assert_eq!(spans(&workspace, &keys), 2 * SPANS as usize);
    workspace.close().unwrap();
    let mut workspace = project.open().workspace;
    keys.iter().for_each(|key| drop(workspace.load(key).unwrap()));
    assert_eq!(spans(&workspace, &keys), 2 * SPANS as usize);
}

#[test]
fn what_was_worked_out_for_other_data_is_worked_out_anew() {
    let project = TestProject::new();
    let (mut workspace, keys) = labelled(&project);
    let undo = prepare(&workspace, Travel::Undo);
    add_span(&mut workspace, &keys[0], 6, 9, "ORG");
    assert_eq!(workspace.travel(undo).unwrap().unwrap().edits.len(), 1, "the last step is another one by now");
    assert_eq!(spans(&workspace, &keys), SPANS as usize);
    assert!(workspace.long_travel(Travel::Redo).is_none(), "one span is quick");
    let stop = CancelToken::new();
    stop.cancel();
    let stopped = workspace.long_travel(Travel::Undo).unwrap().run((&Progress::new(), &stop));
    assert!(stopped.is_err());
    assert_eq!(spans(&workspace, &keys), SPANS as usize);
}
