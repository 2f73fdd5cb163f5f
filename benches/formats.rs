//! How long it takes to write and read a document of 1 MB with 10,000 spans and 500 claims. Run with
//! `cargo bench --no-default-features --bench formats`. Many articles of usual size: see `articles`.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, clippy::expect_used, missing_docs)]

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

use divan::Bencher;
use manicule::format::{Batch, Item, Ledger, MemoryFiles, ReadOptions, Tables, WriteOptions, find};
use manicule::model::{
    Claim, ClaimId, Coder, CoderKey, Color, Document, DocumentId, Filler, IdSource, Label, LabelKey, LabelKind, RoleKey, Sheet, Span, SpanId,
};
use manicule::text::Text;

/// That of the program.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

static PROJECT: LazyLock<(Tables, Item)> = LazyLock::new(project);

fn project() -> (Tables, Item) {
    let mut ids = IdSource::seeded(1);
    let text = Text::new("Zoë Smith said on Monday that taxes “fell” again in Köln, while others denied it.\n".repeat(12_000));
    let label = |name: &str| LabelKey::new(name).unwrap();
    let coder = CoderKey::from_name("ann");
    let mut tables = Tables { coders: BTreeMap::from([(coder.clone(), Coder::new("Ann"))]), ..Tables::default() };
    tables.schema.labels.insert(label("PER"), Label::new("Person", LabelKind::Entity, Color::from_palette(0), 0));
    tables.schema.labels.insert(label("CLAIM"), Label::new("Claim", LabelKind::Claim, Color::from_palette(1), 1));
    let mut sheet = Sheet::default();
    let words: Vec<usize> = text.as_str().match_indices("Smith").map(|(start, _)| start).collect();
    for (n, start) in words.iter().take(10_000).enumerate() {
        let span = SpanId(ids.next_id());
        sheet.spans.insert(span, Span::new(text.range(*start, start + 5).unwrap(), label("PER")));
        if n % 20 == 0 {
            let mut claim = Claim::new(label("CLAIM"), Some(text.range(start + 10, start + 42).unwrap().into()));
            claim.roles.insert(RoleKey::new("claimer").unwrap(), vec![Filler::Span(span)]);
            sheet.claims.insert(ClaimId(ids.next_id()), claim);
        }
    }
    let id = DocumentId::from_title("bench", ids.next_id());
    let document = Document::new("bench", text.hash().clone());
    (tables, Item { id, document, text, original: None, sheets: BTreeMap::from([(coder, Arc::new(sheet))]) })
}

/// With the coder whose sheets there are: some formats write nothing of others.
fn write_options() -> WriteOptions {
    WriteOptions { coders: vec![CoderKey::from_name("ann")], ..WriteOptions::new("out.x") }
}

fn write_files(format: &str) -> MemoryFiles {
    let (tables, item) = &*PROJECT;
    let (mut files, mut ledger) = (MemoryFiles::default(), Ledger::default());
    let mut items = [Ok(item.clone())].into_iter();
    find(format).unwrap().writer.unwrap()(tables, &mut items, &write_options(), &mut files, &mut ledger).unwrap();
    files
}

#[divan::bench(args = ["jsonl", "brat", "conll2003", "csv", "xlsx", "huggingface"])]
fn write(bencher: Bencher, format: &str) {
    LazyLock::force(&PROJECT);
    bencher.bench(|| write_files(format));
}

#[divan::bench(args = ["jsonl", "brat", "uima-json", "uima-xmi", "webanno-tsv"])]
fn read(bencher: Bencher, format: &str) {
    let files = write_files(format);
    bencher.bench(|| {
        let mut options = ReadOptions::new(CoderKey::from_name("ann"), IdSource::seeded(2));
        options.known = PROJECT.0.clone();
        let mut batch = Batch::default();
        find(format).unwrap().reader.unwrap()(&files, &mut options, &mut batch).unwrap();
        assert_eq!(batch.items[0].sheets.values().map(|sheet| sheet.spans.len()).sum::<usize>(), 10_000);
        batch
    });
}

fn main() {
    divan::main();
}
