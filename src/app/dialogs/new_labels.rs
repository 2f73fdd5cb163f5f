//! An import brings very many labels that the codebook does not have: perhaps a column of something else was taken for them.

use eframe::egui::{ScrollArea, Ui};

use super::{Next, Pressed, buttons_ui, title_ui};
use crate::app::jobs::ImportRead;
use crate::app::queue::{Action, Queue};
use crate::app::words::{tr, tr_count};
use crate::text::with_symbols;

/// So many are shown.
const SHOWN: usize = 200;

/// What was read and is not added yet; it is taken back when it is not wanted.
pub(crate) struct NewLabelsForm {
    read: Option<Box<ImportRead>>,
    names: String,
    count: usize,
}

impl NewLabelsForm {
    pub(crate) fn new(read: ImportRead) -> Self {
        let labels = read.ready.as_ref().map_or(&[][..], |ready| ready.new_labels());
        let shown: Vec<_> = labels.iter().take(SHOWN).map(|label| with_symbols(label.as_str())).collect();
        let more = if labels.len() > SHOWN { ", …" } else { "" };
        Self { names: format!("{}{more}", shown.join(", ")), count: labels.len(), read: Some(Box::new(read)) }
    }

    pub(super) fn ui(&mut self, ui: &mut Ui, queue: &mut Queue) -> Next {
        title_ui(ui, "Add so many labels?", 560.0);
        ui.label(tr_count(
            "The files bring {} label that the codebook does not have.",
            "The files bring {} labels that the codebook does not have.",
            self.count,
        ));
        ui.weak(tr("Perhaps their format was taken for another one. Cancel imports nothing."));
        ui.add_space(6.0);
        ScrollArea::vertical().max_height(220.0).show(ui, |ui| ui.label(&self.names));
        match buttons_ui(ui, "Add them", true) {
            Some(Pressed::Done) => {
                self.read.take().into_iter().for_each(|read| queue.push(Action::AddImport(read)));
                Next::Close
            }
            Some(Pressed::Cancel) => Next::Close,
            None => Next::Stay,
        }
    }
}
