//! From a document of GATE to what the shared reader takes.

use super::REGIONS;
use super::document::{Annotation, Document};
use crate::format::standoff::{Kind, OWN};
use crate::format::standoff_in::{Found, FoundDocument, FoundSheet, Input, Unit, Whose, record_of, take_coders};
use crate::format::{Receiver, stem};
use crate::model::{DocumentId, Finding, Severity};

/// What the import of web pages leaves: tags, and nothing that anybody has said.
const MARKUPS: &str = "Original markups";

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
            let message = format!("the set {MARKUPS} with {} tags of a web page was left out", annotations.len());
            to.finding(Finding::new(Severity::Note, input.how.left_out, message).in_file(input.name));
            continue;
        }
        let rows = annotations.into_iter().map(row);
        let named = sheets.iter().position(|sheet| matches!(&sheet.whose, Whose::Key(key) if key.as_str() == name));
        let at = named.or(if is_ours && name == REGIONS && !sheets.is_empty() { Some(0) } else { None });
        match at.and_then(|at| sheets.get_mut(at)) {
            Some(sheet) => sheet.rows.extend(rows),
            None => {
                let whose = if name.is_empty() || is_ours { Whose::Unsaid } else { Whose::Name(name) };
                let mut sheet = FoundSheet::new(whose);
                sheet.rows.extend(rows);
                sheets.push(sheet);
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

fn row(annotation: Annotation) -> Found {
    let Annotation { id, kind, start, end, features, raw, line, .. } = annotation;
    let mut found = Found { line, raw, id: Some(id), label: kind, ranges: vec![(start, end)], features, ..Found::default() };
    found.take_own();
    let is_unplaced = found.kind == Some(Kind::Claim) && start == end;
    if is_unplaced || matches!(found.kind, Some(Kind::Relation | Kind::Role)) {
        found.ranges.clear();
    }
    found
}
