//! The scripted session: a hundred actions, among them everything that writes. Always the same, so that the campaigns
//! know what must be there after each of them.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use manicule::edit::{Change, Edit, Transaction, ops};
use manicule::format;
use manicule::model::{Coder, CoderKey, DocumentId, Finding, IdSource, State};
use manicule::progress::{CancelToken, Progress};
use manicule::store::Disk;
use manicule::text::Text;
use manicule::workspace::Workspace;
use manicule::workspace::export::{ExportChoice, ExportSource, Writing, plan_export, run_export};
use manicule::workspace::import::{ImportOptions, import_files};

use crate::actions::random_action;
use crate::project::{self, TestProject};
use crate::world;

pub(crate) const STEPS: usize = 100;
/// Whose row somebody else changes in the project's file.
const OTHER: &str = "bob";

/// The session at work.
pub(crate) struct Session<'p> {
    project: &'p TestProject,
    pub(crate) workspace: Workspace,
    random: fastrand::Rng,
    outside: u32,
}

/// What a session in which nothing fails has brought about.
pub(crate) struct Expected {
    /// Before the first step, and after each.
    pub(crate) states: Vec<State>,
    /// Files outside the project: exports and copies.
    pub(crate) elsewhere: Vec<BTreeMap<String, Vec<u8>>>,
    /// Somebody else's change is in the file, but not merged yet.
    pub(crate) pending: Vec<bool>,
}

impl<'p> Session<'p> {
    /// None when the disk does not let it.
    pub(crate) fn open(project: &'p TestProject, disk: Disk) -> Option<Self> {
        let workspace = world::open_with(project, disk, 99)?;
        Some(Self { project, workspace, random: fastrand::Rng::with_seed(11), outside: 0 })
    }

    /// One action. What it says when it fails is of no interest here.
    pub(crate) fn step(&mut self, number: usize) -> Option<()> {
        match number % 20 {
            0 => self.change_coder("zoe", number),
            1 if number == 1 => self.change_coder(OTHER, number),
            4 | 17 => self.workspace.checkpoint_now().ok(),
            7 => self.workspace.undo().ok().map(drop),
            8 => self.workspace.redo().ok().map(drop),
            9 => self.import(number),
            10 => self.trash(number),
            11 => self.act_while_saving(),
            12 => self.act_joined(),
            13 => self.export("jsonl", "all.jsonl"),
            14 if number % 40 == 14 => self.export("brat", "brat/"),
            15 => self.change_outside(),
            16 => self.change_coder("zoe", number),
            18 if number % 40 == 18 => self.save_as(number),
            _ => self.act(),
        }
    }

    fn act(&mut self) -> Option<()> {
        let transaction = random_action(&mut self.workspace, &mut self.random)?;
        self.workspace.apply(transaction).ok()
    }

    fn act_joined(&mut self) -> Option<()> {
        let transaction = random_action(&mut self.workspace, &mut self.random)?;
        self.workspace.apply_joined(transaction).ok()
    }

    /// As in the window: the next action is done before the files are written.
    fn act_while_saving(&mut self) -> Option<()> {
        let job = self.workspace.begin_checkpoint();
        let acted = self.act();
        if let Some(job) = job {
            self.workspace.finish_checkpoint(job.run()).ok()?;
        }
        acted
    }

    fn change_coder(&mut self, name: &str, number: usize) -> Option<()> {
        let key = CoderKey::new(name).unwrap();
        let before = self.workspace.state().coders.get(&key).cloned();
        let note = if name == OTHER { "outside 0.".to_owned() } else { format!("at {number}") };
        let after = Some(Coder { note, ..Coder::new(name) });
        self.workspace.apply(Transaction::new("coder", vec![Edit::Coder(Change { key, before, after })])).ok()
    }

    /// Another program changes a row that this one does not.
    fn change_outside(&mut self) -> Option<()> {
        let path = self.project.path("project.ron");
        let content = fs::read_to_string(&path).unwrap();
        let changed = content.replace(&format!("outside {}.", self.outside), &format!("outside {}.", self.outside + 1));
        self.outside += 1;
        fs::write(&path, changed).ok()
    }

    fn trash(&mut self, number: usize) -> Option<()> {
        let keys = world::keys(&self.workspace);
        let id = &keys[number / 20 % 3].document;
        let state = self.workspace.state();
        let trash = if state.documents[id].in_trash { ops::restore_document } else { ops::trash_document };
        let transaction = trash(state, id).ok()?;
        self.workspace.apply(transaction).ok()
    }

    fn import(&mut self, number: usize) -> Option<()> {
        let incoming = self.project.root.path().join("incoming");
        fs::create_dir_all(&incoming).unwrap();
        let file = incoming.join(format!("article-{number}.txt"));
        // Not UTF-8, so that the original is kept, too.
        fs::write(&file, b"Lavrov met M\xfcller.\r\nTaxes rise.").unwrap();
        let options = ImportOptions { encoding: Some("windows-1252".into()), ..ImportOptions::new(self.workspace.coder().clone()) };
        let control = (&Progress::new(), &CancelToken::new());
        import_files(&mut self.workspace, &[file], &options, IdSource::seeded(number as u64), control).ok()?;
        world::keys(&self.workspace).iter().for_each(|key| drop(self.workspace.load(key)));
        Some(())
    }

    pub(crate) fn elsewhere(&self) -> PathBuf {
        elsewhere(self.project)
    }

    fn export(&mut self, name: &str, file: &str) -> Option<()> {
        let source = ExportSource::new(&self.workspace, &ExportChoice::default()).ok()?;
        let control = (&Progress::new(), &CancelToken::new());
        let plan = plan_export(source, format::find(name).unwrap(), Writing::default(), control).ok()?;
        run_export(&plan, &self.elsewhere().join(file), control).ok().map(drop)
    }

    fn save_as(&mut self, number: usize) -> Option<()> {
        let mut ids = IdSource::seeded(number as u64);
        let job = self.workspace.save_as(&self.elsewhere().join(format!("copy {number}")), "copy", &mut ids).ok()?;
        job.run(&Progress::new(), &CancelToken::new()).ok()
    }
}

pub(crate) fn elsewhere(project: &TestProject) -> PathBuf {
    project.root.path().join("out")
}

pub(crate) fn files_elsewhere(project: &TestProject) -> BTreeMap<String, Vec<u8>> {
    let dir = elsewhere(project);
    let files = if dir.is_dir() { project::files(&dir) } else { BTreeMap::new() };
    files.into_iter().filter(|(path, _)| !path.ends_with("manicule-tmp")).collect()
}

/// Runs the session with nothing failing.
pub(crate) fn expected(disk: Disk) -> Expected {
    let project = world::prepared();
    let mut session = Session::open(&project, disk).unwrap();
    let mut expected = Expected { states: vec![session.workspace.state().clone()], elsewhere: vec![files_elsewhere(&project)], pending: vec![false] };
    for number in 0..STEPS {
        session.step(number).unwrap_or_else(|| panic!("step {number} does nothing"));
        expected.states.push(session.workspace.state().clone());
        expected.elsewhere.push(files_elsewhere(&project));
        expected.pending.push(session.is_pending());
    }
    session.workspace.close().unwrap();
    expected
}

impl Session<'_> {
    fn is_pending(&self) -> bool {
        self.workspace.state().coders.get(&CoderKey::new(OTHER).unwrap()).is_some_and(|coder| coder.note != format!("outside {}.", self.outside))
    }
}

impl Expected {
    /// After a crash in step `done`, the project is as before it or as after it, and nothing is half.
    pub(crate) fn check(&self, project: &TestProject, done: usize) {
        let opened = world::open_as(&project.dir(), "ann", &project.places, 5).expect("the project opens");
        let mut workspace = opened.workspace;
        let is_pending = self.near(done).any(|step| self.pending[step]);
        let is_fine = |findings: &[Finding]| findings.iter().all(|finding| finding.rule == "changed-outside" && is_pending);
        assert!(is_fine(&opened.findings), "{:#?}", opened.findings);
        let state = world::load_all(&mut workspace);
        let found = self.near(done).find(|step| is_same(&state, &self.states[*step], is_pending));
        assert!(found.is_some(), "{done} steps were acknowledged, found {:?}", self.states.iter().rposition(|s| *s == state));
        workspace.checkpoint_now().unwrap();
        drop(workspace);
        let opened = world::open_as(&project.dir(), "ann", &project.places, 5).unwrap();
        assert!(is_fine(&opened.findings) && opened.recovered == 0, "{} recovered, {:#?}", opened.recovered, opened.findings);
        let mut workspace = opened.workspace;
        assert!(world::load_all(&mut workspace) == state, "saving changed something");
        let left: Vec<String> = project::files(&project.dir()).into_keys().filter(|path| path.ends_with("manicule-tmp")).collect();
        assert_eq!(left, Vec::<String>::new(), "unfinished files are left");
        self.check_elsewhere(project, done);
    }

    /// Every file outside is as before or as after; a copy that is a project is whole.
    fn check_elsewhere(&self, project: &TestProject, done: usize) {
        let found = files_elsewhere(project);
        for (path, content) in &found {
            assert!(self.near(done).any(|step| self.elsewhere[step].get(path) == Some(content)), "{path} is half");
        }
        for path in self.elsewhere[done].keys() {
            assert!(found.contains_key(path), "{path} is gone");
        }
        let copies = found.keys().filter_map(|path| path.strip_suffix("/project.ron"));
        for copy in copies {
            let mut files = self.near(done).flat_map(|step| self.elsewhere[step].keys()).filter(|path| path.starts_with(copy));
            assert!(files.all(|path| found.contains_key(path)), "{copy} lacks a file");
        }
    }

    /// The steps that may be the last, counted from 1, when so many were acknowledged.
    fn near(&self, done: usize) -> impl Iterator<Item = usize> + use<> {
        done..(done + 2).min(self.states.len())
    }
}

/// The note of the other coder does not count while his change is not merged.
fn is_same(found: &State, expected: &State, is_pending: bool) -> bool {
    let mut expected = expected.clone();
    let other = CoderKey::new(OTHER).unwrap();
    if let (true, Some(coder), Some(theirs)) = (is_pending, expected.coders.get_mut(&other), found.coders.get(&other)) {
        coder.note.clone_from(&theirs.note);
    }
    let has_its_text = |(id, text): (&DocumentId, &Text)| found.documents.get(id).is_some_and(|document| document.text_hash == *text.hash());
    *found == expected && found.texts.iter().all(has_its_text)
}
