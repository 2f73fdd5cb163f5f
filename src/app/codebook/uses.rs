//! How often each row is used, so that everybody sees what a change of it touches. Counted when the codebook is opened and
//! after what reaches into articles.

use std::collections::BTreeMap;

use eframe::egui::Ui;

use crate::app::App;
use crate::app::jobs::Done;
use crate::app::words::{tr, tr_count, tr_with};
use crate::model::{CodebookKey, CoderKey};
use crate::workspace::{ChangeAllError, Uses};

/// Uses of all rows.
#[derive(Default)]
pub(crate) struct RowUses {
    /// In the coder's own sheets.
    own: BTreeMap<CodebookKey, Uses>,
    /// In those of others.
    others: BTreeMap<CodebookKey, Uses>,
}

impl RowUses {
    fn sentence(&self, row: &CodebookKey) -> String {
        let places = |uses: &Uses| {
            let times = tr_count("once", "{} times", uses.rows);
            format!("{times} {}", tr_count("in 1 document", "in {} documents", uses.documents))
        };
        match (self.own.get(row), self.others.get(row)) {
            (None, None) => tr("No article uses it.").into_owned(),
            (Some(own), None) => tr_with("Used {}.", places(own)),
            (None, Some(others)) => tr_with("Used by other coders {}.", places(others)),
            (Some(own), Some(others)) => tr_with(&tr_with("Used {}; by other coders {}.", places(own)), places(others)),
        }
    }

    /// What a change of the row touches.
    pub(super) fn ui(counted: Option<&Self>, ui: &mut Ui, row: &CodebookKey) {
        let sentence = counted.map_or_else(|| tr("Counting…").into_owned(), |counted| counted.sentence(row));
        ui.weak(sentence)
            .on_hover_text(tr("Articles hold the key alone: another name, colour or place shows there at once, and none of them is changed."));
    }
}

impl App {
    /// Counts anew, where the codebook is shown.
    pub(crate) fn count_codebook_uses(&mut self) {
        let Some(session) = self.session.as_ref().filter(|_| self.panels.codebook.is_open()) else { return };
        let workspace = &session.workspace;
        let own = workspace.change_all();
        let others: Vec<CoderKey> = workspace.state().coders.keys().filter(|coder| *coder != workspace.coder()).cloned().collect();
        let others: Vec<_> = others.iter().map(|coder| workspace.change_all_of(coder)).collect();
        self.jobs.start(&self.ctx, tr("Counting"), move |progress, cancel| {
            let count = || -> Result<RowUses, ChangeAllError> {
                let mut uses = RowUses { own: own.tally((progress, cancel))?, others: BTreeMap::new() };
                for other in &others {
                    for (row, found) in other.tally((progress, cancel))? {
                        let all = uses.others.entry(row).or_default();
                        (all.rows, all.documents) = (all.rows + found.rows, all.documents + found.documents);
                    }
                }
                Ok(uses)
            };
            // A sheet that cannot be read is told where it is opened; here the count stays open.
            Done::CodebookCounted(count().ok().map(Box::new))
        });
    }

    pub(crate) fn codebook_counted(&mut self, uses: Option<Box<RowUses>>) {
        if let Some(uses) = uses {
            self.panels.codebook.set_uses(*uses);
        }
    }
}
