//! ClaimReview of schema.org as JSON-LD: what fact checkers publish so that search engines find it. For claims with a verdict.
//!
//! Described at <https://schema.org/ClaimReview> and, stricter, at
//! <https://developers.google.com/search/docs/appearance/structured-data/factcheck>.

use std::io::{BufWriter, Write as _};

use serde_json::{Map, Value, json};

use super::aspects::{Aspect, BESIDE_CLAIMS, drop_aspects, drop_entity_details};
use super::json_out::write_on_one_line;
use super::{Format, FormatError, Item, Items, Layout, Ledger, Offsets, Proof, Sink, Tables, WriteOptions};
use crate::model::{AttributeKey, AttributeValue, Claim, CoderKey, Filler, Sheet};

/// The row of the table.
pub(super) const FORMAT: Format = Format {
    name: "claimreview",
    title: "ClaimReview JSON-LD (schema.org)",
    extensions: &["jsonld"],
    reader: None,
    writer: Some(write),
    offsets: Offsets::None,
    layout: Layout::File,
    recognises: |_, _| false,
    carries: "a review for each claim that has a verdict (an attribute such as `verdict`, `rating` or `veracity`): what is claimed, by whom, \
              where and when it appeared, the verdict in words and, where it is a number, as one; the reviewer is the project",
    proof: Proof::NONE,
    proven_by: "pydantic-schemaorg 1.0.6; a strict check of what schema.org and Google ask for (jsonschema 4.26.0)",
    loses: "claims without a verdict or without words; texts, places, spans, relations, other roles and attributes, notes",
};

const NO_PLACE: &str = "a review has no place for it";
/// Attributes that hold a verdict, the plainest first.
const VERDICTS: [&str; 8] = ["verdict", "rating", "veracity", "truthfulness", "truth", "fact_check", "factuality", "label_truth"];
/// Roles that name who makes a claim.
const CLAIMERS: [&str; 8] = ["claimer", "claimant", "speaker", "person", "organization", "source", "actor", "holder"];
const LOST: [Aspect; 2] = [Aspect::Relations, Aspect::Residue];

/// Writes a list of reviews.
fn write(tables: &Tables, items: &mut Items<'_>, options: &WriteOptions, sink: &mut dyn Sink, ledger: &mut Ledger) -> Result<(), FormatError> {
    let error = |cause| FormatError::writing(&options.file_name, cause);
    let mut out = BufWriter::new(sink.create(&options.file_name).map_err(error)?);
    drop_entity_details(ledger, tables, NO_PLACE);
    out.write_all(b"[").map_err(error)?;
    let mut between: &[u8] = b"\n";
    for item in items {
        let item = item?;
        ledger.add_document();
        drop_aspects(ledger, &item, &BESIDE_CLAIMS, NO_PLACE);
        drop_aspects(ledger, &item, &LOST, NO_PLACE);
        for (coder, sheet) in &item.sheets {
            drop_spans(&item, sheet, ledger);
            for claim in sheet.claims.values() {
                let Some(review) = review(tables, (&item, coder, sheet), claim, ledger) else { continue };
                out.write_all(between).and_then(|()| write_on_one_line(&mut out, &review)).map_err(error)?;
                between = b",\n";
            }
        }
        options.step()?;
    }
    out.write_all(b"\n]\n").and_then(|()| out.flush()).map_err(error)
}

fn drop_spans(item: &Item, sheet: &Sheet, ledger: &mut Ledger) {
    for span in sheet.spans.values() {
        ledger.drop("spans", NO_PLACE, format!("{}: {} “{}”", item.id, span.label, item.text.quote(&span.ranges)));
        if span.entity.is_some() {
            ledger.drop("links from mentions to entities", NO_PLACE, item.id.to_string());
        }
    }
}

fn review(tables: &Tables, (item, coder, sheet): (&Item, &CoderKey, &Sheet), claim: &Claim, ledger: &mut Ledger) -> Option<Value> {
    let example = |what: &str| format!("{}: {} {what}", item.id, claim.label);
    let words = claim.content.as_ref().map(|content| item.text.quote(content)).unwrap_or_default();
    let claimed = if claim.normalized.trim().is_empty() { words } else { claim.normalized.clone() };
    let verdict = VERDICTS.iter().find_map(|name| claim.attributes.get_key_value(&AttributeKey::new(name).ok()?));
    let Some((key, verdict)) = verdict.filter(|_| !claimed.trim().is_empty()) else {
        ledger.drop("claims", "they have no verdict or no words", example(&claimed));
        return None;
    };
    ledger.change("claims", "only what is claimed is written, and no place", example(&claimed));
    ledger.keep("attributes of claims", 1);
    claim.attributes.keys().filter(|other| *other != key).for_each(|other| ledger.drop("attributes of claims", NO_PLACE, example(other.as_str())));
    if !claim.note.is_empty() {
        ledger.drop("notes of claims", NO_PLACE, example(&claim.note));
    }
    let document = &item.document;
    let mut reviewed = Map::from_iter([("@type".to_owned(), "Claim".into())]);
    let names = claimers(tables, (item, sheet), claim, ledger);
    let people: Vec<Value> = names.into_iter().map(|name| json!({ "@type": "Person", "name": name })).collect();
    if !people.is_empty() {
        reviewed.insert("author".to_owned(), people.into());
    }
    let date = document.date.as_ref().map_or("", |date| date.as_str());
    let mut appearance = Map::from_iter([("@type".to_owned(), "NewsArticle".into()), ("headline".to_owned(), document.title.as_str().into())]);
    for (name, value) in [("url", document.url.as_str()), ("datePublished", date), ("inLanguage", &document.language)] {
        add(&mut appearance, name, value);
    }
    for (name, kind, value) in [("publisher", "Organization", &document.source), ("author", "Person", &document.author)] {
        if !value.is_empty() {
            appearance.insert(name.to_owned(), json!({ "@type": kind, "name": value }));
        }
    }
    add(&mut reviewed, "datePublished", date);
    reviewed.insert("appearance".to_owned(), Value::Object(appearance));
    let reviewer = tables.project.as_ref().map_or_else(|| coder.to_string(), |project| project.name.clone());
    let reviewer = if reviewer.trim().is_empty() { coder.to_string() } else { reviewer };
    let mut review = Map::from_iter([
        ("@context".to_owned(), "https://schema.org".into()),
        ("@type".to_owned(), "ClaimReview".into()),
        ("claimReviewed".to_owned(), claimed.into()),
        ("author".to_owned(), json!({ "@type": "Organization", "name": reviewer })),
        ("itemReviewed".to_owned(), Value::Object(reviewed)),
        ("reviewRating".to_owned(), rating(tables, key, verdict)),
    ]);
    add(&mut review, "url", &document.url);
    Some(Value::Object(review))
}

fn add(object: &mut Map<String, Value>, name: &str, value: &str) {
    if !value.is_empty() {
        object.insert(name.to_owned(), value.into());
    }
}

/// The verdict in words; a number as one, too.
fn rating(tables: &Tables, key: &AttributeKey, verdict: &AttributeValue) -> Value {
    let def = tables.attribute(key);
    let named = |choice: &crate::model::ChoiceKey| {
        let known = def.and_then(|def| def.choices.iter().find(|known| known.key == *choice));
        known.map_or_else(|| choice.to_string(), |known| known.name.clone())
    };
    let words = match verdict {
        AttributeValue::Choice(choice) => named(choice),
        AttributeValue::Choices(choices) => choices.iter().map(named).collect::<Vec<_>>().join(", "),
        AttributeValue::Bool(value) => if *value { "True" } else { "False" }.to_owned(),
        value => value.to_string(),
    };
    let mut rating = Map::from_iter([("@type".to_owned(), "Rating".into()), ("alternateName".to_owned(), words.into())]);
    let number = match verdict {
        AttributeValue::Int(number) => Some(json!(number)),
        AttributeValue::Number(number) => Some(json!(number.value())),
        _ => None,
    };
    rating.extend(number.map(|number| ("ratingValue".to_owned(), number)));
    Value::Object(rating)
}

/// Names of those who make a claim; other fillers of roles are counted as lost.
fn claimers(tables: &Tables, (item, sheet): (&Item, &Sheet), claim: &Claim, ledger: &mut Ledger) -> Vec<String> {
    let mut names = Vec::new();
    let entity = |id| tables.entity(id).map(|(_, entity)| entity.name.clone());
    for (role, filler) in claim.roles.iter().flat_map(|(role, fillers)| fillers.iter().map(move |filler| (role, filler))) {
        let name = match filler {
            _ if !CLAIMERS.contains(&role.as_str()) => None,
            Filler::Value(value) => Some(value.clone()),
            Filler::Entity(id) => entity(*id),
            Filler::Span(id) => {
                let span = sheet.spans.get(id);
                span.and_then(|span| span.entity).and_then(entity).or_else(|| span.map(|span| item.text.quote(&span.ranges)))
            }
            Filler::Claim(_) => None,
        };
        match name.filter(|name| !name.trim().is_empty()) {
            Some(name) => {
                ledger.change("fillers of roles", "who makes a claim is its author, by name", format!("{}: {role} = {name}", item.id));
                names.push(name);
            }
            None => ledger.drop("fillers of roles", NO_PLACE, format!("{}: {role} = {filler:?}", item.id)),
        }
    }
    names
}
