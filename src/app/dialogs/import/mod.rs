//! Import: what the files are taken for, what was found out about them, and the first documents, before anything is added.
//! The preview is drawn by `preview`, the columns of tables by `columns`.

mod columns;
mod preview;

use std::path::{Path, PathBuf};

use eframe::egui::{ComboBox, Grid, Key, TextEdit, Ui};

use self::columns::Table;
use super::{Next, PathUse, Pressed, buttons_ui, path_ui, title_ui, typed_path};
use crate::app::queue::{Action, Queue};
use crate::app::words::{tr, tr_with};
use crate::format::{CoderPattern, Columns, FORMATS, Format, Offsets};
use crate::text::decode::OFFERED;
use crate::text::offsets::OffsetUnit;
use crate::workspace::import::ImportPreview;

/// How files are to be read.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(crate) struct ImportChoice {
    /// By its name; none is guessed file by file.
    pub(crate) format: Option<&'static str>,
    /// None is found out from the texts.
    pub(crate) unit: Option<OffsetUnit>,
    /// None takes UTF-8 and asks for others.
    pub(crate) encoding: Option<String>,
    pub(crate) columns: Columns,
    /// Where the names of files say whose annotations they hold.
    pub(crate) coder_pattern: Option<CoderPattern>,
    /// A file that says where things stand in JSON.
    pub(crate) mapping: Option<PathBuf>,
}

impl ImportChoice {
    /// With this encoding, everything else guessed.
    pub(crate) fn with_encoding(encoding: Option<String>) -> Self {
        Self { encoding, ..Self::default() }
    }
}

/// The files, the choice as it is being made, and what an import would bring with it.
pub(crate) struct ImportForm {
    paths: Vec<PathBuf>,
    choice: ImportChoice,
    // As typed: not every pattern makes sense.
    pattern: String,
    mapping: String,
    coder: String,
    seen: ImportPreview,
    // What `seen` is of.
    seen_with: ImportChoice,
    // What a preview was asked for.
    asked: ImportChoice,
}

impl ImportForm {
    /// For files of which a preview was made. `coder` has what the files say of nobody.
    pub(crate) fn new(paths: Vec<PathBuf>, choice: ImportChoice, seen: ImportPreview, coder: String) -> Self {
        Self { paths, pattern: String::new(), mapping: String::new(), coder, seen, seen_with: choice.clone(), asked: choice.clone(), choice }
    }

    /// True when these are its files.
    pub(crate) fn is_of(&self, paths: &[PathBuf]) -> bool {
        self.paths == paths
    }

    /// A preview came; one that nobody waits for any more is not shown.
    pub(crate) fn take_preview(&mut self, choice: ImportChoice, seen: ImportPreview) {
        if choice == self.asked {
            self.seen = seen;
            self.seen_with = choice;
        }
    }

    pub(super) fn set_mapping(&mut self, path: &Path) {
        self.mapping = path.display().to_string();
    }

    pub(super) fn ui(&mut self, ui: &mut Ui, queue: &mut Queue) -> Next {
        title_ui(ui, "Import", 720.0);
        preview::files_ui(ui, &self.seen);
        ui.add_space(6.0);
        let mut is_sure = self.choice_ui(ui);
        let is_browsing = self.is_json() && path_ui(ui, "Mapping, for JSON of your own", &mut self.mapping);
        is_sure &= self.mapping_ui(ui);
        if is_sure && self.asked != self.choice {
            self.asked = self.choice.clone();
            queue.push(Action::PreviewImport { paths: self.paths.clone(), choice: self.choice.clone() });
        }
        ui.separator();
        let is_seen = is_sure && self.seen_with == self.choice;
        preview::ui(ui, &self.seen, is_seen);
        let is_ready = is_seen && self.seen.has_something();
        let is_entered = is_ready && ui.memory(|memory| memory.focused().is_none()) && ui.input(|input| input.key_pressed(Key::Enter));
        match buttons_ui(ui, "Import", is_ready) {
            _ if is_browsing => Next::Pick(PathUse::JsonMapping),
            Some(Pressed::Cancel) => Next::Close,
            Some(Pressed::Done) => self.done(queue),
            None if is_entered => self.done(queue),
            None => Next::Stay,
        }
    }

    fn done(&mut self, queue: &mut Queue) -> Next {
        queue.push(Action::Import { paths: std::mem::take(&mut self.paths), choice: self.choice.clone() });
        Next::Close
    }

    /// Takes the mapping that is typed. False where there is no such file.
    fn mapping_ui(&mut self, ui: &mut Ui) -> bool {
        self.choice.mapping = typed_path(&self.mapping).filter(|_| self.is_json());
        let is_there = self.choice.mapping.as_ref().is_none_or(|path| path.is_file());
        if !is_there {
            ui.colored_label(ui.visuals().error_fg_color, tr("There is no such file."));
        }
        is_there
    }

    /// The rows of the choice. False while what is typed makes no sense.
    fn choice_ui(&mut self, ui: &mut Ui) -> bool {
        let mut is_sure = true;
        Grid::new("how to import").num_columns(2).spacing([14.0, 6.0]).show(ui, |ui| {
            self.format_ui(ui);
            if self.has_offsets() {
                self.unit_ui(ui);
            }
            self.encoding_ui(ui);
            if self.has_annotations() {
                is_sure = self.pattern_ui(ui);
            }
        });
        let table = self.formats().find_map(|format| Table::of(format, &self.seen.columns));
        if let Some(table) = table {
            columns::ui(ui, table, &self.seen.columns, &mut self.choice.columns);
        }
        is_sure
    }

    /// What the files are taken for.
    fn formats(&self) -> impl Iterator<Item = &'static Format> {
        self.seen.files.iter().map(|files| files.format)
    }

    fn has_offsets(&self) -> bool {
        self.formats().any(|format| format.offsets != Offsets::None)
    }

    fn is_json(&self) -> bool {
        self.formats().any(|format| format.extensions.contains(&"json") || format.extensions.contains(&"jsonl"))
    }

    fn has_annotations(&self) -> bool {
        self.formats().any(|format| !["text", "articles-csv", "articles-jsonl"].contains(&format.name))
    }

    fn format_ui(&mut self, ui: &mut Ui) {
        let label = ui.label(tr("Format"));
        let title = |name: Option<&str>| name.and_then(crate::format::find).map(|format| format.title);
        let shown = title(self.choice.format).map_or_else(|| tr("As the files look"), Into::into);
        let combo = ComboBox::from_id_salt("format of files").selected_text(shown).width(320.0).height(440.0);
        let response = combo.show_ui(ui, |ui| {
            ui.selectable_value(&mut self.choice.format, None, tr("As the files look"));
            for format in FORMATS.iter().filter(|format| format.reader.is_some()) {
                ui.selectable_value(&mut self.choice.format, Some(format.name), format.title).on_hover_text(format.carries);
            }
        });
        response.response.labelled_by(label.id);
        ui.end_row();
    }

    fn unit_ui(&mut self, ui: &mut Ui) {
        let label = ui.label(tr("Offsets count"));
        ui.horizontal(|ui| {
            let found_out = || tr("Found out from the texts");
            let shown = self.choice.unit.map_or_else(found_out, |unit| unit.as_str().into());
            let response = ComboBox::from_id_salt("unit of files").selected_text(shown).width(180.0).show_ui(ui, |ui| {
                ui.selectable_value(&mut self.choice.unit, None, found_out());
                for unit in OffsetUnit::ALL {
                    ui.selectable_value(&mut self.choice.unit, Some(unit), unit.as_str());
                }
            });
            response.response.labelled_by(label.id);
            preview::evidence_ui(ui, &self.seen.evidence);
        });
        ui.end_row();
    }

    fn encoding_ui(&mut self, ui: &mut Ui) {
        let label = ui.label(tr("Encoding"));
        ui.horizontal(|ui| {
            let usual = || tr("UTF-8; others are asked for");
            let shown = self.choice.encoding.clone().map_or_else(usual, Into::into);
            let response = ComboBox::from_id_salt("encoding of files").selected_text(shown).width(180.0).show_ui(ui, |ui| {
                ui.selectable_value(&mut self.choice.encoding, None, usual());
                for name in OFFERED {
                    ui.selectable_value(&mut self.choice.encoding, Some(name.to_owned()), name);
                }
            });
            response.response.labelled_by(label.id);
            if let Some(file) = self.seen.undecoded.first() {
                let said = tr_with("{} is not UTF-8", &file.file);
                ui.colored_label(ui.visuals().warn_fg_color, format!("{said}; {}", tr_with("it looks like {}", file.guess)));
            }
        });
        ui.end_row();
    }

    fn pattern_ui(&mut self, ui: &mut Ui) -> bool {
        let label = ui.label(tr("Coders from file names"));
        let mut is_sure = true;
        ui.vertical(|ui| {
            let field = TextEdit::singleline(&mut self.pattern).desired_width(f32::INFINITY).hint_text("{doc}.{coder}.ann");
            ui.add(field).labelled_by(label.id);
            let parsed = Some(self.pattern.trim()).filter(|text| !text.is_empty()).map(str::parse::<CoderPattern>);
            match parsed.transpose() {
                Ok(pattern) => {
                    let said = match pattern {
                        None => tr_with("Annotations without a coder become those of {}.", &self.coder),
                        Some(_) => tr("Whose annotations each file holds is shown below.").into_owned(),
                    };
                    ui.weak(said);
                    self.choice.coder_pattern = pattern;
                }
                Err(_) => {
                    is_sure = false;
                    ui.colored_label(ui.visuals().error_fg_color, tr("It needs {coder} and {doc} once each, with something between."));
                }
            }
        });
        ui.end_row();
        is_sure
    }
}
