//! From an item to a document of BioC.

use serde_json::{Map, Value};

use super::collection::Collection;
use super::document::{Annotation, Document, Passage, Relation};
use super::layout::{Layout, Piece};
use super::{ANNOTATOR, COLLECTION, LAYOUT, LISTS, OLD_ID, OWN_ID, ROLES, TYPE, UNIT};
use crate::format::place::Places;
use crate::format::standoff::{Features, KIND, Kind, said};
use crate::format::standoff_ids::RowIds;
use crate::format::standoff_in::Raw;
use crate::format::standoff_out::{
    Can, Ends, Row, Unplaced, all_sheets, count_document, document_features, drop_aside, kept_beside, regions, take_feature,
};
use crate::format::xml_out::xml_text;
use crate::format::{FormatError, Item, Ledger, Tables, WriteOptions};
use crate::model::CoderKey;
use crate::text::offsets::OffsetUnit;

/// What BioC can hold.
pub(super) const fn can(format: &'static str) -> Can {
    Can { format, gaps: None, unplaced: Unplaced::Written, ends: Ends::MarksAndRelations }
}

/// An annotation or a relation that was kept aside of a coder's sheet, with the mark that says so.
pub(super) enum Kept {
    Annotation(String),
    Relation(String),
}

/// Marks what was kept aside; none for what is neither an annotation nor a relation.
pub(super) type Mark = fn(&str, &CoderKey) -> Option<Kept>;

/// How a document is written, and the collection around it.
pub(super) struct How<'h> {
    pub(super) can: Can,
    pub(super) mark: Mark,
    pub(super) collection: &'h Collection,
    pub(super) options: &'h WriteOptions,
}

/// The document, and what it says of everybody.
pub(super) fn document(tables: &Tables, item: &Item, how: &How<'_>, ledger: &mut Ledger) -> Result<Document, FormatError> {
    let How { can, options, .. } = how;
    count_document(item, can, ledger);
    let places = Places::new(&item.id, &item.text, options.unit);
    let mut next = 0;
    let parts = regions(item, &places, &mut next, ledger)?;
    let sheets = all_sheets((tables, item), &places, can, &mut next, ledger)?;
    let mut features = document_features(item, &sheets, can, ledger);
    features.retain(|(name, _)| name != "id");
    features.push((UNIT.to_owned(), options.unit.to_string().into()));
    let id = take_feature(&mut features, OLD_ID).and_then(|id| Some(id.as_str()?.to_owned()));
    features.extend(id.is_some().then(|| (OWN_ID.to_owned(), item.id.as_str().into())));
    features.retain(|(name, value)| name != COLLECTION || *value != Value::from(how.collection.clone()));
    let layout = take_feature(&mut features, LAYOUT).and_then(|layout| serde_json::from_value::<Layout>(layout).ok());
    let all = || parts.iter().chain(sheets.iter().flat_map(|(_, sheet)| &sheet.rows));
    let mut ids = RowIds::new("T");
    ids.add(all(), &sheets.iter().flat_map(|(_, sheet)| sheet.aside.iter().copied()).collect::<Vec<_>>());
    let (passages, pieces) = passages(layout, all(), (item, options.unit), ledger);
    let document = Document {
        id: id.unwrap_or_else(|| item.id.to_string()),
        infons: texts(features, &kept_beside(item, can.format)),
        passages,
        ..Document::default()
    };
    let mut maker = Maker { item, places: &places, ids, pieces, document };
    parts.into_iter().for_each(|row| maker.add(row, None));
    for (coder, sheet) in sheets {
        let name = sheet.coder(coder);
        sheet.rows.into_iter().for_each(|row| maker.add(row, Some(name)));
        for raw in sheet.aside {
            match (how.mark)(raw, coder) {
                Some(kept) => maker.add_kept(kept),
                None => drop_aside(item, [raw], ledger),
            }
        }
    }
    Ok(maker.document)
}

/// Those of the file that the document comes from, or one with everything.
fn passages<'r, 's: 'r>(
    layout: Option<Layout>,
    rows: impl Iterator<Item = &'r Row<'s>>,
    (item, unit): (&Item, OffsetUnit),
    ledger: &mut Ledger,
) -> (Vec<Passage>, Vec<Piece>) {
    let one = || {
        let text = item.text.as_str();
        let infons = vec![(TYPE.to_owned(), "article".into())];
        let passage = Passage { text: Some(text.to_owned()), infons, ..Passage::default() };
        (vec![passage], vec![Piece { start: 0, end: text.len(), offset: 0 }])
    };
    let Some(layout) = layout else { return one() };
    let mut rows = rows;
    let found = layout.passages(item, unit).filter(|(_, pieces)| rows.all(|row| row.ranges.is_empty() || piece_of(pieces, row).is_some()));
    found.unwrap_or_else(|| {
        let why = "the text or the annotations do not fit the passages that it came with any more: it is one passage";
        ledger.drop("leftovers of earlier imports", why, item.id.to_string());
        one()
    })
}

/// The piece in which an annotation stands as a whole.
fn piece_of(pieces: &[Piece], row: &Row<'_>) -> Option<usize> {
    let (start, end) = (row.ranges.iter().map(|range| range.start()).min()?, row.ranges.iter().map(|range| range.end()).max()?);
    let at = pieces.partition_point(|piece| piece.end <= start);
    pieces.get(at).filter(|piece| piece.start <= start && end <= piece.end).map(|_| at)
}

/// Infons are text, or a list where an import had one that says the same.
fn texts(features: Features, lists: &Map<String, Value>) -> Features {
    let text = |value: &Value| said(value).unwrap_or_else(|| value.to_string());
    let list = |name: &str, said: &str| lists.get(name).filter(|list| list.is_array() && text(list) == said).cloned();
    let infon = |(name, value): (String, Value)| {
        let said = text(&value);
        let value = list(&name, &said).unwrap_or_else(|| said.into());
        (name, value)
    };
    features.into_iter().map(infon).collect()
}

struct Maker<'m> {
    item: &'m Item,
    places: &'m Places<'m>,
    ids: RowIds<'m>,
    pieces: Vec<Piece>,
    document: Document,
}

impl Maker<'_> {
    fn add(&mut self, mut row: Row<'_>, coder: Option<&str>) {
        let id = self.ids.of(row.number);
        let mut infons = vec![(TYPE.to_owned(), Value::from(row.label)), (KIND.to_owned(), row.kind.name().into())];
        infons.extend(coder.map(|coder| (ANNOTATOR.to_owned(), coder.into())));
        let roles = row.rest.remove(ROLES);
        let lists = if let Some(Value::Object(lists)) = row.rest.remove(LISTS) { lists } else { Map::new() };
        infons.extend(row.take_features());
        let infons = texts(infons, &lists);
        let mut links: Vec<(String, String)> = row.links.iter().map(|(role, number)| (self.ids.of(*number), (*role).to_owned())).collect();
        if row.places.is_empty() {
            if let (Kind::Relation, Some(Value::Array(roles))) = (row.kind, roles) {
                links.iter_mut().zip(&roles).for_each(|(link, role)| link.1 = role.as_str().unwrap_or_default().to_owned());
            }
            self.relations().push(Relation { id, infons, nodes: links, ..Relation::default() });
            return;
        }
        let at = piece_of(&self.pieces, &row).unwrap_or_default();
        let text = row.ranges.iter().map(|range| range.start()).min().zip(row.ranges.iter().map(|range| range.end()).max());
        let text = text.and_then(|(start, end)| self.item.text.as_str().get(start..end)).unwrap_or_default().to_owned();
        let (from, offset) = self.pieces.get(at).map(|piece| (self.places.unit_of(piece.start), piece.offset)).unwrap_or_default();
        let locations = row.pieces().iter().map(|(start, end)| (start.saturating_sub(from) + offset, end - start)).collect();
        let annotation = Annotation { id: id.clone(), infons, locations, text, ..Annotation::default() };
        self.push(at, annotation);
        for (index, (target, role)) in links.into_iter().enumerate() {
            let kind = if row.kind == Kind::Occurrence { Kind::Occurrence } else { Kind::Role };
            let mut infons = vec![(TYPE.to_owned(), Value::from(role.as_str())), (KIND.to_owned(), kind.name().into())];
            infons.extend(coder.map(|coder| (ANNOTATOR.to_owned(), coder.into())));
            let nodes = vec![(id.clone(), "from".to_owned()), (target, "to".to_owned())];
            self.relations().push(Relation { id: format!("{id}-{}", index + 1), infons, nodes, ..Relation::default() });
        }
    }

    fn add_kept(&mut self, kept: Kept) {
        match kept {
            Kept::Annotation(raw) => {
                let annotation = Annotation { raw: Raw::Text(raw), ..Annotation::default() };
                self.push(0, annotation);
            }
            Kept::Relation(raw) => self.relations().push(Relation { raw: Raw::Text(raw), ..Relation::default() }),
        }
    }

    /// To the passage or sentence of a piece of the text.
    fn push(&mut self, at: usize, annotation: Annotation) {
        let passages = self.document.passages.iter_mut();
        let mut all = passages.flat_map(|passage| if passage.text.is_some() { std::slice::from_mut(passage) } else { &mut passage.sentences });
        if let Some(piece) = all.nth(at) {
            piece.annotations.push(annotation);
        }
    }

    /// Of the only passage, or of the document: what they join may stand in several.
    fn relations(&mut self) -> &mut Vec<Relation> {
        match self.document.passages.as_mut_slice() {
            [only] if only.text.is_some() => &mut only.relations,
            _ => &mut self.document.relations,
        }
    }
}

/// With a question mark for each character that XML cannot hold.
pub(super) fn for_xml(document: &mut Document) {
    for passage in &mut document.passages {
        for part in std::iter::once(&mut passage.text).chain(passage.sentences.iter_mut().map(|sentence| &mut sentence.text)) {
            part.iter_mut().for_each(|text| *text = xml_text(text).into_owned());
        }
    }
    document.each_list(&mut |annotations, _| {
        annotations.iter_mut().for_each(|row| row.text = xml_text(&row.text).into_owned());
    });
}
