//! Another codebook for the project: the file, what of the old one stays, and what will happen, before it happens.

use std::path::{Path, PathBuf};

use eframe::egui::{Align, Color32, Key, Layout, RichText, ScrollArea, Ui, vec2};

use super::{Next, PathUse, Pressed, buttons_ui, path_ui, title_ui, typed_path};
use crate::app::queue::{Action, Queue};
use crate::app::words::{tr, tr_count};
use crate::edit::ops::{Adoption, AdoptionLine, Others, RowFate};
use crate::model::{CodebookUses, Finding, Schema};
use crate::text::with_symbols;

/// Height of a row of the list, in points.
const ROW: f32 = 22.0;
/// Height of the dialog's other parts, in points.
const AROUND: f32 = 290.0;

/// A file, and what came of it.
pub(crate) struct ImportCodebookForm {
    path: String,
    others: Others,
    // Of the path that was looked at.
    looked: Option<(PathBuf, Looked)>,
}

/// What a file would do.
pub(crate) enum Looked {
    /// It is being read.
    Waiting,
    /// It cannot be read.
    Bad(String),
    /// It was read, and the uses of the project's codebook were counted.
    Good(Box<Found>),
}

/// Another codebook, and what it would do to the project's own.
pub(crate) struct Found {
    pub(crate) schema: Schema,
    pub(crate) uses: CodebookUses,
    pub(crate) findings: Vec<Finding>,
    pub(crate) plan: Adoption,
}

impl ImportCodebookForm {
    pub(crate) fn new() -> Self {
        Self { path: String::new(), others: Others::TakeOut, looked: None }
    }

    pub(super) fn set_path(&mut self, path: &Path, queue: &mut Queue) {
        self.path = path.display().to_string();
        self.look(queue);
    }

    /// What of the project's codebook is to stay.
    pub(crate) fn others(&self) -> Others {
        self.others
    }

    /// What was found in a file, if it is still the one that is meant.
    pub(crate) fn take(&mut self, path: &Path, looked: Looked) {
        if let Some((_, waiting)) = self.looked.as_mut().filter(|(meant, _)| meant == path) {
            *waiting = looked;
        }
    }

    /// What was found, to be planned anew.
    pub(crate) fn found_mut(&mut self) -> Option<&mut Found> {
        match &mut self.looked {
            Some((_, Looked::Good(found))) => Some(found),
            _ => None,
        }
    }

    fn look(&mut self, queue: &mut Queue) {
        if let Some(path) = typed_path(&self.path) {
            self.looked = Some((path.clone(), Looked::Waiting));
            queue.push(Action::LookAtCodebook(path));
        }
    }

    pub(super) fn ui(&mut self, ui: &mut Ui, queue: &mut Queue) -> Next {
        title_ui(ui, "Import codebook", 640.0);
        ui.weak(tr(
            "A codebook in RON (schema.ron of any project), or annotation.conf of brat; names and colours are taken from visual.conf beside it.",
        ));
        let before = self.path.clone();
        if path_ui(ui, "File or folder", &mut self.path) {
            return Next::Pick(PathUse::ImportCodebook);
        }
        if self.path != before {
            self.looked = None;
        }
        if self.looked.is_none() && ui.input(|input| input.key_pressed(Key::Enter)) {
            self.look(queue);
        }
        self.others_ui(ui, queue);
        ui.separator();
        self.looked_ui(ui, queue);
        let plan = match &self.looked {
            Some((_, Looked::Good(found))) => Some(&found.plan),
            _ => None,
        };
        match buttons_ui(ui, "Take over", plan.is_some()) {
            Some(Pressed::Done) => {
                queue.extend(plan.map(|plan| Action::AdoptCodebook(Box::new(plan.clone()))));
                Next::Close
            }
            Some(Pressed::Cancel) => Next::Close,
            None => Next::Stay,
        }
    }

    fn others_ui(&mut self, ui: &mut Ui, queue: &mut Queue) {
        ui.add_space(4.0);
        let before = self.others;
        ui.radio_value(&mut self.others, Others::TakeOut, tr("Replace: what the file does not have goes, or is retired where it is used"));
        ui.radio_value(&mut self.others, Others::Keep, tr("Add: what the file does not have stays as it is"));
        if self.others != before {
            queue.push(Action::PlanCodebook);
        }
    }

    fn looked_ui(&mut self, ui: &mut Ui, queue: &mut Queue) {
        match &self.looked {
            None => {
                if ui.add_enabled(typed_path(&self.path).is_some(), eframe::egui::Button::new(tr("Look at it"))).clicked() {
                    self.look(queue);
                }
            }
            Some((_, Looked::Waiting)) => drop(ui.weak(tr("Reading the file and counting uses…"))),
            Some((_, Looked::Bad(why))) => drop(ui.colored_label(ui.visuals().error_fg_color, with_symbols(why))),
            Some((_, Looked::Good(found))) => found_ui(ui, found),
        }
    }
}

fn found_ui(ui: &mut Ui, found: &Found) {
    let Found { schema, findings, plan, .. } = found;
    let counts = RowFate::ALL.into_iter().map(|fate| (plan.count(fate), fate)).filter(|(count, _)| *count > 0);
    let counts: Vec<String> = counts.map(|(count, fate)| format!("{count} {}", tr(fate.as_str()))).collect();
    let summary = if counts.is_empty() { tr("Nothing changes").into_owned() } else { counts.join(", ") };
    ui.strong(format!("“{}”: {summary}", with_symbols(&schema.info.name)));
    if !findings.is_empty() {
        ui.label(tr_count("{} thing to know about the file is listed below.", "{} things to know about the file are listed below.", findings.len()));
    }
    let height = (ui.ctx().content_rect().height() - AROUND).clamp(80.0, 300.0);
    let rows = plan.lines.len() + findings.len();
    ui.spacing_mut().item_spacing.y = 0.0;
    ScrollArea::vertical().max_height(height).auto_shrink([false, true]).show_rows(ui, ROW, rows, |ui, shown| {
        for row in shown {
            match (plan.lines.get(row), findings.get(row.saturating_sub(plan.lines.len()))) {
                (Some(line), _) => line_ui(ui, line),
                (None, Some(finding)) => {
                    let text = finding.to_string();
                    ui.add(eframe::egui::Label::new(RichText::new(&text).weak()).truncate()).on_hover_text(text);
                }
                (None, None) => {}
            }
        }
    });
}

fn line_ui(ui: &mut Ui, line: &AdoptionLine) {
    ui.horizontal(|ui| {
        column_ui(ui, 112.0, RichText::new(tr(line.fate.as_str())).color(fate_color(ui, line.fate)));
        column_ui(ui, 92.0, RichText::new(tr(line.list)).weak());
        ui.add(eframe::egui::Label::new(with_symbols(&line.name)).truncate());
        if line.uses > 0 {
            ui.weak(tr_count("{} use", "{} uses", line.uses));
        }
    });
}

fn column_ui(ui: &mut Ui, width: f32, text: RichText) {
    let layout = Layout::left_to_right(Align::Center);
    ui.allocate_ui_with_layout(vec2(width, ROW), layout, |ui| {
        ui.set_min_width(width);
        ui.label(text);
    });
}

fn fate_color(ui: &Ui, fate: RowFate) -> Color32 {
    match fate {
        RowFate::Retired | RowFate::TakenOut | RowFate::ChangedInPart => ui.visuals().warn_fg_color,
        RowFate::Added | RowFate::Changed => ui.visuals().text_color(),
    }
}
