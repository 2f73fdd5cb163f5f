//! Every key can be changed, is kept for the user, and a clash is visible.

use eframe::egui::Key;
use manicule::store::{Places, Preferences};

use crate::desk::Desk;

#[test]
fn a_key_is_changed_kept_and_put_back() {
    let mut desk = Desk::open();
    desk.menu("Help", "Change keys…");
    desk.fill("Find a command or a key", "next mark");
    desk.click("Change the key of Next mark");
    desk.keys(&[Key::F9]);
    desk.click_button("Close");
    desk.drag_over("Ada Stone");
    desk.keys(&[Key::P, Key::Enter, Key::Escape, Key::Escape]);
    desk.ctrl(Key::Home);
    desk.keys(&[Key::Period]);
    assert_eq!(desk.app().selected_mark(), None, "the old key does nothing");
    desk.keys(&[Key::F9]);
    assert!(desk.app().selected_mark().is_some());
    let saved = Preferences::load(&Places::under(desk.folder.path())).0;
    assert_eq!(saved.keys["next-mark"], ["F9"]);
    desk.menu("Help", "Change keys…");
    desk.fill("Find a command or a key", "next mark");
    desk.click("Put back the key of Next mark");
    desk.click_button("Close");
    desk.keys(&[Key::Escape, Key::Escape, Key::Period]);
    assert!(desk.app().selected_mark().is_some());
}

#[test]
fn the_palette_finds_labels_roles_and_attributes() {
    let mut desk = Desk::open();
    desk.drag_over("It is safe");
    desk.ctrl(Key::K);
    desk.type_focused("label claim");
    desk.keys(&[Key::Enter]);
    assert_eq!(desk.marks(), ["CLAIM: It is safe"]);
    desk.ctrl(Key::K);
    desk.type_focused("set check");
    desk.keys(&[Key::Enter]);
    assert_eq!(desk.value("check_worthy"), Some("yes".into()));
}
