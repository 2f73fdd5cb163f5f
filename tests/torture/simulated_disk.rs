//! K4: a simulated disk. The session runs once and every write is recorded; from the record, disks are made as a power cut
//! could leave them: what was not synced is dropped, torn at 512 bytes, or there in any order; names that were not synced
//! are lost or there in any order. Each is written into a folder and opened: it opens, with an exact prefix of the session
//! that holds at least what was acknowledged as synced. Then it is worked on and cut again.
//!
//! `MANICULE_K4`: so many disks; 6,000 in the usual run, 100,000 in a long one (twenty minutes), 1,000,000 where there is time.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Condvar, Mutex};

use fastrand::Rng;
use manicule::model::{Finding, State};
use manicule::store::{Disk, DiskOp, Faults, Verdict};
use manicule::workspace::{SaveState, Workspace};

use crate::actions::random_action;
use crate::crash_disk::is_background;
use crate::project::TestProject;
use crate::session::{STEPS, Session};
use crate::{campaign, world};

const SECTOR: usize = 512;

/// One write, with paths below the recorded folder.
#[derive(Clone, Debug)]
enum Op {
    CreateDir(PathBuf),
    Open(PathBuf),
    Create(PathBuf),
    Write(PathBuf, Vec<u8>),
    Truncate(PathBuf, u64),
    Sync(PathBuf),
    Rename(PathBuf, PathBuf),
    Remove(PathBuf),
    SyncDir(PathBuf),
    /// So many steps were done; they may be lost.
    Done(usize),
    /// So many steps were said to be on the disk.
    Synced(usize),
}

/// Writes everything down. The thread that syncs the journal waits at the gate, so that the record is always the same.
pub(crate) struct Recorder {
    root: PathBuf,
    within: Option<Arc<dyn Faults>>,
    ops: Mutex<Vec<Op>>,
    is_open: Mutex<bool>,
    opened: Condvar,
}

impl Faults for Recorder {
    fn before(&self, op: DiskOp<'_>, path: &Path) -> Verdict {
        if is_background() {
            drop(self.opened.wait_while(self.is_open.lock().unwrap(), |is_open| !*is_open).unwrap());
        }
        let verdict = self.within.as_ref().map_or(Verdict::Go, |within| within.before(op, path));
        if matches!(verdict, Verdict::Go) {
            self.note(op, path);
        }
        verdict
    }
}

impl Recorder {
    fn new(root: &Path, within: Option<Arc<dyn Faults>>) -> Arc<Self> {
        Arc::new(Self { root: root.to_owned(), within, ops: Mutex::default(), is_open: Mutex::default(), opened: Condvar::new() })
    }

    fn note(&self, op: DiskOp<'_>, path: &Path) {
        let inside = |path: &Path| path.strip_prefix(&self.root).unwrap_or(path).to_owned();
        let at = inside(path);
        self.push(match op {
            DiskOp::CreateDir => Op::CreateDir(at),
            DiskOp::Open => Op::Open(at),
            DiskOp::Create => Op::Create(at),
            DiskOp::Write(bytes) => Op::Write(at, bytes.to_owned()),
            DiskOp::Truncate(len) => Op::Truncate(at, len),
            DiskOp::Sync => Op::Sync(at),
            DiskOp::Rename(from) => Op::Rename(inside(from), at),
            DiskOp::Remove => Op::Remove(at),
            DiskOp::SyncDir => Op::SyncDir(at),
        });
    }

    fn push(&self, op: Op) {
        self.ops.lock().unwrap().push(op);
    }

    fn set_gate(&self, open: bool) {
        *self.is_open.lock().unwrap() = open;
        self.opened.notify_all();
    }

    /// Lets the journal be synced, and notes that it was.
    fn sync(&self, workspace: &Workspace, steps: usize) {
        self.set_gate(true);
        while workspace.save_state() == SaveState::Saving {
            std::thread::yield_now();
        }
        self.set_gate(false);
        self.push(Op::Synced(steps));
    }

    fn take(&self) -> Vec<Op> {
        self.set_gate(true);
        std::mem::take(&mut *self.ops.lock().unwrap())
    }
}

/// A name stands for it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Node {
    Dir,
    File(usize),
}

#[derive(Clone, Debug)]
enum Data {
    Append(Vec<u8>),
    Truncate(u64),
}

impl Data {
    fn apply(&self, content: &mut Vec<u8>) {
        match self {
            Self::Append(bytes) => content.extend(bytes),
            Self::Truncate(len) => content.resize(usize::try_from(*len).unwrap(), 0),
        }
    }
}

#[derive(Clone, Default, Debug)]
struct File {
    synced: Vec<u8>,
    unsynced: Vec<Data>,
}

type Names = BTreeMap<PathBuf, Node>;
/// Names that change together.
type Renaming = Vec<(PathBuf, Option<Node>)>;

/// A disk with what is surely on it and what is on its way.
#[derive(Clone, Default, Debug)]
struct SimulatedDisk {
    files: Vec<File>,
    live: Names,
    synced: Names,
    unsynced: Vec<Renaming>,
}

pub(crate) type Image = BTreeMap<PathBuf, Option<Vec<u8>>>;

impl SimulatedDisk {
    /// All of it synced.
    fn of(image: &Image) -> Self {
        let mut disk = Self::default();
        for (path, content) in image {
            let node = content.as_ref().map_or(Node::Dir, |content| disk.new_file(content.clone()));
            disk.live.insert(path.clone(), node);
        }
        disk.synced.clone_from(&disk.live);
        disk
    }

    fn new_file(&mut self, synced: Vec<u8>) -> Node {
        self.files.push(File { synced, unsynced: Vec::new() });
        Node::File(self.files.len() - 1)
    }

    fn rename(&mut self, renaming: Renaming) {
        set_names(&mut self.live, &renaming);
        self.unsynced.push(renaming);
    }

    fn file(&mut self, path: &Path) -> Option<&mut File> {
        let Some(Node::File(number)) = self.live.get(path) else { return None };
        self.files.get_mut(*number)
    }

    fn write(&mut self, path: &Path, data: Data) {
        self.file(path).unwrap_or_else(|| panic!("{path:?} was not opened")).unsynced.push(data);
    }

    fn open(&mut self, path: &Path) {
        if !self.live.contains_key(path) {
            let node = self.new_file(Vec::new());
            self.rename(vec![(path.to_owned(), Some(node))]);
        }
    }

    fn apply(&mut self, op: &Op) {
        match op {
            Op::CreateDir(path) => self.rename(vec![(path.clone(), Some(Node::Dir))]),
            Op::Open(path) => self.open(path),
            Op::Create(path) => {
                self.open(path);
                self.write(path, Data::Truncate(0));
            }
            Op::Write(path, bytes) => self.write(path, Data::Append(bytes.clone())),
            Op::Truncate(path, len) => self.write(path, Data::Truncate(*len)),
            Op::Sync(path) => {
                if let Some(file) = self.file(path) {
                    let File { synced, unsynced } = file;
                    unsynced.drain(..).for_each(|data| data.apply(synced));
                }
            }
            Op::Rename(from, to) => {
                if let Some(node) = self.live.get(from).copied() {
                    self.rename(vec![(from.clone(), None), (to.clone(), Some(node))]);
                }
            }
            Op::Remove(path) => {
                if self.live.contains_key(path) {
                    self.rename(vec![(path.clone(), None)]);
                }
            }
            Op::SyncDir(dir) => self.sync_dir(dir),
            Op::Done(_) | Op::Synced(_) => {}
        }
    }

    fn sync_dir(&mut self, dir: &Path) {
        let is_here = |renaming: &Renaming| renaming.iter().any(|(path, _)| path.parent() == Some(dir));
        let (now, later) = std::mem::take(&mut self.unsynced).into_iter().partition(is_here);
        self.unsynced = later;
        for renaming in now {
            set_names(&mut self.synced, &renaming);
        }
    }

    /// What a power cut could leave.
    fn cut(&self, random: &mut Rng) -> Image {
        let mut names = self.synced.clone();
        let keep = [0, 128, 256][random.usize(0..3)];
        for renaming in self.unsynced.iter().filter(|_| random.u32(0..256) < keep) {
            set_names(&mut names, renaming);
        }
        let is_reachable = |path: &Path| path.ancestors().skip(1).all(|above| above == Path::new("") || names.get(above) == Some(&Node::Dir));
        let reached = names.iter().filter(|(path, _)| is_reachable(path));
        reached.map(|(path, node)| (path.clone(), if let Node::File(number) = node { Some(self.files[*number].cut(random)) } else { None })).collect()
    }
}

fn set_names(names: &mut Names, renaming: &Renaming) {
    for (path, node) in renaming {
        match node {
            Some(node) => drop(names.insert(path.clone(), *node)),
            None => drop(names.remove(path)),
        }
    }
}

impl File {
    fn cut(&self, random: &mut Rng) -> Vec<u8> {
        let mut content = self.synced.clone();
        match random.u8(0..4) {
            0 => {}
            1 => self.unsynced.iter().for_each(|data| data.apply(&mut content)),
            2 => {
                let kept = random.usize(0..=self.unsynced.len());
                self.unsynced[..kept].iter().for_each(|data| data.apply(&mut content));
                if let Some(Data::Append(bytes)) = self.unsynced.get(kept) {
                    let to_sector = SECTOR - content.len() % SECTOR;
                    let torn = to_sector + SECTOR * random.usize(0..=bytes.len() / SECTOR);
                    content.extend(&bytes[..torn.min(bytes.len())]);
                }
            }
            _ => {
                // The length is new, and of the sectors only some.
                let mut new = content.clone();
                self.unsynced.iter().for_each(|data| data.apply(&mut new));
                content.resize(new.len(), 0);
                let sectors = content.chunks_mut(SECTOR).zip(new.chunks(SECTOR));
                sectors.filter(|_| random.bool()).for_each(|(old, new)| old.copy_from_slice(new));
            }
        }
        content
    }
}

/// Everything below a folder.
fn image_of(root: &Path) -> Image {
    let (mut image, mut todo) = (Image::new(), vec![root.to_owned()]);
    while let Some(dir) = todo.pop() {
        for entry in std::fs::read_dir(&dir).unwrap() {
            let path = entry.unwrap().path();
            let content = if path.is_dir() { None } else { Some(std::fs::read(&path).unwrap()) };
            image.insert(path.strip_prefix(root).unwrap().to_owned(), content);
            if path.is_dir() {
                todo.push(path);
            }
        }
    }
    image
}

/// Writes an image into a folder of its own. The state folder, whose name holds the place of the project, gets the name that
/// belongs to the new place, and says it.
fn materialise(image: &Image) -> TestProject {
    let project = world::new_project();
    let root = project.root.path().canonicalize().unwrap();
    let hash = blake3::hash(root.join("study").as_os_str().as_encoded_bytes()).to_hex();
    for (path, content) in image {
        let mut parts: Vec<String> = path.iter().map(|part| part.to_str().unwrap().to_owned()).collect();
        if parts.len() > 1
            && parts[0] == "state"
            && let Some((id, _)) = parts[1].split_once('-')
        {
            parts[1] = format!("{id}-{}", &hash[..12]);
        }
        let full = parts.iter().fold(root.clone(), |full, part| full.join(part));
        match content {
            None => std::fs::create_dir(full).unwrap(),
            Some(content) if parts[0] == "state" && parts.last().unwrap() == "place" && !content.is_empty() => {
                std::fs::write(full, root.join("study").as_os_str().as_encoded_bytes()).unwrap();
            }
            Some(content) => std::fs::write(full, content).unwrap(),
        }
    }
    project
}

/// A session as recorded.
pub(crate) struct Recording {
    before: Image,
    ops: Vec<Op>,
    /// Before the first step, and after each.
    states: Vec<State>,
}

/// Steps that need more than this disk: somebody else's changes come from outside.
fn is_left_out(step: usize) -> bool {
    step % 20 == 15
}

/// Records the session on a disk that may have a further fault.
pub(crate) fn record_session(within: Option<Arc<dyn Faults>>) -> Recording {
    let project = world::prepared();
    let root = project.root.path().canonicalize().unwrap();
    let before = image_of(&root);
    let recorder = Recorder::new(&root, within);
    let mut session = Session::open(&project, Disk::with_faults(recorder.clone())).unwrap();
    let mut states = vec![session.workspace.state().clone()];
    for step in (0..STEPS).filter(|step| !is_left_out(*step)) {
        let done = session.step(step);
        states.push(session.workspace.state().clone());
        recorder.push(Op::Done(states.len() - 1));
        if step % 7 == 3 || done.is_some() && matches!(step % 20, 4 | 17) {
            recorder.sync(&session.workspace, states.len() - 1);
        }
    }
    let ops = recorder.take();
    Recording { before, ops, states }
}

/// Works on a project that a power cut has left, and records it.
fn record_further(project: &TestProject, random: &mut Rng) -> Recording {
    let root = project.root.path().canonicalize().unwrap();
    let before = image_of(&root);
    let recorder = Recorder::new(&root, None);
    let mut workspace = world::open_with(project, Disk::with_faults(recorder.clone()), 17).expect("the project opens");
    let mut states = vec![workspace.state().clone()];
    recorder.push(Op::Synced(0));
    for step in 1..=6 {
        if let Some(transaction) = random_action(&mut workspace, random) {
            workspace.apply(transaction).unwrap();
        }
        if step == 4 {
            workspace.checkpoint_now().unwrap();
        }
        states.push(workspace.state().clone());
        recorder.push(Op::Done(step));
        if step == 2 || step == 4 {
            recorder.sync(&workspace, step);
        }
    }
    let ops = recorder.take();
    Recording { before, ops, states }
}

impl Recording {
    /// The disk after a cut at random, and the steps that must and may be on it.
    fn cut(&self, random: &mut Rng) -> (Image, usize, usize) {
        let at = random.usize(0..=self.ops.len());
        let mut disk = SimulatedDisk::of(&self.before);
        let (mut synced, mut done) = (0, 0);
        for op in &self.ops[..at] {
            disk.apply(op);
            match op {
                Op::Synced(steps) => synced = *steps,
                Op::Done(steps) => done = *steps,
                _ => {}
            }
        }
        (disk.cut(random), synced, done)
    }

    /// Opens what a cut has left and compares it.
    fn check(&self, image: &Image, synced: usize, done: usize) -> TestProject {
        let project = materialise(image);
        let opened = world::open_as(&project.dir(), "ann", &project.places, 5).expect("the project opens");
        // A hole in what was not synced is said: actions behind it are lost.
        let is_hole = |finding: &Finding| finding.rule == "journal-damaged" && finding.message.contains("power cut");
        assert!(opened.findings.iter().all(is_hole), "{:?}", opened.findings);
        let mut workspace = opened.workspace;
        let state = world::load_all(&mut workspace);
        let may = &self.states[synced..(done + 2).min(self.states.len())];
        let found = self.states.iter().position(|expected| *expected == state);
        assert!(may.contains(&state), "{synced} steps were synced, {done} done, found {found:?}");
        drop(workspace);
        project
    }
}

/// Cuts the power at random, opens, and now and then works on and cuts again. `spoil` may do something to the disk between.
pub(crate) fn cut(recording: &Recording, case: u64, spoil: impl Fn(&mut Image)) {
    let mut random = Rng::with_seed(campaign::seed() ^ case);
    let (mut image, synced, done) = recording.cut(&mut random);
    spoil(&mut image);
    let project = recording.check(&image, synced, done);
    if case.is_multiple_of(32) {
        let further = record_further(&materialise(&image), &mut random);
        for _ in 0..16 {
            let (image, synced, done) = further.cut(&mut random);
            further.check(&image, synced, done);
        }
    }
    if case % 16 == 1 {
        let reopen = || world::open_as(&project.dir(), "ann", &project.places, 5).unwrap();
        let mut workspace = reopen().workspace;
        let state = world::load_all(&mut workspace);
        workspace.close().unwrap();
        let opened = reopen();
        assert_eq!((opened.findings, opened.recovered), (vec![], 0));
        let mut workspace = opened.workspace;
        assert!(world::load_all(&mut workspace) == state, "saving changed something");
    }
}

#[test]
fn every_disk_that_a_power_cut_could_leave_opens_to_a_prefix() {
    let recording = record_session(None);
    let cases: Vec<u64> = (0..campaign::size("MANICULE_K4", 6_000).min(1_000_000)).collect();
    campaign::must_hold("K4", &cases, |case| cut(&recording, case, |_| {}));
}
