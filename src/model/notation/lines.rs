//! The lines under the text: what they are about, and their items. Who is meant by a name is found out later.

use super::token::{check_name, find, split};
use super::{NotationError, Problem};

/// One line.
#[derive(Clone)]
pub(super) struct Line<'s> {
    pub(super) number: usize,
    pub(super) subject: Subject<'s>,
    pub(super) items: Vec<&'s str>,
}

/// What a line is about.
#[derive(Clone, Copy)]
pub(super) enum Subject<'s> {
    /// `.. =document:`
    Document,
    /// `.. =sheet:`
    Sheet,
    /// `.. @name: LABEL "Name"`
    Entity { name: &'s str },
    /// `.. name:`
    Row { name: &'s str },
    /// `.. LABEL#name:`
    Claim { label: &'s str, name: &'s str },
    /// `.. from -type-> to` and `.. name: from -type-> to`
    Relation { name: Option<&'s str>, from: &'s str, key: &'s str, to: &'s str },
}

/// Splits notation into its text and its lines; the number of the first line goes with them.
pub(super) fn split_lines(source: &str) -> (&str, usize, &str) {
    if source.starts_with(".. ") {
        return ("", 1, source);
    }
    match source.find("\n.. ").and_then(|at| source.split_at_checked(at)) {
        Some((body, rest)) => (body, body.matches('\n').count() + 2, rest.get(1..).unwrap_or_default()),
        None => (source, 1, ""),
    }
}

pub(super) fn parse_lines(first: usize, source: &str) -> Result<Vec<Line<'_>>, NotationError> {
    let lines = source.split('\n').zip(first..).filter(|(line, _)| !line.trim().is_empty());
    lines.map(|(line, number)| parse_line(line, number).map_err(|problem| problem.at(number))).collect()
}

fn parse_line(line: &str, number: usize) -> Result<Line<'_>, Problem> {
    let bad = || Problem::BadLine(line.to_owned());
    let content = line.strip_prefix(".. ").ok_or_else(bad)?;
    let tokens: Vec<&str> = split(content, ' ').into_iter().filter(|token| !token.is_empty()).collect();
    let (head, items) = tokens.split_first().ok_or_else(bad)?;
    match (head.strip_suffix(':'), items) {
        (Some(name), [from, arrow, to, items @ ..]) if key_of_arrow(arrow).is_some() => {
            let key = key_of_arrow(arrow).ok_or_else(bad)?;
            Ok(Line { number, subject: Subject::Relation { name: Some(check_name(name)?), from, key, to }, items: items.to_vec() })
        }
        (Some(head), items) => Ok(Line { number, subject: subject(head)?, items: items.to_vec() }),
        (None, [arrow, to, items @ ..]) => {
            let key = key_of_arrow(arrow).ok_or_else(bad)?;
            Ok(Line { number, subject: Subject::Relation { name: None, from: head, key, to }, items: items.to_vec() })
        }
        (None, _) => Err(bad()),
    }
}

fn key_of_arrow(token: &str) -> Option<&str> {
    token.strip_prefix('-')?.strip_suffix("->").filter(|key| find(key, '=').is_none())
}

fn subject(head: &str) -> Result<Subject<'_>, Problem> {
    match head {
        "=document" => Ok(Subject::Document),
        "=sheet" => Ok(Subject::Sheet),
        _ => match (head.split_once('#'), head.strip_prefix('@')) {
            (Some((label, name)), _) => Ok(Subject::Claim { label, name: check_name(name)? }),
            (None, Some(name)) => Ok(Subject::Entity { name: check_name(name)? }),
            (None, None) => Ok(Subject::Row { name: check_name(head)? }),
        },
    }
}
