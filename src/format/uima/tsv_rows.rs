//! The rows of WebAnno TSV: every token, and every part of a token that an annotation begins or ends in.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use super::kept::Kept;
use super::tsv_annotations::{SENTENCE, TOKEN};
use crate::format::sentence_tokens;
use crate::text::offsets::{OffsetMap, OffsetUnit};
use crate::text::{Text, TextRange};

/// Begin and end in bytes. Files of others mark places without a letter in them, too.
pub(super) type Span = (usize, usize);

/// A token, or a part of one.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) struct Row {
    /// From 1.
    pub(super) sentence: usize,
    /// From 1.
    pub(super) token: usize,
    /// From 1; 0 for the whole token.
    pub(super) part: usize,
    pub(super) range: Span,
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
    /// Those of the file that a document came from, where its text is still the same; else ours.
    pub(super) fn of(text: &Text, kept: Option<&Kept>) -> Self {
        let kept = kept.filter(|kept| kept.text == text.hash().as_str());
        kept.and_then(|kept| Self::kept(text, kept)).unwrap_or_else(|| Self::new(text))
    }

    fn new(text: &Text) -> Self {
        let (mut all, mut sentences) = (Vec::new(), Vec::new());
        let found = sentence_tokens::Tokens::of(text);
        for (sentence, tokens) in (1..).zip(found.sentences()) {
            let tokens: Vec<TextRange> = found.ranges().get(tokens.clone()).unwrap_or_default().to_vec();
            let hull = tokens.iter().copied().reduce(TextRange::hull);
            sentences.extend(hull);
            all.extend((1..).zip(tokens).map(|(token, range)| Row { sentence, token, part: 0, range: (range.start(), range.end()) }));
        }
        Self { all, sentences }
    }

    fn kept(text: &Text, kept: &Kept) -> Option<Self> {
        let map = OffsetMap::new(text.as_str(), OffsetUnit::Utf16);
        let places = |kind: &'static str| {
            let places = kept.structures.iter().filter(move |structure| structure.kind == kind).filter_map(|structure| structure.place());
            let mut places: Vec<TextRange> = places.filter_map(|(begin, end)| text.range(map.to_byte(begin)?, map.to_byte(end)?).ok()).collect();
            places.sort_unstable_by_key(|range| (range.start(), range.end()));
            places
        };
        let (sentences, mut all) = (places(SENTENCE), Vec::new());
        let (mut sentence, mut token) = (0, 0);
        for range in places(TOKEN) {
            // Sentences may touch, but a token belongs to one of them only.
            while sentences.get(sentence).is_some_and(|sentence| sentence.end() <= range.start()) {
                (sentence, token) = (sentence + 1, 0);
            }
            sentences.get(sentence).filter(|sentence| sentence.start() <= range.start() && range.end() <= sentence.end())?;
            token += 1;
            all.push(Row { sentence: sentence + 1, token, part: 0, range: (range.start(), range.end()) });
        }
        (!all.is_empty()).then_some(Self { all, sentences })
    }

    /// The tokens that a range touches; for a place without a letter the first that it stands in or at.
    fn touched(&self, (start, end): Span) -> impl Iterator<Item = Row> + '_ {
        let is_empty = start == end;
        let first = self.all.partition_point(|row| if is_empty { row.range.1 < start } else { row.range.1 <= start });
        let touched = self.all.get(first..).unwrap_or_default().iter();
        let touched = touched.take_while(move |row| if is_empty { row.range.0 <= start } else { row.range.0 < end });
        touched.take(if is_empty { 1 } else { usize::MAX }).copied()
    }

    /// The range without blanks at its ends; none where it holds no token.
    pub(super) fn trimmed(&self, range: TextRange) -> Option<Span> {
        let range = (range.start(), range.end());
        self.touched(range).map(|row| common(row.range, range)).reduce(|one, other| (one.0.min(other.0), one.1.max(other.1)))
    }

    /// The rows that these ranges need, and which of them each range has.
    pub(super) fn rows(&self, ranges: &[Span]) -> (Vec<Row>, Vec<Vec<usize>>) {
        // In the order in which annotations need them, as INCEpTION numbers them.
        let (mut parts, mut known): (BTreeMap<(usize, usize), Vec<Span>>, _) = (BTreeMap::new(), BTreeSet::new());
        for range in ranges {
            for row in self.touched(*range) {
                let part = common(row.range, *range);
                if part != row.range && known.insert((row.sentence, row.token, part)) {
                    parts.entry((row.sentence, row.token)).or_default().push(part);
                }
            }
        }
        let mut rows = Vec::new();
        for token in &self.all {
            rows.push(*token);
            let parts = parts.get(&(token.sentence, token.token)).into_iter().flatten();
            rows.extend((1..).zip(parts.copied()).map(|(part, range)| Row { part, range, ..*token }));
        }
        let number: BTreeMap<(usize, usize, Span), usize> =
            rows.iter().enumerate().map(|(number, row)| ((row.sentence, row.token, row.range), number)).collect();
        let of_range = |range: &Span| {
            let parts = self.touched(*range).map(|row| (row.sentence, row.token, common(row.range, *range)));
            parts.filter_map(|part| number.get(&part).copied()).collect()
        };
        let of_ranges = ranges.iter().map(of_range).collect();
        (rows, of_ranges)
    }
}

/// What two ranges that touch have in common.
fn common(one: Span, other: Span) -> Span {
    (one.0.max(other.0), one.1.min(other.1))
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
        let tokens = Tokens::of(&text, None);
        let (rows, of) = tokens.rows(&[(1, 7), (0, 3), (4, 7), (3, 3), (7, 7)]);
        let shown: Vec<String> = rows.iter().map(|row| format!("{} {}", row.address(), &text.as_str()[row.range.0..row.range.1])).collect();
        assert_eq!(shown, ["1-1 aaa", "1-1.1 aa", "1-1.2 ", "1-2 bbb", "1-2.1 ", "1-3 ."]);
        assert_eq!(of, [vec![1, 3], vec![0], vec![3], vec![2], vec![4]]);
        let trimmed = |start, end| tokens.trimmed(text.range(start, end).unwrap());
        assert_eq!((trimmed(2, 5), trimmed(3, 5), trimmed(3, 4)), (Some((2, 5)), Some((4, 5)), None));
    }

    #[test]
    fn signs_get_backslashes() {
        let mut out = String::new();
        push_value(&mut out, "a|b->c - d_[e]\n\\");
        assert_eq!(out, r"a\|b\->c - d\_\[e\]\n\\");
    }
}
