//! What exports and imports cost for 10,000 marks on 1 MB of text, in memory: `cargo bench --bench formats`.

#![allow(missing_docs, unreachable_pub, clippy::unwrap_used, clippy::indexing_slicing)]

mod support;

use std::collections::BTreeMap;
use std::sync::Arc;

use divan::Bencher;
use manicule::format::{Batch, Item, Ledger, MemoryFiles, ReadOptions, Tables, WriteOptions, find};
use manicule::model::{Coder, IdSource};
use support::{CODER, MARKS, Project, TEXT_BYTES};

fn main() {
    divan::main();
}

#[divan::bench(args = ["jsonl", "brat", "conll2003", "csv"], sample_count = 10, sample_size = 1)]
fn export(bencher: Bencher<'_, '_>, format: &str) {
    let (tables, item) = everything();
    bencher.bench_local(|| write(format, &tables, &item));
}

#[divan::bench(args = ["jsonl", "brat"], sample_count = 10, sample_size = 1)]
fn import(bencher: Bencher<'_, '_>, format: &str) {
    let (tables, item) = everything();
    let files = write(format, &tables, &item);
    let coder = tables.coders.keys().next().unwrap().clone();
    let read = find(format).unwrap().reader.unwrap();
    bencher.bench_local(|| {
        let mut batch = Batch::default();
        read(&files, &mut ReadOptions::new(coder.clone(), IdSource::seeded(1)), &mut batch).unwrap();
        assert_eq!(batch.items.len(), 1);
        batch
    });
}

fn write(format: &str, tables: &Tables, item: &Item) -> MemoryFiles {
    let mut files = MemoryFiles::default();
    let options = WriteOptions::new("export");
    find(format).unwrap().writer.unwrap()(tables, &mut std::iter::once(Ok(item.clone())), &options, &mut files, &mut Ledger::default()).unwrap();
    files
}

fn everything() -> (Tables, Item) {
    let project = Project::new(TEXT_BYTES, MARKS);
    let mut workspace = project.open();
    workspace.load(&project.key).unwrap();
    let (state, id) = (workspace.state(), &project.key.document);
    let coders = BTreeMap::from([(project.key.coder.clone(), Coder::new(CODER))]);
    let tables = Tables { schema: (*state.schema).clone(), coders, ..Tables::default() };
    let sheets = BTreeMap::from([(project.key.coder.clone(), Arc::clone(state.sheet(&project.key)))]);
    let (document, text) = (state.documents[id].clone(), state.texts[id].clone());
    (tables, Item { id: id.clone(), document, text, original: None, sheets })
}
