//! Reading a broken file line by line, in the layout in which this program writes.

use super::unreadable;
use crate::store::StoreError;

/// A line of a section, or of the head of the file.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Line<'c> {
    /// The section; empty for the head.
    pub(super) section: &'c str,
    /// From 1.
    pub(super) number: usize,
    /// Without blanks around and the comma behind.
    pub(super) text: &'c str,
}

/// More lines no file has that was written here and broken later.
const MAX_LINES: usize = 1_000_000;

impl Line<'_> {
    /// True for the line that says the format and nothing else.
    pub(super) fn is_format(&self) -> bool {
        self.section.is_empty() && self.text.strip_prefix("format:").is_some_and(|number| number.trim().parse::<u32>().is_ok())
    }
}

/// All lines that say something.
///
/// # Errors
/// When there are too many to be a broken file of ours.
pub(super) fn lines<'c>(file: &str, content: &'c str) -> Result<Vec<Line<'c>>, StoreError> {
    if content.lines().nth(MAX_LINES).is_some() {
        return Err(unreadable(file, format!("is broken, and has more than {MAX_LINES} lines; restore an earlier state of it")));
    }
    Ok(all_lines(content))
}

fn all_lines(content: &str) -> Vec<Line<'_>> {
    let mut section = "";
    let mut lines = Vec::new();
    for (i, line) in content.lines().enumerate() {
        let text = line.trim();
        let text = text.strip_suffix(',').unwrap_or(text);
        match (text, section_name(text)) {
            ("" | "(" | ")", _) => {}
            ("]", _) => section = "",
            (_, Some(name)) => section = name,
            _ => lines.push(Line { section, number: i + 1, text }),
        }
    }
    lines
}

fn section_name(line: &str) -> Option<&str> {
    let name = line.strip_suffix('[')?.trim_end().strip_suffix(':')?;
    name.bytes().all(|b| b.is_ascii_lowercase() || b == b'_').then_some(name)
}

/// What a file says of its format.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Format {
    /// A number.
    Number(u32),
    /// Something else.
    Fault(String),
    /// Nothing.
    Missing,
}

/// The format number, wherever the rest of the file is broken.
pub(super) fn format_of(content: &str) -> Format {
    let head: String = content.chars().take(1000).collect();
    let Some((_, after)) = head.split_once("format:") else { return Format::Missing };
    let word: String = after.trim_start().chars().take_while(|c| !c.is_whitespace() && !",)".contains(*c)).take(30).collect();
    match word.parse() {
        Ok(number) if word.bytes().all(|b| b.is_ascii_digit()) => Format::Number(number),
        _ => Format::Fault(word),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_found_between_conflict_markers() {
        let content = "(\n  format: 1,\n  tags: [\"a\"],\n  spans: [\n<<<<<<< ours\n    (id: 1),\n=======\n  ],\n)\n";
        let lines: Vec<_> = all_lines(content).into_iter().map(|l| (l.section, l.number, l.text)).collect();
        assert_eq!(
            lines,
            [("", 2, "format: 1"), ("", 3, "tags: [\"a\"]"), ("spans", 5, "<<<<<<< ours"), ("spans", 6, "(id: 1)"), ("spans", 7, "=======")]
        );
        assert_eq!(format_of("( format: 2 , x"), Format::Number(2));
        assert_eq!(
            ["-1", "1.0", "\"1\"", "99999999999999", "+1"].map(|word| format_of(&format!("(format: {word},"))),
            ["-1", "1.0", "\"1\"", "99999999999999", "+1"].map(|word| Format::Fault(word.into()))
        );
        assert_eq!(format_of("(spans: ["), Format::Missing);
    }
}
