//! Undo and redo of long steps, worked out beside the window's thread: what they do is what undo and redo do.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::string_slice)]

#[path = "support/project.rs"]
mod project;

use manicule::edit::Transaction;
use manicule::edit::ops::{Emptied, TextCorrection, correct_text};
use manicule::model::SheetKey;
use manicule::progress::CancelToken;
use manicule::text::Replacement;
use manicule::workspace::{PreparedTravel, Travel, Travelling, Workspace, WorkspaceError};
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

/// A long step of one part, worked out.
fn prepare(workspace: &Workspace, travel: Travel) -> (Travelling, PreparedTravel) {
    let (mut job, travelling) = workspace.long_travel(travel).expect("it is long");
    let prepared = job.next_part(&CancelToken::new()).unwrap().unwrap();
    assert!(job.next_part(&CancelToken::new()).is_none(), "it has one part");
    (travelling, prepared)
}

fn apply(workspace: &mut Workspace, (mut travelling, prepared): (Travelling, PreparedTravel)) -> Result<usize, WorkspaceError> {
    travelling.apply(workspace, prepared).map(|applied| applied.map_or(0, |applied| applied.edits.len()))
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
    assert_eq!(apply(&mut workspace, undo).unwrap(), SPANS as usize);
    assert_eq!((spans(&workspace, &keys), workspace.history().redo_len()), (0, 1));
    let redo = prepare(&workspace, Travel::Redo);
    apply(&mut workspace, redo).unwrap();
    assert_eq!((spans(&workspace, &keys), workspace.history().redo_len()), (SPANS as usize, 0));
    let undo = prepare(&workspace, Travel::Undo);
    apply(&mut workspace, undo).unwrap();
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
    apply(&mut workspace, undo).unwrap();
    assert!(!workspace.is_loaded(&other) && !workspace.state().texts.contains_key(&other.document));
    assert_eq!(*workspace.state(), before);
    assert!(workspace.state().sheet_revision(&keys[0]) > revision, "it is seen");
    let redo = prepare(&workspace, Travel::Redo);
    // The sheet was let go and read again since: it may have been changed by others.
    workspace.checkpoint_now().unwrap();
    workspace.unload(&keys[0].document);
    apply(&mut workspace, redo).unwrap();
    assert_eq!(spans(&workspace, &keys), 2 * SPANS as usize);
    workspace.close().unwrap();
    let mut workspace = project.open().workspace;
    keys.iter().for_each(|key| drop(workspace.load(key).unwrap()));
    assert_eq!(spans(&workspace, &keys), 2 * SPANS as usize);
}

#[test]
fn what_was_worked_out_before_something_else_was_done_is_not_applied() {
    let project = TestProject::new();
    let (mut workspace, keys) = labelled(&project);
    let undo = prepare(&workspace, Travel::Undo);
    add_span(&mut workspace, &keys[0], 6, 9, "ORG");
    assert!(matches!(apply(&mut workspace, undo), Err(WorkspaceError::OtherStep)), "the last step is another one by now");
    assert_eq!(spans(&workspace, &keys), SPANS as usize + 1);
    workspace.undo().unwrap();
    assert!(workspace.long_travel(Travel::Redo).is_none(), "one span is quick");
    let stop = CancelToken::new();
    stop.cancel();
    assert!(workspace.long_travel(Travel::Undo).unwrap().0.next_part(&stop).unwrap().is_err());
    assert_eq!(spans(&workspace, &keys), SPANS as usize);
}

/// A step of four parts over both documents, the last ones large.
fn labelled_by_parts(project: &TestProject) -> (Workspace, [SheetKey; 2]) {
    let (mut workspace, keys) = labelled(project);
    for part in 0..4 {
        let rows = if part < 2 { 200 } else { SPANS / 2 };
        let places = (0..rows).map(|number| ((number % 2) as usize, number / 2 * 28 + 6 + part));
        let edits = places.map(|(document, start)| span_edit(&mut workspace, &keys[document], start, start + 3, "ORG")).collect();
        let transaction = Transaction::new(format!("part {part}"), edits);
        if part == 0 { workspace.apply(transaction) } else { workspace.apply_joined(transaction) }.unwrap();
    }
    workspace.checkpoint_now().unwrap();
    (workspace, keys)
}

/// What is there after each part.
fn travel_by_parts(workspace: &mut Workspace, keys: &[SheetKey; 2], travel: Travel, parts: usize) -> Vec<usize> {
    let (mut job, mut travelling) = workspace.long_travel(travel).expect("it is long");
    let mut seen = Vec::new();
    while let Some(prepared) = job.next_part(&CancelToken::new()).filter(|_| seen.len() < parts) {
        travelling.apply(workspace, prepared.unwrap()).unwrap();
        seen.push(spans(workspace, keys));
        workspace.checkpoint_now().unwrap();
        travelling.leaving().let_go_while(workspace, |_| false, || true);
        keys.iter().for_each(|key| drop(workspace.load(key).unwrap()));
    }
    seen
}

/// The history is whole after each part, also for the next one who opens the project.
#[test]
fn a_step_of_parts_is_taken_back_and_brought_back_part_by_part() {
    let project = TestProject::new();
    let (workspace, keys) = labelled_by_parts(&project);
    let (whole, before) = (workspace.state().clone(), SPANS as usize);
    let half = before / 2;
    let lens = |workspace: &Workspace| (workspace.history().undo_len(), workspace.history().redo_len());
    let reopened = |workspace: Workspace| {
        drop(workspace);
        let mut workspace = project.open().workspace;
        keys.iter().for_each(|key| drop(workspace.load(key).unwrap()));
        workspace
    };
    let mut workspace = reopened(workspace);
    let steps = lens(&workspace).0;
    assert_eq!(travel_by_parts(&mut workspace, &keys, Travel::Undo, 2), [before + 400 + half, before + 400]);
    assert_eq!(lens(&workspace), (steps, 1));
    let mut workspace = reopened(workspace);
    assert_eq!(lens(&workspace), (steps, 1));
    workspace.undo().unwrap();
    assert_eq!((spans(&workspace, &keys), lens(&workspace)), (before, (steps - 1, 1)), "the rest, as one step with what came before");
    let mut workspace = reopened(workspace);
    assert_eq!(travel_by_parts(&mut workspace, &keys, Travel::Redo, 3), [before + 200, before + 400, before + 400 + half]);
    let mut workspace = reopened(workspace);
    assert_eq!((spans(&workspace, &keys), lens(&workspace)), (before + 400 + half, (steps, 1)));
    workspace.redo().unwrap();
    assert_eq!((lens(&workspace), *workspace.state() == whole), ((steps, 0), true));
    let expected = [before + 400 + half, before + 400, before + 200, before];
    assert_eq!(travel_by_parts(&mut workspace, &keys, Travel::Undo, 9), expected);
    let mut workspace = reopened(workspace);
    assert_eq!((spans(&workspace, &keys), lens(&workspace)), (before, (steps - 1, 1)));
    assert_eq!(travel_by_parts(&mut workspace, &keys, Travel::Redo, 9).last(), Some(&(before + 400 + 2 * half)));
    assert!(*workspace.state() == whole);
}

/// A text is corrected, and a table changed, while a step is on its way: its other parts are not taken back on a text that they are not of.
#[test]
fn what_is_done_between_two_parts_ends_the_step_there() {
    let project = TestProject::new();
    let (mut workspace, keys) = labelled_by_parts(&project);
    let all = spans(&workspace, &keys);
    let (mut job, mut travelling) = workspace.long_travel(Travel::Undo).unwrap();
    let mut next = |workspace: &mut Workspace| travelling.apply(workspace, job.next_part(&CancelToken::new()).unwrap().unwrap());
    next(&mut workspace).unwrap();
    let left = spans(&workspace, &keys);
    assert!(left < all);
    let plan = TextCorrection::new(workspace.state(), &keys[0].document, &[Replacement { start: 0, end: 5, with: "Kerri".into() }]).unwrap();
    let correction = correct_text(workspace.state(), &plan, Emptied::Refuse).unwrap();
    workspace.apply(correction).unwrap();
    assert!(matches!(next(&mut workspace), Err(WorkspaceError::OtherStep)));
    assert_eq!(spans(&workspace, &keys), left);
    assert_eq!(workspace.history().redo_len(), 0, "something new was done");
    workspace.undo().unwrap();
    assert_eq!(travel_by_parts(&mut workspace, &keys, Travel::Undo, 9).last(), Some(&(SPANS as usize)), "the parts that were left");
}

/// Quick answers by the thousand are one step of very many parts.
#[test]
fn a_step_of_many_small_parts_is_taken_back_at_once() {
    let project = TestProject::new();
    let (mut workspace, keys) = labelled(&project);
    let before = workspace.history().undo_len();
    for number in 0..3000 {
        let edit = span_edit(&mut workspace, &keys[(number % 2) as usize], number / 2 * 28, number / 2 * 28 + 5, "ORG");
        let transaction = Transaction::new("answer", vec![edit]);
        if number == 0 { workspace.apply(transaction) } else { workspace.apply_joined(transaction) }.unwrap();
    }
    for _ in 0..2 {
        assert_eq!((spans(&workspace, &keys), workspace.history().undo_len()), (SPANS as usize + 3000, before + 1));
        let undo = prepare(&workspace, Travel::Undo);
        assert_eq!(apply(&mut workspace, undo).unwrap(), 3000);
        assert_eq!((spans(&workspace, &keys), workspace.history().undo_len()), (SPANS as usize, before));
        let redo = prepare(&workspace, Travel::Redo);
        assert_eq!(apply(&mut workspace, redo).unwrap(), 3000);
        // And from the journal.
        drop(workspace);
        workspace = project.open().workspace;
        keys.iter().for_each(|key| drop(workspace.load(key).unwrap()));
    }
}
