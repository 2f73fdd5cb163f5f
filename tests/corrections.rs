//! A text is corrected on disk: every coder's places move with it, whenever their sheets come, and whatever happens on the way.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::string_slice)]

#[path = "support/project.rs"]
mod project;

use std::fs;
use std::time::SystemTime;

use manicule::edit::ops::{Emptied, OpError, TextCorrection, correct_text};
use manicule::model::{CoderKey, DocumentId, IdSource, Severity, SheetKey};
use manicule::progress::CancelToken;
use manicule::store::Places;
use manicule::store::layout::{Part, Shelf, document_path, sheet_path};
use manicule::text::replace::word_replacements;
use manicule::workspace::watch::Seen;
use manicule::workspace::{OpenOptions, Who, Workspace};
use project::{TestProject, add_document, add_span};

const TEXT: &str = "Kery met Lavrov.\r\nKery left.";

/// Replaces the first `old` by `new`, word by word.
fn plan(workspace: &mut Workspace, document: &DocumentId, old: &str, new: &str) -> Result<TextCorrection, OpError> {
    workspace.load_all_of(document).unwrap();
    let start = workspace.state().texts[document].as_str().find(old).unwrap();
    TextCorrection::new(workspace.state(), document, &word_replacements(old, new, start))
}

fn correct(workspace: &mut Workspace, document: &DocumentId, old: &str, new: &str) {
    let plan = plan(workspace, document, old, new).unwrap();
    let transaction = correct_text(workspace.state(), &plan, Emptied::Refuse).unwrap();
    workspace.apply(transaction).unwrap();
}

/// The words of all spans of a coder, in text order.
fn words(workspace: &mut Workspace, document: &DocumentId, coder: &str) -> Vec<String> {
    let key = SheetKey::new(document, &CoderKey::new(coder).unwrap());
    workspace.load(&key).unwrap();
    let mut ranges: Vec<_> = workspace.state().sheet(&key).spans.values().map(|span| span.ranges.clone()).collect();
    ranges.sort_by_key(|ranges| ranges.start());
    ranges.iter().map(|ranges| workspace.state().texts[document].quote(ranges)).collect()
}

/// Ann has labelled Lavrov and the second Kery, Bea Kery and Lavrov; both have closed.
fn two_coders() -> (TestProject, DocumentId) {
    let project = TestProject::new();
    let mut ann = project.create();
    let document = add_document(&mut ann, "a", TEXT);
    let key = SheetKey::new(&document, ann.coder());
    add_span(&mut ann, &key, 9, 15, "PER");
    add_span(&mut ann, &key, 18, 22, "PER");
    ann.close().unwrap();
    let mut bea = project.open_as("bea").workspace;
    let key = SheetKey::new(&document, bea.coder());
    add_span(&mut bea, &key, 0, 4, "PER");
    add_span(&mut bea, &key, 9, 15, "PER");
    bea.close().unwrap();
    (project, document)
}

fn text_file(project: &TestProject, document: &DocumentId) -> String {
    fs::read_to_string(project.path(&document_path(document, Part::Text, Shelf::Live))).unwrap()
}

#[test]
fn a_correction_moves_every_coder_s_places_and_is_one_step_that_survives_a_restart() {
    let (project, document) = two_coders();
    let mut ann = project.open().workspace;
    correct(&mut ann, &document, "Kery", "Kerry");
    correct(&mut ann, &document, "Kery left", "Kerry has left");
    let corrected = "Kerry met Lavrov.\r\nKerry has left.";
    let check = |workspace: &mut Workspace| {
        assert_eq!(words(workspace, &document, "ann"), ["Lavrov", "Kerry"]);
        assert_eq!(words(workspace, &document, "bea"), ["Kerry", "Lavrov"]);
        assert_eq!(workspace.state().texts[&document].as_str(), corrected);
    };
    check(&mut ann);
    // Killed before the files were written: the journal knows.
    drop(ann);
    assert_eq!(text_file(&project, &document), TEXT);
    let opened = project.open();
    assert_eq!((opened.findings.len(), opened.recovered), (0, 2));
    let mut ann = opened.workspace;
    check(&mut ann);
    ann.close().unwrap();
    assert_eq!(text_file(&project, &document), corrected);
    let mut bea = project.open_as("bea");
    assert_eq!(bea.findings, []);
    check(&mut bea.workspace);
    bea.workspace.close().unwrap();

    let mut ann = project.open().workspace;
    ann.undo().unwrap().unwrap();
    ann.undo().unwrap().unwrap();
    assert_eq!(words(&mut ann, &document, "bea"), ["Kery", "Lavrov"]);
    ann.close().unwrap();
    assert_eq!(text_file(&project, &document), TEXT);
    let mut opened = project.open();
    assert_eq!(opened.findings, []);
    assert_eq!(words(&mut opened.workspace, &document, "ann"), ["Lavrov", "Kery"]);
    assert!(opened.workspace.state().documents[&document].corrections.is_empty());
    opened.workspace.redo().unwrap().unwrap();
    opened.workspace.redo().unwrap().unwrap();
    check(&mut opened.workspace);
}

#[test]
fn a_sheet_that_comes_late_moves_with_its_words() {
    let (project, document) = two_coders();
    let late = project.path(&sheet_path(&SheetKey::new(&document, &CoderKey::new("bea").unwrap()), Shelf::Live));
    // “Kery” is there twice: by its quote alone nobody could tell which.
    let content = fs::read_to_string(&late).unwrap();
    let mut ann = project.open().workspace;
    correct(&mut ann, &document, "met Lavrov", "had met Lavrov");
    correct(&mut ann, &document, "Kery", "Kerry");
    correct(&mut ann, &document, "Kery left", "Kerry left");
    ann.close().unwrap();
    fs::write(&late, content).unwrap();

    let mut opened = project.open_as("bea");
    let key = SheetKey::new(&document, opened.workspace.coder());
    let findings = opened.workspace.load(&key).unwrap();
    assert!(findings.iter().any(|finding| finding.rule == "corrected-text" && finding.severity == Severity::Note), "{findings:#?}");
    assert!(findings.iter().all(|finding| ["corrected-text", "changed-outside"].contains(&finding.rule)), "{findings:#?}");
    assert_eq!(words(&mut opened.workspace, &document, "bea"), ["Kerry", "Lavrov"]);
    let key = SheetKey::new(&document, opened.workspace.coder());
    add_span(&mut opened.workspace, &key, 6, 9, "ORG");
    opened.workspace.close().unwrap();
    let mut again = project.open_as("bea").workspace;
    assert_eq!(again.load(&key).unwrap(), []);
    assert_eq!(words(&mut again, &document, "bea"), ["Kerry", "had", "Lavrov"]);
}

#[test]
fn words_of_a_late_sheet_that_are_gone_are_put_aside_and_not_lost() {
    let (project, document) = two_coders();
    let late = project.path(&sheet_path(&SheetKey::new(&document, &CoderKey::new("bea").unwrap()), Shelf::Live));
    let content = fs::read_to_string(&late).unwrap();
    let mut ann = project.open().workspace;
    ann.load_all_of(&document).unwrap();
    let plan = plan(&mut ann, &document, "met Lavrov", "met").unwrap();
    assert_eq!(plan.emptied(), 2, "one of each coder");
    assert_eq!(correct_text(ann.state(), &plan, Emptied::Refuse), Err(OpError::WouldEmpty(2)));
    let transaction = correct_text(ann.state(), &plan, Emptied::Remove).unwrap();
    ann.apply(transaction).unwrap();
    assert_eq!(words(&mut ann, &document, "bea"), ["Kery"]);
    ann.close().unwrap();
    fs::write(&late, &content).unwrap();
    let key = SheetKey::new(&document, &CoderKey::new("bea").unwrap());
    // On another machine, which has never seen the sheet; and again once it was saved there.
    let places = Places::under(&project.root.path().join("other"));
    for rewritten in [false, true] {
        let options = OpenOptions { ids: IdSource::seeded(3), ..OpenOptions::read_write(Who::Named("bea".into())) };
        let mut bea = Workspace::open(&project.dir(), options, &places).unwrap().workspace;
        let findings = bea.load(&key).unwrap();
        let aside: Vec<_> = findings.iter().filter(|finding| finding.rule == "corrected-away").collect();
        assert!(aside.len() == 1 && aside[0].message.contains("Lavrov"), "{rewritten} {findings:#?}");
        if !rewritten {
            assert_eq!(words(&mut bea, &document, "bea"), ["Kery"]);
            add_span(&mut bea, &key, 10, 14, "PER");
        }
        bea.close().unwrap();
    }
    assert!(fs::read_to_string(&late).unwrap().contains("Lavrov"));
}

#[test]
fn a_window_that_is_open_takes_the_correction_in() {
    let (project, document) = two_coders();
    let opened = SystemTime::now();
    let mut bea = project.open_as("bea").workspace;
    assert_eq!(words(&mut bea, &document, "bea"), ["Kery", "Lavrov"]);
    let mut ann = project.open().workspace;
    correct(&mut ann, &document, "Kery", "Kerry");
    ann.close().unwrap();

    let watched = bea.watch(Seen::since(opened)).run(&CancelToken::new()).unwrap();
    assert_eq!(bea.take_in(&watched), []);
    assert_eq!(bea.state().texts[&document].as_str(), "Kerry met Lavrov.\r\nKery left.");
    assert_eq!(words(&mut bea, &document, "bea"), ["Kerry", "Lavrov"]);
    let key = SheetKey::new(&document, bea.coder());
    add_span(&mut bea, &key, 19, 23, "PER");
    bea.close().unwrap();
    let opened = project.open();
    assert_eq!(opened.findings, []);
    let mut ann = opened.workspace;
    assert_eq!(words(&mut ann, &document, "bea"), ["Kerry", "Lavrov", "Kery"]);
    assert_eq!(words(&mut ann, &document, "ann"), ["Lavrov", "Kery"]);
}

#[test]
fn work_that_is_not_saved_yet_moves_with_a_correction_of_somebody_else() {
    let (project, document) = two_coders();
    let mut bea = project.open_as("bea").workspace;
    let key = SheetKey::new(&document, bea.coder());
    bea.load(&key).unwrap();
    add_span(&mut bea, &key, 18, 22, "PER");
    let mut ann = project.open().workspace;
    correct(&mut ann, &document, "Kery", "Kerry");
    ann.close().unwrap();
    bea.close().unwrap();
    let opened = project.open();
    assert_eq!(opened.findings, []);
    let mut ann = opened.workspace;
    assert_eq!(words(&mut ann, &document, "bea"), ["Kerry", "Lavrov", "Kery"]);
}

#[test]
fn work_that_is_only_in_a_journal_moves_with_a_correction_of_somebody_else() {
    let (project, document) = two_coders();
    let mut bea = project.open_as("bea").workspace;
    let key = SheetKey::new(&document, bea.coder());
    bea.load(&key).unwrap();
    add_span(&mut bea, &key, 18, 22, "PER");
    // Killed before it was saved.
    drop(bea);
    let mut ann = project.open().workspace;
    correct(&mut ann, &document, "Kery", "Kerry");
    ann.close().unwrap();
    let opened = project.open_as("bea");
    assert_eq!((opened.findings.len(), opened.recovered), (0, 1));
    let mut bea = opened.workspace;
    assert_eq!(words(&mut bea, &document, "bea"), ["Kerry", "Lavrov", "Kery"]);
    bea.undo().unwrap().unwrap();
    assert_eq!(words(&mut bea, &document, "bea"), ["Kerry", "Lavrov"]);
    bea.redo().unwrap().unwrap();
    assert_eq!(words(&mut bea, &document, "bea"), ["Kerry", "Lavrov", "Kery"]);
}

#[test]
fn a_step_from_before_somebody_else_s_correction_is_brought_back_at_its_words() {
    let (project, document) = two_coders();
    let mut bea = project.open_as("bea").workspace;
    let key = SheetKey::new(&document, bea.coder());
    bea.load(&key).unwrap();
    add_span(&mut bea, &key, 18, 22, "PER");
    bea.undo().unwrap().unwrap();
    bea.close().unwrap();
    let mut ann = project.open().workspace;
    correct(&mut ann, &document, "Kery", "Kerry");
    ann.close().unwrap();
    let mut bea = project.open_as("bea").workspace;
    bea.redo().unwrap().unwrap();
    assert_eq!(words(&mut bea, &document, "bea"), ["Kerry", "Lavrov", "Kery"]);
}

#[test]
fn undo_moves_what_came_after_the_correction() {
    let (project, document) = two_coders();
    let mut ann = project.open().workspace;
    correct(&mut ann, &document, "Kery", "Kerry");
    ann.checkpoint_now().unwrap();
    let mut bea = project.open_as("bea").workspace;
    let key = SheetKey::new(&document, bea.coder());
    bea.load(&key).unwrap();
    add_span(&mut bea, &key, 19, 23, "PER");
    bea.close().unwrap();
    ann.close().unwrap();
    let mut ann = project.open().workspace;
    ann.undo().unwrap().unwrap();
    assert_eq!(words(&mut ann, &document, "bea"), ["Kery", "Lavrov", "Kery"]);
    ann.close().unwrap();
    let opened = project.open_as("bea");
    assert_eq!(opened.findings, []);
    let mut bea = opened.workspace;
    assert_eq!(words(&mut bea, &document, "bea"), ["Kery", "Lavrov", "Kery"]);
}

#[test]
fn a_document_may_go_to_the_trash_in_the_same_save() {
    let (project, document) = two_coders();
    let mut ann = project.open().workspace;
    correct(&mut ann, &document, "Kery", "Kerry");
    let trash = manicule::edit::ops::trash_document(ann.state(), &document).unwrap();
    ann.apply(trash).unwrap();
    ann.close().unwrap();
    assert!(!project.path(&document_path(&document, Part::Text, Shelf::Live)).exists());
    let opened = project.open();
    assert_eq!(opened.findings, []);
    let mut ann = opened.workspace;
    assert_eq!(words(&mut ann, &document, "bea"), ["Kerry", "Lavrov"]);
    ann.undo().unwrap().unwrap();
    ann.undo().unwrap().unwrap();
    ann.close().unwrap();
    assert_eq!(text_file(&project, &document), TEXT);
    assert!(!project.path(&document_path(&document, Part::Text, Shelf::Trash)).exists());
}

#[test]
fn a_text_that_was_changed_outside_is_neither_corrected_nor_overwritten() {
    let (project, document) = two_coders();
    let path = project.path(&document_path(&document, Part::Text, Shelf::Live));
    // Changed while it is open: the save asks, and nothing is overwritten.
    let mut ann = project.open().workspace;
    correct(&mut ann, &document, "Kery", "Kerry");
    fs::write(&path, "Somebody wrote this.").unwrap();
    let error = ann.checkpoint_now().unwrap_err().to_string();
    assert!(error.contains(".txt"), "{error}");
    assert_eq!(text_file(&project, &document), "Somebody wrote this.");
    ann.keep_mine().unwrap();
    ann.close().unwrap();
    assert_eq!(text_file(&project, &document), "Kerry met Lavrov.\r\nKery left.");
    // Changed and taken for good: the correction is refused, because nobody knows what the places mean.
    let project = TestProject::new();
    let mut ann = project.create();
    let document = add_document(&mut ann, "b", TEXT);
    ann.close().unwrap();
    let path = document_path(&document, Part::Text, Shelf::Live);
    fs::write(project.path(&path), "Kery wrote this.").unwrap();
    let mut ann = project.open().workspace;
    ann.accept_outside([path.as_str()]).unwrap();
    let error = plan(&mut ann, &document, "Kery", "Kerry").unwrap_err();
    assert_eq!(error, OpError::TextDiffers);
}
