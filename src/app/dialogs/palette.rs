//! Every command by name.

use eframe::egui::{Align, Button, Key, Role, ScrollArea, TextEdit, Ui, WidgetInfo};

use super::Next;
use crate::app::App;
use crate::app::command::{COMMANDS, Command};
use crate::app::queue::{Action, Queue};
use crate::app::words::tr;

/// What is looked for, and the row that Enter takes.
#[derive(Default)]
pub(crate) struct PaletteForm {
    needle: String,
    row: usize,
    has_focus: bool,
}

impl PaletteForm {
    pub(super) fn ui(&mut self, ui: &mut Ui, app: &App, queue: &mut Queue) -> Next {
        ui.set_width(460.0);
        let field = ui.add(TextEdit::singleline(&mut self.needle).desired_width(f32::INFINITY).hint_text(tr("What do you want to do?")));
        field.widget_info(|| WidgetInfo::labeled(Role::TextInput, true, tr("Find a command")));
        if !std::mem::replace(&mut self.has_focus, true) {
            field.request_focus();
        }
        if field.changed() {
            self.row = 0;
        }
        let found = self.found(app);
        let (up, down, enter) = ui.input(|input| (input.key_pressed(Key::ArrowUp), input.key_pressed(Key::ArrowDown), input.key_pressed(Key::Enter)));
        self.row = if down { self.row + 1 } else { self.row.saturating_sub(usize::from(up)) }.min(found.len().saturating_sub(1));
        let mut chosen = found.get(self.row).copied().filter(|_| enter);
        ScrollArea::vertical().max_height(380.0).auto_shrink([false, true]).show(ui, |ui| {
            for (i, command) in found.iter().enumerate() {
                let keys = command.chords(app).first().map(ToString::to_string).unwrap_or_default();
                let button = Button::new(tr(command.title))
                    .shortcut_text(keys)
                    .selected(i == self.row)
                    .min_size(eframe::egui::vec2(ui.available_width(), 0.0));
                let row = ui.add_enabled(command.is_enabled(app), button);
                if i == self.row && (up || down) {
                    row.scroll_to_me(Some(Align::Center));
                }
                if row.clicked() {
                    chosen = Some(command);
                }
            }
        });
        match chosen.filter(|command| command.is_enabled(app)) {
            Some(command) => {
                queue.push(Action::Run(command));
                Next::Close
            }
            None => Next::Stay,
        }
    }

    /// Commands whose title has all the typed words; those that can be used come first.
    fn found(&self, app: &App) -> Vec<&'static Command> {
        let needle = self.needle.to_lowercase();
        let words: Vec<&str> = needle.split_whitespace().collect();
        let fits = |command: &&Command| words.iter().all(|word| tr(command.title).to_lowercase().contains(word));
        let mut found: Vec<&'static Command> =
            COMMANDS.iter().filter(|command| command.id != "palette" && command.id != "leave").filter(fits).collect();
        found.sort_by_key(|command| !command.is_enabled(app));
        found
    }
}
