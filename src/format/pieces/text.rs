//! Documents with blank lines between them.

use std::io::BufRead;

use super::{Each, Stop, Window, finish};
use crate::format::FormatError;

/// Hands over the lines between blank ones.
pub(in crate::format) fn cut_blocks(reader: &mut dyn BufRead, each: &mut Each<'_>) -> Result<Option<String>, FormatError> {
    finish(blocks(reader, each))
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
}
