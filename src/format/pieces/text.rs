//! Texts of lines: documents with blank lines between them, and lines or rows of a table, many together.

use std::io::BufRead;

use super::{Each, Stop, Window, finish};
use crate::format::FormatError;
use crate::format::csv_rows::{Quotes, delimiter};

/// Lines are cut so many bytes apart.
const TOGETHER: usize = 64 << 10;

/// Hands over the lines between blank ones.
pub(in crate::format) fn cut_blocks(reader: &mut dyn BufRead, each: &mut Each<'_>) -> Result<Option<String>, FormatError> {
    finish(blocks(reader, each))
}

/// Hands over whole lines, many together.
pub(in crate::format) fn cut_lines(reader: &mut dyn BufRead, each: &mut Each<'_>) -> Result<Option<String>, FormatError> {
    finish(lines(reader, each))
}

/// Hands over whole rows of CSV, many together. A quote that is never closed is in the last piece.
pub(in crate::format) fn cut_rows(reader: &mut dyn BufRead, each: &mut Each<'_>) -> Result<Option<String>, FormatError> {
    finish(rows(reader, each))
}

fn blocks(reader: &mut dyn BufRead, each: &mut Each<'_>) -> Result<Vec<u8>, Stop> {
    let mut window = Window::new(reader)?;
    let mut at = 0;
    loop {
        let end = window.find(at, 1, |bytes| memchr::memchr(b'\n', bytes))?;
        let line_end = end.unwrap_or(window.bytes.len());
        if window.text(at..line_end)?.trim().is_empty() {
            window.give(0..at, each)?;
            window.forget(line_end - at + usize::from(end.is_some()));
            at = 0;
        } else if end.is_none() {
            window.give(0..line_end, each)?;
        } else {
            at = line_end + 1;
        }
        if end.is_none() {
            return Ok(Vec::new());
        }
    }
}

fn lines(reader: &mut dyn BufRead, each: &mut Each<'_>) -> Result<Vec<u8>, Stop> {
    let mut window = Window::new(reader)?;
    loop {
        let end = window.find(TOGETHER, 1, |bytes| memchr::memchr(b'\n', bytes))?;
        window.give(0..end.map_or(window.bytes.len(), |end| end + 1), each)?;
        if end.is_none() {
            return Ok(Vec::new());
        }
    }
}

fn rows(reader: &mut dyn BufRead, each: &mut Each<'_>) -> Result<Vec<u8>, Stop> {
    let mut window = Window::new(reader)?;
    let header = window.find(0, 1, |bytes| memchr::memchr(b'\n', bytes))?.unwrap_or(window.bytes.len());
    let mut quotes = Quotes::new(delimiter(window.text(0..header)?));
    let mut at = 0;
    loop {
        // The end of the last row that is there, when enough is there.
        let mut row_end = None;
        for (place, byte) in (at + 1..).zip(window.rest(at)) {
            quotes.step(*byte);
            if *byte == b'\n' && !quotes.is_open() {
                row_end = Some((place, quotes));
            }
        }
        at = window.bytes.len();
        if let Some((end, behind)) = row_end.filter(|(end, _)| *end >= TOGETHER) {
            window.give(0..end, each)?;
            (at, quotes) = (0, behind);
        } else if !window.grow()? {
            return window.give(0..at, each).map(|()| Vec::new());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::cut;
    use super::*;

    #[test]
    fn blank_lines_stand_between_blocks() {
        let found = |content: &str| {
            cut(cut_blocks, content.as_bytes()).map(|(_, pieces)| pieces.into_iter().filter(|(_, text)| !text.is_empty()).collect::<Vec<_>>())
        };
        let owned = |pieces: &[(usize, &str)]| Some(pieces.iter().map(|(line, text)| (*line, (*text).to_owned())).collect::<Vec<_>>());
        assert_eq!(found("\u{feff}a\r\nb\r\n \r\n\nc é\n"), owned(&[(1, "a\r\nb\r\n"), (5, "c é\n")]));
        assert_eq!(found("\n\na"), owned(&[(3, "a")]));
        assert_eq!(found(""), owned(&[]));
        assert_eq!(cut(cut_blocks, b"a\n\n\xff\n"), None);
    }

    /// The pieces are all of it, each begins with a row, and none is long.
    #[track_caller]
    fn check(of: super::super::CutFn, row: &str, unclosed: &str) {
        let content = row.repeat(3 * TOGETHER / row.len()) + unclosed;
        let mut pieces = Vec::new();
        of(&mut std::io::BufReader::with_capacity(1000, content.as_bytes()), &mut |piece| {
            pieces.push((piece.first_line, piece.text.to_owned()));
            Ok(())
        })
        .unwrap()
        .unwrap();
        let mut line = 1;
        for (first_line, text) in &pieces {
            assert!(*first_line == line && (text.starts_with(row) || text.as_str() == unclosed), "{first_line}: {line}");
            line += text.matches('\n').count();
            assert!(text.len() < TOGETHER + super::super::CHUNK + row.len() + unclosed.len());
        }
        assert!(pieces.len() >= 3 && pieces.iter().map(|(_, text)| text.as_str()).collect::<String>() == content);
    }

    #[test]
    fn lines_and_rows_are_cut_at_their_ends() {
        check(cut_lines, "aé\tb\r\n", "\"c\nd");
        check(cut_lines, "\n", "");
        check(cut_rows, "1,\"a\n\"\"b\"\",\n\",c\"d\n", "");
        check(cut_rows, "a;\"b\nc\";d\n", &format!("x;\"{}", "never\n".repeat(1000)));
        assert_eq!(cut(cut_rows, b""), Some((String::new(), vec![(1, String::new())])));
        assert_eq!(cut(cut_lines, b"a\n\xff"), None);
    }
}
