//! Reading CAS XMI and type systems. No entities but the five; what attributes mean is said by the type system.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use quick_xml::events::{BytesStart, Event};

use super::cas::{Cas, Feature, Sofa, Structure, TypeDef, Types, Value, is_primitive};
use super::read::Unreadable;
use crate::format::xml_tree::{BadXml, Cap, Element, attributes, characters, each_event, name, parse};

/// What refers to another structure in the types that everybody has, for files without their type system.
const USUAL_REFERENCES: [&str; 9] = ["Governor", "Dependent", "target", "first", "next", "pos", "lemma", "stem", "morph"];

const XMI_ID: &[u8] = b"xmi:id";

/// A whole file.
pub(super) fn read_xmi<'t>(content: &str, types: &'t Arc<Types>) -> Result<Cas<'t>, Unreadable> {
    let cas = Cas { types: Arc::clone(types), ..Cas::default() };
    let mut file = File { types, cas, packages: BTreeMap::new(), kinds: HashMap::new(), depth: 0, child: None, is_xmi: false, cap: Cap::of(content) };
    let read = each_event(content, |event, _| match event {
        Event::Start(element) => file.start(&element),
        Event::End(_) => {
            file.end();
            Ok(())
        }
        event => characters(&event).map(|text| file.text(&text)),
    });
    read.map_err(unreadable)?;
    if !file.is_xmi {
        return Err(Unreadable::new("it has no element xmi:XMI"));
    }
    file.guess_links();
    file.cas.keep_written();
    file.cas.inline_arrays();
    Ok(file.cas)
}

fn unreadable(bad: BadXml) -> Unreadable {
    Unreadable::at(bad.line, bad.why)
}

struct File<'t> {
    types: &'t Types,
    cas: Cas<'t>,
    /// By prefix, with the dot behind it.
    packages: BTreeMap<String, String>,
    /// By the names of elements.
    kinds: HashMap<Vec<u8>, Kind<'t>>,
    depth: usize,
    /// A value of a list, in an element of its own.
    child: Option<(String, String)>,
    is_xmi: bool,
    cap: Cap,
}

/// What all structures of a type have.
#[derive(Default)]
struct Kind<'t> {
    name: Cow<'t, str>,
    /// By the names of attributes.
    features: HashMap<Vec<u8>, KnownFeature<'t>>,
}

#[derive(Clone)]
struct KnownFeature<'t> {
    name: Cow<'t, str>,
    holds: Holds,
}

impl<'t> File<'t> {
    fn start(&mut self, element: &BytesStart<'_>) -> Result<(), String> {
        self.depth += 1;
        self.cap.count()?;
        match self.depth {
            1 => {
                self.is_xmi = name(element.name()).ends_with("XMI");
                self.add_packages(element)?;
            }
            2 => {
                self.add_packages(element)?;
                self.add(element)?;
            }
            3 => self.child = Some((name(element.name()), String::new())),
            _ => {}
        }
        Ok(())
    }

    fn text(&mut self, text: &str) {
        if let Some((_, value)) = self.child.as_mut().filter(|_| self.depth == 3) {
            value.push_str(text);
        }
    }

    fn end(&mut self) {
        self.depth = self.depth.saturating_sub(1);
        let Some((name, value)) = self.child.take_if(|_| self.depth == 2) else { return };
        let Some(structure) = self.cas.structures.last_mut() else { return };
        match structure.features.iter_mut().find(|(feature, _)| *feature == name) {
            Some((_, Value::Texts(texts))) => texts.push(value.into()),
            _ => structure.features.push((name.into(), Value::Texts(vec![value.into()]))),
        }
    }

    fn add_packages(&mut self, element: &BytesStart<'_>) -> Result<(), String> {
        if memchr::memmem::find(element, b"xmlns:").is_none() {
            return Ok(());
        }
        for attribute in attributes(element) {
            let (key, uri) = attribute?;
            let Some(prefix) = key.as_ref().strip_prefix(b"xmlns:") else { continue };
            let path = uri.strip_prefix("http:///").and_then(|path| path.strip_suffix(".ecore")).unwrap_or(&uri);
            let package = if path == "uima/noNamespace" { String::new() } else { format!("{}.", path.replace('/', ".")) };
            self.packages.insert(name(prefix), package);
            self.kinds.clear();
        }
        Ok(())
    }

    fn kind(&self, name: &str) -> Cow<'t, str> {
        let kind = match name.split_once(':') {
            Some((prefix, local)) => format!("{}{local}", self.packages.get(prefix).map_or("", String::as_str)),
            None => name.to_owned(),
        };
        self.types.0.get_key_value(&kind).map_or(Cow::Owned(kind), |(known, _)| Cow::Borrowed(known))
    }

    fn add(&mut self, element: &BytesStart<'_>) -> Result<(), String> {
        if !self.kinds.contains_key(element.name().as_ref()) {
            let kind = Kind { name: self.kind(&name(element.name())), features: HashMap::new() };
            self.kinds.insert(element.name().as_ref().to_vec(), kind);
        }
        let Some(kind) = self.kinds.get_mut(element.name().as_ref()) else { return Ok(()) };
        match kind.name.as_ref() {
            "uima.cas.NULL" => {}
            "uima.cas.View" => {
                let members = self.cas.members.get_or_insert_default();
                for attribute in attributes(element) {
                    self.cap.count()?;
                    let (key, ids) = attribute?;
                    if key.as_ref() == b"members" {
                        members.extend(ids.split_ascii_whitespace().filter_map(|id| id.parse::<u64>().ok()));
                    }
                }
            }
            super::cas::SOFA => {
                let mut sofa = Sofa::default();
                for attribute in attributes(element) {
                    self.cap.count()?;
                    let (key, value) = attribute?;
                    match key.as_ref() {
                        XMI_ID => sofa.id = value.parse().unwrap_or_default(),
                        b"sofaID" => sofa.name = Cow::Owned(value.into_owned()),
                        b"mimeType" => sofa.mime_type = Some(Cow::Owned(value.into_owned())),
                        b"sofaString" => sofa.text = Some(Cow::Owned(value.into_owned())),
                        _ => {}
                    }
                }
                self.cas.sofas.push(sofa);
            }
            _ => {
                let mut structure = Structure { id: 0, kind: kind.name.clone(), features: Vec::new() };
                for attribute in attributes(element) {
                    self.cap.count()?;
                    let (key, value) = attribute?;
                    if key.as_ref() == XMI_ID {
                        structure.id = value.parse().unwrap_or_default();
                    } else if let Some(feature) = kind.feature(key.as_ref(), self.types) {
                        structure.features.push((feature.name, typed(feature.holds, value)));
                    }
                }
                self.cas.structures.push(structure);
            }
        }
        Ok(())
    }

    /// Without a type system: a list of numbers is one of links where each of them is the number of something with a target.
    fn guess_links(&mut self) {
        let with_target = |structure: &&Structure<'_>| structure.reference("target").is_some();
        let links: BTreeSet<u64> = self.cas.structures.iter().filter(with_target).map(|structure| structure.id).collect();
        if links.is_empty() {
            return;
        }
        let types = Arc::clone(&self.cas.types);
        for structure in &mut self.cas.structures {
            for (name, value) in &mut structure.features {
                let Value::Text(text) = value else { continue };
                let ids = || text.split_ascii_whitespace().map(|id| id.parse().ok().filter(|id| links.contains(id)));
                if !text.is_empty()
                    && types.feature(&structure.kind, name).is_none()
                    && let Some(ids) = ids().collect::<Option<Vec<u64>>>()
                {
                    *value = Value::Refs(ids);
                }
            }
        }
    }
}

impl<'t> Kind<'t> {
    /// None for what is no feature.
    fn feature(&mut self, attribute: &[u8], types: &'t Types) -> Option<KnownFeature<'t>> {
        if let Some(known) = self.features.get(attribute) {
            return Some(known.clone());
        }
        let name = name(attribute);
        if name.contains(':') || name == "xmlns" {
            return None;
        }
        let found = types.feature_and_name(&self.name, &name);
        let holds = if name == "elements" && self.name == super::cas::FS_ARRAY { Holds::Ids } else { holds(found.map(|(_, found)| found), &name) };
        let feature = KnownFeature { name: found.map_or(Cow::Owned(name), |(known, _)| Cow::Borrowed(known)), holds };
        self.features.insert(attribute.to_vec(), feature.clone());
        Some(feature)
    }
}

/// What the values of a feature are.
#[derive(Clone, Copy)]
enum Holds {
    Text,
    Number,
    Bool,
    Offset,
    /// A number of a structure or several; text where it is something else.
    Reference,
    /// A list of such numbers, in which everything else is left out.
    Ids,
    /// The same; text where something is no number.
    References,
    Words,
}

fn holds(feature: Option<&Feature>, name: &str) -> Holds {
    if name == "begin" || name == "end" {
        return Holds::Offset;
    }
    let Some(range) = feature.map(|feature| feature.range.as_str()) else {
        return if name == "sofa" || USUAL_REFERENCES.contains(&name) { Holds::Reference } else { Holds::Text };
    };
    match range.strip_prefix("uima.cas.").unwrap_or(range) {
        "String" => Holds::Text,
        "Boolean" => Holds::Bool,
        _ if is_primitive(range) => Holds::Number,
        "FSArray" | "FSList" => Holds::References,
        "IntegerArray" | "FloatArray" | "DoubleArray" | "LongArray" | "ShortArray" | "BooleanArray" | "IntegerList" | "FloatList" => Holds::Words,
        _ => Holds::Reference,
    }
}

fn typed(holds: Holds, value: Cow<'_, str>) -> Value<'static> {
    let ids = || value.split_ascii_whitespace().map(|id| id.parse().ok()).collect::<Option<Vec<u64>>>();
    let found = match holds {
        Holds::Text => None,
        Holds::Number => return Value::Number(value.into_owned().into()),
        Holds::Bool => Some(Value::Bool(value == "true" || value == "1")),
        Holds::Offset => value.parse().ok().map(Value::Offset),
        Holds::Reference => value.parse().ok().map(Value::Ref).or_else(|| ids().map(one_or_more)),
        Holds::Ids => Some(Value::Refs(value.split_ascii_whitespace().filter_map(|id| id.parse().ok()).collect())),
        Holds::References => ids().map(Value::Refs),
        Holds::Words => Some(Value::Texts(value.split_ascii_whitespace().map(|word| word.to_owned().into()).collect())),
    };
    found.unwrap_or_else(|| Value::Text(value.into_owned().into()))
}

fn one_or_more(ids: Vec<u64>) -> Value<'static> {
    match ids.as_slice() {
        [id] => Value::Ref(*id),
        _ => Value::Refs(ids),
    }
}

/// A type system in XML; it may be a part of something else.
pub(super) fn read_type_system(content: &str) -> Result<Types, Unreadable> {
    let mut types = Types::default();
    add_types(&parse(content).map_err(unreadable)?, &mut types);
    Ok(types)
}

fn add_types(element: &Element, types: &mut Types) {
    if element.name != "typeDescription" {
        return element.children.iter().for_each(|child| add_types(child, types));
    }
    let word = |element: &Element, name: &str| element.text_of(name).trim().to_owned();
    let feature = |element: &Element| {
        let feature = Feature {
            range: word(element, "rangeTypeName"),
            element: Some(word(element, "elementType")).filter(|word| !word.is_empty()),
            description: word(element, "description"),
            may_be_shared: word(element, "multipleReferencesAllowed").parse().ok(),
        };
        (word(element, "name"), feature)
    };
    let features = element.all("features").flat_map(|list| list.all("featureDescription")).map(feature).collect();
    let (parent, description) = (word(element, "supertypeName"), word(element, "description"));
    types.0.insert(word(element, "name"), TypeDef { parent, description, features });
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = r#"<xmi:XMI xmlns:xmi="http://www.omg.org/XMI" xmlns:cas="http:///uima/cas.ecore" xmlns:c="http:///webanno/custom.ecore">"#;

    #[test]
    fn references_of_line_ends_are_line_ends_and_raw_ones_are_spaces() {
        let text = |sofa: &str| {
            let content = format!("{HEAD}<cas:Sofa xmi:id=\"1\" sofaID=\"_InitialView\" sofaString=\"{sofa}\"/></xmi:XMI>");
            read_xmi(&content, &Arc::default()).map(|cas| cas.sofas[0].text.clone().unwrap().into_owned())
        };
        assert_eq!(text("a&#10;b&#9;c&#13;&#10;d &lt;&amp;&quot; &#x1F389;").unwrap(), "a\nb\tc\r\nd <&\" 🎉");
        assert_eq!(text("a\nb\tc\r\nd").unwrap(), "a b c d");
        assert!(text("&unknown;").is_err());
    }

    #[test]
    fn a_file_of_nothing_but_elements_or_attributes_is_refused() {
        let types = Arc::default();
        let refused = |inside: &str| read_xmi(&format!("{HEAD}{inside}</xmi:XMI>"), &types).unwrap_err().why;
        assert!(refused(&"<a/>".repeat(2_000_000)).contains("far too many"));
        assert!(refused(&format!("<a{}/>", " b=''".repeat(2_000_000))).contains("far too many"));
        assert!(read_xmi(&format!("{HEAD}{}</xmi:XMI>", "<a/>".repeat(2000)), &types).is_ok());
    }

    #[test]
    fn links_are_known_without_a_type_system() {
        let content = format!(
            "{HEAD}<c:Link xmi:id=\"7\" role=\"p\" target=\"8\"/><c:Host xmi:id=\"9\" begin=\"0\" end=\"1\" links=\"7\" n=\"8\"><s>a&amp;</s><s>b</s></c:Host></xmi:XMI>"
        );
        let types = Arc::default();
        let cas = read_xmi(&content, &types).unwrap();
        let host = &cas.structures[1];
        assert_eq!(host.kind, "webanno.custom.Host");
        assert_eq!(host.get("links"), Some(&Value::Refs(vec![7])));
        assert_eq!(host.get("n"), Some(&Value::Text("8".into())));
        assert_eq!(host.get("s").unwrap().to_text(), "a&|b");
        assert_eq!(read_xmi(HEAD, &Arc::default()).unwrap_err().line, Some(1));
    }
}
