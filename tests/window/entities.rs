//! Entities: offered, linked, walked, and the table of the project.

use std::path::Path;

use eframe::egui::{Key, Modifiers};
use manicule::edit::{Change, Edit, Transaction, ops};
use manicule::model::{Entity, EntityId, MarkId, ProjectInfo, Settings};
use manicule::store::Places;
use manicule::workspace::dictionaries::Dictionaries;
use manicule::workspace::{OpenOptions, Who, Workspace};

use crate::desk::{Desk, make_project};

const TEXT: &str = "Ada Stone opened the bridge. Stone smiled. She left. Noor Ali of the United Nations spoke. The UN waited for Ada Stone.\n";

impl Desk {
    /// The name of the entity that the selected mention means.
    fn meaning(&self) -> Option<String> {
        let Some(MarkId::Span(id)) = self.app().selected_mark() else { return None };
        let entity = self.app().shown_sheet().unwrap().spans[&id].entity?;
        self.app().workspace().unwrap().state().entity(entity).map(|(_, entity)| entity.name.clone())
    }

    pub fn entity_names(&self) -> Vec<String> {
        let mut names: Vec<String> = self.app().workspace().unwrap().state().living_entities().map(|(_, entity)| entity.name.clone()).collect();
        names.sort();
        names
    }

    fn entity(&self, name: &str) -> EntityId {
        self.app().workspace().unwrap().state().entities.iter().find(|(_, entity)| entity.name == name).map(|(id, _)| *id).unwrap()
    }

    fn label(&mut self, part: &str, n: usize, key: Key) {
        let place = self.find_nth(part, n);
        let from = self.app().place_on_screen(place.start, place.start + 1).unwrap().left_center();
        let to = self.app().place_on_screen(place.end - 1, place.end).unwrap().right_center();
        self.drag(from + eframe::egui::vec2(1.0, 0.0), to - eframe::egui::vec2(1.0, 0.0), Modifiers::NONE);
        self.keys(&[key, Key::Enter]);
    }

    /// Five mentions of three entities.
    fn with_entities() -> Self {
        let mut desk = Self::open_text(TEXT);
        desk.label("Ada Stone", 0, Key::P);
        desk.label("Stone", 1, Key::P);
        desk.label("She", 0, Key::P);
        desk.label("Noor Ali", 0, Key::P);
        desk.label("United Nations", 0, Key::O);
        desk.label("UN", 0, Key::O);
        desk
    }
}

#[test]
fn parts_pronouns_and_initials_are_linked_by_enter() {
    let desk = Desk::with_entities();
    assert_eq!(desk.entity_names(), ["Ada Stone", "Noor Ali", "United Nations"]);
    let sheet = desk.app().shown_sheet().unwrap();
    let of = |name: &str| sheet.spans.values().filter(|span| span.entity == Some(desk.entity(name))).count();
    assert_eq!([of("Ada Stone"), of("Noor Ali"), of("United Nations")], [3, 1, 2]);
}

#[test]
fn a_stated_key_makes_a_new_entity_although_one_fits() {
    let mut desk = Desk::open_text(TEXT);
    desk.label("Ada Stone", 0, Key::P);
    desk.drag_over("Stone smiled");
    desk.keys(&[Key::P]);
    desk.key(Key::Enter, Modifiers::SHIFT);
    assert_eq!(desk.entity_names(), ["Ada Stone", "Stone smiled"]);
}

#[test]
fn a_chain_is_walked_by_key() {
    let mut desk = Desk::with_entities();
    desk.click_at(desk.letter("Ada"));
    let first = desk.app().selected_mark();
    let alt = |desk: &mut Desk, key| desk.key(key, Modifiers::ALT);
    alt(&mut desk, Key::Period);
    alt(&mut desk, Key::Period);
    assert_eq!(desk.meaning().as_deref(), Some("Ada Stone"));
    assert_ne!(desk.app().selected_mark(), first);
    alt(&mut desk, Key::Period);
    assert_eq!(desk.app().selected_mark(), first, "round and round");
    alt(&mut desk, Key::Comma);
    assert_ne!(desk.app().selected_mark(), first);
}

#[test]
fn a_mention_is_unlinked_and_linked_again() {
    let mut desk = Desk::with_entities();
    desk.click_at(desk.letter("Noor"));
    desk.keys(&[Key::Equals, Key::Num0]);
    assert_eq!(desk.meaning(), None);
    desk.keys(&[Key::Equals, Key::Slash]);
    desk.type_focused("nations");
    desk.keys(&[Key::Enter]);
    assert_eq!(desk.meaning().as_deref(), Some("United Nations"));
}

#[test]
fn entities_are_renamed_and_get_checked_ids() {
    let mut desk = Desk::with_entities();
    desk.keys(&[Key::F8]);
    desk.click_row("Noor Ali");
    desk.refill("Name", "Noor Ali Khan");
    desk.keys(&[Key::Escape]);
    assert!(desk.entity_names().contains(&"Noor Ali Khan".to_owned()));
    desk.type_into("Ids, one a line: Wikidata (Q42) or https://…", "wd:Q42");
    let ids = |desk: &Desk| desk.app().workspace().unwrap().state().entities[&desk.entity("Noor Ali Khan")].knowledge_base_ids.clone();
    assert_eq!(ids(&desk), ["Q42".to_owned()].into());
    desk.refill("Ids, one a line: Wikidata (Q42) or https://…", "nonsense");
    desk.keys(&[Key::Escape]);
    assert!(desk.has("nonsense"), "the message names it");
    assert_eq!(ids(&desk), ["Q42".to_owned()].into(), "and nothing is lost");
}

#[test]
fn entities_are_merged_and_taken_apart() {
    let mut desk = Desk::with_entities();
    desk.keys(&[Key::F8]);
    desk.click_row("Noor Ali");
    let ada = desk.harness_row("Ada Stone");
    desk.clicks_at(ada, 1, Modifiers::COMMAND);
    desk.click_button("Merge into Noor Ali");
    assert_eq!(desk.entity_names(), ["Noor Ali", "United Nations"]);
    desk.click_button("Take out Ada Stone");
    assert_eq!(desk.entity_names(), ["Ada Stone", "Noor Ali", "United Nations"]);
    desk.ctrl(Key::Z);
    assert_eq!(desk.entity_names().len(), 2, "each is one step");
    desk.ctrl(Key::Z);
    assert_eq!(desk.entity_names().len(), 3);
}

#[test]
fn the_table_works_by_key() {
    let mut desk = Desk::with_entities();
    desk.keys(&[Key::Escape, Key::Escape, Key::F8]);
    // Ada Stone is chosen, then merged into the next.
    desk.keys(&[Key::ArrowDown, Key::Space]);
    desk.key(Key::M, Modifiers::COMMAND | Modifiers::SHIFT);
    assert_eq!(desk.entity_names(), ["Noor Ali", "United Nations"]);
    desk.keys(&[Key::Escape]);
    assert!(desk.app().place_on_screen(0, 1).is_some(), "back to the article");
}

#[test]
fn deleting_shows_the_uses_first() {
    let mut desk = Desk::with_entities();
    desk.keys(&[Key::F8]);
    desk.click_row("United Nations");
    desk.click_button("Delete…");
    assert!(desk.has("You use it in 2 places"));
    desk.click_button("Delete");
    assert_eq!(desk.entity_names(), ["Ada Stone", "Noor Ali"]);
    assert_eq!(desk.app().shown_sheet().unwrap().spans.values().filter(|span| span.entity.is_none()).count(), 2);
    desk.ctrl(Key::Z);
    assert!(desk.app().shown_sheet().unwrap().spans.values().all(|span| span.entity.is_some()), "one step");
}

#[test]
fn splitting_gives_chosen_uses_to_a_new_entity() {
    let mut desk = Desk::with_entities();
    desk.keys(&[Key::F8]);
    desk.click_row("Ada Stone");
    desk.click_button("Split…");
    desk.click_contains("She — ");
    desk.fill("Name of the new entity", "Somebody");
    desk.click_button("Split");
    assert_eq!(desk.entity_names(), ["Ada Stone", "Noor Ali", "Somebody", "United Nations"]);
    let sheet = desk.app().shown_sheet().unwrap();
    assert_eq!(sheet.spans.values().filter(|span| span.entity == Some(desk.entity("Somebody"))).count(), 1);
}

#[test]
fn likely_duplicates_are_shown_and_merged() {
    let mut desk = Desk::open_text("Ada Stone and ADA STONE and Noor Ali.\n");
    desk.label("Ada Stone", 0, Key::P);
    desk.drag_over("ADA STONE");
    desk.keys(&[Key::P]);
    desk.key(Key::Enter, Modifiers::SHIFT);
    desk.keys(&[Key::F8]);
    desk.click("Likely duplicates");
    desk.click_button("Merge into Ada Stone");
    assert_eq!(desk.entity_names(), ["Ada Stone"]);
}

#[test]
fn a_deleted_entity_is_not_offered_and_is_named_where_it_still_stands() {
    let mut desk = Desk::with_entities();
    desk.keys(&[Key::F8]);
    desk.click_row("Ada Stone");
    desk.click_button("Delete…");
    desk.click_button("Delete");
    desk.keys(&[Key::Escape]);
    desk.click_at(desk.letter("Ada"));
    desk.keys(&[Key::Equals]);
    assert!(!desk.has("Ada Stone PER"));
    assert_eq!(desk.meaning(), None);
}

#[test]
fn entities_of_the_article_are_listed_with_counts() {
    let mut desk = Desk::with_entities();
    desk.keys(&[Key::Escape, Key::Escape]);
    desk.click("Entities");
    desk.click_row("Ada Stone 3");
    assert!(desk.has("Note on the entity"), "the inspector shows it");
}

#[test]
fn a_dictionary_of_the_project_is_offered_first_where_no_entity_fits() {
    let folder = tempfile::tempdir().unwrap();
    let dir = folder.path().join("study");
    make_project(&dir, &[TEXT], folder.path());
    let dictionaries = Dictionaries::of_project(&dir, &Places::under(folder.path())).unwrap();
    dictionaries.add("names.csv", b"name,id\nNoor Ali,Q42\n", None).unwrap();
    let mut desk = Desk::start(folder, vec![dir], Vec::new());
    desk.label("Noor Ali", 0, Key::P);
    let entities = &desk.app().workspace().unwrap().state().entities;
    let ids: Vec<String> = entities.values().flat_map(|entity| entity.knowledge_base_ids.iter().cloned()).collect();
    assert_eq!((desk.entity_names(), ids), (vec!["Noor Ali".to_owned()], vec!["Q42".to_owned()]));
}

/// A project with an entity of another coder; `is_private` says whether coders see only their own.
fn with_an_entity_of_somebody_else(is_private: bool) -> Desk {
    let folder = tempfile::tempdir().unwrap();
    let dir = folder.path().join("study");
    make_project(&dir, &[TEXT], folder.path());
    let mut workspace = open_as(&dir, folder.path(), "Ben Other");
    let made_by = Some(workspace.coder().clone());
    let entity = Entity { made_by, ..Entity::new("Ada Stone", None) };
    let project = workspace.state().project.clone();
    let private = ProjectInfo { settings: Settings { own_entities_only: is_private }, ..project.clone() };
    let edits = vec![Edit::Entity(Change::insert(EntityId(workspace.next_id()), entity)), Edit::Project(Change::replace((), project, private))];
    workspace.apply(Transaction::new("prepare", edits)).unwrap();
    workspace.close().unwrap();
    Desk::start(folder, vec![dir], Vec::new())
}

fn open_as(dir: &Path, home: &Path, name: &str) -> Workspace {
    let who = OpenOptions::read_write(Who::Named(name.to_owned()));
    Workspace::open(dir, who, &Places::under(home)).unwrap().workspace
}

#[test]
fn entities_of_others_are_offered_unless_the_project_keeps_them_apart() {
    let mut desk = with_an_entity_of_somebody_else(false);
    desk.label("Ada Stone", 0, Key::P);
    assert_eq!(desk.entity_names(), ["Ada Stone"]);
    let mut desk = with_an_entity_of_somebody_else(true);
    desk.label("Ada Stone", 0, Key::P);
    assert_eq!(desk.entity_names(), ["Ada Stone", "Ada Stone"], "an own one is made");
}

#[test]
fn what_another_coder_merges_meanwhile_is_followed_and_nothing_is_lost() {
    let folder = tempfile::tempdir().unwrap();
    let (dir, home) = (folder.path().join("study"), folder.path().to_owned());
    make_project(&dir, &[TEXT], &home);
    let mut desk = Desk::start(folder, vec![dir.clone()], Vec::new());
    for (name, nth) in [("Ada Stone", 0), ("Noor Ali", 0)] {
        desk.label(name, nth, Key::P);
    }
    desk.ctrl(Key::S);
    let (ada, noor) = (desk.entity("Ada Stone"), desk.entity("Noor Ali"));
    let mut other = open_as(&dir, &home, "Ben Other");
    let merge = ops::merge_entities(other.state(), ada, &[noor]).unwrap();
    other.apply(merge).unwrap();
    other.close().unwrap();
    desk.label("Stone", 1, Key::P);
    desk.ctrl(Key::S);
    desk.rest();
    let desk = desk.reopen();
    assert_eq!(desk.entity_names(), ["Ada Stone"]);
    assert_eq!(desk.app().shown_sheet().unwrap().spans.len(), 3);
}
