//! CSV by RFC 4180 for spreadsheets and statistics: one row a span, one a claim, one a further place of a
//! claim. Line ends are LF. Values are exact, or have a `'` in front where a spreadsheet would take one for a formula
//! (OWASP ASVS 4.0, 5.3.10).

use std::io::Write;

use super::aspects::{Aspect, OCCURRENCES, drop_aspects, drop_entity_details};
use super::place::Places;
use super::{Format, FormatError, Item, Items, Layout, Ledger, Offsets, Sink, Tables, WriteOptions};
use crate::model::{AttributeKey, AttributeValue, Attributes, Claim, CoderKey, Filler, RoleKey, Sheet, Span, Target};
use crate::text::Ranges;
use crate::text::offsets::OffsetUnit;

/// The row of the table.
pub(super) const FORMAT: Format = Format {
    name: "csv",
    title: "CSV, exact (one row a span or claim)",
    extensions: &["csv"],
    reader: None,
    writer: Some(write_exact),
    offsets: Offsets::Choosable(OffsetUnit::CodePoints),
    layout: Layout::File,
    recognises: |_, _| false,
    carries: "spans and claims with places, quotes, entities, attributes, roles and notes; further occurrences of \
              claims in rows of their own; several values are joined with `;`, \
              with `\\;` for a `;` inside one; values are exact, also where a spreadsheet would take one for a formula",
    loses: "texts; document fields other than the title; relations; attributes and notes of documents; states of work; details of entities",
};

/// The same for spreadsheets.
pub(super) const SPREADSHEET_FORMAT: Format = Format {
    name: "csv-spreadsheet",
    title: "CSV, safe in spreadsheets (one row a span or claim)",
    writer: Some(write_safe),
    carries: "as csv, but a value that a spreadsheet would take for a formula (beginning with =, +, -, @, a tab, a carriage \
              return or NUL, and not a number) gets a ' in front",
    ..FORMAT
};

const NO_PLACE: &str = "the table has rows for spans and claims only";

/// The columns before the attributes and roles.
const FIRST: [&str; 12] = ["document", "title", "coder", "id", "kind", "label", "start", "end", "offset_unit", "quote", "entity", "entity_name"];
/// The columns behind them.
const LAST: [&str; 4] = ["other_attributes", "other_roles", "normalized", "note"];

/// How values are written.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Cells {
    Exact,
    Safe,
}

impl Cells {
    fn of(self, row: Vec<String>, ledger: &mut Ledger) -> Vec<String> {
        if self == Self::Exact {
            return row;
        }
        let safe = |cell: String| {
            let is_number = || cell.parse::<f64>().is_ok();
            if !cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\0']) || is_number() {
                return cell;
            }
            ledger.change("values", "a spreadsheet would take them for formulas, so they have a ' in front", &cell);
            format!("'{cell}")
        };
        row.into_iter().map(safe).collect()
    }
}

fn write_exact(tables: &Tables, items: &mut Items<'_>, options: &WriteOptions, sink: &mut dyn Sink, ledger: &mut Ledger) -> Result<(), FormatError> {
    write(tables, items, (options, Cells::Exact), sink, ledger)
}

fn write_safe(tables: &Tables, items: &mut Items<'_>, options: &WriteOptions, sink: &mut dyn Sink, ledger: &mut Ledger) -> Result<(), FormatError> {
    write(tables, items, (options, Cells::Safe), sink, ledger)
}

/// Writes everything.
fn write(
    tables: &Tables,
    items: &mut Items<'_>,
    (options, cells): (&WriteOptions, Cells),
    sink: &mut dyn Sink,
    ledger: &mut Ledger,
) -> Result<(), FormatError> {
    let name = options.file_name.as_str();
    let file = sink.create(name).map_err(|cause| FormatError::writing(name, cause))?;
    let mut table = Table { tables, columns: columns(tables), unit: options.unit, out: ::csv::Writer::from_writer(file) };
    let io = |error: ::csv::Error| FormatError::writing(name, error.into());
    table.out.write_record(cells.of(table.header(), ledger)).map_err(io)?;
    for item in items {
        let item = item?;
        ledger.add_document();
        count_losses(&item, ledger);
        for row in table.rows(&item, ledger)? {
            table.out.write_record(cells.of(row, ledger)).map_err(io)?;
        }
        options.step()?;
    }
    drop_entity_details(ledger, tables, NO_PLACE);
    table.out.flush().map_err(|cause| FormatError::writing(name, cause))
}

fn count_losses(item: &Item, ledger: &mut Ledger) {
    let lost = [
        Aspect::DocumentFields,
        Aspect::Regions,
        Aspect::Corrections,
        Aspect::DocumentAttributes,
        Aspect::DocumentNotes,
        Aspect::Status,
        Aspect::SetAside,
        Aspect::Relations,
        Aspect::RelationAttributes,
        Aspect::RelationNotes,
        Aspect::Residue,
    ];
    drop_aspects(ledger, item, &lost, NO_PLACE);
}

/// Attributes and roles that get a column each.
struct Columns {
    attributes: Vec<AttributeKey>,
    roles: Vec<RoleKey>,
}

fn columns(tables: &Tables) -> Columns {
    let on_rows = |targets: &[Target]| targets.contains(&Target::Span) || targets.contains(&Target::Claim);
    let mut attributes: Vec<_> = tables.schema.attributes.iter().filter(|(_, def)| on_rows(&def.applies_to)).collect();
    attributes.sort_by_key(|(_, def)| def.position);
    let mut roles: Vec<_> = tables.schema.roles.iter().collect();
    roles.sort_by_key(|(_, def)| def.position);
    Columns {
        attributes: attributes.into_iter().map(|(key, _)| key.clone()).collect(),
        roles: roles.into_iter().map(|(key, _)| key.clone()).collect(),
    }
}

struct Table<'t, W: Write> {
    tables: &'t Tables,
    columns: Columns,
    unit: OffsetUnit,
    out: ::csv::Writer<W>,
}

/// What a row has in common with the other kind of row.
struct Common<'c> {
    item: &'c Item,
    coder: &'c CoderKey,
    places: &'c Places<'c>,
}

impl<W: Write> Table<'_, W> {
    fn header(&self) -> Vec<String> {
        let mut header: Vec<String> = FIRST.map(str::to_owned).to_vec();
        header.extend(self.columns.attributes.iter().map(|key| format!("attribute.{key}")));
        header.extend(self.columns.roles.iter().map(|key| format!("role.{key}")));
        header.extend(LAST.map(str::to_owned));
        header
    }

    fn rows(&self, item: &Item, ledger: &mut Ledger) -> Result<Vec<Vec<String>>, FormatError> {
        let places = Places::new(&item.id, &item.text, self.unit);
        let mut rows = Vec::new();
        for (coder, sheet) in &item.sheets {
            let common = Common { item, coder, places: &places };
            self.sheet_rows(&common, sheet, &mut rows)?;
            ledger.keep("spans", sheet.spans.len());
            ledger.keep("claims", sheet.claims.len());
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
        Ok(row)
    }

    /// A further place of a claim, with the claim's id; what else there is to say is in the claim's row.
    fn occurrence_row(&self, common: &Common<'_>, id: &str, claim: &Claim, place: &Ranges) -> Result<Vec<String>, FormatError> {
        let mut row = self.first(common, [id, "occurrence", claim.label.as_str()], Some(place))?;
        row.resize(FIRST.len() + self.columns.attributes.len() + self.columns.roles.len() + LAST.len(), String::new());
        Ok(row)
    }

    /// Everything up to the quote.
    fn first(&self, common: &Common<'_>, [id, kind, label]: [&str; 3], ranges: Option<&Ranges>) -> Result<Vec<String>, FormatError> {
        let places = common.places.places(ranges.into_iter().flat_map(Ranges::iter))?;
        let numbers = |number: fn(&super::place::Place<'_>) -> usize| join(places.iter().map(|place| number(place).to_string()));
        let quotes: Vec<&str> = places.iter().map(|place| place.quote).collect();
        let item = common.item;
        let (document, title, coder) = (item.id.to_string(), item.document.title.clone(), common.coder.to_string());
        let row = [document, title, coder, id.to_owned(), kind.to_owned(), label.to_owned()].into_iter();
        let place = [numbers(|place| place.start), numbers(|place| place.end), self.unit.to_string(), quotes.join(" … ")];
        Ok(row.chain(place).collect())
    }

    fn attributes(&self, attributes: &Attributes) -> Vec<String> {
        self.columns.attributes.iter().map(|key| attributes.get(key).map(value).unwrap_or_default()).collect()
    }

    fn other_attributes(&self, attributes: &Attributes) -> String {
        let others = attributes.iter().filter(|(key, _)| !self.columns.attributes.contains(key));
        join(others.map(|(key, other)| format!("{key}={}", value(other))))
    }
}

/// Several choices are joined like several anything; a single value stays as it is.
fn value(value: &AttributeValue) -> String {
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
fn join(parts: impl Iterator<Item = String>) -> String {
    let parts: Vec<String> = parts.map(|part| part.replace('\\', "\\\\").replace(';', "\\;")).collect();
    parts.join(";")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_a_spreadsheet_would_compute_is_made_safe() {
        let mut ledger = Ledger::default();
        let row = |cells: Cells, ledger: &mut Ledger| {
            let row = ["=cmd|' /C calc'!A0", "-1+1", "@SUM(A1)", "\tx", "-3.5", "a=b", ""].map(str::to_owned).to_vec();
            cells.of(row, ledger)
        };
        assert_eq!(row(Cells::Safe, &mut ledger), ["'=cmd|' /C calc'!A0", "'-1+1", "'@SUM(A1)", "'\tx", "-3.5", "a=b", ""]);
        assert_eq!(row(Cells::Exact, &mut ledger)[0], "=cmd|' /C calc'!A0");
        let report = ledger.into_report("csv-spreadsheet", None);
        assert_eq!(report.count(super::super::Fate::Changed), 4);
    }
}
