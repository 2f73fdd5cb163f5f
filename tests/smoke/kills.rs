//! K2 on the window itself: `kill -9` at a random moment while somebody labels. What was on screen before the kill is there
//! in the next window; of what was pressed and not yet drawn, it may be or not.
//!
//! `MANICULE_K2_WINDOW`: so many kills; 4 in the usual run.

use std::fs;
use std::time::Duration;

use eframe::egui::{Key, Modifiers};

use crate::display::Display;
use crate::home::Home;
use crate::window::Window;

/// All words of the article are in view at once.
const WORDS: usize = 40;

fn word(at: usize) -> String {
    format!("Name{at:03}")
}

fn mark(at: usize) -> String {
    format!("Person: {}", word(at))
}

/// Marks in the window, sorted.
fn marks(window: &mut Window) -> Vec<String> {
    let mut marks = window.marks();
    marks.sort_unstable();
    marks
}

fn label(window: &mut Window, at: usize) {
    window.drag_over(&word(at));
    window.key(Key::P, Modifiers::NONE);
}

#[test]
fn kill_9_of_the_window_loses_nothing_that_was_on_screen() {
    let kills: u64 = std::env::var("MANICULE_K2_WINDOW").map_or(4, |kills| kills.parse().expect("MANICULE_K2_WINDOW is a number"));
    let mut random = fastrand::Rng::with_seed(20_260_522);
    let (mut home, display) = (Home::new(), Display::start());
    let (mut safe, mut labelled, mut kept) = (Vec::<String>::new(), 0, 0);
    for kill in 0..kills {
        let is_new = kill == 0 || safe.len() + 8 > WORDS;
        if is_new {
            (home, safe) = (Home::new(), Vec::new());
            let lines: Vec<String> = (0..WORDS).step_by(4).map(|at| (at..at + 4).map(word).collect::<Vec<_>>().join(" met ")).collect();
            fs::write(home.path("article.txt"), format!("A list\n\n{}", lines.join("\n"))).unwrap();
            for verb in [["new", "study"].as_slice(), &["import", "study", "article.txt", "--coder", "sam-smoke"]] {
                let output = home.run(verb);
                assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
            }
        }
        let mut window = Window::open(&home, &display, &[&home.path("study")]);
        // Who labels is asked once, also where nothing of it was kept.
        if is_new {
            window.begin("Sam Smoke");
        }
        safe.iter().for_each(|mark| window.wait_for_mark(mark));
        let found = marks(&mut window);
        let unsure: Vec<&String> = found.iter().filter(|mark| !safe.contains(mark)).collect();
        assert!(unsure.len() <= 1, "kill {kill}: {unsure:?} were never on screen");
        kept += unsure.len();
        safe = found;
        for _ in 0..random.usize(0..4) {
            let next = safe.len();
            label(&mut window, next);
            window.wait_for_mark(&mark(next));
            safe.push(mark(next));
            labelled += 1;
            if random.u8(0..4) == 0 {
                window.ctrl(Key::S);
            }
        }
        // One more, which nobody looks at, and the end.
        label(&mut window, safe.len());
        std::thread::sleep(Duration::from_micros(random.u64(0..30_000)));
        window.kill();
    }
    println!("K2 window: {kills} kills, {labelled} marks on screen before one, none lost; of {kills} pressed just before, {kept} were kept");
}
