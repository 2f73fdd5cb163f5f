//! What is exported: which documents, whose sheets, which labels, and what is left out.

use std::collections::BTreeSet;

use eframe::egui::{Popup, PopupCloseBehavior, ScrollArea, Ui};

use crate::app::session::Session;
use crate::app::words::{tr, tr_count};
use crate::model::{CoderKey, DocumentId, LabelKey, RegionKind, State};
use crate::text::{one_line, with_symbols};
use crate::workspace::export::ExportChoice;
use crate::workspace::leave_out::LeftOut;

/// Of a title, so many characters are shown.
const MOST_CHARS: usize = 40;

/// Points that a list of boxes takes at least.
const LIST_WIDTH: f32 = 200.0;

/// Which documents.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Documents {
    All,
    Shown,
    Chosen,
    Current,
}

/// The scope as it is being chosen.
pub(super) struct Scope {
    documents: Documents,
    all: usize,
    // What the list lets through, where that is not everything.
    shown: Option<BTreeSet<DocumentId>>,
    // What is chosen in the list.
    chosen: BTreeSet<DocumentId>,
    current: Option<(DocumentId, String)>,
    coders: Choice<CoderKey>,
    labels: Choice<LabelKey>,
    left_out: BTreeSet<RegionKind>,
}

impl Scope {
    /// Everything. `shown` and `chosen` are those of the list of documents.
    pub(super) fn new(session: &Session, shown: &[DocumentId], chosen: Vec<DocumentId>) -> Self {
        let state = session.workspace.state();
        let all = state.present_documents().count();
        let current = session.current().and_then(|key| {
            let document = state.document(&key.document)?;
            Some((key.document.clone(), one_line(&document.title, MOST_CHARS)))
        });
        Self {
            documents: Documents::All,
            all,
            shown: (shown.len() < all).then(|| shown.iter().cloned().collect()),
            chosen: chosen.into_iter().collect(),
            current,
            coders: Choice::of(coders(state)),
            labels: Choice::of(labels(state)),
            left_out: BTreeSet::new(),
        }
    }

    /// As the operation takes it.
    pub(super) fn choice(&self) -> ExportChoice {
        let documents = match self.documents {
            Documents::All => None,
            Documents::Shown => self.shown.clone(),
            Documents::Chosen => Some(self.chosen.clone()),
            Documents::Current => self.current.as_ref().map(|(id, _)| BTreeSet::from([id.clone()])),
        };
        let left_out = LeftOut { regions: self.left_out.clone(), labels: self.labels.chosen() };
        ExportChoice { coders: self.coders.chosen(), documents, left_out }
    }

    /// Rows of a grid: a name and what can be chosen.
    pub(super) fn rows_ui(&mut self, ui: &mut Ui) {
        ui.label(tr("Documents"));
        ui.vertical(|ui| self.documents_ui(ui));
        ui.end_row();
        if self.coders.rows.len() > 1 {
            let label = ui.label(tr("Coders"));
            self.coders.ui(ui, &tr("All coders")).labelled_by(label.id);
            ui.end_row();
        }
        let label = ui.label(tr("Labels"));
        self.labels.ui(ui, &tr("All labels")).labelled_by(label.id);
        ui.end_row();
        ui.label(tr("Leave out marks in"));
        ui.horizontal(|ui| {
            for kind in RegionKind::ALL {
                let mut is_left_out = self.left_out.contains(&kind);
                let said = tr("The text stays whole, so that offsets stay right. What is left out is counted in the report.");
                if ui.checkbox(&mut is_left_out, tr(kind.title())).on_hover_text(said).changed() {
                    toggle(&mut self.left_out, &kind);
                }
            }
        });
        ui.end_row();
    }

    fn documents_ui(&mut self, ui: &mut Ui) {
        ui.horizontal_wrapped(|ui| {
            ui.radio_value(
                &mut self.documents,
                Documents::All,
                tr_count("The whole project ({} document)", "The whole project ({} documents)", self.all),
            );
            if let Some((_, title)) = &self.current {
                ui.radio_value(&mut self.documents, Documents::Current, tr("This article only")).on_hover_text(title);
            }
            if let Some(shown) = &self.shown {
                let said = tr_count("The {} that the list shows", "The {} that the list shows", shown.len());
                ui.radio_value(&mut self.documents, Documents::Shown, said);
            }
            if !self.chosen.is_empty() {
                let said = tr_count("The {} that is chosen in the list", "The {} that are chosen in the list", self.chosen.len());
                ui.radio_value(&mut self.documents, Documents::Chosen, said);
            }
        });
    }
}

fn coders(state: &State) -> Vec<(CoderKey, String)> {
    state.coders.iter().map(|(key, coder)| (key.clone(), with_symbols(&coder.name).into_owned())).collect()
}

/// Those of spans and claims, in the order of the codebook.
fn labels(state: &State) -> Vec<(LabelKey, String)> {
    let mut labels: Vec<_> = state.schema.labels.iter().collect();
    labels.sort_by_key(|(key, label)| (label.position, *key));
    labels.into_iter().map(|(key, label)| (key.clone(), with_symbols(&label.name).into_owned())).collect()
}

fn toggle<K: Ord + Clone>(set: &mut BTreeSet<K>, key: &K) {
    if !set.remove(key) {
        set.insert(key.clone());
    }
}

/// Some of several, or all.
struct Choice<K> {
    rows: Vec<(K, String)>,
    picked: BTreeSet<K>,
}

impl<K: Ord + Clone> Choice<K> {
    fn of(rows: Vec<(K, String)>) -> Self {
        Self { rows, picked: BTreeSet::new() }
    }

    /// None for all of them.
    fn chosen(&self) -> Option<BTreeSet<K>> {
        (!self.picked.is_empty() && self.picked.len() < self.rows.len()).then(|| self.picked.clone())
    }

    /// A button with a list of boxes to tick. Nothing ticked is everything.
    fn ui(&mut self, ui: &mut Ui, everything: &str) -> eframe::egui::Response {
        let names = |picked: &BTreeSet<K>| {
            let named: Vec<&str> = self.rows.iter().filter(|(key, _)| picked.contains(key)).map(|(_, name)| name.as_str()).collect();
            one_line(&named.join(", "), MOST_CHARS)
        };
        let shown = if self.chosen().is_none() { everything.to_owned() } else { names(&self.picked) };
        let button = ui.button(format!("{shown} ⏷"));
        Popup::menu(&button).close_behavior(PopupCloseBehavior::CloseOnClickOutside).show(|ui| {
            ui.set_min_width(LIST_WIDTH);
            if ui.button(everything).clicked() {
                self.picked.clear();
            }
            ScrollArea::vertical().max_height(260.0).show(ui, |ui| {
                for (key, name) in &self.rows {
                    let mut is_picked = self.picked.contains(key);
                    if ui.checkbox(&mut is_picked, name).changed() {
                        toggle(&mut self.picked, key);
                    }
                }
            });
        });
        button
    }
}
