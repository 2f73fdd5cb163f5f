//! What the window costs on an article of 1 MB with 10,000 marks, or of another size and script (`MANICULE_MB`,
//! `MANICULE_SCRIPT`): CPU time of its thread, without a display.
//!
//! A frame is everything that the program does for one: logic, all panels, tessellation. Handing triangles to the
//! graphics card is not part of it. `cargo bench --features window-tests --bench window`, or only a part of it with
//! `-- opening`, `labelling`, `coding`, `scrolling`.

#![allow(missing_docs, unreachable_pub, clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::cast_precision_loss)]

mod support;
#[path = "support/window.rs"]
mod window;

use std::time::{Duration, Instant};

use cpu_time::{ProcessTime, ThreadTime};
use eframe::egui::{Key, Modifiers};
use fastrand::Rng;
use manicule::app::Runner;
use manicule::text::TextRange;
use peak_alloc::PeakAlloc;
use support::{Project, Script, Size, article_in, words};
use window::{Costs, Listener, Window, milliseconds, press, wheel};

#[global_allocator]
static HEAP: PeakAlloc = PeakAlloc;

fn main() {
    type Part = (&'static str, fn(&Project, Size));
    let size = Size::wanted();
    println!("{}", size.name());
    let project = Project::of(size);
    let parts: [Part; 4] = [("opening", opening_and_memory), ("labelling", labelling), ("coding", |_, _| coding()), ("scrolling", scrollings)];
    let wanted: Vec<String> = std::env::args().skip(1).filter(|arg| !arg.starts_with('-')).collect();
    for (_, run) in parts.iter().filter(|(name, _)| wanted.is_empty() || wanted.iter().any(|part| part == name)) {
        run(&project, size);
    }
}

fn opening_and_memory(project: &Project, size: Size) {
    opening(project, size);
    opening_with_threads(project);
    memory(project, size);
}

fn scrollings(project: &Project, size: Size) {
    for listener in [Listener::Nobody, Listener::ScreenReader] {
        scrolling(project, size, listener);
    }
}

/// From the disk to the first painted frame, in a window that is open and empty.
fn opening(project: &Project, size: Size) {
    let mut costs = Costs::default();
    let (runs, may_be) = if size.bytes > 1_000_000 { (5, if size.bytes > 10_000_000 { "5000" } else { "600" }) } else { (11, "150") };
    for _ in 0..runs {
        let mut window = Window::empty(project, Listener::Nobody);
        let start = ThreadTime::now();
        window.app.start_with(vec![project.dir.clone()]);
        while window.app.place().is_none() {
            window.frame(Vec::new());
        }
        window.frame(Vec::new());
        costs.add(milliseconds(start));
        window.close();
    }
    costs.print("open, from disk to the first painted frame", may_be);
}

/// The same as in the program: the sheet of a large article is read on other threads while its text is shown, and checked
/// after its spans are painted.
fn opening_with_threads(project: &Project) {
    let mut window = Window::with(project.places(), Runner::Threads, Listener::Nobody);
    let (clock, cpu) = (Instant::now(), ProcessTime::now());
    window.app.start_with(vec![project.dir.clone()]);
    let (mut costs, mut text) = (Costs::default(), None);
    while window.app.place().is_none() {
        costs.add(window.frame(Vec::new()));
        if window.app.previewed_place().is_some() {
            text = text.or_else(|| Some(clock.elapsed()));
        }
        std::thread::sleep(Duration::from_millis(2));
    }
    costs.add(window.frame(Vec::new()));
    let spans = clock.elapsed();
    println!(
        "with threads: text after {:.2} s, spans after {:.2} s by the clock, {:.2} s CPU of all threads until then",
        text.unwrap_or(spans).as_secs_f64(),
        spans.as_secs_f64(),
        cpu.elapsed().as_secs_f64()
    );
    costs.print("frames until the spans are painted", "-");
    window.close();
}

/// What an open article takes over the same window without one.
fn memory(project: &Project, size: Size) {
    let mut window = Window::empty(project, Listener::Nobody);
    let before = HEAP.current_usage();
    window.open(project);
    let after = HEAP.current_usage();
    let allowed = 3 * size.bytes + 120 * size.marks;
    println!("{:58} {:8.2} MB   allowed {:.2} MB", "memory of the article over an empty window", mega(after - before), mega(allowed));
    let peak = HEAP.peak_usage();
    println!("{:58} {:8.2} MB", "peak while opening, over an empty window", mega(peak.saturating_sub(before)));
    window.close();
}

/// One key labels the word at the caret; Ctrl+Z takes it back.
fn labelling(project: &Project, size: Size) {
    let mut window = Window::empty(project, Listener::Nobody);
    window.open(project);
    let places = places_to_label(size);
    let [mut still, mut label, mut selected, mut undo] = [(); 4].map(|()| Costs::default());
    for place in &places {
        window.app.put_caret(place.start());
        window.frame(Vec::new());
        still.add(window.frame(Vec::new()));
        label.add(window.frame(press(Key::X, Modifiers::NONE)));
        window.frame(Vec::new());
        selected.add(window.frame(Vec::new()));
    }
    let marks = window.app.shown_sheet().map_or(0, |sheet| sheet.spans.len() + sheet.claims.len());
    assert_eq!(marks, size.marks + places.len(), "every key press labels");
    for _ in &places {
        undo.add(window.frame(press(Key::Z, Modifiers::COMMAND)));
        window.frame(Vec::new());
    }
    still.print("a frame in which nothing happens", "4");
    selected.print("a frame in which nothing happens, a mark selected", "4");
    label.print("label a word: the frame of its key", "4");
    undo.print("undo: the frame of its key", "4");
    window.close();
    labelling_while_saving(project, &places, "");
}

/// The files are written from the sheet as it was, which the first change meanwhile must leave as it is.
fn labelling_while_saving(project: &Project, places: &[TextRange], which: &str) {
    let mut window = Window::empty(project, Listener::Nobody);
    window.open(project);
    let mut label = Costs::default();
    for place in places.iter().take(50) {
        window.app.put_caret(place.start());
        window.frame(Vec::new());
        let being_written = window.app.workspace().map(|workspace| workspace.state().sheet(&project.key).clone());
        label.add(window.frame(press(Key::X, Modifiers::NONE)));
        drop(being_written);
        window.frame(press(Key::Z, Modifiers::COMMAND));
    }
    label.print(&format!("{which}label a word while the files are written"), "4");
    window.close();
}

/// Every kind of edit of claims and entities, with 10,000 spans, 2,000 claims and 5,000 entities open.
fn coding() {
    let project = Project::rich();
    let mut window = Window::empty(&project, Listener::Nobody);
    window.open(&project);
    let places = places_to_label(Size::USUAL);
    let steps: [(&str, Key, Modifiers); 12] = [
        ("label a mention, entities offered", Key::P, Modifiers::NONE),
        ("link it to the first entity, or make one", Key::Enter, Modifiers::NONE),
        ("claim on the sentence, claimers offered", Key::C, Modifiers::NONE),
        ("fill the claimer", Key::Enter, Modifiers::NONE),
        ("offer stances", Key::S, Modifiers::NONE),
        ("set the stance", Key::Num1, Modifiers::NONE),
        ("check-worthy: yes", Key::K, Modifiers::NONE),
        ("duplicate the claim", Key::D, Modifiers::COMMAND.plus(Modifiers::SHIFT)),
        ("offer claims to merge with", Key::M, Modifiers::COMMAND.plus(Modifiers::SHIFT)),
        ("merge two claims", Key::Num1, Modifiers::NONE),
        ("undo", Key::Z, Modifiers::COMMAND),
        ("redo", Key::Z, Modifiers::COMMAND.plus(Modifiers::SHIFT)),
    ];
    let mut costs = steps.map(|_| Costs::default());
    for place in places.iter().take(120) {
        window.app.put_caret(place.start());
        window.frame(Vec::new());
        for ((name, key, modifiers), cost) in steps.iter().zip(&mut costs) {
            if *name == "claim on the sentence, claimers offered" {
                window.frame(press(Key::ArrowRight, Modifiers::NONE));
            }
            cost.add(window.frame(press(*key, *modifiers)));
            window.frame(Vec::new());
        }
    }
    for ((name, ..), cost) in steps.iter().zip(costs) {
        cost.print(&format!("rich: {name}"), "4");
    }
    entity_table(&mut window);
    window.close();
    labelling_while_saving(&project, &places, "rich: ");
}

/// The same in the table of entities.
fn entity_table(window: &mut Window) {
    window.frame(press(Key::F8, Modifiers::NONE));
    window.frames(4, Vec::new);
    let [mut still, mut down, mut choose, mut merge, mut undo] = [(); 5].map(|()| Costs::default());
    for _ in 0..60 {
        still.add(window.frame(Vec::new()));
        down.add(window.frame(press(Key::ArrowDown, Modifiers::NONE)));
        window.frame(Vec::new());
        choose.add(window.frame(press(Key::Space, Modifiers::NONE)));
        window.frame(Vec::new());
        merge.add(window.frame(press(Key::M, Modifiers::COMMAND.plus(Modifiers::SHIFT))));
        window.frame(Vec::new());
        undo.add(window.frame(press(Key::Z, Modifiers::COMMAND)));
        window.frame(Vec::new());
    }
    still.print("rich: table of entities, nothing happens", "4");
    down.print("rich: table of entities, next row", "4");
    choose.print("rich: table of entities, choose", "4");
    merge.print("rich: merge two entities", "4");
    undo.print("rich: undo the merge", "4");
}

fn places_to_label(size: Size) -> Vec<TextRange> {
    let text = article_in(size.script, size.bytes);
    let words = words(&text);
    let mut rng = Rng::with_seed(99);
    let is_latin = matches!(size.script, Script::English | Script::OneParagraph);
    let long = |range: &TextRange| text.get(range.as_range()).is_some_and(|word| word.len() > 4 && (word.is_ascii() || !is_latin));
    let mut places: Vec<TextRange> = words.iter().copied().filter(long).collect();
    rng.shuffle(&mut places);
    places.truncate(200);
    places
}

/// Slow and fast by wheel, then to places at random.
fn scrolling(project: &Project, size: Size, listener: Listener) {
    let mut window = Window::empty(project, listener);
    window.open(project);
    for (name, delta, frames) in
        [("slow, 40 points a frame", 40.0, 1200), ("fast, 1,000 points a frame", 1000.0, 300), ("back, 300 points a frame", -300.0, 600)]
    {
        let mut costs = Costs::default();
        (0..frames).for_each(|_| costs.add(window.frame(wheel(delta))));
        costs.print(&format!("scroll {name}{}", listener.name()), "4");
    }
    let (mut costs, mut rng) = (Costs::default(), Rng::with_seed(5));
    for _ in 0..400 {
        window.app.show_at_top(rng.usize(..size.bytes));
        costs.add(window.frame(Vec::new()));
    }
    costs.print(&format!("jump to a place at random{}", listener.name()), "4");
    window.close();
}

fn mega(bytes: usize) -> f64 {
    bytes as f64 / 1e6
}
