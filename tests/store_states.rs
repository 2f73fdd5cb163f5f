//! Earlier states of a project: which are kept, what they hold, and how they come back.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::string_slice)]

#[path = "support/project.rs"]
mod project;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, UNIX_EPOCH};

use manicule::edit::{Change, Edit, Transaction};
use manicule::model::{Document, Entity, EntityId, IdSource, SheetKey};
use manicule::progress::{CancelToken, Progress};
use manicule::store::{Clock, Occasion};
use manicule::workspace::states::{Fate, FileChange, ProjectState, What, known_projects};
use manicule::workspace::{OpenOptions, Who, Workspace};
use project::{TestProject, add_document, add_span, files};

const DAY: u64 = 24 * 60 * 60;

/// A clock that stands until it is set.
#[derive(Clone)]
struct Time(Arc<AtomicU64>);

impl Time {
    fn add(&self, seconds: u64) {
        self.0.fetch_add(seconds, Ordering::SeqCst);
    }
}

fn timed() -> (TestProject, Time) {
    let mut project = TestProject::new();
    let time = Time(Arc::new(AtomicU64::new(20_000 * DAY)));
    let shown = time.clone();
    project.places = project.places.with_clock(Clock::new(move || UNIX_EPOCH + Duration::from_secs(shown.0.load(Ordering::SeqCst))));
    (project, time)
}

fn control() -> (Progress, CancelToken) {
    (Progress::new(), CancelToken::new())
}

fn back_up(workspace: &Workspace) -> usize {
    let (progress, cancel) = control();
    workspace.backup().unwrap().run(&progress, &cancel).unwrap().changed
}

fn states(workspace: &Workspace) -> Vec<ProjectState> {
    workspace.known_project().states
}

/// Occasions, the newest first, and how many spans.
fn summary(workspace: &Workspace) -> Vec<(Occasion, usize)> {
    states(workspace).into_iter().map(|state| (state.occasion, state.rows.spans)).collect()
}

/// A project with one article and a span, saved.
fn begun(project: &TestProject) -> (Workspace, SheetKey) {
    let mut workspace = project.create();
    let id = add_document(&mut workspace, "Kerry", "Kerry met Lavrov in Wien");
    let key = SheetKey::new(&id, workspace.coder());
    add_span(&mut workspace, &key, 0, 5, "PER");
    workspace.checkpoint_now().unwrap();
    (workspace, key)
}

/// The files of a project but the one that names it.
fn content(dir: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut files = files(dir);
    files.remove("project.ron").unwrap();
    files
}

#[test]
fn a_young_save_is_replaced_by_the_next_and_a_closed_one_stays() {
    let (project, time) = timed();
    let (mut workspace, key) = begun(&project);
    assert_eq!(summary(&workspace), [(Occasion::Saved, 1), (Occasion::Found, 0)]);
    for _ in 0..3 {
        time.add(60);
        add_span(&mut workspace, &key, 6, 9, "ORG");
        workspace.checkpoint_now().unwrap();
    }
    assert_eq!(summary(&workspace), [(Occasion::Saved, 4), (Occasion::Found, 0)]);
    // Five minutes after the first of them, not after the last.
    time.add(2 * 60);
    add_span(&mut workspace, &key, 6, 9, "ORG");
    workspace.checkpoint_now().unwrap();
    assert_eq!(summary(&workspace), [(Occasion::Saved, 1), (Occasion::Saved, 4), (Occasion::Found, 0)]);
    workspace.close().unwrap();
    let mut workspace = project.open().workspace;
    assert_eq!(summary(&workspace)[0], (Occasion::Closed, 1));
    add_span(&mut workspace, &key, 6, 9, "ORG");
    workspace.close().unwrap();
    let workspace = project.open().workspace;
    assert_eq!(summary(&workspace)[..2], [(Occasion::Closed, 1), (Occasion::Closed, 1)]);
    workspace.close().unwrap();
    assert_eq!(summary(&project.open().workspace).len(), 4, "nothing differs, so nothing is noted");
}

#[test]
fn ten_states_and_one_a_day_for_thirty_days_stay_and_the_rest_goes_with_its_contents() {
    let (project, time) = timed();
    let (mut workspace, key) = begun(&project);
    let objects = || files(&workspace_objects(&project)).len();
    for _ in 0..40 {
        for _ in 0..3 {
            time.add(DAY / 3);
            add_span(&mut workspace, &key, 6, 9, "ORG");
            workspace.checkpoint_now().unwrap();
        }
    }
    let before = objects();
    back_up(&workspace);
    let kept = states(&workspace);
    // Three a day: the last ten reach back over four days, and 26 further days have one each.
    assert!((34..=37).contains(&kept.len()), "{}", kept.len());
    assert!(objects() < before - 80, "{before} contents, then {}", objects());
    // Each of them can be had whole.
    let known = workspace.known_project();
    for (i, state) in kept.iter().enumerate() {
        let target = project.path(&format!("../copy-{i}"));
        let (progress, cancel) = control();
        let copied = known.copy(&state.id, &target, &project.places, &mut IdSource::seeded(9)).unwrap().run(&progress, &cancel).unwrap();
        assert_eq!(copied.findings, []);
    }
    let spans = |dir: &Path| {
        let mut copy = Workspace::open(dir, OpenOptions::read_only(), &project.places).unwrap().workspace;
        copy.load(&key).unwrap();
        copy.state().sheet(&key).spans.len()
    };
    assert_eq!(spans(&project.path("../copy-0")), 121);
    assert_eq!(spans(&project.path("../copy-1")), 120);
    // A clock that jumps back removes nothing, and the order stays.
    time.0.store(900 * DAY, Ordering::SeqCst);
    add_span(&mut workspace, &key, 0, 5, "PER");
    workspace.checkpoint_now().unwrap();
    back_up(&workspace);
    let now = states(&workspace);
    assert!(now.len() + 1 >= kept.len() && now[0].time < now[1].time && now[1] == kept[0], "{}", now.len());
}

fn workspace_objects(project: &TestProject) -> std::path::PathBuf {
    let state = fs::read_dir(project.root.path().join("state")).unwrap().map(|entry| entry.unwrap().path());
    state.filter(|path| path.join("coders").is_dir()).map(|path| path.join("coders/ann/states/objects")).next().unwrap()
}

#[test]
fn a_deleted_project_is_in_the_list_and_comes_back_whole() {
    let (project, _) = timed();
    let (mut workspace, key) = begun(&project);
    let other = add_document(&mut workspace, "Lavrov", "Lavrov met Kerry");
    let entity = Edit::Entity(Change::insert(EntityId(workspace.next_id()), Entity::new("Kerry", None)));
    workspace.apply(Transaction::new("entity", vec![entity])).unwrap();
    let before = workspace.state().document(&other).unwrap().clone();
    let after = Document { in_trash: true, ..before.clone() };
    workspace.apply(Transaction::new("trash", vec![Edit::Document(Change::replace(other, before, after))])).unwrap();
    workspace.close().unwrap();
    let saved = files(&project.dir());
    fs::remove_dir_all(project.dir()).unwrap();

    let known = known_projects(&project.places);
    assert_eq!((known.len(), known[0].name.as_str(), known[0].is_there()), (1, "Test", false));
    assert_eq!(known[0].place, project.root.path().canonicalize().unwrap().join("study"));
    let state = known[0].last_state().unwrap();
    assert!(state.is_complete);
    let (progress, cancel) = control();
    let job = known[0].copy(&state.id, &project.dir(), &project.places, &mut IdSource::seeded(8)).unwrap();
    let copied = job.run(&progress, &cancel).unwrap();
    assert_eq!((copied.files, copied.findings), (saved.len(), vec![]));
    let mut expected = saved.clone();
    expected.remove("project.ron");
    assert_eq!(content(&project.dir()), expected);
    let mut opened = project.open();
    assert_eq!((opened.findings, opened.recovered, opened.workspace.history().undo_len()), (vec![], 0, 0), "the journal is another one");
    assert_eq!(opened.workspace.load(&key).unwrap(), []);
    assert_eq!(opened.workspace.state().sheet(&key).spans.len(), 1);
    assert_ne!(opened.workspace.state().project.id, known[0].id);
}

#[test]
fn a_project_from_elsewhere_is_copied_whole_and_the_copy_can_be_stopped() {
    let (project, _) = timed();
    let (workspace, _) = begun(&project);
    workspace.close().unwrap();
    fs::remove_dir_all(project.root.path().join("state")).unwrap();
    // As if it came from git.
    let mut workspace = project.open().workspace;
    assert_eq!(states(&workspace), []);
    let key = SheetKey::new(workspace.state().documents.keys().next().unwrap(), workspace.coder());
    add_span(&mut workspace, &key, 6, 9, "ORG");
    workspace.checkpoint_now().unwrap();
    assert!(!states(&workspace)[0].is_complete, "other files are not known yet");
    let (progress, cancel) = control();
    cancel.cancel();
    assert!(workspace.backup().unwrap().run(&progress, &cancel).is_err());
    assert!(!states(&workspace)[0].is_complete);
    assert!(back_up(&workspace) > 0);
    assert!(states(&workspace)[0].is_complete);
    assert_eq!(back_up(&workspace), 0);
    let known = workspace.known_project();
    let (progress, cancel) = control();
    let job = known.copy(&known.states[0].id, &project.path("../copy"), &project.places, &mut IdSource::seeded(8)).unwrap();
    job.run(&progress, &cancel).unwrap();
    assert_eq!(content(&project.path("../copy")), content(&project.dir()));
}

fn compare(workspace: &Workspace, from: usize, to: Option<usize>) -> Vec<FileChange> {
    let known = workspace.known_project();
    let (progress, cancel) = control();
    let to = to.map(|to| &known.states[to].id);
    known.compare(&known.states[from].id, to).unwrap().run(&progress, &cancel).unwrap()
}

#[test]
fn what_differs_is_said_in_words_of_people() {
    let (project, time) = timed();
    let (mut workspace, key) = begun(&project);
    time.add(DAY);
    add_span(&mut workspace, &key, 6, 9, "ORG");
    add_span(&mut workspace, &key, 10, 16, "PER");
    let second = add_document(&mut workspace, "Second", "Lavrov");
    workspace.checkpoint_now().unwrap();
    let said = |changes: Vec<FileChange>| {
        let line = |change: FileChange| (change.what, change.fate, change.title, change.rows.spans);
        changes.into_iter().map(line).collect::<Vec<_>>()
    };
    let changes = compare(&workspace, 1, Some(0));
    assert!(changes.iter().any(|change| change.document.as_ref() == Some(&second)));
    let mut expected = vec![
        (What::Sheet(workspace.coder().clone()), Fate::Changed, "Kerry".to_owned(), 2),
        (What::Fields, Fate::Added, "Second".to_owned(), 0),
        (What::Text, Fate::Added, "Second".to_owned(), 0),
    ];
    assert_eq!(said(changes), expected);
    assert_eq!(compare(&workspace, 0, None), []);
    for (_, fate, ..) in &mut expected[1..] {
        *fate = Fate::Gone;
    }
    assert_eq!(said(compare(&workspace, 0, Some(1))), expected);
}

fn restore(workspace: &mut Workspace, state: &ProjectState) -> manicule::workspace::Restored {
    let (progress, cancel) = control();
    let plan = workspace.begin_restore(&state.id).unwrap().run(&progress, &cancel).unwrap();
    workspace.finish_restore(plan).unwrap()
}

#[test]
fn a_restored_state_is_one_step_and_the_present_is_not_lost() {
    let (project, time) = timed();
    let (mut workspace, key) = begun(&project);
    let first = workspace.state().clone();
    let earlier = states(&workspace)[0].clone();
    time.add(DAY);
    add_span(&mut workspace, &key, 6, 9, "ORG");
    let second = add_document(&mut workspace, "Second", "Lavrov");
    let entity = Edit::Entity(Change::insert(EntityId(workspace.next_id()), Entity::new("Kerry", None)));
    workspace.apply(Transaction::new("entity", vec![entity])).unwrap();
    fs::write(project.path("guidelines.md"), "new").unwrap();
    // Not saved: it is part of the present all the same.
    let present = workspace.state().clone();

    let restored = restore(&mut workspace, &earlier);
    assert_eq!((restored.rows, restored.files, restored.others), (3, 1, 0));
    assert!(workspace.state().documents[&second].in_trash, "what the state does not have goes to the trash");
    assert!(workspace.state().sheets == first.sheets && workspace.state().entities == first.entities);
    assert_eq!(fs::read(project.path("guidelines.md")).unwrap(), b"");
    workspace.checkpoint_now().unwrap();
    assert_eq!(states(&workspace)[1].occasion, Occasion::BeforeRestore);
    // Undo brings the present back, also after a restart.
    workspace.close().unwrap();
    let mut workspace = project.open().workspace;
    workspace.undo().unwrap().unwrap();
    workspace.load(&key).unwrap();
    assert!(*workspace.state() == present);
    workspace.checkpoint_now().unwrap();
    // So does the state that was noted before.
    workspace.redo().unwrap();
    let before = states(&workspace).into_iter().find(|state| state.occasion == Occasion::BeforeRestore).unwrap();
    restore(&mut workspace, &before);
    workspace.load(&SheetKey::new(&second, workspace.coder())).unwrap();
    assert!(*workspace.state() == present);
    assert_eq!(fs::read(project.path("guidelines.md")).unwrap(), b"new");
}

#[test]
fn the_present_stays_in_the_list_when_it_was_saved_just_before_a_restore() {
    let (project, time) = timed();
    let (mut workspace, key) = begun(&project);
    let earlier = states(&workspace)[0].clone();
    time.add(DAY);
    add_span(&mut workspace, &key, 6, 9, "ORG");
    workspace.checkpoint_now().unwrap();
    let present = workspace.state().clone();
    restore(&mut workspace, &earlier);
    workspace.checkpoint_now().unwrap();
    let before = states(&workspace)[1].clone();
    assert_eq!(before.occasion, Occasion::BeforeRestore);
    restore(&mut workspace, &before);
    assert!(*workspace.state() == present);
}

#[test]
fn sheets_of_others_stay_when_a_state_is_restored() {
    let (project, time) = timed();
    let (workspace, key) = begun(&project);
    workspace.close().unwrap();
    let mut bob = project.open_as("Bob").workspace;
    let of_bob = SheetKey::new(&key.document, bob.coder());
    add_span(&mut bob, &of_bob, 0, 5, "ORG");
    bob.close().unwrap();
    let mut workspace = project.open().workspace;
    back_up(&workspace);
    let earlier = states(&workspace).into_iter().find(|state| state.occasion == Occasion::Found).unwrap();
    time.add(DAY);
    workspace.load(&key).unwrap();
    add_span(&mut workspace, &key, 6, 9, "ORG");
    let mut bob = project.open_as("Bob").workspace;
    add_span(&mut bob, &of_bob, 6, 9, "ORG");
    bob.close().unwrap();
    let of_bob_now = fs::read(project.path(&manicule::store::layout::sheet_path(&of_bob, manicule::store::layout::Shelf::Live))).unwrap();
    let restored = restore(&mut workspace, &earlier);
    assert_eq!((restored.rows, restored.others), (1, 1));
    assert_eq!(workspace.state().sheet(&key).spans.len(), 1);
    workspace.close().unwrap();
    assert_eq!(fs::read(project.path(&manicule::store::layout::sheet_path(&of_bob, manicule::store::layout::Shelf::Live))).unwrap(), of_bob_now);
}

#[test]
fn a_lost_article_comes_back_with_its_text_and_its_sheet() {
    let (project, time) = timed();
    let (mut workspace, key) = begun(&project);
    add_document(&mut workspace, "Second", "Lavrov");
    workspace.close().unwrap();
    for folder in ["documents", "annotations"] {
        let shard = key.document.shard();
        let dir = project.path(folder).join(if folder == "documents" { shard.to_owned() } else { format!("ann/{shard}") });
        for entry in fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path()) {
            if entry.file_name().unwrap().to_string_lossy().starts_with(key.document.as_str()) {
                fs::remove_file(entry).unwrap();
            }
        }
    }
    time.add(DAY);
    let opened = project.open();
    assert!(opened.findings.iter().any(|finding| finding.message.contains("is gone")), "{:?}", opened.findings);
    let mut workspace = opened.workspace;
    assert!(!workspace.state().documents.contains_key(&key.document));
    let saved = states(&workspace)[0].clone();
    let restored = restore(&mut workspace, &saved);
    assert_eq!((restored.rows, restored.files), (2, 1));
    workspace.close().unwrap();
    let mut opened = project.open();
    assert_eq!((opened.findings, opened.workspace.load(&key).unwrap()), (vec![], vec![]));
    assert_eq!(opened.workspace.state().sheet(&key).spans.len(), 1);
    let (progress, cancel) = control();
    assert_eq!(opened.workspace.sweep().run(&progress, &cancel).unwrap(), []);
}

#[test]
fn changes_from_outside_are_in_a_state_before_they_are_settled() {
    let (project, _) = timed();
    let (mut workspace, key) = begun(&project);
    let path = manicule::store::layout::sheet_path(&key, manicule::store::layout::Shelf::Live);
    let saved = fs::read_to_string(project.path(&path)).unwrap();
    let conflict = |workspace: &mut Workspace, theirs: &str| {
        let (id, span) = workspace.state().sheet(&key).spans.iter().next().map(|(id, span)| (*id, span.clone())).unwrap();
        let mut mine = span.clone();
        mine.label = manicule::model::LabelKey::new(if span.label.as_str() == "claim" { "PER" } else { "claim" }).unwrap();
        workspace.apply(Transaction::new("mine", vec![Edit::Span(key.clone(), Change::replace(id, span, mine))])).unwrap();
        fs::write(project.path(&path), theirs).unwrap();
        assert!(workspace.checkpoint_now().is_err());
    };
    let theirs = saved.replace("PER", "ORG");
    conflict(&mut workspace, &theirs);
    workspace.keep_mine().unwrap();
    workspace.checkpoint_now().unwrap();
    let copy_of = |workspace: &Workspace, occasion: Occasion, name: &str| {
        let known = workspace.known_project();
        let state = known.states.iter().find(|state| state.occasion == occasion).unwrap();
        let (progress, cancel) = control();
        let target = project.path(name);
        known.copy(&state.id, &target, &project.places, &mut IdSource::seeded(8)).unwrap().run(&progress, &cancel).unwrap();
        fs::read_to_string(target.join(&path)).unwrap()
    };
    assert_eq!(copy_of(&workspace, Occasion::BeforeKeepMine, "../theirs"), theirs);
    conflict(&mut workspace, &theirs);
    workspace.take_theirs().unwrap();
    workspace.checkpoint_now().unwrap();
    assert_eq!(fs::read_to_string(project.path(&path)).unwrap(), theirs);
    assert_eq!(copy_of(&workspace, Occasion::BeforeTakeTheirs, "../mine"), saved);
}

#[test]
fn one_edit_writes_only_what_it_changed() {
    let (project, _) = timed();
    let (mut workspace, key) = begun(&project);
    for i in 0..50 {
        add_document(&mut workspace, &format!("d{i}"), "Kerry met Lavrov in Wien");
    }
    workspace.checkpoint_now().unwrap();
    let log = workspace.state_dir().join("states/log");
    let (objects, len) = (files(&workspace_objects(&project)).len(), fs::metadata(&log).unwrap().len());
    add_span(&mut workspace, &key, 6, 9, "ORG");
    workspace.checkpoint_now().unwrap();
    assert_eq!(files(&workspace_objects(&project)).len(), objects + 1);
    assert!(fs::metadata(&log).unwrap().len() - len < 1000);
}

#[test]
fn two_coders_have_states_of_their_own() {
    let (project, _) = timed();
    let (workspace, key) = begun(&project);
    workspace.close().unwrap();
    let options = OpenOptions { ids: IdSource::seeded(3), ..OpenOptions::read_write(Who::Named("Bob".into())) };
    let mut bob = Workspace::open(&project.dir(), options, &project.places).unwrap().workspace;
    let of_bob = SheetKey::new(&key.document, bob.coder());
    add_span(&mut bob, &of_bob, 0, 5, "ORG");
    bob.close().unwrap();
    let known = known_projects(&project.places).remove(0);
    let names: Vec<String> = known.states.iter().map(|state| state.id.to_string()).collect();
    assert_eq!(names, ["ann/3", "ann/1", "bob/1"]);
    assert_eq!(known.find_state("ann/3").unwrap().id, known.find_state("3").unwrap().id);
    assert!(known.find_state("1").is_err(), "there are two of them");
    assert!(known.find_state("7").is_err() && known.find_state("bob/3").is_err());
    assert_eq!("bob/1".parse(), Ok(known.states[2].id.clone()));
}
