//! From a document of GATE to what the shared reader takes.

use serde_json::Value;

use super::document::{Annotation, Document};
use super::markups::Markups;
use super::{KEPT_SETS, MARKUPS, REGIONS, TYPES};
use crate::format::standoff::{ASIDE, CALLED, Kind, OWN};
use crate::format::standoff_in::{Found, FoundDocument, FoundSheet, Input, Unit, Whose, record_of, take_coders};
use crate::format::{Receiver, stem};
use crate::model::{DocumentId, Finding, Severity};

/// What a document says.
pub(super) fn found(input: &Input<'_>, mut document: Document, unit: Unit, to: &mut dyn Receiver) -> FoundDocument {
    let mut sheets = take_coders(&mut document.features);
    let is_ours = !sheets.is_empty() || document.sets.iter().any(|(name, rows)| name == REGIONS && rows.iter().all(is_own));
    let id = document.features.iter().find(|(name, _)| name == "id").and_then(|(_, id)| DocumentId::new(id.as_str()?).ok());
    if id.is_some() {
        document.features.retain(|(name, _)| name != "id");
    }
    for (name, annotations) in document.sets {
        if name == MARKUPS {
            let message = format!("the set {MARKUPS} with {} tags of a web page was kept aside", annotations.len());
            to.finding(Finding::new(Severity::Note, input.how.left_out, message).in_file(input.name));
            let unit = if let Unit::Said(unit) | Unit::Exact(unit) = unit { unit } else { input.how.unit };
            document.features.push((KEPT_SETS.to_owned(), Markups::of(annotations, unit).into()));
            continue;
        }
        let key = sheets.iter().position(|sheet| matches!(&sheet.whose, Whose::Key(key) if key.as_str() == name));
        let named = key.or_else(|| sheets.iter().position(|sheet| sheet.called() == Some(&name)));
        let at = named.or(if is_ours && name == REGIONS && !sheets.is_empty() { Some(0) } else { None });
        let at = at.unwrap_or_else(|| {
            sheets.push(new_sheet(name, is_ours));
            sheets.len() - 1
        });
        if let Some(sheet) = sheets.get_mut(at) {
            for annotation in annotations {
                match annotation.features.iter().any(|(name, _)| name == ASIDE) {
                    true => sheet.aside.push((input.how.unmarked)(annotation.raw.get(input.content))),
                    false => sheet.rows.push(row(annotation, is_ours)),
                }
            }
        }
    }
    // GATE keeps empty sets.
    sheets.retain(|sheet| !sheet.rows.is_empty() || matches!(sheet.whose, Whose::Key(_)));
    let mut record = record_of(document.text, document.features, input.options);
    if !is_ours && id.is_none() && !record.fields.contains_key(&crate::format::Field::FileName) {
        record.fields.insert(crate::format::Field::FileName, stem(input.name).to_owned());
    }
    // What we have written counts what it says.
    let unit = if let (true, Unit::Said(unit)) = (is_ours, unit) { Unit::Exact(unit) } else { unit };
    FoundDocument { line: None, id, record, original: None, unit, sheets }
}

fn is_own(annotation: &Annotation) -> bool {
    annotation.features.iter().any(|(name, _)| name.starts_with(OWN))
}

/// A set without a name is nobody's, and goes out without one again.
fn new_sheet(name: String, is_ours: bool) -> FoundSheet {
    let mut sheet = FoundSheet::new(if name.is_empty() || is_ours { Whose::Unsaid } else { Whose::Name(name.clone()) });
    if name.is_empty() && !is_ours {
        sheet.features.push((CALLED.to_owned(), name.into()));
    }
    sheet
}

fn row(annotation: Annotation, is_ours: bool) -> Found {
    let Annotation { id, kind, start, end, features, types, raw, line, .. } = annotation;
    let keeps_id = !is_ours && id.parse::<u64>().is_ok();
    let mut found = Found { line, raw, id: Some(id), keeps_id, label: kind, ranges: vec![(start, end)], features, ..Found::default() };
    if !types.is_empty() {
        found.rest.insert(TYPES.to_owned(), Value::Object(types));
    }
    found.take_own();
    let is_unplaced = found.kind == Some(Kind::Claim) && start == end;
    if is_unplaced || matches!(found.kind, Some(Kind::Relation | Kind::Role)) {
        found.ranges.clear();
    }
    found
}
