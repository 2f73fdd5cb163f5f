//! Give a mark another label, turning a span into a claim or back where the label's kind asks for it.

use super::{NewId, OpError, rows};
use crate::edit::{Change, Edit, Transaction};
use crate::model::{Claim, ClaimId, LabelKey, LabelKind, MarkId, SheetKey, Span, SpanExtras, SpanId, State};

/// Changes the label. Id, attributes, note and links survive; `id` is used only where a span becomes a claim or back.
///
/// # Errors
/// For an unknown label or mark; [`OpError::ClaimIsFilled`] where a claim has what a span cannot hold.
pub fn set_label(state: &State, key: &SheetKey, mark: MarkId, label: &LabelKey, id: NewId) -> Result<Transaction, OpError> {
    let kind = state.schema.labels.get(label).ok_or_else(|| OpError::UnknownLabel(label.clone()))?.kind;
    if rows::label_of(state, key, mark)? == label {
        return Err(OpError::AlreadyThere(mark));
    }
    let edits = match (mark, kind) {
        (MarkId::Span(span), LabelKind::Claim) => span_to_claim(state, key, span, label, ClaimId(id))?,
        (MarkId::Claim(claim), LabelKind::Entity | LabelKind::Span) => claim_to_span(state, key, claim, label, SpanId(id))?,
        (MarkId::Span(span), _) => vec![rows::change_span(state, key, span, |mut span| {
            span.label = label.clone();
            span
        })?],
        (MarkId::Claim(claim), LabelKind::Claim) => vec![rows::change_claim(state, key, claim, |claim| claim.label = label.clone())?],
    };
    Ok(Transaction::new(format!("change label to {}", rows::label_name(state, label)), edits))
}

fn span_to_claim(state: &State, key: &SheetKey, from: SpanId, label: &LabelKey, to: ClaimId) -> Result<Vec<Edit>, OpError> {
    let span = rows::span(state, key, from)?;
    let mut claim = Claim::new(label.clone(), Some(span.ranges.clone()));
    let extras = span.extras().clone();
    (claim.attributes, claim.note, claim.residue) = (extras.attributes, extras.note, extras.residue);
    let mut edits = vec![Edit::Claim(key.clone(), Change::insert(to, claim))];
    edits.extend(rows::relink(state, key, MarkId::Span(from), MarkId::Claim(to)));
    edits.push(Edit::Span(key.clone(), Change::remove(from, span.clone())));
    Ok(edits)
}

fn claim_to_span(state: &State, key: &SheetKey, from: ClaimId, label: &LabelKey, to: SpanId) -> Result<Vec<Edit>, OpError> {
    let claim = rows::claim(state, key, from)?;
    let content = claim.content.clone().filter(|_| claim.roles.is_empty() && claim.normalized.is_empty() && claim.occurrences.is_empty());
    let content = content.ok_or(OpError::ClaimIsFilled)?;
    let extras = SpanExtras { attributes: claim.attributes.clone(), note: claim.note.clone(), residue: claim.residue.clone() };
    let span = Span::new(content, label.clone()).with_extras(extras);
    let mut edits = vec![Edit::Span(key.clone(), Change::insert(to, span))];
    edits.extend(rows::relink(state, key, MarkId::Claim(from), MarkId::Span(to)));
    edits.push(Edit::Claim(key.clone(), Change::remove(from, claim.clone())));
    Ok(edits)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::edit::testing::{Case, check};

    fn relabel(case: &Case, label: &str) -> Result<Transaction, OpError> {
        set_label(&case.state, &case.key, case.mark("k"), &LabelKey::new(label).unwrap(), case.ids().next_id())
    }

    #[test]
    fn relabelling_keeps_id_attributes_and_links() {
        check(
            "[PER#k;level=pronoun He] said [CLAIM#c so]\n.. c: claimer=k",
            |case| relabel(case, "ORG").unwrap(),
            "[ORG#k;level=pronoun He] said [CLAIM#c so]\n.. c: claimer=k",
        );
    }

    #[test]
    fn a_span_becomes_a_claim_and_links_follow() {
        check(
            "[PER#k taxes rise], [ORG#o they] say\n.. k -works_for-> o",
            |case| relabel(case, "CLAIM").unwrap(),
            "[CLAIM#n taxes rise], [ORG#o they] say\n.. n -works_for-> o",
        );
    }

    #[test]
    fn only_a_bare_claim_becomes_a_span() {
        check("[CLAIM#k taxes rise]", |case| relabel(case, "ORG").unwrap(), "[ORG taxes rise]");
        let case = Case::new("[PER#p Kerry] said [CLAIM#k so]\n.. k: claimer=p");
        assert_eq!(relabel(&case, "ORG"), Err(OpError::ClaimIsFilled));
        let again = Case::new("[CLAIM#k so], and [+#k~1 so]");
        assert_eq!(relabel(&again, "ORG"), Err(OpError::ClaimIsFilled));
        assert_eq!(relabel(&case, "CLAIM"), Err(OpError::AlreadyThere(case.mark("k"))));
    }
}
