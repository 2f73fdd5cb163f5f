//! The whole of claims and entities on an article of 600 words: once without a mouse, once by mouse alone.
//!
//! Both hands must come to the same: entities, five claims with claimer, stance and evidence, one moved edge, one
//! overlap that was chosen, one discontinuous claim.

use eframe::egui::{Key, Modifiers, vec2};
use manicule::model::{Filler, MarkId};

use crate::desk::Desk;

const CTRL: Modifiers = Modifiers::COMMAND;

/// Invented; the first paragraphs have what is labelled, the rest makes it long.
const BEGINNING: &str = "Council votes on the Tarn dam\n\nMayor Ada Stone told reporters that the dam is safe because a survey found no cracks.\n\n\"The wall will hold,\" said engineer Noor Ali, \"for another century.\"\n\nVera Holm wrote that the survey hides the truth since the logs show leaks.\n\nThe council claims that repairs cost too much after the audit counted nine million.\n\nIvo Lind believes the valley should be cleared because rain records keep falling.\n\n";

fn article() -> String {
    let filler = "People in the valley have argued about the wall for many years, and the argument will not end with one vote of the council. ";
    let mut text = BEGINNING.to_owned();
    while text.split_whitespace().count() < 600 {
        text.push_str(filler);
        if text.split_whitespace().count().is_multiple_of(5) {
            text.push_str("\n\n");
        }
    }
    text.push('\n');
    text
}

/// Claimer, the claim's words, the words of its evidence, the digit of its stance.
const CLAIMS: [(&str, &str, &str, Key); 5] = [
    ("Ada Stone", "the dam is safe", "a survey", Key::Num1),
    ("Noor Ali", "The wall will hold", "another century", Key::Num1),
    ("Vera Holm", "the survey hides the truth", "the logs", Key::Num2),
    ("council", "repairs cost too much", "nine million", Key::Num2),
    ("Ivo Lind", "the valley should be cleared", "rain records", Key::Num3),
];

/// What both must come to.
fn check(desk: &Desk) {
    let sheet = desk.app().shown_sheet().unwrap();
    let text = manicule::text::Text::new(desk.app().shown_text().unwrap());
    let mut claims: Vec<(usize, String)> = Vec::new();
    for claim in sheet.claims.values() {
        let name = |filler: &Filler| match filler {
            Filler::Span(id) => text.quote(&sheet.spans[id].ranges),
            _ => "?".to_owned(),
        };
        let role = |key: &str| claim.fillers(&key.parse().unwrap()).iter().map(name).collect::<Vec<_>>().join("+");
        let stance = claim.attributes.get(&"stance".parse().unwrap()).map(ToString::to_string).unwrap_or_default();
        let content = claim.content.as_ref().unwrap();
        claims.push((content.start(), format!("{}: {} [{}] {stance}", role("claimer"), text.quote(content), role("evidence"))));
    }
    claims.sort();
    let claims: Vec<&str> = claims.iter().map(|(_, claim)| claim.as_str()).collect();
    assert_eq!(
        claims,
        [
            "Mayor Ada Stone: the dam is safe [a survey] support",
            "Noor Ali: The wall will hold … for another century [another century] support",
            "Vera Holm: the survey hides the truth [the logs] oppose",
            "council: repairs cost too much [nine million] oppose",
            "Ivo Lind: the valley should be cleared [rain records] neutral",
        ]
    );
    assert_eq!(desk.entity_names(), ["Ada Stone", "Ivo Lind", "Noor Ali", "Vera Holm", "council"]);
    let chosen = desk.app().selected_mark().map(|mark| text.quote(sheet.ranges_of(mark).unwrap()));
    assert_eq!(chosen.as_deref(), Some("The wall will hold … for another century"), "the outer of two marks at one place");
    assert!(matches!(desk.app().selected_mark(), Some(MarkId::Claim(_))));
}

impl Desk {
    /// Goes to a string by searching for it, so that it is selected.
    fn select_by_search(&mut self, words: &str) {
        self.ctrl(Key::F);
        self.key(Key::A, CTRL);
        self.type_focused(words);
        self.keys(&[Key::Enter, Key::Escape]);
        // The hit is selected; the bar is closed.
        assert!(self.app().selected_bytes().is_some(), "{words} is selected");
    }
}

#[test]
fn an_article_is_coded_without_a_mouse() {
    let mut desk = Desk::open_text(&article());
    for (claimer, words, evidence, stance) in CLAIMS {
        desk.select_by_search(claimer);
        desk.keys(&[if claimer == "council" { Key::O } else { Key::P }, Key::Enter]);
        desk.select_by_search(words);
        desk.keys(&[Key::C, Key::Enter, Key::S, stance]);
        desk.select_by_search(evidence);
        desk.key(Key::V, Modifiers::SHIFT);
        if claimer == "Noor Ali" {
            desk.select_by_search("for another century");
            desk.keys(&[Key::Plus]);
        }
    }
    // One edge: Mayor belongs to the first mention.
    desk.key(Key::Home, CTRL);
    desk.keys(&[Key::Period]);
    desk.keys(&[Key::OpenBracket]);
    desk.key(Key::ArrowLeft, CTRL);
    desk.keys(&[Key::Escape, Key::Escape]);
    // One overlap: the claim around the evidence.
    desk.select_by_search("another century");
    desk.keys(&[Key::ArrowLeft, Key::Semicolon, Key::Semicolon]);
    check(&desk);
}

#[test]
fn an_article_is_coded_by_mouse_alone() {
    let mut desk = Desk::open_text(&article());
    for (claimer, words, evidence, stance) in CLAIMS {
        desk.drag_over(claimer);
        desk.click(if claimer == "council" { "O Organization" } else { "P Person" });
        desk.click(&format!("New: {claimer}"));
        desk.drag_over(words);
        desk.click("C Claim");
        desk.click_at(desk.letter(claimer));
        desk.click("Stance: open");
        desk.click(match stance {
            Key::Num1 => "Support",
            Key::Num2 => "Oppose",
            _ => "Neutral",
        });
        desk.click("Evidence: open");
        desk.drag_over(evidence);
        if claimer == "Noor Ali" {
            desk.drag_over_with("for another century", CTRL);
        }
    }
    desk.click_at(desk.letter("Ada Stone"));
    let edge = desk.app().place_on_screen(desk.find("Ada Stone").start, desk.find("Ada").end).unwrap();
    let mayor = desk.app().place_on_screen(desk.find("Mayor").start, desk.find("Mayor").end).unwrap();
    desk.drag(edge.left_center(), mayor.left_center() + vec2(1.0, 0.0), Modifiers::NONE);
    desk.click_at(desk.letter("another century"));
    desk.click_button("Claim: The wall will hold … for another century");
    check(&desk);
}
