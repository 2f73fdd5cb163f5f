//! The list of documents, the fields of many, and corrections of the text.

use eframe::egui::{Key, Modifiers, Role};
use egui_kittest::kittest::{NodeT, Queryable};

use crate::desk::Desk;

const TEXTS: [&str; 4] = ["Alpha rises\nAda said so.", "Beta falls\nBea said so.", "Gamma stays\nCleo said so.", "Delta goes\nDan said so."];

/// The rows of the list, from top to bottom.
fn rows(desk: &Desk) -> Vec<String> {
    let rows = desk.harness.query_all_by_role(Role::ListBoxOption).filter(|row| row.rect().left() < 200.0);
    rows.filter_map(|row| row.accesskit_node().label()).collect()
}

fn alt(desk: &mut Desk, key: Key) {
    desk.key(key, Modifiers::ALT);
}

fn sources(desk: &Desk) -> Vec<String> {
    let state = desk.app().workspace().unwrap().state();
    let mut rows: Vec<_> = state.present_documents().map(|(_, document)| (document.title.clone(), document.source.clone())).collect();
    rows.sort();
    rows.into_iter().map(|(_, source)| source).collect()
}

#[test]
fn documents_are_filtered_by_status_and_the_next_one_to_do_is_one_key_away() {
    let mut desk = Desk::open_texts(&TEXTS);
    assert_eq!(rows(&desk), ["Alpha rises", "Beta falls", "Delta goes", "Gamma stays"]);
    desk.click_row("Beta falls");
    desk.ctrl(Key::D);
    assert!(desk.has("1 of 4 done"));
    desk.click_row("Alpha rises");
    alt(&mut desk, Key::N);
    assert!(desk.app().shown_text().unwrap().starts_with("Delta"), "what is done is passed over");
    desk.click_button("Filter");
    desk.harness.get_by_role_and_label(Role::CheckBox, "Done").click();
    desk.rest();
    desk.keys(&[Key::Escape]);
    // What is shown stays in the list while it is shown.
    assert_eq!(rows(&desk), ["Beta falls", "Delta goes"]);
    desk.click_row("Beta falls");
    assert_eq!(rows(&desk), ["Beta falls"]);
    alt(&mut desk, Key::N);
    assert!(desk.has("No other document of the list is left to do"));
    desk.click_button("Done ✕");
    assert_eq!(rows(&desk).len(), 4);
    for title in ["Alpha rises", "Delta goes", "Gamma stays"] {
        desk.click_row(title);
        desk.ctrl(Key::D);
    }
    assert!(desk.has("4 of 4 done"));
    alt(&mut desk, Key::N);
    assert!(desk.has("No other document of the list is left to do"));
}

#[test]
fn documents_are_ordered_by_their_marks_and_what_is_typed_finds_them() {
    let mut desk = Desk::open_texts(&TEXTS);
    desk.click_row("Gamma stays");
    desk.drag_over("Cleo");
    desk.keys(&[Key::L]);
    desk.click_button("Sort");
    desk.click("Number of marks");
    assert_eq!(rows(&desk)[0], "Gamma stays");
    desk.fill("Filter documents", "A RISES");
    assert_eq!(rows(&desk), ["Alpha rises"]);
}

#[test]
fn the_fields_of_chosen_documents_change_where_they_are_touched_and_in_one_step() {
    let mut desk = Desk::open_texts(&TEXTS);
    desk.click_row("Alpha rises");
    let at = desk.harness_row("Beta falls");
    desk.clicks_at(at, 1, Modifiers::COMMAND);
    assert!(desk.has("2 chosen"));
    let at = desk.harness_row("Gamma stays");
    desk.clicks_at(at, 1, Modifiers::SHIFT);
    assert!(desk.has("3 chosen"), "from the last one on");
    desk.keys(&[Key::F2]);
    assert!(desk.has("Fields of 3 documents"));
    desk.fill("Source", "Daily Post");
    desk.click("Change all");
    assert_eq!(sources(&desk), ["", "Daily Post", "Daily Post", "Daily Post"]);
    assert_eq!(desk.titles()[0], "Alpha rises", "what was not touched stays");
    desk.ctrl(Key::Z);
    assert_eq!(sources(&desk), ["", "", "", ""]);
    desk.ctrl(Key::A);
    assert!(desk.has("4 chosen"));
    desk.keys(&[Key::Escape]);
    assert!(!desk.has("4 chosen"));
}

#[test]
fn fields_come_from_the_names_of_files_after_a_look() {
    let mut desk = Desk::open();
    let names = ["2016-05-17_Daily Post_Mayor_opens.txt", "2016-05-18_Mail_Strike.txt", "notes.txt"];
    let paths: Vec<_> = names.iter().map(|name| desk.file(name, format!("Text of {name}."))).collect();
    desk.drop_files(&paths);
    desk.menu("Document", "Fields from file names…");
    assert!(desk.has("2 names fit"));
    assert!(desk.has("1 name does not fit"));
    assert!(desk.has("1 document has no file name"));
    desk.refill("Pattern", "{date}{source}");
    assert!(desk.has("put something between {date} and {source}"));
    desk.refill("Pattern", "{date}_{source}_{title}");
    desk.click("Take the fields");
    assert!(desk.has("2 documents were changed"));
    assert!(desk.titles().contains(&"Mayor opens".to_owned()), "{:?}", desk.titles());
    desk.ctrl(Key::Z);
    assert!(!desk.titles().contains(&"Mayor opens".to_owned()));
}

#[test]
fn words_are_corrected_after_a_look_and_in_one_step() {
    let mut desk = Desk::open_texts(&["Kery met Lavrov. Kery left.\n\nThe end."]);
    desk.drag_over("Lavrov");
    desk.keys(&[Key::L]);
    desk.keys(&[Key::Escape]);
    desk.drag_over("Kery");
    desk.keys(&[Key::L]);
    assert_eq!(desk.marks(), ["LOC: Kery", "LOC: Lavrov"]);
    desk.keys(&[Key::Escape]);
    desk.drag_over("Kery");
    desk.ctrl(Key::H);
    desk.refill("Words as they should be", "Kerry");
    assert!(desk.has("1 mark keeps its words"));
    assert!(desk.has("Kery → Kerry"));
    desk.click("Correct");
    assert_eq!(desk.app().shown_text().unwrap(), "Kerry met Lavrov. Kery left.\n\nThe end.");
    assert_eq!(desk.marks(), ["LOC: Kerry", "LOC: Lavrov"]);
    assert!(desk.shows("Kerry met"), "the article shows the new words");
    desk.ctrl(Key::Z);
    assert_eq!(desk.marks(), ["LOC: Kery", "LOC: Lavrov"]);
    assert!(desk.shows("Kery met"));
    desk.key(Key::Z, Modifiers::COMMAND | Modifiers::SHIFT);
    let desk = desk.reopen();
    assert_eq!(desk.app().shown_text().unwrap(), "Kerry met Lavrov. Kery left.\n\nThe end.");
    assert_eq!(desk.marks(), ["LOC: Kerry", "LOC: Lavrov"]);
}

#[test]
fn a_mark_that_would_lose_its_words_is_asked_about() {
    let mut desk = Desk::open_texts(&["Kery the old met Lavrov."]);
    desk.drag_over("old");
    desk.keys(&[Key::L]);
    desk.keys(&[Key::Escape]);
    desk.drag_over("the old ");
    desk.ctrl(Key::H);
    desk.refill("Words as they should be", " ");
    assert!(desk.has("Remove 1 mark that would lose all its words"));
    desk.click("Correct");
    assert_eq!(desk.marks(), ["LOC: old"], "not before it is confirmed");
    desk.click("Remove 1 mark that would lose all its words");
    desk.click("Correct");
    assert!(desk.marks().is_empty());
    desk.ctrl(Key::Z);
    assert_eq!(desk.marks(), ["LOC: old"]);
}
