//! Scrolling: the place is a block and an offset inside it, so that nothing above can ever move the text in view.

use eframe::egui::{Context, Rect, Response, Role, Sense, Ui, WidgetInfo, pos2, vec2};

use super::view::{ArticleView, BAR, Reading, Reveal};
use crate::app::words::tr;
use crate::text::Text;

/// Blocks laid out at most to scroll exactly; beyond, estimated heights do.
const MAX_EXACT: usize = 64;

impl ArticleView {
    pub(super) fn scroll_by_wheel(&mut self, ui: &Ui, response: &Response, reading: &Reading<'_>) {
        let delta = ui.input(|input| input.smooth_scroll_delta.y);
        if response.contains_pointer() && delta != 0.0 {
            self.scroll_by(ui.ctx(), reading.text, -delta);
        }
        self.scroll_by(ui.ctx(), reading.text, 0.0);
    }

    /// Moves the view by so many points; stops at both ends of the article.
    pub(super) fn scroll_by(&mut self, ctx: &Context, text: &Text, delta: f32) {
        self.top_offset += delta;
        while self.top_offset < 0.0 && self.top_block > 0 {
            self.top_block -= 1;
            self.lay_out(ctx, text, self.top_block);
            self.top_offset += self.heights.get(self.top_block);
        }
        self.top_offset = self.top_offset.max(0.0);
        let mut seen = 0;
        while self.top_block + 1 < self.blocks.len() {
            if seen < MAX_EXACT && self.top_offset > 0.0 {
                self.lay_out(ctx, text, self.top_block);
                seen += 1;
            }
            let height = self.heights.get(self.top_block);
            if self.top_offset < height {
                break;
            }
            self.top_offset -= height;
            self.top_block += 1;
        }
        self.stop_at_end(ctx, text);
    }

    /// The last row may come up to two thirds of the page, not further.
    fn stop_at_end(&mut self, ctx: &Context, text: &Text) {
        let page = self.column.height() * 2.0 / 3.0;
        let mut below = -self.top_offset;
        let mut block = self.top_block;
        while block < self.blocks.len() && below < page {
            self.lay_out(ctx, text, block);
            below += self.heights.get(block);
            block += 1;
        }
        let mut missing = if block == self.blocks.len() { page - below } else { 0.0 };
        while missing > 0.0 && (self.top_block > 0 || self.top_offset > 0.0) {
            let step = missing.min(self.top_offset);
            self.top_offset -= step;
            missing -= step;
            if missing > 0.0 && self.top_block > 0 {
                self.top_block -= 1;
                self.lay_out(ctx, text, self.top_block);
                self.top_offset = self.heights.get(self.top_block);
            } else if self.top_block == 0 {
                break;
            }
        }
    }

    /// Scrolls by pages, a little less than the height of the page.
    pub(crate) fn scroll_pages(&mut self, ctx: &Context, text: &Text, pages: f32) {
        let delta = pages * (self.column.height() - self.style.row_height);
        self.scroll_by(ctx, text, delta);
    }

    /// Does what [`ArticleView::reveal`] asked for.
    pub(super) fn follow_reveal(&mut self, ctx: &Context, reading: &Reading<'_>) {
        match self.reveal.take() {
            Some(Reveal::AtTop(offset)) => {
                self.top_block = self.blocks.block_of(offset);
                self.top_offset = 0.0;
            }
            Some(Reveal::IfHidden(offset)) if !self.is_in_sight(ctx, reading.text, offset) => self.jump_to(ctx, reading.text, offset),
            _ => return,
        }
        self.scroll_by(ctx, reading.text, 0.0);
    }

    /// Puts the row of `offset` one third down the page.
    fn jump_to(&mut self, ctx: &Context, text: &Text, offset: usize) {
        self.top_block = self.blocks.block_of(offset);
        self.top_offset = self.row_top(ctx, text, offset);
        self.scroll_by(ctx, text, -self.column.height() / 3.0);
    }

    /// How far below its block's top the row of `offset` starts.
    fn row_top(&mut self, ctx: &Context, text: &Text, offset: usize) -> f32 {
        let block = self.blocks.block_of(offset);
        let range = self.blocks.range(block);
        self.lead(block) + self.lay_out(ctx, text, block).caret(offset.min(range.end) - range.start).top()
    }

    fn is_in_sight(&mut self, ctx: &Context, text: &Text, offset: usize) -> bool {
        let row = self.row_top(ctx, text, offset);
        let block = self.blocks.block_of(offset);
        let distance = self.heights.top(block) - self.heights.top(self.top_block) + f64::from(row) - f64::from(self.top_offset);
        let last_row = f64::from(self.column.height() - self.style.row_height);
        (0.0..=last_row).contains(&distance)
    }

    pub(super) fn scrollbar_ui(&mut self, ui: &mut Ui, area: Rect, reading: &Reading<'_>) {
        let bar = Rect::from_min_max(pos2(area.max.x - BAR, area.min.y), area.max);
        let response = ui.interact(bar, ui.scope_id().with("article scrollbar"), Sense::click_and_drag());
        response.widget_info(|| WidgetInfo::labeled(Role::ScrollBar, true, tr("Scroll the article")));
        let total = self.heights.total().max(1.0);
        self.minimap_ui(ui, bar, reading);
        if let Some(pointer) = response.interact_pointer_pos() {
            let part = f64::from(((pointer.y - bar.top()) / bar.height()).clamp(0.0, 1.0));
            let (block, offset) = self.heights.find(part * total);
            self.top_block = block;
            #[expect(clippy::cast_possible_truncation, reason = "a height inside a block")]
            let offset = offset as f32;
            self.top_offset = offset;
        }
        #[expect(clippy::cast_possible_truncation, reason = "parts of one")]
        let (part, size) = {
            let above = self.heights.top(self.top_block) + f64::from(self.top_offset);
            ((above / total) as f32, (f64::from(bar.height()) / total) as f32)
        };
        if size >= 1.0 {
            return;
        }
        let height = (size * bar.height()).max(28.0);
        let top = bar.top() + part.min(1.0) * (bar.height() - height);
        let thumb = Rect::from_min_size(pos2(bar.left() + 3.0, top), vec2(BAR - 6.0, height));
        let visuals = ui.style().interact(&response);
        ui.painter().rect_filled(thumb, 3.0, visuals.fg_stroke.color.gamma_multiply(if response.hovered() { 0.6 } else { 0.3 }));
    }
}
