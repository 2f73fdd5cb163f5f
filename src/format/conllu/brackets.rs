//! What stands in `Entity=`: brackets that open and close mentions, `(e1-PER-1-` and `e1)`.

use unicode_normalization::is_nfc;

/// One bracket.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Bracket<'t> {
    /// `(e1-PER-1`: a mention begins, or a part of one.
    Open(&'t str),
    /// `e1)`: it ends.
    Close(&'t str),
    /// `(e1-PER-1)`: both.
    Single(&'t str),
}

/// The brackets of a value; none where they make no sense.
pub(super) fn brackets(value: &str) -> Option<Vec<Bracket<'_>>> {
    let mut found = Vec::new();
    let mut rest = value;
    while !rest.is_empty() {
        if let Some(inner) = rest.strip_prefix('(') {
            let end = inner.find(['(', ')']).unwrap_or(inner.len());
            let (content, behind) = inner.split_at(end);
            let closed = behind.strip_prefix(')');
            found.push(if closed.is_some() { Bracket::Single(content) } else { Bracket::Open(content) });
            rest = closed.unwrap_or(behind);
        } else {
            let (content, behind) = rest.split_once(')')?;
            found.push(Bracket::Close(content));
            rest = behind;
        }
    }
    let is_sound = found.iter().all(|bracket| {
        let (Bracket::Open(content) | Bracket::Close(content) | Bracket::Single(content)) = bracket;
        !content.is_empty() && !content.contains('(')
    });
    is_sound.then_some(found)
}

/// The id of an entity and, of a mention in pieces, which piece of how many: `e1[2/3]`.
pub(super) fn parts(id: &str) -> (&str, Option<(usize, usize)>) {
    let parsed = || {
        let (eid, numbers) = id.strip_suffix(']')?.rsplit_once('[')?;
        let (part, of) = numbers.split_once('/')?;
        let (part, of) = (part.parse().ok()?, of.parse().ok()?);
        (0 < part && part <= of).then_some((eid, Some((part, of))))
    };
    parsed().unwrap_or((id, None))
}

/// Writes a value so that it holds nothing that has a meaning in `Entity=` or around it, and nothing that is not composed.
pub(super) fn push_escaped(out: &mut String, value: &str) {
    let is_composed = is_nfc(value);
    for c in value.chars() {
        let has_meaning = matches!(c, '%' | '-' | '(' | ')' | '[' | ']' | '|' | '=' | ':' | ',');
        if has_meaning || c.is_whitespace() || c.is_control() || !is_composed && !c.is_ascii() {
            c.encode_utf8(&mut [0; 4]).bytes().for_each(|byte| out.push_str(&format!("%{byte:02X}")));
        } else {
            out.push(c);
        }
    }
}

/// The value that was escaped.
pub(super) fn unescape(value: &str) -> String {
    let mut bytes = Vec::with_capacity(value.len());
    let mut rest = value;
    while let Some((before, behind)) = rest.split_once('%') {
        bytes.extend_from_slice(before.as_bytes());
        match behind.get(..2).and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
            Some(byte) => {
                bytes.push(byte);
                rest = behind.get(2..).unwrap_or_default();
            }
            None => {
                bytes.push(b'%');
                rest = behind;
            }
        }
    }
    bytes.extend_from_slice(rest.as_bytes());
    String::from_utf8(bytes).unwrap_or_else(|_| value.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use Bracket::{Close, Open, Single};

    #[test]
    fn brackets_are_told_apart() {
        assert_eq!(brackets("(1-PER(2)").unwrap(), [Open("1-PER"), Single("2")]);
        assert_eq!(brackets("3)(7)").unwrap(), [Close("3"), Single("7")]);
        assert_eq!(brackets("(4)1)11)(5-x").unwrap(), [Single("4"), Close("1"), Close("11"), Open("5-x")]);
        for broken in ["x", "()", "(", ")", "((1)"] {
            assert_eq!(brackets(broken), None, "{broken}");
        }
    }

    #[test]
    fn pieces_and_escapes_are_read() {
        assert_eq!((parts("e1[2/3]"), parts("e1"), parts("e1[3/2]")), (("e1", Some((2, 3))), ("e1", None), ("e1[3/2]", None)));
        let mut escaped = String::new();
        push_escaped(&mut escaped, "É-100% (x\u{a0})");
        assert_eq!((escaped.as_str(), unescape(&escaped).as_str()), ("É%2D100%25%20%28x%C2%A0%29", "É-100% (x\u{a0})"));
        assert_eq!(unescape("50%"), "50%");
    }
}
