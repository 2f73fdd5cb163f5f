//! Import: what files are taken for, how sure that is and what they would bring, before anything is added.

use eframe::egui::{Key, Modifiers};
use manicule::model::CoderKey;

use crate::desk::Desk;

const TEXT: &str = "Zoë 🎉🎉 Smith met Bob on Mars.\n";

/// A window on a project, and brat files whose offsets count UTF-16 units.
fn with_brat() -> Desk {
    let mut desk = Desk::open();
    let text = desk.file("met.txt", TEXT);
    let annotations = desk.file("met.ann", "T1\tPER 9 14\tSmith\nT2\tPER 19 22\tBob\nT3\tPLANET 26 30\tMars\n");
    desk.drop_files(&[text, annotations]);
    desk
}

#[test]
fn an_import_shows_what_it_would_bring_and_adds_it_when_it_is_wanted() {
    let mut desk = with_brat();
    let before = desk.titles().len();
    for said in [
        "brat standoff",
        "2 files · met.ann",
        "utf16: 3 / 3 annotations have their words",
        "tess-coder: 3 spans",
        "“Mars”",
        "New in the codebook: PLANET",
    ] {
        assert!(desk.has(said), "{said}");
    }
    assert_eq!(desk.titles().len(), before, "nothing is added before it is wanted");
    desk.click_button("Cancel");
    assert_eq!(desk.titles().len(), before);
    let mut desk = with_brat();
    desk.keys(&[Key::Enter]);
    assert_eq!(desk.marks(), ["PER: Smith", "PER: Bob", "PLANET: Mars"]);
}

#[test]
fn a_unit_that_is_chosen_is_tried_at_once() {
    let mut desk = with_brat();
    desk.choose("Offsets count", "code-points");
    assert!(desk.has("code-points: 0 / 3 annotations have their words"));
    assert!(desk.has("things to look at"));
    desk.choose("Offsets count", "utf16");
    assert!(desk.has("utf16: 3 / 3 annotations have their words"));
}

#[test]
fn another_format_can_be_chosen() {
    let mut desk = Desk::open();
    let rows = desk.file("rows.csv", "id;body;headline\n1;Some words.;A title\n");
    desk.drop_files(&[rows]);
    assert!(desk.has("Articles as CSV") || desk.has("CSV"));
    desk.choose("Format", "Plain text");
    assert!(desk.has("id;body;headline"), "the table as a text");
    desk.click_button("Import");
    assert_eq!(desk.app().shown_text().unwrap(), "id;body;headline\n1;Some words.;A title\n");
}

#[test]
fn columns_with_unusual_names_are_chosen() {
    let mut desk = Desk::open();
    let rows = desk.file("rows.csv", "Kopf,Inhalt\nErster,Der Text.\nZweiter,Noch einer.\n");
    desk.drop_files(&[rows]);
    assert!(desk.has("there is no column `text`"), "what is missing is said");
    desk.choose("Text", "Inhalt");
    assert!(desk.has("2 documents"));
    desk.choose("Title", "Kopf");
    desk.click_button("Import");
    assert_eq!(desk.titles(), ["Erster", "Mayor opens new bridge", "Zweiter"]);
    assert_eq!(desk.app().shown_text().unwrap(), "Der Text.");
}

#[test]
fn names_of_files_say_whose_annotations_they_hold() {
    let mut desk = Desk::open();
    let text = desk.file("met.txt", TEXT);
    let ann = desk.file("met.ann_one.ann", "T1\tPER 7 12\tSmith\n");
    let bob = desk.file("met.bob.ann", "T1\tPER 7 12\tSmith\nT2\tPER 17 20\tBob\n");
    desk.drop_files(&[text, ann, bob]);
    desk.fill("Coders from file names", "{doc}.{coder}");
    assert!(desk.has("It needs {coder} and {doc} once each") || desk.has("Whose annotations"));
    desk.refill("Coders from file names", "{doc}.{coder}.ann");
    assert!(desk.has("bob: 2 spans") && desk.has("ann-one: 1 span"), "both are seen");
    desk.click_button("Import");
    let workspace = desk.app().workspace().unwrap();
    assert!(workspace.state().coders.contains_key(&CoderKey::from_name("bob")));
    assert!(workspace.state().coders.contains_key(&CoderKey::from_name("ann_one")));
    assert_eq!(desk.titles().len(), 2, "one document for both");
}

#[test]
fn files_that_come_while_others_are_asked_about_wait() {
    let mut desk = with_brat();
    let rows = desk.file("rows.csv", "title,text\nLater,Some words.\n");
    desk.drop_files(&[rows]);
    assert!(desk.has("met.ann"), "one question at a time");
    desk.click_button("Import");
    // What was found about the first ones comes before the next question.
    desk.click_button("Close");
    assert!(desk.has("rows.csv"), "the next one");
    desk.click_button("Import");
    assert!(desk.titles().contains(&"Later".to_owned()));
}

#[test]
fn json_of_any_shape_is_read_by_a_mapping() {
    let mut desk = Desk::open();
    let json = desk.file("quotes.json", r#"{"t": "Ann met Bob.", "s": [[0, 3, "PER"], [8, 11, "PER"]]}"#);
    let ranges = r#"(start: "[0]", end: "[1]")"#;
    let mapping =
        desk.file("mapping.ron", format!(r#"(format: 1, text: [(at: "t")], annotations: [(at: "s[*]", label: at("[2]"), ranges: {ranges})])"#));
    let broken = desk.file("broken.ron", "(format: 1, text: [(at: ");
    desk.drop_files(&[json]);
    desk.fill("Mapping, for JSON of your own", "nowhere.ron");
    assert!(desk.has("There is no such file."));
    desk.refill("Mapping, for JSON of your own", broken.to_str().unwrap());
    assert!(desk.has("the mapping cannot be used"));
    desk.refill("Mapping, for JSON of your own", mapping.to_str().unwrap());
    assert!(desk.has("tess-coder: 2 spans") && desk.has("“Bob”"));
    desk.click_button("Import");
    assert_eq!(desk.marks(), ["PER: Ann", "PER: Bob"]);
}

#[test]
fn a_large_import_leaves_memory_when_it_is_written() {
    let mut desk = Desk::open();
    let lines: Vec<String> = (0..520).map(|n| format!("{{\"text\": \"Ann left {n} times.\", \"label\": [[0, 3, \"PER\"]]}}")).collect();
    let file = desk.file("many.jsonl", lines.join("\n"));
    desk.drop_files(&[file]);
    assert!(desk.has("doccano JSONL (spans)") || desk.has("520 documents"), "it is asked first");
    desk.keys(&[Key::Enter]);
    let count = |desk: &Desk| desk.titles().len();
    for _ in 0..100 {
        desk.rest();
        if count(&desk) == 521 {
            break;
        }
    }
    desk.ctrl(Key::S);
    for _ in 0..20 {
        desk.rest();
    }
    let state = desk.app().workspace().unwrap().state();
    assert_eq!(state.documents.len(), 521);
    let loaded: Vec<_> = state.sheets.keys().collect();
    assert!(loaded.len() <= 1, "{} sheets are in memory", loaded.len());
    assert_eq!(desk.marks(), ["PER: Ann"]);
    desk.ctrl(Key::Z);
    for _ in 0..20 {
        desk.rest();
    }
    assert_eq!(count(&desk), 1, "undo reads again what it needs");
    assert!(!desk.app().shown_text().unwrap().starts_with("Ann"), "an article that is there is shown");
}

/// A step of several parts, long enough to be taken back beside the window.
#[test]
fn a_long_step_is_taken_back_and_brought_back_part_by_part() {
    const ARTICLES: usize = 400;
    let mut desk = Desk::open();
    let labels = (0..40).map(|_| "[0, 3, \"PER\"]").collect::<Vec<_>>().join(", ");
    let lines: Vec<String> = (0..ARTICLES).map(|n| format!("{{\"text\": \"Ann left {n} times.\", \"label\": [{labels}]}}")).collect();
    let file = desk.file("many.jsonl", lines.join("\n"));
    desk.drop_files(&[file]);
    desk.keys(&[Key::Enter]);
    let until = |desk: &mut Desk, count: usize| {
        for _ in 0..500 {
            desk.frames(1);
            if desk.titles().len() == count && !desk.app().has_jobs() {
                break;
            }
        }
        desk.rest();
        assert_eq!(desk.titles().len(), count);
    };
    until(&mut desk, ARTICLES + 1);
    desk.press_now(Key::Z, Modifiers::COMMAND);
    desk.frames(2);
    let is_amid = |desk: &Desk| (2..ARTICLES).contains(&desk.titles().len());
    assert!(desk.app().has_jobs() && is_amid(&desk), "it is on its way");
    desk.click("✕");
    assert!(desk.shows("Stopped. Undo and Redo go on from here"));
    assert!(!desk.app().has_jobs() && is_amid(&desk), "{} are there", desk.titles().len());
    desk.key(Key::Z, Modifiers::COMMAND | Modifiers::SHIFT);
    until(&mut desk, ARTICLES + 1);
    desk.ctrl(Key::Z);
    until(&mut desk, 1);
    assert!(desk.shows("Undone: import 400 documents"));
    let mut desk = desk.reopen();
    assert_eq!(desk.titles().len(), 1);
    desk.key(Key::Z, Modifiers::COMMAND | Modifiers::SHIFT);
    until(&mut desk, ARTICLES + 1);
    // What comes meanwhile is added behind it.
    desk.press_now(Key::Z, Modifiers::COMMAND);
    desk.frames(2);
    assert!(is_amid(&desk));
    let later = desk.file("later.txt", "Later\n\nBob came.\n");
    desk.drop_files(&[later]);
    until(&mut desk, 2);
    assert!(desk.titles().contains(&"Later".to_owned()), "{:?}", desk.titles());
    desk.ctrl(Key::Z);
    assert_eq!(desk.titles().len(), 1);
}
