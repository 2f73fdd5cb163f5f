//! Find in the text.

use eframe::egui::{Key, Modifiers};

use crate::desk::Desk;

#[test]
fn hits_are_walked_both_ways_and_round() {
    let mut desk = Desk::open_text("Stone. stone. Stone. Ruins.");
    desk.ctrl(Key::F);
    desk.type_focused("stone");
    assert!(desk.has("1 of 3"));
    desk.keys(&[Key::Enter]);
    assert!(desk.has("1 of 3"), "the first is gone to before the second");
    assert_eq!(desk.app().selected_bytes(), Some(0..5));
    desk.keys(&[Key::Enter]);
    assert!(desk.has("2 of 3"));
    desk.keys(&[Key::F3]);
    assert!(desk.has("3 of 3"));
    assert_eq!(desk.app().selected_bytes(), Some(14..19), "the hit is selected");
    desk.keys(&[Key::F3]);
    assert!(desk.has("1 of 3"), "round and round");
    desk.key(Key::F3, Modifiers::SHIFT);
    assert!(desk.has("3 of 3"));
    desk.click_button("Previous hit");
    assert!(desk.has("2 of 3"));
    desk.click_button("Next hit");
    assert!(desk.has("3 of 3"));
}

#[test]
fn case_matters_when_it_is_asked_for() {
    let mut desk = Desk::open_text("Stone. stone. STONE. Straße. STRASSE.");
    desk.menu("Edit", "Find in article…");
    desk.type_focused("Stone");
    assert!(desk.has("of 3"));
    desk.click("Match case");
    assert!(desk.has("1 of 1"));
    desk.click("Match case");
    assert!(desk.has("of 3"));
}

#[test]
fn a_hit_can_be_labelled_and_out_of_sight_is_shown() {
    let long: String = (0..300).map(|i| format!("Paragraph {i} says something.\n")).collect();
    let mut desk = Desk::open_text(&format!("{long}Here is the Needle at last.\n"));
    desk.ctrl(Key::F);
    desk.type_focused("needle");
    desk.keys(&[Key::Enter]);
    assert!(desk.app().place_on_screen(desk.find("Needle").start, desk.find("Needle").end).is_some());
    desk.keys(&[Key::Escape]);
    desk.keys(&[Key::P]);
    assert_eq!(desk.marks(), ["PER: Needle"]);
}

#[test]
fn what_is_not_there_is_said() {
    let mut desk = Desk::open();
    desk.ctrl(Key::F);
    desk.type_focused("zebra");
    assert!(desk.has("No hits"));
    desk.keys(&[Key::F3]);
    assert!(desk.has("“zebra” is not in this article"));
}
