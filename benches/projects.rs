//! What a project of many articles costs without a window: 3 kB each, with 30 spans, of four coders.
//!
//! `MANICULE_DOCUMENTS` is how many there are (1,000), `MANICULE_PROJECT` a folder in which the project is made once and kept.
//! `cargo bench --no-default-features --bench projects`. Time is CPU time of all threads, and that of the clock.

#![allow(dead_code, missing_docs, unreachable_pub, clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]
#![allow(clippy::string_slice, clippy::cast_precision_loss)]

#[path = "support/projects.rs"]
mod projects;
mod support;

use std::time::Instant;

use cpu_time::ProcessTime;
use peak_alloc::PeakAlloc;
use projects::BigProject;

#[global_allocator]
static HEAP: PeakAlloc = PeakAlloc;

fn main() {
    opening(&BigProject::wanted());
}

/// From the disk to the tables, without a window.
fn opening(project: &BigProject) {
    for _ in 0..3 {
        let before = HEAP.current_usage();
        HEAP.reset_peak_usage();
        let (cpu, clock) = (ProcessTime::now(), Instant::now());
        let opened = project.open(support::CODER);
        let (cpu, clock) = (cpu.elapsed().as_secs_f64(), clock.elapsed().as_secs_f64());
        let count = opened.workspace.state().documents.len();
        println!(
            "open {count} documents: {cpu:.3} s CPU, {clock:.3} s clock, {:.0} documents/s CPU; memory {:.1} MB, at its highest {:.1} MB; {} findings",
            count as f64 / cpu,
            mega(HEAP.current_usage() - before),
            mega(HEAP.peak_usage() - before),
            opened.findings.len()
        );
        opened.workspace.close().unwrap();
    }
}

fn mega(bytes: usize) -> f64 {
    bytes as f64 / 1e6
}
