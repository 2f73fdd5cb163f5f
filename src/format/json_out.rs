//! Writing JSON so that every reader sees the lines and letters that were meant.

use std::io::{self, BufWriter, Write};

use serde::Serialize;
use serde_json::Serializer;
use serde_json::ser::Formatter;

/// Writes a record on one line, without the line's end.
pub(super) fn write_on_one_line(out: &mut dyn Write, record: &impl Serialize) -> io::Result<()> {
    write_with(OneLine, out, record)
}

/// Writes a record in ASCII, without the line's end: for programs that guess the encoding of a file.
pub(super) fn write_in_ascii(out: &mut dyn Write, record: &impl Serialize) -> io::Result<()> {
    write_with(Ascii, out, record)
}

/// JSON comes in pieces of a few bytes, which are gathered here: what `out` does with each costs more than the JSON.
fn write_with(formatter: impl Formatter, out: &mut dyn Write, record: &impl Serialize) -> io::Result<()> {
    let mut gathered = BufWriter::with_capacity(GATHERED, out);
    record.serialize(&mut Serializer::with_formatter(&mut gathered, formatter))?;
    gathered.flush()
}

/// Bytes that are gathered.
const GATHERED: usize = 16 << 10;

/// Compact JSON in which no character is left that some reader takes for the end of a line.
struct OneLine;

impl Formatter for OneLine {
    fn write_string_fragment<W: ?Sized + Write>(&mut self, writer: &mut W, fragment: &str) -> io::Result<()> {
        write_escaped(writer, fragment, line_end)
    }

    fn write_raw_fragment<W: ?Sized + Write>(&mut self, writer: &mut W, fragment: &str) -> io::Result<()> {
        // In JSON these characters stand in strings only.
        self.write_string_fragment(writer, fragment)
    }
}

/// The first of the characters that JSON does not escape and that end a line for somebody.
fn line_end(text: &str) -> Option<(usize, char)> {
    // With these two bytes they begin, and few others do.
    memchr::memchr2_iter(0xc2, 0xe2, text.as_bytes()).find_map(|at| {
        let c = text.get(at..)?.chars().next()?;
        matches!(c, '\u{85}' | '\u{2028}' | '\u{2029}').then_some((at, c))
    })
}

/// Compact JSON of nothing but ASCII.
struct Ascii;

impl Formatter for Ascii {
    fn write_string_fragment<W: ?Sized + Write>(&mut self, writer: &mut W, fragment: &str) -> io::Result<()> {
        write_escaped(writer, fragment, |text| {
            let at = text.bytes().position(|byte| !byte.is_ascii())?;
            Some((at, text.get(at..)?.chars().next()?))
        })
    }

    fn write_raw_fragment<W: ?Sized + Write>(&mut self, writer: &mut W, fragment: &str) -> io::Result<()> {
        self.write_string_fragment(writer, fragment)
    }
}

fn write_escaped<W: ?Sized + Write>(writer: &mut W, fragment: &str, find: impl Fn(&str) -> Option<(usize, char)>) -> io::Result<()> {
    let mut rest = fragment;
    while let Some((at, c)) = find(rest) {
        let (before, after) = rest.split_at(at);
        writer.write_all(before.as_bytes())?;
        for unit in c.encode_utf16(&mut [0; 2]) {
            write!(writer, "\\u{unit:04x}")?;
        }
        rest = after.strip_prefix(c).unwrap_or_default();
    }
    writer.write_all(rest.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_escaped_means_the_same() {
        let text = "Zoë 🎉 \u{2028}\u{85}\n\"x\"";
        let written = |write: fn(&mut dyn Write, &&str) -> io::Result<()>| {
            let mut out = Vec::new();
            write(&mut out, &text).unwrap();
            String::from_utf8(out).unwrap()
        };
        let (line, ascii) = (written(|out, text| write_on_one_line(out, text)), written(|out, text| write_in_ascii(out, text)));
        assert_eq!(line, r#""Zoë 🎉 \u2028\u0085\n\"x\"""#);
        assert_eq!(ascii, r#""Zo\u00eb \ud83c\udf89 \u2028\u0085\n\"x\"""#);
        assert!([line, ascii].iter().all(|json| serde_json::from_str::<String>(json).unwrap() == text));
    }
}
