//! The documents of the project: found, filtered, ordered, opened, and chosen for a change of many.

mod menus;
mod row;
mod rows;
#[cfg(test)]
mod tests;
mod view;

use std::collections::BTreeSet;

use eframe::egui::{Align, Label, Layout, Modifiers, Panel, RichText, ScrollArea, TextEdit, Ui};

use self::row::{ROW, row_ui};
use self::rows::Rows;
use self::view::{Progress, View};
use crate::app::queue::{Action, Queue};
use crate::app::session::Session;
use crate::app::survey::Reading;
use crate::app::words::{tr, tr_count, tr_with};
use crate::model::{DocumentId, Status};
use crate::workspace::Workspace;

/// Projects of so many documents are counted without being asked.
const COUNTED_AT_ONCE: usize = 500;

/// The list's filter and order, what it shows, and what is chosen in it.
#[derive(Default)]
pub(crate) struct DocumentList {
    view: View,
    rows: Rows,
    // Chosen for a change of many.
    chosen: BTreeSet<DocumentId>,
    // Where Shift+click begins.
    anchor: Option<DocumentId>,
    // The document that was brought into view last.
    followed: Option<DocumentId>,
}

impl DocumentList {
    /// Of a project that was just opened; on any thread.
    pub(crate) fn of(workspace: &Workspace) -> Self {
        Self { rows: Rows::of(workspace), ..Self::default() }
    }

    /// The documents that are shown, in their order.
    pub(crate) fn shown(&mut self, session: &Session) -> &[DocumentId] {
        self.rows.refresh(session, &self.view);
        self.rows.complete(session);
        self.rows.shown()
    }

    /// The words of the filter.
    #[cfg(feature = "window-tests")]
    pub(crate) fn words(&mut self) -> &mut String {
        &mut self.view.filter.words
    }

    /// How far a document is; none where that is not known yet.
    pub(crate) fn status(&self, id: &DocumentId) -> Option<Status> {
        self.rows.facts(id).map(|facts| facts.status)
    }

    /// The documents that are chosen, in the order of the list; the others, which the filter hides, behind.
    pub(crate) fn chosen(&self) -> Vec<DocumentId> {
        let shown: Vec<DocumentId> = self.rows.shown().iter().filter(|id| self.chosen.contains(*id)).cloned().collect();
        let is_shown: BTreeSet<&DocumentId> = shown.iter().collect();
        let hidden: Vec<DocumentId> = self.chosen.iter().filter(|id| self.rows.contains(id) && !is_shown.contains(id)).cloned().collect();
        shown.into_iter().chain(hidden).collect()
    }

    /// Chooses all that is shown.
    pub(crate) fn choose_all(&mut self, session: &Session) {
        self.chosen = self.shown(session).iter().cloned().collect();
    }

    /// Lets go of what is chosen. False when there was nothing.
    pub(crate) fn choose_none(&mut self) -> bool {
        self.anchor = None;
        !std::mem::take(&mut self.chosen).is_empty()
    }

    /// True when sheets should be counted, so that the list can say what is asked of it.
    pub(crate) fn wants_counts(&self) -> bool {
        let is_small = (1..=COUNTED_AT_ONCE).contains(&self.rows.len());
        is_small || self.view.sort.needs_sheets() || self.view.filter.needs_sheets()
    }

    pub(crate) fn ui(&mut self, ui: &mut Ui, session: &Session, queue: &mut Queue) {
        self.rows.refresh(session, &self.view);
        if !self.rows.is_complete() {
            ui.ctx().request_repaint();
        }
        ui.add_space(4.0);
        self.head_ui(ui, session, queue);
        if self.chosen.len() > 1 {
            Panel::bottom("chosen documents").show(ui, |ui| self.chosen_ui(ui, queue));
        }
        if self.rows.shown().is_empty() {
            ui.add_space(12.0);
            ui.weak(match (self.rows.len(), session.survey.progress) {
                (0, _) if self.rows.is_complete() => tr("No documents yet. Open text files, or paste an article."),
                (_, Reading::Wanted | Reading::Running) if self.view.filter.needs_sheets() => tr("Reading what was said in all documents…"),
                _ if !self.rows.is_complete() => tr("Looking through all documents…"),
                _ => tr("Nothing fits the filter."),
            });
            return;
        }
        self.rows_ui(ui, session, queue);
    }

    fn head_ui(&mut self, ui: &mut Ui, session: &Session, queue: &mut Queue) {
        ui.horizontal(|ui| {
            ui.heading(tr("Documents"));
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                if ui.button("+").on_hover_text(tr("Add articles: open files or paste text")).clicked() {
                    queue.run("open");
                }
                ui.weak(self.rows.shown().len().to_string());
            });
        });
        let field = TextEdit::singleline(&mut self.view.filter.words).hint_text(tr("Title, source, author or file")).desired_width(f32::INFINITY);
        let field = ui.add(field);
        field.widget_info(|| eframe::egui::WidgetInfo::labeled(eframe::egui::Role::TextInput, true, tr("Filter documents")));
        ui.horizontal_wrapped(|ui| {
            menus::menus_ui(ui, session, &mut self.view);
            self.counts_ui(ui);
        });
        menus::chips_ui(ui, session, &mut self.view.filter);
        ui.add_space(2.0);
    }

    /// How many are done, and the rest when pointed at.
    fn counts_ui(&self, ui: &mut Ui) {
        let known: usize = Progress::ALL.iter().map(|progress| self.rows.count(*progress)).sum();
        if known == 0 {
            return;
        }
        let parts: Vec<String> = Progress::ALL.iter().map(|progress| format!("{}: {}", tr(progress.name()), self.rows.count(*progress))).collect();
        let rest = self.rows.len().saturating_sub(known);
        let unknown = (rest > 0).then(|| format!("{}: {rest}", tr("Not counted yet")));
        let all: Vec<String> = parts.into_iter().chain(unknown).collect();
        let done = tr_with(&tr_with("{} of {} done", self.rows.count(Progress::Done)), self.rows.len());
        ui.add(Label::new(RichText::new(done).small().weak()).extend()).on_hover_text(all.join("\n"));
    }

    /// What can be done with the chosen ones.
    fn chosen_ui(&mut self, ui: &mut Ui, queue: &mut Queue) {
        ui.add_space(3.0);
        ui.horizontal_wrapped(|ui| {
            ui.label(tr_count("{} chosen", "{} chosen", self.chosen.len()));
            if ui.button(tr("Edit fields…")).clicked() {
                queue.run("edit-fields");
            }
            if ui.button("✕").on_hover_text(tr("Let go of them")).clicked() {
                self.choose_none();
            }
        });
        ui.add_space(3.0);
    }

    fn rows_ui(&mut self, ui: &mut Ui, session: &Session, queue: &mut Queue) {
        let current = session.current().map(|key| &key.document).or(session.awaited.as_ref());
        let mut area = ScrollArea::vertical().auto_shrink([false, false]);
        if current != self.followed.as_ref() {
            self.followed = current.cloned();
            area = self.scrolled_to(area, current, ui.available_height());
        }
        ui.spacing_mut().item_spacing.y = 2.0;
        let mut clicked = None;
        area.show_rows(ui, ROW, self.rows.shown().len(), |ui, range| {
            for id in self.rows.shown().get(range).unwrap_or_default() {
                let facts = self.rows.facts(id);
                let is_chosen = self.chosen.len() > 1 && self.chosen.contains(id);
                if let Some(modifiers) = row_ui(ui, session, (id, facts), (current == Some(id), is_chosen), queue) {
                    clicked = Some((id.clone(), modifiers));
                }
            }
        });
        if let Some((id, modifiers)) = clicked {
            self.click(id, modifiers, current.cloned(), queue);
        }
    }

    /// A click opens; with Ctrl it chooses one more or less, with Shift all up to here.
    fn click(&mut self, id: DocumentId, modifiers: Modifiers, current: Option<DocumentId>, queue: &mut Queue) {
        let anchor = self.anchor.clone().or(current).unwrap_or_else(|| id.clone());
        if modifiers.shift {
            let shown = self.rows.shown();
            let place = |wanted: &DocumentId| shown.iter().position(|other| other == wanted);
            let (from, to) = (place(&anchor).or(place(&id)).unwrap_or(0), place(&id).unwrap_or(0));
            let range = shown.get(from.min(to)..=from.max(to)).unwrap_or_default();
            if !modifiers.command {
                self.chosen.clear();
            }
            self.chosen.extend(range.iter().cloned());
            self.anchor = Some(anchor);
        } else if modifiers.command {
            if self.chosen.is_empty() {
                self.chosen.insert(anchor);
            }
            if !self.chosen.remove(&id) {
                self.chosen.insert(id.clone());
            }
            self.anchor = Some(id);
        } else {
            self.choose_none();
            self.anchor = Some(id.clone());
            queue.push(Action::OpenDocument(id));
        }
    }

    #[expect(clippy::cast_precision_loss, reason = "a scroll offset")]
    fn scrolled_to(&self, area: ScrollArea, current: Option<&DocumentId>, height: f32) -> ScrollArea {
        match self.rows.shown().iter().position(|id| Some(id) == current) {
            Some(index) => area.vertical_scroll_offset(((index as f32 + 0.5) * (ROW + 2.0) - height / 2.0).max(0.0)),
            None => area,
        }
    }
}
