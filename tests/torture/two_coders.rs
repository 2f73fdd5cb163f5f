//! T1: two coders work on one project in a random order, while other programs edit, replace, delete and swap its files.
//! Nothing of anybody is overwritten silently: every change is in the files, or was replaced by somebody who had seen it, or
//! was reported with both versions to be had.
//!
//! `MANICULE_T1`: so many schedules; 50 in the usual run, 2,000 in a long one (half a minute).

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::sync::atomic::{AtomicU64, Ordering};

use fastrand::Rng;
use manicule::edit::ops;
use manicule::model::{Entity, EntityId, Id};
use manicule::workspace::{Opened, SaveState, Workspace};

use crate::project::TestProject;
use crate::{campaign, world};

const CODERS: [&str; 2] = ["ann", "bob"];
const STEPS: usize = 40;
/// Shared rows, in two files.
const ENTITIES: [u64; 6] = [1, 2, 3, 1 << 50, 1 << 50 | 1, 1 << 50 | 2];

/// What a row says: a word that nobody else has ever written.
type Word = String;

/// Who replaced what: each word with the words that its writer had seen in its place.
#[derive(Default)]
struct Witness {
    seen: BTreeMap<Word, BTreeSet<Word>>,
    reported: BTreeSet<Word>,
    next: u32,
}

impl Witness {
    fn new_word(&mut self, who: &str, seen: Option<&str>) -> Word {
        self.next += 1;
        let word = format!("word-{who}-{}.", self.next);
        self.saw(&word, seen);
        word
    }

    fn saw(&mut self, word: &str, seen: Option<&str>) {
        self.seen.entry(word.to_owned()).or_default().extend(seen.map(str::to_owned));
    }

    /// The words, and all that their writers had seen before.
    fn known_to(&self, words: impl IntoIterator<Item = Word>) -> BTreeSet<Word> {
        let (mut known, mut todo) = (BTreeSet::new(), words.into_iter().collect::<Vec<_>>());
        while let Some(word) = todo.pop() {
            todo.extend(self.seen.get(&word).into_iter().flatten().cloned());
            if !known.insert(word) {
                todo.retain(|word| !known.contains(word));
            }
        }
        known
    }
}

fn words_in(content: &str) -> impl Iterator<Item = &str> {
    content.match_indices("word-").map(|(at, _)| &content[at..=at + content[at..].find('.').unwrap()])
}

struct Table {
    project: TestProject,
    workspaces: Vec<Option<Workspace>>,
    witness: Witness,
    /// Files as they once were.
    old: Vec<(String, String)>,
    /// How often somebody was asked.
    conflicts: u64,
}

impl Table {
    fn new() -> Self {
        let project = world::prepared();
        let mut witness = Witness::default();
        let mut workspace = open(&project, CODERS[0]).workspace;
        for bits in ENTITIES {
            let entity = Entity::new(witness.new_word("start", None), None);
            let transaction = ops::add_entity(workspace.state(), Id::from_bits(bits), entity).unwrap();
            workspace.apply(transaction).unwrap();
        }
        workspace.close().unwrap();
        let workspaces = CODERS.iter().map(|who| Some(open(&project, who).workspace)).collect();
        Self { project, workspaces, witness, old: Vec::new(), conflicts: 0 }
    }

    fn step(&mut self, random: &mut Rng) {
        let coder = random.usize(0..CODERS.len());
        match random.u8(0..20) {
            0..=8 => self.act(coder, random),
            9..=13 => self.save(coder, random),
            14 => self.undo(coder),
            15 => self.reopen(coder, random.bool()),
            _ => self.outside(random),
        }
    }

    fn act(&mut self, coder: usize, random: &mut Rng) {
        let workspace = self.workspaces[coder].as_mut().unwrap();
        let id = EntityId(Id::from_bits(ENTITIES[random.usize(0..ENTITIES.len())]));
        let Some(before) = workspace.state().entities.get(&id) else { return };
        let word = self.witness.new_word(CODERS[coder], Some(&before.name));
        let transaction = ops::edit_entity(workspace.state(), id, |entity| entity.name.clone_from(&word)).unwrap();
        workspace.apply(transaction).unwrap();
    }

    fn undo(&mut self, coder: usize) {
        let workspace = self.workspaces[coder].as_mut().unwrap();
        // The rows themselves stay, so that each has its place in its file.
        if workspace.next_undo().unwrap().is_none_or(|next| next.name.starts_with("new entity") || next.name.starts_with("import")) {
            return;
        }
        let before = names(workspace);
        if workspace.undo().is_err() {
            workspace.skip_undo();
        }
        // Whoever takes back has seen what he takes back.
        for (id, name) in names(workspace) {
            if let Some(was) = before.get(&id).filter(|was| **was != name) {
                self.witness.saw(&name, Some(was));
            }
        }
    }

    /// Saves; a conflict is shown, and settled one way or the other.
    fn save(&mut self, coder: usize, random: &mut Rng) {
        for _ in 0..4 {
            let workspace = self.workspaces[coder].as_mut().unwrap();
            match workspace.checkpoint_now() {
                Ok(()) => return,
                Err(error) => self.settle(coder, &error.to_string(), random),
            }
        }
        panic!("four conflicts in a row");
    }

    fn settle(&mut self, coder: usize, error: &str, random: &mut Rng) {
        let workspace = self.workspaces[coder].as_mut().unwrap();
        let conflicts = workspace.conflicts().to_vec();
        assert!(!conflicts.is_empty(), "{error}");
        assert!(matches!(workspace.save_state(), SaveState::Failed { .. }));
        self.conflicts += 1;
        let mine = names(workspace);
        let mut theirs = BTreeSet::new();
        for path in &conflicts {
            let content = fs::read_to_string(self.project.path(path)).unwrap_or_default();
            theirs.extend(words_in(&content).map(str::to_owned));
        }
        // Both versions are there now: mine in memory, theirs in the file.
        self.witness.reported.extend(mine.into_values().chain(theirs.iter().cloned()));
        if random.bool() {
            workspace.keep_mine().unwrap();
            let kept: BTreeSet<Word> = words_below(&workspace.state_dir().join("aside"));
            assert!(theirs.is_subset(&kept), "theirs are not kept");
        } else {
            workspace.take_theirs().unwrap();
        }
    }

    /// Closes, or is gone without closing, and opens again.
    fn reopen(&mut self, coder: usize, closes: bool) {
        let workspace = self.workspaces[coder].take().unwrap();
        let mine = names(&workspace);
        let aside = workspace.state_dir().join("aside");
        // Either way it is gone; only then it can be opened again.
        let saved = if closes { workspace.close().is_ok() } else { drop_unsaved(workspace) };
        let opened = open(&self.project, CODERS[coder]);
        if !saved && opened.findings.iter().any(|finding| finding.rule == "action-not-recovered") {
            // Said, and kept: what of mine is not there now.
            let there: BTreeSet<Word> = names(&opened.workspace).into_values().collect();
            let lost = mine.into_values().filter(|word| !there.contains(word) && word.contains(CODERS[coder]));
            let kept = words_below(&aside);
            self.witness.reported.extend(kept.iter().cloned());
            for word in lost {
                assert!(
                    self.witness.known_to(kept.iter().chain(&there).chain(&self.witness.reported).cloned()).contains(&word),
                    "{word} is not kept aside"
                );
            }
        }
        self.workspaces[coder] = Some(opened.workspace);
    }

    /// Another program: an editor, git, somebody who deletes.
    fn outside(&mut self, random: &mut Rng) {
        let dir = self.project.path("entities");
        let mut files: Vec<_> = fs::read_dir(&dir).unwrap().map(|entry| entry.unwrap().path()).collect();
        files.retain(|path| path.extension().is_some_and(|extension| extension == "ron"));
        files.sort();
        let Some(path) = random.choice(&files).cloned() else { return };
        let content = fs::read_to_string(&path).unwrap();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        match random.u8(0..4) {
            0 | 1 => {
                let words: Vec<Word> = words_in(&content).map(str::to_owned).collect();
                let Some(old) = random.choice(&words) else { return };
                let new = self.witness.new_word("editor", Some(old));
                fs::write(&path, content.replace(old.as_str(), &new)).unwrap();
                self.old.push((name, content));
            }
            2 => {
                let before: Vec<(String, String)> = self.old.iter().filter(|(old, _)| *old == name).cloned().collect();
                let Some((_, old)) = random.choice(&before) else { return };
                // Row by row: whoever swaps the file in has seen what was there.
                for (old, new) in words_in(old).zip(words_in(&content)) {
                    self.witness.saw(old, Some(new));
                }
                fs::write(&path, old).unwrap();
            }
            _ => {
                self.witness.reported.extend(words_in(&content).map(str::to_owned));
                fs::remove_file(&path).unwrap();
            }
        }
    }

    /// Everybody saves; then every word is there, or somebody knew of it.
    fn check(mut self, random: &mut Rng) -> u64 {
        for coder in [0, 1, 0] {
            self.save(coder, random);
        }
        for workspace in &mut self.workspaces {
            workspace.take().unwrap().close().unwrap();
        }
        let read = self.project.read();
        let there: BTreeSet<Word> = read.workspace.state().entities.values().map(|entity| entity.name.clone()).collect();
        let accounted = self.witness.known_to(there.into_iter().chain(self.witness.reported.iter().cloned()));
        let lost: Vec<&Word> = self.witness.seen.keys().filter(|word| !accounted.contains(*word)).collect();
        assert_eq!(lost, Vec::<&Word>::new(), "overwritten and nobody was told");
        self.conflicts
    }
}

/// The process is gone without a save.
fn drop_unsaved(_: Workspace) -> bool {
    false
}

fn names(workspace: &Workspace) -> BTreeMap<EntityId, Word> {
    workspace.state().entities.iter().map(|(id, entity)| (*id, entity.name.clone())).collect()
}

fn words_below(dir: &std::path::Path) -> BTreeSet<Word> {
    let files = if dir.is_dir() { crate::project::files(dir) } else { BTreeMap::new() };
    files.values().flat_map(|content| words_in(&String::from_utf8_lossy(content)).map(str::to_owned).collect::<Vec<_>>()).collect()
}

fn open(project: &TestProject, who: &str) -> Opened {
    world::open_as(&project.dir(), who, &project.places, fastrand::u64(..)).expect("the project opens")
}

#[test]
fn nothing_of_two_coders_is_overwritten_silently() {
    let cases: Vec<u64> = (0..campaign::size("MANICULE_T1", 50)).collect();
    let conflicts = AtomicU64::new(0);
    campaign::must_hold("T1", &cases, |case| {
        let mut random = Rng::with_seed(campaign::seed() ^ case);
        let mut table = Table::new();
        for _ in 0..STEPS {
            table.step(&mut random);
        }
        conflicts.fetch_add(table.check(&mut random), Ordering::SeqCst);
    });
    println!("T1: {} conflicts, all of them shown", conflicts.load(Ordering::SeqCst));
    assert!(conflicts.into_inner() * 2 > cases.len() as u64, "the coders hardly met");
}
