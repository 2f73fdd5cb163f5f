//! Words and blanks that tile a text, for formats of tokens with offsets: joined, with a blank where one follows, they are the
//! text again.

use std::collections::BTreeSet;

use crate::text::TextRange;
use crate::text::word_bounds::word_bounds;

/// A word, a sign, or blanks that are more than one between two of these.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Token {
    /// First byte.
    pub(super) start: usize,
    /// Byte after the last.
    pub(super) end: usize,
    /// True where one space follows that is not a token of its own.
    pub(super) has_space: bool,
}

/// The tokens of a text, by the word boundaries of Unicode (UAX #29). Each mark begins with one and ends with one: a word is
/// divided where a mark divides it.
pub(super) fn tokens(text: &str, marks: impl IntoIterator<Item = TextRange>) -> Vec<Token> {
    let (mut starts, mut ends) = (BTreeSet::new(), BTreeSet::new());
    for mark in marks {
        starts.insert(mark.start());
        ends.insert(mark.end());
    }
    let mut cuts: Vec<usize> = starts.union(&ends).copied().collect();
    cuts.reverse();
    let mut tokens: Vec<Token> = Vec::new();
    for (start, word) in word_bounds(text) {
        let (mut start, end) = (start, start + word.len());
        while start < end {
            while cuts.pop_if(|cut| *cut <= start).is_some() {}
            let mut stop = cuts.last().map_or(end, |cut| end.min(*cut));
            if text.get(start..stop).is_some_and(|piece| piece.starts_with(' ')) {
                let is_free = !starts.contains(&start) && !ends.contains(&(start + 1));
                if let Some(last) = tokens.last_mut().filter(|last| is_free && last.end == start && !last.has_space) {
                    last.has_space = true;
                    start += 1;
                    continue;
                }
                // What stands between blanks and the next word is never joined to either.
                stop = stop.min(start + text.get(start..stop).map_or(1, |piece| piece.len() - piece.trim_start_matches(' ').len()));
            }
            tokens.push(Token { start, end: stop, has_space: false });
            start = stop;
        }
    }
    tokens
}

/// The numbers of a mark's first and last token.
pub(super) fn span_of(tokens: &[Token], mark: TextRange) -> Option<(usize, usize)> {
    let first = tokens.binary_search_by_key(&mark.start(), |token| token.start).ok()?;
    let last = tokens.binary_search_by_key(&mark.end(), |token| token.end).ok()?;
    Some((first, last))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Text;

    #[track_caller]
    fn check(text: &str, marks: &[&str], expected: &str) {
        let content = Text::new(text);
        let marks: Vec<TextRange> =
            marks.iter().map(|mark| content.range(text.find(mark).unwrap(), text.find(mark).unwrap() + mark.len()).unwrap()).collect();
        let tokens = tokens(text, marks.iter().copied());
        let shown: Vec<String> = tokens.iter().map(|t| format!("{}{}", &text[t.start..t.end], if t.has_space { "_" } else { "" })).collect();
        assert_eq!(shown.join("|"), expected);
        let joined: String = tokens.iter().map(|t| format!("{}{}", &text[t.start..t.end], if t.has_space { " " } else { "" })).collect();
        assert_eq!(joined, text);
        for mark in marks {
            let (first, last) = span_of(&tokens, mark).unwrap();
            assert_eq!((tokens[first].start, tokens[last].end), (mark.start(), mark.end()));
        }
    }

    #[test]
    fn tokens_tile_the_text_and_fit_every_mark() {
        check("Zoë 🎉 said:  so\n ok ", &[], "Zoë_|🎉_|said|:_| |so|\n_|ok_");
        check(" a   b", &[], " |a_|  |b");
        check("Kerryman left", &["Kerry", "man left"], "Kerry|man_|left");
        check("a b c", &["a ", " c"], "a| |b| |c");
        check("", &[], "");
    }
}
