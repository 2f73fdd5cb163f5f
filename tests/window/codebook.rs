//! The codebook in the window: written, moved, merged, retired, deleted; every change is one step to undo.

use eframe::egui::accesskit::Role as NodeRole;
use eframe::egui::{Key, Modifiers, Role};
use egui_kittest::kittest::{NodeT, Queryable};
use manicule::model::{AttributeKind, LabelKey, Schema};

use crate::desk::Desk;

impl Desk {
    fn with_codebook() -> Self {
        let mut desk = Self::open();
        desk.ctrl(Key::B);
        assert!(desk.has("Codebook") && desk.has("Labels 13"));
        desk
    }

    fn schema(&self) -> &Schema {
        &self.app().workspace().unwrap().state().schema
    }

    /// Waits until what was typed is kept.
    fn keep(&mut self) {
        std::thread::sleep(std::time::Duration::from_millis(220));
        self.rest();
    }
}

fn label(key: &str) -> LabelKey {
    key.parse().unwrap()
}

#[test]
fn a_label_is_renamed_while_it_is_typed_and_one_undo_takes_it_back() {
    let mut desk = Desk::with_codebook();
    desk.click_row("Person");
    desk.refill("Name", "Human");
    desk.keep();
    desk.fill("Name", " being");
    desk.keep();
    assert_eq!(desk.schema().labels[&label("PER")].name, "Human being");
    desk.keys(&[Key::Escape, Key::Escape]);
    assert!(desk.has("P Human being"), "the label bar shows it");
    desk.ctrl(Key::Z);
    assert_eq!(desk.schema().labels[&label("PER")].name, "Person");
}

#[test]
fn a_name_that_is_taken_or_empty_is_not_kept_and_said() {
    let mut desk = Desk::with_codebook();
    desk.click_row("Person");
    desk.refill("Name", "Organization");
    desk.keep();
    assert!(desk.has("there is a label called “Organization” already; choose another name"));
    assert_eq!(desk.schema().labels[&label("PER")].name, "Person");
    desk.fill("Name", " of people");
    desk.keep();
    assert_eq!(desk.schema().labels[&label("PER")].name, "Organization of people");
    assert!(!desk.has("choose another name"));
}

#[test]
fn a_new_label_gets_its_name_its_key_and_is_used_at_once() {
    let mut desk = Desk::with_codebook();
    desk.key(Key::Insert, Modifiers::NONE);
    desk.type_focused("Vehicle");
    desk.key(Key::Enter, Modifiers::NONE);
    assert_eq!(desk.schema().labels[&label("Vehicle")].name, "Vehicle");
    desk.fill("Key", "z");
    desk.keys(&[Key::Escape, Key::Escape]);
    desk.drag_over("Harbour Bridge");
    desk.keys(&[Key::Z]);
    assert_eq!(desk.marks(), ["Vehicle: Harbour Bridge"]);
}

#[test]
fn a_key_that_two_rows_have_is_shown() {
    let mut desk = Desk::with_codebook();
    desk.click_row("Person");
    desk.fill("Key", "o");
    assert_eq!(desk.schema().labels[&label("PER")].shortcut, Some('o'));
    assert!(desk.has("also the key of Organization"));
    desk.click_row("Organization");
    assert!(desk.has("also the key of Person"));
}

#[test]
fn rows_move_by_key_and_stand_below_others() {
    let mut desk = Desk::with_codebook();
    desk.click_row("Organization");
    desk.key(Key::ArrowUp, Modifiers::ALT);
    let first = |desk: &Desk| desk.schema().label_tree()[0].1.to_string();
    assert_eq!(first(&desk), "ORG");
    desk.ctrl(Key::Z);
    assert_eq!(first(&desk), "PER");
    desk.keys(&[Key::ArrowUp]);
    desk.choose("Stands below: nothing", "Organization");
    assert_eq!(desk.schema().labels[&label("PER")].parent, Some(label("ORG")));
    desk.click_row("Organization");
    desk.harness.get_by_role_and_label(Role::ComboBox, "Stands below: nothing").click();
    desk.rest();
    let offered = |desk: &Desk, name: &str| {
        let buttons = desk.harness.query_all_by_role(NodeRole::Button);
        buttons.filter(|node| node.accesskit_node().label().is_some_and(|label| label.trim() == name)).count()
    };
    assert_eq!((offered(&desk, "Person"), offered(&desk, "Location")), (0, 1), "what stands below it cannot stand above it");
}

#[test]
fn a_merge_shows_what_it_touches_and_is_one_step() {
    let mut desk = Desk::open_texts(&["Ada Stone spoke.", "Noor Ali and Ada Stone spoke."]);
    for words in ["Ada Stone", "Noor Ali"] {
        desk.click_row("Noor Ali and Ada Stone spoke.");
        desk.drag_over(words);
        desk.keys(&[Key::O, Key::Escape, Key::Escape]);
    }
    desk.click_row("Ada Stone spoke.");
    desk.drag_over("Ada Stone");
    desk.keys(&[Key::O, Key::Escape, Key::Escape]);
    desk.ctrl(Key::B);
    desk.click_row("Organization");
    desk.click_button("Merge into…");
    desk.click_button("Person");
    assert!(desk.has("Merge “Organization” into “Person”"));
    assert!(desk.has("3 marks in 2 documents get the other label."));
    desk.click_button("Merge");
    assert!(desk.has("2 documents were changed; Undo takes it back"));
    desk.keys(&[Key::Escape]);
    assert_eq!(desk.marks(), ["PER: Ada Stone"]);
    desk.ctrl(Key::Z);
    desk.click_row("Noor Ali and Ada Stone spoke.");
    assert_eq!(desk.marks(), ["ORG: Noor Ali", "ORG: Ada Stone"]);
    assert_eq!(desk.schema().labels[&label("ORG")].replaced_by, None);
}

#[test]
fn what_is_used_is_retired_and_what_is_not_is_deleted() {
    let mut desk = Desk::open();
    desk.drag_over("Ada Stone");
    desk.keys(&[Key::P, Key::Escape, Key::Escape]);
    desk.ctrl(Key::B);
    desk.click_row("Person");
    desk.key(Key::Delete, Modifiers::NONE);
    assert!(desk.has("It is used: once in 1 document."));
    desk.click_button("Retire instead");
    assert!(desk.schema().labels[&label("PER")].retired);
    desk.click_row("Facility");
    desk.click_button("Delete…");
    assert!(desk.has("Nothing uses it. One step to undo."));
    desk.click_button("Delete");
    assert!(!desk.schema().labels.contains_key(&label("FAC")));
    desk.ctrl(Key::Z);
    assert!(desk.schema().labels.contains_key(&label("FAC")));
    desk.ctrl(Key::Z);
    assert!(!desk.schema().labels[&label("PER")].retired);
}

#[test]
fn another_type_takes_the_values_with_it() {
    let mut desk = Desk::with_codebook();
    desk.click("Attributes 12");
    desk.click_row("Check-worthy");
    desk.choose("Type: yes or no", "text");
    assert!(desk.has("Change “Check-worthy” into: text"));
    assert!(desk.has("You have set no value of it."));
    desk.click_button("Change");
    let kind = |desk: &Desk| desk.schema().attributes[&"check_worthy".parse().unwrap()].kind;
    assert_eq!(kind(&desk), AttributeKind::Text);
    desk.ctrl(Key::Z);
    assert_eq!(kind(&desk), AttributeKind::YesNo);
}

#[test]
fn roles_relations_and_choices_are_changed() {
    let mut desk = Desk::with_codebook();
    desk.click("Roles 5");
    desk.click_row("Claimer");
    desk.click("Required: a claim without it is unfinished");
    assert!(!desk.schema().roles[&"claimer".parse().unwrap()].required);
    desk.click("Relations 6");
    desk.click_row("Attacks");
    desk.click("Without direction");
    assert!(desk.schema().relation_types[&"attacks".parse().unwrap()].symmetric);
    desk.click("Attributes 12");
    desk.click_row("Certainty");
    desk.click_button("Add choice");
    let choices =
        |desk: &Desk| desk.schema().attributes[&"certainty".parse().unwrap()].choices.iter().map(|choice| choice.name.clone()).collect::<Vec<_>>();
    assert_eq!(choices(&desk), ["Certain", "Hedged", "Choice 3"]);
    desk.refill("Name of choice choice-3", "Unsure");
    desk.keep();
    assert_eq!(choices(&desk), ["Certain", "Hedged", "Unsure"]);
}

#[test]
fn types_of_relations_have_a_tree_short_names_and_are_merged() {
    let mut desk = Desk::with_codebook();
    desk.click("Relations 6");
    desk.click_row("Attacks");
    assert!(desk.has("No article uses it."));
    desk.choose("Stands below: nothing", "Supports");
    desk.refill("Short name in the text", "att.");
    desk.refill("Other names, one a line", "Rebuts");
    desk.keep();
    let of = |desk: &Desk, key: &str| desk.schema().relation_types[&key.parse().unwrap()].clone();
    let attacks = of(&desk, "attacks");
    assert_eq!((attacks.parent.as_ref().map(ToString::to_string), attacks.tag()), (Some("supports".to_owned()), "att."));
    desk.click_button("Merge into…");
    desk.click_button("Supports");
    assert!(desk.has("Merge “Attacks” into “Supports”") && desk.has("None of your relations has it."));
    desk.click_button("Merge");
    assert_eq!(of(&desk, "attacks").replaced_by.map(|key| key.to_string()), Some("supports".to_owned()));
    assert_eq!(of(&desk, "supports").aliases, ["Rebuts", "Attacks"]);
    assert!(desk.has("Merged into Supports; rows that still have it are listed by the checks."));
    desk.ctrl(Key::Z);
    assert_eq!((of(&desk, "attacks").replaced_by, of(&desk, "supports").aliases), (None, vec![]));
}

#[test]
fn every_type_of_attribute_has_a_default() {
    let mut desk = Desk::with_codebook();
    desk.click("Attributes 12");
    desk.click_row("Certainty");
    let default = |desk: &Desk| desk.schema().attributes[&"certainty".parse().unwrap()].default.as_ref().map(ToString::to_string);
    for (kind, typed) in [("whole number", "12"), ("number", "0.5"), ("date", "2016-05"), ("text", "as told")] {
        let now = ["one choice", "whole number", "number", "date"].into_iter().find(|name| desk.has(&format!("Type: {name}"))).unwrap();
        desk.choose(&format!("Type: {now}"), kind);
        desk.click_button("Change");
        desk.refill("New rows get (empty: nothing)", typed);
        desk.keep();
        assert_eq!(default(&desk).as_deref(), Some(typed), "{kind}");
    }
    desk.choose("Type: text", "whole number");
    desk.click_button("Change");
    desk.refill("New rows get (empty: nothing)", "many");
    desk.keep();
    assert!(desk.has("`many` is no value of “Certainty”; choose another default or none"));
}

#[test]
fn a_row_says_how_often_it_is_used() {
    let mut desk = Desk::open_texts(&["Ada Stone spoke.", "Noor Ali and Ada Stone spoke."]);
    for words in ["Ada Stone", "Noor Ali"] {
        desk.click_row("Noor Ali and Ada Stone spoke.");
        desk.drag_over(words);
        desk.keys(&[Key::O, Key::Escape, Key::Escape]);
    }
    desk.ctrl(Key::B);
    desk.click_row("Organization");
    assert!(desk.has("Used 2 times in 1 document."));
    desk.click_button("Merge into…");
    desk.click_button("Person");
    desk.click_button("Merge");
    desk.click_row("Person");
    assert!(desk.has("Used 2 times in 1 document."));
    desk.ctrl(Key::Z);
    assert!(desk.has("No article uses it."));
}
