//! A large article while its sheet is being read: its text, which can be read and scrolled, and the spans in view that were read
//! so far.

use std::sync::Arc;

use eframe::egui::Ui;

use super::App;
use super::article::{Answer, ArticleView, Grips, Reading, ReadyMarks, Reveal};
use super::chain::Chain;
use super::queue::Queue;
use crate::model::{Schema, Sheet, SheetKey, State};
use crate::stats::Tally;
use crate::store::{EarlySpans, Loaded};
use crate::text::offsets::{Checkpoints, OffsetMap, OffsetUnit};
use crate::text::{Text, TextHash};

/// Texts of so many bytes are shown before their sheets.
pub(crate) const PREVIEWED_BYTES: u64 = 4 << 20;
/// Spans are looked for so many bytes around what is seen, for somebody who scrolls.
const AROUND: usize = 16 << 10;

/// A text without its whole sheet.
pub(crate) struct Preview {
    pub(crate) key: SheetKey,
    text: Text,
    view: ArticleView,
    early: EarlySpans,
    // The spans that were found so far, and which revision that is.
    sheet: Sheet,
    revision: u64,
}

/// What is to be known of a large sheet at once, worked out beside the window.
pub(crate) struct ReadySheet {
    marks: ReadyMarks,
    tally: Tally,
    characters: (TextHash, Checkpoints),
    // What it is of.
    sheet: Sheet,
    schema: Arc<Schema>,
}

impl ReadySheet {
    pub(crate) fn new(loaded: &Loaded, schema: Arc<Schema>) -> Self {
        let (text, sheet) = (loaded.text(), loaded.sheet());
        let characters = (text.hash().clone(), OffsetMap::new(text.as_str(), OffsetUnit::CodePoints).checkpoints());
        Self { marks: ReadyMarks::new(text, sheet, &schema), tally: Tally::of(sheet, &schema), characters, sheet: sheet.clone(), schema }
    }

    /// The characters of its text, counted.
    pub(crate) fn characters(&self) -> (TextHash, Checkpoints) {
        self.characters.clone()
    }

    /// What is drawn and what is counted, where the data are still those that it was made of.
    pub(crate) fn of_now(self, state: &State, key: &SheetKey) -> Option<(ReadyMarks, Tally)> {
        let is_current = state.sheet(key).has_rows_of(&self.sheet) && Arc::ptr_eq(&self.schema, &state.schema);
        is_current.then_some((self.marks, self.tally))
    }
}

/// The view with a place at its top.
pub(crate) fn at_place(mut view: ArticleView, place: Option<usize>) -> ArticleView {
    if let Some(offset) = place {
        view.reveal(Reveal::AtTop(offset));
    }
    view
}

impl Preview {
    pub(crate) fn new(key: SheetKey, text: Text, view: ArticleView, early: EarlySpans) -> Self {
        let start = view.awaited_place();
        early.want(start.saturating_sub(AROUND)..start + AROUND);
        Self { key, text, view, early, sheet: Sheet::default(), revision: 0 }
    }

    /// Asks for the spans in view, and takes those that were found.
    fn take_early(&mut self, schema: &Schema) {
        if let Some((start, end)) = self.view.visible_bytes() {
            self.early.want(start.saturating_sub(AROUND)..end + AROUND);
        }
        if let Some((revision, sheet)) = self.early.newer_than(self.revision) {
            self.view.show_early(&sheet, schema);
            (self.revision, self.sheet) = (revision, sheet);
        }
    }

    /// How many spans are shown.
    #[cfg(feature = "window-tests")]
    pub(crate) fn spans(&self) -> usize {
        self.sheet.spans.len()
    }

    /// The first byte in view.
    #[cfg(feature = "window-tests")]
    pub(crate) fn place(&self) -> usize {
        self.view.place()
    }

    /// The view, with the reading place, where it is of this text.
    pub(crate) fn into_view(self, key: &SheetKey, text: &Text) -> Option<ArticleView> {
        (self.key == *key && self.text.hash() == text.hash()).then_some(self.view)
    }
}

impl App {
    pub(crate) fn preview_ui(&mut self, ui: &mut Ui) {
        let (look, relations) = (self.look(), self.shown_relations());
        let Some(session) = &mut self.session else { return };
        let Some(preview) = &mut session.preview else { return };
        let state = session.workspace.state();
        preview.take_early(&state.schema);
        let Preview { key, text, view, sheet, .. } = preview;
        let chain = Chain::default();
        let reading = Reading {
            text,
            sheet,
            schema: &state.schema,
            regions: state.document(&key.document).map(|document| document.regions.as_slice()).unwrap_or_default(),
            selected: None,
            selected_relation: None,
            relations,
            picked_edge: None,
            grips: Grips::Off,
            hits: &[],
            current_hit: None,
            look,
            chain: &chain,
            badges: &[],
            answer: Answer::Selects,
        };
        // What it asks for needs the sheet.
        view.ui(ui, &reading, &mut Queue::default());
    }
}
