//! Ids of lines: those that rows had in the file that they come from, and free ones for the others.

use std::collections::{BTreeMap, BTreeSet};

use super::is_break;
use crate::format::aspects::IDS;

/// Ids of a file on their way into the residue.
#[derive(Debug, Default)]
pub(super) struct OldIds(String);

impl OldIds {
    /// A line's id, and the row that it became.
    pub(super) fn push(&mut self, id: &str, row: &str) {
        self.0.push_str(if self.0.is_empty() { IDS } else { "\t" });
        self.0.push_str(id);
        self.0.push('=');
        self.0.push_str(row);
    }

    /// On one line, which begins as no line of brat does.
    pub(super) fn into_line(self) -> String {
        self.0
    }
}

/// Gives ids to the lines of a sheet.
#[derive(Debug, Default)]
pub(super) struct Ids<'r> {
    // By letter and row: a claim has a trigger too.
    old: BTreeMap<(char, &'r str), &'r str>,
    given: BTreeSet<&'r str>,
    // What lines that are written back are called or name.
    named: BTreeSet<&'r str>,
    next: BTreeMap<char, usize>,
    /// Lines that are written back as they are.
    pub(super) lines: Vec<&'r str>,
}

impl<'r> Ids<'r> {
    /// From what an import kept aside.
    pub(super) fn new(residue: &'r str) -> Self {
        let mut ids = Self::default();
        for line in residue.split('\n').filter(|line| !line.trim().is_empty()) {
            match line.strip_prefix(IDS) {
                Some(rest) => ids.read(rest),
                None => {
                    // Also what it names and is not there: no new row must become that.
                    ids.named.extend(line.split(|c: char| !c.is_ascii_alphanumeric() && c != '#').filter(|word| is_id(word)));
                    ids.lines.push(line);
                }
            }
        }
        ids.lines.retain(|line| !line.chars().any(|c| c != '\t' && is_break(c)));
        ids
    }

    fn read(&mut self, rest: &'r str) {
        for (id, row) in rest.split('\t').filter_map(|pair| pair.split_once('=')) {
            let letter = id.chars().next().unwrap_or_default();
            let is_id = !id.contains(|c: char| c.is_whitespace() || is_break(c));
            if is_id && (letter == '*' || self.given.insert(id)) {
                self.old.insert((if letter == 'M' { 'A' } else { letter }, row), id);
            }
        }
    }

    /// The id that a row had; none for a new one.
    pub(super) fn old(&self, letter: char, row: &str) -> Option<&'r str> {
        self.old.get(&(letter, row)).copied()
    }

    /// The id that a row had, or a free one.
    pub(super) fn id(&mut self, letter: char, row: &str) -> String {
        self.old(letter, row).map_or_else(|| self.free(letter), str::to_owned)
    }

    /// An id that no line has.
    pub(super) fn free(&mut self, letter: char) -> String {
        let next = self.next.entry(letter).or_insert(1);
        loop {
            let id = format!("{letter}{next}");
            *next += 1;
            if !self.given.contains(id.as_str()) && !self.named.contains(id.as_str()) {
                return id;
            }
        }
    }
}

/// A letter and a number.
fn is_id(word: &str) -> bool {
    let digits = word.strip_prefix(['T', 'E', 'R', 'A', 'M', 'N', '#']).unwrap_or_default();
    !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_get_their_ids_back_and_others_free_ones() {
        let mut old = OldIds::default();
        [("T2", "s"), ("T7", "c"), ("E1", "c"), ("M1", "c/neg"), ("*1", "r")].iter().for_each(|(id, row)| old.push(id, row));
        let residue = format!("hello\n{}\nR9\tP Arg1:T3 Arg2:T1\tx\nX\u{2028}1", old.into_line());
        let mut ids = Ids::new(&residue);
        assert_eq!(ids.lines, ["hello", "R9\tP Arg1:T3 Arg2:T1\tx"]);
        assert_eq!([ids.id('T', "s"), ids.id('T', "c"), ids.id('E', "c"), ids.id('A', "c/neg")], ["T2", "T7", "E1", "M1"]);
        assert_eq!([ids.id('T', "new"), ids.id('T', "newer"), ids.id('R', "r"), ids.free('#')], ["T4", "T5", "R1", "#1"]);
        assert_eq!(ids.old('*', "r"), Some("*1"));
    }
}
