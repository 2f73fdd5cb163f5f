//! The blanks between words: `SpaceAfter=No`, and `SpacesAfter=` with the signs of UDPipe for any other.

/// Writes blanks as signs. What has no sign and would break the line becomes a space.
pub(super) fn push_signs(out: &mut String, blanks: &str) {
    for c in blanks.chars() {
        match c {
            '\t' => out.push_str("\\t"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\\' => out.push_str("\\\\"),
            '|' => out.push_str("\\p"),
            ' ' | '\u{2028}' | '\u{2029}' => out.push_str("\\s"),
            c if c.is_control() => out.push_str("\\s"),
            c => out.push(c),
        }
    }
}

/// The blanks that signs stand for.
pub(super) fn from_signs(signs: &str) -> String {
    let mut blanks = String::new();
    let mut chars = signs.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => match chars.next() {
                Some('s') | None => blanks.push(' '),
                Some('t') => blanks.push('\t'),
                Some('n') => blanks.push('\n'),
                Some('r') => blanks.push('\r'),
                Some('p') => blanks.push('|'),
                Some(other) => blanks.push(other),
            },
            c => blanks.push(c),
        }
    }
    blanks
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blanks_have_signs() {
        let mut signs = String::new();
        push_signs(&mut signs, " \t\r\n\u{a0}|\\");
        assert_eq!((signs.as_str(), from_signs(&signs).as_str()), ("\\s\\t\\r\\n\u{a0}\\p\\\\", " \t\r\n\u{a0}|\\"));
        signs.clear();
        push_signs(&mut signs, "\u{2028}\0");
        assert_eq!(signs, "\\s\\s");
    }
}
