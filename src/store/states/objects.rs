//! Contents of files, each kept once under its stamp. What does not fit its stamp is not there.

use std::fs;
use std::path::{Path, PathBuf};

use crate::store::{Disk, MAX_TEXT_BYTES, Stamp, StoreError, disk};
use crate::text::TextHash;

/// A folder of contents: `<xx>/<stamp>`, where `<xx>` are the stamp's first digits. Cheap to clone.
#[derive(Clone, Debug)]
pub(crate) struct Objects {
    dir: PathBuf,
    disk: Disk,
}

impl Objects {
    pub(crate) fn new(dir: PathBuf, disk: Disk) -> Self {
        Self { dir, disk }
    }

    fn path(&self, stamp: Stamp) -> PathBuf {
        let name = stamp.to_string();
        self.dir.join(shard(&name)).join(name)
    }

    /// Keeps a content. One that is there with the right length is not written again: see [`Self::mend`].
    ///
    /// It is not synced: what a power cut spoils is noticed by its stamp and written again by the next backup.
    pub(crate) fn put(&self, stamp: Stamp, content: &[u8]) -> Result<(), StoreError> {
        let path = self.path(stamp);
        let is_there = fs::metadata(&path).is_ok_and(|meta| meta.len() == stamp.len());
        if is_there { Ok(()) } else { self.disk.replace_unsynced(&path, content) }
    }

    /// Keeps a content, and replaces a damaged copy of it.
    pub(crate) fn mend(&self, stamp: Stamp, content: &[u8]) -> Result<(), StoreError> {
        if self.read(stamp).is_some() { Ok(()) } else { self.disk.replace_unsynced(&self.path(stamp), content) }
    }

    /// A content; none when it is missing or damaged.
    pub(crate) fn read(&self, stamp: Stamp) -> Option<Vec<u8>> {
        let content = disk::read_limited(&self.path(stamp), "", MAX_TEXT_BYTES).ok()??;
        (Stamp::of(&content) == stamp).then_some(content)
    }

    /// The text with a fingerprint.
    pub(crate) fn read_text(&self, hash: &TextHash) -> Option<Vec<u8>> {
        let name = hash.as_str();
        let found = names(&self.dir.join(shard(name))).into_iter().filter(|found| found.starts_with(name));
        found.filter_map(|found| self.read(found.parse().ok()?)).next()
    }

    /// All stamps, in order.
    pub(crate) fn all(&self) -> Vec<Stamp> {
        let shards = names(&self.dir).into_iter();
        shards.flat_map(|shard| names(&self.dir.join(shard))).filter_map(|name| name.parse().ok()).collect()
    }

    pub(crate) fn remove(&self, stamp: Stamp) -> Result<(), StoreError> {
        self.disk.remove(&self.path(stamp))
    }

    /// Removes what a crash left half written.
    pub(crate) fn remove_left_temps(&self) {
        self.disk.remove_left_temps(&self.dir);
    }
}

fn shard(name: &str) -> &str {
    name.get(..2).unwrap_or(name)
}

/// Names in a folder, sorted; none where there is no folder.
fn names(dir: &Path) -> Vec<String> {
    let entries = fs::read_dir(dir).into_iter().flatten().filter_map(Result::ok);
    let mut names: Vec<String> = entries.filter_map(|entry| entry.file_name().into_string().ok()).collect();
    names.sort_unstable();
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_damaged_content_is_not_there_until_it_is_mended() {
        let dir = tempfile::tempdir().unwrap();
        let objects = Objects::new(dir.path().to_owned(), Disk::default());
        let stamp = Stamp::of(b"Kerry met Lavrov");
        objects.put(stamp, b"Kerry met Lavrov").unwrap();
        assert_eq!(objects.read(stamp).unwrap(), b"Kerry met Lavrov");
        assert_eq!(objects.read_text(&TextHash::of("Kerry met Lavrov")).unwrap(), b"Kerry met Lavrov");
        fs::write(objects.path(stamp), b"Kerry met Lawrow").unwrap();
        assert_eq!((objects.read(stamp), objects.all()), (None, vec![stamp]));
        objects.mend(stamp, b"Kerry met Lavrov").unwrap();
        assert!(objects.read(stamp).is_some());
        objects.remove(stamp).unwrap();
        assert_eq!(objects.all(), []);
    }
}
