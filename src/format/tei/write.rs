//! Writing a file for each document: header, text, and a `standOff` for each coder.

use serde_json::Value;

use super::header::{coder_id, coder_number, push_header};
use super::{DOCUMENT, FORMAT, NAMESPACE, OTHER, TEXT};
use crate::format::aspects::drop_entity_details;
use crate::format::place::Places;
use crate::format::standoff::{FROM, Features, Kind, TO, said};
use crate::format::standoff_out::{Can, Ends, Row, Unplaced, all_sheets, count_document, document_features, drop_aside, regions};
use crate::format::xml_out::{count_not_xml, push_attribute, push_content, xml_text};
use crate::format::{FormatError, Item, Items, Ledger, Sink, Tables, WriteOptions};
use crate::model::CoderKey;
use crate::text::offsets::OffsetUnit;

const CAN: Can = Can { format: FORMAT.name, gaps: None, unplaced: Unplaced::Written, ends: Ends::MarksAndRelations };

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
        let page = page(tables, &item, ledger)?;
        let name = format!("{}.xml", item.id);
        let written = sink.create(&name).and_then(|mut file| file.write_all(page.as_bytes()));
        written.map_err(|cause| FormatError::writing(&name, cause))?;
        options.step()?;
    }
    drop_entity_details(ledger, tables, "entities are written with their names and knowledge base ids only");
    Ok(())
}

fn page(tables: &Tables, item: &Item, ledger: &mut Ledger) -> Result<String, FormatError> {
    count_document(item, &CAN, ledger);
    let places = Places::new(&item.id, &item.text, OffsetUnit::CodePoints);
    let mut next = 0;
    let parts = regions(item, &places, &mut next, ledger)?;
    let sheets = all_sheets((tables, item), &places, &CAN, &mut next, ledger)?;
    let features = document_features(item, &sheets, &CAN, ledger);
    let of_rows = sheets.iter().flat_map(|(_, sheet)| &sheet.rows).flat_map(|row| &row.features);
    count_not_xml(item.id.as_str(), item.text.as_str(), features.iter().chain(of_rows), ledger);
    let mut page = format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<TEI xmlns=\"{NAMESPACE}\">\n");
    push_header(&mut page, tables, item);
    page.push_str(&format!("<text><body><ab xml:id=\"{TEXT}\" xml:space=\"preserve\">"));
    push_content(&mut page, &xml_text(item.text.as_str()));
    page.push_str("</ab></body></text>\n");
    page.push_str(&format!("<standOff type=\"{DOCUMENT}\">\n<fs type=\"{DOCUMENT}\">\n"));
    push_features(&mut page, &features);
    page.push_str("</fs>\n");
    push_rows(&mut page, item, parts);
    page.push_str("</standOff>\n");
    for (coder, sheet) in sheets {
        drop_aside(item, sheet.aside.iter().copied(), ledger);
        if !sheet.rows.is_empty() {
            push_sheet(&mut page, (item, coder), sheet.rows);
        }
    }
    page.push_str("</TEI>\n");
    Ok(page)
}

fn push_sheet(page: &mut String, (item, coder): (&Item, &CoderKey), rows: Vec<Row<'_>>) {
    page.push_str("<standOff");
    push_attribute(page, "n", coder.as_str());
    push_attribute(page, "resp", &format!("#{}", coder_id(coder_number(item, coder))));
    page.push_str(">\n");
    push_rows(page, item, rows);
    page.push_str("</standOff>\n");
}

/// Places in groups by what they are, then relations and roles, then what all of them have beside.
fn push_rows(page: &mut String, item: &Item, rows: Vec<Row<'_>>) {
    let (mut roles, mut relations, mut structures) = (String::new(), String::new(), String::new());
    let mut groups: Vec<(Kind, String)> = Vec::new();
    for mut row in rows {
        let features = row.take_features();
        let has_features = !features.is_empty();
        if has_features {
            structures.push_str(&format!("<fs xml:id=\"f{}\">\n", row.number));
            push_features(&mut structures, &features);
            structures.push_str("</fs>\n");
        }
        if row.kind == Kind::Relation {
            push_relation(&mut relations, &row, has_features);
            continue;
        }
        for (role, number) in row.links.iter().filter(|_| row.kind == Kind::Claim) {
            push_link(&mut roles, role, [row.number, *number]);
            roles.push_str("/>\n");
        }
        if !groups.iter().any(|(kind, _)| *kind == row.kind) {
            groups.push((row.kind, String::new()));
        }
        groups.iter_mut().filter(|(kind, _)| *kind == row.kind).for_each(|(_, group)| push_span(group, item, &row, has_features));
    }
    for (kind, group) in groups {
        push_list(page, "spanGrp", kind, &group);
    }
    push_list(page, "listRelation", Kind::Relation, &relations);
    push_list(page, "listRelation", Kind::Role, &roles);
    page.push_str(&structures);
}

/// Lists must not be empty.
fn push_list(page: &mut String, name: &str, kind: Kind, content: &str) {
    if !content.is_empty() {
        page.push_str(&format!("<{name} type=\"{}\">\n{content}</{name}>\n", kind.name()));
    }
}

/// With its words; what has no place has none.
fn push_span(out: &mut String, item: &Item, row: &Row<'_>, has_features: bool) {
    out.push_str(&format!("<span xml:id=\"a{}\"", row.number));
    push_attribute(out, if is_word(row.label) { "type" } else { "n" }, row.label);
    if !row.places.is_empty() {
        let pieces: Vec<String> = row.pieces().iter().map(|(start, end)| format!("{start},{}", end - start)).collect();
        push_attribute(out, "target", &format!("#string-range({TEXT},{})", pieces.join(",")));
    }
    if let Some((_, claim)) = row.links.first().filter(|_| row.kind == Kind::Occurrence) {
        push_attribute(out, "corresp", &format!("#a{claim}"));
    }
    push_ana(out, row, has_features);
    out.push('>');
    let words: Vec<&str> = row.ranges.iter().map(|range| item.text.slice(*range)).collect();
    push_content(out, &xml_text(&words.join(" … ")));
    out.push_str("</span>\n");
}

fn push_ana(out: &mut String, row: &Row<'_>, has_features: bool) {
    if has_features {
        push_attribute(out, "ana", &format!("#f{}", row.number));
    }
}

fn push_relation(out: &mut String, row: &Row<'_>, has_features: bool) {
    let end = |name: &str| row.links.iter().find(|(known, _)| *known == name).map_or(0, |(_, number)| *number);
    push_link(out, row.label, [end(FROM), end(TO)]);
    push_attribute(out, "xml:id", &format!("a{}", row.number));
    push_ana(out, row, has_features);
    out.push_str("/>\n");
}

/// A relation without its end.
fn push_link(out: &mut String, name: &str, [from, to]: [usize; 2]) {
    out.push_str("<relation");
    push_attribute(out, if is_word(name) { "name" } else { "key" }, name);
    out.push_str(&format!(" active=\"#a{from}\" passive=\"#a{to}\""));
}

/// What surely is letters, numbers and signs to everybody: names of types must be.
fn is_word(name: &str) -> bool {
    !name.is_empty() && name.chars().all(|c| c.is_ascii_graphic() || matches!(c, 'À'..='ɏ'))
}

fn push_features(out: &mut String, features: &Features) {
    for (name, value) in features {
        if is_name(name) {
            out.push_str(&format!("<f name=\"{name}\">"));
            push_value(out, value);
            out.push_str("</f>\n");
            continue;
        }
        out.push_str(&format!("<f name=\"{OTHER}\"><fs><f name=\"name\">"));
        push_string(out, name);
        out.push_str("</f><f name=\"value\">");
        push_value(out, value);
        out.push_str("</f></fs></f>\n");
    }
}

/// A name as XML has them, and none that the reader takes for something else.
fn is_name(name: &str) -> bool {
    let is_first = |c: char| c.is_ascii_alphabetic() || c == '_';
    let is_fine = |c: char| c.is_ascii_alphanumeric() || "_-.:".contains(c);
    name != OTHER && name.starts_with(is_first) && name.chars().all(is_fine)
}

fn push_value(out: &mut String, value: &Value) {
    match value {
        Value::Bool(value) => out.push_str(&format!("<binary value=\"{value}\"/>")),
        Value::Number(number) => out.push_str(&format!("<numeric value=\"{number}\"/>")),
        Value::Array(values) => {
            out.push_str("<vColl org=\"list\">");
            values.iter().for_each(|value| push_string(out, &said(value).unwrap_or_else(|| value.to_string())));
            out.push_str("</vColl>");
        }
        value => push_string(out, &said(value).unwrap_or_else(|| value.to_string())),
    }
}

fn push_string(out: &mut String, text: &str) {
    out.push_str("<string>");
    push_content(out, text);
    out.push_str("</string>");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_a_schema_refuses_are_written_otherwise() {
        assert!(is_name("stance") && is_name("manicule:note") && !is_name("alice/note") && !is_name("größe") && !is_name("1") && !is_name(OTHER));
        assert!(is_word("État-Major") && is_word("a/b") && !is_word("") && !is_word("e\u{301}"));
        let mut out = String::new();
        push_features(&mut out, &vec![("a b".to_owned(), true.into()), ("n".to_owned(), 0.5.into())]);
        let expected = "<f name=\"manicule:other\"><fs><f name=\"name\"><string>a b</string></f><f name=\"value\"><binary value=\"true\"/></f></fs></f>\n\
                        <f name=\"n\"><numeric value=\"0.5\"/></f>\n";
        assert_eq!(out, expected);
    }
}
