//! Open projects and articles: by path, by the desktop's dialog, from the recent ones.

use std::path::{Path, PathBuf};

use eframe::egui::{Key, RichText, TextEdit, Ui};

use super::{Next, PathUse, Pressed, buttons_ui, title_ui, typed_path};
use crate::app::queue::{Action, Queue};
use crate::app::words::tr;

/// Paths, one a line.
#[derive(Default)]
pub(crate) struct OpenForm {
    paths: String,
    has_focus: bool,
}

impl OpenForm {
    pub(super) fn set_paths(&mut self, paths: &[PathBuf]) {
        self.paths = paths.iter().map(|path| path.display().to_string()).collect::<Vec<_>>().join("\n");
    }

    fn typed(&self) -> Vec<PathBuf> {
        self.paths.lines().filter_map(typed_path).collect()
    }

    pub(super) fn ui(&mut self, ui: &mut Ui, recent: &[PathBuf], queue: &mut Queue) -> Next {
        title_ui(ui, "Open", 560.0);
        let mut next = Next::Stay;
        ui.horizontal(|ui| {
            if ui.button(tr("Choose files…")).clicked() {
                next = Next::Pick(PathUse::OpenFiles);
            }
            if ui.button(tr("Choose a project folder…")).clicked() {
                next = Next::Pick(PathUse::OpenFolder);
            }
        });
        ui.add_space(4.0);
        let label = ui.label(tr("Paths, one a line"));
        let field = TextEdit::multiline(&mut self.paths).desired_rows(3).desired_width(f32::INFINITY).hint_text("~/articles/kerry.txt");
        let field = ui.add(field).labelled_by(label.id);
        if !std::mem::replace(&mut self.has_focus, true) {
            field.request_focus();
        }
        ui.weak(tr("A project's folder; texts; tables of articles or spans (CSV, JSONL, Excel); annotations of other programs."));
        recent_ui(ui, recent, queue, &mut next);
        let is_entered = field.has_focus() && ui.input(|input| input.modifiers.command && input.key_pressed(Key::Enter));
        let paths = self.typed();
        let missing = paths.iter().find(|path| !path.exists());
        if let Some(missing) = missing {
            ui.colored_label(ui.visuals().warn_fg_color, format!("{} {}", tr("There is nothing at"), missing.display()));
        }
        let is_ready = !paths.is_empty() && missing.is_none();
        match buttons_ui(ui, "Open", is_ready) {
            Some(Pressed::Cancel) => next = Next::Close,
            Some(Pressed::Done) => next = open(paths, queue),
            None if is_entered && is_ready => next = open(paths, queue),
            None => {}
        }
        next
    }
}

fn open(paths: Vec<PathBuf>, queue: &mut Queue) -> Next {
    queue.push(Action::OpenPaths(paths));
    Next::Close
}

fn recent_ui(ui: &mut Ui, recent: &[PathBuf], queue: &mut Queue, next: &mut Next) {
    let present: Vec<&PathBuf> = recent.iter().filter(|path| Path::exists(path)).take(6).collect();
    if present.is_empty() {
        return;
    }
    ui.add_space(8.0);
    ui.label(RichText::new(tr("Recent projects")).strong());
    for path in present {
        if ui.link(path.display().to_string()).clicked() {
            *next = open(vec![path.clone()], queue);
        }
    }
}
