//! A small tree of an XML file, with lines. No entities but the five; caps for files that are made to take memory.

use quick_xml::XmlVersion;
use quick_xml::events::{BytesStart, Event};
use quick_xml::reader::Reader;

/// Elements within elements.
const MOST_DEPTH: usize = 64;
/// So many elements any file may have, and one more for each so many bytes.
const FREE_ELEMENTS: usize = 500_000;
const BYTES_AN_ELEMENT: usize = 24;

/// An element.
#[derive(Debug, Default)]
pub(super) struct Element {
    pub(super) name: String,
    pub(super) attributes: Vec<(String, String)>,
    pub(super) nodes: Vec<XmlNode>,
    pub(super) line: usize,
    // Bytes of the file.
    from: usize,
    to: usize,
}

/// What an element holds.
#[derive(Debug)]
pub(super) enum XmlNode {
    Element(Element),
    Text(String),
}

impl Element {
    pub(super) fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    pub(super) fn elements(&self) -> impl Iterator<Item = &Self> {
        self.nodes.iter().filter_map(|node| match node {
            XmlNode::Element(element) => Some(element),
            XmlNode::Text(_) => None,
        })
    }

    pub(super) fn all<'e>(&'e self, name: &'e str) -> impl Iterator<Item = &'e Self> {
        self.elements().filter(move |element| element.name == name)
    }

    pub(super) fn child(&self, name: &str) -> Option<&Self> {
        self.elements().find(|element| element.name == name)
    }

    /// The text that stands directly in it.
    pub(super) fn text(&self) -> String {
        let texts = self.nodes.iter().filter_map(|node| match node {
            XmlNode::Text(text) => Some(text.as_str()),
            XmlNode::Element(_) => None,
        });
        texts.collect()
    }

    /// The text of a child; empty where there is none.
    pub(super) fn text_of(&self, name: &str) -> String {
        self.child(name).map(Self::text).unwrap_or_default()
    }

    /// As it stands in the file, on one line.
    pub(super) fn raw(&self, content: &str) -> String {
        content.get(self.from..self.to).unwrap_or_default().replace("\r\n", "\n").replace(['\n', '\r'], "&#10;")
    }
}

/// Why a file makes no sense, and on which line.
pub(super) type BadXml = (Option<usize>, String);

/// The outermost element of a file.
pub(super) fn parse(content: &str) -> Result<Element, BadXml> {
    let mut reader = Reader::from_str(content);
    let mut tree = Tree { content, open: Vec::new(), root: None, count: 0, seen: 0, line: 1 };
    loop {
        let from = usize::try_from(reader.buffer_position()).unwrap_or(content.len());
        let event = reader.read_event().map_err(|error| error.to_string());
        let to = usize::try_from(reader.buffer_position()).unwrap_or(content.len());
        let step = event.and_then(|event| tree.event(event, (from, to)));
        match step {
            Ok(true) => {}
            Ok(false) => break,
            Err(why) => return Err((Some(tree.line_at(from)), why)),
        }
    }
    tree.root.filter(|_| tree.open.is_empty()).ok_or_else(|| (None, "it ends in the middle".to_owned()))
}

struct Tree<'c> {
    content: &'c str,
    open: Vec<Element>,
    root: Option<Element>,
    count: usize,
    // Bytes whose lines were counted.
    seen: usize,
    line: usize,
}

impl Tree<'_> {
    fn line_at(&mut self, at: usize) -> usize {
        let between = self.content.as_bytes().get(self.seen..at).unwrap_or_default();
        self.line += memchr::memchr_iter(b'\n', between).count();
        self.seen = self.seen.max(at);
        self.line
    }

    /// False at the end of the file.
    fn event(&mut self, event: Event<'_>, (from, to): (usize, usize)) -> Result<bool, String> {
        match event {
            Event::Start(start) => self.start(&start, from)?,
            Event::Empty(start) => {
                self.start(&start, from)?;
                self.end(to);
            }
            Event::End(_) => self.end(to),
            Event::Text(text) => self.text(&text.decode().map_err(|error| error.to_string())?, true),
            Event::CData(text) => self.text(&text.decode().map_err(|error| error.to_string())?, true),
            Event::GeneralRef(reference) => {
                let name = reference.decode().map_err(|error| error.to_string())?;
                let text = quick_xml::escape::unescape(&format!("&{name};")).map_err(|error| error.to_string())?.into_owned();
                self.text(&text, false);
            }
            Event::Eof => return Ok(false),
            _ => {}
        }
        Ok(true)
    }

    fn start(&mut self, start: &BytesStart<'_>, from: usize) -> Result<(), String> {
        self.count += 1;
        if self.count > FREE_ELEMENTS + self.content.len() / BYTES_AN_ELEMENT {
            return Err("it has far too many elements for its length".to_owned());
        }
        if self.open.len() >= MOST_DEPTH {
            return Err(format!("it has more than {MOST_DEPTH} elements within each other"));
        }
        let name = std::str::from_utf8(start.name().as_ref()).map_err(|error| error.to_string())?.to_owned();
        let mut attributes = Vec::new();
        for attribute in start.attributes().with_checks(false) {
            let attribute = attribute.map_err(|error| error.to_string())?;
            let name = std::str::from_utf8(attribute.key.as_ref()).map_err(|error| error.to_string())?;
            let value = attribute.normalized_value(XmlVersion::Explicit1_0).map_err(|error| error.to_string())?;
            attributes.push((name.to_owned(), value.into_owned()));
        }
        let line = self.line_at(from);
        self.open.push(Element { name, attributes, nodes: Vec::new(), line, from, to: from });
        Ok(())
    }

    fn end(&mut self, to: usize) {
        let Some(mut element) = self.open.pop() else { return };
        element.to = to;
        match self.open.last_mut() {
            Some(parent) => parent.nodes.push(XmlNode::Element(element)),
            None => self.root = self.root.take().or(Some(element)),
        }
    }

    /// Line ends in a file are LF, whatever they are; references mean what they say.
    fn text(&mut self, text: &str, is_raw: bool) {
        let Some(element) = self.open.last_mut() else { return };
        let text = if is_raw && text.contains('\r') { text.replace("\r\n", "\n").replace('\r', "\n") } else { text.to_owned() };
        match element.nodes.last_mut() {
            Some(XmlNode::Text(before)) => before.push_str(&text),
            _ => element.nodes.push(XmlNode::Text(text)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_becomes_a_tree() {
        let content = "<?xml version='1.0'?>\n<!DOCTYPE a SYSTEM \"a.dtd\">\n<a>\r\n<b c=\"1&#10;2\">x&amp;&#13;<d/>y<![CDATA[<z>]]></b>\n</a>";
        let tree = parse(content).unwrap();
        let b = tree.child("b").unwrap();
        assert_eq!((b.line, b.attribute("c"), b.text().as_str(), tree.text().as_str()), (4, Some("1\n2"), "x&\ry<z>", "\n\n"));
        assert_eq!(b.child("d").unwrap().raw(content), "<d/>");
        assert_eq!(b.raw("short"), "");
        for (bad, line) in [("<a>\n<b></a>", Some(2)), ("<a>\n&nope;</a>", Some(2)), ("<a><b>", None), ("x", None)] {
            assert_eq!(parse(bad).unwrap_err().0, line, "{bad}");
        }
        assert!(parse(&"<a>".repeat(100)).unwrap_err().1.contains("within each other"));
    }
}
