//! A file of XML, as a tree or event by event. No entities but the five; caps for files that are made to take memory.
//!
//! In a tree, names lose their prefixes: everybody chooses others. What stands in the file as it is meant is not copied.

use std::borrow::Cow;
use std::ops::Range;

use quick_xml::XmlVersion;
use quick_xml::events::attributes::Attribute;
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
pub(super) struct Element<'c> {
    pub(super) name: &'c str,
    pub(super) attributes: Vec<(&'c str, Cow<'c, str>)>,
    pub(super) children: Vec<Element<'c>>,
    /// Its own text, without that of its children.
    pub(super) text: Cow<'c, str>,
    /// Where it starts, counted from 1.
    pub(super) line: usize,
    /// Where it stands in the content, in bytes.
    pub(super) extent: Range<usize>,
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

impl<'c> Element<'c> {
    /// The value of an attribute.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(known, _)| *known == name).map(|(_, value)| value.as_ref())
    }

    /// The children of a name.
    pub(super) fn all<'e>(&'e self, name: &'e str) -> impl Iterator<Item = &'e Element<'c>> {
        self.children.iter().filter(move |child| child.name == name)
    }

    /// The first child of a name.
    pub(super) fn child(&self, name: &str) -> Option<&Element<'c>> {
        self.children.iter().find(|child| child.name == name)
    }

    /// The text of the first child of a name; empty where there is none.
    pub(super) fn text_of(&self, name: &str) -> &str {
        self.child(name).map_or("", |child| child.text.as_ref())
    }

    /// Its text up to each child, and what is behind the last one.
    pub(super) fn pieces(&self) -> impl Iterator<Item = (&str, Option<&Element<'c>>)> {
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
        out.push_str(self.name);
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
        out.push_str(self.name);
        out.push('>');
    }
}

/// The outermost element.
///
/// # Errors
/// When it is no XML, or larger than its length lets expect.
pub(super) fn parse(content: &str) -> Result<Element<'_>, BadXml> {
    parse_from(content, 1)
}

/// The same of a part of a file that begins in this line.
///
/// # Errors
/// As [`parse`].
pub(super) fn parse_from(content: &str, first_line: usize) -> Result<Element<'_>, BadXml> {
    let mut tree = Tree { content, open: Vec::new(), root: None, cap: Cap::of(content) };
    let last = each_event_at(content, first_line, |event, line, extent| match event {
        Event::Start(start) => tree.start(&start, line, extent.start),
        Event::End(_) => {
            tree.end(extent.end);
            Ok(())
        }
        event => match tree.plain_text(&event) {
            Some(text) => {
                tree.text(text.into());
                Ok(())
            }
            None => characters(&event).map(|text| tree.text(text)),
        },
    })?;
    tree.root.ok_or_else(|| BadXml { line: last, why: "there is no element in it".to_owned() })
}

/// An element of a file as XML on one line, for what is kept aside; what is none as it is.
pub(super) fn on_one_line(raw: &str) -> Cow<'_, str> {
    if !raw.starts_with('<') {
        return raw.into();
    }
    parse(raw).map_or(Cow::Borrowed(raw), |element| element.to_xml().into())
}

/// Gives every event with the line where it begins; of an empty element its start and its end. The number of the last line.
///
/// # Errors
/// When it is no XML or ends in the middle, and what `take` finds wrong.
pub(super) fn each_event<'c>(content: &'c str, mut take: impl FnMut(Event<'c>, usize) -> Result<(), String>) -> Result<usize, BadXml> {
    each_event_at(content, 1, |event, line, _| take(event, line))
}

/// The same with where the event stands, in bytes. The second event of an empty element stands behind it.
fn each_event_at<'c>(
    content: &'c str,
    first_line: usize,
    mut take: impl FnMut(Event<'c>, usize, Range<usize>) -> Result<(), String>,
) -> Result<usize, BadXml> {
    let mut reader = Reader::from_str(content);
    reader.config_mut().expand_empty_elements = true;
    let (mut depth, mut line, mut seen) = (0_usize, first_line, 0);
    loop {
        let at = usize::try_from(reader.buffer_position()).unwrap_or(usize::MAX);
        line += line_ends(content.as_bytes().get(seen..at).unwrap_or_default());
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
        let end = usize::try_from(reader.buffer_position()).unwrap_or(usize::MAX);
        take(event, line, at..end).map_err(bad)?;
    }
}

/// Most events are so short that it takes longer to begin a quick search.
fn line_ends(bytes: &[u8]) -> usize {
    const SHORT: usize = 48;
    if bytes.len() < SHORT { bytes.iter().filter(|byte| **byte == b'\n').count() } else { memchr::memchr_iter(b'\n', bytes).count() }
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
    raw_attributes(start).map(|attribute| {
        let attribute = attribute?;
        let value = value_of(&attribute)?;
        Ok((attribute.key, value))
    })
}

fn raw_attributes<'s>(start: &'s BytesStart<'_>) -> impl Iterator<Item = Result<Attribute<'s>, String>> {
    let mut attributes = start.attributes();
    attributes.with_checks(false);
    attributes.map(|attribute| attribute.map_err(|error| error.to_string()))
}

fn value_of<'s>(attribute: &Attribute<'s>) -> Result<Cow<'s, str>, String> {
    attribute.normalized_value(XmlVersion::Explicit1_0).map_err(|error| error.to_string())
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

struct Tree<'c> {
    content: &'c str,
    open: Vec<Element<'c>>,
    root: Option<Element<'c>>,
    cap: Cap,
}

impl<'c> Tree<'c> {
    /// A part of the content, by where it lies in memory: the library gives it for a shorter time than it is there.
    fn part(&self, part: &[u8]) -> Option<&'c str> {
        let start = part.as_ptr().addr().checked_sub(self.content.as_ptr().addr())?;
        self.content.get(start..start.checked_add(part.len())?)
    }

    /// A text in which nothing stands for something else, as it is in the file.
    fn plain_text(&self, event: &Event<'_>) -> Option<&'c str> {
        match event {
            Event::Text(text) if memchr::memchr(b'\r', text).is_none() => self.part(text),
            _ => None,
        }
    }

    /// The same of the value of an attribute.
    fn plain_value(&self, value: &[u8]) -> Option<&'c str> {
        if value.iter().any(|byte| matches!(byte, b'&' | b'\t' | b'\n' | b'\r')) { None } else { self.part(value) }
    }

    fn start(&mut self, start: &BytesStart<'_>, line: usize, from: usize) -> Result<(), String> {
        if self.open.len() == MAX_DEPTH {
            return Err(format!("elements stand in each other more than {MAX_DEPTH} deep"));
        }
        self.cap.count()?;
        let at = self.open.last().map_or(0, |parent| parent.text.len());
        let name = self.part(start.local_name().as_ref()).unwrap_or_default();
        let mut element = Element { name, line, at, extent: from..from, ..Element::default() };
        for attribute in raw_attributes(start) {
            let attribute = attribute?;
            self.cap.count()?;
            // Without prefixes nobody needs to know what they mean.
            if attribute.key.as_namespace_binding().is_none() {
                let value = match self.plain_value(&attribute.value) {
                    Some(value) => value.into(),
                    None => value_of(&attribute)?.into_owned().into(),
                };
                element.attributes.push((self.part(attribute.key.local_name().as_ref()).unwrap_or_default(), value));
            }
        }
        self.open.push(element);
        Ok(())
    }

    fn end(&mut self, at: usize) {
        let Some(mut element) = self.open.pop() else { return };
        element.extent.end = at;
        // Most have one child or none, and lists grow by four.
        element.attributes.shrink_to_fit();
        element.children.shrink_to_fit();
        match self.open.last_mut() {
            Some(parent) => parent.children.push(element),
            None => self.root = self.root.take().or(Some(element)),
        }
    }

    fn text(&mut self, text: Cow<'c, str>) {
        match self.open.last_mut() {
            Some(element) if element.text.is_empty() => element.text = text,
            Some(element) => element.text.to_mut().push_str(&text),
            None => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tree_is_what_the_file_says() {
        let root = parse("<?xml version=\"1.0\"?><x:A xmlns:x='urn:x' x:b=\"1&#10;2\"><C>a &amp; b<![CDATA[<]]></C><C d='&quot;'/></x:A>").unwrap();
        assert_eq!((root.name, root.get("b"), root.text_of("C"), root.all("C").count()), ("A", Some("1\n2"), "a & b<", 2));
        assert_eq!(root.to_xml(), "<A b=\"1&#10;2\"><C>a &amp; b&lt;</C><C d=\"&quot;\"/></A>");
        let again = root.to_xml();
        assert_eq!(parse(&again).unwrap().to_xml(), again);
    }

    #[test]
    fn elements_know_where_they_stand() {
        let content = "<?xml version='1.0'?>\n<a><b  c = 'd' >\n e</b >\n<x:f y='&gt;'/></a>\n";
        let root = parse_from(content, 7).unwrap();
        let raw: Vec<&str> = root.children.iter().map(|child| &content[child.extent.clone()]).collect();
        assert_eq!((raw.as_slice(), root.line), (["<b  c = 'd' >\n e</b >", "<x:f y='&gt;'/>"].as_slice(), 8));
        let lines: Vec<Cow<'_, str>> = raw.iter().map(|raw| on_one_line(raw)).collect();
        assert_eq!(lines, ["<b c=\"d\">&#10; e</b>", "<f y=\"&gt;\"/>"]);
        assert_eq!(lines, root.children.iter().map(Element::to_xml).collect::<Vec<_>>());
        assert_eq!((on_one_line("{\"a\": 1}"), on_one_line("<a>")), ("{\"a\": 1}".into(), "<a>".into()));
    }

    #[test]
    fn it_knows_lines_and_what_stands_between_elements() {
        let content = "<?xml version='1.0'?>\n<!DOCTYPE a SYSTEM \"a.dtd\">\n<a>\r\n<b c=\"1&#10;2\">x&amp;&#13;<d/>y<![CDATA[<z>\r]]></b>\n</a>";
        let tree = parse(content).unwrap();
        let b = tree.child("b").unwrap();
        assert_eq!((b.line, b.get("c"), b.text.as_ref(), tree.text.as_ref()), (4, Some("1\n2"), "x&\ry<z>\n", "\n\n"));
        let pieces: Vec<(&str, Option<&str>)> = b.pieces().map(|(text, child)| (text, child.map(|child| child.name))).collect();
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
