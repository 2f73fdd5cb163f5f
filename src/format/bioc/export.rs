//! From an item to a document of BioC.

use serde_json::Value;

use super::document::{Annotation, Document, Passage, Relation};
use super::{ANNOTATOR, UNIT};
use crate::format::place::Places;
use crate::format::standoff::{Features, KIND, Kind, said};
use crate::format::standoff_out::{Can, Ends, Row, Unplaced, all_sheets, count_document, document_features, drop_aside, regions};
use crate::format::xml_out::xml_text;
use crate::format::{FormatError, Item, Ledger, Tables, WriteOptions};

/// What BioC can hold.
pub(super) const fn can(format: &'static str) -> Can {
    Can { format, gaps: None, unplaced: Unplaced::Written, ends: Ends::MarksAndRelations }
}

/// The document, and what it says of everybody.
pub(super) fn document(tables: &Tables, item: &Item, can: &Can, options: &WriteOptions, ledger: &mut Ledger) -> Result<Document, FormatError> {
    count_document(item, can, ledger);
    let places = Places::new(&item.id, &item.text, options.unit);
    let mut next = 0;
    let parts = regions(item, &places, &mut next, ledger)?;
    let sheets = all_sheets((tables, item), &places, can, &mut next, ledger)?;
    let mut features = document_features(item, &sheets, can, ledger);
    features.retain(|(name, _)| name != "id");
    features.push((UNIT.to_owned(), options.unit.to_string().into()));
    let mut passage =
        Passage { text: Some(item.text.as_str().to_owned()), infons: vec![("type".to_owned(), "article".into())], ..Passage::default() };
    let mut maker = Maker { item, passage: &mut passage };
    parts.into_iter().for_each(|row| maker.add(row, None));
    for (coder, sheet) in sheets {
        drop_aside(item, &sheet, ledger);
        sheet.rows.into_iter().for_each(|row| maker.add(row, Some(coder.as_str())));
    }
    let infons = texts(features);
    Ok(Document { id: item.id.to_string(), infons, passages: vec![passage], ..Document::default() })
}

/// Infons are text.
fn texts(features: Features) -> Features {
    let text = |value: Value| said(&value).unwrap_or_else(|| value.to_string());
    features.into_iter().map(|(name, value)| (name, text(value).into())).collect()
}

struct Maker<'m> {
    item: &'m Item,
    passage: &'m mut Passage,
}

impl Maker<'_> {
    fn add(&mut self, mut row: Row<'_>, coder: Option<&str>) {
        let id = id_of(row.number);
        let mut infons = vec![("type".to_owned(), Value::from(row.label)), (KIND.to_owned(), row.kind.name().into())];
        infons.extend(coder.map(|coder| (ANNOTATOR.to_owned(), coder.into())));
        infons.extend(row.take_features());
        let infons = texts(infons);
        let links: Vec<(String, String)> = row.links.iter().map(|(role, number)| (id_of(*number), (*role).to_owned())).collect();
        if row.places.is_empty() {
            self.passage.relations.push(Relation { id, infons, nodes: links, ..Relation::default() });
            return;
        }
        let text = row.ranges.iter().map(|range| range.start()).min().zip(row.ranges.iter().map(|range| range.end()).max());
        let text = text.and_then(|(start, end)| self.item.text.as_str().get(start..end)).unwrap_or_default().to_owned();
        let locations = row.pieces().iter().map(|(start, end)| (*start, end - start)).collect();
        self.passage.annotations.push(Annotation { id: id.clone(), infons, locations, text, ..Annotation::default() });
        for (index, (target, role)) in links.into_iter().enumerate() {
            let kind = if row.kind == Kind::Occurrence { Kind::Occurrence } else { Kind::Role };
            let mut infons = vec![("type".to_owned(), Value::from(role.as_str())), (KIND.to_owned(), kind.name().into())];
            infons.extend(coder.map(|coder| (ANNOTATOR.to_owned(), coder.into())));
            let nodes = vec![(id.clone(), "from".to_owned()), (target, "to".to_owned())];
            self.passage.relations.push(Relation { id: format!("{id}-{}", index + 1), infons, nodes, ..Relation::default() });
        }
    }
}

fn id_of(number: usize) -> String {
    format!("T{number}")
}

/// With a question mark for each character that XML cannot hold.
pub(super) fn for_xml(document: &mut Document) {
    for passage in &mut document.passages {
        if let Some(text) = &mut passage.text {
            *text = xml_text(text).into_owned();
        }
        for annotation in &mut passage.annotations {
            annotation.text = xml_text(&annotation.text).into_owned();
        }
    }
}
