//! All words of a text, by the rules of Unicode (UAX 29), several times as fast where most of them are ASCII.

use unicode_segmentation::{UWordBoundIndices, UnicodeSegmentation};

/// Words, signs and blanks with their places, which together are the text: what `split_word_bound_indices` gives.
pub fn word_bounds(text: &str) -> impl Iterator<Item = (usize, &str)> {
    pieces(text).flat_map(|(start, piece)| Words {
        start,
        rest: if piece.is_ascii() { Rest::Ascii(piece) } else { Rest::Other(piece.split_word_bound_indices()) },
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

/// The words of one piece.
struct Words<'t> {
    start: usize,
    rest: Rest<'t>,
}

enum Rest<'t> {
    Ascii(&'t str),
    Other(UWordBoundIndices<'t>),
}

impl<'t> Iterator for Words<'t> {
    type Item = (usize, &'t str);

    fn next(&mut self) -> Option<Self::Item> {
        match &mut self.rest {
            Rest::Other(words) => words.next().map(|(at, word)| (self.start + at, word)),
            Rest::Ascii(rest) => {
                let (word, behind) = rest.split_at_checked(ascii_word(rest.as_bytes())).filter(|(word, _)| !word.is_empty())?;
                *rest = behind;
                self.start += word.len();
                Some((self.start - word.len(), word))
            }
        }
    }
}

/// How long the first word is.
fn ascii_word(text: &[u8]) -> usize {
    let Some(first) = text.first() else { return 0 };
    match first {
        b' ' => run(text, |byte| byte == b' '),
        b'\r' if text.get(1) == Some(&b'\n') => 2,
        byte if is_of_word(*byte) => {
            let mut len = run(text, is_of_word);
            while let Some([before, sign, after]) = text.get(len - 1..len + 2)
                && joins(*before, *sign, *after)
            {
                len += 1 + run(text.get(len + 1..).unwrap_or_default(), is_of_word);
            }
            len
        }
        _ => 1,
    }
}

fn run(text: &[u8], is_in: impl Fn(u8) -> bool) -> usize {
    text.iter().position(|byte| !is_in(*byte)).unwrap_or(text.len())
}

fn is_of_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

/// True for a sign that does not end the word it stands in: that of `don't`, of `U.S`, of `3,000`.
fn joins(before: u8, sign: u8, after: u8) -> bool {
    match sign {
        b'\'' | b'.' if before.is_ascii_digit() => after.is_ascii_digit(),
        b'\'' | b'.' | b':' => before.is_ascii_alphabetic() && after.is_ascii_alphabetic(),
        b',' | b';' => before.is_ascii_digit() && after.is_ascii_digit(),
        _ => false,
    }
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

        #[test]
        fn words_of_ascii_are_those_of_the_crate(text in "([a1_ .,;:'\"\r\n]{0,5}|[\0-\x7f]{0,3}){0,8}") {
            prop_assert_eq!(word_bounds(&text).collect::<Vec<_>>(), text.split_word_bound_indices().collect::<Vec<_>>());
        }
    }
}
