//! Length and fingerprint of a file's content: the way to notice what was changed outside, or damaged.

use std::collections::BTreeMap;
use std::fmt;
use std::io::{self, BufRead as _, BufReader};
use std::ops::ControlFlow;
use std::path::Path;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::{Disk, MAX_TEXT_BYTES, StoreError, disk, parallel};
use crate::progress::CancelToken;
use crate::text::{Text, TextHash};

/// So many bytes of a log are read by one thread at once.
const PART: usize = 1 << 18;
/// So many bytes of a file are hashed at once.
const BLOCK: usize = 1 << 17;

/// Length and the first 128 bits of the BLAKE3 hash of a file.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Stamp {
    // As large as a file of a project may be. Small numbers leave no gaps in tables of stamps.
    len: u32,
    hash: [u32; 4],
}

impl Stamp {
    /// The stamp of a content.
    #[must_use]
    pub fn of(content: &[u8]) -> Self {
        Self::of_hash(content.len() as u64, blake3::hash(content))
    }

    /// The stamp of a file, which need not fit into memory. None where there is none.
    pub(crate) fn of_file(path: &Path) -> Result<Option<Self>, StoreError> {
        let Some((file, _)) = disk::open_limited(path, "", MAX_TEXT_BYTES)? else { return Ok(None) };
        let (mut reader, mut hasher, mut len) = (BufReader::with_capacity(BLOCK, file), blake3::Hasher::new(), 0);
        loop {
            let block = match reader.fill_buf() {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                block => block.map_err(StoreError::io("read", path))?,
            };
            if block.is_empty() {
                return Ok(Some(Self::of_hash(len, hasher.finalize())));
            }
            hasher.update(block);
            len += block.len() as u64;
            let read = block.len();
            reader.consume(read);
        }
    }

    fn of_hash(len: u64, hash: blake3::Hash) -> Self {
        let hash = hash.as_bytes().iter().take(16).fold(0u128, |bits, byte| bits << 8 | u128::from(*byte));
        Self::new(len, hash)
    }

    fn new(len: u64, hash: u128) -> Self {
        let len = u32::try_from(len).unwrap_or(u32::MAX);
        Self { len, hash: [96, 64, 32, 0].map(|shift| (hash >> shift) as u32) }
    }

    fn hash(self) -> u128 {
        self.hash.iter().fold(0, |bits, part| bits << 32 | u128::from(*part))
    }

    /// The stamp of a text, which knows its hash.
    pub(crate) fn of_text(text: &Text) -> Self {
        let hash = u128::from_str_radix(text.hash().as_str(), 16);
        hash.map_or_else(|_| Self::of(text.as_str().as_bytes()), |hash| Self::new(text.len() as u64, hash))
    }

    /// Bytes of the content.
    #[must_use]
    pub fn len(self) -> u64 {
        u64::from(self.len)
    }

    /// True for the stamp of nothing.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.len == 0
    }

    /// True when the content is the text with this fingerprint.
    pub(crate) fn is_of(self, text: &TextHash) -> bool {
        format!("{:032x}", self.hash()) == text.as_str()
    }
}

impl fmt::Display for Stamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}-{}", self.hash(), self.len)
    }
}

impl FromStr for Stamp {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (hash, len) = text.split_once('-').ok_or("not a stamp")?;
        let hash = u128::from_str_radix(hash, 16).map_err(|error| error.to_string())?;
        Ok(Self::new(len.parse().map_err(|error: std::num::ParseIntError| error.to_string())?, hash))
    }
}

impl TryFrom<String> for Stamp {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

impl From<Stamp> for String {
    fn from(stamp: Stamp) -> Self {
        stamp.to_string()
    }
}

/// Stamps by file, relative to the project.
pub(crate) type Stamps = BTreeMap<String, Stamp>;

/// What a coder on this machine has last made of a file.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Saved {
    /// Goes up with every save that knows of those before; mostly the milliseconds of the clock.
    pub(crate) order: u64,
    /// None when the file was removed.
    pub(crate) stamp: Option<Stamp>,
}

/// What was last saved, by file.
pub(crate) type SavedFiles = BTreeMap<String, Saved>;

/// Reads a log of stamps, and how many lines it has. The last line of a file counts; damaged lines are left out.
pub(crate) fn read_log(path: &Path) -> Result<(SavedFiles, usize), StoreError> {
    let mut known = SavedFiles::new();
    let lines = visit_log(path, |path, saved| (path.to_owned(), saved), |saved| known.extend([saved]))?;
    Ok((known, lines))
}

/// Shows what `make` makes of each line of a log of stamps that is not damaged, and returns how many lines it has. A long one is read
/// on all cores.
pub(crate) fn visit_log<T: Send>(path: &Path, make: impl Fn(&str, Saved) -> T + Sync, visit: impl FnMut(T)) -> Result<usize, StoreError> {
    let bytes = disk::read_if_there(path)?.unwrap_or_default();
    let parts = parallel::whole_lines(&bytes, PART);
    let (mut count, mut visit) = (0, visit);
    let take = |(lines, said): (usize, Vec<T>)| {
        count += lines;
        said.into_iter().for_each(&mut visit);
        ControlFlow::Continue(())
    };
    parallel::in_order(&parts, &CancelToken::new(), || (), |(), part| parse_lines(part, &make), take);
    Ok(count)
}

/// Appends to a log of stamps, synced.
pub(crate) fn append_log<'a>(disk: &Disk, path: &Path, saved: impl Iterator<Item = (&'a str, Saved)>) -> Result<(), StoreError> {
    let lines: String = saved.map(|(path, saved)| log_line(path, saved)).collect();
    if lines.is_empty() {
        return Ok(());
    }
    if let Some(dir) = path.parent() {
        disk.create_dir_all(dir)?;
    }
    let file = disk.open_append(path)?;
    // What a crash tore off must not swallow the first new line.
    disk.write_all(&file, path, format!("\n{lines}").as_bytes())?;
    disk.sync(&file, path)
}

/// Rewrites a log so that it has one line for each file.
pub(crate) fn compact_log(disk: &Disk, path: &Path) -> Result<(), StoreError> {
    let (known, _) = read_log(path)?;
    let content: String = known.iter().map(|(path, saved)| log_line(path, *saved)).collect();
    disk.replace(path, content.as_bytes())
}

/// A check, the order, the stamp, the path.
fn log_line(path: &str, Saved { order, stamp }: Saved) -> String {
    let stamp = stamp.map_or_else(|| "-".to_owned(), |stamp| stamp.to_string());
    let said = format!("{order} {stamp} {path}");
    format!("{:08x} {said}\n", crc32fast::hash(said.as_bytes()))
}

/// How many lines there are, and what is made of those that are not damaged.
fn parse_lines<T>(part: &[u8], make: impl Fn(&str, Saved) -> T) -> (usize, Vec<T>) {
    let mut count = 0;
    let lines = part.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()).inspect(|_| count += 1);
    let said = lines.filter_map(|line| parse_line(std::str::from_utf8(line).ok()?)).map(|(path, saved)| make(path, saved)).collect();
    (count, said)
}

fn parse_line(line: &str) -> Option<(&str, Saved)> {
    let (check, said) = line.split_once(' ')?;
    if u32::from_str_radix(check, 16).ok()? != crc32fast::hash(said.as_bytes()) {
        return None;
    }
    let (order, rest) = said.split_once(' ')?;
    let (stamp, path) = rest.split_once(' ')?;
    let stamp = if stamp == "-" { None } else { Some(stamp.parse().ok()?) };
    Some((path, Saved { order: order.parse().ok()?, stamp }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_torn_line_is_no_line() {
        let dir = tempfile::tempdir().unwrap();
        let (path, disk) = (dir.path().join("checksums"), Disk::default());
        let (a, b) = (Stamp::of(b"a"), Stamp::of(b"b"));
        append_log(
            &disk,
            &path,
            [("documents/a.ron", Saved { order: 1, stamp: Some(a) }), ("documents/b-long.ron", Saved { order: 1, stamp: Some(b) })].into_iter(),
        )
        .unwrap();
        let whole = std::fs::read(&path).unwrap();
        for cut in whole.len() - 10..whole.len() {
            std::fs::write(&path, &whole[..cut]).unwrap();
            append_log(&disk, &path, [("c.ron", Saved { order: 2, stamp: None })].into_iter()).unwrap();
            let known = read_log(&path).unwrap().0;
            let b_is_whole = cut == whole.len() - 1;
            assert_eq!(known.len(), if b_is_whole { 3 } else { 2 }, "{known:?}");
            assert_eq!((known["documents/a.ron"].stamp, known["c.ron"].stamp), (Some(a), None));
        }
    }

    #[test]
    fn a_text_has_the_stamp_of_its_bytes() {
        for content in ["", "Kerry", "Zoë\u{a0}🎉\r\n"] {
            let text = Text::new(content);
            assert_eq!(Stamp::of_text(&text), Stamp::of(content.as_bytes()));
            assert!(Stamp::of(content.as_bytes()).is_of(text.hash()));
        }
    }

    #[test]
    fn every_flipped_bit_of_a_line_is_noticed() {
        let line = log_line("a b.ron", Saved { order: 7, stamp: Some(Stamp::of(b"x")) });
        let line = line.trim_end();
        assert_eq!(parse_line(line), Some(("a b.ron", Saved { order: 7, stamp: Some(Stamp::of(b"x")) })));
        for bit in 0..line.len() * 8 {
            let mut flipped = line.as_bytes().to_vec();
            flipped[bit / 8] ^= 1 << (bit % 8);
            let read = std::str::from_utf8(&flipped).ok().and_then(parse_line);
            // A capital letter in a hexadecimal number says the same.
            assert!(read.is_none() || flipped.eq_ignore_ascii_case(line.as_bytes()), "bit {bit}");
        }
    }

    #[test]
    fn a_stamp_knows_the_length() {
        assert_eq!([b"".as_slice(), b"abc"].map(|content| (Stamp::of(content).len(), Stamp::of(content).is_empty())), [(0, true), (3, false)]);
    }
}
