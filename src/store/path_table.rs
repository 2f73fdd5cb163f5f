//! Values by path, for hundreds of thousands of paths in little memory.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

/// So many parts of a table are in order each for itself: one that changes is moved, or copied where somebody else reads it, without the
/// others.
const PARTS: usize = 1024;
/// A part that is full gets room for this part of it.
const ROOM: usize = 8;

/// What stands for a path in memory. Of a million paths two are alike in one of forty million projects.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(crate) struct PathHash([u32; 2]);

impl PathHash {
    pub(crate) fn of(path: &str) -> Self {
        let mut hasher = DefaultHasher::new();
        path.hash(&mut hasher);
        let hash = hasher.finish();
        Self([(hash >> 32) as u32, hash as u32])
    }

    /// The part of a table that it stands in. Parts follow each other as their hashes do.
    fn part(self) -> usize {
        let [high, _] = self.0;
        (high >> (u32::BITS - PARTS.ilog2())) as usize
    }
}

/// A table by path that does not keep the paths: who needs them reads them where they stand. A copy costs little.
#[derive(Clone, Debug)]
pub(crate) struct PathTable<V> {
    // Each in the order of the hashes, each hash once. None at all while the table is empty.
    parts: Vec<Part<V>>,
}

type Part<V> = Arc<Vec<(PathHash, V)>>;

impl<V> Default for PathTable<V> {
    fn default() -> Self {
        Self { parts: Vec::new() }
    }
}

impl<V: Copy> PathTable<V> {
    /// Of values in the order of their hashes, each once.
    pub(crate) fn from_ordered(ordered: &[(PathHash, V)]) -> Self {
        let part = |number| {
            let start = ordered.partition_point(|(hash, _)| hash.part() < number);
            let rest = ordered.get(start..).unwrap_or_default();
            Arc::new(rest.iter().take_while(|(hash, _)| hash.part() == number).copied().collect())
        };
        Self { parts: if ordered.is_empty() { Vec::new() } else { (0..PARTS).map(part).collect() } }
    }

    pub(crate) fn get(&self, path: &str) -> Option<V> {
        let hash = PathHash::of(path);
        let part = self.parts.get(hash.part())?;
        let at = part.binary_search_by_key(&hash, |(hash, _)| *hash).ok()?;
        part.get(at).map(|(_, value)| *value)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.hashes().next().is_none()
    }

    /// Puts in a value, or takes it out.
    pub(crate) fn set(&mut self, path: &str, value: Option<V>) {
        let hash = PathHash::of(path);
        if self.parts.is_empty() {
            self.parts = vec![Part::default(); PARTS];
        }
        let Some(part) = self.parts.get_mut(hash.part()).map(Arc::make_mut) else { return };
        let found = part.binary_search_by_key(&hash, |(hash, _)| *hash);
        match (found, value) {
            (Ok(at), Some(value)) => part.iter_mut().skip(at).take(1).for_each(|there| there.1 = value),
            (Ok(at), None) => drop(part.remove(at)),
            (Err(at), Some(value)) => {
                if part.len() == part.capacity() {
                    part.reserve_exact(part.len() / ROOM + 1);
                }
                part.insert(at, (hash, value));
            }
            (Err(_), None) => {}
        }
    }

    /// The hashes of all paths, in their order.
    pub(crate) fn hashes(&self) -> impl Iterator<Item = PathHash> {
        self.parts.iter().flat_map(|part| part.iter().map(|(hash, _)| *hash))
    }
}

/// The last value of a path counts.
impl<V: Copy> FromIterator<(PathHash, V)> for PathTable<V> {
    fn from_iter<I: IntoIterator<Item = (PathHash, V)>>(values: I) -> Self {
        let mut ordered: Vec<(PathHash, V)> = values.into_iter().collect();
        ordered.sort_by_key(|(hash, _)| *hash);
        ordered.reverse();
        ordered.dedup_by_key(|(hash, _)| *hash);
        ordered.reverse();
        Self::from_ordered(&ordered)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use fastrand::Rng;

    use super::*;

    #[test]
    fn it_holds_what_a_map_holds() {
        let mut rng = Rng::with_seed(1);
        let path = |number: u32| format!("documents/{:02}/{number}.ron", number % 32);
        let first: Vec<(String, u32)> = (0..3000).map(|_| (path(rng.u32(..2000)), rng.u32(..))).collect();
        let mut table: PathTable<u32> = first.iter().map(|(path, value)| (PathHash::of(path), *value)).collect();
        let mut map: BTreeMap<String, u32> = first.into_iter().collect();
        for _ in 0..20_000 {
            let (path, value) = (path(rng.u32(..12_000)), rng.bool().then(|| rng.u32(..)));
            table.set(&path, value);
            match value {
                Some(value) => drop(map.insert(path, value)),
                None => drop(map.remove(&path)),
            }
        }
        (0..12_000).map(path).for_each(|path| assert_eq!(table.get(&path), map.get(&path).copied(), "{path}"));
        let mut hashes: Vec<PathHash> = table.hashes().collect();
        hashes.sort_unstable();
        let mut expected: Vec<PathHash> = map.keys().map(|path| PathHash::of(path)).collect();
        expected.sort_unstable();
        assert_eq!(hashes, expected);
    }
}
