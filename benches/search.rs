//! How fast texts and projects are searched, in GB a second of CPU time. Run with `cargo bench --no-default-features --bench search`.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, clippy::expect_used, missing_docs, dead_code)]

#[allow(unreachable_pub)]
mod support;

use std::hint::black_box;
use std::time::Instant;

use cpu_time::ProcessTime;
use manicule::edit::{Change, Edit, Transaction};
use manicule::model::{Document, Id, IdSource, LabelKey, Schema, Sheet, SheetKey, Span, SpanId};
use manicule::progress::{CancelToken, Progress};
use manicule::store::Places;
use manicule::store::templates::template;
use manicule::suggest::occurrences::open_occurrences;
use manicule::text::Text;
use manicule::text::search::{Bounds, Case, Needles};
use manicule::workspace::corpus::{CorpusReport, DocumentHits, OpenPlaces, TextCache};
use manicule::workspace::{NewDocument, NewProject, Workspace};

/// That of the program.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

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
/// Stands in one of 100 articles.
const RARE: &str = "Merkel";

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
        let text = Text::new(if i % 100 == 0 { format!("{article} {RARE} spoke.") } else { article.to_owned() });
        let title = format!("Article {i}");
        NewDocument { id: workspace.new_document_id(&title), document: Document::new(title, text.hash().clone()), text, original: None }
    });
    let documents: Vec<NewDocument> = documents.collect();
    workspace.add_documents("add articles", documents, Vec::new()).unwrap();
    from_files(&workspace, &text);
    let cache = TextCache::default();
    let cpu = ProcessTime::now();
    workspace.corpus(&cache).read_ahead(&CancelToken::new());
    println!("{ARTICLES} articles, texts read ahead in {:.1} ms CPU", cpu.elapsed().as_secs_f64() * 1e3);
    for (name, needle, case) in
        [("after reading ahead", "Lindqvist", Case::Matters), ("a rare string", RARE, Case::Matters), ("case ignored", "Lindqvist", Case::Ignored)]
    {
        search(name, text.len(), |on_hits| {
            let needles = Needles::one(needle, case, Bounds::WholeWords);
            workspace.corpus(&cache).search(&needles, (&Progress::new(), &CancelToken::new()), on_hits)
        });
    }
    queue(&mut workspace, &cache, text.len());
}

fn from_files(workspace: &Workspace, text: &str) {
    let (cache, needles) = (TextCache::default(), Needles::one("Lindqvist", Case::Matters, Bounds::WholeWords));
    search("from the files", text.len(), |on_hits| workspace.corpus(&cache).search(&needles, (&Progress::new(), &CancelToken::new()), on_hits));
}

/// The queue of all occurrences of a name that stands in one of 100 articles, each of which has a sheet with 30 spans.
fn queue(workspace: &mut Workspace, cache: &TextCache, bytes: usize) {
    let (label, coder) = (LabelKey::new("PER").unwrap(), workspace.coder().clone());
    let needles = Needles::one(RARE, Case::Matters, Bounds::WholeWords);
    let mut found = Vec::new();
    workspace.corpus(cache).search(&needles, (&Progress::new(), &CancelToken::new()), |hits| found.push(hits));
    for hits in &found {
        let key = SheetKey::new(&hits.document, &coder);
        let words = support::words(hits.text.as_str()).into_iter().step_by(15).take(30);
        let spans =
            words.map(|range| Edit::Span(key.clone(), Change::insert(SpanId(workspace.next_id()), Span::new(range, label.clone())))).collect();
        workspace.apply(Transaction::new("spans", spans)).unwrap();
    }
    workspace.checkpoint_now().unwrap();
    let wanted = OpenPlaces { coder, label, schema: workspace.state().schema.clone(), sheets: Default::default() };
    search(&format!("queue of a name, {} sheets", found.len()), bytes, |on_hits| {
        workspace.corpus(cache).search_open(&needles, &wanted, (&Progress::new(), &CancelToken::new()), on_hits)
    });
}

fn search(name: &str, bytes: usize, run: impl FnOnce(&mut dyn FnMut(DocumentHits)) -> CorpusReport) {
    let (cpu, clock) = (ProcessTime::now(), Instant::now());
    let (mut first, mut hits) = (None, 0);
    let report = run(&mut |found| {
        first.get_or_insert_with(|| clock.elapsed());
        hits += found.ranges.len();
    });
    let (cpu, clock) = (cpu.elapsed().as_secs_f64(), clock.elapsed().as_secs_f64());
    assert!(report.is_complete);
    println!(
        "{ARTICLES} articles, {name:32} {:6.2} GB/s CPU, {:6.1} ms CPU, {:6.1} ms clock, first hits after {:.1?}, {hits} hits",
        bytes as f64 / cpu / 1e9,
        cpu * 1e3,
        clock * 1e3,
        first.unwrap_or_default()
    );
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
