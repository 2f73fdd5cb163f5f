//! A display that nobody sees, with a window manager on it.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

/// An X server and openbox, stopped when it is dropped.
pub struct Display {
    server: Child,
    manager: Option<Child>,
    /// Its name, such as `:99`.
    pub name: String,
}

impl Display {
    /// Starts a server on the first free number.
    pub fn start() -> Self {
        let mut command = Command::new("Xvfb");
        command.args(["-displayfd", "1", "-screen", "0", "1400x900x24", "-nolisten", "tcp"]);
        let spawned = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn();
        let mut server = spawned.unwrap_or_else(|error| panic!("Xvfb cannot be started ({error}); install the package xvfb"));
        // The server writes its number when it is ready.
        let mut number = String::new();
        BufReader::new(server.stdout.take().unwrap()).read_line(&mut number).unwrap();
        assert!(!number.trim().is_empty(), "Xvfb ended before it was ready: {:?}", server.wait());
        let mut display = Self { server, manager: None, name: format!(":{}", number.trim()) };
        let manager = display.command("openbox").arg("--sm-disable").stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn();
        display.manager = Some(manager.unwrap_or_else(|error| panic!("openbox cannot be started ({error}); install the package openbox")));
        display
    }

    /// A program on this display.
    pub fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        command.env("DISPLAY", &self.name);
        command
    }

    /// Runs xdotool: a real key, or a word with the window manager.
    pub fn xdotool(&self, arguments: &[&str]) {
        let output = self.command("xdotool").args(arguments).output();
        let output = output.unwrap_or_else(|error| panic!("xdotool cannot be started ({error}); install the package xdotool"));
        assert!(output.status.success(), "xdotool {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    }
}

impl Drop for Display {
    fn drop(&mut self) {
        for child in self.manager.iter_mut().chain([&mut self.server]) {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}
