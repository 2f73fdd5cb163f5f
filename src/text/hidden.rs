//! Characters that cannot be seen and change what can be: shown as escapes, refused in new names.

/// True for control characters, those that turn the direction of writing, and other line ends than these.
#[must_use]
pub fn is_hidden(c: char) -> bool {
    c.is_control() || is_direction(c) || matches!(c, '\u{2028}' | '\u{2029}' | '\u{feff}')
}

/// True for characters that turn the direction of writing.
#[must_use]
pub fn is_direction(c: char) -> bool {
    matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// The text with escapes for hidden characters: `\n`, `\u{1b}`.
#[must_use]
pub fn show_hidden(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    text.chars().for_each(|c| push_shown(&mut shown, c));
    shown
}

/// Appends a character, or its escape.
pub(crate) fn push_shown(to: &mut String, c: char) {
    match c {
        '\n' | '\r' | '\t' => to.extend(c.escape_default()),
        c if is_hidden(c) => to.extend(c.escape_unicode()),
        c => to.push(c),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_hidden_is_left() {
        assert_eq!(show_hidden("é\u{1b}[2J\n\t\u{202e}\u{85}\u{2028}b"), "é\\u{1b}[2J\\n\\t\\u{202e}\\u{85}\\u{2028}b");
    }
}
