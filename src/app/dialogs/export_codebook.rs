//! Where the codebook goes as a file of its own.

use std::path::Path;

use eframe::egui::Ui;

use super::{Next, PathUse, Pressed, buttons_ui, path_ui, title_ui, typed_path};
use crate::app::queue::{Action, Queue};
use crate::app::words::tr;

const NAME: &str = "codebook.ron";

/// A file for the codebook.
pub(crate) struct ExportCodebookForm {
    path: String,
}

impl ExportCodebookForm {
    pub(crate) fn new(project: &Path) -> Self {
        Self { path: project.with_file_name(NAME).display().to_string() }
    }

    pub(super) fn set_folder(&mut self, folder: &Path) {
        self.path = folder.join(NAME).display().to_string();
    }

    pub(super) fn ui(&mut self, ui: &mut Ui, queue: &mut Queue) -> Next {
        title_ui(ui, "Export codebook", 560.0);
        ui.weak(tr("Labels, attributes, roles and types of relations as a file in RON, which other projects can import."));
        if path_ui(ui, "Write to", &mut self.path) {
            return Next::Pick(PathUse::ExportCodebook);
        }
        let path = typed_path(&self.path);
        let is_there = path.as_ref().is_some_and(|path| path.exists());
        if is_there {
            ui.colored_label(ui.visuals().warn_fg_color, tr("This file exists and will be replaced."));
        }
        match buttons_ui(ui, "Export", path.is_some()) {
            Some(Pressed::Done) => {
                queue.push(Action::ExportCodebook(path.unwrap_or_default()));
                Next::Close
            }
            Some(Pressed::Cancel) => Next::Close,
            None => Next::Stay,
        }
    }
}
