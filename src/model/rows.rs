//! Tables of rows by id.

use std::collections::BTreeMap;
use std::sync::Arc;

/// Rows that are copied often and are many: a copy shares them with its original until either changes, so that a sheet
/// can be written while somebody goes on working on it.
pub type Rows<K, R> = imbl::OrdMap<K, R>;

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
