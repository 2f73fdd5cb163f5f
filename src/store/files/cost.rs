//! What the files of 10,000 articles cost to write and to read, beside other ways to do it.
//!
//! `MANICULE_ARTICLES=10000 CARGO_PROFILE_DEV_OPT_LEVEL=3 cargo test --no-default-features --lib what_sheets_cost -- --nocapture`;
//! `./test` only sees that it runs.

use std::hint::black_box;
use std::io::Write as _;

use cpu_time::ProcessTime;

use super::sheet::{SheetFile, SpanRow, read_sheet, write_sheet};
use crate::model::{CoderKey, DocumentId, EntityId, Id, LabelKey, Sheet, SheetKey, Span, SpanId};
use crate::store::plain_ron;
use crate::text::{Ranges, Text};

const SPANS: u64 = 30;
const ARTICLE_BYTES: usize = 3_100;

struct Article {
    key: SheetKey,
    text: Text,
    sheet: Sheet,
}

fn article(nth: u64) -> Article {
    let mut random = fastrand::Rng::with_seed(nth);
    let words = ["harbour", "minister", "said", "“no”", "Zoë", "taxes", "fell", "Köln", "on Monday,", "again.\n"];
    let mut text = String::new();
    while text.len() < ARTICLE_BYTES {
        text.push_str(words[random.usize(..words.len())]);
        text.push(' ');
    }
    let text = Text::new(text);
    let mut sheet = Sheet::default();
    for _ in 0..SPANS {
        let start = text.as_str().floor_char_boundary(random.usize(..ARTICLE_BYTES - 40));
        let end = text.as_str().ceil_char_boundary(start + random.usize(4..24));
        let label = LabelKey::new(["PER", "ORG", "GPE"][random.usize(..3)]).unwrap();
        let mut span = Span::new(Ranges::from(text.range(start, end).unwrap()), label);
        span.entity = random.bool().then(|| EntityId(Id::from_bits(random.u64(..1 << 50))));
        sheet.spans.insert(SpanId(Id::from_bits(random.u64(..1 << 50))), span);
    }
    let key = SheetKey::new(&DocumentId::from_title("harbour", Id::from_bits(nth)), &CoderKey::new("ann").unwrap());
    Article { key, text, sheet }
}

/// The median CPU time of five runs, in milliseconds.
fn cost<R>(mut run: impl FnMut() -> R) -> f64 {
    let mut times: Vec<f64> = (0..5)
        .map(|_| {
            let start = ProcessTime::now();
            black_box(run());
            start.elapsed().as_secs_f64() * 1e3
        })
        .collect();
    times.sort_by(f64::total_cmp);
    times[2]
}

#[test]
fn what_sheets_cost() {
    let count = std::env::var("MANICULE_ARTICLES").ok().and_then(|count| count.parse().ok()).unwrap_or(20);
    let articles: Vec<Article> = (0..count).map(article).collect();
    let write = |article: &Article| write_sheet("s.ron", &article.key, &article.sheet, &article.text).unwrap();
    let read = |file: &str, article: &Article| read_sheet("s.ron", file, &article.key, &Text::new(article.text.as_str())).unwrap();
    let files: Vec<String> = articles.iter().map(write).collect();
    let pairs = || files.iter().zip(&articles);
    assert!(pairs().all(|(file, article)| read(file, article).sheet == article.sheet));
    let bytes: usize = pairs().map(|(file, article)| file.len() + article.text.len()).sum();
    println!("{count} articles with {SPANS} spans each: {:.1} MB of texts and sheets", bytes as f64 / 1e6);
    let print = |what: &str, ms: f64| println!("{what}: {ms:.0} ms CPU, {:.0} MB/s", bytes as f64 / 1e3 / ms);

    let mut all = Vec::with_capacity(bytes);
    let mut write_all = |write: &dyn Fn(&Article, &mut Vec<u8>)| {
        cost(|| {
            all.clear();
            for article in &articles {
                all.extend_from_slice(article.text.as_str().as_bytes());
                write(article, &mut all);
            }
        })
    };
    print("write texts and sheets (may be 150 ms)", write_all(&|article, out| out.extend_from_slice(write(article).as_bytes())));
    let rows: Vec<SheetFile<'_>> = files.iter().map(|file| plain_ron::read_plain(file).unwrap()).collect();
    print(
        "read texts and sheets, each quote compared (may be 200 ms)",
        cost(|| pairs().for_each(|(file, article)| drop(black_box(read(file, article))))),
    );

    let lists = || rows.iter().map(|file| &file.spans);
    let json: Vec<String> = lists().map(|spans| serde_json::to_string(spans).unwrap()).collect();
    let ron: Vec<String> = lists().map(|spans| ron::to_string(spans).unwrap()).collect();
    let ours = lists().map(|spans| plain_ron::to_compact(spans).unwrap());
    assert!(ours.eq(ron.iter().cloned()));
    print("yardstick: rows of spans by our own RON, written", cost(|| lists().for_each(|spans| drop(black_box(plain_ron::to_compact(spans))))));
    print("yardstick: the same by the crate `ron`", cost(|| lists().for_each(|spans| drop(black_box(ron::to_string(spans))))));
    print("yardstick: the same by serde_json", cost(|| lists().for_each(|spans| drop(black_box(serde_json::to_string(spans))))));
    let read_ours = |text: &String| drop(black_box(plain_ron::read_plain::<Vec<SpanRow<'_>>>(text).unwrap()));
    let read_ron = |text: &String| drop(black_box(ron::from_str::<Vec<SpanRow<'_>>>(text).unwrap()));
    let read_json = |text: &String| drop(black_box(serde_json::from_str::<Vec<SpanRow<'_>>>(text).unwrap()));
    print("yardstick: rows of spans by our own RON, read", cost(|| ron.iter().for_each(read_ours)));
    print("yardstick: the same by the crate `ron`", cost(|| ron.iter().for_each(read_ron)));
    print("yardstick: the same by serde_json", cost(|| json.iter().for_each(read_json)));
    let mut copy = Vec::with_capacity(bytes);
    print(
        "yardstick: the bytes copied",
        cost(|| {
            copy.clear();
            copy.extend_from_slice(&all);
        }),
    );
    let mut file = tempfile::tempfile().unwrap();
    let start = std::time::Instant::now();
    file.write_all(&copy).and_then(|()| file.sync_data()).unwrap();
    println!("yardstick: written to one file and synced: {:.0} ms by the clock", start.elapsed().as_secs_f64() * 1e3);
}
