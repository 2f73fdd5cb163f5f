//! Nothing is lost: what others change, earlier states, the log of activity, and what the bottom line says.

use eframe::egui::{Event, Key};
use manicule::edit::{Change, Edit, Transaction};
use manicule::model::{Entity, EntityId};
use manicule::store::Places;
use manicule::workspace::{OpenOptions, SaveState, Who, Workspace};

use crate::desk::Desk;

impl Desk {
    /// Another coder opens the project, does something, and closes it.
    fn meanwhile(&self, work: impl FnOnce(&mut Workspace)) {
        let who = OpenOptions::read_write(Who::Named("Ben Other".to_owned()));
        let dir = self.app().workspace().unwrap().dir().to_owned();
        let mut workspace = Workspace::open(&dir, who, &Places::under(&self.folder.path().join("of ben"))).unwrap().workspace;
        work(&mut workspace);
        workspace.close().unwrap();
    }

    /// The user comes back from another window.
    fn come_back(&mut self) {
        self.harness.event(Event::WindowFocused(true));
        self.rest();
    }

    fn label_with(&mut self, words: &str, key: Key) {
        self.drag_over(words);
        self.keys(&[key, Key::Enter]);
    }

    /// Saves, and waits until a state is noted.
    fn save(&mut self) {
        self.ctrl(Key::S);
        self.rest();
        assert_eq!(self.app().workspace().unwrap().save_state(), SaveState::Saved);
    }
}

fn add_entity(workspace: &mut Workspace, name: &str) {
    let edit = Edit::Entity(Change::insert(EntityId(workspace.next_id()), Entity::new(name, None)));
    workspace.apply(Transaction::new("add entity", vec![edit])).unwrap();
}

#[test]
fn what_others_add_is_taken_in_when_the_user_comes_back() {
    let mut desk = Desk::open();
    desk.label_with("Ada Stone", Key::P);
    desk.save();
    desk.meanwhile(|workspace| add_entity(workspace, "Harbour Bridge"));
    assert_eq!(desk.entity_names(), ["Ada Stone"]);
    desk.come_back();
    assert_eq!(desk.entity_names(), ["Ada Stone", "Harbour Bridge"]);
    assert!(desk.has("2 rows that were changed outside are taken in"), "the entity and the coder");
    desk.save();
    assert_eq!(desk.reopen().entity_names(), ["Ada Stone", "Harbour Bridge"]);
}

#[test]
fn where_both_changed_a_row_the_user_is_asked() {
    let mut desk = Desk::open();
    desk.label_with("Ada Stone", Key::P);
    desk.save();
    desk.meanwhile(|workspace| {
        let (id, before) = workspace.state().entities.iter().next().map(|(id, entity)| (*id, entity.clone())).unwrap();
        let after = Entity { name: "Ada M. Stone".to_owned(), ..before.clone() };
        workspace.apply(Transaction::new("rename", vec![Edit::Entity(Change::replace(id, before, after))])).unwrap();
    });
    desk.keys(&[Key::F8]);
    desk.click("Ada Stone");
    desk.refill("Name", "Ada Stoner");
    desk.keys(&[Key::Enter]);
    desk.come_back();
    assert_eq!(desk.entity_names(), ["Ada Stoner"], "nothing is overwritten");
    desk.ctrl(Key::S);
    desk.rest();
    assert!(desk.has("Not saved"));
    desk.click_button("Take outside changes");
    assert_eq!(desk.entity_names(), ["Ada M. Stone"]);
    desk.save();
}

#[test]
fn an_earlier_state_is_compared_restored_and_undone() {
    let mut desk = Desk::open();
    desk.label_with("Ada Stone", Key::P);
    let mut desk = desk.reopen();
    desk.label_with("Noor Ali", Key::P);
    desk.save();
    desk.menu("File", "Earlier states…");
    assert!(desk.has("Choose a state to see what differs from now."));
    desk.click_first_row_with("closed");
    assert!(desk.has("annotations of tess-coder, 1 span, changed since"), "what differs");
    desk.click_button("Restore");
    assert_eq!(desk.marks(), ["PER: Ada Stone"]);
    assert_eq!(desk.entity_names(), ["Ada Stone"]);
    desk.ctrl(Key::Z);
    assert_eq!(desk.marks(), ["PER: Ada Stone", "PER: Noor Ali"]);
    assert_eq!(desk.entity_names(), ["Ada Stone", "Noor Ali"]);
}

#[test]
fn a_state_of_a_project_whose_folder_is_gone_opens_as_a_copy() {
    let mut desk = Desk::open();
    desk.label_with("Ada Stone", Key::P);
    let folder = desk.close();
    std::fs::remove_dir_all(folder.path().join("study")).unwrap();
    let copy = folder.path().join("again");
    let mut desk = Desk::start(folder, Vec::new(), Vec::new());
    desk.menu("File", "Earlier states…");
    desk.click_first_row_with("closed");
    desk.refill("Open it as a copy in (new or empty folder)", copy.to_str().unwrap());
    desk.click_button("Open a copy");
    desk.rest();
    if desk.has("Go on as Tess Coder") {
        desk.click_button("Go on as Tess Coder");
    }
    assert_eq!(desk.app().workspace().unwrap().dir(), copy);
    assert_eq!(desk.marks(), ["PER: Ada Stone"]);
}

#[test]
fn the_log_of_activity_can_be_exported_and_switched_off() {
    let mut desk = Desk::open();
    desk.label_with("Ada Stone", Key::P);
    desk.ctrl(Key::Z);
    assert!(desk.has("0 min"), "the time at work");
    desk.menu("File", "✔ Log my activity");
    desk.label_with("Noor Ali", Key::P);
    let path = desk.folder.path().join("log.csv");
    desk.menu("File", "Export activity…");
    desk.refill("Write to", path.to_str().unwrap());
    desk.click_button("Export");
    let log = std::fs::read_to_string(path).unwrap();
    let actions: Vec<&str> = log.lines().skip(1).filter_map(|line| line.split(',').nth(3)).filter(|action| *action != "active").collect();
    assert_eq!(log.lines().next(), Some("time,coder,document,action,seconds"));
    assert!(actions.len() >= 2 && actions.last().is_some_and(|action| action.starts_with("undo ")), "{log}");
}

#[test]
fn what_is_typed_into_one_field_is_safe_piece_by_piece_and_one_step_to_undo() {
    let mut desk = Desk::open();
    desk.label_with("Ada Stone", Key::P);
    let steps = desk.app().workspace().unwrap().history().undo_len();
    for piece in ["the mayor", ", since 2020", "?"] {
        desk.type_into("Note", piece);
    }
    let note = |desk: &Desk| desk.app().shown_sheet().unwrap().spans.values().next().unwrap().note().to_owned();
    assert_eq!(note(&desk), "the mayor, since 2020?");
    assert_eq!(desk.app().workspace().unwrap().history().undo_len(), steps + 1);
    desk.ctrl(Key::Z);
    assert_eq!(note(&desk), "");
}
