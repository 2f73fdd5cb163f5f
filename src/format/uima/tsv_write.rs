//! Writing WebAnno TSV 3.3: a file a document and coder. Claims and spans are layers, relations join spans.

use std::collections::{BTreeMap, BTreeSet};

use super::again::Again;
use super::export::{CasParts, Extent, kept_of, to_cas};
use super::tsv_page::page;
use super::tsv_rows::Tokens;
use super::write::{file_name, write_file};
use crate::format::aspects::{Aspect, drop_aspects, drop_entity_details, drop_foreign_residue};
use crate::format::{FormatError, Item, Items, Ledger, Sink, Tables, WriteOptions};
use crate::model::{CoderKey, Filler, Node, Sheet};
use crate::text::Ranges;

const LOST: [Aspect; 8] = [
    Aspect::DocumentFields,
    Aspect::Regions,
    Aspect::Corrections,
    Aspect::DocumentAttributes,
    Aspect::DocumentNotes,
    Aspect::Status,
    Aspect::SetAside,
    Aspect::Occurrences,
];
const NO_PLACE: &str = "WebAnno TSV has no place for it";

/// Writes everything.
pub(super) fn write(
    tables: &Tables,
    items: &mut Items<'_>,
    options: &WriteOptions,
    sink: &mut dyn Sink,
    ledger: &mut Ledger,
) -> Result<(), FormatError> {
    for item in items {
        let item = item?;
        ledger.add_document();
        drop_aspects(ledger, &item, &LOST, NO_PLACE);
        drop_foreign_residue(ledger, &item, super::TSV_FORMAT.name);
        if item.sheets.is_empty() {
            let page = write_sheet(tables, &item, None, ledger)?;
            write_file(sink, &format!("{}.tsv", file_name(&item, None, options)), page.as_bytes())?;
        }
        for (coder, sheet) in &item.sheets {
            let page = write_sheet(tables, &item, Some((coder, sheet.as_ref())), ledger)?;
            write_file(sink, &format!("{}.tsv", file_name(&item, Some(coder), options)), page.as_bytes())?;
        }
        options.step()?;
    }
    drop_entity_details(ledger, tables, "of entities only their names are written");
    Ok(())
}

/// The text outside of sentences is not in the file.
fn count_text(item: &Item, tokens: &Tokens, ledger: &mut Ledger) {
    let hulls = || tokens.sentences.iter();
    let starts = hulls().map(|range| range.start()).chain([item.text.len()]);
    let ends = [0].into_iter().chain(hulls().map(|range| range.end()));
    let gaps = ends.zip(starts).filter_map(|(end, start)| item.text.as_str().get(end..start));
    let (is_last, mut count) = (tokens.sentences.len(), 0);
    for (number, gap) in gaps.enumerate() {
        let is_made_again = if number == is_last { gap.is_empty() } else { gap == " " || gap.bytes().all(|byte| byte == b'\n') && gap.len() != 1 };
        count += usize::from(!is_made_again);
    }
    if count > 0 {
        let example = format!("{}: {count} places", item.id);
        ledger.change("texts", "what stands between sentences is not in the file; readers put blanks or line ends there", example);
    }
}

fn write_sheet(tables: &Tables, item: &Item, sheet: Option<(&CoderKey, &Sheet)>, ledger: &mut Ledger) -> Result<String, FormatError> {
    let format = super::TSV_FORMAT.name;
    let again = kept_of(item, sheet.map(|(_, sheet)| sheet), format);
    let tokens = Tokens::of(&item.text, again.as_ref().map(Again::kept));
    count_text(item, &tokens, ledger);
    let reduced = sheet.map(|(coder, sheet)| (coder, reduce(item, sheet, &tokens, ledger)));
    let mut plain = Item { sheets: BTreeMap::new(), ..item.clone() };
    plain.document.regions.clear();
    if let Some((_, sheet)) = sheet {
        ledger.keep("leftovers of earlier imports", usize::from(sheet.info.residue.contains_key(format) && again.is_some()));
    }
    let sheet = reduced.as_ref().map(|(coder, sheet)| (*coder, sheet));
    let parts = CasParts { tables, item: &plain, sheet, extent: Extent::Reduced, format, again };
    let cas = to_cas(parts, (&mut BTreeSet::new(), ledger))?;
    Ok(page(&item.text, &tokens, &cas))
}

/// The sheet without what has no place here; what became of spans, claims and relations is counted.
fn reduce(item: &Item, sheet: &Sheet, tokens: &Tokens, ledger: &mut Ledger) -> Sheet {
    let mut reduced = Sheet::default();
    let mut place = |ranges: &Ranges, what: &'static str| place(item, ranges, tokens, what, ledger);
    let spans = sheet.spans.iter().filter_map(|(id, span)| {
        let mut span = span.clone();
        span.ranges = place(&span.ranges, "spans")?;
        Some((*id, span))
    });
    reduced.spans = spans.collect();
    let claims = sheet.claims.iter().filter_map(|(id, claim)| {
        let mut claim = claim.clone();
        claim.occurrences.clear();
        claim.content = Some(place(claim.content.as_ref()?, "claims")?);
        Some((*id, claim))
    });
    reduced.claims = claims.collect();
    for claim in sheet.claims.values().filter(|claim| claim.content.is_none()) {
        let example = format!("{}: {} {}", item.id, claim.label, claim.normalized);
        ledger.drop("claims", "they have no content in the text, and WebAnno TSV marks text only", example);
    }
    let ids: Vec<_> = reduced.claims.keys().copied().collect();
    for id in ids {
        let Some(claim) = reduced.claims.get_mut(&id) else { continue };
        for (role, fillers) in &mut claim.roles {
            fillers.retain(|filler| {
                let is_annotation = matches!(filler, Filler::Span(_) | Filler::Claim(_));
                if !is_annotation {
                    let why = "slots of WebAnno TSV are filled by annotations, not by entities or values";
                    ledger.drop("fillers of roles", why, format!("{}: {role} = {filler:?}", item.id));
                }
                is_annotation
            });
            // A claim that is not written fills nothing.
            fillers.retain(|filler| match filler {
                Filler::Claim(id) if sheet.claims.get(id).is_some_and(|claim| claim.content.is_none()) => {
                    ledger.drop("fillers of roles", "what fills them could not be written", format!("{}: {role} = {filler:?}", item.id));
                    false
                }
                _ => true,
            });
        }
    }
    for (id, relation) in &sheet.relations {
        let is_written = |node| match node {
            Node::Span(id) => reduced.spans.contains_key(&id),
            Node::Claim(id) => reduced.claims.contains_key(&id),
            Node::Entity(_) | Node::Relation(_) => false,
        };
        if is_written(relation.from) && is_written(relation.to) {
            reduced.relations.insert(*id, relation.clone());
        } else {
            let example = format!("{}: {} {id}", item.id, relation.label);
            ledger.drop("relations", "a layer of relations joins places, and one end is none or could not be written", example);
        }
    }
    reduced
}

/// One range from word to word, and what that changes.
fn place(item: &Item, ranges: &Ranges, tokens: &Tokens, what: &'static str, ledger: &mut Ledger) -> Option<Ranges> {
    let example = || format!("{}: “{}”", item.id, item.text.quote(ranges));
    let Some(range) = tokens.trimmed(ranges.hull()).and_then(|(start, end)| item.text.range(start, end).ok()) else {
        ledger.drop(what, "they hold no word", example());
        return None;
    };
    if ranges.is_discontinuous() {
        ledger.change(what, "WebAnno TSV has no discontinuous annotations: they are written with their gaps", example());
    } else if range != ranges.hull() {
        ledger.change(what, "blanks at their ends belong to no word and are cut off", example());
    } else {
        ledger.keep(what, 1);
    }
    Some(range.into())
}
