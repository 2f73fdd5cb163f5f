//! Reading: record by record, row by row. A row that makes no sense is a finding and residue; the rest is read.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use serde_json::value::RawValue;

use super::plain::read_plain;
use super::rows::{ClaimRow, DocumentRow, EntityRow, Header, RangeRow, RegionRow, RelationRow, SheetRow, SpanRow, Values, Version};
use super::value::from_values;
use super::{FORMAT, FORMAT_NAME, VERSION};
use crate::format::allowance::Allowance;
use crate::format::io::read_line;
use crate::format::json_members::Members;
use crate::format::json_records::elements;
use crate::format::json_size::{has_too_many_rows, has_too_many_values, is_too_large};
use crate::format::{FormatError, Item, MAX_BAD_LINES, ReadOptions, Receiver, Source, Tables};
use crate::model::{
    DocumentId, Entity, Finding, Region, Residue, Schema, Severity, Sheet, cut_message, json_place_and_reason, json_reason, names_of_json,
};
use crate::text::anchor::{Anchor, Quotes, show_places};
use crate::text::offsets::{OffsetMap, OffsetUnit};
use crate::text::{Ranges, Text, TextRange};

const DOCUMENT_KEYS: &[&str] = &[
    "id",
    "title",
    "source",
    "author",
    "date",
    "url",
    "language",
    "file_name",
    "text",
    "text_hash",
    "decoding",
    "regions",
    "corrections",
    "residue",
    "sheets",
];
const SHEET_KEYS: &[&str] = &["coder", "text_hash", "status", "attributes", "note", "ignored", "rejected", "residue", "spans", "claims", "relations"];
const SPAN_KEYS: &[&str] = &["id", "label", "ranges", "entity", "attributes", "note", "residue"];
const CLAIM_KEYS: &[&str] = &["id", "label", "ranges", "occurrences", "roles", "attributes", "normalized", "note", "residue"];
const RANGE_KEYS: &[&str] = &["start", "end", "quote"];
const RELATION_KEYS: &[&str] = &["id", "label", "from", "to", "attributes", "note", "residue"];

/// The text of a row: one that makes no sense spoils nothing else.
type Raw<'l> = &'l RawValue;
type InSheet<'l> = SheetRow<Raw<'l>, Raw<'l>, Raw<'l>>;

/// Reads every file of the source.
pub(super) fn read(source: &dyn Source, options: &mut ReadOptions, to: &mut dyn Receiver) -> Result<(), FormatError> {
    source.names().iter().try_for_each(|name| read_file(source, name, options, to))
}

fn read_file(source: &dyn Source, name: &str, options: &mut ReadOptions, to: &mut dyn Receiver) -> Result<(), FormatError> {
    let mut reader = source.open(name).map_err(|cause| FormatError::reading(name, cause))?;
    let mut line = Vec::new();
    read_line(&mut *reader, &mut line, name)?;
    let header = read_header(&line, name)?;
    let mut file = File {
        name,
        unit: header.offset_unit,
        schema: header.schema.clone(),
        seen: BTreeMap::new(),
        line: 1,
        allowance: Allowance::new(0),
        bad_lines: 0,
        unknown: BTreeSet::new(),
        candidates: String::new(),
        to,
    };
    let tables = file.tables(header);
    file.to.tables(tables);
    while read_line(&mut *reader, &mut line, name)? {
        file.line += 1;
        file.allowance.add(line.len());
        file.document(&line, options);
        if file.bad_lines == MAX_BAD_LINES {
            file.find(
                Severity::Error,
                "jsonl-bad-records",
                format!("{MAX_BAD_LINES} records of this file cannot be read; the rest was not looked at"),
            );
            break;
        }
        options.step()?;
    }
    Ok(())
}

fn read_header(line: &[u8], name: &str) -> Result<Header, FormatError> {
    let line = line.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(line);
    let not = |why: String| FormatError::NotThisFormat { file: name.to_owned(), format: FORMAT.title, why: cut_message(&why) };
    if [b"\xFF\xFE", b"\xFE\xFF"].iter().any(|mark| line.starts_with(*mark)) {
        return Err(not("it is UTF-16. Nothing was read; save it as UTF-8".to_owned()));
    }
    if let Err(error) = std::str::from_utf8(line) {
        return Err(not(format!("line 1, column {}: it is not UTF-8. Nothing was read; save it as UTF-8", error.valid_up_to() + 1)));
    }
    if std::str::from_utf8(line).is_ok_and(|line| has_too_many_rows(line) || has_too_many_values(line)) {
        return Err(not("line 1: the header has far too many rows or values for its length. Nothing was read".to_owned()));
    }
    if line.trim_ascii().is_empty() {
        return Err(not("the first line is empty. Nothing was read; choose the file that was exported".to_owned()));
    }
    let broken = |error: serde_json::Error| {
        not(format!("line 1, {}. Nothing was read; the first line must be the header of an export", json_place_and_reason(&error)))
    };
    names_of_json(line).map_err(broken)?;
    let version: Version = serde_json::from_slice(line).map_err(broken)?;
    if version.format != FORMAT_NAME {
        return Err(not(format!("line 1 says `{}`. Nothing was read; choose another format", version.format.chars().take(40).collect::<String>())));
    }
    if version.version == 0 {
        return Err(not(format!("version 0 never existed. Nothing was read; write `\"version\":{VERSION}`")));
    }
    if version.version > VERSION {
        return Err(FormatError::Newer { file: name.to_owned(), found: version.version, known: VERSION });
    }
    serde_json::from_slice(line).map_err(broken)
}

fn known_keys(what: &str) -> &'static [&'static str] {
    match what {
        "span" => SPAN_KEYS,
        "claim" => CLAIM_KEYS,
        _ => RELATION_KEYS,
    }
}

/// The text of a document, for what stands in it.
struct On<'t> {
    text: &'t Text,
    map: OffsetMap<'t>,
    quotes: Quotes<'t>,
}

/// One file while it is read.
struct File<'f> {
    name: &'f str,
    unit: OffsetUnit,
    schema: Schema,
    /// Documents of this file and their lines.
    seen: BTreeMap<DocumentId, usize>,
    line: usize,
    allowance: Allowance,
    bad_lines: usize,
    /// Names that were said to be unknown.
    unknown: BTreeSet<(&'static str, String)>,
    // Places of the last quote that is not where it was said to be and stands at several others.
    candidates: String,
    to: &'f mut dyn Receiver,
}

impl File<'_> {
    fn find(&mut self, severity: Severity, rule: &'static str, message: impl AsRef<str>) {
        self.to.finding(Finding::new(severity, rule, message).in_file(self.name).at_line(self.line));
    }

    fn tables(&mut self, header: Header) -> Tables {
        let entities = header.entities.into_iter().map(|row| (row.id, self.entity(row))).collect();
        Tables { project: header.project, schema: header.schema, coders: header.coders, entities }
    }

    fn entity(&mut self, row: EntityRow) -> Entity {
        let mut residue = row.residue;
        Entity {
            name: row.name,
            label: row.label,
            aliases: row.aliases,
            knowledge_base_ids: row.knowledge_base_ids,
            attributes: self.attributes(row.attributes, &mut residue),
            note: row.note,
            made_by: row.made_by,
            merged_into: row.merged_into,
            deleted: row.deleted,
            residue,
        }
    }

    fn attributes(&mut self, values: Values, residue: &mut Residue) -> crate::model::Attributes {
        let (attributes, rejected) = from_values(values, &self.schema);
        for (key, value) in rejected {
            self.find(Severity::Warning, "jsonl-bad-value", format!("the attribute {key} cannot be {value}. It was kept aside; set it by hand"));
            keep_aside(residue, &format!("{{{}:{value}}}", Value::from(key.as_str())));
        }
        attributes
    }

    fn document(&mut self, line: &[u8], options: &mut ReadOptions) {
        if line.iter().all(u8::is_ascii_whitespace) {
            return;
        }
        let text = std::str::from_utf8(line).ok();
        if text.is_some_and(has_too_many_values) {
            let message = "this record has far more values than rows can have. It was left out; the others were read";
            return self.find(Severity::Error, "jsonl-too-many-values", message);
        }
        if let Some(item) = text.and_then(|text| read_plain(text, self.unit, &self.schema)).filter(|item| !self.seen.contains_key(&item.id)) {
            if self.allowance.take(self.name, self.to) {
                self.seen.insert(item.id.clone(), self.line);
                self.to.item(item);
            }
            return;
        }
        let read = names_of_json(line).and_then(|names| Ok((names, serde_json::from_slice::<DocumentRow<Raw<'_>>>(line)?)));
        match read {
            Ok(_) if !self.allowance.take(self.name, self.to) => {}
            Ok((names, row)) => {
                self.say_unknown("document", names.iter().map(String::as_str), DOCUMENT_KEYS);
                let item = self.item(row, options);
                self.to.item(item);
            }
            Err(error) => {
                self.bad_lines += 1;
                let message = format!("{}. The record was left out; the others were read", json_place_and_reason(&error));
                self.find(Severity::Error, "jsonl-bad-record", message);
            }
        }
    }

    fn item(&mut self, mut row: DocumentRow<Raw<'_>>, options: &mut ReadOptions) -> Item {
        let text = Text::new(std::mem::take(&mut row.text));
        if row.text_hash.as_ref().is_some_and(|hash| hash != text.hash()) {
            self.find(Severity::Note, "jsonl-text-changed", "the text is not the one that was exported. Places were looked for by their quotes");
        }
        let (regions, sheet_rows) = (std::mem::take(&mut row.regions), std::mem::take(&mut row.sheets));
        let (id, mut document) = row.into_document(&text);
        let id = self.fresh_id(id, &document.title, options);
        let mut on = On { text: &text, map: OffsetMap::new(text.as_str(), self.unit), quotes: Quotes::new(&text) };
        document.regions = regions.into_iter().filter_map(|row| self.region(row, &mut on, &mut document.residue)).collect();
        let mut sheets = BTreeMap::new();
        for value in sheet_rows {
            self.sheet(value, &mut on, &mut sheets, &mut document.residue);
        }
        Item { id, document, text, original: None, sheets }
    }

    fn fresh_id(&mut self, id: DocumentId, title: &str, options: &mut ReadOptions) -> DocumentId {
        let line = self.line;
        let Some(first) = self.seen.get(&id).copied() else {
            self.seen.insert(id.clone(), line);
            return id;
        };
        self.find(
            Severity::Warning,
            "jsonl-double-id",
            format!("the document {id} stands in line {first} already. This one was read too and got a new id"),
        );
        let new = loop {
            let new = DocumentId::from_title(title, options.ids.next_id());
            if !self.seen.contains_key(&new) {
                break new;
            }
        };
        self.seen.insert(new.clone(), line);
        new
    }

    fn region(&mut self, row: RegionRow, on: &mut On<'_>, residue: &mut Residue) -> Option<Region> {
        let RegionRow { kind, start, end, quote } = row;
        match self.range(&RangeRow { start, end, quote: quote.clone() }, on) {
            Some(range) => Some(Region { range, kind }),
            None => {
                keep_aside(residue, &serde_json::json!({ "region": kind, "start": start, "end": end, "quote": quote }).to_string());
                None
            }
        }
    }

    fn sheet(&mut self, value: &RawValue, on: &mut On<'_>, sheets: &mut BTreeMap<crate::model::CoderKey, Arc<Sheet>>, lost: &mut Residue) {
        let Some(mut row) = self.parse_sheet(value, lost) else {
            return;
        };
        if sheets.contains_key(&row.coder) {
            self.find(Severity::Error, "jsonl-double-sheet", format!("{} has two sheets of this document. The second was kept aside", row.coder));
            return keep_aside(lost, &serde_json::to_string(&row).unwrap_or_default());
        }
        let mut sheet = Sheet::default();
        for value in std::mem::take(&mut row.spans) {
            self.span(value, on, &mut sheet, &mut row.residue);
        }
        for value in std::mem::take(&mut row.claims) {
            self.claim(value, on, &mut sheet, &mut row.residue);
        }
        for value in std::mem::take(&mut row.relations) {
            self.relation(value, &mut sheet, &mut row.residue);
        }
        let attributes = self.attributes(std::mem::take(&mut row.attributes), &mut row.residue);
        let coder = row.coder.clone();
        sheet.info = row.into_info(attributes);
        sheets.insert(coder, Arc::new(sheet));
    }

    fn span(&mut self, value: &RawValue, on: &mut On<'_>, sheet: &mut Sheet, lost: &mut Residue) {
        let Some(mut row) = self.parse_row::<SpanRow>(value, "span", lost) else {
            return;
        };
        let ranges = self.ranges(&row.ranges, on);
        match ranges {
            Some(ranges) if !sheet.spans.contains_key(&row.id) => {
                let attributes = self.attributes(std::mem::take(&mut row.attributes), &mut row.residue);
                sheet.spans.insert(row.id, row.into_span(ranges, attributes));
            }
            Some(_) => self.double(&row.id, value, lost),
            None => self.no_place(&row.id, value, lost),
        }
    }

    fn claim(&mut self, value: &RawValue, on: &mut On<'_>, sheet: &mut Sheet, lost: &mut Residue) {
        let Some(mut row) = self.parse_row::<ClaimRow>(value, "claim", lost) else {
            return;
        };
        let content = self.ranges(&row.ranges, on);
        let occurrences: Option<Vec<Ranges>> = row.occurrences.iter().map(|place| self.ranges(place, on)).collect();
        let Some(occurrences) = occurrences.filter(|_| content.is_some() || row.ranges.is_empty()) else {
            return self.no_place(&row.id, value, lost);
        };
        if sheet.claims.contains_key(&row.id) {
            return self.double(&row.id, value, lost);
        }
        let attributes = self.attributes(std::mem::take(&mut row.attributes), &mut row.residue);
        sheet.claims.insert(row.id, row.into_claim((content, occurrences), attributes));
    }

    fn relation(&mut self, value: &RawValue, sheet: &mut Sheet, lost: &mut Residue) {
        let Some(mut row) = self.parse_row::<RelationRow>(value, "relation", lost) else {
            return;
        };
        if sheet.relations.contains_key(&row.id) {
            return self.double(&row.id, value, lost);
        }
        let attributes = self.attributes(std::mem::take(&mut row.attributes), &mut row.residue);
        sheet.relations.insert(row.id, row.into_relation(attributes));
    }

    fn double(&mut self, id: &impl std::fmt::Display, row: &RawValue, lost: &mut Residue) {
        self.find(
            Severity::Error,
            "jsonl-double-id",
            format!("the id {id} is there twice in its sheet. The second row was kept aside; give it another id"),
        );
        keep_aside(lost, &tidy(row));
    }

    fn no_place(&mut self, id: &impl std::fmt::Display, row: &RawValue, lost: &mut Residue) {
        let candidates = std::mem::take(&mut self.candidates);
        let (place, what) = (if candidates.is_empty() { "place" } else { "certain place" }, what_of(row, &candidates));
        self.find(Severity::Error, "jsonl-lost-place", format!("{id} has no {place} in the text: {what}. It was kept aside, not deleted"));
        keep_aside(lost, &tidy(row));
    }

    /// A sheet, whose rows stay text.
    fn parse_sheet<'l>(&mut self, raw: &'l RawValue, lost: &mut Residue) -> Option<InSheet<'l>> {
        match parse(raw.get()) {
            Ok((row, has_unknown)) => {
                if has_unknown {
                    self.say_unknown("sheet", Members::of(raw.get()).unwrap_or_default().names(), SHEET_KEYS);
                }
                Some(row)
            }
            Err(error) => {
                self.bad_row("sheet", &json_reason(&error));
                keep_aside(lost, &tidy(raw));
                None
            }
        }
    }

    fn bad_row(&mut self, what: &str, why: &str) {
        let message = format!("a {what} cannot be read: {why}. It was kept aside; mend the row and import the file again");
        self.find(Severity::Error, "jsonl-bad-row", message);
    }

    fn parse_row<T: DeserializeOwned>(&mut self, raw: &RawValue, what: &'static str, lost: &mut Residue) -> Option<T> {
        if is_too_large(raw.get()) {
            self.bad_row(what, "it has far too many values");
            keep_aside(lost, raw.get());
            return None;
        }
        match parse(raw.get()) {
            Ok((row, has_unknown)) => {
                if has_unknown {
                    let members = Members::of(raw.get()).unwrap_or_default();
                    for range in members.get("ranges").and_then(elements).unwrap_or_default() {
                        self.say_unknown("range", Members::of(range.get()).unwrap_or_default().names(), RANGE_KEYS);
                    }
                    self.say_unknown(what, members.names(), known_keys(what));
                }
                Some(row)
            }
            Err(error) => {
                self.bad_row(what, &json_reason(&error));
                keep_aside(lost, &tidy(raw));
                None
            }
        }
    }

    /// A name that means nothing here: a typing error, or another program's.
    fn say_unknown<'n>(&mut self, what: &'static str, names: impl Iterator<Item = &'n str>, known: &[&str]) {
        for name in names.filter(|name| !known.contains(name)) {
            let name: String = name.chars().take(60).collect();
            if self.unknown.insert((what, name.clone())) {
                let message = format!(
                    "a {what} has the unknown name `{name}`, here and perhaps further on. What it says was not read; look whether it is a typing error"
                );
                self.find(Severity::Warning, "jsonl-unknown-name", message);
            }
        }
    }

    /// None when one of the ranges has no place.
    fn ranges(&mut self, rows: &[RangeRow], on: &mut On<'_>) -> Option<Ranges> {
        let ranges: Option<Vec<TextRange>> = rows.iter().map(|row| self.range(row, on)).collect();
        ranges.and_then(Ranges::new)
    }

    /// The range where its offsets say, or else where its quote is.
    fn range(&mut self, row: &RangeRow, on: &mut On<'_>) -> Option<TextRange> {
        let text = on.text;
        let start = on.map.to_byte(row.start);
        let said = start.zip(on.map.to_byte(row.end)).and_then(|(start, end)| text.range(start, end).ok());
        let Some(quote) = &row.quote else {
            return said;
        };
        if let Some(range) = said.filter(|range| text.slice(*range) == quote) {
            return Some(range);
        }
        let (range, how) = match on.quotes.find(quote, start.unwrap_or(text.len())) {
            Anchor::Exact(range) => (range, "it begins there, and its own end was taken; look at it"),
            Anchor::Unique(range) => (range, "its only place in the text was taken; look at it"),
            Anchor::Candidates(places) => {
                self.candidates = show_places(text, &places);
                return None;
            }
            Anchor::Lost => return None,
        };
        let quote: String = quote.chars().take(60).collect();
        self.find(Severity::Warning, "jsonl-moved", format!("“{quote}” is not at {}..{}: {how}", row.start, row.end));
        Some(range)
    }
}

/// A value, and true where something in it has a name that means nothing.
pub(super) fn parse<'l, T: Deserialize<'l>>(json: &'l str) -> Result<(T, bool), serde_json::Error> {
    let mut has_unknown = false;
    let value = serde_ignored::deserialize(&mut serde_json::Deserializer::from_str(json), |_| has_unknown = true)?;
    Ok((value, has_unknown))
}

/// Where a row says it is: the first quote, or the offsets. `candidates` are places of the quote among which nobody has chosen.
fn what_of(row: &RawValue, candidates: &str) -> String {
    let row: Value = serde_json::from_str(row.get()).unwrap_or_default();
    let range = row.pointer("/ranges/0").or_else(|| row.pointer("/occurrences/0/0")).unwrap_or(&Value::Null);
    let (start, end) = (range.get("start").unwrap_or(&Value::Null), range.get("end").unwrap_or(&Value::Null));
    match range.get("quote").and_then(Value::as_str) {
        Some(quote) if !candidates.is_empty() => {
            format!("“{}” is not at {start}..{end}, and stands at several places ({candidates})", quote.chars().take(60).collect::<String>())
        }
        Some(quote) => format!("“{}” is neither at {start}..{end} nor anywhere else", quote.chars().take(60).collect::<String>()),
        None => format!("{start}..{end} is empty or outside the text"),
    }
}

/// Appends a value to what could not be placed, one a line.
fn keep_aside(residue: &mut Residue, json: &str) {
    let kept = residue.entry(FORMAT.name.to_owned()).or_default();
    if !kept.is_empty() {
        kept.push('\n');
    }
    kept.push_str(json);
}

/// A row without blanks, its keys in order; a very long one as it is.
fn tidy(raw: &RawValue) -> String {
    let value = if is_too_large(raw.get()) { None } else { serde_json::from_str::<Value>(raw.get()).ok() };
    value.map_or_else(|| raw.get().to_owned(), |value| value.to_string())
}
