//! Undo, inspector, search, saving.

use eframe::egui::{Key, Modifiers, OutputCommand};
use manicule::model::{AttributeKey, AttributeValue, MarkId, Status};

use crate::desk::Desk;

#[test]
fn undo_and_redo_go_through_everything() {
    let mut desk = Desk::open();
    desk.drag_over("Ada Stone");
    desk.keys(&[Key::P]);
    desk.drag_over("Daily Post");
    desk.keys(&[Key::O]);
    desk.keys(&[Key::Delete]);
    assert_eq!(desk.marks(), ["PER: Ada Stone"]);
    desk.ctrl(Key::Z);
    assert_eq!(desk.marks(), ["PER: Ada Stone", "ORG: Daily Post"]);
    desk.ctrl(Key::Z);
    desk.ctrl(Key::Z);
    assert!(desk.marks().is_empty());
    desk.key(Key::Z, Modifiers::COMMAND.plus(Modifiers::SHIFT));
    desk.ctrl(Key::Y);
    assert_eq!(desk.marks(), ["PER: Ada Stone", "ORG: Daily Post"]);
}

#[test]
fn undo_opens_the_other_document() {
    let mut desk = Desk::open_texts(&["Alpha text one.", "Beta text two."]);
    assert!(desk.app().shown_text().unwrap().starts_with("Alpha"));
    desk.drag_over("Alpha");
    desk.keys(&[Key::O]);
    desk.click("Beta text two.");
    assert!(desk.app().shown_text().unwrap().starts_with("Beta"));
    desk.ctrl(Key::Z);
    assert!(desk.app().shown_text().unwrap().starts_with("Alpha"));
    assert!(desk.marks().is_empty());
}

#[test]
fn only_undo_out_of_sight_moves_the_view() {
    let long: String = (0..200).map(|i| format!("Paragraph {i} says something about town number {i}.\n")).collect();
    let mut desk = Desk::open_text(&long);
    desk.drag_over("town number 3");
    let place = desk.app().place();
    desk.keys(&[Key::L]);
    desk.keys(&[Key::Delete]);
    desk.ctrl(Key::Z);
    assert_eq!(desk.app().place(), place, "what is in sight stays where it is");
    desk.ctrl(Key::End);
    assert_ne!(desk.app().place(), place);
    desk.ctrl(Key::Z);
    let shown = desk.app().place_on_screen(desk.find("town number 3").start, desk.find("town number 3").end);
    assert!(shown.is_some(), "what is out of sight is brought into view");
}

#[test]
fn the_wheel_scrolls_by_what_it_turns() {
    let long: String = (0..300).map(|i| format!("Paragraph {i} says something.\n")).collect();
    let mut desk = Desk::open_text(&long);
    desk.harness.event(eframe::egui::Event::PointerMoved(desk.letter("Paragraph 5")));
    desk.rest();
    let before = desk.app().place_on_screen(desk.find("Paragraph 5 ").start, desk.find("Paragraph 5 ").end).unwrap();
    desk.wheel(100.0);
    let after = desk.app().place_on_screen(desk.find("Paragraph 5 ").start, desk.find("Paragraph 5 ").end).unwrap();
    assert!((before.top() - after.top() - 100.0).abs() < 1.0, "{before:?} {after:?}");
}

#[test]
fn the_inspector_sets_and_unsets_attributes() {
    let mut desk = Desk::open();
    desk.drag_over("It is safe");
    desk.keys(&[Key::C]);
    let Some(MarkId::Claim(id)) = desk.app().selected_mark() else { panic!("a claim") };
    let key = AttributeKey::new("check_worthy").unwrap();
    let value = |desk: &Desk| desk.app().shown_sheet().unwrap().claims[&id].attributes.get(&key).cloned();
    assert_eq!(value(&desk), None, "unset is not no");
    desk.click("Check-worthy: no");
    assert_eq!(value(&desk), Some(AttributeValue::Bool(false)));
    desk.click("Check-worthy: unset");
    assert_eq!(value(&desk), None);
    desk.type_into("In the coder's words", "The bridge is safe.");
    assert_eq!(desk.app().shown_sheet().unwrap().claims[&id].normalized, "The bridge is safe.");
}

#[test]
fn the_lists_jump() {
    let mut desk = Desk::open();
    desk.drag_over("Ada Stone");
    desk.keys(&[Key::P, Key::Escape]);
    assert_eq!(desk.app().selected_mark(), None);
    desk.click("PER Ada Stone");
    assert!(desk.app().selected_mark().is_some());
}

#[test]
fn search_finds_and_copy_copies() {
    let mut desk = Desk::open();
    desk.ctrl(Key::F);
    desk.type_focused("stone");
    desk.rest();
    assert!(desk.has("of 2"));
    desk.keys(&[Key::Escape]);
    desk.keys(&[Key::Escape]);
    desk.drag_over("Harbour Bridge");
    desk.harness.event(eframe::egui::Event::Copy);
    desk.harness.step();
    let commands = &desk.harness.output().platform_output.commands;
    assert!(commands.iter().any(|command| matches!(command, OutputCommand::CopyText(text) if text == "Harbour Bridge")), "{commands:?}");
}

#[test]
fn work_is_there_after_reopening_and_can_still_be_undone() {
    let mut desk = Desk::open();
    desk.drag_over("Ada Stone");
    desk.keys(&[Key::P]);
    desk.drag_over("Noor Ali");
    desk.keys(&[Key::P]);
    desk.ctrl(Key::S);
    assert!(desk.has("All changes saved"));
    let mut desk = desk.reopen();
    assert_eq!(desk.marks(), ["PER: Ada Stone", "PER: Noor Ali"]);
    desk.ctrl(Key::Z);
    assert_eq!(desk.marks(), ["PER: Ada Stone"]);
}

#[test]
fn the_place_in_the_article_is_kept() {
    let long: String = (0..300).map(|i| format!("Paragraph {i} says something.\n")).collect();
    let mut desk = Desk::open_text(&long);
    for _ in 0..4 {
        desk.keys(&[Key::PageDown]);
    }
    let place = desk.app().place();
    assert!(place > Some(1000));
    let desk = desk.reopen();
    assert_eq!(desk.app().place(), place);
}

#[test]
fn a_document_goes_to_the_trash_and_back() {
    let mut desk = Desk::open_texts(&["Alpha text one.", "Beta text two."]);
    desk.drag_over("Alpha");
    desk.keys(&[Key::O]);
    desk.ctrl(Key::Delete);
    assert!(desk.app().shown_text().is_none());
    desk.ctrl(Key::S);
    let trash = desk.folder.path().join("study/trash");
    assert!(trash.is_dir(), "its files are in the trash folder");
    desk.click("Document");
    desk.click("Trash…");
    desk.click("Take back");
    assert_eq!(desk.marks(), ["ORG: Alpha"]);
}

#[test]
fn status_is_set() {
    let mut desk = Desk::open();
    desk.ctrl(Key::D);
    assert_eq!(desk.app().shown_sheet().unwrap().info.status, Status::Done);
}
