//! Annotations that an import had kept aside, on their way back to the same format: as they stood, with a mark by which the next import
//! knows that they had no place, whatever has become of the text and of ids since.

use serde_json::{Map, Value};

use super::standoff::ASIDE;
use super::xml_tree::on_one_line;

/// An element with the mark as its first child.
pub(super) fn marked_element(raw: &str, mark: &str) -> Option<String> {
    let name: &str = raw.strip_prefix('<')?.split([' ', '>', '/']).next()?;
    let mut quote = None;
    let end = raw.char_indices().find(|(_, c)| match (quote, *c) {
        (None, '"' | '\'') => {
            quote = Some(*c);
            false
        }
        (Some(open), c) if open == c => {
            quote = None;
            false
        }
        (None, '>') => true,
        _ => false,
    });
    let (tag, content) = raw.split_at_checked(end?.0)?;
    Some(match tag.strip_suffix('/') {
        Some(tag) => format!("{tag}>{mark}</{name}>"),
        None => format!("{tag}>{mark}{}", content.strip_prefix('>')?),
    })
}

/// The element on one line without the mark, which has a line end where the coder stands.
pub(super) fn unmarked_element(raw: &str, mark: &str) -> String {
    let (raw, (before, behind)) = (on_one_line(raw), mark.split_once('\n').unwrap_or_default());
    let parts = raw.split_once(before).and_then(|(start, rest)| Some((start, rest.split_once(behind)?.1)));
    parts.map_or_else(|| raw.to_string(), |(start, end)| format!("{start}{end}"))
}

/// An object with the mark among its members, or in one of them.
pub(super) fn marked_object(mut object: Map<String, Value>, member: Option<&str>, coder: &str) -> Map<String, Value> {
    let inner = member.map(|member| object.entry(member).or_insert_with(|| Map::new().into()));
    match inner {
        Some(Value::Object(inner)) => drop(inner.insert(ASIDE.to_owned(), coder.into())),
        _ => drop(object.insert(ASIDE.to_owned(), coder.into())),
    }
    object
}

/// The text of an object without the mark.
pub(super) fn unmarked_object(raw: &str, member: Option<&str>) -> String {
    let Ok(mut object) = serde_json::from_str::<Map<String, Value>>(raw) else { return raw.to_owned() };
    object.remove(ASIDE);
    if let Some(Value::Object(inner)) = member.and_then(|member| object.get_mut(member)) {
        inner.remove(ASIDE);
    }
    Value::Object(object).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_come_and_go() {
        let element = "<a b=\"1>2\" c='\"'><d/></a>";
        let marked = marked_element(element, "<m/>").unwrap();
        assert_eq!(marked, "<a b=\"1>2\" c='\"'><m/><d/></a>");
        assert_eq!(marked.replacen("<m/>", "", 1), element);
        assert_eq!(marked_element("<a b=\"/\"/>", "<m/>").as_deref(), Some("<a b=\"/\"><m/></a>"));
        assert_eq!(unmarked_element("<a b=\"1\"><m>ann</m><d/></a>", "<m>\n</m>"), "<a b=\"1\"><d/></a>");
        assert_eq!((marked_element("a", "<m/>"), marked_element("<a", "<m/>")), (None, None));
        for member in [None, Some("x")] {
            let object = serde_json::from_str("{\"a\":1,\"x\":{}}").unwrap();
            let marked = Value::Object(marked_object(object, member, "ann")).to_string();
            assert!(marked.contains("\"manicule:aside\":\"ann\""));
            assert_eq!(unmarked_object(&marked, member), "{\"a\":1,\"x\":{}}");
        }
    }
}
