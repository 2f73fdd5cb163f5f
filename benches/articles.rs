//! How many articles of 3 kB with 30 spans each format writes and reads in a second of CPU time of one core, beside what only
//! copies the same bytes or only takes JSON apart and puts it together again.
//!
//! `cargo bench --no-default-features --bench articles [-- FORMAT…]`; `MANICULE_DOCUMENTS` is how many articles there are (2,000).
//! Nothing is read from or written to a disk. Shown is the fastest of several runs, because whatever else runs only slows down.

#![allow(dead_code, missing_docs, unreachable_pub, clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]
#![allow(clippy::string_slice, clippy::cast_precision_loss)]

mod support;

use std::collections::BTreeMap;
use std::hint::black_box;
use std::sync::Arc;

use cpu_time::ThreadTime;
use fastrand::Rng;
use manicule::format::{Batch, FORMATS, Format, Item, Ledger, MemoryFiles, ReadOptions, Tables, WriteOptions};
use manicule::model::{Coder, CoderKey, Document, DocumentId, IdSource, LabelKey, Sheet, Span, SpanId};
use manicule::store::templates::template;
use manicule::text::Text;

/// That of the program.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const ARTICLE_BYTES: usize = 3000;
const SPANS: usize = 30;
/// Each measurement is repeated so often, and longer where it is short.
const MIN_RUNS: usize = 3;
const MIN_SECONDS: f64 = 0.5;

fn main() {
    let wanted: Vec<String> = std::env::args().skip(1).filter(|name| !name.starts_with('-')).collect();
    let count = std::env::var("MANICULE_DOCUMENTS").map_or(2000, |value| value.parse().expect("MANICULE_DOCUMENTS is a number"));
    let corpus = Corpus::new(count);
    println!("| {count} articles | MB | written: articles/s | MB/s | read: articles/s | MB/s |");
    println!("|---|--:|--:|--:|--:|--:|");
    if wanted.is_empty() {
        corpus.yardsticks();
    }
    let formats = FORMATS.iter().filter(|format| wanted.is_empty() || wanted.iter().any(|name| name == format.name));
    formats.filter(|format| format.writer.is_some()).for_each(|format| corpus.measure(format));
}

struct Corpus {
    tables: Tables,
    items: Vec<Item>,
}

impl Corpus {
    fn new(count: usize) -> Self {
        let mut tables = Tables { schema: template("news").unwrap().schema().unwrap(), ..Tables::default() };
        tables.coders.insert(coder(), Coder::new(support::CODER));
        let text = support::article(ARTICLE_BYTES * 400);
        let (mut rng, mut ids) = (Rng::with_seed(8), IdSource::seeded(4));
        let items = (0..count).map(|number| item(number, &text, &mut rng, &mut ids)).collect();
        Self { tables, items }
    }

    /// With the coder whose sheets there are: some formats write nothing of others.
    fn write(&self, format: &Format, files: &mut MemoryFiles) {
        // Some readers look at the endings of names.
        let options = WriteOptions { coders: vec![coder()], ..WriteOptions::new(format!("out.{}", format.extensions[0])) };
        let mut items = self.items.iter().cloned().map(Ok);
        format.writer.unwrap()(&self.tables, &mut items, &options, files, &mut Ledger::default()).unwrap();
    }

    fn read(&self, format: &Format, files: &MemoryFiles) -> usize {
        let mut options = ReadOptions::new(coder(), IdSource::seeded(3));
        options.known = self.tables.clone();
        let mut batch = Batch::default();
        format.reader.unwrap()(files, &mut options, &mut batch).unwrap();
        black_box(&batch).items.len()
    }

    fn measure(&self, format: &Format) {
        let mut files = MemoryFiles::default();
        let writing = fastest(|| self.write(format, &mut files));
        let bytes: usize = files.0.values().map(Vec::len).sum();
        let mut count = 0;
        let reading = format.reader.map(|_| fastest(|| count = self.read(format, &files)));
        self.row(format.name, bytes, Some(writing), reading);
        if reading.is_some() && count != self.items.len() {
            println!("{}: {count} articles were read", format.name);
        }
    }

    /// Only copying, and only JSON: as trees of values, the plainest way to do it.
    fn yardsticks(&self) {
        let mut files = MemoryFiles::default();
        self.write(&FORMATS[0], &mut files);
        let bytes = files.0.into_values().next().unwrap();
        let mut copy = bytes.clone();
        let copying = fastest(|| black_box(&mut copy).copy_from_slice(black_box(&bytes)));
        self.row("(copying the JSONL)", bytes.len(), Some(copying), None);
        let values = || bytes.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()).map(|line| serde_json::from_slice(line).unwrap());
        let all: Vec<serde_json::Value> = values().collect();
        let reading = fastest(|| values().for_each(|value: serde_json::Value| drop(black_box(value))));
        let writing = fastest(|| {
            copy.clear();
            all.iter().for_each(|value| serde_json::to_writer(&mut copy, value).unwrap());
        });
        self.row("(serde_json, values)", bytes.len(), Some(writing), Some(reading));
    }

    fn row(&self, name: &str, bytes: usize, writing: Option<f64>, reading: Option<f64>) {
        let mega = bytes as f64 / 1e6;
        let speed = |seconds: Option<f64>| {
            seconds.map_or("| |".to_owned(), |seconds| format!("{:.0} | {:.0} |", self.items.len() as f64 / seconds, mega / seconds))
        };
        println!("| {name} | {mega:.1} | {} {}", speed(writing), speed(reading));
    }
}

fn coder() -> CoderKey {
    CoderKey::from_name(support::CODER)
}

fn item(number: usize, text: &str, rng: &mut Rng, ids: &mut IdSource) -> Item {
    let at = text.ceil_char_boundary(rng.usize(..text.len() - 2 * ARTICLE_BYTES));
    let body = &text[at..text.ceil_char_boundary(at + ARTICLE_BYTES)];
    let title = format!("{number}: {}", body.split_ascii_whitespace().skip(1).take(9).collect::<Vec<_>>().join(" "));
    let text = Text::new(format!("{title}\n\n{body}"));
    let labels = ["PER", "ORG", "GPE", "LOC"].map(|label| LabelKey::new(label).unwrap());
    let words = support::words(text.as_str());
    let mut sheet = Sheet::default();
    for some in words.chunks(words.len() / SPANS).take(SPANS) {
        let span = Span::new(some[rng.usize(..some.len())], labels[rng.usize(..labels.len())].clone());
        sheet.spans.insert(SpanId(ids.next_id()), span);
    }
    let document =
        Document { source: "Harbour Post".to_owned(), file_name: format!("post-{number}.txt"), ..Document::new(&title, text.hash().clone()) };
    Item { id: DocumentId::from_title(&title, ids.next_id()), document, text, original: None, sheets: BTreeMap::from([(coder(), Arc::new(sheet))]) }
}

/// Seconds of this thread's CPU time.
fn fastest(mut work: impl FnMut()) -> f64 {
    let (mut fastest, mut sum, mut runs) = (f64::INFINITY, 0.0, 0);
    while runs < MIN_RUNS || sum < MIN_SECONDS {
        let start = ThreadTime::now();
        work();
        let seconds = start.elapsed().as_secs_f64();
        (fastest, sum, runs) = (fastest.min(seconds), sum + seconds, runs + 1);
    }
    fastest
}
