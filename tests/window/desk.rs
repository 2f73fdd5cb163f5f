//! A window on a project of its own, and hands.

use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use eframe::egui::{DroppedFile, Event, Key, Modifiers, MouseWheelSource, MouseWheelUnit, PointerButton, Pos2, Role, TouchPhase, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT, Queryable};
use manicule::app::{App, PathUse, Picker, Runner};
use manicule::model::{Document, IdSource, MarkId};
use manicule::store::templates::template;
use manicule::store::{Places, Preferences};
use manicule::text::Text;
use manicule::workspace::{NewDocument, NewProject, Workspace};

pub const ARTICLE: &str = "Mayor opens new bridge\n\nMayor Ada Stone opened the Harbour Bridge on Monday. \"It is safe,\" said Stone. \"It will last a hundred years.\"\n\nCritics of the city council disagree: engineer Noor Ali told the Daily Post that the steel is too thin.\n";

/// Answers with the same paths whatever is asked.
pub struct FakePicker(pub Vec<PathBuf>);

impl Picker for FakePicker {
    fn for_thread(&self) -> Box<dyn FnOnce(PathUse) -> Vec<PathBuf> + Send> {
        let paths = self.0.clone();
        Box::new(move |_| paths)
    }
}

/// A file in the air over the window.
#[derive(Debug)]
struct Dropped(PathBuf);

impl DroppedFile for Dropped {
    fn path(&self) -> &Path {
        &self.0
    }

    fn bytes(&self) -> Result<Vec<u8>, String> {
        std::fs::read(&self.0).map_err(|error| error.to_string())
    }
}

/// A window with everything it needs.
pub struct Desk {
    pub harness: Harness<'static, App>,
    pub folder: tempfile::TempDir,
    /// How many keys were pressed.
    pub pressed: usize,
}

impl Desk {
    /// The window on a project with [`ARTICLE`] in it.
    pub fn open() -> Self {
        Self::open_text(ARTICLE)
    }

    /// The window on a project with one article.
    pub fn open_text(text: &str) -> Self {
        Self::open_texts(&[text])
    }

    /// The window on a project with some articles.
    pub fn open_texts(texts: &[&str]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        make_project(&folder.path().join("study"), texts, folder.path());
        let paths = vec![folder.path().join("study")];
        Self::start(folder, paths, Vec::new())
    }

    /// A window for a coder who is known, in a folder where anything may be.
    pub fn start(folder: tempfile::TempDir, paths: Vec<PathBuf>, picks: Vec<PathBuf>) -> Self {
        let places = Places::under(folder.path());
        let preferences = Preferences { coder_name: Some("Tess Coder".to_owned()), ..Preferences::default() };
        preferences.save(&places).unwrap();
        Self::start_anew(folder, paths, picks)
    }

    /// A window without a project, for a coder who is known.
    pub fn empty() -> Self {
        Self::start(tempfile::tempdir().unwrap(), Vec::new(), Vec::new())
    }

    /// A window with whatever preferences are there.
    pub fn start_anew(folder: tempfile::TempDir, paths: Vec<PathBuf>, picks: Vec<PathBuf>) -> Self {
        let places = Places::under(folder.path());
        Self::start_at(folder, places, paths, picks)
    }

    /// A window whose places are given, for faults of the disk.
    pub fn start_at(folder: tempfile::TempDir, places: Places, paths: Vec<PathBuf>, picks: Vec<PathBuf>) -> Self {
        let builder = Harness::builder().with_size(vec2(1280.0, 820.0)).with_max_steps(200).allow_missing_glyphs();
        let harness = builder.build_eframe(move |creation| {
            let mut app = App::new(&creation.egui_ctx, places, Box::new(FakePicker(picks)), Runner::Inline);
            app.start_with(paths);
            app
        });
        let mut desk = Self { harness, folder, pressed: 0 };
        desk.rest();
        desk
    }

    /// Closes the window.
    pub fn close(self) -> tempfile::TempDir {
        let Self { mut harness, folder, .. } = self;
        eframe::App::on_exit(harness.state_mut(), None);
        folder
    }

    /// Closes the window and opens it again on the same project.
    pub fn reopen(self) -> Self {
        let folder = self.close();
        let paths = vec![folder.path().join("study")];
        Self::start_anew(folder, paths, Vec::new())
    }

    /// Writes a file beside the project.
    pub fn file(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.folder.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        path
    }

    /// Drops files on the window.
    pub fn drop_files(&mut self, paths: &[PathBuf]) {
        self.harness.input_mut().dropped_files = paths.iter().map(|path| Arc::new(Dropped(path.clone())) as _).collect();
        self.rest();
    }

    /// Opens files by File › Open, with their paths typed.
    pub fn open_typed(&mut self, paths: &[PathBuf]) {
        self.ctrl(Key::O);
        let lines: Vec<String> = paths.iter().map(|path| path.display().to_string()).collect();
        self.fill("Paths, one a line", &lines.join("\n"));
        self.click_button("Open");
    }

    /// Titles of all documents outside the trash, sorted.
    pub fn titles(&self) -> Vec<String> {
        let workspace = self.app().workspace().expect("a project is open");
        let mut titles: Vec<String> = workspace.state().present_documents().map(|(_, document)| document.title.clone()).collect();
        titles.sort();
        titles
    }

    /// Frames until nothing moves.
    pub fn rest(&mut self) {
        for _ in 0..4 {
            self.harness.step();
        }
        let _ = self.harness.try_run_realtime();
    }

    /// So many frames, whatever moves.
    pub fn frames(&mut self, count: usize) {
        (0..count).for_each(|_| self.harness.step());
    }

    /// Presses a key, and nothing after its frame.
    pub fn press_now(&mut self, key: Key, modifiers: Modifiers) {
        self.pressed += 1;
        self.harness.key_press_modifiers(modifiers, key);
        self.harness.step();
    }

    pub fn app(&self) -> &App {
        self.harness.state()
    }

    /// The bytes of the n-th place of a string, from 0.
    pub fn find(&self, needle: &str) -> Range<usize> {
        self.find_nth(needle, 0)
    }

    pub fn find_nth(&self, needle: &str, n: usize) -> Range<usize> {
        let text = self.app().shown_text().unwrap();
        let start = text.match_indices(needle).nth(n).unwrap_or_else(|| panic!("{needle:?} is there")).0;
        start..start + needle.len()
    }

    /// The middle of the first letter of a string.
    pub fn letter(&self, needle: &str) -> Pos2 {
        let place = self.find(needle);
        let end = place.start + needle.chars().next().unwrap().len_utf8();
        self.app().place_on_screen(place.start, end).expect("it is in view").center()
    }

    fn edges(&self, needle: &str) -> (Pos2, Pos2) {
        let place = self.find(needle);
        let first = self.app().place_on_screen(place.start, place.end).unwrap();
        let last = self.app().place_on_screen(place.end - 1, place.end).unwrap();
        (first.left_center() + vec2(1.0, 0.0), last.right_center() - vec2(1.0, 0.0))
    }

    pub fn click_at(&mut self, at: Pos2) {
        self.clicks_at(at, 1, Modifiers::NONE);
    }

    pub fn clicks_at(&mut self, at: Pos2, count: usize, modifiers: Modifiers) {
        self.harness.event(Event::PointerMoved(at));
        self.harness.step();
        for _ in 0..count {
            for pressed in [true, false] {
                self.harness.event_modifiers(Event::PointerButton { pos: at, button: PointerButton::Primary, pressed, modifiers }, modifiers);
            }
            self.harness.step();
        }
        self.rest();
    }

    /// A press and its release within one frame.
    pub fn tap(&mut self, at: Pos2) {
        self.harness.event(Event::PointerMoved(at));
        self.harness.step();
        let button = |pressed| Event::PointerButton { pos: at, button: PointerButton::Primary, pressed, modifiers: Modifiers::NONE };
        self.harness.input_mut().events.extend([true, false].map(button));
        self.rest();
    }

    pub fn drag(&mut self, from: Pos2, to: Pos2, modifiers: Modifiers) {
        let button = |pos, pressed| Event::PointerButton { pos, button: PointerButton::Primary, pressed, modifiers };
        self.harness.event_modifiers(Event::PointerMoved(from), modifiers);
        self.harness.step();
        self.harness.event_modifiers(button(from, true), modifiers);
        self.harness.step();
        for part in [0.3, 0.7, 1.0] {
            self.harness.event_modifiers(Event::PointerMoved(from + (to - from) * part), modifiers);
            self.harness.step();
        }
        self.harness.event_modifiers(button(to, false), modifiers);
        self.rest();
    }

    /// Drags over a string with the mouse.
    pub fn drag_over(&mut self, needle: &str) {
        let (from, to) = self.edges(needle);
        self.drag(from, to, Modifiers::NONE);
    }

    pub fn drag_over_with(&mut self, needle: &str, modifiers: Modifiers) {
        let (from, to) = self.edges(needle);
        self.drag(from, to, modifiers);
    }

    pub fn wheel(&mut self, points: f32) {
        self.harness.event(Event::MouseWheel {
            unit: MouseWheelUnit::Point,
            delta: vec2(0.0, -points),
            modifiers: Modifiers::NONE,
            phase: TouchPhase::Move,
            source: MouseWheelSource::Wheel,
        });
        self.rest();
    }

    /// Presses keys, one after the other.
    pub fn keys(&mut self, keys: &[Key]) {
        for key in keys {
            self.key(*key, Modifiers::NONE);
        }
    }

    pub fn key(&mut self, key: Key, modifiers: Modifiers) {
        self.pressed += 1;
        self.harness.key_press_modifiers(modifiers, key);
        self.rest();
    }

    pub fn ctrl(&mut self, key: Key) {
        self.key(key, Modifiers::COMMAND);
    }

    /// Clicks the widget with this accessible name.
    pub fn click(&mut self, name: &str) {
        self.harness.get_by_label(name).click();
        self.rest();
    }

    /// Clicks the row of a list with this accessible name.
    pub fn click_row(&mut self, name: &str) {
        self.harness.get_by_role_and_label(Role::ListBoxOption, name).click();
        self.rest();
    }

    /// Clicks the button with this accessible name.
    pub fn click_button(&mut self, name: &str) {
        self.harness.get_by_role_and_label(eframe::egui::Role::Button, name).click();
        self.rest();
    }

    /// Chooses a row of a menu of the menu bar.
    pub fn menu(&mut self, menu: &str, row: &str) {
        self.click_button(menu);
        let row =
            self.harness.query_all_by_role(Role::Button).rfind(|node| node.accesskit_node().label().is_some_and(|label| label.starts_with(row)));
        row.expect("the menu has the row").click();
        self.rest();
    }

    /// Opens a list of choices and takes one.
    pub fn choose(&mut self, list: &str, choice: &str) {
        self.harness.get_by_role_and_label(Role::ComboBox, list).click();
        self.rest();
        // A long list scrolls.
        self.harness.get_by_role_and_label(Role::Button, choice).scroll_to_me();
        self.rest();
        self.click_button(choice);
    }

    /// Empties the field with this name and types into it.
    pub fn refill(&mut self, name: &str, text: &str) {
        self.field(name).focus();
        self.rest();
        self.ctrl(Key::A);
        self.fill(name, text);
    }

    /// The middle of the widget with this accessible name.
    pub fn harness_place(&self, name: &str) -> Pos2 {
        self.harness.get_by_label(name).rect().center()
    }

    /// The middle of the row of a list with this accessible name.
    pub fn harness_row(&self, name: &str) -> Pos2 {
        self.harness.get_by_role_and_label(Role::ListBoxOption, name).rect().center()
    }

    /// Clicks the widget whose accessible name has these words.
    pub fn click_contains(&mut self, words: &str) {
        self.harness.get_by_label_contains(words).click();
        self.rest();
    }

    /// Clicks the first row of a list that has these words.
    pub fn click_first_row_with(&mut self, words: &str) {
        let has_words = |label: Option<String>| label.is_some_and(|label| label.contains(words));
        let row = self.harness.query_all_by_role(Role::ListBoxOption).find(|row| has_words(row.accesskit_node().label()));
        row.expect("a row has the words").click();
        self.rest();
    }

    /// Shows the document with this title.
    pub fn open_document_titled(&mut self, title: &str) {
        self.click_row(title);
    }

    pub fn has(&self, name: &str) -> bool {
        self.harness.query_all_by_label_contains(name).next().is_some()
    }

    /// True when a row of the article reads so.
    pub fn shows(&self, text: &str) -> bool {
        let runs = self.harness.query_all_by_role(Role::TextRun);
        runs.filter_map(|node| node.value()).any(|value| value.contains(text))
    }

    /// The text field with this name; something else may be called so, too.
    fn field<'s>(&'s self, name: &'s str) -> egui_kittest::Node<'s> {
        let is_field = |node: &egui_kittest::Node<'_>| matches!(node.accesskit_node().role(), Role::TextInput | Role::MultilineTextInput);
        let mut fields = self.harness.query_all_by_label(name).filter(is_field);
        let field = fields.next().unwrap_or_else(|| panic!("no field is called {name}"));
        assert!(fields.next().is_none(), "two fields are called {name}");
        field
    }

    /// Types into the field of a dialog with this name, after what is there.
    pub fn fill(&mut self, name: &str, text: &str) {
        self.field(name).focus();
        self.rest();
        self.field(name).type_text(text);
        self.rest();
    }

    /// Types into the field with this name, after what is there, and leaves it.
    pub fn type_into(&mut self, name: &str, text: &str) {
        self.fill(name, text);
        // Leaving the field keeps what was typed.
        self.keys(&[Key::Escape]);
    }

    /// Types into whatever has the keyboard.
    pub fn type_focused(&mut self, text: &str) {
        self.harness.event(Event::Text(text.to_owned()));
        self.rest();
    }

    /// All marks as `LABEL: quote`, in text order.
    pub fn marks(&self) -> Vec<String> {
        let sheet = self.app().shown_sheet().unwrap();
        let text = Text::new(self.app().shown_text().unwrap());
        let label = |mark: MarkId| match mark {
            MarkId::Span(id) => sheet.spans[&id].label.to_string(),
            MarkId::Claim(id) => sheet.claims[&id].label.to_string(),
        };
        let mut marks: Vec<_> =
            sheet.marks().map(|(mark, ranges)| (ranges.start(), ranges.end(), format!("{}: {}", label(mark), text.quote(ranges)))).collect();
        marks.sort();
        marks.into_iter().map(|(_, _, mark)| mark).collect()
    }
}

/// A project of Tess Coder's.
pub fn make_project(dir: &Path, texts: &[&str], home: &Path) {
    let places = Places::under(home);
    let schema = template("news").unwrap().schema().unwrap();
    let new = NewProject { name: "Study".to_owned(), schema, guidelines: String::new(), coder: "Tess Coder".to_owned() };
    let mut workspace = Workspace::create(dir, new, &places, IdSource::seeded(7)).unwrap();
    for text in texts {
        let title = Document::title_of(text);
        let text = Text::new(*text);
        let new = NewDocument { id: workspace.new_document_id(&title), document: Document::new(title, text.hash().clone()), text, original: None };
        workspace.add_documents("add articles", vec![new], Vec::new()).unwrap();
    }
    workspace.close().unwrap();
}
