//! Reading a record of which there is nothing to say, as it stands in what we have written: in one go, instead of row by row.
//! Whatever else is there is left to the reader of rows, which can say what it is.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::read::parse;
use super::rows::{ClaimRow, DocumentRow, RangeRow, RegionRow, RelationRow, SheetRow, SpanRow, Values};
use super::value::from_values;
use crate::format::Item;
use crate::model::{Attributes, Claim, CoderKey, Region, Relation, Rows, Schema, Sheet, Span, full_rows, names_of_json};
use crate::text::offsets::{OffsetMap, OffsetUnit};
use crate::text::{Ranges, Text, TextRange};

/// Rows of longer records are looked at one by one: all of them at once would take several times as much memory.
const MAX_BYTES: usize = 16 << 20;

type PlainSheet = SheetRow<SpanRow, ClaimRow, RelationRow>;

/// The document of a record; none where something is unknown, there twice, without a place, or not what the codebook says.
pub(super) fn read_plain(record: &str, unit: OffsetUnit, schema: &Schema) -> Option<Item> {
    if record.len() > MAX_BYTES {
        return None;
    }
    let (mut row, has_unknown) = parse::<DocumentRow<PlainSheet>>(record).ok()?;
    let text = Text::new(std::mem::take(&mut row.text));
    if has_unknown || row.text_hash.as_ref().is_some_and(|hash| hash != text.hash()) {
        return None;
    }
    let on = On { text: &text, map: OffsetMap::new(text.as_str(), unit), schema };
    let regions: Option<Vec<Region>> = std::mem::take(&mut row.regions).iter().map(|row| on.region(row)).collect();
    let mut sheets = BTreeMap::new();
    for row in std::mem::take(&mut row.sheets) {
        let (coder, sheet) = on.sheet(row)?;
        if sheets.insert(coder, Arc::new(sheet)).is_some() {
            return None;
        }
    }
    let (id, mut document) = row.into_document(&text);
    document.regions = regions?;
    Some(Item { id, document, text, original: None, sheets })
}

/// The text of a document, for what stands in it.
struct On<'o> {
    text: &'o Text,
    map: OffsetMap<'o>,
    schema: &'o Schema,
}

impl On<'_> {
    fn sheet(&self, mut row: PlainSheet) -> Option<(CoderKey, Sheet)> {
        let spans = std::mem::take(&mut row.spans).into_iter().map(|row| Some((row.id, self.span(row)?)));
        let claims = std::mem::take(&mut row.claims).into_iter().map(|row| Some((row.id, self.claim(row)?)));
        let relations = std::mem::take(&mut row.relations).into_iter().map(|row| Some((row.id, self.relation(row)?)));
        let mut sheet = Sheet { spans: rows_of(spans)?, claims: rows_of(claims)?, relations: rows_of(relations)?, ..Sheet::default() };
        let attributes = self.attributes(std::mem::take(&mut row.attributes))?;
        let coder = row.coder.clone();
        sheet.info = row.into_info(attributes);
        Some((coder, sheet))
    }

    fn span(&self, mut row: SpanRow) -> Option<Span> {
        let ranges = self.ranges(&row.ranges)?;
        let attributes = self.attributes(std::mem::take(&mut row.attributes))?;
        Some(row.into_span(ranges, attributes))
    }

    fn claim(&self, mut row: ClaimRow) -> Option<Claim> {
        let content = if row.ranges.is_empty() { None } else { Some(self.ranges(&row.ranges)?) };
        let occurrences: Option<Vec<Ranges>> = row.occurrences.iter().map(|place| self.ranges(place)).collect();
        let attributes = self.attributes(std::mem::take(&mut row.attributes))?;
        Some(row.into_claim((content, occurrences?), attributes))
    }

    fn relation(&self, mut row: RelationRow) -> Option<Relation> {
        let attributes = self.attributes(std::mem::take(&mut row.attributes))?;
        Some(row.into_relation(attributes))
    }

    fn attributes(&self, values: Values) -> Option<Attributes> {
        // The reader of rows sees what a value names twice.
        if values.values().any(|value| value.get().starts_with('{') && names_of_json(value.get().as_bytes()).is_err()) {
            return None;
        }
        let (attributes, rejected) = from_values(values, self.schema);
        rejected.is_empty().then_some(attributes)
    }

    fn region(&self, row: &RegionRow) -> Option<Region> {
        Some(Region { range: self.range(row.start, row.end, row.quote.as_deref())?, kind: row.kind })
    }

    fn ranges(&self, rows: &[RangeRow]) -> Option<Ranges> {
        let ranges: Option<Vec<TextRange>> = rows.iter().map(|row| self.range(row.start, row.end, row.quote.as_deref())).collect();
        ranges.and_then(Ranges::new)
    }

    fn range(&self, start: usize, end: usize, quote: Option<&str>) -> Option<TextRange> {
        let range = self.text.range(self.map.to_byte(start)?, self.map.to_byte(end)?).ok()?;
        quote.is_none_or(|quote| self.text.slice(range) == quote).then_some(range)
    }
}

/// None where a row is missing, or an id is there twice.
fn rows_of<K: Ord + Clone, R: Clone>(rows: impl Iterator<Item = Option<(K, R)>>) -> Option<Rows<K, R>> {
    let mut rows: Vec<(K, R)> = rows.collect::<Option<_>>()?;
    if !rows.is_sorted_by(|(one, _), (other, _)| one < other) {
        rows.sort_by(|(one, _), (other, _)| one.cmp(other));
        if rows.windows(2).any(|pair| matches!(pair, [(one, _), (other, _)] if one == other)) {
            return None;
        }
    }
    Some(full_rows(rows))
}
