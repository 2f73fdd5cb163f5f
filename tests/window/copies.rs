//! Save as, and the trash.

use eframe::egui::{Key, Modifiers};
use egui_kittest::kittest::Queryable;

use crate::desk::Desk;

#[test]
fn save_as_copies_and_goes_on_with_the_copy() {
    let mut desk = Desk::open();
    desk.drag_over("Ada Stone");
    desk.keys(&[Key::P]);
    let old = desk.app().workspace().unwrap().dir().to_owned();
    let old_id = desk.app().workspace().unwrap().state().project.id;
    let copy = desk.folder.path().join("the copy");
    desk.menu("File", "Save project as…");
    desk.refill("Folder (new or empty)", copy.to_str().unwrap());
    desk.click_button("Save copy");
    let workspace = desk.app().workspace().unwrap();
    assert_eq!(workspace.dir(), copy);
    assert_ne!(workspace.state().project.id, old_id, "the copy has an id of its own");
    assert_eq!(desk.marks(), ["PER: Ada Stone"]);
    desk.drag_over("Noor Ali");
    desk.keys(&[Key::P]);
    let folder = desk.close();
    let desk = Desk::start(folder, vec![old], Vec::new());
    assert_eq!(desk.marks(), ["PER: Ada Stone"], "the original has what it had");
}

#[test]
fn save_as_never_overwrites() {
    let mut desk = Desk::open();
    let full = desk.folder.path().join("full");
    std::fs::create_dir(&full).unwrap();
    std::fs::write(full.join("mine.txt"), "mine").unwrap();
    let old = desk.app().workspace().unwrap().dir().to_owned();
    desk.key(Key::S, Modifiers::COMMAND.plus(Modifiers::SHIFT));
    desk.refill("Folder (new or empty)", full.to_str().unwrap());
    desk.click_button("Save copy");
    assert!(desk.has("is not empty; choose a new or empty folder"));
    assert_eq!(desk.app().workspace().unwrap().dir(), old);
    assert_eq!(std::fs::read_dir(&full).unwrap().count(), 1);
}

#[test]
fn save_as_by_the_desktops_dialog() {
    let folder = tempfile::tempdir().unwrap();
    let project = folder.path().join("study");
    crate::desk::make_project(&project, &[crate::desk::ARTICLE], folder.path());
    let picks = vec![folder.path().to_owned()];
    let mut desk = Desk::start(folder, vec![project], picks);
    desk.menu("File", "Save project as…");
    desk.click_button("Browse…");
    desk.click_button("Save copy");
    assert_eq!(desk.app().workspace().unwrap().dir(), desk.folder.path().join("copy"));
}

#[test]
fn a_document_is_deleted_from_the_list_and_taken_back() {
    let mut desk = Desk::open_texts(&["Alpha text one.", "Beta text two."]);
    desk.harness.get_by_label("Beta text two.").click_secondary();
    desk.rest();
    desk.click_button("Delete document");
    assert_eq!(desk.titles(), ["Alpha text one."]);
    assert!(desk.app().shown_text().unwrap().starts_with("Alpha"), "the shown one stays");
    desk.ctrl(Key::Z);
    assert_eq!(desk.titles().len(), 2, "undo takes it back");
    desk.harness.get_by_label("Beta text two.").click_secondary();
    desk.rest();
    desk.click_button("Delete document");
    desk.ctrl(Key::S);
    let mut desk = desk.reopen();
    assert_eq!(desk.titles(), ["Alpha text one."]);
    desk.menu("Document", "Trash…");
    assert!(desk.has("Beta text two."));
    desk.click_button("Take back");
    desk.keys(&[Key::Escape]);
    assert_eq!(desk.titles().len(), 2);
    assert!(desk.app().shown_text().unwrap().starts_with("Beta"));
}
