//! A project with other coders: go on as one of them, or begin with sheets of one's own?

use std::path::PathBuf;

use eframe::egui::{Button, Ui, vec2};

use super::{Next, title_ui};
use crate::app::queue::{Action, Queue};
use crate::app::words::{tr, tr_with};
use crate::model::{Coder, CoderKey};
use crate::text::with_symbols;
use crate::workspace::Who;

/// The project and its coders.
pub(crate) struct WhoForm {
    dir: PathBuf,
    coders: Vec<(CoderKey, Coder)>,
    name: String,
}

impl WhoForm {
    pub(crate) fn new(dir: PathBuf, coders: Vec<(CoderKey, Coder)>, name: String) -> Self {
        Self { dir, coders, name }
    }

    pub(super) fn ui(&mut self, ui: &mut Ui, queue: &mut Queue) -> Next {
        title_ui(ui, "Who annotates here?", 420.0);
        ui.label(tr("Each coder has sheets of their own. Go on with the annotations of one of this project's coders, or begin with blank sheets."));
        ui.add_space(6.0);
        let mut chosen = None;
        for (key, coder) in &self.coders {
            if choice_ui(ui, &tr_with("Go on as {}", with_symbols(&coder.name))) {
                chosen = Some(Who::Coder(key.clone()));
            }
        }
        if choice_ui(ui, &tr_with("Begin as {}", &self.name)) {
            chosen = Some(Who::Named(self.name.clone()));
        }
        ui.add_space(6.0);
        let is_cancelled = ui.button(tr("Cancel")).clicked();
        match chosen {
            Some(who) => {
                queue.push(Action::OpenAs { dir: std::mem::take(&mut self.dir), who });
                Next::Close
            }
            None if is_cancelled => Next::Close,
            None => Next::Stay,
        }
    }
}

fn choice_ui(ui: &mut Ui, text: &str) -> bool {
    ui.add(Button::new(text).min_size(vec2(ui.available_width(), 28.0))).clicked()
}
