//! Claims: slots filled by key and by mouse, unfinished ones, claims as wholes.

use eframe::egui::{Key, Modifiers};
use manicule::model::{AttributeKey, Claim, ClaimId, Filler, MarkId, RoleKey, Status};

use crate::desk::Desk;

const SHIFT: Modifiers = Modifiers::SHIFT;

impl Desk {
    /// The claim that is selected.
    pub fn claim(&self) -> (ClaimId, Claim) {
        let Some(MarkId::Claim(id)) = self.app().selected_mark() else { panic!("a claim is selected") };
        (id, self.app().shown_sheet().unwrap().claims[&id].clone())
    }

    /// The words that fill a role of the selected claim.
    pub fn fillers(&self, role: &str) -> Vec<String> {
        let sheet = self.app().shown_sheet().unwrap();
        let text = manicule::text::Text::new(self.app().shown_text().unwrap());
        let state = self.app().workspace().unwrap().state();
        let name = |filler: &Filler| match filler {
            Filler::Span(id) => text.quote(&sheet.spans[id].ranges),
            Filler::Claim(id) => sheet.claims[id].content.as_ref().map(|content| text.quote(content)).unwrap_or_default(),
            Filler::Entity(id) => format!("@{}", state.entity(*id).unwrap().1.name),
            Filler::Value(value) => value.clone(),
        };
        self.claim().1.fillers(&RoleKey::new(role).unwrap()).iter().map(name).collect()
    }

    /// A value of the selected claim.
    pub fn value(&self, key: &str) -> Option<String> {
        self.claim().1.attributes.get(&AttributeKey::new(key).unwrap()).map(ToString::to_string)
    }

    /// Ada Stone as a person, and the sentence in quotes as a claim with an open question.
    fn with_claim() -> Self {
        let mut desk = Self::open();
        desk.drag_over("Ada Stone");
        desk.keys(&[Key::P, Key::Escape]);
        desk.drag_over("It is safe");
        desk.keys(&[Key::C]);
        desk
    }
}

#[test]
fn a_claim_with_claimer_stance_and_check_worthiness_takes_at_most_six_keys() {
    let mut desk = Desk::open();
    desk.drag_over("Ada Stone");
    desk.keys(&[Key::P]);
    desk.keys(&[Key::Enter]);
    desk.clicks_at(desk.letter("opened the"), 3, Modifiers::NONE);
    let before = desk.pressed;
    desk.keys(&[Key::C, Key::Enter, Key::S, Key::Num1, Key::K]);
    assert!(desk.pressed - before <= 6);
    assert_eq!(desk.fillers("claimer"), ["Ada Stone"]);
    assert_eq!((desk.value("stance"), desk.value("check_worthy")), (Some("support".into()), Some("yes".into())));
}

#[test]
fn an_entity_takes_at_most_two_keys() {
    let mut desk = Desk::open();
    desk.drag_over("Ada Stone");
    let before = desk.pressed;
    desk.keys(&[Key::P, Key::Enter]);
    assert!(desk.pressed - before <= 2);
    let state = desk.app().workspace().unwrap().state();
    let entity = state.entities.values().next().unwrap();
    assert_eq!((entity.name.as_str(), entity.label.as_ref().unwrap().as_str()), ("Ada Stone", "PER"));
    assert!(desk.app().shown_sheet().unwrap().spans.values().all(|span| span.entity.is_some()));
}

#[test]
fn a_yes_no_attribute_goes_round_by_one_key() {
    let mut desk = Desk::with_claim();
    let mut seen = Vec::new();
    for _ in 0..3 {
        desk.keys(&[Key::K]);
        seen.push(desk.value("check_worthy"));
    }
    assert_eq!(seen, [Some("yes".to_owned()), Some("no".to_owned()), None]);
}

#[test]
fn the_author_is_one_key_and_a_digit_takes_a_filler_out_again() {
    let mut desk = Desk::with_claim();
    desk.keys(&[Key::Num0]);
    assert_eq!(desk.fillers("claimer"), ["author"]);
    desk.keys(&[Key::A, Key::Num1]);
    assert!(desk.fillers("claimer").is_empty(), "{:?}", desk.fillers("claimer"));
}

#[test]
fn a_click_on_a_mention_fills_what_is_being_filled() {
    let mut desk = Desk::with_claim();
    desk.click_at(desk.letter("Stone opened"));
    assert_eq!(desk.fillers("claimer"), ["Ada Stone"]);
    desk.click("Object: open");
    desk.click_at(desk.letter("Ada"));
    assert_eq!(desk.fillers("object"), ["Ada Stone"]);
    desk.click("Object: take out Ada Stone");
    assert!(desk.fillers("object").is_empty());
    assert_eq!(desk.fillers("claimer"), ["Ada Stone"]);
}

#[test]
fn selecting_words_fills_a_role_with_a_new_span_in_one_step() {
    let mut desk = Desk::with_claim();
    desk.click("Leave the choices");
    desk.click("Cue: open");
    desk.drag_over("said");
    assert_eq!(desk.fillers("cue"), ["said"]);
    assert!(desk.marks().contains(&"CUE: said".to_owned()));
    desk.ctrl(Key::Z);
    assert!(!desk.marks().contains(&"CUE: said".to_owned()), "span and role are one step");
}

#[test]
fn an_offer_that_came_by_itself_takes_no_text() {
    let mut desk = Desk::with_claim();
    desk.drag_over("It will last");
    assert_eq!(desk.marks().len(), 2, "the text is selected, nothing else");
    desk.keys(&[Key::Plus]);
    assert_eq!(desk.marks()[1], "CLAIM: It is safe … It will last");
    assert!(desk.fillers("claimer").is_empty());
}

#[test]
fn a_mention_in_hand_fills_a_role_by_key() {
    let mut desk = Desk::with_claim();
    desk.keys(&[Key::Escape]);
    desk.drag_over("Noor Ali");
    desk.keys(&[Key::P, Key::A]);
    assert_eq!(desk.fillers("claimer"), ["Noor Ali"]);
    desk.keys(&[Key::S, Key::Num2]);
    assert_eq!(desk.value("stance"), Some("oppose".into()));
}

#[test]
fn searching_an_offer_finds_entities_and_makes_new_ones() {
    let mut desk = Desk::with_claim();
    desk.keys(&[Key::I, Key::Slash]);
    desk.type_focused("The public");
    desk.keys(&[Key::Enter]);
    assert_eq!(desk.fillers("addressee"), ["@The public"]);
    desk.keys(&[Key::B, Key::Slash]);
    desk.type_focused("pub");
    desk.keys(&[Key::Enter]);
    assert_eq!(desk.fillers("object"), ["@The public"], "the entity is found");
}

#[test]
fn choices_are_taken_and_unset_by_key_and_by_mouse() {
    let mut desk = Desk::with_claim();
    desk.keys(&[Key::T, Key::Num4]);
    assert_eq!(desk.value("claim_type"), Some("prediction".into()));
    desk.keys(&[Key::T, Key::Num0]);
    assert_eq!(desk.value("claim_type"), None);
    desk.click("Verdict: open");
    desk.click("Refuted");
    assert_eq!(desk.value("verdict"), Some("refuted".into()));
}

#[test]
fn a_date_is_typed_after_its_key() {
    let mut desk = Desk::with_claim();
    desk.key(Key::D, SHIFT);
    desk.type_focused("2016-05");
    desk.keys(&[Key::Escape]);
    assert_eq!(desk.value("date"), Some("2016-05".into()));
}

#[test]
fn the_normalized_text_begins_with_the_content() {
    let mut desk = Desk::with_claim();
    desk.keys(&[Key::Num0]);
    desk.key(Key::Enter, SHIFT);
    desk.keys(&[Key::Enter]);
    assert_eq!(desk.claim().1.normalized, "It is safe", "Enter takes the beginning as it is");
    desk.keys(&[Key::Escape]);
    let mut desk = Desk::with_claim();
    desk.keys(&[Key::Num0]);
    desk.key(Key::Enter, SHIFT);
    desk.keys(&[Key::Escape]);
    assert_eq!(desk.app().shown_sheet().unwrap().claims.values().next().unwrap().normalized, "", "leaving it takes nothing");
}

#[test]
fn unfinished_claims_are_listed_live_and_hold_up_done() {
    let mut desk = Desk::with_claim();
    assert!(desk.has("Unfinished 1"));
    desk.ctrl(Key::D);
    assert!(desk.has("Not everything is finished"));
    desk.click_button("Cancel");
    assert_ne!(desk.app().shown_sheet().unwrap().info.status, Status::Done);
    desk.ctrl(Key::D);
    desk.click_button("Done anyway");
    assert_eq!(desk.app().shown_sheet().unwrap().info.status, Status::DoneAnyway);
    desk.key(Key::Exclamationmark, SHIFT);
    desk.keys(&[Key::Num0]);
    assert!(desk.has("Unfinished 0"));
    desk.ctrl(Key::D);
    assert_eq!(desk.app().shown_sheet().unwrap().info.status, Status::Done);
}

#[test]
fn a_claim_without_a_place_is_typed() {
    let mut desk = Desk::open();
    desk.key(Key::C, Modifiers::ALT);
    desk.type_focused("Bridges are unsafe");
    desk.keys(&[Key::Enter]);
    let (_, claim) = desk.claim();
    assert_eq!((claim.content, claim.normalized.as_str()), (None, "Bridges are unsafe"));
    desk.keys(&[Key::A, Key::Num0]);
    assert_eq!(desk.fillers("claimer"), ["author"]);
}

#[test]
fn claims_are_duplicated_split_merged_and_said_again() {
    let mut desk = Desk::with_claim();
    desk.keys(&[Key::Num0]);
    let ctrl_shift = Modifiers::COMMAND | SHIFT;
    desk.key(Key::D, ctrl_shift);
    assert_eq!(desk.marks().iter().filter(|mark| *mark == "CLAIM: It is safe").count(), 2);
    desk.key(Key::M, ctrl_shift);
    desk.keys(&[Key::Num1]);
    assert_eq!(desk.marks().iter().filter(|mark| *mark == "CLAIM: It is safe").count(), 1);
    desk.drag_over_with("It will last a hundred years", Modifiers::COMMAND);
    assert_eq!(desk.marks().last().unwrap(), "CLAIM: It is safe … It will last a hundred years");
    desk.key(Key::X, ctrl_shift);
    assert_eq!(&desk.marks()[1..], ["CLAIM: It is safe", "CLAIM: It will last a hundred years"]);
    assert_eq!(desk.fillers("claimer"), ["author"]);
    let id = desk.claim().0;
    desk.drag_over("the steel is too thin");
    desk.key(Key::A, ctrl_shift);
    assert_eq!(desk.app().shown_sheet().unwrap().claims[&id].occurrences.len(), 1);
}

#[test]
fn content_becomes_a_span_and_a_span_content() {
    let mut desk = Desk::with_claim();
    desk.keys(&[Key::Num0]);
    desk.click_button("Claim as a whole");
    desk.click_contains("Content becomes a span");
    desk.click_button("Evidence");
    assert!(desk.marks().contains(&"EVID: It is safe".to_owned()), "{:?}", desk.marks());
    let claim = desk.app().shown_sheet().unwrap().claims.values().next().unwrap().clone();
    assert_eq!(claim.content, None, "the claim stays, with what it says");
    desk.click("Becomes content of the claim");
    assert!(desk.marks().contains(&"CLAIM: It is safe".to_owned()), "{:?}", desk.marks());
}

#[test]
fn a_forbidden_filler_has_its_message() {
    let mut desk = Desk::with_claim();
    desk.keys(&[Key::Num0]);
    let (id, key) = (desk.claim().0, RoleKey::new("cue").unwrap());
    let state = desk.app().workspace().unwrap().state();
    let sheet = state.sheets.keys().next().unwrap();
    let error = manicule::edit::ops::fill_role(state, sheet, id, &key, Filler::Value("said".into())).unwrap_err();
    assert_eq!(error.to_string(), "“Cue” does not take plain values; it takes: spans");
}

#[test]
fn a_claim_in_itself_is_refused_with_a_message() {
    let mut desk = Desk::with_claim();
    desk.keys(&[Key::Num0]);
    desk.keys(&[Key::Escape, Key::Escape]);
    desk.drag_over("It will last a hundred years");
    desk.keys(&[Key::C, Key::Num0]);
    desk.click("Object: open");
    desk.click_at(desk.letter("It is safe"));
    assert_eq!(desk.fillers("object"), ["It is safe"]);
    desk.click_at(desk.letter("It is safe"));
    desk.click("Object: open");
    desk.click_at(desk.letter("It will last"));
    assert!(desk.has("a claim cannot be a part of itself"));
    assert!(desk.fillers("object").is_empty());
}
