//! The guidelines beside the text: read as they are formatted, or written as plain Markdown.

use eframe::egui::{Button, ScrollArea, TextEdit, Ui, WidgetInfo};
use egui_commonmark::{CommonMarkCache, CommonMarkViewer};

use super::App;
use super::jobs::Done;
use super::queue::{Action, Queue};
use super::session::Session;
use super::words::tr;
use crate::workspace::guidelines::ReadGuidelines;

/// What was read, and what is being written.
#[derive(Default)]
pub(crate) struct GuidelinesPanel {
    // None until they are read.
    read: Option<Result<ReadGuidelines, String>>,
    // What somebody writes; none while they only read.
    draft: Option<String>,
    is_saving: bool,
    // The editor has not had the keyboard yet.
    is_new_draft: bool,
    cache: CommonMarkCache,
}

impl GuidelinesPanel {
    pub(crate) fn ui(&mut self, ui: &mut Ui, session: &Session, queue: &mut Queue) {
        match (&mut self.draft, &self.read) {
            (Some(_), _) => self.editor_ui(ui, queue),
            (None, None) => drop(ui.weak(tr("Reading…"))),
            (None, Some(Err(why))) => {
                ui.colored_label(ui.visuals().error_fg_color, why);
                if ui.button(tr("Read again")).clicked() {
                    queue.push(Action::ReadGuidelines);
                }
            }
            (None, Some(Ok(_))) => self.page_ui(ui, session),
        }
    }

    fn page_ui(&mut self, ui: &mut Ui, session: &Session) {
        let Some(Ok(read)) = &self.read else { return };
        if ui.add_enabled(session.is_writable(), Button::new(tr("Edit guidelines"))).clicked() {
            (self.draft, self.is_new_draft) = (Some(read.text.clone()), true);
            return;
        }
        if read.text.trim().is_empty() {
            ui.weak(tr("There are no guidelines yet. Write down how the labels are to be used, in Markdown."));
            return;
        }
        ScrollArea::vertical().id_salt("guidelines").auto_shrink([false, false]).show(ui, |ui| {
            // Pictures would have to be fetched: nothing here goes to a network.
            CommonMarkViewer::new().show_alt_text_on_hover(true).show(ui, &mut self.cache, &read.text);
            ui.add_space(24.0);
        });
    }

    fn editor_ui(&mut self, ui: &mut Ui, queue: &mut Queue) {
        let Some(draft) = &mut self.draft else { return };
        let mut is_left = false;
        ui.horizontal(|ui| {
            if ui.add_enabled(!self.is_saving, Button::new(tr("Save guidelines"))).clicked() {
                queue.push(Action::SaveGuidelines);
            }
            is_left = ui.add_enabled(!self.is_saving, Button::new(tr("Discard changes"))).clicked();
        });
        ui.weak(tr("Markdown: # heading, - list, **bold**, | tables |"));
        ScrollArea::vertical().id_salt("guidelines editor").auto_shrink([false, false]).show(ui, |ui| {
            let field = ui.add(TextEdit::multiline(draft).desired_width(f32::INFINITY).desired_rows(24).code_editor());
            field.widget_info(|| WidgetInfo::labeled(eframe::egui::Role::MultilineTextInput, true, tr("Guidelines")));
            if std::mem::take(&mut self.is_new_draft) {
                field.request_focus();
            }
        });
        if is_left {
            self.draft = None;
        }
    }

    /// What was written and is not saved yet, with what it was made from.
    fn unsaved(&self) -> Option<(ReadGuidelines, String)> {
        let (Some(draft), Some(Ok(read))) = (&self.draft, &self.read) else { return None };
        (*draft != read.text).then(|| (read.clone(), draft.clone()))
    }
}

impl App {
    /// Reads the guidelines anew, unless somebody is writing them.
    pub(crate) fn read_guidelines(&mut self) {
        let Some(session) = self.session.as_ref().filter(|_| self.panels.guidelines.draft.is_none()) else { return };
        let guidelines = session.workspace.guidelines();
        self.jobs
            .start(&self.ctx, tr("Reading the guidelines"), move |_, _| Done::GuidelinesRead(guidelines.read().map_err(|error| error.to_string())));
    }

    pub(crate) fn guidelines_read(&mut self, read: Result<ReadGuidelines, String>) {
        let panel = &mut self.panels.guidelines;
        if panel.draft.is_none() {
            panel.read = Some(read);
        }
    }

    /// Saves what was written. It stays in the editor where that fails.
    pub(crate) fn save_guidelines(&mut self) {
        let Some(session) = self.session.as_ref().filter(|_| !self.panels.guidelines.is_saving) else { return };
        let Some((before, draft)) = self.panels.guidelines.unsaved() else {
            self.panels.guidelines.draft = None;
            return;
        };
        self.panels.guidelines.is_saving = true;
        let guidelines = session.workspace.guidelines();
        self.jobs.start(&self.ctx, tr("Saving the guidelines"), move |_, _| {
            Done::GuidelinesSaved(guidelines.write(&before, &draft).map_err(|error| error.to_string()))
        });
    }

    pub(crate) fn guidelines_saved(&mut self, saved: Result<ReadGuidelines, String>) {
        self.panels.guidelines.is_saving = false;
        match saved {
            Ok(read) => {
                (self.panels.guidelines.read, self.panels.guidelines.draft) = (Some(Ok(read)), None);
                self.say(tr("The guidelines are saved"));
            }
            Err(why) => self.alarm(why),
        }
    }
}
