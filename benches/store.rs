//! What the disk costs for a sheet of 10,000 marks on 1 MB of text: `cargo bench --bench store`. Times by the clock on
//! the wall; whatever waits for the disk depends on it.

#![allow(missing_docs, unreachable_pub, clippy::unwrap_used, clippy::indexing_slicing)]

mod support;

use divan::Bencher;
use manicule::edit::ops;
use manicule::model::LabelKey;
use support::{MARKS, Project, TEXT_BYTES};

fn main() {
    divan::main();
}

#[divan::bench(sample_count = 10, sample_size = 1)]
fn open_project(bencher: Bencher<'_, '_>) {
    let project = Project::new(TEXT_BYTES, MARKS);
    bencher.bench_local(|| project.open().close().unwrap());
}

#[divan::bench(sample_count = 20, sample_size = 1)]
fn load_text_and_sheet(bencher: Bencher<'_, '_>) {
    let project = Project::new(TEXT_BYTES, MARKS);
    let loader = project.open().loader();
    bencher.bench_local(|| loader.load(&project.key).unwrap());
}

/// The journal's record included, its way to the disk not: that is another thread's.
#[divan::bench(sample_count = 200, sample_size = 1)]
fn apply_and_journal_one_label(bencher: Bencher<'_, '_>) {
    let project = Project::new(TEXT_BYTES, MARKS);
    let mut workspace = project.open();
    workspace.load(&project.key).unwrap();
    let mut start = 0;
    bencher.bench_local(|| {
        start += 7;
        label(&mut workspace, &project, start);
    });
}

/// One change more, then all of the sheet into its file, synced.
#[divan::bench(sample_count = 10, sample_size = 1)]
fn write_the_sheet(bencher: Bencher<'_, '_>) {
    let project = Project::new(TEXT_BYTES, MARKS);
    let mut workspace = project.open();
    workspace.load(&project.key).unwrap();
    let mut start = 0;
    bencher.bench_local(|| {
        start += 7;
        label(&mut workspace, &project, start);
        workspace.checkpoint_now().unwrap();
    });
}

fn label(workspace: &mut manicule::workspace::Workspace, project: &Project, near: usize) {
    let id = workspace.next_id();
    let text = workspace.state().texts[&project.key.document].clone();
    let start = text.as_str().floor_char_boundary(near);
    let range = text.range(start, text.as_str().ceil_char_boundary(start + 5)).unwrap();
    let transaction = ops::add_span(workspace.state(), &project.key, id, range.into(), &LabelKey::new("OTHER").unwrap()).unwrap();
    workspace.apply(transaction).unwrap();
}
