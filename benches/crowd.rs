//! What the window costs in a project of many articles: 3 kB each, with 30 spans, of four coders.
//!
//! `MANICULE_DOCUMENTS` is how many there are (1,000), `MANICULE_PROJECT` a folder in which the project is made once and kept.
//! `cargo bench --features window-tests --bench crowd`, or only a part of it with `-- opening`, `switching`, `jobs`,
//! `importing`. Jobs run on their threads, as in the program; a frame is CPU time of the window's thread.

#![allow(dead_code, missing_docs, unreachable_pub, clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]
#![allow(clippy::string_slice, clippy::cast_precision_loss)]

#[path = "support/projects.rs"]
mod projects;
mod support;
#[path = "support/window.rs"]
mod window;

use std::time::{Duration, Instant};

use cpu_time::ProcessTime;
use eframe::egui::{Event, Key, Modifiers};
use manicule::app::Runner;
use peak_alloc::PeakAlloc;
use projects::{ARTICLE_BYTES, BigProject};
use window::{Costs, Listener, Window, press};

#[global_allocator]
static HEAP: PeakAlloc = PeakAlloc;

/// Between two frames, as the screen has it.
const FRAME: Duration = Duration::from_millis(16);

fn main() {
    type Part = (&'static str, fn(&BigProject));
    let project = BigProject::wanted();
    let parts: [Part; 4] = [("opening", opening), ("switching", switching), ("jobs", jobs), ("importing", importing)];
    let wanted: Vec<String> = std::env::args().skip(1).filter(|arg| !arg.starts_with('-')).collect();
    for (_, run) in parts.iter().filter(|(name, _)| wanted.is_empty() || wanted.iter().any(|part| part == name)) {
        run(&project);
    }
}

fn empty(project: &BigProject) -> Window {
    Window::with(project.places(), Runner::Threads, Listener::Nobody)
}

/// Opens the project, and waits for what follows opening.
fn opened(project: &BigProject) -> Window {
    let mut window = empty(project);
    window.app.start_with(vec![project.dir()]);
    let mut costs = Costs::default();
    run_until(&mut window, &mut costs, |window| window.app.place().is_some());
    rest(&mut window, &mut costs);
    window
}

/// Frames until something is so.
fn run_until(window: &mut Window, costs: &mut Costs, is_done: impl Fn(&Window) -> bool) {
    let start = Instant::now();
    while !is_done(window) {
        frame(window, costs, Vec::new());
        assert!(start.elapsed() < Duration::from_secs(600), "it does not end");
    }
}

fn frame(window: &mut Window, costs: &mut Costs, events: Vec<Event>) {
    let start = Instant::now();
    costs.add(window.frame(events));
    std::thread::sleep(FRAME.saturating_sub(start.elapsed()));
}

/// Frames until no job runs.
fn rest(window: &mut Window, costs: &mut Costs) {
    frame(window, costs, Vec::new());
    run_until(window, costs, |window| !window.app.has_jobs());
    frame(window, costs, Vec::new());
}

/// From the disk to the list, and to the first article; then what follows by itself: copies, looks, counts.
fn opening(project: &BigProject) {
    let mut window = empty(project);
    let (before, mut costs) = (HEAP.current_usage(), Costs::default());
    let (start, cpu) = (Instant::now(), ProcessTime::now());
    window.app.start_with(vec![project.dir()]);
    run_until(&mut window, &mut costs, |window| window.app.workspace().is_some());
    let list = start.elapsed();
    run_until(&mut window, &mut costs, |window| window.app.place().is_some());
    let count = window.app.workspace().map_or(0, |workspace| workspace.state().documents.len());
    println!(
        "{count} documents: the list after {:.2} s, an article after {:.2} s, {:.2} s CPU of all threads; memory {:.1} MB",
        list.as_secs_f64(),
        start.elapsed().as_secs_f64(),
        cpu.elapsed().as_secs_f64(),
        mega(HEAP.current_usage() - before)
    );
    costs.print("opening", "-");
    let mut costs = Costs::default();
    rest(&mut window, &mut costs);
    println!("what follows opening took {:.1} s; memory {:.1} MB", start.elapsed().as_secs_f64(), mega(HEAP.current_usage() - before));
    costs.print("what follows opening", "4");
    window.close();
}

/// The next article by key, the filter of the list, and its order.
fn switching(project: &BigProject) {
    let mut window = opened(project);
    let [mut key, mut shown, mut typed] = [(); 3].map(|()| Costs::default());
    for _ in 0..100 {
        let before = window.app.shown_text();
        frame(&mut window, &mut key, press(Key::PageDown, Modifiers::COMMAND));
        let mut frames = 0;
        while window.app.shown_text() == before && frames < 60 {
            frame(&mut window, &mut shown, Vec::new());
            frames += 1;
        }
        frame(&mut window, &mut shown, Vec::new());
    }
    key.print("next article: the frame of the key", "4");
    shown.print("next article: the frames that follow", "4");
    for len in 1.."harbour".len() {
        window.app.filter_documents(&"harbour"[..len]);
        frame(&mut window, &mut typed, Vec::new());
    }
    typed.print("a letter typed into the filter", "-");
    window.close();
}

/// Work over the whole project: frames while it runs.
fn jobs(project: &BigProject) {
    for command in ["check-project", "entity-table"] {
        let mut window = opened(project);
        frames_while(&mut window, command, |window, _| window.app.ask_for(command));
        window.close();
    }
    let mut window = opened(project);
    // The first time, all letters of the panel are new.
    for name in ["find-in-project, the first time", "find-in-project"] {
        frames_while(&mut window, name, |window, costs| {
            window.app.ask_for("find-in-project");
            for events in [vec![], press(Key::A, Modifiers::COMMAND), vec![Event::Text("Lindqvist".to_owned())], press(Key::Enter, Modifiers::NONE)] {
                frame(window, costs, events);
            }
        });
        frame(&mut window, &mut Costs::default(), press(Key::Escape, Modifiers::NONE));
    }
    window.close();
}

fn frames_while(window: &mut Window, name: &str, begin: impl Fn(&mut Window, &mut Costs)) {
    let (mut costs, start, cpu) = (Costs::default(), Instant::now(), ProcessTime::now());
    begin(window, &mut costs);
    rest(window, &mut costs);
    println!("{name}: {:.1} s, {:.1} s CPU of all threads", start.elapsed().as_secs_f64(), cpu.elapsed().as_secs_f64());
    costs.print(&format!("frames while {name} runs"), "4");
}

/// As many articles, from text files, into a project without any.
fn importing(project: &BigProject) {
    let count = project.count();
    let (folder, files) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let fresh = BigProject::empty(folder.path().to_owned());
    let text = support::article(ARTICLE_BYTES * 400);
    for number in 0..count {
        let at = text.ceil_char_boundary(number * 7919 % (text.len() - 2 * ARTICLE_BYTES));
        let end = text.ceil_char_boundary(at + ARTICLE_BYTES);
        std::fs::write(files.path().join(format!("post-{number}.txt")), &text[at..end]).unwrap();
    }
    let mut window = empty(&fresh);
    let (mut costs, start, cpu) = (Costs::default(), Instant::now(), ProcessTime::now());
    window.app.start_with(vec![fresh.dir(), files.path().to_owned()]);
    let documents = |window: &Window| window.app.workspace().map_or(0, |workspace| workspace.state().documents.len());
    run_until(&mut window, &mut costs, |window| documents(window) == count);
    println!("{count} articles imported in {:.1} s, {:.1} s CPU of all threads", start.elapsed().as_secs_f64(), cpu.elapsed().as_secs_f64());
    costs.print("frames while articles are imported", "4");
    let mut costs = Costs::default();
    rest(&mut window, &mut costs);
    println!("everything saved and copied after {:.1} s", start.elapsed().as_secs_f64());
    costs.print("frames while they are saved", "4");
    let mut costs = Costs::default();
    frame(&mut window, &mut costs, press(Key::Z, Modifiers::COMMAND));
    rest(&mut window, &mut costs);
    costs.print("undo of the import, and what follows", "4");
    window.close();
}

fn mega(bytes: usize) -> f64 {
    bytes as f64 / 1e6
}
