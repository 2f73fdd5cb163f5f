//! Reading the mouse: click, double and triple click, drag, drag of an edge, hover.

use std::ops::Range;

use eframe::egui::{CursorIcon, Modifiers, Pos2, Rect, Response, Ui, vec2};

use super::caret::Caret;
use super::paint_arcs::ArcTarget;
use super::view::{Answer, ArticleView, Grips, Reading};
use crate::app::queue::{Action, Queue};
use crate::edit::ops::{Edge, Side};
use crate::model::MarkId;
use crate::text::{Ranges, segment};

/// How near to an edge the pointer takes hold of it, in points.
const GRIP: f32 = 5.0;

/// What the mouse button is doing while it is down.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) enum Drag {
    /// Selecting text.
    Select,
    /// Selecting a further range for the selected mark.
    AddRange,
    /// Drawing a relation from a mark.
    Relate { from: MarkId, at: Pos2 },
    /// Moving an edge of a mark.
    Edge { mark: MarkId, edge: Edge, to: usize },
}

impl ArticleView {
    pub(super) fn read_pointer(&mut self, ui: &Ui, response: &Response, reading: &Reading<'_>, queue: &mut Queue) {
        if let Some(position) = response.interact_pointer_pos() {
            let modifiers = ui.input(|input| input.modifiers);
            if response.drag_started() {
                let origin = ui.input(|input| input.pointer.press_origin()).unwrap_or(position);
                self.start_drag(origin, modifiers, reading, queue);
            }
            if response.dragged() {
                self.go_on_dragging(ui, position, reading);
            }
            self.read_click(response, position, modifiers, reading, queue);
        }
        if response.drag_stopped() {
            self.finish_drag(reading, queue);
        }
        if let Some(position) = response.hover_pos().filter(|_| self.drag.is_none()) {
            self.hover(ui, response, position, reading);
        }
    }

    fn start_drag(&mut self, origin: Pos2, modifiers: Modifiers, reading: &Reading<'_>, queue: &mut Queue) {
        let offset = self.offset_at(origin, reading);
        // A name lies above the edge of its mark.
        if let Some(from) = self.tag_at(origin).or_else(|| self.mark_at(origin, reading).filter(|_| modifiers.alt)) {
            self.drag = Some(Drag::Relate { from, at: origin });
            return;
        }
        if let (Some(mark), Some(edge)) = (reading.selected, self.handle_at(origin, reading)) {
            self.drag = Some(Drag::Edge { mark, edge, to: offset });
            return;
        }
        let is_adding = modifiers.command && reading.selected.is_some();
        self.drag = Some(if is_adding { Drag::AddRange } else { Drag::Select });
        let anchor = if modifiers.shift { self.caret.anchor } else { offset };
        self.caret = Caret { anchor, head: offset };
        if !is_adding && reading.answer != Answer::AllFills {
            queue.push(Action::SelectMark(None));
        }
    }

    fn go_on_dragging(&mut self, ui: &Ui, position: Pos2, reading: &Reading<'_>) {
        let offset = self.offset_at(position, reading);
        match &mut self.drag {
            Some(Drag::Edge { to, .. }) => *to = offset,
            Some(Drag::Relate { at, .. }) => *at = position,
            Some(Drag::Select | Drag::AddRange) => self.caret.head = offset,
            None => {}
        }
        let above = (position.y - self.column.top()).min(0.0);
        let below = (position.y - self.column.bottom()).max(0.0);
        if above + below != 0.0 {
            self.scroll_by(ui.ctx(), reading.text, (above + below) * 0.3);
            ui.ctx().request_repaint();
        }
    }

    fn finish_drag(&mut self, reading: &Reading<'_>, queue: &mut Queue) {
        match self.drag.take() {
            Some(Drag::Edge { mark, edge, to }) => queue.push(Action::MoveEdge { mark, edge, to }),
            Some(Drag::Relate { from, at }) => {
                queue.push(Action::SelectMark(Some(from)));
                if let Some(to) = self.mark_at(at, reading).filter(|to| *to != from) {
                    queue.push(Action::Relate { from: from.into(), to: to.into(), label: None });
                }
            }
            Some(Drag::Select) if !self.caret.is_empty() => queue.push(selected_text(reading)),
            Some(Drag::AddRange) if !self.caret.is_empty() => queue.push(Action::AddSelectionToMark),
            _ => {}
        }
    }

    fn read_click(&mut self, response: &Response, position: Pos2, modifiers: Modifiers, reading: &Reading<'_>, queue: &mut Queue) {
        let offset = self.offset_at(position, reading);
        let content = reading.text.as_str();
        if response.triple_clicked() {
            self.select(segment::sentence_at(content, self.character_at(position, reading)), reading, queue);
        } else if response.double_clicked() {
            self.select(segment::word_at(content, self.character_at(position, reading)), reading, queue);
        } else if response.clicked() && modifiers.shift {
            self.caret.head = offset;
            queue.push(Action::FinishSelection);
        } else if response.clicked() {
            self.caret = Caret::at(offset);
            self.click_marks(position, reading, queue);
        }
    }

    fn select(&mut self, range: Range<usize>, reading: &Reading<'_>, queue: &mut Queue) {
        self.caret = Caret { anchor: range.start, head: range.end };
        if reading.answer != Answer::AllFills {
            queue.push(Action::SelectMark(None));
        }
        if !self.caret.is_empty() {
            queue.push(selected_text(reading));
        }
    }

    fn click_marks(&self, position: Pos2, reading: &Reading<'_>, queue: &mut Queue) {
        if let Some(place) = self.arc_places.iter().rev().find(|place| place.rect.contains(position)) {
            queue.push(match place.what {
                ArcTarget::Relation(relation) => Action::SelectRelation(Some(relation)),
                ArcTarget::End(mark) => Action::GoToMark(mark),
            });
            return;
        }
        let tagged = self.tag_at(position);
        let is_filling = reading.answer != Answer::Selects;
        if let (true, Some(mark)) = (is_filling, tagged.or_else(|| self.marks_under(position, reading).first().copied())) {
            queue.push(Action::FillFrom(mark));
            return;
        }
        if reading.answer == Answer::AllFills {
            // The first click of a double click, which takes a word.
            return;
        }
        if let Some(mark) = tagged {
            queue.push(Action::SelectMark(Some(mark)));
            return;
        }
        let marks = self.marks_under(position, reading);
        queue.push(Action::SelectMark(marks.first().copied()));
        if marks.len() > 1 {
            queue.push(Action::OfferMarks { marks, at: position });
        }
    }

    /// The mark whose name or text is at a position, the shortest first.
    pub(super) fn mark_at(&self, position: Pos2, reading: &Reading<'_>) -> Option<MarkId> {
        self.tag_at(position).or_else(|| self.marks_under(position, reading).first().copied())
    }

    fn tag_at(&self, position: Pos2) -> Option<MarkId> {
        self.tags.iter().find(|tag| tag.rect.contains(position)).map(|tag| tag.mark)
    }

    /// The marks over whose text or lane the pointer is, the shortest first.
    fn marks_under(&self, position: Pos2, reading: &Reading<'_>) -> Vec<MarkId> {
        let Some(visible) = self.visible.iter().rev().find(|visible| visible.top <= position.y) else {
            return Vec::new();
        };
        let is_under = |ranges: &Ranges| {
            let rects = ranges.iter().flat_map(|range| self.screen_rects(range.start(), range.end()));
            rects.into_iter().any(|rect| rect.contains(position))
        };
        let mut found: Vec<(usize, MarkId)> = self
            .index
            .in_block(visible.block, &self.blocks)
            .filter_map(|shown| shown.ranges(reading.sheet).map(|ranges| (ranges, shown.mark)))
            .filter(|(ranges, _)| is_under(ranges))
            .map(|(ranges, id)| (ranges.covered_len(), id))
            .collect();
        found.sort_unstable();
        let mut marks: Vec<MarkId> = found.into_iter().map(|(_, id)| id).collect();
        marks.dedup();
        marks
    }

    /// The offset between two graphemes that is nearest to a position.
    fn offset_at(&self, position: Pos2, reading: &Reading<'_>) -> usize {
        let distance = |top: f32, height: f32| (top - position.y).max(position.y - top - height).max(0.0);
        let nearest =
            self.visible.iter().min_by(|a, b| distance(a.top, self.heights.get(a.block)).total_cmp(&distance(b.top, self.heights.get(b.block))));
        nearest.map_or(0, |visible| {
            let inside = position - Rect::from_min_size(self.column.min, vec2(0.0, 0.0)).min - vec2(0.0, visible.top - self.column.top());
            self.blocks.range(visible.block).start + visible.layout.hit(self.source(reading.text, visible.block), inside)
        })
    }

    /// The start of the character under a position: the one whose rectangle holds it.
    fn character_at(&self, position: Pos2, reading: &Reading<'_>) -> usize {
        let offset = self.offset_at(position, reading);
        let before = segment::previous_grapheme(reading.text.as_str(), offset);
        let holds = self.screen_rects(before, offset).iter().any(|rect| rect.contains(position));
        if holds { before } else { offset }
    }

    /// The edges of the selected mark that are in view, with their carets.
    pub(super) fn handles(&self, reading: &Reading<'_>) -> Vec<(Edge, Rect)> {
        let Some(ranges) = reading.selected.and_then(|mark| reading.sheet.ranges_of(mark)) else {
            return Vec::new();
        };
        let mut handles = Vec::new();
        for (i, range) in ranges.iter().enumerate() {
            let rects = self.screen_rects(range.start(), range.end());
            if let (Some(first), Some(last)) = (rects.first(), rects.last()) {
                let is_visible = |offset: usize| self.screen_caret(offset).is_some();
                // The caret's side of the first and last grapheme, so that right-to-left marks have theirs too.
                let start = self.screen_caret(range.start()).unwrap_or(first.with_max_x(first.left()));
                let end_x = if start.left() > first.center().x { last.left() } else { last.right() };
                let end = Rect::from_min_max(last.min, last.max).with_min_x(end_x).with_max_x(end_x);
                if is_visible(range.start()) {
                    handles.push((Edge { range: i, side: Side::Start }, start));
                }
                if is_visible(range.end().saturating_sub(1)) {
                    handles.push((Edge { range: i, side: Side::End }, end));
                }
            }
        }
        handles
    }

    fn handle_at(&self, position: Pos2, reading: &Reading<'_>) -> Option<Edge> {
        if reading.grips == Grips::Off {
            return None;
        }
        let near = self.handles(reading).into_iter().filter(|(_, rect)| rect.expand2(vec2(GRIP, 0.0)).contains(position));
        near.min_by(|(_, a), (_, b)| (a.center().x - position.x).abs().total_cmp(&(b.center().x - position.x).abs())).map(|(edge, _)| edge)
    }

    fn hover(&self, ui: &Ui, response: &Response, position: Pos2, reading: &Reading<'_>) {
        if self.tag_at(position).is_none() && self.handle_at(position, reading).is_some() {
            ui.ctx().set_cursor_icon(CursorIcon::ResizeHorizontal);
            return;
        }
        if self.arc_places.iter().any(|place| place.rect.contains(position)) {
            ui.ctx().set_cursor_icon(CursorIcon::PointingHand);
            return;
        }
        let marks = self.tag_at(position).map_or_else(|| self.marks_under(position, reading), |mark| vec![mark]);
        if !marks.is_empty() {
            response.clone().on_hover_ui_at_pointer(|ui| {
                for mark in marks.iter().take(8) {
                    ui.label(super::access::describe_mark(reading, *mark));
                }
            });
        }
    }
}

/// What selected text is for.
fn selected_text(reading: &Reading<'_>) -> Action {
    match reading.answer {
        Answer::Selects | Answer::MarksFill => Action::FinishSelection,
        Answer::AllFills => Action::FillFromSelection,
    }
}

/// What a range becomes while its edge is dragged.
pub(super) fn dragged(ranges: &Ranges, edge: Edge, to: usize) -> Option<Range<usize>> {
    let range = ranges.as_slice().get(edge.range)?;
    let dragged = match edge.side {
        Side::Start => to..range.end(),
        Side::End => range.start()..to,
    };
    (dragged.start < dragged.end).then_some(dragged)
}
