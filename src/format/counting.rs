//! What the offsets of a file count: found out from its text, for every reader of offsets.
//!
//! A format's own unit comes first. Other programs count UTF-16 units, code points or bytes, count a byte order mark, or
//! see another kind of line end than the file has now, or mean by an end the last character instead of the one behind it. Where the file holds the surface text of its annotations, that
//! decides. Where it does not, the ends of words do: only a clear winner takes the place of the format's own unit.

use std::borrow::Cow;

use super::{Evidence, Receiver};
use crate::model::{Finding, Severity};
use crate::text::offsets::{OffsetMap, OffsetUnit};
use crate::text::segment::is_whole_words;
use crate::text::{Text, TextRange};

/// How the program that wrote the offsets saw the text's line ends.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum LineEnds {
    AsTheyAre,
    /// CR LF counted as one.
    Shortened,
    /// LF counted as two.
    Lengthened,
}

/// What the program that wrote the offsets meant by the end of a range, compared with what the format says.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Ends {
    AsTheFormatSays,
    /// The format says exclusive, and they are inclusive.
    OneFurther,
    /// The format says inclusive, and they are exclusive.
    OneNearer,
}

impl Ends {
    const ALL: [Self; 3] = [Self::AsTheFormatSays, Self::OneFurther, Self::OneNearer];

    fn meant(self, end: usize) -> Option<usize> {
        match self {
            Self::AsTheFormatSays => Some(end),
            Self::OneFurther => end.checked_add(1),
            Self::OneNearer => end.checked_sub(1),
        }
    }
}

/// One way to read offsets.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Counting {
    unit: OffsetUnit,
    line_ends: LineEnds,
    /// A byte order mark that is not part of the text was counted.
    counts_mark: bool,
    ends: Ends,
}

impl Counting {
    /// The text as it is, in this unit.
    pub(super) const fn plain(unit: OffsetUnit) -> Self {
        Self { unit, line_ends: LineEnds::AsTheyAre, counts_mark: false, ends: Ends::AsTheFormatSays }
    }

    /// Every way in these units, the plainest first.
    fn all(units: &[OffsetUnit]) -> Vec<Self> {
        let mut all = Vec::new();
        for ends in Ends::ALL {
            for line_ends in [LineEnds::AsTheyAre, LineEnds::Shortened, LineEnds::Lengthened] {
                for counts_mark in [false, true] {
                    all.extend(units.iter().map(|unit| Self { unit: *unit, line_ends, counts_mark, ends }));
                }
            }
        }
        all
    }

    /// What it counts.
    pub(super) const fn unit(self) -> OffsetUnit {
        self.unit
    }

    /// In words.
    pub(super) fn describe(self) -> String {
        let ends = match self.line_ends {
            LineEnds::AsTheyAre => "",
            LineEnds::Shortened => ", with each CR LF counted as one",
            LineEnds::Lengthened => ", with each line end counted as two",
        };
        let mark = if self.counts_mark { ", with a byte order mark in front" } else { "" };
        let range_ends = match self.ends {
            Ends::AsTheFormatSays => "",
            Ends::OneFurther => ", with ends that are the last character",
            Ends::OneNearer => ", with ends that are behind the last character",
        };
        format!("{}{ends}{mark}{range_ends}", self.unit)
    }

    /// How long a part of a text is, as this way counts it; a byte order mark in front is not in it.
    pub(super) fn len_of(self, text: &str) -> usize {
        let len = self.unit.len_of(text);
        match self.line_ends {
            LineEnds::AsTheyAre => len,
            LineEnds::Shortened => len - text.matches("\r\n").count(),
            LineEnds::Lengthened => len + text.matches('\n').count(),
        }
    }

    fn mark_width(self) -> usize {
        if self.counts_mark { self.unit.width('\u{feff}') } else { 0 }
    }

    /// Ways with the same footprint read the same in a text like this.
    fn footprint(self, traits: Traits) -> (OffsetUnit, u8, usize, Ends) {
        let unit = match self.unit {
            _ if traits.is_ascii => OffsetUnit::Bytes,
            OffsetUnit::Utf16 if !traits.has_astral => OffsetUnit::CodePoints,
            unit => unit,
        };
        let ends = match self.line_ends {
            LineEnds::Shortened if traits.has_cr_lf => 1,
            LineEnds::Lengthened if traits.has_lf => 2,
            _ => 0,
        };
        (unit, ends, self.mark_width(), self.ends)
    }
}

/// What makes ways of counting differ in a text.
#[derive(Clone, Copy)]
struct Traits {
    is_ascii: bool,
    has_astral: bool,
    has_lf: bool,
    has_cr_lf: bool,
}

impl Traits {
    fn of(text: &str) -> Self {
        // Only characters beyond the first plane begin with such a byte.
        let has_astral = text.bytes().any(|byte| byte >= 0xf0);
        Self { is_ascii: text.is_ascii(), has_astral, has_lf: text.contains('\n'), has_cr_lf: text.contains("\r\n") }
    }
}

/// A text as one way of counting sees it.
pub(super) struct View<'t> {
    counting: Counting,
    map: OffsetMap<'t>,
    // Bytes of the seen text before which a CR was left out or put in, ascending.
    shifts: Vec<usize>,
}

/// The text with the line ends that a way of counting saw. Kept beside the view, which borrows it.
pub(super) fn seen_text(text: &Text, counting: Counting) -> (Cow<'_, str>, Vec<usize>) {
    seen_part(text.as_str(), counting)
}

/// The same of a part of a text.
pub(super) fn seen_part(text: &str, counting: Counting) -> (Cow<'_, str>, Vec<usize>) {
    match counting.line_ends {
        LineEnds::AsTheyAre => (Cow::Borrowed(text), Vec::new()),
        LineEnds::Shortened => with_shifts(text.replace("\r\n", "\n"), text.match_indices("\r\n").map(|(i, _)| i), |i, n| i.saturating_sub(n)),
        LineEnds::Lengthened => with_shifts(text.replace('\n', "\r\n"), text.match_indices('\n').map(|(i, _)| i), |i, n| i + n),
    }
}

fn with_shifts(seen: String, ends: impl Iterator<Item = usize>, place: impl Fn(usize, usize) -> usize) -> (Cow<'static, str>, Vec<usize>) {
    let shifts = ends.enumerate().map(|(n, i)| place(i, n)).collect();
    (Cow::Owned(seen), shifts)
}

impl<'t> View<'t> {
    /// Reads the seen text once.
    pub(super) fn new(seen: &'t str, shifts: Vec<usize>, counting: Counting) -> Self {
        Self { counting, map: OffsetMap::new(seen, counting.unit), shifts }
    }

    /// A range of the real text.
    pub(super) fn range(&self, text: &Text, (start, end): (usize, usize)) -> Option<TextRange> {
        text.range(self.to_byte(start)?, self.to_byte(self.counting.ends.meant(end)?)?).ok()
    }

    /// All ranges of an annotation in the real text; none where one has no place or is empty.
    pub(super) fn ranges(&self, text: &Text, counted: &[(usize, usize)]) -> Option<Vec<TextRange>> {
        counted.iter().map(|range| self.range(text, *range)).collect()
    }

    /// The byte of the real text.
    pub(super) fn to_byte(&self, offset: usize) -> Option<usize> {
        let seen = self.map.to_byte(offset.checked_sub(self.counting.mark_width())?)?;
        let shifted = self.shifts.partition_point(|shift| *shift < seen);
        match self.counting.line_ends {
            LineEnds::AsTheyAre => Some(seen),
            LineEnds::Shortened => Some(seen + shifted),
            LineEnds::Lengthened => Some(seen - shifted),
        }
    }
}

/// True when the surface text in the file is that of the ranges, joined by a space or, by some programs, by nothing.
/// Every blank counts as a space there.
pub(super) fn is_surface(text: &Text, ranges: &[TextRange], surface: &str) -> bool {
    fits_surface(text, ranges, surface).is_some()
}

/// How the text of ranges is the surface text in the file.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Surface {
    Exact,
    /// But for blanks at its ends, which many programs cut off, and which an end that is one off takes in.
    Trimmed,
}

fn fits_surface(text: &Text, ranges: &[TextRange], surface: &str) -> Option<Surface> {
    if let [range] = ranges {
        let part = text.slice(*range);
        return if part == surface { Some(Surface::Exact) } else { compare(part, surface) };
    }
    let parts: Vec<&str> = ranges.iter().map(|range| text.slice(*range)).collect();
    compare(&parts.join(" "), surface).or_else(|| compare(&parts.concat(), surface))
}

fn compare(ours: &str, theirs: &str) -> Option<Surface> {
    let has_same_ends = || [ours, theirs].map(|text| (text.starts_with(char::is_whitespace), text.ends_with(char::is_whitespace)));
    let is_exact = || matches!(has_same_ends(), [one, other] if one == other);
    match is_same(ours, theirs) {
        true if is_exact() => Some(Surface::Exact),
        // Nothing is not the text of a blank.
        true if !theirs.trim().is_empty() => Some(Surface::Trimmed),
        _ => None,
    }
}

fn is_same(ours: &str, theirs: &str) -> bool {
    let blank = |c: char| if c.is_whitespace() || matches!(c, '\u{1c}'..='\u{1e}') { ' ' } else { c };
    let mut ours = squeeze(ours, blank);
    let mut theirs = squeeze(theirs, blank);
    loop {
        match (ours.next(), theirs.next()) {
            (None, None) => return true,
            (a, b) if a == b => {}
            _ => return false,
        }
    }
}

/// Runs of blanks count as one: a CR LF in the text is one space in the file.
fn squeeze(text: &str, blank: impl Fn(char) -> char) -> impl Iterator<Item = char> {
    let mut last = 'x';
    text.trim().chars().map(blank).filter(move |c| {
        let is_new = *c != ' ' || last != ' ';
        last = *c;
        is_new
    })
}

/// An annotation whose offsets are in question.
#[derive(Clone, Copy, Debug)]
pub(super) struct Counted<'c> {
    /// Its ranges, as the file counts.
    pub(super) ranges: &'c [(usize, usize)],
    /// Its text, where the file holds it.
    pub(super) surface: Option<&'c str>,
}

/// How many annotations fit under one way of counting.
#[derive(Clone, Copy, Default, Debug)]
struct Fits {
    /// Of those with a surface text, those that have it at their place.
    exact: usize,
    /// Those that have it but for blanks at its ends.
    trimmed: usize,
    /// Of those without, those that begin and end at words.
    words: usize,
    /// Those that have no place in the text.
    outside: usize,
}

/// Counts over all texts of a file how many annotations fit under each way of counting.
#[derive(Debug)]
pub(super) struct Tally {
    candidates: Vec<(Counting, Fits)>,
    /// Somebody has said the unit: without surface texts nothing else is guessed.
    is_chosen: bool,
    with_surface: usize,
    without: usize,
}

impl Tally {
    /// For a format whose own unit is this. A unit that somebody has chosen is the only one that is tried.
    pub(super) fn new(own: OffsetUnit, chosen: Option<OffsetUnit>) -> Self {
        let mut units = vec![own];
        units.extend(OffsetUnit::ALL.into_iter().filter(|unit| *unit != own));
        let candidates = match chosen {
            Some(unit) => Counting::all(&[unit]),
            None => Counting::all(&units),
        };
        let candidates = candidates.into_iter().map(|counting| (counting, Fits::default())).collect();
        Self { candidates, is_chosen: chosen.is_some(), with_surface: 0, without: 0 }
    }

    /// The same of the likeliest way only: see [`Self::fits_everywhere`].
    pub(super) fn of_own(own: OffsetUnit, chosen: Option<OffsetUnit>) -> Self {
        let candidates = vec![(Counting::plain(chosen.unwrap_or(own)), Fits::default())];
        Self { candidates, is_chosen: chosen.is_some(), with_surface: 0, without: 0 }
    }

    /// True where no other way of counting can fit better than the first one, so that the others need not be tried.
    pub(super) fn fits_everywhere(&self) -> bool {
        self.candidates.first().is_some_and(|(_, fits)| fits.exact + fits.words == self.with_surface + self.without)
    }

    /// Looks at the annotations of one text.
    pub(super) fn add(&mut self, text: &Text, spans: &[Counted<'_>]) {
        let with_surface = spans.iter().filter(|span| span.surface.is_some()).count();
        self.with_surface += with_surface;
        self.without += spans.len() - with_surface;
        let traits = Traits::of(text.as_str());
        let mut known: Vec<((OffsetUnit, u8, usize, Ends), Fits)> = Vec::new();
        for (counting, sum) in self.candidates.iter_mut().filter(|_| !spans.is_empty()) {
            let footprint = counting.footprint(traits);
            let fits = match known.iter().find(|(known, _)| *known == footprint) {
                Some((_, fits)) => *fits,
                None => fits_of(text, *counting, spans),
            };
            known.push((footprint, fits));
            sum.exact += fits.exact;
            sum.trimmed += fits.trimmed;
            sum.words += fits.words;
            sum.outside += fits.outside;
        }
    }

    /// The way of counting to read the file with.
    pub(super) fn choose(&self) -> Choice {
        let own = self.candidates.first().copied().unwrap_or((Counting::plain(OffsetUnit::default()), Fits::default()));
        let by_surface = self.with_surface > 0;
        let score = |fits: &Fits| if by_surface { 2 * fits.exact + fits.trimmed } else { fits.words };
        let count = |fits: &Fits| if by_surface { fits.exact + fits.trimmed } else { fits.words };
        let spans = if by_surface { self.with_surface } else { self.without };
        // Many a mark ends within a word: that all ends are one off needs more than that a few would be at words.
        let has_likely_ends = |counting: Counting, fits: &Fits| {
            by_surface || counting.ends == own.0.ends || fits.words >= own.1.words + MIN_GAIN_OF_ENDS && fits.words * 10 >= spans * 9
        };
        // The first of several equal ones.
        let likely = self.candidates.iter().rev().filter(|(counting, fits)| has_likely_ends(*counting, fits));
        let best = likely.max_by_key(|(_, fits)| score(fits)).copied().unwrap_or(own);
        let gain = if by_surface || !self.is_chosen { score(&best.1) - score(&own.1) } else { 0 };
        let is_most = count(&best.1) * 5 >= spans * 4;
        let is_clear = by_surface || best.1.outside < own.1.outside || gain >= MIN_GAIN && is_most;
        let (taken, other) = if gain > 0 && is_clear { (best, own) } else { (own, best) };
        // Blanks at the ends of quotes say nothing where the ends are in question.
        let other_fits = if by_surface && taken.0.ends != other.0.ends { other.1.exact } else { count(&other.1) };
        let less: Vec<(Counting, usize)> = self.candidates.iter().map(|(counting, fits)| (*counting, count(fits))).collect();
        let next = less.into_iter().rev().filter(|(_, fits)| *fits < count(&taken.1)).max_by_key(|(_, fits)| *fits);
        Choice {
            counting: taken.0,
            next,
            is_own: taken.0 == own.0,
            other: (gain > 0 && (is_clear || is_most)).then_some((other.0, other_fits)),
            fits: count(&taken.1),
            spans,
            by_surface,
        }
    }
}

/// So many more annotations must begin and end at words before that says anything.
const MIN_GAIN: usize = 2;
/// The same of other ends of ranges.
const MIN_GAIN_OF_ENDS: usize = 5;

/// How the offsets of a file are to be read, and how sure that is.
#[derive(Clone, Debug)]
pub(super) struct Choice {
    /// The way of counting.
    pub(super) counting: Counting,
    is_own: bool,
    /// The format's own way where another was taken, or one that would fit better but not clearly.
    other: Option<(Counting, usize)>,
    /// The best of those that fit less well, where others were tried.
    next: Option<(Counting, usize)>,
    fits: usize,
    spans: usize,
    by_surface: bool,
}

impl Choice {
    /// Says what was chosen, and a finding, in `file`, where the offsets are not what the format says.
    pub(super) fn tell(&self, rule: &'static str, file: &str, to: &mut dyn Receiver) {
        self.evidence().into_iter().for_each(|evidence| to.evidence(evidence));
        self.finding(rule).into_iter().for_each(|finding| to.finding(finding.in_file(file)));
    }

    /// What the annotations say; nothing where there are none.
    pub(super) fn evidence(&self) -> Option<Evidence> {
        let next = self.other.or(self.next).map(|(other, fits)| (other.describe(), fits));
        let evidence = || Evidence { counting: self.counting.describe(), by_words: self.by_surface, fits: self.fits, of: self.spans, next };
        (self.spans > 0).then(evidence)
    }

    /// What is to be said of it; nothing where the offsets are what the format says and fit.
    pub(super) fn finding(&self, rule: &'static str) -> Option<Finding> {
        let Some((other, other_fits)) = self.other else { return self.finding_of_few(rule) };
        let (what, other, of) = (self.counting.describe(), other.describe(), self.spans);
        let how = if self.by_surface { "have their text then" } else { "begin and end at words then" };
        Some(if self.is_own {
            let message = format!(
                "the offsets were read as {what} ({} of {of} annotations {how}). They may count {other} ({other_fits} of {of}); if so, import again with that unit",
                self.fits
            );
            Finding::new(Severity::Warning, rule, message)
        } else {
            Finding::new(Severity::Note, rule, format!("the offsets count {what}: {} of {of} annotations {how}, {other_fits} as {other}", self.fits))
        })
    }

    /// Where no way of counting fits.
    fn finding_of_few(&self, rule: &'static str) -> Option<Finding> {
        let Self { fits, spans, .. } = self;
        let how = if self.by_surface { "have their text at their offsets" } else { "begin and end at words" };
        let message =
            || format!("only {fits} of {spans} annotations {how}, whatever the offsets count. Perhaps this is not their text; look at them");
        let is_few = if self.by_surface { *spans >= FEW && fits * FEW < *spans } else { *spans >= MANY_WITHOUT && *fits == 0 };
        is_few.then(|| Finding::new(Severity::Warning, rule, message()))
    }
}

/// Where annotations have their words in the file, fewer than this part of them must fit before something is said of it; and there must
/// be so many.
const FEW: usize = 4;
/// Where they have none, none of so many must begin and end at words.
const MANY_WITHOUT: usize = 8;

/// The way of counting of one text. Others than the format's own are not looked at where that fits everywhere.
pub(super) fn choose_for_text(text: &Text, spans: &[Counted<'_>], own: OffsetUnit, chosen: Option<OffsetUnit>) -> Choice {
    let plain = Counting::plain(chosen.unwrap_or(own));
    let fits = fits_of(text, plain, spans);
    if fits.exact + fits.words == spans.len() {
        return Choice { counting: plain, is_own: true, other: None, next: None, fits: spans.len(), spans: spans.len(), by_surface: true };
    }
    let mut tally = Tally::new(own, chosen);
    tally.add(text, spans);
    tally.choose()
}

fn fits_of(text: &Text, counting: Counting, spans: &[Counted<'_>]) -> Fits {
    let (seen, shifts) = seen_text(text, counting);
    let view = View::new(&seen, shifts, counting);
    let mut fits = Fits::default();
    for span in spans {
        match (view.ranges(text, span.ranges), span.surface) {
            (None, _) => fits.outside += 1,
            (Some(ranges), Some(surface)) => match fits_surface(text, &ranges, surface) {
                Some(Surface::Exact) => fits.exact += 1,
                Some(Surface::Trimmed) => fits.trimmed += 1,
                None => {}
            },
            (Some(ranges), None) => fits.words += usize::from(ranges.iter().all(|range| is_at_words(text, *range))),
        }
    }
    fits
}

/// Nobody marks parts of words or blanks beside them as a rule.
fn is_at_words(text: &Text, range: TextRange) -> bool {
    let slice = text.slice(range);
    !slice.starts_with(char::is_whitespace) && !slice.ends_with(char::is_whitespace) && is_whole_words(text.as_str(), &range.as_range())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, start: usize, end: usize, surface: &str, expected: &str) {
        let text = Text::new(text);
        let ranges = [(start, end)];
        let choice = choose_for_text(&text, &[Counted { ranges: &ranges, surface: Some(surface) }], OffsetUnit::CodePoints, None);
        assert_eq!((choice.counting.describe().as_str(), choice.fits), (expected, 1));
        let (seen, shifts) = seen_text(&text, choice.counting);
        let range = View::new(&seen, shifts, choice.counting).range(&text, (start, end)).unwrap();
        assert_eq!(text.slice(range), surface);
    }

    #[test]
    fn the_unit_is_found_out() {
        let text = "Zoë 🎉 Smith said\r\nso. Ann";
        check(text, 6, 11, "Smith", "code-points");
        check(text, 7, 12, "Smith", "utf16");
        check(text, 10, 15, "Smith", "bytes");
        check(text, 7 + 15, 10 + 15, "Ann", "code-points");
        check(text, 6 + 15, 9 + 15, "Ann", "code-points, with each CR LF counted as one");
        check("a\nb\nAnn", 6, 9, "Ann", "code-points, with each line end counted as two");
        check("Bobby Ann Bob", 7, 10, "Ann", "code-points, with a byte order mark in front");
        check("Bobby met Zoë", 6, 8, "met", "code-points, with ends that are the last character");
        check("Bobby met Zoë", 6, 10, "met", "code-points, with ends that are behind the last character");
    }

    #[test]
    fn blanks_at_the_ends_of_quotes_do_not_hide_ends_that_are_one_off() {
        let text = Text::new("Ann said no to Bob today");
        let ranges = [[(0, 4)], [(15, 19)]];
        let choose = |surfaces: [&str; 2]| {
            let spans: Vec<Counted<'_>> = ranges.iter().zip(surfaces).map(|(ranges, surface)| Counted { ranges, surface: Some(surface) }).collect();
            let choice = choose_for_text(&text, &spans, OffsetUnit::CodePoints, None);
            (choice.counting.describe(), choice.finding("x").map(|finding| finding.message).unwrap_or_default())
        };
        let (counting, said) = choose(["Ann", "Bob"]);
        assert_eq!(counting, "code-points, with ends that are behind the last character");
        assert!(said.contains("2 of 2") && said.contains(", 0 as code-points"), "{said}");
        assert_eq!(choose(["Ann ", "Bob "]), ("code-points".to_owned(), String::new()));
    }

    /// What a file of one text without surface texts is taken for, and what is said.
    fn without_surface(text: &str, ranges: &[(usize, usize)], chosen: Option<OffsetUnit>) -> (String, String) {
        let ranges: Vec<[(usize, usize); 1]> = ranges.iter().map(|range| [*range]).collect();
        let spans: Vec<Counted<'_>> = ranges.iter().map(|ranges| Counted { ranges, surface: None }).collect();
        let mut tally = Tally::new(OffsetUnit::Utf16, chosen);
        tally.add(&Text::new("Nothing here tells units apart."), &[]);
        tally.add(&Text::new(text), &spans);
        let choice = tally.choose();
        (choice.counting.describe(), choice.finding("x").map(|finding| finding.message).unwrap_or_default())
    }

    #[test]
    fn without_surface_texts_the_ends_of_words_decide_where_they_are_clear() {
        let text = "🎉 Ann Smith met Bob Stone";
        let check = |ranges: &[(usize, usize)], chosen, unit: &str, said: &str| {
            let (found, message) = without_surface(text, ranges, chosen);
            assert!(found == unit && message.contains(said) && message.is_empty() == said.is_empty(), "{found}: {message}");
        };
        check(&[(3, 6), (7, 12)], None, "utf16", "");
        check(&[(2, 5), (6, 11)], None, "code-points", "2 of 2 annotations begin and end at words then, 0 as utf16");
        check(&[(2, 5)], None, "utf16", "may count code-points (1 of 1)");
        check(&[(23, 28)], None, "bytes", "1 of 1");
        check(&[(2, 5), (6, 11)], Some(OffsetUnit::Utf16), "utf16", "");
        let inclusive = [(3, 5), (7, 11), (13, 15), (17, 19), (21, 25), (3, 11)];
        check(&inclusive, None, "utf16, with ends that are the last character", "6 of 6 annotations begin and end at words then");
        check(&inclusive[..4], None, "utf16", "");
        let nonsense = [(4, 9), (5, 14), (9, 18), (8, 19), (4, 14), (5, 18), (9, 19), (8, 14)];
        check(&nonsense, None, "utf16", "only 0 of 8 annotations begin and end at words");
        check(&nonsense[..7], None, "utf16", "");
    }
}
