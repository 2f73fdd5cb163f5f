//! Reading GATE's XML. Where an annotation stands is said by the nodes in the text; what their ids count is not asked.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::TYPES;
use super::document::{Annotation, Document, is_class_of, typed};
use super::import::found;
use super::xml_write::unmarked;
use crate::format::standoff::Features;
use crate::format::standoff_in::{self, Give, Input, Raw, Standoff, Unit, standoff};
use crate::format::xml_tree::{Element, on_one_line, parse as parse_xml};
use crate::format::{FormatError, ReadOptions, Receiver, Source};
use crate::text::offsets::OffsetUnit;

static STANDOFF: Standoff = Standoff { on_one_line, unmarked, ..standoff!("gate-xml", "annotation", OffsetUnit::Utf16, |_, _| false, parse) };

/// Reads every file of the source.
pub(super) fn read(source: &dyn Source, options: &mut ReadOptions, to: &mut dyn Receiver) -> Result<(), FormatError> {
    standoff_in::read(&STANDOFF, source, options, to)
}

fn parse(input: &Input<'_>, to: &mut dyn Receiver, give: &mut Give<'_>) -> Result<(), FormatError> {
    let root = match parse_xml(input.content) {
        Ok(root) => root,
        Err(bad) => {
            input.bad(Some(bad.line), bad.why, to);
            return Ok(());
        }
    };
    let Some(with_nodes) = root.child("TextWithNodes").filter(|_| root.name == "GateDocument") else {
        input.bad(None, "it is no GateDocument with TextWithNodes", to);
        return Ok(());
    };
    let (text, places) = text_of(with_nodes);
    let (mut features, types) = root.child("GateDocumentFeatures").map(features).unwrap_or_default();
    if !types.is_empty() {
        features.push((TYPES.to_owned(), types.into()));
    }
    let mut document = Document { text, features, ..Document::default() };
    for set in root.all("AnnotationSet") {
        let rows = set.all("Annotation").map(|element| annotation(element, &places)).collect();
        document.sets.push((set.get("Name").unwrap_or_default().to_owned(), rows));
    }
    give(found(input, document, Unit::Exact(OffsetUnit::Utf16), to), to)
}

/// The text, and where its nodes are in units of UTF-16, which the pieces of discontinuous places count, too.
fn text_of<'e>(element: &'e Element<'_>) -> (String, BTreeMap<&'e str, usize>) {
    let (mut at, mut places) = (0, BTreeMap::new());
    for (piece, node) in element.pieces() {
        at += OffsetUnit::Utf16.len_of(piece);
        places.extend(node.and_then(|node| node.get("id")).map(|id| (id, at)));
    }
    (element.text.clone().into_owned(), places)
}

/// A node that is not there is a place outside the text.
fn annotation(element: &Element<'_>, places: &BTreeMap<&str, usize>) -> Annotation {
    let text = |name: &str| element.get(name).unwrap_or_default();
    let place = |name: &str| places.get(text(name)).copied().unwrap_or(usize::MAX);
    let (features, types) = features(element);
    Annotation {
        id: text("Id").to_owned(),
        kind: text("Type").to_owned(),
        start: place("StartNode"),
        end: place("EndNode"),
        features,
        types,
        raw: Raw::At(element.extent.clone()),
        line: Some(element.line),
        ..Annotation::default()
    }
}

/// What has a class that only Java knows keeps it; beside them the classes that numbers would not get again.
fn features(element: &Element<'_>) -> (Features, Map<String, Value>) {
    let mut types = Map::new();
    let mut feature = |element: &Element<'_>| {
        let value = element.child("Value")?;
        let class = value.get("className").unwrap_or_default();
        let text = value.text.as_ref();
        let number = || serde_json::from_str::<Value>(text.trim()).ok().filter(Value::is_number);
        let value = match class {
            "java.lang.Boolean" => Value::Bool(text.trim().eq_ignore_ascii_case("true")),
            "java.lang.Integer" | "java.lang.Long" | "java.lang.Short" | "java.lang.Double" | "java.lang.Float" | "java.math.BigDecimal" => {
                number().unwrap_or_else(|| text.into())
            }
            "java.lang.String" | "" => text.into(),
            _ => json!({"className": class, "value": text}),
        };
        let name = element.text_of("Name").to_owned();
        if is_class_of(class, &value) && typed(&value).0 != class {
            types.insert(name.clone(), class.into());
        }
        Some((name, value))
    };
    let features = element.all("Feature").filter_map(&mut feature).collect();
    (features, types)
}
