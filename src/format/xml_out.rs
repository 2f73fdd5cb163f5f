//! Writing XML so that every reader sees the characters that were meant.

use std::borrow::Cow;
use std::fmt::Write as _;

use serde_json::Value;

use super::Ledger;
use super::standoff::said;

/// True for what XML 1.0 can hold.
pub(super) fn is_xml(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | ' '..='\u{fffd}' | '\u{10000}'..)
}

/// Line ends and tabs as references: as they are, an attribute would lose them. So with the line ends of XML 1.1. Characters
/// that XML cannot hold become U+FFFD.
pub(super) fn push_escaped(out: &mut String, text: &str) {
    push(out, text, |c| matches!(c, '&' | '<' | '>' | '"' | '\t' | '\n' | '\r' | '\u{85}' | '\u{2028}'));
}

/// The content of an element, in which line ends and tabs stay as they are.
pub(super) fn push_content(out: &mut String, text: &str) {
    push(out, text, |c| matches!(c, '&' | '<' | '>' | '\r' | '\u{85}' | '\u{2028}'));
}

fn push(out: &mut String, text: &str, is_special: impl Fn(char) -> bool) {
    let mut rest = text;
    while let Some(at) = find(rest, |c| is_special(c) || !is_xml(c)) {
        let (plain, special) = rest.split_at(at);
        out.push_str(plain);
        let Some(c) = special.chars().next() else { break };
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            c if is_xml(c) => drop(write!(out, "&#{};", u32::from(c))),
            _ => out.push('\u{fffd}'),
        }
        rest = special.get(c.len_utf8()..).unwrap_or_default();
    }
    out.push_str(rest);
}

/// Where the first character stands that is not written as it is. Most bytes say that they begin none.
fn find(text: &str, is_special: impl Fn(char) -> bool) -> Option<usize> {
    let may_be = |byte: &u8| matches!(byte, ..b' ' | b'&' | b'<' | b'>' | b'"' | 0xc2 | 0xe2 | 0xef);
    let mut places = text.as_bytes().iter().enumerate().filter(|(_, byte)| may_be(byte)).map(|(at, _)| at);
    places.find(|at| text.get(*at..).and_then(|rest| rest.chars().next()).is_some_and(&is_special))
}

/// An attribute with a space in front.
pub(super) fn push_attribute(out: &mut String, name: &str, value: &str) {
    let _ = write!(out, " {name}=\"");
    push_escaped(out, value);
    out.push('"');
}

/// The text with a question mark for each control character that XML cannot hold: as long in every unit.
pub(super) fn xml_text(text: &str) -> Cow<'_, str> {
    if text.chars().all(is_xml) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(
        text.chars()
            .map(|c| {
                if is_xml(c) {
                    c
                } else if c < ' ' {
                    '?'
                } else {
                    '\u{fffd}'
                }
            })
            .collect(),
    )
}

/// What a letter of a text or value has in common with what comes back of it: no reader tells a question mark that stands for
/// something from another one.
pub(super) fn xml_projection(c: char) -> Option<char> {
    Some(if is_xml(c) && c != '?' { c } else { '\u{fffd}' })
}

/// Counts as changed what XML cannot hold: of a text, and of names and values of features.
pub(super) fn count_not_xml<'f>(id: &str, text: &str, features: impl Iterator<Item = &'f (String, Value)>, ledger: &mut Ledger) {
    let count = |text: &str| text.chars().filter(|c| !is_xml(*c)).count();
    let in_values = features.map(|(name, value)| count(name) + said(value).map_or(0, |value| count(&value))).sum::<usize>();
    let why =
        ["XML cannot hold their control characters; each became a question mark", "XML cannot hold their control characters; each became U+FFFD"];
    for ((what, why), bad) in [("texts", why[0]), ("values", why[1])].into_iter().zip([count(text), in_values]) {
        if bad > 0 {
            ledger.change(what, why, format!("{id}: {bad} characters"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_xml_cannot_hold_is_replaced_by_what_is_as_long() {
        let text = "a\0b\u{b}\u{ffff}\r\n";
        let safe = xml_text(text);
        assert_eq!((safe.as_ref(), safe.len()), ("a?b?\u{fffd}\r\n", text.len()));
        let mut out = String::new();
        push_content(&mut out, "<\r\n\t&\u{1}");
        push_attribute(&mut out, "a", "\"\n");
        assert_eq!(out, "&lt;&#13;\n\t&amp;\u{fffd} a=\"&quot;&#10;\"");
    }
}
