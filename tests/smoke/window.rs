//! A real window and hands: what a screen reader would see is looked at, events go in as from mouse and keyboard.

use std::fs::File;
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use eframe::egui::accesskit::{Node, Role, TreeUpdate};
use eframe::egui::{Event, Key, Modifiers, PointerButton, Pos2, pos2};
use egui_inspection::protocol::{Request, Response, read_handshake, read_message, write_message};

use crate::display::Display;
use crate::home::Home;

/// Nothing that is waited for may take longer.
const PATIENCE: Duration = Duration::from_secs(60);

/// Looks again and again until something is found.
pub fn poll<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let start = Instant::now();
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(start.elapsed() < PATIENCE, "waited in vain for {what}");
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// The running program.
pub struct Window {
    program: Child,
    port: TcpStream,
    log: PathBuf,
}

impl Window {
    /// Starts the program with these arguments and waits until it answers.
    pub fn open(home: &Home, display: &Display, arguments: &[&Path]) -> Self {
        // A free number, given back at once; the program takes it a moment later.
        let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let log = home.path("log.txt");
        let mut command = home.manicule();
        command.args(arguments).env("DISPLAY", &display.name).env("EGUI_INSPECTION", address.to_string());
        command.env("LIBGL_ALWAYS_SOFTWARE", "1").env("WINIT_X11_SCALE_FACTOR", "1").env("NO_AT_BRIDGE", "1");
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(File::create(&log).unwrap());
        let mut program = command.spawn().unwrap();
        let mut port = poll("a window", || {
            let ended = program.try_wait().unwrap();
            assert!(ended.is_none(), "no window ({ended:?}): {}", std::fs::read_to_string(&log).unwrap());
            TcpStream::connect(address).ok()
        });
        port.set_read_timeout(Some(PATIENCE)).unwrap();
        read_handshake(&mut port).unwrap();
        Self { program, port, log }
    }

    fn call(&mut self, request: &Request) -> Response {
        write_message(&mut self.port, request).unwrap();
        match read_message(&mut self.port).unwrap() {
            Response::Error { message } => panic!("{message}: {}", std::fs::read_to_string(&self.log).unwrap()),
            response => response,
        }
    }

    fn tree(&mut self) -> TreeUpdate {
        match self.call(&Request::GetTree) {
            Response::Tree { accesskit: Some(tree), pixels_per_point, .. } => {
                assert_eq!(pixels_per_point, 1.0);
                tree
            }
            other => panic!("no tree: {other:?}"),
        }
    }

    /// Looks at one frame after the other until something is found.
    pub fn wait<T>(&mut self, what: &str, mut look: impl FnMut(&TreeUpdate) -> Option<T>) -> T {
        let start = Instant::now();
        loop {
            let tree = self.tree();
            if let Some(found) = look(&tree) {
                return found;
            }
            assert!(start.elapsed() < PATIENCE, "waited in vain for {what}; there is: {:?}", names(&tree));
        }
    }

    /// The middle of a widget, once it is there.
    fn place(&mut self, role: Role, name: &str) -> Pos2 {
        self.wait(name, |tree| {
            let is_it = |node: &&Node| node.role() == role && name_of(tree, node).is_some_and(|found| found.starts_with(name));
            middle(tree.nodes.iter().map(|(_, node)| node).find(is_it)?)
        })
    }

    /// Waits for a mark of the article with this name.
    pub fn wait_for_mark(&mut self, name: &str) {
        self.wait(name, |tree| marks(tree).contains(&name.to_owned()).then_some(()));
    }

    /// Waits for a text anywhere in the window.
    pub fn wait_for(&mut self, text: &str) {
        self.wait(text, |tree| names(tree).iter().any(|name| name.contains(text)).then_some(()));
    }

    /// The marks of the article that are in view.
    pub fn marks(&mut self) -> Vec<String> {
        marks(&self.tree())
    }

    fn send(&mut self, events: Vec<Event>) {
        self.call(&Request::ApplyEvents { events });
    }

    fn button(&mut self, pos: Pos2, pressed: bool) {
        self.send(vec![Event::PointerButton { pos, button: PointerButton::Primary, pressed, modifiers: Modifiers::NONE }]);
    }

    fn click_at(&mut self, at: Pos2) {
        self.send(vec![Event::PointerMoved(at)]);
        self.button(at, true);
        self.button(at, false);
    }

    /// Clicks a widget.
    pub fn click(&mut self, role: Role, name: &str) {
        let at = self.place(role, name);
        self.click_at(at);
    }

    /// Drags over words of the article.
    pub fn drag_over(&mut self, words: &str) {
        let (from, to) = self.wait(words, |tree| edges(tree, words));
        self.send(vec![Event::PointerMoved(from)]);
        self.button(from, true);
        for part in [0.3, 0.7, 1.0] {
            self.send(vec![Event::PointerMoved(from + (to - from) * part)]);
        }
        self.button(to, false);
    }

    /// Presses a key.
    pub fn key(&mut self, key: Key, modifiers: Modifiers) {
        let event = |pressed| Event::Key { key, physical_key: None, pressed, repeat: false, modifiers };
        self.send(vec![event(true)]);
        self.send(vec![event(false)]);
    }

    pub fn ctrl(&mut self, key: Key) {
        self.key(key, Modifiers::COMMAND | Modifiers::CTRL);
    }

    /// Puts a text into a field, in the place of what is there.
    pub fn fill(&mut self, field: &str, text: &str) {
        self.click(Role::TextInput, field);
        self.ctrl(Key::A);
        self.send(vec![Event::Text(text.to_owned())]);
        self.wait(text, |tree| tree.nodes.iter().any(|(_, node)| node.value() == Some(text)).then_some(()));
    }

    /// Gives the user's name at the first start.
    pub fn begin(&mut self, name: &str) {
        self.fill("Your name", name);
        self.click(Role::Button, "Begin");
    }

    /// Ends the program at once, as `kill -9` does.
    pub fn kill(mut self) {
        self.program.kill().unwrap();
        self.program.wait().unwrap();
    }

    /// Closes the window by its command, and waits until the program has ended.
    pub fn quit(mut self) -> ExitStatus {
        let event = Event::Key { key: Key::Q, physical_key: None, pressed: true, repeat: false, modifiers: Modifiers::COMMAND | Modifiers::CTRL };
        write_message(&mut self.port, &Request::ApplyEvents { events: vec![event] }).unwrap();
        self.ended()
    }

    /// Closes the window by a real key of the window manager, as its cross does, and waits until the program has ended.
    pub fn close(mut self, display: &Display) -> ExitStatus {
        display.xdotool(&["search", "--sync", "--onlyvisible", "--name", "^Manicule$", "windowactivate", "--sync"]);
        // About one press in a hundred never reaches the window manager; nobody presses a key once and waits for a minute.
        let start = Instant::now();
        loop {
            display.xdotool(&["key", "--clearmodifiers", "alt+F4"]);
            for _ in 0..500 {
                if let Some(status) = self.program.try_wait().unwrap() {
                    return status;
                }
                std::thread::sleep(Duration::from_millis(10));
            }
            assert!(start.elapsed() < PATIENCE, "the window does not close; there is: {:?}", names(&self.tree()));
        }
    }

    fn ended(&mut self) -> ExitStatus {
        poll("the program to end", || self.program.try_wait().unwrap())
    }
}

impl Drop for Window {
    fn drop(&mut self) {
        let _ = self.program.kill();
        let _ = self.program.wait();
    }
}

fn middle(node: &Node) -> Option<Pos2> {
    let bounds = node.bounds()?;
    #[expect(clippy::cast_possible_truncation, reason = "a place on screen")]
    Some(pos2(((bounds.x0 + bounds.x1) / 2.0) as f32, ((bounds.y0 + bounds.y1) / 2.0) as f32))
}

/// What a node is called: by itself, or by the label that belongs to it.
fn name_of<'t>(tree: &'t TreeUpdate, node: &'t Node) -> Option<&'t str> {
    let labels = node.labelled_by();
    let by_label = tree.nodes.iter().find(|(id, _)| labels.contains(id)).and_then(|(_, label)| label.label().or(label.value()));
    by_label.or(node.label()).or(node.value())
}

fn names(tree: &TreeUpdate) -> Vec<String> {
    tree.nodes.iter().filter_map(|(_, node)| node.label().or(node.value()).map(str::to_owned)).collect()
}

fn marks(tree: &TreeUpdate) -> Vec<String> {
    let marks = tree.nodes.iter().filter(|(_, node)| node.role() == Role::Mark);
    marks.filter_map(|(_, node)| node.label().map(str::to_owned)).collect()
}

/// Where words that stand in one row begin and end.
#[expect(clippy::cast_possible_truncation, reason = "a place on screen")]
fn edges(tree: &TreeUpdate, words: &str) -> Option<(Pos2, Pos2)> {
    let runs = tree.nodes.iter().map(|(_, node)| node).filter(|node| node.role() == Role::TextRun && node.character_positions().is_some());
    let (run, at) = runs.filter_map(|run| Some((run, run.value()?.find(words)?))).next()?;
    let (bounds, value) = (run.bounds()?, run.value()?);
    let first = value[..at].chars().count();
    let last = first + words.chars().count() - 1;
    let (places, widths) = (run.character_positions()?, run.character_widths()?);
    let y = ((bounds.y0 + bounds.y1) / 2.0) as f32;
    let left = bounds.x0 as f32;
    Some((pos2(left + places[first] + 1.0, y), pos2(left + places[last] + widths[last] - 1.0, y)))
}
