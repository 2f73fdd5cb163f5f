//! E1: one call to the file system fails, once or for ever: no space, no permission, a broken disk, a write that stops short.
//! Files are as before or complete; what was done stays in memory and comes back from the journal as far as that could be
//! written; the save state says that something failed; and when the fault is gone one save puts everything into the files.
//!
//! `MANICULE_E1`: so many faults, or `all` (every call of the session, eight errors, once and for ever: a quarter of an
//! hour); 1,000 in the usual run.

use std::io;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use manicule::model::{Finding, State};
use manicule::store::{Disk, DiskOp, Faults, Verdict};
use manicule::workspace::{SaveState, Workspace};

use crate::campaign;
use crate::crash_disk::{CrashDisk, is_background};
use crate::project::{self, TestProject, add_span};
use crate::session::{STEPS, Session, expected};
use crate::world;

/// EIO, ENOSPC, EACCES, EROFS, EINTR, EMFILE, EDQUOT; none stands for a write that stops short.
const ERRORS: [Option<i32>; 8] = [Some(5), Some(28), Some(13), Some(30), Some(4), Some(24), Some(122), None];
const INTERRUPTED: Option<i32> = Some(4);
/// Steps that are done with the fault in force.
const STEPS_AFTER: usize = 6;

/// Fails at a call, and from then on where it is to last, until it is mended.
struct FailingCall {
    at: u64,
    error: Option<i32>,
    lasts: bool,
    calls: AtomicU64,
    is_mended: AtomicBool,
}

impl FailingCall {
    fn numbered(case: u64) -> Arc<Self> {
        let (error, at) = (ERRORS[case as usize % 8], case / 16);
        // Nothing is interrupted for ever; whoever writes tries again until it is not.
        let lasts = case / 8 % 2 == 1 && error != INTERRUPTED;
        Arc::new(Self { at, error, lasts, calls: AtomicU64::new(0), is_mended: AtomicBool::new(false) })
    }

    fn has_happened(&self) -> bool {
        self.calls.load(Ordering::SeqCst) > self.at
    }

    fn verdict(&self) -> Verdict {
        self.error.map_or(Verdict::Tear(9), |error| Verdict::Fail(io::Error::from_raw_os_error(error)))
    }
}

impl Faults for FailingCall {
    fn before(&self, op: DiskOp<'_>, path: &Path) -> Verdict {
        check_place(op, path);
        if self.is_mended.load(Ordering::SeqCst) {
            return Verdict::Go;
        }
        if is_background() {
            return if self.lasts && self.has_happened() { self.verdict() } else { Verdict::Go };
        }
        let call = self.calls.fetch_add(1, Ordering::SeqCst);
        if call == self.at || self.lasts && call > self.at { self.verdict() } else { Verdict::Go }
    }
}

/// Bytes of a project only ever go into a file that does not have its name yet.
fn check_place(op: DiskOp<'_>, path: &Path) {
    let in_project = path.components().any(|part| part.as_os_str() == "study") && !path.components().any(|part| part.as_os_str() == ".manicule");
    let writes = matches!(op, DiskOp::Open | DiskOp::Create | DiskOp::Write(_) | DiskOp::Truncate(_));
    assert!(!(in_project && writes) || path.to_string_lossy().ends_with(".manicule-tmp"), "{op:?} on {path:?}");
}

fn is_save(step: usize) -> bool {
    matches!(step % 20, 4 | 11 | 17)
}

/// One step, after which what it says must be true.
fn step(session: &mut Session<'_>, number: usize) {
    let before = session.workspace.state().clone();
    let done = session.step(number);
    if done.is_none() && is_save(number) {
        assert!(matches!(session.workspace.save_state(), SaveState::Failed { .. }), "step {number}: {:?}", session.workspace.save_state());
    }
    if done.is_none() && !is_save(number) {
        assert!(*session.workspace.state() == before, "step {number} failed and did something");
    }
}

/// What somebody else would see now: the state at one of the steps, and the newest one unless the program says that it is
/// not safe.
fn check_seen(project: &TestProject, states: &[State], workspace: &Workspace, may_be_pending: bool) {
    let opened = project.read();
    assert!(only_outside(&opened.findings, may_be_pending), "{:#?}", opened.findings);
    let mut reader = opened.workspace;
    for key in reader.state().documents.keys().map(|id| manicule::model::SheetKey::new(id, workspace.coder())).collect::<Vec<_>>() {
        reader.load(&key).unwrap();
    }
    let seen = reader.state();
    if may_be_pending {
        return;
    }
    assert!(states.contains(seen), "what is on the disk is none of the states that there were");
    if seen != workspace.state() {
        assert!(matches!(workspace.save_state(), SaveState::Failed { .. }), "{:?} though the disk has less", workspace.save_state());
    }
}

fn only_outside(findings: &[Finding], may_be_pending: bool) -> bool {
    findings.iter().all(|finding| may_be_pending && finding.rule == "changed-outside")
}

fn fail(case: u64) {
    let project = world::prepared();
    let call = FailingCall::numbered(case);
    let disk = Disk::with_faults(call.clone());
    let opened = world::open_as(&project.dir(), "ann", &project.places.clone().with_disk(disk.clone()), 99);
    drop(opened);
    let session = if call.has_happened() { None } else { Session::open(&project, disk) };
    let Some(mut session) = session else {
        // The opening itself failed, or it was for reading only.
        call.is_mended.store(true, Ordering::SeqCst);
        let opened = world::open_as(&project.dir(), "ann", &project.places, 99).expect("the project opens");
        assert_eq!(opened.findings, []);
        assert_eq!(opened.workspace.access(), &manicule::workspace::Access::ReadWrite);
        return;
    };
    let (mut states, mut left, mut may_be_pending) = (vec![session.workspace.state().clone()], STEPS_AFTER, false);
    for number in 0..STEPS {
        step(&mut session, number);
        states.push(session.workspace.state().clone());
        may_be_pending |= number % 20 == 15;
        if call.has_happened() {
            left -= 1;
            if left == STEPS_AFTER - 1 || left == 0 {
                check_seen(&project, &states, &session.workspace, may_be_pending);
            }
            if left == 0 {
                break;
            }
        } else if number % 20 == 17 {
            may_be_pending = false;
        }
    }
    call.is_mended.store(true, Ordering::SeqCst);
    check_mended(&project, session.workspace, may_be_pending);
}

/// The fault is gone: one save, and everything is in the files.
fn check_mended(project: &TestProject, mut workspace: Workspace, may_be_pending: bool) {
    workspace.retry();
    workspace.checkpoint_now().unwrap_or_else(|error| panic!("the fault is gone, but: {error}"));
    assert_eq!(workspace.save_state(), SaveState::Saved);
    let state = workspace.state().clone();
    drop(workspace);
    let opened = world::open_as(&project.dir(), "ann", &project.places, 5).expect("the project opens");
    assert!(only_outside(&opened.findings, may_be_pending) && opened.recovered == 0, "{} recovered, {:#?}", opened.recovered, opened.findings);
    let mut workspace = opened.workspace;
    let found = world::load_all(&mut workspace);
    assert!(found == state || may_be_pending, "the files do not hold everything");
    let left: Vec<String> = project::files(&project.dir()).into_keys().filter(|path| path.ends_with("manicule-tmp")).collect();
    assert_eq!(left, Vec::<String>::new(), "unfinished files are left");
}

#[test]
fn any_call_may_fail_once_or_for_ever() {
    let (counting, disk) = CrashDisk::counting();
    drop(expected(disk));
    let cases = campaign::sample(counting.steps() * 16, campaign::size("MANICULE_E1", 1_000));
    campaign::must_hold("E1", &cases, fail);
}

/// Fails writes while it is switched on.
#[derive(Default)]
struct Full(AtomicBool);

impl Faults for Full {
    fn before(&self, op: DiskOp<'_>, _: &Path) -> Verdict {
        let is_full = self.0.load(Ordering::SeqCst) && matches!(op, DiskOp::Write(_) | DiskOp::CreateDir);
        if is_full { Verdict::Tear(7) } else { Verdict::Go }
    }
}

#[test]
fn a_full_disk_keeps_the_old_files_and_the_work_and_says_so() {
    let project = world::prepared();
    let full = Arc::new(Full::default());
    let mut workspace = world::open_with(&project, Disk::with_faults(full.clone()), 99).unwrap();
    let keys = world::keys(&workspace);
    add_span(&mut workspace, &keys[0], 0, 2, "PER");
    let before = project::files(&project.dir());
    full.0.store(true, Ordering::SeqCst);
    assert!(workspace.checkpoint_now().is_err());
    let SaveState::Failed { why, .. } = workspace.save_state() else { panic!("{:?}", workspace.save_state()) };
    assert!(why.contains("could not write"), "{why}");
    // The journal cannot be written either: the action is done all the same, and waits.
    add_span(&mut workspace, &keys[1], 0, 2, "PER");
    add_span(&mut workspace, &keys[2], 0, 2, "PER");
    assert_eq!(project::files(&project.dir()), before);
    workspace.retry();
    assert!(matches!(workspace.save_state(), SaveState::Failed { .. }));
    full.0.store(false, Ordering::SeqCst);
    workspace.retry();
    assert!(!matches!(workspace.save_state(), SaveState::Failed { .. }));
    let state = workspace.state().clone();
    // Gone without a checkpoint: the journal alone must do.
    drop(workspace);
    let opened = world::open_as(&project.dir(), "ann", &project.places, 5).unwrap();
    let mut workspace = opened.workspace;
    assert_eq!((opened.findings, opened.recovered), (vec![], 3));
    assert!(world::load_all(&mut workspace) == state);
}

/// Fails one call: the first that is told apart from the others.
struct FailOnce<F>(F, AtomicBool);

impl<F: Fn(DiskOp<'_>, &Path) -> bool + Send + Sync> Faults for FailOnce<F> {
    fn before(&self, op: DiskOp<'_>, path: &Path) -> Verdict {
        let fails = (self.0)(op, path) && !self.1.swap(true, Ordering::SeqCst);
        if fails { Verdict::Fail(io::Error::from_raw_os_error(5)) } else { Verdict::Go }
    }
}

fn failing_once(which: impl Fn(DiskOp<'_>, &Path) -> bool + Send + Sync + 'static) -> Disk {
    Disk::with_faults(Arc::new(FailOnce(which, AtomicBool::new(false))))
}

/// Three changed sheets that are not saved yet.
fn three_changes(project: &TestProject, disk: Disk) -> Workspace {
    let mut workspace = world::open_with(project, disk, fastrand::u64(..)).unwrap();
    for key in world::keys(&workspace) {
        add_span(&mut workspace, &key, 0, 2, "PER");
    }
    workspace
}

#[test]
fn a_begin_that_cannot_be_synced_loses_nothing() {
    let has_begun = AtomicBool::new(false);
    let disk = failing_once(move |op, path| {
        let is_journal = path.extension().is_some_and(|extension| extension == "journal");
        // The kind of a record is its 25th byte.
        if matches!(op, DiskOp::Write(bytes) if is_journal && bytes.get(24) == Some(&7)) {
            has_begun.store(true, Ordering::SeqCst);
        }
        op == DiskOp::Sync && is_journal && has_begun.load(Ordering::SeqCst) && !is_background()
    });
    let project = world::prepared();
    let mut workspace = three_changes(&project, disk);
    let state = workspace.state().clone();
    // The thread that syncs may be quicker, and then nothing is left to fail.
    let failed = workspace.checkpoint_now().is_err();
    drop(workspace);
    let opened = world::open_as(&project.dir(), "ann", &project.places, 5).unwrap();
    assert_eq!(opened.findings, [], "failed: {failed}");
    let mut workspace = opened.workspace;
    assert!(world::load_all(&mut workspace) == state);
}

#[test]
fn a_reader_of_an_interrupted_save_sees_no_changes_from_outside() {
    let project = world::prepared();
    three_changes(&project, Disk::default()).close().unwrap();
    let mut workspace = three_changes(&project, failing_once(|op, path| op == DiskOp::Open && path.ends_with("checksums")));
    assert!(workspace.checkpoint_now().is_err());
    let mut reader = project.read().workspace;
    for key in world::keys(&reader) {
        assert_eq!(reader.load(&key).unwrap(), []);
    }
}

#[test]
fn a_copy_that_fails_is_not_in_the_way_of_the_next() {
    let project = world::prepared();
    let workspace = three_changes(&project, failing_once(|op, path| op == DiskOp::Sync && path.ends_with(".schema.ron.ann.manicule-tmp")));
    let target = project.root.path().join("copy");
    std::fs::create_dir(&target).unwrap();
    std::fs::write(target.join(".gitignore"), "mine").unwrap();
    let copy = || {
        let job = workspace.save_as(&target, "copy", &mut manicule::model::IdSource::seeded(3)).unwrap();
        job.run(&manicule::progress::Progress::new(), &manicule::progress::CancelToken::new())
    };
    assert!(copy().is_err());
    copy().unwrap();
    assert_eq!(std::fs::read_to_string(target.join(".gitignore")).unwrap(), "mine");
    assert!(target.join("project.ron").exists());
}
