//! The text with its brackets: from notation to plain text and places.

use super::token::is_name_byte;
use super::{NotationError, Problem};
use crate::model::RegionKind;

/// Text and places, with heads still as they were written.
#[derive(Default)]
pub(super) struct Body<'s> {
    pub(super) text: String,
    pub(super) marks: Vec<Mark<'s>>,
    /// Further places of claims: they may come before the claim itself.
    pub(super) occurrences: Vec<Occurrence<'s>>,
    pub(super) regions: Vec<(RegionKind, Place)>,
    pub(super) selection: Option<Place>,
    pub(super) caret: Option<usize>,
}

/// A span or the content of a claim.
pub(super) struct Mark<'s> {
    /// What stands between `[` and the blank.
    pub(super) head: &'s str,
    pub(super) name: &'s str,
    pub(super) places: Vec<Place>,
    pub(super) line: usize,
}

/// One range of a further place of a claim.
pub(super) struct Occurrence<'s> {
    /// Of the claim.
    pub(super) name: &'s str,
    /// Ranges with the same number are one place.
    pub(super) number: usize,
    pub(super) place: Place,
}

/// Bytes of the plain text, not checked yet, and the line where they begin.
#[derive(Clone, Copy)]
pub(super) struct Place {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) line: usize,
}

/// The regions and what they are called.
pub(super) const REGIONS: [(RegionKind, &str); 3] =
    [(RegionKind::Title, "title"), (RegionKind::Caption, "caption"), (RegionKind::Boilerplate, "boilerplate")];

#[derive(Clone, Copy)]
enum Target<'s> {
    /// The mark with this number.
    Mark(usize),
    /// `[+#name~1 `
    Occurrence(&'s str, usize),
    Region(RegionKind),
}

struct Open<'s> {
    target: Target<'s>,
    name: &'s str,
    head: &'s str,
    start: usize,
    line: usize,
}

struct Parser<'s> {
    rest: &'s str,
    line: usize,
    body: Body<'s>,
    open: Vec<Open<'s>>,
    selection_start: Option<Place>,
}

pub(super) fn parse_body(source: &str) -> Result<Body<'_>, NotationError> {
    let mut parser = Parser { rest: source, line: 1, body: Body::default(), open: Vec::new(), selection_start: None };
    while let Some(c) = parser.next() {
        parser.take(c).map_err(|problem| problem.at(parser.line))?;
    }
    if let Some(open) = parser.open.pop() {
        return Err(Problem::Unclosed(open.head.to_owned()).at(open.line));
    }
    match parser.selection_start {
        Some(start) => Err(Problem::BadMarker('«').at(start.line)),
        None => Ok(parser.body),
    }
}

impl<'s> Parser<'s> {
    fn next(&mut self) -> Option<char> {
        let mut chars = self.rest.chars();
        let c = chars.next()?;
        self.rest = chars.as_str();
        self.line += usize::from(c == '\n');
        Some(c)
    }

    fn take(&mut self, c: char) -> Result<(), Problem> {
        match c {
            '\\' => {
                let literal = self.next().ok_or(Problem::DanglingBackslash)?;
                self.body.text.push(literal);
            }
            '[' => self.open()?,
            ']' => self.close()?,
            '«' => self.start_selection()?,
            '»' => self.end_selection()?,
            '‸' if self.body.caret.is_some() => return Err(Problem::BadMarker('‸')),
            '‸' => self.body.caret = Some(self.body.text.len()),
            c => self.body.text.push(c),
        }
        Ok(())
    }

    fn open(&mut self) -> Result<(), Problem> {
        let head = self.take_head()?;
        let (label, name) = match head.split_once('#') {
            Some((label, rest)) => (label, rest.split(['=', ';']).next().unwrap_or_default()),
            None => (head, ""),
        };
        let target = match label.strip_prefix('=') {
            Some(region) => Target::Region(region_kind(region).ok_or_else(|| Problem::BadHead(head.to_owned()))?),
            None if label == "+" => match name.split_once('~') {
                Some((claim, number)) => Target::Occurrence(claim, number.parse().map_err(|_| Problem::BadHead(head.to_owned()))?),
                None => Target::Mark(self.mark_named(name)?),
            },
            None => Target::Mark(self.new_mark(head, name)?),
        };
        self.open.push(Open { target, name, head, start: self.body.text.len(), line: self.line });
        Ok(())
    }

    fn take_head(&mut self) -> Result<&'s str, Problem> {
        let end = self.rest.find([' ', '[', ']', '\n']).unwrap_or(self.rest.len());
        let (head, after) = self.rest.split_at_checked(end).unwrap_or((self.rest, ""));
        self.rest = after.strip_prefix(' ').ok_or_else(|| Problem::BadHead(head.to_owned()))?;
        if head.is_empty() { Err(Problem::BadHead(String::new())) } else { Ok(head) }
    }

    fn mark_named(&self, name: &str) -> Result<usize, Problem> {
        let place = self.body.marks.iter().position(|mark| mark.name == name && !name.is_empty());
        place.ok_or_else(|| Problem::NoSuchName(name.to_owned()))
    }

    fn new_mark(&mut self, head: &'s str, name: &'s str) -> Result<usize, Problem> {
        if self.mark_named(name).is_ok() {
            return Err(Problem::Twice(name.to_owned()));
        }
        self.body.marks.push(Mark { head, name, places: Vec::new(), line: self.line });
        Ok(self.body.marks.len() - 1)
    }

    fn close(&mut self) -> Result<(), Problem> {
        let at = match self.rest.strip_prefix('#') {
            Some(after) => self.place_of_named_close(after)?,
            None => self.open.len().checked_sub(1).ok_or(Problem::NothingToClose)?,
        };
        let Open { target, start, line, .. } = self.open.remove(at);
        let place = Place { start, end: self.body.text.len(), line };
        match target {
            Target::Region(kind) => self.body.regions.push((kind, place)),
            Target::Occurrence(name, number) => self.body.occurrences.push(Occurrence { name, number, place }),
            Target::Mark(number) => self.body.marks.get_mut(number).into_iter().for_each(|mark| mark.places.push(place)),
        }
        Ok(())
    }

    /// Takes `#name;` and `#name~1;`.
    fn place_of_named_close(&mut self, after: &'s str) -> Result<usize, Problem> {
        let len = after.bytes().take_while(|b| is_name_byte(*b) || *b == b'~').count();
        let (name, rest) = after.split_at_checked(len).unwrap_or((after, ""));
        let bad = || Problem::BadClose(name.to_owned());
        self.rest = rest.strip_prefix(';').ok_or_else(bad)?;
        self.open.iter().rposition(|open| open.name == name && !name.is_empty()).ok_or_else(bad)
    }

    fn start_selection(&mut self) -> Result<(), Problem> {
        if self.selection_start.is_some() || self.body.selection.is_some() {
            return Err(Problem::BadMarker('«'));
        }
        let start = self.body.text.len();
        self.selection_start = Some(Place { start, end: start, line: self.line });
        Ok(())
    }

    fn end_selection(&mut self) -> Result<(), Problem> {
        let start = self.selection_start.take().ok_or(Problem::BadMarker('»'))?;
        self.body.selection = Some(Place { end: self.body.text.len(), ..start });
        Ok(())
    }
}

fn region_kind(word: &str) -> Option<RegionKind> {
    REGIONS.iter().find(|(_, name)| *name == word).map(|(kind, _)| *kind)
}
