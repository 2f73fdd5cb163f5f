//! Tokens and sentences of a text, and which of them a span covers: for formats that have tokens instead of offsets.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::fmt;
use std::ops::Range;

use super::{Item, Ledger};
use crate::model::{Sheet, Span};
use crate::text::segment::{paragraph_at, sentences};
use crate::text::word_bounds::each_word;
use crate::text::{Text, TextRange};

/// The tokens of a text in its order.
#[derive(Debug, Default)]
pub(super) struct Tokens {
    ranges: Vec<TextRange>,
    // Indices of tokens; none is empty, and together they hold all tokens.
    sentences: Vec<Range<usize>>,
    // The paragraphs (lines) in which each sentence begins and ends, counted from 0.
    paragraphs: Vec<(usize, usize)>,
}

impl Tokens {
    /// Words and signs by the rules of Unicode (UAX 29), sentences inside lines. Blanks are no tokens.
    pub(super) fn of(text: &Text) -> Self {
        // A word and what stands behind it have about five bytes.
        let mut found = Self { ranges: Vec::with_capacity(text.len() / 5), ..Self::default() };
        let (mut start, mut paragraph) = (0, 0);
        while start < text.len() {
            let line = paragraph_at(text.as_str(), start);
            for sentence in sentences(text.as_str(), line.clone()) {
                found.add_sentence(text, sentence, paragraph);
            }
            let rest = text.as_str().get(line.end..).unwrap_or_default();
            start = rest.find('\n').map_or(text.len(), |i| line.end + i + 1);
            paragraph += 1;
        }
        found
    }

    /// Those of a document that was imported with them, in the order of its text. None may be empty; several may have one place.
    pub(super) fn imported(ranges: Vec<TextRange>, sentences: Vec<Range<usize>>) -> Self {
        let paragraphs = (0..sentences.len()).map(|number| (number, number)).collect();
        Self { ranges, sentences, paragraphs }
    }

    fn add_sentence(&mut self, text: &Text, sentence: Range<usize>, paragraph: usize) {
        let first = self.ranges.len();
        let part = text.as_str().get(sentence.clone()).unwrap_or_default();
        each_word(part, |i, word| {
            if word.is_ascii() {
                // Blanks are words of their own here.
                if !word.starts_with(is_blank)
                    && let Ok(range) = text.range(sentence.start + i, sentence.start + i + word.len())
                {
                    self.ranges.push(range);
                }
                return;
            }
            // A blank with a mark of direction behind it is one unit of Unicode's.
            for piece in word.split(is_blank).filter(|piece| !piece.is_empty()) {
                let start = sentence.start + i + (piece.as_ptr().addr() - word.as_ptr().addr());
                self.ranges.extend(text.range(start, start + piece.len()).ok());
            }
        });
        if first < self.ranges.len() {
            self.sentences.push(first..self.ranges.len());
            self.paragraphs.push((paragraph, paragraph));
        }
    }

    /// Makes one sentence of those that one of these runs of tokens touches.
    pub(super) fn join_sentences(&mut self, runs: impl IntoIterator<Item = Range<usize>>) {
        // How many runs go over the beginning of a sentence, as differences.
        let mut over = vec![0_isize; self.sentences.len() + 1];
        for run in runs.into_iter().filter(|run| !run.is_empty()) {
            let first = self.sentences.partition_point(|sentence| sentence.end <= run.start);
            let behind = self.sentences.partition_point(|sentence| sentence.start < run.end);
            over.get_mut(first + 1).into_iter().for_each(|n| *n += 1);
            over.get_mut(behind).into_iter().for_each(|n| *n -= 1);
        }
        let (old, paragraphs) = (std::mem::take(&mut self.sentences), std::mem::take(&mut self.paragraphs));
        let mut open = 0;
        for ((sentence, paragraph), change) in old.into_iter().zip(paragraphs).zip(over) {
            open += change;
            match (self.sentences.last_mut(), self.paragraphs.last_mut()) {
                (Some(last), Some((_, end))) if open > 0 => (last.end, *end) = (sentence.end, paragraph.1),
                _ => {
                    self.sentences.push(sentence);
                    self.paragraphs.push(paragraph);
                }
            }
        }
    }

    /// All of them.
    pub(super) fn ranges(&self) -> &[TextRange] {
        &self.ranges
    }

    /// Indices of the tokens of each sentence.
    pub(super) fn sentences(&self) -> &[Range<usize>] {
        &self.sentences
    }

    /// True for the first token of a sentence.
    pub(super) fn begins_sentence(&self, token: usize) -> bool {
        self.sentences.binary_search_by_key(&token, |sentence| sentence.start).is_ok()
    }

    /// True for a sentence that begins a paragraph.
    pub(super) fn begins_paragraph(&self, sentence: usize) -> bool {
        let first = self.paragraphs.get(sentence).map(|(first, _)| first);
        sentence.checked_sub(1).is_none_or(|before| self.paragraphs.get(before).map(|(_, last)| last) != first)
    }

    /// The tokens that share a byte with a range.
    pub(super) fn touched(&self, range: TextRange) -> Range<usize> {
        let start = self.ranges.partition_point(|token| token.end() <= range.start());
        let end = self.ranges.partition_point(|token| token.start() < range.end());
        start..end.max(start)
    }

    /// True when the tokens lie inside the range.
    pub(super) fn lie_in(&self, tokens: &Range<usize>, range: TextRange) -> bool {
        let tokens = self.ranges.get(tokens.clone()).unwrap_or_default();
        let starts = tokens.first().is_none_or(|first| first.start() >= range.start());
        starts && tokens.last().is_none_or(|last| last.end() <= range.end())
    }

    /// True when the tokens begin and end where the range does.
    pub(super) fn are(&self, tokens: &Range<usize>, range: TextRange) -> bool {
        let tokens = self.ranges.get(tokens.clone()).unwrap_or_default();
        let starts = tokens.first().is_some_and(|first| first.start() == range.start());
        starts && tokens.last().is_some_and(|last| last.end() == range.end())
    }

    /// The pieces of a run of tokens that lie in one sentence each.
    pub(super) fn pieces(&self, tokens: &Range<usize>) -> Vec<Range<usize>> {
        let first = self.sentences.partition_point(|sentence| sentence.end <= tokens.start);
        let touched = self.sentences.iter().skip(first).take_while(|sentence| sentence.start < tokens.end);
        touched.map(|sentence| sentence.start.max(tokens.start)..sentence.end.min(tokens.end)).collect()
    }
}

/// What no token may hold: readers split lines and columns there.
pub(super) fn is_blank(c: char) -> bool {
    c.is_whitespace() || c.is_control()
}

/// A span and its tokens.
#[derive(Clone, Debug)]
pub(super) struct Placed<'s> {
    pub(super) span: &'s Span,
    pub(super) tokens: Range<usize>,
}

/// How a span that goes over the end of a sentence is written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum AtSentenceEnd {
    /// It begins anew.
    Cut,
    /// It goes on.
    GoOn,
}

/// Spans in layers in which none shares a token with another, each in the order of the text. The longest come first: the
/// first layer holds the outermost.
pub(super) struct Layering<'l> {
    pub(super) item: &'l Item,
    pub(super) tokens: &'l Tokens,
    /// So many layers there are.
    pub(super) max: usize,
    pub(super) at_sentence_end: AtSentenceEnd,
}

impl Layering<'_> {
    /// Makes the layers and counts what became of each span.
    pub(super) fn layers<'s>(&self, sheet: &'s Sheet, is_written: impl Fn(&Span) -> bool, ledger: &mut Ledger) -> Vec<Vec<Placed<'s>>> {
        let mut spans: Vec<&Span> = sheet.spans.values().collect();
        spans.sort_by_key(|span| (Reverse(span.ranges.covered_len()), span.ranges.start(), &span.label));
        let mut layers: Vec<BTreeMap<usize, Placed<'s>>> = vec![BTreeMap::new(); self.max];
        for span in spans {
            let example = Example { item: self.item, span };
            let tokens = self.tokens.touched(span.ranges.hull());
            let is_free = |layer: &&mut BTreeMap<usize, Placed<'_>>| {
                layer.range(..tokens.end).next_back().is_none_or(|(_, other)| other.tokens.end <= tokens.start)
            };
            if !is_written(span) {
                ledger.drop("spans", "their labels are not for entities", example);
            } else if span.ranges.is_discontinuous() {
                ledger.drop("spans", "they are discontinuous", example);
            } else if tokens.is_empty() {
                ledger.drop("spans", "they hold no token", example);
            } else if let Some(layer) = layers.iter_mut().find(is_free) {
                self.count(span, &tokens, example, ledger);
                layer.insert(tokens.start, Placed { span, tokens });
            } else if self.max == 1 {
                ledger.drop("spans", "they overlap a longer one: the outermost is written", example);
            } else {
                ledger.drop("spans", "they overlap more longer ones than there are columns", example);
            }
        }
        layers.into_iter().map(|layer| layer.into_values().collect()).collect()
    }

    fn count(&self, span: &Span, tokens: &Range<usize>, example: Example<'_>, ledger: &mut Ledger) {
        if self.at_sentence_end == AtSentenceEnd::Cut && self.tokens.pieces(tokens).len() > 1 {
            ledger.change("spans", "they go over the end of a sentence and are cut there", example);
        } else if self.tokens.lie_in(tokens, span.ranges.hull()) {
            ledger.keep("spans", 1);
        } else {
            ledger.change("spans", "they begin or end inside a token and are widened", example);
        }
    }
}

/// A span in a report: put into words only where it is shown.
#[derive(Clone, Copy)]
pub(super) struct Example<'e> {
    pub(super) item: &'e Item,
    pub(super) span: &'e Span,
}

impl fmt::Display for Example<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { item, span } = self;
        write!(f, "{}: {} “{}”", item.id, span.label, item.text.quote(&span.ranges))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_know_their_sentences_and_what_touches_them() {
        let marked = Text::new("a \u{200f}b\u{202f}c");
        let words: Vec<&str> = Tokens::of(&marked).ranges().iter().map(|range| marked.slice(*range)).collect();
        assert_eq!(words, ["a", "\u{200f}", "b", "c"]);
        let text = Text::new("Kerry left. He\u{a0}said so.\n\nEnd");
        let tokens = Tokens::of(&text);
        let words: Vec<&str> = tokens.ranges().iter().map(|range| text.slice(*range)).collect();
        assert_eq!(words, ["Kerry", "left", ".", "He", "said", "so", ".", "End"]);
        assert_eq!(tokens.sentences(), [0..3, 3..7, 7..8]);
        assert_eq!([0, 1, 2].map(|sentence| tokens.begins_paragraph(sentence)), [true, false, true]);
        let touched = tokens.touched(text.range(8, 14).unwrap());
        assert_eq!((touched.clone(), tokens.lie_in(&touched, text.range(8, 14).unwrap())), (1..4, false));
        assert_eq!(tokens.pieces(&touched), [1..3, 3..4]);
        assert!(tokens.touched(text.range(14, 16).unwrap()).is_empty());
        let joined = |runs: &[Range<usize>]| {
            let mut tokens = Tokens::of(&text);
            tokens.join_sentences(runs.iter().cloned());
            tokens.sentences().to_vec()
        };
        assert_eq!(joined(&[0..3, 4..6]), [0..3, 3..7, 7..8]);
        assert_eq!(joined(&[2..4, 0..1]), [0..7, 7..8]);
        assert_eq!(joined(&[6..8, 7..8]), [0..3, 3..8]);
    }
}
