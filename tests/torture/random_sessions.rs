//! S1: random sessions against a naive model, which keeps plain rows and a picture of them for every step of the history.
//! Actions, joined ones, stale ones that must be refused, undo, redo, imports, saves, closing and opening, and a crash: after
//! each the workspace holds what the model holds, and as many steps can be taken back.
//!
//! `MANICULE_S1`: so many sessions of `MANICULE_S1_STEPS` steps; 300 of 60 in the usual run, 20,000 of 200 in a long one
//! (twenty minutes). A failing session is cut down to the steps that matter.

use std::collections::BTreeMap;
use std::fmt::Debug;

use manicule::edit::{Change, Edit, Table, Transaction};
use manicule::model::{DocumentId, State};
use manicule::text::TextHash;
use manicule::workspace::{Workspace, WorkspaceError};
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestError, TestRng, TestRunner};

use crate::actions::random_action;
use crate::project::{TestProject, new_document};
use crate::{campaign, world};

/// What is done, and the seed of what is drawn for it.
type Step = (u8, u64);

/// Rows by table and key, each as text: nothing of the program's own tables.
type Rows = BTreeMap<String, String>;

/// What the workspace must hold.
struct Model {
    rows: Rows,
    /// The rows before each step that can be taken back. The first was there at the beginning and stays: nobody knows what
    /// was before it.
    done: Vec<Rows>,
    /// The rows after each step that can be brought back.
    undone: Vec<Rows>,
    /// The last step may get further parts.
    is_open: bool,
}

impl Model {
    fn new(state: &State) -> Self {
        Self { rows: rows_of(state), done: vec![Rows::new()], undone: Vec::new(), is_open: true }
    }

    fn act(&mut self, transaction: &Transaction, joins: bool) {
        if !(joins && self.is_open) {
            self.done.push(self.rows.clone());
        }
        self.undone.clear();
        self.is_open = true;
        transaction.edits.iter().for_each(|edit| put(&mut self.rows, edit));
    }

    fn undo(&mut self) {
        if let Some(before) = self.done.pop() {
            self.undone.push(std::mem::replace(&mut self.rows, before));
            self.is_open = false;
        }
    }

    fn redo(&mut self) {
        if let Some(after) = self.undone.pop() {
            self.done.push(std::mem::replace(&mut self.rows, after));
            self.is_open = false;
        }
    }
}

fn set<K: Debug, R: Debug>(rows: &mut Rows, table: &str, change: &Change<K, R>) {
    let name = format!("{table} {:?}", change.key);
    match &change.after {
        Some(row) => drop(rows.insert(name, format!("{row:?}"))),
        None => drop(rows.remove(&name)),
    }
}

fn put(rows: &mut Rows, edit: &Edit) {
    match edit {
        Edit::Coder(change) => set(rows, "coder", change),
        Edit::Entity(change) => set(rows, "entity", change),
        Edit::Document(change) => set(rows, "document", change),
        // Its fingerprint is in the document's row.
        Edit::Text(..) => {}
        Edit::Sheet(key, change) => set(rows, &format!("sheet {key:?}"), change),
        Edit::Span(key, change) => set(rows, &format!("span {key:?}"), change),
        Edit::Claim(key, change) => set(rows, &format!("claim {key:?}"), change),
        other => panic!("{other:?} is not done here"),
    }
}

fn rows_of(state: &State) -> Rows {
    let mut rows = Rows::new();
    let mut add = |table: String, key: &dyn Debug, row: &dyn Debug| drop(rows.insert(format!("{table} {key:?}"), format!("{row:?}")));
    state.coders.iter().for_each(|(key, row)| add("coder".into(), key, row));
    state.entities.iter().for_each(|(key, row)| add("entity".into(), key, row));
    state.documents.iter().for_each(|(key, row)| add("document".into(), key, row));
    for (key, sheet) in &state.sheets {
        add(format!("sheet {key:?}"), &(), &sheet.info);
        sheet.spans.iter().for_each(|(id, row)| add(format!("span {key:?}"), id, row));
        sheet.claims.iter().for_each(|(id, row)| add(format!("claim {key:?}"), id, row));
    }
    rows
}

/// A blank sheet is none, and the default for what it says of itself.
fn without_blank(rows: &Rows) -> Rows {
    let blank = format!("{:?}", manicule::model::SheetInfo::default());
    rows.iter().filter(|(name, row)| !(name.starts_with("sheet ") && **row == blank)).map(|(name, row)| (name.clone(), row.clone())).collect()
}

/// How a transaction gets into the workspace; the seeded bugs do it otherwise.
pub(crate) type Apply = fn(&mut Workspace, Transaction) -> Result<(), WorkspaceError>;

/// The fingerprints of all texts.
type Texts = BTreeMap<DocumentId, TextHash>;

fn texts_of(workspace: &Workspace) -> Texts {
    workspace.state().documents.iter().map(|(id, document)| (id.clone(), document.text_hash.clone())).collect()
}

struct Machine {
    project: TestProject,
    workspace: Option<Workspace>,
    model: Model,
    apply: Apply,
    // Made for an older state, on these texts.
    stale: Option<(Transaction, Texts)>,
}

impl Machine {
    fn new(apply: Apply) -> Self {
        let project = world::prepared();
        let workspace = open(&project);
        let model = Model::new(workspace.state());
        Self { project, workspace: Some(workspace), model, apply, stale: None }
    }

    fn step(&mut self, (what, seed): Step) {
        let mut random = fastrand::Rng::with_seed(seed);
        let mut workspace = self.workspace.take().unwrap();
        match what {
            0..=99 => self.act(&mut workspace, &mut random, false),
            100..=124 => self.act(&mut workspace, &mut random, true),
            125..=154 if self.model.done.len() > 1 => {
                assert!(workspace.undo().unwrap().is_some());
                self.model.undo();
            }
            155..=174 => {
                assert_eq!(workspace.redo().unwrap().is_some(), !self.model.undone.is_empty());
                self.model.redo();
            }
            175..=184 if workspace.state().documents.len() < 6 => self.import(&mut workspace),
            185..=204 => workspace.checkpoint_now().unwrap(),
            205..=214 => {
                workspace.close().unwrap();
                workspace = self.reopen();
            }
            215..=234 => {
                // As if the process were gone.
                drop(workspace);
                workspace = self.reopen();
            }
            _ => self.act_stale(&mut workspace),
        }
        let found = rows_of(workspace.state());
        let (found, expected) = (without_blank(&found), without_blank(&self.model.rows));
        let differ: Vec<_> = found.iter().filter(|row| expected.get(row.0) != Some(row.1)).collect();
        let missing: Vec<_> = expected.keys().filter(|name| !found.contains_key(*name)).collect();
        assert!(differ.is_empty() && missing.is_empty(), "{differ:?} differ, {missing:?} are missing");
        assert_eq!((workspace.history().undo_len(), workspace.history().redo_len()), (self.model.done.len(), self.model.undone.len()));
        self.workspace = Some(workspace);
    }

    fn reopen(&self) -> Workspace {
        open(&self.project)
    }

    fn act(&mut self, workspace: &mut Workspace, random: &mut fastrand::Rng, joins: bool) {
        let Some(transaction) = random_action(workspace, random) else { return };
        let texts = texts_of(workspace);
        if joins { workspace.apply_joined(transaction.clone()) } else { (self.apply)(workspace, transaction.clone()) }.unwrap();
        self.model.act(&transaction, joins);
        self.stale = Some((transaction, texts));
    }

    /// What was done once cannot be done again unless the rows are as they were.
    fn act_stale(&mut self, workspace: &mut Workspace) {
        // A stale correction moves rows that the naive model does not know of; `tests/corrections.rs` has these.
        let Some((stale, texts)) = self.stale.take().filter(|(stale, _)| stale.text_changes().next().is_none()) else { return };
        // A place on another text is no place here: whether it fits is not a matter of rows.
        let now = texts_of(workspace);
        if stale.edits.iter().filter_map(Edit::sheet).any(|key| texts.get(&key.document) != now.get(&key.document)) {
            return;
        }
        // The sheet of a document that is gone is nobody's to look at.
        let documents = &workspace.state().documents;
        if stale.touches().iter().any(|table| matches!(table, Table::Sheet(key) if !documents.contains_key(&key.document))) {
            return;
        }
        let fits = {
            let mut before = workspace.state().clone();
            fits_by_hand(&mut before, &stale)
        };
        let result = (self.apply)(workspace, stale.clone());
        assert_eq!(result.is_ok(), fits, "{result:?} to {stale:?}");
        if fits {
            self.model.act(&stale, false);
        }
    }

    fn import(&mut self, workspace: &mut Workspace) {
        let new = new_document(workspace, "more", "Lavrov met Kerry");
        workspace.add_documents("import", vec![new.clone()], vec![]).unwrap();
        let document = workspace.state().document(&new.id).unwrap().clone();
        self.model.act(&Transaction::new("import", vec![Edit::Document(Change::insert(new.id, document))]), false);
        world::load_all(workspace);
    }
}

/// Whether each row is what the transaction was made for, compared as text.
fn fits_by_hand(state: &mut State, transaction: &Transaction) -> bool {
    let mut rows = rows_of(state);
    let blank = format!("{:?}", manicule::model::SheetInfo::default());
    transaction.edits.iter().all(|edit| {
        let mut before = Rows::new();
        put(&mut before, &edit.clone().inverse());
        let mut touched = Rows::new();
        put(&mut touched, edit);
        let names: std::collections::BTreeSet<&String> = before.keys().chain(touched.keys()).collect();
        let current = |name: &String| rows.get(name).cloned().or_else(|| name.starts_with("sheet ").then(|| blank.clone()));
        let fits = names.iter().all(|name| current(name) == before.get(*name).cloned());
        put(&mut rows, edit);
        fits
    })
}

fn open(project: &TestProject) -> Workspace {
    let opened = world::open_as(&project.dir(), "ann", &project.places, fastrand::u64(..)).expect("the project opens");
    assert_eq!(opened.findings, []);
    let mut workspace = opened.workspace;
    world::load_all(&mut workspace);
    workspace
}

/// One session, drawn with its number; a failing one is cut down.
pub(crate) fn session(case: u64, steps: usize, apply: Apply) {
    let mut seed = [0; 32];
    seed[..8].copy_from_slice(&(campaign::seed() ^ case).to_le_bytes());
    let config = Config { cases: 1, failure_persistence: None, max_shrink_iters: 300, ..Config::default() };
    let mut runner = TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &seed));
    let strategy = proptest::collection::vec(any::<Step>(), steps);
    let result = runner.run(&strategy, |steps| {
        let mut machine = Machine::new(apply);
        steps.into_iter().for_each(|step| machine.step(step));
        Ok(())
    });
    match result {
        Ok(()) => {}
        Err(TestError::Fail(why, steps)) => panic!("{why}\nsteps: {steps:?}"),
        Err(other) => panic!("{other}"),
    }
}

#[test]
fn random_sessions_do_what_a_naive_model_does() {
    let steps = usize::try_from(campaign::size("MANICULE_S1_STEPS", 60)).unwrap();
    let cases: Vec<u64> = (0..campaign::size("MANICULE_S1", 300)).collect();
    campaign::must_hold("S1", &cases, |case| session(case, steps, Workspace::apply));
}
