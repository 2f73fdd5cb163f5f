//! The small change of notation: quoted texts, and splitting outside of them.

use super::Problem;

/// In quotation marks, on one line.
pub(super) fn quote(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            '\n' => out.push_str("\\n"),
            c if c.is_control() => out.extend(c.escape_unicode()),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// Several in quotation marks, with commas.
pub(super) fn quote_all<'t>(texts: impl IntoIterator<Item = &'t String>) -> String {
    texts.into_iter().map(|text| quote(text)).collect::<Vec<_>>().join(",")
}

/// The text inside the quotation marks.
pub(super) fn unquote(token: &str) -> Result<String, Problem> {
    let bad = || Problem::BadQuote(token.to_owned());
    let inner = token.strip_prefix('"').and_then(|t| t.strip_suffix('"')).ok_or_else(bad)?;
    let mut out = String::new();
    let mut chars = inner.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => out.push(escaped(&mut chars).ok_or_else(bad)?),
            '"' => return Err(bad()),
            c => out.push(c),
        }
    }
    Ok(out)
}

fn escaped(chars: &mut std::str::Chars<'_>) -> Option<char> {
    match chars.next()? {
        'n' => Some('\n'),
        c @ ('"' | '\\') => Some(c),
        'u' if chars.next()? == '{' => {
            let digits: String = chars.by_ref().take_while(|c| *c != '}').collect();
            u32::from_str_radix(&digits, 16).ok().and_then(char::from_u32)
        }
        _ => None,
    }
}

/// Several quoted texts with commas.
pub(super) fn unquote_all(token: &str) -> Result<Vec<String>, Problem> {
    split(token, ',').into_iter().map(unquote).collect()
}

/// The pieces between separators that stand outside quotation marks.
pub(super) fn split(text: &str, separator: char) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some(at) = find(rest, separator) {
        pieces.push(rest.get(..at).unwrap_or_default());
        rest = rest.get(at + separator.len_utf8()..).unwrap_or_default();
    }
    pieces.push(rest);
    pieces
}

/// Where a character first stands outside quotation marks.
pub(super) fn find(text: &str, wanted: char) -> Option<usize> {
    let (mut is_quoted, mut is_escaped) = (false, false);
    for (at, c) in text.char_indices() {
        match c {
            _ if is_escaped => is_escaped = false,
            '\\' if is_quoted => is_escaped = true,
            '"' => is_quoted = !is_quoted,
            c if c == wanted && !is_quoted => return Some(at),
            _ => {}
        }
    }
    None
}

/// Letters, digits and `_`, at least one.
pub(super) fn check_name(name: &str) -> Result<&str, Problem> {
    let is_name = !name.is_empty() && name.bytes().all(is_name_byte);
    if is_name { Ok(name) } else { Err(Problem::BadName(name.to_owned())) }
}

pub(super) fn is_name_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}
