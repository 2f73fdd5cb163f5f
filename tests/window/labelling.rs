//! Labelling by mouse.

use eframe::egui::{Key, Modifiers, vec2};

use crate::desk::Desk;

#[test]
fn double_click_and_a_key_label_a_word() {
    let mut desk = Desk::open();
    desk.clicks_at(desk.letter("Ada"), 2, Modifiers::NONE);
    desk.keys(&[Key::P]);
    assert_eq!(desk.marks(), ["PER: Ada"]);
    assert!(desk.has("Person: Ada"), "the mark has an accessible name");
}

#[test]
fn triple_click_takes_the_sentence() {
    let mut desk = Desk::open();
    desk.clicks_at(desk.letter("opened"), 3, Modifiers::NONE);
    desk.keys(&[Key::C]);
    assert_eq!(desk.marks(), ["CLAIM: Mayor Ada Stone opened the Harbour Bridge on Monday"]);
}

#[test]
fn drag_snaps_to_words_and_a_click_labels() {
    let mut desk = Desk::open();
    desk.drag_over("da Stone opened"); // begins inside "Ada"
    desk.click("P Person");
    assert_eq!(desk.marks(), ["PER: Ada Stone opened"]);
}

#[test]
fn snapping_and_trimming_can_be_switched_off() {
    let mut desk = Desk::open();
    desk.click("Snap");
    desk.click("Trim");
    desk.drag_over("da Stone ");
    desk.keys(&[Key::P]);
    assert_eq!(desk.marks(), ["PER: da Stone "]);
}

#[test]
fn a_locked_label_needs_only_a_selection() {
    let mut desk = Desk::open();
    let person = desk.harness_place("P Person");
    desk.clicks_at(person, 1, Modifiers::COMMAND);
    desk.drag_over("Ada Stone");
    desk.drag_over("Noor Ali");
    assert_eq!(desk.marks(), ["PER: Ada Stone", "PER: Noor Ali"]);
    desk.ctrl(Key::L);
    desk.drag_over("Daily Post");
    assert_eq!(desk.marks().len(), 2, "unlocked again");
}

#[test]
fn ctrl_drag_adds_a_range_to_the_selected_claim() {
    let mut desk = Desk::open();
    desk.drag_over("It is safe");
    desk.keys(&[Key::C]);
    desk.drag_over_with("It will last a hundred years", Modifiers::COMMAND);
    assert_eq!(desk.marks(), ["CLAIM: It is safe … It will last a hundred years"]);
}

#[test]
fn another_key_changes_the_label_and_delete_deletes() {
    let mut desk = Desk::open();
    desk.drag_over("Harbour Bridge");
    desk.keys(&[Key::L]);
    let id = desk.app().selected_mark();
    desk.keys(&[Key::F]);
    assert_eq!(desk.marks(), ["FAC: Harbour Bridge"]);
    assert_eq!(desk.app().selected_mark(), id, "the id survives");
    desk.keys(&[Key::Delete]);
    assert!(desk.marks().is_empty());
}

#[test]
fn an_edge_is_dragged_and_the_note_survives() {
    let mut desk = Desk::open();
    desk.drag_over("Ada Stone");
    desk.keys(&[Key::P]);
    desk.type_into("Note", "the mayor");
    desk.click_at(desk.letter("Stone opened"));
    let id = desk.app().selected_mark().unwrap();
    let edge = desk.app().place_on_screen(desk.find("Ada Stone").start, desk.find("Ada").end).unwrap();
    let mayor = desk.app().place_on_screen(desk.find_nth("Mayor", 1).start, desk.find_nth("Mayor", 1).start + 1).unwrap();
    desk.drag(edge.left_center(), mayor.left_center() + vec2(1.0, 0.0), Modifiers::NONE);
    assert_eq!(desk.marks(), ["PER: Mayor Ada Stone"]);
    assert_eq!(desk.app().selected_mark(), Some(id));
    let manicule::model::MarkId::Span(span) = id else { panic!("a span") };
    assert_eq!(desk.app().shown_sheet().unwrap().spans[&span].note(), "the mayor");
}

#[test]
fn several_marks_under_the_pointer_are_offered() {
    let mut desk = Desk::open();
    desk.drag_over("Mayor Ada Stone opened the Harbour Bridge on Monday");
    desk.keys(&[Key::C]);
    desk.drag_over("Harbour Bridge");
    desk.keys(&[Key::F]);
    desk.keys(&[Key::Escape]);
    desk.click_at(desk.letter("Bridge on"));
    assert!(matches!(desk.app().selected_mark(), Some(manicule::model::MarkId::Span(_))), "the shortest is taken");
    desk.click("Claim: Mayor Ada Stone opened the Harbour Bridge on Monday");
    assert!(matches!(desk.app().selected_mark(), Some(manicule::model::MarkId::Claim(_))));
}
