//! A project for the campaigns: in memory where there is a file system for it, with a codebook that has everything.

use std::path::Path;

use manicule::model::{IdSource, SheetKey, State};
use manicule::store::{Disk, Places};
use manicule::workspace::{Access, NewProject, OpenOptions, Opened, Who, Workspace};

use crate::common;
use crate::project::{TestProject, new_document};

/// Texts with what breaks offsets.
const TEXTS: [&str; 3] = ["Kerry met Lavrov in Wien.\r\nBoth said taxes rise.", "«Élan» – 東京 said: no claim 🎉 at all.", "A third one, short."];

/// A project folder and a state folder in a folder of their own.
pub(crate) fn new_project() -> TestProject {
    let memory = Path::new("/dev/shm");
    let root = if memory.is_dir() { tempfile::tempdir_in(memory) } else { tempfile::tempdir() }.unwrap();
    project_in(root)
}

pub(crate) fn project_in(root: tempfile::TempDir) -> TestProject {
    let places = Places::under(&root.path().join("state"));
    TestProject { root, places }
}

/// Three documents, saved and closed.
pub(crate) fn prepared() -> TestProject {
    let project = new_project();
    prepare(&project);
    project
}

pub(crate) fn prepare(project: &TestProject) {
    let mut workspace = create(project);
    let new = TEXTS.map(|text| new_document(&mut workspace, "news", text)).into();
    workspace.add_documents("import", new, vec![]).unwrap();
    workspace.close().unwrap();
}

pub(crate) fn create(project: &TestProject) -> Workspace {
    let new = NewProject { name: "Test".into(), schema: common::schema(), guidelines: "Read.".into(), coder: "ann".into() };
    Workspace::create(&project.dir(), new, &project.places, IdSource::seeded(7)).unwrap()
}

/// Opens with everything loaded. None when the disk does not let it.
pub(crate) fn open_with(project: &TestProject, disk: Disk, seed: u64) -> Option<Workspace> {
    let places = project.places.clone().with_disk(disk);
    let opened = open_as(&project.dir(), "ann", &places, seed)?;
    let mut workspace = opened.workspace;
    load_all(&mut workspace);
    Some(workspace)
}

/// Opens for writing. Where a test starts a process at this moment, the new process has the locks of this one until it
/// is the other program; then it is tried again. None when the project does not open at all.
pub(crate) fn open_as(dir: &Path, who: &str, places: &Places, seed: u64) -> Option<Opened> {
    for _ in 0..10_000 {
        let options = OpenOptions { ids: IdSource::seeded(seed), ..OpenOptions::read_write(Who::Named(who.into())) };
        let opened = Workspace::open(dir, options, places).inspect_err(|error| println!("not opened: {error}")).ok()?;
        match opened.workspace.access() {
            Access::ReadOnly { why } if why.contains("another window") => std::thread::yield_now(),
            _ => return Some(opened),
        }
    }
    panic!("{} stays locked", dir.display());
}

/// The coder's sheets, in the order of the documents.
pub(crate) fn keys(workspace: &Workspace) -> Vec<SheetKey> {
    workspace.state().documents.keys().map(|id| SheetKey::new(id, workspace.coder())).collect()
}

/// Loads all sheets of the coder; the data after.
pub(crate) fn load_all(workspace: &mut Workspace) -> State {
    for key in keys(workspace) {
        let findings = workspace.load(&key).unwrap_or_else(|error| panic!("{key:?}: {error}"));
        assert!(findings.iter().all(|finding| finding.rule == "changed-outside"), "{findings:?}");
    }
    workspace.state().clone()
}
