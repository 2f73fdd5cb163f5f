//! A file is not UTF-8: which encoding? With a preview, nothing is decoded silently.

use std::path::PathBuf;

use eframe::egui::{ComboBox, Frame, ScrollArea, Ui};

use super::{Next, Pressed, buttons_ui, title_ui};
use crate::app::queue::{Action, Queue};
use crate::app::words::{tr, tr_with};
use crate::text::decode::{OFFERED, preview};

/// Characters that the preview shows.
const PREVIEW_CHARS: usize = 1200;

/// Files that are not UTF-8, and the encoding to read them with.
pub(crate) struct EncodingForm {
    paths: Vec<PathBuf>,
    // The beginning of the first file.
    head: Vec<u8>,
    encoding: String,
    message: String,
}

impl EncodingForm {
    pub(crate) fn new(paths: Vec<PathBuf>, head: Vec<u8>, guess: &str, message: String) -> Self {
        Self { paths, head, encoding: guess.to_owned(), message }
    }

    pub(super) fn ui(&mut self, ui: &mut Ui, queue: &mut Queue) -> Next {
        title_ui(ui, "Which encoding?", 640.0);
        ui.label(&self.message);
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
            ui.weak(tr_with("for {} files", self.paths.len()));
        });
        ui.add_space(4.0);
        Frame::new().fill(ui.visuals().extreme_bg_color).inner_margin(8.0).corner_radius(4.0).show(ui, |ui| {
            ScrollArea::vertical().max_height(240.0).show(ui, |ui| {
                ui.label(preview(&self.head, &self.encoding, PREVIEW_CHARS));
            });
        });
        match buttons_ui(ui, "Open so", true) {
            Some(Pressed::Cancel) => Next::Close,
            Some(Pressed::Done) => {
                queue.push(Action::ImportAs { paths: std::mem::take(&mut self.paths), encoding: self.encoding.clone() });
                Next::Close
            }
            None => Next::Stay,
        }
    }
}
