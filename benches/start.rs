//! What starting costs: CPU time of a whole process from its beginning to the first painted frame, and to the frame
//! with the article of the sample project, against an empty eframe window in the same run.
//!
//! Needs a display: `xvfb-run -a -s -noreset cargo bench --features window-tests --bench start`. The bench starts
//! itself anew for every window.

#![allow(missing_docs, unreachable_pub, clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::string_slice)]

use std::path::{Path, PathBuf};
use std::process::Command;

use cpu_time::ProcessTime;
use eframe::egui::{CentralPanel, Context, Ui, ViewportBuilder};
use manicule::app::{App, PathUse, Picker, Runner};
use manicule::store::{Places, Preferences};

const RUNS: usize = 7;
/// Tells the process which window it is to open: an empty one, or the project in this folder.
const SELF: &str = "MANICULE_BENCH_START";
const EMPTY: &str = "empty";

fn main() {
    match std::env::var_os(SELF).map(PathBuf::from) {
        Some(folder) if folder == Path::new(EMPTY) => open(|_| Box::new(Empty)),
        Some(folder) => open(move |ctx| {
            let mut app = App::new(ctx, Places::under(&folder), Box::new(NoPicker), Runner::Threads);
            app.start_with(vec![folder.join("sample")]);
            Box::new(Timed { app, first: None })
        }),
        None => compare(),
    }
}

fn compare() {
    let folder = tempfile::tempdir().unwrap();
    copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("projects/sample"), &folder.path().join("sample"));
    // The coder of the sample, so that nobody is asked.
    let preferences = Preferences { coder_name: Some("Sample".to_owned()), ..Preferences::default() };
    preferences.save(&Places::under(folder.path())).unwrap();
    let (mut empty, mut first, mut article) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..RUNS {
        let [painted, _] = start(Path::new(EMPTY));
        empty.push(painted);
        let [painted, shown] = start(folder.path());
        first.push(painted);
        article.push(shown);
    }
    let empty = print("empty eframe window, to its first frame", empty, None);
    print("sample project, to the first frame", first, Some(empty));
    print("sample project, to the frame with the article", article, Some(empty));
}

/// Milliseconds to the first frame and to the last that was waited for.
fn start(what: &Path) -> [f64; 2] {
    let output = Command::new(std::env::current_exe().unwrap()).env(SELF, what).output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let numbers: Vec<f64> = said.split_whitespace().filter_map(|number| number.parse().ok()).collect();
    <[f64; 2]>::try_from(numbers).unwrap_or_else(|_| panic!("no window: {said} {}", String::from_utf8_lossy(&output.stderr)))
}

fn print(name: &str, mut costs: Vec<f64>, over: Option<f64>) -> f64 {
    costs.sort_by(f64::total_cmp);
    let (least, median, most) = (costs[0], costs[costs.len() / 2], costs[costs.len() - 1]);
    let more = over.map(|over| format!("   {:+.0} ms over an empty window, allowed +100", median - over)).unwrap_or_default();
    println!("{name:50} least {least:5.0}  median {median:5.0}  most {most:5.0} ms{more}");
    median
}

fn open(make: impl FnOnce(&Context) -> Box<dyn eframe::App> + 'static) {
    let viewport = ViewportBuilder::default().with_inner_size([1280.0, 820.0]);
    let options = eframe::NativeOptions { viewport, ..eframe::NativeOptions::default() };
    eframe::run_native("bench", options, Box::new(|creation| Ok(make(&creation.egui_ctx)))).unwrap();
}

/// CPU time of this process since it began, in milliseconds. A frame is painted when the next one begins.
fn now() -> f64 {
    ProcessTime::now().as_duration().as_secs_f64() * 1e3
}

fn report(first: f64, last: f64) -> ! {
    println!("{first} {last}");
    std::process::exit(0);
}

/// A window with a word in it.
struct Empty;

impl eframe::App for Empty {
    fn logic(&mut self, ctx: &Context, _frame: &mut eframe::Frame) {
        if ctx.cumulative_frame_nr() > 0 {
            report(now(), now());
        }
        ctx.request_repaint();
    }

    fn ui(&mut self, ui: &mut Ui, _frame: &mut eframe::Frame) {
        CentralPanel::default().show(ui, |ui| ui.label("Empty"));
    }
}

/// The window until it has shown an article.
struct Timed {
    app: App,
    first: Option<f64>,
}

impl eframe::App for Timed {
    fn logic(&mut self, ctx: &Context, frame: &mut eframe::Frame) {
        if ctx.cumulative_frame_nr() > 0 {
            let first = *self.first.get_or_insert_with(now);
            if self.app.place_on_screen(0, 1).is_some() {
                report(first, now());
            }
        }
        self.app.logic(ctx, frame);
    }

    fn ui(&mut self, ui: &mut Ui, frame: &mut eframe::Frame) {
        self.app.ui(ui, frame);
        // The clock is read at the beginning of the frame after the one that counts.
        if self.first.is_none() || self.app.place_on_screen(0, 1).is_some() {
            ui.ctx().request_repaint();
        }
    }
}

struct NoPicker;

impl Picker for NoPicker {
    fn for_thread(&self) -> Box<dyn FnOnce(PathUse) -> Vec<PathBuf> + Send> {
        Box::new(|_| Vec::new())
    }
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap().map(Result::unwrap) {
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}
