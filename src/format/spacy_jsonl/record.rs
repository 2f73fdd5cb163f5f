//! The parts of one record.

use serde_json::value::RawValue;

use crate::format::json_members::Members;
use crate::format::json_records::{elements, is_empty, text_or_number, value};

/// A span, taken apart.
pub(super) struct SpanRow<'j> {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) label: String,
    pub(super) surface: Option<String>,
    pub(super) last_token: Option<usize>,
    pub(super) knowledge_base_id: Option<String>,
    pub(super) note: Option<String>,
    pub(super) attributes: Members<'j>,
    /// Everything else.
    pub(super) rest: Members<'j>,
}

impl<'j> SpanRow<'j> {
    /// `{"start": 0, "end": 4, "label": "PER"}` or `[0, 4, "PER"]`.
    pub(super) fn of(json: &'j RawValue) -> Option<Self> {
        if json.get().starts_with('[') {
            let (start, end, label) = value(json)?;
            let (surface, last_token, knowledge_base_id, note) = (None, None, None, None);
            return Some(Self {
                start,
                end,
                label,
                surface,
                last_token,
                knowledge_base_id,
                note,
                attributes: Members::default(),
                rest: Members::default(),
            });
        }
        let mut rest = Members::of(json.get())?;
        let (start, end) = (value(rest.remove("start")?)?, value(rest.remove("end")?)?);
        let mut text = |name: &str| rest.remove(name).and_then(text_or_number);
        let label = text("label").unwrap_or_default();
        let (surface, note, kb_id) = (text("text"), text("note"), text("kb_id"));
        let _ = text("token_start");
        let last_token = text("token_end").and_then(|token| token.parse().ok());
        let attributes = rest.remove("attributes").and_then(|json| Members::of(json.get())).unwrap_or_default();
        rest.retain(|_, json| !is_empty(json));
        let knowledge_base_id = kb_id.filter(|id| !id.is_empty());
        Some(Self { start, end, label, surface, last_token, knowledge_base_id, note, attributes, rest })
    }
}

/// One end of a relation.
pub(super) struct End {
    /// The place of its span, and the label.
    pub(super) span: Option<(usize, usize, Option<String>)>,
    /// The number of its last token.
    pub(super) token: Option<usize>,
}

/// `{"head": 2, "child": 5, "label": "says", "head_span": {…}, "child_span": {…}}`.
pub(super) fn relation(json: &RawValue) -> Option<(String, End, End)> {
    let members = Members::of(json.get())?;
    let end = |name: &str| {
        let span = members.get(&format!("{name}_span")).and_then(SpanRow::of);
        let token = members.get(name).and_then(value);
        End { span: span.map(|span| (span.start, span.end, Some(span.label).filter(|label| !label.is_empty()))), token }
    };
    Some((value(members.get("label")?)?, end("head"), end("child")))
}

/// The members of a record; also of `["text", {"entities": […]}]`.
pub(super) fn members_of(raw: &str) -> Option<Members<'_>> {
    if !raw.starts_with('[') {
        return Members::of(raw);
    }
    let (text, annotations): (&RawValue, &RawValue) = serde_json::from_str(raw).ok()?;
    let mut members = Members::of(annotations.get())?;
    members.insert("text", text);
    Some(members)
}

/// All spans of a record.
pub(super) fn spans_of<'j>(record: &Members<'j>) -> Vec<&'j RawValue> {
    let lists = ["spans", "entities"].iter().filter_map(|name| record.get(name).and_then(elements));
    lists.flatten().collect()
}

/// Who has answered.
pub(super) fn annotator_of(record: &Members<'_>) -> Option<String> {
    let named = |name: &str| record.get(name).and_then(text_or_number).filter(|name| !name.is_empty());
    named("_annotator_id").or_else(|| named("_session_id"))
}

/// A value of an attribute as text, several choices with `|` between them.
pub(super) fn said(json: &RawValue) -> Option<String> {
    match json.get() {
        "true" => Some("yes".to_owned()),
        "false" => Some("no".to_owned()),
        list if list.starts_with('[') => value::<Vec<String>>(json).map(|choices| choices.join("|")),
        _ => text_or_number(json),
    }
}
