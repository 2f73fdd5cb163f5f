//! Tokens and sentences for formats of tokens: words and signs as Unicode has them.

use unicode_segmentation::UnicodeSegmentation;

use crate::text::segment::{paragraph_at, sentences};
use crate::text::{Text, TextRange};

/// Tokens of each sentence that has one.
pub(super) fn tokens(text: &Text) -> Vec<Vec<TextRange>> {
    let mut found = Vec::new();
    let mut start = 0;
    while start < text.len() {
        let paragraph = paragraph_at(text.as_str(), start);
        for sentence in sentences(text.as_str(), paragraph.clone()) {
            let part = text.as_str().get(sentence.clone()).unwrap_or_default();
            let words = part.split_word_bound_indices().filter(|(_, word)| !word.chars().all(is_blank));
            let ranges = words.filter_map(|(i, word)| text.range(sentence.start + i, sentence.start + i + word.len()).ok());
            found.push(ranges.collect::<Vec<_>>());
        }
        let end = text.as_str().get(paragraph.end..).unwrap_or_default();
        start = end.find('\n').map_or(text.len(), |i| paragraph.end + i + 1);
    }
    found.retain(|sentence| !sentence.is_empty());
    found
}

/// What no token may hold: readers split lines and columns there.
pub(super) fn is_blank(c: char) -> bool {
    c.is_whitespace() || c.is_control()
}
