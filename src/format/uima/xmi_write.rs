//! Writing CAS XMI and the type system beside it, which nobody can read it without.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::cas::{Cas, Types, Value};
use crate::format::xml_out::{is_xml, push_attribute, push_escaped};

/// Prefixes and namespaces of our types.
const NAMESPACES: [(&str, &str, &str); 2] = [
    ("webanno.custom.", "custom", "http:///webanno/custom.ecore"),
    ("de.tudarmstadt.ukp.dkpro.core.api.metadata.type.", "metadata", "http:///de/tudarmstadt/ukp/dkpro/core/api/metadata/type.ecore"),
];

/// A whole file. Characters that XML cannot hold become U+FFFD, which is as long.
pub(super) fn write_xmi(cas: &Cas<'_>) -> String {
    let mut out = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<xmi:XMI xmlns:xmi=\"http://www.omg.org/XMI\" xmlns:cas=\"http:///uima/cas.ecore\"",
    );
    for (_, prefix, uri) in NAMESPACES {
        let _ = write!(out, " xmlns:{prefix}=\"{uri}\"");
    }
    out.push_str(" xmi:version=\"2.0\">\n<cas:NULL xmi:id=\"0\"/>\n");
    for structure in &cas.structures {
        let name = element_name(&structure.kind);
        let _ = write!(out, "<{name} xmi:id=\"{}\"", structure.id);
        let mut children = Vec::new();
        for (feature, value) in &structure.features {
            match value {
                Value::Texts(texts) => children.extend(texts.iter().map(|text| (feature, text))),
                // So most of them are, and there are many.
                Value::Offset(number) => drop(write!(out, " {feature}=\"{number}\"")),
                value => push_attribute(&mut out, feature, &value.to_text()),
            }
        }
        if children.is_empty() {
            out.push_str("/>\n");
            continue;
        }
        out.push('>');
        for (feature, text) in children {
            let _ = write!(out, "<{feature}>");
            push_escaped(&mut out, text);
            let _ = write!(out, "</{feature}>");
        }
        let _ = writeln!(out, "</{name}>");
    }
    for (number, sofa) in cas.sofas.iter().enumerate() {
        let _ = write!(out, "<cas:Sofa xmi:id=\"{}\" sofaNum=\"{}\"", sofa.id, number + 1);
        push_attribute(&mut out, "sofaID", &sofa.name);
        push_attribute(&mut out, "mimeType", "text");
        push_attribute(&mut out, "sofaString", sofa.text.as_deref().unwrap_or_default());
        let members: Vec<String> = cas.members.iter().flatten().map(u64::to_string).collect();
        let _ = writeln!(out, "/>\n<cas:View sofa=\"{}\" members=\"{}\"/>", sofa.id, members.join(" "));
    }
    out.push_str("</xmi:XMI>\n");
    out
}

fn element_name(kind: &str) -> String {
    let known = NAMESPACES.iter().find_map(|(package, prefix, _)| Some((prefix, kind.strip_prefix(package)?)));
    known.map_or_else(|| format!("cas:{}", super::cas::short_name(kind)), |(prefix, name)| format!("{prefix}:{name}"))
}

/// A character as a file has it.
pub(super) fn as_xml(c: char) -> Option<char> {
    Some(if is_xml(c) { c } else { '\u{fffd}' })
}

/// The types as a descriptor of UIMA. INCEpTION makes layers of it.
pub(super) fn write_type_system(types: &Types) -> String {
    let mut out = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<typeSystemDescription xmlns=\"http://uima.apache.org/resourceSpecifier\">\n<types>\n",
    );
    for (name, def) in &types.0 {
        let _ = writeln!(out, "<typeDescription><name>{name}</name><description/><supertypeName>{}</supertypeName>", def.parent);
        if !def.features.is_empty() {
            out.push_str("<features>\n");
        }
        for (name, feature) in &def.features {
            let element = feature.element.as_ref().map(|element| format!("<elementType>{element}</elementType>")).unwrap_or_default();
            let range = &feature.range;
            let _ = writeln!(
                out,
                "<featureDescription><name>{name}</name><description/><rangeTypeName>{range}</rangeTypeName>{element}</featureDescription>"
            );
        }
        out.push_str(if def.features.is_empty() { "</typeDescription>\n" } else { "</features></typeDescription>\n" });
    }
    out.push_str("</types>\n</typeSystemDescription>\n");
    out
}

/// So many characters of each text cannot be written, with the texts' names.
pub(super) fn not_xml(cas: &Cas<'_>) -> BTreeMap<&'static str, usize> {
    let is_sure = |byte: u8| matches!(byte, b'\t' | b'\n' | b'\r' | b' '..0xef);
    let count = |text: &str| if text.bytes().all(is_sure) { 0 } else { text.chars().filter(|c| !is_xml(*c)).count() };
    let mut found: BTreeMap<&'static str, usize> = BTreeMap::new();
    let texts = cas.sofas.iter().filter_map(|sofa| Some(("texts", sofa.text.as_deref()?)));
    let values = cas.structures.iter().flat_map(|structure| &structure.features).flat_map(|(_, value)| match value {
        Value::Text(text) => std::slice::from_ref(text),
        Value::Texts(texts) => texts.as_slice(),
        _ => &[],
    });
    for (what, text) in texts.chain(values.map(|text| ("values", text.as_ref()))) {
        let bad = count(text);
        if bad > 0 {
            *found.entry(what).or_default() += bad;
        }
    }
    found
}
