//! The row of a span as nearly all of them are: in one piece, with nothing but a label and perhaps an entity, and with nothing in
//! its quote that is written otherwise. It is written and read without looking for fields; any other row goes through serde, which
//! gives and takes the same bytes.

use super::Labels;
use crate::model::{EntityId, Span, SpanId};
use crate::store::plain_ron::push_string;
use crate::text::{Ranges, Text};

/// Appends the row. False where it is another kind of row: then nothing is appended.
pub(super) fn push(out: &mut String, id: SpanId, span: &Span, text: &Text) -> bool {
    let [range] = span.ranges.as_slice() else { return false };
    if span.has_extras() {
        return false;
    }
    let mut numbers = itoa::Buffer::new();
    let (start, end) = (*range).into();
    out.push_str("(id: \"");
    id.0.push_to(out);
    out.push_str("\", label: ");
    push_string(out, span.label.as_str());
    out.push_str(", at: [(");
    out.push_str(numbers.format::<u32>(start));
    out.push_str(", ");
    out.push_str(numbers.format::<u32>(end));
    out.push_str(", ");
    push_string(out, text.slice(*range));
    out.push_str(")]");
    if let Some(entity) = span.entity {
        out.push_str(", entity: \"");
        entity.0.push_to(out);
        out.push('"');
    }
    out.push(')');
    true
}

/// The span of a line, where its quote is where it should be. None where it is another kind of row, or something is wrong with it.
pub(super) fn read(line: &str, labels: &mut Labels, text: &Text) -> Option<(SpanId, Span)> {
    let mut row = Row { rest: line.trim_start_matches(' ') };
    row.skip(b"(id: \"")?;
    let id = row.plain_string()?;
    row.skip(b"\", label: \"")?;
    let label = row.plain_string()?;
    row.skip(b"\", at: [(")?;
    let start = row.number()?;
    row.skip(b", ")?;
    let end = row.number()?;
    row.skip(b", \"")?;
    let range = text.range(start, end).ok()?;
    row.quote(text.slice(range))?;
    row.skip(b"\")]")?;
    let mut entity = None;
    if row.skip(b", entity: \"").is_some() {
        entity = Some(EntityId(row.plain_string()?.parse().ok()?));
        row.skip(b"\"")?;
    }
    if row.rest != ")" {
        return None;
    }
    let mut span = Span::new(Ranges::from(range), labels.get(label).ok()?);
    span.entity = entity;
    Some((SpanId(id.parse().ok()?), span))
}

/// What is left of a row.
struct Row<'r> {
    rest: &'r str,
}

impl<'r> Row<'r> {
    fn take(&mut self, bytes: usize) -> Option<&'r str> {
        let (taken, behind) = self.rest.split_at_checked(bytes)?;
        self.rest = behind;
        Some(taken)
    }

    /// Comparing so few bytes, whose number is known, calls nothing.
    fn skip<const N: usize>(&mut self, mark: &[u8; N]) -> Option<()> {
        let is_there = self.rest.as_bytes().first_chunk() == Some(mark);
        if is_there { self.take(N).map(drop) } else { None }
    }

    /// What stands before the next quotation mark, which stays. None where something is escaped.
    fn plain_string(&mut self) -> Option<&'r str> {
        let end = self.rest.bytes().position(|byte| matches!(byte, b'"' | b'\\'))?;
        let taken = self.take(end)?;
        self.rest.starts_with('"').then_some(taken)
    }

    fn number(&mut self) -> Option<usize> {
        let end = self.rest.bytes().position(|byte| !byte.is_ascii_digit())?;
        let digits = self.take(end)?;
        let is_plain = digits == "0" || !digits.starts_with('0');
        if is_plain { digits.parse::<u32>().ok().map(|number| number as usize) } else { None }
    }

    /// These words, of which some may be escaped.
    fn quote(&mut self, mut words: &str) -> Option<()> {
        loop {
            let end = self.rest.bytes().position(|byte| matches!(byte, b'"' | b'\\'))?;
            words = words.strip_prefix(self.take(end)?)?;
            if self.rest.starts_with('"') {
                return words.is_empty().then_some(());
            }
            let escaped = match self.take(2)?.as_bytes().last()? {
                b'n' => '\n',
                b'r' => '\r',
                b't' => '\t',
                b'"' => '"',
                b'\'' => '\'',
                b'\\' => '\\',
                _ => return None,
            };
            words = words.strip_prefix(escaped)?;
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::{SpanRow, exact_ranges, span_of, span_row};
    use super::*;
    use crate::model::{Id, LabelKey, SpanExtras};
    use crate::store::plain_ron::{push_line, read_plain};

    const WORDS: &str = "Zoë said: \"Don't\"\\\n👩🏽‍🚀 e\u{301}nd ";

    fn by_serde(line: &str, text: &Text) -> Option<(SpanId, Span)> {
        let row: SpanRow<'_> = read_plain(line)?;
        let ranges = exact_ranges(&row.at, text)?;
        let label = LabelKey::new(&row.label).ok()?;
        Some((row.id, span_of(row, ranges, label)))
    }

    fn places() -> impl Strategy<Value = Vec<(usize, usize)>> {
        prop::collection::vec((0..WORDS.len() * 3, 1..12_usize), 1..3)
    }

    proptest! {
        #[test]
        fn a_row_is_written_and_read_as_by_serde(
            places in places(), id in 1..u64::MAX, entity in prop::option::of(1..u64::MAX), note in prop::option::of("[a-z\"]{1,3}"), at in 0..120_usize, change in "[ -~é\n]{0,2}",
        ) {
            let text = Text::new(WORDS.repeat(4));
            let place = |(start, len): &(usize, usize)| {
                let (start, end) = (text.as_str().floor_char_boundary(*start), text.as_str().ceil_char_boundary(start + len));
                text.range(start, end).unwrap()
            };
            let Some(ranges) = Ranges::new(places.iter().map(place).collect()) else { return Ok(()) };
            let mut span = Span::new(ranges, LabelKey::new("PER").unwrap());
            span.entity = entity.map(|bits| EntityId(Id::from_bits(bits)));
            span = span.with_extras(SpanExtras { note: note.unwrap_or_default(), ..SpanExtras::default() });
            let id = SpanId(Id::from_bits(id));
            let (mut ours, mut line) = (String::new(), String::new());
            push_line(&mut line, &span_row(id, &span, &text)).unwrap();
            let is_usual = push(&mut ours, id, &span, &text);
            prop_assert_eq!(is_usual, span.ranges.as_slice().len() == 1 && !span.has_extras());
            prop_assert_eq!(&ours, if is_usual { &line } else { "" });
            let read_line = |line: &str| read(line, &mut Labels::default(), &text);
            prop_assert_eq!(by_serde(&line, &text), Some((id, span)));
            if is_usual && !line.contains("\\u") {
                prop_assert_eq!(read_line(&line), by_serde(&line, &text));
            }
            // What is read at all is read as by serde.
            let at = line.floor_char_boundary(at);
            let end = line.ceil_char_boundary(at + 1);
            for other in [&change, ""] {
                let changed = format!("{}{other}{}", &line[..at], line.get(end..).unwrap_or_default());
                if let Some(span) = read_line(&changed) {
                    prop_assert_eq!(Some(span), by_serde(&changed, &text), "{}", changed);
                }
            }
        }
    }
}
