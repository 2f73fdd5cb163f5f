//! Tags of tokens such as `B-PER`: written in the usual schemes, and read whatever the scheme.

use std::fmt;
use std::ops::Range;

use super::sentence_tokens::{AtSentenceEnd, Placed, Tokens};

/// How the beginning and the end of a span are marked.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Scheme {
    /// `B` only where a span follows another with the same label.
    Iob1,
    /// `B` at every beginning.
    Iob2,
    /// As IOB2, with `E` at the end and `S` for a single token.
    Bioes,
}

/// What stands on one token: a letter and a span.
#[derive(Clone, Copy, Debug)]
pub(super) struct TagOf<'s> {
    pub(super) letter: char,
    pub(super) placed: &'s Placed<'s>,
}

/// A tag for each token; none for `O`.
pub(super) fn tags<'s>(layer: &'s [Placed<'s>], tokens: &Tokens, scheme: Scheme, at_sentence_end: AtSentenceEnd) -> Vec<Option<TagOf<'s>>> {
    let mut tags = vec![None; tokens.ranges().len()];
    let mut before: Option<(usize, &Placed<'_>)> = None;
    for placed in layer {
        let pieces = match at_sentence_end {
            AtSentenceEnd::Cut => tokens.pieces(&placed.tokens),
            AtSentenceEnd::GoOn => vec![placed.tokens.clone()],
        };
        for piece in pieces {
            let is_first_of_sentence = at_sentence_end == AtSentenceEnd::Cut && tokens.begins_sentence(piece.start);
            let follows = before.is_some_and(|(end, other)| end == piece.start && other.span.label == placed.span.label) && !is_first_of_sentence;
            for index in piece.clone() {
                let letter = letter(scheme, index, &piece, follows);
                if let Some(tag) = tags.get_mut(index) {
                    *tag = Some(TagOf { letter, placed });
                }
            }
            before = Some((piece.end, placed));
        }
    }
    tags
}

fn letter(scheme: Scheme, index: usize, piece: &Range<usize>, follows: bool) -> char {
    let (is_first, is_last) = (index == piece.start, index + 1 == piece.end);
    match scheme {
        Scheme::Bioes if is_first && is_last => 'S',
        Scheme::Bioes if is_last => 'E',
        Scheme::Iob1 if is_first && !follows => 'I',
        _ if is_first => 'B',
        _ => 'I',
    }
}

/// A tag as it stands in a file.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Tag<'t> {
    /// `O`.
    Outside,
    /// `B-PER`: a letter of `BIESLU` and a label; empty for a bare letter.
    Inside(u8, &'t str),
}

impl<'t> Tag<'t> {
    /// None for what is no tag.
    pub(super) fn parse(cell: &'t str) -> Option<Self> {
        let mut bytes = cell.bytes();
        match (bytes.next(), bytes.next()) {
            (Some(b'O'), None) => Some(Self::Outside),
            (Some(letter @ (b'B' | b'I' | b'E' | b'S' | b'L' | b'U')), None) => Some(Self::Inside(letter, "")),
            (Some(letter @ (b'B' | b'I' | b'E' | b'S' | b'L' | b'U')), Some(b'-')) if cell.len() > 2 => {
                Some(Self::Inside(letter, cell.get(2..).unwrap_or_default()))
            }
            _ => None,
        }
    }
}

/// Tokens with one label.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Run<'t> {
    pub(super) tokens: Range<usize>,
    pub(super) label: &'t str,
}

/// Which letters a column has, and so its scheme.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(super) struct Letters {
    /// `E`, `S`, `L` or `U` was seen.
    has_ends: bool,
    /// A `B` where the span before has another label, or where there is none.
    has_plain_b: bool,
    /// An `I` that begins a span.
    has_first_i: bool,
}

impl Letters {
    /// Takes in the letter of a tag. True for an `I`, `E` or `L` that begins a span.
    fn add(&mut self, letter: u8, follows_same: bool, is_ended: bool) -> bool {
        let is_odd_start = matches!(letter, b'I' | b'E' | b'L') && (is_ended || !follows_same);
        self.has_ends |= ends(letter);
        self.has_plain_b |= letter == b'B' && !follows_same;
        self.has_first_i |= is_odd_start;
        is_odd_start
    }

    /// Takes in what another column of the same file has.
    pub(super) fn join(&mut self, other: Self) {
        self.has_ends |= other.has_ends;
        self.has_plain_b |= other.has_plain_b;
        self.has_first_i |= other.has_first_i;
    }

    /// The scheme in words.
    pub(super) fn scheme(self) -> &'static str {
        match self {
            Self { has_ends: true, .. } => "BIOES",
            Self { has_plain_b: false, has_first_i: true, .. } => "IOB1",
            _ => "IOB2",
        }
    }
}

/// Reads the letters of a column that nobody keeps in memory.
#[derive(Debug, Default)]
pub(super) struct LettersReader {
    letters: Letters,
    /// The label of the span that is open.
    label: Option<String>,
    is_ended: bool,
}

impl LettersReader {
    /// The next token.
    pub(super) fn push(&mut self, tag: Tag<'_>) {
        let Tag::Inside(letter, label) = tag else { return self.end() };
        let follows_same = self.label.as_deref() == Some(label);
        self.letters.add(letter, follows_same, self.is_ended);
        if !follows_same {
            let mut open = self.label.take().unwrap_or_default();
            label.clone_into(&mut open);
            self.label = Some(open);
        }
        self.is_ended = ends(letter);
    }

    /// The end of a sentence.
    pub(super) fn end(&mut self) {
        (self.label, self.is_ended) = (None, false);
    }

    pub(super) fn letters(&self) -> Letters {
        self.letters
    }
}

fn ends(letter: u8) -> bool {
    matches!(letter, b'E' | b'S' | b'L' | b'U')
}

/// Puts spans together as the usual evaluation scripts do: `I` after `O` or after another label begins a span.
#[derive(Debug, Default)]
pub(super) struct RunReader<'t> {
    open: Option<Run<'t>>,
    is_ended: bool,
    pub(super) letters: Letters,
    /// Tags that no scheme allows where they stand, by token: an `I` or `E` that begins a span, an open span that ends.
    pub(super) odd: Vec<usize>,
}

impl<'t> RunReader<'t> {
    /// The next token; a run that is complete comes back.
    pub(super) fn push(&mut self, token: usize, tag: Tag<'t>) -> Option<Run<'t>> {
        let Tag::Inside(letter, label) = tag else {
            return self.end();
        };
        let follows_same = self.open.as_ref().is_some_and(|open| open.label == label);
        let is_odd_start = self.letters.add(letter, follows_same, self.is_ended);
        if is_odd_start {
            self.odd.push(token);
        }
        let goes_on = matches!(letter, b'I' | b'E' | b'L') && !is_odd_start;
        let done = if goes_on { None } else { self.open.take() };
        self.open.get_or_insert(Run { tokens: token..token, label }).tokens.end = token + 1;
        self.is_ended = ends(letter);
        done
    }

    /// The end of a sentence.
    pub(super) fn end(&mut self) -> Option<Run<'t>> {
        self.is_ended = false;
        self.open.take()
    }
}

impl fmt::Display for TagOf<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.letter, self.placed.span.label)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(line: &str, runs: &str, scheme: &str, odd: usize) {
        let (mut reader, mut letters) = (RunReader::default(), LettersReader::default());
        let mut found: Vec<Run<'_>> = Vec::new();
        for (token, cell) in line.split(' ').enumerate() {
            found.extend(reader.push(token, Tag::parse(cell).unwrap()));
            letters.push(Tag::parse(cell).unwrap());
        }
        found.extend(reader.end());
        assert_eq!(letters.letters(), reader.letters);
        let found: Vec<String> = found.iter().map(|run| format!("{}{}..{}", run.label, run.tokens.start, run.tokens.end)).collect();
        assert_eq!((found.join(" ").as_str(), reader.letters.scheme(), reader.odd.len()), (runs, scheme, odd));
    }

    #[test]
    fn every_scheme_is_read() {
        check("B-P I-P O B-P B-P I-Q", "P0..2 P3..4 P4..5 Q5..6", "IOB2", 1);
        check("I-P I-P O I-P B-P I-Q", "P0..2 P3..4 P4..5 Q5..6", "IOB1", 3);
        check("B-P E-P O S-P S-P S-Q", "P0..2 P3..4 P4..5 Q5..6", "BIOES", 0);
        check("B-P L-P I-P U-P O E-Q", "P0..2 P2..3 P3..4 Q5..6", "BIOES", 2);
        check("O B I O", "1..3", "IOB2", 0);
        assert_eq!(["X-P", "B-", "", "NNP", "b-P"].map(Tag::parse), [None; 5]);
    }
}
