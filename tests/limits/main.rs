//! Hostile inputs that are large: no reader takes more than 2 seconds and 10 seconds for each 100 MB, nor more memory
//! than 256 MiB and 8 times the file, whether it takes the input or refuses it.
//!
//! `MANICULE_P7` is the size of each input in megabytes; usual is 0.3. Larger ones are for a release; a test build, which is
//! not made to be quick, has four times as long:
//!
//! ```text
//! MANICULE_P7=100 cargo test --release --no-default-features --test limits -- --nocapture
//! ```
//!
//! `MANICULE_P7_CASE` runs those cases alone whose name it is part of. Time is that of the processor.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::string_slice)]

mod imports;
mod json;
mod measure;
mod projects;
mod xml;

use measure::{Case, Figures};
use peak_alloc::PeakAlloc;

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

/// One after the other: they share one memory.
#[test]
fn no_input_takes_too_long_or_too_much_memory() {
    let megabytes: f64 = std::env::var("MANICULE_P7").map_or(0.3, |value| value.parse().expect("MANICULE_P7 is a number of megabytes"));
    let only = std::env::var("MANICULE_P7_CASE").unwrap_or_default();
    let cases: Vec<Case> = imports::cases()
        .into_iter()
        .chain(xml::cases())
        .chain(json::cases())
        .chain(projects::cases())
        .filter(|case| case.name().contains(&only))
        .collect();
    let figures: Vec<Figures> = cases.iter().map(|case| case.run(megabytes)).collect();
    let over: Vec<String> = figures.iter().filter(|figures| !figures.are_fine()).map(ToString::to_string).collect();
    assert!(over.is_empty(), "{} of {} inputs are over the limit:\n{}", over.len(), figures.len(), over.join("\n"));
    println!("{} inputs of {megabytes} MB, none over the limit", figures.len());
}
