//! A new project: folder and codebook. Each template is shown with what it is for and a small marked text.

use std::path::Path;

use eframe::egui::{Frame, RichText, ScrollArea, Ui, vec2};

use super::{Next, PathUse, Pressed, buttons_ui, path_ui, title_ui, typed_path};
use crate::app::article::Picture;
use crate::app::queue::{Action, FirstArticle, Queue};
use crate::app::words::tr;
use crate::store::Places;
use crate::store::templates::{TEMPLATES, Template};

/// Width of the list of templates, in points.
const LIST: f32 = 250.0;
/// Height of the dialog's other parts, in points.
const AROUND: f32 = 264.0;

/// Where, and with which codebook.
pub(crate) struct NewProjectForm {
    folder: String,
    template: &'static str,
    with_example: bool,
    // The example of a template by its name, made when it is looked at.
    shown: Option<(&'static str, Picture)>,
}

impl NewProjectForm {
    pub(crate) fn new(places: &Places) -> Self {
        let template = TEMPLATES.first().map_or("news", |template| template.name);
        Self { folder: places.fresh_project_dir("study").display().to_string(), template, with_example: false, shown: None }
    }

    pub(super) fn set_folder(&mut self, folder: &Path) {
        self.folder = folder.display().to_string();
    }

    pub(super) fn ui(&mut self, ui: &mut Ui, queue: &mut Queue) -> Next {
        title_ui(ui, "New project", 840.0);
        if path_ui(ui, "Folder (new or empty)", &mut self.folder) {
            return Next::Pick(PathUse::NewProject);
        }
        ui.add_space(6.0);
        self.templates_ui(ui);
        ui.checkbox(&mut self.with_example, tr("Begin with this example as first article"));
        let path = typed_path(&self.folder);
        match buttons_ui(ui, "Create", path.is_some()) {
            Some(Pressed::Cancel) => Next::Close,
            Some(Pressed::Done) => {
                let first = if self.with_example { FirstArticle::Example } else { FirstArticle::None };
                queue.push(Action::CreateProject { dir: path.unwrap_or_default(), template: self.template, first });
                Next::Close
            }
            None => Next::Stay,
        }
    }

    fn templates_ui(&mut self, ui: &mut Ui) {
        let height = (ui.ctx().content_rect().height() - AROUND).clamp(120.0, 330.0);
        let width = (ui.available_width() * 0.42).min(LIST);
        ui.horizontal_top(|ui| {
            ui.allocate_ui(vec2(width, height), |ui| {
                ui.set_min_height(height);
                ui.vertical(|ui| {
                    ui.label(RichText::new(tr("Codebook")).strong());
                    ScrollArea::vertical().id_salt("templates").auto_shrink([false, false]).show(ui, |ui| self.list_ui(ui));
                });
            });
            ui.vertical(|ui| {
                ui.set_min_height(height);
                self.example_ui(ui, height);
            });
        });
    }

    fn list_ui(&mut self, ui: &mut Ui) {
        for template in TEMPLATES {
            ui.radio_value(&mut self.template, template.name, tr(template.title));
        }
    }

    fn example_ui(&mut self, ui: &mut Ui, height: f32) {
        let chosen = TEMPLATES.iter().find(|template| template.name == self.template);
        if self.shown.as_ref().is_none_or(|(name, _)| *name != self.template) {
            self.shown = chosen.and_then(picture_of).map(|picture| (self.template, picture));
        }
        let Some((name, picture)) = &mut self.shown else { return };
        ScrollArea::vertical().id_salt(("example", *name)).max_height(height).auto_shrink([false, false]).show(ui, |ui| {
            ui.label(picture.description());
            ui.add_space(4.0);
            let fill = ui.visuals().extreme_bg_color;
            Frame::new().fill(fill).corner_radius(4.0).stroke(ui.visuals().widgets.noninteractive.bg_stroke).show(ui, |ui| picture.ui(ui));
        });
    }
}

fn picture_of(template: &'static Template) -> Option<Picture> {
    let schema = template.schema().ok()?;
    let example = template.example(&schema).ok()?;
    Some(Picture::new(example, schema))
}
