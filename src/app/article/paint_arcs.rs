//! Drawing relations: a line in the gap above the rows of both ends, by way of the margin from row to row; an arrow at
//! the edge of the page where an end is out of sight.

use std::collections::BTreeMap;

use eframe::egui::{Align2, Color32, FontId, Painter, Pos2, Rect, Shape, Stroke, Ui, pos2, vec2};

use super::arcs::{Arc, End, LANE_HEIGHT, style_of};
use super::pointer::Drag;
use super::view::{ArticleView, Reading};
use crate::app::relating::ShownRelations;
use crate::app::theme;
use crate::model::{MarkId, Node, RelationId};

/// Half the width of an arrow's head, in points.
const HEAD: f32 = 3.5;
/// Distance of the lines in the margin from each other, in points.
const STEP: f32 = 4.0;

/// Something of a relation that takes a click.
#[derive(Clone, Copy, Debug)]
pub(super) struct ArcPlace {
    pub(super) rect: Rect,
    pub(super) what: ArcTarget,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum ArcTarget {
    /// Selects the relation.
    Relation(RelationId),
    /// Goes to an end that is out of sight.
    End(MarkId),
}

/// An end on screen: where the line leaves its row, and the gap above it.
#[derive(Clone, Copy)]
struct Anchor {
    x: f32,
    // Where the row with its tags begins.
    bottom: f32,
    lane_y: f32,
}

struct Look {
    stroke: Stroke,
    name: String,
    is_symmetric: bool,
    is_strong: bool,
}

impl ArticleView {
    pub(super) fn paint_arcs(&self, painter: &Painter, ui: &Ui, page: Rect, reading: &Reading<'_>) -> Vec<ArcPlace> {
        let mut places = Vec::new();
        let Some((first, last)) = self.visible.first().zip(self.visible.last()).map(|(a, b)| (a.block, b.block)) else { return places };
        let mut labels: BTreeMap<RelationId, Pos2> = BTreeMap::new();
        let is_near = |end: &End| (first..=last).contains(&end.block);
        let shown = self.arcs.all.iter().filter(|arc| (is_near(&arc.from) || is_near(&arc.to)) && is_shown(reading, arc));
        // What leads to a relation comes after that one.
        let mut shown: Vec<&Arc> = shown.collect();
        shown.sort_by_key(|arc| (arc.from.on.is_some() || arc.to.on.is_some(), arc.relation));
        for arc in shown {
            self.paint_arc(painter, ui, page, reading, arc, &mut labels, &mut places);
        }
        places
    }

    #[expect(clippy::too_many_arguments, reason = "what a frame draws with")]
    fn paint_arc(
        &self,
        painter: &Painter,
        ui: &Ui,
        page: Rect,
        reading: &Reading<'_>,
        arc: &Arc,
        labels: &mut BTreeMap<RelationId, Pos2>,
        places: &mut Vec<ArcPlace>,
    ) {
        let Some(look) = look_of(ui, reading, arc) else { return };
        let (from, to) = (self.anchor(&arc.from, labels), self.anchor(&arc.to, labels));
        match (from, to) {
            (Some(a), Some(b)) => self.paint_whole(painter, ui, arc, (a, b), &look, labels, places),
            (Some(a), None) => self.paint_half(painter, ui, page, (arc, &arc.to), (a, false), &look, places),
            (None, Some(b)) => self.paint_half(painter, ui, page, (arc, &arc.from), (b, true), &look, places),
            (None, None) => {}
        }
    }

    /// None when the end is out of sight.
    #[expect(clippy::cast_precision_loss, reason = "few lanes")]
    fn anchor(&self, end: &End, labels: &BTreeMap<RelationId, Pos2>) -> Option<Anchor> {
        let row = self.screen_rects(end.start, end.end).first().copied()?;
        let base_top = row.center().y - self.style.row_height / 2.0;
        let lane_y = base_top - (end.lane as f32 + 0.5) * LANE_HEIGHT;
        let on = end.on.and_then(|relation| labels.get(&relation));
        // Lines of different lanes leave the mark side by side.
        let x = on.map_or_else(|| (row.left() + (row.width() / 2.0).min(40.0) + end.lane as f32 * 3.0).min(row.right() - 1.0), |label| label.x);
        Some(Anchor { x, bottom: on.map_or(base_top, |label| label.y), lane_y })
    }

    /// Left of the text.
    #[expect(clippy::cast_precision_loss, reason = "few lanes")]
    fn margin_x(&self, lane: usize) -> f32 {
        self.column.left() - 7.0 - lane as f32 * STEP
    }

    #[expect(clippy::too_many_arguments, reason = "what a frame draws with")]
    fn paint_whole(
        &self,
        painter: &Painter,
        ui: &Ui,
        arc: &Arc,
        (from, to): (Anchor, Anchor),
        look: &Look,
        labels: &mut BTreeMap<RelationId, Pos2>,
        places: &mut Vec<ArcPlace>,
    ) {
        let is_one_row = (from.bottom - to.bottom).abs() < 2.0 || (from.lane_y - to.lane_y).abs() < 1.0;
        let lane_y = from.lane_y.min(to.lane_y);
        let (path, label_from) = if is_one_row {
            (vec![pos2(from.x, from.bottom), pos2(from.x, lane_y), pos2(to.x, lane_y), pos2(to.x, to.bottom)], from.x.min(to.x))
        } else {
            let x = self.margin_x(arc.from.lane);
            let path = [
                pos2(from.x, from.bottom),
                pos2(from.x, from.lane_y),
                pos2(x, from.lane_y),
                pos2(x, to.lane_y),
                pos2(to.x, to.lane_y),
                pos2(to.x, to.bottom),
            ];
            (path.to_vec(), x)
        };
        painter.add(Shape::line(path, look.stroke));
        if !look.is_symmetric {
            arrow(painter, pos2(to.x, to.bottom), 1.0, look.stroke.color);
        }
        painter.circle_filled(pos2(from.x, from.bottom), 2.0, look.stroke.color);
        let (y, end) = if is_one_row { (lane_y, from.x.max(to.x)) } else { (from.lane_y, from.x) };
        let center = name_ui(painter, ui, (label_from, end, y), look);
        labels.insert(arc.relation, pos2(center.center().x, y));
        places.push(ArcPlace { rect: center, what: ArcTarget::Relation(arc.relation) });
    }

    /// The other end is out of sight: the line goes to the edge of the page, where a click follows it.
    #[expect(clippy::too_many_arguments, reason = "what a frame draws with")]
    fn paint_half(
        &self,
        painter: &Painter,
        ui: &Ui,
        page: Rect,
        (arc, hidden): (&Arc, &End),
        (seen, is_target): (Anchor, bool),
        look: &Look,
        places: &mut Vec<ArcPlace>,
    ) {
        let lane = if is_target { arc.to.lane } else { arc.from.lane };
        let x = self.margin_x(lane);
        let is_above = self.visible.first().is_some_and(|first| hidden.start < self.blocks.range(first.block).start)
            || hidden.start < if is_target { arc.to.start } else { arc.from.start };
        let (edge, inwards) = if is_above { (page.top() + 4.0, -1.0) } else { (page.bottom() - 4.0, 1.0) };
        let path = vec![pos2(seen.x, seen.bottom), pos2(seen.x, seen.lane_y), pos2(x, seen.lane_y), pos2(x, edge)];
        painter.add(Shape::line(path, look.stroke));
        arrow(painter, pos2(x, edge), inwards, look.stroke.color);
        if is_target && !look.is_symmetric {
            arrow(painter, pos2(seen.x, seen.bottom), 1.0, look.stroke.color);
        }
        let label = name_ui(painter, ui, (x, seen.x, seen.lane_y), look);
        places.push(ArcPlace { rect: label, what: ArcTarget::Relation(arc.relation) });
        let tip = Rect::from_center_size(pos2(x, edge - inwards * 6.0), vec2(14.0, 20.0));
        places.push(ArcPlace { rect: tip, what: ArcTarget::End(hidden.mark) });
    }

    /// The line that is being drawn with the mouse.
    pub(super) fn paint_pulled(&self, painter: &Painter, ui: &Ui, reading: &Reading<'_>) {
        let Some(Drag::Relate { from, at }) = self.drag else { return };
        let Some(first) = reading.sheet.ranges_of(from).and_then(|ranges| ranges.as_slice().first()) else { return };
        let color = ui.visuals().hyperlink_color;
        let start = self.screen_rects(first.start(), first.end()).first().map_or(at, |row| pos2(row.center().x, self.body(*row).top()));
        painter.line_segment([start, at], Stroke::new(1.5, color));
        painter.circle_filled(at, 3.0, color);
        let target = self.mark_at(at, reading).filter(|mark| *mark != from).and_then(|mark| reading.sheet.ranges_of(mark));
        for range in target.into_iter().flat_map(|ranges| ranges.iter()) {
            for rect in self.screen_rects(range.start(), range.end()) {
                painter.rect_stroke(self.body(rect), 2.0, Stroke::new(2.0, color), eframe::egui::StrokeKind::Outside);
            }
        }
    }
}

fn is_shown(reading: &Reading<'_>, arc: &Arc) -> bool {
    match reading.relations {
        ShownRelations::None => false,
        ShownRelations::All => true,
        ShownRelations::OfSelection => is_in_hand(reading, arc),
    }
}

/// It is selected, or leads to or from what is selected.
fn is_in_hand(reading: &Reading<'_>, arc: &Arc) -> bool {
    let Some(relation) = reading.sheet.relations.get(&arc.relation) else { return false };
    let is_end = |node: Node| [relation.from, relation.to].contains(&node);
    reading.selected_relation == Some(arc.relation)
        || reading.selected_relation.is_some_and(|id| is_end(Node::Relation(id)) || arc.from.on == Some(id) || leads_to(reading, id, arc.relation))
        || reading.selected.is_some_and(|mark| is_end(Node::from(mark)))
}

/// True when the first leads to the second, so that both are needed to be understood.
fn leads_to(reading: &Reading<'_>, first: RelationId, second: RelationId) -> bool {
    reading.sheet.relations.get(&first).is_some_and(|relation| [relation.from, relation.to].contains(&Node::Relation(second)))
}

fn look_of(ui: &Ui, reading: &Reading<'_>, arc: &Arc) -> Option<Look> {
    let relation = reading.sheet.relations.get(&arc.relation)?;
    let (color, name, is_symmetric) = style_of(reading.schema, relation);
    let color = theme::readable(ui.visuals(), color);
    let is_selected = reading.selected_relation == Some(arc.relation);
    let is_strong = is_selected || is_in_hand(reading, arc);
    let width = if is_selected { 2.25 } else { 1.25 };
    let color = if is_strong { color } else { color.gamma_multiply(0.75) };
    Some(Look { stroke: Stroke::new(width, color), name, is_symmetric, is_strong })
}

/// The name on the line, where it has room; the place of the name or of the line takes clicks.
fn name_ui(painter: &Painter, ui: &Ui, (left, right, y): (f32, f32, f32), look: &Look) -> Rect {
    let (left, right) = (left.min(right), left.max(right));
    let galley = painter.layout_no_wrap(look.name.clone(), FontId::proportional(9.5), look.stroke.color);
    let has_room = right - left > galley.size().x + 8.0;
    if !has_room && !look.is_strong {
        return Rect::from_min_max(pos2(left, y - 5.0), pos2(right.max(left + 6.0), y + 5.0));
    }
    let at = if has_room { pos2(f32::midpoint(left, right), y) } else { pos2(right + galley.size().x / 2.0 + 4.0, y) };
    let rect = Align2::CENTER_CENTER.anchor_size(at, galley.size());
    painter.rect_filled(rect.expand2(vec2(2.0, -1.0)), 2.0, ui.visuals().extreme_bg_color);
    painter.galley(rect.min, galley, look.stroke.color);
    rect.expand2(vec2(3.0, 1.0))
}

/// A head with its tip at `tip`; `down` is 1 for pointing down, -1 for up.
fn arrow(painter: &Painter, tip: Pos2, down: f32, color: Color32) {
    let back = tip.y - down * HEAD * 1.8;
    painter.add(Shape::convex_polygon(vec![tip, pos2(tip.x - HEAD, back), pos2(tip.x + HEAD, back)], color, Stroke::NONE));
}
