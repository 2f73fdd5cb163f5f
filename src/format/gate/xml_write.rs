//! Writing GATE's XML: the text with a node at each end of an annotation, then the sets.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde_json::{Map, Value};

use super::XML_FORMAT;
use super::document::{Annotation, Document, is_class_of, typed};
use super::export::{Mark, can, write_all};
use crate::format::standoff::{ASIDE, Features};
use crate::format::standoff_aside::{marked_element, unmarked_element};
use crate::format::standoff_in::Raw;
use crate::format::xml_out::{count_not_xml, push_attribute, push_content, xml_text};
use crate::format::{FormatError, Items, Ledger, Sink, Tables, WriteOptions};
use crate::model::CoderKey;
use crate::text::offsets::OffsetUnit;

/// Writes everything.
pub(super) fn write(
    tables: &Tables,
    items: &mut Items<'_>,
    options: &WriteOptions,
    sink: &mut dyn Sink,
    ledger: &mut Ledger,
) -> Result<(), FormatError> {
    let how = (can(XML_FORMAT.name), OffsetUnit::Utf16, "xml", marked as Mark);
    write_all(how, (tables, items), (options, sink, ledger), &mut |item, document, ledger| {
        let rows = document.sets.iter().flat_map(|(_, rows)| rows).flat_map(|row| &row.features);
        count_not_xml(item.id.as_str(), item.text.as_str(), document.features.iter().chain(rows), ledger);
        Ok(page(&document).into_bytes())
    })
}

fn marked(raw: &str, coder: &CoderKey) -> Option<String> {
    marked_element(raw, &mark(coder.as_str())).filter(|_| raw.starts_with("<Annotation"))
}

/// An annotation as it stood before it was kept aside.
pub(super) fn unmarked(raw: &str) -> String {
    unmarked_element(raw, &mark("\n"))
}

fn mark(coder: &str) -> String {
    let class = "className=\"java.lang.String\"";
    format!("<Feature><Name {class}>{ASIDE}</Name><Value {class}>{coder}</Value></Feature>")
}

fn page(document: &Document) -> String {
    let mut page = String::from("<?xml version='1.0' encoding='UTF-8'?>\n<GateDocument version=\"3\">\n<GateDocumentFeatures>\n");
    push_features(&mut page, &document.features, &document.types);
    page.push_str("</GateDocumentFeatures>\n<TextWithNodes>");
    push_text(&mut page, document);
    page.push_str("</TextWithNodes>\n");
    if !document.sets.iter().any(|(name, _)| name.is_empty()) {
        page.push_str("<AnnotationSet>\n</AnnotationSet>\n");
    }
    for (name, rows) in &document.sets {
        page.push_str("<AnnotationSet");
        if !name.is_empty() {
            push_attribute(&mut page, "Name", name);
        }
        page.push_str(">\n");
        rows.iter().for_each(|row| push_annotation(&mut page, row));
        page.push_str("</AnnotationSet>\n");
    }
    page.push_str("</GateDocument>\n");
    page
}

fn push_text(page: &mut String, document: &Document) {
    let text = xml_text(&document.text);
    let mut nodes = BTreeMap::from([(0, 0), (text.len(), text.encode_utf16().count())]);
    for row in document.sets.iter().flat_map(|(_, rows)| rows).filter(|row| !matches!(row.raw, Raw::Text(_))) {
        nodes.insert(row.bytes.0, row.start);
        nodes.insert(row.bytes.1, row.end);
    }
    let mut at = 0;
    for (byte, id) in nodes {
        push_content(page, text.get(at..byte).unwrap_or_default());
        let _ = write!(page, "<Node id=\"{id}\"/>");
        at = byte;
    }
}

fn push_annotation(page: &mut String, row: &Annotation) {
    if let Raw::Text(raw) = &row.raw {
        page.push_str(raw);
        page.push('\n');
        return;
    }
    let _ = write!(page, "<Annotation Id=\"{}\"", row.id);
    push_attribute(page, "Type", &row.kind);
    let _ = writeln!(page, " StartNode=\"{}\" EndNode=\"{}\">", row.start, row.end);
    push_features(page, &row.features, &row.types);
    page.push_str("</Annotation>\n");
}

fn push_features(page: &mut String, features: &Features, types: &Map<String, Value>) {
    for (name, value) in features {
        let (class, text) = typed(value);
        let class = types.get(name).and_then(Value::as_str).filter(|class| is_class_of(class, value)).unwrap_or(class);
        page.push_str("<Feature>\n  <Name className=\"java.lang.String\">");
        push_content(page, name);
        page.push_str("</Name>\n  <Value");
        push_attribute(page, "className", class);
        page.push('>');
        push_content(page, &text);
        page.push_str("</Value>\n</Feature>\n");
    }
}
