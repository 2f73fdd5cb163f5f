//! Drawing one frame: regions, selection, hits, marks with lanes and tags, the text, the caret.
//!
//! A mark is a translucent fill, a line in a lane of its own under the text and a small name above it. The kind of
//! label shows in the line's shape: single for mentions, double with feet for claims, dotted for other spans. The
//! gaps of a discontinuous mark are bridged by a thin line in its lane.

use std::borrow::Cow;

use eframe::egui::{Align2, Color32, FontId, Painter, Rect, Shape, Stroke, StrokeKind, Ui, pos2, vec2};

use super::marks::LabelStyle;
use super::pointer::Drag;
use super::view::{ArticleView, Grips, Reading, Visible};
use crate::app::theme;
use crate::app::words::tr;
use crate::model::{LabelKind, MarkId, RegionKind};
use crate::text::Ranges;

/// Distance between lanes, in points.
const LANE: f32 = 3.5;
/// Lanes that fit under a row; deeper nesting draws over the last.
const LANES: usize = 4;
/// How much of the page's colour lies over boilerplate: text keeps a contrast of 4.5 to 1.
const VEIL: f32 = 0.36;

/// A tag on screen, for the pointer.
#[derive(Clone, Copy, Debug)]
pub(super) struct TagPlace {
    pub(super) rect: Rect,
    pub(super) mark: MarkId,
}

/// A mark with its lane in one block.
struct Laned<'a> {
    mark: MarkId,
    // A claim that is said again here.
    is_further: bool,
    style: Cow<'a, LabelStyle>,
    ranges: &'a Ranges,
    lane: usize,
}

impl ArticleView {
    pub(super) fn paint(&mut self, ui: &Ui, page: Rect, reading: &Reading<'_>) {
        let painter = ui.painter_at(page);
        self.paint_regions(&painter, ui, reading);
        self.paint_hits(&painter, ui, reading);
        self.paint_selection(&painter, ui, reading);
        let mut tags = Vec::new();
        for visible in &self.visible {
            self.paint_marks(&painter, ui, reading, visible, &mut tags);
            visible.layout.paint(&painter, pos2(self.column.left(), visible.top), ui.visuals().text_color());
        }
        self.paint_missing(&painter, ui, reading);
        self.paint_faded(&painter, ui, reading);
        self.tags = tags;
        self.arc_places = self.paint_arcs(&painter, ui, page, reading);
        self.paint_badges(&painter, ui, reading);
        self.paint_handles(&painter, ui, reading);
        self.paint_caret(&painter, ui);
        self.paint_pulled(&painter, ui, reading);
    }

    /// Only what is written and marked: no caret, no selection, nothing to take hold of.
    pub(super) fn paint_still(&mut self, painter: &Painter, ui: &Ui, page: Rect, reading: &Reading<'_>) {
        self.paint_regions(painter, ui, reading);
        for visible in &self.visible {
            self.paint_marks(painter, ui, reading, visible, &mut Vec::new());
            visible.layout.paint(painter, pos2(self.column.left(), visible.top), ui.visuals().text_color());
        }
        self.paint_missing(painter, ui, reading);
        self.paint_faded(painter, ui, reading);
        self.paint_arcs(painter, ui, page, reading);
    }

    /// The part of a row where the letters are.
    pub(super) fn body(&self, row: Rect) -> Rect {
        let half = self.style.font.size * 0.66;
        Rect::from_min_max(pos2(row.left(), row.center().y - half), pos2(row.right(), row.center().y + half))
    }

    fn paint_regions(&self, painter: &Painter, ui: &Ui, reading: &Reading<'_>) {
        let weak = ui.visuals().weak_text_color();
        let x = self.column.left() - 12.0;
        for region in reading.regions {
            let rects = self.screen_rects(region.range.start(), region.range.end());
            for rect in &rects {
                paint_bar(painter, region.kind, x, *rect, weak.gamma_multiply(0.7));
            }
            let is_new_row = rects.first().is_some_and(|first| first.left() <= self.column.left() + 1.0);
            if let Some(first) = rects.first().filter(|_| is_new_row) {
                let letter: String = tr(region.kind.title()).chars().take(1).collect();
                painter.text(pos2(x - 4.0, first.center().y), Align2::RIGHT_CENTER, letter, FontId::proportional(9.0), weak);
            }
        }
    }

    /// Boilerplate is paler than the article, marks in it too, but can be read.
    fn paint_faded(&self, painter: &Painter, ui: &Ui, reading: &Reading<'_>) {
        let veil = ui.visuals().extreme_bg_color.gamma_multiply(VEIL);
        for region in reading.regions.iter().filter(|region| region.kind == RegionKind::Boilerplate) {
            for rect in self.screen_rects(region.range.start(), region.range.end()) {
                painter.rect_filled(rect, 0.0, veil);
            }
        }
    }

    fn paint_hits(&self, painter: &Painter, ui: &Ui, reading: &Reading<'_>) {
        let Some((start, end)) = self.visible_bytes() else { return };
        let first = reading.hits.partition_point(|hit| hit.end() <= start);
        let shown = reading.hits.iter().enumerate().skip(first).take_while(|(_, hit)| hit.start() < end);
        for (i, hit) in shown {
            let color = theme::hit_color(ui.visuals(), reading.current_hit == Some(i));
            for rect in self.screen_rects(hit.start(), hit.end()) {
                painter.rect_filled(self.body(rect), 2.0, color);
            }
        }
    }

    pub(crate) fn visible_bytes(&self) -> Option<(usize, usize)> {
        let (first, last) = (self.visible.first()?, self.visible.last()?);
        Some((self.blocks.range(first.block).start, self.blocks.range(last.block).end))
    }

    fn paint_selection(&self, painter: &Painter, ui: &Ui, reading: &Reading<'_>) {
        let range = self.caret.range();
        let color = ui.visuals().selection.bg_fill;
        for rect in self.screen_rects(range.start, range.end) {
            painter.rect_filled(self.body(rect), 0.0, color);
        }
        if let Some(Drag::Edge { mark, edge, to }) = self.drag
            && let Some(range) = reading.sheet.ranges_of(mark).and_then(|ranges| super::pointer::dragged(ranges, edge, to))
        {
            for rect in self.screen_rects(range.start, range.end) {
                painter.rect_filled(self.body(rect), 0.0, color);
            }
        }
    }

    fn paint_marks(&self, painter: &Painter, ui: &Ui, reading: &Reading<'_>, visible: &Visible, tags: &mut Vec<TagPlace>) {
        let mut laned = self.lanes(reading, visible.block);
        // The longest first, so that inner fills lie on outer ones.
        laned.sort_by_key(|laned| usize::MAX - laned.ranges.covered_len());
        let mut rows_taken: Vec<Rect> = Vec::new();
        for laned in &laned {
            self.paint_mark(painter, ui, reading, visible, laned);
        }
        laned.sort_by_key(|laned| laned.ranges.start());
        for laned in &laned {
            tags.extend(self.paint_tag(painter, ui, reading, visible, laned, &mut rows_taken));
        }
    }

    /// Gives each mark of a block the lowest lane that is free over its whole length there, short marks first.
    fn lanes<'a>(&'a self, reading: &Reading<'a>, block: usize) -> Vec<Laned<'a>> {
        let block_range = self.blocks.range(block);
        let with_ranges = self.index.in_block(block, &self.blocks).filter_map(|shown| {
            let (mark, ranges) = (shown.mark, shown.ranges(reading.sheet)?);
            Some(Laned { mark, is_further: shown.is_further(), style: self.styles.of(reading.sheet, mark)?, ranges, lane: 0 })
        });
        let mut laned: Vec<Laned<'_>> = with_ranges.collect();
        laned.sort_by_key(|laned| laned.ranges.hull().len());
        let mut taken: Vec<Vec<(usize, usize)>> = Vec::new();
        for laned in &mut laned {
            let (start, end) = (laned.ranges.start().max(block_range.start), laned.ranges.end().min(block_range.end));
            let is_free = |lane: &Vec<(usize, usize)>| lane.iter().all(|(s, e)| end <= *s || *e <= start);
            laned.lane = taken.iter().position(is_free).unwrap_or(taken.len());
            match taken.get_mut(laned.lane) {
                Some(lane) => lane.push((start, end)),
                None => taken.push(vec![(start, end)]),
            }
            laned.lane = laned.lane.min(LANES - 1);
        }
        laned
    }

    /// The rectangles of a range in one block, in screen coordinates.
    fn block_rects(&self, visible: &Visible, start: usize, end: usize) -> Vec<Rect> {
        let block = self.blocks.range(visible.block);
        let (from, to) = (start.max(block.start), end.min(block.end));
        if from >= to {
            return Vec::new();
        }
        let origin = vec2(self.column.left(), visible.top);
        visible.layout.rects(from - block.start..to - block.start).into_iter().map(|rect| rect.translate(origin)).collect()
    }

    fn paint_mark(&self, painter: &Painter, ui: &Ui, reading: &Reading<'_>, visible: &Visible, laned: &Laned<'_>) {
        let is_selected = reading.selected == Some(laned.mark);
        let is_lit = reading.chain.contains(laned.mark);
        let fill = theme::mark_fill(ui.visuals(), laned.style.color, is_selected || is_lit);
        let line = theme::readable(ui.visuals(), laned.style.color);
        let block = self.blocks.range(visible.block);
        for range in laned.ranges.iter() {
            let rects = self.block_rects(visible, range.start(), range.end());
            let last = rects.len().saturating_sub(1);
            for (i, rect) in rects.into_iter().enumerate() {
                let body = self.body(rect);
                painter.rect_filled(body, 2.0, fill);
                if is_selected {
                    painter.rect_stroke(body, 2.0, Stroke::new(1.5, line), StrokeKind::Outside);
                }
                let feet = Feet { start: i == 0 && block.contains(&range.start()), end: i == last && range.end() <= block.end };
                paint_line(painter, laned, body, feet, line);
            }
        }
        self.paint_gaps(painter, visible, laned, line);
    }

    /// Bridges the gaps of a discontinuous mark.
    fn paint_gaps(&self, painter: &Painter, visible: &Visible, laned: &Laned<'_>, color: Color32) {
        let ranges = laned.ranges.as_slice();
        for (left, right) in ranges.iter().zip(ranges.iter().skip(1)) {
            for rect in self.block_rects(visible, left.end(), right.start()) {
                let y = lane_y(self.body(rect), laned.lane);
                painter.add(Shape::dashed_line(&[pos2(rect.left(), y), pos2(rect.right(), y)], Stroke::new(1.0, color), 3.0, 3.0));
            }
        }
    }

    fn paint_tag(
        &self,
        painter: &Painter,
        ui: &Ui,
        reading: &Reading<'_>,
        visible: &Visible,
        laned: &Laned<'_>,
        taken: &mut Vec<Rect>,
    ) -> Option<TagPlace> {
        let first = laned.ranges.as_slice().first()?;
        let block = self.blocks.range(visible.block);
        if !block.contains(&first.start()) {
            return None;
        }
        let row = *self.block_rects(visible, first.start(), first.end()).first()?;
        let color = theme::readable(ui.visuals(), laned.style.color);
        let is_selected = reading.selected == Some(laned.mark);
        let font = FontId::proportional((self.style.font.size * 0.6).max(8.0));
        let text_color = if is_selected { theme::on_color(color) } else { color };
        let galley =
            painter.layout_no_wrap(if laned.is_further { format!("= {}", laned.style.tag) } else { laned.style.tag.clone() }, font, text_color);
        let mut left = row.left();
        for other in taken.iter().filter(|other| (other.top() - row.top()).abs() < 1.0) {
            if left < other.right() + 3.0 && left + galley.size().x > other.left() - 3.0 {
                left = other.right() + 4.0;
            }
        }
        let top = self.body(row).top() - galley.size().y + 1.0;
        let rect = Rect::from_min_size(pos2(left, top), galley.size());
        taken.push(Rect::from_min_max(pos2(rect.left(), row.top()), pos2(rect.right(), row.bottom())));
        if is_selected {
            painter.rect_filled(rect.expand2(vec2(2.0, 0.0)), 2.0, color);
        }
        painter.galley(rect.min, galley, text_color);
        Some(TagPlace { rect: rect.expand(2.0), mark: laned.mark })
    }

    /// The keys of offered marks, before their first letters.
    fn paint_badges(&self, painter: &Painter, ui: &Ui, reading: &Reading<'_>) {
        for (mark, key) in reading.badges {
            let Some(first) = reading.sheet.ranges_of(*mark).and_then(|ranges| ranges.as_slice().first()) else { continue };
            let Some(row) = self.screen_rects(first.start(), first.end()).first().copied() else { continue };
            let center = pos2(row.left() - 1.0, self.body(row).top() - 4.0);
            let fill = ui.visuals().hyperlink_color;
            painter.circle(center, 7.5, fill, Stroke::new(1.0, ui.visuals().extreme_bg_color));
            painter.text(center, Align2::CENTER_CENTER, key, FontId::proportional(11.0), theme::on_color(fill));
        }
    }

    /// Knobs at the edges of the selected mark; the picked one is filled.
    fn paint_handles(&self, painter: &Painter, ui: &Ui, reading: &Reading<'_>) {
        if reading.grips == Grips::Off && reading.picked_edge.is_none() {
            return;
        }
        let color = ui.visuals().strong_text_color();
        for (edge, rect) in self.handles(reading) {
            let is_picked = reading.picked_edge == Some(edge);
            painter.vline(rect.center().x, self.body(rect).y_range(), Stroke::new(if is_picked { 2.5 } else { 1.5 }, color));
            let knob = pos2(rect.center().x, self.body(rect).bottom());
            painter.circle(knob, if is_picked { 4.5 } else { 3.0 }, if is_picked { color } else { ui.visuals().panel_fill }, Stroke::new(1.5, color));
        }
    }

    fn paint_caret(&self, painter: &Painter, ui: &Ui) {
        if let Some(rect) = self.screen_caret(self.caret.head) {
            let body = self.body(rect);
            painter.vline(rect.center().x.max(self.column.left()), body.y_range(), Stroke::new(1.5, ui.visuals().text_cursor.stroke.color));
        }
    }
}

/// The kinds differ in shape, not only by their letter.
fn paint_bar(painter: &Painter, kind: RegionKind, x: f32, rect: Rect, color: Color32) {
    let line = [pos2(x, rect.top()), pos2(x, rect.bottom())];
    match kind {
        RegionKind::Title => drop(painter.line_segment(line, Stroke::new(3.0, color))),
        RegionKind::Caption => drop(painter.add(Shape::dashed_line(&line, Stroke::new(2.0, color), 5.0, 4.0))),
        RegionKind::Boilerplate => drop(painter.add(Shape::dotted_line(&line, color, 4.0, 1.0))),
    }
}

#[derive(Clone, Copy)]
struct Feet {
    start: bool,
    end: bool,
}

fn lane_y(body: Rect, lane: usize) -> f32 {
    #[expect(clippy::cast_precision_loss, reason = "few lanes")]
    let lane = lane as f32;
    body.bottom() + 1.5 + lane * LANE
}

fn paint_line(painter: &Painter, laned: &Laned<'_>, body: Rect, feet: Feet, color: Color32) {
    let y = lane_y(body, laned.lane);
    let (left, right) = (body.left() + if feet.start { 0.5 } else { 0.0 }, body.right() - if feet.end { 0.5 } else { 0.0 });
    match laned.style.kind {
        LabelKind::Entity => drop(painter.hline(left..=right, y, Stroke::new(2.0, color))),
        LabelKind::Claim => {
            painter.hline(left..=right, y - 0.75, Stroke::new(1.0, color));
            painter.hline(left..=right, y + 1.25, Stroke::new(1.0, color));
        }
        LabelKind::Span => drop(painter.add(Shape::dotted_line(&[pos2(left, y), pos2(right, y)], color, 3.0, 1.0))),
    }
    let foot = Stroke::new(1.5, color);
    if feet.start {
        painter.vline(left, body.bottom()..=y, foot);
    }
    if feet.end {
        painter.vline(right, body.bottom()..=y, foot);
    }
}
