//! Palette, keys, new projects.

use eframe::egui::Key;

use crate::desk::Desk;

#[test]
fn the_palette_runs_commands() {
    let mut desk = Desk::open();
    desk.ctrl(Key::K);
    desk.type_focused("done");
    desk.rest();
    desk.keys(&[Key::Enter]);
    assert_eq!(desk.app().shown_sheet().unwrap().info.status, manicule::model::Status::Done);
}

#[test]
fn the_cheat_sheet_lists_labels_and_commands() {
    let mut desk = Desk::open();
    desk.keys(&[Key::F1]);
    assert!(desk.has("Geo-political entity"));
    desk.keys(&[Key::Escape]);
    assert!(!desk.has("A label's letter comes before"));
}

#[test]
fn fields_are_edited() {
    let mut desk = Desk::open();
    desk.keys(&[Key::F2]);
    desk.type_into("Source", "Daily Post");
    desk.type_into("Date", "2016-05-17");
    desk.click("Keep");
    let workspace = desk.app().workspace().unwrap();
    let document = workspace.state().documents.values().next().unwrap();
    assert_eq!((document.source.as_str(), document.date.as_ref().unwrap().as_str()), ("Daily Post", "2016-05-17"));
}
