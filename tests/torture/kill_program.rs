//! K2 for the program itself: `kill -9` of `manicule` in the middle of the verbs that write. An import is there as a whole
//! or not at all, an export leaves each file old or new, and the project opens without a word.
//!
//! `MANICULE_K2_PROGRAM`: so many kills; 40 in the usual run, 2,000 in a long one (half a minute).

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use crate::project::{TestProject, files};
use crate::{campaign, world};

/// Articles of one import.
const ARTICLES: usize = 12;

fn manicule(project: &TestProject, words: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_manicule"));
    command.current_dir(project.root.path()).env("MANICULE_STATE_DIR", project.root.path().join("state")).args(words);
    command.stdout(Stdio::null()).stderr(Stdio::null());
    command
}

fn kill_after(mut command: Command, patience: Duration) {
    let mut process = command.spawn().unwrap();
    std::thread::sleep(patience);
    process.kill().unwrap();
    process.wait().unwrap();
}

fn documents(project: &TestProject) -> usize {
    let opened = world::open_as(&project.dir(), "ann", &project.places, 5).expect("the project opens");
    assert_eq!(opened.findings, []);
    let mut workspace = opened.workspace;
    world::load_all(&mut workspace);
    workspace.state().documents.len()
}

fn exported(dir: &Path) -> BTreeMap<String, Vec<u8>> {
    let files = if dir.is_dir() { files(dir) } else { BTreeMap::new() };
    files.into_iter().filter(|(path, _)| !path.ends_with("manicule-tmp")).collect()
}

/// Kills an export over an older one with other files; what a whole one writes is known from another place.
fn kill_export(project: &TestProject, patience: Duration) {
    let (out, new) = (project.root.path().join("out"), project.root.path().join("new"));
    let run = |dir: &str| manicule(project, &["export", "study", "--to", "jsonl", "--out", dir]);
    fs::create_dir_all(&out).unwrap();
    fs::write(out.join("test.jsonl"), "old").unwrap();
    assert!(run("new/test.jsonl").status().unwrap().success());
    let old = exported(&out);
    kill_after(run("out/test.jsonl"), patience);
    let (new, found) = (exported(&new), exported(&out));
    for (path, content) in &found {
        assert!(old.get(path) == Some(content) || new.get(path) == Some(content), "{path} is half");
    }
    assert!(old.keys().all(|path| found.contains_key(path)), "a file is gone");
    // And what is left is not in the way of the next one.
    assert!(run("out/test.jsonl").status().unwrap().success());
    assert!(exported(&out) == new);
}

/// Ids are drawn anew each time, so that only whole lines can be expected.
fn kill_convert(project: &TestProject, patience: Duration) {
    let (article, out) = (project.root.path().join("article.txt"), project.root.path().join("out"));
    fs::write(article, "Kerry met Lavrov.\n").unwrap();
    kill_after(manicule(project, &["convert", "article.txt", "--to", "jsonl", "--out", "out/all.jsonl"]), patience);
    for (path, content) in exported(&out) {
        assert!(content.ends_with(b"\n") && (!path.ends_with("jsonl") || content.windows(7).any(|part| part == b"Lavrov.")), "{path} is half");
    }
}

fn kill_import(project: &TestProject, patience: Duration) {
    let incoming = project.root.path().join("incoming");
    fs::create_dir_all(&incoming).unwrap();
    for i in 0..ARTICLES {
        fs::write(incoming.join(format!("article {i}.txt")), format!("Kerry met Lavrov for the {i}th time.\n")).unwrap();
    }
    let before = documents(project);
    kill_after(manicule(project, &["import", "study", "incoming", "--coder", "ann"]), patience);
    let after = documents(project);
    assert!(after == before || after == before + ARTICLES, "{} of {ARTICLES} articles", after - before);
}

#[test]
fn kill_9_of_the_program_leaves_nothing_half() {
    let cases: Vec<u64> = (0..campaign::size("MANICULE_K2_PROGRAM", 40)).collect();
    campaign::must_hold("K2 program", &cases, |case| {
        let mut random = fastrand::Rng::with_seed(campaign::seed() ^ case);
        let patience = Duration::from_micros(random.u64(0..14_000));
        let project = world::prepared();
        match case % 3 {
            0 => kill_import(&project, patience),
            1 => kill_export(&project, patience),
            _ => kill_convert(&project, patience),
        }
    });
}
