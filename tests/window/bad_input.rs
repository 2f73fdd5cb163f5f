//! Bad input: a clear message, and nothing is lost.

use std::io::ErrorKind;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use eframe::egui::{Key, Modifiers, Role};
use egui_kittest::kittest::{By, NodeT, Queryable};
use manicule::edit::{Change, Edit, Transaction};
use manicule::model::{AttributeDef, Coder, Document, Entity, Label, RoleDef};
use manicule::store::{Disk, DiskOp, Faults, Places, Verdict};
use manicule::text::hidden::is_hidden;
use manicule::workspace::{OpenOptions, Who, Workspace};

use crate::desk::{ARTICLE, Desk, make_project};

#[test]
fn a_binary_file_is_refused_by_its_name() {
    let mut desk = Desk::open();
    let picture = desk.file("photo.txt", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR");
    desk.drop_files(&[picture]);
    assert!(desk.has("photo.txt") && desk.has("it looks like a PNG picture, not text"));
    desk.keys(&[Key::Escape]);
    assert_eq!(desk.titles().len(), 1);
    assert_eq!(desk.app().shown_text().unwrap(), ARTICLE);
}

#[test]
fn one_bad_file_does_not_keep_the_others_out() {
    let mut desk = Desk::open();
    let paths = [
        desk.file("a.txt", "Good one\n\nText."),
        desk.file("b.txt", [0u8, 1, 2, 3, 4, 5, 6, 7].repeat(20)),
        desk.file("c.txt", ""),
        desk.file("d.txt", "Good two\n\nText."),
    ];
    desk.drop_files(&paths);
    assert!(desk.has("it looks like a binary file, not text"));
    assert!(desk.has("c.txt") && desk.has("is empty"));
    desk.keys(&[Key::Escape]);
    let titles = desk.titles();
    assert!(titles.contains(&"Good one".to_owned()) && titles.contains(&"Good two".to_owned()), "{titles:?}");
}

/// A file that the system lists and refuses to read, whoever asks.
#[cfg(target_os = "linux")]
const UNREADABLE: &str = "/proc/self/mem";

#[test]
#[cfg(target_os = "linux")]
fn a_file_that_cannot_be_read_is_named_and_the_others_come_in() {
    let mut desk = Desk::open();
    desk.drop_files(&[UNREADABLE.into()]);
    assert!(desk.has("could not be read") && desk.has(UNREADABLE));
    desk.click_button("Close");
    let good = desk.file("good.txt", "A good one\n\nText.");
    desk.drop_files(&[UNREADABLE.into(), good]);
    assert!(desk.has(UNREADABLE));
    desk.click_button("Close");
    assert_eq!(desk.titles(), ["A good one", "Mayor opens new bridge"]);
}

#[test]
fn an_empty_file_is_said_to_be_empty() {
    let mut desk = Desk::empty();
    let path = desk.file("nothing.txt", "");
    desk.drop_files(&[path]);
    assert!(desk.has("nothing.txt") && desk.has("is empty"));
    desk.keys(&[Key::Escape, Key::P, Key::C, Key::ArrowRight, Key::Q]);
    desk.key(Key::End, Modifiers::COMMAND);
    assert_eq!(desk.app().shown_text().as_deref(), Some(""), "an article without text can be looked at");
}

#[test]
fn a_million_bytes_in_one_line_can_be_labelled() {
    let mut text = "The mayor of Harbour spoke again. ".repeat(30_000);
    text.push_str("Last Words");
    let mut desk = Desk::empty();
    let path = desk.file("long.txt", &text);
    desk.drop_files(&[path]);
    assert_eq!(desk.app().shown_text().unwrap().len(), text.len());
    desk.drag_over("Harbour");
    desk.keys(&[Key::G]);
    desk.ctrl(Key::End);
    desk.drag_over("Last Words");
    desk.keys(&[Key::P]);
    assert_eq!(desk.marks(), ["GPE: Harbour", "PER: Last Words"]);
    desk.ctrl(Key::Z);
    assert_eq!(desk.marks(), ["GPE: Harbour"]);
}

/// A project with one mark in it, closed.
fn labelled() -> tempfile::TempDir {
    let mut desk = Desk::open();
    desk.drag_over("Ada Stone");
    desk.keys(&[Key::P]);
    desk.close()
}

fn sheet_of(folder: &Path) -> std::path::PathBuf {
    let mut dir = folder.join("study/annotations");
    while dir.is_dir() {
        dir = std::fs::read_dir(&dir).unwrap().next().unwrap().unwrap().path();
    }
    dir
}

#[test]
fn a_project_of_a_newer_version_is_refused_and_untouched() {
    let folder = labelled();
    let file = folder.path().join("study/project.ron");
    let newer = std::fs::read_to_string(&file).unwrap().replacen("format: 1", "format: 99", 1);
    std::fs::write(&file, &newer).unwrap();
    let desk = Desk::start_anew(folder, Vec::new(), Vec::new());
    assert!(desk.has("was written by a newer Manicule (format 99"));
    assert!(desk.has("install the newer version"));
    assert_eq!(std::fs::read_to_string(&file).unwrap(), newer);
}

#[test]
fn a_damaged_project_file_is_named_and_opened_as_it_was_last_saved() {
    let folder = labelled();
    let file = folder.path().join("study/project.ron");
    std::fs::write(&file, "(format: 1, id: \"").unwrap();
    let mut desk = Desk::start_anew(folder, Vec::new(), Vec::new());
    assert_eq!(desk.marks(), ["PER: Ada Stone"]);
    desk.menu("Help", "Findings…");
    assert!(desk.has("project.ron") && desk.has("last good copy"));
}

#[test]
fn a_damaged_sheet_is_said_and_the_article_opens() {
    let folder = labelled();
    let file = sheet_of(folder.path());
    let damaged = std::fs::read_to_string(&file).unwrap().replacen("label: \"PER\"", "label: PER\"", 1);
    std::fs::write(&file, damaged).unwrap();
    let mut desk = Desk::start_anew(folder, Vec::new(), Vec::new());
    assert_eq!(desk.app().shown_text().as_deref(), Some(ARTICLE));
    desk.menu("Help", "Findings…");
    assert!(desk.has("annotations/tess-coder"), "the damaged file is named");
}

#[test]
fn a_quote_that_no_longer_matches_is_a_finding() {
    let folder = labelled();
    let documents = folder.path().join("study/documents");
    let text = find_file(&documents, "txt");
    std::fs::write(&text, format!("A new first line.\n{ARTICLE}")).unwrap();
    let mut desk = Desk::start_anew(folder, Vec::new(), Vec::new());
    assert_eq!(desk.marks(), ["PER: Ada Stone"], "it was found again");
    desk.menu("Help", "Findings…");
    assert!(desk.has("Ada Stone") || desk.has(".txt"), "the change is said");
}

fn find_file(dir: &Path, extension: &str) -> std::path::PathBuf {
    let mut waiting = vec![dir.to_owned()];
    while let Some(path) = waiting.pop() {
        if path.is_dir() {
            waiting.extend(std::fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().path()));
        } else if path.extension().is_some_and(|found| found == extension) {
            return path;
        }
    }
    panic!("a .{extension} file is there")
}

#[test]
fn a_folder_that_is_no_project_is_read_for_articles() {
    let mut desk = Desk::open();
    let dir = desk.folder.path().join("articles");
    std::fs::create_dir(&dir).unwrap();
    std::fs::write(dir.join("a.txt"), "First of folder\n\nText.").unwrap();
    std::fs::write(dir.join("b.txt"), "Second of folder\n\nText.").unwrap();
    desk.open_typed(&[dir]);
    assert_eq!(desk.titles(), ["First of folder", "Mayor opens new bridge", "Second of folder"]);
}

/// Refuses all writing to the project while it is switched on, as a folder without write permission does.
struct ReadOnly {
    is_on: AtomicBool,
    error: ErrorKind,
}

impl Faults for ReadOnly {
    fn before(&self, op: DiskOp<'_>, path: &Path) -> Verdict {
        let is_ours = path.components().any(|part| part.as_os_str() == "study");
        let writes = !matches!(op, DiskOp::Sync | DiskOp::SyncDir);
        if self.is_on.load(Ordering::SeqCst) && is_ours && writes { Verdict::Fail(self.error.into()) } else { Verdict::Go }
    }
}

/// The window on a project whose disk can be made to refuse.
fn on_disk(error: ErrorKind, is_on: bool) -> (Desk, Arc<ReadOnly>) {
    let folder = labelled();
    let faults = Arc::new(ReadOnly { is_on: AtomicBool::new(is_on), error });
    let places = Places::under(folder.path()).with_disk(Disk::with_faults(faults.clone()));
    let project = folder.path().join("study");
    (Desk::start_at(folder, places, vec![project], Vec::new()), faults)
}

#[test]
fn a_full_disk_is_said_and_nothing_is_lost() {
    let (mut desk, faults) = on_disk(ErrorKind::StorageFull, false);
    faults.is_on.store(true, Ordering::SeqCst);
    desk.drag_over("Noor Ali");
    desk.keys(&[Key::P]);
    desk.ctrl(Key::S);
    assert!(desk.has("Not saved: could not"));
    assert!(!desk.has("All changes saved"), "the status bar means what it says");
    desk.drag_over("Daily Post");
    desk.keys(&[Key::O]);
    assert_eq!(desk.marks(), ["PER: Ada Stone", "PER: Noor Ali", "ORG: Daily Post"], "work goes on");
    faults.is_on.store(false, Ordering::SeqCst);
    desk.click_button("Try again");
    assert!(desk.has("All changes saved") && !desk.has("Not saved"));
    let desk = desk.reopen();
    assert_eq!(desk.marks(), ["PER: Ada Stone", "PER: Noor Ali", "ORG: Daily Post"]);
}

#[test]
fn a_project_in_a_read_only_folder_opens_to_be_read() {
    let (desk, _) = on_disk(ErrorKind::PermissionDenied, true);
    assert_eq!(desk.app().shown_text().as_deref(), Some(ARTICLE));
    assert_eq!(desk.marks(), ["PER: Ada Stone"]);
    assert!(desk.has("Read-only:") || desk.has("Not saved:"), "it is said that nothing can be saved there");
}

#[test]
fn an_article_in_a_project_that_went_away_is_said() {
    let folder = tempfile::tempdir().unwrap();
    make_project(&folder.path().join("study"), &[ARTICLE, "Another one\n\nText."], folder.path());
    let project = folder.path().join("study");
    let mut desk = Desk::start(folder, vec![project.clone()], Vec::new());
    let shown = desk.app().shown_text().unwrap();
    let other = if shown == ARTICLE { "Another one" } else { "Mayor opens new bridge" };
    std::fs::remove_dir_all(project.join("documents")).unwrap();
    desk.click(other);
    assert!(desk.has("is missing"), "the window says which text is gone");
    assert_eq!(desk.app().shown_text().unwrap(), shown);
}

/// Names with characters that turn the direction of a line, ring a bell or are not seen.
#[test]
fn unseen_characters_in_names_are_shown_as_symbols() {
    const BAD: &str = "\u{202e}\u{7}\u{feff}\u{2066}";
    let mut desk = Desk::open();
    desk.drag_over("Ada Stone");
    desk.keys(&[Key::P, Key::Enter]);
    let folder = desk.close();
    let places = Places::under(folder.path());
    let who = OpenOptions::read_write(Who::Named("Tess Coder".to_owned()));
    let mut workspace = Workspace::open(&folder.path().join("study"), who, &places).unwrap().workspace;
    let mut edits = Vec::new();
    let state = workspace.state().clone();
    for (id, entity) in &state.entities {
        let after = Entity { name: format!("Ada{BAD}Stone"), aliases: [format!("A{BAD}S")].into(), ..entity.clone() };
        edits.push(Edit::Entity(Change::replace(*id, entity.clone(), after)));
    }
    for (id, document) in state.present_documents() {
        edits.push(Edit::Document(Change::replace(id.clone(), document.clone(), Document { title: format!("Ma{BAD}yor"), ..document.clone() })));
    }
    for (key, coder) in &state.coders {
        edits.push(Edit::Coder(Change::replace(key.clone(), coder.clone(), Coder { name: format!("Te{BAD}ss"), ..coder.clone() })));
    }
    for (key, label) in state.schema.labels.iter() {
        edits.push(Edit::Label(Change::replace(key.clone(), label.clone(), Label { name: format!("La{BAD}bel"), ..label.clone() })));
    }
    for (key, role) in state.schema.roles.iter() {
        edits.push(Edit::Role(Change::replace(key.clone(), role.clone(), RoleDef { name: format!("Ro{BAD}le"), ..role.clone() })));
    }
    for (key, attribute) in state.schema.attributes.iter() {
        let mut after = AttributeDef { name: format!("At{BAD}tribute"), ..attribute.clone() };
        after.choices.iter_mut().for_each(|choice| choice.name.push_str(BAD));
        edits.push(Edit::Attribute(Change::replace(key.clone(), attribute.clone(), after)));
    }
    workspace.apply(Transaction::new("spoil the names", edits)).unwrap();
    workspace.close().unwrap();
    let mut desk = Desk::start_anew(folder, Vec::new(), Vec::new());
    desk.drop_files(&[desk.folder.path().join("study")]);
    let mut seen = 0;
    let mut look = |desk: &Desk, what: &str| {
        for node in desk.harness.query_all(By::new()) {
            let node = node.accesskit_node();
            // Fields are edited as they are.
            let label = if node.role() == Role::TextRun { None } else { node.label() }.unwrap_or_default();
            assert!(!label.chars().any(|c| is_hidden(c) && c != '\n'), "{what}: {label:?}");
            seen += usize::from(label.contains('⇄'));
        }
    };
    look(&desk, "the article");
    let at = desk.letter("Stone");
    desk.click_at(at);
    look(&desk, "a mention");
    desk.drag_over("It is safe");
    desk.keys(&[Key::C]);
    look(&desk, "a claim");
    desk.keys(&[Key::F8]);
    look(&desk, "the entities");
    desk.keys(&[Key::Escape, Key::F1]);
    look(&desk, "the keys");
    desk.keys(&[Key::Escape]);
    desk.ctrl(Key::K);
    look(&desk, "the palette");
    assert!(seen > 50, "{seen}");
}
