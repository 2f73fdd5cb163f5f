//! What a file of XML or JSON says, as lines that do not depend on the order of things: two files are compared by them.

use std::collections::BTreeMap;

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use serde_json::Value;

/// An element with the text that stands in it directly.
#[derive(Default)]
struct Element {
    name: String,
    attributes: BTreeMap<String, String>,
    text: String,
    children: Vec<Element>,
}

fn begin(start: &BytesStart<'_>) -> Element {
    let attributes = start.attributes().map(|attribute| attribute.unwrap());
    let attributes = attributes.map(|attribute| {
        let value = String::from_utf8(attribute.value.into_owned()).unwrap();
        (String::from_utf8(attribute.key.0.to_vec()).unwrap(), quick_xml::escape::unescape(&value).unwrap().into_owned())
    });
    Element { name: String::from_utf8(start.name().0.to_vec()).unwrap(), attributes: attributes.collect(), ..Element::default() }
}

fn tree(xml: &str) -> Element {
    let mut reader = Reader::from_str(xml);
    reader.config_mut().expand_empty_elements = true;
    let mut open = vec![Element::default()];
    loop {
        match reader.read_event().unwrap() {
            Event::Start(start) => open.push(begin(&start)),
            Event::End(_) => {
                let closed = open.pop().unwrap();
                open.last_mut().unwrap().children.push(closed);
            }
            Event::Text(text) => open.last_mut().unwrap().text.push_str(std::str::from_utf8(&text).unwrap()),
            Event::CData(text) => open.last_mut().unwrap().text.push_str(std::str::from_utf8(&text).unwrap()),
            Event::GeneralRef(name) => {
                let reference = format!("&{};", std::str::from_utf8(&name).unwrap());
                open.last_mut().unwrap().text.push_str(&quick_xml::escape::unescape(&reference).unwrap());
            }
            Event::Eof => return open.pop().unwrap(),
            _ => {}
        }
    }
}

/// Those that are told apart by nothing but their order.
const COUNTED: [&str; 3] = ["document", "passage", "sentence"];

fn push_element(lines: &mut Vec<String>, path: &str, element: &Element, number: usize) {
    let name = |attributes: &[&str]| attributes.iter().find_map(|name| element.attributes.get(*name));
    let key = match name(&["id", "Id", "Name"]) {
        Some(key) => format!("[{key}]"),
        None if COUNTED.contains(&element.name.as_str()) => format!("[{number}]"),
        None => String::new(),
    };
    let path = format!("{path}/{}{key}", element.name);
    let attributes = |element: &Element| element.attributes.iter().map(|(name, value)| format!(" {name}={value}")).collect::<String>();
    if let [name, value] = element.children.as_slice()
        && element.name == "Feature"
    {
        lines.push(format!("{path} {}:{} {}", name.text, attributes(value), value.text));
        return;
    }
    lines.push(format!("{path}{} {}", attributes(element), element.text.trim()));
    let mut counts = BTreeMap::new();
    for child in &element.children {
        let count = counts.entry(&child.name).or_insert(0);
        *count += 1;
        push_element(lines, &path, child, *count);
    }
}

/// The elements of a file with where they are, their attributes and texts.
pub(crate) fn xml_lines(xml: &str) -> Vec<String> {
    let mut lines = Vec::new();
    tree(xml).children.iter().for_each(|root| push_element(&mut lines, "", root, 1));
    lines
}

/// What tells an object of a list apart from the others.
const NAMES: [&str; 4] = ["id", "nodeID", "project", "fromID"];

fn push_value(lines: &mut Vec<String>, path: &str, value: &Value) {
    match value {
        Value::Object(members) => members.iter().for_each(|(name, value)| push_value(lines, &format!("{path}/{name}"), value)),
        Value::Array(values) if values.iter().all(Value::is_object) => {
            for (number, value) in values.iter().enumerate() {
                let key = NAMES.iter().find_map(|name| value.get(name)).map_or_else(|| number.to_string(), Value::to_string);
                push_value(lines, &format!("{path}[{key}]"), value);
            }
        }
        value => lines.push(format!("{path} {value}")),
    }
}

/// The values of a file with where they are.
pub(crate) fn json_lines(json: &str) -> Vec<String> {
    let mut lines = Vec::new();
    push_value(&mut lines, "", &serde_json::from_str(json).unwrap());
    lines
}

/// The values of a file of PubAnnotation. Attributes are numbered anew; one track alone is written as the document; what has no id gets
/// one.
pub(crate) fn pubannotation_lines(json: &str) -> Vec<String> {
    let mut document: Value = serde_json::from_str(json).unwrap();
    let mut tracks = document.as_object_mut().unwrap().remove("tracks");
    let tracks = tracks.as_mut().and_then(Value::as_array_mut).map(std::mem::take).unwrap_or_default();
    let mut lines = Vec::new();
    for mut part in tracks.into_iter().chain([document]) {
        let attributes = part.as_object_mut().unwrap().remove("attributes");
        let attributes = attributes.iter().filter_map(Value::as_array).flatten();
        lines.extend(attributes.map(|attribute| format!("attribute {} {} {}", attribute["subj"], attribute["pred"], attribute["obj"])));
        for list in ["denotations", "relations"] {
            part.get_mut(list).and_then(Value::as_array_mut).into_iter().for_each(|rows| rows.retain(|row| row["id"].is_string()));
        }
        lines.extend(json_lines(&part.to_string()));
    }
    lines
}

/// What one says and the other does not, each as often as it says so.
pub(crate) fn unsaid(before: Vec<String>, after: Vec<String>) -> Vec<String> {
    let mut counts = BTreeMap::<String, usize>::new();
    after.into_iter().for_each(|line| *counts.entry(line).or_default() += 1);
    let is_said = |line: &String| counts.get_mut(line).filter(|count| **count > 0).map(|count| *count -= 1).is_some();
    let mut is_said = is_said;
    before.into_iter().filter(|line| !is_said(line)).collect()
}
