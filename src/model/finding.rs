//! One line of a check, an import or an export report: what, where, how bad, what can be done.

use std::fmt;

use serde::Serialize;

use super::{CoderKey, DocumentId, Node};
use crate::text::hidden::{push_shown, show_hidden};

/// Messages are cut here, so that broken input cannot flood a window or a log.
pub const MAX_MESSAGE_CHARS: usize = 500;

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
    let mut cut = String::new();
    let mut chars = 0;
    for c in message.chars() {
        let mut shown = String::new();
        push_shown(&mut shown, c);
        chars += shown.chars().count();
        if chars > MAX_MESSAGE_CHARS {
            cut.pop();
            cut.push('…');
            break;
        }
        cut.push_str(&shown);
    }
    cut
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
        let cut = |text: &str| cut_message(text).chars().count();
        assert_eq!((cut(&"x".repeat(500)), cut(&"x".repeat(501)), cut(&"\u{202e}".repeat(501))), (500, 500, 496));
    }

    #[test]
    fn a_file_is_named_in_one_line() {
        let finding = Finding::new(Severity::Note, "x", "y").in_file("a\n\u{202e}.txt").at_line(2);
        assert_eq!(finding.to_string(), "a\\n\\u{202e}.txt: line 2: note: y");
    }
}
