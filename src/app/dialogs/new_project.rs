//! A new project: folder and template.

use std::path::Path;

use eframe::egui::{RichText, Ui};

use super::{Next, PathUse, Pressed, buttons_ui, path_ui, title_ui, typed_path};
use crate::app::queue::{Action, Queue};
use crate::app::words::tr;
use crate::store::Places;
use crate::store::templates::TEMPLATES;

/// Where, and with which codebook.
pub(crate) struct NewProjectForm {
    folder: String,
    template: &'static str,
}

impl NewProjectForm {
    pub(crate) fn new(places: &Places) -> Self {
        let template = TEMPLATES.first().map_or("news", |template| template.name);
        Self { folder: places.fresh_project_dir("study").display().to_string(), template }
    }

    pub(super) fn set_folder(&mut self, folder: &Path) {
        self.folder = folder.display().to_string();
    }

    pub(super) fn ui(&mut self, ui: &mut Ui, queue: &mut Queue) -> Next {
        title_ui(ui, "New project", 560.0);
        if path_ui(ui, "Folder (new or empty)", &mut self.folder) {
            return Next::Pick(PathUse::NewProject);
        }
        ui.add_space(6.0);
        ui.label(RichText::new(tr("Codebook")).strong());
        for template in TEMPLATES {
            ui.radio_value(&mut self.template, template.name, template.title);
        }
        let path = typed_path(&self.folder);
        match buttons_ui(ui, "Create", path.is_some()) {
            Some(Pressed::Cancel) => Next::Close,
            Some(Pressed::Done) => {
                queue.push(Action::CreateProject { dir: path.unwrap_or_default(), template: self.template });
                Next::Close
            }
            None => Next::Stay,
        }
    }
}
