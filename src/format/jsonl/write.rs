//! Writing: the header, then one record a document.

use std::io::{self, Write};

use serde::Serialize;

use super::rows::{ClaimRow, CorrectionRow, DocumentRow, EntityRow, Header, RangeRow, RegionRow, RelationRow, ReplacementRow, SheetRow, SpanRow};
use super::value::to_values;
use super::{FORMAT_NAME, VERSION};
use crate::format::aspects::OCCURRENCES;
use crate::format::json_out::write_on_one_line;
use crate::format::place::{Place, Places};
use crate::format::{FormatError, Item, Items, Ledger, Sink, Tables, WriteOptions};
use crate::model::{Claim, ClaimId, CoderKey, Correction, Entity, EntityId, Relation, RelationId, Schema, Sheet, Span, SpanId};
use crate::text::Ranges;

type OutSheet = SheetRow<SpanRow, ClaimRow, RelationRow>;

/// Writes everything.
pub(super) fn write(
    tables: &Tables,
    items: &mut Items<'_>,
    options: &WriteOptions,
    sink: &mut dyn Sink,
    ledger: &mut Ledger,
) -> Result<(), FormatError> {
    let name = options.file_name.as_str();
    let io = |cause| FormatError::writing(name, cause);
    let mut out = sink.create(name).map_err(io)?;
    write_record(&mut out, &header(tables, options)).map_err(io)?;
    ledger.keep("entities", tables.entities.len());
    for item in items {
        let item = item?;
        write_record(&mut out, &document_row(&item, &tables.schema, options)?).map_err(io)?;
        count(&item, ledger);
        options.step()?;
    }
    out.flush().map_err(io)
}

fn count(item: &Item, ledger: &mut Ledger) {
    ledger.add_document();
    ledger.keep("sheets", item.sheets.len());
    for sheet in item.sheets.values() {
        ledger.keep("spans", sheet.spans.len());
        ledger.keep("claims", sheet.claims.len());
        ledger.keep("relations", sheet.relations.len());
        ledger.keep(OCCURRENCES, sheet.claims.values().map(|claim| claim.occurrences.len()).sum());
        ledger.keep("fillers of roles", sheet.claims.values().flat_map(|claim| claim.roles.values()).map(Vec::len).sum());
    }
}

fn header(tables: &Tables, options: &WriteOptions) -> Header {
    Header {
        format: FORMAT_NAME.to_owned(),
        version: VERSION,
        offset_unit: options.unit,
        project: tables.project.clone(),
        coders: tables.coders.clone(),
        schema: tables.schema.clone(),
        entities: tables.entities.iter().map(|(id, entity)| entity_row(*id, entity, &tables.schema)).collect(),
    }
}

fn entity_row(id: EntityId, entity: &Entity, schema: &Schema) -> EntityRow {
    EntityRow {
        id,
        name: entity.name.clone(),
        label: entity.label.clone(),
        aliases: entity.aliases.clone(),
        knowledge_base_ids: entity.knowledge_base_ids.clone(),
        attributes: to_values(&entity.attributes, schema),
        note: entity.note.clone(),
        made_by: entity.made_by.clone(),
        merged_into: entity.merged_into,
        deleted: entity.deleted,
        residue: entity.residue.clone(),
    }
}

fn document_row(item: &Item, schema: &Schema, options: &WriteOptions) -> Result<DocumentRow<OutSheet>, FormatError> {
    let places = Places::new(&item.id, &item.text, options.unit);
    let document = &item.document;
    let region = |region: &crate::model::Region| {
        let Place { start, end, quote } = places.place(region.range)?;
        Ok(RegionRow { kind: region.kind, start, end, quote: Some(quote.to_owned()) })
    };
    let sheet = |(coder, sheet): (&CoderKey, &std::sync::Arc<Sheet>)| sheet_row(coder, sheet, schema, &places);
    Ok(DocumentRow {
        id: item.id.clone(),
        title: document.title.clone(),
        source: document.source.clone(),
        author: document.author.clone(),
        date: document.date.clone(),
        url: document.url.clone(),
        language: document.language.clone(),
        file_name: document.file_name.clone(),
        text: item.text.as_str().to_owned(),
        text_hash: Some(document.text_hash.clone()),
        decoding: document.decoding.clone(),
        regions: document.regions.iter().map(region).collect::<Result<_, FormatError>>()?,
        corrections: document.corrections.iter().map(correction_row).collect(),
        residue: document.residue.clone(),
        sheets: item.sheets.iter().map(sheet).collect::<Result<_, _>>()?,
    })
}

fn correction_row(correction: &Correction) -> CorrectionRow {
    let replacements = correction.replacements.iter();
    CorrectionRow {
        old_hash: correction.old_hash.clone(),
        replacements: replacements.map(|r| ReplacementRow { start_byte: r.start, end_byte: r.end, with: r.with.clone() }).collect(),
        new_hash: correction.new_hash.clone(),
    }
}

fn sheet_row(coder: &CoderKey, sheet: &Sheet, schema: &Schema, places: &Places<'_>) -> Result<OutSheet, FormatError> {
    let info = &sheet.info;
    Ok(SheetRow {
        coder: coder.clone(),
        status: info.status,
        attributes: to_values(&info.attributes, schema),
        note: info.note.clone(),
        ignored: info.ignored.clone(),
        rejected: info.rejected.clone(),
        text_hash: info.text_hash.clone(),
        residue: info.residue.clone(),
        spans: sheet.spans.iter().map(|(id, span)| span_row(*id, span, schema, places)).collect::<Result<_, _>>()?,
        claims: sheet.claims.iter().map(|(id, claim)| claim_row(*id, claim, schema, places)).collect::<Result<_, _>>()?,
        relations: sheet.relations.iter().map(|(id, relation)| relation_row(*id, relation, schema)).collect(),
    })
}

fn span_row(id: SpanId, span: &Span, schema: &Schema, places: &Places<'_>) -> Result<SpanRow, FormatError> {
    Ok(SpanRow {
        id,
        label: span.label.clone(),
        ranges: range_rows(&span.ranges, places)?,
        entity: span.entity,
        attributes: to_values(span.attributes(), schema),
        note: span.note().to_owned(),
        residue: span.extras().residue.clone(),
    })
}

fn claim_row(id: ClaimId, claim: &Claim, schema: &Schema, places: &Places<'_>) -> Result<ClaimRow, FormatError> {
    Ok(ClaimRow {
        id,
        label: claim.label.clone(),
        ranges: claim.content.as_ref().map_or(Ok(Vec::new()), |content| range_rows(content, places))?,
        occurrences: claim.occurrences.iter().map(|place| range_rows(place, places)).collect::<Result<_, _>>()?,
        roles: claim.roles.iter().map(|(role, fillers)| (role.clone(), fillers.iter().map(Into::into).collect())).collect(),
        attributes: to_values(&claim.attributes, schema),
        normalized: claim.normalized.clone(),
        note: claim.note.clone(),
        residue: claim.residue.clone(),
    })
}

fn relation_row(id: RelationId, relation: &Relation, schema: &Schema) -> RelationRow {
    RelationRow {
        id,
        label: relation.label.clone(),
        from: relation.from.into(),
        to: relation.to.into(),
        attributes: to_values(&relation.attributes, schema),
        note: relation.note.clone(),
        residue: relation.residue.clone(),
    }
}

fn range_rows(ranges: &Ranges, places: &Places<'_>) -> Result<Vec<RangeRow>, FormatError> {
    let places = places.places(ranges.iter())?.into_iter();
    Ok(places.map(|Place { start, end, quote }| RangeRow { start, end, quote: Some(quote.to_owned()) }).collect())
}

fn write_record(out: &mut dyn Write, record: &impl Serialize) -> io::Result<()> {
    write_on_one_line(out, record)?;
    out.write_all(b"\n")
}
