//! Writing XML so that every reader sees the line ends and letters that were meant.

use std::fmt::Write as _;

/// Line ends and tabs as references: as they are, an attribute would lose them. So with the line ends of XML 1.1.
pub(super) fn push_escaped(out: &mut String, text: &str) {
    let mut rest = text;
    while let Some(at) = special(rest) {
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
fn special(text: &str) -> Option<usize> {
    let is_special = |c: char| matches!(c, '&' | '<' | '>' | '"' | '\t' | '\n' | '\r' | '\u{85}' | '\u{2028}') || !is_xml(c);
    let may_be = |byte: &u8| matches!(byte, ..b' ' | b'&' | b'<' | b'>' | b'"' | 0xc2 | 0xe2 | 0xef);
    let mut places = text.as_bytes().iter().enumerate().filter(|(_, byte)| may_be(byte)).map(|(at, _)| at);
    places.find(|at| text.get(*at..).and_then(|rest| rest.chars().next()).is_some_and(is_special))
}

/// True for what XML 1.0 can hold.
pub(super) fn is_xml(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | ' '..='\u{fffd}' | '\u{10000}'..)
}

/// Writes an attribute, with a blank in front.
pub(super) fn push_attribute(out: &mut String, name: &str, value: &str) {
    out.push(' ');
    out.push_str(name);
    out.push_str("=\"");
    push_escaped(out, value);
    out.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn line_ends_are_references_and_what_xml_cannot_hold_is_replaced() {
        let mut out = String::new();
        push_attribute(&mut out, "a", "x\r\n\t<&>\"\0\u{2028}🎉");
        assert_eq!(out, " a=\"x&#13;&#10;&#9;&lt;&amp;&gt;&quot;\u{fffd}&#8232;🎉\"");
    }
}
