//! What the reader has done with one article, and one frame of it.

use std::sync::Arc;

use eframe::egui::{Color32, Context, CursorIcon, FontId, Rect, Response, Sense, Ui, pos2, vec2};

use super::arcs::Arcs;
use super::blocks::Blocks;
use super::caret::Caret;
use super::heights::Heights;
use super::layout::{BlockLayout, TextStyle};
use super::layouts::Layouts;
use super::marks::{LabelStyles, MarkIndex};
use super::minimap::Minimap;
use super::paint::TagPlace;
use super::paint_arcs::ArcPlace;
use super::pointer::Drag;
use super::ready::{Marks, ReadyMarks};
use crate::app::chain::Chain;
use crate::app::follow::{Follower, News};
use crate::app::fonts::Letters;
use crate::app::queue::Queue;
use crate::app::relating::ShownRelations;
use crate::edit::ops::Edge;
use crate::model::{MarkId, Region, RelationId, Schema, Sheet, SheetKey, State};
use crate::text::{Text, TextHash, TextRange, segment};
use crate::workspace::Workspace;

/// Space between paragraphs, in points.
pub(super) const PARAGRAPH_GAP: f32 = 10.0;
/// Space left and right of the text, in points; the caret and edge handles need it.
pub(super) const MARGIN: f32 = 28.0;
/// Width of the scrollbar, in points.
pub(super) const BAR: f32 = 12.0;
/// Space above the first paragraph, in points.
const LEAD: f32 = 14.0;
/// Height of a row in sizes of the letters: there is room for labels above and lines below.
const ROW_EMS: f32 = 2.25;

/// What the view reads in one frame.
#[derive(Clone, Copy)]
pub(crate) struct Reading<'a> {
    pub(crate) text: &'a Text,
    pub(crate) sheet: &'a Sheet,
    pub(crate) schema: &'a Schema,
    pub(crate) regions: &'a [Region],
    /// The mark that the inspector shows.
    pub(crate) selected: Option<MarkId>,
    /// The relation that the inspector shows.
    pub(crate) selected_relation: Option<RelationId>,
    /// Which relations are drawn.
    pub(crate) relations: ShownRelations,
    /// The edge that arrows move.
    pub(crate) picked_edge: Option<Edge>,
    pub(crate) grips: Grips,
    /// Places that the search found, in text order.
    pub(crate) hits: &'a [TextRange],
    /// The hit that the reader is at.
    pub(crate) current_hit: Option<usize>,
    pub(crate) look: Look,
    /// The mentions that light up.
    pub(crate) chain: &'a Chain,
    /// Marks that a key would take, with the key.
    pub(crate) badges: &'a [(MarkId, char)],
    pub(crate) answer: Answer,
}

/// How the text is set.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(crate) struct Look {
    /// Size of the letters in points.
    pub(crate) font_size: f32,
    pub(crate) letters: Letters,
    /// 1 for the usual distance of the rows.
    pub(crate) row_distance: f32,
    /// The widest that the column becomes, in sizes of the letters.
    pub(crate) ems: f32,
}

/// Whether the edges of the selected mark take a drag.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Grips {
    On,
    /// It was just labelled: a drag selects the next words.
    Off,
}

/// What a click on a mark, or selected text, is for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Answer {
    /// The mark is selected, the text waits for a label.
    Selects,
    /// A mark fills the slot that is offered; text waits for a label.
    MarksFill,
    /// Both fill the slot that somebody asked to fill.
    AllFills,
}

/// Scroll place, caret and caches of one article.
pub(crate) struct ArticleView {
    // The text that the blocks are of.
    text_hash: TextHash,
    pub(super) blocks: Blocks,
    pub(super) heights: Heights,
    /// The block at the top edge, and how many points of it are scrolled away.
    pub(super) top_block: usize,
    pub(super) top_offset: f32,
    pub(super) style: TextStyle,
    /// What the present frame shows, from top to bottom.
    pub(super) visible: Vec<Visible>,
    layouts: Layouts,
    pub(super) tags: Vec<TagPlace>,
    pub(super) arc_places: Vec<ArcPlace>,
    pub(super) caret: Caret,
    pub(super) drag: Option<Drag>,
    pub(super) reveal: Option<Reveal>,
    pub(super) index: MarkIndex,
    pub(super) styles: LabelStyles,
    pub(super) arcs: Arcs,
    pub(super) minimap: Minimap,
    /// Another one whenever marks or codebook have changed.
    pub(super) marks_revision: u64,
    // The room for relations has changed since the last frame.
    is_room_new: bool,
    // Relations are drawn at all.
    has_arcs: bool,
    // By the revisions of codebook and sheet.
    follower: Follower<u64>,
    /// The column of text in the present frame.
    pub(super) column: Rect,
}

/// A block on screen.
pub(super) struct Visible {
    pub(super) block: usize,
    pub(super) top: f32,
    pub(super) layout: Arc<BlockLayout>,
}

/// A place to bring into view in the next frame.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Reveal {
    /// Only when it is out of sight.
    IfHidden(usize),
    /// At the top edge, as it was when the article was left.
    AtTop(usize),
}

impl ArticleView {
    pub(crate) fn new(text: &Text) -> Self {
        Self {
            text_hash: text.hash().clone(),
            blocks: Blocks::new(text.as_str()),
            heights: Heights::default(),
            top_block: 0,
            top_offset: 0.0,
            style: TextStyle { font: FontId::proportional(17.0), color: Color32::PLACEHOLDER, row_height: 34.0, width: 0.0 },
            visible: Vec::new(),
            layouts: Layouts::default(),
            tags: Vec::new(),
            arc_places: Vec::new(),
            caret: Caret::default(),
            drag: None,
            reveal: None,
            index: MarkIndex::default(),
            styles: LabelStyles::default(),
            arcs: Arcs::default(),
            minimap: Minimap::default(),
            marks_revision: 0,
            is_room_new: false,
            has_arcs: true,
            follower: Follower::default(),
            column: Rect::NOTHING,
        }
    }

    pub(crate) fn caret(&self) -> Caret {
        self.caret
    }

    pub(crate) fn set_caret(&mut self, caret: Caret) {
        self.caret = caret;
    }

    pub(crate) fn reveal(&mut self, place: Reveal) {
        self.reveal = Some(place);
    }

    /// The first byte that will be in view.
    pub(crate) fn awaited_place(&self) -> usize {
        if let Some(Reveal::AtTop(offset) | Reveal::IfHidden(offset)) = self.reveal { offset } else { self.place() }
    }

    /// The first byte in view: where the reader is.
    pub(crate) fn place(&self) -> usize {
        self.blocks.range(self.top_block).start
    }

    /// The marks in text order, as of the last [`Self::refresh`].
    pub(crate) fn marks(&self) -> &MarkIndex {
        &self.index
    }

    /// Follows the changes of sheet and schema. Comes before anything of a frame is drawn.
    pub(crate) fn refresh(&mut self, workspace: &Workspace, key: &SheetKey) {
        let state = workspace.state();
        if let Some(text) = state.texts.get(&key.document).filter(|text| *text.hash() != self.text_hash) {
            self.take_text(text);
            self.refresh_all(state, key);
        }
        match self.follower.news(workspace, state.schema_revision, state.sheet_revision(key)) {
            News::Nothing => {}
            News::Edits(edits) => {
                self.marks_revision += 1;
                let mut has_new_arcs = false;
                for edit in edits.filter(|edit| edit.sheet() == Some(key)) {
                    self.index.follow(edit, &state.schema, &self.blocks);
                    has_new_arcs |= self.arcs.concerns(edit);
                }
                if has_new_arcs {
                    self.set_arcs(Arcs::new(state.sheet(key), &self.blocks));
                }
            }
            News::All => self.refresh_all(state, key),
        }
    }

    /// The text was corrected: what is at the top edge stays there.
    fn take_text(&mut self, text: &Text) {
        let (place, count) = (self.place(), self.blocks.len());
        (self.blocks, self.text_hash, self.heights) = (Blocks::new(text.as_str()), text.hash().clone(), Heights::default());
        if self.blocks.len() != count {
            (self.top_block, self.top_offset) = (self.blocks.block_of(place.min(text.len())), 0.0);
        }
        let fitting = |offset: usize| segment::floor_grapheme(text.as_str(), offset.min(text.len()));
        self.caret = Caret { anchor: fitting(self.caret.anchor), head: fitting(self.caret.head) };
        (self.drag, self.visible) = (None, Vec::new());
        self.layouts.forget_blocks();
    }

    fn set_arcs(&mut self, arcs: Arcs) {
        self.is_room_new |= !arcs.has_same_room(&self.arcs);
        self.arcs = arcs;
    }

    fn refresh_all(&mut self, state: &State, key: &SheetKey) {
        self.take_marks(Marks::new(state.sheet(key), &state.schema, &self.blocks), &state.schema);
    }

    fn take_marks(&mut self, Marks { index, arcs }: Marks, schema: &Schema) {
        self.marks_revision += 1;
        self.index = index;
        self.styles = LabelStyles::new(schema);
        self.set_arcs(arcs);
    }

    /// Shows spans of a sheet that is still being read.
    pub(crate) fn show_early(&mut self, sheet: &Sheet, schema: &Schema) {
        self.take_marks(Marks::new(sheet, schema, &self.blocks), schema);
    }

    /// Takes what was worked out beside the window of the data as they are now.
    pub(crate) fn take_ready(&mut self, ready: ReadyMarks, workspace: &Workspace, key: &SheetKey) {
        let state = workspace.state();
        if ready.text_hash == self.text_hash {
            self.take_marks(ready.marks, &state.schema);
            self.follower = Follower::at(workspace, state.schema_revision, state.sheet_revision(key));
        }
    }

    /// One frame.
    pub(crate) fn ui(&mut self, ui: &mut Ui, reading: &Reading<'_>, queue: &mut Queue) -> Response {
        let area = ui.available_rect_before_wrap();
        let page = Rect::from_min_max(area.min, pos2(area.max.x - BAR, area.max.y));
        let pinned = self.pin(reading);
        self.set_column(ui, page, reading);
        let response = ui.interact(page, ui.scope_id().with("article"), Sense::click_and_drag());
        self.scroll_by_wheel(ui, &response, reading);
        self.scrollbar_ui(ui, area, reading);
        self.follow_reveal(ui.ctx(), reading);
        self.lay_out_visible(ui.ctx(), reading, page);
        self.keep_pinned(ui.ctx(), reading, page, pinned);
        self.read_pointer(ui, &response, reading, queue);
        self.paint(ui, page, reading);
        self.describe(ui, page, &response, reading);
        response.on_hover_cursor(CursorIcon::Text)
    }

    /// Centres a comfortable measure on the page; a new width estimates all heights anew and keeps the top block.
    fn set_column(&mut self, ui: &Ui, page: Rect, reading: &Reading<'_>) {
        let Look { font_size, letters, row_distance, ems } = reading.look;
        let width = (page.width() - 2.0 * MARGIN).min(ems * font_size).max(80.0).round();
        let left = (page.center().x - width / 2.0).round();
        self.column = Rect::from_min_max(pos2(left, page.top()), pos2(left + width, page.bottom()));
        let row_height = (font_size * ROW_EMS * row_distance).round();
        let style = TextStyle { font: letters.font(font_size), color: ui.visuals().text_color(), row_height, width };
        let is_same_shape = (style.width, style.row_height) == (self.style.width, self.style.row_height) && style.font == self.style.font;
        if !is_same_shape || self.heights.total() == 0.0 {
            self.heights = self.estimate(&style);
        }
        self.style = style;
    }

    /// About half an em a character; good enough for the scrollbar until a block is seen.
    #[expect(clippy::cast_precision_loss, reason = "an estimate")]
    pub(super) fn estimate(&self, style: &TextStyle) -> Heights {
        let bytes_per_row = (style.width / (style.font.size * 0.48)).max(8.0);
        let height = |block: usize| {
            let rows = (self.blocks.range(block).len() as f32 / bytes_per_row).ceil().max(1.0);
            (rows * (style.row_height + self.room(block)) + self.gap_after(block)).max(1.0) + self.lead(block)
        };
        Heights::new((0..self.blocks.len()).map(height).collect())
    }

    /// Space under a block: none inside a paragraph. An empty line is drawn half as high as a row, by taking the rest back.
    pub(super) fn gap_after(&self, block: usize) -> f32 {
        if self.blocks.continues(block) {
            0.0
        } else if self.blocks.range(block).is_empty() {
            -self.style.row_height / 2.0
        } else {
            PARAGRAPH_GAP
        }
    }

    /// Height reserved for relations above each row of a block.
    fn room(&self, block: usize) -> f32 {
        if self.has_arcs { self.arcs.room(block) } else { 0.0 }
    }

    /// Height of a row of a block, in points.
    pub(super) fn row_height(&self, block: usize) -> f32 {
        self.style.row_height + self.room(block)
    }

    /// Space above a block: for the first one, and half of a row's room for relations, since letters stand in the middle of
    /// their row.
    pub(super) fn lead(&self, block: usize) -> f32 {
        self.room(block) / 2.0 + if block == 0 { LEAD } else { 0.0 }
    }

    /// What must stay where it is on screen while room for relations is made: the selected mark, else the first row.
    fn pin(&mut self, reading: &Reading<'_>) -> Option<(usize, f32)> {
        let has_arcs = reading.relations != ShownRelations::None;
        let is_new = std::mem::take(&mut self.is_room_new) || has_arcs != self.has_arcs;
        self.has_arcs = has_arcs;
        if !is_new || self.heights.total() == 0.0 {
            return None;
        }
        let marks = reading.selected.into_iter().chain(self.marks_of(reading));
        let starts = marks.filter_map(|mark| reading.sheet.ranges_of(mark)).map(|ranges| ranges.start());
        let offsets = starts.chain([self.place()]);
        offsets.filter_map(|offset| Some((offset, self.screen_caret(offset)?.center().y))).find(|(_, y)| self.column.y_range().contains(*y))
    }

    /// The marks at the ends of the selected relation.
    fn marks_of<'r>(&'r self, reading: &'r Reading<'_>) -> impl Iterator<Item = MarkId> + 'r {
        let selected = self.arcs.all.iter().filter(|arc| reading.selected_relation == Some(arc.relation));
        selected.flat_map(|arc| [arc.from.mark, arc.to.mark])
    }

    fn keep_pinned(&mut self, ctx: &Context, reading: &Reading<'_>, page: Rect, pinned: Option<(usize, f32)>) {
        let Some((offset, y)) = pinned else { return };
        let Some(now) = self.screen_caret(offset).map(|caret| caret.center().y).filter(|now| (now - y).abs() > 0.5) else { return };
        self.scroll_by(ctx, reading.text, now - y);
        self.lay_out_visible(ctx, reading, page);
    }

    /// Lays out one block and remembers its exact height.
    pub(super) fn lay_out(&mut self, ctx: &Context, text: &Text, block: usize) -> Arc<BlockLayout> {
        let source = text.as_str().get(self.blocks.range(block)).unwrap_or_default();
        let row_height = self.row_height(block);
        let layout = self.layouts.get(ctx, (block, source), &self.style, row_height);
        self.heights.set(block, self.lead(block) + layout.height() + self.gap_after(block));
        layout
    }

    pub(super) fn lay_out_visible(&mut self, ctx: &Context, reading: &Reading<'_>, page: Rect) {
        self.visible.clear();
        let mut top = page.top() - self.top_offset;
        let mut block = self.top_block;
        while top < page.bottom() && block < self.blocks.len() {
            let layout = self.lay_out(ctx, reading.text, block);
            self.visible.push(Visible { block, top: top + self.lead(block), layout });
            top += self.heights.get(block);
            block += 1;
        }
    }

    /// The text of a block.
    pub(super) fn source<'t>(&self, text: &'t Text, block: usize) -> &'t str {
        text.as_str().get(self.blocks.range(block)).unwrap_or_default()
    }

    /// The rectangles on screen of a range of bytes, as far as it is visible.
    pub(crate) fn screen_rects(&self, start: usize, end: usize) -> Vec<Rect> {
        let parts = self.visible.iter().flat_map(|visible| {
            let block = self.blocks.range(visible.block);
            let (from, to) = (start.max(block.start), end.min(block.end));
            let rects = if from < to { visible.layout.rects(from - block.start..to - block.start) } else { Vec::new() };
            let origin = vec2(self.column.left(), visible.top);
            rects.into_iter().map(move |rect| rect.translate(origin))
        });
        parts.collect()
    }

    /// The caret's place on screen before the byte at `offset`, when its block is visible.
    pub(super) fn screen_caret(&self, offset: usize) -> Option<Rect> {
        let block = self.blocks.block_of(offset);
        let visible = self.visible.iter().find(|visible| visible.block == block)?;
        let range = self.blocks.range(block);
        let rect = visible.layout.caret(offset.min(range.end) - range.start);
        Some(rect.translate(vec2(self.column.left(), visible.top)))
    }
}
