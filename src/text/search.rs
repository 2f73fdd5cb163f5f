//! Finding strings in a text, at the speed of the memory where it can be done.
//!
//! [`Needles`] are compiled once and then used for any number of texts. One string is looked for with `memchr`, several
//! at once with `aho-corasick`; with case ignored all ways to write their beginnings are looked for, and what follows is
//! compared. Case is folded as in `text/fold.rs`: `ähre` finds `ÄHRE`, `straße` finds `STRAẞE` but not `STRASSE`.

use std::collections::{BTreeMap, HashMap};
use std::ops::Range;

use aho_corasick::packed::{self, Searcher};
use aho_corasick::{AhoCorasick, Input, MatchKind, Span};
use memchr::memmem::Finder;

use super::fold::{FoldedText, fold, fold_all, ways_to_write};
use super::segment::is_whole_words;
use super::{Text, TextRange};

/// Whether `a` finds `A`.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Case {
    /// `a` finds `A`.
    #[default]
    Ignored,
    /// `a` finds only `a`.
    Matters,
}

/// Whether parts of words count.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Bounds {
    /// `art` finds the middle of `party`.
    #[default]
    Anywhere,
    /// Only whole words, see [`is_whole_words`].
    WholeWords,
}

/// At most this many hits are returned; more are of no use to a reader.
pub const MAX_HITS: usize = 100_000;
/// Beginnings of needles that ignore case have so many characters at most.
const MAX_BEGINNING: usize = 4;
/// So many ways to write beginnings are looked for at once; with more a folded copy of the text is quicker.
const MAX_WAYS: usize = 64;

/// One or several strings to look for. Cheap to share by reference between threads.
#[derive(Clone, Debug)]
pub struct Needles {
    matcher: Matcher,
    bounds: Bounds,
    case: Case,
    // By needle: lengths in characters of the needles that it begins with, the longest first. What is taken where the
    // longest is no whole word. Only needles with such beginnings are here.
    beginnings: HashMap<String, Vec<usize>>,
}

#[derive(Clone, Debug)]
enum Matcher {
    Nothing,
    One(Finder<'static>),
    Few(Searcher),
    Many(AhoCorasick),
    Beginnings(Beginnings),
    // Folded needles in a folded text.
    Folded(AhoCorasick),
}

impl Needles {
    /// Compiles strings; empty ones find nothing. Where several fit at a place, the longest counts.
    pub fn new<S: AsRef<str>>(needles: impl IntoIterator<Item = S>, case: Case, bounds: Bounds) -> Self {
        let mut needles: Vec<String> = needles.into_iter().map(|needle| needle.as_ref().to_owned()).filter(|needle| !needle.is_empty()).collect();
        needles.sort_unstable();
        needles.dedup();
        let beginnings = if bounds == Bounds::WholeWords { beginnings(&needles, case) } else { HashMap::new() };
        Self { matcher: matcher(&needles, case), bounds, case, beginnings }
    }

    /// One string.
    #[must_use]
    pub fn one(needle: &str, case: Case, bounds: Bounds) -> Self {
        Self::new([needle], case, bounds)
    }

    /// True when there is nothing to look for.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        matches!(self.matcher, Matcher::Nothing)
    }

    /// All places, in text order, without overlaps.
    #[must_use]
    pub fn find<'n, 't>(&'n self, text: &'t str) -> Hits<'n, 't> {
        let folded = match &self.matcher {
            Matcher::Folded(_) => FoldedText::new(text),
            _ => FoldedText::default(),
        };
        Hits { needles: self, text, folded, at: 0 }
    }

    /// All places in a text, [`MAX_HITS`] at most.
    #[must_use]
    pub fn find_in(&self, text: &Text) -> Vec<TextRange> {
        self.find(text.as_str()).take(MAX_HITS).filter_map(|hit| text.range(hit.start, hit.end).ok()).collect()
    }

    /// The first of the needles' places at or behind `at`, whole words or not.
    fn first_from(&self, text: &str, folded: &FoldedText, at: usize) -> Option<Range<usize>> {
        match &self.matcher {
            Matcher::Nothing => None,
            Matcher::One(finder) => {
                let start = at + finder.find(text.as_bytes().get(at..)?)?;
                Some(start..start + finder.needle().len())
            }
            Matcher::Few(searcher) => searcher.find_in(text, Span { start: at, end: text.len() }).map(|hit| hit.start()..hit.end()),
            Matcher::Many(automaton) => automaton.find(Input::new(text).range(at..)).map(|hit| hit.range()),
            Matcher::Beginnings(beginnings) => beginnings.find(text, at),
            Matcher::Folded(automaton) => folded.find(automaton, at),
        }
    }

    /// The whole words at a hit: itself, or a shorter needle at the same start.
    fn whole_words(&self, text: &str, hit: &Range<usize>) -> Option<Range<usize>> {
        if is_whole_words(text, hit) {
            return Some(hit.clone());
        }
        if self.beginnings.is_empty() {
            return None;
        }
        let found = text.get(hit.clone())?;
        let lengths = self.beginnings.get(&key(found, self.case))?;
        let shorter = lengths.iter().filter_map(|chars| Some(hit.start..hit.start + found.char_indices().nth(*chars)?.0));
        shorter.into_iter().find(|shorter| is_whole_words(text, shorter))
    }
}

/// The places of needles in a text, see [`Needles::find`].
#[derive(Debug)]
pub struct Hits<'n, 't> {
    needles: &'n Needles,
    text: &'t str,
    folded: FoldedText,
    // Where to go on.
    at: usize,
}

impl Iterator for Hits<'_, '_> {
    type Item = Range<usize>;

    fn next(&mut self) -> Option<Range<usize>> {
        loop {
            let hit = self.needles.first_from(self.text, &self.folded, self.at)?;
            if self.needles.bounds == Bounds::Anywhere {
                self.at = hit.end;
                return Some(hit);
            }
            if let Some(words) = self.needles.whole_words(self.text, &hit) {
                self.at = words.end;
                return Some(words);
            }
            self.at = hit.start + self.text.get(hit.start..)?.chars().next()?.len_utf8();
        }
    }
}

/// All places of `needle`, in text order, without overlaps. Empty for an empty needle.
#[must_use]
pub fn find_all(text: &Text, needle: &str, case: Case) -> Vec<TextRange> {
    Needles::one(needle, case, Bounds::Anywhere).find_in(text)
}

fn matcher(needles: &[String], case: Case) -> Matcher {
    match (needles, case) {
        ([], _) => Matcher::Nothing,
        ([one], Case::Matters) => Matcher::One(Finder::new(one).into_owned()),
        (several, Case::Matters) => few(several).map_or_else(|| automaton(several).map_or(Matcher::Nothing, Matcher::Many), Matcher::Few),
        (several, Case::Ignored) => Beginnings::new(several).map_or_else(|| folded(several), Matcher::Beginnings),
    }
}

/// None where there are too many, or where this processor cannot do it.
fn few(needles: &[String]) -> Option<Searcher> {
    packed::Config::new().match_kind(packed::MatchKind::LeftmostLongest).builder().extend(needles).build()
}

fn automaton(needles: &[String]) -> Option<AhoCorasick> {
    // Fails only for more than two thousand million characters of needles.
    AhoCorasick::builder().match_kind(MatchKind::LeftmostLongest).build(needles).ok()
}

fn folded(needles: &[String]) -> Matcher {
    let folded: Vec<String> = needles.iter().map(|needle| key(needle, Case::Ignored)).collect();
    automaton(&folded).map_or(Matcher::Nothing, Matcher::Folded)
}

/// What is equal for strings that are the same to a search.
fn key(text: &str, case: Case) -> String {
    match case {
        Case::Matters => text.to_owned(),
        Case::Ignored => fold_all(text),
    }
}

fn beginnings(needles: &[String], case: Case) -> HashMap<String, Vec<usize>> {
    let mut keys: Vec<String> = needles.iter().map(|needle| key(needle, case)).collect();
    keys.sort_unstable();
    keys.dedup();
    let mut found = HashMap::new();
    // Those that the one at hand may begin with, each beginning with the one before it.
    let mut open: Vec<String> = Vec::new();
    for needle in keys {
        while open.last().is_some_and(|last| !needle.starts_with(last.as_str())) {
            open.pop();
        }
        if !open.is_empty() {
            found.insert(needle.clone(), open.iter().rev().map(|shorter| shorter.chars().count()).collect());
        }
        open.push(needle);
    }
    found
}

/// Needles that ignore case, found by the ways to write their beginnings.
#[derive(Clone, Debug)]
struct Beginnings {
    searcher: Searcher,
    // By way to write a beginning, as the searcher numbers them: the folded needles that begin so, the longest first.
    needles: Vec<Vec<Box<[char]>>>,
}

impl Beginnings {
    /// None where there are too many ways to write them, or where this processor cannot look for them at once.
    fn new(needles: &[String]) -> Option<Self> {
        let mut folded: Vec<Box<[char]>> = needles.iter().map(|needle| needle.chars().map(fold).collect()).collect();
        folded.sort_by(|a, b| b.len().cmp(&a.len()).then_with(|| a.cmp(b)));
        folded.dedup();
        let shortest = folded.last()?.len();
        if folded.len() > MAX_WAYS {
            return None;
        }
        (1..=shortest.min(MAX_BEGINNING)).rev().find_map(|len| Self::with_len(&folded, len))
    }

    /// With beginnings of this length, all of the same length so that none hides another.
    fn with_len(folded: &[Box<[char]>], len: usize) -> Option<Self> {
        let mut ways: BTreeMap<String, Vec<Box<[char]>>> = BTreeMap::new();
        for needle in folded {
            for way in ways_to_write(needle.get(..len)?, MAX_WAYS)? {
                ways.entry(way).or_default().push(needle.clone());
            }
        }
        if ways.len() > MAX_WAYS {
            return None;
        }
        let searcher = packed::Config::new().match_kind(packed::MatchKind::LeftmostFirst).builder().extend(ways.keys()).build()?;
        Some(Self { searcher, needles: ways.into_values().collect() })
    }

    fn find(&self, text: &str, mut at: usize) -> Option<Range<usize>> {
        loop {
            let hit = self.searcher.find_in(text, Span { start: at, end: text.len() })?;
            let (rest, needles) = (text.get(hit.start()..)?, self.needles.get(hit.pattern().as_usize())?);
            if let Some(len) = needles.iter().find_map(|needle| len_of(rest, needle)) {
                return Some(hit.start()..hit.start() + len);
            }
            at = hit.start() + rest.chars().next()?.len_utf8();
        }
    }
}

/// How many bytes of a text the folded needle takes at its start.
fn len_of(text: &str, needle: &[char]) -> Option<usize> {
    let mut rest = text.chars();
    let fits = needle.iter().all(|wanted| rest.next().is_some_and(|c| fold(c) == *wanted));
    fits.then(|| text.len() - rest.as_str().len())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn hits<'t>(text: &'t str, needles: &[&str], case: Case, bounds: Bounds) -> Vec<&'t str> {
        Needles::new(needles, case, bounds).find(text).map(|hit| &text[hit]).collect()
    }

    #[test]
    fn case_can_matter() {
        let text = Text::new("Ähre ähre (ÄHRE)");
        assert_eq!(find_all(&text, "ähre", Case::Ignored).len(), 3);
        assert_eq!(find_all(&text, "ähre", Case::Matters).len(), 1);
        assert_eq!(find_all(&text, "(", Case::Ignored).len(), 1);
        assert_eq!(find_all(&text, "", Case::Ignored).len(), 0);
        assert_eq!(hits("ΣΑΣ σας Kerry \u{212a}ERRY", &["ΣΑΣ", "kerry"], Case::Ignored, Bounds::Anywhere).len(), 4);
        assert_eq!(hits("STRASSE STRAẞE", &["straße"], Case::Ignored, Bounds::Anywhere), ["STRAẞE"]);
    }

    #[test]
    fn the_longest_counts() {
        for case in [Case::Matters, Case::Ignored] {
            assert_eq!(hits("New York Times", &["New", "New York", "York Times"], case, Bounds::Anywhere), ["New York"]);
        }
    }

    #[test]
    fn only_whole_words() {
        for case in [Case::Matters, Case::Ignored] {
            let check = |text, needles: &[&str], expected: &[&str]| assert_eq!(hits(text, needles, case, Bounds::WholeWords), expected, "{text}");
            check("Kerry, Kerry’s Kerryman McKerry", &["Kerry"], &["Kerry", "Kerry"]);
            check("a New Yorker", &["New", "New York"], &["New"]);
            check("aaa aa", &["aa"], &["aa"]);
            check("他在北京市说", &["北京"], &["北京"]);
            check("é e\u{301}", &["e"], &[]);
        }
    }

    fn needle() -> impl Strategy<Value = String> {
        "[abABäÄßẞſsSK\u{212a} ]{1,3}"
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(500))]

        #[test]
        fn every_way_to_search_finds_the_same(text in "[abABäÄßẞſsSkK\u{212a}ȺⱥI ]{0,30}", needles in proptest::collection::vec(needle(), 1..6)) {
            let mut needles = needles;
            needles.sort_unstable();
            needles.dedup();
            let find = |matcher: Matcher, case| {
                let needles = Needles { matcher, case, bounds: Bounds::Anywhere, beginnings: HashMap::new() };
                needles.find(&text).collect::<Vec<_>>()
            };
            let expected = find(Matcher::Many(automaton(&needles).unwrap()), Case::Matters);
            prop_assert_eq!(&find(matcher(&needles, Case::Matters), Case::Matters), &expected);
            let expected = find(Matcher::Beginnings(Beginnings::new(&needles).unwrap()), Case::Ignored);
            prop_assert_eq!(find(folded(&needles), Case::Ignored), expected.clone());
            needles.sort_by_key(|needle| std::cmp::Reverse(needle.chars().count()));
            let pattern = regex::RegexBuilder::new(&needles.join("|")).case_insensitive(true).build().unwrap();
            prop_assert_eq!(pattern.find_iter(&text).map(|hit| hit.range()).collect::<Vec<_>>(), expected);
        }

        #[test]
        fn whole_words_are_whole(text in "[ab 北]{0,30}", needles in proptest::collection::vec("[ab]{1,3}( [ab])?", 1..6), ignored in any::<bool>()) {
            let case = if ignored { Case::Ignored } else { Case::Matters };
            let needles = Needles::new(&needles, case, Bounds::WholeWords);
            let mut end = 0;
            for hit in needles.find(&text) {
                prop_assert!(hit.start >= end && is_whole_words(&text, &hit));
                end = hit.end;
            }
        }
    }
}
