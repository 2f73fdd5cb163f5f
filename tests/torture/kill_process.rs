//! K2: `kill -9` of a real process at work at random moments: every acknowledged action is there, and an exact prefix of
//! all. Several processes at once, each on a project of its own.
//!
//! The test starts itself again as the child. `MANICULE_K2`: so many kills; 200 in the usual run, 20,000 in a long one
//! (a quarter of an hour). When the kill comes is up to the machine, so a case that failed may pass when it is run again.

use std::env;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use manicule::edit::{Change, Edit, Transaction};
use manicule::model::State;
use manicule::store::Places;
use manicule::workspace::Workspace;

use crate::actions::random_action;
use crate::project::{TestProject, new_document};
use crate::{campaign, world};

const CHILD: &str = "MANICULE_KILL_CHILD";
const NAME: &str = "kill_process::kill_9_at_random_moments_loses_nothing";
/// So many kills of one project, so that its journal grows.
const KILLS_OF_ONE: u64 = 20;

pub(crate) fn open(root: &Path, seed: u64) -> Workspace {
    let opened = world::open_as(&root.join("study"), "ann", &Places::under(&root.join("state")), seed).expect("the project opens");
    assert_eq!(opened.findings, []);
    let mut workspace = opened.workspace;
    world::load_all(&mut workspace);
    workspace
}

/// How many actions the project has seen: each one writes its number into a row that all transactions share.
pub(crate) fn counter(state: &State) -> u64 {
    state.coders.values().find_map(|coder| coder.note.parse().ok()).unwrap_or(0)
}

fn count_edit(workspace: &Workspace, number: u64) -> Edit {
    let before = workspace.state().coders[workspace.coder()].clone();
    let mut after = before.clone();
    after.note = number.to_string();
    Edit::Coder(Change::replace(workspace.coder().clone(), before, after))
}

/// One random action, among them imports, joined ones, and undo followed by redo.
fn act(workspace: &mut Workspace, random: &mut fastrand::Rng, number: u64) {
    let mut edits = vec![count_edit(workspace, number)];
    if random.u8(0..16) == 0 && workspace.state().documents.len() < 12 {
        let new = new_document(workspace, "more", "Lavrov met Kerry");
        workspace.add_documents("import", vec![new], edits).unwrap();
        world::load_all(workspace);
        return;
    }
    edits.extend(random_action(workspace, random).into_iter().flat_map(|transaction| transaction.edits));
    let transaction = Transaction::new("action", edits);
    match random.u8(0..8) {
        0 => workspace.apply_joined(transaction).unwrap(),
        1 => {
            workspace.apply(transaction).unwrap();
            workspace.undo().unwrap();
            workspace.redo().unwrap();
        }
        _ => workspace.apply(transaction).unwrap(),
    }
}

/// Acts until it is killed. Says `did N` once an action is done.
fn child(root: &Path, seed: u64) {
    let mut random = fastrand::Rng::with_seed(seed);
    let mut workspace = open(root, seed);
    let mut number = counter(workspace.state());
    let say = |number: u64| {
        let mut out = std::io::stdout().lock();
        writeln!(out, "\ndid {number}").unwrap();
        out.flush().unwrap();
    };
    say(number);
    let (done_sender, done) = mpsc::channel();
    let mut is_saving = false;
    loop {
        number += 1;
        act(&mut workspace, &mut random, number);
        say(number);
        if is_saving && let Ok(result) = done.try_recv() {
            workspace.finish_checkpoint(result).unwrap();
            is_saving = false;
        }
        if !is_saving
            && random.u32(0..4) == 0
            && let Some(job) = workspace.begin_checkpoint()
        {
            // As in the window: the files are written while the next actions are done.
            let sender = done_sender.clone();
            std::thread::spawn(move || sender.send(job.run()));
            is_saving = true;
        }
    }
}

/// A child at work, and what it has said.
pub(crate) struct Child {
    process: std::process::Child,
    reader: std::thread::JoinHandle<Vec<(Instant, u64)>>,
}

impl Child {
    /// Starts a test of this binary again as the child; returns once it works.
    pub(crate) fn start(test: &str, seed: u64, root: &Path) -> Self {
        let mut process = Command::new(env::current_exe().unwrap())
            .args(["--exact", test, "--nocapture"])
            .env(CHILD, format!("{seed} {}", root.display()))
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let lines = BufReader::new(process.stdout.take().unwrap()).lines();
        let (first_sender, first) = mpsc::channel();
        // Reads to the end of the pipe: what was said before the kill was done before the kill.
        let reader = std::thread::spawn(move || {
            let mut said = Vec::new();
            for word in lines.map_while(Result::ok).filter_map(|line| line.strip_prefix("did ").and_then(|n| n.parse::<u64>().ok())) {
                said.push((Instant::now(), word));
                let _ = first_sender.send(());
            }
            said
        });
        first.recv_timeout(Duration::from_secs(60)).expect("the child starts");
        Self { process, reader }
    }

    /// Kills it. The actions that it has acknowledged, and when that was read.
    pub(crate) fn kill(mut self) -> Vec<(Instant, u64)> {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
        self.reader.join().unwrap()
    }
}

/// In the child, acts until it is killed; elsewhere false.
pub(crate) fn is_child() -> bool {
    let Ok(child_of) = env::var(CHILD) else { return false };
    let (seed, root) = child_of.split_once(' ').unwrap();
    child(&PathBuf::from(root), seed.parse().unwrap());
    true
}

fn kill_once(project: &TestProject, random: &mut fastrand::Rng) -> u64 {
    let root = project.root.path();
    let start = counter(project.read().workspace.state());
    let patience = Duration::from_micros(random.u64(0..30_000));
    let child = Child::start(NAME, random.u64(..), root);
    std::thread::sleep(patience);
    let (_, acknowledged) = *child.kill().last().unwrap();
    let mut workspace = open(root, random.u64(..));
    let found = counter(workspace.state());
    assert!((acknowledged..=acknowledged + 1).contains(&found), "{acknowledged} acknowledged, {found} found");
    let state = world::load_all(&mut workspace);
    workspace.close().unwrap();
    let mut again = open(root, 1);
    assert!(world::load_all(&mut again) == state, "saving changed something");
    again.close().unwrap();
    acknowledged - start
}

#[test]
fn kill_9_at_random_moments_loses_nothing() {
    if is_child() {
        return;
    }
    let kills = campaign::size("MANICULE_K2", 200);
    let acknowledged = AtomicU64::new(0);
    let cases: Vec<u64> = (0..kills.div_ceil(KILLS_OF_ONE)).collect();
    campaign::must_hold("K2", &cases, |case| {
        let mut random = fastrand::Rng::with_seed(campaign::seed() ^ case);
        let project = world::prepared();
        for _ in 0..KILLS_OF_ONE {
            acknowledged.fetch_add(kill_once(&project, &mut random), Ordering::SeqCst);
        }
    });
    let acknowledged = acknowledged.into_inner();
    println!("K2: {kills} kills, {acknowledged} acknowledged actions, none lost");
    assert!(acknowledged > kills, "the children did hardly anything");
}
