//! A large article while its sheet is being read: its text, which can be read and scrolled.

use eframe::egui::Ui;

use super::App;
use super::article::{Answer, ArticleView, Grips, Reading, Reveal};
use super::chain::Chain;
use super::queue::Queue;
use crate::model::{Sheet, SheetKey};
use crate::text::Text;

/// Texts of so many bytes are shown before their sheets.
pub(crate) const PREVIEWED_BYTES: u64 = 4 << 20;

/// A text without its sheet.
pub(crate) struct Preview {
    pub(crate) key: SheetKey,
    text: Text,
    view: ArticleView,
}

/// A view of a text, with a place at its top.
pub(crate) fn view_of(text: &Text, place: Option<usize>) -> ArticleView {
    let mut view = ArticleView::new(text);
    if let Some(offset) = place {
        view.reveal(Reveal::AtTop(offset));
    }
    view
}

impl Preview {
    pub(crate) fn new(key: SheetKey, text: Text, place: Option<usize>) -> Self {
        Self { view: view_of(&text, place), key, text }
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
        let Some(Preview { key, text, view }) = &mut session.preview else { return };
        let state = session.workspace.state();
        let (sheet, chain) = (Sheet::default(), Chain::default());
        let reading = Reading {
            text,
            sheet: &sheet,
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
