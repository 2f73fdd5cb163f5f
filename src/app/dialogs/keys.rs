//! Every key of the program, to see, to change and to put back. Changed keys belong to the user, not to the project.

use eframe::egui::{Button, Event, Grid, Key, RichText, Role, ScrollArea, TextEdit, Ui, WidgetInfo};

use super::{Next, title_ui};
use crate::app::App;
use crate::app::command::{COMMANDS, Command};
use crate::app::keys::Chord;
use crate::app::queue::{Action, Queue};
use crate::app::words::{tr, tr_with};

/// What is looked for, and the command that waits for a key.
#[derive(Default)]
pub(crate) struct KeysForm {
    needle: String,
    waiting: Option<&'static Command>,
}

impl KeysForm {
    /// True while the next key press is the answer, so that nobody else may take it.
    pub(crate) fn is_waiting(&self) -> bool {
        self.waiting.is_some()
    }

    pub(super) fn ui(&mut self, ui: &mut Ui, app: &App, queue: &mut Queue) -> Next {
        title_ui(ui, "Change keys", 640.0);
        self.read_press(ui, queue);
        let field = ui.add(TextEdit::singleline(&mut self.needle).desired_width(f32::INFINITY).hint_text(tr("Find a command or a key")));
        field.widget_info(|| WidgetInfo::labeled(Role::TextInput, true, tr("Find a command or a key")));
        ui.add_space(4.0);
        let needle = self.needle.to_lowercase();
        ScrollArea::vertical().max_height(420.0).auto_shrink([false, false]).show(ui, |ui| {
            Grid::new("keys").num_columns(4).spacing([16.0, 4.0]).striped(true).show(ui, |ui| {
                for command in COMMANDS {
                    let keys = chord_text(command, app);
                    if tr(command.title).to_lowercase().contains(&needle) || keys.to_lowercase().contains(&needle) {
                        self.row_ui(ui, app, command, &keys, queue);
                    }
                }
            });
        });
        ui.weak(tr("Keys of labels, roles and attributes belong to the codebook; they come before a command with the same key."));
        ui.add_space(6.0);
        if ui.button(tr("Close")).clicked() { Next::Close } else { Next::Stay }
    }

    fn row_ui(&mut self, ui: &mut Ui, app: &App, command: &'static Command, keys: &str, queue: &mut Queue) {
        let is_waiting = self.waiting.is_some_and(|waiting| waiting.id == command.id);
        ui.label(tr(command.title));
        match clash(command, app) {
            Some(other) => ui.colored_label(ui.visuals().warn_fg_color, keys).on_hover_text(tr_with("“{}” has this key, too", tr(other.title))),
            None => ui.label(RichText::new(keys).monospace()),
        };
        let text = if is_waiting { tr("Press a key…") } else { tr("Change") };
        let change = ui.add(Button::new(text).selected(is_waiting).small());
        change.widget_info(|| WidgetInfo::labeled(Role::Button, true, tr_with("Change the key of {}", tr(command.title))));
        if change.clicked() {
            self.waiting = if is_waiting { None } else { Some(command) };
        }
        let is_own = app.preferences.keys.contains_key(command.id);
        let reset = ui.add_enabled(is_own, Button::new(tr("Put back")).small());
        reset.widget_info(|| WidgetInfo::labeled(Role::Button, is_own, tr_with("Put back the key of {}", tr(command.title))));
        if reset.clicked() {
            queue.push(Action::SetKeys { command: command.id, keys: None });
        }
        ui.end_row();
    }

    /// The first key press after “Change” is the new key; Escape leaves it as it was, Backspace takes it away.
    fn read_press(&mut self, ui: &Ui, queue: &mut Queue) {
        let Some(command) = self.waiting else { return };
        let pressed = ui.input(|input| {
            input.events.iter().find_map(|event| match event {
                Event::Key { key, pressed: true, modifiers, .. } => Some(Chord { modifiers: *modifiers, key: *key }),
                _ => None,
            })
        });
        let Some(chord) = pressed else { return };
        self.waiting = None;
        let keys = match chord.key {
            Key::Escape => return,
            Key::Backspace => Vec::new(),
            _ => vec![chord.without_platform_keys().to_string()],
        };
        queue.push(Action::SetKeys { command: command.id, keys: Some(keys) });
    }
}

fn chord_text(command: &Command, app: &App) -> String {
    command.chords(app).iter().map(ToString::to_string).collect::<Vec<_>>().join("   ")
}

/// Another command with one of the keys that works at the same time.
fn clash(command: &Command, app: &App) -> Option<&'static Command> {
    let own = command.chords(app);
    COMMANDS
        .iter()
        .filter(|other| other.id != command.id && other.when.is_mode() == command.when.is_mode())
        .find(|other| other.chords(app).iter().any(|chord| own.contains(chord)))
}
