//! `kill -9` of a real process at random moments: every acknowledged action is there, and an exact prefix of all.
//!
//! The test starts itself again as the child. `MANICULE_KILLS` says how often (30 when it is not set).

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::string_slice)]

#[path = "support/project.rs"]
mod project;

use std::env;
use std::io::{BufRead, BufReader, Write};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::time::Duration;

use manicule::edit::{Change, Edit, Transaction};
use manicule::model::{Document, Entity, EntityId, IdSource, SheetKey, State};
use manicule::store::Places;
use manicule::workspace::{OpenOptions, Who, Workspace};
use project::{TestProject, add_document, new_document, span_edit};

const CHILD: &str = "MANICULE_KILL_CHILD";
const NAME: &str = "kill_9_at_random_moments_loses_nothing";

fn open(root: &std::path::Path, seed: u64) -> Workspace {
    let options = OpenOptions { ids: IdSource::seeded(seed), ..OpenOptions::read_write(Who::Named("ann".into())) };
    let opened = Workspace::open(&root.join("study"), options, &Places::under(&root.join("state"))).unwrap();
    assert_eq!(opened.findings, []);
    opened.workspace
}

fn keys(workspace: &Workspace) -> Vec<SheetKey> {
    workspace.state().documents.keys().map(|id| SheetKey::new(id, workspace.coder())).collect()
}

/// How many actions the project has seen: each one writes its number into a row that all transactions share.
fn counter(state: &State) -> u64 {
    state.coders.values().find_map(|coder| coder.note.parse().ok()).unwrap_or(0)
}

fn count_edit(workspace: &Workspace, number: u64) -> Edit {
    let before = workspace.state().coders[workspace.coder()].clone();
    let mut after = before.clone();
    after.note = number.to_string();
    Edit::Coder(Change::replace(workspace.coder().clone(), before, after))
}

/// One random action, among them some over three sheets, trash, imports, and undo followed by redo.
fn act(workspace: &mut Workspace, random: &mut fastrand::Rng, number: u64) {
    let keys = keys(workspace);
    let mut edits = vec![count_edit(workspace, number)];
    match random.u32(0..10) {
        0..=2 => edits.extend(keys.iter().take(3).map(|key| span_edit(workspace, key, 6, 9, "PER"))),
        3 => edits.push(Edit::Entity(Change::insert(EntityId(workspace.next_id()), Entity::new(format!("entity {number}"), None)))),
        4 => {
            let (id, before) = workspace.state().documents.iter().nth(random.usize(0..keys.len())).unwrap();
            let after = Document { in_trash: !before.in_trash, ..before.clone() };
            edits.push(Edit::Document(Change::replace(id.clone(), before.clone(), after)));
        }
        5 if keys.len() < 12 => {
            let new = new_document(workspace, "more", "Lavrov met Kerry");
            workspace.add_documents("import", vec![new], edits).unwrap();
            return;
        }
        6 => {
            workspace.apply(Transaction::new("action", edits)).unwrap();
            workspace.undo().unwrap();
            workspace.redo().unwrap();
            return;
        }
        7 => {
            // Whole sheets go and come.
            let key = &keys[random.usize(0..keys.len())];
            workspace.load(key).unwrap();
            let spans = &workspace.state().sheet(key).spans;
            edits.extend(spans.iter().map(|(id, span)| Edit::Span(key.clone(), Change::remove(*id, span.clone()))));
        }
        _ => edits.push(span_edit(workspace, &keys[random.usize(0..keys.len())], 0, 5, "PER")),
    }
    workspace.apply(Transaction::new("action", edits)).unwrap();
}

/// Acts until it is killed. Says `start N` and then each number once the action is done.
fn child(root: &std::path::Path, seed: u64) {
    let mut random = fastrand::Rng::with_seed(seed);
    let mut workspace = open(root, seed);
    let mut number = counter(workspace.state());
    let say = |word: String| {
        let mut out = std::io::stdout().lock();
        writeln!(out, "\n{word}").unwrap();
        out.flush().unwrap();
    };
    say(format!("did {number}"));
    let (done_sender, done) = mpsc::channel();
    let mut is_saving = false;
    loop {
        number += 1;
        act(&mut workspace, &mut random, number);
        say(format!("did {number}"));
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

/// Every span is where all spans of such documents are, and each text is as it was.
fn check_state(workspace: &mut Workspace) {
    for key in keys(workspace) {
        assert_eq!(workspace.load(&key).unwrap(), [], "{key:?}");
        let text = &workspace.state().texts[&key.document];
        for (_, ranges) in workspace.state().sheet(&key).marks() {
            text.check(ranges).unwrap();
        }
    }
}

#[test]
fn kill_9_at_random_moments_loses_nothing() {
    if let Ok(child_of) = env::var(CHILD) {
        let (seed, root) = child_of.split_once(' ').unwrap();
        child(&PathBuf::from(root), seed.parse().unwrap());
        return;
    }
    let kills: u64 = env::var("MANICULE_KILLS").map_or(30, |kills| kills.parse().unwrap());
    let mut random = fastrand::Rng::with_seed(20260522);
    let (mut acknowledged_in_all, mut project) = (0, TestProject::new());
    for kill in 0..kills {
        if kill % 25 == 0 {
            project = TestProject::new();
            let mut workspace = project.create();
            for i in 0..4 {
                add_document(&mut workspace, &format!("d{i}"), "Kerry met Lavrov");
            }
            workspace.close().unwrap();
        }
        let root = project.root.path();
        let start = counter(open(root, kill).state());
        let mut child = Command::new(env::current_exe().unwrap())
            .args(["--exact", NAME, "--nocapture"])
            .env(CHILD, format!("{} {}", random.u32(..), root.display()))
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let patience = Duration::from_micros(random.u64(0..60_000));
        let (first_sender, first) = mpsc::channel();
        // Reads to the end of the pipe: what was said before the kill was done before the kill.
        let reader = std::thread::spawn(move || {
            let mut last = None;
            for word in lines.map_while(Result::ok).filter_map(|line| line.strip_prefix("did ").and_then(|n| n.parse::<u64>().ok())) {
                last = Some(word);
                let _ = first_sender.send(());
            }
            last
        });
        first.recv_timeout(Duration::from_secs(60)).unwrap_or_else(|_| panic!("kill {kill}: the child did not start"));
        std::thread::sleep(patience);
        child.kill().unwrap();
        child.wait().unwrap();
        let acknowledged = reader.join().unwrap().unwrap();
        let mut workspace = open(root, kill);
        let found = counter(workspace.state());
        assert!((acknowledged..=acknowledged + 1).contains(&found), "kill {kill}: {acknowledged} acknowledged, {found} found");
        check_state(&mut workspace);
        let state = workspace.state().clone();
        workspace.close().unwrap();
        let mut again = open(root, kill);
        check_state(&mut again);
        assert!(*again.state() == state, "kill {kill}: saving changed something");
        acknowledged_in_all += acknowledged - start;
    }
    println!("{kills} kills, {acknowledged_in_all} acknowledged actions, none lost");
    assert!(acknowledged_in_all > kills, "the children did hardly anything");
}
