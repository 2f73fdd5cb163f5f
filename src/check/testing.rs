//! `check(notation, findings)`: one line tests a rule.

use crate::edit::testing::Case;

/// Expects these findings, one a line, as `rule: message`; indentation does not count.
#[track_caller]
pub(super) fn check(source: &str, expected: &str) {
    let expected: Vec<&str> = expected.lines().map(|line| line.trim_matches(' ')).filter(|line| !line.is_empty()).collect();
    // Short sources break rules of the codebook in passing; those count only where a test is about them.
    let is_meant = |line: &&str| CODEBOOK_RULES.iter().all(|rule| !line.starts_with(rule) || expected.iter().any(|other| other.starts_with(rule)));
    let found = messages(&Case::new(source));
    assert_eq!(found.lines().filter(is_meant).collect::<Vec<_>>(), expected, "{source}");
}

/// What the codebook requires, as against what cannot be right.
const CODEBOOK_RULES: [&str; 5] = ["unfinished-claim", "role-filler", "relation-end", "edge", "across-paragraphs"];

pub(super) fn messages(case: &Case) -> String {
    let findings = super::check_project(&case.state);
    findings.iter().map(|finding| format!("{}: {}", finding.rule, finding.message)).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::super::{RULES, rule};

    #[test]
    fn rules_have_names_of_their_own_and_say_what_to_do() {
        let names: BTreeSet<&str> = RULES.iter().map(|rule| rule.name).collect();
        assert_eq!(names.len(), RULES.len());
        assert!(RULES.iter().all(|rule| rule.explanation.ends_with('.') && !rule.title.is_empty()));
        assert!(rule("blank-quote").is_some() && rule("no such").is_none());
    }
}
