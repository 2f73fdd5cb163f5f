//! Files of a project: written and read alike, left alone when nothing changes, and never lost when they are broken.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::string_slice)]

mod others;
#[path = "../support/project.rs"]
mod project;
mod rows;

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::MetadataExt;

use manicule::edit::{Change, Edit, Transaction};
use manicule::model::{ClaimId, Entity, EntityId, Finding, RelationId, SheetInfo, SheetKey, SpanId, State};
use manicule::store::{StoreError, layout};
use manicule::text::Text;
use manicule::workspace::{OpenOptions, Origin, Who, Workspace};
use project::{TestProject, add_document, add_span, files};
use proptest::prelude::*;
use rows::{TEXT, claim, document, entity, id, info, relation, span};

fn rules(findings: &[Finding]) -> Vec<&'static str> {
    findings.iter().map(|finding| finding.rule).collect()
}

fn load_all(workspace: &mut Workspace) -> State {
    for id in workspace.state().documents.keys().cloned().collect::<Vec<_>>() {
        for coder in workspace.coders_of(&id).unwrap() {
            assert_eq!(workspace.load(&SheetKey::new(&id, &coder)).unwrap(), []);
        }
    }
    workspace.state().clone()
}

// Round trips.

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_saved_is_read_alike(
        document in document(),
        info in info(),
        spans in prop::collection::btree_map(id(), span(), 0..6),
        claims in prop::collection::btree_map(id(), claim(), 0..4),
        relations in prop::collection::btree_map(id(), relation(), 0..4),
        entities in prop::collection::btree_map(id(), entity(), 0..4),
    ) {
        let project = TestProject::new();
        let mut workspace = project.create();
        let start = load_all(&mut workspace);
        let new = manicule::workspace::NewDocument { id: workspace.new_document_id("x"), document, text: Text::new(TEXT), original: Some(vec![0, 255]) };
        let key = SheetKey::new(&new.id, workspace.coder());
        let mut edits = vec![Edit::Sheet(key.clone(), Change::replace((), SheetInfo::default(), info))];
        edits.extend(spans.into_iter().map(|(id, row)| Edit::Span(key.clone(), Change::insert(SpanId(id), row))));
        edits.extend(claims.into_iter().map(|(id, row)| Edit::Claim(key.clone(), Change::insert(ClaimId(id), row))));
        edits.extend(relations.into_iter().map(|(id, row)| Edit::Relation(key.clone(), Change::insert(RelationId(id), row))));
        edits.extend(entities.into_iter().map(|(id, row)| Edit::Entity(Change::insert(EntityId(id), row))));
        workspace.add_documents("all", vec![new], edits).unwrap();
        let state = workspace.state().clone();
        drop(workspace);

        // From the journal, then from the files, then undone.
        let mut workspace = project.open().workspace;
        prop_assert!(load_all(&mut workspace) == state, "the journal brings back something else");
        workspace.close().unwrap();
        let opened = project.open();
        prop_assert_eq!(opened.findings, vec![]);
        let mut workspace = opened.workspace;
        prop_assert!(load_all(&mut workspace) == state, "the files say something else");
        workspace.undo().unwrap();
        prop_assert!(*workspace.state() == start, "undo brings back something else");
        workspace.close().unwrap();
    }
}

// Files are left alone.

fn sample() -> (TestProject, SheetKey) {
    let project = TestProject::new();
    let mut workspace = project.create();
    let id = add_document(&mut workspace, "Kerry", TEXT);
    add_document(&mut workspace, "other", "Kerry");
    let key = SheetKey::new(&id, workspace.coder());
    add_span(&mut workspace, &key, 0, 6, "PER");
    add_span(&mut workspace, &key, 13, 19, "PER");
    let entity = Edit::Entity(Change::insert(EntityId(workspace.next_id()), Entity::new("Kerry", None)));
    workspace.apply(Transaction::new("entity", vec![entity])).unwrap();
    workspace.close().unwrap();
    (project, key)
}

/// Takes the good copies away, so that broken files are read as they are.
fn forget_copies(project: &TestProject) {
    for entry in fs::read_dir(project.root.path().join("state")).unwrap().map(|entry| entry.unwrap().path()) {
        if entry.join("coders/ann").is_dir() {
            fs::remove_dir_all(entry.join("coders/ann/states")).unwrap();
        }
    }
}

fn sheet_file(project: &TestProject, key: &SheetKey) -> std::path::PathBuf {
    project.path(&layout::sheet_path(key, layout::Shelf::Live))
}

#[test]
fn opening_and_saving_an_untouched_project_changes_no_file() {
    let (project, key) = sample();
    let look = || -> BTreeMap<String, (Vec<u8>, u64, i64, i64)> {
        let with_inode = |(path, content): (String, Vec<u8>)| {
            let meta = fs::metadata(project.path(&path)).unwrap();
            (path, (content, meta.ino(), meta.mtime(), meta.mtime_nsec()))
        };
        files(&project.dir()).into_iter().map(with_inode).collect()
    };
    let before = look();
    assert!(before.len() >= 10, "{:?}", before.keys());
    let mut workspace = project.open().workspace;
    load_all(&mut workspace);
    workspace.checkpoint_now().unwrap();
    workspace.close().unwrap();
    assert!(look() == before);
    // Nor does an action that is taken back; only the files of the sheet are looked at.
    let mut workspace = project.open().workspace;
    add_span(&mut workspace, &key, 0, 6, "ORG");
    workspace.undo().unwrap();
    workspace.close().unwrap();
    assert!(look() == before);
}

#[test]
fn two_projects_made_alike_are_byte_for_byte_alike() {
    let ((a, _), (b, _)) = (sample(), sample());
    assert_eq!(files(&a.dir()), files(&b.dir()));
}

#[test]
fn undoing_an_import_moves_the_texts_to_the_trash_and_redo_takes_them_back() {
    let project = TestProject::new();
    let mut workspace = project.create();
    let before = files(&project.dir());
    let id = add_document(&mut workspace, "Kerry", "Kerry");
    workspace.checkpoint_now().unwrap();
    let with = files(&project.dir());
    workspace.undo().unwrap();
    workspace.checkpoint_now().unwrap();
    let mut without = files(&project.dir());
    assert_eq!(without.remove(&layout::document_path(&id, layout::Part::Text, layout::Shelf::Trash)).unwrap(), b"Kerry");
    assert_eq!(without, before);
    workspace.close().unwrap();
    let mut workspace = project.open().workspace;
    workspace.redo().unwrap();
    workspace.close().unwrap();
    assert_eq!(files(&project.dir()), with);
}

// Broken files.

#[test]
fn rows_that_cannot_be_understood_are_put_aside_and_written_back() {
    let (project, key) = sample();
    forget_copies(&project);
    let file = sheet_file(&project, &key);
    let good = fs::read_to_string(&file).unwrap();
    let broken = good.replacen("label: \"PER\"", "lable: \"PER\"", 1);
    fs::write(&file, &broken).unwrap();
    let mut workspace = project.open().workspace;
    let findings = workspace.load(&key).unwrap();
    assert_eq!(rules(&findings), ["row-put-aside", "changed-outside"]);
    assert!(findings[0].message.contains("lable") && findings[0].line.is_some(), "{findings:?}");
    assert_eq!(workspace.state().sheet(&key).spans.len(), 1);
    assert_eq!(fs::read_to_string(&file).unwrap(), broken, "reading changes nothing");
    add_span(&mut workspace, &key, 0, 6, "ORG");
    workspace.close().unwrap();
    let saved = fs::read_to_string(&file).unwrap();
    assert!(saved.contains("put_aside: [") && saved.contains("lable"), "{saved}");
    // Once it is repaired by hand it is a row again.
    fs::write(&file, saved.replace("lable", "label")).unwrap();
    let mut workspace = project.open().workspace;
    let findings = workspace.load(&key).unwrap();
    assert_eq!(workspace.state().sheet(&key).spans.len(), 3, "{findings:?}");
}

#[test]
fn conflict_marks_of_git_cost_no_row() {
    let (project, key) = sample();
    let file = sheet_file(&project, &key);
    let good = fs::read_to_string(&file).unwrap();
    let row = good.lines().find(|line| line.contains("PER")).unwrap();
    let other = row.replace("PER", "ORG");
    fs::write(&file, good.replacen(row, &format!("<<<<<<< ours\n{row}\n=======\n{other}\n>>>>>>> theirs"), 1)).unwrap();
    let mut workspace = project.open().workspace;
    let findings = workspace.load(&key).unwrap();
    assert_eq!(workspace.state().sheet(&key).spans.len(), 2);
    assert!(findings.iter().any(|finding| finding.message.contains("twice") && finding.message.contains("ORG")), "{findings:?}");
}

#[test]
fn every_range_is_checked_against_its_quote() {
    let (project, key) = sample();
    forget_copies(&project);
    let file = sheet_file(&project, &key);
    let good = fs::read_to_string(&file).unwrap();
    let check = |from: &str, to: &str, expected: &[&str], spans: usize| {
        assert!(good.contains(from), "{good}");
        fs::write(&file, good.replace(from, to)).unwrap();
        let mut workspace = project.open().workspace;
        let findings = workspace.load(&key).unwrap();
        assert_eq!(rules(&findings), expected, "{findings:?}");
        assert_eq!(workspace.state().sheet(&key).spans.len(), spans);
    };
    // The only place of the quote.
    check("(13, 19, \"Lavrov\")", "(14, 20, \"Lavrov\")", &["re-anchored", "changed-outside"], 2);
    // Two places are possible.
    check("(0, 6, \"Kérry\")", "(1, 7, \"Kérry\")", &["row-put-aside", "changed-outside"], 1);
    // Nowhere, behind the text, inside a character, reversed, empty.
    check("(13, 19, \"Lavrov\")", "(13, 19, \"Lawrow\")", &["row-put-aside", "changed-outside"], 1);
    check("(13, 19, \"Lavrov\")", "(1300, 1900, \"Lawrow\")", &["row-put-aside", "changed-outside"], 1);
    check("(0, 6, \"Kérry\")", "(0, 2, \"K\")", &["re-anchored", "changed-outside"], 2);
    check("(13, 19, \"Lavrov\")", "(19, 13, \"\")", &["row-put-aside", "changed-outside"], 1);
    check("(13, 19, \"Lavrov\")", "(13, 13, \"\")", &["row-put-aside", "changed-outside"], 1);
}

#[test]
fn a_text_changed_outside_is_noticed_and_places_follow_their_quotes() {
    let (project, key) = sample();
    forget_copies(&project);
    let text = project.path(&layout::document_path(&key.document, layout::Part::Text, layout::Shelf::Live));
    fs::write(&text, format!("Yesterday {}", TEXT.replace("Wien. Kérry", "Wien. He"))).unwrap();
    let mut workspace = project.open().workspace;
    let findings = workspace.load(&key).unwrap();
    assert!(rules(&findings).contains(&"text-changed"), "{findings:?}");
    let sheet = workspace.state().sheet(&key);
    let quotes: Vec<String> = sheet.spans.values().map(|span| workspace.state().texts[&key.document].quote(&span.ranges)).collect();
    assert_eq!(quotes.len(), 2);
    assert!(quotes.contains(&"Kérry".to_owned()) && quotes.contains(&"Lavrov".to_owned()));
    fs::write(&text, b"Kerry \xff").unwrap();
    let error = project.open().workspace.load(&key).unwrap_err().to_string();
    assert!(error.contains("not UTF-8 (byte 6)"), "{error}");
    fs::remove_file(&text).unwrap();
    assert!(matches!(project.open().workspace.load(&key), Err(StoreError::TextMissing(..))));
}

#[test]
fn a_newer_format_is_refused_and_untouched() {
    let (project, key) = sample();
    for path in ["project.ron".to_owned(), layout::sheet_path(&key, layout::Shelf::Live)] {
        let file = project.path(&path);
        let good = fs::read_to_string(&file).unwrap();
        let newer = good.replacen("format: 1", "format: 2, mystery: Whatever(1)", 1);
        fs::write(&file, &newer).unwrap();
        let options = OpenOptions::read_write(Who::Named("ann".into()));
        let error = match Workspace::open(&project.dir(), options, &project.places) {
            Ok(mut opened) => opened.workspace.load(&key).unwrap_err(),
            Err(error) => error,
        };
        assert!(matches!(&error, StoreError::NewerFormat { found: 2, .. }), "{error}");
        assert_eq!(fs::read_to_string(&file).unwrap(), newer);
        fs::write(&file, good).unwrap();
    }
}

#[test]
fn odd_beginnings_and_numbers_of_files() {
    let (project, key) = sample();
    forget_copies(&project);
    let file = sheet_file(&project, &key);
    let good = fs::read_to_string(&file).unwrap();
    let load = |content: &[u8]| {
        fs::write(&file, content).unwrap();
        project.open().workspace.load(&key).map(|findings| rules(&findings)).map_err(|error| error.to_string())
    };
    assert_eq!(load(format!("\u{feff}{good}").as_bytes()).unwrap(), ["byte-order-mark", "changed-outside"]);
    assert_eq!(load(good.replace('\n', "\r\n").as_bytes()).unwrap(), ["changed-outside"]);
    assert!(load(b"").unwrap_err().contains("not touched"));
    assert!(load(&[0; 600]).unwrap_err().contains("not touched"));
    assert!(load("é".repeat(9).as_bytes().split_last().unwrap().1).unwrap_err().contains("is not UTF-8 (byte 16)"));
    assert!(load(&b"[".repeat(1_000_000)).is_err());
    let number = |number: &str| good.replacen("label: \"PER\",", &format!("label: \"PER\", attributes: {{\"score\": Number({number})}},"), 1);
    assert_eq!(load(number("0.5").as_bytes()).unwrap(), ["changed-outside"]);
    for bad in ["NaN", "inf", "-inf", "1e999"] {
        assert_eq!(load(number(bad).as_bytes()).unwrap(), ["row-put-aside", "changed-outside"], "{bad}");
    }
    let twice = good.replacen("label: \"PER\",", "label: \"PER\", attributes: {\"a\": Bool(true), \"a\": Bool(false)},", 1);
    assert_eq!(load(twice.as_bytes()).unwrap(), ["row-put-aside", "changed-outside"]);
    let long = good.replacen("label:", &format!("{}:", "x".repeat(100_000)), 1);
    fs::write(&file, long).unwrap();
    assert!(project.open().workspace.load(&key).unwrap().iter().all(|finding| finding.message.chars().count() <= 501));
}

#[test]
fn a_damaged_file_is_noticed_and_the_last_save_comes_back() {
    let (project, key) = sample();
    let path = layout::sheet_path(&key, layout::Shelf::Live);
    let good = fs::read(project.path(&path)).unwrap();
    // Damage that RON accepts.
    let damaged = String::from_utf8(good.clone()).unwrap().replacen("\"PER\"", "\"PFR\"", 1);
    fs::write(project.path(&path), &damaged).unwrap();
    let mut workspace = project.open().workspace;
    assert_eq!(rules(&workspace.load(&key).unwrap()), ["changed-outside"]);
    assert_eq!(rules(&workspace.sweep().run(&Default::default(), &Default::default()).unwrap()), ["changed-outside"]);
    workspace.restore(&path).unwrap();
    workspace.checkpoint_now().unwrap();
    assert_eq!(fs::read(project.path(&path)).unwrap(), good);
    workspace.close().unwrap();
    // Damage that leaves nothing to read.
    fs::write(project.path(&path), [0; 100]).unwrap();
    let mut workspace = project.open().workspace;
    let findings = workspace.load(&key).unwrap();
    assert_eq!(rules(&findings), ["damaged"]);
    let words = format!("damaged (100 of {} bytes are there). The last good copy was opened instead: nothing lost", good.len());
    assert!(findings[0].message.starts_with(&words) && findings[0].file == path, "{findings:?}");
    assert_eq!(fs::read(project.path(&path)).unwrap(), good);
    let aside = files(&workspace.state_dir().join("aside"));
    assert!(aside.iter().any(|(name, content)| name.ends_with(&path) && *content == [0; 100]), "{:?}", aside.keys());
    // A change on purpose is accepted once and no longer reported.
    fs::write(project.path(&path), &damaged).unwrap();
    let mut workspace = {
        drop(workspace);
        project.open().workspace
    };
    workspace.accept_outside([path.as_str()]).unwrap();
    drop(workspace);
    assert_eq!(project.open().workspace.load(&key).unwrap(), []);
}

#[test]
fn a_project_whose_first_files_are_damaged_opens_as_it_was_saved() {
    type Damage = fn(&[u8]) -> Option<Vec<u8>>;
    let (project, _) = sample();
    let damages: [Damage; 4] = [|good| Some(good[..good.len() / 2].to_vec()), |good| Some(vec![0; good.len()]), |_| Some(Vec::new()), |_| None];
    for path in ["project.ron", "schema.ron"] {
        let good = fs::read(project.path(path)).unwrap();
        for damage in damages {
            let broken = damage(&good);
            match &broken {
                Some(broken) => fs::write(project.path(path), broken).unwrap(),
                None => fs::remove_file(project.path(path)).unwrap(),
            }
            // Reading repairs nothing, but sees what is good.
            let read = project.read();
            assert_eq!(rules(&read.findings), ["damaged"], "{:?}", read.findings);
            assert_eq!(fs::read(project.path(path)).ok(), broken);
            let opened = project.open();
            assert_eq!((rules(&opened.findings), opened.findings[0].file.as_str()), (vec!["damaged"], path));
            assert_eq!(opened.origin, Origin::Known);
            assert_eq!(fs::read(project.path(path)).unwrap(), good);
            opened.workspace.close().unwrap();
            assert_eq!(project.open().findings, []);
        }
    }
    // Another id makes no other project.
    let good = fs::read_to_string(project.path("project.ron")).unwrap();
    let (before, rest) = good.split_once("id: \"").unwrap();
    let digit = if rest.starts_with('0') { '1' } else { '0' };
    fs::write(project.path("project.ron"), format!("{before}id: \"{digit}{}", &rest[1..])).unwrap();
    let opened = project.open();
    assert_eq!((rules(&opened.findings), opened.origin), (vec!["damaged"], Origin::Known));
    assert_eq!(fs::read_to_string(project.path("project.ron")).unwrap(), good);
}

#[test]
fn a_damaged_text_is_opened_as_it_was_imported() {
    let (project, key) = sample();
    let text = project.path(&layout::document_path(&key.document, layout::Part::Text, layout::Shelf::Live));
    let damages: [&dyn Fn(); 4] = [
        &|| fs::write(&text, TEXT.replace("Wien", "Bonn")).unwrap(),
        &|| fs::write(&text, b"Kerry \xff").unwrap(),
        &|| fs::write(&text, vec![0; TEXT.len()]).unwrap(),
        &|| fs::remove_file(&text).unwrap(),
    ];
    for damage in damages {
        damage();
        let mut opened = project.open();
        assert_eq!(opened.findings, []);
        assert_eq!(rules(&opened.workspace.load(&key).unwrap()), ["damaged"]);
        assert_eq!(opened.workspace.state().texts[&key.document].as_str(), TEXT);
        assert_eq!(opened.workspace.state().sheet(&key).spans.len(), 2);
        assert_eq!(fs::read_to_string(&text).unwrap(), TEXT);
        opened.workspace.close().unwrap();
    }
}
