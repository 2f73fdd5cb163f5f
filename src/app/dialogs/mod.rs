//! Dialogs: one at a time, in the middle, closed by Escape. A form per file.

mod activity;
mod correct_text;
mod encoding;
mod entity_uses;
mod export;
mod export_codebook;
mod fields;
mod import;
mod import_codebook;
mod keys;
mod many_fields;
mod name_pattern;
mod new_labels;
mod new_project;
mod open;
mod palette;
mod paste;
mod save_as;
mod sheets;
mod states;
mod trash;
mod unfinished;
mod welcome;
mod who;

pub(crate) use activity::ActivityForm;
pub(crate) use correct_text::CorrectForm;
pub(crate) use encoding::EncodingForm;
pub(crate) use entity_uses::{UsesForm, UsesPurpose};
pub(crate) use export::{ExportChoice, ExportForm};
pub(crate) use export_codebook::ExportCodebookForm;
pub(crate) use fields::FieldsForm;
pub(crate) use import::{ImportChoice, ImportForm};
pub(crate) use import_codebook::{Found, ImportCodebookForm, Looked};
pub(crate) use keys::KeysForm;
pub(crate) use many_fields::ManyFieldsForm;
pub(crate) use name_pattern::NamePatternForm;
pub(crate) use new_labels::NewLabelsForm;
pub(crate) use new_project::NewProjectForm;
pub(crate) use open::OpenForm;
pub(crate) use palette::PaletteForm;
pub(crate) use paste::PasteForm;
pub(crate) use save_as::SaveAsForm;
pub(crate) use states::StatesForm;
pub(crate) use welcome::WelcomeForm;
pub(crate) use who::WhoForm;

use std::path::PathBuf;

use eframe::egui::{Context, Id, Label, LayerId, Modal, Popup, Response, RichText, TextEdit, Ui, vec2};

use super::App;
use super::codebook::BigChangeForm;
use super::jobs::Done;
use super::queue::Queue;
use super::words::tr;
use crate::model::{Finding, Severity};

/// The dialog that is open.
pub(crate) enum Dialog {
    Welcome(WelcomeForm),
    Who(WhoForm),
    Open(OpenForm),
    NewProject(NewProjectForm),
    Paste(PasteForm),
    Import(Box<ImportForm>),
    Encoding(EncodingForm),
    NewLabels(NewLabelsForm),
    SaveAs(SaveAsForm),
    Export(Box<ExportForm>),
    Fields(FieldsForm),
    Correct(Box<CorrectForm>),
    ManyFields(Box<ManyFieldsForm>),
    NamePattern(Box<NamePatternForm>),
    Palette(PaletteForm),
    Keys(KeysForm),
    States(Box<StatesForm>),
    Activity(ActivityForm),
    /// A change of all documents, and what it touches.
    BigChange(BigChangeForm),
    ImportCodebook(ImportCodebookForm),
    ExportCodebook(ExportCodebookForm),
    /// Where an entity is used.
    Uses(UsesForm),
    /// Claims are unfinished, and the document was to be done.
    Unfinished,
    Trash,
    Findings,
    /// Something that was asked for could not be done.
    Trouble(String),
    CheatSheet,
    About,
}

impl Dialog {
    /// True while the next key press is an answer, Escape among them.
    pub(crate) fn wants_keys(&self) -> bool {
        matches!(self, Self::Keys(form) if form.is_waiting())
    }

    /// True for dialogs that only show, or that are filled in a moment.
    fn holds_nothing(&self) -> bool {
        matches!(
            self,
            Self::Palette(_) | Self::Keys(_) | Self::Unfinished | Self::Trash | Self::Findings | Self::Trouble(_) | Self::CheatSheet | Self::About
        )
    }
}

/// What chosen paths are for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum PathUse {
    /// Articles to open.
    OpenFiles,
    /// A project to open.
    OpenFolder,
    /// Where a new project goes.
    NewProject,
    /// Where a copy goes.
    SaveAs,
    /// Where an export goes.
    Export,
    /// Where the copy of an earlier state goes.
    StateCopy,
    /// Where the log of activity goes.
    Activity,
    /// A mapping of JSON.
    JsonMapping,
    /// A codebook to take over.
    ImportCodebook,
    /// Where the codebook goes.
    ExportCodebook,
}

/// What a dialog wants after a frame.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Next {
    Stay,
    Close,
    /// Ask the desktop's own dialog for paths; they come back to [`Dialog::take_paths`].
    Pick(PathUse),
}

/// Keeps an open list above its dialog: on a slow machine, a list that had been open before was not to be seen when it was opened again.
fn keep_lists_above(ctx: &Context, dialog: LayerId) {
    let layers = ctx.memory(|memory| memory.areas().visible_layer_ids());
    let lists = layers.into_iter().filter(|layer| layer.order == dialog.order && Popup::is_id_open(ctx, layer.id));
    lists.for_each(|list| ctx.set_sublayer(dialog, list));
}

impl App {
    pub(crate) fn dialog_ui(&mut self, ctx: &Context, queue: &mut Queue) {
        let Some(mut dialog) = self.dialog.take() else { return };
        let frame = eframe::egui::Frame::popup(&ctx.global_style()).inner_margin(18.0);
        let response = Modal::new(Id::unique("dialog")).frame(frame).show(ctx, |ui| self.form_ui(ui, &mut dialog, queue));
        keep_lists_above(ctx, response.response.layer_id);
        // Escape closes every dialog (see the command `leave`); a stray click closes none in which something was typed.
        let is_left = response.should_close() && dialog.holds_nothing();
        match response.inner {
            _ if is_left => {}
            Next::Close => {}
            Next::Stay => self.dialog = Some(dialog),
            Next::Pick(path_use) => {
                self.dialog = Some(dialog);
                self.pick_paths(path_use);
            }
        }
    }

    fn form_ui(&self, ui: &mut Ui, dialog: &mut Dialog, queue: &mut Queue) -> Next {
        match dialog {
            Dialog::Welcome(form) => form.ui(ui, queue),
            Dialog::Who(form) => form.ui(ui, queue),
            Dialog::Open(form) => form.ui(ui, &self.preferences.recent_projects, queue),
            Dialog::NewProject(form) => form.ui(ui, queue),
            Dialog::Paste(form) => form.ui(ui, queue),
            Dialog::Import(form) => form.ui(ui, queue),
            Dialog::Encoding(form) => form.ui(ui, queue),
            Dialog::NewLabels(form) => form.ui(ui, queue),
            Dialog::SaveAs(form) => form.ui(ui, queue),
            Dialog::Export(form) => form.ui(ui, queue),
            Dialog::Fields(form) => form.ui(ui, queue),
            Dialog::Correct(form) => form.ui(ui, self.session.as_ref(), queue),
            Dialog::ManyFields(form) => form.ui(ui, queue),
            Dialog::NamePattern(form) => form.ui(ui, self.session.as_ref(), queue),
            Dialog::Palette(form) => form.ui(ui, self, queue),
            Dialog::Keys(form) => form.ui(ui, self, queue),
            Dialog::States(form) => form.ui(ui, queue),
            Dialog::Activity(form) => form.ui(ui, queue),
            Dialog::BigChange(form) => match &self.session {
                Some(session) => form.ui(ui, &session.workspace.state().schema, &self.jobs.running, queue),
                None => Next::Close,
            },
            Dialog::ImportCodebook(form) => form.ui(ui, queue),
            Dialog::ExportCodebook(form) => form.ui(ui, queue),
            Dialog::Uses(form) => form.ui(ui, queue),
            Dialog::Unfinished => unfinished::ui(ui, self.session.as_ref(), queue),
            Dialog::Trash => trash::ui(ui, self.session.as_ref(), queue),
            Dialog::Findings => sheets::findings_ui(ui, self.session.as_ref()),
            Dialog::Trouble(why) => sheets::trouble_ui(ui, why),
            Dialog::CheatSheet => sheets::cheat_sheet_ui(ui, self),
            Dialog::About => sheets::about_ui(ui),
        }
    }

    fn pick_paths(&mut self, path_use: PathUse) {
        let pick = self.picker.for_thread();
        self.jobs.start(&self.ctx, tr("Choosing files"), move |_, _| Done::Picked(path_use, pick(path_use)));
    }

    /// Paths came back from the desktop's dialog.
    pub(crate) fn take_paths(&mut self, path_use: PathUse, paths: &[PathBuf]) {
        let (Some(dialog), Some(first)) = (&mut self.dialog, paths.first()) else { return };
        match (dialog, path_use) {
            (Dialog::Open(form), PathUse::OpenFiles | PathUse::OpenFolder) => form.set_paths(paths),
            (Dialog::NewProject(form), PathUse::NewProject) => form.set_folder(first),
            (Dialog::SaveAs(form), PathUse::SaveAs) => form.set_folder(first),
            (Dialog::Export(form), PathUse::Export) => form.set_folder(first),
            (Dialog::States(form), PathUse::StateCopy) => form.set_folder(first),
            (Dialog::Activity(form), PathUse::Activity) => form.set_folder(first),
            (Dialog::Import(form), PathUse::JsonMapping) => form.set_mapping(first),
            (Dialog::ImportCodebook(form), PathUse::ImportCodebook) => form.set_path(first, &mut self.queue),
            (Dialog::ExportCodebook(form), PathUse::ExportCodebook) => form.set_folder(first),
            _ => {}
        }
    }
}

/// A finding on one line, the rest of it under the pointer.
fn finding_ui(ui: &mut Ui, finding: &Finding) {
    let color = match finding.severity {
        Severity::Note => ui.visuals().weak_text_color(),
        Severity::Warning => ui.visuals().warn_fg_color,
        Severity::Error => ui.visuals().error_fg_color,
    };
    let text = finding.to_string();
    ui.add(Label::new(RichText::new(&text).color(color)).truncate()).on_hover_text(text);
}

/// Title of a dialog and its width.
fn title_ui(ui: &mut Ui, title: &str, width: f32) {
    ui.set_width(width.min(ui.ctx().content_rect().width() - 60.0));
    ui.heading(tr(title));
    ui.add_space(6.0);
}

/// A named text field over the whole width.
fn field_ui(ui: &mut Ui, name: &str, value: &mut String, hint: &str) -> Response {
    let label = ui.label(tr(name));
    ui.add(TextEdit::singleline(value).desired_width(f32::INFINITY).hint_text(tr(hint).into_owned())).labelled_by(label.id)
}

/// A path field with the desktop's dialog beside it. True when the button was pressed.
fn path_ui(ui: &mut Ui, name: &str, value: &mut String) -> bool {
    let label = ui.label(tr(name));
    ui.horizontal(|ui| {
        let width = (ui.available_width() - 96.0).max(80.0);
        ui.add(TextEdit::singleline(value).desired_width(width)).labelled_by(label.id);
        ui.button(tr("Browse…")).clicked()
    })
    .inner
}

/// The buttons at the end of a form. None while neither was pressed.
fn buttons_ui(ui: &mut Ui, done: &str, is_ready: bool) -> Option<Pressed> {
    ui.add_space(10.0);
    ui.horizontal(|ui| {
        let done = ui.add_enabled(is_ready, eframe::egui::Button::new(tr(done)).min_size(vec2(90.0, 26.0))).clicked();
        let cancel = ui.button(tr("Cancel")).clicked();
        if done { Some(Pressed::Done) } else { cancel.then_some(Pressed::Cancel) }
    })
    .inner
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Pressed {
    Done,
    Cancel,
}

/// A path as somebody types it: `~` stands for the home folder.
fn typed_path(text: &str) -> Option<PathBuf> {
    let text = text.trim();
    let home = || directories::BaseDirs::new().map(|dirs| dirs.home_dir().to_path_buf());
    match text.strip_prefix("~/") {
        Some(rest) => home().map(|home| home.join(rest)),
        None => (!text.is_empty()).then(|| PathBuf::from(text)),
    }
}
