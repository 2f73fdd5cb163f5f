//! Lines of a document that is not complete yet, one behind the other in one text.

use std::collections::VecDeque;
use std::ops::Range;

use super::{FormatError, MAX_FILE_BYTES};

/// Each line with its number in the file and something that is known of it.
#[derive(Debug)]
pub(super) struct KeptLines<K> {
    text: String,
    lines: Vec<(usize, Range<usize>, K)>,
}

impl<K> Default for KeptLines<K> {
    fn default() -> Self {
        Self { text: String::new(), lines: Vec::new() }
    }
}

impl<K: Copy> KeptLines<K> {
    /// Keeps one more.
    ///
    /// # Errors
    /// When they are together longer than any file may be that is read as a whole.
    pub(super) fn push(&mut self, file: &str, number: usize, line: &str, known: K) -> Result<(), FormatError> {
        let start = self.text.len();
        if (start + line.len()) as u64 > MAX_FILE_BYTES {
            return Err(FormatError::TooLarge { file: file.to_owned(), what: "a document" });
        }
        self.text.push_str(line);
        self.lines.push((number, start..self.text.len(), known));
        Ok(())
    }

    pub(super) fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    /// The cells of all lines. Behind so many tabs most lines say what others before them have said, and are not split again.
    pub(super) fn cells<'l, C: IntoIterator<Item = &'l str>>(&'l self, tabs: Option<usize>, split: impl Fn(&'l str) -> C) -> Cells<'l> {
        let mut cells = Cells { all: Vec::new(), ends: Vec::with_capacity(self.lines.len()) };
        let mut known: VecDeque<(&str, Range<usize>)> = VecDeque::with_capacity(KNOWN_TAILS);
        for (_, line, _) in self.iter() {
            match tabs.and_then(|tabs| split_behind(line, tabs)) {
                Some((head, tail)) => {
                    cells.all.extend(split(head));
                    if let Some((_, there)) = known.iter().find(|(known, _)| *known == tail) {
                        cells.all.extend_from_within(there.clone());
                    } else {
                        let start = cells.all.len();
                        cells.all.extend(split(tail));
                        known.truncate(KNOWN_TAILS - 1);
                        known.push_front((tail, start..cells.all.len()));
                    }
                }
                None => cells.all.extend(split(line)),
            }
            cells.ends.push(cells.all.len());
        }
        cells
    }

    /// The lines of both in the order of their numbers, each with its end.
    pub(super) fn merged<L: Copy>(&self, others: &KeptLines<L>) -> String {
        let mut merged = String::with_capacity(self.text.len() + others.text.len() + self.lines.len() + others.lines.len());
        let mut push = |line: &str| {
            merged.push_str(line);
            merged.push('\n');
        };
        let mut waiting = others.iter().peekable();
        for (number, line, _) in self.iter() {
            while let Some((_, other, _)) = waiting.next_if(|(at, ..)| *at < number) {
                push(other);
            }
            push(line);
        }
        waiting.for_each(|(_, line, _)| push(line));
        merged
    }

    /// In their order.
    pub(super) fn iter(&self) -> impl Iterator<Item = (usize, &str, K)> {
        self.lines.iter().map(|(number, range, known)| (*number, self.text.get(range.clone()).unwrap_or_default(), *known))
    }
}

/// So many tails of lines are remembered.
pub(super) const KNOWN_TAILS: usize = 4;

/// What stands in the columns of lines.
pub(super) struct Cells<'l> {
    all: Vec<&'l str>,
    ends: Vec<usize>,
}

impl<'l> Cells<'l> {
    /// Line by line.
    pub(super) fn iter(&self) -> impl Iterator<Item = &[&'l str]> {
        let starts = [0].into_iter().chain(self.ends.iter().copied());
        starts.zip(&self.ends).map(|(start, end)| self.all.get(start..*end).unwrap_or_default())
    }
}

/// A line cut at one of its tabs, counted from 1.
pub(super) fn split_behind(line: &str, tabs: usize) -> Option<(&str, &str)> {
    let mut at = 0;
    for _ in 0..tabs {
        at += line.get(at..)?.bytes().position(|byte| byte == b'\t')? + 1;
    }
    Some((line.get(..at.checked_sub(1)?)?, line.get(at..)?))
}

/// What [`str::lines`] gives, quicker where there are millions of them.
pub(super) fn lines(file: &str) -> impl Iterator<Item = &str> {
    let (mut start, mut ends) = (0, memchr::memchr_iter(b'\n', file.as_bytes()));
    std::iter::from_fn(move || {
        let end = ends.next();
        let line = file.get(start..end.unwrap_or(file.len())).filter(|line| end.is_some() || !line.is_empty())?;
        start = end.map_or(file.len(), |end| end + 1);
        let is_cut = end.is_some() && line.as_bytes().last() == Some(&b'\r');
        Some(line.get(..line.len() - usize::from(is_cut)).unwrap_or(line))
    })
}

/// What `split('\t')` gives, quicker where there are millions of short cells.
pub(super) fn split_tabs(line: &str) -> TabCells<'_> {
    TabCells(Some(line))
}

/// The cells of a line with tabs between them.
pub(super) struct TabCells<'l>(Option<&'l str>);

impl<'l> Iterator for TabCells<'l> {
    type Item = &'l str;

    fn next(&mut self) -> Option<&'l str> {
        let rest = self.0?;
        let Some(end) = rest.bytes().position(|byte| byte == b'\t') else {
            self.0 = None;
            return Some(rest);
        };
        self.0 = rest.get(end + 1..);
        rest.get(..end)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_those_of_the_standard_library() {
        for text in ["", "a", "\n", "a\n", "a\r\n\r\nb\r", "\r\n", "a\n\n", "é\r\r\nb"] {
            assert_eq!(lines(text).collect::<Vec<_>>(), text.lines().collect::<Vec<_>>(), "{text:?}");
        }
    }

    #[test]
    fn lines_are_kept_with_their_cells() {
        let mut lines = KeptLines::default();
        for (number, line) in [(3, "a\t\té"), (4, ""), (7, "b\t")] {
            lines.push("x", number, line, number % 2).unwrap();
            assert!(split_tabs(line).eq(line.split('\t')), "{line}");
        }
        assert_eq!(lines.iter().collect::<Vec<_>>(), [(3, "a\t\té", 1), (4, "", 0), (7, "b\t", 1)]);
        for tabs in [None, Some(1), Some(2), Some(3)] {
            assert_eq!(lines.cells(tabs, split_tabs).iter().collect::<Vec<_>>(), [&["a", "", "é"][..], &[""], &["b", ""]]);
        }
        let mut others = KeptLines::default();
        for (number, line) in [(1, "# x"), (2, ""), (6, "# y"), (9, "")] {
            others.push("x", number, line, ()).unwrap();
        }
        assert_eq!(lines.merged(&others), "# x\n\na\t\té\n\n# y\nb\t\n\n");
        let mut lines = KeptLines::default();
        for line in ["1\ta\t_\tO", "2\tb\t_\tO", "3\tc\t_\tX", "4\td", "5\te\t", "6\tf\t", "7\tg\t_\tX"] {
            lines.push("x", 0, line, ()).unwrap();
        }
        for tabs in [Some(1), Some(2), Some(3)] {
            let cells = lines.cells(tabs, split_tabs);
            assert!(cells.iter().zip(lines.iter()).all(|(cells, (_, line, ()))| line.split('\t').eq(cells.iter().copied())));
        }
        assert_eq!((split_behind("a\tb\tc", 2), split_behind("a\tb", 2), split_behind("a", 0)), (Some(("a\tb", "c")), None, None));
    }
}
