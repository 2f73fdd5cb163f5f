//! From an item to a document of GATE.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::document::{Annotation, Document};
use super::markups::Markups;
use super::{KEPT_SETS, MARKUPS, REGIONS, TYPES};
use crate::format::aspects::drop_entity_details;
use crate::format::place::Places;
use crate::format::standoff::Features;
use crate::format::standoff_ids::RowIds;
use crate::format::standoff_in::Raw;
use crate::format::standoff_out::{Can, Ends, Row, Unplaced, all_sheets, count_document, document_features, drop_aside, regions, take_feature};
use crate::format::{FormatError, Item, Items, Ledger, Sink, Tables, WriteOptions};
use crate::model::CoderKey;
use crate::text::offsets::OffsetUnit;

/// What a format of GATE can hold.
pub(super) const fn can(format: &'static str) -> Can {
    let gaps = "they are discontinuous: they reach from their first to their last character, with their pieces in a feature";
    Can { format, gaps: Some(gaps), unplaced: Unplaced::Written, ends: Ends::MarksAndRelations }
}

/// Prints a document as the content of a file.
pub(super) type Print<'p> = dyn FnMut(&Item, Document, &mut Ledger) -> Result<Vec<u8>, FormatError> + 'p;
/// Marks an annotation that was kept aside of a coder's sheet; none for what is no annotation.
pub(super) type Mark = fn(&str, &CoderKey) -> Option<String>;

/// Writes a file for each document, made by `print` and named with this extension.
pub(super) fn write_all(
    (can, unit, ending, mark): (Can, OffsetUnit, &str, Mark),
    (tables, items): (&Tables, &mut Items<'_>),
    (options, sink, ledger): (&WriteOptions, &mut dyn Sink, &mut Ledger),
    print: &mut Print<'_>,
) -> Result<(), FormatError> {
    for item in items {
        let item = item?;
        ledger.add_document();
        let document = document((tables, &item), &can, (unit, mark), ledger)?;
        let page = print(&item, document, ledger)?;
        let name = format!("{}.{ending}", item.id);
        let written = sink.create(&name).and_then(|mut file| file.write_all(&page));
        written.map_err(|cause| FormatError::writing(&name, cause))?;
        options.step()?;
    }
    drop_entity_details(ledger, tables, "entities are written with their names and knowledge base ids only");
    Ok(())
}

fn document((tables, item): (&Tables, &Item), can: &Can, (unit, mark): (OffsetUnit, Mark), ledger: &mut Ledger) -> Result<Document, FormatError> {
    count_document(item, can, ledger);
    let places = Places::new(&item.id, &item.text, unit);
    let mut next = 0;
    let parts = regions(item, &places, &mut next, ledger)?;
    let mut sheets = all_sheets((tables, item), &places, can, &mut next, ledger)?;
    sheets
        .iter_mut()
        .filter(|(_, sheet)| sheet.called.is_some_and(|name| [REGIONS, MARKUPS].contains(&name)))
        .for_each(|(_, sheet)| sheet.forget_called());
    let mut features = document_features(item, &sheets, can, ledger);
    let mut sets = Vec::new();
    if !parts.is_empty() {
        sets.push((REGIONS.to_owned(), annotations(parts, &RowIds::new(""))));
    }
    for (coder, sheet) in sheets {
        let mut ids = RowIds::new("");
        ids.add(sheet.rows.iter(), &sheet.aside);
        let name = sheet.coder(coder).to_owned();
        let mut rows = annotations(sheet.rows, &ids);
        for raw in sheet.aside {
            match mark(raw, coder) {
                Some(raw) => rows.push(Annotation { raw: Raw::Text(raw), ..Annotation::default() }),
                None => drop_aside(item, [raw], ledger),
            }
        }
        sets.push((name, rows));
    }
    sets.extend(markups(item, &mut features, unit, ledger).map(|rows| (MARKUPS.to_owned(), rows)));
    let types = take_feature(&mut features, TYPES).and_then(|types| if let Value::Object(types) = types { Some(types) } else { None });
    Ok(Document { text: item.text.as_str().to_owned(), features, types: types.unwrap_or_default(), sets })
}

/// The tags of a web page that were kept aside.
fn markups(item: &Item, features: &mut Features, unit: OffsetUnit, ledger: &mut Ledger) -> Option<Vec<Annotation>> {
    let kept: Markups = serde_json::from_value(take_feature(features, KEPT_SETS)?).ok()?;
    let rows = kept.annotations(item, unit);
    if rows.is_none() {
        let why = "tags of a web page have lost their places: the text was corrected since";
        ledger.drop("leftovers of earlier imports", why, item.id.to_string());
    }
    rows
}

/// What has no place of its own stands where its first link leads, or at the beginning of the text, without length.
fn annotations(rows: Vec<Row<'_>>, ids: &RowIds<'_>) -> Vec<Annotation> {
    let mut starts: BTreeMap<usize, (usize, usize)> = BTreeMap::new();
    let mut annotations = Vec::with_capacity(rows.len());
    for mut row in rows {
        let types = if let Some(Value::Object(types)) = row.rest.remove(TYPES) { types } else { Map::new() };
        let mut features = row.own_features(ids);
        features.extend(row.take_features());
        let linked = row.links.first().and_then(|(_, number)| starts.get(number)).copied().unwrap_or_default();
        let bytes = row.ranges.iter().map(|range| range.start()).min().zip(row.ranges.iter().map(|range| range.end()).max());
        let (start, end) = row.hull().unwrap_or((linked.0, linked.0));
        let bytes = bytes.unwrap_or((linked.1, linked.1));
        starts.insert(row.number, (start, bytes.0));
        let (id, kind) = (ids.of(row.number), row.label.to_owned());
        annotations.push(Annotation { id, kind, start, end, bytes, features, types, ..Annotation::default() });
    }
    annotations
}
