//! What a screen reader hears: Document → Paragraph → text and marks.

use eframe::egui::text::{CCursor, CCursorRange};
use eframe::egui::{Rect, Response, Sense, Ui, UiBuilder, accesskit, emath, pos2, text_selection, vec2};

use super::view::{ArticleView, Reading, Visible};
use crate::app::words::tr;
use crate::model::{MarkId, Schema, Sheet};
use crate::text::{one_line, with_symbols};

/// Quotes are cut here when a mark is described.
const MAX_QUOTE_CHARS: usize = 120;

/// A mark in words: `Person: John Kerry`.
pub(super) fn describe_mark(reading: &Reading<'_>, mark: MarkId) -> String {
    let label = label_name(reading.schema, reading.sheet, mark);
    let quote = reading.sheet.ranges_of(mark).map(|ranges| reading.text.quote(ranges)).unwrap_or_default();
    format!("{label}: {}", one_line(&quote, MAX_QUOTE_CHARS))
}

fn label_name(schema: &Schema, sheet: &Sheet, mark: MarkId) -> String {
    let key = match mark {
        MarkId::Span(id) => sheet.spans.get(&id).map(|span| &span.label),
        MarkId::Claim(id) => sheet.claims.get(&id).map(|claim| &claim.label),
    };
    key.map(|key| schema.labels.get(key).map_or_else(|| key.to_string(), |label| with_symbols(&label.name).into_owned())).unwrap_or_default()
}

impl ArticleView {
    /// Adds the nodes of the present frame. Costs nothing while no screen reader or test listens.
    pub(super) fn describe(&self, ui: &mut Ui, page: Rect, response: &Response, reading: &Reading<'_>) {
        let is_heard = ui.ctx().accesskit_node_builder(response.id, |node| {
            node.set_role(accesskit::Role::Document);
            node.set_label(tr("Article text"));
            node.set_bounds(bounds(page));
        });
        if is_heard.is_none() {
            return;
        }
        for visible in &self.visible {
            self.describe_block(ui, page, response, reading, visible);
        }
    }

    fn describe_block(&self, ui: &mut Ui, page: Rect, response: &Response, reading: &Reading<'_>, visible: &Visible) {
        let range = self.blocks.range(visible.block);
        let source = self.source(reading.text, visible.block);
        let size = vec2(self.column.width(), self.heights.get(visible.block));
        let rect = Rect::from_min_size(pos2(self.column.left(), visible.top), size);
        let builder = UiBuilder::new().id_salt(("block", visible.block)).max_rect(rect);
        let child = ui.new_child(builder.accessibility_parent(response.id).accessibility_role(accesskit::Role::Paragraph));
        let paragraph = child.unique_id();
        ui.ctx().accesskit_node_builder(paragraph, |node| {
            node.set_bounds(bounds(rect.intersect(page)));
            node.set_author_id(format!("block-{}", visible.block));
            if visible.layout.galley().is_none() {
                node.set_value(source);
            }
        });
        if let Some(galley) = visible.layout.galley() {
            let cursor = self.cursor_in(source, range.start);
            let to_global = emath::TSTransform::from_translation(rect.min.to_vec2());
            text_selection::accesskit_text::update_accesskit_for_text_widget(ui.ctx(), paragraph, cursor, to_global, galley);
        }
        for shown in self.index.in_block(visible.block, &self.blocks) {
            let (mark, Some(ranges)) = (shown.mark, shown.ranges(reading.sheet)) else { continue };
            let rects = ranges.iter().flat_map(|r| self.screen_rects(r.start().max(range.start), r.end().min(range.end)));
            let Some(place) = rects.into_iter().next() else { continue };
            let node = child.interact(place, child.scope_id().with(("mark", mark, place.min.x.to_bits(), place.min.y.to_bits())), Sense::hover());
            ui.ctx().accesskit_node_builder(node.id, |node| {
                node.set_role(accesskit::Role::Mark);
                node.set_bounds(bounds(place));
                node.set_label(describe_mark(reading, mark));
            });
        }
    }

    /// The selection inside a block, counted in characters as egui does.
    fn cursor_in(&self, source: &str, start: usize) -> Option<CCursorRange> {
        let selected = self.caret.range();
        let end = start + source.len();
        if selected.start > end || selected.end < start {
            return None;
        }
        let count = |offset: usize| source.get(..offset.clamp(start, end) - start).map_or(0, |before| before.chars().count());
        Some(CCursorRange::two(CCursor::new(count(selected.start)), CCursor::new(count(selected.end))))
    }
}

fn bounds(rect: Rect) -> accesskit::Rect {
    accesskit::Rect { x0: rect.min.x.into(), y0: rect.min.y.into(), x1: rect.max.x.into(), y1: rect.max.y.into() }
}
