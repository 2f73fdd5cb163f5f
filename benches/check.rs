//! CPU time of the checks: one sheet of 10,000 spans and 2,000 claims after an edit, and a project of 1,000 documents.
//!
//! `cargo bench --no-default-features --bench check`.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::string_slice, clippy::print_stdout)]

#[path = "../tests/support/project.rs"]
mod project;

use std::hint::black_box;

use cpu_time::ProcessTime;
use manicule::check::check_sheet;
use manicule::edit::{Change, Edit, Transaction};
use manicule::model::{Claim, ClaimId, LabelKey, SheetKey};
use manicule::progress::{CancelToken, Progress};
use project::{TestProject, add_document, span_edit};

/// That of the program.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

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

fn main() {
    let project = TestProject::new();
    let mut workspace = project.create();
    let text = "Kerry met Lavrov in Vienna, where both said that taxes would rise next year.\n".repeat(13_000);
    let id = add_document(&mut workspace, "big", &text);
    let key = SheetKey::new(&id, workspace.coder());
    workspace.load(&key).unwrap();
    let mut edits: Vec<Edit> = (0..10_000).map(|i| span_edit(&mut workspace, &key, i * 77, i * 77 + 5, "PER")).collect();
    let loaded = workspace.state().texts[&id].clone();
    for i in 0..2_000 {
        let claim = ClaimId(workspace.next_id());
        let range = loaded.range(i * 385 + 28, i * 385 + 75).unwrap();
        edits.push(Edit::Claim(key.clone(), Change::insert(claim, Claim::new(LabelKey::new("claim").unwrap(), Some(range.into())))));
    }
    workspace.apply(Transaction::new("bench", edits)).unwrap();
    measure("a sheet of 10,000 spans and 2,000 claims, all rules", 50, || check_sheet(workspace.state(), &key).len());
    project_of_a_thousand();
}

/// 1,000 documents of 3 KB with 30 spans each, none of them loaded: read, parsed and checked on two threads.
fn project_of_a_thousand() {
    let project = TestProject::new();
    let mut workspace = project.create();
    let text = "Kerry met Lavrov in Vienna, where both said that taxes would rise next year.\n".repeat(40);
    for n in 0..1_000 {
        let id = add_document(&mut workspace, &format!("Article {n}"), &text);
        let key = SheetKey::new(&id, workspace.coder());
        let edits = (0..30).map(|i| span_edit(&mut workspace, &key, i * 77, i * 77 + 5, "PER")).collect();
        workspace.apply(Transaction::new("bench", edits)).unwrap();
    }
    workspace.checkpoint_now().unwrap();
    workspace.close().unwrap();
    let workspace = project.open().workspace;
    measure("a project of 1,000 documents of 3 KB with 30 spans each, read and checked", 5, || {
        workspace.check_all().run(&Progress::new(), &CancelToken::new()).len()
    });
}
