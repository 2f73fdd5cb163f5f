//! Reading a collection in XML.

use std::collections::BTreeMap;
use std::io::BufRead;

use serde_json::Value;

use super::collection::Collection;
use super::document::{Annotation, Document, Passage, Relation};
use super::import::{give_document, push_collection};
use super::xml_write::unmarked;
use super::{ANNOTATOR, TYPE};
use crate::format::pieces::{Each, cut_children};
use crate::format::standoff::{Features, OWN};
use crate::format::standoff_in::{self, Give, Input, Raw, Standoff, standoff};
use crate::format::xml_tree::{Element, on_one_line, parse as parse_xml, parse_from};
use crate::format::{FormatError, ReadOptions, Receiver, Source, extension};
use crate::text::offsets::OffsetUnit;

static STANDOFF: Standoff = Standoff {
    on_one_line,
    unmarked,
    has_types: false,
    cut: Some(cut),
    ..standoff!("bioc-xml", "annotation", OffsetUnit::CodePoints, |_, name| extension(name) == "dtd", parse)
};

/// Reads every file of the source.
pub(super) fn read(source: &dyn Source, options: &mut ReadOptions, to: &mut dyn Receiver) -> Result<(), FormatError> {
    standoff_in::read(&STANDOFF, source, options, to)
}

fn cut(reader: &mut dyn BufRead, each: &mut Each<'_>) -> Result<Option<String>, FormatError> {
    cut_children(["collection", "document"], reader, each)
}

fn parse(input: &Input<'_>, to: &mut dyn Receiver, give: &mut Give<'_>) -> Result<(), FormatError> {
    let root = match parse_from(input.content, input.first_line) {
        Ok(root) => root,
        Err(bad) => {
            input.bad(Some(bad.line), bad.why, to);
            return Ok(());
        }
    };
    match (input.head, root.name) {
        // At the first look nobody knows what the collection says of itself.
        (Some(""), _) => give_document(input, document(&root, &Element::default()), to, give),
        (Some(head), _) => give_document(input, document(&root, &parse_xml(head).unwrap_or_default()), to, give),
        (None, "collection") => root.all("document").try_for_each(|element| give_document(input, document(element, &root), to, give)),
        (None, _) => {
            input.bad(None, "it is no collection", to);
            Ok(())
        }
    }
}

fn document(element: &Element<'_>, collection: &Element<'_>) -> Document {
    let mut of_document = infons(element);
    let about = Collection::new(["source", "date", "key"].map(|name| collection.text_of(name)), infons(collection).into_iter().collect());
    push_collection(&mut of_document, about);
    Document {
        id: element.text_of("id").to_owned(),
        infons: of_document,
        passages: element.all("passage").map(passage).collect(),
        annotations: annotations(element),
        relations: relations(element),
        line: Some(element.line),
    }
}

fn passage(element: &Element<'_>) -> Passage {
    Passage {
        offset: number(element.text_of("offset")),
        infons: infons(element),
        text: element.child("text").map(|text| text.text.clone().into_owned()),
        sentences: element.all("sentence").map(passage).collect(),
        annotations: annotations(element),
        relations: relations(element),
    }
}

fn annotations(element: &Element<'_>) -> Vec<Annotation> {
    let location = |element: &Element<'_>| {
        let value = |name: &str| number(element.get(name).unwrap_or_default());
        (value("offset"), value("length"))
    };
    let annotation = |element: &Element<'_>| Annotation {
        id: element.get("id").unwrap_or_default().to_owned(),
        infons: infons(element),
        locations: element.all("location").map(location).collect(),
        text: element.text_of("text").to_owned(),
        raw: Raw::At(element.extent.clone()),
        line: Some(element.line),
    };
    element.all("annotation").map(annotation).collect()
}

fn relations(element: &Element<'_>) -> Vec<Relation> {
    let node = |element: &Element<'_>| {
        let value = |name: &str| element.get(name).unwrap_or_default().to_owned();
        (value("refid"), value("role"))
    };
    let relation = |element: &Element<'_>| Relation {
        id: element.get("id").unwrap_or_default().to_owned(),
        infons: infons(element),
        nodes: element.all("node").map(node).collect(),
        raw: Raw::At(element.extent.clone()),
        line: Some(element.line),
    };
    element.all("relation").map(relation).collect()
}

/// What is no number is a place outside the text.
fn number(text: &str) -> usize {
    text.trim().parse().unwrap_or(usize::MAX)
}

/// Several of one key are a list in their order, but for those that say what something is and whose.
fn infons(element: &Element<'_>) -> Features {
    let (mut infons, mut places) = (Features::new(), BTreeMap::new());
    for infon in element.all("infon") {
        let (key, value) = (infon.get("key").unwrap_or_default(), Value::from(infon.text.as_ref()));
        let is_single = [TYPE, ANNOTATOR].contains(&key) || key.starts_with(OWN);
        let before = places.get(key).filter(|_| !is_single).and_then(|at: &usize| infons.get_mut(*at));
        match before.map(|(_, before)| before) {
            Some(Value::Array(values)) => values.push(value),
            Some(before) => *before = vec![before.take(), value].into(),
            None => {
                places.insert(key, infons.len());
                infons.push((key.to_owned(), value));
            }
        }
    }
    infons
}
