//! What the offsets of an `.ann` file count: found out by comparing them with the surface text in the file.
//!
//! brat itself counts code points of the file as it is. Other programs count UTF-16 units or bytes, count a byte order
//! mark, or see another kind of line end than the file has now.

use std::borrow::Cow;

use crate::text::offsets::{OffsetMap, OffsetUnit};
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

/// One way to read offsets.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Counting {
    unit: OffsetUnit,
    line_ends: LineEnds,
    /// A byte order mark that is not part of the text was counted.
    counts_mark: bool,
}

impl Counting {
    /// What brat does.
    pub(super) const BRAT: Self = Self { unit: OffsetUnit::CodePoints, line_ends: LineEnds::AsTheyAre, counts_mark: false };

    /// Every way, brat's own first.
    pub(super) fn all() -> impl Iterator<Item = Self> {
        let marks = [false, true];
        let ends = [LineEnds::AsTheyAre, LineEnds::Shortened, LineEnds::Lengthened];
        let of = move |line_ends| marks.into_iter().flat_map(move |counts_mark| OffsetUnit::ALL.map(|unit| Self { unit, line_ends, counts_mark }));
        ends.into_iter().flat_map(of)
    }

    /// In words.
    pub(super) fn describe(self) -> String {
        let ends = match self.line_ends {
            LineEnds::AsTheyAre => "",
            LineEnds::Shortened => ", with each CR LF counted as one",
            LineEnds::Lengthened => ", with each line end counted as two",
        };
        format!("{}{ends}{}", self.unit, if self.counts_mark { ", with a byte order mark in front" } else { "" })
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
    let text = text.as_str();
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
        text.range(self.to_byte(start)?, self.to_byte(end)?).ok()
    }

    /// The byte of the real text.
    pub(super) fn to_byte(&self, offset: usize) -> Option<usize> {
        let mark = if self.counting.counts_mark { self.counting.unit.width('\u{feff}') } else { 0 };
        let seen = self.map.to_byte(offset.checked_sub(mark)?)?;
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
    let parts: Vec<&str> = ranges.iter().map(|range| text.slice(*range)).collect();
    is_same(&parts.join(" "), surface) || parts.len() > 1 && is_same(&parts.concat(), surface)
}

fn is_same(ours: &str, theirs: &str) -> bool {
    let blank = |c: char| if c.is_whitespace() || super::is_break(c) { ' ' } else { c };
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

/// The way of counting under which most spans have their surface text; of equal ones the first.
pub(super) fn best_counting(text: &Text, spans: &[(Vec<(usize, usize)>, String)]) -> (Counting, usize) {
    let mut best = (Counting::BRAT, 0);
    for (n, counting) in Counting::all().enumerate() {
        let (seen, shifts) = seen_text(text, counting);
        let view = View::new(&seen, shifts, counting);
        let fits = spans.iter().filter(|(fragments, surface)| fits(text, &view, fragments, surface)).count();
        if n == 0 || fits > best.1 {
            best = (counting, fits);
        }
        if best.1 == spans.len() {
            break;
        }
    }
    best
}

fn fits(text: &Text, view: &View<'_>, fragments: &[(usize, usize)], surface: &str) -> bool {
    let ranges: Option<Vec<TextRange>> = fragments.iter().map(|fragment| view.range(text, *fragment)).collect();
    ranges.is_some_and(|ranges| is_surface(text, &ranges, surface))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, start: usize, end: usize, surface: &str, expected: &str) {
        let text = Text::new(text);
        let spans = [(vec![(start, end)], surface.to_owned())];
        let (counting, fits) = best_counting(&text, &spans);
        assert_eq!((counting.describe().as_str(), fits), (expected, 1));
        let (seen, shifts) = seen_text(&text, counting);
        let range = View::new(&seen, shifts, counting).range(&text, (start, end)).unwrap();
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
    }
}
