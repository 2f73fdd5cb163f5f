//! Reading what we have written: the text, the structure that tells of the document, and each coder's `standOff`.

use std::collections::BTreeMap;

use serde_json::Value;

use super::{DOCUMENT, OTHER, TEXT};
use crate::format::standoff::{FROM, Features, Kind, TO};
use crate::format::standoff_in::{self, Found, FoundDocument, FoundSheet, Give, Input, Raw, Standoff, Unit, Whose, record_of, standoff, take_coders};
use crate::format::xml_tree::{Element, on_one_line, parse as parse_xml};
use crate::format::{FormatError, ReadOptions, Receiver, Source};
use crate::model::{CoderKey, DocumentId};
use crate::text::offsets::OffsetUnit;

static STANDOFF: Standoff = Standoff { on_one_line, ..standoff!("tei", "annotation", OffsetUnit::CodePoints, |_, _| false, parse) };

/// Reads every file of the source.
pub(super) fn read(source: &dyn Source, options: &mut ReadOptions, to: &mut dyn Receiver) -> Result<(), FormatError> {
    standoff_in::read(&STANDOFF, source, options, to)
}

fn parse(input: &Input<'_>, to: &mut dyn Receiver, give: &mut Give<'_>) -> Result<(), FormatError> {
    match parse_xml(input.content) {
        Ok(root) => match document(input, &root) {
            Some(document) => give(document, to),
            None => {
                input.bad(None, "it is no TEI document that was exported with standoff annotation from here; other TEI is not read", to);
                Ok(())
            }
        },
        Err(bad) => {
            input.bad(Some(bad.line), bad.why, to);
            Ok(())
        }
    }
}

fn document(input: &Input<'_>, root: &Element<'_>) -> Option<FoundDocument> {
    let ab = root.child("text")?.child("body")?.all("ab").find(|ab| ab.get("id") == Some(TEXT)).filter(|_| root.name == "TEI")?;
    let mut parts = root.all("standOff");
    let about = parts.find(|part| part.get("type") == Some(DOCUMENT))?;
    let mut said = features(about.all("fs").find(|structure| structure.get("type") == Some(DOCUMENT))?);
    let mut sheets = take_coders(&mut said);
    for part in root.all("standOff") {
        let rows = rows(part);
        let coder = part.get("n").and_then(|coder| CoderKey::new(coder).ok());
        let is_own = |sheet: &FoundSheet| match (&sheet.whose, &coder) {
            (Whose::Key(key), Some(coder)) => key == coder,
            _ => coder.is_none(),
        };
        match sheets.iter_mut().find(|sheet| is_own(sheet)) {
            Some(sheet) => sheet.rows.extend(rows),
            None if rows.is_empty() => {}
            None => {
                let mut sheet = FoundSheet::new(coder.map_or(Whose::Unsaid, Whose::Key));
                sheet.rows.extend(rows);
                sheets.push(sheet);
            }
        }
    }
    let at = said.iter().position(|(name, _)| name == "id");
    let id = at.and_then(|at| DocumentId::new(said.remove(at).1.as_str()?).ok());
    let record = record_of(ab.text.clone().into_owned(), said, input.options);
    Some(FoundDocument { line: None, id, record, original: None, unit: Unit::Exact(OffsetUnit::CodePoints), sheets })
}

/// The annotations of a part, in the order of their numbers: that of the text.
fn rows(part: &Element<'_>) -> Vec<Found> {
    let structures: BTreeMap<&str, &Element<'_>> = part.all("fs").filter_map(|structure| Some((structure.get("id")?, structure))).collect();
    let mut rows = Vec::new();
    for group in part.all("spanGrp") {
        let kind = group.get("type").and_then(Kind::from_name).unwrap_or(Kind::Span);
        rows.extend(group.all("span").map(|element| span(element, kind, &structures)));
    }
    let by_id: BTreeMap<String, usize> = rows.iter().enumerate().filter_map(|(at, row): (usize, &Found)| Some((row.id.clone()?, at))).collect();
    for element in relations(part, Kind::Role) {
        let claim = target(element, "active").and_then(|id| by_id.get(&id)).and_then(|at| rows.get_mut(*at));
        match (claim, target(element, "passive")) {
            (Some(claim), Some(filler)) => claim.links.push((name(element), filler)),
            _ => rows.push(relation(element, Kind::Role, &structures)),
        }
    }
    rows.extend(relations(part, Kind::Relation).map(|element| relation(element, Kind::Relation, &structures)));
    rows
}

fn relations<'e, 'c>(part: &'e Element<'c>, kind: Kind) -> impl Iterator<Item = &'e Element<'c>> {
    part.all("listRelation").filter(move |list| list.get("type") == Some(kind.name())).flat_map(|list| list.all("relation"))
}

fn name(element: &Element<'_>) -> String {
    ["name", "key", "type", "n"].iter().find_map(|attribute| element.get(attribute)).unwrap_or_default().to_owned()
}

/// The id to which a pointer leads.
fn target(element: &Element<'_>, attribute: &str) -> Option<String> {
    Some(element.get(attribute)?.strip_prefix('#')?.to_owned())
}

fn row(element: &Element<'_>, kind: Kind, structures: &BTreeMap<&str, &Element<'_>>) -> Found {
    let beside = target(element, "ana").and_then(|id| structures.get(id.as_str()).map(|structure| features(structure)));
    Found {
        line: Some(element.line),
        raw: Raw::At(element.extent.clone()),
        id: element.get("id").map(str::to_owned),
        kind: Some(kind),
        label: name(element),
        features: beside.unwrap_or_default(),
        ..Found::default()
    }
}

/// A place that makes no sense is one outside the text.
fn span(element: &Element<'_>, kind: Kind, structures: &BTreeMap<&str, &Element<'_>>) -> Found {
    let mut found = row(element, kind, structures);
    let nowhere = || vec![(usize::MAX, usize::MAX)];
    found.ranges = match element.get("target") {
        Some(target) => ranges(target).unwrap_or_else(nowhere),
        None if kind == Kind::Claim => Vec::new(),
        None => nowhere(),
    };
    found.links.extend(target(element, "corresp").filter(|_| kind == Kind::Occurrence).map(|claim| (FROM.to_owned(), claim)));
    found
}

fn relation(element: &Element<'_>, kind: Kind, structures: &BTreeMap<&str, &Element<'_>>) -> Found {
    let mut found = row(element, kind, structures);
    let link = |name: &str, attribute: &str| Some((name.to_owned(), target(element, attribute)?));
    found.links = [link(FROM, "active"), link(TO, "passive")].into_iter().flatten().collect();
    found
}

/// `#string-range(text,4,5,12,3)`: offsets and lengths.
fn ranges(target: &str) -> Option<Vec<(usize, usize)>> {
    let inside = target.strip_prefix("#string-range(")?.strip_suffix(')')?.strip_prefix(TEXT)?.strip_prefix(',')?;
    let numbers = inside.split(',').map(|number| number.trim().parse().ok()).collect::<Option<Vec<usize>>>()?;
    let (pairs, rest) = numbers.as_chunks::<2>();
    let ranges = pairs.iter().map(|[offset, length]| Some((*offset, offset.checked_add(*length)?))).collect::<Option<Vec<_>>>();
    ranges.filter(|_| rest.is_empty())
}

fn features(structure: &Element<'_>) -> Features {
    structure.all("f").filter_map(feature).collect()
}

fn feature(element: &Element<'_>) -> Option<(String, Value)> {
    let name = element.get("name")?;
    if name != OTHER {
        return Some((name.to_owned(), value(element)?));
    }
    let parts = element.child("fs")?;
    let part = |name: &'static str| parts.all("f").find(|part| part.get("name") == Some(name)).and_then(value);
    Some((part("name")?.as_str()?.to_owned(), part("value")?))
}

fn value(element: &Element<'_>) -> Option<Value> {
    let value = element.children.first()?;
    match value.name {
        "string" => Some(value.text.as_ref().into()),
        "binary" => Some((value.get("value") == Some("true")).into()),
        "numeric" => serde_json::from_str::<Value>(value.get("value")?).ok().filter(Value::is_number),
        "vColl" => Some(value.all("string").map(|string| Value::from(string.text.as_ref())).collect()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_offsets_and_lengths() {
        assert_eq!(ranges("#string-range(text,4,5)"), Some(vec![(4, 9)]));
        assert_eq!(ranges("#string-range(text,4,5,12,3)"), Some(vec![(4, 9), (12, 15)]));
        for bad in ["#a4", "#string-range(text)", "#string-range(text,4)", "#string-range(other,4,5)", "#string-range(text,4,x)", ""] {
            assert_eq!(ranges(bad), None, "{bad}");
        }
        assert_eq!(ranges(&format!("#string-range(text,{},2)", usize::MAX)), None);
    }
}
