//! Reading tables beside their articles.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Read as _;

use super::{Columns, SPAN, columns, flat, is_number, is_role, is_table, is_technique_row};
use crate::format::article::decode_annotations;
use crate::format::record::Record;
use crate::format::sheet_builder::short;
use crate::format::standoff_in::{self, Found, FoundDocument, FoundSheet, Give, Input, Standoff, Unit, Whose, standoff};
use crate::format::{Field, FormatError, MAX_BAD_LINES, ReadOptions, Receiver, Source, extension, read_all, stem};
use crate::model::{DocumentId, Finding, Severity};
use crate::text::offsets::OffsetUnit;

/// A first row is shorter.
const HEAD_BYTES: u64 = 4096;

static TECHNIQUES: Standoff = standoff!("semeval2020-ptc", "row", OffsetUnit::CodePoints, |_, name| extension(name) == "txt", parse_techniques);
static ROLES: Standoff = standoff!("semeval2025-roles", "row", OffsetUnit::CodePoints, is_article, parse_roles);

/// Reads tables of techniques.
pub(super) fn read_techniques(source: &dyn Source, options: &mut ReadOptions, to: &mut dyn Receiver) -> Result<(), FormatError> {
    standoff_in::read(&TECHNIQUES, source, options, to)
}

/// Reads tables of roles.
pub(super) fn read_roles(source: &dyn Source, options: &mut ReadOptions, to: &mut dyn Receiver) -> Result<(), FormatError> {
    standoff_in::read(&ROLES, source, options, to)
}

/// The organisers give tables as text files, too: what is none is an article, whatever it is called.
fn is_article(source: &dyn Source, name: &str) -> bool {
    extension(name) == "txt" && !head(source, name).is_some_and(|head| is_table(&head, is_role))
}

/// So much of a file that its first rows are in it.
fn head(source: &dyn Source, name: &str) -> Option<Vec<u8>> {
    let mut head = Vec::new();
    source.open(name).ok()?.take(HEAD_BYTES).read_to_end(&mut head).ok()?;
    Some(head)
}

fn parse_techniques(input: &Input<'_>, to: &mut dyn Receiver, give: &mut Give<'_>) -> Result<(), FormatError> {
    let rows = rows(input, is_technique_row, "an article, perhaps a technique, and two numbers", to);
    let found = |(line, columns): &(usize, Columns<'_>)| {
        let (article, label, start, end) = match columns.as_slice() {
            [article, start, end] => (*article, SPAN, *start, *end),
            [article, label, start, end, ..] => (*article, *label, *start, *end),
            _ => return None,
        };
        let ranges = vec![(start.parse().ok()?, end.parse().ok()?)];
        let row = Found { line: Some(*line), raw: columns.join("\t").into(), label: label.to_owned(), ranges, ..Found::default() };
        Some((format!("article{article}.txt"), row))
    };
    documents(input, rows.iter().filter_map(found), |name| name.starts_with("article"), to, give)
}

/// The end is the last character of the mention.
fn parse_roles(input: &Input<'_>, to: &mut dyn Receiver, give: &mut Give<'_>) -> Result<(), FormatError> {
    let rows = rows(input, is_role, "a file, a mention, two numbers and a role", to);
    let found = |(line, columns): &(usize, Columns<'_>)| {
        let [file, mention, start, end, role, fine @ ..] = columns.as_slice() else { return None };
        let ranges = vec![(start.parse().ok()?, end.parse::<usize>().ok()?.checked_add(1)?)];
        let fine: Vec<String> = fine.iter().map(|role| choice(role)).filter(|role| !role.is_empty()).collect();
        let attribute = (format!("{}_role", choice(role)), fine.clone().into());
        let features = if fine.is_empty() { Vec::new() } else { vec![attribute] };
        let (raw, surface) = (columns.join("\t").into(), Some((*mention).to_owned()).filter(|mention| !mention.is_empty()));
        Some(((*file).to_owned(), Found { line: Some(*line), raw, label: (*role).to_owned(), ranges, surface, features, ..Found::default() }))
    };
    documents(input, rows.iter().filter_map(found), |_| false, to, give)
}

/// `Foreign Adversary` is the choice `foreign_adversary`.
fn choice(name: &str) -> String {
    name.trim().to_lowercase().replace(' ', "_")
}

fn rows<'i>(input: &Input<'i>, is_row: fn(&Columns<'_>) -> bool, wanted: &str, to: &mut dyn Receiver) -> Vec<(usize, Columns<'i>)> {
    let (mut rows, mut bad) = (Vec::new(), 0);
    for (line, number) in input.content.split('\n').zip(1..).filter(|(line, _)| !line.trim().is_empty()) {
        let columns = columns(line);
        if is_row(&columns) {
            rows.push((number, columns));
            continue;
        }
        // A line with names of columns says nothing else.
        if number > 1 || columns.iter().any(|cell| is_number(cell)) {
            input.bad(Some(number), format!("“{}” has not {wanted} with tabs between them", short(line)), to);
            bad += 1;
        }
        if bad >= MAX_BAD_LINES {
            break;
        }
    }
    rows
}

/// A mention in one cell stands for words with line ends, which must not be looked for elsewhere.
fn unfold(rows: &mut [Found], text: &str) {
    if rows.iter().all(|row| row.surface.is_none()) {
        return;
    }
    let bytes: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
    for row in rows {
        let [(start, end)] = row.ranges.as_slice() else { continue };
        let words = bytes.get(*start).zip(bytes.get(*end)).and_then(|(start, end)| text.get(*start..*end));
        if let (Some(words), Some(surface)) = (words, &mut row.surface)
            && *surface == flat(words)
        {
            words.clone_into(surface);
        }
    }
}

/// The rows of each article; where there is one table, articles without rows, too.
fn documents(
    input: &Input<'_>,
    rows: impl Iterator<Item = (String, Found)>,
    is_wanted: fn(&str) -> bool,
    to: &mut dyn Receiver,
    give: &mut Give<'_>,
) -> Result<(), FormatError> {
    let mut articles: BTreeMap<String, Vec<Found>> = BTreeMap::new();
    for (article, row) in rows {
        articles.entry(article).or_default().push(row);
    }
    let texts = input.companions;
    if texts.others == 1 {
        for name in texts.by_base.keys().filter(|name| is_wanted(name)) {
            articles.entry(name.clone()).or_default();
        }
    }
    let mut missing = BTreeSet::new();
    for (article, mut rows) in articles {
        let file = texts.by_base.get(&article).and_then(|name| read_all(input.source, name).ok());
        let file = file.and_then(|bytes| decode_annotations(bytes, input.options).ok());
        let id = DocumentId::new(stem(&article)).ok();
        let known = || input.options.texts.get(id.as_ref()?).map(|text| text.as_str().to_owned());
        let mut record = Record::default();
        let original = match file {
            Some(file) => {
                record.fields.insert(Field::Text, file.decoded.text);
                record.encoding = Some(file.decoded.decoding);
                file.original
            }
            None => {
                let Some(text) = known() else {
                    missing.insert(article);
                    continue;
                };
                record.fields.insert(Field::Text, text);
                None
            }
        };
        unfold(&mut rows, record.fields.get(&Field::Text).map_or("", String::as_str));
        record.fields.insert(Field::FileName, article);
        let mut sheet = FoundSheet::new(Whose::Unsaid);
        sheet.rows = rows;
        give(FoundDocument { line: None, id, record, original, unit: Unit::Unsaid, sheets: vec![sheet] }, to)?;
    }
    if let Some(first) = missing.first() {
        let message =
            format!("the texts of {} articles are not there, such as {first}; their rows were left out. Import them together", missing.len());
        to.finding(Finding::new(Severity::Error, input.how.left_out, message).in_file(input.name));
    }
    Ok(())
}
