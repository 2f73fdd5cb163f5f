//! Going through files twice: first to find out what labels and attributes there are and what offsets count, then document by
//! document. Records that are joined are in memory together.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::{Map, Value};

use super::build::{Building, Marks};
use super::mapping::{JsonMapping, field_of};
use super::path::{JsonPath, prune};
use super::text::{Assembled, joined_text, plain_text};
use super::{FORMAT, JSON_RULES};
use crate::format::allowance::Allowance;
use crate::format::article::{DecodedFile, decode_or_ask};
use crate::format::counting::{Choice, Tally};
use crate::format::json_records::Records;
use crate::format::json_size::{has_too_many_values, is_too_large};
use crate::format::record::{Place, Record, to_item};
use crate::format::sheet_builder::Origin;
use crate::format::vocabulary::{Declared, ExportedNames, Survey, Vocabulary};
use crate::format::{Batch, Field, FormatError, ReadOptions, Receiver, Source};
use crate::model::{AttributeKind, Finding, LabelKind, Residue, Severity, names_of_json};
use crate::progress::CancelToken;
use crate::text::offsets::OffsetUnit;

/// Joined files together; they are in memory as trees.
const MAX_JOINED_BYTES: usize = 256 << 20;
/// Kinds of labels that are kept; the others become labels of entities.
const MAX_LABELS: usize = 10_000;

/// A path of a mapping.
struct FoundPath {
    /// What it is for: `text`, `annotation 1: start`.
    what: String,
    /// The path, with those that lead to where it starts.
    path: String,
    /// How many values stand there.
    values: usize,
}

/// Reads every file of the source.
pub(super) fn read(source: &dyn Source, options: &mut ReadOptions, to: &mut dyn Receiver) -> Result<(), FormatError> {
    let Some(mapping) = options.mapping.clone() else {
        let why = "somebody must say where things stand in this JSON; name a mapping with --mapping FILE".to_owned();
        return Err(FormatError::Columns { file: source.names().first().cloned().unwrap_or_default(), why });
    };
    let mut files = Vec::new();
    for name in source.names() {
        if let Some(file) = decode_or_ask(source, &name, options, to)? {
            files.push((name, file));
        }
    }
    let documents = Documents { files: &files, mapping: &mapping, cancel: options.cancel.clone() };
    let mut seen = Seen::new(&mapping, options);
    // What is broken is said when the files are read.
    documents.for_each(&mut Batch::default(), |_, record, _| {
        seen.add(&mapping, &record);
        if options.cancel.is_cancelled() { Err(FormatError::Cancelled) } else { Ok(()) }
    })?;
    let choice = seen.tally.choose();
    choice.evidence().into_iter().for_each(|evidence| to.evidence(evidence));
    if let Some(finding) = choice.finding("mapped-json-offsets") {
        to.finding(finding);
    }
    for path in seen.paths.iter().filter(|path| path.values == 0) {
        let message = format!("{}: nothing stands at `{}` in any record; if that is not meant, look at the mapping", path.what, path.path);
        to.finding(Finding::new(Severity::Note, "mapped-json-path", message));
    }
    let known = options.known.clone();
    let labels = seen.labels.into_iter().map(|(name, kind)| (name, None, kind)).collect();
    let declared = Declared { labels, ..Declared::default() };
    let mut vocabulary = Vocabulary::new(&known, declared, ExportedNames::default(), seen.survey);
    let mut allowance = Allowance::new(files.iter().map(|(_, file)| file.decoded.text.len()).sum());
    documents.for_each(to, |from, record, to| {
        if allowance.take(from.file, to) {
            add_document(from, record, &mapping, (&choice, options, &mut vocabulary), to);
        }
        options.step()
    })?;
    vocabulary.hand_over([&options.coder], to);
    Ok(())
}

/// What all documents together hold.
struct Seen {
    labels: BTreeMap<String, LabelKind>,
    survey: Survey,
    tally: Tally,
    paths: Vec<FoundPath>,
}

impl Seen {
    fn new(mapping: &JsonMapping, options: &ReadOptions) -> Self {
        let paths = mapping.paths().into_iter().map(|(what, path)| FoundPath { what, path: JsonPath::joined(&path).to_string(), values: 0 });
        let tally = Tally::new(OffsetUnit::CodePoints, options.unit.or(mapping.unit));
        Self { labels: BTreeMap::new(), survey: Survey::default(), tally, paths: paths.collect() }
    }

    fn add(&mut self, mapping: &JsonMapping, record: &Value) {
        for (found, (_, path)) in self.paths.iter_mut().zip(mapping.paths()) {
            found.values += JsonPath::joined(&path).find(record).len();
        }
        for (name, path) in &mapping.attributes {
            path.first(record).into_iter().for_each(|value| note_value(&mut self.survey, name, value));
        }
        let Some(text) = Assembled::of(mapping, record) else { return };
        let marks = Marks::of(mapping, record, &text);
        marks.tally(&text, &mut self.tally);
        for (label, kind) in marks.labels() {
            if self.labels.len() < MAX_LABELS && !self.labels.contains_key(label) {
                self.labels.insert(label.to_owned(), kind);
            }
        }
        for (annotation, value) in
            mapping.annotations.iter().flat_map(|annotation| annotation.at.find(record).into_iter().map(move |at| (annotation, at.value)))
        {
            for (name, path) in &annotation.attributes {
                path.first(value).into_iter().for_each(|value| note_value(&mut self.survey, name, value));
            }
        }
    }
}

fn note_value(survey: &mut Survey, name: &str, value: &Value) {
    let Some(text) = joined_text(value, "|").filter(|text| !text.is_empty()) else { return };
    match value {
        Value::Bool(_) => survey.value_of_kind(name, &text, AttributeKind::YesNo),
        Value::Number(number) if number.is_i64() => survey.value_of_kind(name, &text, AttributeKind::Integer),
        Value::Number(_) => survey.value_of_kind(name, &text, AttributeKind::Number),
        Value::Array(values) => {
            for value in values.iter().filter_map(plain_text) {
                survey.value_of_kind(name, &value, AttributeKind::Choices);
            }
        }
        _ => survey.value(name, &text),
    }
}

/// All documents of all files.
struct Documents<'d> {
    files: &'d [(String, DecodedFile)],
    mapping: &'d JsonMapping,
    cancel: CancelToken,
}

/// Takes a document, and where it stands.
type Each<'e> = dyn FnMut(Origin<'_>, Value, &mut dyn Receiver) -> Result<(), FormatError> + 'e;

impl Documents<'_> {
    fn for_each(
        &self,
        to: &mut dyn Receiver,
        mut each: impl FnMut(Origin<'_>, Value, &mut dyn Receiver) -> Result<(), FormatError>,
    ) -> Result<(), FormatError> {
        match &self.mapping.join {
            None => self.for_each_single(to, &mut each),
            Some(_) => self.for_each_joined(to, &mut each),
        }
    }

    fn for_each_single(&self, to: &mut dyn Receiver, each: &mut Each<'_>) -> Result<(), FormatError> {
        for (name, file) in self.files {
            for_each_value((name, &file.decoded.text), &self.cancel, to, |from, value, to| {
                for found in self.mapping.documents.find(&value) {
                    each(from, found.value.clone(), to)?;
                }
                Ok(())
            })?;
        }
        Ok(())
    }

    /// Records with one value in the place of `join` become one; those without it stay alone.
    fn for_each_joined(&self, to: &mut dyn Receiver, each: &mut Each<'_>) -> Result<(), FormatError> {
        let bytes: usize = self.files.iter().map(|(_, file)| file.decoded.text.len()).sum();
        if bytes > MAX_JOINED_BYTES {
            let why = format!("records are joined in at most {} MB of files; import fewer at a time", MAX_JOINED_BYTES >> 20);
            return Err(FormatError::Columns { file: self.files.first().map_or_else(String::new, |(name, _)| name.clone()), why });
        }
        let mut records: Vec<(&str, Option<usize>, Value)> = Vec::new();
        let mut by_name: BTreeMap<String, usize> = BTreeMap::new();
        self.for_each_single(to, &mut |from, value, _| {
            let name = self.mapping.join.as_ref().and_then(|path| path.first(&value)).and_then(plain_text);
            match name.as_ref().and_then(|name| records.get_mut(*by_name.get(name)?)) {
                Some((.., record)) => merge(record, value),
                None => {
                    by_name.extend(name.map(|name| (name, records.len())));
                    let file = self.files.iter().find(|(name, _)| name == from.file).map_or("", |(name, _)| name);
                    records.push((file, from.line, value));
                }
            }
            Ok(())
        })?;
        records.into_iter().try_for_each(|(file, line, record)| each(Origin { file, line, raw: "" }, record, to))
    }
}

/// Adds the members that are not there yet.
fn merge(record: &mut Value, other: Value) {
    if let (Value::Object(record), Value::Object(other)) = (record, other) {
        for (name, value) in other {
            record.entry(name).or_insert(value);
        }
    }
}

/// Every record of a file as a tree: the file itself, its lines, or the elements of its list.
fn for_each_value(
    (name, content): (&str, &str),
    cancel: &CancelToken,
    to: &mut dyn Receiver,
    mut each: impl FnMut(Origin<'_>, Value, &mut dyn Receiver) -> Result<(), FormatError>,
) -> Result<(), FormatError> {
    let mut with_tree = |from: Origin<'_>, to: &mut dyn Receiver| match serde_json::from_str(from.raw) {
        Ok(value) if !is_too_large(from.raw) => each(from, value, to),
        _ => {
            to.finding(from.finding(Severity::Error, JSON_RULES.bad_record, "this record has far too many values for its length. It was left out"));
            Ok(())
        }
    };
    let is_one = content.trim_start().starts_with('{') && !has_too_many_values(content) && names_of_json(content.as_bytes()).is_ok();
    match is_one {
        true => with_tree(Origin { file: name, line: Some(1), raw: content }, to),
        false => Records::of((name, content.into()), &JSON_RULES, cancel, to)?.each(|from| with_tree(from, to)),
    }
}

fn add_document(
    from: Origin<'_>,
    mut record: Value,
    mapping: &JsonMapping,
    (choice, options, vocabulary): (&Choice, &mut ReadOptions, &mut Vocabulary<'_>),
    to: &mut dyn Receiver,
) {
    let Some(text) = Assembled::of(mapping, &record) else {
        let finding = |message: &str| from.finding(Severity::Error, JSON_RULES.no_text, message);
        return to.finding(finding("no text stands where the mapping looks for it. The record was left out"));
    };
    let mut fields = BTreeMap::from([(Field::Text, text.text.as_str().to_owned())]);
    for (name, path) in &mapping.fields {
        let value = path.first(&record).and_then(|value| joined_text(value, ", "));
        fields.extend(field_of(name).zip(value));
    }
    let line = from.line.unwrap_or_default();
    let mut item = to_item(Record { fields, rest: Map::new(), encoding: None }, FORMAT.name, Place::of_line(from.file, line), options, to);
    let building = Building { mapping, text: &text, choice, from };
    let sheet = building.sheet(&record, &item, (vocabulary, options), to);
    if !sheet.is_blank() {
        item.sheets.insert(options.coder.clone(), Arc::new(sheet));
    }
    leave_unread(&mut record, mapping);
    if !prune(&mut record) {
        let rest = if record.is_object() { record } else { Value::Object(Map::from_iter([("record".to_owned(), record)])) };
        add_residue(&mut item.document.residue, rest);
    }
    to.item(item);
}

/// What was kept aside of a date is not overwritten.
fn add_residue(residue: &mut Residue, rest: Value) {
    let kept = residue.remove(FORMAT.name).and_then(|kept| serde_json::from_str::<Value>(&kept).ok());
    let mut rest = rest;
    kept.into_iter().for_each(|kept| merge(&mut rest, kept));
    residue.insert(FORMAT.name.to_owned(), rest.to_string());
}

/// Takes out of a record what was read of it.
fn leave_unread(record: &mut Value, mapping: &JsonMapping) {
    let texts = mapping.text.iter().map(|part| &part.at);
    let named = mapping.fields.values().chain(mapping.attributes.values());
    let rows = mapping.annotations.iter().map(|row| &row.at).chain(mapping.relations.iter().map(|row| &row.at));
    texts.chain(named).chain(rows).chain(&mapping.ignore).for_each(|path| path.take_out(record));
}
