//! The list of events: a row for each claim, `;` between the columns, every cell in quotes.

use std::io::{BufWriter, Write};

use csv::{QuoteStyle, Writer, WriterBuilder};
use serde_json::{Map, Value};

use super::FORMAT;
use crate::format::aspects::{Aspect, BESIDE_CLAIMS, drop_aspects, drop_entity_details, drop_foreign_residue};
use crate::format::place::Places;
use crate::format::{FormatError, Item, Items, Ledger, Sink, Tables, WriteOptions};
use crate::model::{AttributeKey, AttributeValue, Claim, CoderKey, Filler, RoleKey, Sheet, Target};
use crate::text::offsets::OffsetUnit;

const NO_PLACE: &str = "the list has a row for each claim and no place for it";
const BEFORE: [&str; 2] = ["statement_id", "time"];
const BEHIND: [&str; 10] = [
    "start_position",
    "stop_position",
    "text",
    "coder",
    "document_id",
    "document_title",
    "document_author",
    "document_source",
    "document_section",
    "document_type",
];
const LOST: [Aspect; 2] = [Aspect::Relations, Aspect::EntityLinks];

/// Writes all documents.
pub(super) fn write(
    tables: &Tables,
    items: &mut Items<'_>,
    options: &WriteOptions,
    sink: &mut dyn Sink,
    ledger: &mut Ledger,
) -> Result<(), FormatError> {
    let error = |cause: std::io::Error| FormatError::writing(&options.file_name, cause);
    let file = BufWriter::new(sink.create(&options.file_name).map_err(error)?);
    let mut rows = Rows {
        tables,
        out: WriterBuilder::new().delimiter(b';').quote_style(QuoteStyle::Always).from_writer(file),
        roles: roles(tables),
        attributes: attributes(tables),
        next: 1,
    };
    drop_entity_details(ledger, tables, NO_PLACE);
    rows.head().map_err(|cause| error(cause.into()))?;
    for item in items {
        let item = item?;
        ledger.add_document();
        count_losses(&item, ledger);
        let places = Places::new(&item.id, &item.text, OffsetUnit::Utf16);
        for (coder, sheet) in &item.sheets {
            for claim in sheet.claims.values() {
                let row = rows.row((&item, coder, sheet), (claim, &places), ledger)?;
                rows.out.write_record(&row).map_err(|cause| error(cause.into()))?;
            }
        }
        options.step()?;
    }
    rows.out.flush().map_err(error)
}

fn roles(tables: &Tables) -> Vec<RoleKey> {
    let mut roles: Vec<_> = tables.schema.roles.iter().collect();
    roles.sort_by_key(|(key, role)| (role.position, (*key).clone()));
    roles.into_iter().map(|(key, _)| key.clone()).collect()
}

fn attributes(tables: &Tables) -> Vec<AttributeKey> {
    let mut attributes: Vec<_> = tables.schema.attributes.iter().filter(|(_, def)| def.applies_to.contains(&Target::Claim)).collect();
    attributes.sort_by_key(|(key, def)| (def.position, (*key).clone()));
    attributes.into_iter().map(|(key, _)| key.clone()).collect()
}

fn count_losses(item: &Item, ledger: &mut Ledger) {
    drop_aspects(ledger, item, &BESIDE_CLAIMS, NO_PLACE);
    drop_aspects(ledger, item, &LOST, NO_PLACE);
    drop_aspects(ledger, item, &[Aspect::RelationAttributes, Aspect::RelationNotes], NO_PLACE);
    drop_foreign_residue(ledger, item, FORMAT.name);
    for span in item.sheets.values().flat_map(|sheet| sheet.spans.values()) {
        ledger.drop("spans", "only claims have rows", format!("{}: {} “{}”", item.id, span.label, item.text.quote(&span.ranges)));
    }
    for claim in item.sheets.values().flat_map(|sheet| sheet.claims.values()) {
        for (what, text) in [("normalised texts of claims", &claim.normalized), ("notes of claims", &claim.note)] {
            if !text.is_empty() {
                ledger.drop(what, NO_PLACE, format!("{}: {text}", item.id));
            }
        }
    }
    let document = &item.document;
    for (name, value) in [("url", &document.url), ("language", &document.language)].into_iter().filter(|(_, value)| !value.is_empty()) {
        ledger.drop("document fields", NO_PLACE, format!("{}: {name} = {value}", item.id));
    }
    let kept = [&document.source, &document.author].into_iter().filter(|value| !value.is_empty()).count();
    ledger.keep("document fields", kept + usize::from(document.date.is_some()));
}

struct Rows<'r, W: Write> {
    tables: &'r Tables,
    out: Writer<W>,
    roles: Vec<RoleKey>,
    attributes: Vec<AttributeKey>,
    next: usize,
}

impl<W: Write> Rows<'_, W> {
    fn head(&mut self) -> csv::Result<()> {
        let own = self.roles.iter().map(RoleKey::as_str).chain(self.attributes.iter().map(AttributeKey::as_str));
        self.out.write_record(BEFORE.into_iter().chain(own).chain(BEHIND))
    }

    fn row(
        &mut self,
        (item, coder, sheet): (&Item, &CoderKey, &Sheet),
        (claim, places): (&Claim, &Places<'_>),
        ledger: &mut Ledger,
    ) -> Result<Vec<String>, FormatError> {
        let example = |what: &str| format!("{}: {} {what}", item.id, claim.label);
        let own = claim.residue.get(FORMAT.name).filter(|id| id.bytes().all(|byte| byte.is_ascii_digit()));
        let id = own.cloned().unwrap_or_else(|| self.next.to_string());
        self.next += 1;
        let document = &item.document;
        let mut row = vec![id, document.date.as_ref().map(ToString::to_string).unwrap_or_default()];
        for role in &self.roles {
            let fillers = claim.fillers(role);
            let names: Vec<String> = fillers.iter().map(|filler| self.name_of(filler, item, sheet)).collect();
            match names.len() {
                0 | 1 => ledger.keep("fillers of roles", names.len()),
                _ => names.iter().for_each(|name| {
                    ledger.change("fillers of roles", "several of one role stand in one cell, with “|” between them", example(name))
                }),
            }
            row.push(names.join(" | "));
        }
        for (role, fillers) in claim.roles.iter().filter(|(role, _)| !self.roles.contains(role)) {
            fillers.iter().for_each(|_| ledger.drop("fillers of roles", "the role is not in the codebook", example(role.as_str())));
        }
        for key in &self.attributes {
            row.push(claim.attributes.get(key).map(written).unwrap_or_default());
        }
        for key in claim.attributes.keys() {
            match self.attributes.contains(key) {
                true => ledger.keep("attributes of claims", 1),
                false => ledger.drop("attributes of claims", "the attribute is not in the codebook of claims", example(key.as_str())),
            }
        }
        row.extend(place((item, places), claim, ledger, &example)?);
        let rest = document.residue.get(FORMAT.name).and_then(|json| serde_json::from_str::<Map<String, Value>>(json).ok()).unwrap_or_default();
        let kept = |name: &str| rest.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
        row.extend([
            coder.to_string(),
            item.id.to_string(),
            document.title.clone(),
            document.author.clone(),
            document.source.clone(),
            kept("Section"),
            kept("Type"),
        ]);
        Ok(row)
    }

    /// The name of an entity, the words of a mention or a claim, or the value itself.
    fn name_of(&self, filler: &Filler, item: &Item, sheet: &Sheet) -> String {
        let entity = |id| self.tables.entity(id).map(|(_, entity)| entity.name.clone());
        match filler {
            Filler::Value(value) => value.clone(),
            Filler::Entity(id) => entity(*id).unwrap_or_default(),
            Filler::Span(id) => {
                let span = sheet.spans.get(id);
                span.and_then(|span| span.entity).and_then(entity).or_else(|| span.map(|span| item.text.quote(&span.ranges))).unwrap_or_default()
            }
            Filler::Claim(id) => {
                let claim = sheet.claims.get(id);
                claim.and_then(|claim| claim.content.as_ref()).map(|content| item.text.quote(content)).unwrap_or_default()
            }
        }
    }
}

/// Yes and no as DNA writes them.
fn written(value: &AttributeValue) -> String {
    match value {
        AttributeValue::Bool(value) => u8::from(*value).to_string(),
        value => value.to_string(),
    }
}

/// Start, stop and words of a claim.
fn place(
    (item, places): (&Item, &Places<'_>),
    claim: &Claim,
    ledger: &mut Ledger,
    example: &dyn Fn(&str) -> String,
) -> Result<[String; 3], FormatError> {
    let Some(content) = &claim.content else {
        ledger.change("claims", "those without content have no place and no words", example(&claim.normalized));
        return Ok([const { String::new() }; 3]);
    };
    match content.is_discontinuous() {
        true => {
            ledger.change("claims", "discontinuous ones are written from their first to their last character", example(&item.text.quote(content)))
        }
        false => ledger.keep("claims", 1),
    }
    let place = places.place(content.hull())?;
    Ok([place.start.to_string(), place.end.to_string(), place.quote.to_owned()])
}
