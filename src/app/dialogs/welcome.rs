//! The first start: who annotates?

use eframe::egui::{Key, Ui};

use super::{Next, field_ui, title_ui};
use crate::app::queue::{Action, Queue};
use crate::app::words::tr;

/// The coder's name, asked once.
pub(crate) struct WelcomeForm {
    name: String,
    has_focus: bool,
}

impl WelcomeForm {
    pub(crate) fn new(name: String) -> Self {
        Self { name, has_focus: false }
    }

    pub(super) fn ui(&mut self, ui: &mut Ui, queue: &mut Queue) -> Next {
        title_ui(ui, "Welcome to Manicule", 420.0);
        ui.label(tr("Who annotates? The name stands beside everything that you label, so that coders can be compared."));
        ui.add_space(6.0);
        let field = field_ui(ui, "Your name", &mut self.name, "Name");
        if !std::mem::replace(&mut self.has_focus, true) {
            field.request_focus();
        }
        ui.add_space(8.0);
        let is_entered = field.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter));
        let is_ready = !self.name.trim().is_empty();
        let is_pressed = ui.add_enabled(is_ready, eframe::egui::Button::new(tr("Begin"))).clicked();
        if is_ready && (is_entered || is_pressed) {
            queue.push(Action::SetCoder(self.name.trim().to_owned()));
            return Next::Close;
        }
        Next::Stay
    }
}
