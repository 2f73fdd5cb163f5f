//! Export: format, scope, parts and place, with what the format cannot carry before anything is written.

mod parts;
mod report;
mod scope;

use std::path::{Path, PathBuf};

use eframe::egui::{ComboBox, Grid, Label, RichText, ScrollArea, TextEdit, Ui};

use self::parts::Parts;
use self::scope::Scope;
use super::{Next, PathUse, Pressed, buttons_ui, path_ui, title_ui, typed_path};
use crate::app::queue::{Action, Queue};
use crate::app::session::Session;
use crate::app::words::{tr, tr_with};
use crate::format::{ExportReport, FORMATS, Format, Layout, Offsets, SplitOptions, TextPlace};
use crate::model::DocumentId;
use crate::text::offsets::OffsetUnit;
use crate::workspace::export::{self, FilesOf, Writing};

/// Points that the words about a format may take.
const CARRIES_WIDTH: f32 = 490.0;

/// What to export, and how.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct ExportChoice {
    pub(crate) format: &'static str,
    pub(crate) scope: export::ExportChoice,
    pub(crate) writing: Writing,
    pub(crate) split: Option<SplitOptions>,
    pub(crate) path: PathBuf,
}

/// The choice as it is being made.
pub(crate) struct ExportForm {
    format: &'static Format,
    unit: OffsetUnit,
    texts: TextPlace,
    license: String,
    files: FilesOf,
    scope: Scope,
    parts: Parts,
    folder: String,
    name: String,
    // What the export would carry; none while it is being worked out.
    report: Option<Result<ExportReport, String>>,
    // The choice that `report` is of, or will be of.
    asked: Option<ExportChoice>,
}

impl ExportForm {
    /// The whole project. `shown` and `chosen` are documents of the list.
    pub(crate) fn new(session: &Session, shown: &[DocumentId], chosen: Vec<DocumentId>) -> Self {
        let formats: Vec<&'static Format> = exported().collect();
        let format = formats.first().copied().unwrap_or(&FORMATS[0]);
        let dir = session.workspace.dir();
        Self {
            format,
            unit: OffsetUnit::default(),
            texts: TextPlace::default(),
            license: String::new(),
            files: FilesOf::default(),
            scope: Scope::new(session, shown, chosen),
            parts: Parts::new(&session.workspace.state().schema),
            folder: dir.parent().unwrap_or(dir).display().to_string(),
            name: dir.file_name().map_or_else(|| "export".to_owned(), |name| format!("{}-export", name.to_string_lossy())),
            report: None,
            asked: None,
        }
    }

    pub(super) fn set_folder(&mut self, folder: &Path) {
        self.folder = folder.display().to_string();
    }

    /// What would be exported now; none while what is typed makes no sense.
    fn choice(&self) -> Option<ExportChoice> {
        let unit = matches!(self.format.offsets, Offsets::Choosable(_)).then_some(self.unit);
        let texts = Some(self.texts).filter(|texts| self.format.text_places().contains(texts));
        let license = Some(self.license.trim()).filter(|license| self.format.has_card() && !license.is_empty()).map(str::to_owned);
        let writing = Writing { unit, texts, files: self.files(), license };
        let split = self.parts.options().ok()?;
        Some(ExportChoice { format: self.format.name, scope: self.scope.choice(), writing, split, path: self.path().unwrap_or_default() })
    }

    /// Formats with a folder have files of their own.
    fn files(&self) -> FilesOf {
        if self.format.layout == Layout::File { self.files } else { FilesOf::Project }
    }

    fn path(&self) -> Option<PathBuf> {
        let folder = typed_path(&self.folder)?;
        let name = self.name.trim();
        let is_plain = !name.is_empty() && !name.contains(['/', '\\']) && name != "." && name != "..";
        let extension = self.format.extensions.first().copied().unwrap_or("txt");
        let is_folder = self.format.layout == Layout::Folder || self.files() == FilesOf::Document;
        is_plain.then(|| if is_folder { folder.join(name) } else { folder.join(format!("{name}.{extension}")) })
    }

    /// A report came for a choice; one that nobody waits for any more is not shown.
    pub(crate) fn take_report(&mut self, choice: &ExportChoice, report: Result<ExportReport, String>) {
        if self.asked.as_ref() == Some(choice) {
            self.report = Some(report);
        }
    }

    pub(super) fn ui(&mut self, ui: &mut Ui, queue: &mut Queue) -> Next {
        title_ui(ui, "Export", 660.0);
        // In a small window what is chosen scrolls, so that the buttons stay in sight.
        let height = (ui.ctx().content_rect().height() - 330.0).max(120.0);
        ScrollArea::vertical().id_salt("what to export").max_height(height).auto_shrink([false, true]).show(ui, |ui| {
            Grid::new("how to export").num_columns(2).spacing([14.0, 8.0]).show(ui, |ui| {
                self.format_ui(ui);
                self.scope.rows_ui(ui);
                self.files_ui(ui);
                self.license_ui(ui);
                self.parts.rows_ui(ui);
            });
        });
        let is_browsing = path_ui(ui, "Folder", &mut self.folder);
        super::field_ui(ui, "Name", &mut self.name, "");
        self.ask(queue);
        ui.separator();
        report::ui(ui, self.report.as_ref());
        let path = self.path();
        if let Some(path) = path.as_ref().filter(|path| path.exists()) {
            ui.colored_label(ui.visuals().warn_fg_color, tr_with("{} is there already and will be replaced", path.display()));
        }
        let choice = self.choice().filter(|_| path.is_some() && matches!(self.report, Some(Ok(_))));
        match (buttons_ui(ui, "Export", choice.is_some()), choice) {
            _ if is_browsing => Next::Pick(PathUse::Export),
            (Some(Pressed::Done), Some(choice)) => {
                queue.push(Action::Export(choice));
                Next::Close
            }
            (Some(_), _) => Next::Close,
            (None, _) => Next::Stay,
        }
    }

    fn format_ui(&mut self, ui: &mut Ui) {
        let label = ui.label(tr("Format"));
        ui.horizontal(|ui| {
            let combo = ComboBox::from_id_salt("format").selected_text(self.format.title).width(230.0).height(440.0);
            let response = combo.show_ui(ui, |ui| {
                for format in exported() {
                    if ui.selectable_label(format.name == self.format.name, format.title).on_hover_text(format.carries).clicked() {
                        self.format = format;
                        if let Offsets::Choosable(unit) = format.offsets {
                            self.unit = unit;
                        }
                    }
                }
            });
            response.response.labelled_by(label.id);
            match self.format.offsets {
                Offsets::None => drop(ui.weak(tr("has no offsets"))),
                Offsets::Fixed(unit) => drop(ui.weak(tr_with("offsets count {}", unit))),
                Offsets::Choosable(_) => self.unit_ui(ui),
            }
        });
        ui.end_row();
        ui.label("");
        // A cell of a grid is as wide as its text.
        ui.vertical(|ui| {
            ui.set_max_width(CARRIES_WIDTH.min(ui.ctx().content_rect().width() - 240.0));
            ui.add(Label::new(RichText::new(self.format.carries).weak()).wrap());
        });
        ui.end_row();
    }

    fn unit_ui(&mut self, ui: &mut Ui) {
        let label = ui.label(tr("Offsets count"));
        let combo = ComboBox::from_id_salt("unit").selected_text(self.unit.as_str()).width(110.0);
        let response = combo.show_ui(ui, |ui| {
            for unit in OffsetUnit::ALL {
                ui.selectable_value(&mut self.unit, unit, unit.as_str());
            }
        });
        response.response.labelled_by(label.id);
    }

    fn files_ui(&mut self, ui: &mut Ui) {
        if self.format.layout == Layout::File {
            ui.label(tr("Files"));
            ui.horizontal(|ui| {
                ui.radio_value(&mut self.files, FilesOf::Project, tr("One file"));
                ui.radio_value(&mut self.files, FilesOf::Document, tr("One for each document"));
            });
            ui.end_row();
        }
        let places = self.format.text_places();
        if !places.is_empty() {
            ui.label(tr("Texts"));
            ui.horizontal(|ui| {
                for place in places {
                    ui.radio_value(&mut self.texts, *place, tr(name_of_place(*place)));
                }
            });
            ui.end_row();
        }
    }

    fn license_ui(&mut self, ui: &mut Ui) {
        if !self.format.has_card() {
            return;
        }
        let label = ui.label(tr("Licence"));
        let field = TextEdit::singleline(&mut self.license).desired_width(f32::INFINITY).hint_text(tr("CC-BY-4.0, a link, or words"));
        ui.add(field).labelled_by(label.id);
        ui.end_row();
    }

    /// Asks for a report when the choice, its place aside, has changed.
    fn ask(&mut self, queue: &mut Queue) {
        let Some(choice) = self.choice().map(|choice| ExportChoice { path: PathBuf::new(), ..choice }) else { return };
        if self.asked.as_ref() != Some(&choice) {
            queue.push(Action::PlanExport(choice.clone()));
            self.asked = Some(choice);
            self.report = None;
        }
    }
}

fn exported() -> impl Iterator<Item = &'static Format> {
    FORMATS.iter().filter(|format| format.writer.is_some())
}

fn name_of_place(place: TextPlace) -> &'static str {
    match place {
        TextPlace::Nowhere => "Nowhere",
        TextPlace::Inside => "Inside, in a column",
        TextPlace::Beside => "Beside, a text file each",
    }
}
