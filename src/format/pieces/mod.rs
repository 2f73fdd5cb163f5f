//! Cuts a file of many documents into one piece for each while it is read, so that no more than one is in memory.
//!
//! A file that is not plain UTF-8, that is broken, or that has another shape is not cut: whoever reads it as a whole says what is
//! wrong with it. Knows how documents are told apart in XML, JSON and text, and not what they say.

mod file;
mod json;
mod text;
mod xml;

use std::io::{self, BufRead};
use std::ops::Range;

pub(super) use file::{Holds, TextFile};
pub(super) use json::{LINES, cut_member, cut_objects};
pub(super) use text::{cut_blocks, cut_lines, cut_rows};
pub(super) use xml::cut_children;

use super::{FormatError, MAX_FILE_BYTES};

/// So much is read at once.
const CHUNK: usize = 16 << 10;
/// What a file says of all its documents is shorter.
const MAX_HEAD: usize = 16 << 20;
/// A byte order mark in front of a text.
const MARK: &[u8] = b"\xef\xbb\xbf";

/// A part of a file that is a document.
#[derive(Clone, Copy, Debug)]
pub(super) struct Piece<'p> {
    pub(super) text: &'p str,
    /// The line of the file in which it begins, counted from 1.
    pub(super) first_line: usize,
}

/// Takes a piece.
pub(super) type Each<'e> = dyn FnMut(Piece<'_>) -> Result<(), FormatError> + 'e;
/// Hands over all pieces, and what the file says of all of them; none where it cannot be cut, perhaps after some pieces.
pub(super) type CutFn = fn(&mut dyn BufRead, &mut Each<'_>) -> Result<Option<String>, FormatError>;

/// Why a file is not cut to its end.
enum Stop {
    NotLikeThat,
    Error(FormatError),
}

impl From<FormatError> for Stop {
    fn from(error: FormatError) -> Self {
        Self::Error(error)
    }
}

/// Whoever reads the file as a whole says what is wrong.
impl From<io::Error> for Stop {
    fn from(_: io::Error) -> Self {
        Self::NotLikeThat
    }
}

fn finish(head: Result<Vec<u8>, Stop>) -> Result<Option<String>, FormatError> {
    match head {
        Ok(head) => Ok(String::from_utf8(head).ok()),
        Err(Stop::NotLikeThat) => Ok(None),
        Err(Stop::Error(error)) => Err(error),
    }
}

/// The part of a file that is looked at. Places are counted from its start.
struct Window<'w> {
    reader: &'w mut dyn BufRead,
    bytes: Vec<u8>,
    /// Line ends in front of it.
    lines: usize,
}

impl<'w> Window<'w> {
    /// Without the byte order mark.
    fn new(reader: &'w mut dyn BufRead) -> Result<Self, Stop> {
        let mut window = Self { reader, bytes: Vec::new(), lines: 0 };
        window.byte(MARK.len())?;
        if window.bytes.starts_with(MARK) {
            window.forget(MARK.len());
        }
        Ok(window)
    }

    /// A little more of the file; false at its end.
    fn grow(&mut self) -> Result<bool, Stop> {
        let chunk = loop {
            match self.reader.fill_buf() {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error.into()),
                Ok(chunk) => break chunk.get(..CHUNK).unwrap_or(chunk),
            }
        };
        let len = chunk.len();
        self.bytes.extend_from_slice(chunk);
        self.reader.consume(len);
        if self.bytes.len() as u64 > MAX_FILE_BYTES { Err(Stop::NotLikeThat) } else { Ok(len > 0) }
    }

    fn byte(&mut self, at: usize) -> Result<Option<u8>, Stop> {
        while at >= self.bytes.len() {
            if !self.grow()? {
                return Ok(None);
            }
        }
        Ok(self.bytes.get(at).copied())
    }

    /// What is there of the file from a place on.
    fn rest(&self, from: usize) -> &[u8] {
        self.bytes.get(from..).unwrap_or_default()
    }

    /// Where `find` finds something at or behind a place. It may look at the same bytes again, so many as it needs together.
    fn find(&mut self, from: usize, together: usize, find: impl Fn(&[u8]) -> Option<usize>) -> Result<Option<usize>, Stop> {
        let mut from = from;
        loop {
            if let Some(at) = find(self.rest(from)) {
                return Ok(Some(from + at));
            }
            from = from.max(self.bytes.len().saturating_sub(together.saturating_sub(1)));
            if !self.grow()? {
                return Ok(None);
            }
        }
    }

    /// The end of the first of these behind a place.
    fn behind(&mut self, from: usize, needle: &[u8]) -> Result<usize, Stop> {
        let at = self.find(from, needle.len(), |bytes| memchr::memmem::find(bytes, needle))?;
        at.map(|at| at + needle.len()).ok_or(Stop::NotLikeThat)
    }

    fn starts_with(&mut self, at: usize, prefix: &[u8]) -> Result<bool, Stop> {
        self.byte(at + prefix.len())?;
        Ok(self.rest(at).starts_with(prefix))
    }

    fn slice(&self, range: Range<usize>) -> &[u8] {
        self.bytes.get(range).unwrap_or_default()
    }

    fn text(&self, range: Range<usize>) -> Result<&str, Stop> {
        simdutf8::basic::from_utf8(self.slice(range)).map_err(|_| Stop::NotLikeThat)
    }

    /// Hands a piece over and forgets it with everything in front.
    fn give(&mut self, range: Range<usize>, each: &mut Each<'_>) -> Result<(), Stop> {
        let end = range.end;
        let first_line = self.lines + count_lines(self.slice(0..range.start)) + 1;
        each(Piece { text: self.text(range)?, first_line })?;
        self.forget(end);
        Ok(())
    }

    fn forget(&mut self, end: usize) {
        self.lines += count_lines(self.slice(0..end));
        self.bytes.drain(..end.min(self.bytes.len()));
    }

    /// Moves everything in front of a place to the head.
    fn keep(&mut self, end: usize, head: &mut Vec<u8>) -> Result<(), Stop> {
        head.extend_from_slice(self.slice(0..end));
        self.forget(end);
        if head.len() > MAX_HEAD { Err(Stop::NotLikeThat) } else { Ok(()) }
    }
}

fn count_lines(bytes: &[u8]) -> usize {
    memchr::memchr_iter(b'\n', bytes).count()
}

#[cfg(test)]
mod tests {
    use std::io::BufReader;

    use super::*;

    /// What is cut of a file, however little of it is read at once.
    pub(super) fn cut(cut: CutFn, content: &[u8]) -> Option<(String, Vec<(usize, String)>)> {
        let of = |capacity: usize| {
            let mut pieces = Vec::new();
            let head = cut(&mut BufReader::with_capacity(capacity, content), &mut |piece| {
                pieces.push((piece.first_line, piece.text.to_owned()));
                Ok(())
            });
            head.unwrap().map(|head| (head, pieces))
        };
        let expected = of(1 << 20);
        for capacity in [1, 2, 3, 7, 64] {
            assert_eq!(of(capacity), expected, "{capacity}");
        }
        expected
    }

    #[test]
    fn what_a_piece_meets_is_passed_on() {
        let cut = cut_blocks(&mut &b"a\n\nb"[..], &mut |_| Err(FormatError::Cancelled));
        assert!(matches!(cut, Err(FormatError::Cancelled)));
    }
}
