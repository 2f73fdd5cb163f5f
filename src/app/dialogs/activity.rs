//! Where the log of activity goes.

use std::path::Path;

use eframe::egui::Ui;

use super::{Next, PathUse, Pressed, buttons_ui, path_ui, title_ui, typed_path};
use crate::app::queue::{Action, Queue};
use crate::app::words::tr;

const NAME: &str = "activity.csv";

/// A file for the log.
pub(crate) struct ActivityForm {
    path: String,
}

impl ActivityForm {
    pub(crate) fn new(project: &Path) -> Self {
        Self { path: project.with_file_name(NAME).display().to_string() }
    }

    pub(super) fn set_folder(&mut self, folder: &Path) {
        self.path = folder.join(NAME).display().to_string();
    }

    pub(super) fn ui(&mut self, ui: &mut Ui, queue: &mut Queue) -> Next {
        title_ui(ui, "Export activity", 560.0);
        ui.weak(tr("What each coder of this project did on this machine, in which document, when, and how long they were at work, as CSV."));
        if path_ui(ui, "Write to", &mut self.path) {
            return Next::Pick(PathUse::Activity);
        }
        let path = typed_path(&self.path);
        match buttons_ui(ui, "Export", path.is_some()) {
            Some(Pressed::Done) => {
                queue.push(Action::ExportActivity(path.unwrap_or_default()));
                Next::Close
            }
            Some(Pressed::Cancel) => Next::Close,
            None => Next::Stay,
        }
    }
}
