//! From key presses to commands and labels.

use eframe::egui::{Event, Key, Popup};

use super::App;
use super::command::COMMANDS;
use super::keys::{Chord, codebook_keys, consume, shortcut_chord};
use super::queue::Action;
use crate::model::CodebookKey;

impl App {
    /// Takes shortcuts out of the input and puts what they mean into the queue.
    ///
    /// While a dialog is open only Escape counts. While a text field has the keyboard, keys that could be typed or
    /// that move in text belong to the field.
    pub(crate) fn read_shortcuts(&mut self) {
        // egui takes the keyboard from a field on Escape before anybody is asked.
        let is_typing = self.ctx.text_edit_focused() || self.was_typing;
        if let Some(dialog) = &self.dialog {
            // A list that is open in it is closed first, by egui.
            if !dialog.wants_keys() && !Popup::is_any_open(&self.ctx) && self.take(Chord::parse("Escape")) {
                self.queue.run("leave");
            }
            return;
        }
        self.read_copy(is_typing);
        if !self.ctx.input(|input| input.events.iter().any(|event| matches!(event, Event::Key { pressed: true, .. }))) {
            return;
        }
        // Answers come first, then the codebook's letters, then commands with the same letter.
        if !is_typing {
            self.read_choice_keys();
        }
        self.read_commands(is_typing, true);
        if !is_typing {
            self.read_codebook_keys();
        }
        self.read_commands(is_typing, false);
    }

    fn read_commands(&mut self, is_typing: bool, is_mode: bool) {
        // An open menu is closed by it, by egui.
        let of_menu = Chord::parse("Escape").filter(|_| Popup::is_any_open(&self.ctx));
        for command in COMMANDS.iter().filter(|command| command.when.is_mode() == is_mode) {
            for chord in command.chords(self).into_iter().filter(|chord| Some(*chord) != of_menu) {
                if (!is_typing || is_free_while_typing(chord)) && command.is_enabled(self) && self.take(Some(chord)) {
                    self.queue.push(Action::Run(command));
                }
            }
        }
    }

    fn take(&self, chord: Option<Chord>) -> bool {
        chord.is_some_and(|chord| self.ctx.input_mut(|input| consume(input, chord)))
    }

    /// The keys of the offered choices: digits, or what the codebook gives them.
    fn read_choice_keys(&mut self) {
        let Some(offer) = self.session.as_ref().and_then(|session| session.offer.as_ref()) else { return };
        let chords: Vec<Option<Chord>> = offer.choices.iter().map(|choice| choice.key.and_then(shortcut_chord)).collect();
        for (index, chord) in chords.into_iter().enumerate() {
            if self.take(chord) {
                self.queue.push(Action::TakeChoice(index));
            }
        }
    }

    fn read_codebook_keys(&mut self) {
        let is_reading = !self.panels.is_covered();
        let Some(session) = self.session.as_ref().filter(|session| is_reading && session.article.is_some()) else { return };
        let keys = codebook_keys(&session.workspace.state().schema);
        for (what, chord) in keys {
            if self.take(Some(chord)) {
                self.queue.push(match what {
                    CodebookKey::Label(label) => Action::GiveLabel(label),
                    CodebookKey::Role(role) => Action::UseRole(role),
                    CodebookKey::Attribute(attribute) => Action::UseAttribute(attribute),
                    CodebookKey::RelationType(label) => Action::OpenRelate(Some(label)),
                });
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
