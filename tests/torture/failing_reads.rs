//! E1 for reading: a file that cannot be opened, read or listed while the program opens a project after a crash – a broken
//! disk, no permission, too many open files – is not taken for a file that is not there. The verb does its work or says why
//! not; the next opening has everything, and finds nothing to complain about.
//!
//! The system's calls are made to fail by strace. `MANICULE_E1_READS`: so many faults, or `all`; 150 in the usual run.

use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::sync::Arc;

use manicule::model::{CoderKey, SheetKey, State};
use manicule::store::{Disk, DiskOp, Faults, Verdict};

use crate::project::{TestProject, add_span};
use crate::{campaign, world};

/// What fails, and how.
const FAULTS: [(&str, &str); 6] =
    [("openat", "EIO"), ("openat", "EMFILE"), ("openat", "EACCES"), ("read", "EIO"), ("getdents64", "EIO"), ("statx", "EIO")];

/// How the session before has ended.
#[derive(Clone, Copy, Debug)]
enum Before {
    /// With actions that are in the journal only.
    Unsaved,
    /// Behind `begin`, with no file replaced yet.
    Interrupted,
}

struct NoRenames;

impl Faults for NoRenames {
    fn before(&self, op: DiskOp<'_>, path: &Path) -> Verdict {
        let is_in_project = path.components().any(|part| part.as_os_str() == "study");
        if matches!(op, DiskOp::Rename(_)) && is_in_project { Verdict::Fail(std::io::Error::from_raw_os_error(5)) } else { Verdict::Go }
    }
}

/// A project after a crash, and what must be in it.
fn crashed(before: Before) -> (TestProject, State) {
    let project = world::prepared();
    let disk = match before {
        Before::Unsaved => Disk::default(),
        Before::Interrupted => Disk::with_faults(Arc::new(NoRenames)),
    };
    let mut workspace = world::open_with(&project, disk, 99).unwrap();
    for key in world::keys(&workspace) {
        add_span(&mut workspace, &key, 0, 2, "PER");
    }
    if matches!(before, Before::Interrupted) {
        assert!(workspace.checkpoint_now().is_err());
    }
    let state = workspace.state().clone();
    drop(workspace);
    fs::write(project.root.path().join("extra.txt"), "One more article.\n").unwrap();
    (project, state)
}

/// Imports an article under strace.
fn import(project: &TestProject, strace: &[&str]) -> Output {
    let mut command = Command::new("strace");
    command.args(["-f", "-qq", "-o", "trace"]).args(strace).arg(env!("CARGO_BIN_EXE_manicule"));
    command.args(["import", "study", "extra.txt", "--coder", "ann"]);
    command.current_dir(project.root.path()).env("MANICULE_STATE_DIR", project.root.path().join("state"));
    command.stdin(Stdio::null()).output().unwrap()
}

fn trace(project: &TestProject) -> String {
    fs::read_to_string(project.root.path().join("trace")).unwrap()
}

/// How often a call is made in an import in which nothing fails.
fn calls(call: &str, before: Before) -> Option<u64> {
    let (project, _) = crashed(before);
    let output = import(&project, &["-e", &format!("trace={call}")]);
    output.status.success().then(|| trace(&project).lines().filter(|line| line.contains(&format!("{call}("))).count() as u64)
}

fn fail((call, error): (&str, &str), before: Before, at: &str) {
    let (project, state) = crashed(before);
    let output = import(&project, &["-e", &format!("trace={call}"), "-e", &format!("inject={call}:error={error}:when={at}")]);
    let said = String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned();
    let what = format!(
        "{call} {at}: {error}, {before:?}: {}{said}",
        trace(&project).lines().find(|line| line.contains("INJECTED")).unwrap_or("not reached\n")
    );
    assert!(output.status.code().is_some_and(|code| code != 101), "it panicked: {what}");
    assert!(output.status.success() || !said.trim().is_empty(), "it says nothing: {what}");
    let opened = world::open_as(&project.dir(), "ann", &project.places, 5).unwrap_or_else(|| panic!("the project does not open: {what}"));
    assert_eq!(opened.findings, [], "{what}");
    let mut workspace = opened.workspace;
    let found = world::load_all(&mut workspace);
    let ann = CoderKey::new("ann").unwrap();
    for id in state.documents.keys() {
        let key = SheetKey::new(id, &ann);
        assert!(found.document(id) == state.document(id) && found.sheet(&key) == state.sheet(&key), "{id} has lost something: {what}");
    }
    let new = found.documents.len() - state.documents.len();
    assert!(new == 1 || (new == 0 && !output.status.success()), "{new} new articles: {what}");
}

#[test]
fn what_cannot_be_read_is_not_taken_for_missing() {
    let mut faults = Vec::new();
    for before in [Before::Unsaved, Before::Interrupted] {
        for fault in FAULTS {
            let Some(calls) = Command::new("strace").arg("-V").output().ok().and_then(|_| calls(fault.0, before)) else {
                return println!("NOT TESTED: E1 for reading: strace cannot trace a process here");
            };
            // Once, and from then on for ever.
            faults.extend((1..=calls).flat_map(|at| [format!("{at}"), format!("{at}+")]).map(|at| (fault, before, at)));
        }
    }
    let cases = campaign::sample(faults.len() as u64, campaign::size("MANICULE_E1_READS", 150));
    campaign::must_hold("E1 reads", &cases, |case| {
        let (fault, before, at) = &faults[usize::try_from(case).unwrap()];
        fail(*fault, *before, at);
    });
}
