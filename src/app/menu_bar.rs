//! The menus: the command table by menu, and the project's name.

use std::sync::Arc;

use eframe::egui::{Button, MenuBar, Panel, RichText, Ui};

use super::App;
use super::command::{COMMANDS, Command, Menu};
use super::queue::{Action, Queue};
use super::words::tr;
use crate::edit::Transaction;
use crate::store::Theme;
use crate::text::with_symbols;
use crate::workspace::WorkspaceError;

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
        let step = |step: Result<Option<Arc<Transaction>>, WorkspaceError>| step.ok().flatten();
        let workspace = self.session.as_ref().map(|session| &session.workspace);
        let is_on = match command.id {
            "undo" => return with_step(title, workspace.and_then(|workspace| step(workspace.next_undo()))),
            "redo" => return with_step(title, workspace.and_then(|workspace| step(workspace.next_redo()))),
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
fn with_step(title: String, step: Option<Arc<Transaction>>) -> String {
    match step {
        Some(step) => format!("{title}: {}", step.name.chars().take(40).collect::<String>()),
        None => title,
    }
}
