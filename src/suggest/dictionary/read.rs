//! Dictionaries from CSV, TSV and JSON Lines. A bad line is a finding; the rest is read.

use std::borrow::Cow;

use serde_json::Value;

use super::{Dictionary, Draft, Entry};
use crate::model::{Finding, Severity, json_place_and_reason, names_of_json, parse_knowledge_base_id};

/// Findings beyond these are only counted.
const MAX_FINDINGS: usize = 200;
/// A file with so many faulty lines is something else.
const MAX_FAULTS: usize = 100_000;
/// Longer lines are no entries.
const MAX_LINE_BYTES: usize = 100_000;

/// So many names any file may have, and a larger one for each so many bytes one more: each takes some seventy bytes.
const FREE_NAMES: usize = 2_000_000;
const BYTES_A_NAME: usize = 40;

/// What a column or key can be called; the first that is there counts. Those with `item` come from Wikidata's query service.
const NAME: &[&str] = &["name", "label", "title", "itemlabel"];
const ID: &[&str] = &["id", "qid", "wikidata", "uri", "url", "item"];
const TYPE: &[&str] = &["type", "label_type", "kind"];
const ALIASES: &[&str] = &["aliases", "alias", "itemaltlabel"];

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Form {
    Table(char),
    JsonLines,
}

impl Dictionary {
    /// Reads CSV, TSV or JSON Lines, by the name's extension, else by what the content looks like.
    ///
    /// A table has columns named `name`, `id`, `type` and `aliases` (with `|` between them); without a header the columns are
    /// taken in this order. JSON Lines have the same keys, aliases as a list. An id is a Wikidata id or a web address.
    #[must_use]
    pub fn parse(file_name: &str, content: &str) -> (Self, Vec<Finding>) {
        let content = content.strip_prefix('\u{feff}').unwrap_or(content);
        let mut reader = Reader {
            file: file_name,
            entries: Vec::new(),
            findings: Vec::new(),
            unsaid: 0,
            names: FREE_NAMES + content.len() / BYTES_A_NAME,
            is_full: false,
        };
        match form(file_name, content) {
            Form::Table(delimiter) => reader.table(content, delimiter),
            Form::JsonLines => reader.json_lines(content),
        }
        reader.finish()
    }
}

fn form(file_name: &str, content: &str) -> Form {
    let extension = file_name.rsplit_once('.').map(|(_, extension)| extension.to_ascii_lowercase()).unwrap_or_default();
    let first = content.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    match extension.as_str() {
        "jsonl" | "ndjson" | "json" => Form::JsonLines,
        "tsv" | "tab" => Form::Table('\t'),
        "csv" => Form::Table(delimiter(first)),
        _ if first.trim_start().starts_with('{') => Form::JsonLines,
        _ => Form::Table(delimiter(first)),
    }
}

/// A tab where there is one, for names hold none; else what the first line has more of.
fn delimiter(first: &str) -> char {
    let count = |delimiter: char| first.matches(delimiter).count();
    match first.contains('\t') {
        true => '\t',
        false if count(';') > count(',') => ';',
        false => ',',
    }
}

/// Which column holds what.
struct Columns {
    name: Option<usize>,
    id: Option<usize>,
    label: Option<usize>,
    aliases: Option<usize>,
}

impl Columns {
    const IN_ORDER: Self = Self { name: Some(0), id: Some(1), label: Some(2), aliases: Some(3) };

    /// None when this is no header: no cell is called as names are.
    fn of_header(cells: &[Cow<'_, str>]) -> Option<Self> {
        let names: Vec<String> = cells.iter().map(|cell| cell.trim().to_lowercase()).collect();
        let find = |known: &[&str]| known.iter().find_map(|name| names.iter().position(|cell| cell == name));
        find(NAME).map(|name| Self { name: Some(name), id: find(ID), label: find(TYPE), aliases: find(ALIASES) })
    }
}

struct Reader<'f> {
    file: &'f str,
    entries: Vec<Entry>,
    findings: Vec<Finding>,
    // Findings that were too many.
    unsaid: usize,
    // That may still come.
    names: usize,
    // More came.
    is_full: bool,
}

impl Reader<'_> {
    fn table(&mut self, content: &str, delimiter: char) {
        let mut columns = None;
        let mut cells = Vec::new();
        for (line, text) in lines(content) {
            if self.is_full {
                return;
            }
            if text.len() > MAX_LINE_BYTES || !split(text, delimiter, &mut cells) {
                self.say(
                    line,
                    Severity::Error,
                    "dictionary-bad-line",
                    "a quote is opened here and not closed, or the line is too long; it was left out",
                );
                continue;
            }
            if columns.is_none() {
                let header = Columns::of_header(&cells);
                let is_header = header.is_some();
                columns = Some(header.unwrap_or(Columns::IN_ORDER));
                if is_header {
                    continue;
                }
            }
            let Some(columns) = &columns else { continue };
            let cell = |column: Option<usize>| column.and_then(|column| cells.get(column)).map(AsRef::as_ref).unwrap_or_default();
            let draft = Draft {
                name: cell(columns.name).to_owned(),
                id: None,
                label: cell(columns.label).to_owned(),
                aliases: vec![cell(columns.aliases).to_owned()],
            };
            self.add(line, draft, cell(columns.id));
        }
    }

    fn json_lines(&mut self, content: &str) {
        for (line, text) in lines(content) {
            if self.is_full {
                return;
            }
            let read = || names_of_json(text.as_bytes()).and_then(|_| serde_json::from_str::<Value>(text));
            let object = match if text.len() > MAX_LINE_BYTES { Ok(Value::Null) } else { read() } {
                Ok(Value::Object(object)) => object,
                Ok(_) => {
                    self.say(line, Severity::Error, "dictionary-bad-line", "this is no JSON object on one line; it was left out");
                    continue;
                }
                Err(error) => {
                    self.say(line, Severity::Error, "dictionary-bad-line", &format!("{}; it was left out", json_place_and_reason(&error)));
                    continue;
                }
            };
            let find = |known: &[&str]| known.iter().find_map(|key| object.get(*key));
            let text = |known: &[&str]| find(known).map(words_of).unwrap_or_default().join(" ");
            let draft = Draft { name: text(NAME), id: None, label: text(TYPE), aliases: find(ALIASES).map(words_of).unwrap_or_default() };
            self.add(line, draft, &text(ID));
        }
    }

    fn add(&mut self, line: usize, mut draft: Draft, id: &str) {
        if !id.trim().is_empty() {
            match parse_knowledge_base_id(id) {
                Ok(id) => draft.id = Some(id),
                Err(error) => self.say(line, Severity::Warning, "dictionary-bad-id", &format!("{error}; the name was kept without it")),
            }
        }
        match Entry::new(&draft) {
            Some(entry) => {
                let count = entry.names().count();
                if count > self.names {
                    self.is_full = true;
                    return self.say(
                        line,
                        Severity::Error,
                        "dictionary-too-many",
                        "the file has too many tiny names; this one and the rest were left out",
                    );
                }
                self.names -= count;
                self.entries.push(entry);
            }
            None => self.say(line, Severity::Warning, "dictionary-no-name", "this line has no name; it was left out"),
        }
    }

    fn say(&mut self, line: usize, severity: Severity, rule: &'static str, message: &str) {
        if self.findings.len() < MAX_FINDINGS {
            self.findings.push(Finding::new(severity, rule, message).in_file(self.file).at_line(line));
        } else {
            self.unsaid += 1;
            self.is_full |= self.unsaid >= MAX_FAULTS;
        }
    }

    fn finish(mut self) -> (Dictionary, Vec<Finding>) {
        if self.unsaid > 0 {
            let rest = if self.unsaid >= MAX_FAULTS { "; the rest was not read" } else { "" };
            let message = format!("{} more lines have such faults{rest}; look whether the columns are the right ones", self.unsaid);
            self.findings.push(Finding::new(Severity::Warning, "dictionary-more", message).in_file(self.file));
        }
        (Dictionary::new(self.entries), self.findings)
    }
}

/// A JSON value as texts: itself, or the members of a list.
fn words_of(value: &Value) -> Vec<String> {
    match value {
        Value::String(text) => vec![text.clone()],
        Value::Number(number) => vec![number.to_string()],
        Value::Array(values) => values.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
        _ => Vec::new(),
    }
}

/// Lines that are not blank, with their numbers. An entry is one line: names have no line ends.
fn lines(content: &str) -> impl Iterator<Item = (usize, &str)> {
    (1..).zip(content.lines()).filter(|(_, line)| !line.trim().is_empty())
}

/// The cells of a line. False where a quoted cell of a table with commas does not end in the line; with tabs a quote may
/// just stand there, as it does in many files.
fn split<'l>(line: &'l str, delimiter: char, cells: &mut Vec<Cow<'l, str>>) -> bool {
    cells.clear();
    if !line.contains('"') {
        cells.extend(line.split(delimiter).map(Cow::Borrowed));
        return true;
    }
    let mut rest = Some(line);
    while let Some(text) = rest {
        let quoted = text.strip_prefix('"').map(|inner| quoted_cell(inner, delimiter));
        let (cell, behind) = match quoted {
            Some(Some((cell, behind))) => (Cow::Owned(cell), behind),
            Some(None) if delimiter != '\t' => return false,
            _ => text.split_once(delimiter).map_or((Cow::Borrowed(text), None), |(cell, behind)| (Cow::Borrowed(cell), Some(behind))),
        };
        cells.push(cell);
        rest = behind;
    }
    true
}

/// A cell behind its opening quote, and what follows the delimiter behind its closing one.
fn quoted_cell(inner: &str, delimiter: char) -> Option<(String, Option<&str>)> {
    let mut cell = String::new();
    let mut rest = inner;
    loop {
        let (before, behind) = rest.split_once('"')?;
        cell.push_str(before);
        match behind.strip_prefix('"') {
            Some(behind) => {
                cell.push('"');
                rest = behind;
            }
            None if behind.is_empty() => return Some((cell, None)),
            None => return behind.strip_prefix(delimiter).map(|behind| (cell, Some(behind))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Entries as lines of the canonical form, and findings as `line rule`.
    fn check(file: &str, content: &str, entries: &[&str], findings: &[&str]) {
        let (dictionary, found) = Dictionary::parse(file, content);
        assert_eq!(dictionary.entries().iter().map(|entry| entry.line.as_ref()).collect::<Vec<_>>(), entries, "{content}");
        let shown = |finding: &Finding| format!("{} {}", finding.line.unwrap_or_default(), finding.rule);
        assert_eq!(found.iter().map(shown).collect::<Vec<_>>(), findings, "{content}");
    }

    #[test]
    fn columns_are_found_by_their_names_or_taken_in_order() {
        check("d.csv", "QID;Title;kind;aliases\nq22316;Kerry;PER;J. K.|JK\n", &["Kerry\tQ22316\tPER\tJ. K.|JK"], &[]);
        check("d.csv", "\"Kerry, John\",Q22316\nBonn\n", &["Kerry, John\tQ22316\t\t", "Bonn\t\t\t"], &[]);
        check("d.tsv", "Kerry\twd:Q22316\r\n\r\n  Bonn \t\r\n", &["Kerry\tQ22316\t\t", "Bonn\t\t\t"], &[]);
        check("query.csv", "item,itemLabel\nhttp://www.wikidata.org/entity/Q586,Bonn\n", &["Bonn\tQ586\t\t"], &[]);
    }

    #[test]
    fn json_lines_have_the_same_keys() {
        check(
            "d.jsonl",
            "{\"name\": \"Kerry\", \"wikidata\": \"Q22316\", \"type\": \"PER\", \"aliases\": [\"JK\", \"Kerry\", \"J\\tK\"]}\n[1]\n{\"label\": \"Bonn\"}\n",
            &["Kerry\tQ22316\tPER\tJK|J K", "Bonn\t\t\t"],
            &["2 dictionary-bad-line"],
        );
    }

    #[test]
    fn the_form_is_guessed_where_no_extension_says_it() {
        check("d.txt", "{\"name\": \"Kerry\"}", &["Kerry\t\t\t"], &[]);
        check("d", "Kerry, John\tQ22316", &["Kerry, John\tQ22316\t\t"], &[]);
        check("d", "\u{feff}name,id\nKerry,Q22316", &["Kerry\tQ22316\t\t"], &[]);
    }

    #[test]
    fn bad_lines_are_findings_and_the_rest_is_read() {
        check(
            "d.csv",
            "name,id\nKerry,22316\n,Q1\n\"open,Q2\nBonn,Q586\n",
            &["Kerry\t\t\t", "Bonn\tQ586\t\t"],
            &["2 dictionary-bad-id", "3 dictionary-no-name", "4 dictionary-bad-line"],
        );
        check("d.tsv", "\"Weird Al\tQ1\n", &["\"Weird Al\tQ1\t\t"], &[]);
    }

    #[test]
    fn a_file_of_nothing_but_faults_does_not_flood() {
        let (dictionary, findings) = Dictionary::parse("d.tsv", &"Kerry\tx\n".repeat(1000));
        assert_eq!((dictionary.len(), findings.len()), (1000, MAX_FINDINGS + 1));
        assert!(findings[MAX_FINDINGS].message.starts_with("800 more"), "{:?}", findings[MAX_FINDINGS]);
    }
}
