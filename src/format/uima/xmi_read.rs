//! Reading CAS XMI and type systems. No entities but the five; what attributes mean is said by the type system.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use quick_xml::events::{BytesStart, Event};

use super::cas::{Cas, Feature, Sofa, Structure, TypeDef, Types, Value, is_primitive};
use super::read::Unreadable;
use crate::format::xml_tree::{BadXml, Cap, Element, attributes, characters, each_event, name, parse};

/// What refers to another structure in the types that everybody has, for files without their type system.
const USUAL_REFERENCES: [&str; 9] = ["Governor", "Dependent", "target", "first", "next", "pos", "lemma", "stem", "morph"];

/// A whole file.
pub(super) fn read_xmi(content: &str, types: &Arc<Types>) -> Result<Cas<'static>, Unreadable> {
    let cas = Cas { types: Arc::clone(types), ..Cas::default() };
    let mut file = File { cas, packages: BTreeMap::new(), depth: 0, child: None, is_xmi: false, cap: Cap::of(content) };
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
    file.cas.inline_arrays();
    Ok(file.cas)
}

fn unreadable(bad: BadXml) -> Unreadable {
    Unreadable::at(bad.line, bad.why)
}

/// Of an element, by name.
type Attributes = Vec<(String, String)>;

fn attributes_of(element: &BytesStart<'_>, cap: &mut Cap) -> Result<Attributes, String> {
    let attribute = |attribute: Result<_, String>| {
        cap.count()?;
        attribute.map(|(key, value)| (name(key), value))
    };
    attributes(element).map(attribute).collect()
}

struct File {
    cas: Cas<'static>,
    /// By prefix, with the dot behind it.
    packages: BTreeMap<String, String>,
    depth: usize,
    /// A value of a list, in an element of its own.
    child: Option<(String, String)>,
    is_xmi: bool,
    cap: Cap,
}

impl File {
    fn start(&mut self, element: &BytesStart<'_>) -> Result<(), String> {
        self.depth += 1;
        self.cap.count()?;
        match self.depth {
            1 => {
                self.is_xmi = name(element.name()).ends_with("XMI");
                let attributes = attributes_of(element, &mut self.cap)?;
                self.add_packages(&attributes);
            }
            2 => {
                let attributes = attributes_of(element, &mut self.cap)?;
                self.add_packages(&attributes);
                self.add(&name(element.name()), attributes);
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

    fn add_packages(&mut self, attributes: &Attributes) {
        for (name, uri) in attributes {
            let Some(prefix) = name.strip_prefix("xmlns:") else { continue };
            let path = uri.strip_prefix("http:///").and_then(|path| path.strip_suffix(".ecore")).unwrap_or(uri);
            let package = if path == "uima/noNamespace" { String::new() } else { format!("{}.", path.replace('/', ".")) };
            self.packages.insert(prefix.to_owned(), package);
        }
    }

    fn kind(&self, name: &str) -> String {
        match name.split_once(':') {
            Some((prefix, local)) => format!("{}{local}", self.packages.get(prefix).map_or("", String::as_str)),
            None => name.to_owned(),
        }
    }

    fn add(&mut self, name: &str, attributes: Attributes) {
        let kind = self.kind(name);
        let id = attributes.iter().find(|(name, _)| name == "xmi:id").and_then(|(_, id)| id.parse().ok());
        match kind.as_str() {
            "uima.cas.NULL" => {}
            "uima.cas.View" => {
                let members = attributes.iter().filter(|(name, _)| name == "members").flat_map(|(_, ids)| ids.split_ascii_whitespace());
                let members: Vec<u64> = members.filter_map(|id| id.parse().ok()).collect();
                self.cas.members.get_or_insert_default().extend(members);
            }
            super::cas::SOFA => {
                let value = |wanted: &str| attributes.iter().find(|(name, _)| name == wanted).map(|(_, value)| value.clone());
                let name = value("sofaID").unwrap_or_default().into();
                self.cas.sofas.push(Sofa { id: id.unwrap_or_default(), name, text: value("sofaString").map(Cow::Owned) });
            }
            _ => {
                let types = Arc::clone(&self.cas.types);
                let known = attributes.into_iter().filter(|(name, _)| !name.contains(':') && name != "xmlns");
                let features = known.map(|(name, value)| {
                    let value = if name == "elements" && kind == super::cas::FS_ARRAY {
                        Value::Refs(value.split_ascii_whitespace().filter_map(|id| id.parse().ok()).collect())
                    } else {
                        typed(types.feature(&kind, &name), &name, value)
                    };
                    (name.into(), value)
                });
                let features = features.collect();
                self.cas.structures.push(Structure { id: id.unwrap_or_default(), kind: kind.into(), features });
            }
        }
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

fn typed(feature: Option<&Feature>, name: &str, value: String) -> Value<'static> {
    let ids = |value: &str| value.split_ascii_whitespace().map(|id| id.parse().ok()).collect::<Option<Vec<u64>>>();
    let reference = |value: String| match ids(&value).as_deref() {
        Some([id]) => Value::Ref(*id),
        Some(ids) => Value::Refs(ids.to_vec()),
        None => Value::Text(value.into()),
    };
    if name == "begin" || name == "end" {
        return value.parse().map_or_else(|_| Value::Text(value.into()), Value::Offset);
    }
    let Some(range) = feature.map(|feature| feature.range.as_str()) else {
        return if name == "sofa" || USUAL_REFERENCES.contains(&name) { reference(value) } else { Value::Text(value.into()) };
    };
    match range.strip_prefix("uima.cas.").unwrap_or(range) {
        "String" => Value::Text(value.into()),
        "Boolean" => Value::Bool(value == "true" || value == "1"),
        _ if is_primitive(range) => Value::Number(value.into()),
        "FSArray" | "FSList" => ids(&value).map_or_else(|| Value::Text(value.into()), Value::Refs),
        "IntegerArray" | "FloatArray" | "DoubleArray" | "LongArray" | "ShortArray" | "BooleanArray" | "IntegerList" | "FloatList" => {
            Value::Texts(value.split_ascii_whitespace().map(|word| word.to_owned().into()).collect())
        }
        _ => reference(value),
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
        let of_elements = Some(word(element, "elementType")).filter(|word| !word.is_empty());
        (word(element, "name"), Feature { range: word(element, "rangeTypeName"), element: of_elements })
    };
    let features = element.all("features").flat_map(|list| list.all("featureDescription")).map(feature).collect();
    types.0.insert(word(element, "name"), TypeDef { parent: word(element, "supertypeName"), features });
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
        let refused = |inside: &str| read_xmi(&format!("{HEAD}{inside}</xmi:XMI>"), &Arc::default()).unwrap_err().why;
        assert!(refused(&"<a/>".repeat(2_000_000)).contains("far too many"));
        assert!(refused(&format!("<a{}/>", " b=''".repeat(2_000_000))).contains("far too many"));
        assert!(read_xmi(&format!("{HEAD}{}</xmi:XMI>", "<a/>".repeat(2000)), &Arc::default()).is_ok());
    }

    #[test]
    fn links_are_known_without_a_type_system() {
        let content = format!(
            "{HEAD}<c:Link xmi:id=\"7\" role=\"p\" target=\"8\"/><c:Host xmi:id=\"9\" begin=\"0\" end=\"1\" links=\"7\" n=\"8\"><s>a&amp;</s><s>b</s></c:Host></xmi:XMI>"
        );
        let cas = read_xmi(&content, &Arc::default()).unwrap();
        let host = &cas.structures[1];
        assert_eq!(host.kind, "webanno.custom.Host");
        assert_eq!(host.get("links"), Some(&Value::Refs(vec![7])));
        assert_eq!(host.get("n"), Some(&Value::Text("8".into())));
        assert_eq!(host.get("s").unwrap().to_text(), "a&|b");
        assert_eq!(read_xmi(HEAD, &Arc::default()).unwrap_err().line, Some(1));
    }
}
