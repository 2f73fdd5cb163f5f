//! What the tests and benches of the window look at beside the accessible tree.

use eframe::egui::Rect;

use super::App;
use super::article::{Caret, Reveal};
use crate::model::{MarkId, Sheet};
use crate::workspace::Workspace;

impl App {
    /// The open project.
    pub fn workspace(&self) -> Option<&Workspace> {
        self.session.as_ref().map(|session| &session.workspace)
    }

    /// True while jobs run.
    pub fn has_jobs(&self) -> bool {
        !self.jobs.running.is_empty()
    }

    /// Asks for a command by its name, as the palette does.
    pub fn ask_for(&mut self, id: &str) {
        self.queue.run(id);
    }

    /// What is typed into the filter of the list of documents.
    pub fn filter_documents(&mut self, words: &str) {
        words.clone_into(self.panels.documents.words());
    }

    /// True while a dialog is open.
    pub fn has_dialog(&self) -> bool {
        self.dialog.is_some()
    }

    /// The shown sheet.
    pub fn shown_sheet(&self) -> Option<&Sheet> {
        self.session.as_ref()?.current_sheet().map(AsRef::as_ref)
    }

    /// The shown text.
    pub fn shown_text(&self) -> Option<String> {
        let session = self.session.as_ref()?;
        session.text_of(session.current()?).map(|text| text.as_str().to_owned())
    }

    /// Where bytes of the shown article are on screen: the first row of them.
    pub fn place_on_screen(&self, start: usize, end: usize) -> Option<Rect> {
        self.session.as_ref()?.article.as_ref()?.view.screen_rects(start, end).first().copied()
    }

    /// The mark that the inspector shows.
    pub fn selected_mark(&self) -> Option<MarkId> {
        self.session.as_ref()?.selected
    }

    /// The selected bytes.
    pub fn selected_bytes(&self) -> Option<std::ops::Range<usize>> {
        self.session.as_ref()?.selected_text()
    }

    /// The first byte in view.
    pub fn place(&self) -> Option<usize> {
        Some(self.session.as_ref()?.article.as_ref()?.view.place())
    }

    /// How many spans are shown of a large text whose sheet is being read.
    #[must_use]
    pub fn previewed_spans(&self) -> Option<usize> {
        Some(self.session.as_ref()?.preview.as_ref()?.spans())
    }

    /// The first byte in view of such a text.
    pub fn previewed_place(&self) -> Option<usize> {
        Some(self.session.as_ref()?.preview.as_ref()?.place())
    }

    /// Puts the caret before a byte of the shown article and lets go of the selected mark.
    pub fn put_caret(&mut self, offset: usize) {
        self.select_mark(None);
        self.with_article(|_, _, article| {
            article.view.set_caret(Caret::at(offset));
            article.view.reveal(Reveal::IfHidden(offset));
            Some(())
        });
    }

    /// Brings the paragraph of a byte to the top.
    pub fn show_at_top(&mut self, offset: usize) {
        self.with_article(|_, _, article| {
            article.view.reveal(Reveal::AtTop(offset));
            Some(())
        });
    }

    /// Where the caret stands, in bytes.
    pub fn caret_offset(&self) -> Option<usize> {
        Some(self.session.as_ref()?.article.as_ref()?.view.caret().head)
    }
}
