//! Turn a span into the content of a claim, and the content of a claim into a span.

use super::{NewId, OpError, rows, set_label};
use crate::edit::{Change, Edit, Transaction};
use crate::model::{Claim, ClaimId, LabelKey, MarkId, SheetKey, Span, SpanId, State};

/// The span's place becomes a part of the claim's content, and the span goes. What pointed to it points to the claim.
///
/// # Errors
/// When one of them is not there.
pub fn span_into_content(state: &State, key: &SheetKey, span: SpanId, claim: ClaimId) -> Result<Transaction, OpError> {
    let (gone, before) = (rows::span(state, key, span)?, rows::claim(state, key, claim)?);
    let mut after = before.clone();
    after.content = match &before.content {
        Some(content) => Some(gone.ranges.iter().fold(content.clone(), |all, range| all.with(range))),
        None => Some(gone.ranges.clone()),
    };
    let (_, filler) = rows::node_and_filler(MarkId::Span(span));
    after.roles.values_mut().for_each(|fillers| rows::refill(fillers, &filler, None));
    after.roles.retain(|_, fillers| !fillers.is_empty());
    if !gone.note().is_empty() {
        let notes = [before.note.as_str(), gone.note()];
        after.note = notes.into_iter().filter(|note| !note.is_empty()).collect::<Vec<_>>().join("\n");
    }
    let mut edits = rows::relink(state, key, MarkId::Span(span), MarkId::Claim(claim));
    edits.push(Edit::Claim(key.clone(), Change::replace(claim, before.clone(), after)));
    edits.push(Edit::Span(key.clone(), Change::remove(span, gone.clone())));
    Ok(Transaction::new("add span to claim", edits))
}

/// The content becomes a span. The claim stays without a place, with its roles, values and words; one that has none
/// of them becomes the span.
///
/// # Errors
/// When the claim is not there, has no place, or the label is not for spans.
pub fn content_into_span(state: &State, key: &SheetKey, claim: ClaimId, label: &LabelKey, id: NewId) -> Result<Transaction, OpError> {
    let before = rows::claim(state, key, claim)?;
    let content = before.content.clone().ok_or(OpError::NoPlace)?;
    if *before == Claim::new(before.label.clone(), before.content.clone()) {
        return set_label(state, key, MarkId::Claim(claim), label, id);
    }
    match state.schema.labels.get(label) {
        None => return Err(OpError::UnknownLabel(label.clone())),
        Some(def) if def.kind == crate::model::LabelKind::Claim => return Err(OpError::AlreadyThere(MarkId::Claim(claim))),
        Some(_) => {}
    }
    let span = Edit::Span(key.clone(), Change::insert(SpanId(id), Span::new(content, label.clone())));
    let left = rows::change_claim(state, key, claim, |claim| claim.content = None)?;
    Ok(Transaction::new(format!("turn content into {}", rows::label_name(state, label)), vec![span, left]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::edit::testing::{Case, check};

    fn into_content(case: &Case) -> Transaction {
        span_into_content(&case.state, &case.key, case.span("s"), case.claim("c")).unwrap()
    }

    fn into_span(case: &Case) -> Result<Transaction, OpError> {
        content_into_span(&case.state, &case.key, case.claim("c"), &"CUE".parse().unwrap(), case.ids().next_id())
    }

    #[test]
    fn a_span_becomes_content() {
        check("[CLAIM#c It is] [A#s safe]\n.. c: object=s", into_content, "[CLAIM#c It is] [+#c safe]");
        check("[A#s It is safe]\n.. CLAIM#c: claimer=\"author\"", into_content, "[CLAIM#c It is safe]\n.. c: claimer=\"author\"");
        check("[CLAIM#c a] [A#s b] [CLAIM#d x]\n.. d: evidence=s", into_content, "[CLAIM#c a] [+#c b] [CLAIM#d x]\n.. d: evidence=c");
    }

    #[test]
    fn content_becomes_a_span_and_the_claim_keeps_what_it_says() {
        check("[CLAIM#c so]\n.. c: stance=support", |case| into_span(case).unwrap(), "[CUE so]\n.. CLAIM#c: stance=support");
        check("[CLAIM#c so]", |case| into_span(case).unwrap(), "[CUE so]");
        assert_eq!(into_span(&Case::new("so\n.. CLAIM#c: stance=support")), Err(OpError::NoPlace));
    }

    #[test]
    fn notes_of_both_are_kept() {
        check("[CLAIM#c It is] [A#s;note=\"soon\" safe]\n.. c: note=\"n\"", into_content, "[CLAIM#c It is] [+#c safe]\n.. c: note=\"n\\nsoon\"");
        check("[CLAIM#c It is] [A#s;note=\"soon\" safe]", into_content, "[CLAIM#c It is] [+#c safe]\n.. c: note=\"soon\"");
        check("[CLAIM#c It is] [A#s safe]\n.. c: note=\"n\"", into_content, "[CLAIM#c It is] [+#c safe]\n.. c: note=\"n\"");
    }

    #[test]
    fn content_does_not_become_a_span_with_the_label_of_a_claim() {
        let case = Case::new("[CLAIM#c so]\n.. c: stance=support");
        let into = |label: &str| content_into_span(&case.state, &case.key, case.claim("c"), &label.parse().unwrap(), case.ids().next_id());
        assert_eq!(into("QUESTION"), Err(OpError::AlreadyThere(case.mark("c"))));
        assert_eq!(into("NOPE"), Err(OpError::UnknownLabel("NOPE".parse().unwrap())));
    }
}
