//! The caret and the selection, and moving them by key.

use std::ops::Range;

use eframe::egui::{Context, vec2};

use super::view::ArticleView;
use crate::text::{Text, segment};

/// Two offsets: where the selection began and where the caret stands. Equal when nothing is selected.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) struct Caret {
    /// Where the selection began.
    pub(crate) anchor: usize,
    /// Where the caret stands.
    pub(crate) head: usize,
}

impl Caret {
    /// Nothing selected.
    pub(crate) fn at(offset: usize) -> Self {
        Self { anchor: offset, head: offset }
    }

    /// The selected bytes; empty when nothing is selected.
    pub(crate) fn range(self) -> Range<usize> {
        self.anchor.min(self.head)..self.anchor.max(self.head)
    }

    /// True when nothing is selected.
    pub(crate) fn is_empty(self) -> bool {
        self.anchor == self.head
    }
}

/// A way to move the caret.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Motion {
    PreviousGrapheme,
    NextGrapheme,
    PreviousWord,
    NextWord,
    PreviousSentence,
    NextSentence,
    PreviousParagraph,
    NextParagraph,
    RowUp,
    RowDown,
    RowStart,
    RowEnd,
    TextStart,
    TextEnd,
}

impl ArticleView {
    /// Where a motion leads from `offset`.
    pub(crate) fn moved(&mut self, ctx: &Context, text: &Text, offset: usize, motion: Motion) -> usize {
        let content = text.as_str();
        match motion {
            Motion::PreviousGrapheme => segment::previous_grapheme(content, offset),
            Motion::NextGrapheme => segment::next_grapheme(content, offset),
            Motion::PreviousWord => segment::previous_word(content, offset),
            Motion::NextWord => segment::next_word(content, offset),
            Motion::PreviousSentence => segment::previous_sentence(content, offset),
            Motion::NextSentence => segment::next_sentence(content, offset),
            Motion::PreviousParagraph => segment::previous_paragraph(content, offset),
            Motion::NextParagraph => segment::next_paragraph(content, offset),
            Motion::RowUp => self.row_away(ctx, text, offset, -1.0),
            Motion::RowDown => self.row_away(ctx, text, offset, 1.0),
            Motion::RowStart => self.row_edge(ctx, text, offset, f32::NEG_INFINITY),
            Motion::RowEnd => self.row_edge(ctx, text, offset, f32::INFINITY),
            Motion::TextStart => 0,
            Motion::TextEnd => text.len(),
        }
    }

    /// The offset one row above or below, at the same place across.
    fn row_away(&mut self, ctx: &Context, text: &Text, offset: usize, rows: f32) -> usize {
        let block = self.blocks.block_of(offset);
        let range = self.blocks.range(block);
        let layout = self.lay_out(ctx, text, block);
        let caret = layout.caret(offset.min(range.end) - range.start);
        let y = caret.center().y + rows * self.row_height(block);
        if (0.0..layout.height()).contains(&y) {
            return range.start + layout.hit(self.source(text, block), vec2(caret.left(), y));
        }
        let Some(next) = (if rows < 0.0 { block.checked_sub(1) } else { Some(block + 1).filter(|next| *next < self.blocks.len()) }) else {
            return if rows < 0.0 { 0 } else { text.len() };
        };
        let layout = self.lay_out(ctx, text, next);
        let y = if rows < 0.0 { layout.height() - self.row_height(next) / 2.0 } else { self.row_height(next) / 2.0 };
        self.blocks.range(next).start + layout.hit(self.source(text, next), vec2(caret.left(), y))
    }

    /// The first or last offset of the row.
    fn row_edge(&mut self, ctx: &Context, text: &Text, offset: usize, x: f32) -> usize {
        let block = self.blocks.block_of(offset);
        let range = self.blocks.range(block);
        let layout = self.lay_out(ctx, text, block);
        let caret = layout.caret(offset.min(range.end) - range.start);
        let source = self.source(text, block);
        let edge = layout.hit(source, vec2(x.clamp(-1.0e6, 1.0e6), caret.center().y));
        // The end of a wrapped row is also the start of the next; the caret stays in its row.
        let is_wrapped = layout.caret(edge).top() > caret.top() + 1.0;
        range.start + if is_wrapped { segment::previous_grapheme(source, edge) } else { edge }
    }
}
