//! One block laid out: from bytes to places on screen and back.
//!
//! Most blocks are one egui galley. Blocks in scripts where one character is not one glyph are drawn word by word
//! (`words.rs`), because egui's cursors are wrong there. Both answer the same questions; positions are relative
//! to the block's top left corner, offsets are bytes relative to the block's start.

use std::ops::Range;
use std::sync::Arc;

use eframe::egui::epaint::text::PlacedRow;
use eframe::egui::text::{CCursor, CharIndex, LayoutJob, TextFormat};
use eframe::egui::{Color32, Context, FontId, Galley, Painter, Pos2, Rect, Vec2, pos2, vec2};

use super::display::needs_words;
use super::layouts::WordsOfHeight;
use super::words::WordLayout;
use crate::text::segment;

/// How text is set.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct TextStyle {
    pub(super) font: FontId,
    pub(super) color: Color32,
    /// Height of a row in points, room for tags and lanes included.
    pub(super) row_height: f32,
    /// Width of the column in points.
    pub(super) width: f32,
}

/// A block on screen.
pub(super) enum BlockLayout {
    Plain(PlainLayout),
    Words(WordLayout),
}

/// A block that is one galley with one glyph a character.
pub(super) struct PlainLayout {
    galley: Arc<Galley>,
    // Byte offset of each character and of the end; empty when the text is ASCII and both counts are equal.
    chars: Vec<u32>,
    len: usize,
}

impl BlockLayout {
    pub(super) fn new(ctx: &Context, source: &str, style: &TextStyle, words: &mut WordsOfHeight) -> Self {
        if needs_words(source) {
            return Self::Words(WordLayout::new(ctx, source, style, words));
        }
        let plain = PlainLayout::new(ctx, source, style);
        // The rule above is a guess about scripts; the count of glyphs is the proof.
        if plain.has_one_glyph_per_char() { Self::Plain(plain) } else { Self::Words(WordLayout::new(ctx, source, style, words)) }
    }

    pub(super) fn height(&self) -> f32 {
        match self {
            Self::Plain(plain) => plain.galley.size().y,
            Self::Words(words) => words.height(),
        }
    }

    /// The rectangles that cover a range of bytes, row by row from top to bottom.
    pub(super) fn rects(&self, range: Range<usize>) -> Vec<Rect> {
        match self {
            Self::Plain(plain) => plain.rects(range),
            Self::Words(words) => words.rects(range),
        }
    }

    /// The offset nearest to a position, between graphemes.
    pub(super) fn hit(&self, source: &str, position: Vec2) -> usize {
        match self {
            Self::Plain(plain) => plain.hit_grapheme(source, position),
            Self::Words(words) => words.hit(position),
        }
    }

    /// Where the caret stands before the character at `offset`.
    pub(super) fn caret(&self, offset: usize) -> Rect {
        match self {
            Self::Plain(plain) => plain.caret(offset),
            Self::Words(words) => words.caret(offset),
        }
    }

    pub(super) fn paint(&self, painter: &Painter, origin: Pos2, color: Color32) {
        match self {
            Self::Plain(plain) => painter.galley(origin, Arc::clone(&plain.galley), color),
            Self::Words(words) => words.paint(painter, origin, color),
        }
    }

    /// The galley for screen readers; none where glyphs are not in reading order.
    pub(super) fn galley(&self) -> Option<&Arc<Galley>> {
        match self {
            Self::Plain(plain) => Some(&plain.galley),
            Self::Words(_) => None,
        }
    }
}

impl PlainLayout {
    fn new(ctx: &Context, source: &str, style: &TextStyle) -> Self {
        let shown = crate::text::with_symbols(source);
        let mut job = LayoutJob::default();
        job.wrap.max_width = style.width;
        job.break_on_newline = false;
        let format = TextFormat { font_id: style.font.clone(), color: style.color, line_height: Some(style.row_height), ..TextFormat::default() };
        job.append(&shown, 0.0, format);
        let galley = ctx.fonts_mut(|fonts| fonts.layout_job(job));
        let chars = if source.is_ascii() { Vec::new() } else { char_starts(source) };
        Self { galley, chars, len: source.len() }
    }

    fn has_one_glyph_per_char(&self) -> bool {
        let glyphs: usize = self.galley.rows.iter().map(|row| row.glyphs.len()).sum();
        glyphs == self.char_of(self.len)
    }

    fn char_of(&self, byte: usize) -> usize {
        if self.chars.is_empty() { byte } else { self.chars.partition_point(|start| (*start as usize) < byte) }
    }

    fn byte_of(&self, index: usize) -> usize {
        if self.chars.is_empty() { index.min(self.len) } else { self.chars.get(index).map_or(self.len, |start| *start as usize) }
    }

    fn rects(&self, range: Range<usize>) -> Vec<Rect> {
        let (first, last) = (self.char_of(range.start), self.char_of(range.end));
        let mut rects = Vec::new();
        let mut before = 0;
        for row in &self.galley.rows {
            let count = row.glyphs.len();
            let (from, to) = (first.max(before), last.min(before + count));
            if from < to {
                let (left, right) = (x_of(row, from - before), x_of(row, to - before));
                rects.push(Rect::from_min_max(row.pos + vec2(left, 0.0), row.pos + vec2(right, row.size.y)));
            }
            before += count;
            if before >= last {
                break;
            }
        }
        rects
    }

    fn hit(&self, position: Vec2) -> usize {
        let cursor = self.galley.cursor_from_pos(position);
        let place = self.galley.layout_from_cursor(cursor);
        let column = place.column.0;
        let nearest = self.galley.rows.get(place.row).map_or(column, |row| nearest_column(row, column, position.x - row.pos.x));
        self.byte_of(cursor.index.0 - column + nearest)
    }

    /// The border of graphemes that is nearest, also where the galley puts cursors inside one.
    fn hit_grapheme(&self, source: &str, position: Vec2) -> usize {
        let hit = self.hit(position);
        let before = segment::floor_grapheme(source, hit);
        let after = if before == hit { hit } else { segment::next_grapheme(source, before) };
        let distance = |offset: usize| (self.caret(offset).left() - position.x).abs();
        if distance(after) < distance(before) { after } else { before }
    }

    fn caret(&self, offset: usize) -> Rect {
        let cursor = CCursor { index: CharIndex(self.char_of(offset)), prefer_next_row: true };
        let (rect, place) = (self.galley.pos_from_cursor(cursor), self.galley.layout_from_cursor(cursor));
        match self.galley.rows.get(place.row) {
            Some(row) if is_joined(row, place.column.0) => caret_rect(row.pos.x + x_of(row, place.column.0), rect.top(), rect.height()),
            _ => rect,
        }
    }
}

/// True for a letter that is drawn as part of the glyph before it, such as the i of "fi": egui gives it no width.
fn is_joined(row: &PlacedRow, column: usize) -> bool {
    row.glyphs.get(column).is_some_and(|glyph| glyph.advance_width == 0.0 && glyph.chr.is_alphanumeric())
}

/// The columns of the glyph that `column` is part of.
fn joined_columns(row: &PlacedRow, column: usize) -> Range<usize> {
    let start = (0..=column).rev().find(|i| !is_joined(row, *i)).unwrap_or(column);
    let end = (column + 1..row.glyphs.len()).find(|i| !is_joined(row, *i)).unwrap_or(row.glyphs.len());
    start..end
}

/// The left edge of a column in its row. Letters that share a glyph share its width evenly.
#[expect(clippy::cast_precision_loss, reason = "few letters")]
fn x_of(row: &PlacedRow, column: usize) -> f32 {
    if !is_joined(row, column) {
        return row.x_offset(CharIndex(column));
    }
    let Range { start, end } = joined_columns(row, column);
    let (left, right) = (row.x_offset(CharIndex(start)), row.x_offset(CharIndex(end)));
    left + (right - left) * (column - start) as f32 / (end - start) as f32
}

/// Of the columns of the glyphs on both sides of `column`, the one whose left edge is nearest.
fn nearest_column(row: &PlacedRow, column: usize, x: f32) -> usize {
    let before = joined_columns(row, column.saturating_sub(1));
    let after = joined_columns(row, column);
    let distance = |column: &usize| (x_of(row, *column) - x).abs();
    let near = (before.start..=after.end.min(row.glyphs.len())).min_by(|a, b| distance(a).total_cmp(&distance(b)));
    near.filter(|_| before.len() > 1 || after.len() > 1).unwrap_or(column)
}

/// Byte offsets of all characters, and of the end.
fn char_starts(source: &str) -> Vec<u32> {
    let starts = source.char_indices().map(|(i, _)| i).chain([source.len()]);
    starts.map(|i| u32::try_from(i).unwrap_or(u32::MAX)).collect()
}

/// A rectangle of no width.
pub(super) fn caret_rect(x: f32, top: f32, height: f32) -> Rect {
    Rect::from_min_max(pos2(x, top), pos2(x, top + height))
}
