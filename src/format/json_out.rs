//! Writing JSON so that every reader sees the lines and letters that were meant.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::Serializer;
use serde_json::ser::Formatter;

/// Writes a record on one line, without the line's end.
pub(super) fn write_on_one_line(out: &mut dyn Write, record: &impl Serialize) -> io::Result<()> {
    Ok(record.serialize(&mut Serializer::with_formatter(out, OneLine))?)
}

/// Compact JSON in which no character is left that some reader takes for the end of a line.
struct OneLine;

impl Formatter for OneLine {
    fn write_string_fragment<W: ?Sized + Write>(&mut self, writer: &mut W, fragment: &str) -> io::Result<()> {
        write_escaped(writer, fragment, |c| matches!(c, '\u{85}' | '\u{2028}' | '\u{2029}'))
    }

    fn write_raw_fragment<W: ?Sized + Write>(&mut self, writer: &mut W, fragment: &str) -> io::Result<()> {
        // In JSON these characters stand in strings only.
        self.write_string_fragment(writer, fragment)
    }
}

fn write_escaped<W: ?Sized + Write>(writer: &mut W, fragment: &str, is_escaped: fn(char) -> bool) -> io::Result<()> {
    let mut rest = fragment;
    while let Some((at, c)) = rest.char_indices().find(|(_, c)| is_escaped(*c)) {
        let (before, after) = rest.split_at(at);
        writer.write_all(before.as_bytes())?;
        for unit in c.encode_utf16(&mut [0; 2]) {
            write!(writer, "\\u{unit:04x}")?;
        }
        rest = after.strip_prefix(c).unwrap_or_default();
    }
    writer.write_all(rest.as_bytes())
}
