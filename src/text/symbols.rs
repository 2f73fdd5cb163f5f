//! What is shown of a text: the text itself, with a symbol for each character that has no shape or turns the direction of
//! a line.
//!
//! One character is shown for one character, so that offsets can be counted in characters either way.

use std::borrow::Cow;

use super::hidden::is_hidden;

/// The text as it is shown. Tabs and line ends stay.
#[must_use]
pub fn with_symbols(source: &str) -> Cow<'_, str> {
    if source.is_ascii() && !source.bytes().any(|byte| byte.is_ascii_control()) || source.chars().all(|c| symbol(c) == c) {
        return Cow::Borrowed(source);
    }
    Cow::Owned(source.chars().map(symbol).collect())
}

/// On one line of at most so many characters; longer ones end with `…`.
#[must_use]
pub fn one_line(source: &str, max_chars: usize) -> String {
    let mut chars = source.chars();
    let line = |c: char| if c.is_whitespace() && c.is_control() { ' ' } else { symbol(c) };
    let mut short: String = chars.by_ref().take(max_chars).map(line).collect();
    if chars.next().is_some() {
        short.push('…');
    }
    short
}

fn symbol(c: char) -> char {
    match c {
        '\t' | '\n' => c,
        '\u{0}'..='\u{1f}' => char::from_u32(0x2400 + c as u32).unwrap_or('\u{fffd}'),
        '\u{7f}' => '␡',
        '\u{80}'..='\u{9f}' => '␦',
        '\u{2028}' | '\u{2029}' => '⏎',
        '\u{feff}' => '␣',
        c if is_hidden(c) => '⇄',
        _ => c,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_characters_get_symbols_one_for_one() {
        assert_eq!(with_symbols("a\0b\u{1b}\u{202e}\tc"), "a␀b␛⇄\tc");
        assert!(matches!(with_symbols("plain é"), Cow::Borrowed(_)));
    }

    #[test]
    fn a_line_has_no_breaks_and_an_end() {
        assert_eq!(one_line("one\ntwo\tthree\u{202e}", 99), "one two three⇄");
        assert_eq!((one_line("abc", 3), one_line("abcd", 3)), ("abc".to_owned(), "abc…".to_owned()));
    }
}
