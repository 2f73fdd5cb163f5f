//! A hit in its context, one a line (KWIC): what stands left and right of it, and by what such lines are sorted.
//!
//! Looks only at the neighbourhood of the hit.

use std::ops::Range;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;
use unicode_segmentation::UnicodeSegmentation;

use super::hidden::is_hidden;
use super::segment::{floor_grapheme, next_grapheme};

/// A hit with what stands around it, for showing on one line.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Concordance {
    /// What stands before the hit, ending where it begins.
    pub left: String,
    /// The hit.
    pub hit: String,
    /// What stands behind it.
    pub right: String,
}

impl Concordance {
    /// A hit with about `chars` characters on each side, cut between graphemes. Line ends, tabs and what else would
    /// disturb a line are blanks.
    #[must_use]
    pub fn new(text: &str, hit: &Range<usize>, chars: usize) -> Self {
        let shown = |range: Range<usize>| text.get(range).unwrap_or_default().chars().map(|c| if is_hidden(c) { ' ' } else { c }).collect();
        Self { left: shown(left_of(text, hit.start, chars)), hit: shown(hit.clone()), right: shown(right_of(text, hit.end, chars)) }
    }
}

/// How far the words are looked for that lines are sorted by, in characters.
const KEY_CHARS: usize = 120;

/// Sorts lines by what stands right of the hit, word by word; case, accents and punctuation do not count.
#[must_use]
pub fn right_key(text: &str, hit: &Range<usize>) -> String {
    words(text, right_of(text, hit.end, KEY_CHARS)).map(sortable).collect::<Vec<_>>().join(" ")
}

/// Sorts lines by what stands left of the hit, word by word from the hit on; case, accents and punctuation do not count.
#[must_use]
pub fn left_key(text: &str, hit: &Range<usize>) -> String {
    words(text, left_of(text, hit.start, KEY_CHARS)).rev().map(sortable).collect::<Vec<_>>().join(" ")
}

fn left_of(text: &str, end: usize, chars: usize) -> Range<usize> {
    let before = text.get(..end).unwrap_or_default();
    let start = before.char_indices().rev().take(chars).last().map_or(end, |(at, _)| at);
    let start = if floor_grapheme(text, start) == start { start } else { next_grapheme(text, start).min(end) };
    start..end
}

fn right_of(text: &str, start: usize, chars: usize) -> Range<usize> {
    let after = text.get(start..).unwrap_or_default();
    let end = after.char_indices().nth(chars).map_or(text.len(), |(at, _)| start + at);
    start..floor_grapheme(text, end).max(start)
}

fn words(text: &str, range: Range<usize>) -> impl DoubleEndedIterator<Item = &str> {
    text.get(range).unwrap_or_default().unicode_words()
}

fn sortable(word: &str) -> String {
    word.nfd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, chars: usize, expected: [&str; 2]) {
        let start = text.find("HIT").unwrap();
        let line = Concordance::new(text, &(start..start + 3), chars);
        assert_eq!([line.left.as_str(), line.right.as_str()], expected);
        assert_eq!(line.hit, "HIT");
    }

    #[test]
    fn the_context_is_cut_between_graphemes() {
        check("one two HIT three four", 4, ["two ", " thr"]);
        check("HIT", 9, ["", ""]);
        check("a\r\nb\tHIT\u{202e}c\n", 9, ["a  b ", " c "]);
        check("e\u{301}HITe\u{301}", 1, ["", ""]);
        check("xe\u{301}HITe\u{301}x", 2, ["e\u{301}", "e\u{301}"]);
        check("👩‍👩‍👧‍👦HIT👩‍👩‍👧‍👦", 3, ["", ""]);
    }

    #[test]
    fn lines_are_sorted_by_the_words_beside_the_hit() {
        let keys = |text: &str| {
            let start = text.find("HIT").unwrap();
            let hit = start..start + 3;
            [left_key(text, &hit), right_key(text, &hit)]
        };
        assert_eq!(keys("Of the Élan, HIT — “Was” it?"), ["elan the of", "was it"]);
        assert!(keys("HIT a b")[1] < keys("HIT ab")[1]);
    }
}
