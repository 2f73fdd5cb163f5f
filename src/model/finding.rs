//! One line of a check, an import or an export report: what, where, how bad, what can be done.

use std::collections::BTreeMap;
use std::fmt;

use serde::Serialize;

use super::{CoderKey, DocumentId, Node};
use crate::text::hidden::{push_shown, show_hidden};

/// Messages are cut here, so that broken input cannot flood a window or a log.
pub const MAX_MESSAGE_CHARS: usize = 500;

/// Of one kind so many findings are listed; more are only counted, so that a broken file of a hundred megabytes gives no
/// gigabytes of findings.
pub const MAX_PER_RULE: usize = 1000;

/// How bad a finding is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Good to know: something was done differently than written.
    Note,
    /// Something was left out or looks wrong.
    Warning,
    /// Data is damaged or could not be read.
    Error,
}

impl Severity {
    /// The word shown in front of a finding.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// One finding.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Finding {
    /// How bad it is.
    pub severity: Severity,
    /// A stable name of the kind of finding, such as `brat-bad-line`.
    pub rule: &'static str,
    /// The file, relative to the project or the import; empty when there is none.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub file: String,
    /// The line in that file, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<usize>,
    /// The document it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub document: Option<DocumentId>,
    /// Whose sheet it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub coder: Option<CoderKey>,
    /// The row it is about, so that a click can go there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub node: Option<Node>,
    /// What is wrong and what can be done, at most [`MAX_MESSAGE_CHARS`] characters.
    pub message: String,
}

impl Finding {
    /// A finding without a place.
    #[must_use]
    pub fn new(severity: Severity, rule: &'static str, message: impl AsRef<str>) -> Self {
        let message = cut_message(message.as_ref());
        Self { severity, rule, file: String::new(), line: None, document: None, coder: None, node: None, message }
    }

    /// In a file.
    #[must_use]
    pub fn in_file(mut self, file: impl Into<String>) -> Self {
        self.file = file.into();
        self
    }

    /// At a line, counted from 1.
    #[must_use]
    pub fn at_line(mut self, line: usize) -> Self {
        self.line = Some(line);
        self
    }

    /// About a coder's sheet.
    #[must_use]
    pub fn by(mut self, coder: &CoderKey) -> Self {
        self.coder = Some(coder.clone());
        self
    }

    /// About a row.
    #[must_use]
    pub fn at_node(mut self, node: Node) -> Self {
        self.node = Some(node);
        self
    }

    /// About a document.
    #[must_use]
    pub fn about(mut self, document: &DocumentId) -> Self {
        self.document = Some(document.clone());
        self
    }
}

/// Cuts a message to [`MAX_MESSAGE_CHARS`] characters and shows control and direction characters, line ends too, as escapes.
#[must_use]
pub fn cut_message(message: &str) -> String {
    // `end`: the bytes that leave room for the mark of a cut.
    let (mut cut, mut chars, mut end) = (String::new(), 0, 0);
    for c in message.chars() {
        let before = cut.len();
        push_shown(&mut cut, c);
        chars += cut.get(before..).map_or(0, |shown| shown.chars().count());
        if chars > MAX_MESSAGE_CHARS {
            cut.truncate(end);
            cut.push('…');
            break;
        }
        if chars < MAX_MESSAGE_CHARS {
            end = cut.len();
        }
    }
    cut
}

/// How many findings of each kind a list has got, for lists that a broken file could flood.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct FindingCounts(BTreeMap<&'static str, Count>);

#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
struct Count {
    findings: usize,
    // Where the finding stands that says how many are not listed.
    rest: usize,
}

impl FindingCounts {
    /// Adds a finding to the list that is counted here; nobody else may take any out of it. Those beyond
    /// [`MAX_PER_RULE`] of a kind become one that says how many there are.
    pub fn push(&mut self, list: &mut Vec<Finding>, finding: Finding) {
        let count = self.0.entry(finding.rule).or_default();
        count.findings += 1;
        let severity = finding.severity;
        let unlisted = count.findings.saturating_sub(MAX_PER_RULE);
        if unlisted <= 1 {
            count.rest = list.len();
            list.push(finding);
        }
        if unlisted > 0
            && let Some(rest) = list.get_mut(count.rest)
        {
            (rest.line, rest.node) = (None, None);
            rest.severity = rest.severity.max(severity);
            rest.message = format!("{unlisted} more of the kind {}, which are not listed", rest.rule);
        }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let (true, Some(document)) = (self.file.is_empty(), &self.document) {
            write!(f, "{document}: ")?;
        }
        if !self.file.is_empty() {
            write!(f, "{}: ", show_hidden(&self.file))?;
        }
        if let Some(line) = self.line {
            write!(f, "line {line}: ")?;
        }
        write!(f, "{}: {}", self.severity.as_str(), self.message)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_short_and_in_one_line() {
        assert_eq!(cut_message("a\nb\u{1b}"), "a\\nb\\u{1b}");
        let check = |message: &str, chars: usize, end: &str| {
            let cut = cut_message(message);
            assert_eq!(cut.chars().count(), chars);
            assert!(cut.ends_with(end), "{cut}");
        };
        check(&"x".repeat(500), 500, "x");
        check(&"é".repeat(501), 500, "é…");
        // No escape is cut in two.
        check(&"\u{202e}".repeat(600), 497, "\\u{202e}…");
        check(&format!("{}\u{61c}", "a".repeat(493)), 500, "a\\u{61c}");
        check(&format!("{}\u{61c}", "a".repeat(494)), 495, "a…");
    }

    #[test]
    fn a_file_is_named_in_one_line() {
        let finding = Finding::new(Severity::Note, "x", "y").in_file("a\n\u{202e}.txt").at_line(2);
        assert_eq!(finding.to_string(), "a\\n\\u{202e}.txt: line 2: note: y");
    }

    #[test]
    fn findings_of_one_kind_beyond_a_thousand_are_counted() {
        let (mut counts, mut list) = (FindingCounts::default(), Vec::new());
        for line in 1..=5000 {
            counts.push(&mut list, Finding::new(Severity::Error, "bad-line", "no").in_file("a").at_line(line));
            counts.push(&mut list, Finding::new(Severity::Note, if line == 7 { "other" } else { "bad-line" }, "no"));
        }
        assert_eq!(list.len(), MAX_PER_RULE + 2);
        assert_eq!(list.last().map(ToString::to_string).unwrap(), "error: 8999 more of the kind bad-line, which are not listed");
        assert_eq!(list[13].rule, "other");
    }
}
