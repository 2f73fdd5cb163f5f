//! First start, opening, other windows.

use eframe::egui::{Key, Modifiers};
use egui_kittest::kittest::Queryable;

use manicule::store::{Places, Preferences};

use crate::desk::{ARTICLE, Desk, make_project};

#[test]
fn the_first_start_asks_for_the_name_once() {
    let folder = tempfile::tempdir().unwrap();
    let project = folder.path().join("study");
    make_project(&project, &[ARTICLE], folder.path());
    let mut desk = Desk::start_anew(folder, vec![project], Vec::new());
    assert!(desk.has("Welcome to Manicule"));
    desk.type_focused("Zoe New");
    desk.rest();
    desk.click("Begin");
    assert!(desk.has("Who annotates here?"), "the project has a coder, and it is somebody else");
    desk.click("Begin as Zoe New");
    assert_eq!(desk.app().workspace().unwrap().coder().as_str(), "zoe-new");
    assert_eq!(desk.app().shown_text().unwrap(), ARTICLE);
    let desk = desk.reopen();
    assert!(!desk.has("Welcome to Manicule"));
}

#[test]
fn one_can_go_on_as_a_coder_of_the_project() {
    let folder = tempfile::tempdir().unwrap();
    let project = folder.path().join("study");
    make_project(&project, &[ARTICLE], folder.path());
    Preferences { coder_name: Some("Zoe New".to_owned()), ..Preferences::default() }.save(&Places::under(folder.path())).unwrap();
    let mut desk = Desk::start_anew(folder, vec![project], Vec::new());
    desk.click("Go on as Tess Coder");
    assert_eq!(desk.app().workspace().unwrap().coder().as_str(), "tess-coder");
    let desk = desk.reopen();
    assert_eq!(desk.app().workspace().unwrap().coder().as_str(), "tess-coder", "asked once");
}

#[test]
fn an_empty_start_says_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let desk = Desk::start(folder, Vec::new(), Vec::new());
    assert!(desk.has("No project is open"));
    assert!(desk.has("New project…"));
}

#[test]
fn a_second_window_of_the_same_coder_is_read_only() {
    let first = Desk::open();
    let project = first.folder.path().join("study");
    let other = tempfile::tempdir().unwrap();
    let mut second = Desk::start(other, vec![project], Vec::new());
    assert!(second.has("Read-only:"));
    second.drag_over("Ada Stone");
    second.keys(&[Key::P]);
    assert!(second.marks().is_empty());
    assert_eq!(second.app().shown_text().unwrap(), ARTICLE);
}

#[test]
fn the_text_of_a_large_article_is_shown_while_its_sheet_is_read() {
    let paragraph = "The council of the harbour talked about the bridge for a whole day and came to no end of it.\n\n";
    let large = format!("Zinc\n\n{}", paragraph.repeat(5_000_000 / paragraph.len()));
    let mut desk = Desk::open_texts(&["Alder\n\nA short one.\n", &large]);
    desk.open_document_titled("Zinc");
    desk.harness.state_mut().show_at_top(2_500_000);
    desk.rest();
    let place = desk.app().place().unwrap();
    assert!(place > 2_400_000, "{place}");
    desk.open_document_titled("Alder");
    assert_eq!(desk.app().place(), Some(0));
    desk.harness.get_by_label_contains("Zinc").click();
    let mut previewed = Vec::new();
    for _ in 0..8 {
        desk.harness.step();
        previewed.extend(desk.app().previewed_place());
    }
    assert!(!previewed.is_empty() && previewed.iter().all(|seen| *seen == place), "{previewed:?} where it was {place}");
    assert_eq!((desk.app().place(), desk.app().previewed_place()), (Some(place), None));
    desk.put_caret_and_label();
    desk.keys(&[Key::Enter]);
    desk.count_while_it_is_read(place + paragraph.len() + 4);
}

impl Desk {
    /// Whoever asks for counts while a large article is read gets them with what it says.
    fn count_while_it_is_read(mut self, next: usize) {
        let name = self.app().workspace().unwrap().state().entities.values().next().unwrap().name.clone();
        self.open_document_titled("Alder");
        let mut desk = self.reopen();
        desk.harness.get_by_label_contains("Zinc").click();
        while desk.app().previewed_place().is_none() {
            desk.harness.step();
        }
        desk.harness.key_press(Key::F8);
        desk.rest();
        assert_eq!(desk.app().previewed_place(), None);
        desk.check_uses(&name, "You use it in 1 place");
        desk.harness.state_mut().put_caret(next);
        desk.rest();
        desk.keys(&[Key::O, Key::Enter, Key::F8]);
        desk.check_uses(&name, "You use it in 2 places");
    }

    fn check_uses(&mut self, name: &str, uses: &str) {
        self.click_row(name);
        self.click_button("Delete…");
        assert!(self.has(uses), "{uses}");
        self.click_button("Cancel");
        self.keys(&[Key::F8]);
    }

    /// What is shown can be worked on.
    fn put_caret_and_label(&mut self) {
        let place = self.app().place().unwrap();
        self.harness.state_mut().put_caret(place + 4);
        self.rest();
        self.keys(&[Key::O]);
        assert_eq!(self.app().shown_sheet().unwrap().spans.len(), 1);
    }
}

#[test]
fn a_large_import_comes_in_pieces_and_is_one_step_to_undo() {
    let mut desk = Desk::open();
    let folder = desk.folder.path().join("posts");
    std::fs::create_dir(&folder).unwrap();
    for number in 0..310 {
        std::fs::write(folder.join(format!("{number:03}.txt")), format!("Post {number}\n\nThe bridge is open.\n")).unwrap();
    }
    desk.drop_files(&[folder]);
    let present = |desk: &Desk| desk.app().workspace().unwrap().state().present_documents().count();
    assert_eq!((present(&desk), desk.app().has_jobs()), (311, false));
    assert!(desk.shows("310 documents were added"));
    desk.ctrl(Key::Z);
    assert_eq!(present(&desk), 1);
    desk.key(Key::Z, Modifiers::COMMAND | Modifiers::SHIFT);
    let desk = desk.reopen();
    assert_eq!(present(&desk), 311);
}
