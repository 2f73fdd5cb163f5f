//! A file is not UTF-8: which encoding? With a preview, nothing is decoded silently.

use eframe::egui::{ComboBox, Frame, ScrollArea, Ui};

use super::{Next, Pressed, buttons_ui, title_ui};
use crate::app::jobs::UndecodedFiles;
use crate::app::queue::{Action, Queue};
use crate::app::words::{tr, tr_count, tr_with};
use crate::text::decode::{OFFERED, preview};

/// Characters that the preview shows.
const PREVIEW_CHARS: usize = 1200;

/// Files that are not UTF-8, and the encoding to read them with.
pub(crate) struct EncodingForm {
    files: UndecodedFiles,
    encoding: String,
}

impl EncodingForm {
    pub(crate) fn new(files: UndecodedFiles) -> Self {
        Self { encoding: files.guess.to_owned(), files }
    }

    pub(super) fn ui(&mut self, ui: &mut Ui, queue: &mut Queue) -> Next {
        title_ui(ui, "Which encoding?", 640.0);
        let guess = tr_with("is not UTF-8; it looks like {}. Nothing was read yet.", self.files.guess);
        ui.label(format!("{} {guess}", self.files.name));
        ui.horizontal(|ui| {
            let label = ui.label(tr("Encoding"));
            let combo = ComboBox::from_id_salt("encoding").selected_text(&self.encoding).width(180.0);
            combo
                .show_ui(ui, |ui| {
                    for name in OFFERED {
                        ui.selectable_value(&mut self.encoding, name.to_owned(), name);
                    }
                })
                .response
                .labelled_by(label.id);
            ui.weak(tr_count("for {} file", "for {} files", self.files.paths.len()));
        });
        ui.add_space(4.0);
        Frame::new().fill(ui.visuals().extreme_bg_color).inner_margin(8.0).corner_radius(4.0).show(ui, |ui| {
            ScrollArea::vertical().max_height(240.0).show(ui, |ui| {
                ui.label(preview(&self.files.head, &self.encoding, PREVIEW_CHARS));
            });
        });
        match buttons_ui(ui, "Open so", true) {
            Some(pressed) => {
                if pressed == Pressed::Done {
                    queue.push(Action::LookAtFiles { paths: std::mem::take(&mut self.files.paths), encoding: Some(self.encoding.clone()) });
                }
                queue.push(Action::LookAtFiles { paths: std::mem::take(&mut self.files.later), encoding: None });
                Next::Close
            }
            None => Next::Stay,
        }
    }
}
