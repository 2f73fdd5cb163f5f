//! CPU time of what goes over all entities, names and sheets: likely duplicates, dictionaries, surveys.
//!
//! `cargo bench --no-default-features --bench entities`.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::string_slice, clippy::print_stdout)]

#[path = "../tests/support/project.rs"]
mod project;

use std::hint::black_box;

use cpu_time::ProcessTime;
use manicule::edit::{Change, Edit, Transaction};
use manicule::model::{Entity, EntityId, IdSource, LabelKey, SheetKey, State};
use manicule::progress::{CancelToken, Progress};
use manicule::suggest::dictionary::Dictionary;
use manicule::suggest::duplicates::likely_duplicates;
use manicule::workspace::survey::survey;
use project::{TestProject, new_document, span_edit};

#[global_allocator]
static MEMORY: peak_alloc::PeakAlloc = peak_alloc::PeakAlloc;

/// Of the whole process, so that the threads of a survey count.
fn measure<R>(name: &str, rounds: usize, mut run: impl FnMut() -> R) {
    let mut times: Vec<f64> = (0..rounds)
        .map(|_| {
            let start = ProcessTime::now();
            black_box(run());
            start.elapsed().as_secs_f64() * 1e3
        })
        .collect();
    times.sort_by(f64::total_cmp);
    println!("{name}: median {:.2} ms CPU (least {:.2}, most {:.2})", times[rounds / 2], times[0], times[rounds - 1]);
}

/// A pronounceable name, always the same for a number.
fn word(number: usize) -> String {
    let mut rng = fastrand::Rng::with_seed(number as u64);
    let syllables = ["ka", "lo", "mi", "ner", "sto", "vá", "zu", "rin", "del", "hof", "berg", "ti"];
    let word: String = (0..rng.usize(2..5)).map(|_| syllables[rng.usize(..syllables.len())]).collect();
    word[..1].to_uppercase() + &word[1..]
}

fn person(number: usize) -> String {
    format!("{} {}", word(number % 500), word(1000 + number / 3))
}

fn main() {
    duplicates();
    dictionary();
    surveys();
}

fn duplicates() {
    let project = TestProject::new();
    let workspace = project.create();
    let mut ids = IdSource::seeded(5);
    let mut state: State = workspace.state().clone();
    let label = LabelKey::new("PER").unwrap();
    state.entities = (0..5_000).map(|i| (EntityId(ids.next_id()), Entity::new(person(i), Some(label.clone())))).collect();
    println!("{} pairs among 5,000 entities", likely_duplicates(&state).len());
    measure("likely duplicates of 5,000 entities", 9, || likely_duplicates(&state));
    for id in state.entities.keys().copied().collect::<Vec<_>>() {
        let Some(entity) = state.entities.get_mut(&id) else { continue };
        entity.name = format!("{} Smith", entity.name);
    }
    measure("likely duplicates of 5,000 entities with one last name", 9, || likely_duplicates(&state));
}

fn dictionary() {
    let tsv: String = (0..1_000_000).map(|i| format!("{} {}\tQ{}\tPER\t\n", person(i), word(i * 7), i + 1)).collect();
    let before = MEMORY.current_usage_as_mb();
    let dictionary = Dictionary::parse("names.tsv", &tsv).0;
    let memory = MEMORY.current_usage_as_mb() - before;
    println!("{} entries, {} MB of TSV, {memory:.0} MB of memory", dictionary.len(), tsv.len() / 1_000_000);
    measure("parse 1,000,000 names", 3, || Dictionary::parse("names.tsv", &tsv));
    let names: Vec<&str> = dictionary.entries().iter().step_by(1000).map(|entry| entry.name()).collect();
    measure("1,000 exact look-ups", 9, || names.iter().map(|name| dictionary.lookup(name, 10).len()).sum::<usize>());
    let starts: Vec<String> = (0..1000).map(|i| word(i).to_lowercase()).collect();
    measure("1,000 look-ups of a beginning", 9, || starts.iter().map(|start| dictionary.lookup(start, 10).len()).sum::<usize>());
}

fn surveys() {
    let project = TestProject::new();
    let mut workspace = project.create();
    let text = "Kerry told Lavrov on Tuesday that Russia must stop the attacks near Aleppo.\n".repeat(50);
    let new: Vec<_> = (0..2_000).map(|i| new_document(&mut workspace, &format!("document {i}"), &text)).collect();
    let documents = workspace.add_documents("import", new, Vec::new()).unwrap();
    let entity = EntityId(workspace.next_id());
    let mut edits = vec![Edit::Entity(Change::insert(entity, Entity::new("Kerry", None)))];
    for document in &documents {
        let key = SheetKey::new(document, workspace.coder());
        edits.extend((0..50).map(|i| span_edit(&mut workspace, &key, i * 76, i * 76 + 5, "PER")));
    }
    workspace.apply(Transaction::new("label", edits)).unwrap();
    workspace.checkpoint_now().unwrap();
    let loader = workspace.loader();
    let schema = workspace.state().schema.clone();
    let control = (&Progress::new(), &CancelToken::new());
    let run = |coder: &str| {
        let mut spans = 0;
        survey(&loader, &schema, &coder.parse().unwrap(), &documents, control, &mut |_, digest| spans += digest.spans);
        spans
    };
    println!("{} spans in 2,000 sheets", run("ann"));
    measure("survey of 2,000 sheets", 5, || run("ann"));
    measure("survey of 2,000 documents without sheets", 5, || run("bea"));
}
