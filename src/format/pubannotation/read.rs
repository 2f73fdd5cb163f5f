//! Reading documents: one a file, a list of them, or one a line; with their annotations in the document or in tracks.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::{ATTRIBUTE, ATTRIBUTED, DENOTATION, FEATURES, MISFITS, RELATION, TRACK, UNNAMED, as_text};
use crate::format::pieces::cut_objects;
use crate::format::record::Record;
use crate::format::standoff::{ASIDE, CODERS, FROM, KIND, Kind, TO};
use crate::format::standoff_aside::unmarked_object;
use crate::format::standoff_in::{self, Found, FoundDocument, FoundSheet, Give, Input, Standoff, Unit, Whose, standoff};
use crate::format::standoff_json::each_object;
use crate::format::{FormatError, ReadOptions, Receiver, Source};
use crate::model::{CoderKey, DocumentId, Finding, Severity};
use crate::text::offsets::OffsetUnit;

static STANDOFF: Standoff = Standoff {
    cut: Some(cut_objects),
    misfits: Some(MISFITS),
    ..standoff!("pubannotation", "annotation", OffsetUnit::CodePoints, |_, _| false, parse)
};

/// Where a track of ours has [`FEATURES`].
const FIRST_FEATURES: &str = "/0/manicule:features";

/// Reads every file of the source.
pub(super) fn read(source: &dyn Source, options: &mut ReadOptions, to: &mut dyn Receiver) -> Result<(), FormatError> {
    standoff_in::read(&STANDOFF, source, options, to)
}

fn parse(input: &Input<'_>, to: &mut dyn Receiver, give: &mut Give<'_>) -> Result<(), FormatError> {
    each_object(input, to, &mut |line, mut object, to| {
        let is_ours = object.contains_key(FEATURES) || object.get("tracks").is_some_and(|tracks| tracks.pointer(FIRST_FEATURES).is_some());
        let mut sheets = sheet(&mut object).into_iter().collect::<Vec<_>>();
        if let Some(Value::Array(tracks)) = object.remove("tracks") {
            let count = tracks.len();
            let read: Vec<FoundSheet> = tracks.into_iter().filter_map(track).collect();
            if read.len() < count {
                let message = format!("{} tracks without annotations were left out", count - read.len());
                to.finding(Finding { line, ..Finding::new(Severity::Warning, input.how.left_out, message).in_file(input.name) });
            }
            sheets.extend(read);
        }
        let id = object.get("id").and_then(Value::as_str).and_then(|id| DocumentId::new(id).ok());
        if id.is_some() {
            object.remove("id");
        }
        match Record::from_object(object, input.decoding, &input.options.columns) {
            Ok(mut record) => {
                record.encoding = None;
                let unit = if is_ours { Unit::Exact(OffsetUnit::CodePoints) } else { Unit::Unsaid };
                give(FoundDocument { line, id, record, original: None, unit, sheets: with_regions(sheets) }, to)
            }
            Err(why) => {
                input.bad(line, why, to);
                Ok(())
            }
        }
    })
}

/// Parts of the text go with anybody's annotations.
fn with_regions(mut sheets: Vec<FoundSheet>) -> Vec<FoundSheet> {
    let is_regions = |sheet: &FoundSheet| sheet.whose == Whose::Unsaid && sheet.rows.iter().all(|row| row.kind == Some(Kind::Region));
    if sheets.len() > 1
        && let Some(at) = sheets.iter().position(is_regions)
    {
        let rows = sheets.remove(at).rows;
        if let Some(sheet) = sheets.first_mut() {
            sheet.rows.extend(rows);
        }
    }
    sheets
}

fn list(object: &mut Map<String, Value>, name: &str) -> Option<Vec<Value>> {
    match object.remove(name) {
        Some(Value::Array(values)) => Some(values),
        Some(other) => {
            object.insert(name.to_owned(), other);
            None
        }
        None => None,
    }
}

/// The annotations of a document or of a track.
fn sheet(object: &mut Map<String, Value>) -> Option<FoundSheet> {
    let (denotations, relations, attributes) = (list(object, "denotations"), list(object, "relations"), list(object, "attributes"));
    let features = object.remove(FEATURES);
    if denotations.is_none() && relations.is_none() && attributes.is_none() && features.is_none() {
        return None;
    }
    let project = object.get("project").and_then(Value::as_str).map(str::to_owned);
    let said = features.as_ref().and_then(|features| features.get(CODERS)?.as_str()).or(project.as_deref());
    let key = said.filter(|_| features.is_some()).and_then(|key| CoderKey::new(key).ok());
    let whose = key.map(Whose::Key).or(project.clone().map(Whose::Name)).unwrap_or(Whose::Unsaid);
    let is_ours = features.is_some();
    if matches!(whose, Whose::Key(_)) {
        object.remove("project");
    }
    let mut sheet = FoundSheet::new(whose);
    if let Some(Value::Object(features)) = features {
        sheet.features.extend(features.into_iter().filter(|(name, _)| name != CODERS));
    }
    let [denotations, relations, attributes] =
        [(denotations, ""), (relations, ""), (attributes, ATTRIBUTE)].map(|(rows, what)| take_aside(rows, what, &mut sheet.aside));
    sheet.rows.extend(denotations.iter().map(denotation));
    sheet.rows.extend(relations.iter().map(relation));
    add_attributes(&mut sheet, attributes);
    for row in &mut sheet.rows {
        row.take_own();
        row.keeps_id = !is_ours;
    }
    link_occurrences(&mut sheet);
    Some(sheet)
}

/// The rows that an import before had not kept aside; the others are kept aside again.
fn take_aside(rows: Option<Vec<Value>>, what: &str, aside: &mut Vec<String>) -> Vec<Value> {
    let (kept, rows): (Vec<Value>, Vec<Value>) = rows.into_iter().flatten().partition(|row| row.get(ASIDE).is_some());
    aside.extend(kept.iter().map(|row| format!("{what}{}", unmarked_object(&row.to_string(), None))));
    rows
}

/// What it has beside annotations stays with the sheet.
fn track(value: Value) -> Option<FoundSheet> {
    let Value::Object(mut members) = value else { return None };
    let mut sheet = sheet(&mut members)?;
    members.remove("project");
    if !members.is_empty() {
        sheet.aside.push(format!("{TRACK}{}", Value::Object(members)));
    }
    Some(sheet)
}

fn text(value: &Value, name: &str) -> Option<String> {
    as_text(value.get(name)?)
}

/// What a row is, and the member that says it where an export would write it otherwise.
fn label(row: &Value, member: &str, nameless: &str) -> (String, Option<(String, Value)>) {
    match row.get(member) {
        None => (nameless.to_owned(), Some((UNNAMED.to_owned(), true.into()))),
        Some(Value::String(label)) => (label.clone(), None),
        Some(value) => (as_text(value).unwrap_or_else(|| nameless.to_owned()), Some((member.to_owned(), value.clone()))),
    }
}

fn rest(row: &Value, read: &[&str]) -> Map<String, Value> {
    let members = row.as_object().into_iter().flatten();
    members.filter(|(name, _)| !read.contains(&name.as_str())).map(|(name, value)| (name.clone(), value.clone())).collect()
}

/// Numbers that stand as text are numbers, too. A place that makes no sense is one outside the text.
fn denotation(row: &Value) -> Found {
    let number = |span: &Value, name: &str| text(span, name).and_then(|number| number.parse().ok()).unwrap_or(usize::MAX);
    let pieces = match row.get("span") {
        Some(Value::Array(pieces)) => pieces.as_slice(),
        Some(piece) => std::slice::from_ref(piece),
        None => &[],
    };
    let ranges: Vec<(usize, usize)> = pieces.iter().map(|span| (number(span, "begin"), number(span, "end"))).collect();
    let ranges = if ranges.is_empty() { vec![(usize::MAX, usize::MAX)] } else { ranges };
    let (label, otherwise) = label(row, "obj", DENOTATION);
    let mut rest = rest(row, &["id", "span", "obj"]);
    rest.extend(otherwise);
    Found { raw: row.to_string().into(), id: text(row, "id"), label, ranges, rest, ..Found::default() }
}

fn relation(row: &Value) -> Found {
    let link = |name: &str, member: &str| Some((name.to_owned(), text(row, member)?));
    let features = row.get(FEATURES).and_then(Value::as_object).cloned().unwrap_or_default();
    let kind = row.get(KIND).and_then(Value::as_str).and_then(Kind::from_name);
    let (label, otherwise) = label(row, "pred", RELATION);
    let mut rest = rest(row, &["id", "pred", "subj", "obj", FEATURES, KIND]);
    rest.extend(otherwise);
    Found {
        raw: row.to_string().into(),
        id: text(row, "id").filter(|_| kind != Some(Kind::Role)),
        kind: kind.or(Some(Kind::Relation).filter(|_| text(row, "subj").is_none() || text(row, "obj").is_none())),
        label,
        features: features.into_iter().collect(),
        links: [link(FROM, "subj"), link(TO, "obj")].into_iter().flatten().collect(),
        rest,
        ..Found::default()
    }
}

/// Of what they are is found by id; several of one name are one with several values.
fn add_attributes(sheet: &mut FoundSheet, attributes: Vec<Value>) {
    let by_id: BTreeMap<String, usize> = sheet.rows.iter().enumerate().filter_map(|(at, row)| Some((row.id.clone()?, at))).collect();
    for attribute in attributes {
        let parts = (text(&attribute, "subj"), text(&attribute, "pred"), attribute.get("obj"));
        let row = parts.0.and_then(|subject| by_id.get(&subject)).and_then(|at| sheet.rows.get_mut(*at));
        let (Some(row), Some(name), Some(value)) = (row, parts.1, parts.2) else {
            // The shared reader says so: it has no place.
            sheet.rows.push(Found { raw: format!("{ATTRIBUTE}{attribute}").into(), label: "attribute".to_owned(), ..Found::default() });
            continue;
        };
        if row.ranges.is_empty()
            && let Value::Array(names) = row.rest.entry(ATTRIBUTED).or_insert_with(|| Value::Array(Vec::new()))
        {
            names.push(name.as_str().into());
        }
        match row.features.iter_mut().find(|(known, _)| *known == name) {
            None => row.features.push((name, value.clone())),
            Some((_, Value::Array(values))) => values.push(value.clone()),
            Some((_, before)) => *before = vec![before.take(), value.clone()].into(),
        }
    }
}

/// A further place says of which claim in a relation of ours.
fn link_occurrences(sheet: &mut FoundSheet) {
    let is_link = |row: &Found| row.kind == Some(Kind::Occurrence) && row.ranges.is_empty();
    let (links, rows): (Vec<Found>, Vec<Found>) = std::mem::take(&mut sheet.rows).into_iter().partition(is_link);
    sheet.rows = rows;
    let of: BTreeMap<String, String> = links
        .into_iter()
        .filter_map(|row| {
            let mut links = row.links.into_iter();
            Some((links.next()?.1, links.next()?.1))
        })
        .collect();
    for row in sheet.rows.iter_mut().filter(|row| row.kind == Some(Kind::Occurrence)) {
        let claim = row.id.as_ref().and_then(|id| of.get(id));
        row.links.extend(claim.map(|claim| (FROM.to_owned(), claim.clone())));
    }
}
