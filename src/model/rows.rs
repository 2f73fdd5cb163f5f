//! Tables of rows by id.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

/// Rows that are copied often and are many: a copy shares them with its original until either changes, so that a sheet
/// can be written while somebody goes on working on it.
pub type Rows<K, R> = imbl::OrdMap<K, R>;

/// Of each two rows the second waits until so many others wait.
const WAITING: usize = 64;

/// Rows whose ids ascend, in half of the memory: a map that grows at its end leaves half of each node empty behind it. So
/// every second row comes first and makes the nodes, and the others fill them up afterwards.
pub(crate) fn full_rows<K: Ord + Clone, R: Clone>(ascending: impl IntoIterator<Item = (K, R)>) -> Rows<K, R> {
    let (mut rows, mut waiting) = (Rows::new(), VecDeque::with_capacity(WAITING));
    for (index, (id, row)) in ascending.into_iter().enumerate() {
        if index % 2 == 0 {
            rows.insert(id, row);
            continue;
        }
        if waiting.len() == WAITING {
            waiting.pop_front().into_iter().for_each(|(id, row)| drop(rows.insert(id, row)));
        }
        waiting.push_back((id, row));
    }
    rows.extend(waiting);
    rows
}

/// What every table of rows can do.
pub(crate) trait RowTable<K, R> {
    /// A row.
    fn row(&self, key: &K) -> Option<&R>;
    /// Puts in a row or takes it out.
    fn set_row(&mut self, key: K, row: Option<R>);
    /// The ids, in their order.
    fn row_keys<'t>(&'t self) -> impl Iterator<Item = &'t K>
    where
        K: 't;
}

macro_rules! row_table {
    ($($table:ident),*) => {
        $(impl<K: Ord + Clone, R: Clone> RowTable<K, R> for $table<K, R> {
            fn row(&self, key: &K) -> Option<&R> {
                self.get(key)
            }

            fn set_row(&mut self, key: K, row: Option<R>) {
                match row {
                    Some(row) => drop(self.insert(key, row)),
                    None => drop(self.remove(&key)),
                }
            }

            fn row_keys<'t>(&'t self) -> impl Iterator<Item = &'t K>
            where
                K: 't,
            {
                self.keys()
            }
        })*
    };
}

row_table!(BTreeMap, Rows);

/// Rows that are large and many: the places that a map leaves empty are small.
impl<K: Ord + Clone, R> RowTable<K, R> for Rows<K, Arc<R>> {
    fn row(&self, key: &K) -> Option<&R> {
        self.get(key).map(Arc::as_ref)
    }

    fn set_row(&mut self, key: K, row: Option<R>) {
        match row {
            Some(row) => drop(self.insert(key, Arc::new(row))),
            None => drop(self.remove(&key)),
        }
    }

    fn row_keys<'t>(&'t self) -> impl Iterator<Item = &'t K>
    where
        K: 't,
    {
        self.keys()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn full_rows_are_the_same_rows() {
        for count in [0u32, 1, 2, 31, 200, 5000] {
            let rows: Rows<u32, u32> = (0..count).map(|n| (n, n * n)).collect();
            assert_eq!(full_rows((0..count).map(|n| (n, n * n))), rows);
            assert_eq!(full_rows((0..count).rev().map(|n| (n, n * n))), rows);
        }
    }
}
