//! Bytes that wait on the disk for their turn, so that they take no memory. They are gone with the program, however it ends.

use std::fs::File;
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::ops::Range;
use std::path::Path;

/// A file without a name.
#[derive(Debug)]
pub(crate) struct Spill {
    file: File,
    len: u64,
}

impl Spill {
    /// An empty one in the system's folder for such.
    pub(crate) fn new() -> io::Result<Self> {
        Ok(Self { file: tempfile::tempfile()?, len: 0 })
    }

    /// An empty one in a folder that is there.
    pub(crate) fn in_folder(dir: &Path) -> io::Result<Self> {
        Ok(Self { file: tempfile::tempfile_in(dir)?, len: 0 })
    }

    /// Puts bytes behind the others. Returns their place, for [`Self::read`].
    pub(crate) fn push(&mut self, bytes: &[u8]) -> io::Result<Range<u64>> {
        let start = self.file.seek(SeekFrom::Start(self.len))?;
        self.file.write_all(bytes)?;
        self.len += bytes.len() as u64;
        Ok(start..self.len)
    }

    /// Reads what was put in.
    pub(crate) fn read(&mut self, place: &Range<u64>) -> io::Result<Vec<u8>> {
        let len = usize::try_from(place.end - place.start).map_err(io::Error::other)?;
        let mut bytes = vec![0; len];
        self.file.seek(SeekFrom::Start(place.start))?;
        self.file.read_exact(&mut bytes)?;
        Ok(bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_put_in_is_read_in_any_order_and_leaves_nothing_behind() {
        let dir = tempfile::tempdir().unwrap();
        let mut spill = Spill::in_folder(dir.path()).unwrap();
        let places: Vec<_> = ["one", "", "three"].iter().map(|part| spill.push(part.as_bytes()).unwrap()).collect();
        assert_eq!(spill.read(&places[2]).unwrap(), b"three");
        let last = spill.push(b"last").unwrap();
        let read: Vec<_> = places.iter().chain([&last]).map(|place| spill.read(place).unwrap()).collect();
        assert_eq!(read, [&b"one"[..], b"", b"three", b"last"]);
        drop(spill);
        assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 0);
    }
}
