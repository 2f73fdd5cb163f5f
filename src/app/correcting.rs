//! Correcting words of the shown article: read every coder's sheet, ask, do it.

use std::ops::Range;

use super::App;
use super::article::{Caret, Reveal};
use super::dialogs::{CorrectForm, Dialog};
use super::entities::ReadSheets;
use super::jobs::Done;
use super::words::{tr, tr_count};
use crate::edit::ops::{Emptied, TextCorrection, correct_text};
use crate::model::{DocumentId, SheetKey};
use crate::text::segment::word_at;

impl App {
    /// Asks for other words in the place of the selected ones, or of the word at the caret.
    pub(crate) fn ask_for_correction(&mut self) {
        let Some((key, range, words)) = self.words_to_correct() else {
            return self.say(tr("Select the words to correct"));
        };
        let Some(session) = &self.session else { return };
        let coders = session.workspace.coders_of(&key.document).unwrap_or_default();
        let sheets = coders.iter().map(|coder| SheetKey::new(&key.document, coder));
        let missing: Vec<SheetKey> = sheets.filter(|key| !session.workspace.is_loaded(key)).collect();
        let loader = session.workspace.loader();
        self.dialog = Some(Dialog::Correct(Box::new(CorrectForm::new(key.document.clone(), range, words))));
        self.jobs.start(&self.ctx, tr("Reading all coders’ marks"), move |progress, cancel| {
            progress.set_total(missing.len() as u64);
            let mut sheets = ReadSheets::new();
            for missing in missing.into_iter().take_while(|_| !cancel.is_cancelled()) {
                sheets.extend(loader.load(&missing).ok());
                progress.add(1);
            }
            Done::SheetsRead(key.document, sheets)
        });
    }

    fn words_to_correct(&mut self) -> Option<(SheetKey, Range<usize>, String)> {
        self.with_article(|_, session, article| {
            let text = session.text_of(&article.key)?;
            let caret = article.view.caret();
            let range = if caret.is_empty() { word_at(text.as_str(), caret.head) } else { caret.range() };
            let words = text.as_str().get(range.clone()).filter(|words| !words.trim().is_empty())?;
            Some((article.key.clone(), range, words.to_owned()))
        })
    }

    /// Every coder's sheet is in memory now: the dialog shows what would become of the marks.
    pub(crate) fn sheets_read(&mut self, document: &DocumentId, sheets: ReadSheets) {
        let Some(session) = &mut self.session else { return };
        let findings = sheets.into_iter().flat_map(|loaded| session.workspace.insert_loaded(loaded)).collect();
        if let Some(Dialog::Correct(form)) = &mut self.dialog {
            form.sheets_read(document);
        }
        self.note_findings(findings);
    }

    /// Replaces words of the text; every coder's places move.
    pub(crate) fn correct_text(&mut self, correction: &TextCorrection, emptied: Emptied) {
        let Some(session) = &self.session else { return };
        let transaction = correct_text(session.workspace.state(), correction, emptied);
        if !self.commit(transaction) {
            return;
        }
        self.forget_gone_marks();
        self.show_corrected(correction);
        self.say(tr_count(
            "The text was corrected, and {} mark with it; Undo takes it back",
            "The text was corrected, and {} marks with it; Undo takes it back",
            correction.marks.len(),
        ));
    }

    /// The new words are selected.
    fn show_corrected(&mut self, correction: &TextCorrection) {
        let Some(range) = correction.corrected_range() else { return };
        self.with_article(|_, session, article| {
            article.view.refresh(&session.workspace, &article.key);
            article.view.set_caret(Caret { anchor: range.start, head: range.end });
            article.view.reveal(Reveal::IfHidden(range.start));
            Some(())
        });
    }

    /// What was found in the text of the shown article is found anew where the text has changed.
    pub(crate) fn refresh_hits(&mut self) {
        let Some(session) = &mut self.session else { return };
        let Some(text) = session.current().and_then(|key| session.text_of(key)) else { return };
        session.find.follow(&text);
    }
}
