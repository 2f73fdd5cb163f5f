//! Writing PubTator: a title, a text, and a line for each span and claim.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::{OLD_ID, PUBTATOR_FORMAT};
use crate::format::aspects::{Aspect, drop_aspects, drop_entity_details, drop_foreign_residue};
use crate::format::coder_files::{WriteDocument, write_by_coder};
use crate::format::marks::{drop_claim_details, flat_marks};
use crate::format::place::Places;
use crate::format::standoff_out::kept_beside;
use crate::format::vocabulary::label_name;
use crate::format::{FormatError, Item, Items, Ledger, Sink, Tables, WriteOptions};
use crate::model::{EntityId, MarkId, Sheet};
use crate::text::offsets::OffsetUnit;

const NO_PLACE: &str = "PubTator has no place for it";
/// Among what is kept of a row: the cells behind the entity's.
pub(super) const COLUMNS: &str = "columns";
/// Among what is kept of a row: the entries of its entity, where they are several.
pub(super) const ENTRIES: &str = "entries";
/// What stands where there is no entity: readers take fewer columns for a relation.
pub(super) const NOBODY: &str = "-";

const LOST: [Aspect; 13] = [
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
    Aspect::Occurrences,
    Aspect::SpanAttributes,
    Aspect::SpanNotes,
];

/// Writes everything.
pub(super) fn write(
    tables: &Tables,
    items: &mut Items<'_>,
    options: &WriteOptions,
    sink: &mut dyn Sink,
    ledger: &mut Ledger,
) -> Result<(), FormatError> {
    drop_entity_details(ledger, tables, NO_PLACE);
    write_by_coder(items, (options, sink, ledger), &mut Writer { tables, id: None, used: BTreeSet::new() })
}

struct Writer<'w> {
    tables: &'w Tables,
    /// Of the document that was counted last, the id that an import has brought, where no other document has it.
    id: Option<String>,
    used: BTreeSet<String>,
}

impl WriteDocument for Writer<'_> {
    fn takes_blank(&self) -> bool {
        true
    }

    fn count(&mut self, item: &Item, ledger: &mut Ledger) {
        drop_aspects(ledger, item, &LOST, NO_PLACE);
        drop_aspects(ledger, item, &[Aspect::Fillers], NO_PLACE);
        drop_foreign_residue(ledger, item, PUBTATOR_FORMAT.name);
        drop_claim_details(item, ledger, NO_PLACE);
        self.id = old_id(item).filter(|id| self.used.insert(id.clone()));
        self.id.iter().for_each(|id| ledger.name_document(id.clone()));
        if item.text.as_str().contains(is_break) {
            ledger.change("texts", "line ends, tabs and the like became spaces, which changes no offset", item.id.to_string());
        }
    }

    fn write(&mut self, page: &mut Vec<u8>, item: &Item, sheet: Option<&Sheet>, ledger: &mut Ledger) -> Result<(), FormatError> {
        let places = Places::new(&item.id, &item.text, OffsetUnit::CodePoints);
        let (title, text) = split(item.text.as_str());
        let id = self.id.as_deref().unwrap_or(item.id.as_str());
        let mut lines = format!("{id}|t|{}\n", flat(title));
        if let Some(text) = text {
            lines.push_str(&format!("{id}|a|{}\n", flat(text)));
        }
        for mark in sheet.map_or(Ok(Vec::new()), |sheet| flat_marks(item, sheet, &places, ledger))? {
            let entity = sheet.and_then(|sheet| if let MarkId::Span(id) = mark.id { sheet.spans.get(&id)?.entity } else { None });
            let kept = sheet.map(|sheet| kept_of_row(sheet, mark.id)).unwrap_or_default();
            let entity = entity.map_or_else(|| NOBODY.to_owned(), |entity| self.entity((item, entity), &kept, ledger));
            let (place, label) = (mark.place, label_name(&self.tables.schema, mark.label));
            lines.push_str(&format!("{id}\t{}\t{}\t{}\t{label}\t{entity}", place.start, place.end, flat(place.quote)));
            for column in kept.get(COLUMNS).and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str) {
                lines.push_str(&format!("\t{}", flat(column)));
            }
            lines.push('\n');
        }
        // Relations of entities, as they came.
        let aside = sheet.and_then(|sheet| sheet.info.residue.get(PUBTATOR_FORMAT.name)).map(String::as_str).unwrap_or_default();
        for (_, rest) in aside.lines().filter_map(|line| line.split_once('\t')) {
            lines.push_str(&format!("{id}\t{rest}\n"));
        }
        lines.push('\n');
        page.extend_from_slice(lines.as_bytes());
        Ok(())
    }
}

impl Writer<'_> {
    /// The first entry in a knowledge base, or the cell of an import, as long as the entity has all that it says.
    fn entity(&self, (item, id): (&Item, EntityId), kept: &Map<String, Value>, ledger: &mut Ledger) -> String {
        let known = self.tables.entity(id).map(|(_, entity)| &entity.knowledge_base_ids);
        let has_all = |cell: &&str| with_bars(cell).split('|').all(|entry| known.is_some_and(|known| known.contains(entry.trim())));
        let cell = kept.get(ENTRIES).and_then(Value::as_str).filter(has_all).map(str::to_owned);
        let entry = cell.or_else(|| known.and_then(|known| known.first().cloned()));
        match entry.filter(|entry| !entry.trim().is_empty() && !entry.contains(is_break)) {
            Some(entry) => {
                ledger.keep("links from mentions to entities", 1);
                entry
            }
            None => {
                ledger.drop("links from mentions to entities", "the entity has no knowledge base id", format!("{}: {id}", item.id));
                NOBODY.to_owned()
            }
        }
    }
}

/// The number that an import has brought, as long as the document is called by it.
fn old_id(item: &Item) -> Option<String> {
    let old = kept_beside(item, PUBTATOR_FORMAT.name).remove(OLD_ID).and_then(|id| Some(id.as_str()?.to_owned()));
    old.filter(|id| *id == item.document.file_name)
}

/// Several entries in a cell, with bars between them.
pub(super) fn with_bars(entries: &str) -> String {
    entries.trim().replace([';', ','], "|")
}

/// What an earlier import has kept of a row.
fn kept_of_row(sheet: &Sheet, mark: MarkId) -> Map<String, Value> {
    let residue = match mark {
        MarkId::Span(id) => sheet.spans.get(&id).map(|span| &span.extras().residue),
        MarkId::Claim(id) => sheet.claims.get(&id).map(|claim| &claim.residue),
    };
    residue.and_then(|residue| serde_json::from_str(residue.get(PUBTATOR_FORMAT.name)?).ok()).unwrap_or_default()
}

/// Some readers end a line at any of these.
pub(super) fn is_break(c: char) -> bool {
    matches!(c, '\t'..='\r' | '\u{1c}'..='\u{1e}' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// What a letter becomes.
#[expect(clippy::unnecessary_wraps, reason = "other formats leave letters out")]
pub(super) fn letter(c: char) -> Option<char> {
    Some(if is_break(c) { ' ' } else { c })
}

fn flat(text: &str) -> String {
    text.chars().filter_map(letter).collect()
}

/// The title is the first line, unless readers would see another one: they cut blanks off its end. Without it everything is title.
fn split(text: &str) -> (&str, Option<&str>) {
    let ends = text.char_indices().filter(|(_, c)| *c == '\n');
    let is_title =
        |at: usize| text.get(..at).and_then(|title| title.chars().next_back()).is_some_and(|last| !last.is_whitespace() && !last.is_control());
    let at = ends.map(|(at, _)| at).find(|at| is_title(*at));
    let parts = at.and_then(|at| Some((text.get(..at)?, text.get(at + 1..)?)));
    parts.map_or((text, None), |(title, rest)| (title, Some(rest)))
}
