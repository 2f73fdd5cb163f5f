//! Crashes at the steps that write to the disk: what was acknowledged is there, and nothing half. `MANICULE_CRASHES=all`
//! tries every step; the usual run takes every third.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::string_slice)]

#[path = "support/project.rs"]
mod project;

use std::io;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use manicule::edit::{Change, Edit, Transaction};
use manicule::model::{Document, DocumentId, Entity, EntityId, SheetKey, State};
use manicule::store::{Disk, DiskOp, Faults, Verdict};
use manicule::workspace::{OpenOptions, SaveState, Who, Workspace};
use project::{TestProject, add_document, add_span, new_document, span_edit};

/// Everything works up to a step; from then on nothing does, as if the process were gone. The step itself may still
/// write a part of its bytes.
struct Crash {
    at: usize,
    torn: usize,
    steps: AtomicUsize,
}

impl Crash {
    fn disk(at: usize, torn: usize) -> (Arc<Self>, Disk) {
        let crash = Arc::new(Self { at, torn, steps: AtomicUsize::new(0) });
        (crash.clone(), Disk::with_faults(crash))
    }

    fn has_happened(&self) -> bool {
        self.steps.load(Ordering::SeqCst) > self.at
    }
}

impl Faults for Crash {
    fn before(&self, op: DiskOp, _: &Path) -> Verdict {
        // The syncing thread steps in between at random; a sync changes nothing that this test can see.
        if op == DiskOp::Sync {
            return if self.has_happened() { Verdict::Fail(io::Error::other("crashed")) } else { Verdict::Go };
        }
        match self.steps.fetch_add(1, Ordering::SeqCst) {
            step if step < self.at => Verdict::Go,
            step if step == self.at && op == DiskOp::Write => Verdict::Tear(self.torn),
            _ => Verdict::Fail(io::Error::other("crashed")),
        }
    }
}

fn load_all(workspace: &mut Workspace) -> State {
    let keys: Vec<SheetKey> = workspace.state().documents.keys().map(|id| SheetKey::new(id, workspace.coder())).collect();
    for key in keys {
        assert_eq!(workspace.load(&key).unwrap(), [], "{key:?}");
    }
    workspace.state().clone()
}

/// Three documents with a span each, saved.
fn prepare() -> (TestProject, Vec<SheetKey>) {
    let project = TestProject::new();
    let mut workspace = project.create();
    let documents: Vec<DocumentId> = (0..3).map(|i| add_document(&mut workspace, &format!("d{i}"), "Kerry met Lavrov in Wien")).collect();
    let keys: Vec<SheetKey> = documents.iter().map(|id| SheetKey::new(id, workspace.coder())).collect();
    for key in &keys {
        add_span(&mut workspace, key, 0, 5, "PER");
    }
    workspace.close().unwrap();
    (project, keys)
}

fn trash_edit(state: &State, id: &DocumentId) -> Edit {
    let before = state.documents[id].clone();
    let after = Document { in_trash: !before.in_trash, ..before.clone() };
    Edit::Document(Change::replace(id.clone(), before, after))
}

/// Runs a session step by step. Calls `seen` after each step that changed data, with what is acknowledged.
fn session(workspace: &mut Workspace, keys: &[SheetKey], mut seen: impl FnMut(&Workspace)) {
    let three_files = |workspace: &mut Workspace| {
        let mut edits: Vec<Edit> = keys.iter().map(|key| span_edit(workspace, key, 10, 16, "PER")).collect();
        edits.push(Edit::Entity(Change::insert(EntityId(workspace.next_id()), Entity::new("Lavrov", None))));
        let _ = workspace.apply(Transaction::new("three files", edits));
    };
    let trash = |workspace: &mut Workspace, key: &SheetKey| {
        let edit = trash_edit(workspace.state(), &key.document);
        let _ = workspace.apply(Transaction::new("trash", vec![edit]));
    };
    three_files(workspace);
    seen(workspace);
    let _ = workspace.checkpoint_now();
    let _ = workspace.undo();
    seen(workspace);
    three_files(workspace);
    seen(workspace);
    trash(workspace, &keys[1]);
    seen(workspace);
    let _ = workspace.checkpoint_now();
    trash(workspace, &keys[1]);
    seen(workspace);
    let new = new_document(workspace, "new", "Wien");
    let key = SheetKey::new(&new.id, workspace.coder());
    let edit = span_edit(workspace, &key, 0, 4, "PER");
    let _ = workspace.add_documents("import", vec![new], vec![edit]);
    seen(workspace);
    let _ = workspace.checkpoint_now();
    let _ = workspace.undo();
    seen(workspace);
    let _ = workspace.checkpoint_now();
    let _ = workspace.redo();
    seen(workspace);
    let _ = workspace.checkpoint_now();
}

fn open_with(project: &TestProject, disk: Disk) -> Option<Workspace> {
    let options = OpenOptions { ids: manicule::model::IdSource::seeded(99), ..OpenOptions::read_write(Who::Named("ann".into())) };
    Workspace::open(&project.dir(), options, &project.places.clone().with_disk(disk)).ok().map(|opened| opened.workspace)
}

/// How many cases to take one of: all of them when `MANICULE_CRASHES` is `all`.
fn thoroughness(usual: usize) -> usize {
    if std::env::var("MANICULE_CRASHES").is_ok_and(|value| value == "all") { 1 } else { usual }
}

/// The states after each step of a session in which nothing fails, and how many steps of the disk it takes.
fn expected() -> (Vec<State>, usize) {
    let (project, keys) = prepare();
    let (crash, disk) = Crash::disk(usize::MAX, 0);
    let mut workspace = open_with(&project, disk).unwrap();
    let mut states = vec![load_all(&mut workspace)];
    session(&mut workspace, &keys, |workspace| states.push(workspace.state().clone()));
    assert_eq!(workspace.save_state(), SaveState::Saved);
    (states, crash.steps.load(Ordering::SeqCst))
}

/// Crashes at a step. Returns how many steps of the session were acknowledged; the window is gone then.
fn crash(project: &TestProject, keys: &[SheetKey], at: usize, torn: usize) -> usize {
    let (crash, disk) = Crash::disk(at, torn);
    let Some(mut workspace) = open_with(project, disk) else { return 0 };
    load_all(&mut workspace);
    let mut acknowledged = 0;
    session(&mut workspace, keys, |_| acknowledged += usize::from(!crash.has_happened()));
    acknowledged
}

fn check_recovered(project: &TestProject, states: &[State], acknowledged: usize, what: &str) {
    let opened = project.open();
    let mut workspace = opened.workspace;
    assert_eq!(opened.findings, [], "{what}");
    let state = load_all(&mut workspace);
    let found = states.iter().rposition(|s| *s == state).unwrap_or_else(|| panic!("{what}: the state is none that there ever was"));
    // Undoing and redoing bring the same state twice, so what is found may be a later one.
    assert!(states[acknowledged..].iter().take(2).any(|s| *s == state), "{what}: {acknowledged} acknowledged, found {found}");
    workspace.checkpoint_now().unwrap();
    assert_eq!(workspace.save_state(), SaveState::Saved);
    drop(workspace);
    let opened = project.open();
    let mut workspace = opened.workspace;
    assert_eq!((opened.findings, opened.recovered), (vec![], 0), "{what}");
    assert!(load_all(&mut workspace) == state, "{what}: saving changed something");
    let left: Vec<String> = project::files(&project.dir()).into_keys().filter(|path| path.ends_with("manicule-tmp")).collect();
    assert_eq!(left, Vec::<String>::new(), "{what}");
}

#[test]
fn a_crash_at_any_step_loses_nothing_and_leaves_nothing_half() {
    let (states, steps) = expected();
    assert!(steps > 100, "{steps}");
    for at in (0..steps).step_by(thoroughness(3)) {
        for torn in [30, 0].into_iter().take(3 - thoroughness(2)) {
            let (project, keys) = prepare();
            let acknowledged = crash(&project, &keys, at, torn);
            check_recovered(&project, &states, acknowledged, &format!("crash at step {at} of {steps}, torn at {torn}"));
        }
    }
}

#[test]
fn a_crash_while_recovering_from_a_crash_loses_nothing() {
    let (states, steps) = expected();
    for at in (0..steps).step_by(thoroughness(16)) {
        for again in (0..16).step_by(thoroughness(3)) {
            let (project, keys) = prepare();
            let acknowledged = crash(&project, &keys, at, 10);
            let (_, disk) = Crash::disk(again, 10);
            drop(open_with(&project, disk));
            check_recovered(&project, &states, acknowledged, &format!("crash at step {at}, and at step {again} of the recovery"));
        }
    }
}

/// Fails writes while it is switched on.
#[derive(Default)]
struct Full(AtomicBool);

impl Faults for Full {
    fn before(&self, op: DiskOp, _: &Path) -> Verdict {
        let is_full = self.0.load(Ordering::SeqCst) && matches!(op, DiskOp::Write | DiskOp::CreateDir);
        if is_full { Verdict::Tear(7) } else { Verdict::Go }
    }
}

#[test]
fn a_full_disk_keeps_the_old_files_and_the_work_and_says_so() {
    let (project, keys) = prepare();
    let full = Arc::new(Full::default());
    let mut workspace = open_with(&project, Disk::with_faults(full.clone())).unwrap();
    load_all(&mut workspace);
    add_span(&mut workspace, &keys[0], 6, 9, "PER");
    let before = project::files(&project.dir());
    full.0.store(true, Ordering::SeqCst);
    assert!(workspace.checkpoint_now().is_err());
    let SaveState::Failed { why, .. } = workspace.save_state() else { panic!("{:?}", workspace.save_state()) };
    assert!(why.contains("could not write"), "{why}");
    // The journal cannot be written either: the action is done all the same, and waits.
    add_span(&mut workspace, &keys[0], 10, 16, "PER");
    add_span(&mut workspace, &keys[2], 10, 16, "PER");
    assert_eq!(project::files(&project.dir()), before);
    workspace.retry();
    assert!(matches!(workspace.save_state(), SaveState::Failed { .. }));
    full.0.store(false, Ordering::SeqCst);
    workspace.retry();
    assert!(!matches!(workspace.save_state(), SaveState::Failed { .. }));
    let state = workspace.state().clone();
    // Gone without a checkpoint: the journal alone must do.
    drop(workspace);
    let opened = project.open();
    let mut workspace = opened.workspace;
    assert_eq!((opened.findings, opened.recovered), (vec![], 3));
    assert!(load_all(&mut workspace) == state);
}
