//! A file of XML, as a tree or event by event. No entities but the five; caps for files that are made to take memory.
//!
//! In a tree, names lose their prefixes: everybody chooses others.

use std::borrow::Cow;

use quick_xml::XmlVersion;
use quick_xml::events::{BytesStart, Event};
use quick_xml::name::QName;
use quick_xml::reader::Reader;

use super::xml_out::{push_attribute, push_escaped};

/// Elements inside each other; a file that goes deeper is something else.
const MAX_DEPTH: usize = 120;
/// So many elements and attributes any file may have.
const FREE: usize = 500_000;
/// A larger one for each so many bytes one more; annotations without features come near it.
const BYTES: usize = 8;

/// An element with everything in it.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct Element {
    pub(super) name: String,
    pub(super) attributes: Vec<(String, String)>,
    pub(super) children: Vec<Element>,
    /// Its own text, without that of its children.
    pub(super) text: String,
    /// Where it starts, counted from 1.
    pub(super) line: usize,
    /// Where it stands in the text of its parent, in bytes.
    at: usize,
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

    /// Its text up to each child, and what is behind the last one.
    pub(super) fn pieces(&self) -> impl Iterator<Item = (&str, Option<&Element>)> {
        let starts = std::iter::once(0).chain(self.children.iter().map(|child| child.at));
        let ends = self.children.iter().map(|child| (child.at, Some(child))).chain(std::iter::once((self.text.len(), None)));
        starts.zip(ends).map(|(start, (end, child))| (self.text.get(start..end).unwrap_or_default(), child))
    }

    /// As XML on one line, for what is kept aside. Blanks between elements are left out.
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
        for (text, child) in self.pieces() {
            if self.children.is_empty() || !text.trim().is_empty() {
                push_escaped(out, text);
            }
            child.into_iter().for_each(|child| child.push(out));
        }
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
    let mut tree = Tree { open: Vec::new(), root: None, cap: Cap::of(content) };
    let last = each_event(content, |event, line| match event {
        Event::Start(start) => tree.start(&start, line),
        Event::End(_) => {
            tree.end();
            Ok(())
        }
        event => characters(&event).map(|text| tree.text(&text)),
    })?;
    tree.root.ok_or_else(|| BadXml { line: last, why: "there is no element in it".to_owned() })
}

/// Gives every event with the line where it begins; of an empty element its start and its end. The number of the last line.
///
/// # Errors
/// When it is no XML or ends in the middle, and what `take` finds wrong.
pub(super) fn each_event(content: &str, mut take: impl FnMut(Event<'_>, usize) -> Result<(), String>) -> Result<usize, BadXml> {
    let mut reader = Reader::from_str(content);
    reader.config_mut().expand_empty_elements = true;
    let (mut depth, mut line, mut seen) = (0_usize, 1, 0);
    loop {
        let at = usize::try_from(reader.buffer_position()).unwrap_or(usize::MAX);
        line += memchr::memchr_iter(b'\n', content.as_bytes().get(seen..at).unwrap_or_default()).count();
        seen = at;
        let bad = |why: String| BadXml { line, why };
        let event = reader.read_event().map_err(|error| bad(error.to_string()))?;
        match event {
            Event::Start(_) => depth += 1,
            Event::End(_) => depth = depth.saturating_sub(1),
            Event::Eof if depth > 0 => return Err(bad("it ends in the middle".to_owned())),
            Event::Eof => return Ok(line),
            _ => {}
        }
        take(event, line).map_err(bad)?;
    }
}

/// The text of an event, its line ends as LF; references mean what they say. Empty for what is no text.
///
/// # Errors
/// When it refers to what nobody knows.
pub(super) fn characters<'e>(event: &Event<'e>) -> Result<Cow<'e, str>, String> {
    match event {
        Event::Text(text) => text.xml10_content().map_err(|error| error.to_string()),
        Event::CData(text) => text.xml10_content().map_err(|error| error.to_string()),
        Event::GeneralRef(reference) => {
            let raw = format!("&{};", reference.decode().map_err(|error| error.to_string())?);
            quick_xml::escape::unescape(&raw).map(|text| text.into_owned().into()).map_err(|error| error.to_string())
        }
        _ => Ok(Cow::Borrowed("")),
    }
}

/// The attributes of an element, with their prefixes. Nobody looks for doubles, which would take long where there are many.
pub(super) fn attributes<'s>(start: &'s BytesStart<'_>) -> impl Iterator<Item = Result<(QName<'s>, Cow<'s, str>), String>> {
    let mut attributes = start.attributes();
    attributes.with_checks(false);
    attributes.map(|attribute| {
        let attribute = attribute.map_err(|error| error.to_string())?;
        let value = attribute.normalized_value(XmlVersion::Explicit1_0).map_err(|error| error.to_string())?;
        Ok((attribute.key, value))
    })
}

/// A name as text.
pub(super) fn name(name: impl AsRef<[u8]>) -> String {
    String::from_utf8_lossy(name.as_ref()).into_owned()
}

/// How many elements and attributes a file may still have.
pub(super) struct Cap(usize);

impl Cap {
    /// Of a file with this content.
    pub(super) fn of(content: &str) -> Self {
        Self(FREE + content.len() / BYTES)
    }

    /// One more.
    ///
    /// # Errors
    /// When it is one too many.
    pub(super) fn count(&mut self) -> Result<(), String> {
        self.0 = self.0.checked_sub(1).ok_or("it has far too many elements for its length")?;
        Ok(())
    }
}

struct Tree {
    open: Vec<Element>,
    root: Option<Element>,
    cap: Cap,
}

impl Tree {
    fn start(&mut self, start: &BytesStart<'_>, line: usize) -> Result<(), String> {
        if self.open.len() == MAX_DEPTH {
            return Err(format!("elements stand in each other more than {MAX_DEPTH} deep"));
        }
        self.cap.count()?;
        let at = self.open.last().map_or(0, |parent| parent.text.len());
        let mut element = Element { name: name(start.local_name()), line, at, ..Element::default() };
        for attribute in attributes(start) {
            let (key, value) = attribute?;
            self.cap.count()?;
            // Without prefixes nobody needs to know what they mean.
            if key.as_namespace_binding().is_none() {
                element.attributes.push((name(key.local_name()), value.into_owned()));
            }
        }
        self.open.push(element);
        Ok(())
    }

    fn end(&mut self) {
        let Some(mut element) = self.open.pop() else { return };
        // Most have one child or none, and lists grow by four.
        element.attributes.shrink_to_fit();
        element.children.shrink_to_fit();
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
        let root = parse("<?xml version=\"1.0\"?><x:A xmlns:x='urn:x' x:b=\"1&#10;2\"><C>a &amp; b<![CDATA[<]]></C><C d='&quot;'/></x:A>").unwrap();
        assert_eq!((root.name.as_str(), root.get("b"), root.text_of("C"), root.all("C").count()), ("A", Some("1\n2"), "a & b<", 2));
        assert_eq!(root.to_xml(), "<A b=\"1&#10;2\"><C>a &amp; b&lt;</C><C d=\"&quot;\"/></A>");
        assert_eq!(parse(&root.to_xml()).unwrap(), root);
    }

    #[test]
    fn it_knows_lines_and_what_stands_between_elements() {
        let content = "<?xml version='1.0'?>\n<!DOCTYPE a SYSTEM \"a.dtd\">\n<a>\r\n<b c=\"1&#10;2\">x&amp;&#13;<d/>y<![CDATA[<z>\r]]></b>\n</a>";
        let tree = parse(content).unwrap();
        let b = tree.child("b").unwrap();
        assert_eq!((b.line, b.get("c"), b.text.as_str(), tree.text.as_str()), (4, Some("1\n2"), "x&\ry<z>\n", "\n\n"));
        let pieces: Vec<(&str, Option<&str>)> = b.pieces().map(|(text, child)| (text, child.map(|child| child.name.as_str()))).collect();
        assert_eq!(pieces, [("x&\r", Some("d")), ("y<z>\n", None)]);
        assert_eq!(b.child("d").unwrap().to_xml(), "<d/>");
        assert_eq!(tree.to_xml(), "<a><b c=\"1&#10;2\">x&amp;&#13;<d/>y&lt;z&gt;&#10;</b></a>");
    }

    #[test]
    fn what_is_broken_or_too_large_is_said_with_its_line() {
        let check = |content: &str, line: usize, why: &str| {
            let bad = parse(content).unwrap_err();
            assert!(bad.line == line && bad.why.contains(why), "{bad:?}");
        };
        check("<a>\n<b>", 2, "middle");
        check("<a><b>", 1, "middle");
        check("", 1, "no element");
        check("x\n", 2, "no element");
        check("<a>\n<b></a>", 2, "");
        check("<a>\n<b\nc=></b></a>", 2, "");
        check("<a>\n&unknown;</a>", 2, "unknown");
        check(&"<a>\n".repeat(200), 121, "deep");
        check(&format!("<a>{}", "<b/>".repeat(2_000_000)), 1, "far too many");
        check(&format!("<a{}/>", " b=''".repeat(2_000_000)), 1, "far too many");
        assert!(parse(&format!("<a>{}</a>", "<location offset=\"1\" length=\"2\"/>".repeat(250_000))).is_ok());
    }
}
