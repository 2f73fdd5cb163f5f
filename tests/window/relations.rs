//! Relations: drawn by key and by mouse, changed in the inspector, shown in the text without moving it.

use eframe::egui::{Key, Modifiers, Pos2, vec2};

use crate::desk::Desk;

const FIRST: &str = "It is safe";
const SECOND: &str = "the steel is too thin";
const THIRD: &str = "It will last a hundred years";

impl Desk {
    /// Three claims, none selected.
    fn with_three_claims() -> Self {
        let mut desk = Self::open();
        for words in [FIRST, SECOND, THIRD] {
            desk.drag_over(words);
            desk.keys(&[Key::C, Key::Escape, Key::Escape, Key::Escape]);
        }
        assert_eq!(desk.marks().len(), 3);
        desk
    }

    /// Every relation in words: `attacks: It is safe > the steel …`.
    fn relations(&self) -> Vec<String> {
        let sheet = self.app().shown_sheet().unwrap();
        let text = manicule::text::Text::new(self.app().shown_text().unwrap());
        let state = self.app().workspace().unwrap().state();
        let name = |node: manicule::model::Node| match node {
            manicule::model::Node::Relation(id) => format!("({})", sheet.relations[&id].label),
            manicule::model::Node::Entity(id) => format!("@{}", state.entities[&id].name),
            node => sheet.ranges_of(node.mark().unwrap()).map(|ranges| text.quote(ranges)).unwrap_or_default(),
        };
        let mut found: Vec<String> = sheet.relations.values().map(|r| format!("{}: {} > {}", r.label, name(r.from), name(r.to))).collect();
        found.sort_unstable();
        found
    }

    /// The tag above the first letter of a mark.
    fn tag(&self, words: &str) -> Pos2 {
        self.letter(words) - vec2(0.0, 16.0)
    }
}

#[test]
fn two_claims_are_related_by_keys() {
    let mut desk = Desk::with_three_claims();
    desk.click_at(desk.letter(SECOND));
    desk.keys(&[Key::Minus]);
    assert!(desk.has("Relation to:"));
    desk.keys(&[Key::Slash]);
    desk.type_focused("is safe");
    desk.keys(&[Key::Enter]);
    assert!(desk.has("Relation:"), "several types are possible");
    desk.click_button("→ Attacks");
    assert_eq!(desk.relations(), ["attacks: the steel is too thin > It is safe"]);
    desk.ctrl(Key::Z);
    assert_eq!(desk.relations(), Vec::<String>::new());
    desk.ctrl(Key::Y);
    let desk = desk.reopen();
    assert_eq!(desk.relations(), ["attacks: the steel is too thin > It is safe"]);
}

#[test]
fn a_relation_is_drawn_from_the_name_of_a_mark_to_another() {
    let mut desk = Desk::with_three_claims();
    desk.drag(desk.tag(FIRST), desk.letter(THIRD), Modifiers::NONE);
    desk.keys(&[Key::Num1]);
    assert_eq!(desk.relations(), ["supports: It is safe > It will last a hundred years"]);
    // The other gesture starts anywhere in the mark.
    desk.drag(desk.letter(SECOND), desk.letter(FIRST), Modifiers::ALT);
    desk.click_button("→ Attacks");
    assert_eq!(desk.relations().len(), 2);
}

#[test]
fn a_claim_attacks_a_relation() {
    let mut desk = Desk::with_three_claims();
    desk.drag(desk.tag(FIRST), desk.letter(THIRD), Modifiers::NONE);
    desk.keys(&[Key::Num1]);
    desk.click_at(desk.letter(SECOND));
    desk.keys(&[Key::Minus]);
    desk.click_contains("Supports");
    desk.click_button("→ Attacks");
    assert_eq!(desk.relations(), ["attacks: the steel is too thin > (supports)", "supports: It is safe > It will last a hundred years"]);
}

#[test]
fn a_relation_is_changed_in_the_inspector_and_walked_along() {
    let mut desk = Desk::with_three_claims();
    desk.drag(desk.tag(FIRST), desk.letter(SECOND), Modifiers::NONE);
    desk.keys(&[Key::Num1]);
    desk.key(Key::R, Modifiers::ALT);
    assert!(desk.has("Go to Claim: It is safe"));
    desk.choose("Relation: Supports", "Attacks");
    desk.click_button("Turn round");
    assert_eq!(desk.relations(), ["attacks: the steel is too thin > It is safe"]);
    desk.key(Key::E, Modifiers::ALT);
    assert!(desk.has("“It is safe”"));
    desk.click("Relations 1");
    desk.click_row("Attacks: Claim: the steel is too thin → Claim: It is safe");
    desk.keys(&[Key::Delete]);
    assert_eq!(desk.relations(), Vec::<String>::new());
    assert_eq!(desk.marks().len(), 3, "the claims stay");
}

#[test]
fn what_the_codebook_does_not_allow_is_said() {
    let mut desk = Desk::with_three_claims();
    desk.drag_over("Ada Stone");
    desk.keys(&[Key::P, Key::Escape, Key::Escape]);
    desk.drag_over("Monday");
    desk.keys(&[Key::D, Key::Escape, Key::Escape]);
    desk.drag(desk.tag(FIRST), desk.letter(THIRD), Modifiers::NONE);
    desk.keys(&[Key::Num1]);
    desk.drag(desk.tag(FIRST), desk.letter(THIRD), Modifiers::NONE);
    desk.keys(&[Key::Num1]);
    assert!(desk.has("these two are joined by such a relation already"));
    assert_eq!(desk.relations().len(), 1);
}

#[test]
fn a_new_relation_does_not_move_the_mark_in_hand_and_selecting_moves_nothing() {
    let filling = "The council meets again in spring, as it does every year.\n\n".repeat(40);
    let mut desk = Desk::open_text(&format!("{}{filling}", crate::desk::ARTICLE));
    for words in [FIRST, SECOND, THIRD] {
        desk.drag_over(words);
        desk.keys(&[Key::C, Key::Escape, Key::Escape, Key::Escape]);
    }
    let before = desk.letter(SECOND);
    desk.drag(desk.tag(SECOND), desk.letter(THIRD), Modifiers::NONE);
    desk.keys(&[Key::Num1]);
    assert_eq!(desk.relations().len(), 1);
    assert!((desk.letter(SECOND).y - before.y).abs() < 1.0, "{before:?} {:?}", desk.letter(SECOND));
    let places = |desk: &Desk| [FIRST, SECOND, "The council meets"].map(|words| desk.letter(words));
    let there = places(&desk);
    desk.click_at(desk.letter(FIRST));
    assert_eq!(places(&desk), there);
    desk.keys(&[Key::Escape, Key::Escape]);
    assert_eq!(places(&desk), there);
    desk.click_at(desk.letter(SECOND));
    desk.menu("Relation", "Show no relations");
    assert!((desk.letter(SECOND).y - before.y).abs() < 1.0);
    assert!(desk.letter(FIRST).y > there[0].y, "the room is given back");
}
