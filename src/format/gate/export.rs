//! From an item to a document of GATE.

use std::collections::BTreeMap;

use super::REGIONS;
use super::document::{Annotation, Document};
use crate::format::aspects::drop_entity_details;
use crate::format::place::Places;
use crate::format::standoff_out::{Can, Ends, Row, Unplaced, all_sheets, count_document, document_features, drop_aside, regions};
use crate::format::{FormatError, Item, Items, Ledger, Sink, Tables, WriteOptions};
use crate::text::offsets::OffsetUnit;

/// What a format of GATE can hold.
pub(super) const fn can(format: &'static str) -> Can {
    let gaps = "they are discontinuous: they reach from their first to their last character, with their pieces in a feature";
    Can { format, gaps: Some(gaps), unplaced: Unplaced::Written, ends: Ends::MarksAndRelations }
}

/// Prints a document as the content of a file.
pub(super) type Print<'p> = dyn FnMut(&Item, Document, &mut Ledger) -> Result<Vec<u8>, FormatError> + 'p;

/// Writes a file for each document, made by `print` and named with this extension.
pub(super) fn write_all(
    (can, unit, ending): (Can, OffsetUnit, &str),
    (tables, items): (&Tables, &mut Items<'_>),
    (options, sink, ledger): (&WriteOptions, &mut dyn Sink, &mut Ledger),
    print: &mut Print<'_>,
) -> Result<(), FormatError> {
    for item in items {
        let item = item?;
        ledger.add_document();
        let document = document(tables, &item, &can, unit, ledger)?;
        let page = print(&item, document, ledger)?;
        let name = format!("{}.{ending}", item.id);
        let written = sink.create(&name).and_then(|mut file| file.write_all(&page));
        written.map_err(|cause| FormatError::writing(&name, cause))?;
        options.step()?;
    }
    drop_entity_details(ledger, tables, "entities are written with their names and knowledge base ids only");
    Ok(())
}

fn document(tables: &Tables, item: &Item, can: &Can, unit: OffsetUnit, ledger: &mut Ledger) -> Result<Document, FormatError> {
    count_document(item, can, ledger);
    let places = Places::new(&item.id, &item.text, unit);
    let mut next = 0;
    let parts = regions(item, &places, &mut next, ledger)?;
    let sheets = all_sheets((tables, item), &places, can, &mut next, ledger)?;
    let features = document_features(item, &sheets, can, ledger);
    let mut sets = Vec::new();
    if !parts.is_empty() {
        sets.push((REGIONS.to_owned(), annotations(parts)));
    }
    for (coder, sheet) in sheets {
        drop_aside(item, &sheet, ledger);
        sets.push((coder.to_string(), annotations(sheet.rows)));
    }
    Ok(Document { text: item.text.as_str().to_owned(), features, sets })
}

/// What has no place of its own stands where its first link leads, or at the beginning of the text, without length.
fn annotations(rows: Vec<Row<'_>>) -> Vec<Annotation> {
    let mut starts: BTreeMap<usize, (usize, usize)> = BTreeMap::new();
    let mut annotations = Vec::with_capacity(rows.len());
    for mut row in rows {
        let mut features = row.own_features();
        features.extend(row.take_features());
        let linked = row.links.first().and_then(|(_, number)| starts.get(number)).copied().unwrap_or_default();
        let bytes = row.ranges.iter().map(|range| range.start()).min().zip(row.ranges.iter().map(|range| range.end()).max());
        let (start, end) = row.hull().unwrap_or((linked.0, linked.0));
        let bytes = bytes.unwrap_or((linked.1, linked.1));
        starts.insert(row.number, (start, bytes.0));
        let (id, kind) = (row.number.to_string(), row.label.to_owned());
        annotations.push(Annotation { id, kind, start, end, bytes, features, ..Annotation::default() });
    }
    annotations
}
