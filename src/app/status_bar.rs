//! The bottom line: whether everything is saved, what is selected, who annotates, what was said last.

use eframe::egui::{Align, Button, Color32, Label, Layout, Panel, ProgressBar, RichText, Ui};

use super::App;
use super::activity::duration_text;
use super::queue::Queue;
use super::session::Session;
use super::words::{tr, tr_count, tr_with};
use crate::text::with_symbols;
use crate::workspace::activity::Logging;
use crate::workspace::{Access, SaveState};

impl App {
    pub(crate) fn status_bar_ui(&self, ui: &mut Ui, queue: &mut Queue) {
        self.banner_ui(ui, queue);
        Panel::bottom("status bar").show(ui, |ui| {
            ui.horizontal(|ui| {
                self.jobs_ui(ui);
                if let Some(session) = &self.session {
                    save_state_ui(ui, session);
                }
                ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                    self.facts_ui(ui, queue);
                    ui.with_layout(Layout::left_to_right(Align::Center), |ui| self.message_ui(ui));
                });
            });
        });
    }

    /// What was said last, in what room there is; all of it on hover.
    fn message_ui(&self, ui: &mut Ui) {
        if let Some(message) = self.message.text(&self.ctx) {
            ui.separator();
            ui.add(Label::new(message.as_ref()).truncate());
        }
    }

    /// Something is wrong with saving, or the window is read-only: said until it is over.
    fn banner_ui(&self, ui: &mut Ui, queue: &mut Queue) {
        let Some(session) = &self.session else { return };
        let text = match (session.workspace.save_state(), session.workspace.access()) {
            (SaveState::Failed { why, .. }, _) => format!("{} {why}", tr("Not saved:")),
            (_, Access::ReadOnly { why }) => format!("{} {why}", tr("Read-only:")),
            _ => return,
        };
        let fill = if ui.visuals().dark_mode { Color32::from_rgb(0x5a, 0x2a, 0x10) } else { Color32::from_rgb(0xff, 0xe2, 0xc4) };
        let frame = eframe::egui::Frame::new().fill(fill).inner_margin(8.0);
        Panel::bottom("banner").frame(frame).show(ui, |ui| {
            ui.horizontal_wrapped(|ui| {
                ui.label(text);
                if matches!(session.workspace.save_state(), SaveState::Failed { .. }) && ui.button(tr("Try again")).clicked() {
                    queue.run("save");
                }
                if !session.workspace.conflicts().is_empty() {
                    if ui.button(tr("Overwrite outside changes")).clicked() {
                        queue.run("keep-mine");
                    }
                    if ui.button(tr("Take outside changes")).clicked() {
                        queue.run("take-theirs");
                    }
                }
                if ui.button(tr("Save a copy elsewhere…")).clicked() {
                    queue.run("save-as");
                }
            });
        });
    }

    fn jobs_ui(&self, ui: &mut Ui) {
        for job in self.jobs.running.iter().filter(|job| job.progress.total() > 0) {
            let bar = ProgressBar::new(job.progress.fraction().unwrap_or(0.0)).desired_width(120.0).text(job.name.as_str());
            ui.add(bar);
            if ui.add(Button::new("✕").small()).on_hover_text(tr_with("Stop: {}", &job.name)).clicked() {
                job.cancel.cancel();
            }
        }
    }

    fn facts_ui(&self, ui: &mut Ui, queue: &mut Queue) {
        let Some(session) = &self.session else { return };
        let state = session.workspace.state();
        let coder = state
            .coders
            .get(session.workspace.coder())
            .map_or_else(|| session.workspace.coder().to_string(), |coder| with_symbols(&coder.name).into_owned());
        ui.label(RichText::new(coder).strong()).on_hover_text(tr("The coder"));
        ui.separator();
        for (command, label, is_on) in
            [("trim-selection", "Trim", self.preferences.trim_selection), ("snap-words", "Snap", self.preferences.snap_to_words)]
        {
            let hint =
                if command == "trim-selection" { "Trim blanks and final punctuation off a selection" } else { "Widen a selection to whole words" };
            if ui.selectable_label(is_on, tr(label)).on_hover_text(tr(hint)).clicked() {
                queue.run(command);
            }
        }
        if session.current().is_some() && self.logging() == Logging::On {
            ui.separator();
            ui.label(duration_text(self.active_time.total()))
                .on_hover_text(tr("Time at work in this document; a minute without a touch does not count"));
        }
        if let Some(sheet) = session.current_sheet() {
            ui.separator();
            ui.label(format!("{} · {}", tr_count("{} span", "{} spans", sheet.spans.len()), tr_count("{} claim", "{} claims", sheet.claims.len())));
        }
    }
}

fn save_state_ui(ui: &mut Ui, session: &Session) {
    let (text, hint) = match session.workspace.save_state() {
        SaveState::Saved => ("All changes saved", "Every file holds all changes."),
        SaveState::Journalled | SaveState::Saving => ("All changes saved", "All changes are in the journal; the files follow in a moment."),
        SaveState::Failed { .. } => ("Not saved", "See above."),
    };
    ui.label(tr(text)).on_hover_text(tr(hint));
}
