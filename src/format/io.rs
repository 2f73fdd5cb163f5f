//! Named streams in and out. Formats see these and never the file system.

use std::collections::BTreeMap;
use std::io::{self, BufRead, Read, Write};

use super::FormatError;

/// A file larger than this is refused: it must fit into memory, and a project takes no larger text.
pub const MAX_FILE_BYTES: u64 = 1 << 30;

/// Files to read, by name. Names use `/` and are relative to what was imported.
pub trait Source {
    /// All names, in the order in which they are to be read.
    fn names(&self) -> Vec<String>;

    /// Opens one of them.
    ///
    /// # Errors
    /// When there is no such file or it cannot be read.
    fn open<'s>(&'s self, name: &str) -> io::Result<Box<dyn BufRead + 's>>;

    /// Bytes of a file, where that is known before it is read.
    fn size(&self, _name: &str) -> Option<u64> {
        None
    }
}

/// Files to write, by name. Names use `/`.
pub trait Sink {
    /// Begins a file; the one before is finished when its writer is dropped.
    ///
    /// # Errors
    /// When it cannot be made.
    fn create<'s>(&'s mut self, name: &str) -> io::Result<Box<dyn Write + 's>>;
}

/// Files in memory.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct MemoryFiles(pub BTreeMap<String, Vec<u8>>);

impl MemoryFiles {
    /// Files with these names and contents.
    pub fn new<N: Into<String>, C: Into<Vec<u8>>>(files: impl IntoIterator<Item = (N, C)>) -> Self {
        Self(files.into_iter().map(|(name, content)| (name.into(), content.into())).collect())
    }

    /// The content of a file as text; empty when there is none or it is not UTF-8.
    #[must_use]
    pub fn text(&self, name: &str) -> &str {
        self.0.get(name).and_then(|bytes| std::str::from_utf8(bytes).ok()).unwrap_or_default()
    }
}

impl Source for MemoryFiles {
    fn names(&self) -> Vec<String> {
        self.0.keys().cloned().collect()
    }

    fn open<'s>(&'s self, name: &str) -> io::Result<Box<dyn BufRead + 's>> {
        match self.0.get(name) {
            Some(bytes) => Ok(Box::new(bytes.as_slice())),
            None => Err(io::Error::from(io::ErrorKind::NotFound)),
        }
    }

    fn size(&self, name: &str) -> Option<u64> {
        self.0.get(name).map(|bytes| bytes.len() as u64)
    }
}

impl Sink for MemoryFiles {
    fn create<'s>(&'s mut self, name: &str) -> io::Result<Box<dyn Write + 's>> {
        let file = self.0.entry(name.to_owned()).or_default();
        file.clear();
        Ok(Box::new(file))
    }
}

/// Swallows everything: a dry run of a writer makes the report that is shown before writing.
#[derive(Clone, Copy, Debug, Default)]
pub struct DrySink;

impl Sink for DrySink {
    fn create<'s>(&'s mut self, _name: &str) -> io::Result<Box<dyn Write + 's>> {
        Ok(Box::new(io::sink()))
    }
}

/// A whole file.
///
/// # Errors
/// When it cannot be read or is larger than [`MAX_FILE_BYTES`].
pub fn read_all(source: &dyn Source, name: &str) -> Result<Vec<u8>, FormatError> {
    let too_large = || FormatError::TooLarge { file: name.to_owned(), what: "the file" };
    let size = source.size(name);
    if size.is_some_and(|size| size > MAX_FILE_BYTES) {
        return Err(too_large());
    }
    // One more, so that the end is seen without growing.
    let mut bytes = Vec::with_capacity(size.and_then(|size| usize::try_from(size).ok()).map_or(0, |size| size + 1));
    let read = source.open(name).and_then(|reader| reader.take(MAX_FILE_BYTES + 1).read_to_end(&mut bytes));
    read.map_err(|cause| FormatError::reading(name, cause))?;
    if bytes.len() as u64 > MAX_FILE_BYTES { Err(too_large()) } else { Ok(bytes) }
}

/// The next line without its end; false at the end of the file. A line may hold at most [`MAX_FILE_BYTES`].
///
/// # Errors
/// When the file cannot be read or the line is too long.
pub(super) fn read_line(reader: &mut dyn BufRead, line: &mut Vec<u8>, name: &str) -> Result<bool, FormatError> {
    line.clear();
    let read = reader.take(MAX_FILE_BYTES).read_until(b'\n', line).map_err(|cause| FormatError::reading(name, cause))?;
    if read as u64 == MAX_FILE_BYTES {
        return Err(FormatError::TooLarge { file: name.to_owned(), what: "a line" });
    }
    for end in [b'\n', b'\r'] {
        line.pop_if(|last| *last == end);
    }
    Ok(read > 0)
}

/// A name without its folders' and last extension: `a/b.txt` gives `a/b`.
#[must_use]
pub fn stem(name: &str) -> &str {
    match name.rsplit_once('.') {
        Some((stem, extension)) if !extension.contains('/') && !stem.is_empty() && !stem.ends_with('/') => stem,
        _ => name,
    }
}

/// A name's last extension in small letters; empty for none.
#[must_use]
pub fn extension(name: &str) -> String {
    name.get(stem(name).len()..).unwrap_or_default().trim_start_matches('.').to_lowercase()
}

/// A name without its folders.
#[must_use]
pub fn base_name(name: &str) -> &str {
    name.rsplit('/').next().unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_have_stems_and_extensions() {
        let check = |name: &str, expected: (&str, &str, &str)| assert_eq!((stem(name), extension(name).as_str(), base_name(name)), expected);
        check("a/b.c.TXT", ("a/b.c", "txt", "b.c.TXT"));
        check("a.b/c", ("a.b/c", "", "c"));
        check(".hidden", (".hidden", "", ".hidden"));
        check("a/.hidden", ("a/.hidden", "", ".hidden"));
    }

    #[test]
    fn lines_lose_their_ends() {
        let mut reader = &b"a\r\nb\n\nc"[..];
        let mut line = Vec::new();
        let mut lines = Vec::new();
        while read_line(&mut reader, &mut line, "x").unwrap() {
            lines.push(String::from_utf8(line.clone()).unwrap());
        }
        assert_eq!(lines, ["a", "b", "", "c"]);
    }
}
