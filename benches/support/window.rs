//! The whole window without a display, frame by frame, with the CPU time of each.

use std::sync::Arc;

use cpu_time::ThreadTime;
use eframe::egui::{Context, Event, Key, Modifiers, MouseWheelSource, MouseWheelUnit, Pos2, RawInput, Rect, TouchPhase, pos2, vec2};
use egui_system_font_provider::SystemFontProvider;
use manicule::app::{App, PathUse, Picker, Runner};
use manicule::store::Places;

use super::support::Project;

/// Somewhere in the article.
const POINTER: Pos2 = pos2(560.0, 400.0);

/// Who hears the accessible names.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Listener {
    Nobody,
    ScreenReader,
}

impl Listener {
    pub fn name(self) -> &'static str {
        if self == Self::ScreenReader { ", screen reader on" } else { "" }
    }
}

/// The whole window without a display.
pub struct Window {
    ctx: Context,
    pub app: App,
    frame: eframe::Frame,
    time: f64,
}

impl Window {
    pub fn empty(project: &Project, listener: Listener) -> Self {
        Self::with(project.places(), Runner::Inline, listener)
    }

    pub fn with(places: Places, runner: Runner, listener: Listener) -> Self {
        let ctx = Context::default();
        ctx.add_font_provider(Arc::new(SystemFontProvider::new()));
        if listener == Listener::ScreenReader {
            ctx.enable_accesskit();
        }
        let app = App::new(&ctx, places, Box::new(NoPicker), runner);
        let mut window = Self { ctx, app, frame: eframe::Frame::_new_kittest(), time: 0.0 };
        window.frames(4, || vec![Event::PointerMoved(POINTER)]);
        window
    }

    pub fn open(&mut self, project: &Project) {
        self.app.start_with(vec![project.dir.clone()]);
        self.frames(10, Vec::new);
        assert!(self.app.place().is_some(), "the article is shown");
    }

    pub fn frames(&mut self, count: usize, events: impl Fn() -> Vec<Event>) {
        for _ in 0..count {
            self.frame(events());
        }
    }

    /// One frame; milliseconds of CPU time.
    pub fn frame(&mut self, events: Vec<Event>) -> f64 {
        self.time += 1.0 / 60.0;
        let input = RawInput {
            screen_rect: Some(Rect::from_min_size(Pos2::ZERO, vec2(1280.0, 820.0))),
            time: Some(self.time),
            events,
            ..RawInput::default()
        };
        let start = ThreadTime::now();
        let mut output = self.ctx.run_ui(input, |ui| {
            let ctx = ui.ctx().clone();
            eframe::App::logic(&mut self.app, &ctx, &mut self.frame);
            eframe::App::ui(&mut self.app, ui, &mut self.frame);
        });
        let primitives = self.ctx.tessellate(std::mem::take(&mut output.shapes), output.pixels_per_point);
        let cost = milliseconds(start);
        assert!(!primitives.is_empty());
        output.textures_delta.clear();
        cost
    }

    pub fn close(mut self) {
        eframe::App::on_exit(&mut self.app, None);
    }
}

pub fn press(key: Key, modifiers: Modifiers) -> Vec<Event> {
    let event = |pressed| Event::Key { key, physical_key: None, pressed, repeat: false, modifiers };
    vec![event(true), event(false)]
}

pub fn wheel(delta: f32) -> Vec<Event> {
    let (unit, phase, source) = (MouseWheelUnit::Point, TouchPhase::Move, MouseWheelSource::Wheel);
    vec![Event::MouseWheel { unit, delta: vec2(0.0, -delta), modifiers: Modifiers::NONE, phase, source }]
}

struct NoPicker;

impl Picker for NoPicker {
    fn for_thread(&self) -> Box<dyn FnOnce(PathUse) -> Vec<std::path::PathBuf> + Send> {
        Box::new(|_| Vec::new())
    }
}

/// Milliseconds of many runs.
#[derive(Default)]
pub struct Costs(Vec<f64>);

impl Costs {
    pub fn add(&mut self, milliseconds: f64) {
        self.0.push(milliseconds);
    }

    pub fn print(mut self, name: &str, allowed: &str) {
        self.0.sort_by(f64::total_cmp);
        let at = |part: f64| self.0[((self.0.len() - 1) as f64 * part).round() as usize];
        println!("{name:58} p50 {:8.2}  p99 {:8.2}  max {:8.2} ms   allowed {allowed} ms", at(0.5), at(0.99), at(1.0));
    }
}

pub fn milliseconds(since: ThreadTime) -> f64 {
    since.elapsed().as_secs_f64() * 1e3
}
