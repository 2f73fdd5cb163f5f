//! Writing CAS XMI and the type system beside it, which nobody can read it without.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use super::cas::{Cas, STRING_ARRAY, Structure, Types, Value, is_array};
use crate::format::xml_out::{is_xml, push_attribute, push_content, push_escaped};

/// Prefixes of packages that everybody has.
const PREFIXES: [(&str, &str); 5] = [
    ("uima.cas.", "cas"),
    ("webanno.custom.", "custom"),
    ("de.tudarmstadt.ukp.dkpro.core.api.metadata.type.", "metadata"),
    ("uima.tcas.", "tcas"),
    ("", "noNamespace"),
];

/// The package of a type, with the dot behind it.
fn package(kind: &str) -> &str {
    kind.rfind('.').and_then(|dot| kind.get(..=dot)).unwrap_or_default()
}

/// Packages and their prefixes: ours in every file, the others where something is of them.
fn prefixes<'k>(kinds: impl Iterator<Item = &'k str>) -> BTreeMap<&'k str, Cow<'static, str>> {
    let mut prefixes: BTreeMap<&str, Cow<'static, str>> =
        PREFIXES.iter().take(3).map(|(package, prefix)| (*package, Cow::Borrowed(*prefix))).collect();
    for (number, package) in kinds.map(package).enumerate() {
        let known = PREFIXES.iter().find(|(known, _)| *known == package).map(|(_, prefix)| Cow::Borrowed(*prefix));
        prefixes.entry(package).or_insert_with(|| known.unwrap_or_else(|| format!("p{number}").into()));
    }
    prefixes
}

fn namespace(package: &str) -> String {
    match package.strip_suffix('.') {
        Some(path) => format!("http:///{}.ecore", path.replace('.', "/")),
        None => "http:///uima/noNamespace.ecore".to_owned(),
    }
}

/// A whole file. Characters that XML cannot hold become U+FFFD, which is as long.
pub(super) fn write_xmi(cas: &Cas<'_>) -> String {
    let mut out = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<xmi:XMI xmlns:xmi=\"http://www.omg.org/XMI\"");
    let kinds: BTreeSet<&str> = cas.structures.iter().map(|structure| structure.kind.as_ref()).collect();
    let prefixes = prefixes(kinds.iter().copied());
    for (package, prefix) in &prefixes {
        push_attribute(&mut out, &format!("xmlns:{prefix}"), &namespace(package));
    }
    out.push_str(" xmi:version=\"2.0\">\n<cas:NULL xmi:id=\"0\"/>\n");
    let element = |kind: &str| {
        let package = package(kind);
        format!("{}:{}", prefixes.get(package).map_or("cas", AsRef::as_ref), kind.get(package.len()..).unwrap_or_default())
    };
    let names: BTreeMap<&str, String> = kinds.iter().map(|kind| (*kind, element(kind))).collect();
    for structure in &cas.structures {
        let name = names.get(structure.kind.as_ref()).map(String::as_str).unwrap_or_default();
        let _ = write!(out, "<{name} xmi:id=\"{}\"", structure.id);
        let mut children = Vec::new();
        for (feature, value) in &structure.features {
            match value {
                Value::Texts(texts) if is_of_words(cas, structure, feature) => children.extend(texts.iter().map(|text| (feature, text))),
                Value::Texts(numbers) => push_attribute(&mut out, feature, &numbers.join(" ")),
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
        push_attribute(&mut out, "mimeType", sofa.mime_type.as_deref().unwrap_or("text"));
        push_attribute(&mut out, "sofaString", sofa.text.as_deref().unwrap_or_default());
        let members: Vec<String> = cas.members.iter().flatten().map(u64::to_string).collect();
        let _ = writeln!(out, "/>\n<cas:View sofa=\"{}\" members=\"{}\"/>", sofa.id, members.join(" "));
    }
    out.push_str("</xmi:XMI>\n");
    out
}

/// Words stand in elements of their own, numbers in one attribute.
fn is_of_words(cas: &Cas<'_>, structure: &Structure<'_>, feature: &str) -> bool {
    if structure.kind.starts_with("uima.cas.") && feature == "elements" {
        return structure.kind == STRING_ARRAY;
    }
    let range = cas.types.feature(&structure.kind, feature).map(|feature| feature.range.as_str());
    range.is_none_or(|range| !is_array(range) && !range.ends_with("List") || matches!(range, STRING_ARRAY | "uima.cas.StringList"))
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
        out.push_str("<typeDescription>");
        push_element(&mut out, "name", name);
        push_element(&mut out, "description", &def.description);
        push_element(&mut out, "supertypeName", &def.parent);
        out.push('\n');
        if !def.features.is_empty() {
            out.push_str("<features>\n");
        }
        for (name, feature) in &def.features {
            out.push_str("<featureDescription>");
            push_element(&mut out, "name", name);
            push_element(&mut out, "description", &feature.description);
            push_element(&mut out, "rangeTypeName", &feature.range);
            feature.element.iter().for_each(|element| push_element(&mut out, "elementType", element));
            feature.may_be_shared.iter().for_each(|may| push_element(&mut out, "multipleReferencesAllowed", &may.to_string()));
            out.push_str("</featureDescription>\n");
        }
        out.push_str(if def.features.is_empty() { "</typeDescription>\n" } else { "</features></typeDescription>\n" });
    }
    out.push_str("</types>\n</typeSystemDescription>\n");
    out
}

fn push_element(out: &mut String, name: &str, content: &str) {
    let _ = match content {
        "" => write!(out, "<{name}/>"),
        _ => write!(out, "<{name}>"),
    };
    if !content.is_empty() {
        push_content(out, content);
        let _ = write!(out, "</{name}>");
    }
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
