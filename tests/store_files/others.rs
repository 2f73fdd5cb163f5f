//! Who else works on a project: other coders, other programs, other places, and copies.

use std::fs;

use manicule::edit::{Change, Edit, Transaction};
use manicule::model::{CoderKey, DocumentId, Entity, EntityId, Id, LabelKey, SheetInfo, Span};
use manicule::store::{Places, StoreError, layout};
use manicule::workspace::{Access, OpenOptions, Origin, SaveState, Who, Workspace, WorkspaceError, adopt_history};

use crate::project::{TestProject, add_span, files, new_project};
use crate::{load_all, sample, sheet_file};

#[test]
fn an_outside_change_is_never_overwritten_silently() {
    let (project, key) = sample();
    let path = layout::sheet_path(&key, layout::Shelf::Live);
    let mut workspace = project.open().workspace;
    workspace.load(&key).unwrap();
    let good = fs::read_to_string(project.path(&path)).unwrap();
    let theirs = good.replace("PER", "ORG");
    let (id, span) = workspace.state().sheet(&key).spans.iter().next().map(|(id, span)| (*id, span.clone())).unwrap();
    let mine = Span::new(span.ranges.clone(), LabelKey::new("claim").unwrap());
    let edit = Edit::Span(key.clone(), Change::replace(id, span, mine.clone()));
    workspace.apply(Transaction::new("mine", vec![edit])).unwrap();
    fs::write(project.path(&path), &theirs).unwrap();
    assert!(matches!(workspace.checkpoint_now(), Err(StoreError::Conflict(files)) if files == [path.clone()]));
    assert!(matches!(workspace.save_state(), SaveState::Failed { why, .. } if why.contains("changed outside")));
    assert_eq!(fs::read_to_string(project.path(&path)).unwrap(), theirs);
    assert_eq!(workspace.conflicts(), std::slice::from_ref(&path));
    workspace.take_theirs().unwrap();
    workspace.checkpoint_now().unwrap();
    assert!(workspace.state().sheet(&key).spans.values().all(|span| span.label.as_str() == "ORG"));
    assert_eq!(fs::read_to_string(project.path(&path)).unwrap(), theirs);
    workspace.undo().unwrap();
    assert_eq!(workspace.state().sheet(&key).spans[&id], mine);
    // The other way round: theirs is kept aside.
    fs::write(project.path(&path), good).unwrap();
    assert!(workspace.checkpoint_now().is_err());
    workspace.keep_mine().unwrap();
    workspace.checkpoint_now().unwrap();
    assert_eq!(workspace.save_state(), SaveState::Saved);
    assert!(fs::read_to_string(project.path(&path)).unwrap().contains("\"claim\""));
    let aside = files(&workspace.state_dir().join("aside"));
    assert!(aside.keys().any(|file| file.starts_with("theirs-") && file.ends_with(&path)), "{:?}", aside.keys());
}

#[test]
fn two_coders_at_once_keep_the_entities_of_both() {
    let (project, _) = sample();
    let (mut ann, mut bob) = (project.open().workspace, project.open_as("Bob").workspace);
    assert_eq!((ann.access(), bob.access()), (&Access::ReadWrite, &Access::ReadWrite));
    let add = |workspace: &mut Workspace, bits: u64, name: &str| {
        let edit = Edit::Entity(Change::insert(EntityId(Id::from_bits(bits)), Entity::new(name, None)));
        workspace.apply(Transaction::new("entity", vec![edit])).unwrap();
    };
    // Small numbers share a file.
    add(&mut ann, 1, "by ann");
    add(&mut bob, 2, "by bob");
    bob.checkpoint_now().unwrap();
    ann.checkpoint_now().unwrap();
    assert_eq!(ann.save_state(), SaveState::Saved);
    let names = |workspace: &Workspace| workspace.state().entities.values().map(|entity| entity.name.clone()).collect::<Vec<_>>();
    assert!(names(&ann).contains(&"by bob".to_owned()));
    drop((ann, bob));
    let opened = project.open();
    assert_eq!(opened.findings, []);
    assert_eq!(names(&opened.workspace)[..2], ["by ann", "by bob"]);
    assert!(opened.workspace.state().coders.contains_key(&CoderKey::from_name("Bob")));
}

#[test]
fn theirs_is_taken_for_the_rows_that_both_changed_and_for_no_others() {
    let (project, _) = sample();
    let mut ann = project.open().workspace;
    let id = |bits| EntityId(Id::from_bits(bits));
    let set = |workspace: &mut Workspace, bits: u64, name: &str| {
        let before = workspace.state().entities.get(&id(bits)).cloned();
        let edit = Edit::Entity(Change { key: id(bits), before, after: Some(Entity::new(name, None)) });
        workspace.apply(Transaction::new("entity", vec![edit])).unwrap();
    };
    // Small numbers share a file; the last is in another.
    let far = 1 << 58;
    set(&mut ann, 1, "first");
    ann.checkpoint_now().unwrap();
    let mut bob = project.open_as("Bob").workspace;
    set(&mut bob, 1, "by bob");
    bob.checkpoint_now().unwrap();
    for (bits, name) in [(1, "by ann"), (2, "only ann"), (far, "far")] {
        set(&mut ann, bits, name);
    }
    assert!(matches!(ann.checkpoint_now(), Err(StoreError::Conflict(files)) if files.len() == 1 && files[0].starts_with("entities/")));
    ann.take_theirs().unwrap();
    ann.checkpoint_now().unwrap();
    let names = |workspace: &Workspace| [1, 2, far].map(|bits| workspace.state().entities[&id(bits)].name.clone());
    assert_eq!(names(&ann), ["by bob", "only ann", "far"]);
    drop((ann, bob));
    let workspace = project.open().workspace;
    assert_eq!(names(&workspace), ["by bob", "only ann", "far"]);
    assert!(["ann", "Bob"].iter().all(|name| workspace.state().coders.contains_key(&CoderKey::from_name(name))));
}

#[test]
fn the_second_window_of_a_coder_reads_only_and_says_why() {
    let (project, key) = sample();
    let mut first = project.open().workspace;
    let mut second = project.open().workspace;
    let Access::ReadOnly { why } = second.access().clone() else { panic!("it may write") };
    assert!(why.contains("ann has it open in another window"), "{why}");
    assert!(matches!(
        second.apply(Transaction::new("x", vec![Edit::Sheet(key.clone(), Change::replace((), SheetInfo::default(), SheetInfo::default()))])),
        Err(WorkspaceError::ReadOnly(_))
    ));
    assert!(second.begin_checkpoint().is_none());
    // What reads sees what the first window has not saved, and changes nothing.
    add_span(&mut first, &key, 7, 10, "ORG");
    let before = files(project.root.path());
    let reader = project.read();
    assert_eq!((reader.recovered, reader.findings), (1, vec![]));
    assert!(reader.workspace.state().sheet(&key) == first.state().sheet(&key));
    assert_eq!(files(project.root.path()), before);
    drop((first, second));
    assert_eq!(project.open().workspace.access(), &Access::ReadWrite);
}

#[test]
fn a_folder_that_cannot_be_written_opens_for_reading() {
    let (project, key) = sample();
    // Permissions do not stop the superuser, a file in the place of the folder for locks stops everybody.
    fs::remove_dir_all(project.path(".manicule")).unwrap();
    fs::write(project.path(".manicule"), "").unwrap();
    let mut opened = project.open();
    assert!(matches!(opened.workspace.access(), Access::ReadOnly { why } if why.contains("could not")), "{:?}", opened.workspace.access());
    assert_eq!(opened.workspace.load(&key).unwrap(), []);
    assert_eq!(opened.workspace.state().sheet(&key).spans.len(), 2);
}

#[test]
fn a_copied_project_has_a_history_of_its_own_and_a_moved_one_can_keep_it() {
    let (project, key) = sample();
    let mut workspace = project.open().workspace;
    add_span(&mut workspace, &key, 7, 10, "ORG");
    drop(workspace);
    let moved = project.root.path().join("elsewhere");
    fs::rename(project.dir(), &moved).unwrap();
    let options = || OpenOptions::read_write(Who::Named("ann".into()));
    let old = fs::canonicalize(project.root.path()).unwrap().join("study");
    // Its first opening does not write the place down before the question is answered by opening it for good.
    let seen = Workspace::open(&moved, OpenOptions::read_only(), &project.places).unwrap();
    assert_eq!(seen.origin, Origin::Elsewhere { place: old.clone(), still_there: false });
    assert_eq!((seen.recovered, seen.workspace.history().undo_len()), (0, 0));
    adopt_history(&moved, &old, &project.places).unwrap();
    let opened = Workspace::open(&moved, options(), &project.places).unwrap();
    assert_eq!((opened.origin, opened.recovered), (Origin::Known, 1));
    assert_eq!(opened.workspace.state().sheet(&key).spans.len(), 3);
    assert!(opened.workspace.history().undo_len() > 0);
}

#[test]
fn a_journal_that_does_not_fit_is_reported_and_kept_not_applied() {
    let (project, key) = sample();
    let mut workspace = project.open().workspace;
    workspace.load(&key).unwrap();
    let (id, span) = workspace.state().sheet(&key).spans.iter().next().map(|(id, span)| (*id, span.clone())).unwrap();
    let gone = Edit::Span(key.clone(), Change::remove(id, span));
    workspace.apply(Transaction::new("delete it", vec![gone])).unwrap();
    add_span(&mut workspace, &key, 7, 10, "ORG");
    drop(workspace);
    // While it is closed, somebody changes the row that it deletes.
    let file = sheet_file(&project, &key);
    fs::write(&file, fs::read_to_string(&file).unwrap().replace("PER", "ORG")).unwrap();
    let opened = project.open();
    assert_eq!(opened.recovered, 1);
    assert!(opened.findings.iter().any(|f| f.rule == "action-not-recovered" && f.message.contains("delete it")), "{:?}", opened.findings);
    assert!(opened.workspace.state().sheet(&key).spans.contains_key(&id));
    let kept = files(&opened.workspace.state_dir().join("aside/not-recovered"));
    assert_eq!(kept.len(), 1);
    // The step cannot be undone, but skipped.
    let mut workspace = opened.workspace;
    workspace.undo().unwrap();
    assert!(matches!(workspace.undo(), Err(WorkspaceError::StepDiffers { name, .. }) if name == "delete it"));
    workspace.skip_undo();
    workspace.undo().unwrap().unwrap();
}

#[test]
fn save_as_copies_everything_under_a_new_id() {
    let (project, key) = sample();
    let mut workspace = project.open().workspace;
    add_span(&mut workspace, &key, 7, 10, "ORG");
    let target = project.root.path().join("copy");
    let mut ids = manicule::model::IdSource::seeded(5);
    workspace.save_as(&target, "Copy", &mut ids).unwrap().run(&Default::default(), &Default::default()).unwrap();
    let opened = Workspace::open(&target, OpenOptions::read_write(Who::Named("ann".into())), &project.places).unwrap();
    assert_eq!((opened.findings, opened.origin), (vec![], Origin::New));
    let mut copy = opened.workspace;
    assert_ne!(copy.state().project.id, workspace.state().project.id);
    assert_eq!(copy.state().project.name, "Copy");
    load_all(&mut workspace);
    load_all(&mut copy);
    assert!(copy.state().sheets == workspace.state().sheets && copy.state().entities == workspace.state().entities);
    assert_eq!(copy.state().documents, workspace.state().documents);
    assert!(matches!(workspace.save_as(&target, "Copy", &mut ids), Err(StoreError::NotEmpty(_))));
}

#[test]
fn a_project_is_made_only_where_nothing_is() {
    let project = TestProject::new();
    drop(project.create());
    let again = Workspace::create(&project.dir(), new_project(), &project.places, manicule::model::IdSource::seeded(1));
    assert!(matches!(again, Err(StoreError::NotEmpty(_))));
    let nowhere = Workspace::open(project.root.path(), OpenOptions::read_only(), &project.places);
    assert!(matches!(nowhere, Err(StoreError::NotAProject(_))));
    let places = Places::under(project.root.path());
    assert!(places.fresh_project_dir("Kerry: «no»").ends_with("projects/kerry-no"));
    fs::create_dir_all(places.data_dir().join("kerry-no")).unwrap();
    assert!(places.fresh_project_dir("Kerry: «no»").ends_with("kerry-no-2"));
    assert!(places.fresh_project_dir("東京").ends_with("article"));
}

#[test]
fn texts_and_sheets_come_and_go() {
    let (project, key) = sample();
    let mut workspace = project.open().workspace;
    assert!(workspace.state().texts.is_empty() && workspace.state().sheets.is_empty());
    let loaded = std::thread::spawn({
        let (loader, key) = (workspace.loader(), key.clone());
        move || loader.load(&key).unwrap()
    });
    assert_eq!(workspace.insert_loaded(loaded.join().unwrap()), []);
    assert!(workspace.is_loaded(&key));
    workspace.unload(&key.document);
    assert!(!workspace.is_loaded(&key) && workspace.state().texts.is_empty());
    add_span(&mut workspace, &key, 7, 10, "ORG");
    workspace.unload(&key.document);
    assert!(workspace.is_loaded(&key), "what is not saved stays");
    // A late answer of the loader does not take the place of what was done since.
    let late = workspace.loader().load(&key).unwrap();
    workspace.insert_loaded(late);
    assert_eq!(workspace.state().sheet(&key).spans.len(), 3);
    let first: Vec<DocumentId> = workspace.state().documents.keys().cloned().collect();
    assert_eq!(workspace.coders_of(&key.document).unwrap(), [CoderKey::from_name("ann")]);
    assert_eq!(first.iter().filter(|id| workspace.coders_of(id).unwrap().is_empty()).count(), 1);
    workspace.remember("last", key.document.as_str());
    drop(workspace);
    assert_eq!(project.open().workspace.remembered("last").as_deref(), Some(key.document.as_str()));
}
