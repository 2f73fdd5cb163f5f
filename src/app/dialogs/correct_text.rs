//! Other words in the place of some, and what becomes of the marks of all coders.

use std::ops::Range;

use eframe::egui::{Align, Checkbox, Label, Layout, RichText, ScrollArea, TextEdit, Ui};

use super::{Next, Pressed, buttons_ui, title_ui};
use crate::app::queue::{Action, Queue};
use crate::app::session::Session;
use crate::app::words::{tr, tr_count, tr_with};
use crate::edit::ops::{CorrectedMark, Emptied, Fate, TextCorrection};
use crate::model::DocumentId;
use crate::text::replace::word_replacements;
use crate::text::{one_line, with_symbols};

/// Height of a row, in points.
const ROW: f32 = 22.0;
/// Of longer quotes only the beginning is shown; the rest when pointed at.
const MOST_CHARS: usize = 36;

/// The old words, and what stands in the field.
pub(crate) struct CorrectForm {
    document: DocumentId,
    range: Range<usize>,
    old: String,
    new: String,
    has_focus: bool,
    // Every coder's sheet is in memory.
    is_ready: bool,
    is_confirmed: bool,
    planned: Option<Planned>,
}

/// What the words in the field would do, by them and by the state.
struct Planned {
    new: String,
    revision: u64,
    plan: Result<TextCorrection, String>,
}

impl CorrectForm {
    pub(crate) fn new(document: DocumentId, range: Range<usize>, old: String) -> Self {
        let new = old.clone();
        Self { document, range, old, new, has_focus: false, is_ready: false, is_confirmed: false, planned: None }
    }

    pub(crate) fn sheets_read(&mut self, document: &DocumentId) {
        self.is_ready |= self.document == *document;
    }

    pub(super) fn ui(&mut self, ui: &mut Ui, session: Option<&Session>, queue: &mut Queue) -> Next {
        let Some(session) = session else { return Next::Close };
        title_ui(ui, "Correct text", 620.0);
        self.words_ui(ui);
        let is_changed = self.new != self.old;
        if !self.is_ready {
            ui.weak(tr("Reading all coders’ marks…"));
        } else if is_changed {
            self.refresh(session);
            match self.planned.as_ref().map(|planned| &planned.plan) {
                Some(Ok(plan)) => plan_ui(ui, session, plan, &mut self.is_confirmed),
                Some(Err(why)) => drop(ui.colored_label(ui.visuals().error_fg_color, why)),
                None => {}
            }
        } else {
            ui.weak(tr("The marks of all coders move with the words. What would happen to them is shown here first."));
        }
        let plan = self.planned.as_ref().filter(|_| self.is_ready && is_changed).and_then(|planned| planned.plan.as_ref().ok());
        let is_fine = plan.is_some_and(|plan| plan.emptied() == 0 || self.is_confirmed);
        match (buttons_ui(ui, "Correct", is_fine), plan) {
            (Some(Pressed::Done), Some(plan)) => {
                let emptied = if self.is_confirmed { Emptied::Remove } else { Emptied::Refuse };
                queue.push(Action::CorrectText(Box::new(plan.clone()), emptied));
                Next::Close
            }
            (Some(_), _) => Next::Close,
            (None, _) => Next::Stay,
        }
    }

    fn words_ui(&mut self, ui: &mut Ui) {
        ui.label(tr("Words in the text"));
        ui.add(Label::new(RichText::new(with_symbols(&self.old)).strong()).wrap());
        ui.add_space(4.0);
        let label = ui.label(tr("Words as they should be"));
        let rows = self.old.lines().count().clamp(1, 6);
        let field = TextEdit::multiline(&mut self.new).desired_rows(rows).desired_width(f32::INFINITY);
        let field = ScrollArea::vertical().id_salt("new words").max_height(140.0).show(ui, |ui| ui.add(field).labelled_by(label.id)).inner;
        if !std::mem::replace(&mut self.has_focus, true) {
            field.request_focus();
        }
        ui.add_space(6.0);
    }

    fn refresh(&mut self, session: &Session) {
        let state = session.workspace.state();
        let revision = state.revision();
        if self.planned.as_ref().is_some_and(|planned| planned.new == self.new && planned.revision == revision) {
            return;
        }
        let there = state.texts.get(&self.document).and_then(|text| text.as_str().get(self.range.clone()));
        let plan = if there == Some(&self.old) {
            let replacements = word_replacements(&self.old, &self.new, self.range.start);
            TextCorrection::new(state, &self.document, &replacements).map_err(|error| error.to_string())
        } else {
            Err(tr("The text has changed meanwhile; select the words again").into_owned())
        };
        self.is_confirmed = false;
        self.planned = Some(Planned { new: self.new.clone(), revision, plan });
    }
}

fn plan_ui(ui: &mut Ui, session: &Session, plan: &TextCorrection, is_confirmed: &mut bool) {
    ui.weak(tr_count("{} mark keeps its words.", "{} marks keep their words.", plan.kept));
    if plan.marks.is_empty() {
        return;
    }
    ui.label(tr_count("The words of {} mark change:", "The words of {} marks change:", plan.marks.len()));
    ScrollArea::vertical().id_salt("marks").max_height(190.0).auto_shrink([false, true]).show_rows(ui, ROW, plan.marks.len(), |ui, rows| {
        for mark in plan.marks.get(rows).unwrap_or_default() {
            mark_ui(ui, session, mark);
        }
    });
    let emptied = plan.emptied();
    if emptied > 0 {
        ui.add_space(4.0);
        let text = tr_count("Remove {} mark that would lose all its words", "Remove {} marks that would lose all their words", emptied);
        ui.add(Checkbox::new(is_confirmed, text));
        ui.weak(tr("A claim among them stays, without a place in the text. Undo brings all of them back."));
    }
}

/// What happens, whose mark it is, and its words before and after.
fn mark_ui(ui: &mut Ui, session: &Session, mark: &CorrectedMark) {
    let state = session.workspace.state();
    let label = state.schema.labels.get(&mark.label).map_or_else(|| mark.label.to_string(), |label| with_symbols(&label.name).into_owned());
    let is_own = mark.sheet.coder == *session.workspace.coder();
    let coder = state.coders.get(&mark.sheet.coder).map_or_else(|| mark.sheet.coder.to_string(), |coder| with_symbols(&coder.name).into_owned());
    let what = match mark.fate {
        Fate::Emptied => "loses all",
        Fate::Shrinks => "shrinks",
        Fate::Grows => "grows",
        Fate::Reworded => "new words",
    };
    let colour = if mark.fate == Fate::Emptied { ui.visuals().error_fg_color } else { ui.visuals().weak_text_color() };
    ui.horizontal(|ui| {
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            if !is_own {
                ui.label(RichText::new(tr_with("by {}", coder)).small().weak());
            }
            ui.label(RichText::new(tr(what)).small().color(colour));
            ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                let text = |most: usize| {
                    let after = if mark.after.is_empty() { "–".to_owned() } else { one_line(&mark.after, most) };
                    format!("{label}: {} → {after}", one_line(&mark.before, most))
                };
                ui.add(Label::new(text(MOST_CHARS)).truncate()).on_hover_text(text(1000));
            });
        });
    });
}
