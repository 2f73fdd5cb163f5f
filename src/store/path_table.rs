//! Values by path, for hundreds of thousands of paths in little memory.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

/// More changes than this, and than this part of the rest, are put in order among the rest: seldom enough to cost little, often enough
/// to be done in a moment.
const MANY_CHANGES: usize = 4096;
const LARGE_PART: usize = 16;

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
}

/// A table by path that does not keep the paths: who needs them reads them where they stand. A copy costs little.
#[derive(Clone, Debug)]
pub(crate) struct PathTable<V> {
    // In the order of the hashes, each once.
    ordered: Arc<Vec<(PathHash, V)>>,
    // What came since, or went.
    changed: HashMap<PathHash, Option<V>>,
}

impl<V> Default for PathTable<V> {
    fn default() -> Self {
        Self { ordered: Arc::default(), changed: HashMap::new() }
    }
}

impl<V: Copy> PathTable<V> {
    /// Of values in the order of their hashes, each once.
    pub(crate) fn from_ordered(mut ordered: Vec<(PathHash, V)>) -> Self {
        ordered.shrink_to_fit();
        Self { ordered: Arc::new(ordered), changed: HashMap::new() }
    }

    pub(crate) fn get(&self, path: &str) -> Option<V> {
        self.get_hash(PathHash::of(path))
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.hashes().next().is_none()
    }

    fn get_hash(&self, hash: PathHash) -> Option<V> {
        if let Some(changed) = self.changed.get(&hash) {
            return *changed;
        }
        let at = self.ordered.binary_search_by_key(&hash, |(hash, _)| *hash).ok()?;
        self.ordered.get(at).map(|(_, value)| *value)
    }

    /// Puts in a value, or takes it out.
    pub(crate) fn set(&mut self, path: &str, value: Option<V>) {
        self.changed.insert(PathHash::of(path), value);
        if self.changed.len() > MANY_CHANGES.max(self.ordered.len() / LARGE_PART) {
            self.put_in_order();
        }
    }

    fn put_in_order(&mut self) {
        let mut changed: Vec<(PathHash, Option<V>)> = std::mem::take(&mut self.changed).into_iter().collect();
        changed.sort_unstable_by_key(|(hash, _)| *hash);
        let mut ordered = Vec::with_capacity(self.ordered.len() + changed.len());
        let mut rest = self.ordered.as_slice();
        for (hash, value) in changed {
            let (before, behind) = rest.split_at(rest.iter().position(|(other, _)| *other >= hash).unwrap_or(rest.len()));
            ordered.extend_from_slice(before);
            ordered.extend(value.map(|value| (hash, value)));
            // The value before is another one now, or gone.
            rest = behind.split_first().filter(|((other, _), _)| *other == hash).map_or(behind, |(_, behind)| behind);
        }
        ordered.extend_from_slice(rest);
        *self = Self::from_ordered(ordered);
    }

    /// The hashes of all paths, in no certain order.
    pub(crate) fn hashes(&self) -> impl Iterator<Item = PathHash> {
        let unchanged = self.ordered.iter().map(|(hash, _)| *hash).filter(|hash| !self.changed.contains_key(hash));
        unchanged.chain(self.changed.iter().filter(|(_, value)| value.is_some()).map(|(hash, _)| *hash))
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
        Self::from_ordered(ordered)
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
