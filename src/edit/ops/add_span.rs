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
    if !state.schema.labels.contains_key(label) {
        return Err(OpError::UnknownLabel(label.clone()));
    }
    let same = state.sheet(sheet).spans.iter().find(|(_, span)| span.ranges == ranges && span.label == *label);
    if let Some((id, _)) = same {
        return Err(OpError::AlreadyThere(MarkId::Span(*id)));
    }
    let attributes = rows::default_attributes(state, Target::Span, label);
    let span = Span::new(ranges, label.clone()).with_extras(SpanExtras { attributes, ..SpanExtras::default() });
    let edit = Edit::Span(sheet.clone(), Change::insert(SpanId(id), span));
    Ok(Transaction::new(format!("label {}", rows::label_name(state, label)), vec![edit]))
}
