//! Which blocks are drawn word by word.

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
    fn complex_scripts_are_known() {
        assert!(["שלום", "العربية", "น้ำใจ", "देवनागरी", "မြန်မာ"].iter().all(|text| needs_words(text)));
        assert!(["Zoë", "東京", "👩‍👩‍👧", "Привет", "한국어"].iter().all(|text| !needs_words(text)));
    }
}
