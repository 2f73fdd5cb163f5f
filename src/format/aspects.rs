//! The things that a document can carry beside spans and claims, so that a writer can name those it leaves out.

use super::report::Ledger;
use super::{Item, Tables};
use crate::model::{DocumentId, Residue, Sheet, Status};

/// Something that a format may have no place for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Aspect {
    /// Source, author, date, URL, language.
    DocumentFields,
    /// Title, caption, boilerplate.
    Regions,
    /// How the text was corrected since its import.
    Corrections,
    /// A coder's attributes of the document.
    DocumentAttributes,
    /// A coder's remark on the document.
    DocumentNotes,
    /// Begun, done, doubtful.
    Status,
    /// Findings and suggestions that the coder has set aside.
    SetAside,
    /// Links between annotations.
    Relations,
    /// Claims.
    Claims,
    /// Further places of claims.
    Occurrences,
    /// Attributes of spans.
    SpanAttributes,
    /// Attributes of relations.
    RelationAttributes,
    /// Notes of spans.
    SpanNotes,
    /// Notes of relations.
    RelationNotes,
    /// What fills the roles of claims.
    Fillers,
    /// Links from mentions to entities.
    EntityLinks,
    /// What earlier imports could not place.
    Residue,
}

/// What reports call the further places of claims.
pub(super) const OCCURRENCES: &str = "further occurrences of claims";

/// Each aspect, its name in reports, and how it is found: one example for each.
type Row = (Aspect, &'static str, fn(&Item, &mut Vec<String>));

const ASPECTS: [Row; 17] = [
    (Aspect::DocumentFields, "document fields", |item, found| document_fields(item, found)),
    (Aspect::Regions, "regions", |item, found| found.extend(item.document.regions.iter().map(|r| format!("{}: {:?}", item.id, r.kind)))),
    (Aspect::Corrections, "text corrections", |item, found| found.extend(item.document.corrections.iter().map(|_| item.id.to_string()))),
    (Aspect::DocumentAttributes, "attributes of documents", |item, found| {
        each_sheet(item, found, |id, sheet| sheet.info.attributes.iter().map(|(key, value)| format!("{id}: {key} = {value}")).collect());
    }),
    (Aspect::DocumentNotes, "notes on documents", |item, found| {
        each_sheet(item, found, |id, sheet| filled(&sheet.info.note).map(|note| format!("{id}: {note}")).collect());
    }),
    (Aspect::Status, "states of work", |item, found| {
        each_sheet(item, found, |id, s| (s.info.status != Status::New).then(|| format!("{id}: {:?}", s.info.status)).into_iter().collect());
    }),
    (Aspect::SetAside, "findings and suggestions set aside", |item, found| {
        each_sheet(item, found, |id, sheet| sheet.info.ignored.iter().chain(&sheet.info.rejected).map(|name| format!("{id}: {name}")).collect());
    }),
    (Aspect::Relations, "relations", |item, found| {
        each_sheet(item, found, |id, sheet| sheet.relations.iter().map(|(key, r)| format!("{id}: {} {key}", r.label)).collect());
    }),
    (Aspect::Claims, "claims", |item, found| {
        each_sheet(item, found, |id, sheet| {
            let quote = |claim: &crate::model::Claim| claim.content.as_ref().map(|c| item.text.quote(c)).unwrap_or_default();
            sheet.claims.values().map(|claim| format!("{id}: {} “{}”", claim.label, quote(claim))).collect()
        });
    }),
    (Aspect::Occurrences, OCCURRENCES, |item, found| {
        each_sheet(item, found, |id, sheet| {
            let places = sheet.claims.values().flat_map(|claim| &claim.occurrences);
            places.map(|place| format!("{id}: “{}”", item.text.quote(place))).collect()
        });
    }),
    (Aspect::SpanAttributes, "attributes of spans", |item, found| {
        each_sheet(item, found, |id, sheet| {
            let attributes = sheet.spans.values().flat_map(|span| span.attributes());
            attributes.map(|(key, value)| format!("{id}: {key} = {value}")).collect()
        });
    }),
    (Aspect::RelationAttributes, "attributes of relations", |item, found| {
        each_sheet(item, found, |id, sheet| {
            let attributes = sheet.relations.values().flat_map(|relation| &relation.attributes);
            attributes.map(|(key, value)| format!("{id}: {key} = {value}")).collect()
        });
    }),
    (Aspect::SpanNotes, "notes of spans", |item, found| {
        each_sheet(item, found, |id, sheet| sheet.spans.values().filter_map(|s| filled(s.note()).next()).map(|n| format!("{id}: {n}")).collect());
    }),
    (Aspect::RelationNotes, "notes of relations", |item, found| {
        each_sheet(item, found, |id, s| s.relations.values().filter_map(|r| filled(&r.note).next()).map(|n| format!("{id}: {n}")).collect());
    }),
    (Aspect::Fillers, "fillers of roles", |item, found| {
        each_sheet(item, found, |id, sheet| {
            let roles = sheet.claims.values().flat_map(|claim| &claim.roles);
            roles.flat_map(|(role, fillers)| fillers.iter().map(move |filler| format!("{id}: {role} = {filler:?}"))).collect()
        });
    }),
    (Aspect::EntityLinks, "links from mentions to entities", |item, found| {
        each_sheet(item, found, |id, sheet| sheet.spans.values().filter_map(|s| s.entity).map(|e| format!("{id}: {e}")).collect());
    }),
    (Aspect::Residue, "leftovers of earlier imports", |item, found| residue(item, found)),
];

/// What formats of nothing but claims, and of what joins them, have no place for.
pub(super) const BESIDE_CLAIMS: [Aspect; 11] = [
    Aspect::Regions,
    Aspect::Corrections,
    Aspect::DocumentAttributes,
    Aspect::DocumentNotes,
    Aspect::Status,
    Aspect::SetAside,
    Aspect::Occurrences,
    Aspect::SpanAttributes,
    Aspect::SpanNotes,
    Aspect::RelationAttributes,
    Aspect::RelationNotes,
];

/// Notes in the ledger what of these aspects the item has, as dropped.
pub(super) fn drop_aspects(ledger: &mut Ledger, item: &Item, aspects: &[Aspect], why: &'static str) {
    let mut found = Vec::new();
    for (aspect, what, collect) in ASPECTS {
        if aspects.contains(&aspect) {
            collect(item, &mut found);
            found.drain(..).for_each(|example| ledger.drop(what, why, example));
        }
    }
}

/// Notes as dropped what the tables hold beside names: for formats without a list of entities.
pub(super) fn drop_entity_details(ledger: &mut Ledger, tables: &Tables, why: &'static str) {
    for entity in tables.entities.values().filter(|entity| entity.is_living()) {
        let has_details = !entity.aliases.is_empty() || !entity.attributes.is_empty() || !entity.note.is_empty();
        if has_details {
            ledger.drop("aliases, attributes and notes of entities", why, &entity.name);
        }
    }
}

fn each_sheet(item: &Item, found: &mut Vec<String>, collect: impl Fn(&DocumentId, &Sheet) -> Vec<String>) {
    item.sheets.values().for_each(|sheet| found.extend(collect(&item.id, sheet)));
}

fn filled(text: &str) -> impl Iterator<Item = &str> {
    Some(text).filter(|text| !text.is_empty()).into_iter()
}

fn document_fields(item: &Item, found: &mut Vec<String>) {
    let document = &item.document;
    let date = document.date.as_ref().map(|d| d.as_str()).unwrap_or_default();
    let fields = [
        ("source", document.source.as_str()),
        ("author", &document.author),
        ("date", date),
        ("url", &document.url),
        ("language", &document.language),
        ("title", if document.title == crate::model::Document::title_of(item.text.as_str()) { "" } else { &document.title }),
    ];
    found.extend(fields.iter().filter(|(_, value)| !value.is_empty()).map(|(name, value)| format!("{}: {name} = {value}", item.id)));
}

fn residue(item: &Item, found: &mut Vec<String>) {
    found.extend((0..count_residue(item, |_| true)).map(|_| item.id.to_string()));
}

/// Notes as dropped what imports from other formats than this could not place: this one writes its own back.
pub(super) fn drop_foreign_residue(ledger: &mut Ledger, item: &Item, own: &str) {
    for _ in 0..count_residue(item, |format| format != own) {
        ledger.drop("leftovers of earlier imports", "they are of other formats", item.id.to_string());
    }
}

/// Notes as dropped what imports from this format could not place, where it is not written back.
pub(super) fn drop_own_residue(ledger: &mut Ledger, item: &Item, own: &str, why: &'static str) {
    for _ in item.sheets.values().filter(|sheet| sheet.info.residue.contains_key(own)) {
        ledger.drop("leftovers of earlier imports", why, item.id.to_string());
    }
}

/// What begins a line of residue that says which ids rows had in their file: nothing that anybody loses.
pub(super) const IDS: &str = "ids\t";

fn count_residue(item: &Item, counts: impl Fn(&str) -> bool) -> usize {
    let is_ids = |kept: &str| kept.starts_with(IDS) && !kept.contains('\n');
    let of = |residue: &Residue| residue.iter().filter(|(format, kept)| counts(format) && !is_ids(kept)).count();
    let mut count = of(&item.document.residue);
    for sheet in item.sheets.values() {
        count += of(&sheet.info.residue);
        count += sheet.spans.values().map(|span| of(&span.extras().residue)).sum::<usize>();
        count += sheet.claims.values().map(|claim| of(&claim.residue)).sum::<usize>();
        count += sheet.relations.values().map(|relation| of(&relation.residue)).sum::<usize>();
    }
    count
}
