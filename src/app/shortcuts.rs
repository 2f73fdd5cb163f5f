//! From key presses to commands and labels.

use eframe::egui::{Event, Key};

use super::App;
use super::command::COMMANDS;
use super::keys::{Chord, consume, label_chord};
use super::queue::Action;

impl App {
    /// Takes shortcuts out of the input and puts what they mean into the queue.
    ///
    /// While a dialog is open only Escape counts. While a text field has the keyboard, keys that could be typed or
    /// that move in text belong to the field.
    pub(crate) fn read_shortcuts(&mut self) {
        let is_typing = self.ctx.text_edit_focused();
        if self.dialog.is_some() {
            if self.take(Chord::parse("Escape")) {
                self.queue.run("leave");
            }
            return;
        }
        self.read_copy(is_typing);
        // The codebook's letters come before commands with the same letter.
        if !is_typing {
            self.read_label_keys();
        }
        for command in COMMANDS {
            for chord in command.chords(self) {
                if (!is_typing || is_free_while_typing(chord)) && command.is_enabled(self) && self.take(Some(chord)) {
                    self.queue.push(Action::Run(command));
                }
            }
        }
    }

    fn take(&self, chord: Option<Chord>) -> bool {
        chord.is_some_and(|chord| self.ctx.input_mut(|input| consume(input, chord)))
    }

    fn read_label_keys(&mut self) {
        let Some(session) = self.session.as_ref().filter(|session| session.article.is_some()) else { return };
        let schema = std::sync::Arc::clone(&session.workspace.state().schema);
        for (key, label) in schema.offered_labels() {
            if label.shortcut.and_then(label_chord).is_some_and(|chord| self.take(Some(chord))) {
                self.queue.push(Action::GiveLabel(key.clone()));
            }
        }
    }

    /// The desktop turns Ctrl+C into an event of its own.
    fn read_copy(&mut self, is_typing: bool) {
        let is_copying = self.ctx.input(|input| input.events.iter().any(|event| matches!(event, Event::Copy)));
        if is_copying && !is_typing && self.session.as_ref().is_some_and(|session| session.article.is_some()) {
            self.queue.run("copy");
        }
    }
}

/// True for keys that no text field wants.
fn is_free_while_typing(chord: Chord) -> bool {
    let moves =
        [Key::ArrowLeft, Key::ArrowRight, Key::ArrowUp, Key::ArrowDown, Key::Home, Key::End, Key::Delete, Key::Backspace, Key::Enter, Key::Escape];
    let edits = [Key::Z, Key::Y, Key::A, Key::C, Key::X, Key::V];
    if chord.is_typed() || moves.contains(&chord.key) {
        return false;
    }
    !(chord.modifiers.command && edits.contains(&chord.key))
}
