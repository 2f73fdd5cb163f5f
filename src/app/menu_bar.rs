//! The menus: the command table by menu, and the project's name.

use std::path::PathBuf;

use eframe::egui::{Button, Id, MenuBar, Panel, RichText, Ui};

use super::App;
use super::command::{COMMANDS, Command, Menu};
use super::queue::{Action, Queue};
use super::words::tr;
use crate::store::Theme;
use crate::text::with_symbols;

impl App {
    pub(crate) fn menu_bar_ui(&self, ui: &mut Ui, queue: &mut Queue) {
        Panel::top("menu bar").show(ui, |ui| {
            MenuBar::new().ui(ui, |ui| {
                for (menu, title) in Menu::BAR {
                    ui.menu_button(tr(title), |ui| self.menu_ui(ui, menu, queue));
                }
                self.title_ui(ui);
            });
        });
    }

    fn menu_ui(&self, ui: &mut Ui, menu: Menu, queue: &mut Queue) {
        ui.set_min_width(230.0);
        for command in COMMANDS.iter().filter(|command| command.menu == menu) {
            if self.item_ui(ui, command).clicked() {
                queue.push(Action::Run(command));
                ui.close();
            }
        }
    }

    fn item_ui(&self, ui: &mut Ui, command: &Command) -> eframe::egui::Response {
        let button = Button::new(self.item_title(command));
        let button = match command.chords(self).first() {
            Some(chord) => button.shortcut_text(chord.to_string()),
            None => button,
        };
        ui.add_enabled(command.is_enabled(self), button)
    }

    /// Switches show their state, undo and redo what they would do.
    fn item_title(&self, command: &Command) -> String {
        let title = tr(command.title).into_owned();
        let is_on = match command.id {
            "undo" => return with_step(title, self.step_names()[0].as_deref()),
            "redo" => return with_step(title, self.step_names()[1].as_deref()),
            "toggle-activity" => self.logging() == crate::workspace::activity::Logging::On,
            "snap-words" => self.preferences.snap_to_words,
            "trim-selection" => self.preferences.trim_selection,
            "toggle-documents" => self.panels.show_documents,
            "toggle-inspector" => self.panels.show_inspector,
            "theme-light" => self.preferences.theme == Theme::Light,
            "theme-dark" => self.preferences.theme == Theme::Dark,
            "theme-system" => self.preferences.theme == Theme::System,
            _ => return title,
        };
        if is_on { format!("✔ {title}") } else { title }
    }

    /// What undo and redo would do. A name may stand in a file: it is read once.
    fn step_names(&self) -> [Option<String>; 2] {
        type Known = ((PathBuf, u64, usize, usize), [Option<String>; 2]);
        let Some(session) = &self.session else { return [None, None] };
        let (workspace, id) = (&session.workspace, Id::unique("step names"));
        let history = workspace.history();
        let now = (workspace.dir().to_owned(), workspace.state().revision(), history.undo_len(), history.redo_len());
        if let Some((_, names)) = self.ctx.data(|data| data.get_temp::<Known>(id)).filter(|(then, _)| *then == now) {
            return names;
        }
        let names = [workspace.next_undo_name(), workspace.next_redo_name()].map(|name| name.ok().flatten());
        self.ctx.data_mut(|data| data.insert_temp::<Known>(id, (now, names.clone())));
        names
    }

    fn title_ui(&self, ui: &mut Ui) {
        let Some(session) = &self.session else { return };
        let state = session.workspace.state();
        let document = session.current().and_then(|key| state.document(&key.document));
        let title = document.map_or_else(
            || with_symbols(&state.project.name).into_owned(),
            |document| format!("{}  ›  {}", with_symbols(&state.project.name), with_symbols(&document.title)),
        );
        ui.with_layout(eframe::egui::Layout::right_to_left(eframe::egui::Align::Center), |ui| {
            ui.add(eframe::egui::Label::new(RichText::new(title).weak()).truncate());
        });
    }
}

/// `Undo: label Person`.
fn with_step(title: String, name: Option<&str>) -> String {
    match name {
        Some(name) => format!("{title}: {}", name.chars().take(40).collect::<String>()),
        None => title,
    }
}
