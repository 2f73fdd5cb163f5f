//! Documents that are objects of JSON: in a list, one a line, or in a list that is a member of one object.

use std::io::BufRead;

use serde::de::IgnoredAny;

use super::{Each, Stop, Window, finish};
use crate::format::FormatError;

/// The head of a file of objects that stand one a line.
pub(in crate::format) const LINES: &str = "lines";

/// Hands over the elements of the member of this name of the only object of a file. The head is the object with an empty list there.
pub(in crate::format) fn cut_member(member: &str, reader: &mut dyn BufRead, each: &mut Each<'_>) -> Result<Option<String>, FormatError> {
    finish(elements_of(member.as_bytes(), reader, each))
}

/// Hands over the objects of a file that is one, a list of them, or has one a line; then the head is [`LINES`].
pub(in crate::format) fn cut_objects(reader: &mut dyn BufRead, each: &mut Each<'_>) -> Result<Option<String>, FormatError> {
    finish(objects(reader, each))
}

fn elements_of(member: &[u8], reader: &mut dyn BufRead, each: &mut Each<'_>) -> Result<Vec<u8>, Stop> {
    let mut window = Window::new(reader)?;
    let (mut head, mut has_list) = (Vec::new(), false);
    let mut at = blanks(&mut window, 0)?;
    expect(&mut window, at, b'{')?;
    at += 1;
    loop {
        let start = blanks(&mut window, at)?;
        let name_end = value_end(&mut window, start)?;
        let is_wanted = window.slice(start..name_end).get(1..name_end - start - 1) == Some(member);
        at = blanks(&mut window, name_end)?;
        expect(&mut window, at, b':')?;
        at = blanks(&mut window, at + 1)?;
        if is_wanted {
            if has_list {
                return Err(Stop::NotLikeThat);
            }
            has_list = true;
            expect(&mut window, at, b'[')?;
            window.keep(at + 1, &mut head)?;
            list(&mut window, each)?;
            at = 1;
        } else {
            at = value_end(&mut window, at)?;
        }
        at = blanks(&mut window, at)?;
        match window.byte(at)? {
            Some(b',') => at += 1,
            Some(b'}') => break,
            _ => return Err(Stop::NotLikeThat),
        }
    }
    window.keep(at + 1, &mut head)?;
    let end = blanks(&mut window, 0)?;
    let is_all = window.byte(end)?.is_none() && has_list && serde_json::from_slice::<IgnoredAny>(&head).is_ok();
    if is_all { Ok(head) } else { Err(Stop::NotLikeThat) }
}

fn objects(reader: &mut dyn BufRead, each: &mut Each<'_>) -> Result<Vec<u8>, Stop> {
    let mut window = Window::new(reader)?;
    let start = blanks(&mut window, 0)?;
    if window.byte(start)? == Some(b'[') {
        window.forget(start + 1);
        list(&mut window, each)?;
        let end = blanks(&mut window, 1)?;
        return if window.byte(end)?.is_none() { Ok(Vec::new()) } else { Err(Stop::NotLikeThat) };
    }
    window.forget(start);
    let (mut count, mut is_one_a_line) = (0, true);
    while window.byte(0)?.is_some() {
        expect(&mut window, 0, b'{')?;
        let end = value_end(&mut window, 0)?;
        is_one_a_line &= !window.slice(0..end).contains(&b'\n');
        window.give(0..end, each)?;
        let next = blanks(&mut window, 0)?;
        is_one_a_line &= window.byte(next)?.is_none() || window.slice(0..next).contains(&b'\n');
        window.forget(next);
        count += 1;
    }
    match count {
        1 => Ok(Vec::new()),
        2.. if is_one_a_line => Ok(LINES.into()),
        _ => Err(Stop::NotLikeThat),
    }
}

/// The objects of a list behind its bracket. Its end is the first byte then.
fn list(window: &mut Window<'_>, each: &mut Each<'_>) -> Result<(), Stop> {
    let mut at = blanks(window, 0)?;
    if window.byte(at)? == Some(b']') {
        window.forget(at);
        return Ok(());
    }
    loop {
        let end = value_end(window, at)?;
        expect(window, at, b'{')?;
        window.give(at..end, each)?;
        at = blanks(window, 0)?;
        match window.byte(at)? {
            Some(b',') => at = blanks(window, at + 1)?,
            Some(b']') => {
                window.forget(at);
                return Ok(());
            }
            _ => return Err(Stop::NotLikeThat),
        }
    }
}

fn expect(window: &mut Window<'_>, at: usize, byte: u8) -> Result<(), Stop> {
    if window.byte(at)? == Some(byte) { Ok(()) } else { Err(Stop::NotLikeThat) }
}

/// The first byte that is no blank, or the end of the file.
fn blanks(window: &mut Window<'_>, at: usize) -> Result<usize, Stop> {
    let mut at = at;
    while let Some(b' ' | b'\t' | b'\n' | b'\r') = window.byte(at)? {
        at += 1;
    }
    Ok(at)
}

/// Where a value ends. Only strings and brackets are looked at: whoever reads it sees the rest.
fn value_end(window: &mut Window<'_>, start: usize) -> Result<usize, Stop> {
    let first = window.byte(start)?.ok_or(Stop::NotLikeThat)?;
    if !matches!(first, b'"' | b'{' | b'[') {
        let is_behind = |byte: &u8| matches!(byte, b',' | b']' | b'}' | b' ' | b'\t' | b'\n' | b'\r');
        let end = window.find(start, 1, |bytes| bytes.iter().position(is_behind))?.ok_or(Stop::NotLikeThat)?;
        return if end > start { Ok(end) } else { Err(Stop::NotLikeThat) };
    }
    let (mut at, mut depth) = (start, 0_usize);
    loop {
        let is_mark = |byte: &u8| matches!(byte, b'"' | b'{' | b'}' | b'[' | b']');
        at = window.find(at, 1, |bytes| bytes.iter().position(is_mark))?.ok_or(Stop::NotLikeThat)?;
        match window.byte(at)? {
            Some(b'"') => at = string_end(window, at + 1)?,
            Some(b'{' | b'[') => (at, depth) = (at + 1, depth + 1),
            _ => (at, depth) = (at + 1, depth.checked_sub(1).ok_or(Stop::NotLikeThat)?),
        }
        if depth == 0 {
            return Ok(at);
        }
    }
}

/// Behind the quote that ends a string.
fn string_end(window: &mut Window<'_>, from: usize) -> Result<usize, Stop> {
    let mut at = from;
    loop {
        at = window.find(at, 1, |bytes| memchr::memchr2(b'"', b'\\', bytes))?.ok_or(Stop::NotLikeThat)?;
        if window.byte(at)? == Some(b'"') {
            return Ok(at + 1);
        }
        at += 2;
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::cut;
    use super::*;

    type Cut = Option<(String, Vec<(usize, String)>)>;

    fn is(head: &str, pieces: &[(usize, &str)]) -> Cut {
        Some((head.to_owned(), pieces.iter().map(|(line, text)| (*line, (*text).to_owned())).collect()))
    }

    #[test]
    fn elements_of_a_member_are_cut_out_of_the_only_object() {
        let of = |content: &str| cut(|reader, each| cut_member("d", reader, each), content.as_bytes());
        let content = "\u{feff} {\"a\": [{\"d\": [1]}],\n \"d\" : [ {\"x\": \"]}\\\"é\"},\n{}], \"e\": -1.5e3 }\n";
        assert_eq!(of(content), is(" {\"a\": [{\"d\": [1]}],\n \"d\" : [], \"e\": -1.5e3 }", &[(2, "{\"x\": \"]}\\\"é\"}"), (3, "{}")]));
        assert_eq!(of("{\"d\":[]}"), is("{\"d\":[]}", &[]));
        for other in ["", "[]", "{}", "{\"d\":{}}", "{\"a\":[]}", "{\"d\":[1]}", "{\"d\":[{},]}", "{\"d\":[{} {}]}", "{\"d\":[{}]", "{\"d\":[{}]} {}"]
        {
            assert_eq!(of(other), None, "{other}");
        }
        assert_eq!(of("{\"d\":[{}],\"d\":[{}]}"), None);
        assert_eq!(of("{\"d\":[{}],oops:1}"), None);
    }

    #[test]
    fn objects_stand_in_a_list_or_one_a_line() {
        let of = |content: &str| cut(cut_objects, content.as_bytes());
        assert_eq!(of("[{\"a\": 1},\n\n{}]\n"), is("", &[(1, "{\"a\": 1}"), (3, "{}")]));
        assert_eq!(of("{\"a\":\n1}\n"), is("", &[(1, "{\"a\":\n1}")]));
        assert_eq!(of("\n{\"a\": 1}\n \n{}\r\n{}"), is(LINES, &[(2, "{\"a\": 1}"), (4, "{}"), (5, "{}")]));
        for other in ["", " ", "{} {}", "{\n}\n{}", "{}\n[]", "[1]", "[{}", "[{}] {}", "{", "1", "{}\n{"] {
            assert_eq!(of(other), None, "{other}");
        }
    }
}
