//! All words of a text, by the rules of Unicode (UAX 29), several times as fast where most of them are ASCII with a space between.

use unicode_segmentation::UnicodeSegmentation;

/// Words, signs and blanks with their places, which together are the text: what `split_word_bound_indices` gives.
pub fn word_bounds(text: &str) -> impl Iterator<Item = (usize, &str)> {
    pieces(text).flat_map(|(start, piece)| {
        let (blank, word) = piece.strip_prefix(' ').map_or(("", piece), |word| (" ", word));
        let is_word = !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_alphanumeric());
        let plain = if is_word { [blank, word] } else { ["", ""] };
        let other = if is_word { "" } else { piece };
        let plain = plain.into_iter().filter(|word| !word.is_empty()).scan(start, |at, word| {
            *at += word.len();
            Some((*at - word.len(), word))
        });
        plain.chain(other.split_word_bound_indices().map(move |(at, word)| (start + at, word)))
    })
}

/// The text cut before each space behind ASCII that is no space: there a word ends, whatever stands around.
fn pieces(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let (mut start, mut spaces) = (0, memchr::memchr_iter(b' ', text.as_bytes()));
    let is_end = move |at: usize| at > 0 && text.as_bytes().get(at - 1).is_some_and(|byte| byte.is_ascii() && *byte != b' ');
    std::iter::from_fn(move || {
        let end = spaces.find(|at| is_end(*at)).unwrap_or(text.len());
        let piece = text.get(start..end).filter(|piece| !piece.is_empty())?;
        Some((std::mem::replace(&mut start, end), piece))
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn words_are_those_of_the_crate(text in "([ a-z]{0,9}|[ a-zA-Z0-9_.,'’“”:-]{0,9}|[ \\n\\r\\t]{0,3}|[ é日🎉\u{200f}\u{200d}\u{301}🇩🇪👩\u{3000}\u{2003}]{0,5}){0,12}") {
            prop_assert_eq!(word_bounds(&text).collect::<Vec<_>>(), text.split_word_bound_indices().collect::<Vec<_>>());
        }
    }
}
