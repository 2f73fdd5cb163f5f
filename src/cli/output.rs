//! What verbs print: lines for people, or one JSON value for programs. Nothing that could confuse a terminal gets out.

use std::io::Write;

use serde_json::{Map, Value};

use super::Outcome;
use crate::model::{Finding, Severity, cut_message};
use crate::text::hidden::{is_hidden, show_hidden};

/// Findings of one kind that are printed for people; JSON has all.
const MAX_PER_RULE: usize = 20;

/// Collects what a verb has to say.
pub(super) struct Output {
    is_json: bool,
    fields: Map<String, Value>,
}

impl Output {
    pub(super) fn new(is_json: bool) -> Self {
        Self { is_json, fields: Map::new() }
    }

    /// A line for people.
    pub(super) fn line(&mut self, line: impl AsRef<str>) {
        if !self.is_json {
            print_to(&mut std::io::stdout(), &show_hidden(line.as_ref()));
        }
    }

    /// A value for programs.
    pub(super) fn field(&mut self, name: &str, value: impl serde::Serialize) {
        if self.is_json {
            self.fields.insert(name.to_owned(), serde_json::to_value(value).unwrap_or_default());
        }
    }

    /// Findings, worst first; the outcome that they make.
    pub(super) fn findings(&mut self, findings: &[Finding]) -> Outcome {
        self.field("findings", findings);
        let mut sorted: Vec<&Finding> = findings.iter().collect();
        sorted.sort_by_key(|finding| std::cmp::Reverse(finding.severity));
        let mut counts = std::collections::BTreeMap::new();
        for finding in sorted {
            let count = counts.entry(finding.rule).or_insert(0usize);
            *count += 1;
            if *count <= MAX_PER_RULE {
                self.line(finding.to_string());
            }
        }
        for (rule, count) in counts.into_iter().filter(|(_, count)| *count > MAX_PER_RULE) {
            self.line(format!("… and {} more of the kind {rule}", count - MAX_PER_RULE));
        }
        let is_bad = findings.iter().any(|finding| finding.severity > Severity::Note);
        if is_bad { Outcome::Findings } else { Outcome::Fine }
    }

    /// The verb could not do its work.
    pub(super) fn fail(&mut self, error: &anyhow::Error) {
        let message = cut_message(&format!("{error:#}"));
        self.field("error", &message);
        print_to(&mut std::io::stderr(), &format!("manicule: {message}"));
    }

    /// Prints the JSON value.
    pub(super) fn finish(self) {
        if self.is_json {
            print_to(&mut std::io::stdout(), &escape_json(&Value::Object(self.fields).to_string()));
        }
    }
}

/// A closed pipe is no reason to fail.
fn print_to(out: &mut dyn Write, line: &str) {
    let _ = writeln!(out, "{line}");
}

/// Inside JSON these characters can only be in strings, where JSON's own escape means the same.
fn escape_json(json: &str) -> String {
    let mut safe = String::with_capacity(json.len());
    for c in json.chars() {
        if is_hidden(c) { safe.push_str(&format!("\\u{:04x}", u32::from(c))) } else { safe.push(c) }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn terminals_get_nothing_dangerous() {
        assert_eq!(escape_json("{\"a\":\"\u{202e}\u{7f}\"}"), "{\"a\":\"\\u202e\\u007f\"}");
    }
}
