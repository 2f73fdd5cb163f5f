//! One row of `result`: a region, something said of a region or of the document, or a relation.

use serde_json::value::RawValue;

use crate::format::json_members::Members;
use crate::format::json_records::{is_empty, text_or_number, value};

/// A row, taken apart.
#[derive(Debug)]
pub(super) struct Row<'j> {
    /// The region's id; what is said of a region has the same.
    pub(super) id: Option<String>,
    /// The control.
    pub(super) control: String,
    /// The tag that shows the text.
    pub(super) text_tag: String,
    /// `labels`, `choices`, `relation` …
    pub(super) kind: String,
    /// What it says.
    pub(super) value: Members<'j>,
    /// Ends of a relation.
    pub(super) ends: Option<(String, String)>,
    /// Names of a relation.
    pub(super) labels: Vec<String>,
    /// `right`, `left` or `bi`.
    pub(super) direction: String,
    /// What people have written beside a region.
    pub(super) meta: Members<'j>,
    /// Everything else.
    pub(super) rest: Members<'j>,
}

impl<'j> Row<'j> {
    /// Takes a row apart; none for what is no object.
    pub(super) fn of(json: &'j RawValue) -> Option<Self> {
        let mut rest = Members::of(json.get())?;
        let mut text = |name: &str| rest.remove(name).and_then(text_or_number);
        let (id, control, kind, direction) = (text("id"), text("from_name"), text("type"), text("direction"));
        let ends = text("from_id").zip(text("to_id"));
        let text_tag = text("to_name").unwrap_or_default();
        let mut object = |name: &str| rest.remove(name).and_then(|json| Members::of(json.get())).unwrap_or_default();
        let (value, meta) = (object("value"), object("meta"));
        let labels = rest.remove("labels").and_then(self::value::<Vec<String>>).unwrap_or_default();
        // Where a region came from says nothing about it.
        rest.retain(|name, json| !is_empty(json) && name != "origin" && json.get() != "false");
        let (control, kind, direction) = (control.unwrap_or_default(), kind.unwrap_or_default(), direction.unwrap_or_default());
        Some(Self { id, control, text_tag, kind, value, ends, labels, direction, meta, rest })
    }

    /// True for regions with labels.
    pub(super) fn is_region(&self) -> bool {
        matches!(self.kind.as_str(), "labels" | "hypertextlabels" | "paragraphlabels")
    }

    /// Labels or choices of the row.
    pub(super) fn names(&self) -> Vec<String> {
        self.value.get(&self.kind).and_then(value).unwrap_or_default()
    }

    /// Where it is, as the file counts.
    pub(super) fn range(&self) -> Option<(usize, usize)> {
        let global = self.value.get("globalOffsets").and_then(|json| Members::of(json.get()));
        let from = global.as_ref().unwrap_or(&self.value);
        // Label Studio's own programs write whole numbers as `5.0`, too.
        let whole = |text: String| text.strip_suffix(".0").unwrap_or(&text).parse().ok();
        let number = |name: &str| from.get(name).and_then(text_or_number).and_then(whole);
        Some((number("start")?, number("end")?))
    }

    /// The region's text, where the row has it. Some versions write a line end as two letters.
    pub(super) fn surface(&self, text: &str) -> Option<String> {
        let surface: String = self.value.get("text").and_then(value)?;
        let is_as_it_is = !surface.contains("\\n") || text.contains("\\n");
        Some(if is_as_it_is { surface } else { surface.replace("\\n", "\n") })
    }

    /// Entries of a taxonomy, each with those above it.
    pub(super) fn paths(&self) -> Vec<Vec<String>> {
        self.value.get("taxonomy").and_then(value).unwrap_or_default()
    }

    /// What a row of this kind says, as text; several choices with `|` between them. None for other kinds.
    pub(super) fn said(&self) -> Option<String> {
        let json = self.value.get(&self.kind).or_else(|| self.value.get("text").filter(|_| self.kind == "textarea"))?;
        match self.kind.as_str() {
            "choices" => Some(value::<Vec<String>>(json)?.join("|")),
            "taxonomy" => Some(self.paths().into_iter().filter_map(|mut path| path.pop()).collect::<Vec<_>>().join("|")),
            "textarea" => value::<Vec<String>>(json).map(|lines| lines.join("\n")).or_else(|| value(json)),
            "number" | "rating" | "datetime" => text_or_number(json),
            _ => None,
        }
    }
}
