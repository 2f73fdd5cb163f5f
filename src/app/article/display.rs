//! What is drawn for a text: the text itself, with a symbol for each character that has no shape.
//!
//! One character is drawn for one character, so that offsets can be counted in characters either way.

use std::borrow::Cow;

/// The drawn form of a block.
pub(super) fn display(source: &str) -> Cow<'_, str> {
    if source.chars().any(|c| symbol(c) != c) { Cow::Owned(source.chars().map(symbol).collect()) } else { Cow::Borrowed(source) }
}

fn symbol(c: char) -> char {
    match c {
        '\t' => c,
        '\u{0}'..='\u{1f}' => char::from_u32(0x2400 + c as u32).unwrap_or('\u{fffd}'),
        '\u{7f}' => '␡',
        '\u{80}'..='\u{9f}' => '␦',
        '\u{2028}' | '\u{2029}' => '⏎',
        '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => '⇄',
        '\u{feff}' => '␣',
        _ => c,
    }
}

/// True when one character of the text may not be one glyph on screen, or not in reading order: Arabic, Hebrew,
/// the scripts of India and South-East Asia. Such blocks are drawn word by word (see `words.rs`).
pub(super) fn needs_words(source: &str) -> bool {
    !source.is_ascii() && source.chars().any(is_complex)
}

fn is_complex(c: char) -> bool {
    matches!(c,
        '\u{590}'..='\u{8ff}' | '\u{900}'..='\u{109f}' | '\u{1780}'..='\u{18af}' | '\u{1900}'..='\u{1cff}'
        | '\u{a800}'..='\u{abff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{fefc}' | '\u{10800}'..='\u{11fff}' | '\u{1e800}'..='\u{1efff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_characters_get_symbols_one_for_one() {
        assert_eq!(display("a\0b\u{1b}\u{202e}\tc"), "a␀b␛⇄\tc");
        assert!(matches!(display("plain é"), Cow::Borrowed(_)));
    }

    #[test]
    fn complex_scripts_are_known() {
        assert!(["שלום", "العربية", "น้ำใจ", "देवनागरी", "မြန်မာ"].iter().all(|text| needs_words(text)));
        assert!(["Zoë", "東京", "👩‍👩‍👧", "Привет", "한국어"].iter().all(|text| !needs_words(text)));
    }
}
