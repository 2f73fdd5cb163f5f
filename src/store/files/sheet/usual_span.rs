//! The row of a span as nearly all of them are: in one piece, with nothing but a label and perhaps an entity, and with nothing in
//! its quote that is written otherwise. It is written and read without looking for fields; any other row goes through serde, which
//! gives and takes the same bytes.

use super::Labels;
use crate::model::{EntityId, Span, SpanId};
use crate::store::plain_ron::push_string;
use crate::text::{Ranges, Text};

const ID: &str = "(id: \"";
const LABEL: &str = "\", label: ";
const AT: &str = ", at: [(";
const BETWEEN: &str = ", ";
const ENTITY: &str = ", entity: \"";

/// Appends the row. False where it is another kind of row: then nothing is appended.
pub(super) fn push(out: &mut String, id: SpanId, span: &Span, text: &Text) -> bool {
    let [range] = span.ranges.as_slice() else { return false };
    if span.has_extras() {
        return false;
    }
    let mut numbers = itoa::Buffer::new();
    let (start, end) = (*range).into();
    out.push_str(ID);
    id.0.push_to(out);
    out.push_str(LABEL);
    push_string(out, span.label.as_str());
    out.push_str(AT);
    out.push_str(numbers.format::<u32>(start));
    out.push_str(BETWEEN);
    out.push_str(numbers.format::<u32>(end));
    out.push_str(BETWEEN);
    push_string(out, text.slice(*range));
    out.push_str(")]");
    if let Some(entity) = span.entity {
        out.push_str(ENTITY);
        entity.0.push_to(out);
        out.push('"');
    }
    out.push(')');
    true
}

/// The span of a line, where its quote is where it should be. None where it is another kind of row, or something is wrong with it.
pub(super) fn read(line: &str, labels: &mut Labels, text: &Text) -> Option<(SpanId, Span)> {
    let mut rest = line.trim_start_matches(' ').strip_prefix(ID)?;
    let id = take_to_quotation_mark(&mut rest)?;
    rest = rest.strip_prefix(LABEL)?.strip_prefix('"')?;
    let label = take_to_quotation_mark(&mut rest)?;
    rest = rest.strip_prefix('"')?.strip_prefix(AT)?;
    let start = take_number(&mut rest)?;
    rest = rest.strip_prefix(BETWEEN)?;
    let end = take_number(&mut rest)?;
    rest = rest.strip_prefix(BETWEEN)?.strip_prefix('"')?;
    let quote = take_to_quotation_mark(&mut rest)?;
    rest = rest.strip_prefix("\")]")?;
    let mut entity = None;
    if let Some(behind) = rest.strip_prefix(ENTITY) {
        rest = behind;
        entity = Some(EntityId(take_to_quotation_mark(&mut rest)?.parse().ok()?));
        rest = rest.strip_prefix('"')?;
    }
    let range = text.range(start, end).ok().filter(|range| rest == ")" && text.slice(*range) == quote)?;
    let mut span = Span::new(Ranges::from(range), labels.get(label).ok()?);
    span.entity = entity;
    Some((SpanId(id.parse().ok()?), span))
}

/// What stands before the next quotation mark, which stays. None where something is escaped.
fn take_to_quotation_mark<'r>(rest: &mut &'r str) -> Option<&'r str> {
    let end = rest.bytes().position(|byte| matches!(byte, b'"' | b'\\'))?;
    let (taken, behind) = rest.split_at_checked(end).filter(|(_, behind)| behind.starts_with('"'))?;
    *rest = behind;
    Some(taken)
}

fn take_number(rest: &mut &str) -> Option<usize> {
    let end = rest.bytes().position(|byte| !byte.is_ascii_digit())?;
    let (digits, behind) = rest.split_at_checked(end).filter(|(digits, _)| *digits == "0" || !digits.starts_with('0'))?;
    *rest = behind;
    digits.parse::<u32>().ok().map(|number| number as usize)
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
            if is_usual && !line.contains('\\') {
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
