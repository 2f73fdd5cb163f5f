//! Which ids the annotations of a document have in a file.

use std::collections::{BTreeMap, BTreeSet};

use super::standoff_out::Row;

/// The ids of annotations in a file: those of an earlier import again, and for the others new ones that mean nothing else there.
pub(super) struct RowIds<'s> {
    prefix: &'static str,
    by_number: BTreeMap<usize, String>,
    used: BTreeSet<String>,
    /// Whatever may be an id in what was kept aside.
    named: BTreeSet<&'s str>,
    next: usize,
}

impl<'s> RowIds<'s> {
    /// New ones are this and a number.
    pub(super) fn new(prefix: &'static str) -> Self {
        Self { prefix, by_number: BTreeMap::new(), used: BTreeSet::new(), named: BTreeSet::new(), next: 0 }
    }

    /// Gives ids to all these rows, whose file has this beside them.
    pub(super) fn add<'r>(&mut self, rows: impl Iterator<Item = &'r Row<'s>> + Clone, aside: &[&'s str])
    where
        's: 'r,
    {
        self.named.extend(aside.iter().flat_map(|raw| raw.split(|c: char| !c.is_alphanumeric())));
        for row in rows.clone() {
            self.next = self.next.max(row.number);
            if let Some(id) = row.old_id.filter(|id| !self.used.contains(*id)) {
                self.used.insert(id.to_owned());
                self.by_number.insert(row.number, id.to_owned());
            }
        }
        if self.used.is_empty() && self.named.is_empty() {
            return;
        }
        for row in rows {
            if !self.by_number.contains_key(&row.number) {
                let own = format!("{}{}", self.prefix, row.number);
                let id = if self.is_free(&own) { own } else { self.another() };
                self.used.insert(id.clone());
                self.by_number.insert(row.number, id);
            }
        }
    }

    /// The id of a row.
    pub(super) fn of(&self, number: usize) -> String {
        self.by_number.get(&number).cloned().unwrap_or_else(|| format!("{}{number}", self.prefix))
    }

    /// An id for what is no row: the first with a number behind this one that nothing else has.
    pub(super) fn next_free(&mut self, prefix: &str, number: usize) -> String {
        let mut ids = (number + 1..).map(|number| format!("{prefix}{number}"));
        let id = ids.find(|id| self.is_free(id)).unwrap_or_default();
        self.used.insert(id.clone());
        id
    }

    fn another(&mut self) -> String {
        loop {
            self.next += 1;
            let id = format!("{}{}", self.prefix, self.next);
            if self.is_free(&id) {
                return id;
            }
        }
    }

    fn is_free(&self, id: &str) -> bool {
        !self.used.contains(id) && !self.named.contains(id)
    }
}
