//! Export: format, unit and scope, what will be lost before anything is written, the files and the report beside them.

use std::fs;
use std::path::{Path, PathBuf};

use eframe::egui::{Key, Modifiers, Role, vec2};
use egui_kittest::kittest::Queryable as _;
use manicule::text::offsets::OffsetUnit;
use serde_json::Value;

use crate::desk::Desk;

/// Letters of one to four bytes before every mark.
const TEXT: &str = "Zoë 🌉 opens\n\nMayor Ada Stone met 👩‍🚀 Noor Ali. \"It is safe,\" said Stone, \"for a hundred years.\"\n";

/// A window with a mention, a claim in two parts and a note, and the export dialog open.
fn dialog() -> Desk {
    let mut desk = Desk::open_texts(&[TEXT, "Second article\n\nNothing is labelled here.\n"]);
    desk.click_row("Zoë 🌉 opens");
    desk.drag_over("Ada Stone");
    desk.keys(&[Key::P]);
    desk.type_into("Note", "the mayor");
    desk.drag_over("Noor Ali");
    desk.keys(&[Key::P]);
    desk.drag_over("It is safe");
    desk.keys(&[Key::C]);
    desk.drag_over_with("for a hundred years", Modifiers::COMMAND);
    assert_eq!(desk.marks(), ["PER: Ada Stone", "PER: Noor Ali", "CLAIM: It is safe … for a hundred years"]);
    desk.menu("File", "Export…");
    desk
}

impl Desk {
    /// Chooses a format and exports into a new folder; returns it.
    fn export_as(&mut self, format: &str, name: &str) -> PathBuf {
        let folder = self.folder.path().join("out");
        if format != "Manicule JSONL" {
            self.choose("Format", format);
        }
        self.refill("Folder", folder.to_str().unwrap());
        self.refill("Name", name);
        assert!(!folder.exists(), "nothing is written before it is asked for");
        assert!(self.has("The same report is written beside the export."));
        self.click_button("Export");
        assert!(self.has("Exported to"), "the window says where it is");
        folder
    }
}

fn names(dir: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

fn units(text: &str, unit: OffsetUnit) -> usize {
    text.chars().map(|c| unit.width(c)).sum()
}

#[test]
fn jsonl_carries_everything_in_code_points() {
    let mut desk = dialog();
    assert!(desk.has("Everything is carried over."));
    let folder = desk.export_as("Manicule JSONL", "all");
    assert_eq!(names(&folder), ["all.jsonl", "all.jsonl.export-report.json", "all.jsonl.export-report.md"]);
    let lines: Vec<Value> = fs::read_to_string(folder.join("all.jsonl")).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.len(), 3, "schema, entities and coders first, then one record a document");
    let ranges = ranges_in(&lines);
    assert_eq!(ranges.len(), 4, "two mentions and two parts of a claim: {ranges:?}");
    for (start, end, quote) in ranges {
        let found: String = TEXT.chars().skip(start).take(end - start).collect();
        assert_eq!(found, quote);
    }
    assert!(fs::read_to_string(folder.join("all.jsonl.export-report.md")).unwrap().contains("Everything was carried over"));
}

/// All ranges with their quotes, wherever they stand.
fn ranges_in(lines: &[Value]) -> Vec<(usize, usize, String)> {
    fn walk(value: &Value, found: &mut Vec<(usize, usize, String)>) {
        match value {
            Value::Object(map) => {
                if let (Some(start), Some(end), Some(Value::String(text))) =
                    (map.get("start").and_then(Value::as_u64), map.get("end").and_then(Value::as_u64), map.get("text").or(map.get("quote")))
                {
                    found.push((usize::try_from(start).unwrap(), usize::try_from(end).unwrap(), text.clone()));
                }
                map.values().for_each(|value| walk(value, found));
            }
            Value::Array(values) => values.iter().for_each(|value| walk(value, found)),
            _ => {}
        }
    }
    let mut found = Vec::new();
    lines.iter().for_each(|line| walk(line, &mut found));
    found
}

#[test]
fn taps_open_the_list_of_formats_again_and_again() {
    let mut desk = dialog();
    for format in ["brat standoff", "Manicule JSONL", "Label Studio JSON"] {
        let list = desk.harness.get_by_role_and_label(Role::ComboBox, "Format").rect().center();
        desk.tap(list);
        let choice = desk.harness.get_by_role_and_label(Role::Button, format).rect().center();
        desk.tap(choice);
        let chosen = desk.harness.get_by_role_and_label(Role::ComboBox, "Format").value();
        assert_eq!(chosen.as_deref(), Some(format));
    }
}

#[test]
fn a_data_set_says_its_licence() {
    let mut desk = dialog();
    assert!(!desk.has("Licence"), "only formats with a card");
    desk.choose("Format", "Hugging Face dataset (JSON Lines)");
    desk.fill("Licence", "CC-BY-4.0");
    let folder = desk.export_chosen("set");
    assert!(fs::read_to_string(folder.join("set/README.md")).unwrap().contains("\nlicense: cc-by-4.0\n"));
}

#[test]
fn brat_is_written_as_a_folder_with_its_configuration() {
    let mut desk = dialog();
    desk.choose("Format", "brat standoff");
    assert!(desk.has("offsets count code-points"));
    assert!(desk.has("carried over"));
    let folder = desk.export_as("brat standoff", "brat");
    let brat = folder.join("brat");
    let files = names(&brat);
    for name in ["annotation.conf", "visual.conf", "export-report.md", "export-report.json"] {
        assert!(files.contains(&name.to_owned()), "{files:?}");
    }
    let ann = walk(&brat).into_iter().filter(|path| path.extension().is_some_and(|extension| extension == "ann"));
    let ann: String = ann.map(|path| fs::read_to_string(path).unwrap()).collect();
    let at = units(&TEXT[..TEXT.find("Ada").unwrap()], OffsetUnit::CodePoints);
    assert!(ann.contains(&format!("{at} {}\tAda Stone", at + 9)), "{ann}");
    assert!(ann.contains("It is safe for a hundred years"), "{ann}");
    assert!(ann.contains("the mayor"), "the note is carried: {ann}");
}

fn walk(dir: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { walk(&path) } else { vec![path] }).collect()
}

#[test]
fn conll_says_what_it_drops_before_and_after() {
    let mut desk = dialog();
    desk.choose("Format", "CoNLL-2003 (IOB2)");
    assert!(desk.has("has no offsets"));
    assert!(desk.has("Not everything can be carried over:"));
    assert!(desk.has("dropped"));
    assert!(desk.has("1 claims"), "the claim is counted");
    let folder = desk.export_as("CoNLL-2003 (IOB2)", "conll");
    let file = names(&folder).into_iter().find(|name| name.starts_with("conll.") && !name.contains("report")).unwrap();
    let lines = fs::read_to_string(folder.join(&file)).unwrap();
    assert!(lines.lines().any(|line| line.starts_with("Ada") && line.ends_with("B-PER")), "{lines}");
    assert!(lines.lines().any(|line| line.starts_with("Stone") && line.ends_with("I-PER")), "{lines}");
    let report = fs::read_to_string(folder.join(format!("{file}.export-report.md"))).unwrap();
    assert!(report.contains("## Dropped") && report.contains("claims"), "{report}");
}

#[test]
fn the_unit_of_offsets_can_be_chosen() {
    for unit in OffsetUnit::ALL {
        let mut desk = dialog();
        desk.choose("Format", "CSV, exact (one row a span or claim)");
        if unit != OffsetUnit::CodePoints {
            desk.choose("Offsets count", unit.as_str());
        }
        let folder = desk.export_chosen("rows");
        let table = fs::read_to_string(folder.join("rows.csv")).unwrap();
        let start = units(&TEXT[..TEXT.find("Noor").unwrap()], unit);
        let row = table.lines().find(|line| line.contains(",Noor Ali,")).unwrap_or_else(|| panic!("{table}"));
        assert!(row.contains(&format!(",{start},{},{unit},Noor Ali,", start + 8)), "{unit}: {row}");
    }
}

impl Desk {
    /// Exports in the format that is chosen already.
    fn export_chosen(&mut self, name: &str) -> PathBuf {
        self.export_as("Manicule JSONL", name)
    }
}

#[test]
fn one_article_can_be_exported_alone() {
    let mut desk = dialog();
    desk.click("This article only");
    let folder = desk.export_as("Manicule JSONL", "one");
    let lines = fs::read_to_string(folder.join("one.jsonl")).unwrap();
    assert_eq!(lines.lines().count(), 2);
    assert!(!lines.contains("Second article"));
}

#[test]
fn an_existing_file_is_named_before_it_is_replaced() {
    let mut desk = dialog();
    let out = desk.folder.path().join("out");
    fs::create_dir(&out).unwrap();
    fs::write(out.join("all.jsonl"), "mine").unwrap();
    desk.refill("Folder", out.to_str().unwrap());
    desk.refill("Name", "all");
    assert!(desk.has("is there already and will be replaced"));
    desk.click_button("Cancel");
    assert_eq!(fs::read_to_string(out.join("all.jsonl")).unwrap(), "mine");
}

#[test]
fn an_export_that_cannot_be_written_is_said() {
    let mut desk = dialog();
    let file = desk.file("a-file", "in the way");
    desk.refill("Folder", file.to_str().unwrap());
    desk.click_button("Export");
    assert!(desk.has("could not be written"));
    assert_eq!(fs::read_to_string(file).unwrap(), "in the way");
}

#[test]
fn what_was_exported_comes_back() {
    let mut desk = dialog();
    let folder = desk.export_as("Manicule JSONL", "all");
    let mut other = Desk::empty();
    other.drop_files(&[folder.join("all.jsonl")]);
    other.click_button("Import");
    assert_eq!(other.titles(), desk.titles());
    other.click_row("Zoë 🌉 opens");
    assert_eq!(other.marks(), desk.marks());
}

#[test]
fn labels_files_and_parts_can_be_chosen() {
    let mut desk = dialog();
    desk.click_button("Labels");
    desk.harness.get_by_role_and_label(Role::CheckBox, "Claim").scroll_to_me();
    desk.rest();
    desk.harness.get_by_role_and_label(Role::CheckBox, "Claim").click();
    desk.rest();
    assert!(desk.has("2 spans with other labels"), "what is not chosen is counted");
    desk.keys(&[Key::Escape]);
    desk.click("One for each document");
    desk.click("Into train, dev and test");
    desk.refill("Name", "parts");
    let folder = desk.folder.path().join("out");
    desk.refill("Folder", folder.to_str().unwrap());
    desk.click_button("Export");
    let all = walk(&folder.join("parts"));
    let written: Vec<&PathBuf> = all.iter().filter(|path| path.extension().is_some_and(|extension| extension == "jsonl")).collect();
    assert_eq!(written.len(), 2, "{all:?}");
    assert!(written.iter().all(|path| path.parent().unwrap().ends_with("train") || path.parent().unwrap().ends_with("test")), "{all:?}");
    let texts: String = written.iter().map(|path| fs::read_to_string(path).unwrap()).collect();
    assert!(texts.contains("CLAIM") && !texts.contains("\"quote\":\"Noor Ali\""));
}

#[test]
fn the_documents_of_the_list_can_be_exported() {
    let mut desk = Desk::open_texts(&[TEXT, "Second article\n\nNothing is labelled here.\n"]);
    desk.fill("Filter documents", "Second");
    desk.menu("File", "Export…");
    desk.click("The 1 that the list shows");
    let folder = desk.export_as("Manicule JSONL", "shown");
    let lines = fs::read_to_string(folder.join("shown.jsonl")).unwrap();
    assert!(lines.contains("Second article") && !lines.contains("Zoë 🌉 opens"));
}

#[test]
fn in_a_narrow_window_what_was_said_does_not_run_into_what_stands_beside_it() {
    let mut desk = dialog();
    desk.export_as("Manicule JSONL", "a-name-that-is-rather-long-and-leaves-no-room");
    desk.harness.set_size(vec2(800.0, 600.0));
    desk.rest();
    let said = desk.harness.get_by_label_contains("Exported to").rect();
    let facts = desk.harness.get_by_label_contains("spans · ").rect();
    assert!(said.right() <= facts.left() && said.width() > 100.0, "{said:?} {facts:?}");
}
