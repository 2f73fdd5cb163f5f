//! The same work without a mouse.

use eframe::egui::{Key, Modifiers};

use egui_kittest::kittest::Queryable;

use crate::desk::Desk;

const SHIFT: Modifiers = Modifiers::SHIFT;
const CTRL_SHIFT: Modifiers = Modifiers::COMMAND.plus(Modifiers::SHIFT);

impl Desk {
    /// Walks the caret to a string by words.
    fn walk_to(&mut self, needle: &str) {
        let target = self.find(needle).start;
        self.ctrl(Key::Home);
        while self.app().caret_offset().unwrap() < target {
            let before = self.app().caret_offset();
            self.key(Key::ArrowRight, Modifiers::NONE);
            assert_ne!(self.app().caret_offset(), before, "the caret moves");
        }
    }
}

#[test]
fn caret_selection_and_label_by_key() {
    let mut desk = Desk::open();
    desk.walk_to("Ada");
    desk.key(Key::ArrowRight, CTRL_SHIFT);
    desk.key(Key::ArrowRight, CTRL_SHIFT);
    desk.keys(&[Key::P]);
    assert_eq!(desk.marks(), ["PER: Ada Stone"]);
}

#[test]
fn claim_key_takes_the_sentence_and_entity_keys_the_word() {
    let mut desk = Desk::open();
    desk.walk_to("Noor");
    desk.keys(&[Key::P]);
    desk.key(Key::ArrowRight, Modifiers::NONE);
    desk.keys(&[Key::C]);
    assert_eq!(desk.marks()[1], "PER: Noor");
    assert!(desk.marks()[0].starts_with("CLAIM: Critics of the city council"), "{:?}", desk.marks());
}

#[test]
fn plus_adds_the_selection_to_the_last_mark() {
    let mut desk = Desk::open();
    desk.walk_to("It is safe");
    for _ in 0..3 {
        desk.key(Key::ArrowRight, CTRL_SHIFT);
    }
    desk.keys(&[Key::C]);
    desk.walk_to("It will");
    for _ in 0..3 {
        desk.key(Key::ArrowRight, CTRL_SHIFT);
    }
    desk.keys(&[Key::Plus]);
    assert_eq!(desk.marks(), ["CLAIM: It is safe … It will last"]);
}

#[test]
fn a_picked_edge_moves_by_character_and_word() {
    let mut desk = Desk::open();
    desk.walk_to("Ada");
    desk.keys(&[Key::P, Key::CloseBracket]);
    desk.key(Key::ArrowRight, Modifiers::COMMAND);
    assert_eq!(desk.marks(), ["PER: Ada Stone"]);
    desk.keys(&[Key::ArrowLeft]);
    assert_eq!(desk.marks(), ["PER: Ada Ston"]);
    desk.keys(&[Key::OpenBracket]);
    desk.key(Key::ArrowLeft, Modifiers::COMMAND);
    assert_eq!(desk.marks(), ["PER: Mayor Ada Ston"]);
    desk.keys(&[Key::Escape, Key::ArrowLeft]);
    assert_eq!(desk.marks(), ["PER: Mayor Ada Ston"], "Escape lets go of the edge");
}

#[test]
fn sentences_paragraphs_and_rows_are_walked() {
    let mut desk = Desk::open();
    desk.ctrl(Key::Home);
    desk.key(Key::ArrowDown, Modifiers::COMMAND);
    desk.key(Key::ArrowDown, Modifiers::COMMAND);
    assert_eq!(desk.app().caret_offset(), Some(desk.find_nth("Mayor", 1).start));
    desk.key(Key::ArrowRight, Modifiers::ALT);
    assert_eq!(desk.app().caret_offset(), Some(desk.find("\"It is").start));
    desk.key(Key::ArrowLeft, Modifiers::ALT);
    assert_eq!(desk.app().caret_offset(), Some(desk.find_nth("Mayor", 1).start));
    desk.key(Key::End, SHIFT);
    let row = desk.app().selected_bytes().unwrap();
    assert_eq!(row.start, desk.find_nth("Mayor", 1).start);
    assert!(row.end > row.start + 20);
    desk.keys(&[Key::ArrowRight, Key::ArrowDown, Key::ArrowUp]);
    desk.ctrl(Key::End);
    assert_eq!(desk.app().caret_offset(), Some(desk.app().shown_text().unwrap().len()));
}

#[test]
fn marks_are_walked_and_cycled() {
    let mut desk = Desk::open();
    desk.walk_to("Ada");
    desk.keys(&[Key::P]);
    desk.walk_to("Ada");
    desk.keys(&[Key::C]);
    let claim = desk.app().selected_mark();
    desk.keys(&[Key::Escape]);
    desk.walk_to("Ada");
    desk.keys(&[Key::Semicolon]);
    let first = desk.app().selected_mark();
    desk.keys(&[Key::Semicolon]);
    let second = desk.app().selected_mark();
    assert_ne!(first, second);
    assert!([first, second].contains(&claim));
    desk.ctrl(Key::Home);
    desk.keys(&[Key::Period]);
    assert_eq!(desk.app().selected_mark(), claim, "the claim starts first");
    desk.keys(&[Key::Period]);
    assert_ne!(desk.app().selected_mark(), claim);
    desk.keys(&[Key::Comma]);
    assert_eq!(desk.app().selected_mark(), claim);
}

#[test]
fn letters_are_silent_while_typing() {
    let mut desk = Desk::open();
    desk.harness.get_by_label("Note on the document").focus();
    desk.rest();
    desk.type_focused("people copy text");
    desk.keys(&[Key::P, Key::C, Key::Delete, Key::Escape]);
    assert!(desk.marks().is_empty());
    assert_eq!(desk.app().shown_sheet().unwrap().info.note, "people copy text");
}

#[test]
fn escape_closes_a_menu_and_nothing_below() {
    let mut desk = Desk::open();
    desk.drag_over("Ada Stone");
    desk.keys(&[Key::P]);
    let selected = desk.app().selected_mark();
    assert!(selected.is_some());
    desk.click_button("File");
    assert!(desk.has("Export codebook…"));
    desk.keys(&[Key::Escape]);
    assert!(!desk.has("Export codebook…"));
    assert_eq!(desk.app().selected_mark(), selected);
}
