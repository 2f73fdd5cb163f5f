//! A copy of the project at another place.

use std::path::Path;

use eframe::egui::Ui;

use super::{Next, PathUse, Pressed, buttons_ui, path_ui, title_ui, typed_path};
use crate::app::queue::{Action, Queue};
use crate::app::words::tr;

/// Where the copy goes.
pub(crate) struct SaveAsForm {
    folder: String,
}

impl SaveAsForm {
    pub(crate) fn new(current: &Path) -> Self {
        Self { folder: format!("{}-copy", current.display()) }
    }

    pub(super) fn set_folder(&mut self, folder: &Path) {
        self.folder = folder.join("copy").display().to_string();
    }

    pub(super) fn ui(&mut self, ui: &mut Ui, queue: &mut Queue) -> Next {
        title_ui(ui, "Save project as", 560.0);
        if path_ui(ui, "Folder (new or empty)", &mut self.folder) {
            return Next::Pick(PathUse::SaveAs);
        }
        ui.weak(tr("The copy gets an id of its own; this window goes on with the copy."));
        let path = typed_path(&self.folder);
        match buttons_ui(ui, "Save copy", path.is_some()) {
            Some(Pressed::Cancel) => Next::Close,
            Some(Pressed::Done) => {
                queue.push(Action::SaveAs(path.unwrap_or_default()));
                Next::Close
            }
            None => Next::Stay,
        }
    }
}
