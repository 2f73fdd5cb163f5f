//! The two switches on a selection: snap to words, trim blanks and final punctuation.

use super::segment::word_at;
use super::{Text, TextRange};

/// What happens to a fresh selection before it becomes a span. What is stored is exactly what is then shown.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Snapping {
    /// Widen to whole words.
    pub words: bool,
    /// Cut blanks at both ends and punctuation at the end.
    pub trim: bool,
}

impl Default for Snapping {
    fn default() -> Self {
        Self { words: true, trim: true }
    }
}

impl Snapping {
    /// Applies the switches. A selection of nothing but blanks and punctuation stays as it is.
    #[must_use]
    pub fn apply(self, text: &Text, range: TextRange) -> TextRange {
        let trimmed = if self.trim { trim(text, range) } else { range };
        let widened = if self.words { widen(text, trimmed) } else { trimmed };
        if self.trim { trim(text, widened) } else { widened }
    }
}

/// Without blanks at both ends and without final punctuation (but with a closing bracket or quote whose
/// opening one is inside, with `%`, and with the full stop of an abbreviation such as "U.S.").
#[must_use]
pub fn trim(text: &Text, range: TextRange) -> TextRange {
    let quote = text.slice(range);
    let start = range.start() + (quote.len() - quote.trim_start().len());
    let mut kept = quote.trim();
    while let Some(c) = kept.chars().next_back().filter(|c| is_trimmed(*c, kept)) {
        kept = kept.strip_suffix(c).unwrap_or_default().trim_end();
    }
    text.range(start, start + kept.len()).unwrap_or(range)
}

fn is_trimmed(last: char, quote: &str) -> bool {
    match last {
        '.' => !is_dotted_abbreviation(quote),
        ',' | ';' | ':' | '!' | '?' | '…' | '、' | '。' | '，' | '؛' | '،' | '؟' => true,
        ')' => !quote.contains('('),
        ']' => !quote.contains('['),
        '”' => !quote.contains('“'),
        '’' => !quote.contains('‘'),
        '»' => !quote.contains('«'),
        '"' => quote.matches('"').count() == 1,
        _ => false,
    }
}

fn is_dotted_abbreviation(quote: &str) -> bool {
    let word = quote.rsplit(char::is_whitespace).next().unwrap_or_default();
    let parts: Vec<&str> = word.strip_suffix('.').unwrap_or_default().split('.').collect();
    parts.len() > 1 && parts.iter().all(|part| part.chars().count() == 1)
}

fn widen(text: &Text, range: TextRange) -> TextRange {
    let is_blank = |offset: usize| text.as_str().get(offset..).and_then(|t| t.chars().next()).is_none_or(char::is_whitespace);
    let start = if is_blank(range.start()) { range.start() } else { word_at(text.as_str(), range.start()).start.min(range.start()) };
    let last = super::segment::previous_grapheme(text.as_str(), range.end());
    let end = if is_blank(last) { range.end() } else { word_at(text.as_str(), last).end.max(range.end()) };
    text.range(start, end).unwrap_or(range)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(marked: &str, snapping: Snapping, expected: &str) {
        let start = marked.find('«').unwrap();
        let end = marked.find('»').unwrap() - '«'.len_utf8();
        let text = Text::new(marked.replace(['«', '»'], ""));
        let range = text.range(start, end).unwrap();
        assert_eq!(text.slice(snapping.apply(&text, range)), expected);
    }

    const BOTH: Snapping = Snapping { words: true, trim: true };

    #[test]
    fn selection_snaps_to_words() {
        check("John Ke«rry, sa»id so", BOTH, "Kerry, said");
        check("J«ohn» Kerry", BOTH, "John");
        check("a «b» c", BOTH, "b");
    }

    #[test]
    fn selection_is_trimmed() {
        check("said« Kerry, »now", BOTH, "Kerry");
        check("in «Syria.»", BOTH, "Syria");
        check("the «U.S.»", BOTH, "U.S.");
        check("«Lavrov (L)» speaks", BOTH, "Lavrov (L)");
        check("up «5%» now", Snapping { words: false, trim: true }, "5%");
    }

    #[test]
    fn switches_off_keep_the_selection() {
        check("Ke«rry, »x", Snapping { words: false, trim: false }, "rry, ");
    }

    #[test]
    fn nothing_but_blanks_stays() {
        check("a« »b", BOTH, " ");
    }
}
