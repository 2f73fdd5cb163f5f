//! K0: a checkpoint of several files is one. A crash between any two calls of it leaves all files old or all new once the
//! project is open again, whatever each write had put on the disk.
//!
//! Always all: every call of checkpoints over five files at once, of files that move to the trash and back, and of files
//! that come and go; torn at the beginning, in the middle and before the end. A few seconds.

use std::sync::Arc;

use manicule::edit::{Change, Edit, Transaction, ops};
use manicule::model::{Entity, EntityId, State};
use manicule::store::{Disk, Faults};
use manicule::workspace::Workspace;

use crate::campaign;
use crate::crash_disk::CrashDisk;
use crate::project::{self, TestProject, span_edit};
use crate::world;

const TORN: [usize; 3] = [0, 40, usize::MAX];

/// Changes three sheets, an entity and the project, as one step.
fn five_files(workspace: &mut Workspace) -> bool {
    let keys = world::keys(workspace);
    let mut edits: Vec<Edit> = keys.iter().map(|key| span_edit(workspace, key, 0, 2, "PER")).collect();
    edits.push(Edit::Entity(Change::insert(EntityId(workspace.next_id()), Entity::new("Lavrov", None))));
    let coder = workspace.coder().clone();
    let before = workspace.state().coders[&coder].clone();
    let mut after = before.clone();
    after.note.push('+');
    edits.push(Edit::Coder(Change::replace(coder, before, after)));
    workspace.apply(Transaction::new("five files", edits)).is_ok()
}

/// Two documents go to the trash, or come back, with their sheets.
fn move_two(workspace: &mut Workspace) -> bool {
    let keys = world::keys(workspace);
    let mut edits = Vec::new();
    for key in &keys[..2] {
        let state = workspace.state();
        let trash = if state.documents[&key.document].in_trash { ops::restore_document } else { ops::trash_document };
        edits.extend(trash(state, &key.document).unwrap().edits);
    }
    workspace.apply(Transaction::new("trash", edits)).is_ok()
}

const CHANGES: [fn(&mut Workspace) -> bool; 4] = [five_files, move_two, five_files, move_two];

/// Changes and saves; stops when the disk has crashed. How many changes were acknowledged.
fn run(workspace: &mut Workspace, crash: &CrashDisk, mut seen: impl FnMut(&State)) -> usize {
    for (done, change) in CHANGES.iter().enumerate() {
        let changed = change(workspace);
        if crash.has_happened() {
            return done;
        }
        assert!(changed, "change {done} is refused");
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

/// Further faults of the disk: while there is work, and at the opening after the crash.
#[derive(Default)]
pub(crate) struct Doubles {
    pub(crate) working: Option<Arc<dyn Faults>>,
    pub(crate) opening: Option<Arc<dyn Faults>>,
}

/// Crashes at a call.
fn crash(states: &[State], at: u64, torn: usize, doubles: Doubles) {
    let project = world::prepared();
    let (crash, disk) = CrashDisk::at(at, torn, doubles.working);
    let done = world::open_with(&project, disk, 99).map_or(0, |mut workspace| run(&mut workspace, &crash, |_| {}));
    let disk = doubles.opening.map_or_else(Disk::default, Disk::with_faults);
    let opened = world::open_as(&project.dir(), "ann", &project.places.clone().with_disk(disk), 5).expect("the project opens");
    assert_eq!(opened.findings, []);
    let mut workspace = opened.workspace;
    let state = world::load_all(&mut workspace);
    assert!(states[done..].iter().take(2).any(|expected| *expected == state), "{done} changes were acknowledged");
    workspace.checkpoint_now().unwrap();
    drop(workspace);
    let read = project.read();
    assert_eq!((read.findings, read.recovered), (vec![], 0));
}

/// Every case, on disks that may have further faults: the seeded ones.
pub(crate) fn all_cases(doubles: impl Fn() -> Doubles + Sync) -> Result<usize, String> {
    let (states, calls) = expected();
    assert!(calls > 150, "{calls}");
    let cases: Vec<u64> = (0..calls * TORN.len() as u64).collect();
    let torn = |case: u64| TORN[case as usize % TORN.len()];
    campaign::run("K0", &cases, |case| crash(&states, case / TORN.len() as u64, torn(case), doubles()))
}

#[test]
fn a_checkpoint_of_many_files_is_all_or_nothing() {
    let done = all_cases(Doubles::default).unwrap_or_else(|why| panic!("{why}"));
    println!("K0: {done} cases, none failed");
}

/// A save begins while somebody works on; the power goes while files move, and a sector of the record between is lost.
fn behind_a_gap() -> (TestProject, State) {
    let project = world::prepared();
    let (counting, disk) = CrashDisk::counting();
    let save_and_crash = |project: &TestProject, disk: Disk, crash: &CrashDisk| {
        let mut workspace = world::open_with(project, disk, 99).unwrap();
        move_two(&mut workspace);
        let job = workspace.begin_checkpoint().unwrap();
        let state = workspace.state().clone();
        five_files(&mut workspace);
        let before = crash.steps();
        drop(job.run());
        (state, before, crash.steps())
    };
    let (_, before, after) = save_and_crash(&world::prepared(), disk, &counting);
    // Somewhere among the renames, which are the last calls but a few.
    let (crash, disk) = CrashDisk::at(before + (after - before) * 3 / 4, 0, None);
    let (state, ..) = save_and_crash(&project, disk, &crash);
    let journal = project::files(project.places.state_dir()).into_keys().rfind(|path| path.ends_with(".journal")).unwrap();
    let path = project.places.state_dir().join(journal);
    let mut bytes = std::fs::read(&path).unwrap();
    let at = bytes.windows(10).rposition(|part| part == b"five files").unwrap();
    bytes[at] ^= 1;
    std::fs::write(&path, bytes).unwrap();
    (project, state)
}

#[test]
fn a_save_that_begins_behind_a_gap_is_finished_before_the_gap_is_cut() {
    let open = |project: &TestProject, disk: Disk| world::open_as(&project.dir(), "ann", &project.places.clone().with_disk(disk), 5);
    let (counting, disk) = CrashDisk::counting();
    let (project, saved) = behind_a_gap();
    drop(open(&project, disk).unwrap());
    for at in 0..counting.steps() {
        let (project, _) = behind_a_gap();
        let (_, disk) = CrashDisk::at(at, 0, None);
        drop(open(&project, disk));
        let opened = open(&project, Disk::default()).unwrap();
        assert!(opened.findings.iter().all(|finding| finding.rule == "journal-damaged"), "killed at {at}: {:#?}", opened.findings);
        let mut workspace = opened.workspace;
        assert!(world::load_all(&mut workspace) == saved, "killed at {at}");
        five_files(&mut workspace);
        let state = workspace.state().clone();
        // Gone without a save: the journal alone must do.
        drop(workspace);
        let opened = open(&project, Disk::default()).unwrap();
        assert_eq!(opened.recovered, 1, "killed at {at}: {:#?}", opened.findings);
        let mut workspace = opened.workspace;
        assert!(world::load_all(&mut workspace) == state, "killed at {at}");
    }
}
