//! Keys as people write them (`Ctrl+Shift+Z`), and matching them against what was pressed.
//!
//! egui gives the key of the layout where it has a Latin letter and the physical key elsewhere, so that shortcuts
//! work on a Greek or Russian keyboard too.

use std::fmt;

use eframe::egui::{Event, InputState, Key, Modifiers};

use crate::model::{CodebookKey, Schema};

/// A key with its modifiers.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(crate) struct Chord {
    pub(crate) modifiers: Modifiers,
    pub(crate) key: Key,
}

impl Chord {
    /// Reads `Ctrl+Shift+Z`. None for a name that is no key.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let mut modifiers = Modifiers::NONE;
        // A plus sign may be the key itself: `+`, `Ctrl++`.
        let (front, key) = match text.strip_suffix('+') {
            Some(front) => (front.strip_suffix('+').unwrap_or(front), "Plus"),
            None => text.rsplit_once('+').unwrap_or(("", text)),
        };
        for part in front.split('+').filter(|part| !part.is_empty()) {
            match part {
                "Ctrl" => modifiers = modifiers.plus(Modifiers::COMMAND),
                "Shift" => modifiers = modifiers.plus(Modifiers::SHIFT),
                "Alt" => modifiers = modifiers.plus(Modifiers::ALT),
                _ => return None,
            }
        }
        Key::from_name(key).map(|key| Self { modifiers, key })
    }

    /// The same chord as the table writes it: `Ctrl` stands for the command key of every system.
    pub(crate) fn without_platform_keys(self) -> Self {
        let Modifiers { alt, shift, command, ctrl, .. } = self.modifiers;
        let mut modifiers = Modifiers::NONE;
        for (is_on, modifier) in [(alt, Modifiers::ALT), (shift, Modifiers::SHIFT), (command || ctrl, Modifiers::COMMAND)] {
            if is_on {
                modifiers = modifiers.plus(modifier);
            }
        }
        Self { modifiers, key: self.key }
    }

    /// True when a key needs no modifier and so would be typed into a text field.
    pub(crate) fn is_typed(self) -> bool {
        !self.modifiers.command
            && !self.modifiers.alt
            && (self.key.name().chars().count() == 1 || self.key.symbol_or_name().chars().count() == 1)
            && !matches!(self.key, Key::ArrowDown | Key::ArrowLeft | Key::ArrowRight | Key::ArrowUp)
    }

    /// True when an event presses exactly this.
    fn is_pressed_by(self, event: &Event) -> bool {
        match event {
            Event::Key { key, pressed: true, modifiers, .. } => *key == self.key && self.fits(*modifiers),
            _ => false,
        }
    }

    /// Punctuation may need Shift on one keyboard and not on another, so Shift is not compared for it.
    fn fits(self, pressed: Modifiers) -> bool {
        let is_punctuation = matches!(
            self.key,
            Key::Plus
                | Key::Equals
                | Key::Questionmark
                | Key::OpenBracket
                | Key::CloseBracket
                | Key::Slash
                | Key::Colon
                | Key::Semicolon
                | Key::Exclamationmark
        );
        let shift = is_punctuation || self.modifiers.shift == pressed.shift;
        shift && self.modifiers.command == pressed.command && self.modifiers.alt == pressed.alt
    }
}

impl fmt::Display for Chord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (is_on, name) in [(self.modifiers.command, "Ctrl+"), (self.modifiers.alt, "Alt+"), (self.modifiers.shift, "Shift+")] {
            if is_on {
                f.write_str(name)?;
            }
        }
        f.write_str(match self.key {
            Key::ArrowUp => "Up",
            Key::ArrowDown => "Down",
            Key::ArrowLeft => "Left",
            Key::ArrowRight => "Right",
            key => key.symbol_or_name(),
        })
    }
}

/// Takes a key press out of the input, so that nobody else acts on it.
pub(crate) fn consume(input: &mut InputState, chord: Chord) -> bool {
    let found = input.events.iter().position(|event| chord.is_pressed_by(event));
    if let Some(index) = found {
        input.events.remove(index);
    }
    found.is_some()
}

/// The keys that the codebook gives to labels, roles, attributes and types of relations, in their order.
pub(crate) fn codebook_keys(schema: &Schema) -> Vec<(CodebookKey, Chord)> {
    let labels = schema.offered_labels().into_iter().map(|(key, def)| (CodebookKey::Label(key.clone()), def.shortcut));
    let mut roles: Vec<_> = schema.roles.iter().filter(|(_, def)| !def.retired).collect();
    roles.sort_by_key(|(_, def)| def.position);
    let mut attributes: Vec<_> = schema.attributes.iter().filter(|(_, def)| !def.retired).collect();
    attributes.sort_by_key(|(_, def)| def.position);
    let roles = roles.into_iter().map(|(key, def)| (CodebookKey::Role(key.clone()), def.shortcut));
    let attributes = attributes.into_iter().map(|(key, def)| (CodebookKey::Attribute(key.clone()), def.shortcut));
    let relations = schema.offered_relation_types().into_iter().map(|(key, def)| (CodebookKey::RelationType(key.clone()), def.shortcut));
    labels.chain(roles).chain(attributes).chain(relations).filter_map(|(what, shortcut)| Some((what, shortcut_chord(shortcut?)?))).collect()
}

/// The chord of a shortcut of the codebook, a letter or digit; a capital letter is pressed with Shift.
pub(crate) fn shortcut_chord(shortcut: char) -> Option<Chord> {
    let name = shortcut.to_uppercase().to_string();
    Key::from_name(&name).map(|key| Chord { modifiers: if shortcut.is_uppercase() { Modifiers::SHIFT } else { Modifiers::NONE }, key })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chords_are_written_and_read_alike() {
        for text in ["Ctrl+S", "Ctrl+Shift+Z", "F1", "Delete", "Alt+Shift+Left", "P", "Ctrl+Alt+Down"] {
            assert_eq!(Chord::parse(text).unwrap().to_string(), text);
        }
        assert_eq!(Chord::parse("+").unwrap().key, Key::Plus);
        assert_eq!(Chord::parse("Ctrl++").unwrap(), Chord { modifiers: Modifiers::COMMAND, key: Key::Plus });
        assert_eq!(Chord::parse("Hyper+S"), None);
        assert_eq!(Chord::parse("Nonsense"), None);
    }

    #[test]
    fn single_letters_are_silent_while_typing() {
        assert!(Chord::parse("P").unwrap().is_typed());
        assert!(Chord::parse("Shift+P").unwrap().is_typed());
        assert!(Chord::parse("+").unwrap().is_typed());
        assert!(!Chord::parse("Ctrl+P").unwrap().is_typed());
        assert!(!Chord::parse("F1").unwrap().is_typed());
    }
}
