//! Articles on their way into a project: by path, by dialog, by drop, by paste, from tables, in other encodings.

use eframe::egui::{Event, Key};
use manicule::store::Places;

use crate::desk::Desk;

const SHORT: &str = "A short title\n\nAnd a sentence after it.\n";

#[test]
fn a_typed_path_opens_an_article_in_a_new_project_and_says_where() {
    let mut desk = Desk::empty();
    let path = desk.file("short.txt", SHORT);
    desk.menu("File", "Open…");
    desk.fill("Paths, one a line", path.to_str().unwrap());
    desk.click_button("Open");
    assert_eq!(desk.app().shown_text().unwrap(), SHORT);
    assert_eq!(desk.titles(), ["A short title"]);
    let dir = desk.app().workspace().unwrap().dir().to_owned();
    assert!(dir.starts_with(Places::under(desk.folder.path()).data_dir()), "{}", dir.display());
    assert!(dir.join("project.ron").is_file());
    assert!(desk.has(dir.to_str().unwrap()), "the window says where the project is");
}

#[test]
fn an_article_on_the_command_line_opens() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("short.txt");
    std::fs::write(&path, SHORT).unwrap();
    let mut desk = Desk::start(folder, vec![path], Vec::new());
    assert_eq!(desk.app().shown_text().unwrap(), SHORT);
    desk.drag_over("sentence");
    desk.keys(&[Key::L]);
    assert_eq!(desk.marks(), ["LOC: sentence"]);
}

#[test]
fn a_path_to_nothing_cannot_be_opened() {
    let mut desk = Desk::empty();
    desk.ctrl(Key::O);
    desk.fill("Paths, one a line", "/there/is/no/such/file.txt");
    assert!(desk.has("There is nothing at /there/is/no/such/file.txt"));
    desk.click_button("Open");
    assert!(desk.has("Paths, one a line"), "the dialog stays");
}

#[test]
fn chosen_files_are_opened() {
    let folder = tempfile::tempdir().unwrap();
    let picks: Vec<_> = ["one", "two", "three"].map(|name| folder.path().join(format!("{name}.txt"))).to_vec();
    for path in &picks {
        std::fs::write(path, format!("Title of {}\n\nText.", path.display())).unwrap();
    }
    let mut desk = Desk::start(folder, Vec::new(), picks);
    desk.click_button("Open…");
    desk.click_button("Choose files…");
    desk.click_button("Open");
    assert_eq!(desk.titles().len(), 3);
    assert!(desk.app().shown_text().unwrap().starts_with("Title of "));
}

#[test]
fn a_desktop_without_dialogs_leaves_the_path_field() {
    let mut desk = Desk::empty();
    let path = desk.file("short.txt", SHORT);
    desk.ctrl(Key::O);
    desk.click_button("Choose files…");
    desk.fill("Paths, one a line", path.to_str().unwrap());
    desk.click_button("Open");
    assert_eq!(desk.app().shown_text().unwrap(), SHORT);
}

#[test]
fn dropped_files_join_the_open_project() {
    let mut desk = Desk::open();
    let paths: Vec<_> = (0..25).map(|i| desk.file(&format!("{i}.txt"), format!("Article {i:02}\nText {i}."))).collect();
    desk.drop_files(&paths);
    assert_eq!(desk.titles().len(), 26);
    assert!(desk.has("25 documents were added"));
    desk.ctrl(Key::Z);
    assert_eq!(desk.titles().len(), 1, "the whole import is one step");
}

#[test]
fn a_dropped_file_without_a_project_makes_one() {
    let mut desk = Desk::empty();
    let path = desk.file("short.txt", SHORT);
    desk.drop_files(&[path]);
    assert_eq!(desk.app().shown_text().unwrap(), SHORT);
}

#[test]
fn a_pasted_text_becomes_an_article_as_it_is() {
    let pasted = "Pasted headline\r\n\r\nText with\u{a0}a hard blank,\ta tab and no end";
    let mut desk = Desk::empty();
    desk.click_button("New article from text…");
    desk.harness.event(Event::Paste(pasted.to_owned()));
    desk.rest();
    desk.click_button("Add article");
    assert_eq!(desk.app().shown_text().unwrap(), pasted);
    assert_eq!(desk.titles(), ["Pasted headline"]);
}

#[test]
fn a_click_beside_the_dialog_does_not_lose_a_pasted_text() {
    let mut desk = Desk::empty();
    desk.ctrl(Key::N);
    desk.harness.event(Event::Paste(SHORT.to_owned()));
    desk.rest();
    desk.click_at(eframe::egui::pos2(5.0, 400.0));
    desk.click_button("Add article");
    assert_eq!(desk.app().shown_text().as_deref(), Some(SHORT));
}

#[test]
fn a_pasted_text_waits_for_the_coders_name() {
    let mut desk = Desk::start_anew(tempfile::tempdir().unwrap(), Vec::new(), Vec::new());
    assert!(desk.has("Welcome to Manicule"));
    desk.keys(&[Key::Escape]);
    desk.ctrl(Key::N);
    desk.harness.event(Event::Paste(SHORT.to_owned()));
    desk.rest();
    desk.click_button("Add article");
    desk.refill("Your name", "Zoe");
    desk.click_button("Begin");
    assert_eq!(desk.app().shown_text().as_deref(), Some(SHORT));
}

#[test]
fn a_new_project_waits_for_the_coders_name() {
    let mut desk = Desk::start_anew(tempfile::tempdir().unwrap(), Vec::new(), Vec::new());
    desk.keys(&[Key::Escape]);
    desk.click_button("New project…");
    let dir = desk.folder.path().join("mine");
    desk.refill("Folder (new or empty)", dir.to_str().unwrap());
    desk.click_button("Create");
    desk.refill("Your name", "Zoe");
    desk.click_button("Begin");
    assert_eq!(desk.app().workspace().expect("the project is there").dir(), dir);
}

#[test]
fn a_table_of_articles_brings_its_fields() {
    let mut desk = Desk::open();
    let csv = "headline,body,source,date,author,url,language\nOne,\"First text, with a comma.\",Post,2016-05-17,A. Writer,https://a.example/1,en\nTwo,Second text.,Times,2016-05-18,,,\n";
    let path = desk.file("articles.csv", csv);
    desk.open_typed(&[path]);
    desk.click_button("Import");
    assert_eq!(desk.titles(), ["Mayor opens new bridge", "One", "Two"]);
    let state = desk.app().workspace().unwrap().state();
    let one = state.documents.values().find(|document| document.title == "One").unwrap();
    let fields = (one.source.as_str(), one.date.as_ref().unwrap().as_str(), one.author.as_str(), one.url.as_str(), one.language.as_str());
    assert_eq!(fields, ("Post", "2016-05-17", "A. Writer", "https://a.example/1", "en"));
    assert_eq!(desk.app().shown_text().unwrap(), "First text, with a comma.");
}

#[test]
fn json_lines_of_articles_are_opened() {
    let mut desk = Desk::empty();
    let lines = "{\"title\":\"Uno\",\"text\":\"Primero.\\nDos.\",\"source\":\"Diario\"}\n{\"title\":\"Due\",\"text\":\"Secondo.\"}\n";
    let path = desk.file("articles.jsonl", lines);
    desk.open_typed(&[path]);
    desk.click_button("Import");
    assert_eq!(desk.titles(), ["Due", "Uno"]);
    desk.click_row("Uno");
    assert_eq!(desk.app().shown_text().unwrap(), "Primero.\nDos.");
}

/// Opens a file and returns its text and how it was read.
#[track_caller]
fn open_bytes(bytes: &[u8]) -> (String, String, bool) {
    let mut desk = Desk::empty();
    let path = desk.file("article.txt", bytes);
    desk.drop_files(&[path]);
    let text = desk.app().shown_text().expect("it opens without a question");
    let document = desk.app().workspace().unwrap().state().documents.values().next().unwrap().clone();
    (text, document.decoding.encoding.clone(), document.decoding.bom)
}

#[test]
fn unicode_with_a_mark_opens_and_is_named() {
    let text = "Zoë in Łódź\n\n„So“, said she.";
    assert_eq!(open_bytes(text.as_bytes()), (text.to_owned(), "UTF-8".to_owned(), false));
    assert_eq!(open_bytes(&[b"\xEF\xBB\xBF", text.as_bytes()].concat()), (text.to_owned(), "UTF-8".to_owned(), true));
    let little: Vec<u8> = "\u{feff}".encode_utf16().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    assert_eq!(open_bytes(&little), (text.to_owned(), "UTF-16LE".to_owned(), true));
    let big: Vec<u8> = "\u{feff}".encode_utf16().chain(text.encode_utf16()).flat_map(u16::to_be_bytes).collect();
    assert_eq!(open_bytes(&big), (text.to_owned(), "UTF-16BE".to_owned(), true));
}

#[test]
fn another_encoding_is_asked_for_with_a_preview() {
    let mut desk = Desk::empty();
    let path = desk.file("cafe.txt", b"Le caf\xE9 d\xE9borde\n\nLe gar\xE7on s\x92est tu.");
    desk.drop_files(&[path]);
    assert!(desk.has("Which encoding?"));
    assert!(desk.has("Le café déborde"), "the preview shows the text as it would be");
    assert!(desk.titles().is_empty(), "nothing is decoded silently");
    desk.choose("Encoding", "ISO-8859-2");
    assert!(desk.has("Le garçon s\u{92}est"), "the preview follows the choice");
    desk.choose("Encoding", "windows-1252");
    desk.click_button("Open so");
    assert_eq!(desk.app().shown_text().unwrap(), "Le café déborde\n\nLe garçon s’est tu.");
    assert!(desk.has("windows-1252"), "the inspector names the encoding");
    let workspace = desk.app().workspace().unwrap();
    assert_eq!(workspace.state().documents.values().next().unwrap().decoding.encoding, "windows-1252");
}

#[test]
fn files_in_two_encodings_are_asked_for_one_after_the_other() {
    let mut desk = Desk::open();
    let french = desk.file("a.txt", b"Le caf\xE9 d\xE9borde, le gar\xE7on s'est tu, l'\xE9t\xE9 est fini.");
    let russian = desk.file("b.txt", b"\xEF\xF0\xE8\xE2\xE5\xF2 \xEC\xE8\xF0, \xFD\xF2\xEE \xF0\xF3\xF1\xF1\xEA\xE8\xE9 \xF2\xE5\xEA\xF1\xF2 \xE8 \xE5\xE3\xEE \xED\xE0\xE4\xEE \xEF\xF0\xEE\xF7\xE5\xF1\xF2\xFC.");
    desk.drop_files(&[french, russian]);
    assert!(desk.has("Le café déborde"));
    desk.click_button("Open so");
    assert!(desk.has("Which encoding?"), "the other file has a preview of its own");
    assert!(desk.has("привет мир"));
    desk.click_button("Open so");
    assert_eq!(desk.titles().len(), 3);
    assert!(desk.titles().iter().any(|title| title.starts_with("привет мир")));
    assert!(!desk.has("Which encoding?"));
}

#[test]
fn an_explosion_of_labels_is_asked_about() {
    let mut desk = Desk::open();
    let before = desk.titles().len();
    let labels = desk.app().workspace().unwrap().state().schema.labels.len();
    let text = desk.file("many.txt", "word ".repeat(60));
    let lines: String = (0..60).map(|n| format!("T{n}\tLabel{n} {} {}\tword\n", n * 5, n * 5 + 4)).collect();
    let annotations = desk.file("many.ann", lines);
    desk.drop_files(&[text.clone(), annotations.clone()]);
    desk.click_button("Import");
    assert!(desk.has("Add so many labels?") && desk.has("The files bring 60 labels that the codebook does not have."));
    desk.click_button("Cancel");
    assert_eq!((desk.titles().len(), desk.app().workspace().unwrap().state().schema.labels.len()), (before, labels));
    desk.drop_files(&[text, annotations]);
    desk.click_button("Import");
    desk.click_button("Add them");
    assert_eq!((desk.titles().len(), desk.app().workspace().unwrap().state().schema.labels.len()), (before + 1, labels + 60));
    assert_eq!(desk.app().shown_sheet().unwrap().spans.len(), 60);
}

#[test]
fn the_title_is_the_first_line_and_can_be_changed() {
    let mut desk = Desk::empty();
    let path = desk.file("short.txt", format!("\n\n  {SHORT}"));
    desk.drop_files(&[path]);
    assert_eq!(desk.titles(), ["A short title"]);
    desk.keys(&[Key::F2]);
    desk.refill("Title", "Another title");
    desk.click_button("Keep");
    assert_eq!(desk.titles(), ["Another title"]);
    desk.click_row("Another title");
    assert_eq!(desk.app().shown_text().unwrap(), format!("\n\n  {SHORT}"), "the text stays");
}
