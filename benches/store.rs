//! CPU time of opening, loading and saving: 1 MB of text with 10,000 spans, a project of 2,000 documents, and what a crash
//! left in the journal.
//!
//! `cargo bench --no-default-features --bench store`. Linux only: reads the thread's CPU time from `/proc`.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::print_stdout)]

#[path = "../tests/support/project.rs"]
mod project;

use std::time::{Duration, Instant};

use cpu_time::ProcessTime;
use manicule::edit::Transaction;
use manicule::model::SheetKey;
use manicule::progress::{CancelToken, Progress};
use manicule::store::layout::{Shelf, sheet_path};
use manicule::workspace::Workspace;
use project::{TestProject, add_document, add_span, files, new_document, span_edit};

/// That of the program.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn cpu_ms() -> f64 {
    let stat = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap();
    stat.split(' ').next().unwrap().parse::<f64>().unwrap() / 1e6
}

fn measure<R>(name: &str, mut run: impl FnMut() -> R) {
    let mut times: Vec<f64> = (0..9)
        .map(|_| {
            let start = cpu_ms();
            std::hint::black_box(run());
            cpu_ms() - start
        })
        .collect();
    times.sort_by(f64::total_cmp);
    println!("{name}: median {:.1} ms CPU (least {:.1}, most {:.1})", times[4], times[0], times[8]);
}

/// A checkpoint of one edit beside 2,000 other documents, states included: the other thread's CPU time, and what it writes.
fn measure_one_edit(project: &TestProject, workspace: &mut Workspace, large: &SheetKey) {
    let document = workspace.state().documents.keys().find(|id| **id != large.document).unwrap().clone();
    let key = SheetKey::new(&document, workspace.coder());
    add_span(workspace, &key, 0, 5, "PER");
    workspace.checkpoint_now().unwrap();
    let backup = workspace.backup().unwrap();
    let start = cpu_ms();
    backup.run(&Progress::new(), &CancelToken::new()).unwrap();
    println!("backup of 2,001 documents that has nothing to copy: {:.0} ms CPU", cpu_ms() - start);
    let before = files(project.root.path());
    add_span(workspace, &key, 6, 9, "ORG");
    workspace.checkpoint_now().unwrap();
    let after = files(project.root.path());
    let written: Vec<_> = after.iter().filter(|(path, content)| before.get(*path) != Some(content)).collect();
    let bytes: usize = written.iter().map(|(path, content)| content.len().abs_diff(before.get(*path).map_or(0, Vec::len))).sum();
    println!(
        "checkpoint of one edit writes {} files, {bytes} bytes more: {:?}",
        written.len(),
        written.iter().map(|(path, _)| path).collect::<Vec<_>>()
    );
    measure("checkpoint of one edit in a project of 2,001 documents", || {
        add_span(workspace, &key, 6, 9, "ORG");
        workspace.checkpoint_now().unwrap();
    });
}

/// Opening after a crash: everything that was done since the last save is in the journal only. All threads count.
fn measure_recovery(actions: u32) {
    let project = TestProject::new();
    let mut workspace = project.create();
    let text = "Kerry told Lavrov on Tuesday that Russia must stop the attacks near Aleppo, officials said in Vienna.\n".repeat(60);
    let new: Vec<_> = (0..20).map(|i| new_document(&mut workspace, &format!("document {i}"), &text)).collect();
    let ids = workspace.add_documents("import", new, Vec::new()).unwrap();
    workspace.checkpoint_now().unwrap();
    let keys: Vec<SheetKey> = ids.iter().map(|id| SheetKey::new(id, workspace.coder())).collect();
    for action in 0..actions {
        let start = action / 20 * 7 % 6_000;
        add_span(&mut workspace, &keys[action as usize % keys.len()], start, start + 5, "PER");
    }
    drop(workspace);
    let mut times: Vec<(Duration, Duration)> = (0..9)
        .map(|_| {
            let (processor, clock) = (ProcessTime::now(), Instant::now());
            let opened = std::hint::black_box(project.open());
            let time = (processor.elapsed(), clock.elapsed());
            assert_eq!(opened.recovered, actions as usize, "dropped unsaved, so it is all there the next time");
            time
        })
        .collect();
    times.sort_unstable();
    let seconds = |time: (Duration, Duration)| format!("{:.2} s CPU ({:.2} s on the clock)", time.0.as_secs_f64(), time.1.as_secs_f64());
    println!("open after a crash with {actions} actions in the journal: median {}, most {}", seconds(times[4]), seconds(times[8]));
}

fn main() {
    measure_recovery(10_000);
    let project = TestProject::new();
    let mut workspace = project.create();
    let text = "Kerry told Lavrov on Tuesday that Russia must stop the attacks near Aleppo, officials said in Vienna.\n".repeat(10_000);
    let id = add_document(&mut workspace, "large", &text);
    let key = SheetKey::new(&id, workspace.coder());
    let edits = (0..10_000).map(|i| span_edit(&mut workspace, &key, i * 101, i * 101 + 17, "PER")).collect();
    workspace.apply(Transaction::new("label", edits)).unwrap();
    workspace.checkpoint_now().unwrap();
    let bytes = std::fs::metadata(project.path(&sheet_path(&key, Shelf::Live))).unwrap().len();
    println!("text {} bytes, 10,000 spans in a sheet of {bytes} bytes", text.len());
    let loader = workspace.loader();
    measure("load text and sheet", || loader.load(&key).unwrap());
    measure("apply one label", || add_span(&mut workspace, &key, 0, 5, "ORG"));
    measure("checkpoint of the large sheet (any thread)", || {
        add_span(&mut workspace, &key, 0, 5, "ORG");
        workspace.checkpoint_now().unwrap();
    });
    let new: Vec<_> = (0..2_000).map(|i| new_document(&mut workspace, &format!("document {i}"), "Kerry met Lavrov in Vienna.")).collect();
    let start = Instant::now();
    workspace.add_documents("import", new, Vec::new()).unwrap();
    workspace.checkpoint_now().unwrap();
    println!("import of 2,000 documents and checkpoint: {:.2} s wall", start.elapsed().as_secs_f64());
    measure_one_edit(&project, &mut workspace, &key);
    workspace.close().unwrap();
    measure("open a project of 2,001 documents", || project.open());
}
