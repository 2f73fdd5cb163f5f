//! A user who does anything at all: keys, clicks, drags, typing, the wheel, other sizes of the window. After each action
//! the window still works, every place fits its text, and nothing waits unsaved; now and then the files are compared with
//! what is in memory.
//!
//! `MANICULE_U1` is the number of actions (5,000), `MANICULE_SEED` the seed. A million takes about three hours.

use eframe::egui::{Event, Key, Modifiers, MouseWheelUnit, PointerButton, Pos2, TouchPhase, Vec2, pos2, vec2};
use fastrand::Rng;
use manicule::store::Places;
use manicule::workspace::{OpenOptions, SaveState, Workspace};

use crate::desk::{ARTICLE, Desk};

/// The files are compared with memory after so many actions.
const BETWEEN_COMPARISONS: usize = 250;

const OTHER: &str = "Second article\n\nيقول الوزير إن الجسر آمن. “So it is,” said Ada Stone 🎉 of the Daily Post.\r\nThe end\u{a0}— really.\n";

#[derive(Clone, Debug)]
enum Deed {
    Press(Key, Modifiers),
    Click(Pos2, Modifiers),
    Drag(Pos2, Pos2, Modifiers),
    Type(&'static str),
    Wheel(f32),
    Resize(Vec2),
    ComeBack,
}

const KEYS: [Key; 34] = [
    Key::P,
    Key::O,
    Key::C,
    Key::S,
    Key::K,
    Key::D,
    Key::Z,
    Key::Y,
    Key::M,
    Key::L,
    Key::G,
    Key::U,
    Key::V,
    Key::N,
    Key::Num0,
    Key::Num1,
    Key::Num2,
    Key::Num3,
    Key::Enter,
    Key::Escape,
    Key::Delete,
    Key::Backspace,
    Key::ArrowLeft,
    Key::ArrowRight,
    Key::ArrowUp,
    Key::ArrowDown,
    Key::Period,
    Key::Comma,
    Key::OpenBracket,
    Key::CloseBracket,
    Key::Equals,
    Key::F8,
    Key::PageDown,
    Key::Tab,
];

const TEXTS: [&str; 8] = ["a", "Ada", " ", "é", "🎉", "\u{202e}", "1", "x"];

/// Mostly what a coder does, sometimes anything.
fn deed(rng: &mut Rng, has_dialog: bool) -> Deed {
    let place = |rng: &mut Rng| pos2(rng.f32() * 1280.0, rng.f32() * 820.0);
    let in_text = |rng: &mut Rng| pos2(260.0 + rng.f32() * 680.0, 60.0 + rng.f32() * 500.0);
    let modifiers = |rng: &mut Rng| match rng.u8(..10) {
        0 => Modifiers::COMMAND,
        1 => Modifiers::SHIFT,
        2 => Modifiers::ALT,
        3 => Modifiers::COMMAND.plus(Modifiers::SHIFT),
        _ => Modifiers::NONE,
    };
    if has_dialog && rng.bool() {
        return Deed::Press(Key::Escape, Modifiers::NONE);
    }
    match rng.u8(..20) {
        // In a dialog nothing takes a whole path away, so that nothing is written outside the test's folder.
        0..9 if !has_dialog => Deed::Press(KEYS[rng.usize(..KEYS.len())], modifiers(rng)),
        0..12 => Deed::Click(if rng.bool() { in_text(rng) } else { place(rng) }, modifiers(rng)),
        12..15 => Deed::Drag(in_text(rng), in_text(rng), modifiers(rng)),
        15..17 => Deed::Type(TEXTS[rng.usize(..TEXTS.len())]),
        17 => Deed::Wheel(rng.f32() * 2000.0 - 1000.0),
        18 => Deed::Resize(vec2(500.0 + rng.f32() * 1000.0, 400.0 + rng.f32() * 600.0)),
        _ => Deed::ComeBack,
    }
}

impl Desk {
    fn does(&mut self, deed: &Deed) {
        let button = |pos, pressed, modifiers| Event::PointerButton { pos, button: PointerButton::Primary, pressed, modifiers };
        match deed {
            Deed::Press(key, modifiers) => self.harness.key_press_modifiers(*modifiers, *key),
            Deed::Click(at, modifiers) => {
                self.harness.event(Event::PointerMoved(*at));
                self.harness.event_modifiers(button(*at, true, *modifiers), *modifiers);
                self.harness.event_modifiers(button(*at, false, *modifiers), *modifiers);
            }
            Deed::Drag(from, to, modifiers) => {
                self.harness.event(Event::PointerMoved(*from));
                self.harness.event_modifiers(button(*from, true, *modifiers), *modifiers);
                self.harness.step();
                self.harness.event(Event::PointerMoved(*to));
                self.harness.step();
                self.harness.event_modifiers(button(*to, false, *modifiers), *modifiers);
            }
            Deed::Type(text) => self.harness.event(Event::Text((*text).to_owned())),
            Deed::Wheel(points) => {
                let (unit, phase) = (MouseWheelUnit::Point, TouchPhase::Move);
                let source = eframe::egui::MouseWheelSource::Wheel;
                self.harness.event(Event::MouseWheel { unit, delta: vec2(0.0, *points), modifiers: Modifiers::NONE, phase, source });
            }
            Deed::Resize(size) => {
                self.harness.set_size(*size);
            }
            Deed::ComeBack => self.harness.event(Event::WindowFocused(true)),
        }
        self.harness.step();
        self.harness.step();
    }

    /// What must hold after any action.
    fn check(&self) {
        let workspace = self.app().workspace().expect("the project stays open");
        let state = workspace.state();
        for (key, sheet) in &state.sheets {
            let text = &state.texts[&key.document];
            let places = sheet.spans.values().map(|span| &span.ranges).chain(sheet.claims.values().flat_map(manicule::model::Claim::places));
            places.for_each(|ranges| text.check(ranges).unwrap());
        }
        assert!(!matches!(workspace.save_state(), SaveState::Failed { .. }), "{:?}", workspace.save_state());
    }

    /// What is in memory is what somebody else reads from the disk.
    fn compare_with_files(&mut self) {
        let dir = self.app().workspace().unwrap().dir().to_owned();
        let mut there = Workspace::open(&dir, OpenOptions::read_only(), &Places::under(self.folder.path())).unwrap().workspace;
        let workspace = self.app().workspace().unwrap();
        for key in workspace.state().sheets.keys() {
            there.load(key).unwrap();
            assert_eq!(there.state().sheet(key), workspace.state().sheet(key), "{key:?}");
        }
        assert_eq!(there.state().entities, workspace.state().entities);
        assert_eq!(there.state().documents, workspace.state().documents);
    }
}

fn from_environment(name: &str, usual: usize) -> usize {
    std::env::var(name).ok().map_or(usual, |value| value.parse().expect(name))
}

#[test]
fn whatever_a_user_does_the_window_works_and_nothing_is_lost() {
    let (actions, seed) = (from_environment("MANICULE_U1", 5000), from_environment("MANICULE_SEED", 1));
    let mut rng = Rng::with_seed(seed as u64);
    let mut desk = Desk::open_texts(&[ARTICLE, OTHER]);
    let mut last: Vec<Deed> = Vec::new();
    for action in 0..actions {
        let next = deed(&mut rng, desk.app().has_dialog());
        last.push(next.clone());
        if last.len() > 12 {
            last.remove(0);
        }
        let result = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            desk.does(&next);
            if desk.app().workspace().is_some() {
                desk.check();
                if action % BETWEEN_COMPARISONS == 0 {
                    desk.compare_with_files();
                }
            }
        }));
        if let Err(panic) = result {
            eprintln!("action {action} of seed {seed} failed, after {last:#?}");
            std::panic::resume_unwind(panic);
        }
    }
    let marks = desk.app().workspace().map_or(0, |workspace| workspace.history().undo_len());
    assert!(marks > actions / 100, "the user did something: {marks} steps");
}
