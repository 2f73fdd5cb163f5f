//! What the panels remember between frames, and the small list of marks under the pointer.

use std::borrow::Cow;
use std::time::{Duration, Instant};

use eframe::egui::{Area, Context, Frame, Id, Key, Order, Pos2, vec2};

use super::App;
use super::codebook::CodebookView;
use super::entity_table::EntityTable;
use super::guidelines::GuidelinesPanel;
use super::inspector::Inspector;
use super::lists::{DocumentList, MarkLists, mark_name};
use super::problems::Problems;
use super::queue::{Action, Queue};
use super::side_panel::SideTab;
use crate::model::{EntityId, MarkId, RelationId};

/// State of all panels.
pub(crate) struct Panels {
    pub(crate) show_documents: bool,
    pub(crate) show_inspector: bool,
    pub(crate) documents: DocumentList,
    pub(crate) inspector: Inspector,
    pub(crate) lists: MarkLists,
    pub(crate) entities: EntityTable,
    pub(crate) codebook: CodebookView,
    pub(crate) problems: Problems,
    pub(crate) guidelines: GuidelinesPanel,
    pub(crate) side: SideTab,
    /// Mark, relation and entity that were selected in the last frame.
    pub(crate) seen_selection: (Option<MarkId>, Option<RelationId>, Option<EntityId>),
    offered: Option<Offered>,
}

impl Default for Panels {
    fn default() -> Self {
        Self {
            show_documents: true,
            show_inspector: true,
            documents: DocumentList::default(),
            inspector: Inspector::default(),
            lists: MarkLists::default(),
            entities: EntityTable::default(),
            codebook: CodebookView::default(),
            problems: Problems::default(),
            guidelines: GuidelinesPanel::default(),
            side: SideTab::default(),
            seen_selection: (None, None, None),
            offered: None,
        }
    }
}

/// Marks that lie under one click.
struct Offered {
    marks: Vec<MarkId>,
    at: Pos2,
    // The click that opened the list must not close it.
    is_new: bool,
}

impl Panels {
    /// True while something stands in the place of the article.
    pub(crate) fn is_covered(&self) -> bool {
        self.entities.is_open() || self.codebook.is_open()
    }

    /// Shows the article again. True when something stood in its place.
    pub(crate) fn uncover(&mut self) -> bool {
        let was_covered = self.is_covered();
        self.entities.close();
        self.codebook.close();
        was_covered
    }

    pub(crate) fn offer_marks(&mut self, marks: Vec<MarkId>, at: Pos2) {
        self.offered = Some(Offered { marks, at, is_new: true });
    }
}

impl App {
    /// The list of marks under the pointer. It never takes the keyboard; any click or key closes it.
    pub(crate) fn offered_marks_ui(&mut self, ctx: &Context, queue: &mut Queue) {
        let (Some(offered), Some(session)) = (&mut self.panels.offered, &self.session) else { return };
        let mut is_open = true;
        let area = Area::new(Id::unique("offered marks")).order(Order::Foreground).fixed_pos(offered.at + vec2(12.0, 14.0)).constrain(true);
        let shown = area.show(ctx, |ui| {
            Frame::popup(ui.style()).show(ui, |ui| {
                ui.set_max_width(340.0);
                for mark in &offered.marks {
                    let is_selected = session.selected == Some(*mark);
                    let name = mark_name(session, *mark);
                    if ui.selectable_label(is_selected, name).clicked() {
                        queue.push(Action::SelectMark(Some(*mark)));
                        is_open = false;
                    }
                }
            });
        });
        let is_pressed = ctx.input(|input| input.pointer.any_pressed());
        let is_inside = ctx.pointer_latest_pos().is_some_and(|position| shown.response.rect.contains(position));
        let is_key = ctx.input(|input| input.keys_down.iter().any(|key| *key != Key::Semicolon));
        if !offered.is_new && (is_pressed && !is_inside || is_key) || offered.marks.iter().any(|mark| !session.has_mark(*mark)) {
            is_open = false;
        }
        offered.is_new = false;
        if !is_open {
            self.panels.offered = None;
        }
    }
}

/// How long a message stays.
const MESSAGE_TIME: Duration = Duration::from_secs(8);

/// A sentence in the status bar.
#[derive(Debug, Default)]
pub(crate) struct Message {
    text: String,
    until: Option<Instant>,
}

impl Message {
    pub(crate) fn new(text: impl Into<String>) -> Self {
        Self { text: text.into(), until: Some(Instant::now() + MESSAGE_TIME) }
    }

    /// The sentence, while it is fresh.
    pub(crate) fn text(&self, ctx: &Context) -> Option<Cow<'_, str>> {
        let left = self.until?.checked_duration_since(Instant::now())?;
        ctx.request_repaint_after(left);
        Some(Cow::Borrowed(&self.text))
    }
}
