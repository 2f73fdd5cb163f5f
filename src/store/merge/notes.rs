//! What a merge could not keep: noted in the residue of the row, and found again when the row is read.

use std::collections::{BTreeMap, BTreeSet};

use super::versions::Versions;
use crate::model::Residue;

/// The residue that says, one a line, what both sides had changed.
pub(crate) const RESIDUE: &str = "git-merge";

/// What there is to say about a merge.
#[derive(Debug, Default)]
pub(super) struct Notes {
    // About the row or file itself; they go into its residue.
    own: Vec<String>,
    // About rows that have a residue of their own.
    of_rows: Vec<String>,
}

impl Notes {
    pub(super) fn push(&mut self, note: String) {
        self.own.push(note);
    }

    /// The notes of a row go into its residue; without one they become notes of what holds the row.
    pub(super) fn take_over(&mut self, name: &str, row: Self, residue: Option<&mut Residue>) {
        let named = |notes: Vec<String>| notes.into_iter().map(|note| format!("{name}: {note}")).collect::<Vec<_>>();
        let own = match residue {
            Some(residue) => {
                append(residue, &row.own);
                &mut self.of_rows
            }
            None => &mut self.own,
        };
        own.extend(named(row.own));
        self.of_rows.extend(named(row.of_rows));
    }

    /// Writes the notes of a file into its residue. Returns all of them.
    pub(super) fn finish(self, residue: &mut Residue) -> Vec<String> {
        append(residue, &self.own);
        self.all()
    }

    /// All notes, of a file without a residue.
    pub(super) fn all(mut self) -> Vec<String> {
        self.own.append(&mut self.of_rows);
        self.own
    }

    /// A residue: formats each for itself; notes of earlier merges line by line.
    pub(super) fn residue(&mut self, name: &str, versions: Versions<'_, Residue>) -> Residue {
        let others = |residue: &Residue| residue.iter().filter(|(format, _)| *format != RESIDUE).map(|(f, t)| (f.clone(), t.clone())).collect();
        let mut merged: Residue = self.map(name, versions.map(others).versions());
        let notes = versions.map(|residue| lines(residue).map(str::to_owned).collect::<Vec<_>>());
        append(&mut merged, &self.list(name, notes.versions()));
        merged
    }
}

/// The notes of earlier merges in a residue.
pub(super) fn lines(residue: &BTreeMap<String, String>) -> impl Iterator<Item = &str> {
    residue.get(RESIDUE).into_iter().flat_map(|text| text.lines())
}

fn append(residue: &mut Residue, notes: &[String]) {
    let mut all: Vec<&str> = lines(residue).collect();
    let mut seen: BTreeSet<&str> = all.iter().copied().collect();
    all.extend(notes.iter().map(String::as_str).filter(|note| seen.insert(note)));
    let text = all.join("\n");
    if !notes.is_empty() {
        residue.insert(RESIDUE.to_owned(), text);
    }
}
