//! Label a place.

use super::{NewId, OpError, rows};
use crate::edit::{Change, Edit, Transaction};
use crate::model::{LabelKey, MarkId, SheetKey, Span, SpanExtras, SpanId, State, Target};
use crate::text::Ranges;

/// A new span. Refused where the same place has the same label.
///
/// # Errors
/// For an unknown label, and [`OpError::AlreadyThere`] with the span that is there.
pub fn add_span(state: &State, sheet: &SheetKey, id: NewId, ranges: Ranges, label: &LabelKey) -> Result<Transaction, OpError> {
    add_span_among(state, sheet, state.sheet(sheet).spans.keys().copied(), id, ranges, label)
}

/// Like [`add_span`], where it is known which spans begin at the same place: those of a large sheet are not looked through.
///
/// # Errors
/// As [`add_span`].
pub fn add_span_among(
    state: &State,
    sheet: &SheetKey,
    beginning_there: impl IntoIterator<Item = SpanId>,
    id: NewId,
    ranges: Ranges,
    label: &LabelKey,
) -> Result<Transaction, OpError> {
    if !state.schema.labels.contains_key(label) {
        return Err(OpError::UnknownLabel(label.clone()));
    }
    let spans = &state.sheet(sheet).spans;
    let is_same = |id: &SpanId| spans.get(id).is_some_and(|span| span.ranges == ranges && span.label == *label);
    if let Some(id) = beginning_there.into_iter().find(is_same) {
        return Err(OpError::AlreadyThere(MarkId::Span(id)));
    }
    let attributes = rows::default_attributes(state, Target::Span, label);
    let span = Span::new(ranges, label.clone()).with_extras(SpanExtras { attributes, ..SpanExtras::default() });
    let edit = Edit::Span(sheet.clone(), Change::insert(SpanId(id), span));
    Ok(Transaction::new(format!("label {}", rows::label_name(state, label)), vec![edit]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::edit::testing::{Case, check};

    fn label(case: &Case, label: &str) -> Result<Transaction, OpError> {
        let id = case.ids().next_id();
        add_span(&case.state, &case.key, id, case.selected().into(), &LabelKey::new(label).unwrap())
    }

    #[test]
    fn a_selection_gets_a_label() {
        check("«Kerry» said", |case| label(case, "PER").unwrap(), "[PER Kerry] said");
        check("[PER John «Kerry»] said", |case| label(case, "PER").unwrap(), "[PER John [PER Kerry]] said");
        check("[PER John «Kerry] said» so", |case| label(case, "ORG").unwrap(), "[PER#a John [ORG Kerry]#a; said] so");
    }

    #[test]
    fn the_same_span_is_not_made_twice() {
        let case = Case::new("[PER#k «Kerry»] said");
        assert_eq!(label(&case, "PER"), Err(OpError::AlreadyThere(case.mark("k"))));
        assert!(label(&case, "ORG").is_ok(), "another label at the same place is a second opinion");
        assert_eq!(label(&case, "NOPE"), Err(OpError::UnknownLabel(LabelKey::new("NOPE").unwrap())));
    }

    #[test]
    fn a_new_span_has_the_values_that_the_codebook_gives() {
        let add = |case: &Case| {
            let mut state = case.state.clone();
            let level = std::sync::Arc::make_mut(&mut state.schema).attributes.get_mut(&"level".parse().unwrap()).unwrap();
            level.default = Some(crate::model::AttributeValue::Choice("name".parse().unwrap()));
            add_span(&state, &case.key, case.ids().next_id(), case.selected().into(), &"PER".parse().unwrap()).unwrap()
        };
        check("«Kerry» said", add, "[PER;level=name Kerry] said");
        assert_eq!(add(&Case::new("«Kerry» said")).name, "label PER");
    }
}
