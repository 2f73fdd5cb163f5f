//! A file of text that is gone over several times, piece by piece.

use super::{CutFn, Each, Piece};
use crate::format::article::{DecodedFile, annotations_or_ask, decode_or_ask};
use crate::format::kept_lines::lines;
use crate::format::{FormatError, ReadOptions, Receiver, Source};
use crate::text::decode::{Decoded, Decoding, is_plain_start};

/// A text is recognised by so many bytes.
const HEAD: usize = 4096;

/// What a file holds that is to be decoded.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(in crate::format) enum Holds {
    /// Articles: what looks like no text is refused.
    Articles,
    /// Annotations: what words stand for may be controls.
    Annotations,
}

/// Where a file is plain UTF-8, no more than a piece of it is in memory.
pub(in crate::format) struct TextFile<'t> {
    pub(in crate::format) name: &'t str,
    /// Bytes of its text.
    pub(in crate::format) len: usize,
    pub(in crate::format) decoding: Decoding,
    /// Its first piece.
    start: String,
    kept: Kept<'t>,
}

enum Kept<'t> {
    /// Read anew each time.
    File(&'t dyn Source, CutFn),
    Text(String),
}

impl<'t> TextFile<'t> {
    /// Looks through a file. None, with a finding, for one that cannot be read, and one whose encoding must be chosen.
    ///
    /// # Errors
    /// When the file cannot be read, or somebody pressed stop.
    pub(in crate::format) fn open(
        (source, name): (&'t dyn Source, &'t str),
        (holds, cut): (Holds, CutFn),
        options: &ReadOptions,
        to: &mut dyn Receiver,
    ) -> Result<Option<Self>, FormatError> {
        if let Some(Plain { len, bom, start }) = plain(source, name, cut, options)? {
            let decoding = Decoding { bom, ..Decoding::utf8() };
            return Ok(Some(Self { name, len, decoding, start, kept: Kept::File(source, cut) }));
        }
        let decoded = match holds {
            Holds::Articles => decode_or_ask(source, name, options, to)?,
            Holds::Annotations => annotations_or_ask(source, name, options, to),
        };
        Ok(decoded.map(|DecodedFile { decoded: Decoded { text, decoding }, .. }| Self {
            name,
            len: text.len(),
            decoding,
            start: String::new(),
            kept: Kept::Text(text),
        }))
    }

    /// A text in memory.
    #[cfg(test)]
    pub(in crate::format) fn of(name: &'t str, text: String) -> Self {
        Self { name, len: text.len(), decoding: Decoding::utf8(), start: String::new(), kept: Kept::Text(text) }
    }

    /// Its first piece.
    pub(in crate::format) fn start(&self) -> &str {
        if let Kept::Text(text) = &self.kept { text } else { &self.start }
    }

    /// Goes over all pieces.
    ///
    /// # Errors
    /// What `each` returns, and when the file cannot be read any more.
    pub(in crate::format) fn each(&self, each: &mut Each<'_>) -> Result<(), FormatError> {
        match &self.kept {
            Kept::Text(text) => each(Piece { text, first_line: 1 }),
            Kept::File(source, cut) => {
                let mut reader = source.open(self.name).map_err(|cause| FormatError::reading(self.name, cause))?;
                cut(&mut reader, each)?.map(drop).ok_or_else(|| FormatError::changed(self.name))
            }
        }
    }

    /// Goes over the lines with their numbers, counted from 1, until one says that nothing more is to be read.
    ///
    /// # Errors
    /// As [`Self::each`].
    pub(in crate::format) fn each_line(&self, mut each: impl FnMut(usize, &str) -> Result<bool, FormatError>) -> Result<(), FormatError> {
        let mut goes_on = true;
        self.each(&mut |piece| {
            let mut numbered = lines(piece.text).zip(piece.first_line..);
            while goes_on && let Some((line, number)) = numbered.next() {
                goes_on = each(number, line)?;
            }
            Ok(())
        })
    }
}

struct Plain {
    len: usize,
    /// A byte order mark stands in front.
    bom: bool,
    start: String,
}

/// Looks through a file of plain UTF-8; none for any other.
fn plain(source: &dyn Source, name: &str, cut: CutFn, options: &ReadOptions) -> Result<Option<Plain>, FormatError> {
    let Ok(mut reader) = source.open(name) else { return Ok(None) };
    let Ok(head) = reader.fill_buf() else { return Ok(None) };
    let bom = head.starts_with(super::MARK);
    if !bom && !is_plain_start(head.get(..HEAD).unwrap_or(head)) {
        return Ok(None);
    }
    let mut plain = Plain { len: 0, bom, start: String::new() };
    let head = cut(&mut reader, &mut |piece| {
        if plain.len == 0 {
            piece.text.clone_into(&mut plain.start);
        }
        plain.len += piece.text.len();
        if options.cancel.is_cancelled() { Err(FormatError::Cancelled) } else { Ok(()) }
    })?;
    Ok(head.map(|_| plain))
}

#[cfg(test)]
mod tests {
    use super::super::cut_lines;
    use super::*;
    use crate::format::{Batch, MemoryFiles};
    use crate::model::{CoderKey, IdSource};

    #[track_caller]
    fn check(content: &[u8], is_read_anew: bool, expected: Option<&str>) {
        let files = MemoryFiles::new([("a", content)]);
        let options = ReadOptions::new(CoderKey::from_name("ann"), IdSource::seeded(1));
        let mut batch = Batch::default();
        let file = TextFile::open((&files, "a"), (Holds::Articles, cut_lines), &options, &mut batch).unwrap();
        let Some(file) = file else {
            assert_eq!((expected, batch.findings.len()), (None, 1));
            return;
        };
        assert_eq!((matches!(file.kept, Kept::File(..)), Some(file.start())), (is_read_anew, expected));
        for _ in 0..2 {
            let mut text = String::new();
            file.each(&mut |piece| {
                text.push_str(piece.text);
                Ok(())
            })
            .unwrap();
            assert_eq!((Some(text.as_str()), file.len), (expected, text.len()));
        }
    }

    #[test]
    fn only_what_is_not_plain_is_kept_in_memory() {
        check("a\r\né\n".as_bytes(), true, Some("a\r\né\n"));
        check("\u{feff}a\nb".as_bytes(), true, Some("a\nb"));
        check(b"\xff\xfea\0\n\0", false, Some("a\n"));
        check(b"a\n\xe9 caf\xe9\n", false, None);
        check(b"%PDF-1.7\n", false, None);
    }

    #[test]
    fn a_file_that_changes_meanwhile_is_an_error() {
        let files = MemoryFiles::new([("a", b"\xff")]);
        let file = TextFile { name: "a", len: 1, decoding: Decoding::utf8(), start: String::new(), kept: Kept::File(&files, cut_lines) };
        assert!(file.each(&mut |_| Ok(())).unwrap_err().to_string().contains("changed"));
    }
}
