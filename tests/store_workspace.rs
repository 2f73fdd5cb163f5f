//! A project on disk: what is done stays done, and nothing else changes.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::string_slice)]

#[path = "support/project.rs"]
mod project;

use manicule::edit::Transaction;
use manicule::model::SheetKey;
use manicule::workspace::SaveState;
use project::{TestProject, add_span, span_edit};

#[test]
fn what_was_saved_is_there_after_reopening() {
    let project = TestProject::new();
    let mut workspace = project.create();
    let document = project::add_document(&mut workspace, "Kerry to Lavrov", "Kerry met Lavrov.\r\nBoth\u{a0}left");
    let key = SheetKey::new(&document, workspace.coder());
    add_span(&mut workspace, &key, 0, 5, "PER");
    assert!(matches!(workspace.save_state(), SaveState::Saving | SaveState::Journalled));
    workspace.checkpoint_now().unwrap();
    assert_eq!(workspace.save_state(), SaveState::Saved);
    let state = workspace.state().clone();
    workspace.close().unwrap();

    let opened = project.open();
    let mut workspace = opened.workspace;
    assert_eq!(opened.findings, []);
    assert_eq!(opened.recovered, 0);
    assert_eq!(workspace.load(&key).unwrap(), []);
    assert!(*workspace.state() == state);
    assert_eq!(workspace.state().texts[&document].as_str(), "Kerry met Lavrov.\r\nBoth\u{a0}left");
}

#[test]
fn what_was_not_saved_comes_back_from_the_journal() {
    let project = TestProject::new();
    let mut workspace = project.create();
    let document = project::add_document(&mut workspace, "a", "Kerry met Lavrov");
    let key = SheetKey::new(&document, workspace.coder());
    add_span(&mut workspace, &key, 0, 5, "PER");
    let state = workspace.state().clone();
    drop(workspace);
    let opened = project.open();
    assert_eq!(opened.findings, []);
    assert_eq!(opened.recovered, 2);
    assert!(*opened.workspace.state() == state);
}

#[test]
fn undo_and_redo_survive_a_restart() {
    let project = TestProject::new();
    let mut workspace = project.create();
    let document = project::add_document(&mut workspace, "a", "Kerry met Lavrov");
    let key = SheetKey::new(&document, workspace.coder());
    let mut states = vec![workspace.state().clone()];
    for (start, end) in [(0, 5), (6, 9), (10, 16)] {
        add_span(&mut workspace, &key, start, end, "PER");
        states.push(workspace.state().clone());
    }
    workspace.undo().unwrap().unwrap();
    workspace.close().unwrap();

    let mut workspace = project.open().workspace;
    assert_eq!((workspace.history().undo_len(), workspace.history().redo_len()), (3, 1));
    workspace.redo().unwrap().unwrap();
    assert!(*workspace.state() == states[3]);
    for state in states[..3].iter().rev() {
        workspace.undo().unwrap().unwrap();
        assert!(workspace.state() == state);
    }
    workspace.close().unwrap();
    let mut workspace = project.open().workspace;
    for state in &states[1..] {
        workspace.redo().unwrap().unwrap();
        assert!(workspace.state() == state);
    }
    assert!(workspace.redo().unwrap().is_none());
}

/// Labels three words in two articles as one step, after one that stands alone.
fn answer_three(workspace: &mut manicule::workspace::Workspace) -> [SheetKey; 2] {
    let keys = ["a", "b"].map(|title| SheetKey::new(&project::add_document(workspace, title, "Kerry met Lavrov"), workspace.coder()));
    add_span(workspace, &keys[0], 6, 9, "ORG");
    for (i, (key, start, end)) in [(&keys[0], 0, 5), (&keys[1], 0, 5), (&keys[0], 10, 16)].into_iter().enumerate() {
        let edit = span_edit(workspace, key, start, end, "PER");
        let transaction = Transaction::new(format!("label {} places", i + 1), vec![edit]);
        if i == 0 { workspace.apply(transaction) } else { workspace.apply_joined(transaction) }.unwrap();
    }
    keys
}

#[test]
fn a_run_of_answers_is_one_step_and_each_survives_a_restart() {
    for checkpoint in [false, true] {
        let project = TestProject::new();
        let mut workspace = project.create();
        let keys = answer_three(&mut workspace);
        let labelled = workspace.state().clone();
        if checkpoint {
            workspace.checkpoint_now().unwrap();
        }
        drop(workspace);

        let mut opened = project.open();
        assert_eq!((opened.findings.len(), opened.recovered), (0, if checkpoint { 0 } else { 6 }));
        keys.iter().for_each(|key| drop(opened.workspace.load(key).unwrap()));
        let mut workspace = opened.workspace;
        assert!(*workspace.state() == labelled);
        assert_eq!((workspace.history().undo_len(), workspace.next_undo().unwrap().unwrap().name.as_str()), (4, "label 3 places"));
        workspace.undo().unwrap().unwrap();
        let spans = |workspace: &manicule::workspace::Workspace| keys.each_ref().map(|key| workspace.state().sheet(key).spans.len());
        assert_eq!(spans(&workspace), [1, 0], "all three at once, the one before stays");
        drop(workspace);

        let mut workspace = project.open().workspace;
        assert_eq!((workspace.history().undo_len(), workspace.history().redo_len()), (3, 1));
        workspace.redo().unwrap().unwrap();
        assert!(*workspace.state() == labelled);
        let edit = span_edit(&mut workspace, &keys[1], 6, 9, "ORG");
        workspace.apply_joined(Transaction::new("label", vec![edit])).unwrap();
        assert_eq!(workspace.history().undo_len(), 5, "after a redo it is a step of its own");
        workspace.undo().unwrap();
        workspace.undo().unwrap();
        assert_eq!(spans(&workspace), [1, 0]);
    }
}
