//! All words of a text, by the rules of Unicode (UAX 29), several times as fast where most of them are ASCII.

use unicode_segmentation::{UWordBoundIndices, UnicodeSegmentation};

/// Words, signs and blanks with their places, which together are the text: what `split_word_bound_indices` gives.
pub fn word_bounds(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut whole = of_latin(text).map(|rest| (0, rest));
    let mut pieces = pieces(if whole.is_some() { "" } else { text });
    let piece = move || {
        let of_piece =
            || pieces.next().map(|(start, piece)| (start, of_latin(piece).unwrap_or_else(|| Rest::Other(piece.split_word_bound_indices()))));
        whole.take().or_else(of_piece)
    };
    std::iter::from_fn(piece).flat_map(|(start, rest)| Words { start, rest })
}

/// Calls for each of [`word_bounds`], quicker for those who want all of them.
pub fn each_word<'t>(text: &'t str, mut each: impl FnMut(usize, &'t str)) {
    let Some(Rest::Ascii(mut rest)) = of_latin(text) else { return word_bounds(text).for_each(|(at, word)| each(at, word)) };
    while let Some((word, behind)) = rest.split_at_checked(ascii_word(rest.as_bytes())).filter(|(word, _)| !word.is_empty()) {
        each(text.len() - rest.len(), word);
        rest = behind;
    }
}

/// None where there are other characters.
fn of_latin(text: &str) -> Option<Rest<'_>> {
    if text.is_ascii() {
        return Some(Rest::Ascii(text));
    }
    let is_latin = |c: char| c.is_ascii() || is_letter(c) || is_apostrophe(c) || is_sign(c);
    text.chars().all(is_latin).then_some(Rest::Latin(text))
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
    /// ASCII, further letters of Latin and signs that are words of their own.
    Latin(&'t str),
    Other(UWordBoundIndices<'t>),
}

impl<'t> Iterator for Words<'t> {
    type Item = (usize, &'t str);

    fn next(&mut self) -> Option<Self::Item> {
        let (rest, len) = match &mut self.rest {
            Rest::Other(words) => return words.next().map(|(at, word)| (self.start + at, word)),
            Rest::Ascii(rest) => {
                let len = ascii_word(rest.as_bytes());
                (rest, len)
            }
            Rest::Latin(rest) => {
                let len = latin_word(rest);
                (rest, len)
            }
        };
        let (word, behind) = rest.split_at_checked(len).filter(|(word, _)| !word.is_empty())?;
        *rest = behind;
        self.start += word.len();
        Some((self.start - word.len(), word))
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

/// The same where letters with accents, and quotation marks and dashes of print, may stand among ASCII.
fn latin_word(text: &str) -> usize {
    let bytes = text.as_bytes();
    if bytes.first().is_some_and(u8::is_ascii) {
        let len = ascii_word(bytes);
        // Whatever follows behind two characters of ASCII has no say.
        if bytes.get(len..).unwrap_or_default().iter().take(2).all(u8::is_ascii) {
            return len;
        }
    }
    let len = letters(text);
    let Some(first) = text.chars().next().filter(|_| len == 0) else { return with_joined(text, len) };
    if first.is_ascii() { ascii_word(text.as_bytes()) } else { first.len_utf8() }
}

/// How long the letters and digits at the beginning are.
fn letters(text: &str) -> usize {
    text.find(|c: char| !is_letter(c) && !u8::try_from(c).is_ok_and(is_of_word)).unwrap_or(text.len())
}

/// The length of a word with what a sign inside of it joins to it.
fn with_joined(text: &str, mut len: usize) -> usize {
    while let (Some(before), Some((sign, behind))) = (kind_at_end(text.get(..len)), first_char(text.get(len..)))
        && let Some((after, _)) = first_char(Some(behind))
        && joins(before, kind(sign), kind(after))
    {
        len += sign.len_utf8() + letters(behind);
    }
    len
}

fn first_char(text: Option<&str>) -> Option<(char, &str)> {
    let mut chars = text?.chars();
    Some((chars.next()?, chars.as_str()))
}

fn kind_at_end(text: Option<&str>) -> Option<u8> {
    text?.chars().next_back().map(kind)
}

/// The character of ASCII that is treated alike.
fn kind(c: char) -> u8 {
    match u8::try_from(c) {
        Ok(byte) if byte.is_ascii() => byte,
        _ if is_letter(c) => b'a',
        _ if is_apostrophe(c) => b'\'',
        _ => b'"',
    }
}

fn is_apostrophe(c: char) -> bool {
    matches!(c, '‘' | '’')
}

/// Letters of Latin beyond ASCII.
fn is_letter(c: char) -> bool {
    matches!(c, '\u{c0}'..='\u{24f}') && !matches!(c, '×' | '÷')
}

/// Signs beyond ASCII that are words of their own wherever they stand.
fn is_sign(c: char) -> bool {
    matches!(c, '“' | '”' | '„' | '«' | '»' | '‹' | '›' | '–' | '—' | '…' | '•' | '€' | '£' | '§' | '°' | '×' | '÷')
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

    #[test]
    fn letters_and_signs_are_what_they_are_for_the_crate() {
        let others: Vec<char> = (0x80..0x3000).filter_map(char::from_u32).filter(|c| is_letter(*c) || is_apostrophe(*c) || is_sign(*c)).collect();
        assert!(others.len() > 390);
        for c in others {
            for text in ["é?", "?é", "é?é", "1?1", "é?1", "_?_", "é'?", "?'é", "?.é", "1,?", "?.1", "é??é", "“?”", "a?a", "a?1", " ?", "? ", "\n?\n"]
            {
                let text = text.replace('?', &c.to_string());
                assert_eq!(word_bounds(&text).collect::<Vec<_>>(), text.split_word_bound_indices().collect::<Vec<_>>(), "{text:?}");
            }
        }
    }

    proptest! {
        #[test]
        fn words_are_those_of_the_crate(text in "([ a-z]{0,9}|[ a-zA-Z0-9_.,'’“”:-]{0,9}|[ \\n\\r\\t]{0,3}|[ é日🎉\u{200f}\u{200d}\u{301}🇩🇪👩\u{3000}\u{2003}]{0,5}){0,12}") {
            prop_assert_eq!(word_bounds(&text).collect::<Vec<_>>(), text.split_word_bound_indices().collect::<Vec<_>>());
        }

        #[test]
        fn words_of_latin_are_those_of_the_crate(text in "([a1_ .,;:'’\"éßŁÀ]{0,5}|[“”„«»‹›–—…•€£§°×÷]{0,2}|[\u{c0}-\u{24f}]{0,2}|[-\r\n(]{0,2}){0,8}") {
            prop_assert_eq!(word_bounds(&text).collect::<Vec<_>>(), text.split_word_bound_indices().collect::<Vec<_>>());
        }

        #[test]
        fn words_of_ascii_are_those_of_the_crate(text in "([a1_ .,;:'\"\r\n]{0,5}|[\0-\x7f]{0,3}){0,8}é?") {
            let mut all = Vec::new();
            each_word(&text, |at, word| all.push((at, word)));
            prop_assert_eq!(all, text.split_word_bound_indices().collect::<Vec<_>>());
            prop_assert_eq!(word_bounds(&text).collect::<Vec<_>>(), text.split_word_bound_indices().collect::<Vec<_>>());
        }
    }
}
