//! Templates with their examples, codebooks from files, guidelines beside the text.

use std::fs;

use eframe::egui::Key;

use crate::desk::Desk;

const CONF: &str = "[entities]\nPerson\nPlace\n[relations]\nLives-in\tArg1:Person, Arg2:Place\n[options]\nTokens\ttokenizer:x\n";

fn labels(desk: &Desk) -> Vec<String> {
    let schema = &desk.app().workspace().unwrap().state().schema;
    schema.offered_labels().into_iter().map(|(key, _)| key.to_string()).collect()
}

#[test]
fn a_new_project_shows_what_each_codebook_is_for_and_takes_its_guidelines() {
    let mut desk = Desk::empty();
    desk.menu("File", "New project…");
    assert!(desk.has("Who is mentioned, and who claims what") && desk.has("Example: Kestrel Bridge to close for a week"));
    desk.click("Argument: claims and premises");
    assert!(desk.has("How an article argues") && desk.has("Example: The old market hall should stay"));
    let dir = desk.folder.path().join("argument");
    desk.refill("Folder (new or empty)", dir.to_str().unwrap());
    desk.click_button("Create");
    assert_eq!(labels(&desk), ["MAJOR", "CLAIM", "PREMISE"]);
    assert!(desk.titles().is_empty());
    assert!(fs::read_to_string(dir.join("guidelines.md")).unwrap().starts_with("# Argument\n"));
}

#[test]
fn a_new_project_can_begin_with_the_example() {
    let mut desk = Desk::empty();
    desk.menu("File", "New project…");
    desk.click("Entity framing (SemEval-2025)");
    desk.click("Begin with this example as first article");
    let dir = desk.folder.path().join("framing").to_str().unwrap().to_owned();
    desk.refill("Folder (new or empty)", &dir);
    desk.click_button("Create");
    assert_eq!(desk.marks().len(), 4);
    assert_eq!(desk.app().workspace().unwrap().state().entities.len(), 4);
    desk.ctrl(Key::Z);
    assert!(desk.titles().is_empty(), "one step to undo");
}

#[test]
fn a_codebook_of_brat_is_taken_over_after_a_look_and_undone_in_one_step() {
    let mut desk = Desk::open();
    desk.drag_over("Ada Stone");
    desk.keys(&[Key::P]);
    let before = labels(&desk);
    let file = desk.file("annotation.conf", CONF);
    desk.menu("File", "Import codebook…");
    desk.fill("File or folder", file.to_str().unwrap());
    desk.click_button("Look at it");
    assert!(desk.has("2 added") || desk.has("3 added"), "two labels and a relation");
    assert!(desk.has("1 use") && desk.has("retired") && desk.has("taken out"), "Person is used, the rest is not");
    assert!(desk.has("to know about the file are listed below"));
    assert_eq!(labels(&desk), before, "nothing happens before it is asked for");
    desk.click("Add: what the file does not have stays as it is");
    assert!(!desk.has("taken out,") && desk.has("added"));
    desk.click("Replace: what the file does not have goes, or is retired where it is used");
    desk.click_button("Take over");
    assert_eq!(labels(&desk), ["Person", "Place"]);
    assert_eq!(desk.marks(), ["PER: Ada Stone"], "what is said stays");
    desk.ctrl(Key::Z);
    assert_eq!(labels(&desk), before);
}

#[test]
fn a_file_that_is_no_codebook_is_refused_with_the_reason() {
    let mut desk = Desk::open();
    let file = desk.file("bad.ron", "(format: 1, name: 7)");
    desk.menu("File", "Import codebook…");
    desk.fill("File or folder", file.to_str().unwrap());
    desk.click_button("Look at it");
    assert!(desk.has("bad.ron: the codebook cannot be read: line 1"));
}

#[test]
fn the_codebook_is_exported_as_a_file() {
    let mut desk = Desk::open();
    let file = desk.folder.path().join("mine.ron");
    desk.menu("File", "Export codebook…");
    desk.refill("Write to", file.to_str().unwrap());
    desk.click_button("Export");
    assert!(desk.has("Written to"));
    let schema = fs::read_to_string(desk.folder.path().join("study/schema.ron")).unwrap();
    assert_eq!(fs::read_to_string(file).unwrap(), schema);
}

#[test]
fn guidelines_are_read_beside_the_text_and_written_there() {
    let mut desk = Desk::open();
    desk.keys(&[Key::F9]);
    assert!(desk.has("There are no guidelines yet"));
    desk.click_button("Edit guidelines");
    desk.type_focused("# Rules\n\nMark names only.");
    assert_eq!(desk.marks().len(), 0, "letters are silent while somebody writes");
    desk.click_button("Save guidelines");
    let path = desk.folder.path().join("study/guidelines.md");
    assert_eq!(fs::read_to_string(&path).unwrap(), "# Rules\n\nMark names only.");
    assert!(desk.has("Mark names only.") && desk.has("Edit guidelines"));
    // Labelling goes on while they are shown.
    desk.drag_over("Ada Stone");
    desk.keys(&[Key::P]);
    assert!(desk.has("Mark names only."));
    desk.keys(&[Key::F9]);
    assert!(!desk.has("Mark names only."));
}

#[test]
fn guidelines_that_somebody_else_saved_meanwhile_are_not_overwritten() {
    let mut desk = Desk::open();
    let path = desk.folder.path().join("study/guidelines.md");
    desk.keys(&[Key::F9]);
    desk.click_button("Edit guidelines");
    desk.type_focused("Mine");
    fs::write(&path, "Theirs").unwrap();
    desk.click_button("Save guidelines");
    assert!(desk.has("guidelines.md was changed by another program"));
    assert_eq!(fs::read_to_string(&path).unwrap(), "Theirs");
    desk.keys(&[Key::Escape]);
    assert!(desk.has("Discard changes"), "what was written is still there");
}

#[test]
fn what_is_written_in_the_guidelines_survives_the_closing_of_the_window() {
    let mut desk = Desk::open();
    desk.keys(&[Key::F9]);
    desk.click_button("Edit guidelines");
    desk.type_focused("Half a sentence");
    let folder = desk.close();
    assert_eq!(fs::read_to_string(folder.path().join("study/guidelines.md")).unwrap(), "Half a sentence");
}
