//! The lines of a concordance: where something was found, and what was answered.

use std::ops::Range;

use crate::model::{DocumentId, MarkId};
use crate::text::concordance::{left_key, right_key};
use crate::text::{Text, TextRange};

/// More lines are of no use to anybody.
pub(crate) const MAX_LINES: usize = 100_000;

/// A document with lines.
pub(crate) struct Source {
    pub(crate) document: DocumentId,
    pub(crate) text: Text,
}

/// One place.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Line {
    // Index into the sources.
    source: usize,
    pub(crate) range: TextRange,
    pub(crate) answer: Answer,
}

/// What was said about a place.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) enum Answer {
    #[default]
    Open,
    /// It got the label: this mark.
    Yes(MarkId),
    /// It is something else, and is not asked again.
    No,
    /// Not now.
    Skipped,
}

/// By what lines are ordered.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) enum Order {
    /// As they stand in the documents.
    #[default]
    Text,
    /// By the words before the place, read backwards.
    Left,
    /// By the words behind it.
    Right,
}

/// All lines, in the order in which they are shown.
#[derive(Default)]
pub(crate) struct Lines {
    sources: Vec<Source>,
    found: Vec<Line>,
    shown: Vec<usize>,
    // How many are open.
    open: usize,
    is_cut: bool,
}

impl Lines {
    pub(crate) fn len(&self) -> usize {
        self.shown.len()
    }

    /// Adds the places of one document behind all others.
    pub(crate) fn add(&mut self, source: Source, ranges: &[TextRange]) {
        let room = MAX_LINES.saturating_sub(self.found.len());
        self.is_cut |= ranges.len() > room;
        if room == 0 {
            return;
        }
        if self.found.is_empty() {
            // A list that grows while lines come is moved as a whole, in one frame. Room that nobody writes to takes no memory.
            (self.sources, self.found, self.shown) = (Vec::with_capacity(MAX_LINES), Vec::with_capacity(MAX_LINES), Vec::with_capacity(MAX_LINES));
        }
        let index = self.sources.len();
        let new = ranges.iter().take(room).map(|range| Line { source: index, range: *range, answer: Answer::Open });
        let count = ranges.len().min(room);
        self.shown.extend(self.found.len()..self.found.len() + count);
        self.open += count;
        self.found.extend(new);
        self.sources.push(source);
    }

    pub(crate) fn get(&self, index: usize) -> Option<(&Line, &Source)> {
        let line = self.found.get(*self.shown.get(index)?)?;
        Some((line, self.sources.get(line.source)?))
    }

    pub(crate) fn set_answer(&mut self, index: usize, answer: Answer) {
        if let Some(line) = self.shown.get(index).and_then(|found| self.found.get_mut(*found)) {
            let before = std::mem::replace(&mut line.answer, answer);
            self.open = self.open + usize::from(answer == Answer::Open) - usize::from(before == Answer::Open);
        }
    }

    /// The first line that is not answered, from `from` on and then from the beginning.
    pub(crate) fn next_open(&self, from: usize) -> Option<usize> {
        let is_open = |index: &usize| self.get(*index).is_some_and(|(line, _)| line.answer == Answer::Open);
        (from..self.len()).find(is_open).or_else(|| (0..from.min(self.len())).find(is_open))
    }

    pub(crate) fn open(&self) -> usize {
        self.open
    }

    pub(crate) fn labelled(&self) -> usize {
        self.found.iter().filter(|line| matches!(line.answer, Answer::Yes(_))).count()
    }

    /// True when there were more than [`MAX_LINES`].
    pub(crate) fn is_cut(&self) -> bool {
        self.is_cut
    }

    pub(crate) fn documents(&self) -> usize {
        self.sources.len()
    }

    /// What is needed to work out an order on another thread.
    pub(crate) fn places(&self) -> Vec<(Text, Range<usize>)> {
        self.found.iter().filter_map(|line| Some((self.sources.get(line.source)?.text.clone(), line.range.as_range()))).collect()
    }

    pub(crate) fn set_order(&mut self, order: Vec<usize>) {
        // Lines that came meanwhile stand behind.
        let later = order.len()..self.found.len();
        self.shown = order;
        self.shown.extend(later);
    }
}

/// The order of places; a plain function for any thread.
pub(crate) fn in_order(places: &[(Text, Range<usize>)], order: Order) -> Vec<usize> {
    let mut indexes: Vec<usize> = (0..places.len()).collect();
    let key = |index: &usize| {
        let (text, range) = places.get(*index)?;
        Some(if order == Order::Left { left_key(text.as_str(), range) } else { right_key(text.as_str(), range) })
    };
    if order != Order::Text {
        indexes.sort_by_cached_key(key);
    }
    indexes
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Id;

    fn lines(texts: &[&str]) -> Lines {
        let mut lines = Lines::default();
        for (text, n) in texts.iter().zip(1..) {
            let document = DocumentId::from_title("t", Id::from_bits(n));
            let text = Text::new(*text);
            let start = text.as_str().find("x").unwrap();
            let range = text.range(start, start + 1).unwrap();
            lines.add(Source { document, text }, &[range]);
        }
        lines
    }

    #[test]
    fn lines_are_ordered_by_what_stands_beside_them() {
        let mut lines = lines(&["b x c", "a x b", "c x a"]);
        let texts = |lines: &Lines| (0..3).map(|i| lines.get(i).unwrap().1.text.as_str().to_owned()).collect::<Vec<_>>();
        let order = in_order(&lines.places(), Order::Left);
        lines.set_order(order);
        assert_eq!(texts(&lines), ["a x b", "b x c", "c x a"]);
        let order = in_order(&lines.places(), Order::Right);
        lines.set_order(order);
        assert_eq!(texts(&lines), ["c x a", "a x b", "b x c"]);
    }

    #[test]
    fn the_next_open_line_is_looked_for_round_and_round() {
        let mut lines = lines(&["x", "x", "x"]);
        lines.set_answer(1, Answer::No);
        assert_eq!(lines.next_open(1), Some(2));
        lines.set_answer(2, Answer::Skipped);
        assert_eq!((lines.next_open(2), lines.open()), (Some(0), 1));
        lines.set_answer(0, Answer::No);
        assert_eq!((lines.next_open(0), lines.open()), (None, 0));
        lines.set_answer(2, Answer::Open);
        assert_eq!(lines.open(), 1);
    }
}
