//! The pieces that are laid out one by one: paragraphs, and parts of very long ones.
//!
//! A paragraph longer than [`MAX_BLOCK`] is cut, always at the same places, so that one endless line costs no
//! more than a page. Offsets are bytes of the document.

use std::ops::Range;

use crate::text::segment;

/// Longest block in bytes.
const MAX_BLOCK: usize = 4096;

/// All blocks of a text. There is at least one, even of an empty text.
#[derive(Debug, Default)]
pub(super) struct Blocks {
    // Start and end (without the line end) of each block, in text order.
    bounds: Vec<(u32, u32)>,
}

impl Blocks {
    pub(super) fn new(text: &str) -> Self {
        let mut blocks = Self { bounds: Vec::with_capacity(text.len() / 200 + 1) };
        let mut start = 0;
        loop {
            let rest = text.get(start..).unwrap_or_default();
            let newline = memchr_newline(rest);
            let end = newline.map_or(text.len(), |i| start + i);
            blocks.push_paragraph(text, start, end);
            match newline {
                Some(_) => start = end + 1,
                None => return blocks,
            }
        }
    }

    fn push_paragraph(&mut self, text: &str, start: usize, end: usize) {
        let is_cr = end > start && text.as_bytes().get(end - 1) == Some(&b'\r');
        let end = if is_cr { end - 1 } else { end };
        let mut from = start;
        while end - from > MAX_BLOCK {
            let to = cut_before(text, from, from + MAX_BLOCK);
            self.push(from, to);
            from = to;
        }
        self.push(from, end);
    }

    fn push(&mut self, start: usize, end: usize) {
        // A text has less than 4 GiB (`TextRange` counts in 32 bits; longer files are refused on import).
        let clamp = |offset: usize| u32::try_from(offset).unwrap_or(u32::MAX);
        self.bounds.push((clamp(start), clamp(end)));
    }

    pub(super) fn len(&self) -> usize {
        self.bounds.len()
    }

    /// The bytes of a block, without its line end.
    pub(super) fn range(&self, block: usize) -> Range<usize> {
        self.bounds.get(block).map_or(0..0, |(start, end)| *start as usize..*end as usize)
    }

    /// The bytes of a block with its line end.
    pub(super) fn whole_range(&self, block: usize) -> Range<usize> {
        let next = self.bounds.get(block + 1).map_or(usize::MAX, |(start, _)| *start as usize);
        self.range(block).start..next
    }

    /// The block that holds `offset`; an offset in a line end belongs to the block before it.
    pub(super) fn block_of(&self, offset: usize) -> usize {
        self.bounds.partition_point(|(start, _)| *start as usize <= offset).saturating_sub(1)
    }

    /// True when the paragraph goes on in the next block.
    pub(super) fn continues(&self, block: usize) -> bool {
        self.bounds.get(block + 1).is_some_and(|(start, _)| *start as usize == self.range(block).end && !self.range(block).is_empty())
    }

    /// The block that holds `offset`, like [`Self::block_of`], looked for from a block at or before it.
    pub(super) fn last_from(&self, from: usize, offset: usize) -> usize {
        let further = self.bounds.iter().skip(from + 1).take_while(|(start, _)| *start as usize <= offset);
        from + further.count()
    }
}

fn memchr_newline(text: &str) -> Option<usize> {
    text.find('\n')
}

/// A place to cut at or before `limit`: behind a blank where there is one near, else between graphemes.
fn cut_before(text: &str, start: usize, limit: usize) -> usize {
    let limit = segment::floor_grapheme(text, limit);
    let near = text.get(segment::floor_char(text, limit.saturating_sub(200)).max(start)..limit).unwrap_or_default();
    let blank = near.rfind(' ').map(|i| limit - near.len() + i + 1);
    let cut = blank.unwrap_or(limit);
    // A grapheme longer than a block (thousands of combining marks) is cut between characters.
    if cut > start { cut } else { segment::floor_char(text, start + MAX_BLOCK).max(start + 1) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &[&str]) {
        let blocks = Blocks::new(text);
        let found: Vec<&str> = (0..blocks.len()).map(|i| &text[blocks.range(i)]).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn paragraphs_are_blocks_without_line_ends() {
        check("", &[""]);
        check("a\r\n\nb", &["a", "", "b"]);
        check("a\n", &["a", ""]);
    }

    #[test]
    fn endless_lines_are_cut_and_nothing_is_lost() {
        for text in ["word ".repeat(3000), "x".repeat(10_000), "e\u{301}".repeat(5000), format!("a{}", "\u{301}".repeat(9000))] {
            let blocks = Blocks::new(&text);
            let joined: String = (0..blocks.len()).map(|i| &text[blocks.range(i)]).collect();
            assert_eq!(joined, text);
            assert!((0..blocks.len()).all(|i| blocks.range(i).len() <= MAX_BLOCK));
            assert!(blocks.continues(0) && !blocks.continues(blocks.len() - 1));
        }
    }

    #[test]
    fn offsets_find_their_block() {
        let blocks = Blocks::new("ab\ncd\n\ne");
        assert_eq!([0, 2, 3, 5, 6, 7, 8].map(|o| blocks.block_of(o)), [0, 0, 1, 1, 2, 3, 3]);
        assert_eq!([0, 2, 3, 5, 6, 7, 8].map(|o| blocks.last_from(0, o)), [0, 0, 1, 1, 2, 3, 3]);
        assert_eq!(blocks.last_from(2, 8), 3);
    }
}
