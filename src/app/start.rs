//! Opening the window.

use std::path::PathBuf;

use eframe::egui::{IconData, ViewportBuilder};
use thiserror::Error;

use super::App;
use super::jobs::Runner;
use super::pick::SystemPicker;
use crate::store::Places;

/// Why there is no window.
#[derive(Debug, Error)]
pub enum WindowError {
    /// Nothing to open a window on.
    #[error("there is no display to open a window on ({0}); the verbs work without one: see `manicule --help`")]
    NoDisplay(String),
    /// The window opened and then failed.
    #[error("the window failed: {0}")]
    Failed(String),
}

/// Opens the window with these projects or articles, the last project where there are none, and returns when it is closed.
///
/// # Errors
/// When there is no display.
pub fn run(paths: Vec<PathBuf>, places: Places) -> Result<(), WindowError> {
    if cfg!(target_os = "linux")
        && ["DISPLAY", "WAYLAND_DISPLAY", "WAYLAND_SOCKET"].iter().all(|name| std::env::var_os(name).is_none_or(|value| value.is_empty()))
    {
        return Err(WindowError::NoDisplay("neither DISPLAY nor WAYLAND_DISPLAY is set".to_owned()));
    }
    let viewport = ViewportBuilder::default()
        .with_title("Manicule")
        .with_app_id("manicule")
        .with_inner_size([1280.0, 820.0])
        .with_min_inner_size([640.0, 420.0])
        .with_drag_and_drop(true)
        .with_icon(icon());
    let options = eframe::NativeOptions { viewport, ..eframe::NativeOptions::default() };
    let started = eframe::run_native(
        "Manicule",
        options,
        Box::new(move |creation| {
            let mut app = App::new(&creation.egui_ctx, places, Box::new(SystemPicker), Runner::Threads);
            app.start_with(paths);
            Ok(Box::new(app))
        }),
    );
    started.map_err(|error| match error {
        eframe::Error::AppCreation(error) => WindowError::Failed(error.to_string()),
        error => WindowError::NoDisplay(error.to_string()),
    })
}

impl App {
    /// What the window shows first: these projects or articles, else the project of last time.
    pub fn start_with(&mut self, paths: Vec<PathBuf>) {
        let last = self.preferences.recent_projects.first().filter(|path| path.is_dir()).cloned();
        let paths = if paths.is_empty() { last.into_iter().collect() } else { paths };
        if paths.is_empty() {
            self.waiting.clear();
            self.ask_for_coder();
        } else {
            self.open_paths(paths);
        }
    }
}

/// A pointing hand in sixteen by sixteen, scaled up.
fn icon() -> IconData {
    const HAND: [&str; 16] = [
        "                ",
        "                ",
        "     ####       ",
        "    #....#      ",
        "   #.....#######",
        "  ##...........#",
        "###....########",
        "#......#...#    ",
        "#......####     ",
        "#......#...#    ",
        "#......####     ",
        "#......#..#     ",
        "###....###      ",
        "  #######       ",
        "                ",
        "                ",
    ];
    const SCALE: usize = 4;
    let pixel = |x: usize, y: usize| match HAND.get(y / SCALE).and_then(|row| row.as_bytes().get(x / SCALE)) {
        Some(b'#') => [0x22, 0x22, 0x24, 0xff],
        Some(b'.') => [0xff, 0xe0, 0x9a, 0xff],
        _ => [0, 0, 0, 0],
    };
    let side = 16 * SCALE;
    let rgba = (0..side * side).flat_map(|i| pixel(i % side, i / side)).collect();
    let side = u32::try_from(side).unwrap_or(64);
    IconData { rgba, width: side, height: side }
}
