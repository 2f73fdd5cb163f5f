//! What a labelling configuration declares. It is looked at only as far as it says something about labels.

use std::collections::BTreeMap;

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::{ATTRIBUTE, CLAIMS, DOCUMENT, NORMALIZED, NOTE};
use crate::format::vocabulary::{Declared, DeclaredAttribute, MARKS};
use crate::format::xml_tree;
use crate::model::{AttributeKind, LabelKind, Target};

/// So many labels and choices are read; no configuration has more.
const MAX_TAGS: usize = 100_000;

/// A labelling configuration.
#[derive(Debug, Default)]
pub(super) struct Config {
    /// The member of `data` that a tag shows as text: `text` of `value="$text"`.
    pub(super) text_key: Option<String>,
    /// True where the text is HTML, whose offsets count what is shown.
    pub(super) is_html: bool,
    /// Labels, relations and attributes.
    pub(super) declared: Declared,
}

/// What the tags inside a control declare.
enum Inside {
    Nothing,
    Labels(LabelKind),
    Relations,
    Choices(DeclaredAttribute),
}

impl Config {
    /// Adds what a file declares.
    ///
    /// # Errors
    /// Says what is no XML.
    pub(super) fn read(&mut self, content: &str) -> Result<(), String> {
        let mut reader = Reader::from_str(content);
        let (mut inside, mut tags) = (Inside::Nothing, 0);
        loop {
            match reader.read_event().map_err(|error| error.to_string())? {
                Event::Start(tag) | Event::Empty(tag) if tags < MAX_TAGS => {
                    tags += 1;
                    self.tag(&tag, &mut inside);
                }
                Event::End(tag) if is_control(tag.local_name().as_ref()) => self.close(&mut inside),
                Event::Eof => break,
                _ => {}
            }
        }
        self.close(&mut inside);
        Ok(())
    }

    fn tag(&mut self, tag: &BytesStart<'_>, inside: &mut Inside) {
        let attributes = attributes(tag);
        let value = |name: &str| attributes.get(name).map(String::as_str).unwrap_or_default();
        if is_control(tag.local_name().as_ref()) {
            self.close(inside);
        }
        match (tag.local_name().as_ref(), &mut *inside) {
            (b"Text" | b"HyperText" | b"Paragraphs", _) => {
                self.text_key = self.text_key.take().or_else(|| value("value").strip_prefix('$').map(str::to_owned));
                self.is_html |= tag.local_name().as_ref() == b"HyperText";
            }
            (b"Labels" | b"HyperTextLabels" | b"ParagraphLabels", _) => {
                *inside = Inside::Labels(if value("name") == CLAIMS { LabelKind::Claim } else { LabelKind::Entity });
            }
            (b"Relations", _) => *inside = Inside::Relations,
            (b"Choices" | b"Taxonomy", _) => {
                let kind = if value("choice") == "multiple" { AttributeKind::Choices } else { AttributeKind::Choice };
                *inside = Inside::Choices(declared(value("name"), value("perRegion") == "true", kind));
            }
            (b"Number", _) => self.add(declared(value("name"), value("perRegion") == "true", AttributeKind::Number)),
            (b"Rating", _) => self.add(declared(value("name"), value("perRegion") == "true", AttributeKind::Integer)),
            (b"TextArea", _) => self.add(declared(value("name"), value("perRegion") == "true", AttributeKind::Text)),
            (b"Label", Inside::Labels(kind)) => {
                let name = if attributes.contains_key("alias") { value("alias") } else { value("value") };
                self.declared.labels.push((name.to_owned(), None, *kind));
                if !value("hint").is_empty() {
                    self.declared.shown.insert(name.to_owned(), value("hint").to_owned());
                }
            }
            (b"Relation", Inside::Relations) => self.declared.relations.push(value("value").to_owned()),
            (b"Choice", Inside::Choices(attribute)) => {
                let name = if attributes.contains_key("alias") { value("alias") } else { value("value") };
                attribute.values.push(name.to_owned());
            }
            _ => {}
        }
    }

    fn close(&mut self, inside: &mut Inside) {
        if let Inside::Choices(attribute) = std::mem::replace(inside, Inside::Nothing) {
            self.add(attribute);
        }
    }

    fn add(&mut self, mut attribute: DeclaredAttribute) {
        if is_yes_no(&attribute) {
            attribute.kind = Some(AttributeKind::YesNo);
        }
        let is_note = [NOTE, NORMALIZED].contains(&attribute.name.as_str());
        if !is_note && !attribute.name.is_empty() {
            self.declared.attributes.push(attribute);
        }
    }
}

/// Yes and no, and nothing else.
fn is_yes_no(attribute: &DeclaredAttribute) -> bool {
    attribute.kind == Some(AttributeKind::Choice)
        && attribute.values.len() == 2
        && ["yes", "no"].iter().all(|value| attribute.values.iter().any(|v| v == value))
}

fn is_control(name: &[u8]) -> bool {
    const CONTROLS: [&[u8]; 9] =
        [b"Labels", b"HyperTextLabels", b"ParagraphLabels", b"Relations", b"Choices", b"Taxonomy", b"Number", b"Rating", b"TextArea"];
    CONTROLS.contains(&name)
}

fn declared(control: &str, is_per_region: bool, kind: AttributeKind) -> DeclaredAttribute {
    let targets = if is_per_region { MARKS.to_vec() } else { vec![Target::Document] };
    DeclaredAttribute { name: attribute_name(control).to_owned(), targets, values: Vec::new(), kind: Some(kind) }
}

/// The attribute of a control: without what our own exports put in front.
pub(super) fn attribute_name(control: &str) -> &str {
    control.strip_prefix(ATTRIBUTE).or_else(|| control.strip_prefix(DOCUMENT)).unwrap_or(control)
}

fn attributes(tag: &BytesStart<'_>) -> BTreeMap<String, String> {
    xml_tree::attributes(tag).filter_map(Result::ok).map(|(name, value)| (xml_tree::name(name), value.into_owned())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_relations_and_attributes_are_declared() {
        let mut config = Config::default();
        let xml = "<View><Labels name=\"label\" toName=\"t\"><Label value=\"P &amp; Q\"/><Label value=\"x\" alias=\"ORG\" hint=\"Firm\"/></Labels>\
            <Text name=\"t\" value=\"$body\"/><Choices name=\"sure\" toName=\"t\" perRegion=\"true\"><Choice value=\"yes\"/><Choice value=\"no\"/></Choices>\
            <Choices name=\"document.topic\" toName=\"t\" choice=\"multiple\"><Choice value=\"news\"/></Choices><Rating name=\"stars\" toName=\"t\"/>\
            <Relations><Relation value=\"says\"/></Relations><TextArea name=\"note\" toName=\"t\"/></View>";
        config.read(xml).unwrap();
        let declared = config.declared;
        let labels: Vec<&str> = declared.labels.iter().map(|(name, ..)| name.as_str()).collect();
        assert_eq!((labels, declared.relations, config.text_key.as_deref()), (vec!["P & Q", "ORG"], vec!["says".to_owned()], Some("body")));
        let attributes: Vec<String> = declared.attributes.iter().map(|a| format!("{} {:?} {:?}", a.name, a.kind.unwrap(), a.targets)).collect();
        assert_eq!(attributes, ["sure YesNo [Span, Claim]", "topic Choices [Document]", "stars Integer [Document]"]);
        assert!(Config::default().read("<View><a").is_err());
    }
}
