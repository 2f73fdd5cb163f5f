//! Finding the place of a quote again when its offsets no longer fit.

use super::{Text, TextRange};

/// Where a quote is.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Anchor {
    /// Where it was said to be.
    Exact(TextRange),
    /// The only place in the text.
    Unique(TextRange),
    /// Several places, the nearest first; somebody must choose.
    Candidates(Vec<TextRange>),
    /// Nowhere.
    Lost,
}

/// Looks for `quote` at `start`, then everywhere.
#[must_use]
pub fn find_quote(text: &Text, quote: &str, start: usize) -> Anchor {
    Quotes::new(text).find(quote, start)
}

/// Several places of a quote for somebody who chooses: the first ones, each with the words around it and, in texts of usual size, the
/// character that it begins with, counted from 0.
#[must_use]
pub fn show_places(text: &Text, places: &[TextRange]) -> String {
    let whole = text.as_str();
    let show = |range: &TextRange| {
        let before: Vec<char> = whole.get(..range.start()).unwrap_or_default().chars().rev().take(AROUND).collect();
        let after: String = whole.get(range.end()..).unwrap_or_default().chars().take(AROUND).collect();
        let words = format!("{}[{}]{after}", before.into_iter().rev().collect::<String>(), text.slice(*range));
        let at = if whole.len() <= COUNTED { format!("{}: ", whole.get(..range.start()).unwrap_or_default().chars().count()) } else { String::new() };
        format!("{at}“{}”", words.replace(['\n', '\r'], " "))
    };
    let shown: Vec<String> = places.iter().take(SHOWN).map(show).collect();
    format!("{}{}", shown.join(", "), if places.len() > SHOWN { ", …" } else { "" })
}

/// So many places are shown, with so many characters on both sides.
const SHOWN: usize = 3;
const AROUND: usize = 16;
/// In longer texts characters are not counted for each place.
const COUNTED: usize = 1 << 20;

/// Candidates that are of use to somebody.
const MAX_CANDIDATES: usize = 1000;
/// So many searches go through the text; for more it pays to make an index.
const PLAIN_SEARCHES: usize = 50;
/// Bytes of a quote's beginning that the index knows.
const KEY_LEN: usize = 4;
/// Candidates that are compared for one text. Ten thousand quotes that a correction has moved take a few millions; more than
/// this takes only a file that is made to take long, and what it looks for then is lost.
const MOST_WORK: usize = 40_000_000;
/// Bytes that are looked through in the time of comparing one candidate.
const BYTES_A_STEP: usize = 32;

/// Finds many quotes in one text.
#[derive(Debug)]
pub struct Quotes<'t> {
    text: &'t Text,
    searches: usize,
    index: Option<Index>,
    // See [`MOST_WORK`].
    work: usize,
}

/// All places of a text by the bytes that stand there. Places of one key are in text order.
#[derive(Debug)]
struct Index {
    // Where the places of each key begin; one more at the end.
    starts: Vec<u32>,
    places: Vec<u32>,
}

impl<'t> Quotes<'t> {
    /// Nothing is read yet.
    #[must_use]
    pub fn new(text: &'t Text) -> Self {
        Self { text, searches: 0, index: None, work: 0 }
    }

    /// Looks for `quote` at `start`, then everywhere.
    #[must_use]
    pub fn find(&mut self, quote: &str, start: usize) -> Anchor {
        let exact = self.text.range(start, start.saturating_add(quote.len())).ok();
        if let Some(range) = exact.filter(|range| self.text.slice(*range) == quote) {
            return Anchor::Exact(range);
        }
        if quote.is_empty() || self.work > MOST_WORK + self.text.len() / 2 {
            return Anchor::Lost;
        }
        let mut places = self.places(quote);
        places.sort_by_key(|range| range.start().abs_diff(start));
        match places.as_slice() {
            [] => Anchor::Lost,
            [one] => Anchor::Unique(*one),
            _ => Anchor::Candidates(places),
        }
    }

    /// The first places, which do not overlap, in text order.
    fn places(&mut self, quote: &str) -> Vec<TextRange> {
        self.searches += 1;
        let range = |start: usize| self.text.range(start, start + quote.len()).ok();
        let content = self.text.as_str().as_bytes();
        let key = key_at(quote.as_bytes(), 0);
        if self.searches > PLAIN_SEARCHES && self.index.is_none() {
            self.index = Some(Index::new(content));
        }
        match (&self.index, key) {
            (Some(index), Some(key)) => {
                let (mut places, mut end) = (Vec::new(), 0);
                for start in index.of(key) {
                    self.work += 1 + quote.len() / (BYTES_A_STEP * 8);
                    let is_it = start >= end && content.get(start..).is_some_and(|rest| rest.starts_with(quote.as_bytes()));
                    if let Some(range) = range(start).filter(|_| is_it) {
                        places.push(range);
                        end = range.end();
                    }
                    if places.len() == MAX_CANDIDATES {
                        break;
                    }
                }
                places
            }
            _ => {
                let starts = memchr::memmem::find_iter(content, quote);
                let places: Vec<TextRange> = starts.filter_map(range).take(MAX_CANDIDATES).collect();
                let read = places.last().filter(|_| places.len() == MAX_CANDIDATES).map_or(content.len(), |last| last.end());
                self.work += 1 + places.len() + read / BYTES_A_STEP;
                places
            }
        }
    }
}

impl Index {
    fn new(content: &[u8]) -> Self {
        let keys = || (0..content.len()).filter_map(|at| key_at(content, at).map(|key| (key, at)));
        let mut starts = vec![0u32; usize::from(u16::MAX) + 2];
        for (key, _) in keys() {
            if let Some(count) = starts.get_mut(usize::from(key) + 1) {
                *count += 1;
            }
        }
        let mut sum = 0;
        for start in &mut starts {
            sum += *start;
            *start = sum;
        }
        let mut next = starts.clone();
        let mut places = vec![0u32; sum as usize];
        for (key, at) in keys() {
            let Some(slot) = next.get_mut(usize::from(key)) else { continue };
            if let Some(place) = places.get_mut(*slot as usize) {
                // A text has at most 4 GB.
                *place = at as u32;
            }
            *slot += 1;
        }
        Self { starts, places }
    }

    fn of(&self, key: u16) -> impl Iterator<Item = usize> {
        let at = |key: usize| self.starts.get(key).map_or(0, |start| *start as usize);
        let range = at(usize::from(key))..at(usize::from(key) + 1);
        self.places.get(range).unwrap_or_default().iter().map(|place| *place as usize)
    }
}

/// A number for the bytes at a place, nearly the same one for no others; none near the end.
fn key_at(content: &[u8], at: usize) -> Option<u16> {
    let bytes: [u8; KEY_LEN] = content.get(at..at + KEY_LEN)?.try_into().ok()?;
    // Fibonacci hashing: the upper bits of a product with the golden ratio.
    Some((u32::from_le_bytes(bytes).wrapping_mul(0x9e37_79b9) >> 16) as u16)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_candidate_comes_first() {
        let text = Text::new("Kerry met Kerry and Lavrov");
        let at = |start, end| text.range(start, end).unwrap();
        assert_eq!(find_quote(&text, "Kerry", 10), Anchor::Exact(at(10, 15)));
        assert_eq!(find_quote(&text, "Lavrov", 3), Anchor::Unique(at(20, 26)));
        assert_eq!(find_quote(&text, "Kerry", 9), Anchor::Candidates(vec![at(10, 15), at(0, 5)]));
        assert_eq!(find_quote(&text, "Assad", 0), Anchor::Lost);
        assert_eq!(find_quote(&text, "Kerry", usize::MAX), Anchor::Candidates(vec![at(10, 15), at(0, 5)]));
    }

    #[test]
    fn many_quotes_are_found_as_few_are() {
        let mut rng = fastrand::Rng::with_seed(1);
        let pieces = ["Kerry ", "met ", "Ker", "Lavrov", "é", "🎉", "aa", "\n"];
        let content: String = (0..2000).map(|_| pieces[rng.usize(0..pieces.len())]).collect();
        let text = Text::new(content.as_str());
        let mut quotes = Quotes::new(&text);
        for round in 0..500 {
            let start = content.floor_char_boundary(rng.usize(0..content.len()));
            let end = content.ceil_char_boundary((start + rng.usize(1..20)).min(content.len()));
            let quote = if round % 7 == 0 { format!("{}x", &content[start..end]) } else { content[start..end].to_owned() };
            let near = rng.usize(0..content.len());
            let all: Vec<usize> = content.match_indices(quote.as_str()).map(|(at, _)| at).take(MAX_CANDIDATES).collect();
            let found = match quotes.find(&quote, near) {
                Anchor::Exact(range) => vec![range],
                Anchor::Unique(range) => vec![range],
                Anchor::Candidates(ranges) => ranges,
                Anchor::Lost => vec![],
            };
            let mut found: Vec<usize> = found.into_iter().map(TextRange::start).collect();
            found.sort_unstable();
            assert!(found == all || found == [near], "{quote:?}: {found:?} {all:?}");
        }
        assert!(quotes.index.is_some());
    }

    #[test]
    fn a_text_that_is_made_to_take_long_is_given_up() {
        let text = Text::new("ab".repeat(100_000));
        let mut quotes = Quotes::new(&text);
        let found = (0..20_000).filter(|n| quotes.find(&format!("abab{n}"), 0) != Anchor::Lost).count();
        assert_eq!(found, 0);
        assert!(quotes.work < 2 * MOST_WORK);
    }
}
