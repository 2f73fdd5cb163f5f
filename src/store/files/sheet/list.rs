//! The list of spans, read line by line; a long one on all cores.
//!
//! Only as we write it: one row a line, ids ascending, each place where its quote is. Anything else is left to the reader of
//! whole sheets, which says what is wrong with it.

use std::ops::ControlFlow;

use super::rows::{SheetFile, SpanRow};
use super::{Labels, exact_ranges, span_of, usual_span};
use crate::model::{Span, SpanId};
use crate::store::plain_ron::read_plain;
use crate::store::{Control, parallel};
use crate::text::Text;

/// A shorter list is read before a thread has begun.
const LONG: usize = 1 << 20;
/// Bytes of a row: fewer than any has.
const SHORTEST: usize = 32;
/// About so many bytes are read at once by one thread.
const PIECE: usize = 128 << 10;
const BEGIN: &str = "\n  spans: [\n";
const END: &str = "\n  ],\n";

/// The spans of a file, and the file without them. None where it must be read as a whole, or was stopped.
pub(super) fn read<'c>(
    content: &'c str,
    rest: &'c mut String,
    text: &Text,
    Control { progress, cancel, early }: &Control,
) -> Option<(SheetFile<'c>, Vec<(SpanId, Span)>)> {
    let (head, behind) = split_at_first(content, BEGIN)?;
    let (list, tail) = split_at_first(behind, END)?;
    // Were the list a part of a string, the head would end inside that string.
    read_plain::<SheetFile<'_>>(&format!("{head}\n)"))?;
    *rest = format!("{head}\n{tail}");
    let file = read_plain::<SheetFile<'_>>(rest)?;
    let is_of_text = file.text.as_ref().is_none_or(|hash| hash == text.hash());
    let is_only_list = file.spans.is_empty() && !tail.contains("\n  spans:") && !head.contains("\n  spans:");
    if !is_of_text || !is_only_list {
        return None;
    }
    progress.set_total(progress.done() + list.len() as u64);
    let is_long = list.len() >= LONG;
    let pieces = if is_long { parallel::whole_lines(list.as_bytes(), PIECE) } else { Vec::new() };
    // No row is shorter.
    let lines = memchr::memchr_iter(b'\n', list.as_bytes()).count() + 1;
    let mut spans = Vec::with_capacity(lines.min(list.len() / SHORTEST + 1));
    let mut is_whole = true;
    let read = |labels: &mut Labels, piece: &&[u8]| (piece.len(), std::str::from_utf8(piece).ok().and_then(|piece| read_piece(piece, labels, text)));
    let mut take = |(len, rows): (usize, Option<Vec<(SpanId, Span)>>)| {
        progress.add(len as u64);
        match rows {
            Some(rows) => {
                spans.extend(rows);
                if let Some(early) = early.as_ref().filter(|_| is_long) {
                    early.look_at(&spans);
                }
                ControlFlow::Continue(())
            }
            None => {
                is_whole = false;
                ControlFlow::Break(())
            }
        }
    };
    if is_long {
        parallel::in_order(&pieces, cancel, Labels::default, read, take);
    } else {
        let _ = take((list.len(), read_piece(list, &mut Labels::default(), text)));
    }
    let is_ascending = spans.is_sorted_by(|(a, _), (b, _)| a < b);
    (is_whole && is_ascending && !cancel.is_cancelled()).then_some((file, spans))
}

/// What [`str::split_once`] gives, quicker where there is much before.
fn split_at_first<'c>(content: &'c str, mark: &str) -> Option<(&'c str, &'c str)> {
    let at = memchr::memmem::find(content.as_bytes(), mark.as_bytes())?;
    Some((content.get(..at)?, content.get(at + mark.len()..)?))
}

fn read_piece(piece: &str, labels: &mut Labels, text: &Text) -> Option<Vec<(SpanId, Span)>> {
    let mut spans = Vec::with_capacity(piece.len() / 64);
    for line in piece.lines() {
        let line = line.strip_suffix(',').unwrap_or(line);
        if let Some(span) = usual_span::read(line, labels, text) {
            spans.push(span);
            continue;
        }
        let row: SpanRow<'_> = read_plain(line)?;
        let ranges = exact_ranges(&row.at, text)?;
        let label = labels.get(&row.label).ok()?;
        spans.push((row.id, span_of(row, ranges, label)));
    }
    Some(spans)
}

#[cfg(test)]
mod tests {
    use super::super::{read_sheet, write_sheet};
    use super::*;
    use crate::model::{CoderKey, DocumentId, Id, LabelKey, SheetKey};
    use crate::text::Ranges;

    const WORDS: &str = "Zoë \"Q\" said\nso. ";

    fn sheet() -> (SheetKey, Text, String) {
        let text = Text::new(WORDS.repeat(3000));
        let key = SheetKey::new(&DocumentId::from_title("t", Id::from_bits(1)), &CoderKey::new("ann").unwrap());
        let mut sheet = crate::model::Sheet::default();
        "a\n  spans: [\nb".clone_into(&mut sheet.info.note);
        for nth in 0..15_000_u32 {
            // Also over the end of a line, with a quotation mark, and in two pieces.
            let start = nth as usize / 5 * WORDS.len();
            let mut ranges = vec![text.range(start, start + [4, 9, 17, 4, 13][nth as usize % 5]).unwrap()];
            if nth % 5 == 3 {
                ranges.push(text.range(start + 10, start + 13).unwrap());
            }
            let label = LabelKey::new(if nth % 2 == 0 { "PER" } else { "ORG" }).unwrap();
            let span = Span::new(Ranges::new(ranges).unwrap(), label);
            sheet.spans.insert(SpanId(Id::from_bits(u64::from(nth) * 7 + 1)), span);
        }
        let content = write_sheet("s.ron", &key, &sheet, &text).unwrap();
        assert!(content.len() > LONG && content.len() > 5 * PIECE, "{}", content.len());
        (key, text, content)
    }

    fn is_read_on_all_cores(content: &str, text: &Text) -> bool {
        read(content, &mut String::new(), text, &Control::default()).is_some()
    }

    #[test]
    fn a_long_list_is_read_as_a_whole_sheet_is() {
        let (key, text, content) = sheet();
        assert!(is_read_on_all_cores(&content, &text));
        let read = read_sheet("s.ron", &content, &key, &text).unwrap();
        assert_eq!(read.findings, []);
        assert_eq!(read.sheet.spans.len(), 15_000);
        assert_eq!(write_sheet("s.ron", &key, &read.sheet, &text).unwrap(), content);
        // Read by the other way: the same.
        let other = content.replacen("\n  spans: [\n", "\n  spans: [ // by hand\n", 1);
        assert!(!is_read_on_all_cores(&other, &text));
        assert_eq!(read_sheet("s.ron", &other, &key, &text).unwrap().sheet, read.sheet);
    }

    #[test]
    fn spans_that_are_wanted_come_early() {
        let (_, text, content) = sheet();
        let early = crate::store::EarlySpans::default();
        early.want(1000..1400);
        let control = Control { early: Some(early.clone()), ..Control::default() };
        let (_, spans) = read(&content, &mut String::new(), &text, &control).unwrap();
        let touching = spans.iter().filter(|(_, span)| span.ranges.hull().start() < 1400 && span.ranges.hull().end() > 1000).cloned();
        let (revision, sheet) = early.newer_than(0).unwrap();
        assert!(revision > 0 && sheet.spans.len() > 50);
        assert!(sheet.spans.into_iter().eq(touching));
    }

    #[test]
    fn what_is_not_as_we_write_it_is_left_to_the_other_reader() {
        let (key, text, content) = sheet();
        let check = |changed: String, findings: &[&str]| {
            assert!(changed != content && !is_read_on_all_cores(&changed, &text));
            let read = read_sheet("s.ron", &changed, &key, &text).unwrap();
            assert_eq!(read.findings.iter().map(|finding| finding.rule).collect::<Vec<&str>>(), findings);
        };
        let line = content.lines().nth(9000).unwrap();
        check(content.replacen(line, &line.replacen("(id", "( id", 1).replacen("at: [(", "at: [(1", 1), 1), &["row-put-aside"]);
        check(content.replacen(line, &format!("{line}\n{line}"), 1), &["row-twice"]);
        check(content.replacen(line, &format!("{line}\n    // by hand"), 1), &[]);
        let hash = text.hash().to_string();
        check(content.replacen(&hash, &hash.chars().rev().collect::<String>(), 1), &["other-text"]);
    }
}
