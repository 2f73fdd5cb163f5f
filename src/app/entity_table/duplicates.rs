//! Entities that could be one and the same, to merge or to leave.

use eframe::egui::{Button, RichText, Role, ScrollArea, Ui, WidgetInfo};

use crate::app::queue::{Action, Queue};
use crate::app::session::Session;
use crate::app::words::{tr, tr_with};
use crate::model::{EntityId, State};
use crate::suggest::duplicates::LikelyDuplicate;
use crate::text::with_symbols;

/// The pairs, looked for when they are shown.
#[derive(Default)]
pub(super) struct Duplicates {
    is_shown: bool,
    pairs: Vec<LikelyDuplicate>,
    // Looked at and left: not shown again while the project is open.
    left: Vec<(EntityId, EntityId)>,
    // The revision of the entities that a job compares.
    asked_for: Option<u64>,
    is_found: bool,
}

impl Duplicates {
    pub(super) fn is_shown(&self) -> bool {
        self.is_shown
    }

    pub(super) fn button_ui(&mut self, ui: &mut Ui, session: &Session, queue: &mut Queue) {
        if ui.selectable_label(self.is_shown, tr("Likely duplicates")).on_hover_text(tr("Entities that could be one and the same")).clicked() {
            self.is_shown = !self.is_shown;
        }
        let revision = session.workspace.state().entities_revision;
        if self.is_shown && self.asked_for != Some(revision) {
            self.asked_for = Some(revision);
            queue.push(Action::FindDuplicates);
        }
    }

    /// The job brings what was asked for.
    pub(super) fn take(&mut self, revision: u64, pairs: Vec<LikelyDuplicate>) {
        if self.asked_for == Some(revision) {
            (self.pairs, self.is_found) = (pairs, true);
        }
    }

    pub(super) fn ui(&mut self, ui: &mut Ui, session: &Session, queue: &mut Queue) {
        let state = session.workspace.state();
        let left = &self.left;
        let pairs: Vec<&LikelyDuplicate> = self.pairs.iter().filter(|pair| !left.contains(&(pair.one, pair.other))).collect();
        if pairs.is_empty() {
            ui.add_space(12.0);
            ui.weak(tr(if self.is_found { "No two entities look like one." } else { "Comparing names…" }));
            return;
        }
        let mut leave = None;
        ScrollArea::vertical().id_salt("duplicates").auto_shrink([false, false]).show_rows(ui, 30.0, pairs.len(), |ui, shown| {
            for pair in pairs.get(shown).unwrap_or_default() {
                if pair_ui(ui, state, pair, session.is_writable(), queue) {
                    leave = Some((pair.one, pair.other));
                }
            }
        });
        self.left.extend(leave);
    }
}

/// One pair; true when it is to be left as it is.
fn pair_ui(ui: &mut Ui, state: &State, pair: &LikelyDuplicate, is_writable: bool, queue: &mut Queue) -> bool {
    let name = |id| state.entities.get(&id).map(|entity| with_symbols(&entity.name).into_owned()).unwrap_or_default();
    let (one, other) = (name(pair.one), name(pair.other));
    let mut is_left = false;
    ui.horizontal(|ui| {
        for (winner, loser, text) in [(pair.one, pair.other, &one), (pair.other, pair.one, &other)] {
            let button = ui.add_enabled(is_writable, Button::new(RichText::new(text).strong()).truncate());
            button.widget_info(|| WidgetInfo::labeled(Role::Button, true, tr_with("Merge into {}", text)));
            if button.on_hover_text(tr("Both are this one")).clicked() {
                queue.push(Action::MergeEntities { winner, losers: vec![loser] });
            }
        }
        ui.weak(tr(pair.why.phrase()));
        is_left = ui.small_button(tr("Leave both")).clicked();
    });
    is_left
}
