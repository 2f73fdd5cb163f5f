//! Label once: the queue of all occurrences, and the search over the project.

use eframe::egui::{Key, Modifiers};

use crate::desk::Desk;

const CTRL_SHIFT: Modifiers = Modifiers::COMMAND.plus(Modifiers::SHIFT);

#[test]
fn a_hundred_places_take_at_most_a_hundred_and_ten_keys_and_one_undo() {
    let text = format!("Ada Stone spoke.\n\n{}Adamant people listened.\n", "Then Ada Stone waited for the bridge to open.\n".repeat(100));
    let mut desk = Desk::open_text(&text);
    desk.drag_over("Ada Stone");
    desk.keys(&[Key::P, Key::Enter]);
    let before = desk.pressed;
    desk.key(Key::L, CTRL_SHIFT);
    for _ in 0..100 {
        desk.keys(&[Key::Y]);
    }
    assert!(desk.pressed - before <= 110);
    let spans = &desk.app().shown_sheet().unwrap().spans;
    assert_eq!(spans.len(), 101);
    assert!(spans.values().all(|span| span.entity == spans.values().next().unwrap().entity), "all mean the same");
    desk.keys(&[Key::Escape]);
    desk.ctrl(Key::Z);
    assert_eq!(desk.app().shown_sheet().unwrap().spans.len(), 1, "one step");
    desk.key(Key::Z, CTRL_SHIFT);
    assert_eq!(desk.app().shown_sheet().unwrap().spans.len(), 101);
}

#[test]
fn answers_are_yes_no_later_back_and_all() {
    let mut desk = Desk::open_text("Stone one. Stone two. Stone three. Stone four. Stonework. Stone five.\n");
    desk.drag_over("Stone one");
    desk.keys(&[Key::Escape]);
    desk.drag_over("Stone");
    desk.keys(&[Key::P]);
    desk.key(Key::L, CTRL_SHIFT);
    assert!(desk.has("4 places left"), "no part of a word");
    desk.keys(&[Key::N]);
    desk.keys(&[Key::Y, Key::Backspace]);
    assert_eq!(desk.marks().len(), 1, "taken back");
    desk.keys(&[Key::S, Key::A]);
    assert_eq!(desk.marks(), ["PER: Stone", "PER: Stone", "PER: Stone"]);
    desk.keys(&[Key::Escape]);
    desk.click_at(desk.letter("Stone one"));
    desk.key(Key::L, CTRL_SHIFT);
    assert!(desk.has("1 place left"), "the one that was skipped; the other is remembered as something else");
}

#[test]
fn the_names_of_the_entity_are_looked_for_in_the_whole_project() {
    let mut desk =
        Desk::open_texts(&["Ada Stone spoke. Mayor Stone left.\n", "Critics say Mayor Stone lied. Ada Stone denies.\n", "Nothing here.\n"]);
    desk.open_document_titled("Ada Stone spoke. Mayor Stone left.");
    desk.drag_over("Ada Stone");
    desk.keys(&[Key::P, Key::Enter]);
    desk.menu("Entity", "Show entity");
    desk.type_into("Other names, one a line", "Mayor Stone");
    desk.click_at(desk.letter("Ada"));
    desk.key(Key::L, Modifiers::COMMAND | Modifiers::ALT);
    assert!(desk.has("3 places left"));
    desk.keys(&[Key::A]);
    desk.rest();
    let state = desk.app().workspace().unwrap().state();
    assert_eq!(state.sheets.values().map(|sheet| sheet.spans.len()).sum::<usize>(), 4);
    desk.keys(&[Key::Escape]);
    desk.ctrl(Key::Z);
    let state = desk.app().workspace().unwrap().state();
    assert_eq!(state.sheets.values().map(|sheet| sheet.spans.len()).sum::<usize>(), 1, "one step over documents");
}

#[test]
fn a_search_shows_words_in_context_sorts_and_labels() {
    let mut desk = Desk::open_texts(&["The blue bridge fell.\n", "A bridge stood.\n"]);
    desk.key(Key::F, CTRL_SHIFT);
    desk.type_focused("bridge");
    assert!(desk.has("2 places left"));
    desk.keys(&[Key::Enter]);
    desk.click("Sort by the words before the place");
    desk.keys(&[Key::F]);
    desk.keys(&[Key::F]);
    let state = desk.app().workspace().unwrap().state();
    assert_eq!(state.sheets.values().map(|sheet| sheet.spans.len()).sum::<usize>(), 2, "a label's key labels the place in hand");
}

#[test]
fn a_line_leads_to_its_document() {
    let mut desk = Desk::open_texts(&["The blue bridge fell.\n", "A bridge stood.\n"]);
    desk.key(Key::F, CTRL_SHIFT);
    desk.type_focused("bridge stood");
    desk.click_row("A bridge stood. ");
    assert_eq!(desk.app().shown_text().unwrap(), "A bridge stood.\n");
    assert_eq!(desk.app().selected_bytes(), Some(2..14));
}

#[test]
fn an_undo_asks_again_and_another_change_ends_the_run() {
    let mut desk = Desk::open_text("Stone one. Stone two. Stone three. Stone four.\n");
    desk.drag_over("Stone one");
    desk.keys(&[Key::Escape]);
    desk.drag_over("Stone");
    desk.keys(&[Key::P]);
    desk.key(Key::L, CTRL_SHIFT);
    desk.keys(&[Key::Y, Key::Y]);
    assert!(desk.has("1 place left"));
    desk.ctrl(Key::Z);
    assert!(desk.has("3 places left"), "what was taken back is asked again");
    desk.keys(&[Key::Y]);
    desk.type_into("Note on the document", "who?");
    assert!(desk.has("2 places left"), "a note changes no answer");
    desk.keys(&[Key::Y]);
    desk.ctrl(Key::Z);
    assert_eq!(desk.marks().len(), 2, "only what came after the note");
    desk.ctrl(Key::Z);
    assert_eq!(desk.marks().len(), 2, "the note is a step of its own");
    desk.ctrl(Key::Z);
    assert_eq!(desk.marks().len(), 1);
}
