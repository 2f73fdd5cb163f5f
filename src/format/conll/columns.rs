//! Finds out what the columns of a file hold: from its header, or from what stands in them.

use std::collections::VecDeque;
use std::str::{SplitAsciiWhitespace, SplitWhitespace};

use crate::format::FormatError;
use crate::format::kept_lines::{KNOWN_TAILS, TabCells, lines, split_behind, split_tabs};
use crate::format::pieces::TextFile;
use crate::format::tags::{Letters, LettersReader, Tag};

/// Columns behind these are not looked at.
const MAX_COLUMNS: usize = 100;
/// Of so many lines it is looked how many cells they have.
const SAMPLE_LINES: usize = 1000;
/// Labels of the chunk column of CoNLL-2003: parts of sentences, not names.
const CHUNKS: [&str; 12] = ["NP", "VP", "PP", "ADVP", "ADJP", "SBAR", "PRT", "CONJP", "INTJ", "LST", "UCP", "NC"];
/// What a column holds.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Use {
    /// Nothing that is read; false where there is nothing in it.
    Unused(bool),
    /// The tokens.
    Token,
    /// Tags of spans.
    Tags,
    /// Tags of spans whose labels another column may say more exactly.
    Coarse,
    /// The exact labels of the coarse column.
    Fine,
    /// What a span means beside what its label says.
    Metonymic,
    /// Wikidata ids.
    Link,
    /// Flags with `|` between them: `NoSpaceAfter`, `EndOfLine`.
    Flags,
}

/// Each use in words.
const NAMES: [(&str, Use); 9] = [
    ("-", Use::Unused(false)),
    ("other", Use::Unused(true)),
    ("token", Use::Token),
    ("tags", Use::Tags),
    ("coarse", Use::Coarse),
    ("fine", Use::Fine),
    ("metonymic", Use::Metonymic),
    ("link", Use::Link),
    ("flags", Use::Flags),
];

/// What a line is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum LineKind<'l> {
    Blank,
    Header,
    /// `-DOCSTART-` with what stands behind it.
    DocStart(&'l str),
    Comment(&'l str),
    Token,
}

/// How a file is to be read.
#[derive(Debug)]
pub(super) struct Columns {
    has_tabs: bool,
    has_header: bool,
    usual_cells: usize,
    pub(super) uses: Vec<Use>,
    pub(super) letters: Letters,
}

/// What was seen in a column.
#[derive(Debug, Default)]
struct Seen {
    cells: usize,
    tags: usize,
    inside: usize,
    has_content: bool,
    has_names: bool,
    runs: LettersReader,
    last_number: Option<usize>,
    is_miscounted: bool,
}

/// What stands behind the first cell of many lines, and in how many it was not looked at cell by cell.
struct Tail {
    text: String,
    /// In which of its cells stands `O`.
    outside: Vec<usize>,
    repeats: usize,
}

impl Seen {
    fn add(&mut self, cell: &str) {
        self.cells += 1;
        // Most cells say that there is nothing.
        match cell.as_bytes() {
            b"O" => {
                (self.tags, self.is_miscounted) = (self.tags + 1, true);
                return self.runs.push(Tag::Outside);
            }
            b"_" | b"-" => return self.is_miscounted = true,
            _ => {}
        }
        // What stands where nothing is known is no content.
        self.has_content = self.has_content || !matches!(cell.as_bytes(), [] | [b'_' | b'-' | b'*' | b'O'] | b"-X-");
        if !self.is_miscounted {
            let number = cell.parse().ok();
            self.is_miscounted = number.is_none_or(|n: usize| n > 1 && self.last_number.is_none_or(|last| last + 1 != n));
            self.last_number = number;
        }
        if let Some(tag) = Tag::parse(cell) {
            self.tags += 1;
            if let Tag::Inside(_, label) = tag {
                self.inside += 1;
                self.has_names |= !CHUNKS.contains(&label);
            }
            self.runs.push(tag);
        }
    }

    /// Some cells may be broken.
    fn is_tags(&self) -> bool {
        self.inside > 0 && self.tags * 5 >= self.cells * 4
    }
}

impl Columns {
    /// Looks through a file.
    ///
    /// # Errors
    /// When it cannot be read.
    pub(super) fn find(file: &TextFile<'_>) -> Result<Self, FormatError> {
        let all = || lines(file.start()).filter(|line| !line.trim().is_empty());
        let sample = || all().filter(|line| !line.starts_with("# ")).take(SAMPLE_LINES);
        let (lines, with_tab) = sample().fold((0, 0), |(lines, tabs), line| (lines + 1, tabs + usize::from(line.contains('\t'))));
        let has_header = all().next().is_some_and(|line| line.starts_with("TOKEN\t"));
        let mut columns =
            Self { has_tabs: has_header || with_tab * 2 > lines, has_header, usual_cells: 0, uses: Vec::new(), letters: Letters::default() };
        let mut counts = vec![0_usize; MAX_COLUMNS + 1];
        for line in sample() {
            counts.get_mut(columns.cells(line).count()).into_iter().for_each(|count| *count += 1);
        }
        columns.usual_cells = counts.iter().enumerate().max_by_key(|(_, count)| **count).map_or(0, |(cells, _)| cells);
        let seen = columns.look(file)?;
        let first = all().next().unwrap_or_default();
        columns.uses = if has_header { by_header(first, &seen) } else { by_content(first, &seen) };
        for (seen, _) in seen.iter().zip(&columns.uses).filter(|(_, of)| matches!(of, Use::Tags | Use::Coarse)) {
            columns.letters.join(seen.runs.letters());
        }
        Ok(columns)
    }

    fn look(&self, file: &TextFile<'_>) -> Result<Vec<Seen>, FormatError> {
        let (mut seen, mut tails): (Vec<Seen>, VecDeque<Tail>) = Default::default();
        file.each(&mut |piece| {
            lines(piece.text).for_each(|line| self.look_at(line, &mut seen, &mut tails));
            Ok(())
        })?;
        tails.iter().for_each(|tail| self.count(tail, &mut seen));
        Ok(seen)
    }

    fn look_at(&self, line: &str, seen: &mut Vec<Seen>, tails: &mut VecDeque<Tail>) {
        match self.kind(line) {
            LineKind::Token => {
                let cut = if self.has_tabs { split_behind(line, 1) } else { None };
                if let (Some((head, tail)), Some((first, others))) = (cut, seen.split_first_mut())
                    && let Some(known) = tails.iter_mut().find(|known| known.text == tail)
                {
                    first.add(trim(head));
                    for column in &known.outside {
                        others.get_mut(*column).into_iter().for_each(|seen| seen.runs.end());
                    }
                    known.repeats += 1;
                    return;
                }
                for (index, cell) in self.cells(line).enumerate() {
                    if seen.len() <= index {
                        seen.push(Seen::default());
                    }
                    seen.get_mut(index).into_iter().for_each(|seen| seen.add(cell));
                }
                if let Some((_, tail)) = cut.filter(|(_, tail)| self.says_nothing_new(tail, seen)) {
                    if tails.len() == KNOWN_TAILS {
                        tails.pop_back().into_iter().for_each(|tail| self.count(&tail, seen));
                    }
                    let outside = self.cells(tail).enumerate().filter(|(_, cell)| *cell == "O").map(|(column, _)| column).collect();
                    tails.push_front(Tail { text: tail.to_owned(), outside, repeats: 0 });
                }
            }
            LineKind::Blank => seen.iter_mut().for_each(|seen| seen.runs.end()),
            _ => {}
        }
    }

    /// True where the same again changes nothing but counts.
    fn says_nothing_new(&self, tail: &str, seen: &[Seen]) -> bool {
        self.cells(tail).zip(seen.iter().skip(1)).all(|(cell, seen)| seen.is_miscounted && !matches!(Tag::parse(cell), Some(Tag::Inside(..))))
    }

    /// Takes in what lines have said that were not looked at cell by cell.
    fn count(&self, Tail { text, outside, repeats }: &Tail, seen: &mut [Seen]) {
        let Some((_, others)) = seen.split_first_mut() else { return };
        others.iter_mut().zip(self.cells(text)).for_each(|(seen, _)| seen.cells += repeats);
        for column in outside {
            others.get_mut(*column).into_iter().for_each(|seen| seen.tags += repeats);
        }
    }

    /// True where tabs stand between cells.
    pub(super) fn has_tabs(&self) -> bool {
        self.has_tabs
    }

    /// The cells of a line.
    pub(super) fn cells<'l>(&self, line: &'l str) -> impl Iterator<Item = &'l str> + use<'l> {
        let cells = if self.has_tabs {
            Cells::Tabs(split_tabs(line))
        } else if line.is_ascii() && !line.contains('\u{b}') {
            Cells::Ascii(line.split_ascii_whitespace())
        } else {
            Cells::Blanks(line.split_whitespace())
        };
        cells.take(MAX_COLUMNS)
    }

    /// What a line is. A comment begins with `#`, as a token may.
    pub(super) fn kind<'l>(&self, line: &'l str) -> LineKind<'l> {
        if line.trim().is_empty() {
            return LineKind::Blank;
        }
        // Nearly all lines begin with a letter.
        match line.as_bytes().first() {
            Some(b'-') => {
                if let Some(rest) = line.strip_prefix("-DOCSTART-") {
                    return LineKind::DocStart(rest);
                }
            }
            Some(b'#' | b'T') => {}
            _ => return LineKind::Token,
        }
        let is_comment = || !line.contains('\t') && (self.has_tabs || line.contains(" = ")) || self.usual_cells != self.cells(line).count();
        if line.starts_with('#') && (is_comment() || line.starts_with("# newdoc")) {
            return LineKind::Comment(line);
        }
        if self.has_header && line.starts_with("TOKEN\t") { LineKind::Header } else { LineKind::Token }
    }

    /// The column that is used so.
    pub(super) fn column(&self, of: Use) -> Option<usize> {
        self.uses.iter().position(|found| *found == of)
    }

    /// Those that say something of a token beside its tags: of four as in CoNLL-2003 the two in the middle, whatever they hold.
    pub(super) fn beside_tags(&self) -> Vec<usize> {
        match self.uses.as_slice() {
            [Use::Token, Use::Unused(_), Use::Unused(_), Use::Tags | Use::Unused(_)] => vec![1, 2],
            uses => uses.iter().enumerate().filter(|(_, of)| **of == Use::Unused(true)).map(|(column, _)| column).collect(),
        }
    }

    /// True where tags were found.
    pub(super) fn has_tags(&self) -> bool {
        self.uses.iter().any(|of| matches!(of, Use::Tags | Use::Coarse))
    }

    /// True where the first line says what columns are.
    pub(super) fn has_header(&self) -> bool {
        self.has_header
    }

    /// What was found out, on a line: so it need not be found out again.
    pub(super) fn to_line(&self) -> String {
        let mark = |is: bool, name: &str| if is { name.to_owned() } else { "-".to_owned() };
        let head = [mark(self.has_tabs, "tabs"), mark(self.has_header, "header"), self.usual_cells.to_string()];
        let uses = self.uses.iter().map(|of| NAMES.iter().find(|(_, named)| named == of).map_or("-", |(name, _)| name).to_owned());
        head.into_iter().chain(uses).collect::<Vec<_>>().join(" ")
    }

    /// What [`Self::to_line`] says.
    pub(super) fn of_line(line: &str) -> Option<Self> {
        let mut words = line.split(' ');
        let (has_tabs, has_header) = (words.next()? == "tabs", words.next()? == "header");
        let usual_cells = words.next()?.parse().ok()?;
        let uses = words.map(|word| NAMES.iter().find(|(name, _)| *name == word).map_or(Use::Unused(false), |(_, of)| *of)).collect();
        Some(Self { has_tabs, has_header, usual_cells, uses, letters: Letters::default() })
    }

    /// What was found out, in words.
    pub(super) fn describe(&self) -> String {
        let numbers = |is: fn(Use) -> bool| {
            let numbers = self.uses.iter().enumerate().filter(|(_, of)| is(**of)).map(|(index, _)| (index + 1).to_string());
            numbers.collect::<Vec<_>>().join(", ")
        };
        let (tokens, tags) = (numbers(|of| of == Use::Token), numbers(|of| matches!(of, Use::Tags | Use::Coarse)));
        let others = numbers(|of| of == Use::Unused(true));
        let others = if others.is_empty() { String::new() } else { format!("; column {others} has no place here and is kept aside") };
        format!("the tokens were read from column {tokens}, tags in {} from column {tags}{others}", self.letters.scheme())
    }
}

/// The cells of a line: each is looked at several times, and there are millions.
enum Cells<'l> {
    Tabs(TabCells<'l>),
    Blanks(SplitWhitespace<'l>),
    /// The same, quicker.
    Ascii(SplitAsciiWhitespace<'l>),
}

impl<'l> Iterator for Cells<'l> {
    type Item = &'l str;

    fn next(&mut self) -> Option<&'l str> {
        match self {
            Self::Tabs(cells) => cells.next().map(trim),
            Self::Blanks(cells) => cells.next(),
            Self::Ascii(cells) => cells.next(),
        }
    }
}

/// Blanks at the ends are seldom.
fn trim(cell: &str) -> &str {
    let is_letter = |byte: Option<&u8>| byte.is_none_or(u8::is_ascii_graphic);
    if is_letter(cell.as_bytes().first()) && is_letter(cell.as_bytes().last()) { cell } else { cell.trim() }
}

/// The names of HIPE.
fn by_header(header: &str, seen: &[Seen]) -> Vec<Use> {
    let has_spans = |index: usize| seen.get(index).is_some_and(|seen| seen.inside > 0);
    let has_coarse = header.split('\t').enumerate().any(|(index, name)| name.trim() == "NE-COARSE-LIT" && has_spans(index));
    let names = header.split('\t').map(str::trim).enumerate().take(MAX_COLUMNS);
    names
        .map(|(index, name)| match name {
            "TOKEN" => Use::Token,
            "NE-COARSE-LIT" => Use::Coarse,
            "NE-FINE-LIT" if has_coarse => Use::Fine,
            "NE-FINE-LIT" => Use::Tags,
            "NE-COARSE-METO" => Use::Metonymic,
            "NEL-LIT" => Use::Link,
            "MISC" => Use::Flags,
            _ if name == "NE-FINE-COMP" || name.starts_with("NE-NESTED") => Use::Tags,
            _ => Use::Unused(seen.get(index).is_some_and(|seen| seen.has_content)),
        })
        .collect()
}

fn by_content(first_line: &str, seen: &[Seen]) -> Vec<Use> {
    let is_counted = seen.len() > 2 && seen.first().is_some_and(|first| first.cells > 0 && !first.is_miscounted);
    let token = if first_line.starts_with("#begin document") { 3 } else { usize::from(is_counted) };
    let has_names = seen.iter().skip(token + 1).any(|seen| seen.is_tags() && seen.has_names);
    // Behind chunks, a column of nothing but `O` is one of names that has none.
    let is_without_names = |index: usize| seen.iter().skip(index + 1).any(|seen| seen.cells > 0 && seen.tags == seen.cells && seen.inside == 0);
    let is_read = |index: usize, seen: &Seen| seen.is_tags() && (seen.has_names || !has_names && !is_without_names(index));
    let columns = seen.iter().enumerate();
    columns
        .map(|(index, seen)| match index {
            _ if index == token => Use::Token,
            _ if index > token && is_read(index, seen) => Use::Tags,
            _ => Use::Unused(index > token && seen.has_content),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[track_caller]
    fn check(content: &str, described: &str) {
        assert_eq!(find(content).describe(), described);
    }

    fn find(content: &str) -> Columns {
        Columns::find(&TextFile::of("a", content.to_owned())).unwrap()
    }

    #[test]
    fn columns_are_found() {
        check(
            "-DOCSTART- -X- O O\n\nU.N. NNP I-NP I-ORG\nheads VBZ I-VP O\n",
            "the tokens were read from column 1, tags in IOB1 from column 4; column 2, 3 has no place here and is kept aside",
        );
        check("# id = 1\n1\tBob\tB-P\tO\n2\tran\tO\tO\n\n1\tHe\tO\tB-Q\n", "the tokens were read from column 2, tags in IOB2 from column 3, 4");
        check("a\tO\n#\tB-X\n# \tE-X\n", "the tokens were read from column 1, tags in BIOES from column 2");
        check(
            "a NN B-NP O\nb NN I-NP O\n",
            "the tokens were read from column 1, tags in IOB2 from column ; column 2, 3 has no place here and is kept aside",
        );
        let found = find("a NN B-NP I-X\nb NN I-NP O\n");
        assert_eq!(found.to_line(), "- - 4 token other other tags");
        assert_eq!(Columns::of_line(&found.to_line()).unwrap().to_line(), found.to_line());
        assert!(!find("a b\nc d\n").has_tags());
    }

    proptest! {
        /// Lines with blanks between their cells are looked at one by one.
        #[test]
        fn lines_that_say_the_same_again_count_as_all_others(rows in prop::collection::vec("[ab12]\t(O|_|x|-X-)\t(O|O|B-P|I-P|I-Q|S-P|_)\t(O|_|1|2|I-X)|\n?", 0..40)) {
            let content = format!("a\tO\tO\tO\n{}\n", rows.join("\n"));
            let look = |content: String| {
                let file = TextFile::of("a", content);
                format!("{:?}", Columns::find(&file).unwrap().look(&file).unwrap())
            };
            prop_assert_eq!(look(content.clone()), look(content.replace('\t', " ")));
        }
    }
}
