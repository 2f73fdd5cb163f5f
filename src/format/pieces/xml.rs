//! Documents that are children of the outermost element.

use std::io::BufRead;

use super::{Each, Stop, Window, finish};
use crate::format::FormatError;

/// Hands over the children of this name of an outermost element of that name. The head is the file without them.
pub(in crate::format) fn cut_children(
    [outermost, child]: [&str; 2],
    reader: &mut dyn BufRead,
    each: &mut Each<'_>,
) -> Result<Option<String>, FormatError> {
    finish(children([outermost.as_bytes(), child.as_bytes()], reader, each))
}

fn children([outermost, child]: [&[u8]; 2], reader: &mut dyn BufRead, each: &mut Each<'_>) -> Result<Vec<u8>, Stop> {
    let mut window = Window::new(reader)?;
    let (mut head, mut at, mut depth) = (Vec::new(), 0, 0_usize);
    let mut is_open = false;
    while let Some(tag) = next_tag(&mut window, &mut at)? {
        match (tag.kind, depth) {
            (Kind::Start, 0) if local_name(window.slice(tag.start..tag.end)) != outermost => return Err(Stop::NotLikeThat),
            (Kind::Start | Kind::Empty, 1) if local_name(window.slice(tag.start..tag.end)) == child => {
                window.keep(tag.start, &mut head)?;
                at -= tag.start;
                is_open = true;
            }
            _ => {}
        }
        match tag.kind {
            Kind::Start => depth += 1,
            Kind::End => depth = depth.checked_sub(1).ok_or(Stop::NotLikeThat)?,
            Kind::Empty => {}
        }
        if is_open && depth == 1 {
            window.give(0..at, each)?;
            (at, is_open) = (0, false);
        } else if !is_open && depth <= 1 {
            window.keep(at, &mut head)?;
            at = 0;
        }
    }
    let end = window.bytes.len();
    window.keep(end, &mut head)?;
    if depth == 0 { Ok(head) } else { Err(Stop::NotLikeThat) }
}

#[derive(Clone, Copy)]
enum Kind {
    Start,
    Empty,
    End,
}

struct Tag {
    kind: Kind,
    start: usize,
    end: usize,
}

/// The next tag; `at` is behind it then. What is no tag is passed over.
fn next_tag(window: &mut Window<'_>, at: &mut usize) -> Result<Option<Tag>, Stop> {
    loop {
        let Some(start) = window.find(*at, 1, |bytes| memchr::memchr(b'<', bytes))? else { return Ok(None) };
        *at = match window.byte(start + 1)? {
            Some(b'?') => window.behind(start, b"?>")?,
            Some(b'!') if window.starts_with(start, b"<!--")? => window.behind(start + 4, b"-->")?,
            Some(b'!') if window.starts_with(start, b"<![CDATA[")? => window.behind(start, b"]]>")?,
            Some(b'!') => {
                let end = window.behind(start, b">")?;
                // Declarations of its own need somebody who understands them.
                if window.slice(start..end).contains(&b'[') {
                    return Err(Stop::NotLikeThat);
                }
                end
            }
            Some(b'/') => {
                let end = window.behind(start, b">")?;
                *at = end;
                return Ok(Some(Tag { kind: Kind::End, start, end }));
            }
            _ => {
                let end = tag_end(window, start)?;
                *at = end;
                let kind = if window.slice(start..end).ends_with(b"/>") { Kind::Empty } else { Kind::Start };
                return Ok(Some(Tag { kind, start, end }));
            }
        };
    }
}

/// A value in quotes may hold what ends a tag.
fn tag_end(window: &mut Window<'_>, start: usize) -> Result<usize, Stop> {
    let mut at = start;
    loop {
        let found = window.find(at, 1, |bytes| memchr::memchr3(b'>', b'"', b'\'', bytes))?.ok_or(Stop::NotLikeThat)?;
        match window.byte(found)? {
            Some(quote @ (b'"' | b'\'')) => at = window.behind(found + 1, &[quote])?,
            _ => return Ok(found + 1),
        }
    }
}

/// The name in a tag, without its prefix.
fn local_name(tag: &[u8]) -> &[u8] {
    let name = tag.get(1..).unwrap_or_default();
    let end = name.iter().position(|byte| matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | b'/' | b'>')).unwrap_or(name.len());
    let name = name.get(..end).unwrap_or_default();
    name.iter().position(|byte| *byte == b':').and_then(|at| name.get(at + 1..)).unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use super::super::tests::cut;
    use super::*;

    fn cut_xml(content: &str) -> Option<(String, Vec<(usize, String)>)> {
        cut(|reader, each| cut_children(["c", "d"], reader, each), content.as_bytes())
    }

    #[test]
    fn children_are_cut_out_and_the_rest_is_the_head() {
        let content = "\u{feff}<?xml version='1.0'?>\n<!DOCTYPE c SYSTEM \"<x>\">\n<x:c a='<d>'><k>v</k><!-- <d> -->\n<d i=\"/>\">é<d>\n</d><![CDATA[</d>]]></d>\n\n<x:d/><e><d>in</d></e></x:c>\n";
        let (head, pieces) = cut_xml(content).unwrap();
        assert_eq!(head, "<?xml version='1.0'?>\n<!DOCTYPE c SYSTEM \"<x>\">\n<x:c a='<d>'><k>v</k><!-- <d> -->\n\n\n<e><d>in</d></e></x:c>\n");
        let expected = [(4, "<d i=\"/>\">é<d>\n</d><![CDATA[</d>]]></d>"), (7, "<x:d/>")].map(|(line, text)| (line, text.to_owned()));
        assert_eq!(pieces, expected);
    }

    #[test]
    fn what_has_another_shape_is_not_cut() {
        for other in
            ["", "<d/>", "<c><d></c>", "<c><d>", "<c>", "</c>", "<c><d></d></c></c>", "<!DOCTYPE c [<!ENTITY a 'b'>]><c/>", "<c><d a='></d></c>"]
        {
            let is_cut = cut_xml(other).is_some_and(|(head, _)| head.contains("</c>"));
            assert!(!is_cut, "{other}");
        }
        assert_eq!(cut(|reader, each| cut_children(["c", "d"], reader, each), b"<c><d>\xff</d></c>"), None);
        assert_eq!(cut_xml("<c></c>"), Some(("<c></c>".to_owned(), Vec::new())));
    }
}
