//! Parts of the text and attributes of the document, by key and as proposed.

use eframe::egui::{Key, Modifiers};
use manicule::model::{AttributeKey, RegionKind};

use crate::desk::Desk;

const ARTICLE: &str = "Subscribe | Sign in\n\nMayor opens new bridge\n\nAda Stone opened it on Monday.\n\nPhoto: Noor Ali\n\nCopyright © Post\n";

fn regions(desk: &Desk) -> Vec<(RegionKind, String)> {
    let text = desk.app().shown_text().unwrap();
    let document = desk.app().workspace().unwrap().state().documents.values().next().unwrap();
    document.regions.iter().map(|region| (region.kind, text[region.range.as_range()].to_owned())).collect()
}

#[test]
fn selected_words_play_a_part_and_the_same_key_takes_it_away() {
    let mut desk = Desk::open_text(ARTICLE);
    desk.drag_over("Photo: Noor Ali");
    desk.key(Key::I, Modifiers::ALT);
    assert_eq!(regions(&desk), [(RegionKind::Caption, "Photo: Noor Ali".to_owned())]);
    desk.drag_over("Photo: Noor Ali");
    desk.key(Key::I, Modifiers::ALT);
    assert_eq!(regions(&desk), []);
    desk.ctrl(Key::Z);
    assert_eq!(regions(&desk).len(), 1);
}

#[test]
fn without_a_selection_the_paragraph_at_the_caret_is_marked() {
    let mut desk = Desk::open_text(ARTICLE);
    let at = desk.letter("opens new");
    desk.click_at(at);
    desk.key(Key::T, Modifiers::ALT);
    assert_eq!(regions(&desk), [(RegionKind::Title, "Mayor opens new bridge".to_owned())]);
}

#[test]
fn the_usual_parts_are_proposed_and_confirmed_one_by_one_or_all() {
    let mut desk = Desk::open_text(ARTICLE);
    desk.ctrl(Key::I);
    assert!(desk.has("4 parts are proposed:"));
    assert_eq!(regions(&desk), [], "nothing is taken before somebody confirms it");
    desk.click("Turn down: Caption: Photo: Noor Ali");
    desk.click("Confirm: Title: Mayor opens new bridge");
    assert_eq!(regions(&desk), [(RegionKind::Title, "Mayor opens new bridge".to_owned())]);
    assert!(desk.has("2 parts are proposed:"));
    desk.click_button("Confirm all");
    let kinds: Vec<RegionKind> = regions(&desk).into_iter().map(|(kind, _)| kind).collect();
    assert_eq!(kinds, [RegionKind::Boilerplate, RegionKind::Title, RegionKind::Boilerplate]);
    assert!(!desk.has("proposed:"));
    desk.click("Unmark: Title: Mayor opens new bridge");
    assert_eq!(regions(&desk).len(), 2);
}

#[test]
fn the_document_tab_gives_way_to_what_is_selected() {
    let mut desk = Desk::open_text(ARTICLE);
    desk.ctrl(Key::I);
    assert!(desk.has("Parts of the text"));
    desk.drag_over("Ada Stone");
    desk.keys(&[Key::P]);
    assert!(!desk.has("Parts of the text"), "the new mark is shown");
    desk.ctrl(Key::I);
    assert!(desk.has("Parts of the text"), "the document is shown though a mark is selected");
}

#[test]
fn attributes_of_the_document_are_set_by_key() {
    let mut desk = Desk::open_text(ARTICLE);
    desk.key(Key::G, Modifiers::SHIFT);
    desk.keys(&[Key::Num1]);
    desk.key(Key::S, Modifiers::SHIFT);
    desk.keys(&[Key::Num3]);
    let value = |key: &str| desk.app().shown_sheet().unwrap().info.attributes[&key.parse::<AttributeKey>().unwrap()].to_string();
    assert_eq!([value("genre"), value("source_stance")], ["report", "neutral"]);
    assert!(desk.has("Genre: News report"));
}

#[test]
fn an_export_leaves_out_marks_in_boilerplate_when_asked() {
    let mut desk = Desk::open_text(ARTICLE);
    desk.drag_over("Copyright © Post");
    desk.key(Key::B, Modifiers::ALT);
    desk.drag_over("Post");
    desk.keys(&[Key::O]);
    desk.menu("File", "Export…");
    assert!(desk.has("Everything is carried over."));
    desk.click("Boilerplate");
    assert!(desk.has("1 spans in regions that are left out"));
}
