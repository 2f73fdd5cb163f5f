//! What a CAS says, as lines that do not depend on the order of things.

use std::collections::{BTreeMap, BTreeSet};

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use regex::{Captures, Regex};
use serde_json::{Map, Value};

/// The structures of a file of XMI with their full types, numbers and features, and what its views list.
pub(crate) fn xmi_lines(xmi: &str) -> Vec<String> {
    let mut reader = Reader::from_str(xmi);
    reader.config_mut().expand_empty_elements = true;
    let (mut lines, mut depth, mut spaces, mut element, mut child) = (Vec::new(), 0, BTreeMap::new(), String::new(), String::new());
    let attributes = |start: &BytesStart<'_>| -> Vec<(String, String)> {
        let all = start.attributes().map(|attribute| attribute.unwrap());
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
        all.map(|attribute| (text(attribute.key.0), quick_xml::escape::unescape(&text(&attribute.value)).unwrap().into_owned())).collect()
    };
    loop {
        match reader.read_event().unwrap() {
            Event::Start(start) => {
                depth += 1;
                let name = String::from_utf8(start.name().0.to_vec()).unwrap();
                let all = attributes(&start);
                let declared = all.iter().filter_map(|(key, uri)| Some((key.strip_prefix("xmlns:")?.to_owned(), uri.clone())));
                spaces.extend(declared);
                if depth == 2 {
                    let (prefix, local) = name.split_once(':').unwrap();
                    let id = all.iter().find(|(key, _)| key == "xmi:id").map_or("", |(_, id)| id);
                    element = format!("{}#{local} {id}", spaces[prefix]);
                    let is_view = local == "View";
                    lines.push(element.clone());
                    for (key, value) in all.iter().filter(|(key, _)| key != "xmi:id" && !key.starts_with("xmlns:")) {
                        match key.as_str() {
                            // Each text is a document of its own.
                            "sofaNum" => {}
                            "members" if is_view => lines.extend(value.split_whitespace().map(|member| format!("{element} member {member}"))),
                            _ => lines.push(format!("{element} {key}={value}")),
                        }
                    }
                }
                child.clear();
            }
            Event::Text(text) if depth == 3 => child.push_str(std::str::from_utf8(&text).unwrap()),
            Event::GeneralRef(name) if depth == 3 => {
                let reference = format!("&{};", std::str::from_utf8(&name).unwrap());
                child.push_str(&quick_xml::escape::unescape(&reference).unwrap());
            }
            Event::End(end) => {
                if depth == 3 {
                    lines.push(format!("{element} {}: {child}", std::str::from_utf8(end.name().0).unwrap()));
                }
                depth -= 1;
            }
            Event::Eof => return lines,
            _ => {}
        }
    }
}

/// The structures of a JSON CAS by their numbers, what its views list, and the types of which there is something.
pub(crate) fn json_cas_lines(json: &str) -> Vec<String> {
    let file: Value = serde_json::from_str(json).unwrap();
    let rows: Vec<Map<String, Value>> = match &file["%FEATURE_STRUCTURES"] {
        Value::Array(rows) => rows.iter().map(|row| row.as_object().unwrap().clone()).collect(),
        Value::Object(rows) => {
            let with_id = |(id, row): (&String, &Value)| {
                let mut row = row.as_object().unwrap().clone();
                row.insert("%ID".to_owned(), id.parse::<u64>().unwrap().into());
                row
            };
            rows.iter().map(with_id).collect()
        }
        _ => Vec::new(),
    };
    let kinds: BTreeSet<&str> = rows.iter().filter_map(|row| row["%TYPE"].as_str()).collect();
    let mut lines = Vec::new();
    for row in &rows {
        let head = format!("{} {}", row["%TYPE"], row["%ID"]);
        lines.extend(row.iter().map(|(name, value)| format!("{head} {name}={value}")));
    }
    for (name, view) in file["%VIEWS"].as_object().into_iter().flatten() {
        lines.push(format!("view {name} {}", view["%SOFA"]));
        lines.extend(view["%MEMBERS"].as_array().into_iter().flatten().map(|member| format!("view {name} member {member}")));
    }
    for (name, def) in file["%TYPES"].as_object().into_iter().flatten().filter(|(name, _)| kinds.contains(name.as_str())) {
        // A name may stand beside the key.
        let features = def.as_object().unwrap().iter().filter(|(feature, _)| *feature != "%NAME");
        lines.extend(features.map(|(feature, value)| format!("type {name} {feature}={}", value.get("%RANGE").unwrap_or(value))));
    }
    lines
}

/// The lines of a WebAnno TSV: numbers in brackets in the order in which they are met, without blank lines and tabs at ends, as
/// version 3.3; a quotation mark needs no backslash.
pub(crate) fn tsv_lines(tsv: &str) -> Vec<String> {
    let mut numbers = BTreeMap::new();
    let number = Regex::new(r"\[(\d+)(?:_(\d+))?\]").unwrap();
    let mut again = |number: &str| {
        let next = numbers.len() + 1;
        if number == "0" { 0 } else { *numbers.entry(number.to_owned()).or_insert(next) }
    };
    let mut lines = Vec::new();
    for line in tsv.lines().map(|line| line.trim_end_matches(['\r', '\n'])).filter(|line| !line.trim().is_empty()) {
        let is_row = !line.starts_with('#');
        let line = line.replace("WebAnno TSV 3.2", "WebAnno TSV 3.3").replace("WebAnno TSV 3.1", "WebAnno TSV 3.3").replace("\\\"", "\"");
        let line = line.trim_end_matches('\t');
        let renumber = |found: &Captures<'_>| match found.get(2) {
            Some(second) => format!("[{}_{}]", again(&found[1]), again(second.as_str())),
            None => format!("[{}]", again(&found[1])),
        };
        lines.push(if is_row { number.replace_all(line, renumber).into_owned() } else { line.to_owned() });
    }
    lines
}
