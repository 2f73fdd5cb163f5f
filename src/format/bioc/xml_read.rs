//! Reading a collection in XML.

use super::document::{Annotation, Document, Passage, Relation};
use super::import::{give_all, push_collection};
use crate::format::standoff::Features;
use crate::format::standoff_in::{self, Give, Input, Standoff, standoff};
use crate::format::xml_tree::{Element, parse as parse_xml};
use crate::format::{FormatError, ReadOptions, Receiver, Source, extension};
use crate::text::offsets::OffsetUnit;

static STANDOFF: Standoff = standoff!("bioc-xml", "annotation", OffsetUnit::CodePoints, |name| extension(name) == "dtd", parse);

/// Reads every file of the source.
pub(super) fn read(source: &dyn Source, options: &mut ReadOptions, to: &mut dyn Receiver) -> Result<(), FormatError> {
    standoff_in::read(&STANDOFF, source, options, to)
}

fn parse(input: &Input<'_>, to: &mut dyn Receiver, give: &mut Give<'_>) -> Result<(), FormatError> {
    match parse_xml(input.content) {
        Ok(root) if root.name == "collection" => {
            let about = (["source", "date", "key"].map(|name| root.text_of(name)), infons(&root));
            let documents = root.all("document").map(|element| document(element, &about)).collect();
            give_all(input, documents, to, give)
        }
        Ok(_) => {
            input.bad(None, "it is no collection", to);
            Ok(())
        }
        Err(bad) => {
            input.bad(Some(bad.line), bad.why, to);
            Ok(())
        }
    }
}

fn document(element: &Element, (about, others): &([&str; 3], Features)) -> Document {
    let mut of_document = infons(element);
    push_collection(&mut of_document, *about, others.clone());
    Document {
        id: element.text_of("id").to_owned(),
        infons: of_document,
        passages: element.all("passage").map(passage).collect(),
        annotations: annotations(element),
        relations: relations(element),
        line: Some(element.line),
    }
}

fn passage(element: &Element) -> Passage {
    Passage {
        offset: number(element.text_of("offset")),
        infons: infons(element),
        text: element.child("text").map(|text| text.text.clone()),
        sentences: element.all("sentence").map(passage).collect(),
        annotations: annotations(element),
        relations: relations(element),
    }
}

fn annotations(element: &Element) -> Vec<Annotation> {
    let location = |element: &Element| {
        let value = |name: &str| number(element.get(name).unwrap_or_default());
        (value("offset"), value("length"))
    };
    let annotation = |element: &Element| Annotation {
        id: element.get("id").unwrap_or_default().to_owned(),
        infons: infons(element),
        locations: element.all("location").map(location).collect(),
        text: element.text_of("text").to_owned(),
        raw: element.to_xml(),
        line: Some(element.line),
    };
    element.all("annotation").map(annotation).collect()
}

fn relations(element: &Element) -> Vec<Relation> {
    let node = |element: &Element| {
        let value = |name: &str| element.get(name).unwrap_or_default().to_owned();
        (value("refid"), value("role"))
    };
    let relation = |element: &Element| Relation {
        id: element.get("id").unwrap_or_default().to_owned(),
        infons: infons(element),
        nodes: element.all("node").map(node).collect(),
        raw: element.to_xml(),
        line: Some(element.line),
    };
    element.all("relation").map(relation).collect()
}

/// What is no number is a place outside the text.
fn number(text: &str) -> usize {
    text.trim().parse().unwrap_or(usize::MAX)
}

fn infons(element: &Element) -> Features {
    element.all("infon").map(|infon| (infon.get("key").unwrap_or_default().to_owned(), infon.text.as_str().into())).collect()
}
