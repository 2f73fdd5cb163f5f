//! Export: format, unit, scope and place, with what the format cannot carry before anything is written.

use std::path::{Path, PathBuf};

use eframe::egui::{ComboBox, RichText, ScrollArea, Ui};

use super::{Next, PathUse, Pressed, buttons_ui, path_ui, title_ui, typed_path};
use crate::app::queue::{Action, Queue};
use crate::app::session::Session;
use crate::app::words::{tr, tr_with};
use crate::format::{ExportReport, FORMATS, Fate, Format, Layout, Offsets, ReportLine};
use crate::model::DocumentId;
use crate::text::offsets::OffsetUnit;
use crate::text::with_symbols;
use crate::workspace::boilerplate::Boilerplate;

/// What to export, and how.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct ExportChoice {
    pub(crate) format: &'static str,
    pub(crate) offsets: Option<OffsetUnit>,
    /// One document; none for the whole project.
    pub(crate) document: Option<DocumentId>,
    pub(crate) boilerplate: Boilerplate,
    pub(crate) path: PathBuf,
}

/// The choice as it is being made.
pub(crate) struct ExportForm {
    format: &'static Format,
    unit: OffsetUnit,
    shown: Option<DocumentId>,
    scope: Scope,
    leaves_out_boilerplate: bool,
    folder: String,
    name: String,
    // What the export would carry; none while it is being worked out.
    report: Option<Result<ExportReport, String>>,
    // The choice that `report` is of, or will be of.
    asked: Option<ExportChoice>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Scope {
    Project,
    Document,
}

impl ExportForm {
    pub(crate) fn new(session: &Session) -> Self {
        let formats: Vec<&'static Format> = exported().collect();
        let format = formats.first().copied().unwrap_or(&FORMATS[0]);
        let dir = session.workspace.dir();
        let folder = dir.parent().unwrap_or(dir).display().to_string();
        let name = dir.file_name().map_or_else(|| "export".to_owned(), |name| format!("{}-export", name.to_string_lossy()));
        let unit = OffsetUnit::default();
        let shown = session.current().map(|key| key.document.clone());
        Self { format, unit, shown, scope: Scope::Project, leaves_out_boilerplate: false, folder, name, report: None, asked: None }
    }

    pub(super) fn set_folder(&mut self, folder: &Path) {
        self.folder = folder.display().to_string();
    }

    /// What would be exported now.
    pub(crate) fn choice(&self) -> ExportChoice {
        let offsets = matches!(self.format.offsets, Offsets::Choosable(_)).then_some(self.unit);
        let document = self.shown.clone().filter(|_| self.scope == Scope::Document);
        let boilerplate = if self.leaves_out_boilerplate { Boilerplate::LeaveOut } else { Boilerplate::Keep };
        ExportChoice { format: self.format.name, offsets, document, boilerplate, path: self.path().unwrap_or_default() }
    }

    fn path(&self) -> Option<PathBuf> {
        let folder = typed_path(&self.folder)?;
        let name = self.name.trim();
        let is_plain = !name.is_empty() && !name.contains(['/', '\\']) && name != "." && name != "..";
        let extension = self.format.extensions.first().copied().unwrap_or("txt");
        is_plain.then(|| match self.format.layout {
            Layout::Folder => folder.join(name),
            Layout::File => folder.join(format!("{name}.{extension}")),
        })
    }

    /// The report came for a choice; an old one is not shown.
    pub(crate) fn take_report(&mut self, report: Result<ExportReport, String>) {
        self.report = Some(report);
    }

    pub(super) fn ui(&mut self, ui: &mut Ui, session: Option<&Session>, queue: &mut Queue) -> Next {
        title_ui(ui, "Export", 620.0);
        self.format_ui(ui);
        self.scope_ui(ui, session);
        ui.checkbox(&mut self.leaves_out_boilerplate, tr("Leave out marks in boilerplate"))
            .on_hover_text(tr("The text stays whole, so that offsets stay right. What is left out is counted in the report."));
        let is_browsing = path_ui(ui, "Folder", &mut self.folder);
        super::field_ui(ui, "Name", &mut self.name, "");
        self.ask(queue);
        ui.separator();
        self.report_ui(ui);
        let path = self.path();
        if let Some(path) = path.as_ref().filter(|path| path.exists()) {
            ui.colored_label(ui.visuals().warn_fg_color, tr_with("{} is there already and will be replaced", path.display()));
        }
        let is_ready = path.is_some() && matches!(self.report, Some(Ok(_)));
        match buttons_ui(ui, "Export", is_ready) {
            _ if is_browsing => Next::Pick(PathUse::Export),
            Some(Pressed::Cancel) => Next::Close,
            Some(Pressed::Done) => {
                queue.push(Action::Export(self.choice()));
                Next::Close
            }
            None => Next::Stay,
        }
    }

    fn format_ui(&mut self, ui: &mut Ui) {
        ui.horizontal(|ui| {
            let label = ui.label(tr("Format"));
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
        ui.weak(self.format.carries);
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

    fn scope_ui(&mut self, ui: &mut Ui, session: Option<&Session>) {
        let title =
            self.shown.as_ref().and_then(|id| session?.workspace.state().document(id)).map(|document| with_symbols(&document.title).into_owned());
        ui.horizontal(|ui| {
            ui.radio_value(&mut self.scope, Scope::Project, tr("The whole project"));
            if let Some(title) = title {
                ui.add_space(8.0);
                ui.radio_value(&mut self.scope, Scope::Document, tr("This article only")).on_hover_text(title);
            }
        });
    }

    /// Asks for a report when the choice, its place aside, has changed.
    fn ask(&mut self, queue: &mut Queue) {
        let choice = ExportChoice { path: PathBuf::new(), ..self.choice() };
        if self.asked.as_ref() != Some(&choice) {
            queue.push(Action::PlanExport(choice.clone()));
            self.asked = Some(choice);
            self.report = None;
        }
    }

    fn report_ui(&self, ui: &mut Ui) {
        match &self.report {
            None => drop(ui.weak(tr("Working out what the format can carry…"))),
            Some(Err(error)) => drop(ui.colored_label(ui.visuals().error_fg_color, error)),
            Some(Ok(report)) => {
                let said = if report.is_lossless() { "Everything is carried over." } else { "Not everything can be carried over:" };
                ui.label(RichText::new(tr(said)).strong());
                ScrollArea::vertical().max_height(180.0).auto_shrink([false, true]).show(ui, |ui| {
                    report.lines.iter().for_each(|line| line_ui(ui, line));
                });
                ui.weak(tr("The same report is written beside the export."));
            }
        }
    }
}

fn line_ui(ui: &mut Ui, line: &ReportLine) {
    let color = match line.fate {
        Fate::Dropped => ui.visuals().error_fg_color,
        Fate::Changed => ui.visuals().warn_fg_color,
        Fate::Kept => ui.visuals().weak_text_color(),
    };
    ui.horizontal_wrapped(|ui| {
        ui.label(RichText::new(tr(line.fate.as_str())).color(color).strong());
        ui.label(format!("{} {}", line.count, line.what));
        if !line.why.is_empty() {
            ui.weak(line.why);
        }
    })
    .response
    .on_hover_text(line.examples.join("\n"));
}

fn exported() -> impl Iterator<Item = &'static Format> {
    FORMATS.iter().filter(|format| format.writer.is_some())
}
