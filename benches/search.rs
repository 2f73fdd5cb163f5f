//! How fast texts are searched, in GB a second of CPU time. Run with `cargo bench --no-default-features --bench search`.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, clippy::expect_used, missing_docs, dead_code)]

#[allow(unreachable_pub)]
mod support;

use std::hint::black_box;

use cpu_time::ProcessTime;
use manicule::text::search::{Bounds, Case, Needles};

/// Bytes of the text that is searched in one piece.
const BYTES: usize = 30_000_000;
/// The best of so many runs counts.
const RUNS: usize = 5;

fn main() {
    strings();
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
