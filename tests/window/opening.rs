//! First start, opening, other windows.

use eframe::egui::Key;

use manicule::store::{Places, Preferences};

use crate::desk::{ARTICLE, Desk, make_project};

#[test]
fn the_first_start_asks_for_the_name_once() {
    let folder = tempfile::tempdir().unwrap();
    let project = folder.path().join("study");
    make_project(&project, &[ARTICLE], folder.path());
    let mut desk = Desk::start_anew(folder, vec![project], Vec::new());
    assert!(desk.has("Welcome to Manicule"));
    desk.type_focused("Zoe New");
    desk.rest();
    desk.click("Begin");
    assert!(desk.has("Who annotates here?"), "the project has a coder, and it is somebody else");
    desk.click("Begin as Zoe New");
    assert_eq!(desk.app().workspace().unwrap().coder().as_str(), "zoe-new");
    assert_eq!(desk.app().shown_text().unwrap(), ARTICLE);
    let desk = desk.reopen();
    assert!(!desk.has("Welcome to Manicule"));
}

#[test]
fn one_can_go_on_as_a_coder_of_the_project() {
    let folder = tempfile::tempdir().unwrap();
    let project = folder.path().join("study");
    make_project(&project, &[ARTICLE], folder.path());
    Preferences { coder_name: Some("Zoe New".to_owned()), ..Preferences::default() }.save(&Places::under(folder.path())).unwrap();
    let mut desk = Desk::start_anew(folder, vec![project], Vec::new());
    desk.click("Go on as Tess Coder");
    assert_eq!(desk.app().workspace().unwrap().coder().as_str(), "tess-coder");
    let desk = desk.reopen();
    assert_eq!(desk.app().workspace().unwrap().coder().as_str(), "tess-coder", "asked once");
}

#[test]
fn an_empty_start_says_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let desk = Desk::start(folder, Vec::new(), Vec::new());
    assert!(desk.has("No project is open"));
    assert!(desk.has("New project…"));
}

#[test]
fn a_second_window_of_the_same_coder_is_read_only() {
    let first = Desk::open();
    let project = first.folder.path().join("study");
    let other = tempfile::tempdir().unwrap();
    let mut second = Desk::start(other, vec![project], Vec::new());
    assert!(second.has("Read-only:"));
    second.drag_over("Ada Stone");
    second.keys(&[Key::P]);
    assert!(second.marks().is_empty());
    assert_eq!(second.app().shown_text().unwrap(), ARTICLE);
}
