//! Graphemes, words, sentences and paragraphs around an offset.
//!
//! All functions look only at the neighbourhood of the offset, so that they cost the same in a note and in a
//! 100 MB article. Offsets are bytes.

use std::ops::Range;

use unicode_normalization::char::is_combining_mark;
use unicode_segmentation::{GraphemeCursor, UnicodeSegmentation};

/// How far words and sentences are looked for on each side, in bytes. Longer ones are cut there.
const WINDOW: usize = 4096;

/// The nearest character boundary at or before `offset`.
#[must_use]
pub fn floor_char(text: &str, offset: usize) -> usize {
    text.floor_char_boundary(offset)
}

/// The grapheme boundary before `offset`; 0 at the start.
#[must_use]
pub fn previous_grapheme(text: &str, offset: usize) -> usize {
    let mut cursor = GraphemeCursor::new(floor_char(text, offset), text.len(), true);
    cursor.prev_boundary(text, 0).ok().flatten().unwrap_or(0)
}

/// The grapheme boundary after `offset`; the length of the text at its end.
#[must_use]
pub fn next_grapheme(text: &str, offset: usize) -> usize {
    let mut cursor = GraphemeCursor::new(floor_char(text, offset), text.len(), true);
    cursor.next_boundary(text, 0).ok().flatten().unwrap_or(text.len())
}

/// `offset` itself when it is a grapheme boundary, else the boundary before it.
#[must_use]
pub fn floor_grapheme(text: &str, offset: usize) -> usize {
    let offset = floor_char(text, offset);
    let mut cursor = GraphemeCursor::new(offset, text.len(), true);
    if cursor.is_boundary(text, 0).unwrap_or(true) { offset } else { previous_grapheme(text, offset) }
}

/// The paragraph (line) around `offset`, without its line end (`\n` or `\r\n`).
#[must_use]
pub fn paragraph_at(text: &str, offset: usize) -> Range<usize> {
    let offset = floor_char(text, offset);
    let (before, after) = text.split_at(offset);
    let start = before.rfind('\n').map_or(0, |i| i + 1);
    let end = after.find('\n').map_or(text.len(), |i| offset + i);
    let line = text.get(start..end).unwrap_or_default();
    start..start + line.strip_suffix('\r').unwrap_or(line).len()
}

/// The start of the paragraph before the one of `offset`, or 0.
#[must_use]
pub fn previous_paragraph(text: &str, offset: usize) -> usize {
    let here = paragraph_at(text, offset).start;
    if here < offset { here } else { paragraph_at(text, here.saturating_sub(1)).start }
}

/// The start of the paragraph after the one of `offset`, or the end of the text.
#[must_use]
pub fn next_paragraph(text: &str, offset: usize) -> usize {
    let end = paragraph_at(text, offset).end;
    let rest = text.get(end..).unwrap_or_default();
    rest.find('\n').map_or(text.len(), |i| end + i + 1)
}

/// The word, run of blanks, or other token around `offset` by the rules of Unicode (UAX 29).
/// At the border of two tokens the one after the offset counts, unless it is blank and the one before is not.
#[must_use]
pub fn word_at(text: &str, offset: usize) -> Range<usize> {
    let window = window_at(text, offset);
    let part = text.get(window.clone()).unwrap_or_default();
    let mut found = window.start..window.start;
    for (i, token) in part.split_word_bound_indices() {
        let start = window.start + i;
        let here = start..start + token.len();
        if here.start > offset {
            break;
        }
        let is_better = !token.trim().is_empty() || here.contains(&offset) && found.end < offset;
        if is_better || found.is_empty() {
            found = here;
        }
    }
    found
}

/// Start of the word at or before `offset`: where Ctrl+Left goes.
#[must_use]
pub fn previous_word(text: &str, offset: usize) -> usize {
    let window = window_at(text, offset.saturating_sub(1));
    let part = text.get(window.start..offset).unwrap_or_default();
    let word = part.split_word_bound_indices().rev().find(|(_, token)| is_word(token));
    word.map_or_else(|| if window.start < offset { window.start } else { offset.saturating_sub(1) }, |(i, _)| window.start + i)
}

/// End of the word at or after `offset`: where Ctrl+Right goes.
#[must_use]
pub fn next_word(text: &str, offset: usize) -> usize {
    let window = window_at(text, offset);
    let part = text.get(offset..window.end).unwrap_or_default();
    let word = part.split_word_bound_indices().find(|(_, token)| is_word(token));
    word.map_or_else(|| window.end.max(next_grapheme(text, offset)), |(i, token)| offset + i + token.len())
}

fn is_word(token: &str) -> bool {
    token.chars().any(char::is_alphanumeric)
}

/// The sentence around `offset`, inside its paragraph, without the blanks after it.
///
/// Unicode's rules (UAX 29) decide, except that a full stop after a common abbreviation or a single initial
/// ("Mr. Smith", "J. Kerry", "U.S. officials") does not end a sentence.
#[must_use]
pub fn sentence_at(text: &str, offset: usize) -> Range<usize> {
    let window = window_in_paragraph(text, offset);
    let sentences = sentences(text, window.clone());
    let last = sentences.len().saturating_sub(1);
    let found = sentences.iter().position(|s| offset < s.end).unwrap_or(last);
    sentences.get(found).cloned().map_or(window, |s| trim_end(text, s))
}

/// Start of the sentence before `offset`, possibly in the paragraph before.
#[must_use]
pub fn previous_sentence(text: &str, offset: usize) -> usize {
    let before = previous_grapheme(text, offset);
    let sentence = sentence_at(text, before);
    if sentence.start < offset { sentence.start } else { before }
}

/// Start of the sentence after the one of `offset`, or the start of the next paragraph.
#[must_use]
pub fn next_sentence(text: &str, offset: usize) -> usize {
    let window = window_in_paragraph(text, offset);
    let next = sentences(text, window).into_iter().map(|s| s.start).find(|start| *start > offset);
    next.unwrap_or_else(|| next_paragraph(text, offset))
}

/// All sentences of `window`, each with the blanks that follow it.
#[must_use]
pub fn sentences(text: &str, window: Range<usize>) -> Vec<Range<usize>> {
    let part = text.get(window.clone()).unwrap_or_default();
    let mut found: Vec<Range<usize>> = Vec::new();
    for here in sentence_bounds(part) {
        let here = window.start + here.start..window.start + here.end;
        match found.last_mut() {
            Some(last) if ends_with_abbreviation(text.get(last.clone()).unwrap_or_default()) => last.end = here.end,
            _ => found.push(here),
        }
    }
    found
}

/// What `split_sentence_bound_indices` gives. A sentence ends behind a sign for that and nowhere else, and of what stands before
/// the sign only its word counts: the rest is not looked at letter by letter. Where all around a sign is ASCII, the crate is not
/// asked.
fn sentence_bounds(text: &str) -> impl Iterator<Item = Range<usize>> {
    let mut start = 0;
    std::iter::from_fn(move || {
        let rest = text.get(start..).filter(|rest| !rest.is_empty())?;
        let mut behind = 0;
        let len = loop {
            let Some(at) = rest.get(behind..).and_then(sentence_sign).map(|at| behind + at) else { break rest.len() };
            match after_sign(rest, at) {
                Some(AfterSign::Ends(end)) => break end,
                Some(AfterSign::GoesOn(next)) => behind = next,
                None => {
                    let word = rest.get(..at).and_then(|before| before.rfind(' ')).map_or(0, |space| space + 1);
                    let end = rest.get(word..).and_then(|rest| rest.split_sentence_bounds().next());
                    break end.map_or(rest.len(), |end| word + end.len());
                }
            }
        };
        start += len;
        Some(start - len..start)
    })
}

/// What stands behind a sign that may end a sentence.
enum AfterSign {
    /// The sentence ends before this byte.
    Ends(usize),
    /// It does not end; no sign stands before this byte.
    GoesOn(usize),
}

/// Decides the usual cases: behind the sign closing signs and blanks, and then ASCII.
fn after_sign(text: &str, at: usize) -> Option<AfterSign> {
    use AfterSign::{Ends, GoesOn};
    let bytes = text.as_bytes();
    let is_stop = match bytes.get(at)? {
        b'.' => true,
        b'!' | b'?' => false,
        _ => return None,
    };
    let behind = text.get(at + 1..)?;
    let closed = behind.trim_start_matches(is_closing);
    let rest = closed.trim_start_matches(' ');
    let next = text.len() - rest.len();
    let Some(first) = rest.bytes().next() else { return Some(Ends(next)) };
    // Directly behind a stop a digit goes on with a number, and a capital letter with an abbreviation.
    if is_stop && next == at + 1 && first.is_ascii_alphanumeric() {
        let is_letter = at.checked_sub(1).and_then(|before| bytes.get(before)).is_some_and(u8::is_ascii_alphabetic);
        return if first.is_ascii_uppercase() && !is_letter { None } else { Some(GoesOn(next)) };
    }
    match first {
        b',' | b'-' | b':' | b'.' | b'!' | b'?' => Some(GoesOn(next)),
        ..=b' ' | b';' | 0x7f.. => None,
        _ if !is_stop => Some(Ends(next)),
        // A small letter as the first one goes on with the sentence.
        _ => match rest.bytes().position(|byte| !byte.is_ascii() || byte.is_ascii_alphabetic() || byte.is_ascii_control() || is_sign(byte)) {
            None => Some(Ends(next)),
            Some(found) => match rest.as_bytes().get(found)? {
                byte if byte.is_ascii_lowercase() => Some(GoesOn(next + found)),
                byte if byte.is_ascii_uppercase() || is_sign(*byte) => Some(Ends(next)),
                _ => None,
            },
        },
    }
}

fn is_sign(byte: u8) -> bool {
    matches!(byte, b'.' | b'!' | b'?')
}

/// Brackets and quotation marks, opening ones among them: UAX 29 makes no difference.
fn is_closing(c: char) -> bool {
    matches!(c, '"' | '\'' | '(' | ')' | '[' | ']' | '{' | '}' | '«' | '»' | '\u{2018}'..='\u{201f}')
}

/// The first character that may be a sign for the end of a sentence. No letter of a European script is, nor an ideograph, a
/// syllable of Korean, an emoji, a dash or a quotation mark.
fn sentence_sign(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let may_be = |(at, byte): (usize, &u8)| {
        let is = match byte {
            b'.' | b'!' | b'?' | b'\n' | b'\r' => true,
            // U+0085 ends a line; what else begins so is no sign, up to U+02FF.
            0xc2 => bytes.get(at + 1) == Some(&0x85),
            // U+0380 to U+04FF, U+05C0 to U+05FF, U+4000 to U+9FFF, U+B000 to U+D7FF.
            0xce..=0xd3 | 0xd7 | 0xe4..=0xe9 | 0xeb..=0xed => false,
            // U+2010 to U+201F.
            0xe2 => !matches!(bytes.get(at + 1..at + 3), Some([0x80, 0x90..=0x9f])),
            // U+1F000 to U+1FFFF.
            0xf0 => bytes.get(at + 1) != Some(&0x9f),
            byte => *byte >= 0xcc,
        };
        is.then_some(at)
    };
    bytes.iter().enumerate().find_map(may_be)
}

/// Common abbreviations of English and German news that are followed by more of the sentence.
const ABBREVIATIONS: [&str; 40] = [
    "Mr", "Mrs", "Ms", "Dr", "Prof", "St", "Gen", "Col", "Capt", "Lt", "Sgt", "Maj", "Sen", "Rep", "Gov", "Rev", "Hon", "Adm", "Jan", "Feb", "Mar",
    "Apr", "Aug", "Sept", "Sep", "Oct", "Nov", "Dec", "No", "Nr", "vs", "approx", "ca", "bzw", "Hr", "Fr", "resp", "Inc", "Ltd", "Co",
];

fn ends_with_abbreviation(sentence: &str) -> bool {
    let Some(body) = sentence.trim_end().strip_suffix('.') else {
        return false;
    };
    let word = body.rsplit(|c: char| c.is_whitespace() || c == '(' || c == '"' || c == '“').next().unwrap_or_default();
    let last_part = word.rsplit('.').next().unwrap_or_default();
    let is_initial = last_part.chars().count() == 1 && last_part.chars().all(char::is_uppercase);
    is_initial || ABBREVIATIONS.contains(&word)
}

fn trim_end(text: &str, range: Range<usize>) -> Range<usize> {
    let part = text.get(range.clone()).unwrap_or_default();
    let trimmed = part.trim_end();
    if trimmed.is_empty() { range } else { range.start..range.start + trimmed.len() }
}

/// `WINDOW` bytes on each side, on character boundaries, inside the line.
fn window_at(text: &str, offset: usize) -> Range<usize> {
    let offset = floor_char(text, offset);
    let start = floor_char(text, offset.saturating_sub(WINDOW));
    let end = floor_char(text, offset.saturating_add(WINDOW));
    start..end
}

fn window_in_paragraph(text: &str, offset: usize) -> Range<usize> {
    let window = window_at(text, offset);
    let paragraph = paragraph_at(text, offset);
    window.start.max(paragraph.start)..window.end.min(paragraph.end).max(paragraph.start)
}

/// True when a range does not cut a word at either end, and no grapheme. `Kerry` is whole in `Kerry’s` and `pro-Kerry`,
/// not in `Kerryman`. In scripts without blanks between words, such as Chinese, any place is whole.
#[must_use]
pub fn is_whole_words(text: &str, range: &Range<usize>) -> bool {
    is_word_border(text, range.start) && is_word_border(text, range.end)
}

fn is_word_border(text: &str, offset: usize) -> bool {
    let Some((before, after)) = text.split_at_checked(offset) else { return false };
    let (Some(last), Some(first)) = (before.chars().next_back(), after.chars().next()) else { return true };
    if last.is_ascii() && first.is_ascii() {
        return !(last.is_ascii_alphanumeric() && first.is_ascii_alphanumeric());
    }
    let is_inside = is_part_of_word(last) && is_part_of_word(first) && !is_unspaced(last) && !is_unspaced(first);
    !is_inside && GraphemeCursor::new(offset, text.len(), true).is_boundary(text, 0).unwrap_or(true)
}

/// Letters, digits, marks, and what joins them without being seen.
fn is_part_of_word(c: char) -> bool {
    c.is_alphanumeric() || is_combining_mark(c) || matches!(c, '\u{ad}' | '\u{200c}' | '\u{200d}' | '\u{2060}')
}

/// Scripts that put no blanks between words: Chinese, Japanese, Thai, Lao, Burmese, Khmer.
fn is_unspaced(c: char) -> bool {
    matches!(c,
        '\u{e00}'..='\u{eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}' | '\u{2e80}'..='\u{2fdf}' | '\u{3005}'..='\u{3007}'
        | '\u{3040}'..='\u{30ff}' | '\u{31f0}'..='\u{31ff}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{aa60}'..='\u{aa7f}'
        | '\u{f900}'..='\u{faff}' | '\u{ff66}'..='\u{ff9f}' | '\u{20000}'..='\u{3ffff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_by_unicode_rules() {
        let check = |offset, expected: &str| assert_eq!(&"Don’t say, 3.14 now"[word_at("Don’t say, 3.14 now", offset)], expected);
        check(0, "Don’t");
        check(4, "Don’t");
        check("Don’t".len(), "Don’t");
        check("Don’t s".len(), "say");
        check("Don’t say, 3".len(), "3.14");
    }

    #[test]
    fn sentences_survive_titles_and_initials() {
        let text = "Mr. Smith met J. F. Kerry. The U.S. envoy left. \"Yes.\" He did.\nNext line.";
        let check = |needle: &str, expected: &str| assert_eq!(&text[sentence_at(text, text.find(needle).unwrap())], expected);
        check("Smith", "Mr. Smith met J. F. Kerry.");
        check("envoy", "The U.S. envoy left.");
        check("did", "He did.");
        check("line", "Next line.");
    }

    #[test]
    fn ctrl_arrows_walk_words() {
        let text = "a bee, see";
        assert_eq!([next_word(text, 0), next_word(text, 1), next_word(text, 5)], [1, 5, 10]);
        assert_eq!([previous_word(text, 10), previous_word(text, 7), previous_word(text, 2), previous_word(text, 0)], [7, 2, 0, 0]);
    }

    #[test]
    fn graphemes_are_not_split() {
        let text = "e\u{301}👩‍👩‍👧‍👦x";
        let family = 3;
        assert_eq!(next_grapheme(text, 0), family);
        assert_eq!(floor_grapheme(text, family + 4), family);
        assert_eq!(previous_grapheme(text, text.len() - 1), family);
    }

    #[test]
    fn paragraphs_end_before_their_line_end() {
        let text = "one\r\ntwo\n\nlast";
        assert_eq!(paragraph_at(text, 1), 0..3);
        assert_eq!(paragraph_at(text, 6), 5..8);
        assert_eq!(next_paragraph(text, 0), 5);
        assert_eq!(previous_paragraph(text, 7), 5);
        assert_eq!(previous_paragraph(text, 5), 0);
        assert_eq!(next_paragraph(text, 12), text.len());
    }

    #[test]
    fn no_sign_is_overlooked() {
        for c in ('\0'..='\u{3ffff}').chain('\u{e0000}'..='\u{e0fff}') {
            let text = format!("a{c} B");
            let ends = text.split_sentence_bounds().count() > 1;
            assert!(!ends || sentence_sign(&text) == Some(1), "{c:?}");
        }
    }

    proptest::proptest! {
        #[test]
        fn sentences_of_ascii_end_where_the_crate_says(text in "([a-zA-Z0-9]{0,2}[.!?]{0,2}[ ,:;'\")(\\[-]{0,3}|[\0-\x7f]{0,2}|[“”’«–]{0,1}){0,12}") {
            let expected: Vec<Range<usize>> = text.split_sentence_bound_indices().map(|(at, sentence)| at..at + sentence.len()).collect();
            proptest::prop_assert_eq!(sentence_bounds(&text).collect::<Vec<_>>(), expected);
        }

        #[test]
        fn sentences_end_where_the_crate_says(text in "([A-Za-z0-9]{1,3}[.!?]{0,2}[ ,:'\")]{0,2}|[ é日。🎉“”…\u{200f}\u{200d}\u{301}\u{2028}\u{85}\n\r\t]{0,2}){0,16}") {
            let expected: Vec<Range<usize>> = text.split_sentence_bound_indices().map(|(at, sentence)| at..at + sentence.len()).collect();
            proptest::prop_assert_eq!(sentence_bounds(&text).collect::<Vec<_>>(), expected);
        }
    }

    #[test]
    fn ends_of_text_are_safe() {
        for text in ["", "a", "\n", "日本", " "] {
            for offset in 0..=text.len() + 1 {
                let all = (word_at(text, offset.min(text.len())), sentence_at(text, offset.min(text.len())), paragraph_at(text, offset));
                assert!(all.0.end <= text.len() && all.1.end <= text.len() && all.2.end <= text.len());
                assert!(next_word(text, text.len()) <= text.len());
                assert!(previous_sentence(text, offset.min(text.len())) <= text.len());
            }
        }
    }
}
