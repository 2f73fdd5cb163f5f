//! UIMA: what other programs have written goes back as it came, with the rows as they are now.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, clippy::expect_used)]

mod common;
#[path = "support/foreign_cas.rs"]
mod foreign_cas;

use std::sync::Arc;

use common::cas::{json_cas_lines, tsv_lines, xmi_lines};
use common::said::unsaid;
use common::{difference, export, import};
use foreign_cas::{JSON, TSV, XMI, XMI_TYPES};
use manicule::format::{Batch, Fate, MemoryFiles, Tables};
use manicule::model::{AttributeKey, AttributeValue, Claim, Filler, LabelKey, Node, Relation, RelationKey, RoleKey, Sheet, Span};
use manicule::text::offsets::OffsetUnit;
use manicule::text::{Ranges, Text};
use serde_json::Value;

/// What a file says, line by line.
type Lines = fn(&str) -> Vec<String>;

fn read(format: &str, name: &str, content: &str) -> Batch {
    let types = Some(("types.xml", XMI_TYPES)).filter(|_| format == "uima-xmi");
    import(format, &MemoryFiles::new([(name, content)].into_iter().chain(types)), &Tables::default())
}

fn page(format: &str, batch: &Batch) -> String {
    let (files, _) = export(format, &batch.tables, &batch.items, OffsetUnit::Utf16);
    let pages: Vec<_> = files.0.iter().filter(|(name, _)| !name.ends_with(".xml")).collect();
    assert_eq!(pages.len(), 1, "{:?}", pages.iter().map(|(name, _)| name).collect::<Vec<_>>());
    String::from_utf8(pages[0].1.clone()).unwrap()
}

fn proved(format: &str, batch: &Batch) {
    assert_eq!(difference(format, &batch.tables, (&batch.items, &batch.items), OffsetUnit::Utf16), None);
}

/// Changes the only sheet.
fn change(batch: &mut Batch, change: impl FnOnce(&mut Sheet, &Text)) {
    let item = &mut batch.items[0];
    let text = item.text.clone();
    change(Arc::make_mut(item.sheets.values_mut().next().unwrap()), &text);
}

fn place(text: &Text, quote: &str) -> Ranges {
    let start = text.as_str().find(quote).unwrap();
    text.range(start, start + quote.len()).unwrap().into()
}

fn label(name: &str) -> LabelKey {
    LabelKey::new(name).unwrap()
}

#[test]
fn files_of_others_go_out_as_they_came_in() {
    let cases: [(&str, &str, &str, Lines); 3] =
        [("uima-json", "a.json", JSON, json_cas_lines), ("uima-xmi", "a.xmi", XMI, xmi_lines), ("webanno-tsv", "a.tsv", TSV, tsv_lines)];
    for (format, name, content, lines) in cases {
        let batch = read(format, name, content);
        proved(format, &batch);
        let once = page(format, &batch);
        assert_eq!(unsaid(lines(content), lines(&once)), Vec::<String>::new(), "{format}:\n{once}");
        let again = import(format, &export(format, &batch.tables, &batch.items, OffsetUnit::Utf16).0, &batch.tables);
        assert_eq!(page(format, &again), once, "{format} twice");
    }
    assert_eq!(tsv_lines(&page("webanno-tsv", &read("webanno-tsv", "a.tsv", TSV))), tsv_lines(TSV));
    let types = export("uima-xmi", &read("uima-xmi", "a.xmi", XMI).tables, &read("uima-xmi", "a.xmi", XMI).items, OffsetUnit::Utf16).0;
    let types = types.text("TypeSystem.xml");
    for said in ["<name>Plain</name>", "A &lt;person&gt;", "<multipleReferencesAllowed>false</multipleReferencesAllowed>", "<name>order</name>"] {
        assert!(types.contains(said), "{said} in {types}");
    }
}

/// The structure with this number.
fn structure(page: &str, id: u64) -> Value {
    let file: Value = serde_json::from_str(page).unwrap();
    let found = file["%FEATURE_STRUCTURES"].as_array().unwrap().iter().find(|row| row["%ID"] == id).cloned();
    found.unwrap_or_default()
}

/// The structures of a type.
fn of_type(page: &str, kind: &str) -> Vec<Value> {
    let file: Value = serde_json::from_str(page).unwrap();
    file["%FEATURE_STRUCTURES"].as_array().unwrap().iter().filter(|row| row["%TYPE"] == kind).cloned().collect()
}

#[test]
fn changed_rows_are_written_as_what_they_came_from() {
    let mut batch = read("uima-json", "a.json", JSON);
    change(&mut batch, |sheet, text| {
        let of_quote = |sheet: &Sheet, quote: &str, label: &str| {
            let is_it = |span: &Span| text.quote(&span.ranges) == quote && span.label.as_str() == label;
            *sheet.spans.iter().find(|(_, span)| is_it(span)).unwrap().0
        };
        let [ann, acme, said, she] =
            [("Ann Lee", "Some_One"), ("Acme", "ORG"), ("said", "Sure"), ("She", "pronoun")].map(|(quote, label)| of_quote(sheet, quote, label));
        sheet.spans.get_mut(&ann).unwrap().label = label("ORG");
        let moved = sheet.spans.get_mut(&acme).unwrap();
        (moved.ranges, moved.label) = (place(text, "of Acme"), label("Some_One"));
        sheet.spans.get_mut(&said).unwrap().change_extras(|extras| {
            extras.note = "loud".into();
            extras.attributes.insert(AttributeKey::new("level").unwrap(), AttributeValue::Int(4));
            extras.attributes.remove(&AttributeKey::new("sure").unwrap());
        });
        sheet.spans.remove(&she);
        let of_chain: Vec<_> = sheet.relations.iter().filter(|(_, relation)| relation.to == Node::Span(she)).map(|(id, _)| *id).collect();
        assert_eq!(of_chain.len(), 1);
        of_chain.iter().for_each(|id| drop(sheet.relations.remove(id)));
        let mut ids = manicule::model::IdSource::seeded(7);
        let bo = manicule::model::SpanId(ids.next_id());
        sheet.spans.insert(bo, Span::new(place(text, "Bo"), label("Some_One")));
        let joined = Relation::new(RelationKey::new("works").unwrap(), Node::Span(bo), Node::Span(ann));
        sheet.relations.insert(manicule::model::RelationId(ids.next_id()), joined);
        let says = *sheet.claims.keys().next().unwrap();
        let claim = sheet.claims.get_mut(&says).unwrap();
        claim.normalized = "It is so.".into();
        let fillers = [("speaker", Filler::Span(bo)), ("topic", Filler::Value("parties".into()))];
        fillers.into_iter().for_each(|(role, filler)| claim.roles.entry(RoleKey::new(role).unwrap()).or_default().push(filler));
        let mut second = Claim::new(label("Says"), Some(place(text, "left")));
        second.roles.insert(RoleKey::new("speaker").unwrap(), vec![Filler::Span(ann)]);
        sheet.claims.insert(manicule::model::ClaimId(ids.next_id()), second);
    });
    proved("uima-json", &batch);
    let page = page("uima-json", &batch);
    let is = |id: u64, expected: &str| assert_eq!(structure(&page, id), serde_json::from_str::<Value>(expected).unwrap(), "{page}");
    is(3, r#"{"%ID":3,"%TYPE":"de.tudarmstadt.ukp.dkpro.core.api.segmentation.type.Token","@sofa":1,"begin":3,"end":6,"@pos":4}"#);
    is(5, r#"{"%ID":5,"%TYPE":"x.Person","@sofa":1,"begin":3,"end":10,"value":"ORG","identifier":"http://www.wikidata.org/entity/Q42","@about":6}"#);
    is(8, r#"{"%ID":8,"%TYPE":"x.Person","@sofa":1,"begin":11,"end":18,"value":"Some One"}"#);
    is(9, r#"{"%ID":9,"%TYPE":"x.Sure","@sofa":1,"begin":19,"end":23,"level":4,"manicule_note":"loud"}"#);
    is(14, r#"{"%ID":14,"%TYPE":"x.Link","@sofa":1,"begin":3,"end":10}"#);
    is(15, "null");
    assert_eq!(structure(&page, 16)["@first"], 14);
    let persons = of_type(&page, "x.Person");
    assert!(persons.iter().any(|person| person["begin"] == 37 && person["value"] == "Some One"), "{persons:?}");
    assert_eq!(of_type(&page, "x.Works").len(), 2);
    let claims = of_type(&page, "x.Claim");
    assert_eq!(claims.iter().map(|claim| claim["label"].as_str().unwrap()).collect::<Vec<_>>(), ["Says", "Says"]);
    assert_eq!(claims[0]["manicule_normalized"], "It is so.");
    assert_eq!(of_type(&page, "x.PartLink").len(), 3);
    for own in ["ManiculeSpan", "ManiculeClaim", "ManiculeRelation", "ManiculeClaimRolesLink"] {
        assert_eq!(of_type(&page, &format!("webanno.custom.{own}")), Vec::<Value>::new());
    }
    // What we have added goes when it is taken back.
    let mut again = import("uima-json", &export("uima-json", &batch.tables, &batch.items, OffsetUnit::Utf16).0, &batch.tables);
    change(&mut again, |sheet, _| {
        sheet.spans.values().map(|span| span.note().to_owned()).find(|note| note == "loud").unwrap();
        let ids: Vec<_> = sheet.spans.keys().copied().collect();
        ids.iter().for_each(|id| sheet.spans.get_mut(id).unwrap().change_extras(|extras| extras.note.clear()));
        let ids: Vec<_> = sheet.claims.keys().copied().collect();
        ids.iter().for_each(|id| sheet.claims.get_mut(id).unwrap().normalized.clear());
    });
    let page = self::page("uima-json", &again);
    assert!(!page.contains("loud") && !page.contains("It is so."), "{page}");
    proved("uima-json", &again);
}

#[test]
fn changed_rows_stand_in_the_layers_of_their_table() {
    let mut batch = read("webanno-tsv", "a.tsv", TSV);
    change(&mut batch, |sheet, text| {
        let mut ids = manicule::model::IdSource::seeded(7);
        let ann = *sheet.spans.iter().find(|(_, span)| span.label.as_str() == "PER").unwrap().0;
        sheet.spans.get_mut(&ann).unwrap().change_extras(|extras| extras.note = "who?".into());
        let of = manicule::model::SpanId(ids.next_id());
        sheet.spans.insert(of, Span::new(place(text, "of"), label("PER")));
        let joined = Relation::new(RelationKey::new("a").unwrap(), Node::Span(ann), Node::Span(of));
        sheet.relations.insert(manicule::model::RelationId(ids.next_id()), joined);
    });
    proved("webanno-tsv", &batch);
    let page = page("webanno-tsv", &batch);
    assert!(page.contains("#T_SP=x.Person|name|value|manicule_note\n"), "{page}");
    assert!(page.contains("\n1-1\t0-3\tAnn\tAn\\_n[1]\tPER[1]\twho?[1]\t"), "{page}");
    assert!(page.contains("\n1-3\t8-10\tof\t*\tPER\t*\t_\t_\t_\t_\t_\ta\t1-1[1_0]\t"), "{page}");
    assert!(!page.contains("Manicule"), "{page}");
}

#[test]
fn words_alone_belong_to_the_document() {
    let is_word = |line: &&str| !line.starts_with("{\"%ID\":") || ["Sofa", "Token"].iter().any(|kind| line.contains(kind));
    let json = JSON.lines().filter(is_word).collect::<Vec<_>>().join("\n").replace(",\"@pos\":4},", "}],");
    let json = json.replace("[2,3,5,8,9,12,13,14,15,16,17,18,19]", "[3]");
    let batch = read("uima-json", "a.json", &json);
    assert_eq!((batch.items.len(), batch.items[0].sheets.len()), (1, 0), "{:?}", batch.findings);
    let page = page("uima-json", &batch);
    assert_eq!(unsaid(json_cas_lines(&json), json_cas_lines(&page)), Vec::<String>::new());
}

#[test]
fn places_in_an_earlier_text_are_left_out_and_named() {
    let mut batch = read("uima-json", "a.json", JSON);
    let item = &mut batch.items[0];
    item.text = Text::new(item.text.as_str().replace("Bo.", "Ben."));
    let (files, report) = export("uima-json", &batch.tables, &batch.items, OffsetUnit::Utf16);
    let page = String::from_utf8(files.0.values().next().unwrap().clone()).unwrap();
    assert_eq!(of_type(&page, "de.tudarmstadt.ukp.dkpro.core.api.segmentation.type.Token"), Vec::<Value>::new());
    assert_eq!((of_type(&page, "x.Person").len(), of_type(&page, "x.Sure").len()), (2, 1));
    let lost = report.lines.iter().find(|line| line.what == "leftovers of earlier imports" && line.fate == Fate::Dropped).unwrap();
    assert!(lost.why.contains("before it was corrected"), "{lost:?}");
    proved("uima-json", &batch);
}
