//! Replays a script of work in the whole window without a display and prints what its frames cost:
//! `cargo xtask frames [SCRIPT]`, with `MANICULE_MB` and `MANICULE_SCRIPT` as for the bench `window`.
//!
//! A script has one step a line; what follows `#` does not count. Without one, `benches/scripts/usual.txt` is replayed.
//!
//! | step | does |
//! |---|---|
//! | `scroll POINTS FRAMES` | turns the wheel by so many points in each of so many frames; up where negative |
//! | `jump TIMES` | shows a place at random at the top of the page |
//! | `label TIMES` | puts the caret into a word at random and presses a label's key |
//! | `key KEYS TIMES` | presses keys such as `Ctrl+Z` or `F3` |
//! | `undo all`, `redo all` | takes everything back, and brings it back |
//! | `wait FRAMES` | does nothing |
//!
//! Costs are milliseconds of the processor for each frame: keys, journal, all panels, tessellation. The next frame, in which
//! lists follow, counts as well.

#![allow(dead_code, missing_docs, unreachable_pub, clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::cast_precision_loss)]

mod support;
#[path = "support/window.rs"]
mod window;

use eframe::egui::{Event, Key, Modifiers};
use fastrand::Rng;
use support::{Project, Size, article_in, words};
use window::{Costs, Listener, Window, press, wheel};

/// That of the program.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const USUAL: &str = include_str!("scripts/usual.txt");

fn main() {
    let named = std::env::args().skip(1).find(|argument| !argument.starts_with('-'));
    let script =
        named.map_or_else(|| USUAL.to_owned(), |path| std::fs::read_to_string(&path).unwrap_or_else(|error| fail(&format!("{path}: {error}"))));
    let steps: Vec<Step> = script.lines().zip(1..).filter_map(|(line, number)| Step::read(line, number)).collect();
    let size = Size::wanted();
    println!("{}", size.name());
    let project = Project::of(size);
    let mut window = Window::empty(&project, Listener::Nobody);
    window.open(&project);
    let mut run = Run { window, rng: Rng::with_seed(3), places: places(size), all: Costs::default() };
    steps.iter().for_each(|step| run.step(step));
    run.all.print("all frames", "3");
    run.window.close();
}

/// Bytes at which words begin.
fn places(size: Size) -> Vec<usize> {
    words(&article_in(size.script, size.bytes)).into_iter().map(|word| word.start()).collect()
}

fn fail(why: &str) -> ! {
    eprintln!("{why}");
    std::process::exit(2)
}

/// A line of a script.
#[derive(Clone, PartialEq, Debug)]
struct Step {
    line: String,
    does: Does,
    times: usize,
}

#[derive(Clone, PartialEq, Debug)]
enum Does {
    Scroll(f32),
    Jump,
    Label,
    Press(Key, Modifiers),
    UndoAll,
    RedoAll,
    Wait,
}

impl Step {
    /// None for a line without a step.
    fn read(line: &str, number: usize) -> Option<Self> {
        let line = line.split('#').next().unwrap_or_default().trim();
        let words: Vec<&str> = line.split_whitespace().collect();
        let wrong = format!("line {number}: `{line}` is no step; see the beginning of benches/frames.rs");
        let count = |text: &str| text.parse::<usize>().unwrap_or_else(|_| fail(&wrong));
        let (does, times) = match words.as_slice() {
            [] => return None,
            ["scroll", points, frames] => (Does::Scroll(points.parse().unwrap_or_else(|_| fail(&wrong))), count(frames)),
            ["jump", times] => (Does::Jump, count(times)),
            ["label", times] => (Does::Label, count(times)),
            ["key", keys, times] => {
                let (key, modifiers) = read_keys(keys).unwrap_or_else(|| fail(&wrong));
                (Does::Press(key, modifiers), count(times))
            }
            ["undo", "all"] => (Does::UndoAll, 1),
            ["redo", "all"] => (Does::RedoAll, 1),
            ["wait", frames] => (Does::Wait, count(frames)),
            _ => fail(&wrong),
        };
        Some(Self { line: line.to_owned(), does, times })
    }
}

fn read_keys(text: &str) -> Option<(Key, Modifiers)> {
    let mut parts: Vec<&str> = text.split('+').collect();
    let key = Key::from_name(parts.pop()?)?;
    let modifier = |part: &str| match part {
        "Ctrl" => Some(Modifiers::COMMAND),
        "Shift" => Some(Modifiers::SHIFT),
        "Alt" => Some(Modifiers::ALT),
        _ => None,
    };
    parts.into_iter().try_fold(Modifiers::NONE, |all, part| Some(all.plus(modifier(part)?))).map(|modifiers| (key, modifiers))
}

struct Run {
    window: Window,
    rng: Rng,
    places: Vec<usize>,
    all: Costs,
}

impl Run {
    fn step(&mut self, step: &Step) {
        let mut costs = Costs::default();
        let changes =
            |run: &Self| run.window.app.workspace().map_or((0, 0), |workspace| (workspace.history().undo_len(), workspace.history().redo_len()));
        let times = match step.does {
            Does::UndoAll => changes(self).0,
            Does::RedoAll => changes(self).1,
            _ => step.times,
        };
        for _ in 0..times {
            let events = self.events(&step.does);
            self.frame(events, &mut costs);
            if !matches!(step.does, Does::Scroll(_) | Does::Wait) {
                self.frame(Vec::new(), &mut costs);
            }
        }
        costs.print(&step.line, "3");
    }

    fn events(&mut self, does: &Does) -> Vec<Event> {
        match does {
            Does::Scroll(points) => wheel(*points),
            Does::Jump => {
                let place = self.place();
                self.window.app.show_at_top(place);
                Vec::new()
            }
            Does::Label => {
                let place = self.place();
                self.window.app.put_caret(place);
                self.window.frame(Vec::new());
                press(Key::X, Modifiers::NONE)
            }
            Does::Press(key, modifiers) => press(*key, *modifiers),
            Does::UndoAll => press(Key::Z, Modifiers::COMMAND),
            Does::RedoAll => press(Key::Z, Modifiers::COMMAND.plus(Modifiers::SHIFT)),
            Does::Wait => Vec::new(),
        }
    }

    fn place(&mut self) -> usize {
        self.places[self.rng.usize(..self.places.len())]
    }

    fn frame(&mut self, events: Vec<Event>, costs: &mut Costs) {
        let cost = self.window.frame(events);
        costs.add(cost);
        self.all.add(cost);
    }
}
