//! The labels with their keys. A click gives the label; a click on the lock, or a double click, locks it.

use eframe::egui::{Button, Color32, Panel, RichText, Stroke, Ui, vec2};

use super::App;
use super::label_hint::label_hint_ui;
use super::queue::{Action, Queue};
use super::theme;
use super::words::{tr, tr_with};
use crate::model::{Label, LabelKey, LabelKind};
use crate::text::with_symbols;

impl App {
    pub(crate) fn label_bar_ui(&self, ui: &mut Ui, queue: &mut Queue) {
        let Some(session) = &self.session else { return };
        let labels = session.workspace.state().schema.offered_labels();
        Panel::bottom("label bar").show(ui, |ui| {
            ui.add_space(2.0);
            ui.horizontal_wrapped(|ui| {
                ui.spacing_mut().item_spacing = vec2(6.0, 6.0);
                let mut last_kind: Option<LabelKind> = None;
                for (key, label) in labels {
                    if last_kind.is_some_and(|kind| kind != label.kind) {
                        ui.separator();
                    }
                    last_kind = Some(label.kind);
                    label_ui(ui, key, label, session.locked.as_ref() == Some(key), queue);
                }
                self.hint_ui(ui, queue);
            });
            ui.add_space(2.0);
        });
    }

    /// What a label key would do now.
    fn hint_ui(&self, ui: &mut Ui, queue: &mut Queue) {
        let Some(session) = &self.session else { return };
        if let Some(locked) = &session.locked {
            let name = session
                .workspace
                .state()
                .schema
                .labels
                .get(locked)
                .map_or_else(|| locked.to_string(), |label| with_symbols(&label.name).into_owned());
            if ui.button(format!("🔒 {}", tr_with("Selecting gives {}", name))).on_hover_text(tr("Unlock")).clicked() {
                queue.run("unlock-label");
            }
        } else if session.picked_edge.is_some() {
            ui.weak(tr("Arrows move the edge; Escape lets go"));
        } else if session.selected_text().is_some() {
            ui.weak(tr("A key gives the selection its label"));
        }
    }
}

fn label_ui(ui: &mut Ui, key: &LabelKey, label: &Label, is_locked: bool, queue: &mut Queue) {
    let color = Color32::from_rgb(label.color.red, label.color.green, label.color.blue);
    let line = theme::readable(ui.visuals(), color);
    let shortcut = label.shortcut.map(|c| format!("{} ", c.to_uppercase())).unwrap_or_default();
    let mut text = eframe::egui::text::LayoutJob::default();
    let style = ui.style();
    RichText::new(shortcut).strong().append_to(&mut text, style, eframe::egui::FontSelection::Default, eframe::egui::Align::Center);
    RichText::new(with_symbols(&label.name)).append_to(&mut text, style, eframe::egui::FontSelection::Default, eframe::egui::Align::Center);
    let stroke = Stroke::new(if is_locked { 2.5 } else { 1.0 }, line);
    let response = ui.add(Button::new(text).fill(theme::mark_fill(ui.visuals(), color, is_locked)).stroke(stroke));
    let response = response.on_hover_ui(|ui| {
        label_hint_ui(ui, label);
        ui.weak(tr("Click: label. Ctrl+click: lock, so that selecting is enough."));
    });
    if response.clicked() {
        let is_locking = ui.input(|input| input.modifiers.command);
        queue.push(if is_locking { Action::ToggleLock(key.clone()) } else { Action::GiveLabel(key.clone()) });
    }
    response.context_menu(|ui| {
        if ui.button(tr(if is_locked { "Unlock label" } else { "Lock label" })).clicked() {
            queue.push(Action::ToggleLock(key.clone()));
            ui.close();
        }
    });
}
