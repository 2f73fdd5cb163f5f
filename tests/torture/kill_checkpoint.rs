//! K0: a checkpoint of several files is one. A crash between any two calls of it leaves all files old or all new once the
//! project is open again, whatever each write had put on the disk.
//!
//! Always all: every call of checkpoints over five files at once, of files that move to the trash and back, and of files
//! that come and go; torn at the beginning, in the middle and before the end. A few seconds.

use std::sync::Arc;

use manicule::edit::{Change, Edit, Transaction, ops};
use manicule::model::{Entity, EntityId, State};
use manicule::store::Faults;
use manicule::workspace::Workspace;

use crate::campaign;
use crate::crash_disk::CrashDisk;
use crate::project::span_edit;
use crate::world;

const TORN: [usize; 3] = [0, 40, usize::MAX];

/// Changes three sheets, an entity and the project, as one step.
fn five_files(workspace: &mut Workspace) {
    let keys = world::keys(workspace);
    let mut edits: Vec<Edit> = keys.iter().map(|key| span_edit(workspace, key, 0, 1, "PER")).collect();
    edits.push(Edit::Entity(Change::insert(EntityId(workspace.next_id()), Entity::new("Lavrov", None))));
    let coder = workspace.coder().clone();
    let before = workspace.state().coders[&coder].clone();
    let mut after = before.clone();
    after.note.push('+');
    edits.push(Edit::Coder(Change::replace(coder, before, after)));
    let _ = workspace.apply(Transaction::new("five files", edits));
}

/// Two documents go to the trash, or come back, with their sheets.
fn move_two(workspace: &mut Workspace) {
    let keys = world::keys(workspace);
    let mut edits = Vec::new();
    for key in &keys[..2] {
        let state = workspace.state();
        let trash = if state.documents[&key.document].in_trash { ops::restore_document } else { ops::trash_document };
        edits.extend(trash(state, &key.document).unwrap().edits);
    }
    let _ = workspace.apply(Transaction::new("trash", edits));
}

const CHANGES: [fn(&mut Workspace); 4] = [five_files, move_two, five_files, move_two];

/// Changes and saves; stops when the disk has crashed. How many changes were acknowledged.
fn run(workspace: &mut Workspace, crash: &CrashDisk, mut seen: impl FnMut(&State)) -> usize {
    for (done, change) in CHANGES.iter().enumerate() {
        change(workspace);
        if crash.has_happened() {
            return done;
        }
        seen(workspace.state());
        let _ = workspace.checkpoint_now();
        if crash.has_happened() {
            return done + 1;
        }
    }
    let _ = workspace.undo();
    seen(workspace.state());
    CHANGES.len()
}

fn expected() -> (Vec<State>, u64) {
    let project = world::prepared();
    let (counting, disk) = CrashDisk::counting();
    let mut workspace = world::open_with(&project, disk, 99).unwrap();
    let mut states = vec![workspace.state().clone()];
    run(&mut workspace, &counting, |state| states.push(state.clone()));
    (states, counting.steps())
}

/// Crashes at a call, on a disk that may have a further fault.
pub(crate) fn crash(states: &[State], at: u64, torn: usize, within: Option<Arc<dyn Faults>>) {
    let project = world::prepared();
    let (crash, disk) = CrashDisk::at(at, torn, within);
    let done = world::open_with(&project, disk, 99).map_or(0, |mut workspace| run(&mut workspace, &crash, |_| {}));
    let opened = world::open_as(&project.dir(), "ann", &project.places, 5).expect("the project opens");
    assert_eq!(opened.findings, []);
    let mut workspace = opened.workspace;
    let state = world::load_all(&mut workspace);
    assert!(states[done..].iter().take(2).any(|expected| *expected == state), "{done} changes were acknowledged");
    workspace.checkpoint_now().unwrap();
    drop(workspace);
    let read = project.read();
    assert_eq!((read.findings, read.recovered), (vec![], 0));
}

/// Every case on a disk with a further fault, for the seeded ones.
pub(crate) fn all_cases(within: Option<fn() -> Arc<dyn Faults>>) -> Result<usize, String> {
    let (states, calls) = expected();
    assert!(calls > 100, "{calls}");
    let cases: Vec<u64> = (0..calls * TORN.len() as u64).collect();
    let torn = |case: u64| TORN[case as usize % TORN.len()];
    campaign::run("K0", &cases, |case| crash(&states, case / TORN.len() as u64, torn(case), within.map(|within| within())))
}

#[test]
fn a_checkpoint_of_many_files_is_all_or_nothing() {
    let done = all_cases(None).unwrap_or_else(|why| panic!("{why}"));
    println!("K0: {done} cases, none failed");
}
