//! What writers of flat spans share: every mark in the order of the text, as one stretch.

use super::place::{Place, Places};
use super::{FormatError, Item, Ledger};
use crate::model::{Filler, LabelKey, MarkId, Sheet};
use crate::text::{Ranges, TextRange};

/// A span, or a claim with a place, as one stretch of text.
pub(super) struct Mark<'m> {
    pub(super) id: MarkId,
    pub(super) label: &'m LabelKey,
    pub(super) range: TextRange,
    pub(super) place: Place<'m>,
}

/// All marks of a sheet, those that start first in front, the longer first. Discontinuous ones reach from their first to their last
/// character; claims without a place are left out. Both are counted.
pub(super) fn flat_marks<'m>(item: &'m Item, sheet: &'m Sheet, places: &Places<'m>, ledger: &mut Ledger) -> Result<Vec<Mark<'m>>, FormatError> {
    let mut marks = Vec::with_capacity(sheet.spans.len() + sheet.claims.len());
    for (id, span) in &sheet.spans {
        count(item, "spans", &span.ranges, ledger);
        marks.push((MarkId::Span(*id), &span.label, span.ranges.hull()));
    }
    for (id, claim) in &sheet.claims {
        match &claim.content {
            Some(content) => {
                count(item, "claims", content, ledger);
                marks.push((MarkId::Claim(*id), &claim.label, content.hull()));
            }
            None => {
                let example = format!("{}: {} {}", item.id, claim.label, claim.normalized);
                ledger.drop("claims", "they have no content in the text", example);
            }
        }
    }
    marks.sort_by_key(|(id, _, range)| (range.start(), std::cmp::Reverse(range.end()), *id));
    marks.into_iter().map(|(id, label, range)| Ok(Mark { id, label, range, place: places.place(range)? })).collect()
}

fn count(item: &Item, what: &'static str, ranges: &Ranges, ledger: &mut Ledger) {
    if ranges.is_discontinuous() {
        let example = format!("{}: “{}”", item.id, item.text.quote(ranges));
        ledger.change(what, "discontinuous ones are written from their first to their last character", example);
    } else {
        ledger.keep(what, 1);
    }
}

/// Notes as dropped what claims have beside places and roles.
pub(super) fn drop_claim_details(item: &Item, ledger: &mut Ledger, why: &'static str) {
    for claim in item.sheets.values().flat_map(|sheet| sheet.claims.values()) {
        claim.attributes.iter().for_each(|(key, value)| ledger.drop("attributes of claims", why, format!("{}: {key} = {value}", item.id)));
        for (what, text) in [("normalised texts of claims", &claim.normalized), ("notes of claims", &claim.note)] {
            if !text.is_empty() {
                ledger.drop(what, why, format!("{}: {text}", item.id));
            }
        }
    }
}

/// What fills a role, where it can have a place.
pub(super) fn mark_of(filler: &Filler) -> Option<MarkId> {
    match filler {
        Filler::Span(id) => Some(MarkId::Span(*id)),
        Filler::Claim(id) => Some(MarkId::Claim(*id)),
        Filler::Entity(_) | Filler::Value(_) => None,
    }
}

/// The fields of a document that a record can hold beside its text, by the names under which readers find them again.
pub(super) fn document_fields(item: &Item) -> impl Iterator<Item = (&'static str, &str)> {
    let document = &item.document;
    let fields = [
        ("id", item.id.as_str()),
        ("title", document.title.as_str()),
        ("source", &document.source),
        ("author", &document.author),
        ("date", document.date.as_ref().map_or("", |date| date.as_str())),
        ("url", &document.url),
        ("language", &document.language),
        ("file_name", &document.file_name),
    ];
    fields.into_iter().filter(|(_, value)| !value.is_empty())
}
