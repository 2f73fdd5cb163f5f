//! Nested, crossing, stacked and discontinuous marks: each can be reached by click and by key.

use std::collections::BTreeSet;

use eframe::egui::{Key, Modifiers};
use manicule::model::MarkId;

use crate::desk::Desk;

const TEXT: &str = "The mayor of the city of Harbour said the bridge is safe and sound for all of us today.\n";

/// Nested, crossing, of equal place, and in two parts.
fn crowded() -> Desk {
    let mut desk = Desk::open_text(TEXT);
    for (part, key) in
        [("mayor of the city of Harbour", Key::P), ("city of Harbour", Key::G), ("Harbour", Key::L), ("Harbour said the bridge", Key::C)]
    {
        desk.drag_over(part);
        // Escape lets go of the mark, whose edges would be dragged otherwise.
        desk.keys(&[key, Key::Escape]);
    }
    desk.drag_over("Harbour");
    desk.keys(&[Key::O, Key::Escape]);
    desk.drag_over("bridge is safe");
    desk.keys(&[Key::C]);
    desk.drag_over_with("for all of us", Modifiers::COMMAND);
    desk.keys(&[Key::Escape]);
    assert_eq!(desk.marks().len(), 6, "{:?}", desk.marks());
    assert_eq!(desk.marks().last().unwrap(), "CLAIM: bridge is safe … for all of us");
    desk
}

fn all_marks(desk: &Desk) -> BTreeSet<MarkId> {
    desk.app().shown_sheet().unwrap().marks().map(|(mark, _)| mark).collect()
}

#[test]
fn every_mark_is_reached_by_walking() {
    let mut desk = crowded();
    desk.ctrl(Key::Home);
    let mut reached = BTreeSet::new();
    for _ in 0..6 {
        desk.keys(&[Key::Period]);
        reached.extend(desk.app().selected_mark());
    }
    assert_eq!(reached, all_marks(&desk));
}

#[test]
fn every_mark_at_a_place_is_reached_by_one_key() {
    let mut desk = crowded();
    desk.click_at(desk.letter("arbour said"));
    let mut reached = BTreeSet::new();
    for _ in 0..5 {
        desk.keys(&[Key::Semicolon]);
        reached.extend(desk.app().selected_mark());
    }
    assert_eq!(reached.len(), 5, "all five that lie over Harbour");
    desk.keys(&[Key::Semicolon]);
    assert!(reached.contains(&desk.app().selected_mark().unwrap()), "round and round");
}

#[test]
fn every_mark_at_a_place_is_reached_by_click() {
    let names = [
        "Person: mayor of the city of Harbour",
        "Geo-political entity: city of Harbour",
        "Location: Harbour",
        "Organization: Harbour",
        "Claim: Harbour said the bridge",
    ];
    let mut desk = crowded();
    let mut reached = BTreeSet::new();
    for name in names {
        desk.click_at(desk.letter("arbour said"));
        desk.click_button(name);
        reached.extend(desk.app().selected_mark());
    }
    assert_eq!(reached.len(), 5);
}

#[test]
fn both_parts_of_a_discontinuous_mark_select_it() {
    let mut desk = crowded();
    desk.click_at(desk.letter("safe"));
    let claim = desk.app().selected_mark();
    assert!(matches!(claim, Some(MarkId::Claim(_))));
    desk.keys(&[Key::Escape]);
    desk.click_at(desk.letter("all of us"));
    assert_eq!(desk.app().selected_mark(), claim);
    desk.keys(&[Key::Escape]);
    desk.click_at(desk.letter("and sound"));
    assert_eq!(desk.app().selected_mark(), None, "its gap is not part of it");
}

#[test]
fn every_mark_is_in_the_lists() {
    let mut desk = crowded();
    for name in ["PER mayor of the city of Harbour", "GPE city of Harbour", "LOC Harbour", "ORG Harbour"] {
        desk.click(name);
        assert!(desk.app().selected_mark().is_some(), "{name}");
    }
    desk.click("Claims 2");
    let mut claims = BTreeSet::new();
    for name in ["CLAIM Harbour said the bridge", "CLAIM bridge is safe … for all of us"] {
        desk.click(name);
        claims.extend(desk.app().selected_mark());
    }
    assert_eq!(claims.len(), 2);
}

#[test]
fn each_edge_of_a_discontinuous_mark_moves_by_key() {
    let mut desk = crowded();
    desk.click_at(desk.letter("safe"));
    let id = desk.app().selected_mark();
    desk.keys(&[Key::CloseBracket]);
    desk.key(Key::ArrowRight, Modifiers::COMMAND);
    desk.keys(&[Key::CloseBracket]);
    desk.key(Key::ArrowRight, Modifiers::COMMAND);
    assert_eq!(desk.marks().last().unwrap(), "CLAIM: bridge is safe and … for all of us today");
    assert_eq!(desk.app().selected_mark(), id);
}
