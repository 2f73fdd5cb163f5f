//! How fast texts and projects are searched, in GB a second of CPU time. Run with `cargo bench --no-default-features --bench search`.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, clippy::expect_used, missing_docs, dead_code)]

#[allow(unreachable_pub)]
mod support;

use std::hint::black_box;
use std::time::Instant;

use cpu_time::ProcessTime;
use manicule::model::{Document, Id, IdSource, LabelKey, Schema, Sheet, Span, SpanId};
use manicule::progress::{CancelToken, Progress};
use manicule::store::Places;
use manicule::store::templates::template;
use manicule::suggest::occurrences::open_occurrences;
use manicule::text::Text;
use manicule::text::search::{Bounds, Case, Needles};
use manicule::workspace::corpus::TextCache;
use manicule::workspace::{NewDocument, NewProject, Workspace};

/// Bytes of the text that is searched in one piece.
const BYTES: usize = 30_000_000;
/// The best of so many runs counts.
const RUNS: usize = 5;

fn main() {
    strings();
    open_places();
    projects();
}

fn strings() {
    let text = support::article(BYTES);
    let five = ["Lindqvist", "Ada Stone", "Noor Ali", "harbour bridge", "Zoë Müller"];
    for (name, needles) in [("a rare string", &["Merkel"][..]), ("a name", &["Lindqvist"]), ("not ASCII", &["Zoë Müller"]), ("five strings", &five)]
    {
        for (case, bounds) in [(Case::Matters, Bounds::Anywhere), (Case::Matters, Bounds::WholeWords), (Case::Ignored, Bounds::WholeWords)] {
            let needles = Needles::new(needles, case, bounds);
            let mut hits = 0;
            let speed = speed(text.len(), || hits = needles.find(black_box(&text)).count());
            println!("{name:14} {:22} {speed:6.2} GB/s  {hits} hits", format!("{case:?}, {bounds:?}"));
        }
    }
    let many: Vec<String> = (0..1000).map(|i| format!("Person{i} Name{i}")).chain(five.map(str::to_owned)).collect();
    for case in [Case::Matters, Case::Ignored] {
        let needles = Needles::new(&many, case, Bounds::WholeWords);
        let mut hits = 0;
        let speed = speed(text.len(), || hits = needles.find(black_box(&text)).count());
        println!("{:14} {:22} {speed:6.2} GB/s  {hits} hits", "1005 strings", format!("{case:?}, WholeWords"));
    }
}

fn speed(bytes: usize, mut run: impl FnMut()) -> f64 {
    let times = (0..RUNS).map(|_| {
        let start = ProcessTime::now();
        run();
        start.elapsed().as_secs_f64()
    });
    bytes as f64 / times.fold(f64::MAX, f64::min) / 1e9
}

/// Articles of the project that is searched, and their bytes.
const ARTICLES: usize = 10_000;
const ARTICLE_BYTES: usize = 3000;

fn projects() {
    let folder = tempfile::tempdir().unwrap();
    let schema = template("news").unwrap().schema().unwrap();
    let new = NewProject { name: "Study".to_owned(), schema, guidelines: String::new(), coder: "Ann".to_owned() };
    let mut workspace = Workspace::create(&folder.path().join("study"), new, &Places::under(folder.path()), IdSource::seeded(4)).unwrap();
    let text = support::article(ARTICLES * ARTICLE_BYTES);
    let mut rest = text.as_str();
    let documents = (0..ARTICLES).map(|i| {
        let (article, after) = rest.split_at(rest.floor_char_boundary(ARTICLE_BYTES));
        rest = after;
        let text = Text::new(article);
        let title = format!("Article {i}");
        NewDocument { id: workspace.new_document_id(&title), document: Document::new(title, text.hash().clone()), text, original: None }
    });
    let documents: Vec<NewDocument> = documents.collect();
    workspace.add_documents("add articles", documents, Vec::new()).unwrap();
    let cache = TextCache::default();
    for (name, needle, case) in [
        ("first search (files)", "Lindqvist", Case::Matters),
        ("second search", "Lindqvist", Case::Matters),
        ("a rare string", "Merkel", Case::Matters),
        ("case ignored", "Lindqvist", Case::Ignored),
    ] {
        let needles = Needles::one(needle, case, Bounds::WholeWords);
        let corpus = workspace.corpus(&cache);
        let (cpu, clock) = (ProcessTime::now(), Instant::now());
        let (mut first, mut hits) = (None, 0);
        let report = corpus.search(&needles, (&Progress::new(), &CancelToken::new()), |found| {
            first.get_or_insert_with(|| clock.elapsed());
            hits += found.ranges.len();
        });
        let (cpu, clock) = (cpu.elapsed().as_secs_f64(), clock.elapsed().as_secs_f64());
        assert!(report.is_complete);
        let speed = text.len() as f64 / cpu / 1e9;
        println!(
            "{ARTICLES} articles, {name:21} {speed:6.2} GB/s CPU, {:6.1} ms CPU, {:6.1} ms clock, first hits after {:.1?}, {hits} hits",
            cpu * 1e3,
            clock * 1e3,
            first.unwrap_or_default()
        );
    }
}

fn open_places() {
    let text = Text::new("Ada Stone spoke. ".repeat(10_000));
    let label = LabelKey::new("PER").unwrap();
    let mut sheet = Sheet::default();
    for i in 0..10_000_usize {
        let start = if i.is_multiple_of(2) { i * 17 } else { i * 17 + 10 };
        sheet.spans.insert(SpanId(Id::from_bits(i as u64)), Span::new(text.range(start, start + 3).unwrap(), label.clone()));
    }
    let needles = Needles::one("Ada", Case::Ignored, Bounds::WholeWords);
    let start = ProcessTime::now();
    let open = open_occurrences(&text, &sheet, &Schema::default(), &label, &needles).len();
    println!("10000 spans, 10000 hits: {open} open places in {:.2} ms CPU", start.elapsed().as_secs_f64() * 1e3);
}
