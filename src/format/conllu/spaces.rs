//! The blanks between words: `SpaceAfter=No`, and `SpacesAfter=` with the signs of UDPipe for any other.

/// True where every blank has a sign of its own.
pub(super) fn has_signs(blanks: &str) -> bool {
    blanks.chars().all(|c| matches!(c, ' ' | '\t' | '\n' | '\r'))
}

/// Writes blanks as signs. What has none is written as a space.
pub(super) fn push_signs(out: &mut String, blanks: &str) {
    for c in blanks.chars() {
        out.push_str(match c {
            '\t' => "\\t",
            '\n' => "\\n",
            '\r' => "\\r",
            _ => "\\s",
        });
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
        push_signs(&mut signs, " \t\r\n\u{a0}");
        assert_eq!((signs.as_str(), from_signs(&signs).as_str()), ("\\s\\t\\r\\n\\s", " \t\r\n "));
        assert_eq!(from_signs("\u{a0}\\p\\\\"), "\u{a0}|\\");
        assert!(has_signs(" \r\n") && !has_signs(" \u{a0}"));
    }
}
