//! The whole main job in the real window: open, label, undo, redo, save, close, reopen, export, compare.

use std::fs;
use std::path::{Path, PathBuf};

use eframe::egui::accesskit::Role;
use eframe::egui::{Key, Modifiers};
use serde_json::Value;

use crate::display::Display;
use crate::home::{Home, files};
use crate::window::{Window, poll};

/// Hard blanks, typographic and plain quotes, letters of one to four bytes, no end of line at the end.
const ARTICLE: &str = "Harbour bridge opens 🌉\n\nMayor Zoë Stone opened it on Monday.\n\n“It is safe,” said\u{a0}Stone. \"It will last,\" she told the Daily Post.\n\nCritics in Łódź disagree";

const MARKS: [&str; 4] = ["Person: Zoë Stone", "Organization: Daily Post", "Geo-political entity: Łódź", "Claim: It is safe … It will last"];

#[test]
fn an_article_is_labelled_saved_reopened_and_exported() {
    let (home, display) = (Home::new(), Display::start());
    let article = home.path("article.txt");
    fs::write(&article, ARTICLE).unwrap();

    let mut window = Window::open(&home, &display, &[&article]);
    window.begin("Sam Smoke");
    label(&mut window);
    undo_and_redo(&mut window);
    let project = project(&home);
    window.ctrl(Key::S);
    wait_for_sheet(&project);
    window.wait_for("All changes saved");
    assert!(window.quit().success());
    let before = files(&project);
    assert_eq!(text_of(&before), ARTICLE, "the text is kept as it was");

    let mut window = Window::open(&home, &display, &[&project]);
    MARKS.iter().for_each(|mark| window.wait_for_mark(mark));
    assert_eq!(window.marks().len(), MARKS.len());
    undo_and_redo(&mut window);
    let by_window = export_by_window(&mut window, &home.path("out"));
    assert!(window.close(&display).success());
    assert_eq!(files(&project), before, "what was undone and redone changes no byte");

    let by_verb = home.path("by-verb.jsonl");
    let exported = home.run(&["export", project.to_str().unwrap(), "--to", "jsonl", "--out", by_verb.to_str().unwrap()]);
    assert!(exported.status.success(), "{}", String::from_utf8_lossy(&exported.stderr));
    assert_eq!(fs::read_to_string(&by_verb).unwrap(), by_window, "window and verb export the same");
    check_quotes(&by_window);
}

/// Three entities, and a claim in two parts.
fn label(window: &mut Window) {
    for (words, key, mark) in [("Zoë Stone", Key::P, MARKS[0]), ("Daily Post", Key::O, MARKS[1]), ("Łódź", Key::G, MARKS[2])] {
        window.drag_over(words);
        window.key(key, Modifiers::NONE);
        window.wait_for_mark(mark);
    }
    window.drag_over("It is safe");
    window.key(Key::C, Modifiers::NONE);
    window.wait_for_mark("Claim: It is safe");
    window.drag_over("It will last");
    window.key(Key::Plus, Modifiers::NONE);
    window.wait_for_mark(MARKS[3]);
}

/// Takes the second part of the claim and the claim itself back, and brings both back.
fn undo_and_redo(window: &mut Window) {
    window.ctrl(Key::Z);
    window.wait_for_mark("Claim: It is safe");
    window.ctrl(Key::Z);
    window.wait("the claim to go", |tree| {
        let is_claim = |name: &str| name.starts_with("Claim: ");
        (!tree.nodes.iter().any(|(_, node)| node.role() == Role::Mark && node.label().is_some_and(is_claim))).then_some(())
    });
    window.ctrl(Key::Y);
    window.wait_for_mark("Claim: It is safe");
    window.ctrl(Key::Y);
    window.wait_for_mark(MARKS[3]);
}

/// The project that the program made for the article.
fn project(home: &Home) -> PathBuf {
    let projects = fs::read_dir(home.path("state/projects")).unwrap();
    let mut dirs: Vec<PathBuf> = projects.map(|entry| entry.unwrap().path()).collect();
    assert_eq!(dirs.len(), 1, "{dirs:?}");
    dirs.remove(0)
}

/// Waits until the files hold what was labelled.
fn wait_for_sheet(project: &Path) {
    poll("the sheet to be written", || {
        let is_whole = |sheet: &str| ["Zoë Stone", "Daily Post", "Łódź", "It is safe", "It will last"].iter().all(|quote| sheet.contains(quote));
        let found = files(project).into_iter().any(|(path, bytes)| path.starts_with("annotations") && is_whole(&String::from_utf8_lossy(&bytes)));
        found.then_some(())
    });
}

fn text_of(files: &std::collections::BTreeMap<PathBuf, Vec<u8>>) -> String {
    let text = files.iter().find(|(path, _)| path.starts_with("documents") && path.extension().is_some_and(|extension| extension == "txt"));
    String::from_utf8(text.unwrap().1.clone()).unwrap()
}

fn export_by_window(window: &mut Window, folder: &Path) -> String {
    window.click(Role::Button, "File");
    window.click(Role::Button, "Export…");
    window.wait_for("Everything is carried over.");
    window.fill("Folder", folder.to_str().unwrap());
    window.fill("Name", "by-window");
    window.click(Role::Button, "Export");
    window.wait_for("Exported to");
    fs::read_to_string(folder.join("by-window.jsonl")).unwrap()
}

/// Every exported range is the words that it says, counted in characters.
fn check_quotes(lines: &str) {
    let mut quotes = Vec::new();
    for line in lines.lines() {
        collect(&serde_json::from_str(line).unwrap(), &mut quotes);
    }
    for (start, end, quote) in &quotes {
        let found: String = ARTICLE.chars().skip(*start).take(end - start).collect();
        assert_eq!(found, *quote);
    }
    let mut found: Vec<&str> = quotes.iter().map(|(_, _, quote)| quote.as_str()).collect();
    found.sort_unstable();
    assert_eq!(found, ["Daily Post", "It is safe", "It will last", "Zoë Stone", "Łódź"]);
}

fn collect(value: &Value, quotes: &mut Vec<(usize, usize, String)>) {
    let number = |value: Option<&Value>| value.and_then(Value::as_u64).and_then(|number| usize::try_from(number).ok());
    match value {
        Value::Object(map) => {
            let quote = map.get("text").or(map.get("quote")).and_then(Value::as_str);
            if let (Some(start), Some(end), Some(quote)) = (number(map.get("start")), number(map.get("end")), quote) {
                quotes.push((start, end, quote.to_owned()));
            }
            map.values().for_each(|value| collect(value, quotes));
        }
        Value::Array(values) => values.iter().for_each(|value| collect(value, quotes)),
        _ => {}
    }
}
