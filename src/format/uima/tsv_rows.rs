//! The rows of WebAnno TSV: every token, and every part of a token that an annotation begins or ends in.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::format::sentence_tokens;
use crate::text::{Text, TextRange};

/// A token, or a part of one.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) struct Row {
    /// From 1.
    pub(super) sentence: usize,
    /// From 1.
    pub(super) token: usize,
    /// From 1; 0 for the whole token.
    pub(super) part: usize,
    pub(super) range: TextRange,
}

impl Row {
    /// `1-2` or `1-2.1`.
    pub(super) fn address(self) -> String {
        match self.part {
            0 => format!("{}-{}", self.sentence, self.token),
            part => format!("{}-{}.{part}", self.sentence, self.token),
        }
    }
}

/// The tokens of a text.
pub(super) struct Tokens {
    /// Sentence, token, range; in text order.
    all: Vec<Row>,
    /// Where each sentence begins and ends.
    pub(super) sentences: Vec<TextRange>,
}

impl Tokens {
    pub(super) fn new(text: &Text) -> Self {
        let (mut all, mut sentences) = (Vec::new(), Vec::new());
        let found = sentence_tokens::Tokens::of(text);
        for (sentence, tokens) in (1..).zip(found.sentences()) {
            let tokens: Vec<TextRange> = found.ranges().get(tokens.clone()).unwrap_or_default().to_vec();
            let hull = tokens.iter().copied().reduce(TextRange::hull);
            sentences.extend(hull);
            all.extend((1..).zip(tokens).map(|(token, range)| Row { sentence, token, part: 0, range }));
        }
        Self { all, sentences }
    }

    /// The tokens that a range touches.
    fn touched(&self, range: TextRange) -> impl Iterator<Item = Row> + '_ {
        let first = self.all.partition_point(|row| row.range.end() <= range.start());
        let touched = self.all.get(first..).unwrap_or_default().iter().take_while(move |row| row.range.start() < range.end());
        touched.copied()
    }

    /// The range without blanks at its ends; none where it holds no token.
    pub(super) fn trimmed(&self, range: TextRange) -> Option<TextRange> {
        self.touched(range).filter_map(|row| row.range.intersection(range)).reduce(TextRange::hull)
    }

    /// The rows that these ranges need, and which of them each range has.
    pub(super) fn rows(&self, ranges: &[TextRange]) -> (Vec<Row>, Vec<Vec<usize>>) {
        // The longer of two that begin at the same place comes first.
        type Parts = BTreeMap<(usize, std::cmp::Reverse<usize>), TextRange>;
        let mut parts: BTreeMap<(usize, usize), Parts> = BTreeMap::new();
        for range in ranges {
            for row in self.touched(*range) {
                if let Some(part) = row.range.intersection(*range).filter(|part| *part != row.range) {
                    parts.entry((row.sentence, row.token)).or_default().insert((part.start(), std::cmp::Reverse(part.end())), part);
                }
            }
        }
        let mut rows = Vec::new();
        for token in &self.all {
            rows.push(*token);
            let parts = parts.get(&(token.sentence, token.token)).into_iter().flat_map(BTreeMap::values);
            rows.extend((1..).zip(parts.copied()).map(|(part, range)| Row { part, range, ..*token }));
        }
        let number: BTreeMap<(usize, usize, usize), usize> =
            rows.iter().enumerate().map(|(number, row)| ((row.sentence, row.range.start(), row.range.end()), number)).collect();
        let of_range = |range: &TextRange| {
            let parts = self.touched(*range).filter_map(|row| Some((row.sentence, row.range.intersection(*range)?)));
            parts.filter_map(|(sentence, part)| number.get(&(sentence, part.start(), part.end())).copied()).collect()
        };
        let of_ranges = ranges.iter().map(of_range).collect();
        (rows, of_ranges)
    }
}

/// Puts a backslash before what would mean something.
pub(super) fn push_value(out: &mut String, value: &str) {
    let mut chars = value.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\\' | '[' | ']' | '|' | '_' | ';' | '*' => drop(write!(out, "\\{c}")),
            '-' if chars.peek() == Some(&'>') => out.push_str("\\-"),
            '\t' => out.push_str("\\t"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            c => out.push(c),
        }
    }
}

/// The text of a sentence or of a word: only what would break lines and columns.
pub(super) fn push_text(out: &mut String, text: &str) {
    for c in text.chars() {
        match c {
            '\\' => out.push_str("\\\\"),
            '\t' => out.push_str("\\t"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            c => out.push(c),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_of_words_get_rows_of_their_own() {
        let text = Text::new("aaa bbb.");
        let tokens = Tokens::new(&text);
        let range = |start, end| text.range(start, end).unwrap();
        let (rows, of) = tokens.rows(&[range(1, 7), range(0, 3), range(4, 7)]);
        let shown: Vec<String> = rows.iter().map(|row| format!("{} {}", row.address(), text.slice(row.range))).collect();
        assert_eq!(shown, ["1-1 aaa", "1-1.1 aa", "1-2 bbb", "1-3 ."]);
        assert_eq!(of, [vec![1, 2], vec![0], vec![2]]);
        assert_eq!(tokens.trimmed(range(2, 5)), Some(range(2, 5)));
        assert_eq!(tokens.trimmed(range(3, 5)), Some(range(4, 5)));
        assert_eq!(tokens.trimmed(range(3, 4)), None);
    }

    #[test]
    fn signs_get_backslashes() {
        let mut out = String::new();
        push_value(&mut out, "a|b->c - d_[e]\n\\");
        assert_eq!(out, r"a\|b\->c - d\_\[e\]\n\\");
    }
}
