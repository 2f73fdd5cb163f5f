//! Rows of a table of spans and claims: one row a span, one a claim, one a further place of a claim. Shared by the
//! formats that are such tables.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde_json::{Map, Value};

use super::aspects::{Aspect, OCCURRENCES, drop_aspects, drop_foreign_residue};
use super::place::{Place, Places};
use super::{FormatError, Item, Ledger, Tables, TextPlace, WriteOptions};
use crate::model::{AttributeKey, AttributeValue, Attributes, Claim, CoderKey, Filler, Residue, RoleKey, Sheet, Span, Target};
use crate::text::Ranges;
use crate::text::offsets::OffsetUnit;

/// The columns before the attributes and roles.
pub(super) const FIRST: [&str; 12] =
    ["document", "title", "coder", "id", "kind", "label", "start", "end", "offset_unit", "quote", "entity", "entity_name"];
/// The columns behind them.
pub(super) const LAST: [&str; 4] = ["other_attributes", "other_roles", "normalized", "note"];
/// The column of texts, where they go inside. The first row of a document has its text.
pub(super) const TEXT: &str = "text";
/// In front of the key of an attribute in the name of its column.
pub(super) const ATTRIBUTE: &str = "attribute.";
/// In front of the key of a role in the name of its column.
pub(super) const ROLE: &str = "role.";
/// Between the quotes of a discontinuous span.
pub(super) const BETWEEN_QUOTES: &str = " … ";

/// Under this name an import keeps what stands in other columns, and rows that have no place.
pub(super) const KEPT: &str = "csv";
/// A table that somebody made has no more other columns.
const MAX_KEPT_COLUMNS: usize = 1000;

const TEXTS: &str = "texts of documents";

/// Why such a table drops things.
pub(super) const NO_PLACE: &str = "the table has rows for spans and claims only";

/// What the rows have no place for.
const LOST: [Aspect; 6] =
    [Aspect::Regions, Aspect::Corrections, Aspect::SetAside, Aspect::Relations, Aspect::RelationAttributes, Aspect::RelationNotes];

/// Counts as dropped what no such table has a place for. What imports of such tables could not place is written back.
pub(super) fn count_losses(item: &Item, ledger: &mut Ledger) {
    drop_aspects(ledger, item, &LOST, NO_PLACE);
    drop_foreign_residue(ledger, item, KEPT);
    for sheet in item.sheets.values() {
        let lines = sheet.info.residue.get(KEPT).map_or(0, |kept| kept.lines().count());
        let rows = kept_rows(sheet).count();
        ledger.keep("leftovers of earlier imports", rows);
        for _ in rows..lines {
            ledger.drop("leftovers of earlier imports", "parts of rows that had no place are not written back", item.id.to_string());
        }
    }
}

/// Counts what becomes of a document's text.
pub(super) fn count_text(item: &Item, place: TextPlace, ledger: &mut Ledger) {
    let has_rows = item.sheets.values().any(has_rows);
    match place {
        TextPlace::Nowhere => ledger.drop(TEXTS, "the table has spans and claims only; import it together with the texts", item.id.as_str()),
        TextPlace::Inside if !has_rows => ledger.drop(TEXTS, "a document without spans and claims has no row", item.id.as_str()),
        TextPlace::Inside | TextPlace::Beside => ledger.keep(TEXTS, 1),
    }
}

/// True where a sheet has a row of its own.
pub(super) fn has_rows(sheet: &Arc<Sheet>) -> bool {
    !(sheet.spans.is_empty() && sheet.claims.is_empty()) || kept_rows(sheet).next().is_some()
}

/// Rows of a table that was imported that have no place.
fn kept_rows(sheet: &Sheet) -> impl Iterator<Item = Map<String, Value>> {
    let lines = sheet.info.residue.get(KEPT).into_iter().flat_map(|kept| kept.lines());
    lines.filter_map(|line| serde_json::from_str(line).ok())
}

/// Adds the names of columns that an import of a table has kept aside.
pub fn add_kept_columns(item: &Item, names: &mut BTreeSet<String>) {
    for sheet in item.sheets.values() {
        let residues = sheet.spans.values().map(|span| &span.extras().residue).chain(sheet.claims.values().map(|claim| &claim.residue));
        for name in residues.map(kept).chain(kept_rows(sheet)).flatten().map(|(name, _)| name) {
            if names.len() < MAX_KEPT_COLUMNS {
                names.insert(name);
            }
        }
    }
}

/// What stood in other columns.
fn kept(residue: &Residue) -> Map<String, Value> {
    residue.get(KEPT).and_then(|json| serde_json::from_str(json).ok()).unwrap_or_default()
}

/// Attributes and roles that get a column each.
struct Columns {
    attributes: Vec<AttributeKey>,
    roles: Vec<RoleKey>,
    /// Other columns of a table that was imported.
    kept: Vec<String>,
}

fn columns(tables: &Tables) -> Columns {
    let mut roles: Vec<_> = tables.schema.roles.iter().collect();
    roles.sort_by_key(|(_, def)| def.position);
    Columns {
        attributes: attributes_on(tables, &[Target::Span, Target::Claim]),
        roles: roles.into_iter().map(|(key, _)| key.clone()).collect(),
        kept: Vec::new(),
    }
}

/// The attributes that can be set on one of these, in their order.
pub(super) fn attributes_on(tables: &Tables, targets: &[Target]) -> Vec<AttributeKey> {
    let attributes = tables.schema.attributes.iter().filter(|(_, def)| def.applies_to.iter().any(|target| targets.contains(target)));
    let mut attributes: Vec<_> = attributes.collect();
    attributes.sort_by_key(|(_, def)| def.position);
    attributes.into_iter().map(|(key, _)| key.clone()).collect()
}

/// Makes the rows of a project's spans and claims.
pub(super) struct SpanRows<'t> {
    tables: &'t Tables,
    columns: Columns,
    unit: OffsetUnit,
}

/// What a row has in common with the other kind of row.
struct Common<'c> {
    item: &'c Item,
    coder: &'c CoderKey,
    places: &'c Places<'c>,
}

impl<'t> SpanRows<'t> {
    /// For a project. The other columns of tables that were imported stand behind ours.
    pub(super) fn new(tables: &'t Tables, options: &WriteOptions) -> Self {
        let mut rows = Self { tables, columns: columns(tables), unit: options.unit };
        let ours = rows.header();
        rows.columns.kept = options.kept_columns.iter().filter(|name| !ours.contains(name) && *name != TEXT).cloned().collect();
        rows
    }

    /// The names of the columns.
    pub(super) fn header(&self) -> Vec<String> {
        let mut header: Vec<String> = FIRST.map(str::to_owned).to_vec();
        header.extend(self.columns.attributes.iter().map(|key| format!("{ATTRIBUTE}{key}")));
        header.extend(self.columns.roles.iter().map(|key| format!("{ROLE}{key}")));
        header.extend(LAST.map(str::to_owned));
        header.extend(self.columns.kept.iter().cloned());
        header
    }

    /// All rows of a document; what they hold is counted as kept.
    ///
    /// # Errors
    /// When a place does not lead back to its quote.
    pub(super) fn rows(&self, item: &Item, ledger: &mut Ledger) -> Result<Vec<Vec<String>>, FormatError> {
        let places = Places::new(&item.id, &item.text, self.unit);
        let mut rows = Vec::new();
        for (coder, sheet) in &item.sheets {
            let common = Common { item, coder, places: &places };
            self.sheet_rows(&common, sheet, &mut rows)?;
            rows.extend(kept_rows(sheet).map(|cells| self.kept_row(&common, cells)));
            ledger.keep("spans", sheet.spans.len());
            ledger.keep("claims", sheet.claims.len());
            ledger.keep("fillers of roles", sheet.claims.values().flat_map(|claim| claim.roles.values()).map(Vec::len).sum());
            ledger.keep(OCCURRENCES, sheet.claims.values().map(|claim| claim.occurrences.len()).sum());
        }
        Ok(rows)
    }

    fn sheet_rows(&self, common: &Common<'_>, sheet: &Sheet, rows: &mut Vec<Vec<String>>) -> Result<(), FormatError> {
        let mut spans: Vec<_> = sheet.spans.iter().collect();
        spans.sort_by_key(|(id, span)| (span.ranges.start(), span.ranges.end(), **id));
        for (id, span) in spans {
            rows.push(self.span_row(common, &id.to_string(), span)?);
        }
        let mut claims: Vec<_> = sheet.claims.iter().collect();
        claims.sort_by_key(|(id, claim)| (claim.content.as_ref().map(|c| (c.start(), c.end())), **id));
        for (id, claim) in claims {
            rows.push(self.claim_row(common, &id.to_string(), claim)?);
            for place in &claim.occurrences {
                rows.push(self.occurrence_row(common, &id.to_string(), claim, place)?);
            }
        }
        Ok(())
    }

    fn span_row(&self, common: &Common<'_>, id: &str, span: &Span) -> Result<Vec<String>, FormatError> {
        let mut row = self.first(common, [id, "span", span.label.as_str()], Some(&span.ranges))?;
        let entity = span.entity.map(|id| self.tables.entity(id).map_or((id, ""), |(id, entity)| (id, entity.name.as_str())));
        row.push(entity.map(|(id, _)| id.to_string()).unwrap_or_default());
        row.push(entity.map(|(_, name)| name.to_owned()).unwrap_or_default());
        row.extend(self.attributes(span.attributes()));
        row.extend(self.columns.roles.iter().map(|_| String::new()));
        row.extend([self.other_attributes(span.attributes()), String::new(), String::new(), span.note().to_owned()]);
        row.extend(self.kept(&span.extras().residue));
        Ok(row)
    }

    fn claim_row(&self, common: &Common<'_>, id: &str, claim: &Claim) -> Result<Vec<String>, FormatError> {
        let mut row = self.first(common, [id, "claim", claim.label.as_str()], claim.content.as_ref())?;
        row.extend([String::new(), String::new()]);
        row.extend(self.attributes(&claim.attributes));
        row.extend(self.columns.roles.iter().map(|role| join(claim.fillers(role).iter().map(filler))));
        let others = claim.roles.iter().filter(|(role, _)| !self.columns.roles.contains(role));
        let others = join(others.flat_map(|(role, fillers)| fillers.iter().map(move |f| format!("{role}={}", filler(f)))));
        row.extend([self.other_attributes(&claim.attributes), others, claim.normalized.clone(), claim.note.clone()]);
        row.extend(self.kept(&claim.residue));
        Ok(row)
    }

    /// A further place of a claim, with the claim's id; what else there is to say is in the claim's row.
    fn occurrence_row(&self, common: &Common<'_>, id: &str, claim: &Claim, place: &Ranges) -> Result<Vec<String>, FormatError> {
        let mut row = self.first(common, [id, "occurrence", claim.label.as_str()], Some(place))?;
        row.resize(self.header().len(), String::new());
        Ok(row)
    }

    /// Everything up to the quote.
    fn first(&self, common: &Common<'_>, [id, kind, label]: [&str; 3], ranges: Option<&Ranges>) -> Result<Vec<String>, FormatError> {
        let places = common.places.places(ranges.into_iter().flat_map(Ranges::iter))?;
        let numbers = |number: fn(&Place<'_>) -> usize| join(places.iter().map(|place| number(place).to_string()));
        let quotes: Vec<&str> = places.iter().map(|place| place.quote).collect();
        let item = common.item;
        let (document, title, coder) = (item.id.to_string(), item.document.title.clone(), common.coder.to_string());
        let row = [document, title, coder, id.to_owned(), kind.to_owned(), label.to_owned()].into_iter();
        let place = [numbers(|place| place.start), numbers(|place| place.end), self.unit.to_string(), quotes.join(BETWEEN_QUOTES)];
        Ok(row.chain(place).collect())
    }

    /// A row that has no place, as it was but for what is known of its document.
    fn kept_row(&self, common: &Common<'_>, mut cells: Map<String, Value>) -> Vec<String> {
        for (name, value) in [("document", common.item.id.as_str()), ("title", &common.item.document.title), ("coder", common.coder.as_str())] {
            cells.insert(name.to_owned(), value.into());
        }
        let cell = |name: String| cells.remove(&name).and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default();
        self.header().into_iter().map(cell).collect()
    }

    fn attributes(&self, attributes: &Attributes) -> Vec<String> {
        self.columns.attributes.iter().map(|key| attributes.get(key).map(value).unwrap_or_default()).collect()
    }

    fn kept(&self, residue: &Residue) -> Vec<String> {
        let mut kept = if self.columns.kept.is_empty() { Map::new() } else { kept(residue) };
        let cell = |value| if let Value::String(text) = value { text } else { String::new() };
        self.columns.kept.iter().map(|name| kept.remove(name).map(cell).unwrap_or_default()).collect()
    }

    fn other_attributes(&self, attributes: &Attributes) -> String {
        named_values(attributes.iter().filter(|(key, _)| !self.columns.attributes.contains(key)))
    }
}

/// `key=value`, with `;` between them.
pub(super) fn named_values<'a>(attributes: impl Iterator<Item = (&'a AttributeKey, &'a AttributeValue)>) -> String {
    join(attributes.map(|(key, other)| format!("{key}={}", value(other))))
}

/// Several choices are joined like several anything; a single value stays as it is.
pub(super) fn value(value: &AttributeValue) -> String {
    match value {
        AttributeValue::Choices(keys) => join(keys.iter().map(ToString::to_string)),
        single => single.to_string(),
    }
}

fn filler(filler: &Filler) -> String {
    match filler {
        Filler::Span(id) => format!("span:{id}"),
        Filler::Entity(id) => format!("entity:{id}"),
        Filler::Claim(id) => format!("claim:{id}"),
        Filler::Value(value) => format!("value:{value}"),
    }
}

/// With `;` between the parts.
pub(super) fn join(parts: impl Iterator<Item = String>) -> String {
    let parts: Vec<String> = parts.map(|part| part.replace('\\', "\\\\").replace(';', "\\;")).collect();
    parts.join(";")
}
