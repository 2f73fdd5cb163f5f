//! A file of XML as a tree, for formats whose parts refer to each other. Names lose their prefixes; no entities but the five.

use quick_xml::XmlVersion;
use quick_xml::events::{BytesStart, Event};
use quick_xml::reader::Reader;

use super::xml_out::{push_attribute, push_escaped};

/// Elements inside each other; a file that goes deeper is something else.
const MAX_DEPTH: usize = 120;
/// So many elements and attributes any file may have.
const FREE: usize = 1_000_000;
/// A larger one for each so many bytes one more.
const BYTES: usize = 30;

/// An element with everything in it.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct Element {
    pub(super) name: String,
    pub(super) attributes: Vec<(String, String)>,
    pub(super) children: Vec<Element>,
    /// Its own text, without that of its children.
    pub(super) text: String,
}

/// Why there is no tree.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct BadXml {
    /// Counted from 1.
    pub(super) line: usize,
    pub(super) why: String,
}

impl Element {
    /// The value of an attribute.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// The children of a name.
    pub(super) fn all<'e>(&'e self, name: &'e str) -> impl Iterator<Item = &'e Element> {
        self.children.iter().filter(move |child| child.name == name)
    }

    /// The first child of a name.
    pub(super) fn child(&self, name: &str) -> Option<&Element> {
        self.children.iter().find(|child| child.name == name)
    }

    /// The text of the first child of a name; empty where there is none.
    pub(super) fn text_of(&self, name: &str) -> &str {
        self.child(name).map_or("", |child| child.text.as_str())
    }

    /// As XML, for what is kept aside.
    pub(super) fn to_xml(&self) -> String {
        let mut out = String::new();
        self.push(&mut out);
        out
    }

    fn push(&self, out: &mut String) {
        out.push('<');
        out.push_str(&self.name);
        self.attributes.iter().for_each(|(name, value)| push_attribute(out, name, value));
        if self.children.is_empty() && self.text.is_empty() {
            return out.push_str("/>");
        }
        out.push('>');
        push_escaped(out, if self.children.is_empty() { &self.text } else { self.text.trim() });
        self.children.iter().for_each(|child| child.push(out));
        out.push_str("</");
        out.push_str(&self.name);
        out.push('>');
    }
}

/// The outermost element.
///
/// # Errors
/// When it is no XML, or larger than its length lets expect.
pub(super) fn parse(content: &str) -> Result<Element, BadXml> {
    let mut reader = Reader::from_str(content);
    let mut tree = Tree { open: Vec::new(), root: None, left: FREE + content.len() / BYTES };
    loop {
        let read = reader.read_event().map_err(|error| error.to_string()).and_then(|event| tree.take(event));
        match read {
            Ok(true) => {}
            Ok(false) => break,
            Err(why) => return Err(BadXml { line: line_of(content, &reader), why }),
        }
    }
    let line = line_of(content, &reader);
    match tree.root {
        Some(root) if tree.open.is_empty() => Ok(root),
        _ => Err(BadXml { line, why: "it ends in the middle".to_owned() }),
    }
}

fn line_of(content: &str, reader: &Reader<&[u8]>) -> usize {
    // Errors in what the reader has given have no position of their own.
    let at = Some(reader.error_position()).filter(|at| *at > 0).unwrap_or_else(|| reader.buffer_position());
    let at = usize::try_from(at).unwrap_or(usize::MAX).min(content.len());
    memchr::memchr_iter(b'\n', content.as_bytes().get(..at).unwrap_or_default()).count() + 1
}

struct Tree {
    open: Vec<Element>,
    root: Option<Element>,
    left: usize,
}

impl Tree {
    /// False at the end of the file.
    fn take(&mut self, event: Event<'_>) -> Result<bool, String> {
        match event {
            Event::Start(element) => self.start(&element)?,
            Event::Empty(element) => {
                self.start(&element)?;
                self.end();
            }
            Event::End(_) => self.end(),
            Event::Text(text) => self.text(&text.decode().map_err(|error| error.to_string())?),
            Event::CData(text) => self.text(&text.decode().map_err(|error| error.to_string())?),
            Event::GeneralRef(reference) => {
                let name = reference.decode().map_err(|error| error.to_string())?;
                let raw = format!("&{name};");
                self.text(&quick_xml::escape::unescape(&raw).map_err(|error| error.to_string())?);
            }
            Event::Eof => return Ok(false),
            _ => {}
        }
        Ok(true)
    }

    fn start(&mut self, element: &BytesStart<'_>) -> Result<(), String> {
        let mut attributes = Vec::new();
        for attribute in element.attributes().with_checks(false) {
            let attribute = attribute.map_err(|error| error.to_string())?;
            let name = String::from_utf8_lossy(attribute.key.local_name().as_ref()).into_owned();
            let value = attribute.normalized_value(XmlVersion::Explicit1_0).map_err(|error| error.to_string())?;
            attributes.push((name, value.into_owned()));
        }
        let name = String::from_utf8_lossy(element.local_name().as_ref()).into_owned();
        self.left = self.left.checked_sub(1 + attributes.len()).ok_or("it has far too many elements for its length")?;
        if self.open.len() == MAX_DEPTH {
            return Err(format!("elements stand in each other more than {MAX_DEPTH} deep"));
        }
        self.open.push(Element { name, attributes, ..Element::default() });
        Ok(())
    }

    fn end(&mut self) {
        let Some(element) = self.open.pop() else { return };
        match self.open.last_mut() {
            Some(parent) => parent.children.push(element),
            None => self.root = self.root.take().or(Some(element)),
        }
    }

    fn text(&mut self, text: &str) {
        if let Some(element) = self.open.last_mut() {
            element.text.push_str(text);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tree_is_what_the_file_says() {
        let root = parse("<?xml version=\"1.0\"?>\n<x:A b=\"1&#10;2\"><C>a &amp; b<![CDATA[<]]></C><C d='&quot;'/></x:A>").unwrap();
        assert_eq!((root.name.as_str(), root.get("b"), root.text_of("C"), root.all("C").count()), ("A", Some("1\n2"), "a & b<", 2));
        assert_eq!(root.to_xml(), "<A b=\"1&#10;2\"><C>a &amp; b&lt;</C><C d=\"&quot;\"/></A>");
        assert_eq!(parse(&root.to_xml()).unwrap(), root);
    }

    #[test]
    fn what_is_broken_or_too_deep_is_said_with_its_line() {
        let check = |content: &str, line: usize, why: &str| {
            let bad = parse(content).unwrap_err();
            assert!(bad.line == line && bad.why.contains(why), "{bad:?}");
        };
        check("<a>\n<b>", 2, "middle");
        check("", 1, "middle");
        check("<a>&unknown;</a>", 1, "");
        check(&"<a>".repeat(200), 1, "deep");
        check(&format!("<a>{}", "<b/>".repeat(2_000_000)), 1, "far too many");
    }
}
