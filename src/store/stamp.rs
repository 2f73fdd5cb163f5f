//! Length and fingerprint of a file's content: the way to notice what was changed outside, or damaged.

use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::{Disk, StoreError};

/// Length and the first 128 bits of the BLAKE3 hash of a file.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Stamp {
    len: u64,
    hash: u128,
}

impl Stamp {
    /// The stamp of a content.
    #[must_use]
    pub fn of(content: &[u8]) -> Self {
        let hash = *blake3::hash(content).as_bytes();
        let hash = hash.iter().take(16).fold(0u128, |bits, byte| bits << 8 | u128::from(*byte));
        Self { len: content.len() as u64, hash }
    }
}

impl fmt::Display for Stamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}-{}", self.hash, self.len)
    }
}

impl FromStr for Stamp {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (hash, len) = text.split_once('-').ok_or("not a stamp")?;
        let hash = u128::from_str_radix(hash, 16).map_err(|error| error.to_string())?;
        Ok(Self { hash, len: len.parse().map_err(|error: std::num::ParseIntError| error.to_string())? })
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

/// Reads a log of stamps, `crc stamp path` a line; later lines win, `-` stands for a removed file. Lines that a crash
/// has torn do not fit their crc32 and are ignored. Also says how many lines there are.
pub(crate) fn read_log(path: &Path) -> (BTreeMap<String, Option<Stamp>>, usize) {
    // A hole that a power cut left may hold anything.
    let content = std::fs::read(path).unwrap_or_default();
    let content = String::from_utf8_lossy(&content);
    let parse = |line: &str| {
        let (crc, line) = line.split_once(' ')?;
        let (stamp, path) = line.split_once(' ').filter(|_| crc == line_crc(line))?;
        Some((path.to_owned(), stamp.parse().ok()))
    };
    (content.lines().filter_map(parse).collect(), content.lines().count())
}

/// Appends to a log of stamps, synced.
pub(crate) fn append_log<'a>(disk: &Disk, path: &Path, stamps: impl Iterator<Item = (&'a str, Option<Stamp>)>) -> Result<(), StoreError> {
    let lines: String = stamps.map(|(path, stamp)| log_line(path, stamp)).collect();
    if lines.is_empty() {
        return Ok(());
    }
    let file = disk.open_append(path)?;
    // What a crash tore off must not swallow the first new line.
    disk.write_all(&file, path, format!("\n{lines}").as_bytes())?;
    disk.sync(&file, path)
}

/// Rewrites a log that has grown much longer than what it says.
pub(crate) fn compact_log(disk: &Disk, path: &Path) -> Result<(), StoreError> {
    let (stamps, lines) = read_log(path);
    if lines < 2 * stamps.len() + 1000 {
        return Ok(());
    }
    let content: String = stamps.iter().map(|(path, stamp)| log_line(path, *stamp)).collect();
    disk.replace(path, content.as_bytes())
}

fn log_line(path: &str, stamp: Option<Stamp>) -> String {
    let line = stamp.map_or_else(|| format!("- {path}"), |stamp| format!("{stamp} {path}"));
    format!("{} {line}\n", line_crc(&line))
}

fn line_crc(line: &str) -> String {
    format!("{:08x}", crc32fast::hash(line.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_torn_line_is_no_line() {
        let dir = tempfile::tempdir().unwrap();
        let (path, disk) = (dir.path().join("checksums"), Disk::default());
        let (a, b) = (Stamp::of(b"a"), Stamp::of(b"b"));
        append_log(&disk, &path, [("documents/a.ron", Some(a)), ("documents/b-long.ron", Some(b))].into_iter()).unwrap();
        let whole = std::fs::read(&path).unwrap();
        for cut in whole.len() - 10..whole.len() {
            std::fs::write(&path, &whole[..cut]).unwrap();
            append_log(&disk, &path, [("c.ron", None)].into_iter()).unwrap();
            let known = read_log(&path).0;
            let b_is_whole = cut == whole.len() - 1;
            assert_eq!(known.len(), if b_is_whole { 3 } else { 2 }, "{known:?}");
            assert_eq!((known["documents/a.ron"], known["c.ron"]), (Some(a), None));
        }
    }
}
